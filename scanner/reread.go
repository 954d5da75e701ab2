package scanner

import (
	"context"
	"fmt"
	"time"
)

// Auditor asks a log again for what it has shown before. It keeps one manner
// towards the log over all its questions: rate, learned cap, connections. It is
// for one goroutine.
type Auditor struct {
	run *run
	w   *workspace
}

// Auditor starts an audit with the rate and cap of the configured position. It
// makes no request. With Config.Once its methods give up after a few tries
// with an *UnreachableError.
func (s *Scanner) Auditor() (*Auditor, error) {
	cfg := s.cfg
	cfg.Filter = func([]byte) bool { return true }
	cfg.Position.Next, cfg.Position.Range = 0, nil
	r, err := newRun(cfg)
	if err != nil {
		return nil, err
	}
	return &Auditor{r, newWorkspace(cfg.Filter)}, nil
}

// Entries asks for the entries [start, end), all of them whatever they are, in
// order. size is that of a tree head that covers end. fresh asks past caches,
// on connections that nothing else has used. Nothing of the answer is checked:
// LeafHash is that of what came.
func (a *Auditor) Entries(ctx context.Context, start, end, size uint64, fresh bool) ([]Entry, error) {
	c := &chunk{start: start, end: start}
	for c.end < end {
		if err := a.run.src.entries(ctx, c, end, size, manner{a.run.manner.tries, fresh}, a.w); err != nil {
			return nil, err
		}
	}
	if uint64(len(c.entries)) != end-start || len(c.hashes) != len(c.entries) {
		return nil, fmt.Errorf("log %s: %d entries came for [%d, %d)", a.run.cfg.Log.Name, len(c.entries), start, end)
	}
	for i := range c.entries {
		c.entries[i].LeafHash = c.hashes[i]
	}
	return c.entries, nil
}

// TreeHead asks for the tree head and verifies its signature; one that doesn't
// verify is a *SignatureError.
func (a *Auditor) TreeHead(ctx context.Context) (TreeHead, error) {
	return a.run.src.head(ctx, a.run.manner)
}

// inclusionTries is how often an audit asks for an audit path: a log that
// doesn't know a leaf says so each time.
const inclusionTries = 2

// Inclusion asks for the audit path of a leaf in the tree of this size, that of
// a tree head. It is the log's, and yet to be checked with VerifyInclusion.
func (a *Auditor) Inclusion(ctx context.Context, leaf Hash, index, size uint64) ([]Hash, error) {
	at, path, err := a.run.src.inclusion(ctx, leaf, &index, size, manner{tries: inclusionTries})
	if err == nil && at != index {
		err = fmt.Errorf("log %s: the leaf is its entry %d, not %d", a.run.cfg.Log.Name, at, index)
	}
	return path, err
}

// Consistent asks whether two verified tree heads are of one append-only tree.
// A *ForkError says that they are not; any other error, that it could not be
// found out.
func (a *Auditor) Consistent(ctx context.Context, held, shown TreeHead) error {
	small, large := held, shown
	if small.Size > large.Size {
		small, large = large, small
	}
	fork := &ForkError{Log: a.run.cfg.Log, Kind: ForkSameSize, Held: held, Shown: shown, At: time.Now().UTC()}
	var proof []Hash
	if 0 < small.Size && small.Size < large.Size {
		fork.Kind = ForkConsistency
		var err error
		if proof, err = a.run.src.consistency(ctx, small.Size, large.Size, a.run.manner); err != nil {
			return err
		}
		fork.Proofs = [][]Hash{proof}
	}
	if err := verifyConsistency(small.Size, large.Size, proof, small.Root, large.Root); err != nil {
		fork.Detail = fmt.Sprintf("the tree heads of %d and %d entries are not of one tree: %v", small.Size, large.Size, err)
		return fork
	}
	return nil
}

// RootOf recomputes the root over leaf hashes in order, and says how many there
// are. The first error ends it.
func RootOf(leaves func(yield func(Hash, error) bool)) (root Hash, size uint64, err error) {
	t, err := newTreeRange(0, nil)
	if err != nil {
		return Hash{}, 0, err
	}
	for leaf, err := range leaves {
		if err == nil {
			err = t.add([]Hash{leaf})
		}
		if err != nil {
			return Hash{}, 0, err
		}
	}
	return t.root(), t.r.End(), nil
}
