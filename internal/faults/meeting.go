package faults

import (
	"context"
	"fmt"
	"maps"
	"time"
)

// meeting is the program meeting one fault.
type meeting struct {
	suite *Suite
	dir   string
	proxy *proxy
	fault Fault

	watch    *watch
	seen     map[string]int // what all runs of it told of
	memory   int64
	over     time.Time // when all was well, or stopped
	restarts int
}

// run starts the program and waits for what must come of the fault.
func (m *meeting) run(ctx context.Context) (err error) {
	m.seen = map[string]int{}
	if m.watch, err = m.suite.start(ctx, m.dir); err != nil {
		return err
	}
	defer func() {
		m.collect()
		m.watch.kill()
	}()
	l := m.proxy.log
	if m.fault.Restart && m.fault.Stage == 0 { // at what is told
		if err := m.watch.await(ctx, patience, func(progress) bool { return m.watch.told(m.fault.Seen) > 0 }); err != nil {
			return err
		}
		if err := m.leftAlone(ctx); err != nil {
			return err
		}
	}
	reached := func(step int) func(progress) bool {
		return func(p progress) bool { return p.stored >= l.size(step) || p.over && m.fault.Outcome == Stops }
	}
	if err := m.watch.await(ctx, patience, reached(firstStep)); err != nil {
		return err
	}
	if m.fault.Restart && m.fault.Stage > 0 {
		if err := m.restart(ctx); err != nil {
			return err
		}
	}
	m.proxy.show(l.last(), 1)
	if err := m.watch.await(ctx, patience, m.done); err != nil {
		return err
	}
	m.over = m.watch.look().at
	return m.watch.stop()
}

// done says whether what must come of the fault has come.
func (m *meeting) done(p progress) bool {
	if m.fault.Outcome == Stops {
		return p.over
	}
	if n, _ := m.proxy.injected(); m.fault.strikes() && n == 0 {
		return false
	}
	return p.stored == m.proxy.log.size(m.proxy.log.last()) && (m.fault.Seen == "" || m.watch.told(m.fault.Seen)+m.seen[m.fault.Seen] > 0)
}

// restart ends the program and starts it again.
func (m *meeting) restart(ctx context.Context) (err error) {
	if err := m.watch.stop(); err != nil {
		return err
	}
	m.collect()
	m.restarts++
	m.watch, err = m.suite.start(ctx, m.dir)
	return err
}

// leftAlone wants no request for a while, then lets the program start again.
func (m *meeting) leftAlone(ctx context.Context) error {
	before := len(m.proxy.arrivals())
	select {
	case <-time.After(restartRest):
	case <-ctx.Done():
		return ctx.Err()
	}
	if n := len(m.proxy.arrivals()) - before; n > 1 { // one may have been on its way
		return fmt.Errorf("%d requests came although the log had asked for none", n)
	}
	return m.restart(ctx)
}

// collect keeps what a run told.
func (m *meeting) collect() {
	m.watch.mu.Lock()
	defer m.watch.mu.Unlock()
	for what, n := range m.watch.seen {
		m.seen[what] += n
	}
	clear(m.watch.seen)
	m.memory = max(m.memory, m.watch.memory)
}

// report writes what was seen into the line.
func (m *meeting) report(r *Result) {
	n, begun := m.proxy.injected()
	r.Injected, r.Detected, r.Memory, r.Requests = n, tellings(maps.Clone(m.seen)), m.memory, len(m.proxy.arrivals())
	if r.Detected == "" {
		r.Detected = "nothing to tell"
	}
	if !begun.IsZero() {
		r.Recovery = max(0, m.over.Sub(begun))
	}
}

// judge wants memory and requests within their bounds, and the fault told of.
func (m *meeting) judge(r *Result) error {
	times := m.proxy.arrivals()
	span := times[len(times)-1].Sub(times[0]).Seconds()
	// One request is free at each start; on a busy machine the first may have
	// taken half a second to arrive.
	most := int(maxRate*(span+0.5)) + 1 + m.restarts
	switch {
	case m.fault.strikes() && r.Injected == 0:
		return fmt.Errorf("the fault never struck")
	case r.Memory > m.suite.Memory:
		return fmt.Errorf("it took %d MiB of memory, more than %d", r.Memory>>20, m.suite.Memory>>20)
	case r.Requests > most:
		return fmt.Errorf("%d requests in %.1f s are more than %d a second", r.Requests, span, maxRate)
	case m.fault.Outcome != Stops && m.fault.Seen != "" && m.seen[m.fault.Seen] == 0:
		return fmt.Errorf("nothing told of %q", m.fault.Seen)
	}
	return nil
}
