package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"markwatch/internal/logoset"
	"markwatch/internal/twist"
	"markwatch/match/domain"
	"markwatch/match/logo"
)

// speed tells the CPU time of one core: wall time says little on a shared machine.
func speed(_ context.Context, args []string) error {
	var w where
	f := flag.NewFlagSet("speed", flag.ExitOnError)
	w.flags(f)
	stored := f.Int("stored", 100_000, "logos in the index that is searched")
	pictures := f.Int("pictures", 300, "logos that are looked up")
	fill := f.Int("fill", 1000, "logos whose views, mixed, fill the index")
	_ = f.Parse(args)
	runtime.GOMAXPROCS(1)
	s, err := readHalf(w.work, logoset.Development, 1)
	if err != nil {
		return err
	}
	other, err := readHalf(w.work, logoset.Test, 1)
	if err != nil {
		return err
	}
	// Those of the development half that have a reference are looked up; its
	// strangers and the test half, mixed, fill the index.
	strangers := filter(s.queries, func(q sample) bool { return q.reference == "" })
	fillers := spread(slices.Concat(strangers, other.references, other.queries), *fill)
	if err := logoSpeed(s, *pictures, fillers, *stored); err != nil {
		return err
	}
	domainSpeed(*stored)
	return nil
}

// readHalf reads a half of the set that variants built.
func readHalf(work string, half logoset.Half, every int) (*set, error) {
	dir := filepath.Join(work, "set", half.String())
	s, err := readSet(half.String(), filepath.Join(dir, "refs"), filepath.Join(dir, "queries"), filepath.Join(dir, "labels.tsv"), every)
	if err != nil {
		return nil, fmt.Errorf("%w (matchbench variants builds the set)", err)
	}
	return s, nil
}

// spread takes n of the samples, from all over.
func spread(samples []sample, n int) []sample {
	var out []sample
	step := max(1, len(samples)/max(1, n))
	for i := 0; i < len(samples) && len(out) < n; i += step {
		out = append(out, samples[i])
	}
	return out
}

func logoSpeed(s *set, pictures int, fillers []sample, stored int) error {
	start := cpu()
	if _, _, err := timed(spread(s.references, 1)); err != nil {
		return err
	}
	fmt.Printf("first logo described after %v, with what is prepared once\n", (cpu() - start).Round(time.Millisecond))
	refs, _, err := timed(s.references)
	if err != nil {
		return err
	}
	strangers, took, err := timed(fillers)
	if err != nil {
		return err
	}
	queries, more, err := timed(spread(filter(s.queries, func(q sample) bool { return q.reference != "" }), pictures))
	if err != nil {
		return err
	}
	took = append(took, more...)
	slices.Sort(took)
	fmt.Printf("Describe: median %.1f ms, p99 %.1f ms of %d pictures\n", quantile(took, 0.5), quantile(took, 0.99), len(took))
	compareSpeed(refs, queries)
	return searchSpeed(refs, strangers, queries, stored)
}

// timed describes pictures, and says how many milliseconds each Describe took;
// those that are too plain are left out.
func timed(samples []sample) (all []described, took []float64, err error) {
	for _, s := range samples {
		d, ms, err := describe(s)
		if err != nil {
			return nil, nil, err
		}
		if !isPlain(d) {
			all, took = append(all, d), append(took, ms)
		}
	}
	return all, took, nil
}

func compareSpeed(refs, queries []described) {
	n, start := 0, cpu()
	for _, q := range queries {
		for _, r := range refs {
			logo.Compare(q.descriptor, r.descriptor)
			n++
		}
	}
	fmt.Printf("Compare: %.1f µs, mean of %d pairs\n", (cpu()-start).Seconds()*1e6/float64(max(1, n)), n)
}

// searches is how often each logo is searched for; the least time counts, since
// other work on the machine adds to CPU time as well.
const searches = 3

// searchSpeed looks the queries up among the references and others.
func searchSpeed(refs, strangers, queries []described, stored int) error {
	x, err := filled(refs, strangers, stored)
	if err != nil {
		return err
	}
	var took []float64
	sum, found, matched := 0.0, 0, 0
	for _, q := range queries {
		var near []logo.Neighbour
		least := math.Inf(1)
		for range searches {
			start := cpu()
			near = x.Search(q.descriptor, 10, logo.MatchThreshold)
			least = min(least, (cpu()-start).Seconds()*1000)
		}
		took, sum = append(took, least), sum+least
		own := slices.IndexFunc(refs, func(r described) bool { return r.id == q.reference })
		if own >= 0 && logo.Compare(q.descriptor, refs[own].descriptor).Score >= logo.MatchThreshold {
			matched++
			if slices.ContainsFunc(near, func(n logo.Neighbour) bool { return n.ID == uint32(own) }) {
				found++
			}
		}
	}
	slices.Sort(took)
	fmt.Printf("Search: mean %.2f ms, median %.2f ms, p99 %.2f ms of %d; it finds %.2f %% of the %d references that Compare takes for a match\n",
		sum/float64(max(1, len(took))), quantile(took, 0.5), quantile(took, 0.99), len(took), percent(found, matched), matched)
	runtime.KeepAlive(x)
	return nil
}

// filled is an index of the references and of others, as a start from a store
// fills it, from stored bytes.
func filled(refs, strangers []described, stored int) (*logo.Index, error) {
	all, err := marshalled(strangers)
	if err != nil {
		return nil, err
	}
	before, size := heap(), 0
	x := logo.NewIndex()
	for i, r := range refs {
		x.Add(uint32(i), r.descriptor)
	}
	random, loading := rand.New(rand.NewPCG(1, 2)), time.Duration(0)
	for i := len(refs); i < stored; i++ {
		b := mixed(random, all)
		size += len(b)
		start := cpu()
		d := new(logo.Descriptor)
		if err := d.UnmarshalBinary(b); err != nil {
			return nil, err
		}
		x.Add(uint32(i), d)
		loading += cpu() - start
	}
	fmt.Printf("index: %d logos loaded in %.1f s, %.1f KB each in memory, %.1f KB each stored\n",
		x.Len(), loading.Seconds(), float64(heap()-before)/float64(stored)/1024, float64(size)/float64(max(1, stored-len(refs)))/1024)
	return x, nil
}

// mixed makes a logo that no other is a copy of: one that has each of its views
// from any of the logos. Copies would crowd the index in a way that logos don't.
func mixed(random *rand.Rand, all [][]byte) []byte {
	const head, shows = 3, 11 // bytes before the views, and of a view those that say what of the logo it shows
	any := func() (b []byte, view int) {
		b = all[random.IntN(len(all))]
		return b, (len(b) - head) / int(b[head-1])
	}
	b, view := any()
	b = bytes.Clone(b)
	for at := head; at < len(b); at += view {
		from, _ := any()
		other := head + view*random.IntN(int(from[head-1]))
		copy(b[at+shows:at+view], from[other+shows:other+view])
	}
	return b
}

func marshalled(all []described) ([][]byte, error) {
	var out [][]byte
	for _, d := range all {
		b, err := d.descriptor.MarshalBinary()
		if err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	if len(out) == 0 {
		return nil, errors.New("the set has no logos to fill an index with")
	}
	return out, nil
}

// cpu is the CPU time that the process has used.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// heap is the live memory in bytes.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// domainSpeed watches ordinary names, and matches variants of the measured ones
// and other ordinary names against them.
func domainSpeed(watched int) {
	names, _ := twist.Ordinary(watched + 20_000)
	watched = min(watched, max(1, len(names)-20_000))
	before, start := heap(), cpu()
	x := domain.NewIndex()
	for i, n := range names[:watched] {
		x.Add(uint32(i), domain.Parse(strings.Clone(n)))
	}
	built := cpu() - start
	fmt.Printf("domains: %d watched, built in %.1f s, %.0f MB\n", x.Len(), built.Seconds(), float64(heap()-before)/(1<<20))
	incoming := names[watched:]
	start = cpu()
	for _, n := range incoming {
		x.Match(domain.Parse(n))
	}
	fmt.Printf("domains: %.0f incoming names a second\n", float64(len(incoming))/(cpu()-start).Seconds())
	runtime.KeepAlive(x)
}
