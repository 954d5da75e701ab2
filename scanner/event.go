package scanner

import "time"

// Event is something that metrics, logs and alarms may want to know of; it
// never asks for a decision. Each is one of the types below.
type Event interface {
	// Kind names the event, such as "request" or "retry", for metrics.
	Kind() string
}

// RequestDone is one HTTP request, whatever came of it.
type RequestDone struct {
	Log      string
	Endpoint string // get-sth, get-entries …; of a static-ct-api log checkpoint, tile, tile/data, issuer
	Status   int    // 0 if there was no response
	Duration time.Duration
	Bytes    int64 // of the body
	Err      error // nil if the response was read whole
}

// Retry says that a request came to nothing and will be made again.
type Retry struct {
	Log      string
	Endpoint string
	Reason   string // throttled, status, network, timeout, malformed, oversized, signature
	Attempt  int    // 1 after the first try
	Wait     time.Duration
	Since    time.Time // since when no request to this log has succeeded
	Err      error
}

// Recovered says that a log which could not be reached answers again.
type Recovered struct {
	Log   string
	Since time.Time // since when it had not answered
}

// HeadVerified is a tree head whose signature verified and which is of one
// tree with all that we hold.
type HeadVerified struct {
	Log  string
	Head TreeHead
	News bool // not seen before
}

// HeadSuspect is a head that is no proof of a fork but that no sound log shows
// in the ordinary course.
type HeadSuspect struct {
	Log    string
	Head   TreeHead
	Reason Suspicion
	Detail string
}

// Suspicion says what is wrong with a tree head, or with the log that shows it.
type Suspicion string

// The suspicions.
const (
	SuspectSignature Suspicion = "signature" // the signature doesn't verify; the head isn't used
	SuspectFuture    Suspicion = "future"    // its timestamp lies ahead of our clock
	SuspectStale     Suspicion = "stale"     // its timestamp is older than the maximum merge delay
	SuspectBackwards Suspicion = "backwards" // older than a head seen before: a frontend that lags, or a clock set back
	SuspectShrunk    Suspicion = "shrunk"    // smaller than a head seen before, but signed later
	SuspectUnproved  Suspicion = "unproved"  // its consistency could not be asked for; it isn't used, and is tried again
)

// RateChanged says that the log's rate limit was learned anew.
type RateChanged struct {
	Log      string
	Old, New float64 // requests per second
	Reason   string
}

// CapLearned says how many entries the log gives in one response at most.
type CapLearned struct {
	Log string
	Cap int
}

// Garbled says that entries contradicted a tree head once and agreed when they
// were fetched again: something between us and the log damaged them.
type Garbled struct {
	Log        string
	Start, End uint64
	Indexes    []uint64 // the entries that differed, at most 100
}

// EntrySuspect says that entries, which are proved and delivered all the same,
// are not as their log must make them.
type EntrySuspect struct {
	Log        string
	Start, End uint64 // the batch, [Start, End)
	Reason     EntryOddity
	Count      int
	Indexes    []uint64 // the entries, at most 100
	Detail     string   // what is wrong with the first
}

// EntryOddity says what is wrong with an entry.
type EntryOddity string

// The oddities.
const (
	EntryLeafIndex EntryOddity = "leaf-index" // leaf_index is absent, broken or another entry's
	EntryIssuer    EntryOddity = "issuer"     // the log doesn't give an issuer of its chain; extra_data is without it
	EntryLate      EntryOddity = "late"       // merged later than the maximum merge delay after its SCT; entries that passed the filter
)

// Kind names the event.
func (RequestDone) Kind() string { return "request" }

// Kind names the event.
func (Retry) Kind() string { return "retry" }

// Kind names the event.
func (Recovered) Kind() string { return "recovered" }

// Kind names the event.
func (HeadVerified) Kind() string { return "head" }

// Kind names the event.
func (HeadSuspect) Kind() string { return "suspect" }

// Kind names the event.
func (RateChanged) Kind() string { return "rate" }

// Kind names the event.
func (CapLearned) Kind() string { return "cap" }

// Kind names the event.
func (Garbled) Kind() string { return "garbled" }

// Kind names the event.
func (EntrySuspect) Kind() string { return "entry" }
