package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"markwatch/match"
	"markwatch/store"
	"markwatch/store/chdb"
)

// TestOneHit guards that an id which begins several hits names none of them.
func TestOneHit(t *testing.T) {
	if _, err := chdb.FindLibrary(); err != nil {
		if os.Getenv("MARKWATCH_TEST_ENGINE") == "required" {
			t.Fatal(err)
		}
		t.Skipf("the embedded engine is needed: %v", err)
	}
	st, err := store.Open(t.Context(), store.Options{DSN: filepath.Join(t.TempDir(), "s")})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	var hits []match.Hit
	for _, end := range []string{"1", "2"} {
		hits = append(hits, match.Hit{ID: strings.Repeat("a", 63) + end, TBSSHA256: strings.Repeat("b", 64), Rule: match.RuleLogo, Severity: match.High, FirstSeen: time.Now(), NotBefore: time.Now()})
	}
	if err := st.SaveHits(t.Context(), match.Changes{Hits: hits}); err != nil {
		t.Fatal(err)
	}
	if _, err := namedHits(t.Context(), st, []string{hits[0].ID, "aaaa"}); err == nil || !strings.Contains(err.Error(), "several hits begin with aaaa") {
		t.Errorf("an ambiguous id: %v", err)
	}
	named, err := namedHits(t.Context(), st, []string{hits[1].ID, hits[1].ID})
	if err != nil || len(named) != 1 || named[0].ID != hits[1].ID {
		t.Errorf("an id given twice: %+v, %v", named, err)
	}
}

// TestPrintTriaged guards that one reads how many hits would be changed, or were.
func TestPrintTriaged(t *testing.T) {
	stood := store.HitState{State: store.HitNew}
	hits := func() []*triaged {
		return []*triaged{
			{ID: strings.Repeat("a", 64), Severity: match.High, Rule: "logo", From: store.HitNew, State: store.HitDismissed, before: stood},
			{ID: strings.Repeat("b", 64), Severity: match.Low, Rule: "logo", From: store.HitDismissed, State: store.HitDismissed, before: store.HitState{State: store.HitDismissed, Reason: "own"}},
		}
	}
	event := store.TriageEvent{Action: store.Dismiss, Reason: "own"}
	words := triageWords{name: "dismiss", done: "dismissed"}
	for _, c := range []struct {
		doIt  bool
		heirs uint64
		want  []string
	}{
		{false, 0, []string{"1 hit would be dismissed as own: 1 high\n", "1 hit stood so already", "nothing is changed; --yes does it"}},
		{true, 2, []string{"1 hit is dismissed as own: 1 high\n", "2 more hits are dismissed because of them"}},
		{true, 1, []string{"1 more hit is dismissed because of them"}},
	} {
		var out strings.Builder
		p := &program{streams: streams{out: &out}}
		if err := p.printTriaged(hits(), words, event, c.doIt, c.heirs); err != nil {
			t.Fatal(err)
		}
		for _, want := range c.want {
			if !strings.Contains(out.String(), want) {
				t.Errorf("done %v: no %q in\n%s", c.doIt, want, out.String())
			}
		}
		if c.doIt == strings.Contains(out.String(), "--yes") {
			t.Errorf("done %v, it says:\n%s", c.doIt, out.String())
		}
	}
}
