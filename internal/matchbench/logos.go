package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/bits"
	"os"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"

	"golang.org/x/sync/errgroup"

	"markwatch/internal/logoset"
	"markwatch/match/logo"
)

// rates are the shares of wrong pairs at which recall is told.
func rates() []float64 { return []float64{1e-3, 1e-4, 1e-5} }

// usualEvery is the part of the built set's queries that is looked up unless more is asked for: enough to see a change of
// some hundredths, in a few minutes.
const usualEvery = 4

func logos(ctx context.Context, args []string) error {
	var w where
	f := flag.NewFlagSet("logos", flag.ExitOnError)
	w.flags(f)
	refs := f.String("refs", "", "folder of reference logos; with -queries and -labels, in place of the built set")
	queries := f.String("queries", "", "folder of logos to look up")
	labels := f.String("labels", "", "file that says which query is of which reference, and what was done to it")
	every := f.Int("every", 0, "take each n-th query of each kind only; 1 is all, 0 each fourth of the built set and all of one's own")
	failures := f.Int("failures", 0, "name this many of the closest wrong pairs, and of the farthest right ones of each kind")
	_ = f.Parse(args)
	var sets []*set
	if *refs != "" {
		s, err := readSet("your", *refs, *queries, *labels, max(1, *every))
		if err != nil {
			return err
		}
		sets = append(sets, s)
	} else {
		if *every == 0 {
			*every = usualEvery
		}
		for _, half := range []logoset.Half{logoset.Development, logoset.Test} {
			s, err := readHalf(w.work, half, *every)
			if err != nil {
				return err
			}
			sets = append(sets, s)
		}
	}
	for _, s := range sets {
		if err := measureSet(ctx, os.Stdout, s, *failures); err != nil {
			return err
		}
	}
	return nil
}

// described is what is known of a picture: no descriptor where it is too plain.
type described struct {
	sample
	descriptor *logo.Descriptor
	hashes     logo.Hashes
}

func measureSet(ctx context.Context, out io.Writer, s *set, failures int) error {
	refs, err := describeAll(ctx, s.references)
	if err != nil {
		return err
	}
	queries, err := describeAll(ctx, s.queries)
	if err != nil {
		return err
	}
	plain := len(filter(refs, isPlain)) + len(filter(queries, isPlain))
	fmt.Fprintf(out, "\n%s set: %d references, %d queries (%d of them of no reference), %d pictures too plain to compare\n",
		s.name, len(refs), len(queries), len(filter(queries, func(d described) bool { return d.reference == "" })), plain)
	pairs, err := score(ctx, refs, queries)
	if err != nil {
		return err
	}
	plainHash, ours := collect(queries, refs, pairs, func(p pair) float64 { return p.hash }), collect(queries, refs, pairs, func(p pair) float64 { return p.score })
	recallTable(out, plainHash, ours)
	thresholds(out, queries, refs, pairs, ours)
	if failures > 0 {
		failureList(out, queries, refs, pairs, failures)
	}
	return nil
}

func isPlain(d described) bool { return d.descriptor == nil }

func describeAll(ctx context.Context, samples []sample) ([]described, error) {
	out := make([]described, len(samples))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, s := range samples {
		g.Go(func() error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			var err error
			out[i], _, err = describe(s)
			return err
		})
	}
	return out, g.Wait()
}

// describe reads and describes a picture; ms is the CPU time of Describe in
// milliseconds, where nothing else runs.
func describe(s sample) (d described, ms float64, err error) {
	d.sample = s
	data, err := os.ReadFile(s.file)
	if err != nil {
		return d, 0, err
	}
	p, err := logo.Decode(data)
	if err != nil {
		return d, 0, fmt.Errorf("%s: %w", s.file, err)
	}
	if d.hashes, err = logo.HashesOf(p.Image); err != nil {
		return d, 0, fmt.Errorf("%s: %w", s.file, err)
	}
	start := cpu()
	d.descriptor, err = logo.Describe(p.Image)
	ms = (cpu() - start).Seconds() * 1000
	var plain *logo.PlainError
	if err != nil && !errors.As(err, &plain) {
		return d, ms, fmt.Errorf("%s: %w", s.file, err)
	}
	return d, ms, nil
}

// pair holds the scores of a query and a reference; less than any other where
// one of them is too plain.
type pair struct{ hash, score float64 }

// score compares every query with every reference.
func score(ctx context.Context, refs, queries []described) ([][]pair, error) {
	out := make([][]pair, len(queries))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, q := range queries {
		g.Go(func() error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			out[i] = make([]pair, len(refs))
			for j, r := range refs {
				p := pair{hash: float64(64 - bits.OnesCount64(q.hashes.Perception^r.hashes.Perception)), score: -1}
				if q.descriptor != nil && r.descriptor != nil {
					p.score = logo.Compare(q.descriptor, r.descriptor).Score
				}
				out[i][j] = p
			}
			return nil
		})
	}
	return out, g.Wait()
}

// collect sorts one method's scores into right and wrong pairs.
func collect(queries, refs []described, pairs [][]pair, of func(pair) float64) *results {
	r := &results{right: map[string][]float64{}}
	for i, q := range queries {
		for j, ref := range refs {
			if s := of(pairs[i][j]); q.reference == ref.id {
				r.right[q.kind] = append(r.right[q.kind], s)
			} else {
				r.wrong = append(r.wrong, s)
			}
		}
	}
	r.rank()
	return r
}

func recallTable(out io.Writer, plain, ours *results) {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "kind\tqueries\tpHash 1e-3\t1e-4\t1e-5\tours 1e-3\t1e-4\t1e-5\tmatch\tstrong\t")
	columns := []func(kind string) float64{}
	for _, r := range []*results{plain, ours} {
		for _, rate := range rates() {
			over := r.threshold(rate)
			columns = append(columns, func(kind string) float64 { return r.recall(kind, over) })
		}
	}
	for _, threshold := range []float64{logo.MatchThreshold, logo.StrongThreshold} {
		columns = append(columns, func(kind string) float64 { return ours.reaching(kind, threshold) })
	}
	for _, k := range ours.kinds() {
		fmt.Fprintf(t, "%s\t%d", k, len(ours.right[k]))
		for _, c := range columns {
			fmt.Fprintf(t, "\t%.3f", c(k))
		}
		fmt.Fprint(t, "\t\n")
	}
	means, leasts := "mean of kinds\t", "least kind\t"
	for _, c := range columns {
		mean, least := ours.over(c)
		means += fmt.Sprintf("\t%.3f", mean)
		leasts += fmt.Sprintf("\t%.3f", least)
	}
	fmt.Fprintf(t, "%s\t\n%s\t\n", means, leasts)
	t.Flush()
}

// thresholds tells what the matcher's own thresholds come to here. Two logos that
// are alike are wrong with every variant of one of them, so that wrong pairs
// come in heaps: how many logos they are of is told as well.
func thresholds(out io.Writer, queries, refs []described, pairs [][]pair, ours *results) {
	for _, v := range []struct {
		name string
		at   float64
	}{{"match", logo.MatchThreshold}, {"strong", logo.StrongThreshold}} {
		n := ours.wrongReaching(v.at)
		owners := map[[2]string]bool{}
		for i, q := range queries {
			for j, r := range refs {
				if q.reference != r.id && pairs[i][j].score >= v.at {
					owners[[2]string{q.owner, r.id}] = true
				}
			}
		}
		fmt.Fprintf(out, "%s, a score of %.3f or more: %d wrong of %d pairs, 1 in %s, by %d pairs of logos\n",
			v.name, v.at, n, len(ours.wrong), oneIn(n, len(ours.wrong)), len(owners))
	}
	for _, rate := range rates() {
		fmt.Fprintf(out, "%.0e of the wrong pairs score over %.4f\n", rate, ours.threshold(rate))
	}
}

func oneIn(n, of int) string {
	if n == 0 {
		return fmt.Sprintf("more than %d", of)
	}
	return fmt.Sprint(of / n)
}

// failureList names what went worst.
func failureList(out io.Writer, queries, refs []described, pairs [][]pair, n int) {
	type failure struct {
		query, ref described
		score      float64
	}
	var wrong []failure
	missed := map[string][]failure{}
	for i, q := range queries {
		for j, r := range refs {
			f := failure{q, r, pairs[i][j].score}
			if q.reference == r.id {
				missed[q.kind] = append(missed[q.kind], f)
			} else if f.score >= logo.MatchThreshold/2 {
				wrong = append(wrong, f)
			}
		}
	}
	slices.SortStableFunc(wrong, func(a, b failure) int { return cmp.Compare(b.score, a.score) })
	fmt.Fprintln(out, "\nclosest wrong pairs:")
	for _, f := range wrong[:min(n, len(wrong))] {
		fmt.Fprintf(out, "%.4f\t%s\t%s\t%s\n", f.score, f.query.id, f.query.kind, f.ref.id)
	}
	fmt.Fprintln(out, "\nfarthest right pairs:")
	var kinds []string
	for k := range missed {
		kinds = append(kinds, k)
	}
	slices.SortFunc(kinds, strings.Compare)
	for _, k := range kinds {
		slices.SortStableFunc(missed[k], func(a, b failure) int { return cmp.Compare(a.score, b.score) })
		for _, f := range missed[k][:min(n, len(missed[k]))] {
			fmt.Fprintf(out, "%.4f\t%s\t%s\t%s\n", f.score, f.query.id, k, f.ref.id)
		}
	}
}
