package demo

import (
	"context"
	"sync"
	"time"

	"markwatch/internal/ctlogtest"
	"markwatch/internal/marktest"
)

// LogName is the name of the world's log.
const LogName = "Larkspur"

// LogOptions say when the world is looked at and how fast its log grows.
type LogOptions struct {
	Now      time.Time     // the end of the history; zero: the time of the call
	Interval time.Duration // between two submissions while the log grows; 0: two seconds
	Once     bool          // the log holds the newcomers too, and doesn't grow
}

// Log returns the world's log with its history in place and signed, and the
// function that makes it grow by a submission each interval until its context ends,
// which is no error. A caller runs that in a goroutine of its own. With Once it
// returns at once, and the log's clock stands still.
//
// The same seed, options and course of time give the same bytes.
func (w *World) Log(ctx context.Context, opts LogOptions) (*ctlogtest.Log, func(context.Context) error, error) {
	if opts.Now.IsZero() {
		opts.Now = time.Now()
	}
	if opts.Interval <= 0 {
		opts.Interval = pace
	}
	opts.Now = opts.Now.UTC().Round(0) // the monotonic part would tell two equal times apart
	t := &clock{at: opts.Now}
	l := ctlogtest.New(ctlogtest.Options{Name: LogName, Now: t.now, MaxGetEntries: 256, Roots: w.Roots()})
	s := &submitter{log: l, cas: map[string]*marktest.CA{}}
	for _, i := range w.Issuers {
		s.cas[i.Name] = marktest.NewCA(i.Name)
	}
	past, held := w.history(opts.Now)
	for _, p := range past {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		t.set(p.At)
		s.submit(p)
	}
	t.set(opts.Now)
	if opts.Once {
		for _, h := range w.newcomers() {
			s.submit(w.renewal(h, opts.Now, 0))
		}
		l.Publish()
		return l, func(context.Context) error { return nil }, nil
	}
	l.Publish()
	grow := func(ctx context.Context) error {
		t.run()
		return w.grow(ctx, s, held, opts.Interval, t.now)
	}
	return l, grow, nil
}

// grow submits and publishes until ctx ends.
func (w *World) grow(ctx context.Context, s *submitter, held []*holding, every time.Duration, now func() time.Time) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for sub := range w.growth(held, now) {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		s.submit(sub)
		s.log.Publish()
	}
	return nil
}

// A submitter is the CAs at work.
type submitter struct {
	log *ctlogtest.Log
	cas map[string]*marktest.CA
}

// submit mints what a submission says and adds it to the log. The certificate of a
// pair is made when the log has given its SCT for the precertificate.
func (s *submitter) submit(sub Submission) {
	ca := s.cas[sub.Issuer]
	if sub.Kind == KindTLS {
		tls := ca.IssueTLS(sub.Spec.Domains[0], int(sub.Spec.Nonce))
		s.log.AddChain(append([][]byte{tls.Certificate}, tls.Chain...)...)
		return
	}
	first := ca.Issue(sub.Spec)
	if sub.Kind == KindCertificate {
		s.log.AddChain(append([][]byte{first.Certificate}, first.Chain...)...)
		return
	}
	sct, _ := s.log.AddPreChain(first.Precertificate, first.TBS, first.IssuerKeyHash, first.Chain...)
	if sub.Kind == KindPair {
		final := ca.Issue(sub.Spec, sct)
		s.log.AddChain(append([][]byte{final.Certificate}, final.Chain...)...)
	}
}

// A clock stands at one time, or runs on from it.
type clock struct {
	mu      sync.Mutex
	at      time.Time
	started time.Time // zero while it stands
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.started.IsZero() {
		return c.at
	}
	return c.at.Add(time.Since(c.started))
}

// set puts a standing clock to another time.
func (c *clock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

// run lets the clock run.
func (c *clock) run() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.started = time.Now()
}
