package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// rangesMarks is the share of marks: few, so that it is reading that is measured.
const rangesMarks = 0.0001

// ranges measures a general log, each answer of which comes late, read in order
// and in ranges side by side: what that saves in time, and what it and claims
// cost in CPU.
func (b bench) ranges(ctx context.Context, entries int, late time.Duration) error {
	log, end, err := startLog(ctx, entries, rangesMarks, "-late", late.String())
	if err != nil {
		return err
	}
	defer end()
	fmt.Fprintf(b.out, "\ngeneral log of %d entries, %d of them marks, each answer %s late\n\n", log.Entries, log.Marks, late)
	fmt.Fprint(b.out, "| read | entries per CPU second | CPU, s | wall, s | wall of one range to this | anonymous memory at most, MB |\n|---|---:|---:|---:|---:|---:|\n")
	var one time.Duration
	for _, how := range [][]string{{"--ranges", "1"}, {"--ranges", "4"}, {"--ranges", "4", "--claim"}, {"--ranges", "16"}, {}} {
		used, err := b.readIn(ctx, log, how)
		if err != nil {
			return err
		}
		if one == 0 {
			one = used.wall
		}
		name := "in order"
		if len(how) > 0 {
			name = "`" + strings.Join(how, " ") + "`"
		}
		fmt.Fprintf(b.out, "| %s | %.0f | %.2f | %.1f | %.1f | %.0f |\n", name, perSecond(log.Entries, used.cpu), used.cpu.Seconds(), used.wall.Seconds(), one.Seconds()/used.wall.Seconds(), float64(used.anonymous)/1e6)
	}
	return nil
}

// readIn reads a log into a new store.
func (b bench) readIn(ctx context.Context, log served, how []string) (usage, error) {
	dir, err := os.MkdirTemp("", "markwatch-bench")
	if err != nil {
		return usage{}, err
	}
	defer os.RemoveAll(dir)
	config := filepath.Join(dir, "markwatch.yaml")
	text := fmt.Sprintf("store: %s\ncontact: bench@example.test\nrate: 100000\nlogs:\n  - {name: bench, url: %q, key: %s, marks: false}\n", filepath.Join(dir, "store"), log.URL, log.Key)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		return usage{}, err
	}
	args := append([]string{"--config", config, "--log-level", "warn", "watch", "--once"}, how...)
	return measure(exec.CommandContext(ctx, b.markwatch, args...))
}
