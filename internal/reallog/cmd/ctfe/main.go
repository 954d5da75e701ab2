// Command ctfe serves a real RFC 6962 log in memory for tests and measurements.
package main

import (
	"context"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"

	"markwatch/internal/reallog"
)

func main() {
	addr := flag.String("listen", "127.0.0.1:6962", "address to serve the log on")
	roots := flag.String("roots", "", "PEM file of the roots that the log accepts")
	flag.Parse()
	if err := run(*addr, *roots); err != nil {
		fmt.Fprintln(os.Stderr, "ctfe:", err)
		os.Exit(1)
	}
}

// run serves the log until it is interrupted. URL and key go to stdout.
func run(addr, rootsFile string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	roots, err := readRoots(rootsFile)
	if err != nil {
		return err
	}
	s, err := reallog.Start(ctx, reallog.Options{Addr: addr, Roots: roots})
	if err != nil {
		return err
	}
	defer s.Close()
	fmt.Printf("url: %s\nkey: %s\n", s.URL, base64.StdEncoding.EncodeToString(s.Key))
	<-ctx.Done()
	return nil
}

// readRoots reads the certificates of a PEM file.
func readRoots(file string) ([][]byte, error) {
	rest, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading roots: %w", err)
	}
	var out [][]byte
	for block, more := pem.Decode(rest); block != nil; block, more = pem.Decode(more) {
		out = append(out, block.Bytes)
	}
	if len(out) == 0 {
		return nil, errors.New("reading roots: the file has no PEM certificate")
	}
	return out, nil
}
