package match_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"markwatch/match"
)

// TestAllowanceEnds guards that what an allowance excused hits again from the
// moment of its end on, also what was logged long before it, and no sooner; that
// a longer one takes it back; and that it is all the same at a start.
func TestAllowanceEnds(t *testing.T) {
	victim := certificate(1, "Misavu Ltd", "11111111", "GB UK00003111111", "misavu.com")
	licensee := certificate(2, "Torblen plc", "22222222", "GB UK00003222222", "misavu-shop.com")
	items := []match.Item{
		item(t, match.Watch, match.KindDomain, "misavu.com"), item(t, match.Own, match.KindNumber, "GB 11111111"),
		until(item(t, match.Allow, match.KindOrganisation, "Torblen plc"), 20),
	}
	end := items[2].Ends
	m, hits := match.New(), ledger{}
	hits.apply(t, m.At(end.Add(-time.Second)))
	hits.apply(t, m.Restore(match.State{Issuances: []match.Issuance{victim, licensee}, Items: items}))
	hits.apply(t, m.At(end.Add(-time.Millisecond)))
	if len(hits) != 0 {
		t.Fatalf("before its end: %v", rules(hits))
	}
	both := []string{"combosquat: Torblen plc / ", "combosquat: Torblen plc / Misavu Ltd"} // of the list, and the standing one
	hits.apply(t, m.At(end))
	if diff := cmp.Diff(both, rules(hits)); diff != "" {
		t.Errorf("at its end (-want +got):\n%s", diff)
	}
	if again := m.At(end.Add(time.Hour)); len(again.Hits)+len(again.Withdrawn) != 0 {
		t.Errorf("an hour later once more: %+v", again)
	}
	started, late := match.New(), ledger{}
	started.At(end)
	late.apply(t, started.Restore(match.State{Issuances: []match.Issuance{victim, licensee}, Items: items}))
	if diff := cmp.Diff(hits.lines(), late.lines()); diff != "" {
		t.Errorf("running and started after it:\n%s", diff)
	}

	longer := until(items[2], 25)
	hits.apply(t, m.SetItems([]match.Item{longer}))
	if len(hits) != 0 {
		t.Errorf("prolonged: %v", rules(hits))
	}
	hits.apply(t, m.At(longer.Ends))
	hits.apply(t, m.RemoveItems([]string{longer.ID}))
	if diff := cmp.Diff(both, rules(hits)); diff != "" {
		t.Errorf("ended, and removed (-want +got):\n%s", diff)
	}
	hits.apply(t, m.SetItems([]match.Item{items[2]})) // it has ended by then
	if len(hits) != 2 {
		t.Errorf("added when it has ended: %v", rules(hits))
	}
	hits.apply(t, m.At(end.Add(-time.Minute)))
	if len(hits) != 0 {
		t.Errorf("the clock is put back: %v", rules(hits))
	}
}

// TestOwnAndWatchedEnds guards that the end of what is watched, or was the
// client's own, leaves what was logged before as it is.
func TestOwnAndWatchedEnds(t *testing.T) {
	suspect := certificate(5, "Torblen plc", "22222222", "GB UK00003222222", "misavu-shop.com")
	for name, tt := range map[string]struct {
		items []match.Item
		want  int
	}{
		"watched until the day after": {[]match.Item{until(item(t, match.Watch, match.KindDomain, "misavu.com"), 6)}, 1},
		"watched until it was logged": {[]match.Item{until(item(t, match.Watch, match.KindDomain, "misavu.com"), 5)}, 0},
		"sold the day after":          {[]match.Item{item(t, match.Watch, match.KindDomain, "misavu.com"), until(item(t, match.Own, match.KindDomain, "misavu-shop.com"), 6)}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			m, hits := after(t, suspect)
			hits.apply(t, m.SetItems(tt.items))
			hits.apply(t, m.At(time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC)))
			if len(hits) != tt.want {
				t.Errorf("got %v, want %d", rules(hits), tt.want)
			}
		})
	}
}
