package main

import (
	"testing"
	"time"

	"markwatch/scanner"
)

// A suspicion is an alarm when it lasts, and over when the log gives no more cause.
func TestSuspicionsThatLast(t *testing.T) {
	log, start := scanner.Log{Name: "larkspur"}, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, tt := range []struct {
		name  string
		why   scanner.Suspicion
		seen  []time.Duration // after the start
		now   time.Duration
		alarm bool
	}{
		{"once", scanner.SuspectFuture, []time.Duration{0}, 2 * time.Minute, false},
		{"for a minute", scanner.SuspectFuture, []time.Duration{0, 30 * time.Second, time.Minute}, time.Minute, true},
		{"for less", scanner.SuspectStale, []time.Duration{0, 30 * time.Second}, time.Minute, false},
		{"a frontend that lags", scanner.SuspectBackwards, []time.Duration{0, 5 * time.Minute, 10 * time.Minute}, 10 * time.Minute, false},
		{"one that lags for long", scanner.SuspectBackwards, []time.Duration{0, 14 * time.Minute, 28 * time.Minute, 42 * time.Minute, 56 * time.Minute, 61 * time.Minute}, 62 * time.Minute, true},
		{"over", scanner.SuspectShrunk, []time.Duration{0, 5 * time.Minute, 10 * time.Minute}, 26 * time.Minute, false},
		{"begun anew", scanner.SuspectSignature, []time.Duration{0, 20 * time.Minute}, 20 * time.Minute, false},
		{"no consistency to be had", scanner.SuspectUnproved, []time.Duration{0, time.Minute, 2 * time.Minute}, 2 * time.Minute, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var h logHealth
			for _, d := range tt.seen {
				h.suspect(scanner.HeadSuspect{Log: log.Name, Reason: tt.why, Detail: "odd"}, start.Add(d))
			}
			got := judgeHeads(log, h.Suspicions, start.Add(tt.now))
			if alarm := got[alarmHead+string(tt.why)] != ""; alarm != tt.alarm {
				t.Errorf("alarm is %v, want %v: %v", alarm, tt.alarm, got)
			}
		})
	}
}

// What a log merged late is an alarm for a day.
func TestLateEntriesAreAnAlarm(t *testing.T) {
	m, log := newMetrics(), scanner.Log{Name: "larkspur", MMD: 24 * time.Hour}
	w := &watcher{metrics: m}
	if text := w.judge(log, time.Now(), time.Now())[alarmLate]; text != "" {
		t.Errorf("without a late entry: %s", text)
	}
	m.observe(log, scanner.EntrySuspect{Log: log.Name, Reason: scanner.EntryLate, Count: 3, Detail: "entry 7"})
	if w.judge(log, time.Now(), time.Now().Add(time.Hour))[alarmLate] == "" {
		t.Error("three late entries are no alarm")
	}
	if text := w.judge(log, time.Now(), time.Now().Add(25*time.Hour))[alarmLate]; text != "" {
		t.Errorf("a day later: %s", text)
	}
}
