package scanner

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// batch is one in the making: entries read, not yet proved.
type batch struct {
	start   uint64
	most    int       // entries it may cover
	tree    treeRange // of [0, end)
	hashes  []Hash    // of [start, end)
	entries []Entry   // those that passed the filter
	bytes   int       // of them
	odd     []oddEntry
	began   time.Time
}

// maxBatchTime is how long entries may be gathered before they are delivered,
// from a log that gives few at a time.
const maxBatchTime = time.Minute

// newBatch starts where the last one ended.
func (r *run) newBatch() (*batch, error) {
	t, err := newTreeRange(r.done.r.End(), r.done.hashes())
	return &batch{start: r.done.r.End(), most: r.cfg.BatchEntries, tree: t, began: time.Now()}, err
}

// take moves as much of a chunk as fits to the end of the batch, and says
// whether the batch is whole. What is left stays in the chunk.
func (b *batch) take(c *chunk) (whole bool, err error) {
	end := min(c.end, b.start+uint64(b.most))
	taken := 0
	for _, e := range c.entries {
		n := len(e.LeafInput) + len(e.ExtraData)
		if e.Index >= end {
			break
		}
		if len(b.entries) > 0 && b.bytes+n > maxBatchBytes {
			end, whole = e.Index, true
			break
		}
		b.entries, b.bytes = append(b.entries, e), b.bytes+n
		taken++
	}
	n := end - c.start
	if err := b.tree.add(c.hashes[:n]); err != nil {
		return false, err
	}
	b.hashes = append(b.hashes, c.hashes[:n]...)
	odd := 0
	for odd < len(c.odd) && c.odd[odd].index < end {
		odd++
	}
	b.odd = append(b.odd, c.odd[:odd]...)
	c.start, c.hashes, c.entries, c.odd = end, c.hashes[n:], c.entries[taken:], c.odd[odd:]
	return whole || len(b.hashes) >= b.most, nil
}

// prove shows that the batch is of one tree with the held tree head, and
// returns the consistency proof. Entries that contradict the head are fetched
// once more, past what may have garbled them; if they still do the log is
// caught.
func (r *run) prove(ctx context.Context, b *batch) ([]Hash, error) {
	first, wrong, err := r.compare(ctx, b, r.manner)
	if err != nil || wrong == nil {
		return first.Proof, err
	}
	again, second, err := r.refetch(ctx, b)
	if err != nil {
		return nil, err
	}
	answer, stillWrong, err := r.compare(ctx, again, manner{r.manner.tries, true})
	if err != nil {
		return nil, err
	}
	answer.Bodies, answer.Differs = second.bodies, differences(b.start, b.hashes, again.hashes)
	if stillWrong == nil {
		r.cfg.Observe(Garbled{r.cfg.Log.Name, answer.Start, answer.End, answer.Differs})
		*b = *again
		return answer.Proof, nil
	}
	return nil, r.rootFork(b, first, answer, stillWrong)
}

// rootFork makes the error of entries that contradict the held tree head in
// both answers.
func (r *run) rootFork(b *batch, first, second Answer, wrong error) *ForkError {
	return &ForkError{
		Log: r.cfg.Log, Kind: ForkRoot, Held: r.proved, Shown: r.heads.held, Next: b.start, Range: r.done.hashes(),
		Answers: []Answer{first, second}, At: r.cfg.Now().UTC(),
		Detail: fmt.Sprintf("entries [%d, %d) don't agree with the tree head of %d entries: %v",
			second.Start, second.End, r.heads.held.Size, wrong),
	}
}

// compare holds the recomputed root against the held tree head. wrong says how
// they differ; err, that it could not be found out.
func (r *run) compare(ctx context.Context, b *batch, m manner) (a Answer, wrong, err error) {
	head, end := r.heads.held, b.tree.r.End()
	a = Answer{Start: b.start, End: end, Root: b.tree.root(), At: r.cfg.Now().UTC()}
	if end < head.Size {
		if a.Proof, err = r.src.consistency(ctx, end, head.Size, m); err != nil {
			return a, nil, err
		}
	}
	return a, verifyConsistency(end, head.Size, a.Proof, a.Root, head.Root), nil
}

// refetch reads the entries of a batch again on connections of their own.
func (r *run) refetch(ctx context.Context, b *batch) (*batch, *chunk, error) {
	w := newWorkspace(r.cfg.Filter)
	c := &chunk{start: b.start, end: b.start}
	for c.end < b.tree.r.End() {
		if err := r.src.entries(ctx, c, b.tree.r.End(), r.heads.held.Size, manner{r.manner.tries, true}, w); err != nil {
			return nil, nil, err
		}
	}
	again, err := r.newBatch()
	if err != nil {
		return nil, nil, err
	}
	again.entries, again.hashes, again.odd = c.entries, slices.Clone(c.hashes), c.odd
	return again, c, again.tree.add(c.hashes)
}

// differences returns the indexes at which two answers differ, at most 100.
func differences(start uint64, a, b []Hash) []uint64 {
	const most = 100
	var out []uint64
	for i := range a {
		if a[i] != b[i] && len(out) < most {
			out = append(out, start+uint64(i))
		}
	}
	return out
}

// oddities sums up what is wrong with the entries of [start, end).
func oddities(log string, start, end uint64, odd []oddEntry) []EntrySuspect {
	const most = 100
	var out []EntrySuspect
	for _, o := range odd {
		i := slices.IndexFunc(out, func(e EntrySuspect) bool { return e.Reason == o.reason })
		if i < 0 {
			i = len(out)
			out = append(out, EntrySuspect{
				Log: log, Start: start, End: end, Reason: o.reason, Detail: fmt.Sprintf("entry %d: %v", o.index, o.err),
			})
		}
		if out[i].Count++; out[i].Count <= most {
			out[i].Indexes = append(out[i].Indexes, o.index)
		}
	}
	return out
}
