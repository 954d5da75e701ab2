// Command peers measures markwatch beside others' readers of Certificate
// Transparency logs (RFC 6962, section 4, and c2sp.org/static-ct-api), as
// docs/performance.md reads it: certspotter, scanlog of certificate-transparency-go,
// the client of sunlight, and a bare reader that only hashes. It builds them in a
// scratch module and runs each as a process of its own against the same logs.
// Memory is read from /proc, so it needs Linux.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if len(os.Args) > 1 && os.Args[1] == "bare" {
		exitOn(runBare(ctx, os.Args[2:]))
		return
	}
	markwatch := flag.String("markwatch", "bin/markwatch", "the program to measure")
	root := flag.String("root", ".", "the repository's folder")
	entries := flag.Uint64("entries", 102_400, "entries of each log, of which 0.2 % are marks; whole tiles of 256, for certspotter waits five minutes with others")
	real := flag.Bool("ctfe", true, "the RFC 6962 log is a real CTFE; else one that this program serves from memory")
	runs := flag.Int("runs", 3, "runs of each reader, in turn")
	growth := flag.String("growth", "10240,102400,1024000", "sizes of logs at which markwatch is compared with itself; none skips it")
	only := flag.String("only", "", "measure only these, of: rfc6962,tiles,growth,profile")
	flag.Parse()
	sizes, err := parseSizes(*growth)
	exitOn(err)
	if *entries == 0 || *entries%256 != 0 || *runs < 1 {
		exitOn(fmt.Errorf("-entries %d, -runs %d: entries are a multiple of 256, runs at least one", *entries, *runs))
	}
	dir, err := os.MkdirTemp("", "markwatch-peers")
	exitOn(err)
	b := bench{out: os.Stdout, dir: dir, root: *root, runs: *runs, entries: *entries, real: *real}
	b.markwatch, err = filepath.Abs(*markwatch)
	if err == nil {
		err = b.all(ctx, sizes, func(name string) bool { return *only == "" || strings.Contains(","+*only+",", ","+name+",") })
	}
	_ = os.RemoveAll(dir) // what is left there is of no use to anyone
	exitOn(err)
}

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

// parseSizes reads whole numbers with commas between.
func parseSizes(text string) (sizes []uint64, err error) {
	for word := range strings.SplitSeq(text, ",") {
		if word == "" {
			continue
		}
		n, err := strconv.ParseUint(word, 10, 64)
		if err != nil || n == 0 || n%256 != 0 {
			return nil, fmt.Errorf("-growth %q: %q is not a multiple of 256", text, word)
		}
		sizes = append(sizes, n)
	}
	return sizes, nil
}

// bench prints what it measures.
type bench struct {
	programs
	out     io.Writer
	dir     string // for all that is made
	root    string // of the repository
	runs    int
	entries uint64
	real    bool
	world   *world
}

// all measures everything that is wanted.
func (b *bench) all(ctx context.Context, sizes []uint64, wanted func(string) bool) error {
	begin := time.Now()
	var err error
	if wanted("rfc6962") || wanted("tiles") {
		built, err := buildPeers(ctx, b.root, b.dir)
		if err != nil {
			return err
		}
		built.markwatch = b.markwatch
		b.programs = built
	}
	if b.world, err = newWorld(); err != nil {
		return err
	}
	fmt.Fprintf(b.out, "built and minted in %.0f s\n", time.Since(begin).Seconds())
	for _, static := range []bool{false, true} {
		if wanted(map[bool]string{false: "rfc6962", true: "tiles"}[static]) {
			if err := b.compare(ctx, static); err != nil {
				return err
			}
		}
	}
	if wanted("growth") && len(sizes) > 0 {
		for _, static := range []bool{false, true} {
			for _, r := range readers()[:2] { // markwatch's
				if err := b.growth(ctx, r, sizes, static); err != nil {
					return err
				}
			}
		}
	}
	if wanted("profile") {
		return b.profile(ctx)
	}
	return nil
}
