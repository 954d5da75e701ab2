package faults

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"markwatch/scanner"
)

// Outcome is what must come of a fault.
type Outcome string

// The outcomes.
const (
	Recovers Outcome = "recovers" // all is read; the store is as that of a sound log
	Notes    Outcome = "notes"    // all is read; what a leaf doesn't cover differs, and is noted
	Stops    Outcome = "stops"    // the log is stopped, with evidence and an alarm
)

// Fault is one way to misbehave.
type Fault struct {
	Name    string
	Only    scanner.Type // the protocol that has it; empty: both
	At      []string     // kinds of requests at which it strikes; none: all
	Stage   int          // from when: 0 the first request, 1 when the log's first part is stored
	After   int          // requests that pass before it strikes
	Limit   int          // most times that it strikes; 0: 2, less: always
	Outcome Outcome
	Seen    string // what the program must tell of it; empty: nothing
	Restart bool   // the program is ended at Seen, or between the stages, and started again
	Quick   bool   // one of the few of -quick

	instead  func(p *proxy, w http.ResponseWriter, r *http.Request) bool // answers itself
	head     func(h, before scanner.TreeHead) scanner.TreeHead           // another tree head, to be signed
	unsigned bool                                                        // and its signature spoilt
	body     func(l *Log, body []byte) []byte                            // another body
	send     func(w http.ResponseWriter, r *http.Request, body []byte)   // sends the body
	align    bool                                                        // ranges are cut as CTFE cuts them
}

// limit is how often it strikes at most.
func (f Fault) limit() int {
	if f.Limit == 0 {
		return 2
	}
	return f.Limit
}

// strikes says whether there is anything to do.
func (f Fault) strikes() bool {
	return f.instead != nil || f.head != nil || f.body != nil || f.send != nil || f.align
}

// of says whether a log can have the fault.
func (f Fault) of(l *Log) bool { return f.Only == "" || f.Only == l.Type }

const (
	stepsBack   = 5  // by how many tree heads an older one is older
	drip        = 16 // pieces of a slow body
	dripPause   = 40 * time.Millisecond
	flood       = 66 << 20 // bytes of an oversized body
	floodPiece  = 1 << 20
	redirection = "http://127.0.0.1:9/elsewhere" // nobody may ask there
)

// refusal answers with a status, and a Retry-After where there is one.
func refusal(status int, retryAfter func() string) func(*proxy, http.ResponseWriter, *http.Request) bool {
	return func(_ *proxy, w http.ResponseWriter, _ *http.Request) bool {
		if retryAfter != nil {
			w.Header().Set("Retry-After", retryAfter())
		}
		http.Error(w, http.StatusText(status), status)
		return true
	}
}

// text is a Retry-After that is always the same.
func text(s string) func() string { return func() string { return s } }

// soon is a Retry-After that is a date, two seconds from now.
func soon(layout string, zone *time.Location) func() string {
	return func() string { return time.Now().Add(2 * time.Second).In(zone).Format(layout) }
}

// reset breaks the connection off without an answer.
func reset(_ *proxy, w http.ResponseWriter, _ *http.Request) bool {
	hijacked, ok := w.(http.Hijacker)
	if !ok {
		return false
	}
	conn, _, err := hijacked.Hijack()
	if err != nil {
		return false
	}
	if tcp, ok := conn.(interface{ SetLinger(int) error }); ok {
		_ = tcp.SetLinger(0) // a reset and no end; without it the fault is milder
	}
	_ = conn.Close()
	return true
}

// redirected sends the client to another host.
func redirected(_ *proxy, w http.ResponseWriter, r *http.Request) bool {
	http.Redirect(w, r, redirection, http.StatusFound)
	return true
}

// gone says that there is no such thing.
func gone(_ *proxy, w http.ResponseWriter, r *http.Request) bool {
	http.NotFound(w, r)
	return true
}

// expired says so of a partial tile of which there is the full one
// (c2sp.org/static-ct-api, Partial tiles).
func expired(p *proxy, w http.ResponseWriter, r *http.Request) bool {
	full, _, partial := strings.Cut(r.URL.Path, ".p/")
	if !partial {
		return false
	}
	a, err := p.log.get(r.Context(), full)
	if err != nil || a.status != http.StatusOK {
		return false
	}
	return gone(p, w, r)
}

// half sends half the body as if it were all.
func half(_ *Log, body []byte) []byte { return body[:len(body)/2] }

// webPage is what a frontend that is ill says with status 200.
func webPage(*Log, []byte) []byte { return []byte("<html><body>back soon</body></html>") }

// broken ends the connection in the middle of the body.
func broken(w http.ResponseWriter, _ *http.Request, body []byte) {
	_, _ = w.Write(body[:len(body)/2])
	flush(w)
	panic(http.ErrAbortHandler)
}

// hanging sends half the body and then nothing until the client leaves.
func hanging(w http.ResponseWriter, r *http.Request, body []byte) {
	_, _ = w.Write(body[:len(body)/2])
	flush(w)
	<-r.Context().Done()
	panic(http.ErrAbortHandler)
}

// slow sends the body in pieces with pauses.
func slow(w http.ResponseWriter, r *http.Request, body []byte) {
	tick := time.NewTicker(dripPause)
	defer tick.Stop()
	for size := len(body)/drip + 1; len(body) > 0; body = body[min(size, len(body)):] {
		select {
		case <-tick.C:
		case <-r.Context().Done():
			return
		}
		_, _ = w.Write(body[:min(size, len(body))])
		flush(w)
	}
}

// flooding follows the body with more than anybody should take.
func flooding(w http.ResponseWriter, _ *http.Request, body []byte) {
	w.Header().Del("Content-Length")
	_, _ = w.Write(body)
	piece := []byte(strings.Repeat(" ", floodPiece))
	for range flood / floodPiece {
		if _, err := w.Write(piece); err != nil {
			return
		}
	}
}

// boasting announces as much and sends little.
func boasting(w http.ResponseWriter, _ *http.Request, body []byte) {
	w.Header().Set("Content-Length", fmt.Sprint(1<<40))
	_, _ = w.Write(body)
	flush(w)
	panic(http.ErrAbortHandler)
}

// flush sends what was written.
func flush(w http.ResponseWriter) {
	if f, ok := w.(http.Flusher); ok {
		f.Flush()
	}
}
