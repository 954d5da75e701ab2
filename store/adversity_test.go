package store_test

import (
	"fmt"
	"testing"
	"time"

	"markwatch/internal/marktest"
	"markwatch/scanner"
	"markwatch/store"
)

// stored is a store that has read logs to their ends.
func stored(t *testing.T, logs ...*clockedLog) *store.Store {
	t.Helper()
	s := open(t, t.TempDir())
	for _, l := range logs {
		l.Publish()
		commit(t, s, read(t, l.Log, scanner.Position{}, 0)...)
	}
	return s
}

// TestAsOfIsKept guards that nothing of what is logged after as_of shows in an
// answer: not an entry of a certificate that was there before, not its SCTs, not
// the domains that a mark got later.
func TestAsOfIsKept(t *testing.T) {
	alpha, beta := newClockedLog("alpha"), newClockedLog("beta")
	beta.ca = alpha.ca
	oak := registered("Oak Ltd", "GB", "1", "oak.example", "UKIPO", "GB", "UK00003000001")
	alpha.pairAt("2024-01-10T00:00:00Z", "2024-01-11T00:00:00Z", oak)
	elm := registered("Elm Ltd", "GB", "2", "elm.example", "UKIPO", "GB", "UK00003000002")
	alpha.pairAt("2024-01-12T00:00:00Z", "2024-05-01T00:00:00Z", elm)
	elm.Domains, elm.Nonce = []string{"elm-shop.example"}, 7
	alpha.addAt("2024-05-02T00:00:00Z", elm)
	elm.Domains, elm.Nonce = []string{"test.elm-lab.example"}, 8
	alpha.addAt("2024-05-03T00:00:00Z", elm)
	beta.addAt("2024-06-01T00:00:00Z", oak)
	s := stored(t, alpha, beta)

	march := map[string]string{"as_of": "2024-03-01"}
	check(t, s, "marks", march, "organisation last_seen", "Elm Ltd | 2024-01-12T00:00:00.000Z", "Oak Ltd | 2024-01-11T00:00:00.000Z")
	check(t, s, "marks", nil, "organisation last_seen", "Oak Ltd | 2024-06-01T00:00:00.000Z", "Elm Ltd | 2024-05-02T00:00:00.000Z")
	check(t, s, "organisations", march, "organisation last_seen", "Elm Ltd | 2024-01-12T00:00:00.000Z", "Oak Ltd | 2024-01-11T00:00:00.000Z")
	check(t, s, "issuers", march, "issuances last_seen", "2 | 2024-01-12T00:00:00.000Z")
	check(t, s, "issuers", map[string]string{"as_of": "2024-01-11T12:00:00Z"}, "issuances last_seen", "1 | 2024-01-11T00:00:00.000Z")
	check(t, s, "orphans", march, "logged_as organisation has_scts", "precertificate | Elm Ltd | false")
	check(t, s, "marks", map[string]string{"domain": "elm-shop.example", "as_of": "2024-03-01"}, "organisation")
	check(t, s, "marks", map[string]string{"domain": "elm-shop.example"}, "organisation issuances", "Elm Ltd | 2")
	check(t, s, "marks", map[string]string{"domain": "test.elm-lab.example"}, "organisation") // a test certificate alone
	check(t, s, "log-coverage", march, "log entries issuances only_here", "alpha | 3 | 2 | 2", "beta | 0 | 0 | 0")
	check(t, s, "log-coverage", nil, "log entries issuances only_here lag", "alpha | 6 | 4 | 3 | 0", "beta | 1 | 1 | 0 | 0")
}

// TestMarksAtOnce guards that certificates of two organisations count as valid
// at once where two certificates are, and not where one's lie around another's.
func TestMarksAtOnce(t *testing.T) {
	l := newClockedLog("alpha")
	hold := func(organisation, from, to, number string) {
		spec := dated(registered(organisation, "GB", organisation, "held.example", "UKIPO", "GB", number), from, to)
		l.issue(from+"T00:00:00Z", l.ca, pre, spec)
	}
	const around, within, touching = "UK00003000001", "UK00003000002", "UK00003000003"
	hold("Ash Ltd", "2021-01-01", "2022-01-01", around)
	hold("Ash Ltd", "2021-01-01", "2022-01-01", within)
	hold("Ash Ltd", "2021-01-01", "2021-06-01", touching)
	hold("Birch Ltd", "2021-03-01", "2021-06-01", within)
	hold("Birch Ltd", "2021-06-01", "2021-08-01", touching)
	hold("Birch Ltd", "2023-01-01", "2024-01-01", around)
	hold("Ash Ltd", "2025-01-01", "2026-01-01", around)
	s := stored(t, l)
	check(t, s, "marks-shared", nil, "number holders at_once", around+" | 2 | false", touching+" | 2 | true", within+" | 2 | true")
	check(t, s, "marks-shared", map[string]string{"at_once": "1"}, "number", touching, within)
}

// TestNewcomersAtOneTime guards that a mark whose first two certificates are
// logged in one millisecond is new to one issuer, always the same: the one of
// the issuance that is the earlier of all by which statistics go.
func TestNewcomersAtOneTime(t *testing.T) {
	l := newClockedLog("alpha")
	fern, moss := marktest.NewCA("Fern Trust"), marktest.NewCA("Moss Trust")
	for month := time.January; month <= time.December; month++ {
		spec := registered(fmt.Sprintf("Oak %d Ltd", month), "GB", fmt.Sprint(month), "oak.example", "UKIPO", "GB", fmt.Sprintf("UK%011d", month))
		at := time.Date(2024, month, 5, 0, 0, 0, 0, time.UTC).Format("2006-01-02T15:04:05Z")
		l.issue(at, fern, pre, spec)
		l.issue(at, moss, pre, spec)
	}
	s := stored(t, l)
	want := cells(t, s, "SELECT argMin(issuer_organisation, recency) FROM keyed_issuances GROUP BY mark_id ORDER BY min(first_logged)")
	for name, params := range map[string]map[string]string{"by-month": {"per": "issuer"}, "issuer-trends": {"period": "month"}} {
		column := map[string]string{"by-month": "new_marks", "issuer-trends": "new_organisations"}[name]
		var got []string
		for _, row := range table(t, s, name, params) {
			if row[column] == "1" {
				got = append(got, row["issuer"])
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: newcomers are of %v, want %v", name, got, want)
		}
	}
}

// TestNameWithoutDot guards that a domain of one label, which hostile logs can
// hold, is its own top-level domain.
func TestNameWithoutDot(t *testing.T) {
	l := newClockedLog("alpha")
	spec := registered("Oak Ltd", "GB", "1", "oak.example", "UKIPO", "GB", "UK00003000001")
	spec.Domains = append(spec.Domains, "intranet")
	l.issue("2024-01-01T00:00:00Z", l.ca, pre, spec)
	check(t, stored(t, l), "top-level-domains", nil, "top_level_domain domains share_of_domains", "example | 1 | 0.5", "intranet | 1 | 0.5")
}
