package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"markwatch/internal/alert"
	"markwatch/internal/alert/channel"
	"markwatch/internal/alert/notice"
	"markwatch/scanner"
	"markwatch/store"
)

// TestBlindAcrossRestarts guards that a restart doesn't make blindness begin
// anew, and that /healthz is of the same mind as the alarm.
func TestBlindAcrossRestarts(t *testing.T) {
	started := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, tt := range []struct {
		name   string
		mmd    time.Duration
		stored time.Duration // before the start; 0: never read
		now    time.Duration // after it
		judged bool          // whether it can be judged
		blind  bool
	}{
		{"just started, away for long", 24 * time.Hour, 72 * time.Hour, time.Minute, false, false},
		{"nothing seen for a while after that", 24 * time.Hour, 72 * time.Hour, 20 * time.Minute, true, true},
		{"seen before the start", 24 * time.Hour, 20 * time.Hour, 3 * time.Hour, true, false},
		{"too long by both runs", 24 * time.Hour, 20 * time.Hour, 5 * time.Hour, true, true},
		{"never read", 24 * time.Hour, 0, 23 * time.Hour, true, false},
		{"never read for longer", 24 * time.Hour, 0, 25 * time.Hour, true, true},
		{"a minute's merge delay, looked at each five minutes", time.Minute, time.Second, 5 * time.Minute, true, false},
		{"a minute's merge delay, and nothing seen", time.Minute, time.Second, 16 * time.Minute, true, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, log := newMetrics(), scanner.Log{Name: "larkspur", MMD: tt.mmd}
			if tt.stored > 0 {
				m.started(log, &store.LogState{Verified: started.Add(-tt.stored)})
			} else {
				m.started(log, &store.LogState{Verified: time.Unix(0, 0)})
			}
			w := &watcher{metrics: m}
			text, judged := w.judge(log, started, started.Add(tt.now))[alarmBlind]
			if judged != tt.judged || (text != "") != tt.blind {
				t.Errorf("judged %v, blind %q; want judged %v, blind %v", judged, text, tt.judged, tt.blind)
			}
			if report := w.reportOf(log, started, started.Add(tt.now)); report.OK == tt.blind || report.Problem != text {
				t.Errorf("/healthz says %v, %q; the alarm %q", report.OK, report.Problem, text)
			}
		})
	}
}

// TestNeverVerified guards that a log which another process leads, and of which
// the store has no verified head yet, isn't blind since 1970.
func TestNeverVerified(t *testing.T) {
	started := time.Now()
	m, log := newMetrics(), scanner.Log{Name: "larkspur", MMD: 24 * time.Hour}
	m.heard(log.Name, &store.LogState{Verified: time.Unix(0, 0)})
	if text := (&watcher{metrics: m}).judge(log, started, started.Add(time.Hour))[alarmBlind]; text != "" {
		t.Error(text)
	}
}

// TestHealthOfALog guards what /healthz says of a log that has something wrong.
func TestHealthOfALog(t *testing.T) {
	now := time.Now()
	log := scanner.Log{Name: "larkspur", MMD: 24 * time.Hour}
	stale := func(m *metrics) {
		h := m.of(log.Name)
		h.suspect(scanner.HeadSuspect{Reason: scanner.SuspectStale, Detail: "signed long ago"}, now.Add(-2*time.Minute))
		h.suspect(scanner.HeadSuspect{Reason: scanner.SuspectStale, Detail: "signed long ago"}, now)
	}
	for _, tt := range []struct {
		name    string
		happens func(*metrics)
		problem string // its beginning; "" is none
		alarms  []string
	}{
		{"nothing", func(*metrics) {}, "", nil},
		{"stopped", func(m *metrics) { stale(m); m.stopped(log, "its signatures are wrong") }, "stopped: its signatures are wrong", nil},
		{"the same old head", stale, "larkspur has shown suspicious tree heads", []string{"head-stale"}},
		{"merged late", func(m *metrics) {
			m.observe(log, scanner.EntrySuspect{Reason: scanner.EntryLate, Count: 1})
		}, "", []string{"late"}},
		{"marks that can't be read", func(m *metrics) { m.of(log.Name).Malformed = 10 }, "10 of the 10 marks", []string{"unreadable"}},
		{"stuck", func(m *metrics) { h := m.of(log.Name); h.Size, h.Moved = 10, now.Add(-2*time.Hour) }, "larkspur has 10 entries", []string{"stuck"}},
		{"a store that fails", func(m *metrics) {
			m.stored(store.Batch{Scan: scanner.Batch{Log: log}}, 0, errors.New("disk full"))
		}, "the store does not take its entries: disk full", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := newMetrics()
			m.observe(log, scanner.HeadVerified{})
			tt.happens(m)
			got := (&watcher{metrics: m}).reportOf(log, now.Add(-3*time.Hour), now)
			if got.OK != (tt.problem == "") || !strings.HasPrefix(got.Problem, tt.problem) {
				t.Errorf("/healthz says %v, %q; want %q", got.OK, got.Problem, tt.problem)
			}
			if diff := cmp.Diff(tt.alarms, got.Alarms); diff != "" {
				t.Errorf("alarms (-want +got):\n%s", diff)
			}
		})
	}
}

// TestNoAllClearByRestart guards that what lasted before a start isn't said to be
// over before anything was seen of it.
func TestNoAllClearByRestart(t *testing.T) {
	started := time.Now()
	m, log := newMetrics(), scanner.Log{Name: "larkspur", MMD: 24 * time.Hour}
	m.started(log, &store.LogState{Size: 10, Next: 5, Verified: started.Add(-48 * time.Hour)})
	w := &watcher{metrics: m}
	if diff := cmp.Diff(map[string]string{alarmStore: ""}, w.judge(log, started, started.Add(time.Minute))); diff != "" {
		t.Errorf("a minute after the start (-want +got):\n%s", diff)
	}
	m.observe(log, scanner.HeadVerified{Head: scanner.TreeHead{Size: 10}})
	m.stored(store.Batch{Scan: scanner.Batch{Log: log, Start: 5, End: 10}, Marks: make([]store.Mark, 1)}, 0, nil)
	if diff := cmp.Diff(map[string]string{alarmStore: "", alarmBlind: "", alarmStuck: "", alarmUnreadable: ""}, w.judge(log, started, started.Add(time.Minute))); diff != "" {
		t.Errorf("when it is read on (-want +got):\n%s", diff)
	}
	if got := raised(w.judge(log, started, started.Add(20*time.Minute))); len(got) > 0 {
		t.Errorf("when nothing was seen for a while: %v", got)
	}
	if _, ok := w.judge(log, started, started.Add(20*time.Minute))[alarmHead+string(scanner.SuspectShrunk)]; !ok {
		t.Error("a suspicion is not over when no head gave cause for it for a while")
	}
}

// TestAlarmsThatAreOver guards that a log that came to its end has no alarm that
// lasts, and that a log is only said to contradict itself where it did.
func TestAlarmsThatAreOver(t *testing.T) {
	st := testStore(t)
	began := time.Now().Add(-time.Minute)
	w := &watcher{store: st, metrics: newMetrics(), log: slog.New(slog.NewTextHandler(io.Discard, nil)), alarms: map[string]bool{}, unstored: map[string]store.Alarm{}}
	goes, ends := scanner.Log{Name: "larkspur", Key: []byte{1}, MMD: 24 * time.Hour}, scanner.Log{Name: "quince", Key: []byte{2}, MMD: 24 * time.Hour}
	w.roster = &roster{order: []scanner.Hash{goes.ID(), ends.ID()}, logs: map[scanner.Hash]*followed{
		goes.ID(): {member: member{log: goes}}, ends.ID(): {member: member{log: ends, ending: "it is retired"}},
	}}
	lasting := func() (kinds []string) {
		alarms, err := st.Alarms(t.Context(), began)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range alarms {
			if a.Cleared.IsZero() {
				kinds = append(kinds, a.Subject+" "+a.Kind)
			}
		}
		return kinds
	}
	for _, name := range []string{goes.Name, ends.Name} {
		h := w.metrics.of(name)
		for _, ago := range []time.Duration{2 * time.Minute, 0} {
			h.suspect(scanner.HeadSuspect{Reason: scanner.SuspectFuture}, time.Now().Add(-ago))
		}
	}
	w.lookAtAlarms(t.Context(), time.Now())
	if diff := cmp.Diff([]string{"larkspur head-future", "quince head-future"}, lasting()); diff != "" {
		t.Fatalf("while both are followed (-want +got):\n%s", diff)
	}
	w.roster.logs[ends.ID()].over = true
	w.metrics.stopped(goes, "signatures")
	w.raiseStopped(t.Context(), goes, &scanner.SignatureError{Log: goes, Err: errors.New("no")}, "")
	w.lookAtAlarms(t.Context(), time.Now())
	if diff := cmp.Diff([]string{"larkspur signature"}, lasting()); diff != "" {
		t.Errorf("when one has ended and one is stopped (-want +got):\n%s", diff)
	}
}

// told is a channel that counts.
type told struct{ ids []string }

func (c *told) Name() string { return "desk" }
func (c *told) Kind() string { return "hook" }
func (c *told) Send(_ context.Context, m *notice.Message) error {
	c.ids = append(c.ids, m.ID)
	return nil
}

// TestAlarmThatIsNotStored guards that the operator hears of a store that takes
// nothing while it takes nothing, once, and that it is stored afterwards.
func TestAlarmThatIsNotStored(t *testing.T) {
	st, log, desk := testStore(t), scanner.Log{Name: "larkspur"}, &told{}
	d, err := alert.New(st, alert.Options{Channels: []channel.Channel{desk}, Operator: []string{"desk"}})
	if err != nil {
		t.Fatal(err)
	}
	w := &watcher{store: st, dispatcher: d, metrics: newMetrics(), log: slog.New(slog.NewTextHandler(io.Discard, nil)), alarms: map[string]bool{}, unstored: map[string]store.Alarm{}}
	exec := func(sql string) {
		t.Helper()
		if err := st.Conn().Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	stored := func() (states []string) {
		alarms, err := st.Alarms(t.Context(), time.Now().Add(-time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range alarms {
			states = append(states, fmt.Sprintf("%s over %v", a.Kind, !a.Cleared.IsZero()))
		}
		return states
	}
	exec("RENAME TABLE alarms TO alarms_away")
	for range 2 {
		for _, kind := range []string{alarmStore, alarmStuck} {
			if w.setAlarm(t.Context(), kind, log, "the disk is full") == nil {
				t.Fatal("an alarm was stored in a table that isn't there")
			}
		}
	}
	if len(desk.ids) != 2 {
		t.Fatalf("told %d times of two alarms", len(desk.ids))
	}
	w.once = true // three tries
	w.raiseStopped(t.Context(), log, errors.New("it lies"), "")
	if len(desk.ids) != 3 {
		t.Fatalf("told %d times of three alarms", len(desk.ids))
	}
	exec("RENAME TABLE alarms_away TO alarms")
	for kind, text := range map[string]string{alarmStore: "", alarmStuck: "it still is"} {
		if err := w.setAlarm(t.Context(), kind, log, text); err != nil {
			t.Fatal(err)
		}
	}
	got := stored()
	slices.Sort(got)
	if diff := cmp.Diff([]string{"store over true", "stuck over false"}, got); diff != "" || len(desk.ids) != 3 || len(w.unstored) != 0 {
		t.Errorf("told %d times; stored (-want +got):\n%s", len(desk.ids), diff)
	}
}
