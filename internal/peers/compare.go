package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// startEntries is the size of the log whose reading is a reader's start: one tile.
const startEntries = 256

// measured are the runs of a reader at a log, and at one that is as good as empty.
type measured struct {
	name    string
	runs    []usage
	start   time.Duration // CPU; the least
	entries uint64
}

// compare reads one log with all readers in turn, after a warm-up of each.
func (b *bench) compare(ctx context.Context, static bool) error {
	l, what, err := b.startLog(ctx, static)
	if err != nil {
		return err
	}
	defer l.close()
	small, err := memoryLog(b.world, startEntries, static)
	if err != nil {
		return err
	}
	defer small.close()
	fmt.Fprintf(b.out, "\n## %s: %d entries\n\n", what, l.entries)
	var all []*measured
	for round := range b.runs + 1 {
		next := 0
		for _, r := range readers() {
			if !r.reads(l) {
				continue
			}
			if round == 0 {
				all = append(all, &measured{name: r.name, entries: l.entries})
			}
			m := all[next]
			next++
			start, err := b.run(ctx, r, small)
			if err != nil {
				return err
			}
			u, err := b.run(ctx, r, l)
			if err != nil {
				return err
			}
			if round == 0 { // warms the log, and the files of the reader
				m.start = start.cpu
				continue
			}
			m.start, m.runs = min(m.start, start.cpu), append(m.runs, u)
		}
	}
	b.print(all)
	return b.judge(all, static)
}

// startLog starts the log that is read, and says what it is.
func (b *bench) startLog(ctx context.Context, static bool) (*ctLog, string, error) {
	if static {
		l, err := memoryLog(b.world, b.entries, true)
		return l, "a tiled log from memory", err
	}
	if !b.real {
		l, err := memoryLog(b.world, b.entries, false)
		return l, "an RFC 6962 log from memory", err
	}
	begin := time.Now()
	l, err := realLog(ctx, b.ctfe, b.dir, b.world, b.entries)
	return l, fmt.Sprintf("CTFE over Trillian in memory, filled in %.0f s", time.Since(begin).Seconds()), err
}

// run measures one reader at one log, in an empty folder.
func (b *bench) run(ctx context.Context, r reader, l *ctLog) (usage, error) {
	dir, err := os.MkdirTemp(b.dir, "run")
	if err != nil {
		return usage{}, err
	}
	defer os.RemoveAll(dir)
	cmd, done, err := r.run(b.programs, l, dir)
	if err != nil {
		return usage{}, fmt.Errorf("%s: %w", r.name, err)
	}
	out, err := os.Create(filepath.Join(dir, "stdout"))
	if err != nil {
		return usage{}, err
	}
	defer out.Close()
	cmd.Stdout = out
	before := l.served.Load()
	u, err := measure(ctx, cmd, done)
	u.requests = l.served.Load() - before
	return u, err
}

// least is the run that took the least CPU: the others were held up more.
func (m *measured) least() usage {
	return slices.MinFunc(m.runs, func(a, b usage) int { return int(a.cpu - b.cpu) })
}

// most is the most of something over all runs.
func (m *measured) most(of func(usage) uint64) uint64 {
	var n uint64
	for _, u := range m.runs {
		n = max(n, of(u))
	}
	return n
}

// rate is entries per CPU second, start included.
func (m *measured) rate() float64 { return float64(m.entries) / m.least().cpu.Seconds() }

// rateAfterStart is entries per CPU second, without what a start takes.
func (m *measured) rateAfterStart() float64 {
	return float64(m.entries-startEntries) / max(m.least().cpu-m.start, time.Millisecond).Seconds()
}

// anonymous is the most anonymous memory of all runs, in bytes.
func (m *measured) anonymous() uint64 { return m.most(func(u usage) uint64 { return u.anonymous }) }

// print writes the table of all readers.
func (b *bench) print(all []*measured) {
	fmt.Fprint(b.out, "| reader | CPU, s: least, most | wall, s | entries per CPU s | without start | RssAnon, MB | RSS, MB | requests |\n|---|---:|---:|---:|---:|---:|---:|---:|\n")
	for _, m := range all {
		u := m.least()
		most := m.most(func(u usage) uint64 { return uint64(u.cpu) })
		fmt.Fprintf(b.out, "| %s | %.2f, %.2f | %.2f | %.0f | %.0f | %.0f | %.0f | %d |\n", m.name, u.cpu.Seconds(), time.Duration(most).Seconds(), u.wall.Seconds(),
			m.rate(), m.rateAfterStart(), mega(m.anonymous()), mega(m.most(func(u usage) uint64 { return u.rss })), u.requests)
	}
	fmt.Fprintln(b.out)
	for _, r := range readers() {
		if slices.ContainsFunc(all, func(m *measured) bool { return m.name == r.name }) {
			fmt.Fprintf(b.out, "- **%s** verifies: %s.\n", r.name, r.verifies)
		}
	}
}

func mega(n uint64) float64 { return float64(n) / 1e6 }

// judge holds markwatch to its aims.
func (b *bench) judge(all []*measured, static bool) error {
	by := map[string]*measured{}
	for _, m := range all {
		by[m.name] = m
	}
	aim := 10.0
	if static {
		aim = 5
	}
	fmt.Fprint(b.out, "\n| aim | whole | without start |\n|---|---:|---:|\n")
	cs, bare := by[certspotter], by[hashing]
	for _, name := range []string{ours, unmatched} {
		mw := by[name]
		fmt.Fprintf(b.out, "| %s: at least %.0f times certspotter's entries per CPU second | %s | %s |\n", name, aim, atLeast(mw.rate()/cs.rate(), aim), atLeast(mw.rateAfterStart()/cs.rateAfterStart(), aim))
		fmt.Fprintf(b.out, "| %s: at most twice its memory (RssAnon) | %s | |\n", name, atMost(float64(mw.anonymous())/float64(cs.anonymous())))
		fmt.Fprintf(b.out, "| %s: at most twice the CPU of the bare reader | %s | %s |\n", name, atMost(bare.rate()/mw.rate()), atMost(bare.rateAfterStart()/mw.rateAfterStart()))
	}
	_, err := fmt.Fprintf(b.out, "\nCPU of a start (a log of %d entries): markwatch %.2f s, without matching %.2f s, certspotter %.2f s.\n",
		startEntries, by[ours].start.Seconds(), by[unmatched].start.Seconds(), cs.start.Seconds())
	return err
}

// atLeast and atMost say how many times something is, and whether the aim is met.
func atLeast(times, aim float64) string { return verdict(times, times >= aim) }

func atMost(times float64) string { return verdict(times, times <= 2) }

func verdict(times float64, met bool) string {
	if met {
		return fmt.Sprintf("%.1f (met)", times)
	}
	return fmt.Sprintf("%.1f (missed)", times)
}

// growth reads logs of several sizes with one reader.
func (b *bench) growth(ctx context.Context, r reader, sizes []uint64, static bool) error {
	var all []*measured
	for _, entries := range sizes {
		m, err := b.grown(ctx, r, entries, static)
		if err != nil {
			return err
		}
		all = append(all, m)
	}
	fmt.Fprintf(b.out, "\n## %s by the size of a log, %s\n\n| entries | CPU, s | entries per CPU s | without start | RssAnon, MB |\n|---:|---:|---:|---:|---:|\n", r.name, all[0].name)
	low, high := all[0].rateAfterStart(), all[0].rateAfterStart()
	for _, m := range all {
		low, high = min(low, m.rateAfterStart()), max(high, m.rateAfterStart())
		fmt.Fprintf(b.out, "| %d | %.2f | %.0f | %.0f | %.0f |\n", m.entries, m.least().cpu.Seconds(), m.rate(), m.rateAfterStart(), mega(m.anonymous()))
	}
	_, err := fmt.Fprintf(b.out, "\nCPU of a start: %.2f s. Without it, the lowest rate is %.0f %% below the highest; the aim is 10 %%.\n", all[0].start.Seconds(), 100*(1-low/high))
	return err
}

// grown measures a reader at a log of one size.
func (b *bench) grown(ctx context.Context, r reader, entries uint64, static bool) (*measured, error) {
	l, err := memoryLog(b.world, entries, static)
	if err != nil {
		return nil, err
	}
	defer l.close()
	small, err := memoryLog(b.world, startEntries, static)
	if err != nil {
		return nil, err
	}
	defer small.close()
	m := &measured{name: l.protocol(), entries: entries, start: time.Hour}
	for range b.runs {
		start, err := b.run(ctx, r, small)
		if err != nil {
			return nil, err
		}
		u, err := b.run(ctx, r, l)
		if err != nil {
			return nil, err
		}
		m.start, m.runs = min(m.start, start.cpu), append(m.runs, u)
	}
	return m, nil
}
