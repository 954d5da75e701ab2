package faults

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"markwatch/scanner"
)

// The proxy lets no answer have more entries than this, so that a small log is
// read in many requests.
const mostEntries = 64

// The kinds of requests at which a fault can strike.
const (
	atHead    = "head"
	atProof   = "proof"
	atEntries = "entries"
	atIssuer  = "issuer"
)

// proxy stands before a sound log and does to its answers what a fault says.
type proxy struct {
	log   *Log
	fault Fault

	mu       sync.Mutex
	step     int // which of the log's tree heads is shown
	stage    int // as in Fault
	asked    int // requests at which the fault can strike
	struck   int
	first    time.Time   // when it struck first
	requests []time.Time // all that came
}

// show lets the proxy show a later tree head, at a stage of the reading.
func (p *proxy) show(step, stage int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.step, p.stage = step, stage
}

// injected is how often the fault struck, and when first.
func (p *proxy) injected() (int, time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.struck, p.first
}

// arrivals is when requests came.
func (p *proxy) arrivals() []time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.requests)
}

// head is the tree head to be shown, and the one some steps before it.
func (p *proxy) head() (now, before scanner.TreeHead) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.heads[p.step], p.log.heads[max(0, p.step-stepsBack)]
}

// kindOf says what a path is asked for.
func kindOf(path string) string {
	switch {
	case strings.HasSuffix(path, "/get-sth"), strings.HasSuffix(path, "/checkpoint"):
		return atHead
	case strings.HasSuffix(path, "/get-entries"), strings.Contains(path, "/tile/data/"):
		return atEntries
	case strings.HasSuffix(path, "/get-sth-consistency"), strings.Contains(path, "/tile/"):
		return atProof
	case strings.Contains(path, "/issuer/"):
		return atIssuer
	}
	return ""
}

// begin counts a request and says whether the fault strikes it.
func (p *proxy) begin(kind string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	p.requests = append(p.requests, now)
	f := p.fault
	if p.stage < f.Stage || len(f.At) > 0 && !slices.Contains(f.At, kind) || kind == "" {
		return false
	}
	p.asked++
	return f.strikes() && p.asked > f.After && (f.Limit < 0 || p.struck < f.limit())
}

// note counts a strike.
func (p *proxy) note() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.struck++; p.first.IsZero() {
		p.first = time.Now()
	}
}

// ServeHTTP answers as the log does, or as the fault says.
func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	kind := kindOf(r.URL.Path)
	strikes := p.begin(kind)
	if strikes && p.fault.instead != nil && p.fault.instead(p, w, r) {
		p.note()
		return
	}
	a, err := p.answer(r, kind, strikes)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	if a.status != http.StatusOK {
		w.WriteHeader(a.status)
		_, _ = w.Write(a.body) // the client may have left
		return
	}
	if strikes && p.fault.body != nil {
		if body := p.fault.body(p.log, slices.Clone(a.body)); !slices.Equal(body, a.body) {
			a.body = body
			p.note()
		}
	}
	if e := a.header.Get("Content-Encoding"); e != "" {
		w.Header().Set("Content-Encoding", e)
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	if strikes && p.fault.send != nil {
		p.note()
		p.fault.send(w, r, a.body)
		return
	}
	_, _ = w.Write(a.body)
}

// answer is the log's answer; a tree head is the proxy's to choose.
func (p *proxy) answer(r *http.Request, kind string, strikes bool) (answer, error) {
	if kind != atHead {
		return p.log.get(r.Context(), r.URL.Path+query(r.URL, p.fault.align && strikes, p.note))
	}
	h, before := p.head()
	if !strikes || p.fault.head == nil {
		return answer{status: http.StatusOK, body: h.Raw}, nil
	}
	p.note()
	h, err := p.log.sign(p.fault.head(h, before))
	if err != nil {
		return answer{}, err
	}
	if p.fault.unsigned {
		h.Signature[len(h.Signature)-1] ^= 1
	}
	body, err := p.log.encode(h)
	return answer{status: http.StatusOK, body: body}, err
}

// query is what is asked of the log: of entries no more than mostEntries, and
// where they are aligned to the end of a block of so many.
func query(u *url.URL, align bool, note func()) string {
	q := u.Query()
	start, err := strconv.ParseUint(q.Get("start"), 10, 63)
	if err != nil {
		if u.RawQuery == "" {
			return ""
		}
		return "?" + u.RawQuery
	}
	end, err := strconv.ParseUint(q.Get("end"), 10, 63)
	if err != nil {
		return "?" + u.RawQuery
	}
	last := start + mostEntries - 1
	if align {
		last = start - start%mostEntries + mostEntries - 1
		if last < end {
			note()
		}
	}
	q.Set("end", strconv.FormatUint(min(end, last), 10))
	return "?" + q.Encode()
}
