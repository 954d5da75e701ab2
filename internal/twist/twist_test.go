package twist_test

import (
	"slices"
	"strings"
	"testing"

	"markwatch/internal/twist"
)

// TestMeasure guards the promise: of all variants of 200 names at least 98 in 100 are found for
// the right reason, and at most one in 2,000 ordinary names is taken for one of them.
func TestMeasure(t *testing.T) {
	names := twist.Names()
	if len(names) != 200 {
		t.Errorf("%d names, want 200", len(names))
	}
	ordinary, source := twist.Ordinary(100_000)
	result := twist.Measure(names, ordinary)
	for _, row := range append(result.Rows, result.Total()) {
		t.Logf("%-14s %7d variants, found %.2f %%, for the right reason %.2f %%", row.Kind, row.Variants, percent(row.Found, row.Variants), percent(row.Right, row.Variants))
		t.Logf("%q", row.Missed)
		if row.Variants == 0 || percent(row.Right, row.Variants) < 98 {
			t.Errorf("%s: %.2f %% for the right reason, want 98: %q", row.Kind, percent(row.Right, row.Variants), row.Missed)
		}
	}
	t.Logf("%d of %d ordinary names (%s) flagged: %q", result.Flagged, result.Ordinary, source, result.Examples)
	if 2000*result.Flagged > result.Ordinary {
		t.Errorf("%d of %d ordinary names flagged, want at most one in 2,000: %q", result.Flagged, result.Ordinary, result.Examples)
	}
}

func percent(part, whole int) float64 { return 100 * float64(part) / float64(whole) }

// TestVariants shows variants of each kind.
func TestVariants(t *testing.T) {
	made := map[string][]string{}
	for _, v := range twist.Variants("quell-mor.co.uk") {
		made[v.Kind] = append(made[v.Kind], v.Domain)
	}
	for kind, want := range map[string][]string{
		"addition":      {"quell-mora.co.uk", "quellx-mor.co.uk", "quell-mor7.co.uk"},
		"bitsquatting":  {"puell-mor.co.uk", "quellmmor.co.uk", "quell-moz.co.uk"},
		"dictionary":    {"login-quell-mor.co.uk", "quell-morpay.co.uk"},
		"homoglyph":     {"que1l-mor.co.uk", "quell-rnor.co.uk", "quеll-mor.co.uk", "quëll-mor.co.uk", "quell-nnor.co.uk"},
		"hyphenation":   {"q-uell-mor.co.uk", "quell-mo-r.co.uk"},
		"insertion":     {"quewll-mor.co.uk", "qujell-mor.co.uk"},
		"omission":      {"quel-mor.co.uk", "quellmor.co.uk"},
		"plural":        {"quells-mor.co.uk", "quell-mors.co.uk"},
		"repetition":    {"qquell-mor.co.uk", "quell-morr.co.uk"},
		"replacement":   {"wuell-mor.co.uk", "quell-mot.co.uk", "auell-mor.co.uk"},
		"subdomain":     {"q.uell-mor.co.uk", "quell-mo.r.co.uk"},
		"tld-swap":      {"quell-mor.com", "quell-mor.de"},
		"transposition": {"uqell-mor.co.uk", "quell-mro.co.uk"},
		"various":       {"www-quell-mor.co.uk", "quell-mor.uk", "quell-morco.uk"},
		"vowel-swap":    {"quall-mor.co.uk", "quell-mir.co.uk"},
	} {
		for _, w := range want {
			if !slices.Contains(made[kind], w) {
				t.Errorf("%s: %s is missing in %q", kind, w, made[kind])
			}
		}
	}
	for kind, domains := range made {
		if slices.Contains(domains, "quell-mor.co.uk") || slices.ContainsFunc(domains, func(d string) bool { return strings.Contains(d, "-.") || strings.HasPrefix(d, "-") }) {
			t.Errorf("%s: the name itself or one that can't be registered in %q", kind, domains)
		}
		if !slices.Contains(twist.Kinds(), kind) {
			t.Errorf("%s isn't among the kinds", kind)
		}
	}
	if got := twist.Variants("quell.com"); !slices.Contains(got, twist.Variant{Kind: "cyrillic", Domain: "ԛиеӏӏ.com"}) {
		t.Errorf("no Cyrillic variant in %v", got)
	}
}

// TestOrdinary guards that ordinary names are as many as asked, all different from those watched,
// with or without a dictionary.
func TestOrdinary(t *testing.T) {
	names, source := twist.Ordinary(5000)
	if len(names) != 5000 || source == "" {
		t.Errorf("%d names from %q, want 5,000", len(names), source)
	}
	slices.Sort(names)
	if different := len(slices.Compact(names)); different < 4000 {
		t.Errorf("only %d of them differ", different)
	}
}
