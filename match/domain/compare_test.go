package domain_test

import (
	"testing"

	"markwatch/match/domain"
)

// TestRules shows one pair of names for each rule.
func TestRules(t *testing.T) {
	for _, test := range []struct{ watched, candidate, rule, kind string }{
		{"nimbrosia.com", "nimbrosia.com", "exact", "the same name"},
		{"nimbrosia.com", "Nimbrosia.COM.", "exact", "the same name"},
		{"mühlenquast.de", "xn--mhlenquast-9db.de", "exact", "the same name"},
		{"voltmarsch.de", "netz.voltmarsch.de", "own-subdomain", "below it"},
		{"netz.voltmarsch.de", "voltmarsch.de", "own-subdomain", "above it"},
		{"nimbrosia.com", "nimbrosia.net", "other-tld", "another public suffix"},
		{"orlaverne.fr", "orlaverne.shop", "other-tld", "another public suffix"},
		{"orlaverne.fr", "orlaverne.github.io", "other-tld", "a host's suffix"},
		{"clairvesque.fr", "сlairvesque.fr", "homoglyph", "Cyrillic letters"},
		{"ikea.com", "ікеа.com", "homograph", "every letter of another script"},
		{"wattlequay.com.au", "vvattlequay.com.au", "homoglyph", "two letters that look like one"},
		{"gullivance.co.uk", "gu11ivance.co.uk", "homoglyph", "a digit for a letter"},
		{"kystmølla.dk", "kystmolla.dk", "homoglyph", "letters with marks"},
		{"mühlenquast.de", "muehlenquast.de", "transliteration", "letters with marks spelt out"},
		{"orlaverne.fr", "orla-verne.fr", "hyphen", "hyphens"},
		{"orlaverne.fr", "orlaverne.fr.example.net", "prefix-domain", "the whole domain as hosts"},
		{"felsenrath.de", "felsenrath.kontoabgleich.de", "subdomain", "the name as a host"},
		{"felsenrath.de", "fel.senrath.com", "dots", "dots put in"},
		{"gullivance.co.uk", "gulivance.co.uk", "one-edit", "dropped letter"},
		{"polderwiek.nl", "polderwiek-facturen.nl", "combosquat", "with words that lure"},
		{"polderwiek.nl", "polderwieklogin.nl", "combosquat", "with words that lure"},
		{"gullivance.co.uk", "gulivance-login.com", "combosquat", "misspelt, with words that lure"},
		{"sunderbray.com", "sanderbrey.com", "two-edits", "2 letters"},
		{"sunderbray.com", "xxsunderbrayqq.com", "contains", "inside another name"},
	} {
		t.Run(test.rule+" "+test.candidate, func(t *testing.T) {
			m, ok := domain.Compare(domain.Parse(test.watched), domain.Parse(test.candidate))
			if !ok || string(m.Rule) != test.rule || m.Kind != test.kind {
				t.Errorf("%s and %s: got %q, %q, want %q, %q", test.watched, test.candidate, m.Rule, m.Kind, test.rule, test.kind)
			}
			t.Log(m.Reason, m.Closeness)
		})
	}
}
