package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"markwatch/scanner"
	"markwatch/store"
)

// Bounds of an audit.
const (
	auditGap     = 32  // entries that are read though nobody asked, to save a request
	auditBlock   = 256 // entries of a request; a data tile of static-ct-api
	auditPatient = 3   // ranges in a row that the log doesn't serve
	maxSaid      = 1000
	maxShownBad  = 100 // entries whose bytes go into the evidence
)

// auditFault is something that isn't as it must be.
type auditFault struct {
	Check  string  `json:"check"`
	Index  *uint64 `json:"leaf_index,omitempty"`
	Detail string  `json:"detail"`
}

// auditCount says how often a check was made, and how often it failed.
type auditCount struct {
	Check   string `json:"check"`
	Checked uint64 `json:"checked"`
	Wrong   uint64 `json:"wrong"`
}

// audit is one audit of a log: what is stored of it is held against what it
// serves now.
type audit struct {
	log    scanner.Log
	store  *store.Store
	ask    *scanner.Auditor
	held   scanner.TreeHead // a verified one, the largest that is read whole if there is such
	read   uint64           // how many of its entries are read
	leaves bool             // all leaf hashes under it are stored, and make its root
	lost   uint64           // leaf hashes that are missing between others

	counts  map[string]*auditCount
	faults  []auditFault
	more    int // faults that are counted and not kept
	bad     []badEntry
	shown   *scanner.TreeHead
	fork    evidenced
	unread  int // ranges in a row that the log didn't serve
	aborted error
}

// evidenced is an error that carries what proves it.
type evidenced interface {
	error
	Evidence() []byte
}

// badEntry is what there is of an entry that differs: bytes are base64 in JSON.
type badEntry struct {
	Index  uint64       `json:"leaf_index"`
	Stored *entryBytes  `json:"stored,omitempty"`
	Served []entryBytes `json:"served"`
}

// entryBytes are the bytes of an entry.
type entryBytes struct {
	Leaf     []byte `json:"leaf_input,omitempty"`
	Extra    []byte `json:"extra_data,omitempty"`
	LeafHash []byte `json:"leaf_hash"`
}

// checked counts a check that was made.
func (a *audit) checked(check string) {
	if a.counts == nil {
		a.counts = map[string]*auditCount{}
	}
	if a.counts[check] == nil {
		a.counts[check] = &auditCount{Check: check}
	}
	a.counts[check].Checked++
}

// wrong counts a check that failed, which was counted as made.
func (a *audit) wrong(check string, index *uint64, format string, args ...any) {
	a.counts[check].Wrong++
	if len(a.faults) == maxSaid {
		a.more++
		return
	}
	a.faults = append(a.faults, auditFault{check, index, fmt.Sprintf(format, args...)})
}

// run audits the entries of these indexes, in order, and the tree. An error
// means that the audit itself could not be made.
func (a *audit) run(ctx context.Context, indexes []uint64) error {
	if a.signed(); a.aborted != nil {
		return nil
	}
	if err := a.root(ctx); err != nil {
		return err
	}
	for _, r := range auditRanges(indexes) {
		if err := a.entries(ctx, r); err != nil {
			return err
		}
		if a.aborted != nil {
			break
		}
	}
	return a.head(ctx)
}

// auditRanges puts indexes, which are in order, into ranges that are asked for
// at once.
func auditRanges(indexes []uint64) [][]uint64 {
	var out [][]uint64
	for _, i := range indexes {
		if n := len(out); n > 0 {
			r := out[n-1]
			if i-r[len(r)-1] <= auditGap && i/auditBlock == r[0]/auditBlock {
				out[n-1] = append(r, i)
				continue
			}
		}
		out = append(out, []uint64{i})
	}
	return out
}

// sampleOf picks so many of the indexes below size, the same for the same seed.
func sampleOf(size, n, seed uint64) []uint64 {
	if n >= size {
		n = size
	}
	random := rand.New(rand.NewPCG(seed, size))
	chosen := make(map[uint64]bool, n)
	for i := size - n; i < size; i++ { // Floyd's way: each subset is as likely as any other
		v := random.Uint64N(i + 1)
		if chosen[v] {
			v = i
		}
		chosen[v] = true
	}
	out := make([]uint64, 0, n)
	for i := range chosen {
		out = append(out, i)
	}
	slices.Sort(out)
	return out
}

// entries audits the entries of one range.
func (a *audit) entries(ctx context.Context, indexes []uint64) error {
	start, end := indexes[0], indexes[len(indexes)-1]+1
	var served [2][]scanner.Entry
	for n := range served {
		var err error
		if served[n], err = a.ask.Entries(ctx, start, end, a.held.Size, n > 0); err != nil {
			return a.notServed(ctx, indexes, err)
		}
	}
	a.unread = 0
	stored, err := a.store.EntriesBetween(ctx, a.log, start, end)
	if err != nil {
		return err
	}
	var leaves []scanner.Hash
	if a.leaves {
		for leaf, err := range a.store.LeafHashes(ctx, a.log, start, end) {
			if err != nil {
				return err
			}
			leaves = append(leaves, leaf)
		}
	}
	for _, i := range indexes {
		e := audited{index: i, served: [2]scanner.Entry{served[0][i-start], served[1][i-start]}}
		if s, ok := stored[i]; ok {
			e.stored = &s
		}
		if leaves != nil {
			e.leaf = &leaves[i-start]
		}
		if err := a.entry(ctx, &e); err != nil {
			return err
		}
	}
	return nil
}

// notServed counts entries that the log doesn't give, and ends the reading
// where it gives none any more.
func (a *audit) notServed(ctx context.Context, indexes []uint64, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	for range indexes {
		a.checked(checkRead)
	}
	a.counts[checkRead].Wrong += uint64(len(indexes) - 1)
	a.wrong(checkRead, &indexes[0], "%d entries of [%d, %d) are not served: %v", len(indexes), indexes[0], indexes[len(indexes)-1]+1, err)
	if a.unread++; a.unread == auditPatient {
		a.aborted = err
	}
	return nil
}

// audited is an entry, as it was served twice and as it is stored.
type audited struct {
	index  uint64
	served [2]scanner.Entry
	stored *store.LogEntry // nil: it is no mark certificate
	leaf   *scanner.Hash   // nil: the log's leaf hashes aren't kept
}

// entry holds what was served against what is stored.
func (a *audit) entry(ctx context.Context, e *audited) error {
	before := len(a.faults) + a.more
	first := e.served[0]
	a.checked(checkRead)
	a.checked(checkTwice)
	if second := e.served[1]; first.LeafHash != second.LeafHash {
		a.wrong(checkTwice, &e.index, "asked twice, the log serves two leaves: %x and %x", first.LeafHash, second.LeafHash)
	} else if !bytes.Equal(first.ExtraData, second.ExtraData) {
		a.wrong(checkTwice, &e.index, "asked twice, the log serves two versions of extra_data, of %d and %d bytes", len(first.ExtraData), len(second.ExtraData))
	}
	a.compare(e)
	if err := a.prove(ctx, e); err != nil {
		return err
	}
	if err := a.kept(ctx, e); err != nil {
		return err
	}
	if len(a.faults)+a.more > before && len(a.bad) < maxShownBad {
		a.bad = append(a.bad, e.bytes())
	}
	return nil
}

// compare holds a served entry against the stored one. What is damaged in the
// store is not held against the log.
func (a *audit) compare(e *audited) {
	first, known := e.served[0], e.leaf
	if e.stored != nil && a.whole(e) && known == nil {
		known = &e.stored.LeafHash
	}
	if known != nil {
		a.checked(checkLeaf)
		if *known != first.LeafHash {
			a.wrong(checkLeaf, &e.index, "its leaf hash is %x, and was %x when it was read", first.LeafHash, *known)
		}
	}
	if e.stored == nil {
		return
	}
	a.checked(checkExtra)
	if extra := e.stored.WholeExtraData(); !bytes.Equal(extra, first.ExtraData) {
		a.wrong(checkExtra, &e.index, "its extra_data of %d bytes differs from the %d that are stored: the log serves other bytes than it did, or the store is damaged", len(first.ExtraData), len(extra))
	}
}

// prove shows that the served leaf is in the held tree: where all leaf hashes
// are stored, because it is the stored one; else by the log's audit path.
func (a *audit) prove(ctx context.Context, e *audited) error {
	a.checked(checkProved)
	leaf := e.served[0].LeafHash
	if e.leaf != nil {
		if leaf != *e.leaf {
			a.wrong(checkProved, &e.index, "the leaf that is served is not the one under the held tree head")
		}
		return nil
	}
	path, err := a.ask.Inclusion(ctx, leaf, e.index, a.held.Size)
	if err == nil {
		err = scanner.VerifyInclusion(e.index, a.held.Size, leaf, path, a.held.Root)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		a.wrong(checkProved, &e.index, "it is not shown to be in the tree of %d entries: %v", a.held.Size, err)
	}
	return nil
}

// head asks for the tree head and holds it against the held one.
func (a *audit) head(ctx context.Context) error {
	shown, err := a.ask.TreeHead(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	a.checked(checkHead)
	if err == nil {
		a.shown = &shown
		err = a.consistent(ctx, shown)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		errors.As(err, &a.fork)
		a.wrong(checkHead, nil, "%v", err)
	}
	return nil
}

// consistent holds a new head against the held one: a smaller one by the stored
// leaf hashes, where there are some, for a log that has gone back gives no proof.
func (a *audit) consistent(ctx context.Context, shown scanner.TreeHead) error {
	if !a.leaves || shown.Size >= a.held.Size {
		return a.ask.Consistent(ctx, a.held, shown)
	}
	root, _, err := scanner.RootOf(a.store.LeafHashes(ctx, a.log, 0, shown.Size))
	if err != nil {
		return err
	}
	if root != shown.Root {
		return fmt.Errorf("the tree head of %d entries has the root %x; by the stored entries it must be %x", shown.Size, shown.Root, root)
	}
	return nil
}

// bytes are what goes into the evidence.
func (e *audited) bytes() badEntry {
	b := badEntry{Index: e.index}
	for _, s := range e.served {
		b.Served = append(b.Served, entryBytes{s.LeafInput, s.ExtraData, bytes.Clone(s.LeafHash[:])})
	}
	switch {
	case e.stored != nil:
		b.Stored = &entryBytes{e.stored.LeafInput, e.stored.WholeExtraData(), bytes.Clone(e.stored.LeafHash[:])}
	case e.leaf != nil:
		b.Stored = &entryBytes{LeafHash: bytes.Clone(e.leaf[:])}
	}
	return b
}
