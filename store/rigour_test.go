package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"markwatch/internal/marktest"
	"markwatch/parse/lint"
	"markwatch/scanner"
	"markwatch/store"
)

// published is a store that holds what a log holds by now.
func published(t *testing.T, l *clockedLog) *store.Store {
	t.Helper()
	s := open(t, t.TempDir())
	l.Publish()
	commit(t, s, read(t, l.Log, scanner.Position{}, 0)...)
	return s
}

// TestDomainComesBack guards whom a domain moved from: to its third holder
// from the first, which had come back to it, and whose certificate of before
// had ended, though a later one is valid longer.
func TestDomainComesBack(t *testing.T) {
	ca, l := marktest.NewCA("Fern Trust"), newClockedLog("alpha")
	oak := registered("Oak Ltd", "GB", "1", "shared.example", "UKIPO", "GB", "UK00003000001")
	elm := registered("Elm Ltd", "GB", "2", "shared.example", "UKIPO", "GB", "UK00003000002")
	ash := registered("Ash Ltd", "GB", "3", "shared.example", "UKIPO", "GB", "UK00003000003")
	l.issue("2021-01-01T00:00:00Z", ca, pair, dated(oak, "2021-01-01", "2022-01-01"))
	l.issue("2021-06-01T00:00:00Z", ca, pair, dated(elm, "2021-06-01", "2022-06-01"))
	oak.Organisation = "OAK LIMITED"
	l.issue("2021-09-01T00:00:00Z", ca, pair, dated(oak, "2021-09-01", "2022-09-01"))
	l.issue("2022-10-01T00:00:00Z", ca, pair, dated(ash, "2022-10-01", "2023-10-01"))
	oak.Organisation, oak.Domains = "Oak, Ltd", []string{"early.example", "shared.example"}
	l.issue("2023-01-01T00:00:00Z", ca, pair, dated(oak, "2023-01-01", "2024-01-01"))
	// two of one name move to a domain at one time: the order of rows is the same each time
	for i, country := range []string{"IE", "FR"} {
		twin := registered("Yew Ltd", country, "4", "early.example", "UKIPO", "GB", "UK0000300000"+string(rune('4'+i)))
		twin.JurisdictionCountry = country
		l.issue("2023-02-01T00:00:00Z", ca, pre, dated(twin, "2023-02-01", "2024-02-01"))
	}
	s := published(t, l)
	check(t, s, "domains-changed", map[string]string{"domain": "shared.example"}, "changed organisation previous_organisation at_once previous_valid_until",
		"2022-10-01T00:00:00.000Z | Ash Ltd | OAK LIMITED | false | 2022-09-01T00:00:00Z",
		"2021-06-01T00:00:00.000Z | Elm Ltd | Oak Ltd | true | 2022-01-01T00:00:00Z")
	check(t, s, "domains-changed", map[string]string{"domain": "early.example"}, "organisation previous_organisation same_name at_once",
		"Yew Ltd | Oak, Ltd | false | true", "Yew Ltd | Yew Ltd | true | true")
}

// TestLastSecond guards that the second in which a validity ends belongs to
// it, as in RFC 5280: at the end of that day it isn't over.
func TestLastSecond(t *testing.T) {
	ca, l := marktest.NewCA("Fern Trust"), newClockedLog("alpha")
	spec := dated(registered("Oak Ltd", "GB", "1", "oak.example", "UKIPO", "GB", "UK00003000001"), "2021-01-01", "2022-01-11")
	spec.NotAfter = spec.NotAfter.Add(-time.Second)
	l.issue("2021-01-01T00:00:00Z", ca, pair, spec)
	s := published(t, l)
	for _, tt := range []struct {
		asOf             string
		expiring, lapsed []string
	}{
		{"2022-01-09", []string{"1"}, nil},
		{"2022-01-10", []string{"0"}, nil},
		{"2022-01-10T23:59:58Z", []string{"0"}, nil},
		{"2022-01-11T00:00:00Z", nil, []string{"0"}},
		{"2022-01-11", nil, []string{"1"}},
	} {
		check(t, s, "expiring", map[string]string{"as_of": tt.asOf}, "days_left", tt.expiring...)
		check(t, s, "lapsed", map[string]string{"as_of": tt.asOf}, "days_ago", tt.lapsed...)
	}
}

// TestDelayRanks guards by which rank median and 95th percentile are counted,
// where numbers of issuances can be halved and cut in twenty, and that half a
// second more than a day is more than a day.
func TestDelayRanks(t *testing.T) {
	ca, l := marktest.NewCA("Fern Trust"), newClockedLog("alpha")
	spec := dated(registered("Oak Ltd", "GB", "1", "oak.example", "UKIPO", "GB", "UK00003000001"), "2021-01-01", "2022-01-01")
	start := spec.NotBefore
	after := func(d time.Duration) string { return start.Add(d).Format("2006-01-02T15:04:05.000Z") }
	for i := range 20 { // 5, 10, … 100 hours
		spec.Nonce = uint64(i)
		l.issue(after(5*time.Duration(i+1)*time.Hour), ca, final, spec)
	}
	s := published(t, l)
	check(t, s, "log-delay", nil, "issuances min_hours median_hours p95_hours max_hours share_within_a_day", "20 | 5 | 50 | 95 | 100 | 0.2")
	late := newClockedLog("late")
	late.issue(after(24*time.Hour), ca, final, spec)
	spec.Nonce = 99
	late.issue(after(24*time.Hour+500*time.Millisecond), ca, final, spec)
	late.Publish()
	commit(t, s, read(t, late.Log, scanner.Position{}, 0)...)
	check(t, s, "log-delay", nil, "log issuances max_hours share_within_a_day", "alpha | 20 | 100 | 0.2", "late | 2 | 24 | 0.5")
}

// TestLintBeforeTheCertificate guards that what is found of the SCTs in a
// certificate isn't told of a time when only its precertificate was logged.
func TestLintBeforeTheCertificate(t *testing.T) {
	ca, l := marktest.NewCA("Fern Trust"), newClockedLog("alpha")
	spec := dated(registered("Oak Ltd", "GB", "1", "oak.example", "UKIPO", "GB", "UK00003000001"), "2023-01-01", "2024-01-01")
	l.issue("2023-01-01T00:00:00Z", ca, pre, spec)
	l.issue("2023-01-10T00:00:00Z", ca, final, spec) // without an SCT
	l.Publish()
	batches := read(t, l.Log, scanner.Position{}, 0)
	var checker lint.Checker
	for _, b := range batches {
		for _, m := range b.Marks {
			checker.Entry(m.Entry)
		}
	}
	s := open(t, t.TempDir())
	commit(t, s, batches...)
	check(t, s, "lint-by-issuer", map[string]string{"rule": "sct-present"}, "issuances with_errors findings without_findings", "1 | 1 | 1 | 0")
	check(t, s, "lint-by-issuer", map[string]string{"rule": "sct-present", "as_of": "2023-01-05"}, "issuances with_errors findings without_findings", "1 | 0 | 0 | 1")
	rules := func(asOf string) map[string]bool {
		out := map[string]bool{}
		for _, rule := range picked(t, s, "lint", map[string]string{"as_of": asOf}, "rule") {
			out[rule] = true
		}
		return out
	}
	if before, after := rules("2023-01-05"), rules("2023-01-10"); before["sct-present"] || !after["sct-present"] || len(before) == 0 {
		t.Errorf("found before the certificate was logged: %v, since: %v", before, after)
	}
}

// TestSnapshotLints guards that a snapshot holds what was found of issuances
// that its time cuts in two: as in a store that never saw what came later.
func TestSnapshotLints(t *testing.T) {
	ca, l := marktest.NewCA("Fern Trust"), newClockedLog("alpha")
	spec := dated(registered("Oak Ltd", "GB", "1", "oak.example", "UKIPO", "GB", "UK00003000001"), "2023-01-01", "2024-01-01")
	l.issue("2023-01-01T00:00:00Z", ca, pre, spec)
	l.Publish()
	needEngine(t)
	const found = "SELECT concat(rule, ': ', severity, ', ', detail) FROM findings ORDER BY rule"
	linted := func(s *store.Store) {
		t.Helper()
		var checker lint.Checker
		batches := read(t, l.Log, scanner.Position{}, 0)
		for _, b := range batches {
			for _, m := range b.Marks {
				checker.Entry(m.Entry)
			}
		}
		commit(t, s, batches...)
	}
	then, err := store.Open(t.Context(), store.Options{DSN: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	linted(then)
	want := cells(t, then, found)
	if err := then.Close(); err != nil { // one engine at a time
		t.Fatal(err)
	}
	l.issue("2023-01-10T00:00:00Z", ca, final, spec) // without an SCT
	l.Publish()
	now := open(t, t.TempDir())
	linted(now)
	snap, err := now.Snapshot(t.Context(), time.Date(2023, 1, 5, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	var got []string
	if err := snap.Conn().QueryRow(t.Context(), "SELECT groupArray(line) FROM ("+strings.Replace(found, " FROM", " AS line FROM", 1)+")").Scan(&got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" || len(want) == 0 {
		t.Errorf("findings of the snapshot (-want +got):\n%s", diff)
	}
	if all := cells(t, now, found); len(all) <= len(want) {
		t.Errorf("%d findings then, %d now: the certificate has no more, and the test shows nothing", len(want), len(all))
	}
}

// TestTopLevelInUnicode guards that a top-level domain is written in Unicode
// if one of its domains can be, whichever is read first.
func TestTopLevelInUnicode(t *testing.T) {
	ca, l := marktest.NewCA("Fern Trust"), newClockedLog("alpha")
	for i, domain := range []string{"xn--99999999.xn--fiqs8s", "shop.xn--fiqs8s", "xn--88888888.xn--fiqs8s"} {
		spec := registered("Oak Ltd", "GB", "1", domain, "UKIPO", "GB", "UK00003000001")
		spec.Nonce = uint64(i)
		l.issue("2021-01-01T00:00:00Z", ca, final, spec)
	}
	s := published(t, l)
	check(t, s, "domains", map[string]string{"domain": "xn--99999999.xn--fiqs8s"}, "unicode", "xn--99999999.xn--fiqs8s")
	check(t, s, "top-level-domains", nil, "top_level_domain unicode domains", "xn--fiqs8s | 中国 | 3")
}
