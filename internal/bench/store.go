package main

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
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
	var checker lint.Checker // one for all, as watch has it
	fmt.Fprint(b.out, "\n| what | measured |\n|---|---|\n")
	for _, of := range []struct {
		name string
		work func()
	}{
		{"parse", func() { _, err = parse.Leaf(leaf, nil) }},
		{"lint", func() { checker.Check(entry.Mark, time.Time{}, entry.Chain) }},
	} {
		runs, before := 0, ownCPU()
		for ownCPU()-before < workTime {
			for range workRuns {
				of.work()
			}
			runs += workRuns
		}
		each := (ownCPU() - before) / time.Duration(runs)
		allocations := testing.AllocsPerRun(workRuns, of.work)
		fmt.Fprintf(b.out, "| %s of a mark certificate (%d bytes) | %.1f µs of CPU, %.0f a CPU second, %.0f allocations |\n", of.name, len(issued.Certificate),
			float64(each.Nanoseconds())/1e3, perSecond(1, each), allocations)
	}
	return err
}

// What is small is measured for so long, so many times at once.
const (
	workTime = 3 * time.Second
	workRuns = 100
)

// insertBatch is how many issuances are committed at a time.
const insertBatch = 20_000

// stores measures inserting so many issuances and then each published query, for
// each size, and prints the queries side by side. With dir it keeps each store
// below it, and measures the queries on those that are there already.
func (b bench) stores(ctx context.Context, sizes []int, dir, names string) error {
	if dir == "" {
		temporary, err := os.MkdirTemp("", "markwatch-bench")
		if err != nil {
			return err
		}
		defer os.RemoveAll(temporary)
		dir = temporary
	}
	var measured [][]answered
	for _, size := range sizes {
		of, err := b.store(ctx, size, filepath.Join(dir, strconv.Itoa(size)), names)
		if err != nil {
			return err
		}
		measured = append(measured, of)
	}
	b.compare(sizes, measured)
	return nil
}

func (b bench) store(ctx context.Context, issuances int, dir, names string) ([]answered, error) {
	_, missing := os.Stat(dir)
	st, err := store.Open(ctx, store.Options{DSN: dir})
	if err != nil {
		return nil, err
	}
	defer st.Close()
	if missing != nil {
		if err := b.insert(ctx, st, uint64(issuances)); err != nil {
			return nil, err
		}
	}
	var all []answered
	for _, q := range queries.All() {
		if names != "" && !slices.Contains(strings.Split(names, ","), q.Name) {
			continue
		}
		for _, params := range asked(q.Name) {
			a, err := ask(ctx, st, q, params)
			if err != nil {
				return nil, err
			}
			all = append(all, a)
			fmt.Fprintf(os.Stderr, "%d issuances: %s, %.0f ms\n", issuances, a.name, ms(a.p50))
		}
	}
	return all, nil
}

// compare prints what each query took at each size, and how many times as much
// CPU at the last as at the first.
func (b bench) compare(sizes []int, measured [][]answered) {
	header, rule := "\n| query |", "|---|"
	for _, size := range sizes {
		header += fmt.Sprintf(" %d issuances: rows | first row, ms | p50, ms | p95, ms | CPU, ms |", size)
		rule += "---:|---:|---:|---:|---:|"
	}
	fmt.Fprintln(b.out, header+" CPU grows |")
	fmt.Fprintln(b.out, rule+"---:|")
	for i, first := range measured[0] {
		fmt.Fprintf(b.out, "| %s |", first.name)
		for _, of := range measured {
			a := of[i]
			fmt.Fprintf(b.out, " %d | %.0f | %.0f | %.0f | %.0f |", a.rows, ms(a.first), ms(a.p50), ms(a.p95), ms(a.cpu))
		}
		fmt.Fprintf(b.out, " %.1f |\n", float64(measured[len(measured)-1][i].cpu)/float64(max(first.cpu, 1)))
	}
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
	fmt.Fprintf(b.out, "\ninsert of %d issuances, engine included: %.0f issuances per CPU second (%.2f CPU s, %.2f s)\n", issuances, perSecond(issuances, cpu), cpu.Seconds(), wall.Seconds())
	return nil
}

// A query is run so often, or as often as fits in queryTime but a few times at least.
const (
	queryRuns = 40
	fewRuns   = 5
	queryTime = 10 * time.Second
)

// answered is what a query took.
type answered struct {
	name            string
	rows            int
	first, p50, p95 time.Duration // of wall time; first is the median to the first row
	cpu             time.Duration // of one run, engine included
}

func ask(ctx context.Context, st *store.Store, q queries.Query, params map[string]string) (answered, error) {
	a := answered{name: "`" + q.Name + "`"}
	for _, param := range slices.Sorted(maps.Keys(params)) {
		a.name += " " + param + "=" + params[param]
	}
	args, err := q.Bind(params)
	if err != nil {
		return a, err
	}
	var took, firsts []time.Duration
	before, begin := ownCPU(), time.Now()
	for n := 0; n < queryRuns && (n < fewRuns || time.Since(begin) < queryTime); n++ {
		out := &rowCounter{start: time.Now()}
		if err := queries.Write(ctx, st.Conn(), out, queries.NDJSON, q.SQL, args...); err != nil {
			return a, fmt.Errorf("query %s: %w", q.Name, err)
		}
		took = append(took, time.Since(out.start))
		firsts = append(firsts, out.first)
		a.rows = out.rows
	}
	slices.Sort(took)
	slices.Sort(firsts)
	a.first, a.p50, a.p95 = firsts[len(firsts)/2], took[len(took)/2], took[(len(took)*95+99)/100-1]
	a.cpu = (ownCPU() - before) / time.Duration(len(took))
	return a, nil
}

// rowCounter counts the lines that are written to it, and notes when the first was.
type rowCounter struct {
	start time.Time
	first time.Duration
	rows  int
}

func (c *rowCounter) Write(p []byte) (int, error) {
	if c.first == 0 {
		c.first = time.Since(c.start)
	}
	c.rows += bytes.Count(p, []byte{'\n'})
	return len(p), nil
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

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
