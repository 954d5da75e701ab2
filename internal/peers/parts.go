package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// part is a part of markwatch's work, and the function under which it all is. No
// part is under another.
type part struct{ what, function string }

// parts are what a profile is summed up by.
func parts() []part {
	return []part{
		{"asking the log, decoding, hashing, filtering", "markwatch/scanner.(*pipeline).work"},
		{"joining leaf hashes to the tree", "markwatch/scanner.(*batch).take"},
		{"parsing marks, and holding them to their profile", "main.(*watcher).readBatch.func1"},
		{"describing logos", "main.featuresOf"},
		{"starting the engine", "markwatch/store/chdb.startHost"},
		{"the engine's answers, on the threads that ask", "markwatch/store/chdb.(*host).ServeHTTP"},
		{"collecting garbage", "runtime.gcBgMarkWorker"},
	}
}

// printParts prints how much of a profile's samples is under each part. The rest
// of what the process took is the engine's own threads, and what is under none.
func (b *bench) printParts(ctx context.Context, program, file string, all time.Duration) error {
	text, err := exec.CommandContext(ctx, "go", "tool", "pprof", "-top", "-cum", "-nodefraction=0", "-nodecount=1000000", program, file).Output()
	if err != nil {
		return fmt.Errorf("reading the profile: %w", err)
	}
	spent := cumulative(text)
	fmt.Fprint(b.out, "\n| part | CPU, s | of all |\n|---|---:|---:|\n")
	rest := all
	for _, p := range parts() {
		took := spent[p.function]
		rest -= took
		fmt.Fprintf(b.out, "| %s | %.2f | %.0f %% |\n", p.what, took.Seconds(), 100*took.Seconds()/all.Seconds())
	}
	_, err = fmt.Fprintf(b.out, "| the rest: the engine's own threads, and what is under none of these | %.2f | %.0f %% |\n", rest.Seconds(), 100*rest.Seconds()/all.Seconds())
	return err
}

// cumulative reads the table of pprof -top: how much time is under each function.
func cumulative(text []byte) map[string]time.Duration {
	spent := map[string]time.Duration{}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		const before = 5 // flat, flat%, sum%, cum, cum%
		fields := strings.Fields(strings.TrimSuffix(lines.Text(), " (inline)"))
		if len(fields) <= before {
			continue
		}
		if took, err := time.ParseDuration(fields[3]); err == nil {
			spent[strings.Join(fields[before:], " ")] = took
		}
	}
	return spent
}
