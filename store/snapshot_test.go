package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"markwatch/internal/marktest"
	"markwatch/scanner"
	"markwatch/store"
)

// pairAt logs a precertificate at a time and its certificate at another.
func (l *clockedLog) pairAt(first, second string, spec marktest.Spec) {
	at := func(text string) time.Time {
		t, err := time.Parse(time.RFC3339, text)
		if err != nil {
			panic(err)
		}
		return t
	}
	l.now = at(first)
	issued := l.ca.Issue(spec)
	sct, _ := l.AddPreChain(issued.Precertificate, issued.TBS, issued.IssuerKeyHash, issued.Chain...)
	l.Publish()
	l.now = at(second)
	final := l.ca.Issue(spec, sct)
	l.AddChain(append([][]byte{final.Certificate}, final.Chain...)...)
	l.Publish()
}

func snapshot(t testing.TB, s *store.Store, asOf string) *store.Snapshot {
	t.Helper()
	at, err := time.Parse(time.RFC3339, asOf)
	if err != nil {
		t.Fatal(err)
	}
	sn, err := s.Snapshot(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := sn.Close(); err != nil {
			t.Error(err)
		}
	})
	return sn
}

// told is what a snapshot says of each organisation's issuance.
const told = `SELECT concat(organisation, ' ', toString(has_precertificate), toString(has_certificate), ' ', toString(length(logs)), ' ',
	toString(toDate(first_logged)), ' ', toString(toDate(last_logged))) FROM issuances ORDER BY organisation`

// TestSnapshot guards that a snapshot holds what was logged by its time and
// nothing of what came later: of a pair that the time cuts only the
// precertificate, of a certificate in two logs only the one that had it.
func TestSnapshot(t *testing.T) {
	s := open(t, t.TempDir())
	l, other := newClockedLog("snapshots"), newClockedLog("latecomer")
	other.ca = l.ca
	ash, beech, cedar := marktest.Registered("Ash Ltd", "ash.example", 1), marktest.Registered("Beech Ltd", "beech.example", 2), marktest.Registered("Cedar Ltd", "cedar.example", 3)
	l.pairAt("2021-08-01T00:00:00Z", "2021-08-01T00:01:00Z", ash)
	l.pairAt("2021-08-24T12:00:00Z", "2021-08-25T12:00:00Z", beech)
	l.pairAt("2021-09-01T00:00:00Z", "2021-09-01T00:01:00Z", cedar)
	other.addAt("2021-10-01T00:00:00Z", beech)
	for _, each := range []*clockedLog{l, other} {
		commit(t, s, read(t, each.Log, scanner.Position{}, 0)...)
	}
	for asOf, want := range map[string][]string{
		"2021-07-31T00:00:00Z": nil,
		"2021-08-24T23:59:59Z": {"Ash Ltd 11 1 2021-08-01 2021-08-01", "Beech Ltd 10 1 2021-08-24 2021-08-24"},
		"2021-08-31T00:00:00Z": {"Ash Ltd 11 1 2021-08-01 2021-08-01", "Beech Ltd 11 1 2021-08-24 2021-08-25"},
		"2021-12-31T00:00:00Z": {"Ash Ltd 11 1 2021-08-01 2021-08-01", "Beech Ltd 11 2 2021-08-24 2021-10-01", "Cedar Ltd 11 1 2021-09-01 2021-09-01"},
	} {
		sn := snapshot(t, s, asOf)
		rows, err := sn.Conn().Query(t.Context(), told)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for rows.Next() {
			var line string
			if err := rows.Scan(&line); err != nil {
				t.Fatal(err)
			}
			got = append(got, line)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("as of %s (-want +got):\n%s", asOf, diff)
		}
	}
	if left := cells(t, s, "SELECT name FROM system.databases WHERE name LIKE 'markwatch_snapshot_%'"); len(left) != 4 {
		t.Errorf("%d snapshots are open, want 4", len(left))
	}
}

// TestSnapshotHead guards which tree head a snapshot cites: the newest of its
// time, and where an entry was merged after that, the first that covers it.
func TestSnapshotHead(t *testing.T) {
	s := open(t, t.TempDir())
	l := newClockedLog("heads")
	l.addAt("2021-08-01T00:00:00Z", marktest.Registered("Ash Ltd", "ash.example", 1))
	first := read(t, l.Log, scanner.Position{}, 0)
	commit(t, s, first...)
	l.addAt("2021-09-01T00:00:00Z", marktest.Registered("Beech Ltd", "beech.example", 2))
	commit(t, s, read(t, l.Log, first[len(first)-1].Scan.Position, 0)...)
	for asOf, want := range map[string]string{
		"2021-07-01T00:00:00Z": "0 entries, head of 1", // none is older: the smallest there is
		"2021-08-15T00:00:00Z": "1 entries, head of 1",
		"2021-09-15T00:00:00Z": "2 entries, head of 2",
	} {
		log := snapshot(t, s, asOf).Logs[0]
		if log.Head == nil {
			t.Fatalf("as of %s there is no tree head", asOf)
		}
		if got := fmt.Sprintf("%d entries, head of %d", log.Marks, log.Head.Size); got != want {
			t.Errorf("as of %s: %s, want %s", asOf, got, want)
		}
		if err := scanner.VerifyTreeHead(log.Log, *log.Head); err != nil {
			t.Errorf("as of %s: %v", asOf, err)
		}
	}
}

// TestSnapshotOfNothing guards that there is none before a log is read.
func TestSnapshotOfNothing(t *testing.T) {
	s := open(t, t.TempDir())
	if _, err := s.LastHead(t.Context()); !errors.Is(err, store.ErrEmpty) {
		t.Errorf("LastHead: %v", err)
	}
	if _, err := s.Snapshot(t.Context(), time.Now()); !errors.Is(err, store.ErrEmpty) {
		t.Errorf("Snapshot: %v", err)
	}
	if left := cells(t, s, "SELECT name FROM system.databases WHERE name LIKE 'markwatch_snapshot_%'"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
