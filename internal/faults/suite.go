package faults

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

// Suite is what is run, and with what.
type Suite struct {
	Markwatch string    // the program
	Library   string    // the engine's library; empty: the program finds it
	Out       io.Writer // for the table
	Logs      []*Log    // grown
	Only      string    // part of the names of faults that are run; empty: all
	Quick     bool      // a few faults and kills
	Parallel  int       // how many at once; 0: 4
	Kills     int       // of each log; 0: 100
	Dir       string    // where the stores are; empty: a temporary folder
	Memory    int64     // bytes of its own that the program may have; 0: 1 GiB
}

const (
	firstStep   = 24 // the tree head of stage 0, of 300 entries
	patience    = 5 * time.Minute
	restartRest = 2 * time.Second // for which a log that asked for a year must be left alone
	evidenceOf  = "fork"          // the alarm of a log that is stopped
)

// Result is one line of the table.
type Result struct {
	Log, Fault    string
	Injected      int
	Lost, Doubled int
	Detected      string
	Recovery      time.Duration // from the first strike until all was stored, or the log stopped
	Memory        int64
	Requests      int
	Problem       string // why the line fails; empty: it doesn't
	Skipped       string // why it was not run; empty: it was
}

// job is one line to be.
type job struct {
	log  *Log
	name string
	run  func(ctx context.Context, dir string, r *Result) error
}

// Run runs all faults on all logs, prints the table, and says how many lines
// fail. An error means that the suite could not be run.
func (s *Suite) Run(ctx context.Context) (failed int, err error) {
	if s.Parallel == 0 {
		s.Parallel = 4
	}
	if s.Memory == 0 {
		s.Memory = 1 << 30
	}
	dir, err := os.MkdirTemp(s.Dir, "markwatch-faults")
	if err != nil {
		return 0, fmt.Errorf("making a folder for the stores: %w", err)
	}
	defer os.RemoveAll(dir)
	jobs, err := s.jobs(ctx, dir)
	if err != nil {
		return 0, err
	}
	results := make([]Result, len(jobs))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(s.Parallel)
	t := newTable(s.Out)
	for i, j := range jobs {
		g.Go(func() error {
			results[i] = s.do(ctx, j, filepath.Join(dir, fmt.Sprint(i)))
			t.line(results[i])
			return ctx.Err()
		})
	}
	err = g.Wait()
	for _, r := range results {
		if r.Problem != "" {
			failed++
		}
	}
	t.end(results)
	return failed, err
}

// jobs are all lines, those first that take long.
func (s *Suite) jobs(ctx context.Context, dir string) ([]job, error) {
	all := make([]stored, len(s.Logs))
	g, reading := errgroup.WithContext(ctx)
	for i, l := range s.Logs {
		g.Go(func() (err error) {
			if all[i], err = s.sound(reading, filepath.Join(dir, fmt.Sprintf("sound%d", i)), l); err != nil {
				return fmt.Errorf("reading %s without a fault: %w", l.Name, err)
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	var long, short []job
	for i, l := range s.Logs {
		sound := all[i]
		for _, f := range Faults() {
			if f.of(l) && s.wants(f.Name, f.Quick) {
				short = append(short, job{l, f.Name, func(ctx context.Context, dir string, r *Result) error { return s.meet(ctx, dir, l, f, sound, r) }})
			}
		}
		for _, o := range outages() {
			if s.wants(o.name, o.quick) {
				long = append(long, job{l, o.name, func(ctx context.Context, dir string, r *Result) error { return o.run(s, ctx, dir, l, sound, r) }})
			}
		}
	}
	return append(long, short...), nil
}

// wants says whether a fault is among those to be run.
func (s *Suite) wants(name string, quick bool) bool {
	if s.Only != "" {
		return strings.Contains(name, s.Only)
	}
	return quick || !s.Quick
}

// do runs a job.
func (s *Suite) do(ctx context.Context, j job, dir string) Result {
	r := Result{Log: j.log.Name, Fault: j.name}
	err := os.Mkdir(dir, 0o700)
	if err == nil {
		err = j.run(ctx, dir, &r)
	}
	if err != nil {
		r.Problem = err.Error()
	}
	if err == nil || s.Dir == "" {
		if gone := os.RemoveAll(dir); gone != nil && r.Problem == "" {
			r.Problem = fmt.Sprintf("removing its store: %v", gone)
		}
	}
	return r
}

// behind serves the log behind a proxy with a fault, and writes the
// configuration for it.
func (s *Suite) behind(ctx context.Context, dir string, l *Log, f Fault) (*proxy, error) {
	p := &proxy{log: l, fault: f, step: firstStep}
	url, err := serve(ctx, p)
	if err != nil {
		return nil, err
	}
	return p, s.configure(dir, url, l)
}

// size is how many entries the log has at a step.
func (l *Log) size(step int) uint64 { return l.heads[step].Size }

// last is the log's last step.
func (l *Log) last() int { return len(l.heads) - 1 }

// sound is what is stored of the log without a fault.
func (s *Suite) sound(ctx context.Context, dir string, l *Log) (stored, error) {
	var r Result
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	return s.read(ctx, dir, l, Fault{}, &r)
}

// read lets the program read the log in two stages, and returns what it stored.
func (s *Suite) read(ctx context.Context, dir string, l *Log, f Fault, r *Result) (stored, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	p, err := s.behind(ctx, dir, l, f)
	if err != nil {
		return nil, err
	}
	m := &meeting{suite: s, dir: dir, proxy: p, fault: f}
	if err := m.run(ctx); err != nil {
		return nil, err
	}
	m.report(r)
	got, err := s.answers(ctx, dir)
	if err != nil {
		return nil, err
	}
	return got, m.judge(r)
}

// meet lets the program meet a fault, and judges what came of it.
func (s *Suite) meet(ctx context.Context, dir string, l *Log, f Fault, sound stored, r *Result) error {
	got, err := s.read(ctx, dir, l, f, r)
	if err != nil {
		return err
	}
	return f.judge(l, sound, got, r)
}

// judge holds a store against that of a sound log.
func (f Fault) judge(l *Log, sound, got stored, r *Result) error {
	size := l.size(l.last())
	if f.Outcome == Stops {
		size = index(first(got["position"]["next"]))
	}
	r.Lost, r.Doubled = lost(sound, got, size)
	differs := differences(sound, got)
	state, detail := got.state()
	switch {
	case r.Lost > 0 || r.Doubled > 0:
		return errors.New("entries are lost or doubled")
	case f.Outcome == Stops:
		return f.judgeStopped(state, detail, got, r)
	case state != "following":
		return fmt.Errorf("the log is %q: %s", state, detail)
	case len(got["leaf"]) != int(size):
		return fmt.Errorf("%d of %d leaves are stored", len(got["leaf"]), size)
	case f.Outcome == Notes:
		if len(differs) == 0 && f.Seen == "" {
			return errors.New("nothing says that it happened")
		}
		r.Detected = strings.Trim(r.Detected+"; in "+strings.Join(differs, ", "), "; ")
	case len(differs) > 0:
		return fmt.Errorf("the store differs in %s", strings.Join(differs, ", "))
	}
	return nil
}

// judgeStopped wants a stopped log, an alarm, and evidence of the right kind.
func (f Fault) judgeStopped(state, detail string, got stored, r *Result) error {
	path := first(got["alarm"][evidenceOf])
	if state != "stopped" || path == "" {
		return fmt.Errorf("the log is %q, and the alarm's evidence %q: %s", state, path, detail)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("reading the evidence: %w", err)
	}
	var evidence struct{ Kind string }
	if err := json.Unmarshal(text, &evidence); err != nil {
		return fmt.Errorf("reading the evidence: %w", err)
	}
	r.Detected = "stopped, evidence of kind " + evidence.Kind + ", alarm " + evidenceOf
	if evidence.Kind != f.Seen {
		return fmt.Errorf("the evidence is of kind %q, want %q", evidence.Kind, f.Seen)
	}
	return nil
}

// first is the first of some values, or nothing.
func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

// tellings are what a watch told of, in one line.
func tellings(seen map[string]int) string {
	var out []string
	for _, what := range slices.Sorted(maps.Keys(seen)) {
		out = append(out, fmt.Sprintf("%s ×%d", what, seen[what]))
	}
	return strings.Join(out, ", ")
}
