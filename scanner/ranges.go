package scanner

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/bits"
	"slices"
	"sync"
)

// Range is [Start, End) of one log, a perfect subtree of its tree: End-Start is
// a power of two of which Start is a multiple. It is read and proved by itself,
// whatever is known of the entries before it: its root, recomputed from its
// entries, is part of the tree of Head, whose signature verified.
type Range struct {
	Log        Log
	Start, End uint64
	Root       Hash
	Entries    []Entry  // those that pass the filter, in index order
	LeafHashes []Hash   // of all of them when Log.Marks; else nil
	Head       TreeHead // under which it is proved
	Proof      []Hash   // audit path of the subtree's root
}

// maxRangeLevel is that of the largest range: what is kept of one while it is
// read are 32 bytes an entry, and the entries that match.
const maxRangeLevel = 20

// Backfill reads one log in ranges, several of them side by side, and joins
// them to what was read before. All of it shares one manner towards the log:
// rate, learned cap, connections. Run and Head may be called concurrently; all
// other methods belong to one goroutine.
type Backfill struct {
	run *run // what reads are shared; its position and tree heads are of the one goroutine

	mu   sync.Mutex
	head TreeHead // verified; of one tree with all others that were
}

// Backfill starts one at the configured position and asks for the log's tree
// head, which it checks as Batches does.
func (s *Scanner) Backfill(ctx context.Context) (*Backfill, error) {
	r, err := newRun(s.cfg)
	if err != nil {
		return nil, err
	}
	b := &Backfill{run: r}
	if err := r.heads.poll(ctx, r.manner, r.done); err != nil {
		return nil, err
	}
	b.setHead()
	return b, nil
}

// Head is the largest verified tree head.
func (b *Backfill) Head() TreeHead {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.head
}

// setHead lets ranges be proved under the head that is held now.
func (b *Backfill) setHead() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.head = b.run.heads.held
}

// Run reads [start, end) and yields its ranges in order, each as soon as it is
// proved: of 1<<level entries, but smaller ones where their bounds or 16 MiB
// of matching entries ask for it. Both bounds are even and covered by Head. The
// errors are those of Batches.
func (b *Backfill) Run(ctx context.Context, start, end uint64, level uint) iter.Seq2[Range, error] {
	return func(yield func(Range, error) bool) {
		err := b.read(ctx, start, end, level, func(r Range) bool { return yield(r, nil) })
		if err != nil && ctx.Err() == nil && !errors.Is(err, errStopped) {
			yield(Range{}, err)
		}
	}
}

// read is Run with an error.
func (b *Backfill) read(ctx context.Context, start, end uint64, level uint, yield func(Range) bool) error {
	size := b.Head().Size
	if start%2 != 0 || end%2 != 0 || start > end || end > size || level == 0 || level > maxRangeLevel {
		return fmt.Errorf("log %s: [%d, %d) of %d can't be read in ranges of 1<<%d", b.run.cfg.Log.Name, start, end, size, level)
	}
	r := b.run
	p := &pipeline{r.src, r.capper, r.cfg.Parallel, r.manner, r.cfg.Filter, size}
	g := &gathered{start: start, end: end, level: level}
	for c, err := range p.chunks(ctx, start, end) {
		if err != nil {
			return err
		}
		g.add(c)
		for n := g.whole(); n > 0; n = g.whole() {
			proved, err := b.prove(ctx, g.take(n))
			if err != nil {
				return err
			}
			if !yield(proved) {
				return errStopped
			}
			if err := ctx.Err(); err != nil {
				return err
			}
		}
	}
	return nil
}

// gathered is what was read and is not yet part of a range.
type gathered struct {
	start, end uint64 // what is left to deliver, [start, end)
	level      uint
	hashes     []Hash // from start on
	entries    []Entry
	bytes      int // of the entries
	odd        []oddEntry
}

// add appends a chunk.
func (g *gathered) add(c *chunk) {
	g.hashes = append(g.hashes, c.hashes...)
	g.entries = append(g.entries, c.entries...)
	g.odd = append(g.odd, c.odd...)
	for _, e := range c.entries {
		g.bytes += weight(e)
	}
}

// weight is how many bytes an entry takes.
func weight(e Entry) int { return len(e.LeafInput) + len(e.ExtraData) }

// whole returns how many entries the next range has, or 0 if more are to be
// read for it.
func (g *gathered) whole() uint64 {
	have := uint64(len(g.hashes))
	if have == 0 {
		return 0
	}
	most := min(alignedFrom(g.start), floorPower(g.end-g.start), 1<<g.level)
	fit := g.fitting()
	switch {
	case fit >= most:
		return most
	case fit < have && have >= 2:
		return max(2, floorPower(fit))
	}
	return 0
}

// fitting returns how many of the leaves at hand hold no more matching entries
// than a range may.
func (g *gathered) fitting() uint64 {
	have := uint64(len(g.hashes))
	if g.bytes <= maxBatchBytes {
		return have
	}
	sum := 0
	for _, e := range g.entries {
		if sum += weight(e); sum > maxBatchBytes {
			return e.Index - g.start
		}
	}
	return have
}

// take cuts the first n leaves off.
func (g *gathered) take(n uint64) *gathered {
	end := g.start + n
	out := &gathered{start: g.start, end: end, hashes: slices.Clone(g.hashes[:n])}
	cut := 0
	for cut < len(g.entries) && g.entries[cut].Index < end {
		out.bytes += weight(g.entries[cut])
		cut++
	}
	odd := 0
	for odd < len(g.odd) && g.odd[odd].index < end {
		odd++
	}
	out.entries, out.odd = append(out.entries, g.entries[:cut]...), append(out.odd, g.odd[:odd]...)
	g.start, g.bytes = end, g.bytes-out.bytes
	g.hashes = slices.Delete(g.hashes, 0, int(n))
	g.entries, g.odd = slices.Delete(g.entries, 0, cut), slices.Delete(g.odd, 0, odd)
	return out
}

// alignedFrom is the size of the largest subtree that begins at an index.
func alignedFrom(start uint64) uint64 {
	if start == 0 {
		return 1 << 63
	}
	return start & -start
}

// floorPower is the largest power of two that n is not less than; 0 of 0.
func floorPower(n uint64) uint64 {
	if n == 0 {
		return 0
	}
	return 1 << (bits.Len64(n) - 1)
}
