package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"markwatch/internal/ctlogtest"
	"markwatch/internal/marktest"
	"markwatch/parse"
	"markwatch/scanner"
	"markwatch/store"
)

// clockedLog is a log whose clock a test sets.
type clockedLog struct {
	*ctlogtest.Log
	ca  *marktest.CA
	now time.Time
}

func newClockedLog(name string) *clockedLog {
	l := &clockedLog{ca: marktest.NewCA("Answers Test CA"), now: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)}
	l.Log = ctlogtest.New(ctlogtest.Options{Name: name, Now: func() time.Time { return l.now }})
	return l
}

// addAt logs the final certificate of each spec at a time.
func (l *clockedLog) addAt(when string, specs ...marktest.Spec) {
	at, err := time.Parse(time.RFC3339, when)
	if err != nil {
		panic(err)
	}
	l.now = at
	for _, spec := range specs {
		issued := l.ca.Issue(spec)
		l.AddChain(append([][]byte{issued.Certificate}, issued.Chain...)...)
	}
	l.Publish()
}

// cells is what a query answers: the given columns of each row, the header left out.
func cells(t testing.TB, s *store.Store, sql string) []string {
	t.Helper()
	rows, err := s.Conn().Query(t.Context(), sql)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var cell string
		if err := rows.Scan(&cell); err != nil {
			t.Fatal(err)
		}
		out = append(out, cell)
	}
	return out
}

// TestPoisonedCertificate guards that a precertificate sent to add-chain is
// not counted as a certificate.
func TestPoisonedCertificate(t *testing.T) {
	s := open(t, t.TempDir())
	l := newClockedLog("poisoned")
	issued := l.ca.Issue(marktest.Registered("Ash Ltd", "ash.example", 1))
	l.AddChain(append([][]byte{issued.Precertificate}, issued.Chain...)...)
	l.Publish()
	commit(t, s, read(t, l.Log, scanner.Position{}, 0)...)
	want := []string{"1 0 " + fmt.Sprintf("%x", parsedMark(t, issued.Precertificate).SHA256)}
	got := cells(t, s, "SELECT concat(toString(has_precertificate), ' ', toString(has_certificate), ' ', precertificate_sha256, certificate_sha256) FROM issuances")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func parsedMark(t testing.TB, der []byte) *parse.MarkCertificate {
	t.Helper()
	m, err := parse.Certificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestFindingsOfAPair guards that what a pair's two entries find differently
// is the same row however they are split into batches and whatever their order.
func TestFindingsOfAPair(t *testing.T) {
	s := open(t, t.TempDir())
	l := newClockedLog("found")
	spec := marktest.Registered("Ash Ltd", "ash.example", 1)
	issued := l.ca.Issue(spec)
	l.AddPreChain(issued.Precertificate, issued.TBS, issued.IssuerKeyHash, issued.Chain...)
	l.addAt("2020-01-01T00:00:00Z", spec)
	pair := read(t, l.Log, scanner.Position{}, 0)[0]
	pre, final := pair.Marks[0], pair.Marks[1]
	found := func(m store.Mark, details ...string) {
		for _, d := range details {
			m.Entry.Mark.Findings = append(m.Entry.Mark.Findings, parse.Finding{Rule: "r", Severity: "notice", Detail: d})
		}
	}
	found(pre, "ash", "a")
	found(final, "oak")
	answer := func(marks ...store.Mark) []string {
		b := pair
		b.Marks = marks
		commit(t, s, b)
		return cells(t, s, "SELECT detail FROM findings WHERE rule = 'r'")
	}
	if diff := cmp.Diff([]string{"a; ash"}, answer(pre)); diff != "" {
		t.Errorf("the precertificate alone (-want +got):\n%s", diff)
	}
	for _, marks := range [][]store.Mark{{pre, final}, {final, pre}, {pre}, {final}} {
		if diff := cmp.Diff([]string{"oak"}, answer(marks...)); diff != "" {
			t.Errorf("%d entries more (-want +got):\n%s", len(marks), diff)
		}
	}
}

// TestLatestCertificate guards who holds a mark: that an old certificate is
// logged elsewhere after its renewal makes it no newer.
func TestLatestCertificate(t *testing.T) {
	s := open(t, t.TempDir())
	older, newer := marktest.Registered("ASH LTD", "ash.example", 1), marktest.Registered("Ash Limited", "ash.example", 1)
	first, second := newClockedLog("first"), newClockedLog("second")
	first.addAt("2021-03-01T00:00:00Z", older)
	first.addAt("2022-03-01T00:00:00Z", newer)
	second.addAt("2024-03-01T00:00:00Z", older)
	commit(t, s, read(t, first.Log, scanner.Position{}, 0)...)
	commit(t, s, read(t, second.Log, scanner.Position{}, 0)...)
	for _, table := range []string{"marks", "organisations"} {
		got := cells(t, s, "SELECT concat(organisation, ' ', toString(toYear(first_seen)), ' ', toString(toYear(last_seen)), ' ', toString(issuances)) FROM "+table)
		if diff := cmp.Diff([]string{"Ash Limited 2021 2024 2"}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", table, diff)
		}
	}
}

// TestManyDomains guards certificates of thousands of names, repeated ones among them.
func TestManyDomains(t *testing.T) {
	s := open(t, t.TempDir())
	spec := marktest.Registered("Ash Ltd", "ash.example", 1)
	for i := range 18000 {
		spec.Domains = append(spec.Domains, fmt.Sprintf("n%d.ash.example", i/2))
	}
	l := newClockedLog("crowded")
	l.addAt("2020-01-01T00:00:00Z", spec)
	commit(t, s, read(t, l.Log, scanner.Position{}, 0)...)
	got := cells(t, s, "SELECT concat(toString(length(dns_names)), ' ', toString(length(domains)), ' ', toString(length(registrable_domains)), ' ', domains[2]) FROM issuances")
	if diff := cmp.Diff([]string{"18001 9001 1 n0.ash.example"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestClockPutBack guards that a log stays stopped though its position was
// saved by a clock that was ahead.
func TestClockPutBack(t *testing.T) {
	s := open(t, t.TempDir())
	l := newClockedLog("ahead")
	l.addAt("2020-01-01T00:00:00Z", marktest.Registered("Ash Ltd", "ash.example", 1))
	commit(t, s, read(t, l.Log, scanner.Position{}, 0)...)
	ahead := "INSERT INTO positions SELECT * REPLACE (version + 86400000000000 AS version) FROM positions"
	if err := s.Conn().Exec(t.Context(), ahead); err != nil {
		t.Fatal(err)
	}
	if err := s.StopLog(t.Context(), logOf(l.Log), "it forked"); err != nil {
		t.Fatal(err)
	}
	if state, err := s.LogState(t.Context(), logOf(l.Log)); err != nil || state.State != store.StateStopped || state.Next != 1 {
		t.Errorf("stopped: %+v, %v", state, err)
	}
}

// TestQueryParameters guards the spellings in which people ask and certificates answer.
func TestQueryParameters(t *testing.T) {
	s := open(t, t.TempDir())
	l := newClockedLog("asked")
	idn := marktest.Registered("Bücher Ltd", "mail.xn--bcher-kva.example", 1)
	lower := marktest.Registered("Ash Ltd", "ash.example", 2)
	lower.Country = "gb"
	l.addAt("2020-01-31T23:59:59Z", idn)
	l.addAt("2020-02-01T00:00:00Z", lower)
	l.addAt("2200-02-01T00:00:00Z", marktest.Registered("Oak Ltd", "oak.example", 3))
	commit(t, s, read(t, l.Log, scanner.Position{}, 0)...)
	for _, tt := range []struct {
		query, param, value string
		rows                int
	}{
		{"certificates", "limit", "0", 3},
		{"certificates", "domain", "Bücher.example", 1},
		{"certificates", "domain", "BÜCHER.example.", 1},
		{"certificates", "domain", "xn--bcher-kva.example", 1},
		{"certificates", "domain", "cher.example", 0},
		{"certificates", "until", "2020-02-01", 1},
		{"certificates", "since", "2020-02-01", 2},
		{"marks", "domain", "bücher.example", 1},
		{"marks", "domain", "ASH.example.", 1},
		{"organisations", "country", "gb", 3},
		{"countries", "", "", 1},
		{"by-month", "", "", 3},
	} {
		params := map[string]string{tt.param: tt.value}
		delete(params, "")
		if got := strings.Count(answer(t, s, tt.query, params), "\n") - 1; got != tt.rows {
			t.Errorf("%s %s=%s: %d rows, want %d", tt.query, tt.param, tt.value, got, tt.rows)
		}
	}
	if got := answer(t, s, "by-month", nil); !strings.Contains(got, "\n\"2020-01-01\",1,") || !strings.Contains(got, "\n\"2200-02-01\",1,") {
		t.Errorf("by-month: %s", got)
	}
}
