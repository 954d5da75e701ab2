package scanner

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Bounds of what is remembered about tree heads.
const (
	clockTolerance = 5 * time.Minute // that a log's clock may be ahead of ours
	maxSeenHeads   = 1024
	maxUnproved    = 16
	maxProofLeaves = 1 << 20 // leaf hashes read to prove what a smaller tree was
)

// headKey tells tree heads apart.
type headKey struct {
	size uint64
	root Hash
	ms   int64
}

// keyOf returns a tree head's key.
func keyOf(h TreeHead) headKey { return headKey{h.Size, h.Root, h.Timestamp.UnixMilli()} }

// heads checks every tree head that a log shows against all that is held. It
// belongs to the goroutine that runs the scan.
type heads struct {
	cfg    Config
	src    source
	manner manner

	held     TreeHead             // largest verified head, of equal ones the newest; zero: none
	latest   time.Time            // newest timestamp of any verified head
	verified time.Time            // when a head last verified
	news     []TreeHead           // verified heads that no batch has told of
	unproved []TreeHead           // signed heads whose consistency could not be asked for
	seen     map[headKey]struct{} // verified heads, the recent ones
	absent   absences             // what verified heads lack
}

// newHeads goes on from a position.
func newHeads(cfg Config, src source, m manner) *heads {
	p := cfg.Position
	h := &heads{cfg: cfg, src: src, manner: m, held: p.Head, verified: p.Verified, latest: p.Head.Timestamp}
	h.seen = map[headKey]struct{}{}
	if !p.Head.IsZero() {
		h.seen[keyOf(p.Head)] = struct{}{}
		h.absent.add(p.Head, cfg.Now())
	}
	return h
}

// poll asks for the log's tree head and checks it, and those left over from
// before. done is the compact range of the entries read so far. A head that
// can't be of one tree with the others is a *ForkError.
func (s *heads) poll(ctx context.Context, m manner, done treeRange) error {
	shown, err := s.src.head(ctx, m)
	if err != nil {
		return err
	}
	s.doubt(shown)
	again := s.unproved
	s.unproved = nil
	for _, h := range append(again, shown) {
		if err := s.check(ctx, h, done); err != nil {
			return err
		}
	}
	return nil
}

// doubt tells of what is odd about a head's time.
func (s *heads) doubt(h TreeHead) {
	tell := func(why Suspicion, format string, args ...any) {
		s.cfg.Observe(HeadSuspect{s.cfg.Log.Name, h, why, fmt.Sprintf(format, args...)})
	}
	now := s.cfg.Now()
	if ahead := h.Timestamp.Sub(now); ahead > clockTolerance {
		tell(SuspectFuture, "signed %s ahead of our clock", ahead.Round(time.Second))
	}
	if age := now.Sub(h.Timestamp); age > s.cfg.Log.mmd() {
		tell(SuspectStale, "signed %s ago, maximum merge delay is %s", age.Round(time.Second), s.cfg.Log.mmd())
	}
	if h.Timestamp.Before(s.latest) {
		tell(SuspectBackwards, "signed %s before one seen earlier", s.latest.Sub(h.Timestamp))
	}
	if h.Size < s.held.Size && h.Timestamp.After(s.held.Timestamp) {
		tell(SuspectShrunk, "%d entries, %d were signed before", h.Size, s.held.Size)
	}
}

// check proves that a signed head is of one tree with what is held, and
// records it.
func (s *heads) check(ctx context.Context, h TreeHead, done treeRange) error {
	if _, ok := s.seen[keyOf(h)]; ok {
		s.record(h, false)
		return nil
	}
	var err error
	switch {
	case h.Size == 0 && h.Root != emptyRoot():
		err = s.fork(ForkLeaves, h, done, nil, "the tree of no entries has another root than that of nothing")
	case s.held.IsZero():
	case h.Size == s.held.Size && h.Root != s.held.Root:
		err = s.fork(ForkSameSize, h, done, nil, fmt.Sprintf("two trees of %d entries were signed", h.Size))
	case h.Size > s.held.Size:
		err = s.joined(ctx, h, done)
	case h.Size < s.held.Size:
		err = s.checkSmaller(ctx, h, done)
	}
	var unreachable *UnreachableError
	if errors.As(err, &unreachable) && s.manner.tries == 0 {
		s.cfg.Observe(HeadSuspect{s.cfg.Log.Name, h, SuspectUnproved, err.Error()})
		if s.unproved = append(s.unproved, h); len(s.unproved) > maxUnproved {
			s.unproved = s.unproved[1:]
		}
		return nil
	}
	if err != nil {
		return err
	}
	s.record(h, true)
	return nil
}

// record takes a head that proved good.
func (s *heads) record(h TreeHead, news bool) {
	s.verified = s.cfg.Now().UTC()
	s.absent.add(h, s.verified)
	if s.held.IsZero() || h.Size > s.held.Size || h.Size == s.held.Size && h.Timestamp.After(s.held.Timestamp) {
		s.held = h
	}
	if h.Timestamp.After(s.latest) {
		s.latest = h.Timestamp
	}
	if news {
		if len(s.seen) >= maxSeenHeads {
			clear(s.seen)
		}
		s.seen[keyOf(h)] = struct{}{}
		s.news = append(s.news, h)
	}
	s.cfg.Observe(HeadVerified{s.cfg.Log.Name, h, news})
}

// joined asks the log to prove that h and the held head are of one tree. A
// proof that doesn't is asked for once more, past what may have garbled it.
func (s *heads) joined(ctx context.Context, h TreeHead, done treeRange) error {
	small, large := s.held, h
	if h.Size < s.held.Size {
		small, large = h, s.held
	}
	if small.Size == 0 {
		return verifyConsistency(0, large.Size, nil, small.Root, large.Root)
	}
	m := s.manner
	if m.tries == 0 {
		m.tries = headProofTries
	}
	var proofs [][]Hash
	var wrong error
	for _, m.fresh = range []bool{false, true} {
		proof, err := s.src.consistency(ctx, small.Size, large.Size, m)
		if err != nil {
			return err
		}
		if wrong = verifyConsistency(small.Size, large.Size, proof, small.Root, large.Root); wrong == nil {
			return nil
		}
		proofs = append(proofs, proof)
	}
	return s.fork(ForkConsistency, h, done, proofs,
		fmt.Sprintf("no proof joins the trees of %d and %d entries: %v", small.Size, large.Size, wrong))
}

// checkSmaller holds a smaller head against the entries we read, or, where we
// can't, against the log's own proof.
func (s *heads) checkSmaller(ctx context.Context, h TreeHead, done treeRange) error {
	if h.Size == 0 {
		return nil // its root was compared before
	}
	root, ok := done.root(), h.Size == done.r.End()
	if h.Size < done.r.End() {
		root, ok = s.storedRoot(ctx, h.Size, done)
	}
	switch {
	case !ok:
		return s.joined(ctx, h, done)
	case root == h.Root:
		return nil
	}
	f := s.fork(ForkLeaves, h, done, nil, fmt.Sprintf("a tree of %d entries was signed that is not the one we read", h.Size))
	f.Computed = root
	f.ComputedProof = s.storedProof(ctx, h.Size, done.r.End())
	return f
}

// storedRoot recomputes the root of the first size entries from the leaf hashes
// that are stored. They count only if all of them together give the root of
// what was read: damage to the store must not look like a fork.
func (s *heads) storedRoot(ctx context.Context, size uint64, done treeRange) (root Hash, ok bool) {
	t, err := newTreeRange(0, nil)
	if err != nil || s.cfg.Leaves == nil {
		return Hash{}, false
	}
	whole := s.eachLeaf(ctx, done.r.End(), func(h Hash) error {
		err := t.add([]Hash{h})
		if t.r.End() == size {
			root = t.root()
		}
		return err
	})
	return root, whole && t.root() == done.root()
}

// eachLeaf calls add with the stored hashes of [0, size), and says whether they
// were all there.
func (s *heads) eachLeaf(ctx context.Context, size uint64, add func(Hash) error) bool {
	n := uint64(0)
	for h, err := range s.cfg.Leaves(ctx, 0, size) {
		if err != nil || n == size || add(h) != nil {
			return false
		}
		n++
	}
	return n == size
}

// storedProof makes the consistency proof from size a to size b from stored
// leaf hashes; nil where they are too many or not there.
func (s *heads) storedProof(ctx context.Context, a, b uint64) []Hash {
	if a >= b || b > maxProofLeaves || s.cfg.Leaves == nil {
		return nil
	}
	leaves := make([]Hash, 0, b)
	if !s.eachLeaf(ctx, b, func(h Hash) error { leaves = append(leaves, h); return nil }) {
		return nil
	}
	return consistencyProof(leaves, a)
}

// fork makes the error that ends the scan.
func (s *heads) fork(kind ForkKind, shown TreeHead, done treeRange, proofs [][]Hash, detail string) *ForkError {
	return &ForkError{
		Log: s.cfg.Log, Kind: kind, Held: s.held, Shown: shown, Next: done.r.End(), Range: done.hashes(),
		Proofs: proofs, Computed: emptyRoot(), Detail: detail, At: s.cfg.Now().UTC(),
	}
}
