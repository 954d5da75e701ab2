package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"markwatch/scanner"
	"markwatch/scanner/loglist"
	"markwatch/store"
)

// Tries at the last head of a log that is about to be left.
const (
	leavingTries = 24
	leavingWait  = time.Hour
)

// rosterStore is what a roster asks of the store and tells it.
type rosterStore interface {
	LogState(ctx context.Context, log scanner.Log) (*store.LogState, error)
	ReadHead(ctx context.Context, log scanner.Log) (*scanner.TreeHead, error)
	EndLog(ctx context.Context, log scanner.Log, why string) error
	ResumeLog(ctx context.Context, log scanner.Log) error
}

// roster is which logs are followed now. It begins and ends following them as
// the log list changes.
type roster struct {
	store rosterStore
	log   *slog.Logger
	once  bool
	// follow reads a log until ctx ends; with once, and a log that ends, to its
	// head. It says itself what went wrong.
	follow func(ctx context.Context, log scanner.Log) error
	// refresh gives the members there are now, and when to look again; nil: they
	// never change. every is when to look for the first time.
	refresh func(ctx context.Context) ([]member, time.Duration)
	every   time.Duration
	read    func(ctx context.Context, log scanner.Log)            // with once, is told of each log that was read; may be nil
	alarm   func(ctx context.Context, kind, subject, text string) // may be nil

	work sync.WaitGroup

	mu    sync.Mutex // guards what follows
	logs  map[scanner.Hash]*followed
	order []scanner.Hash
}

// followed is a log that is followed, or was.
type followed struct {
	member
	stop context.CancelFunc
	done chan struct{} // closed when it is no longer followed
	over bool          // it ended by itself; guarded by the roster's mu, as err is
	err  error         // why, if not as it should
}

// run follows the logs until ctx ends, or with once until each is read or given up.
func (r *roster) run(ctx context.Context, members []member) {
	for _, m := range members {
		r.admit(ctx, m)
	}
	if !r.once {
		r.keepUp(ctx)
	}
	r.work.Wait()
}

// keepUp admits what comes to be a member, until ctx ends.
func (r *roster) keepUp(ctx context.Context) {
	for wait := r.every; ctx.Err() == nil; {
		var look <-chan time.Time
		if r.refresh != nil {
			look = time.After(wait)
		}
		select {
		case <-ctx.Done():
		case <-look:
			var members []member
			members, wait = r.refresh(ctx)
			for _, m := range members {
				r.admit(ctx, m)
			}
		}
	}
}

// admit begins to follow a log, or follows it otherwise than before. One that
// ends and was read to its end is left alone.
func (r *roster) admit(ctx context.Context, m member) {
	r.mu.Lock()
	f := r.logs[m.log.ID()]
	var again bool
	if f != nil {
		again = !sameMember(f.member, m) || f.over && f.err != nil && m.ending != "" && f.wantsAgain()
	}
	r.mu.Unlock()
	switch {
	case f == nil && m.ending != "" && !r.toBeEnded(ctx, m):
		return
	case f == nil:
	case !again:
		return
	default:
		f.stop()
		<-f.done
	}
	if ctx.Err() == nil {
		r.begin(ctx, m)
	}
}

// wantsAgain tells whether a log that ended with an error may be tried again:
// not one that was caught lying.
func (f *followed) wantsAgain() bool {
	var unreachable *scanner.UnreachableError
	return errors.As(f.err, &unreachable) || errors.As(f.err, new(*shortError))
}

// sameMember tells whether two members are followed in the same way.
func sameMember(a, b member) bool {
	x, y := a.log, b.log
	return x.Name == y.Name && x.URL == y.URL && x.Type == y.Type && x.MMD == y.MMD && x.Origin == y.Origin && x.Marks == y.Marks &&
		bytes.Equal(x.Key, y.Key) && (a.ending == "") == (b.ending == "")
}

// toBeEnded tells whether a log that takes nothing more is still to be read to
// its end.
func (r *roster) toBeEnded(ctx context.Context, m member) bool {
	state, err := r.store.LogState(ctx, m.log)
	switch {
	case err != nil:
		r.log.Warn("the store does not say how far a log is read that is to end", "log", m.log.Name, "error", err)
		return m.wanted
	case state == nil:
		return m.wanted
	}
	return state.State == store.StateFollowing
}

// begin follows a log in a goroutine of its own.
func (r *roster) begin(ctx context.Context, m member) {
	ctx, stop := context.WithCancel(ctx)
	f := &followed{member: m, stop: stop, done: make(chan struct{})}
	id := m.log.ID()
	r.mu.Lock()
	if r.logs == nil {
		r.logs = map[scanner.Hash]*followed{}
	}
	if r.logs[id] == nil {
		r.order = append(r.order, id)
	}
	r.logs[id] = f
	r.mu.Unlock()
	if m.ending != "" {
		r.log.Info("a log is read to its last head, and then no longer", "log", m.log.Name, "reason", m.ending)
	} else if m.listed {
		r.log.Info("a log of the list is followed", "log", m.log.Name, "url", m.log.URL)
	}
	r.work.Go(func() {
		defer close(f.done)
		defer stop()
		err := r.course(ctx, m)
		r.mu.Lock()
		f.over, f.err = ctx.Err() == nil, err
		r.mu.Unlock()
	})
}

// course follows a log for as long as there is to follow.
func (r *roster) course(ctx context.Context, m member) error {
	if m.ending == "" {
		r.revive(ctx, m)
	}
	for try := 1; ; try++ {
		err := r.readOn(ctx, m)
		again := (&followed{err: err}).wantsAgain() && m.ending != "" && !r.once
		switch {
		case !again || ctx.Err() != nil:
			return err
		case try == leavingTries:
			return r.giveUp(ctx, m, err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(leavingWait):
		}
	}
}

// readOn follows a log once, and does what is to be done when it was read.
func (r *roster) readOn(ctx context.Context, m member) error {
	err := r.follow(ctx, m.log)
	if err == nil && ctx.Err() == nil && m.ending != "" {
		err = r.end(ctx, m)
	}
	if err == nil && ctx.Err() == nil && r.once && r.read != nil {
		r.read(ctx, m.log)
	}
	return err
}

// revive lets a log that had come to its end be read on: it is wanted again.
func (r *roster) revive(ctx context.Context, m member) {
	state, err := r.store.LogState(ctx, m.log)
	if err == nil && state != nil && state.State == store.StateEnded {
		err = r.store.ResumeLog(ctx, m.log)
	}
	if err != nil && ctx.Err() == nil {
		r.log.Warn("the store does not take that a log is read on", "log", m.log.Name, "error", err)
	}
}

// shortError says that a log doesn't show all that it has by the list.
type shortError struct {
	log         string
	read, final uint64
}

// Error says how far it was read.
func (e *shortError) Error() string {
	return fmt.Sprintf("log %s was read to entry %d, but by the log list it ends at %d", e.log, e.read, e.final)
}

// end records that a log is read to its last head. Where the list says which
// that is, what was read is held against it.
func (r *roster) end(ctx context.Context, m member) error {
	head, err := r.store.ReadHead(ctx, m.log)
	if err != nil {
		return err
	}
	if head == nil {
		head = &scanner.TreeHead{}
	}
	why := fmt.Sprintf("%s; it was read to its last head of %d entries", m.ending, head.Size)
	if m.final != nil {
		switch {
		case head.Size < m.final.Size:
			err := &shortError{m.log.Name, head.Size, m.final.Size}
			r.log.Error("a log does not show all that it has", "log", m.log.Name, "error", err)
			return err
		case head.Size > m.final.Size:
			why += fmt.Sprintf(", which is beyond the final tree head of the log list (%d)", m.final.Size)
			r.raise(ctx, m, why)
		case head.Root != m.final.Root:
			why += fmt.Sprintf(", whose root %x is not that of the final tree head of the log list (%x)", head.Root, m.final.Root)
			r.raise(ctx, m, why)
		}
	}
	r.log.Info("a log is at its end and is no longer read", "log", m.log.Name, "reason", why)
	return r.store.EndLog(ctx, m.log, why)
}

// raise tells a person that log and list contradict each other.
func (r *roster) raise(ctx context.Context, m member, what string) {
	r.log.Error("a log and the log list contradict each other", "log", m.log.Name, "detail", what)
	if r.alarm != nil {
		r.alarm(ctx, "loglist", m.log.Name, what+". Ask the log's operator and the list's publisher which is right.")
	}
}

// giveUp records that a log which is to end can't be read to its end.
func (r *roster) giveUp(ctx context.Context, m member, err error) error {
	why := fmt.Sprintf("%s; it could not be read to its last head: %v", m.ending, err)
	r.log.Error("a log that ends is given up", "log", m.log.Name, "reason", why)
	if r.alarm != nil {
		r.alarm(ctx, "loglist", m.log.Name, why+". What it holds beyond what was read is not known.")
	}
	return r.store.EndLog(ctx, m.log, why)
}

// ends tells whether a log is read to its head only.
func (r *roster) ends(log scanner.Log) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	f := r.logs[log.ID()]
	return f != nil && f.ending != ""
}

// following are the logs that are followed or should be: not those that came
// to their end.
func (r *roster) following() []scanner.Log {
	following, _ := r.parted()
	return following
}

// parted are the logs that are followed or should be, and those that came to
// their end.
func (r *roster) parted() (following, ended []scanner.Log) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, id := range r.order {
		if f := r.logs[id]; f.over && f.err == nil && f.ending != "" {
			ended = append(ended, f.log)
		} else {
			following = append(following, f.log)
		}
	}
	return following, ended
}

// failed counts the logs that could not be read to their head.
func (r *roster) failed() (failed, all int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, f := range r.logs {
		if f.err != nil {
			failed++
		}
	}
	return failed, len(r.logs)
}

// initialMembers are the logs that a watch begins with, after a look at the log
// list if there is one.
func (p *program) initialMembers(ctx context.Context, l *listing, names []string) ([]member, error) {
	configured, err := p.config.logs()
	if err != nil {
		return nil, err
	}
	var list *loglist.List
	if l != nil {
		if list, err = l.refresh(ctx); err != nil {
			if list == nil && len(configured) == 0 {
				return nil, fmt.Errorf("%w; there is no older copy of it either, and no other log to follow", err)
			}
			p.log.Warn("the log list can't be had; an older one is used if there is one", "list", l.name(), "error", err)
		}
	}
	members := p.config.listChoice(names).members(configured, list, l.gone())
	return members, p.unknownNames(names, configured, list, members)
}

// unknownNames is a usage error where a name is no log's.
func (p *program) unknownNames(names []string, configured []scanner.Log, list *loglist.List, chosen []member) error {
	for _, name := range names {
		if !slices.ContainsFunc(chosen, func(m member) bool { return m.log.Name == name }) {
			var known []string
			for _, m := range p.config.listChoice(nil).members(configured, list, nil) {
				known = append(known, m.log.Name)
			}
			return usagef("there is no log %q; there are: %v", name, known)
		}
	}
	return nil
}
