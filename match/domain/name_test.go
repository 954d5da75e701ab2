package domain_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"markwatch/match/domain"
)

// TestParse shows how names are taken apart, proper and other ones.
func TestParse(t *testing.T) {
	for _, test := range []struct {
		raw  string
		want domain.Name
	}{
		{"Orlaverne.FR.", domain.Name{ASCII: "orlaverne.fr", Unicode: "orlaverne.fr", Registrable: "orlaverne.fr", Label: "orlaverne", Suffix: "fr", ICANN: true}},
		{"https://shop.Orlaverne.co.uk:8443/a?b#c", domain.Name{ASCII: "shop.orlaverne.co.uk", Unicode: "shop.orlaverne.co.uk", Registrable: "orlaverne.co.uk", Label: "orlaverne", Suffix: "co.uk", ICANN: true, Sub: []string{"shop"}}},
		{"mailto:someone@mail.orlaverne.fr", domain.Name{ASCII: "mail.orlaverne.fr", Unicode: "mail.orlaverne.fr", Registrable: "orlaverne.fr", Label: "orlaverne", Suffix: "fr", ICANN: true, Sub: []string{"mail"}}},
		{" *.orlaverne.fr ", domain.Name{ASCII: "orlaverne.fr", Unicode: "orlaverne.fr", Registrable: "orlaverne.fr", Label: "orlaverne", Suffix: "fr", ICANN: true}},
		{"default._bimi.orlaverne.fr", domain.Name{ASCII: "orlaverne.fr", Unicode: "orlaverne.fr", Registrable: "orlaverne.fr", Label: "orlaverne", Suffix: "fr", ICANN: true}},
		{"Mühlenquast。de", domain.Name{ASCII: "xn--mhlenquast-9db.de", Unicode: "mühlenquast.de", Registrable: "xn--mhlenquast-9db.de", Label: "mühlenquast", Suffix: "de", ICANN: true}},
		{"xn--mhlenquast-9db.de", domain.Name{ASCII: "xn--mhlenquast-9db.de", Unicode: "mühlenquast.de", Registrable: "xn--mhlenquast-9db.de", Label: "mühlenquast", Suffix: "de", ICANN: true}},
		{"www.orlaverne.github.io", domain.Name{ASCII: "www.orlaverne.github.io", Unicode: "www.orlaverne.github.io", Registrable: "orlaverne.github.io", Label: "orlaverne", Suffix: "github.io", Sub: []string{"www"}}},
		{"github.io", domain.Name{ASCII: "github.io", Unicode: "github.io", Registrable: "github.io", Label: "github", Suffix: "io", ICANN: true}},
		{"orlaverne", domain.Name{ASCII: "orlaverne", Unicode: "orlaverne", Label: "orlaverne"}},
		{"co.uk", domain.Name{ASCII: "co.uk", Unicode: "co.uk", Suffix: "co.uk", ICANN: true, Problem: "a public suffix"}},
		{"xn--orla-.verne.fr", domain.Name{ASCII: "xn--orla-.verne.fr", Unicode: "xn--orla-.verne.fr", Registrable: "verne.fr", Label: "verne", Suffix: "fr", ICANN: true, Sub: []string{"xn--orla-"}, Problem: "invalid Punycode"}},
		{"xn--a.fr", domain.Name{ASCII: "xn--a.fr", Unicode: "xn--a.fr", Registrable: "xn--a.fr", Label: "xn--a", Suffix: "fr", ICANN: true, Problem: "invalid Punycode"}},
		{"xn--a.fr", domain.Name{ASCII: "xn--a.fr", Unicode: "xn--a.fr", Registrable: "xn--a.fr", Label: "xn--a", Suffix: "fr", ICANN: true, Problem: "invalid Punycode"}},
		{"orla_verne.fr", domain.Name{ASCII: "orla_verne.fr", Unicode: "orla_verne.fr", Registrable: "orla_verne.fr", Label: "orla_verne", Suffix: "fr", ICANN: true, Problem: "an underscore"}},
		{"192.0.2.7:25", domain.Name{ASCII: "192.0.2.7", Unicode: "192.0.2.7", Problem: "an IP address"}},
		{"[2001:db8::7]:443", domain.Name{ASCII: "[2001:db8::7]", Unicode: "[2001:db8::7]", Problem: "an IP address"}},
		{"orla..verne.fr", domain.Name{ASCII: "orla..verne.fr", Unicode: "orla..verne.fr", Registrable: "verne.fr", Label: "verne", Suffix: "fr", ICANN: true, Sub: []string{"orla"}, Problem: "an empty label"}},
		{"orla verne.fr", domain.Name{ASCII: "orla verne.fr", Unicode: "orla verne.fr", Registrable: "orla verne.fr", Label: "orla verne", Suffix: "fr", ICANN: true, Problem: "characters that no domain may have"}},
		{"  ", domain.Name{Problem: "empty"}},
	} {
		t.Run(test.raw, func(t *testing.T) {
			test.want.Raw = test.raw
			if diff := cmp.Diff(test.want, domain.Parse(test.raw)); diff != "" {
				t.Errorf("want (-), got (+):\n%s", diff)
			}
		})
	}
}

// TestParseLong guards that a name too long is matched as it is written, and one without
// measure isn't kept whole.
func TestParseLong(t *testing.T) {
	long := strings.Repeat("orlaverne-", 29) + "orlaverne.fr"
	n := domain.Parse(long)
	if n.Problem == "" || n.Registrable != long {
		t.Errorf("%d characters: %q, registrable %q", len(long), n.Problem, n.Registrable)
	}
	if m, ok := domain.Compare(n, n); !ok || m.Rule != domain.RuleExact {
		t.Errorf("it isn't found by itself: %q", m.Rule)
	}
	if m, ok := domain.Compare(domain.Parse("orlaverne.fr"), n); !ok || m.Rule != domain.RuleCombosquat {
		t.Errorf("what it holds isn't found: %q", m.Rule)
	}
	if n := domain.Parse(strings.Repeat("ü", 1<<20)); len(n.Raw) > 4096 || n.Problem == "" {
		t.Errorf("of two megabytes %d bytes are kept, problem %q", len(n.Raw), n.Problem)
	}
}

// TestBadNames guards that names that aren't proper are still matched as they are written.
func TestBadNames(t *testing.T) {
	for _, test := range []struct {
		watched, candidate string
		rule               domain.Rule
	}{
		{"192.0.2.7", "192.0.2.7:443", domain.RuleExact},
		{"192.0.2.7", "192.0.2.70", ""},
		{"orlaverne.fr", "orla_verne.fr", domain.RuleHyphen},
		{"orlaverne.fr", "xn--orlaverne-.fr", domain.RuleCombosquat},
		{"orlaverne.fr", "orlaverne..example.net", domain.RuleSubdomain},
		{"orlaverne.fr", "orlaverne", domain.RuleOtherTLD},
		{"orlaverne", "www.orlaverne.fr", domain.RuleOtherTLD},
		{"", "", ""},
	} {
		m, _ := domain.Compare(domain.Parse(test.watched), domain.Parse(test.candidate))
		if m.Rule != test.rule {
			t.Errorf("%q and %q: %q, want %q", test.watched, test.candidate, m.Rule, test.rule)
		}
	}
}
