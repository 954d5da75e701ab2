package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"markwatch/scanner"
	"markwatch/store"
)

// TestRanges guards that ranges committed in any order, some of them twice, and
// joined then, store what commits in order do.
func TestRanges(t *testing.T) {
	l := newLog("ranges")
	inOrder, ranged := open(t, t.TempDir()), t.TempDir()
	commit(t, inOrder, read(t, l, scanner.Position{}, 1000)...)
	want := countRows(t, inOrder)
	if err := inOrder.Close(); err != nil {
		t.Fatal(err)
	}

	s := open(t, ranged)
	scan, err := scanner.New(scanner.Config{Log: logOf(l), HTTP: l.Client(), UserAgent: "markwatch-test (test@example.test)", Once: true, MaxRate: 10000})
	if err != nil {
		t.Fatal(err)
	}
	b, err := scan.Backfill(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	const half = 32
	for _, start := range []uint64{half, 0, half} {
		for r, err := range b.Run(t.Context(), start, start+half, 4) {
			if err != nil {
				t.Fatal(err)
			}
			read := parsed(t, scanner.Batch{Start: r.Start, End: r.End, Entries: r.Entries})
			if err := s.CommitRange(t.Context(), store.Range{Scan: r, Marks: read.Marks, Malformed: read.Malformed, Owner: "a"}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if p, err := s.Position(t.Context(), logOf(l)); err != nil || p.Next != 0 {
		t.Errorf("ranges moved the position to %d: %v", p.Next, err)
	}
	parts, err := s.Ranges(t.Context(), logOf(l), 0, 2*half)
	if err != nil || len(parts) != 4 {
		t.Fatalf("%d ranges are stored: %v", len(parts), err)
	}
	if some, err := s.Ranges(t.Context(), logOf(l), 16, 48); err != nil || !cmp.Equal(some, parts[1:3]) {
		t.Errorf("ranges from 16 on, before 48: %v, %v", some, err)
	}
	heads, err := s.RangeHeads(t.Context(), logOf(l), 0)
	if err != nil || len(heads) != 1 {
		t.Fatalf("%d tree heads of ranges: %v", len(heads), err)
	}
	if err := b.Check(t.Context(), heads); err != nil {
		t.Error(err)
	}
	joined, err := b.Join(t.Context(), parts)
	if err != nil {
		t.Fatal(err)
	}
	commit(t, s, store.Batch{Scan: joined})
	commit(t, s, read(t, l, joined.Position, 1000)...)
	if diff := cmp.Diff(want, countRows(t, s)); diff != "" {
		t.Errorf("rows (-in order +ranges):\n%s", diff)
	}
}

// countRows counts what is stored of a log, and hashes it.
func countRows(t *testing.T, s *store.Store) map[string][2]uint64 {
	t.Helper()
	out := map[string][2]uint64{}
	for table, columns := range map[string]string{
		"log_entries": "*", "malformed_entries": "*", "leaf_hashes": "*", "logos": "*", "findings": "*", "tree_heads": "*",
		"mark_certificates": "* REPLACE (arraySort(sct_log_ids) AS sct_log_ids, arraySort(logs) AS logs)",
		"positions":         "log_id, next_index, tree_size, baseline, state",
	} {
		var got [2]uint64
		sql := "SELECT count(), groupBitXor(cityHash64(tuple(*))) FROM (SELECT " + columns + " FROM " + table + " FINAL)"
		if err := s.Conn().QueryRow(t.Context(), sql).Scan(&got[0], &got[1]); err != nil {
			t.Fatalf("%s: %v", table, err)
		}
		out[table] = got
	}
	return out
}

// TestClaimed guards that claims are found by what they begin with while they last.
func TestClaimed(t *testing.T) {
	s := open(t, t.TempDir())
	for work, until := range map[string]time.Time{"log a run 0": time.Now().Add(time.Hour), "log a": time.Now().Add(time.Hour), "log b": time.Now().Add(time.Hour), "log a run 1": time.Now().Add(-time.Hour)} {
		if _, err := s.Claim(t.Context(), work, "me", until); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.Claimed(t.Context(), "log a")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"log a": "me", "log a run 0": "me"}, got); diff != "" {
		t.Errorf("claimed (-want +got):\n%s", diff)
	}
}

// TestStopped guards that a stopped log is known to be.
func TestStopped(t *testing.T) {
	s, l := open(t, t.TempDir()), newLog("stopped")
	check := func(wantReason string, want bool) {
		t.Helper()
		if reason, stopped, err := s.Stopped(t.Context(), logOf(l)); err != nil || stopped != want || reason != wantReason {
			t.Errorf("stopped: %v, %q, %v", stopped, reason, err)
		}
	}
	check("", false)
	commit(t, s, read(t, l, scanner.Position{}, 1000)...)
	check("", false)
	if err := s.StopLog(t.Context(), logOf(l), "it lied"); err != nil {
		t.Fatal(err)
	}
	check("it lied", true)
}
