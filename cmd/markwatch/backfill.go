package main

import (
	"context"
	"math/bits"
	"math/rand/v2"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"markwatch/scanner"
	"markwatch/store"
)

// Sizes by which a log that is far behind is cut up, as powers of two.
const (
	leastRangeLevel = 8  // a data tile
	mostRangeLevel  = 16 // half as many as are proved at once when a log is read in order
	runLevels       = 4  // a run, which is claimed whole, has at most 1<<4 ranges
	farBehind       = 4  // ranges; a log that is less behind is read in order
)

const (
	joinEvery   = 5 * time.Second // between two joins, while there is more to come: each costs as much as a batch
	runsAtOnce  = 32              // of the runs left, those first ones of which a claimant takes one by chance
	maxRequests = 64              // to one log at a time, by all ranges together
)

// rangeLevels are the sizes of a log's ranges and runs, which depend on nothing
// but how large the log is, so that all machines cut it alike. batch is how many
// entries are stored at once, where that is not left to the scanner.
func rangeLevels(size uint64, batch int) (level, run uint) {
	n, most := bits.Len64(size), mostRangeLevel
	if batch > 0 {
		most = max(1, bits.Len(uint(batch))-1)
	}
	l := min(max(n-4, leastRangeLevel), most)
	return uint(l), uint(min(max(n-6, l), l+runLevels))
}

// backfill reads a log that is far behind in ranges, several side by side, and
// joins them to what was read before. With claims others do so too, and one of
// them alone joins.
type backfill struct {
	w           *watcher
	log         scanner.Log
	scan        *scanner.Backfill
	level, run  uint
	start, end  uint64 // what is read in ranges
	leads       bool   // this process joins
	claimPrefix string
	next        atomic.Uint64 // how far all is joined

	mu      sync.Mutex
	busy    map[uint64]bool          // runs that this process reads
	wrong   map[scanner.Subtree]bool // stored ranges that are none of the log's
	changed chan struct{}            // closed and made anew when a range is stored
}

// rangeRun is a run of ranges, and what of it is to be read.
type rangeRun struct {
	number uint64 // its start >> backfill.run
	gaps   []gap
	lease  *lease
}

// gap is [start, end).
type gap struct{ start, end uint64 }

// catchUp reads a log in ranges while it is far behind. With lead it is this
// process that joins them; without, it returns nil also when nobody does.
func (w *watcher) catchUp(ctx context.Context, log scanner.Log, lead bool) error {
	for ctx.Err() == nil {
		b, err := w.newBackfill(ctx, log, lead)
		if err != nil || b == nil {
			return err
		}
		if lead {
			if err := w.followTo(ctx, log, b.start); err != nil {
				return err
			}
			if b, err = w.newBackfill(ctx, log, lead); err != nil || b == nil {
				return err
			}
		}
		if err := b.read(ctx); err != nil || !lead {
			return err
		}
	}
	return nil
}

// newBackfill looks how far behind a log is; nil if it isn't far.
func (w *watcher) newBackfill(ctx context.Context, log scanner.Log, lead bool) (*backfill, error) {
	position, err := w.position(ctx, log)
	if err != nil {
		return nil, err
	}
	config := w.scanConfig(log, position)
	config.Parallel = max(1, min(scanner.DefaultParallel, maxRequests/w.config.ranges()))
	scan, err := scanner.New(config)
	if err != nil {
		return nil, err
	}
	from, err := scan.Backfill(ctx)
	if err != nil {
		return nil, err
	}
	b := &backfill{w: w, log: log, scan: from, leads: lead, claimPrefix: claimOf(log), changed: make(chan struct{}), busy: map[uint64]bool{}, wrong: map[scanner.Subtree]bool{}}
	size := from.Head().Size
	b.level, b.run = rangeLevels(size, w.batchEntries)
	whole := uint64(1) << b.level
	b.start, b.end = (position.Next+whole-1)/whole*whole, size/whole*whole
	if !isFarBehind(position.Next, size, w.batchEntries) {
		return nil, nil
	}
	return b, nil
}

// isFarBehind tells whether a log is to be read in ranges.
func isFarBehind(next, size uint64, batch int) bool {
	level, _ := rangeLevels(size, batch)
	return size >= next+farBehind<<level
}

// followTo reads a log in order up to an entry.
func (w *watcher) followTo(ctx context.Context, log scanner.Log, end uint64) error {
	for ctx.Err() == nil {
		position, err := w.position(ctx, log)
		if err != nil || position.Next >= end {
			return err
		}
		config := w.scanConfig(log, position)
		config.BatchEntries = int(end - position.Next)
		scan, err := scanner.New(config)
		if err != nil {
			return err
		}
		for batch, err := range scan.Batches(ctx) {
			if err != nil {
				return err
			}
			if err := w.keep(ctx, batch); err != nil {
				return err
			}
			if batch.End > batch.Start {
				break // the next would go beyond
			}
		}
	}
	return ctx.Err()
}

// read is the whole of a backfill.
func (b *backfill) read(ctx context.Context) error {
	b.w.log.Info("a log is far behind and is read in ranges", "log", b.log.Name, "from", b.start, "to", b.end,
		"entries", 1<<b.level, "side by side", b.w.config.ranges(), "joins", b.leads)
	group, ctx := errgroup.WithContext(ctx)
	ctx, finish := context.WithCancel(ctx)
	defer finish()
	group.Go(func() error {
		defer finish() // what others still read is not needed any more
		if b.leads {
			return b.join(ctx)
		}
		return b.await(ctx)
	})
	for range b.w.config.ranges() {
		group.Go(func() error {
			err := b.work(ctx)
			if ctx.Err() != nil {
				return nil
			}
			return err
		})
	}
	return group.Wait()
}

// work reads one run after the other until ctx ends.
func (b *backfill) work(ctx context.Context) error {
	for ctx.Err() == nil {
		changed := b.change()
		run, err := b.pick(ctx)
		if err != nil {
			return err
		}
		if run == nil { // others read what is left
			select {
			case <-ctx.Done():
			case <-changed:
			case <-time.After(b.w.claimFor() / 4):
			}
			continue
		}
		err = b.readRun(run)
		lost := run.lease.end()
		b.mu.Lock()
		delete(b.busy, run.number)
		b.mu.Unlock()
		if err != nil && !lost && ctx.Err() == nil {
			return err
		}
	}
	return nil
}

// pick takes a run that nobody reads; nil if there is none now.
func (b *backfill) pick(ctx context.Context) (*rangeRun, error) {
	left, err := b.left(ctx, max(b.start, b.next.Load()), b.end)
	if err != nil {
		return nil, err
	}
	claimed := map[string]string{}
	if b.w.config.Claim {
		if err := b.ask(ctx, "what is claimed", func() (err error) { claimed, err = b.w.store.Claimed(ctx, b.claimPrefix); return err }); err != nil {
			return nil, err
		}
	}
	run := b.choose(left, claimed)
	if run == nil {
		return nil, nil
	}
	if run.lease, err = b.w.claim(ctx, b.log, b.workOf(run)); err == nil && run.lease != nil && b.w.config.Claim {
		// Who had it before may have read more of it since.
		var again []*rangeRun
		again, err = b.left(ctx, max(b.start, run.number<<b.run), min(b.end, (run.number+1)<<b.run))
		run.gaps = nil
		for _, r := range again {
			run.gaps = append(run.gaps, r.gaps...)
		}
	}
	if err != nil || run.lease == nil {
		run.lease.end()
		b.mu.Lock()
		delete(b.busy, run.number)
		b.mu.Unlock()
		return nil, err
	}
	return run, nil
}

// workOf is what is claimed of a run.
func (b *backfill) workOf(r *rangeRun) string {
	return b.claimPrefix + " run " + strconv.FormatUint(r.number<<b.run, 10) + "+" + strconv.FormatUint(1<<b.run, 10)
}

// choose marks a run that nobody reads as busy: the first, and where others
// choose too one of the first, so that not all want the same.
func (b *backfill) choose(left []*rangeRun, claimed map[string]string) *rangeRun {
	b.mu.Lock()
	defer b.mu.Unlock()
	var free []*rangeRun
	for _, r := range left {
		if !b.busy[r.number] && claimed[b.workOf(r)] == "" && len(free) < runsAtOnce {
			free = append(free, r)
		}
	}
	if len(free) == 0 {
		return nil
	}
	r := free[0]
	if b.w.config.Claim {
		r = free[rand.IntN(len(free))]
	}
	b.busy[r.number] = true
	return r
}

// left are the runs of [start, end) with what of them no stored range covers.
func (b *backfill) left(ctx context.Context, start, end uint64) ([]*rangeRun, error) {
	done, err := b.done(ctx, start, end)
	if err != nil {
		return nil, err
	}
	var out []*rangeRun
	add := func(start, end uint64) {
		for start < end {
			number := start >> b.run
			stop := min(end, (number+1)<<b.run)
			if n := len(out); n == 0 || out[n-1].number != number {
				out = append(out, &rangeRun{number: number})
			}
			last := out[len(out)-1]
			last.gaps = append(last.gaps, gap{start, stop})
			start = stop
		}
	}
	for _, d := range done {
		add(start, min(d.Start, end))
		start = max(start, d.End)
	}
	add(start, end)
	return out, nil
}

// done are the stored ranges in [start, end), but those that are wrong. One that
// another machine has read beyond the end, which knew of more, is none of them.
func (b *backfill) done(ctx context.Context, start, end uint64) ([]scanner.Subtree, error) {
	var stored []scanner.Subtree
	if err := b.ask(ctx, "which ranges are done", func() (err error) { stored, err = b.w.store.Ranges(ctx, b.log, start, end); return err }); err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []scanner.Subtree
	for _, s := range stored {
		if !b.wrong[s] && s.End <= b.end {
			out = append(out, s)
		}
	}
	return out, nil
}

// ask asks something of the store, patiently.
func (b *backfill) ask(ctx context.Context, what string, ask func() error) error {
	return b.w.patiently(ctx, b.log, "the store does not say "+what+"; it is asked again", ask)
}

// readRun reads what is left of a run and stores it, range by range.
func (b *backfill) readRun(r *rangeRun) error {
	ctx := r.lease.ctx
	for _, g := range r.gaps {
		for proved, err := range b.scan.Run(ctx, g.start, g.end, b.level) {
			if err != nil {
				return err
			}
			if err := b.keep(ctx, proved); err != nil {
				return err
			}
		}
	}
	return nil
}

// keep stores a range.
func (b *backfill) keep(ctx context.Context, r scanner.Range) error {
	read, err := b.w.readBatch(ctx, scanner.Batch{Log: r.Log, Start: r.Start, End: r.End, Entries: r.Entries})
	if err != nil {
		return err
	}
	err = b.w.patiently(ctx, b.log, "the store did not take a range; it is tried again", func() error {
		start := time.Now()
		err := b.w.store.CommitRange(ctx, store.Range{Scan: r, Marks: read.Marks, Malformed: read.Malformed, Owner: b.w.owner})
		b.w.metrics.rangeStored(read, time.Since(start), err)
		return err
	})
	if err != nil {
		return err
	}
	b.w.board.rangeCommitted(read)
	b.mu.Lock()
	close(b.changed)
	b.changed = make(chan struct{})
	b.mu.Unlock()
	return nil
}

// change is closed when a range is stored after this call.
func (b *backfill) change() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.changed
}
