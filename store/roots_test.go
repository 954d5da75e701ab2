package store_test

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"markwatch/internal/marktest"
	"markwatch/scanner"
	"markwatch/store"
)

// shaOf is a certificate's fingerprint as the store writes it.
func shaOf(der []byte) string {
	sum := sha256.Sum256(der)
	return hex.EncodeToString(sum[:])
}

// ids are the fingerprints of roots.
func ids(roots []store.AcceptedRoot) []string {
	var out []string
	for _, r := range roots {
		out = append(out, r.SHA256)
	}
	return out
}

// TestAcceptedRoots guards that what a log accepts is recorded from when to
// when, that each change is found once, and that the roots' bytes are kept.
func TestAcceptedRoots(t *testing.T) {
	s := open(t, t.TempDir())
	log := logOf(newLog("rooted"))
	a, b, odd := marktest.NewCA("Anvil").Root(), marktest.NewCA("Brook").Root(), []byte("no certificate")
	day := func(n int) time.Time { return time.Date(2026, 11, n, 12, 0, 0, 0, time.UTC) }
	record := func(at time.Time, roots ...[]byte) *store.RootsChange {
		t.Helper()
		c, err := s.CompareRoots(t.Context(), log, roots, at)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.SaveRoots(t.Context(), log, c); err != nil {
			t.Fatal(err)
		}
		return c
	}
	if c := record(day(1), a, odd, a); !c.First || len(c.Added) != 2 || len(c.Removed) != 0 {
		t.Errorf("the first time found %+v", c)
	}
	if c := record(day(2), odd, a); c.First || len(c.Added)+len(c.Removed) != 0 || len(c.Kept) != 2 {
		t.Errorf("the same in another order is a change: %+v", c)
	}
	c := record(day(3), b, odd)
	if diff := cmp.Diff([][]string{{shaOf(b)}, {shaOf(a)}}, [][]string{ids(c.Added), ids(c.Removed)}); diff != "" || !c.Known.Equal(day(2)) {
		t.Errorf("added and removed (-want +got):\n%s; known since %v", diff, c.Known)
	}
	record(day(4), a, b, odd)
	got, err := s.AcceptedRoots(t.Context(), log)
	if err != nil {
		t.Fatal(err)
	}
	type span struct {
		ID          string
		First, Last int
		Gone        int
	}
	var spans []span
	for _, r := range got {
		x := span{ID: r.SHA256, First: r.FirstSeen.Day(), Last: r.LastSeen.Day()}
		if !r.Removed.IsZero() {
			x.Gone = r.Removed.Day()
		}
		spans = append(spans, x)
	}
	want := []span{{shaOf(odd), 1, 4, 0}, {shaOf(a), 1, 2, 3}, {shaOf(a), 4, 4, 0}, {shaOf(b), 3, 4, 0}}
	if diff := cmp.Diff(want, spans); diff != "" {
		t.Errorf("times of acceptance (-want +got):\n%s", diff)
	}
	if got[1].Subject == "" || got[0].Subject != "" {
		t.Errorf("subjects are %q and %q", got[1].Subject, got[0].Subject)
	}
	der, err := s.CACertificate(t.Context(), shaOf(a))
	if err != nil || string(der) != string(a) {
		t.Errorf("the bytes of a root: %d of %d, %v", len(der), len(a), err)
	}
	if der, err := s.CACertificate(t.Context(), shaOf([]byte("unknown"))); err != nil || der != nil {
		t.Errorf("an unknown certificate: %d bytes, %v", len(der), err)
	}
	if other, err := s.AcceptedRoots(t.Context(), logOf(newLog("other"))); err != nil || len(other) != 0 {
		t.Errorf("another log accepts %v, %v", other, err)
	}
}

// TestLogLists guards that the newest copy of a list is the one that is kept.
func TestLogLists(t *testing.T) {
	s := open(t, t.TempDir())
	if l, err := s.LogList(t.Context(), "https://lists.example/a.json"); err != nil || l != nil {
		t.Fatalf("a list that was never kept: %+v, %v", l, err)
	}
	at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	for _, l := range []store.LogList{
		{Location: "https://lists.example/a.json", Fetched: at, Text: []byte("old")},
		{Location: "https://lists.example/b.json", Fetched: at, Text: []byte("other")},
		{Location: "https://lists.example/a.json", Fetched: at.Add(time.Hour), ETag: `"2"`, Modified: "then", Text: []byte{0, 0xff}, Signature: []byte{1, 2}},
	} {
		if err := s.SaveLogList(t.Context(), l); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.LogList(t.Context(), "https://lists.example/a.json")
	want := &store.LogList{Location: "https://lists.example/a.json", Fetched: at.Add(time.Hour), ETag: `"2"`, Modified: "then", Text: []byte{0, 0xff}, Signature: []byte{1, 2}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("the kept list (-want +got):\n%s%v", diff, err)
	}
}

// TestAuditReads guards what an audit of a log reads from the store.
func TestAuditReads(t *testing.T) {
	s := open(t, t.TempDir())
	l := newLog("audited")
	batches := read(t, l, scanner.Position{}, 16)
	marks := map[uint64]store.Mark{}
	for _, b := range batches {
		if err := s.Commit(t.Context(), b); err != nil {
			t.Fatal(err)
		}
		for _, m := range b.Marks {
			marks[m.Raw.Index] = m
		}
	}
	log := logOf(l)
	indexes, all, err := s.MarkIndexes(t.Context(), log, l.Size(), 1000, 1)
	if err != nil || all != uint64(len(marks)) || len(indexes) != len(marks) {
		t.Fatalf("%d of %d marks, want %d: %v", len(indexes), all, len(marks), err)
	}
	some, _, err := s.MarkIndexes(t.Context(), log, l.Size(), 5, 1)
	again, _, _ := s.MarkIndexes(t.Context(), log, l.Size(), 5, 1)
	if diff := cmp.Diff(some, again); err != nil || len(some) != 5 || diff != "" {
		t.Errorf("some marks %v, the same again %v, %v", some, again, err)
	}
	entries, err := s.EntriesBetween(t.Context(), log, indexes[2], indexes[4])
	if err != nil || len(entries) != 2 {
		t.Fatalf("%d entries, %v", len(entries), err)
	}
	if m := marks[indexes[3]]; string(entries[indexes[3]].LeafInput) != string(m.Raw.LeafInput) || entries[indexes[3]].LeafHash != m.Raw.LeafHash {
		t.Error("the stored entry is not the one that was stored")
	}
	head, err := s.ReadHead(t.Context(), log)
	if err != nil || head == nil || head.Size != l.Size() || head.Root != l.Root(l.Size()) {
		t.Errorf("the head is %+v, %v", head, err)
	}
	if kept, missing, err := s.LeavesOf(t.Context(), log, l.Size()); err != nil || kept != l.Size() || missing != 0 {
		t.Errorf("%d of %d leaf hashes are kept, %d missing, %v", kept, l.Size(), missing, err)
	}
}
