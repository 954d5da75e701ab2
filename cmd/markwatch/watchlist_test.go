package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"markwatch/internal/ctlogtest"
	"markwatch/internal/marktest"
	"markwatch/match"
	"markwatch/match/logo"
	"markwatch/store"
)

// TestAllowanceEndsInARunningWatch guards that a running watch brings back by
// itself, when an allowance ends, what it excused, and takes it away again when
// the allowance is prolonged.
func TestAllowanceEndsInARunningWatch(t *testing.T) {
	r := newRig(t)
	l := ctlogtest.New(ctlogtest.Options{Name: "allowing"})
	ca := marktest.NewCA("Process Test CA")
	addPair(l, ca, marktest.Registered("Torblen Shop Ltd", "misavu-shop.example", 4712))
	l.Publish()
	r.serve(l)
	r.run(exitDone, "markwatch", "watch", "--once")
	st := openStore(t, filepath.Join(r.dir, "data", "markwatch"))
	defer closeStore(t, st)

	end := time.Now().Add(time.Hour).UTC().Truncate(time.Millisecond)
	watched, allowed := newTestItem(t, match.Watch, "misavu.example"), newTestItem(t, match.Allow, "misavu-shop.example")
	allowed.Ends = end
	save := func(items ...match.Item) {
		t.Helper()
		if err := st.SaveItems(t.Context(), items, false, "dora"); err != nil {
			t.Fatal(err)
		}
	}
	save(watched, allowed)
	clock := end.Add(-time.Minute)
	g := newMatching(st, slog.New(slog.DiscardHandler), nil)
	g.now = func() time.Time { return clock }
	if err := g.start(t.Context(), g.changedItems, func(*match.Hit) bool { return true }); err != nil {
		t.Fatal(err)
	}
	hits := func() (n int) {
		t.Helper()
		if err := g.catchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		all, err := st.Hits(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range all {
			if h.Item == watched.ID {
				n++
			}
		}
		return n
	}
	if n := hits(); n != 0 {
		t.Fatalf("%d hits while it is allowed", n)
	}
	clock = end
	if n := hits(); n != 1 {
		t.Errorf("%d hits when it has ended, want 1", n)
	}
	allowed.Ends = end.Add(time.Hour)
	save(allowed)
	if n := hits(); n != 0 {
		t.Errorf("%d hits when it is prolonged", n)
	}
}

// TestStoredLogoAsItem guards that the logo of a stored certificate is watched
// by either hash of it, and that it finds its like.
func TestStoredLogoAsItem(t *testing.T) {
	r := newRig(t)
	l := ctlogtest.New(ctlogtest.Options{Name: "logos"})
	fill(l, 4)
	r.serve(l)
	r.run(exitDone, "markwatch", "watch", "--once")
	st := openStore(t, filepath.Join(r.dir, "data", "markwatch"))
	issuances, err := st.Issuances(t.Context())
	described, describedErr := st.Logos(t.Context(), nil)
	closeStore(t, st)
	if err := errors.Join(err, describedErr); err != nil {
		t.Fatal(err)
	}
	comparable := map[string]bool{}
	for _, l := range described {
		comparable[l.SHA256] = l.Descriptor != nil
	}
	for _, i := range issuances {
		if !comparable[i.Logo] || i.Test {
			continue
		}
		said := r.run(exitDone, "markwatch", "watchlist", "add", "logo", "tbs:"+i.TBSSHA256[:12], "--list", "tbs", "--json").stdout.String()
		if !strings.Contains(said, `"value":"`+i.Logo) || !strings.Contains(said, `"rule":"logo"`) {
			t.Errorf("by the certificate: %s", said)
		}
		if !strings.Contains(said, "the watched logo of ") {
			t.Errorf("the reason doesn't read as a sentence: %s", said)
		}
		said = r.run(exitDone, "markwatch", "watchlist", "add", "logo", "svg:"+i.Logo, "--list", "tbs").stdout.String()
		if !strings.Contains(said, "unchanged  watch logo logo of ") {
			t.Errorf("by its own hash it is another: %s", said)
		}
		return
	}
	t.Fatal("no issuance has a logo that can be compared")
}

func newTestItem(t testing.TB, role match.Role, name string) match.Item {
	t.Helper()
	i, err := match.NewItem("misavu", role, match.KindDomain, name, nil)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// readText reads a file of watch lists from a text.
func readText(t testing.TB, name, text string) (*itemFile, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p := &program{streams: streams{strings.NewReader(""), io.Discard, io.Discard}}
	return p.openItems(context.Background(), path, "")
}

// itemsIn are the items of a file; the error is what is wrong with it.
func itemsIn(f *itemFile) (items []match.Item, err error) {
	if _, err := checkItems(f); err != nil {
		return nil, err
	}
	for w, err := range f.items(false) {
		if err != nil {
			return nil, err
		}
		items = append(items, w.Item)
	}
	return items, nil
}

const testLogo = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><path fill="#123" d="M10 10h50l30 40-50 40z"/><circle cx="70" cy="25" r="14" fill="#c33"/></svg>`

// strange are items and a list with all that is hard to write.
func strange(t testing.TB) ([]store.WatchList, []match.Item) {
	t.Helper()
	l := store.WatchList{
		Name: `a: "list" # of, {things} 日本 \ 'x'`, Client: "Öl & Söhne, \"Inc.\"", Notes: "one\ntwo\ttabs, \u0085 \u2028 \x01 \x7f 🦉 - not: a, key\n  indented\n",
		Colour: "#00ff7f", Channels: []string{"no", "0-1"}, Rhythm: store.Daily, DigestAt: "08:00", DigestZone: "UTC",
	}
	at := time.Date(2030, 2, 3, 4, 5, 6, 7e6, time.UTC)
	var items []match.Item
	for _, notes := range []string{"", "plain", "null", "~", "=1+1", "- a", "'", `"`, "\\n", " leads and trails ", "a\nb", "\ufeffmarked", "#ccc", "&a *b", "\x00", l.Notes, strings.Repeat("long ", 5000)} {
		i, err := match.NewItem(l.Name, match.Watch, match.KindOrganisation, fmt.Sprintf("Torblen %d plc: %% , \"quoted\" 日本", len(items)), nil)
		if err != nil {
			t.Fatal(err)
		}
		i.Notes, i.Severity, i.Starts, i.Ends = match.CleanNotes(notes), match.High, at, at.AddDate(1, 0, 0)
		items = append(items, i)
	}
	picture, err := match.NewItem(l.Name, match.Watch, match.KindLogo, "logo.svg", []byte(testLogo))
	if err != nil {
		t.Fatal(err)
	}
	return []store.WatchList{l}, append(items, picture)
}

// TestFilesAreExact guards that what is written is read back as it was, in
// either format.
func TestFilesAreExact(t *testing.T) {
	lists, items := strange(t)
	each := func(yield func(match.Item) bool) {
		for _, i := range items {
			if !yield(i) {
				return
			}
		}
	}
	for name, write := range map[string]func(io.Writer) error{
		"out.csv":  func(w io.Writer) error { return writeCSV(w, each) },
		"out.yaml": func(w io.Writer) error { return writeYAML(w, lists, each, true) },
	} {
		t.Run(name, func(t *testing.T) {
			var text strings.Builder
			if err := write(&text); err != nil {
				t.Fatal(err)
			}
			f, err := readText(t, name, text.String())
			if err != nil {
				t.Fatal(err)
			}
			got, err := itemsIn(f)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(items, got, cmpopts.IgnoreTypes(&logo.Descriptor{}), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("written and read (-want +got):\n%s", diff)
			}
			if name == "out.yaml" {
				if diff := cmp.Diff(lists[0], f.lists[0].WatchList, cmpopts.IgnoreFields(store.WatchList{}, "FeedSecret")); diff != "" {
					t.Errorf("the list (-want +got):\n%s", diff)
				}
			}
		})
	}
}

// TestFilesOfOtherEncodings guards that a file in another encoding is read, or
// refused with what to do.
func TestFilesOfOtherEncodings(t *testing.T) {
	utf16 := func(s string, big bool) string {
		var b []byte
		for _, r := range s {
			if big {
				b = append(b, byte(r>>8), byte(r))
			} else {
				b = append(b, byte(r), byte(r>>8))
			}
		}
		return string(b)
	}
	const text = "kind,value,notes\norganisation,Öl AG,Müller\n"
	for name, tt := range map[string]struct{ file, want string }{
		"UTF-8":                         {text, ""},
		"UTF-8 with a mark":             {"\ufeff" + text, ""},
		"UTF-16 with a mark":            {"\xff\xfe" + utf16(text, false), ""},
		"big-endian UTF-16 with a mark": {"\xfe\xff" + utf16(text, true), ""},
		"UTF-16 without one":            {utf16(text, false), "iconv -f UTF-16LE"},
		"Latin-1":                       {"kind,value,notes\norganisation,\xd6l AG,M\xfcller\n", "line 2, column 14 (value): it is not UTF-8"},
	} {
		t.Run(name, func(t *testing.T) {
			var items []match.Item
			f, err := readText(t, "list.csv", tt.file)
			if err == nil {
				items, err = itemsIn(f)
			}
			switch {
			case tt.want == "" && (err != nil || len(items) != 1 || items[0].Value != "Öl AG" || items[0].Notes != "Müller"):
				t.Errorf("got %+v, %v", items, err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

// TestFaultsAreCounted guards that of a file with very many faults the first are
// told, and that they end soon.
func TestFaultsAreCounted(t *testing.T) {
	f, err := readText(t, "list.csv", "kind,value\n"+strings.Repeat("domain,co.uk\n", 100_000))
	if err != nil {
		t.Fatal(err)
	}
	_, err = checkItems(f)
	if err == nil || strings.Count(err.Error(), "\n") != maxFaults || !strings.HasSuffix(err.Error(), "there may be more") {
		t.Errorf("got %v", err)
	}
}

// FuzzItemFiles guards that no file of watch lists ends markwatch, and that what
// was read is written and read again as the same.
func FuzzItemFiles(f *testing.F) {
	f.Add(true, "lists:\n  - name: a\n    channels: [b, c]\n    items:\n      - {kind: domain, value: a.example, notes: \"x\\ty\"}\n")
	f.Add(true, "lists: [{name: &a b, items: [*a, {<<: *a}]}]")
	f.Add(true, "lists:\n- name: |\n    x\n  items:\n  - kind: !!binary aa\n")
	f.Add(true, "lists:\n- name: a\n  notes: >\n    - - x\n  items: [{kind: domain, value: [[[[")
	f.Add(true, "? [a]\n: b\n---\n- {")
	f.Add(false, "kind,value,role,starts\ndomain,a.example,own,2030-01-01\nnumber,\"GB 1\n2\",allow,\n")
	f.Add(false, "value;kind\n\xff;domain\n\"")
	f.Fuzz(func(t *testing.T, isYAML bool, text string) {
		name := map[bool]string{true: "a.yaml", false: "a.csv"}[isYAML]
		file, err := readText(t, name, text)
		if err != nil {
			return
		}
		defer file.close()
		items, err := itemsIn(file)
		if err != nil {
			var at *placeError
			if errors.As(err, &at) && at.line < 1 {
				t.Errorf("a fault without a line: %v", err)
			}
			return
		}
		var out strings.Builder
		lists := make([]store.WatchList, len(file.lists))
		for i, l := range file.lists {
			lists[i] = l.WatchList
		}
		each := func(yield func(match.Item) bool) {
			for _, i := range items {
				if !yield(i) {
					return
				}
			}
		}
		if isYAML {
			err = writeYAML(&out, lists, each, false)
		} else {
			err = writeCSV(&out, each)
		}
		if err != nil {
			t.Fatal(err)
		}
		again, err := readText(t, name, out.String())
		if err != nil {
			t.Fatalf("%v:\n%s", err, out.String())
		}
		defer again.close()
		same, err := itemsIn(again)
		if err != nil {
			t.Fatalf("%v:\n%s", err, out.String())
		}
		if diff := cmp.Diff(items, same, cmpopts.IgnoreTypes(&logo.Descriptor{}), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("written and read:\n%s", diff)
		}
	})
}
