package store_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"markwatch/match"
	"markwatch/store"
)

// suspect is a hit on the certificate of a year, for Orvandrel's mark against Misavu.
func suspect(name string, year int) match.Hit {
	sum := func(text string) string {
		h := sha256.Sum256([]byte(text))
		return hex.EncodeToString(h[:])
	}
	began := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
	return match.Hit{
		ID: sum(name), Rule: match.RuleLogo, Severity: match.High, TBSSHA256: sum("tbs " + name),
		Organisation: "Orvandrel Ltd", OrganisationKey: "orvandrel|GB|", Domains: []string{"orvandrel.example", "orvandrel.test"},
		OtherTBSSHA256: sum("misavu"), OtherOrganisation: "Misavu", OtherOrganisationKey: "misavu|GB|", OtherDomains: []string{"misavu.example"},
		Score: 0.9, Reason: "Its logo resembles.", FirstSeen: began, MarkKey: "GB UK1", LogoSHA256: sum("logo"), NotBefore: began,
	}
}

// triaged is a store with hits, and with events on them.
func triaged(t *testing.T, s *store.Store, hits []match.Hit, events ...store.TriageEvent) {
	t.Helper()
	if err := s.SaveHits(t.Context(), match.Changes{Hits: hits}); err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if e.Author == "" {
			e.Author = "dora"
		}
		if err := s.SaveTriage(t.Context(), []store.TriageEvent{e}); err != nil {
			t.Fatal(err)
		}
	}
}

// stateOf reads how a hit stands.
func stateOf(t *testing.T, s *store.Store, h match.Hit) store.HitState {
	t.Helper()
	states, err := s.HitStates(t.Context(), []string{h.ID})
	if err != nil || len(states) != 1 {
		t.Fatalf("%d states, %v", len(states), err)
	}
	return states[h.ID]
}

// dismissed is the event that dismisses a hit.
func dismissed(h match.Hit, pair bool) store.TriageEvent {
	return store.TriageEvent{HitID: h.ID, Action: store.Dismiss, Reason: "licensed", Note: "by contract", Pair: pair}
}

// TestTriage guards that the latest change of each kind is in force, and that all are kept.
func TestTriage(t *testing.T) {
	s := open(t, t.TempDir())
	h, other := suspect("h", 2030), suspect("other", 2030)
	other.OrganisationKey, other.Domains, other.MarkKey = "else|GB|", []string{"else.example"}, "GB UK2"
	triaged(t, s, []match.Hit{h, other})
	if got := stateOf(t, s, h); got.State != store.HitNew || got.Author != "" || got.Since.IsZero() {
		t.Errorf("a hit that nobody has looked at: %+v", got)
	}
	triaged(t, s, nil,
		store.TriageEvent{HitID: h.ID, Action: store.Acknowledge},
		store.TriageEvent{HitID: h.ID, Action: store.Assign, Assignee: "Ines"},
		dismissed(h, false),
		store.TriageEvent{HitID: h.ID, Action: store.Note, Note: "two\nlines", Author: "ines"},
	)
	got := stateOf(t, s, h)
	want := store.HitState{HitID: h.ID, State: store.HitDismissed, Reason: "licensed", Note: "by contract", Author: "dora", Assignee: "Ines"}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(store.HitState{}, "Since")); diff != "" {
		t.Errorf("state (-want +got):\n%s", diff)
	}
	if got := stateOf(t, s, other); got.State != store.HitNew {
		t.Errorf("a hit of another pair is %+v", got)
	}
	triaged(t, s, nil, store.TriageEvent{HitID: h.ID, Action: store.Reopen}, store.TriageEvent{HitID: h.ID, Action: store.Assign})
	if got := stateOf(t, s, h); got.State != store.HitNew || got.Reason != "" || got.Assignee != "" {
		t.Errorf("reopened, and taken from its assignee: %+v", got)
	}
	history, err := s.TriageEvents(t.Context(), h.ID)
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, e := range history {
		said = append(said, fmt.Sprint(e.Action, " ", e.State, " ", e.Author))
	}
	if diff := cmp.Diff([]string{"acknowledge acknowledged dora", "assign  dora", "dismiss dismissed dora", "note  ines", "reopen new dora", "assign  dora"}, said); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
	stored, err := s.Hit(t.Context(), h.ID)
	if err != nil || len(stored.History) != len(history) || stored.State.State != store.HitNew {
		t.Errorf("the hit has the state %+v and %d events, %v", stored.State, len(stored.History), err)
	}
}

// TestTriageTies guards that a clock that was put back changes no order, and that
// of two changes at once the same one is in force for whoever asks.
func TestTriageTies(t *testing.T) {
	s := open(t, t.TempDir())
	h := suspect("h", 2030)
	triaged(t, s, []match.Hit{h},
		store.TriageEvent{HitID: h.ID, Action: store.Escalate, At: time.Date(2090, 1, 1, 0, 0, 0, 0, time.UTC)},
		store.TriageEvent{HitID: h.ID, Action: store.Resolve, At: time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)})
	if got := stateOf(t, s, h); got.State != store.HitResolved || got.Since.Year() != 2001 {
		t.Errorf("what was written last is %+v", got)
	}
	for _, id := range []string{"a", "c", "b"} {
		err := s.Conn().Exec(t.Context(), "INSERT INTO hit_events (hit_id, version, event_id, pair_other, author, action, state) VALUES ('"+h.ID+"', 9000000000000000000, '"+strings.Repeat(id, 64)+"', '"+h.OtherOrganisationKey+"', '"+id+"', 'escalate', 'escalated')")
		if err != nil {
			t.Fatal(err)
		}
	}
	if got := stateOf(t, s, h); got.Author != "c" {
		t.Errorf("of three at once the one by %q is in force, want c", got.Author)
	}
}

// TestPair guards that dismissing a pair dismisses its hits, those that come later
// too, that it can be undone, and that what is decided afterwards stands.
func TestPair(t *testing.T) {
	dir := t.TempDir()
	needEngine(t)
	s, err := store.Open(t.Context(), store.Options{DSN: dir})
	if err != nil {
		t.Fatal(err)
	}
	first, second := suspect("first", 2030), suspect("second", 2031)
	second.Rule, second.LogoSHA256 = "combosquat", "another"
	watched := suspect("watched", 2030)
	watched.Item, watched.OtherOrganisationKey = strings.Repeat("1", 64), ""
	triaged(t, s, []match.Hit{first, watched}, store.TriageEvent{HitID: first.ID, Action: store.Escalate}, dismissed(first, true))
	if got := stateOf(t, s, first); got.State != store.HitDismissed || got.Inherited != store.ByPair || got.InheritedFrom != first.ID {
		t.Errorf("the hit on which its pair was dismissed: %+v", got)
	}
	if got := stateOf(t, s, watched); got.State != store.HitNew {
		t.Errorf("the hit of a watch item, another pair: %+v", got)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir) // and a restart changes nothing
	triaged(t, s, []match.Hit{second})
	got := stateOf(t, s, second)
	if got.State != store.HitDismissed || got.InheritedFrom != first.ID || got.Reason != "licensed" || got.Author != "dora" {
		t.Errorf("a hit of a dismissed pair arrives as %+v", got)
	}
	history, err := s.TriageEvents(t.Context(), second.ID)
	if err != nil || len(history) != 1 || !history[0].Pair || history[0].HitID != first.ID {
		t.Errorf("its history: %+v, %v", history, err)
	}
	triaged(t, s, nil, store.TriageEvent{HitID: second.ID, Action: store.Acknowledge})
	if got := stateOf(t, s, second); got.State != store.HitAcknowledged || got.Inherited != "" {
		t.Errorf("acknowledged by itself, it is %+v", got)
	}
	triaged(t, s, nil, dismissed(watched, true))
	if got := stateOf(t, s, watched); got.State != store.HitDismissed || got.InheritedFrom != watched.ID {
		t.Errorf("the hit of a watch item, whose pair is dismissed: %+v", got)
	}
	third := suspect("third", 2032)
	third.Severity = match.Low
	triaged(t, s, []match.Hit{third}, store.TriageEvent{HitID: third.ID, Action: store.Reopen, Pair: true})
	for _, c := range []struct {
		h    match.Hit
		want string
	}{{first, store.HitEscalated}, {second, store.HitAcknowledged}, {third, store.HitNew}, {watched, store.HitDismissed}} {
		if got := stateOf(t, s, c.h); got.State != c.want {
			t.Errorf("after the pair is reopened by another hit of it: %+v, want %s", got, c.want)
		}
	}
}

// TestRenewal guards that the renewal of a certificate whose hit was dismissed
// arrives dismissed, whichever came first, and that one that changed something
// arrives new and says what.
func TestRenewal(t *testing.T) {
	s := open(t, t.TempDir())
	for n, c := range []struct {
		name            string
		change          func(h *match.Hit)
		state, changed  string
		earlier, linked bool
	}{
		{name: "unchanged", change: func(*match.Hit) {}, state: store.HitDismissed, linked: true},
		{name: "a reissue at once", change: func(h *match.Hit) { h.NotBefore = h.NotBefore.AddDate(-1, 0, 0) }, state: store.HitDismissed, linked: true},
		{name: "domains in another order", change: func(h *match.Hit) { slices.Reverse(h.Domains) }, state: store.HitDismissed, linked: true},
		{name: "the name in capitals", change: func(h *match.Hit) { h.Organisation = "ORVANDREL LTD" }, state: store.HitDismissed, linked: true},
		{name: "logo", change: func(h *match.Hit) { h.LogoSHA256 = "new" }, state: store.HitNew, earlier: true, changed: "the logo is another"},
		{name: "logo of a mark without a registration", change: func(h *match.Hit) { h.LogoSHA256, h.MarkKey = "new", "orvandrel|GB| new" }, state: store.HitNew, earlier: true, changed: "the logo is another"},
		{name: "owner", change: func(h *match.Hit) { h.OrganisationKey, h.Organisation = "quill|GB|", "Quill Ltd" }, state: store.HitNew, earlier: true, changed: "the organisation was Orvandrel Ltd and is Quill Ltd"},
		{name: "domains", change: func(h *match.Hit) {
			h.Domains = []string{"orvandrel.example", "a.example", "b.example", "c.example", "d.example"}
		}, state: store.HitNew, earlier: true,
			changed: "it is also for a.example, b.example, c.example and 1 more; it is no longer for orvandrel.test"},
		{name: "all domains", change: func(h *match.Hit) { h.Domains = []string{"quill.example"} }, state: store.HitNew, earlier: true,
			changed: "it is also for quill.example; it is no longer for orvandrel.example, orvandrel.test"},
		{name: "mark", change: func(h *match.Hit) { h.MarkKey = "GB UK2" }, state: store.HitNew, earlier: true, changed: "the mark is another"},
		{name: "an older one", change: func(h *match.Hit) { h.NotBefore = h.NotBefore.AddDate(-2, 0, 0) }, state: store.HitNew},
		{name: "another rule", change: func(h *match.Hit) { h.Rule = match.RuleTrademark }, state: store.HitNew},
		{name: "another victim", change: func(h *match.Hit) { h.OtherOrganisationKey = "quill|GB|" }, state: store.HitNew},
		{name: "a stranger", change: func(h *match.Hit) {
			h.OrganisationKey, h.MarkKey, h.Domains = "quill|GB|", "GB UK2", []string{"quill.example"}
		}, state: store.HitNew},
	} {
		t.Run(c.name, func(t *testing.T) {
			for i, save := range []func(original, renewal match.Hit){
				func(original, renewal match.Hit) {
					triaged(t, s, []match.Hit{original}, dismissed(original, false))
					triaged(t, s, []match.Hit{renewal})
				},
				func(original, renewal match.Hit) { // of which another log brings the original
					triaged(t, s, []match.Hit{renewal})
					triaged(t, s, []match.Hit{original}, dismissed(original, false))
				},
			} {
				victim := fmt.Sprint("victim ", n, " ", i)
				original, renewal := suspect("original of "+victim, 2030), suspect("renewal of "+victim, 2031)
				original.OtherOrganisationKey, renewal.OtherOrganisationKey = victim, victim
				c.change(&renewal)
				want := store.HitState{HitID: renewal.ID, State: c.state, Changed: c.changed}
				if c.earlier {
					want.Earlier = original.ID
				}
				if c.linked {
					want.Inherited, want.InheritedFrom, want.Reason, want.Note, want.Author = store.ByRenewal, original.ID, "licensed", "by contract", "dora"
				}
				save(original, renewal)
				if diff := cmp.Diff(want, stateOf(t, s, renewal), cmpopts.IgnoreFields(store.HitState{}, "Since")); diff != "" {
					t.Errorf("in order %d (-want +got):\n%s", i, diff)
				}
			}
		})
	}
}

// TestRenewals guards that each renewal goes by the latest decision before it, and
// that a decision on the renewal itself stands.
func TestRenewals(t *testing.T) {
	s := open(t, t.TempDir())
	var hits []match.Hit
	for year := range 5 {
		hits = append(hits, suspect(fmt.Sprint("of ", year), 2030+year))
	}
	states := func() string {
		var all []string
		for _, h := range hits {
			all = append(all, stateOf(t, s, h).State)
		}
		return strings.Join(all, " ")
	}
	for _, step := range []struct {
		event store.TriageEvent
		want  string
	}{
		{dismissed(hits[1], false), "new dismissed dismissed dismissed dismissed"},
		{store.TriageEvent{HitID: hits[3].ID, Action: store.Escalate}, "new dismissed dismissed escalated new"},
		{dismissed(hits[0], false), "dismissed dismissed dismissed escalated new"},
		{store.TriageEvent{HitID: hits[1].ID, Action: store.Reopen}, "dismissed new new escalated new"},
		{dismissed(hits[3], false), "dismissed new new dismissed dismissed"},
		{store.TriageEvent{HitID: hits[4].ID, Action: store.Acknowledge}, "dismissed new new dismissed acknowledged"},
	} {
		triaged(t, s, hits, step.event)
		if got := states(); got != step.want {
			t.Errorf("after %s: got %s, want %s", step.event.Action, got, step.want)
		}
	}
	if err := s.SaveHits(t.Context(), match.Changes{Withdrawn: []string{hits[3].ID}}); err != nil {
		t.Fatal(err)
	}
	triaged(t, s, nil, store.TriageEvent{HitID: hits[4].ID, Action: store.Reopen})
	later := suspect("later", 2040)
	triaged(t, s, []match.Hit{later})
	if got := stateOf(t, s, later); got.State != store.HitNew {
		t.Errorf("the renewal of one that was reopened is %+v", got)
	}
}

// TestBadTriage guards that nothing is kept of what can't be.
func TestBadTriage(t *testing.T) {
	s := open(t, t.TempDir())
	h := suspect("h", 2030)
	triaged(t, s, []match.Hit{h})
	good := store.TriageEvent{HitID: h.ID, Action: store.Acknowledge, Author: "dora"}
	for _, c := range []struct {
		event store.TriageEvent
		want  string
	}{
		{store.TriageEvent{HitID: strings.Repeat("0", 64), Action: store.Acknowledge}, "there is no hit 000"},
		{store.TriageEvent{HitID: h.ID, Action: "praise"}, `no action "praise"`},
		{store.TriageEvent{HitID: h.ID, Action: store.Dismiss}, `"" is no reason to dismiss a hit; there are: own, licensed, unrelated, other`},
		{store.TriageEvent{HitID: h.ID, Action: store.Dismiss, Reason: "other"}, "needs a note"},
		{store.TriageEvent{HitID: h.ID, Action: store.Resolve, Reason: "own"}, "only what is dismissed has a reason"},
		{store.TriageEvent{HitID: h.ID, Action: store.Resolve, Pair: true}, "a pair can be dismissed and reopened"},
		{store.TriageEvent{HitID: h.ID, Action: store.Note}, "the note is empty"},
		{store.TriageEvent{HitID: h.ID, Action: store.Note, Note: "a\x1b[2Jb"}, "the note has a character that can't be seen: U+001B"},
		{store.TriageEvent{HitID: h.ID, Action: store.Note, Note: "a\u202eb"}, "U+202E"},
		{store.TriageEvent{HitID: h.ID, Action: store.Note, Note: "a\xff"}, "is not UTF-8"},
		{store.TriageEvent{HitID: h.ID, Action: store.Note, Note: strings.Repeat("ä", 10_001)}, "has 10001 characters"},
		{store.TriageEvent{HitID: h.ID, Action: store.Assign, Assignee: "Ines\nDora"}, "name of the assignee"},
		{store.TriageEvent{HitID: h.ID, Action: store.Acknowledge, Assignee: "Ines"}, "only assign gives"},
	} {
		if err := s.SaveTriage(t.Context(), []store.TriageEvent{good, c.event}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: got %v, want %q", c.event, err, c.want)
		}
	}
	if history, err := s.TriageEvents(t.Context(), h.ID); err != nil || len(history) != 0 {
		t.Errorf("%d events are kept, %v", len(history), err)
	}
}
