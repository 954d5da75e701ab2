package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"markwatch/scanner"
	"markwatch/store"
)

// claimLife is how long a claim lasts that isn't renewed: the work of a machine
// that died is taken over after it.
const claimLife = time.Minute

// claimFor is claimLife, or what a test takes.
func (w *watcher) claimFor() time.Duration {
	if w.claimLife > 0 {
		return w.claimLife
	}
	return claimLife
}

// ranges is how many ranges of a log are read side by side, one or more.
func (c *Config) ranges() int { return max(1, c.Ranges) }

// newOwner is a name for this process that no other has.
func newOwner() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return fmt.Sprintf("%s %d %s", host, os.Getpid(), strings.ToLower(rand.Text()[:8]))
}

// claimOf is what claims of a log begin with; by itself it is the claim of who
// moves the log's position.
func claimOf(log scanner.Log) string {
	id := log.ID()
	return "log " + base64.StdEncoding.EncodeToString(id[:])
}

// readLog follows a log. One that is far behind is read in ranges first, where
// that is configured. With claims one process moves the log's position, and
// the others read ranges for it until they take its place.
func (w *watcher) readLog(ctx context.Context, log scanner.Log) error {
	if w.config.Ranges == 0 && !w.config.Claim {
		return w.follow(ctx, log)
	}
	for ctx.Err() == nil {
		lead, err := w.claim(ctx, log, claimOf(log))
		if err != nil {
			return err
		}
		if lead == nil {
			if err := w.help(ctx, log); err != nil {
				return w.scanEnded(ctx, log, err)
			}
			continue
		}
		if err = w.catchUp(lead.ctx, log, true); err != nil {
			err = w.scanEnded(lead.ctx, log, err)
		} else {
			err = w.follow(lead.ctx, log)
		}
		if lost := lead.end(); !lost || ctx.Err() != nil {
			return err
		}
		w.log.Warn("another markwatch has taken this one's place with a log", "log", log.Name)
	}
	return nil
}

// help reads ranges of a log whose position another process moves, and returns
// when there are none left, or that process seems to be gone.
func (w *watcher) help(ctx context.Context, log scanner.Log) error {
	var state *store.LogState
	if err := w.patiently(ctx, log, "the store does not say how a log stands; it is asked again", func() (err error) {
		state, err = w.store.LogState(ctx, log)
		return err
	}); err != nil {
		return err
	}
	if state == nil || isFarBehind(state.Next, state.Size, w.batchEntries) {
		if err := w.catchUp(ctx, log, false); err != nil {
			return err
		}
	}
	if _, _, err := w.standing(ctx, log); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
	case <-time.After(w.claimFor() / 3):
	}
	return w.stopped(ctx, log)
}

// stopped is a *store.StoppedError if a log is stopped, which with claims others may do.
func (w *watcher) stopped(ctx context.Context, log scanner.Log) error {
	if !w.config.Claim {
		return nil
	}
	var reason string
	var stopped bool
	err := w.patiently(ctx, log, "the store does not say whether a log is stopped; it is asked again", func() (err error) {
		reason, stopped, err = w.store.Stopped(ctx, log)
		return err
	})
	if err == nil && stopped {
		err = &store.StoppedError{Log: log.Name, Reason: reason}
	}
	return err
}

// standing is how far a log is read, and whether some process moves its
// position. What that process has found is known here from then on.
func (w *watcher) standing(ctx context.Context, log scanner.Log) (next uint64, led bool, err error) {
	err = w.patiently(ctx, log, "the store does not say how a log stands; it is asked again", func() error {
		state, err := w.store.LogState(ctx, log)
		if err != nil {
			return err
		}
		if state != nil {
			next = state.Next
			w.metrics.heard(log.Name, state)
		}
		claimed, err := w.store.Claimed(ctx, claimOf(log))
		led = claimed[claimOf(log)] != ""
		return err
	})
	return next, led, err
}

// lease is a claim that is renewed until it ends.
type lease struct {
	ctx    context.Context // ends with the claim
	cancel context.CancelFunc
	w      *watcher
	work   string
	lost   atomic.Bool
	over   chan struct{} // closed when it is no longer renewed
}

// claim claims a piece of work; nil if it is another's. Without claims
// everything is this process's.
func (w *watcher) claim(ctx context.Context, log scanner.Log, work string) (*lease, error) {
	mine := true
	if w.config.Claim {
		err := w.patiently(ctx, log, "the store does not take a claim; it is tried again", func() (err error) {
			mine, err = w.store.Claim(ctx, work, w.owner, time.Now().Add(w.claimFor()))
			return err
		})
		if err != nil || !mine {
			return nil, err
		}
	}
	l := &lease{w: w, work: work, over: make(chan struct{})}
	l.ctx, l.cancel = context.WithCancel(ctx)
	if w.config.Claim {
		go l.renew()
	} else {
		close(l.over)
	}
	return l, nil
}

// renew renews the claim; one that can't be in time ends, for another may have
// the work then.
func (l *lease) renew() {
	defer close(l.over)
	life := l.w.claimFor()
	tick := time.NewTicker(life / 4)
	defer tick.Stop()
	for until := time.Now().Add(life); ; {
		select {
		case <-l.ctx.Done():
			return
		case <-tick.C:
		}
		asked := time.Now()
		ctx, cancel := context.WithDeadline(l.ctx, until)
		mine, err := l.w.store.Claim(ctx, l.work, l.w.owner, asked.Add(life))
		cancel()
		switch {
		case l.ctx.Err() != nil:
			return
		case err == nil && mine:
			until = asked.Add(life)
		case err == nil || !time.Now().Before(until):
			l.lost.Store(true)
			l.cancel()
			return
		}
	}
}

// end gives the work back, and tells whether it was lost before.
func (l *lease) end() (lost bool) {
	if l == nil {
		return false
	}
	l.cancel()
	<-l.over
	lost = l.lost.Load()
	if l.w.config.Claim && !lost {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(l.ctx), releaseTime)
		defer cancel()
		if err := l.w.store.Release(ctx, l.work, l.w.owner); err != nil {
			l.w.log.Warn("a claim is not given back; it runs out by itself", "work", l.work, "error", err)
		}
	}
	return lost
}

// releaseTime is how long giving back a claim may take.
const releaseTime = 10 * time.Second
