package scanner

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// The AIMD of a log's request rate: a refusal halves it, a success adds a
// five-hundredth of the most that is allowed.
const (
	cutFactor  = 0.5
	raiseShare = 1.0 / 500
	minRate    = 1.0 / 60 // requests per second
	rateNews   = 1.5      // a rise by this factor is worth an event
)

// limiter spaces the requests to one log and learns how fast they may come.
type limiter struct {
	log     string
	most    float64
	observe func(Event)
	lim     *rate.Limiter // safe for concurrent use

	mu    sync.Mutex
	cutAt time.Time // when the rate was last cut
	until time.Time // no request before
	told  float64   // the rate of the last event
}

// Pace is how fast one log is asked by all that ask it, and what it has refused:
// scans, backfills and audits of one Pace together keep to the rate, and none
// asks while the log wants to be left alone. Its zero value is ready.
type Pace struct {
	mu      sync.Mutex
	limiter *limiter
}

// of is the limiter of all that share the pace; a lower rate that was learned
// before holds for all of them.
func (p *Pace) of(cfg Config) *limiter {
	l := newLimiter(cfg)
	if p == nil {
		return l
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.limiter == nil {
		p.limiter = l
	} else if learned := l.rate(); learned < p.limiter.rate() {
		p.limiter.lim.SetLimit(l.lim.Limit())
	}
	return p.limiter
}

// newLimiter starts at the learned rate, or at the most that is allowed.
func newLimiter(cfg Config) *limiter {
	r := cfg.Position.Rate
	if !(r > 0 && r <= cfg.MaxRate) { // NaN too
		r = cfg.MaxRate
	}
	return &limiter{
		log: cfg.Log.Name, most: cfg.MaxRate, observe: cfg.Observe,
		lim: rate.NewLimiter(rate.Limit(r), 1), told: r,
	}
}

// wait returns when a request may be made.
func (l *limiter) wait(ctx context.Context) error {
	for {
		if err := sleep(ctx, l.paused()); err != nil {
			return err
		}
		if err := l.lim.Wait(ctx); err != nil {
			if ctx.Err() == nil { // its deadline would come first
				return context.DeadlineExceeded
			}
			return ctx.Err()
		}
		if l.paused() <= 0 {
			return nil
		}
	}
}

// paused returns how long no request may be made.
func (l *limiter) paused() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return time.Until(l.until)
}

// rate returns the current rate in requests per second.
func (l *limiter) rate() float64 { return float64(l.lim.Limit()) }

// refused says that a request begun at started was told to come later. The
// rate is cut once for all the requests that were under way together.
func (l *limiter) refused(started time.Time, pause time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if until := now.Add(pause); until.After(l.until) {
		l.until = until
	}
	if !started.After(l.cutAt) && !l.cutAt.IsZero() {
		return
	}
	l.cutAt = now
	l.set(max(minRate, l.rate()*cutFactor), "refused")
}

// succeeded raises the rate a little.
func (l *limiter) succeeded() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if r := l.rate(); r < l.most {
		l.set(min(l.most, r+l.most*raiseShare), "accepted")
	}
}

// set changes the rate, and tells of it when it is news. mu is held.
func (l *limiter) set(r float64, reason string) {
	l.lim.SetLimit(rate.Limit(r))
	if r < l.told || r >= l.told*rateNews || (r == l.most && l.told != r) {
		l.observe(RateChanged{l.log, l.told, r, reason})
		l.told = r
	}
}

// sleep waits for d or the end of ctx.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
