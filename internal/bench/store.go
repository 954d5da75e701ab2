package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"markwatch/internal/marktest"
	"markwatch/parse"
	"markwatch/parse/lint"
	"markwatch/queries"
	"markwatch/store"
)

// parse measures reading one mark certificate from a leaf, and judging it and
// its chain by the profile.
func (b bench) parse() error {
	issued := marktest.NewCA("Bench CA").Issue(mark(1))
	leaf := x509Leaf(1, issued.Certificate)
	entry, err := parse.Leaf(leaf, nil)
	if err != nil {
		return err
	}
	entry.Chain = issued.Chain
	for _, of := range []struct {
		name string
		work func()
	}{
		{"parse", func() { _, err = parse.Leaf(leaf, nil) }},
		{"lint", func() { lint.Check(entry.Mark, time.Time{}, entry.Chain) }},
	} {
		r := testing.Benchmark(func(t *testing.B) {
			t.ReportAllocs()
			for t.Loop() {
				of.work()
			}
		})
		fmt.Fprintf(b.out, "\n%s of a mark certificate (%d bytes)\n  %8.1f µs, %.0f a second, %d allocations, %d bytes\n", of.name, len(issued.Certificate),
			float64(r.NsPerOp())/1e3, 1e9/float64(max(r.NsPerOp(), 1)), r.AllocsPerOp(), r.AllocedBytesPerOp())
	}
	return err
}

// insertBatch is how many issuances are committed at a time.
const insertBatch = 20_000

// store measures inserting issuances and then each published query. With dir it
// keeps the store there, and measures the queries on one that is there already.
func (b bench) store(ctx context.Context, issuances int, dir, names string) error {
	if dir == "" {
		temporary, err := os.MkdirTemp("", "markwatch-bench")
		if err != nil {
			return err
		}
		defer os.RemoveAll(temporary)
		dir = filepath.Join(temporary, "store")
	}
	_, missing := os.Stat(dir)
	st, err := store.Open(ctx, store.Options{DSN: dir})
	if err != nil {
		return err
	}
	defer st.Close()
	if missing != nil {
		if err := b.insert(ctx, st, uint64(issuances)); err != nil {
			return err
		}
	}
	fmt.Fprintf(b.out, "\nqueries at %d issuances (ms)                         p50      p95      CPU\n", issuances)
	for _, q := range queries.All() {
		if names != "" && !slices.Contains(strings.Split(names, ","), q.Name) {
			continue
		}
		for _, params := range asked(q.Name) {
			if err := b.query(ctx, st, q, params); err != nil {
				return err
			}
		}
	}
	return nil
}

// asked are the parameters with which a query is measured: its defaults, and
// those of questions that are asked all day.
func asked(name string) []map[string]string {
	switch name {
	case "search":
		return []map[string]string{{"term": "bench 4711 works"}, {"term": "3,004,711"}}
	case "marks":
		return []map[string]string{nil, {"organisation": "bench 4711 works"}, {"domain": "bench-4711.example"}}
	case "study":
		return []map[string]string{nil, {"as_of": "2024-03-01", "log": "bench"}}
	}
	return []map[string]string{nil}
}

func (b bench) insert(ctx context.Context, st *store.Store, issuances uint64) error {
	w := newWorld(issuances)
	var cpu, wall time.Duration
	for from := uint64(0); from < issuances; from += insertBatch {
		batch, err := w.batch(from, min(from+insertBatch, issuances))
		if err != nil {
			return err
		}
		before, start := ownCPU(), time.Now()
		if err := st.Commit(ctx, batch); err != nil {
			return err
		}
		cpu, wall = cpu+ownCPU()-before, wall+time.Since(start)
	}
	fmt.Fprintf(b.out, "\ninsert of %d issuances, engine included\n  %8.0f issuances per CPU second (%.2f CPU s, %.2f s)\n", issuances, perSecond(issuances, cpu), cpu.Seconds(), wall.Seconds())
	return nil
}

const queryRuns = 20

func (b bench) query(ctx context.Context, st *store.Store, q queries.Query, params map[string]string) error {
	args, err := q.Bind(params)
	if err != nil {
		return err
	}
	var took []time.Duration
	before := ownCPU()
	for range queryRuns {
		start := time.Now()
		if err := queries.Write(ctx, st.Conn(), io.Discard, queries.NDJSON, q.SQL, args...); err != nil {
			return fmt.Errorf("query %s: %w", q.Name, err)
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	ms := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
	name := q.Name
	for _, param := range slices.Sorted(maps.Keys(params)) {
		name += " " + param + "=" + params[param]
	}
	fmt.Fprintf(b.out, "  %-46s %8.1f %8.1f %8.1f\n", name, ms(took[len(took)/2]), ms(took[len(took)*95/100]), ms((ownCPU()-before)/queryRuns))
	return nil
}

// startRuns is how often the start of a query command is measured.
const startRuns = 10

// start measures a query command from its call to its end, on a small store.
func (b bench) start(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "markwatch-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var took []time.Duration
	for range startRuns {
		used, err := measure(exec.CommandContext(ctx, b.markwatch, "--store", filepath.Join(dir, "store"), "query", "totals"))
		if err != nil {
			return err
		}
		took = append(took, used.wall)
	}
	slices.Sort(took)
	_, err = fmt.Fprintf(b.out, "\nmarkwatch query totals, from call to end\n  %8.2f s (median of %d)\n", took[len(took)/2].Seconds(), startRuns)
	return err
}
