package match_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"markwatch/match"
)

// TestExplain guards that each number behind a hit has its threshold, and that of
// what came near each says why it is no hit.
func TestExplain(t *testing.T) {
	test := certificate(8, "Misawu Testing Ltd", "55555555", "GB UK00003555555", "misawu.test")
	test.Test = true
	issuances := []match.Issuance{
		certificate(2, "Misavu Ltd", "11111111", "GB UK00003111111", "misavu.com"),
		certificate(5, "Torblen plc", "22222222", "GB UK00003222222", "misawu.com"),
		certificate(1, "Elderfen plc", "33333333", "GB UK00003333333", "misavi.com"),
		certificate(6, "Misavu Retail Ltd", "44444444", "GB UK00003444444", "misawu.shop", "shop.misavu.com"),
		certificate(6, "Quillan plc", "66666666", "GB UK00003666666", "mizzavux.com"),
		certificate(7, "Friend plc", "77777777", "GB UK00003777777", "misovu.com"),
		certificate(7, "Licensee plc", "88888888", "GB UK00003111111", "misuvu.com"),
		test,
	}
	m, hits := after(t, issuances...)
	own := item(t, match.Own, match.KindDomain, "misavu.com")
	allowed := item(t, match.Allow, match.KindDomain, "misovu.com")
	allowed.Notes, allowed.Ends = "dealer", time.Date(2031, 2, 1, 0, 0, 0, 0, time.UTC)
	hits.apply(t, m.SetItems([]match.Item{own, allowed}))
	var hit match.Hit
	for _, h := range hits {
		if h.Rule == "one-edit" && h.Organisation == "Torblen plc" && h.OtherOrganisation == "Misavu Ltd" {
			hit = h
		}
	}
	if hit.ID == "" {
		t.Fatalf("there is no hit to explain: %v", rules(hits))
	}
	x := m.Explain(hit)
	if x.Refuted != "" || x.Problem != "" {
		t.Errorf("refuted %q, problem %q", x.Refuted, x.Problem)
	}
	numbers := map[string]match.Number{}
	for _, n := range x.Numbers {
		numbers[n.Name] = n
	}
	if n := numbers["domains: letters apart"]; n.Value != "1" || !strings.Contains(n.Bar, "two in names of eight letters") {
		t.Errorf("letters apart: %+v", n)
	}
	why := map[string]string{}
	for _, n := range x.Misses {
		if n.Kind == match.MissDomain {
			why[n.Organisation] = n.Why
		}
	}
	for organisation, want := range map[string]string{
		"Misavu Ltd":         "the other party's own",
		"Misavu Retail Ltd":  "both hold certificates for names under misavu.com",
		"Elderfen plc":       "it came first: Elderfen plc (GB) has held certificates since 2030-01-01",
		"Friend plc":         "it is allowed: the watch list clients names the domain misovu.com (dealer), until 2031-02-01",
		"Misawu Testing Ltd": "test certificate",
		"Quillan plc":        "no rule takes it: one letter may differ",
	} {
		if !strings.Contains(why[organisation], want) && len(x.Misses) > 0 {
			t.Errorf("why %s is no hit: %q, want %q", organisation, why[organisation], want)
		}
	}
	if why["Torblen plc"] != "" || why["Licensee plc"] != "" || x.Others != 1 {
		t.Errorf("the hit, or one by another rule, is a miss as well: %v; %d others", why, x.Others)
	}
	hits.apply(t, m.SetItems([]match.Item{item(t, match.Own, match.KindDomain, "misawu.com")}))
	if x := m.Explain(hit); !strings.Contains(x.Refuted, "it is the client's own: the watch list clients names the domain misawu.com") {
		t.Errorf("a withdrawn hit: refuted %q", x.Refuted)
	}
}

// TestKnow guards that a matcher that only knows explains as one that has found the hits.
func TestKnow(t *testing.T) {
	issuances := []match.Issuance{
		certificate(2, "Misavu Ltd", "11111111", "GB UK00003111111", "misavu.com"),
		certificate(5, "Torblen plc", "22222222", "GB UK00003222222", "misawu.com"),
		certificate(6, "Misavu Retail Ltd", "44444444", "GB UK00003444444", "misawu.shop", "shop.misavu.com"),
		certificate(7, "Friend plc", "77777777", "GB UK00003777777", "misovu.com"),
		certificate(8, "Licensee plc", "88888888", "GB UK00003111111", "misuvu.com"),
	}
	items := []match.Item{item(t, match.Watch, match.KindDomain, "misavu.com"), item(t, match.Allow, match.KindDomain, "misovu.com")}
	m, hits := after(t, issuances...)
	hits.apply(t, m.SetItems(items))
	if len(hits) < 3 {
		t.Fatalf("too few hits to explain: %v", rules(hits))
	}
	knows := match.New()
	knows.Know(match.State{Issuances: slices.Clone(issuances), Items: items}, slices.Collect(maps.Keys(hits)))
	for _, h := range hits {
		if diff := cmp.Diff(m.Explain(h), knows.Explain(h)); diff != "" {
			t.Errorf("%s of %s (-found +known):\n%s", h.Rule, h.Organisation, diff)
		}
	}
}

// TestExplainItem guards that what came near a watch item says why it is no hit.
func TestExplainItem(t *testing.T) {
	watched := item(t, match.Watch, match.KindDomain, "misavu.com")
	watched.Ends = time.Date(2030, 1, 10, 0, 0, 0, 0, time.UTC)
	m, hits := after(t,
		certificate(5, "Torblen plc", "22222222", "GB UK00003222222", "misawu.com"),
		certificate(12, "Late plc", "33333333", "GB UK00003333333", "misavi.com"),
		certificate(3, "Owner Ltd", "11111111", "GB UK00003111111", "misavu.com"),
		certificate(6, "Elderfen plc", "44444444", "GB UK00003444444", "misevo.com"),
	)
	hits.apply(t, m.SetItems([]match.Item{watched, item(t, match.Own, match.KindOrganisation, "Owner Ltd")}))
	var hit match.Hit
	for _, h := range hits {
		if h.Item == watched.ID {
			hit = h
		}
	}
	x := m.Explain(hit)
	why := map[string]match.Miss{}
	for _, n := range x.Misses {
		why[n.Organisation] = n
	}
	for organisation, want := range map[string]string{
		"Late plc":     "it was first logged on 2030-01-12, and the item counts until 2030-01-10",
		"Owner Ltd":    "it is the client's own: the watch list clients names the organisation Owner Ltd",
		"Elderfen plc": "no rule takes it",
	} {
		if !strings.Contains(why[organisation].Why, want) {
			t.Errorf("why %s is no hit: %q, want %q", organisation, why[organisation].Why, want)
		}
	}
	if why["Owner Ltd"].Excuse == "" {
		t.Error("the item that excuses is not named")
	}
	hits.apply(t, m.RemoveItems([]string{watched.ID}))
	if x := m.Explain(hit); x.Problem == "" || x.Refuted == "" {
		t.Errorf("a hit of an item that is gone: %+v", x)
	}
}
