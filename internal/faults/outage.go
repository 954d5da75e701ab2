package faults

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// outage is what befalls the program itself, or its store.
type outage struct {
	name  string
	quick bool
	run   func(s *Suite, ctx context.Context, dir string, l *Log, sound stored, r *Result) error
}

// outages are all of them.
func outages() []outage {
	return []outage{
		{"SIGKILL at random points", true, (*Suite).killed},
		{"disk full", false, (*Suite).diskFull},
		{"store's owner killed", false, (*Suite).ownerKilled},
	}
}

// How often the program is killed.
const (
	killsEach  = 100
	killsQuick = 4
)

// killed kills the program at random points of its life, while at each start
// there is something new to store; then it is let be.
func (s *Suite) killed(ctx context.Context, dir string, l *Log, sound stored, r *Result) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	p, err := s.behind(ctx, dir, l, Fault{})
	if err != nil {
		return err
	}
	kills := s.Kills
	if kills == 0 {
		kills = killsEach
	}
	if s.Quick {
		kills = killsQuick
	}
	p.show(0, 0)
	life, err := s.lifetime(ctx, dir, l, r)
	if err != nil {
		return err
	}
	for i := range kills {
		p.show(i*l.last()/kills, 0)
		w, err := s.start(ctx, dir)
		if err != nil {
			return err
		}
		_ = w.await(ctx, rand.N(life), func(progress) bool { return false }) // until its time has come
		w.kill()
		r.Injected++
		r.Memory = max(r.Memory, w.memory)
	}
	r.Detected = fmt.Sprintf("read on at each of %d starts", kills+1)
	return s.afterwards(ctx, dir, p, sound, r)
}

// lifetime is for how long the program lives until it has stored the first
// step, and half as long again.
func (s *Suite) lifetime(ctx context.Context, dir string, l *Log, r *Result) (time.Duration, error) {
	begun := time.Now()
	w, err := s.start(ctx, dir)
	if err != nil {
		return 0, err
	}
	defer w.kill()
	if err := w.await(ctx, patience, func(p progress) bool { return p.stored >= l.size(0) }); err != nil {
		return 0, err
	}
	r.Memory = max(r.Memory, w.memory)
	return time.Since(begun) * 3 / 2, nil
}

// afterwards lets the program read to the end, and judges what it stored.
func (s *Suite) afterwards(ctx context.Context, dir string, p *proxy, sound stored, r *Result) error {
	begun := time.Now()
	p.show(p.log.last(), 1)
	w, err := s.start(ctx, dir)
	if err != nil {
		return err
	}
	defer w.kill()
	return s.finish(ctx, dir, p, w, begun, sound, r)
}

// finish waits until a watch has read all, ends it, and judges what is stored.
func (s *Suite) finish(ctx context.Context, dir string, p *proxy, w *watch, begun time.Time, sound stored, r *Result) error {
	final := p.log.size(p.log.last())
	if err := w.await(ctx, patience, func(p progress) bool { return p.stored >= final }); err != nil {
		return err
	}
	r.Recovery, r.Requests = w.look().at.Sub(begun), len(p.arrivals())
	r.Memory = max(r.Memory, w.memory)
	if seen := w.tellings(); seen != "" {
		r.Detected = strings.TrimPrefix(r.Detected+"; "+seen, "; ")
	}
	if err := w.stop(); err != nil {
		return err
	}
	got, err := s.answers(ctx, dir)
	if err != nil {
		return err
	}
	if r.Memory > s.Memory {
		return fmt.Errorf("it took %d MiB of memory", r.Memory>>20)
	}
	return Fault{}.judge(p.log, sound, got, r)
}

// ownerKilled kills the process that has the store's engine, while another
// watches through it: that one takes the store over.
func (s *Suite) ownerKilled(ctx context.Context, dir string, l *Log, sound stored, r *Result) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	p, err := s.behind(ctx, dir, l, Fault{})
	if err != nil {
		return err
	}
	owner, err := s.start(ctx, dir)
	if err != nil {
		return err
	}
	defer owner.kill()
	if err := owner.await(ctx, patience, func(p progress) bool { return p.stored >= l.size(firstStep) }); err != nil {
		return err
	}
	second, err := s.start(ctx, dir)
	if err != nil {
		return err
	}
	defer second.kill()
	asked := len(p.arrivals())
	if err := second.await(ctx, patience, func(progress) bool { return len(p.arrivals()) > asked+maxRate }); err != nil {
		return err
	}
	begun := time.Now()
	owner.kill()
	r.Injected = 1
	p.show(l.last(), 1)
	r.Detected = "taken over by the second process"
	return s.finish(ctx, dir, p, second, begun, sound, r)
}

// diskFull lets the program store into a file system that is full for a while.
func (s *Suite) diskFull(ctx context.Context, dir string, l *Log, sound stored, r *Result) error {
	store := filepath.Join(dir, "store")
	if err := os.Mkdir(store, 0o700); err != nil {
		return err
	}
	release, err := smallDisk(store)
	if err != nil {
		r.Skipped = err.Error()
		return nil
	}
	defer release()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	p, err := s.behind(ctx, dir, l, Fault{})
	if err != nil {
		return err
	}
	w, err := s.start(ctx, dir)
	if err != nil {
		return err
	}
	defer w.kill()
	if err := w.await(ctx, patience, func(p progress) bool { return p.stored >= l.size(firstStep) }); err != nil {
		return err
	}
	ballast := filepath.Join(store, "ballast")
	if err := fillUp(ballast); err != nil {
		return err
	}
	begun := time.Now()
	p.show(l.last(), 1)
	if err := w.await(ctx, patience, func(progress) bool { return w.told("store refused") > 1 }); err != nil {
		return err
	}
	r.Injected = w.told("store refused")
	if err := os.Remove(ballast); err != nil {
		return fmt.Errorf("making room: %w", err)
	}
	return s.finish(ctx, dir, p, w, begun, sound, r)
}
