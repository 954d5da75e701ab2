package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"markwatch/scanner"
	"markwatch/scanner/loglist"
	"markwatch/store"
)

// memoryLogs is a store of logs' states.
type memoryLogs struct {
	mu     sync.Mutex
	states map[string]*store.LogState // by name
	heads  map[string]*scanner.TreeHead
	ended  map[string]string // why
}

func newMemoryLogs() *memoryLogs {
	return &memoryLogs{states: map[string]*store.LogState{}, heads: map[string]*scanner.TreeHead{}, ended: map[string]string{}}
}

func (m *memoryLogs) LogState(_ context.Context, log scanner.Log) (*store.LogState, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.states[log.Name], nil
}

func (m *memoryLogs) ReadHead(_ context.Context, log scanner.Log) (*scanner.TreeHead, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.heads[log.Name], nil
}

func (m *memoryLogs) EndLog(_ context.Context, log scanner.Log, why string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.states[log.Name], m.ended[log.Name] = &store.LogState{State: store.StateEnded}, why
	return nil
}

func (m *memoryLogs) ResumeLog(_ context.Context, log scanner.Log) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.states[log.Name] = &store.LogState{State: store.StateFollowing}
	delete(m.ended, log.Name)
	return nil
}

// course is what happens to the logs of a roster, in the order in which it does.
type course struct {
	mu   sync.Mutex
	said []string
}

func (c *course) say(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.said = append(c.said, fmt.Sprintf(format, args...))
}

// take gives what was said since the last time, in order of the alphabet:
// logs are followed side by side.
func (c *course) take() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	said := c.said
	c.said = nil
	slices.Sort(said)
	return said
}

// testRoster follows logs that are read to their head at once. outcome says
// what a log that is read to its head gives.
func testRoster(s rosterStore, c *course, outcome func(name string) error) *roster {
	r := &roster{store: s, log: slog.New(slog.NewTextHandler(io.Discard, nil)), every: time.Hour}
	r.alarm = func(_ context.Context, kind, subject, text string) { c.say("alarm %s %s", kind, subject) }
	r.follow = func(ctx context.Context, log scanner.Log) error {
		if !r.ends(log) && !r.once {
			c.say("follow %s", log.Name)
			if err := outcome(log.Name); err != nil {
				return err
			}
			<-ctx.Done()
			c.say("leave %s", log.Name)
			return nil
		}
		c.say("finish %s", log.Name)
		return outcome(log.Name)
	}
	return r
}

func listed(name string) member {
	return member{log: scanner.Log{Name: name, URL: "https://" + name + ".example", Key: []byte(name)}, listed: true, wanted: true}
}

func ending(name, why string) member {
	m := listed(name)
	m.ending, m.wanted = why, false
	return m
}

// refreshes are the members that a roster is given, one after the other.
func refreshes(all ...[]member) func(context.Context) ([]member, time.Duration) {
	return func(context.Context) ([]member, time.Duration) {
		if len(all) == 0 {
			return nil, time.Hour
		}
		next := all[0]
		all = all[1:]
		return next, time.Hour
	}
}

func sound(string) error { return nil }

// TestRosterKeepsUp guards that logs come and go with the list: new ones start
// by themselves, those that left are read to their end and recorded, and one
// that comes back is followed again.
func TestRosterKeepsUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := newMemoryLogs(), &course{}
		for _, name := range []string{"anvil", "brook"} {
			s.states[name] = &store.LogState{State: store.StateFollowing}
		}
		s.heads["brook"] = &scanner.TreeHead{Size: 12}
		r := testRoster(s, c, sound)
		moved := listed("anvil")
		moved.log.URL = "https://elsewhere.example"
		r.refresh = refreshes(
			[]member{listed("anvil"), listed("clay"), ending("brook", "it left"), ending("delta", "it left")},
			[]member{listed("anvil"), listed("clay"), ending("brook", "it left")},
			nil,
			[]member{moved, listed("clay"), listed("brook")},
		)
		ctx, cancel := context.WithCancel(t.Context())
		go r.run(ctx, []member{listed("anvil"), listed("brook")})
		for i, want := range [][]string{
			{"follow anvil", "follow brook"},
			{"finish brook", "follow clay", "leave brook"}, // delta was never read
			nil, // all is as it was
			nil, // the list can't be had
			{"follow anvil", "follow brook", "leave anvil"},
		} {
			synctest.Wait()
			if diff := cmp.Diff(want, c.take()); diff != "" {
				t.Errorf("look %d (-want +got):\n%s", i, diff)
			}
			if i == 1 {
				if why := s.ended["brook"]; why != "it left; it was read to its last head of 12 entries" {
					t.Errorf("brook ended: %q", why)
				}
				var names []string
				for _, log := range r.following() {
					names = append(names, log.Name)
				}
				if diff := cmp.Diff([]string{"anvil", "clay"}, names); diff != "" {
					t.Errorf("followed now (-want +got):\n%s", diff)
				}
			}
			time.Sleep(time.Hour) // of the bubble
		}
		if s.ended["brook"] != "" {
			t.Error("brook came back and is still recorded as ended")
		}
		cancel()
		synctest.Wait()
		if failed, all := r.failed(); failed != 0 || all != 3 {
			t.Errorf("%d of %d failed", failed, all)
		}
	})
}

// TestRosterFinal guards that a read-only log is held against the final tree
// head of the list.
func TestRosterFinal(t *testing.T) {
	for _, tt := range []struct {
		name  string
		head  *scanner.TreeHead
		want  []string
		ended string
	}{
		{"as the list says", &scanner.TreeHead{Size: 9, Root: scanner.Hash{1}}, []string{"finish anvil"}, "9 entries"},
		{"another root", &scanner.TreeHead{Size: 9, Root: scanner.Hash{2}}, []string{"alarm loglist anvil", "finish anvil"}, "not that of the final tree head"},
		{"beyond it", &scanner.TreeHead{Size: 10}, []string{"alarm loglist anvil", "finish anvil"}, "beyond the final tree head"},
		{"short of it", &scanner.TreeHead{Size: 8}, append([]string{"alarm loglist anvil"}, slices.Repeat([]string{"finish anvil"}, leavingTries)...), "ends at 9"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, c := newMemoryLogs(), &course{}
				s.heads["anvil"] = tt.head
				m := listed("anvil")
				m.ending, m.final = "the log list says it is readonly", &loglist.Final{Size: 9, Root: scanner.Hash{1}}
				r := testRoster(s, c, sound)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				go r.run(ctx, []member{m})
				time.Sleep(2 * leavingTries * leavingWait) // of the bubble
				synctest.Wait()
				if diff := cmp.Diff(tt.want, c.take()); diff != "" {
					t.Errorf("course (-want +got):\n%s", diff)
				}
				if !strings.Contains(s.ended["anvil"], tt.ended) {
					t.Errorf("it ended: %q, want %q in it", s.ended["anvil"], tt.ended)
				}
				cancel()
				synctest.Wait()
			})
		})
	}
}

// TestRosterTroubles guards what becomes of logs that can't be read on: one
// that lies is left to a person, one that is gone is tried for a day before it
// is given up.
func TestRosterTroubles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := newMemoryLogs(), &course{}
		for _, name := range []string{"gone", "liar", "stopped"} {
			s.states[name] = &store.LogState{State: store.StateFollowing}
		}
		s.states["stopped"].State = store.StateStopped
		r := testRoster(s, c, func(name string) error {
			switch name {
			case "gone":
				return fmt.Errorf("reading: %w", &scanner.UnreachableError{Err: errors.New("no such host")})
			case "liar":
				return &scanner.ForkError{}
			}
			return nil
		})
		again := []member{listed("liar"), ending("gone", "it left"), ending("stopped", "it left")}
		r.refresh = refreshes(again, again, again)
		ctx, cancel := context.WithCancel(t.Context())
		go r.run(ctx, []member{listed("liar")})
		time.Sleep(2 * leavingTries * leavingWait) // of the bubble
		synctest.Wait()
		want := append([]string{"alarm loglist gone"}, slices.Repeat([]string{"finish gone"}, leavingTries)...)
		if diff := cmp.Diff(append(want, "follow liar"), c.take()); diff != "" {
			t.Errorf("course (-want +got):\n%s", diff)
		}
		if !strings.Contains(s.ended["gone"], "no such host") {
			t.Errorf("gone ended: %q", s.ended["gone"])
		}
		cancel()
		synctest.Wait()
		if failed, all := r.failed(); failed != 1 || all != 2 {
			t.Errorf("%d of %d failed, want the liar of two", failed, all)
		}
	})
}

// TestRosterOnce guards that a watch with once ends when all logs are read or
// given up.
func TestRosterOnce(t *testing.T) {
	s, c := newMemoryLogs(), &course{}
	r := testRoster(s, c, func(name string) error {
		if name == "gone" {
			return &scanner.UnreachableError{Err: errors.New("no such host")}
		}
		return nil
	})
	r.once = true
	r.read = func(_ context.Context, log scanner.Log) { c.say("was read: %s", log.Name) }
	r.run(t.Context(), []member{listed("anvil"), listed("gone")})
	if diff := cmp.Diff([]string{"finish anvil", "finish gone", "was read: anvil"}, c.take()); diff != "" {
		t.Errorf("course (-want +got):\n%s", diff)
	}
	if failed, all := r.failed(); failed != 1 || all != 2 {
		t.Errorf("%d of %d failed", failed, all)
	}
}
