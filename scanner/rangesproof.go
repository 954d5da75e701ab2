package scanner

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/bits"
	"slices"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
)

// prove shows that what was read is part of the tree of the held head. What
// contradicts it is fetched once more, past what may have garbled it; if it
// still does the log is caught.
func (b *Backfill) prove(ctx context.Context, g *gathered) (Range, error) {
	head := b.Head()
	first, wrong, err := b.compare(ctx, g, head, b.run.manner)
	if err != nil {
		return Range{}, err
	}
	if wrong == nil {
		return b.proved(g, head, first), nil
	}
	again, bodies, err := b.refetch(ctx, g, head.Size)
	if err != nil {
		return Range{}, err
	}
	second, wrong, err := b.compare(ctx, again, head, manner{b.run.manner.tries, true})
	if err != nil {
		return Range{}, err
	}
	second.Bodies, second.Differs = bodies, differences(g.start, g.hashes, again.hashes)
	if wrong == nil {
		b.run.cfg.Observe(Garbled{b.run.cfg.Log.Name, g.start, g.end, second.Differs})
		return b.proved(again, head, second), nil
	}
	return Range{}, &ForkError{
		Log: b.run.cfg.Log, Kind: ForkRange, Shown: head, Next: g.start, Answers: []Answer{first, second}, At: b.run.cfg.Now().UTC(),
		Detail: fmt.Sprintf("entries [%d, %d) are no part of the tree of the tree head of %d entries: %v", g.start, g.end, head.Size, wrong),
	}
}

// proved makes the range of what was proved, and tells what is odd about it.
func (b *Backfill) proved(g *gathered, head TreeHead, a Answer) Range {
	r := Range{Log: b.run.cfg.Log, Start: g.start, End: g.end, Root: a.Root, Entries: g.entries, Head: head, Proof: a.Proof}
	if r.Log.Marks {
		r.LeafHashes = g.hashes
	}
	for _, e := range oddities(r.Log.Name, g.start, g.end, g.odd) {
		b.run.cfg.Observe(e)
	}
	return r
}

// compare holds the root over what was read against a head. wrong says how
// they differ; err, that it could not be found out.
func (b *Backfill) compare(ctx context.Context, g *gathered, head TreeHead, m manner) (a Answer, wrong, err error) {
	a = Answer{Start: g.start, End: g.end, Root: perfectRoot(g.hashes), At: b.run.cfg.Now().UTC()}
	a.Proof, wrong, err = b.subtree(ctx, g.start, g.end, a.Root, head, m)
	return a, wrong, err
}

// subtree asks for the audit path of the subtree [start, end) and holds its
// root against a head with it.
//
// The log is asked for the consistency of the tree that ends in the middle of
// the subtree: such a proof (RFC 6962, section 2.1.2) is of the left half of
// the subtree, unless the tree is that half, then of its right half, and then of
// the subtree's audit path. So nothing more is asked of a log than what every
// scan asks, and nothing by a leaf's hash, which may be in a log twice.
func (b *Backfill) subtree(ctx context.Context, start, end uint64, root Hash, head TreeHead, m manner) (path []Hash, wrong, err error) {
	halves := 2
	if start == 0 {
		halves = 1
	}
	got, err := b.run.src.consistency(ctx, start+(end-start)/2, head.Size, m)
	if err != nil {
		return nil, nil, err
	}
	if len(got) < halves {
		return got, fmt.Errorf("the proof has %d nodes, want %d or more", len(got), halves), nil
	}
	path = got[halves:]
	return path, VerifySubtree(start, end, root, path, head.Size, head.Root), nil
}

// VerifySubtree checks the audit path of a perfect subtree: that root is that of
// the leaves [start, end) of the tree of this size and root. An audit path of a
// leaf (RFC 6962, section 2.1.1) is that of a subtree of one leaf; that of a
// larger one is the rest of it, above the subtree.
func VerifySubtree(start, end uint64, root Hash, path []Hash, size uint64, treeRoot Hash) error {
	n := end - start
	if start >= end || end > size || n&(n-1) != 0 || start%n != 0 {
		return fmt.Errorf("[%d, %d) is no perfect subtree of a tree of %d leaves", start, end, size)
	}
	level := bits.TrailingZeros64(n)
	return proof.VerifyInclusion(rfc6962.DefaultHasher, start>>level, (size-1)>>level+1, root[:], fromHashes(path), treeRoot[:])
}

// perfectRoot is the root over leaf hashes, the number of which is a power of two.
func perfectRoot(leaves []Hash) Hash {
	row := slices.Clone(leaves)
	for n := len(row); n > 1; n /= 2 {
		for i := range n / 2 {
			row[i] = nodeHash(&row[2*i], &row[2*i+1])
		}
	}
	return row[0]
}

// nodeHash is hashChildren for those who do it often.
func nodeHash(left, right *Hash) Hash {
	var b [1 + 2*sha256.Size]byte
	b[0] = 1
	copy(b[1:], left[:])
	copy(b[1+sha256.Size:], right[:])
	return sha256.Sum256(b[:])
}

// errHeavy says that what was read again is larger than it was before by more
// than what any garbling explains.
var errHeavy = errors.New("the log gives much more for the same entries when it is asked again")

// refetch reads entries again on connections of their own.
func (b *Backfill) refetch(ctx context.Context, g *gathered, size uint64) (*gathered, []Hash, error) {
	w := newWorkspace(b.run.cfg.Filter)
	c := &chunk{start: g.start, end: g.start}
	again := &gathered{start: g.start, end: g.end}
	for c.end < g.end {
		if err := b.run.src.entries(ctx, c, g.end, size, manner{b.run.manner.tries, true}, w); err != nil {
			return nil, nil, err
		}
		again.add(c)
		c.start, c.hashes, c.entries, c.odd = c.end, c.hashes[:0], nil, nil
		if again.bytes > 2*maxBatchBytes && again.bytes > 2*g.bytes {
			return nil, nil, fmt.Errorf("log %s: entries [%d, %d): %w", b.run.cfg.Log.Name, g.start, g.end, errHeavy)
		}
	}
	return again, c.bodies, nil
}
