package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"markwatch/match"
	"markwatch/scanner"
	"markwatch/store"
)

func domainItem(t testing.TB, list, name string) match.Item {
	t.Helper()
	i, err := match.NewItem(list, match.Watch, match.KindDomain, name, nil)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// TestWatchLists guards that each version of a list is kept, that one with items
// alone is one too, and that the secret of its feed stays the same until somebody
// wants another.
func TestWatchLists(t *testing.T) {
	s := open(t, t.TempDir())
	lists := func() []store.WatchList {
		t.Helper()
		got, err := s.WatchLists(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if got := lists(); len(got) != 0 {
		t.Errorf("a new store has lists: %+v", got)
	}
	misavu := store.WatchList{
		Name: "misavu", Client: "Misavu, Inc.", Notes: "since 2030\nby contract", Colour: "#1f6f8b", Channels: []string{"counsel", "soar-2"},
		Rhythm: store.Daily, DigestAt: "07:30", DigestZone: "Europe/Lisbon",
	}
	if err := s.SaveWatchLists(t.Context(), []store.WatchList{misavu}, "dora"); err != nil {
		t.Fatal(err)
	}
	if err := s.SaveItems(t.Context(), []match.Item{domainItem(t, "torblen", "torblen.com"), domainItem(t, "misavu", "misavu.com")}, false, "emil"); err != nil {
		t.Fatal(err)
	}
	got := lists()
	if len(got) != 2 || got[0].Author != "dora" || got[0].Version == 0 || len(got[0].FeedSecret) != 32 {
		t.Fatalf("got %+v", got)
	}
	ignore := cmpopts.IgnoreFields(store.WatchList{}, "FeedSecret", "Version", "Author", "ChangedAt")
	if diff := cmp.Diff([]store.WatchList{misavu, {Name: "torblen"}}, got, ignore, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("stored and read (-want +got):\n%s", diff)
	}
	if torblen := got[1]; torblen.Version != 0 || len(torblen.FeedSecret) != 32 || torblen.FeedSecret == got[0].FeedSecret {
		t.Errorf("a list that only has items: %+v", torblen)
	}

	changed := got[0]
	changed.Rhythm, changed.Channels = store.AtOnce, nil
	if err := s.SaveWatchLists(t.Context(), []store.WatchList{changed}, "emil"); err != nil {
		t.Fatal(err)
	}
	if err := s.SaveItems(t.Context(), []match.Item{domainItem(t, "torblen", "torblen.net")}, false, "emil"); err != nil {
		t.Fatal(err)
	}
	again := lists()
	if again[0].Rhythm != store.AtOnce || again[0].FeedSecret != got[0].FeedSecret || again[1].FeedSecret != got[1].FeedSecret {
		t.Errorf("after a change: %+v", again)
	}
	changed.Removed = true
	if err := s.SaveWatchLists(t.Context(), []store.WatchList{changed}, "emil"); err != nil {
		t.Fatal(err)
	}
	named, err := s.NamedChannels(t.Context())
	if diff := cmp.Diff([]string{"counsel", "soar-2"}, named); diff != "" || err != nil {
		t.Errorf("channels that a list once named, %v (-want +got):\n%s", err, diff)
	}
	if got := lists(); len(got) != 2 || got[0].Rhythm != "" || got[0].FeedSecret != "" {
		t.Errorf("what is set of a list is removed, and its items are there: %+v", got)
	}
	if err := s.SaveItems(t.Context(), []match.Item{domainItem(t, "misavu", "misavu.com")}, true, "emil"); err != nil {
		t.Fatal(err)
	}
	if got := lists(); len(got) != 1 {
		t.Errorf("without items: %+v", got)
	}
	history, err := s.WatchListHistory(t.Context())
	if err != nil || len(history) != 4 || history[0].Author != "dora" || !history[3].Removed {
		t.Errorf("history: %+v, %v", history, err)
	}
}

func TestWatchListCheck(t *testing.T) {
	for name, tt := range map[string]struct {
		list store.WatchList
		want string // part of the error; "" is none
	}{
		"nothing set":              {store.WatchList{Name: "a"}, ""},
		"all of it":                {store.WatchList{Name: "a", Client: "Öl AG", Colour: "#ABCDEF", Channels: []string{"team", "team"}, Rhythm: store.Weekly, DigestAt: "Fri 09:15", DigestZone: "UTC"}, ""},
		"a name with a line break": {store.WatchList{Name: "a\nb"}, "can't be the name of a list"},
		"a colour by name":         {store.WatchList{Name: "a", Colour: "red"}, `"red" is no colour`},
		"a short colour":           {store.WatchList{Name: "a", Colour: "#abc"}, "is no colour"},
		"a colour of more":         {store.WatchList{Name: "a", Colour: "#abcdeg"}, "is no colour"},
		"a channel of two words":   {store.WatchList{Name: "a", Channels: []string{"our team"}}, "no name of a channel"},
		"an empty channel":         {store.WatchList{Name: "a", Channels: []string{""}}, "no name of a channel"},
		"a rhythm":                 {store.WatchList{Name: "a", Rhythm: "monthly"}, `no rhythm "monthly"`},
		"a time":                   {store.WatchList{Name: "a", DigestAt: "25:00"}, `"25:00" is no time`},
		"a day":                    {store.WatchList{Name: "a", DigestAt: "noday 08:00"}, "is no time of a digest"},
		"a zone":                   {store.WatchList{Name: "a", DigestZone: "Mars/Olympus"}, "no time zone"},
		"whatever zone is here":    {store.WatchList{Name: "a", DigestZone: "Local"}, "no time zone"},
		"a secret":                 {store.WatchList{Name: "a", FeedSecret: strings.Repeat("z", 32)}, "32 hexadecimal digits"},
		"a client with an escape":  {store.WatchList{Name: "a", Client: "Misavu\x1b[2J"}, "control characters"},
		"endless notes":            {store.WatchList{Name: "a", Notes: strings.Repeat("a", 200_000)}, "more than"},
	} {
		t.Run(name, func(t *testing.T) {
			l := tt.list
			err := l.Check()
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("got %v, want %q", err, tt.want)
			}
			if err == nil && (l.Rhythm == "" || l.Colour != strings.ToLower(tt.list.Colour) || len(l.Channels) > 1) {
				t.Errorf("kept as %+v", l)
			}
		})
	}
}

// TestDue guards when what is found is told, also where clocks are put forward
// or back.
func TestDue(t *testing.T) {
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for name, tt := range map[string]struct {
		list        store.WatchList
		found, want string
	}{
		"at once":                         {store.WatchList{Rhythm: store.AtOnce, DigestAt: "09:00"}, "2030-05-06T10:11:12Z", "2030-05-06T10:11:12Z"},
		"nothing said":                    {store.WatchList{}, "2030-05-06T10:11:12Z", "2030-05-06T10:11:12Z"},
		"hourly":                          {store.WatchList{Rhythm: store.Hourly}, "2030-05-06T10:11:12Z", "2030-05-06T11:00:00Z"},
		"hourly, on the hour":             {store.WatchList{Rhythm: store.Hourly}, "2030-05-06T10:00:00Z", "2030-05-06T11:00:00Z"},
		"daily":                           {store.WatchList{Rhythm: store.Daily}, "2030-05-06T10:11:12Z", "2030-05-07T08:00:00Z"},
		"daily, before":                   {store.WatchList{Rhythm: store.Daily}, "2030-05-06T07:59:59Z", "2030-05-06T08:00:00Z"},
		"daily, at that moment":           {store.WatchList{Rhythm: store.Daily}, "2030-05-06T08:00:00Z", "2030-05-07T08:00:00Z"},
		"daily, there":                    {store.WatchList{Rhythm: store.Daily, DigestAt: "07:30", DigestZone: "America/New_York"}, "2030-05-06T10:11:12Z", "2030-05-06T11:30:00Z"},
		"weekly":                          {store.WatchList{Rhythm: store.Weekly}, "2030-05-06T10:11:12Z", "2030-05-13T08:00:00Z"}, // from a Monday
		"weekly, on Fridays":              {store.WatchList{Rhythm: store.Weekly, DigestAt: "fri 17:00"}, "2030-05-06T10:11:12Z", "2030-05-10T17:00:00Z"},
		"at an hour that is left out":     {store.WatchList{Rhythm: store.Daily, DigestAt: "02:30", DigestZone: "Europe/Berlin"}, "2030-03-30T12:00:00Z", "2030-03-31T01:30:00Z"},
		"at an hour that there is twice":  {store.WatchList{Rhythm: store.Daily, DigestAt: "02:30", DigestZone: "Europe/Berlin"}, "2030-10-26T12:00:00Z", "2030-10-27T01:30:00Z"},
		"after both of them":              {store.WatchList{Rhythm: store.Daily, DigestAt: "02:30", DigestZone: "Europe/Berlin"}, "2030-10-27T01:45:00Z", "2030-10-28T01:30:00Z"},
		"over the end of a year and week": {store.WatchList{Rhythm: store.Weekly, DigestAt: "wed 00:00"}, "2030-12-31T23:59:59Z", "2031-01-01T00:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := tt.list.Due(at(tt.found)); !got.Equal(at(tt.want)) {
				t.Errorf("got %v, want %s", got.UTC(), tt.want)
			}
		})
	}
}

// TestItemBegins guards that an item begins when it was first added, and that
// notify stays with it.
func TestItemBegins(t *testing.T) {
	s := open(t, t.TempDir())
	plain, told := domainItem(t, "misavu", "misavu.com"), domainItem(t, "misavu", "misavu.net")
	before := time.Now().Truncate(time.Millisecond)
	for _, save := range []func() error{
		func() error { return s.SaveItems(t.Context(), []match.Item{plain}, false, "dora") },
		func() error { return s.SaveNotifyingItems(t.Context(), []match.Item{told}, "dora") },
	} {
		if err := save(); err != nil {
			t.Fatal(err)
		}
	}
	first, err := s.ItemBegins(t.Context(), []string{plain.ID, told.ID})
	if err != nil || len(first) != 2 || first[plain.ID].Notify || !first[told.ID].Notify || first[plain.ID].Added.Before(before) {
		t.Fatalf("got %+v, %v", first, err)
	}
	if err := s.SaveItems(t.Context(), []match.Item{plain, told}, true, "dora"); err != nil {
		t.Fatal(err)
	}
	if err := s.SaveItems(t.Context(), []match.Item{plain, told}, false, "dora"); err != nil {
		t.Fatal(err)
	}
	again, err := s.ItemBegins(t.Context(), []string{plain.ID, told.ID})
	if diff := cmp.Diff(first, again); diff != "" || err != nil {
		t.Errorf("after it was removed and added again: %v\n%s", err, diff)
	}
}

// TestItemsOf guards that some of the items are read as all of them are.
func TestItemsOf(t *testing.T) {
	s := open(t, t.TempDir())
	var items []match.Item
	var ids []string
	for n := range 6000 {
		items = append(items, domainItem(t, "many", fmt.Sprintf("misavu-%d.com", n)))
		ids = append(ids, items[n].ID)
	}
	if err := s.SaveItems(t.Context(), items, false, "dora"); err != nil {
		t.Fatal(err)
	}
	items[7].Notes = "changed"
	if err := s.SaveItems(t.Context(), items[7:8], false, "dora"); err != nil {
		t.Fatal(err)
	}
	if err := s.SaveItems(t.Context(), items[:1], true, "dora"); err != nil {
		t.Fatal(err)
	}
	versions, err := s.ItemVersions(t.Context())
	if err != nil || len(versions) != 5999 {
		t.Fatalf("%d versions, %v", len(versions), err)
	}
	each := map[string]uint64{}
	for i, err := range s.EachItem(t.Context()) {
		if err != nil || i.ID == ids[7] && i.Notes != "changed" {
			t.Fatalf("one by one: %+v, %v", i, err)
		}
		each[i.ID] = i.Version
	}
	if diff := cmp.Diff(versions, each); diff != "" {
		t.Errorf("one by one (-want +got):\n%s", diff)
	}
	for _, some := range [][]string{ids, ids[:2500], {ids[7]}, nil} {
		got, err := s.ItemsOf(t.Context(), some)
		if err != nil {
			t.Fatal(err)
		}
		var found []string
		for _, i := range got {
			found = append(found, i.ID)
			if i.Version != versions[i.ID] || i.ID == ids[7] && i.Notes != "changed" {
				t.Errorf("%s is of version %d, want %d: %+v", i.ID, i.Version, versions[i.ID], i)
			}
		}
		want := slices.DeleteFunc(slices.Clone(some), func(id string) bool { return id == ids[0] })
		slices.Sort(want)
		slices.Sort(found)
		if !slices.Equal(found, want) {
			t.Errorf("%d items of %d ids, want %d", len(found), len(some), len(want))
		}
	}
}

// TestHeld guards that of a domain all is told that its holders have, and
// nothing of who has a name that merely ends like it.
func TestHeld(t *testing.T) {
	s := open(t, t.TempDir())
	commit(t, s, read(t, newLog("held"), scanner.Position{}, 0)...)
	all, err := s.Issuances(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range all {
		if i.Test || len(i.Domains) == 0 {
			continue
		}
		want := 0
		keys := map[string]bool{}
		for _, o := range all {
			if !o.Test && slices.ContainsFunc(o.Domains, func(d string) bool { return d == i.Domains[0] || strings.HasSuffix(d, "."+i.Domains[0]) }) {
				keys[o.OrganisationKey] = true
			}
		}
		for _, o := range all {
			if !o.Test && keys[o.OrganisationKey] {
				want++
			}
		}
		got, err := s.Held(t.Context(), i.Domains[0])
		if err != nil || len(got) != want || want == 0 {
			t.Errorf("%s: %d issuances, %v; want %d", i.Domains[0], len(got), err, want)
		}
		if cut, err := s.Held(t.Context(), i.Domains[0][1:]); err != nil || len(cut) != 0 {
			t.Errorf("%s: %d issuances, %v", i.Domains[0][1:], len(cut), err)
		}
	}
}
