package faults

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// The rules of what is printed: a line for each fault and log as soon as it is
// known, in columns of fixed width, so that a person can follow; a line that
// fails begins with FAIL and is repeated at the end with what went wrong.

const columns = "%-4s %-9s %-28s %8v %5v %7v %9v %7v %8v  %s\n"

// table prints results as they come.
type table struct {
	mu    sync.Mutex
	out   io.Writer
	begun time.Time
}

// newTable prints the heading.
func newTable(out io.Writer) *table {
	fmt.Fprintf(out, columns, "", "log", "fault", "injected", "lost", "doubled", "recovered", "MiB", "requests", "detected as")
	return &table{out: out, begun: time.Now()}
}

// line prints a result.
func (t *table) line(r Result) {
	t.mu.Lock()
	defer t.mu.Unlock()
	verdict, detected := "ok", r.Detected
	switch {
	case r.Problem != "":
		verdict = "FAIL"
		detected = strings.TrimPrefix(detected+"; ", "; ") + firstLine(r.Problem)
	case r.Skipped != "":
		verdict, detected = "-", "not run: "+r.Skipped
	}
	fmt.Fprintf(t.out, columns, verdict, r.Log, r.Fault, r.Injected, r.Lost, r.Doubled,
		fmt.Sprintf("%.1f s", r.Recovery.Seconds()), r.Memory>>20, r.Requests, detected)
}

// end prints the sum, and of each line that fails all that is known.
func (t *table) end(results []Result) {
	failed, skipped, struck, lost, doubled := 0, 0, 0, 0, 0
	for _, r := range results {
		struck, lost, doubled = struck+r.Injected, lost+r.Lost, doubled+r.Doubled
		if r.Skipped != "" {
			skipped++
		}
		if r.Problem != "" {
			failed++
			fmt.Fprintf(t.out, "\nFAIL %s, %s: %s\n", r.Log, r.Fault, r.Problem)
		}
	}
	fmt.Fprintf(t.out, "\n%d lines, %d failed, %d not run; %d faults injected, %d entries lost, %d doubled; %s\n",
		len(results), failed, skipped, struck, lost, doubled, time.Since(t.begun).Round(time.Second))
}

// firstLine is the beginning of a text.
func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
