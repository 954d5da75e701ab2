package store_test

import (
	"encoding/csv"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"markwatch/internal/marktest"
	"markwatch/queries"
	"markwatch/scanner"
	"markwatch/store"
)

// Which entries of an issuance are logged.
const (
	pre   = "precertificate"
	final = "certificate"
	pair  = "both"
)

// issue logs an issuance of ca at a time.
func (l *clockedLog) issue(when string, ca *marktest.CA, logged string, spec marktest.Spec) {
	at, err := time.Parse("2006-01-02T15:04:05Z", when)
	if err != nil {
		panic(err)
	}
	l.now = at
	issued := ca.Issue(spec)
	if logged == final {
		l.AddChain(append([][]byte{issued.Certificate}, issued.Chain...)...)
		return
	}
	sct, _ := l.AddPreChain(issued.Precertificate, issued.TBS, issued.IssuerKeyHash, issued.Chain...)
	if logged == pair {
		whole := ca.Issue(spec, sct)
		l.AddChain(append([][]byte{whole.Certificate}, whole.Chain...)...)
	}
}

// table is what a query answers, by column.
func table(t testing.TB, s *store.Store, name string, params map[string]string) []map[string]string {
	t.Helper()
	lines, err := csv.NewReader(strings.NewReader(answer(t, s, name, params))).ReadAll()
	if err != nil {
		t.Fatalf("query %s: %v", name, err)
	}
	var rows []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, column := range lines[0] {
			row[column] = line[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// picked are some columns of a query's rows, with " | " between them.
func picked(t testing.TB, s *store.Store, name string, params map[string]string, columns string) []string {
	t.Helper()
	var out []string
	for _, row := range table(t, s, name, params) {
		var cells []string
		for _, column := range strings.Fields(columns) {
			cell, ok := row[column]
			if !ok {
				t.Fatalf("query %s has no column %s", name, column)
			}
			cells = append(cells, cell)
		}
		out = append(out, strings.Join(cells, " | "))
	}
	return out
}

// registered is the Registered Mark of an organisation with a trademark.
func registered(organisation, country, registration, domain, office, trademarkCountry, number string) marktest.Spec {
	spec := marktest.Registered(organisation, domain, 1)
	spec.Country, spec.JurisdictionCountry, spec.RegistrationNumber = country, country, registration
	spec.TrademarkOffice, spec.TrademarkCountry, spec.TrademarkIdentifier = office, trademarkCountry, number
	return spec
}

// spelled is a store whose certificates write the same in many ways: what the
// study counts in it was counted by hand.
func spelled(t *testing.T) *store.Store {
	s := open(t, t.TempDir())
	ca := marktest.NewCA("Fern Trust")
	gorgon, other := newClockedLog("gorgon"), newClockedLog("other")
	issue := func(when, logged string, spec marktest.Spec) { gorgon.issue(when, ca, logged, spec) }
	issue("2021-03-01T10:00:00Z", pair, registered("Ash Works, Inc.", "US", "100", "ash.example", "USPTO", "US", "5,817,930"))
	issue("2021-04-01T10:00:00Z", pre, registered("ASH WORKS INC", "US", "00100", "ash.example", "", "US", "5817930"))
	issue("2021-04-02T10:00:00Z", pair, registered("Birch Ltd", "GB", "200", "birch.example", "https://euipo.europa.eu", "EM", "018265322"))
	issue("2021-04-03T10:00:00Z", pre, registered("Birch Limited", "GB", "200", "birch.example", "European Union Intellectual Property Office (EUIPO)", "EU", "18265322"))
	issue("2021-04-04T10:00:00Z", pre, registered("Birch Ltd.", "GB", "200", "birch.example", "UKIPO", "GB", "UK00003647211"))
	issue("2021-04-05T10:00:00Z", pre, registered("Birch, Ltd", "GB", "200", "mail.birch.example", "", "UK", "UK00003647211"))
	issue("2021-04-06T10:00:00Z", pre, registered("Birch Ltd", "GB", "200", "birch-shop.example", "UKIPO", "GB", "UK00918265322")) // clone of the EU mark
	issue("2021-05-01T10:00:00Z", pre, registered("INFINITE FERN", "US", "300", "fern.example", "USPTO", "US", "1111111"))
	issue("2021-05-02T10:00:00Z", final, registered("Infinite Fern", "US", "300", "infinite-fern.example", "USPTO", "US", "1111111"))
	issue("2021-06-01T10:00:00Z", pre, registered("Cedar Group", "DE", "400", "cedar.example", "DPMA", "DE", "302020000001"))
	issue("2021-06-02T10:00:00Z", pre, registered("Cedar Group", "NL", "400", "cedar-nl.example", "BOIP", "BX", "1234567"))
	issue("2021-06-03T10:00:00Z", pre, registered("Tester Ltd", "GB", "500", "test.tester.example", "UKIPO", "GB", "UK00003000999"))
	issue("2021-08-24T23:59:59Z", pre, registered("Dogwood Ltd", "GB", "600", "dogwood.example", "UKIPO", "GB", "UK00003000600"))
	issue("2021-08-25T00:00:00Z", pre, registered("Elm Ltd", "GB", "700", "elm.example", "UKIPO", "GB", "UK00003000700"))
	other.issue("2021-05-01T00:00:00Z", ca, pre, registered("Fir AB", "SE", "800", "fir.example", "PRV", "SE", "123456"))
	for _, l := range []*clockedLog{gorgon, other} {
		l.Publish()
		commit(t, s, read(t, l.Log, scanner.Position{}, 0)...)
	}
	return s
}

// TestStudy guards the counts of 2021 however certificates are spelled: by
// hand, with and without test certificates, of one log and of all, at the end
// of a day and a second later.
func TestStudy(t *testing.T) {
	s := spelled(t)
	const columns = "precertificates marks organisations organisations_several_marks test_certificates"
	for _, tt := range []struct {
		asOf, log string
		want      []string
	}{
		{"2021-08-24", "gorgon", []string{"11 | 8 | 6 | 1 | left out", "12 | 9 | 7 | 1 | counted"}},
		{"2021-08-24", "", []string{"12 | 9 | 7 | 1 | left out", "13 | 10 | 8 | 1 | counted"}},
		{"2021-08-24", "other", []string{"1 | 1 | 1 | 0 | left out", "1 | 1 | 1 | 0 | counted"}},
		{"2021-08-24", "none such", []string{"0 | 0 | 0 | 0 | left out", "0 | 0 | 0 | 0 | counted"}},
		{"2021-08-24T23:59:58Z", "gorgon", []string{"10 | 7 | 5 | 1 | left out", "11 | 8 | 6 | 1 | counted"}},
		{"2021-08-25", "gorgon", []string{"12 | 9 | 7 | 1 | left out", "13 | 10 | 8 | 1 | counted"}},
		{"2021-04-01", "", []string{"2 | 1 | 1 | 0 | left out", "2 | 1 | 1 | 0 | counted"}},
		{"2020-01-01", "", []string{"0 | 0 | 0 | 0 | left out", "0 | 0 | 0 | 0 | counted"}},
	} {
		got := picked(t, s, "study", map[string]string{"as_of": tt.asOf, "log": tt.log}, columns)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("study as of %s, log %q (-want +got):\n%s", tt.asOf, tt.log, diff)
		}
	}
	q, err := queries.Get("study")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range q.Columns {
		names = append(names, c.Name)
	}
	if diff := cmp.Diff(strings.Fields(columns), names[:5]); diff != "" {
		t.Errorf("columns (-want +got):\n%s", diff)
	}
	params := map[string]string{"as_of": "2021-08-24", "log": "gorgon"}
	check(t, s, "study-countries", params, "country organisations share", "GB | 2 | 0.333333", "US | 2 | 0.333333", "DE | 1 | 0.166667", "NL | 1 | 0.166667")
	check(t, s, "study-countries", map[string]string{"as_of": "2021-08-24", "log": "gorgon", "tests": "1"}, "country organisations", "GB | 3", "US | 2", "DE | 1", "NL | 1")
	check(t, s, "study-issuers", params, "issuer issuances share first_organisation latest_organisation", "Fern Trust | 12 | 1 | Ash Works, Inc. | Dogwood Ltd")
	check(t, s, "totals", map[string]string{"as_of": "2021-08-24"}, "precertificates certificates issuances marks organisations test_certificates", "12 | 3 | 13 | 9 | 7 | 1")
	check(t, s, "test-certificates", nil, "organisation domains", "Tester Ltd | "+list("test.tester.example"))
	check(t, s, "organisations-several-marks", map[string]string{"as_of": "2021-08-24"}, "organisation marks registrations share_of_organisations",
		"Birch Ltd | 3 | "+list("EM 018265322", "GB UK00003647211", "GB UK00918265322")+" | 0.142857")
	check(t, s, "search", map[string]string{"term": "5.817.930"}, "found_in organisation number", list("number")+" | ASH WORKS INC | 5817930")
	check(t, s, "search", map[string]string{"term": "birch-SHOP"}, "found_in number", list("domain")+" | UK00918265322")
	check(t, s, "search", map[string]string{"term": "INFINITE f"}, "found_in organisation issuances", list("organisation")+" | Infinite Fern | 2")
	check(t, s, "search", nil, "organisation")
}

// list is a list as CSV writes it.
func list(texts ...string) string { return `["` + strings.Join(texts, `","`) + `"]` }

// check compares columns of a query's answer with the rows wanted.
func check(t *testing.T, s *store.Store, name string, params map[string]string, columns string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, picked(t, s, name, params, columns)); diff != "" {
		t.Errorf("query %s %v: %s (-want +got):\n%s", name, params, columns, diff)
	}
}

// dated gives a spec its validity.
func dated(spec marktest.Spec, from, to string) marktest.Spec {
	day := func(text string) time.Time {
		at, err := time.Parse(time.DateOnly, text)
		if err != nil {
			panic(err)
		}
		return at
	}
	spec.NotBefore, spec.NotAfter = day(from), day(to)
	return spec
}

// lived is a store of certificates that were issued again, renewed, lost,
// handed on and copied.
func lived(t *testing.T) *store.Store {
	s := open(t, t.TempDir())
	fern, moss := marktest.NewCA("Fern Trust"), marktest.NewCA("Moss Trust")
	l := newClockedLog("alpha")
	oak := registered("Oak Ltd", "GB", "1", "oak.example", "UKIPO", "GB", "UK00003000001")
	l.issue("2024-01-10T02:00:00Z", fern, pair, dated(oak, "2024-01-10", "2025-01-10"))
	oak.SVG, oak.Domains = marktest.SVG("Oak", 77), []string{"oak.example", "mail.oak.example"}
	l.issue("2024-02-01T01:00:00Z", fern, pair, dated(oak, "2024-02-01", "2025-01-10")) // reissue
	oak.Organisation = "OAK LIMITED"
	l.issue("2024-12-20T00:30:00Z", moss, pair, dated(oak, "2024-12-20", "2026-01-20")) // renewal

	pine := registered("Pine Ltd", "GB", "2", "pine.example", "UKIPO", "GB", "UK00003000002")
	l.issue("2024-02-10T00:00:00Z", fern, pair, dated(pine, "2024-02-10", "2025-03-01"))
	pine.Organisation, pine.Country, pine.JurisdictionCountry, pine.RegistrationNumber = "Pine Holdings BV", "NL", "NL", "77"
	l.issue("2025-02-15T00:00:00Z", fern, pair, dated(pine, "2025-02-15", "2026-03-01")) // handed on, with its domain

	lime := registered("Lime Ltd", "GB", "3", "lime.example", "UKIPO", "GB", "UK00003000003")
	l.issue("2024-04-03T00:00:00Z", fern, final, dated(lime, "2024-04-01", "2025-04-01")) // lapsed, and an orphan
	plum := registered("Plum Ltd", "GB", "4", "plum.example", "UKIPO", "GB", "UK00003000004")
	l.issue("2024-05-19T23:00:00Z", moss, pre, dated(plum, "2024-05-20", "2025-06-20")) // an orphan, logged before it began

	rose := registered("Rose GmbH", "DE", "5", "rose.example", "DPMA", "DE", "302020000005")
	rose.SVG = plum.SVG
	l.issue("2025-03-05T00:00:00Z", moss, pair, dated(rose, "2025-03-05", "2026-04-01")) // Plum's logo
	plum.Country, plum.JurisdictionCountry, plum.Domains, plum.TrademarkIdentifier = "IE", "IE", []string{"plum-ie.example"}, "UK00003000006"
	l.issue("2025-03-06T00:00:00Z", moss, pair, dated(plum, "2025-03-06", "2026-04-01")) // of one name with Plum

	l.issue("2025-03-07T00:00:00Z", fern, pair, dated(registered("Sage SA", "FR", "6", "sage.example", "EUIPO", "EM", "018000001"), "2025-03-07", "2026-04-01"))
	l.issue("2025-03-08T00:00:00Z", fern, pair, dated(registered("Sage SA", "FR", "6", "sage.example", "UKIPO", "GB", "UK00918000001"), "2025-03-08", "2026-04-01"))
	l.issue("2025-03-09T00:00:00Z", fern, pair, dated(registered("Thyme SA", "FR", "7", "thyme.example", "UKIPO", "GB", "UK00801234567"), "2025-03-09", "2026-05-01"))
	l.Publish()
	commit(t, s, read(t, l.Log, scanner.Position{}, 0)...)
	return s
}

// TestLives guards what statistics tell of the lives of certificates, marks,
// domains and logos, each by hand.
func TestLives(t *testing.T) {
	s := lived(t)
	june := map[string]string{"as_of": "2025-06-01"}
	check(t, s, "reissues", nil, "organisation days_after logo_changed domains_changed name_changed", "Oak Ltd | 21.96 | true | true | false")
	check(t, s, "renewals", nil, "organisation previous_organisation gap_days logo_changed owner_changed issuer_changed",
		"Pine Holdings BV | Pine Ltd | -14 | false | true | false", "OAK LIMITED | Oak Ltd | -21 | false | false | true")
	check(t, s, "renewals", map[string]string{"as_of": "2025-01-01"}, "organisation", "OAK LIMITED")
	check(t, s, "lapsed", june, "organisation days_ago issuances share_of_marks", "Lime Ltd | 61 | 1 | 0.111111")
	check(t, s, "lapsed", map[string]string{"as_of": "2025-02-01"}, "organisation") // Oak was renewed by then
	check(t, s, "expiring", june, "organisation days_left within", "Plum Ltd | 18 | 30")
	check(t, s, "expiring", map[string]string{"as_of": "2025-06-13", "days": "7"}, "organisation days_left within", "Plum Ltd | 6 | 7")
	check(t, s, "expiring", map[string]string{"as_of": "2024-12-01T00:00:00Z"}, "organisation days_left within", "Oak Ltd | 40 | 60", "Pine Ltd | 90 | 90")
	check(t, s, "orphans", nil, "logged_as organisation has_scts", "precertificate | Plum Ltd | false", "certificate | Lime Ltd | false")
	check(t, s, "orphans", map[string]string{"kind": "certificate"}, "organisation", "Lime Ltd")
	check(t, s, "marks-shared", nil, "number organisations holders at_once second_holder_since", "UK00003000002 | "+list("Pine Ltd", "Pine Holdings BV")+" | 2 | true | 2025-02-15T00:00:00.000Z")
	check(t, s, "marks-shared", map[string]string{"as_of": "2025-01-01"}, "number")
	check(t, s, "domains-changed", nil, "domain organisation previous_organisation country previous_country same_name at_once", "pine.example | Pine Holdings BV | Pine Ltd | NL | GB | false | true")
	check(t, s, "logos-shared", nil, "organisation other_organisation related holders", "Plum Ltd | Rose GmbH | false | 3")
	check(t, s, "logos-shared", map[string]string{"related": "1"}, "other_organisation other_country related", "Plum Ltd | IE | true", "Rose GmbH | DE | false", "Pine Holdings BV | NL | true")
	check(t, s, "mark-families", nil, "clone_of number parent_register parent_number parent_certified same_organisation",
		"international registration | UK00801234567 | WO | 1234567 | false | false", "European Union trade mark | UK00918000001 | EM | 018000001 | true | true")
	check(t, s, "mark-families", map[string]string{"certified": "1"}, "number", "UK00918000001")
	check(t, s, "log-delay", map[string]string{"measured_by": "entry"}, "log issuer issuances before_start min_hours median_hours max_hours share_within_a_day",
		"alpha | Fern Trust | 8 | 0 | 0 | 0 | 48 | 0.875", "alpha | Moss Trust | 4 | 1 | -1 | 0 | 0.5 | 1")
	check(t, s, "log-delay", map[string]string{"measured_by": "sct"}, "log issuer issuances max_hours", "alpha | Fern Trust | 7 | 2", "alpha | Moss Trust | 3 | 0.5")
	check(t, s, "first-by-issuer", nil, "issuer organisation", "Fern Trust | Oak Ltd", "Moss Trust | Plum Ltd")
	check(t, s, "newest", map[string]string{"limit": "2"}, "organisation number new_organisation", "Thyme SA | UK00801234567 | true", "Sage SA | UK00918000001 | false")
	check(t, s, "domains", map[string]string{"domain": "oak.example"}, "domain registrable_domain organisations issuances", "mail.oak.example | oak.example | "+list("OAK LIMITED")+" | 2", "oak.example | oak.example | "+list("OAK LIMITED")+" | 3")
	check(t, s, "subdomains", nil, "registrable_domain subdomains count itself_certified issuances", "oak.example | "+list("mail.oak.example")+" | 1 | true | 3")
	check(t, s, "top-level-domains", nil, "top_level_domain domains registrable_domains share_of_domains", "example | 9 | 8 | 1")
	check(t, s, "validity-lengths", map[string]string{"issuer": "Fern Trust"}, "days issuances too_long", "345 | 1 | false", "366 | 1 | false", "367 | 1 | false", "380 | 1 | false", "386 | 1 | false", "390 | 1 | false", "391 | 1 | false", "419 | 1 | true")
	check(t, s, "marks", map[string]string{"organisation": "oak", "as_of": "2024-12-01"}, "organisation issuances last_seen", "Oak Ltd | 2 | 2024-02-01T01:00:00.000Z")
	check(t, s, "marks", map[string]string{"organisation": "pine ltd"}, "organisation") // it is another's now
	check(t, s, "issuers", map[string]string{"as_of": "2025-06-01"}, "issuer issuances issuances_last_year", "Fern Trust | 8 | 4", "Moss Trust | 4 | 3")
	check(t, s, "by-month", map[string]string{"per": "issuer", "as_of": "2024-02-29"}, "month issuer issuances marks new_marks", "2024-01-01 | Fern Trust | 1 | 1 | 1", "2024-02-01 | Fern Trust | 2 | 2 | 1")
	check(t, s, "by-day", map[string]string{"as_of": "2024-02-29"}, "day issuances new_organisations", "2024-01-10 | 1 | 1", "2024-02-01 | 1 | 0", "2024-02-10 | 1 | 1")
	check(t, s, "logos", map[string]string{"organisation": "rose"}, "organisations marks issuances", list("Plum Ltd", "Rose GmbH", "Plum Ltd")+" | 3 | 3")
}

// TestShares guards that shares that are said to add up to 1 do, within what
// rounding leaves.
func TestShares(t *testing.T) {
	s := lived(t)
	for _, tt := range []struct{ query, share, within string }{
		{"issuers", "share_of_issuances", ""}, {"issuer-trends", "share_of_issuances", "period"}, {"issuer-trends", "share_of_new_organisations", "period"},
		{"validity-lengths", "share_of_issuances", ""}, {"registers", "share_of_marks", ""},
		{"register-by-country", "share_of_register", "register"}, {"register-by-country", "share_of_country", "country"},
		{"mark-types", "share_of_issuances", ""}, {"top-level-domains", "share_of_domains", ""}, {"logo-sizes", "share_of_logos", ""},
		{"study-countries", "share", ""}, {"study-issuers", "share", ""},
	} {
		sums := map[string]float64{}
		for _, row := range table(t, s, tt.query, nil) {
			share, err := strconv.ParseFloat(row[tt.share], 64)
			if err != nil || share < 0 || share > 1 {
				t.Errorf("%s: %s is %q", tt.query, tt.share, row[tt.share])
			}
			sums[row[tt.within]] += share
		}
		newcomers := strings.Contains(tt.share, "new")
		for of, sum := range sums {
			if math.Abs(sum-1) > 1e-5 && !(newcomers && sum == 0) {
				t.Errorf("%s: the shares %s of %q add up to %v", tt.query, tt.share, of, sum)
			}
		}
		if len(sums) == 0 {
			t.Errorf("%s has no rows", tt.query)
		}
	}
}

// TestColumnsAreExplained guards that each query answers with the columns
// that it explains, in that order.
func TestColumnsAreExplained(t *testing.T) {
	s := open(t, t.TempDir())
	for _, q := range queries.All() {
		header, _, _ := strings.Cut(answer(t, s, q.Name, nil), "\n")
		var want []string
		for _, c := range q.Columns {
			want = append(want, fmt.Sprintf("%q", c.Name))
		}
		if got := strings.Split(header, ","); !slices.Equal(got, want) {
			t.Errorf("%s:\n got %s\nwant %s", q.Name, header, strings.Join(want, ","))
		}
	}
}
