package ctlogtest

import (
	"maps"
	"slices"
	"sync"
	"time"
)

// Every says how often a fault strikes: 0 never, 1 at each request to an
// endpoint, n at each nth.
type Every int

// Faults are the ways in which a log misbehaves. The zero value is a sound log.
type Faults struct {
	// Endpoints are those, such as "get-sth", at which these strike; empty: all.
	// Of static-ct-api they are "checkpoint", "tile", "tile/data" and "issuer";
	// what strikes get-sth, get-sth-consistency or get-entries strikes the first
	// three too.
	Endpoints []string
	Limit     int // most times that each of them strikes; 0: no limit

	// Refusals.
	Status429  Every
	RetryAfter string // with 429 and 503; empty: no such header
	Status5xx  Every
	Status     int   // what Status5xx says; 0: 500
	Status400  Every // as a frontend that lags does

	// Delivery.
	TruncateJSON  Every         // half the JSON in a whole response
	Abort         Every         // the connection breaks in the middle of the body
	MalformedJSON Every         // a web page instead
	Spaces        Every         // the same JSON in another shape; of static-ct-api: gzip that doesn't say so
	OversizedBody Every         // OversizedBytes of spaces follow the JSON
	Oversized     int           // how many; 0: 80 MiB
	HangBody      Every         // half the body, then nothing until the client leaves
	SlowBody      time.Duration // a pause before each sixteenth of the body

	// get-entries.
	ShortReads     int    // at most so many entries
	EmptyEntries   Every  // no entries at all
	ExtraEntries   Every  // one entry more than asked for
	CorruptEntry   Every  // one bit of the entry CorruptIndex is turned
	CorruptIndex   uint64 // when it is in the range
	DuplicateEntry Every  // the first entry in place of the second
	ReorderEntries Every  // the first two change places

	// get-sth.
	WrongSignature Every
	WrongRoot      Every         // another root, signed
	SmallerHead    Every         // a smaller tree, signed now
	Smaller        uint64        // by so many entries; 0: 1
	OldHead        Every         // the tree head before the current one, as a frontend that lags shows
	Skew           time.Duration // the timestamp is off by so much, signed
	Fork           *Log          // the tree head of another log

	// get-sth-consistency.
	WrongProof Every // one bit of the proof is turned; of a tile, of each hash

	// static-ct-api. The faults of get-entries spoil data tiles, those of get-sth
	// checkpoints.
	PartialGone Every // a partial tile is gone because the full one is there
	NoIssuer    Every // an issuer is not there
	WrongIssuer Every // another certificate in its place
}

// faultState holds the faults and how often each struck.
type faultState struct {
	mu       sync.Mutex
	set      Faults
	requests map[string]int // by endpoint, since the faults were set
	struck   map[string]int // by fault
}

// SetFaults replaces the log's faults and starts their counts anew.
func (l *Log) SetFaults(f Faults) {
	s := &l.faults
	s.mu.Lock()
	defer s.mu.Unlock()
	s.set, s.requests, s.struck = f, map[string]int{}, map[string]int{}
}

// Injected returns how often each fault struck since they were set, by the
// name of its field.
func (l *Log) Injected() map[string]int {
	s := &l.faults
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.struck)
}

// injector decides the faults of one request.
type injector struct {
	state *faultState
	f     Faults
	nth   int // this request's number at its endpoint, from 1
}

// begin counts a request. An endpoint that the faults leave out gets none.
func (s *faultState) begin(endpoint string) *injector {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.set.Endpoints) > 0 && !slices.Contains(s.set.Endpoints, endpoint) && !slices.Contains(s.set.Endpoints, counterpart(endpoint)) {
		return &injector{state: s}
	}
	if s.requests == nil {
		s.requests = map[string]int{}
	}
	s.requests[endpoint]++
	return &injector{s, s.set, s.requests[endpoint]}
}

// counterpart is what RFC 6962 has for an endpoint of static-ct-api.
func counterpart(endpoint string) string {
	switch endpoint {
	case "checkpoint":
		return "get-sth"
	case "tile":
		return "get-sth-consistency"
	case "tile/data":
		return "get-entries"
	}
	return ""
}

// hit says whether a fault strikes now, and counts it.
func (in *injector) hit(name string, possible bool, every Every) bool {
	if !possible || every <= 0 || in.nth%int(every) != 0 {
		return false
	}
	s := in.state
	s.mu.Lock()
	defer s.mu.Unlock()
	if in.f.Limit > 0 && s.struck[name] >= in.f.Limit {
		return false
	}
	if s.struck == nil {
		s.struck = map[string]int{}
	}
	s.struck[name]++
	return true
}

// Request is a kind of request that was answered.
type Request struct {
	Endpoint string
	Status   int
}

// counters count answers.
type counters struct {
	mu sync.Mutex
	n  map[Request]int
}

// add counts one.
func (c *counters) add(endpoint string, status int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n == nil {
		c.n = map[Request]int{}
	}
	c.n[Request{endpoint, status}]++
}

// Requests returns how many requests were answered, by endpoint and status.
func (l *Log) Requests() map[Request]int {
	l.counts.mu.Lock()
	defer l.counts.mu.Unlock()
	return maps.Clone(l.counts.n)
}
