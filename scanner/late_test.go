package scanner_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"markwatch/internal/ctlogtest"
	"markwatch/scanner"
)

// An entry that a tree head lacks which was signed after the maximum merge
// delay was merged late; one that came in time, or of which nothing is known
// from before, was not.
func TestLateEntriesAreToldOf(t *testing.T) { bubble(t, checkLateEntriesAreToldOf) }

func checkLateEntriesAreToldOf(t *testing.T, p protocol) {
	l := p.newLog(0, ctlogtest.Options{})
	addAt := func(n int, at time.Time) { // SCTs of that time
		for range n {
			i := int(l.Size() + l.Pending())
			leaf := leafInput(i)
			ms := uint64(at.UnixMilli())
			for b := range 8 {
				leaf[2+b] = byte(ms >> (56 - 8*b))
			}
			l.AddRaw(leaf, extraData(i))
		}
	}
	r := &recorder{}
	cfg := config(l, r)
	cfg.Log.MMD = 24 * time.Hour
	cfg.Filter = func([]byte) bool { return true }
	start := time.Now()
	addAt(5, start.Add(-72*time.Hour)) // of which no head before is known
	l.Publish()
	got, err := scan(t, cfg, 0)
	if err != nil {
		t.Fatal(err)
	}
	<-time.After(30 * time.Hour)
	l.Publish() // of the same five
	cfg.Position = got[len(got)-1].Position
	if _, err = follow(t, cfg, func(b scanner.Batch) bool {
		if b.End == 5 {
			addAt(2, start)                              // promised six hours ago
			addAt(3, time.Now().Add(-23*time.Hour))      // in time
			addAt(1, start.Add(5*time.Hour+time.Minute)) // late by 59 minutes
			l.Publish()
		}
		return b.End < 11
	}); err != nil {
		t.Fatal(err)
	}
	var late []uint64
	for _, e := range of(r, func(e scanner.EntrySuspect) bool { return e.Reason == scanner.EntryLate }) {
		late = append(late, e.Indexes...)
	}
	if diff := cmp.Diff([]uint64{5, 6, 10}, late); diff != "" {
		t.Errorf("late entries (-want +got):\n%s", diff)
	}
}
