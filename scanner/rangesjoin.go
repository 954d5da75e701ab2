package scanner

import (
	"context"
	"fmt"

	"github.com/transparency-dev/merkle/compact"
)

// Subtree is a range that is stored: what joining needs to know of it.
type Subtree struct {
	Start, End uint64
	Root       Hash
}

// JoinError says that stored ranges are no part of the log's tree as it is
// shown here: what was stored is damaged, or another machine is shown another
// tree. They are to be read again.
type JoinError struct {
	Log   Log
	Wrong []Subtree
	Err   error // why the first isn't
}

// Error says which are wrong.
func (e *JoinError) Error() string {
	return fmt.Sprintf("log %s: %d stored ranges are not of its tree, the first of them [%d, %d): %v",
		e.Log.Name, len(e.Wrong), e.Wrong[0].Start, e.Wrong[0].End, e.Err)
}

// Unwrap returns why.
func (e *JoinError) Unwrap() error { return e.Err }

// Next is how far the log is read and joined.
func (b *Backfill) Next() uint64 { return b.run.done.r.End() }

// covered says whether the held head covers so many entries.
func (b *Backfill) covered(end uint64) error {
	if size := b.run.heads.held.Size; end > size {
		return fmt.Errorf("log %s: no tree head of %d entries or more is verified, only of %d", b.run.cfg.Log.Name, end, size)
	}
	return nil
}

// Poll asks for the log's tree head and checks it. The batch that it returns
// covers no entries and has the news of tree heads and the position; it is to be
// stored. That the log can't be reached is no error while there are entries to
// read.
func (b *Backfill) Poll(ctx context.Context) (Batch, error) {
	if err := b.run.pollBetween(ctx); err != nil {
		return Batch{}, err
	}
	b.setHead()
	return b.batch(b.Next(), nil), nil
}

// Check holds verified tree heads that others were shown against those that
// this scan was: a *ForkError says that they are not of one tree. Larger ones
// than Head are left for when the log has shown one as large.
func (b *Backfill) Check(ctx context.Context, heads []TreeHead) error {
	for _, h := range heads {
		if h.Size > b.run.heads.held.Size {
			continue
		}
		if err := VerifyTreeHead(b.run.cfg.Log, h); err != nil {
			return fmt.Errorf("stored tree head of %d entries of log %s: %w", h.Size, b.run.cfg.Log.Name, err)
		}
		if err := b.run.heads.check(ctx, h, b.run.done); err != nil {
			return err
		}
	}
	return nil
}

// batch is one without entries from start to where the log is read.
func (b *Backfill) batch(start uint64, proof []Hash) (out Batch) {
	b.run.deliver(Batch{Start: start, End: b.Next(), Proof: proof}, func(made Batch) bool { out = made; return true })
	return out
}

// Join adds stored ranges, which follow each other from Next on, to what is
// read, and proves that all of it is of one tree with the held head. The batch
// has no entries, for these are stored, but all else; it is to be stored. Where
// the proof fails each range is held against the head by itself: a *JoinError
// says which are wrong, a *ForkError that all are right and the log's proof
// isn't. Then nothing is joined.
func (b *Backfill) Join(ctx context.Context, parts []Subtree) (Batch, error) {
	start := b.Next()
	t, err := b.run.done.joined(parts)
	if err != nil {
		return Batch{}, fmt.Errorf("log %s: joining ranges: %w", b.run.cfg.Log.Name, err)
	}
	if err := b.covered(t.r.End()); err != nil {
		return Batch{}, err
	}
	made := &batch{start: start, tree: t}
	first, wrong, err := b.run.compare(ctx, made, b.run.manner)
	if err != nil {
		return Batch{}, err
	}
	if wrong != nil {
		m := manner{b.run.manner.tries, true}
		if err := b.blame(ctx, parts, m); err != nil {
			return Batch{}, err
		}
		second, wrong, err := b.run.compare(ctx, made, m)
		if err != nil {
			return Batch{}, err
		}
		if wrong != nil {
			return Batch{}, b.run.rootFork(made, first, second, wrong)
		}
		first = second
	}
	b.run.done = t
	return b.batch(start, first.Proof), nil
}

// blame says which ranges are no part of the tree of the held head.
func (b *Backfill) blame(ctx context.Context, parts []Subtree, m manner) error {
	e := &JoinError{Log: b.run.cfg.Log}
	for _, p := range parts {
		_, wrong, err := b.subtree(ctx, p.Start, p.End, p.Root, b.run.heads.held, m)
		if err != nil {
			return err
		}
		if wrong == nil {
			continue
		}
		if e.Wrong = append(e.Wrong, p); e.Err == nil {
			e.Err = wrong
		}
	}
	if len(e.Wrong) == 0 {
		return nil
	}
	return e
}

// joined is a compact range with perfect subtrees appended to it.
func (t treeRange) joined(parts []Subtree) (treeRange, error) {
	f := &compact.RangeFactory{Hash: hashChildren} // of all that is put together
	all, err := f.NewRange(0, t.r.End(), fromHashes(t.hashes()))
	if err != nil {
		return treeRange{}, err
	}
	for _, p := range parts {
		n := p.End - p.Start
		if p.Start != all.End() || n == 0 || n&(n-1) != 0 || p.Start%n != 0 {
			return treeRange{}, fmt.Errorf("[%d, %d) is no perfect subtree that begins at %d", p.Start, p.End, all.End())
		}
		one, err := f.NewRange(p.Start, p.End, [][]byte{p.Root[:]})
		if err == nil {
			err = all.AppendRange(one, nil)
		}
		if err != nil {
			return treeRange{}, err
		}
	}
	return treeRange{all}, nil
}
