package evidence_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"markwatch/internal/ctlogtest"
	"markwatch/internal/evidence"
	"markwatch/internal/marktest"
	"markwatch/match"
	"markwatch/scanner"
	"markwatch/store"
)

// TestGather guards the way from a store to a pack that holds: a pair, and an
// orphan of each kind, each by the first letters of its id.
func TestGather(t *testing.T) {
	l := small("gather")
	read := batches(t, l, true, scanner.Position{})
	source := evidence.Source{Store: opened(t, read...), Ask: offline, Program: program}
	for _, m := range read[0].Marks {
		tbs := hexOf(m.Entry.Mark.TBSSHA256)
		c, err := source.Gather(t.Context(), tbs[:20])
		if err != nil {
			t.Fatal(err)
		}
		if c.Found.TBSSHA256 != tbs {
			t.Errorf("gathered %s, want %s", c.Found.TBSSHA256, tbs)
		}
		fromStore, pieces := packed(t, c)
		sound(t, fromStore, described(l, true))
		if want := fmt.Sprintf("found/entry-%d/leaf_input.bin", len(c.Found.Entries)); pieces[want] == nil {
			t.Errorf("%s: the pack has no %s", tbs, want)
		}
		if without, _ := packed(t, bare(t, l, read, m.Entry.Mark.TBSSHA256)); !bytes.Equal(fromStore, without) {
			t.Errorf("%s: the store gives another pack than the log", tbs)
		}
	}
	if _, err := source.Gather(t.Context(), "ffffffffffff"); err == nil || !strings.Contains(err.Error(), "no hit and no issuance") {
		t.Errorf("an id that isn't there: %v", err)
	}
	if _, err := source.Gather(t.Context(), ""); err == nil || !strings.Contains(err.Error(), "several ids") {
		t.Errorf("an id that is all: %v", err)
	}
}

// TestTwoLogs guards an issuance in two logs, of which one keeps its leaf hashes
// to itself: both entries are packed, and the one is proved that can be.
func TestTwoLogs(t *testing.T) {
	marks, general := small("marks"), small("general")
	first, second := batches(t, marks, true, scanner.Position{}), batches(t, general, false, scanner.Position{})
	source := evidence.Source{Store: opened(t, append(first, second...)...), Program: program}
	id := hexOf(first[0].Marks[0].Entry.Mark.TBSSHA256) // precertificates agree; certificates hold each its log's SCT

	source.Ask = func(ctx context.Context, log scanner.Log, leaf scanner.Hash, index, size uint64) ([]scanner.Hash, error) {
		s, err := scanner.New(scanner.Config{Log: log, HTTP: general.Client(), UserAgent: "markwatch-test (test@example.test)"})
		if err != nil {
			return nil, err
		}
		return s.InclusionAt(ctx, leaf, index, size)
	}
	c, err := source.Gather(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	pack, pieces := packed(t, c)
	sound(t, pack, described(marks, true), described(general, false))
	if len(c.Found.Entries) != 4 || pieces["found/entry-4/inclusion_proof.json"] == nil {
		t.Errorf("of two logs with a pair each, %d entries are packed", len(c.Found.Entries))
	}

	source.Ask = offline
	c, err = source.Gather(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	pack, pieces = packed(t, c)
	notProved := 0
	for _, check := range sound(t, pack).Checks {
		if strings.Contains(check.Note, "NOT PROVED") && strings.Contains(check.Note, "no network") {
			notProved++
		}
	}
	if notProved != 2 || !strings.Contains(string(pieces["report.txt"]), "NOT PROVED here: ") {
		t.Errorf("%d entries are said not to be proved, want 2", notProved)
	}

	source.Ask = func(context.Context, scanner.Log, scanner.Hash, uint64, uint64) ([]scanner.Hash, error) {
		return []scanner.Hash{{}}, nil // a log that lies
	}
	if c, err = source.Gather(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	for _, e := range c.Found.Entries {
		if (e.Log == "general") != (e.Unproved != "") {
			t.Errorf("entry %d of %s: unproved %q", e.Index, e.Log, e.Unproved)
		}
	}
}

// TestHeadBelow guards that an entry which no tree head covers yet is not proved
// by one below it, and that nothing is packed of which nothing is proved.
func TestHeadBelow(t *testing.T) {
	l := small("below")
	read := batches(t, l, true, scanner.Position{})
	pair(l, marktest.NewCA("Evidence Test CA"), marktest.Registered("Late Kettle Ltd", "late-kettle.example", 77))
	l.Publish()
	later := batches(t, l, true, read[0].Scan.Position)
	for i := range later {
		later[i].Scan.Heads = nil
	}
	source := evidence.Source{Store: opened(t, append(read, later...)...), Ask: offline, Program: program}
	_, err := source.Gather(t.Context(), hexOf(later[0].Marks[0].Entry.Mark.TBSSHA256))
	if err == nil || !strings.Contains(err.Error(), "no stored tree head of below covers it yet") {
		t.Errorf("got %v", err)
	}
	if _, err := source.Gather(t.Context(), hexOf(read[0].Marks[0].Entry.Mark.TBSSHA256)); err != nil {
		t.Errorf("an entry below the head: %v", err)
	}
}

// TestDamagedStore guards that leaf hashes which don't make the signed root prove nothing.
func TestDamagedStore(t *testing.T) {
	l := small("damaged")
	read := batches(t, l, true, scanner.Position{})
	read[0].Scan.LeafHashes = slices.Clone(read[0].Scan.LeafHashes)
	read[0].Scan.LeafHashes[0][0] ^= 1
	source := evidence.Source{Store: opened(t, read...), Ask: offline, Program: program}
	_, err := source.Gather(t.Context(), hexOf(read[0].Marks[0].Entry.Mark.TBSSHA256))
	if err == nil || !strings.Contains(err.Error(), "the store is damaged") {
		t.Errorf("got %v", err)
	}
}

// TestLostKey guards a log whose key the store doesn't have: the configuration's
// serves, and without that it is said what to add.
func TestLostKey(t *testing.T) {
	l := small("lost")
	read := batches(t, l, true, scanner.Position{})
	st := opened(t, read...)
	if err := st.Conn().Exec(t.Context(), "TRUNCATE TABLE logs"); err != nil {
		t.Fatal(err)
	}
	id := hexOf(read[0].Marks[0].Entry.Mark.TBSSHA256)
	source := evidence.Source{Store: st, Ask: offline, Program: program}
	if _, err := source.Gather(t.Context(), id); err == nil || !strings.Contains(err.Error(), "add that log, with its name, url and key, to logs in markwatch.yaml") {
		t.Errorf("got %v", err)
	}
	source.Logs = []scanner.Log{described(small("other"), true), described(l, true)}
	if _, err := source.Gather(t.Context(), id); err != nil {
		t.Error(err)
	}
}

// hitOn is a hit on the first of two certificates, against the second one or an item.
func hitOn(found, other store.Mark, item string) match.Hit {
	distance := 3
	h := match.Hit{
		ID: strings.Repeat("ab", 32), Rule: match.RuleLogo, Severity: match.High, Item: item, List: "kettles",
		TBSSHA256: hexOf(found.Entry.Mark.TBSSHA256), Organisation: found.Entry.Mark.Organisation.Name, Domains: []string{"larkspur-kettle.example"},
		Score: 0.9, Reason: "its logo resembles another's", FirstSeen: found.Entry.Timestamp,
		Evidence: match.Evidence{LogoDistance: &distance, LogoScore: 0.9, Verdict: "strong", Agreement: "same figure", RegisterURL: "https://register.example/1"},
	}
	if item == "" {
		h.OtherTBSSHA256, h.OtherOrganisation = hexOf(other.Entry.Mark.TBSSHA256), other.Entry.Mark.Organisation.Name
	}
	return h
}

// TestHit guards the pack of a hit: both parties with their proofs, both logos,
// the likeness in words, and what people did with the hit.
func TestHit(t *testing.T) {
	l := small("hit")
	read := batches(t, l, true, scanner.Position{})
	st := opened(t, read...)
	found, other := read[0].Marks[0], read[0].Marks[2]
	if err := st.SaveHits(t.Context(), match.Changes{Hits: []match.Hit{hitOn(found, other, "")}}); err != nil {
		t.Fatal(err)
	}
	err := st.SaveTriage(t.Context(), []store.TriageEvent{
		{HitID: strings.Repeat("ab", 32), Author: "counsel", Action: store.Escalate, Note: "ask the CA"},
		{HitID: strings.Repeat("ab", 32), Author: "counsel", Action: store.Dismiss, Reason: "licensed", Note: "it is a dealer", Pair: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	source := evidence.Source{Store: st, Ask: offline, Program: program}
	c, err := source.Gather(t.Context(), "abab")
	if err != nil {
		t.Fatal(err)
	}
	pack, pieces := packed(t, c)
	sound(t, pack)
	for name, want := range map[string][]byte{"found/logo.svg": found.Entry.Mark.Logo.SVG, "other/logo.svg": other.Entry.Mark.Logo.SVG} {
		if !bytes.Equal(pieces[name], want) {
			t.Errorf("%s is not the certificate's", name)
		}
	}
	for _, want := range []string{
		"its logo resembles another's", "differ in ", "of 64 bits", "action escalate; state escalated; by counsel; note: ask the CA",
		"action dismiss the pair; state dismissed; reason licensed; by counsel; note: it is a dealer", "dismissed, licensed", "its pair was dismissed on the hit abab",
		"Recorded when it was found: same figure; distance 3 of 64 bits", "https://register.example/1", "Bobbin Lane Bakery Ltd",
	} {
		if !strings.Contains(string(pieces["report.txt"]), want) {
			t.Errorf("the report doesn't say %q:\n%s", want, pieces["report.txt"])
		}
	}
	var m struct {
		Hit struct {
			State   struct{ State, Inherited string }
			History []struct{ Action, State string }
		}
	}
	if err := json.Unmarshal(pieces["manifest.json"], &m); err != nil || len(m.Hit.History) != 2 || m.Hit.History[0].State != "escalated" || m.Hit.State.State != "dismissed" || m.Hit.State.Inherited != "pair" {
		t.Errorf("the manifest's hit is %+v, %v", m.Hit, err)
	}
	if err := st.SaveHits(t.Context(), match.Changes{Withdrawn: []string{strings.Repeat("ab", 32)}}); err != nil {
		t.Fatal(err)
	}
	if c, err = source.Gather(t.Context(), "abab"); err != nil {
		t.Fatal(err)
	}
	if _, pieces = packed(t, c); !strings.Contains(string(pieces["report.txt"]), "WITHDRAWN") {
		t.Error("the report of a withdrawn hit doesn't say so")
	}
}

// TestWatchedLogo guards the pack of a hit on a watched logo, also after the
// item was removed: its file is the other logo.
func TestWatchedLogo(t *testing.T) {
	l := small("watched")
	read := batches(t, l, true, scanner.Position{})
	st := opened(t, read...)
	svg := marktest.SVG("Watched", 9)
	item, err := match.NewItem("kettles", match.Watch, match.KindLogo, "kettle.svg", svg)
	if err != nil {
		t.Fatal(err)
	}
	for _, removed := range []bool{false, true} {
		if err := st.SaveItems(t.Context(), []match.Item{item}, removed, "analyst"); err != nil {
			t.Fatal(err)
		}
	}
	if err := st.SaveHits(t.Context(), match.Changes{Hits: []match.Hit{hitOn(read[0].Marks[0], store.Mark{}, item.ID)}}); err != nil {
		t.Fatal(err)
	}
	c, err := evidence.Source{Store: st, Ask: offline, Program: program}.Gather(t.Context(), "abab")
	if err != nil {
		t.Fatal(err)
	}
	pack, pieces := packed(t, c)
	sound(t, pack)
	if !bytes.Equal(pieces["watched/logo.svg"], svg) || pieces["watched/logo.png"] == nil {
		t.Error("the watched logo is not in the pack")
	}
}

// TestHostile guards that names which steer terminals and readers are written
// as code points, that no name is lost, and that the largest are printed in bounded space.
func TestHostile(t *testing.T) {
	l := ctlogtest.New(ctlogtest.Options{Name: "hostile"})
	ca := marktest.NewCA("Evidence Test CA")
	spec := marktest.Registered("Kettle\x1b[2J \u202egnp.exe 湯沸かし商会 \x01\x02 𝔎 \\u0041", "kettle.example", 1)
	spec.Units = []string{strings.Repeat("Ünendlich lang ", 4000) + "END"}
	for i := range 400 {
		spec.Domains = append(spec.Domains, fmt.Sprintf("host-%d.kettle.example", i))
	}
	issued := ca.Issue(spec)
	l.AddPreChain(issued.Precertificate, issued.TBS, issued.IssuerKeyHash, issued.Chain...)
	l.Publish()
	read := batches(t, l, true, scanner.Position{})
	pack, pieces := packed(t, bare(t, l, read, read[0].Marks[0].Entry.Mark.TBSSHA256))
	sound(t, pack)
	text := string(pieces["report.txt"])
	for _, want := range []string{`Kettle\u001b[2J \u202egnp.exe 湯沸かし商会 \u0001\u0002 𝔎 \\u0041`, "Ünendlich lang END", "host-399.kettle.example"} {
		if !strings.Contains(text, want) {
			t.Errorf("report.txt doesn't have %q", want)
		}
	}
	for _, name := range []string{"report.txt", "VERIFY.md"} {
		if bytes.ContainsAny(pieces[name], "\x1b\u202e\x01") {
			t.Errorf("%s has characters that steer", name)
		}
	}
	if size := len(pieces["report.pdf"]); size > 1<<20 {
		t.Errorf("the report has %d bytes", size)
	}
}
