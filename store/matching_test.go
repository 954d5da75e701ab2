package store_test

import (
	"encoding/hex"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"markwatch/match"
	"markwatch/match/logo"
	"markwatch/scanner"
	"markwatch/store"
)

// TestIssuancesToMatch guards that the matcher is told of each issuance, whole
// or by the entries of a log, once.
func TestIssuancesToMatch(t *testing.T) {
	s := open(t, t.TempDir())
	log := newLog("matched")
	batches := read(t, log, scanner.Position{}, 16)
	commit(t, s, batches...)
	all, err := s.Issuances(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{}
	for _, b := range batches {
		for _, m := range b.Marks {
			want[hex.EncodeToString(m.Entry.Mark.TBSSHA256[:])] = true
		}
	}
	read, err := s.Read(t.Context())
	if err != nil || len(read) != 1 {
		t.Fatalf("read: %v, %v", read, err)
	}
	stepped := map[string]match.Issuance{}
	for id, end := range read {
		if end != log.Size() {
			t.Errorf("the log is read to %d, want %d", end, log.Size())
		}
		for next := uint64(0); next < end; {
			to, err := s.Step(t.Context(), id, next, end, 3)
			if err != nil || to <= next || to > end {
				t.Fatalf("a step from %d to %d of %d: %v", next, to, end, err)
			}
			some, err := s.IssuancesOf(t.Context(), id, next, to)
			if err != nil || len(some) > 3 {
				t.Fatalf("%d issuances in a step of 3 entries: %v", len(some), err)
			}
			for _, i := range some {
				stepped[i.TBSSHA256] = i
			}
			next = to
		}
	}
	if len(all) != len(want) || len(stepped) != len(want) {
		t.Errorf("%d issuances are stored, %d read whole, %d by steps", len(want), len(all), len(stepped))
	}
	for _, i := range all {
		if diff := cmp.Diff(i, stepped[i.TBSSHA256]); diff != "" {
			t.Errorf("read whole and by steps:\n%s", diff)
		}
	}
}

// TestFeaturesOutlastACommit guards that a logo stays described when a batch
// that holds it is written again.
func TestFeaturesOutlastACommit(t *testing.T) {
	s := open(t, t.TempDir())
	batches := read(t, newLog("described"), scanner.Position{}, 0)
	commit(t, s, batches...)
	svgs, err := s.Undescribed(t.Context(), nil, 1000)
	if err != nil || len(svgs) < 3 {
		t.Fatalf("%d logos to describe, %v", len(svgs), err)
	}
	features := []store.Features{
		{SHA256: svgs[0].SHA256, Hashes: logo.Hashes{Average: 1, Difference: 2, Perception: 1<<63 + 3, Extended: [4]uint64{1 << 63, 0, 0, 5}}, Undrawn: []string{"filter"}, Text: true},
		{SHA256: svgs[1].SHA256, Problem: "too plain to compare"},
	}
	if err := s.SaveFeatures(t.Context(), features); err != nil {
		t.Fatal(err)
	}
	commit(t, s, batches...)
	left, err := s.Undescribed(t.Context(), nil, 1000)
	if err != nil || len(left) != len(svgs)-2 {
		t.Errorf("%d of %d logos are left to describe, want two less: %v", len(left), len(svgs), err)
	}
	if some, err := s.Undescribed(t.Context(), []string{svgs[0].SHA256, svgs[2].SHA256}, 1000); err != nil || len(some) != 1 {
		t.Errorf("of a described logo and another %d are left: %v", len(some), err)
	}
	var distance uint8
	var svg string
	row := s.Conn().QueryRow(t.Context(), "SELECT bitHammingDistance(perception_hash, toUInt64(3)), svg FROM logos WHERE has_text AND undrawn = ['filter'] AND extended_hash = bitShiftLeft(toUInt256(1), 255) + 5")
	if err := row.Scan(&distance, &svg); err != nil || distance != 1 || svg != string(svgs[0].SVG) {
		t.Errorf("distance %d, %d bytes of SVG, %v", distance, len(svg), err)
	}
	if described, err := s.Logos(t.Context(), nil); err != nil || len(described) != 2 || described[0].Descriptor != nil {
		t.Errorf("described: %v, %v", described, err)
	}
	got, err := s.SVG(t.Context(), svgs[2].SHA256)
	if err != nil || !slices.Equal(got, svgs[2].SVG) {
		t.Errorf("read one SVG: %d bytes, %v", len(got), err)
	}
}

// TestHitsKeepTheirHistory guards that a hit that is found again is the same,
// and that one that is withdrawn is kept, marked.
func TestHitsKeepTheirHistory(t *testing.T) {
	s := open(t, t.TempDir())
	distance := 3
	h := match.Hit{
		ID: strings.Repeat("a", 64), Rule: match.RuleLogo, Severity: match.High, TBSSHA256: strings.Repeat("b", 64), Organisation: "Orvandrel Ltd", OrganisationKey: "orvandrel|GB|",
		Domains: []string{"orvandrel.example"}, OtherTBSSHA256: strings.Repeat("c", 64), OtherOrganisation: "Misavu", OtherOrganisationKey: "misavu|GB|", OtherDomains: []string{"misavu.example"},
		Score: 0.5, Reason: "Its logo resembles.", Evidence: match.Evidence{Logo: "l", LogoDistance: &distance, Agreement: "same outline"}, FirstSeen: time.Date(2030, 1, 2, 3, 4, 5, 6e6, time.UTC),
		MarkKey: "GB UK1", LogoSHA256: "l", NotBefore: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	save := func(c match.Changes) {
		t.Helper()
		if err := s.SaveHits(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	save(match.Changes{})
	save(match.Changes{Hits: []match.Hit{h}})
	found := foundAt(t, s)
	h.Reason = "Its logo resembles more."
	save(match.Changes{Hits: []match.Hit{h}})
	got, err := s.Hits(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]match.Hit{h}, got); diff != "" {
		t.Errorf("stored and read (-want +got):\n%s", diff)
	}
	if again := foundAt(t, s); !again.Equal(found) {
		t.Errorf("a hit that says something else was found at %v, first at %v", again, found)
	}
	save(match.Changes{Withdrawn: []string{h.ID, strings.Repeat("d", 64)}})
	if got, err := s.Hits(t.Context()); err != nil || len(got) != 0 {
		t.Errorf("after it is withdrawn: %v, %v", got, err)
	}
	foundAt(t, s)
	save(match.Changes{Hits: []match.Hit{h}})
	if got, err := s.Hits(t.Context()); err != nil || len(got) != 1 {
		t.Errorf("found once more: %v, %v", got, err)
	}
}

// foundAt is when the only stored hit was found.
func foundAt(t *testing.T, s *store.Store) time.Time {
	t.Helper()
	var at time.Time
	if err := s.Conn().QueryRow(t.Context(), "SELECT found_at FROM hits").Scan(&at); err != nil {
		t.Fatal(err)
	}
	return at
}

// TestItemsKeepTheirHistory guards that each change of a watch list is kept.
func TestItemsKeepTheirHistory(t *testing.T) {
	s := open(t, t.TempDir())
	item, err := match.NewItem("clients", match.Watch, match.KindTrademark, "UK 3647211", nil)
	if err != nil {
		t.Fatal(err)
	}
	item.Severity, item.Notes, item.Ends = match.High, "word mark", time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, step := range []struct {
		notes   string
		removed bool
		inForce int
	}{{"word mark", false, 1}, {"logo", false, 1}, {"logo", true, 0}, {"again", false, 1}} {
		item.Notes = step.notes
		if err := s.SaveItems(t.Context(), []match.Item{item}, step.removed, "dora"); err != nil {
			t.Fatal(err)
		}
		items, err := s.Items(t.Context())
		if err != nil || len(items) != step.inForce {
			t.Fatalf("after %q: %d items, %v", step.notes, len(items), err)
		}
		if step.inForce == 1 {
			if diff := cmp.Diff(item, items[0].Item, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("stored and read (-want +got):\n%s", diff)
			}
		}
	}
	history, err := s.ItemHistory(t.Context())
	if err != nil || len(history) != 4 || !history[2].Removed || history[1].Notes != "logo" || history[0].Author != "dora" {
		t.Errorf("history: %+v, %v", history, err)
	}
}

// TestItemsState guards that no change of a watch list goes unseen, also one that
// was begun before another and written after it.
func TestItemsState(t *testing.T) {
	s := open(t, t.TempDir())
	item, err := match.NewItem("clients", match.Watch, match.KindDomain, "misavu.com", nil)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[uint64]bool{}
	for step, change := range []func() error{
		func() error { return s.SaveItems(t.Context(), []match.Item{item}, false, "dora") },
		func() error { return s.SaveItems(t.Context(), []match.Item{item}, true, "dora") },
		func() error {
			return s.Conn().Exec(t.Context(), "INSERT INTO watch_items SELECT * REPLACE (version - 5 AS version, repeat('e', 64) AS id) FROM watch_items ORDER BY version LIMIT 1")
		},
	} {
		if err := change(); err != nil {
			t.Fatal(err)
		}
		state, err := s.ItemsState(t.Context())
		if err != nil || seen[state] {
			t.Errorf("after change %d the state is %d, as before, or %v", step, state, err)
		}
		seen[state] = true
	}
}
