// Command faults runs markwatch against logs that misbehave, as docs/faults.md
// reads it: the log in this process (RFC 6962 and static-ct-api), a real CTFE
// and a real TesseraCT, each behind a proxy. It exits with 1 when anything is
// lost, doubled, or not told of.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"

	"golang.org/x/sync/errgroup"

	"markwatch/internal/faults"
	"markwatch/internal/marktest"
	"markwatch/internal/reallog"
	"markwatch/scanner"
)

func main() {
	s := &faults.Suite{Out: os.Stdout}
	flag.StringVar(&s.Markwatch, "markwatch", "../../bin/markwatch", "the program to run")
	flag.StringVar(&s.Only, "only", "", "run only faults with this in their name")
	flag.BoolVar(&s.Quick, "quick", false, "run a few faults")
	flag.IntVar(&s.Parallel, "parallel", 4, "run so many at once")
	flag.IntVar(&s.Kills, "kills", 50, "how often the program is killed, for each log")
	flag.StringVar(&s.Dir, "dir", "", "keep here the stores of lines that fail")
	logs := flag.String("logs", "rfc6962,tiles,ctfe,tesseract", "the logs to read, with commas")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	failed, err := run(ctx, s, strings.Split(*logs, ","))
	if err != nil {
		fmt.Fprintln(os.Stderr, "faults:", err)
	}
	if err != nil || failed > 0 {
		os.Exit(1)
	}
}

// run starts the logs, fills them and runs the suite.
func run(ctx context.Context, s *faults.Suite, names []string) (failed int, err error) {
	if s.Markwatch, err = filepath.Abs(s.Markwatch); err != nil {
		return 0, fmt.Errorf("finding the program: %w", err)
	}
	dir, err := os.MkdirTemp("", "reallog")
	if err != nil {
		return 0, fmt.Errorf("making a folder for the logs: %w", err)
	}
	defer os.RemoveAll(dir)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ca := marktest.NewCA("Faults CA")
	g, growing := errgroup.WithContext(ctx)
	for _, name := range names {
		l, done, err := start(ctx, name, dir, ca)
		if err != nil {
			return 0, fmt.Errorf("starting %s: %w", name, err)
		}
		defer done()
		s.Logs = append(s.Logs, l)
		g.Go(func() error { return l.Grow(growing, ca) })
	}
	if err := g.Wait(); err != nil {
		return 0, err
	}
	return s.Run(ctx)
}

// start starts a log that accepts the CA; done ends it.
func start(ctx context.Context, name, dir string, ca *marktest.CA) (l *faults.Log, done func(), err error) {
	switch name {
	case "rfc6962":
		l, err = faults.InProcess(ctx, name, scanner.RFC6962)
		return l, func() {}, err
	case "tiles":
		l, err = faults.InProcess(ctx, name, scanner.Static)
		return l, func() {}, err
	}
	key, err := faults.NewKey()
	if err != nil {
		return nil, nil, err
	}
	switch name {
	case "ctfe":
		c, err := reallog.Start(ctx, reallog.Options{Key: key, Roots: [][]byte{ca.Root()}})
		if err != nil {
			return nil, nil, err
		}
		return &faults.Log{Name: name, Type: scanner.RFC6962, URL: c.URL, Key: key}, c.Close, nil
	case "tesseract":
		t, err := reallog.StartTesseraCT(ctx, reallog.TiledOptions{Dir: dir, Key: key, Roots: [][]byte{ca.Root()}})
		if err != nil {
			return nil, nil, err
		}
		return &faults.Log{Name: name, Type: scanner.Static, URL: t.URL, Submit: t.Submit, Origin: t.Origin, Key: key}, t.Close, nil
	}
	return nil, nil, fmt.Errorf("there is no such log: use rfc6962, tiles, ctfe or tesseract")
}
