package scanner

import (
	"fmt"
	"time"
)

// ForkKind says what was compared when a log was caught.
type ForkKind string

// The ways in which a log can contradict itself.
const (
	// ForkSameSize: two signed tree heads of one size have different roots.
	ForkSameSize ForkKind = "same-size"
	// ForkConsistency: the log's own proof doesn't join two signed tree heads.
	ForkConsistency ForkKind = "consistency"
	// ForkLeaves: a signed tree head contradicts the entries we read before.
	ForkLeaves ForkKind = "leaves"
	// ForkRoot: the entries the log serves contradict its signed tree head.
	ForkRoot ForkKind = "root"
	// ForkRange: a range of entries that was read by itself is no part of the
	// tree of the signed tree head.
	ForkRange ForkKind = "range"
)

// Answer is one of the log's answers about the range of entries in dispute.
type Answer struct {
	Start, End uint64    // the entries it covers, [Start, End)
	Root       Hash      // root of [0, End) recomputed with it; for ForkRange that of [Start, End)
	Proof      []Hash    // consistency proof from End to the tree head, where one is needed; for ForkRange audit path of Root
	Bodies     []Hash    // SHA-256 of each response body, where they were kept
	Differs    []uint64  // indexes whose leaf hash differs from the answer before, at most 100
	At         time.Time // when it was complete
}

// ForkError says that a log showed what can't all belong to one append-only
// tree. It ends the scan of that log.
type ForkError struct {
	Log   Log
	Kind  ForkKind
	Held  TreeHead // verified tree head we held; zero if there was none
	Shown TreeHead // verified tree head that contradicts it (for ForkRoot and ForkRange: that the entries contradict)
	// Next and Range are the position at which the contradiction was found:
	// the compact range of [0, Next), proved under Held. For ForkRange, which
	// depends on nothing before it, Range and Held are empty.
	Next  uint64
	Range []Hash
	// Proofs are the consistency proofs that the log gave between Held and
	// Shown (smaller to larger), each of which should have joined them.
	Proofs [][]Hash
	// Computed is the root that the smaller of both trees must have by the
	// entries we hold (ForkLeaves), and ComputedProof the proof from it to
	// the root of Range.
	Computed      Hash
	ComputedProof []Hash
	Answers       []Answer // for ForkRoot and ForkRange: what the log answered, the first time and the second
	Detail        string   // what didn't agree, in words
	At            time.Time
}

// Error says which log contradicts itself and how.
func (e *ForkError) Error() string {
	return fmt.Sprintf("log %s contradicts itself (%s): %s", e.Log.Name, e.Kind, e.Detail)
}

// SignatureError says that a log kept showing tree heads whose signature
// doesn't verify. No such head is ever used. One of them is an event and is
// asked for again; several in a row end the scan of that log.
type SignatureError struct {
	Log   Log
	Head  TreeHead // as the log showed it; not to be believed
	Tries int      // how many in a row
	Err   error    // why it doesn't verify
	At    time.Time
}

// Error says which log's signature doesn't verify.
func (e *SignatureError) Error() string {
	return fmt.Sprintf("log %s: tree head of %d entries, %d in a row like it: %v", e.Log.Name, e.Head.Size, e.Tries, e.Err)
}

// Unwrap returns why the signature doesn't verify.
func (e *SignatureError) Unwrap() error { return e.Err }

// UnreachableError says that a log didn't answer usefully. It is given only by
// a scan with Config.Once; any other goes on trying.
type UnreachableError struct {
	Log   Log
	Doing string // what was asked of the log
	Tries int
	Err   error // why the last try came to nothing
	At    time.Time
}

// Error says which log was given up and why.
func (e *UnreachableError) Error() string {
	tries := "one try"
	if e.Tries != 1 {
		tries = fmt.Sprintf("%d tries", e.Tries)
	}
	return fmt.Sprintf("log %s: %s: given up after %s: %v", e.Log.Name, e.Doing, tries, e.Err)
}

// Unwrap returns the cause of the last try.
func (e *UnreachableError) Unwrap() error { return e.Err }
