package domain_test

import (
	"testing"

	"markwatch/match/domain"
)

// TestRules shows one pair of names for each rule.
func TestRules(t *testing.T) {
	for _, test := range []struct {
		watched, candidate string
		rule               domain.Rule
		kind, reason       string
	}{
		{"nimbrosia.com", "nimbrosia.com", "exact", "the same name", "nimbrosia.com itself"},
		{"nimbrosia.com", "Nimbrosia.COM.", "exact", "the same name", "nimbrosia.com itself"},
		{"mühlenquast.de", "xn--mhlenquast-9db.de", "exact", "the same name", "mühlenquast.de itself"},
		{"voltmarsch.de", "netz.voltmarsch.de", "own-subdomain", "below it", "netz.voltmarsch.de, of the registrable domain voltmarsch.de"},
		{"netz.voltmarsch.de", "voltmarsch.de", "own-subdomain", "above it", "voltmarsch.de, of the registrable domain voltmarsch.de"},
		{"netz.voltmarsch.de", "gas.voltmarsch.de", "own-subdomain", "beside it", "gas.voltmarsch.de, of the registrable domain voltmarsch.de"},
		{"nimbrosia.com", "nimbrosia.net", "other-tld", "another public suffix", "nimbrosia.com under .net"},
		{"orlaverne.fr", "www.orlaverne.shop", "other-tld", "another public suffix", "orlaverne.fr under .shop"},
		{"orlaverne.fr", "orlaverne.github.io", "other-tld", "a host's suffix", "orlaverne.fr under .github.io, whose names a host gives to its customers"},
		{"clairvesque.fr", "сlairvesque.fr", "homoglyph", "Cyrillic letters", "clairvesque.fr with Cyrillic с for Latin c"},
		{"ikea.com", "ікеа.com", "homograph", "every letter of another script", "ikea.com with Cyrillic і for Latin i, Cyrillic к for Latin k, Cyrillic е for Latin e and Cyrillic а for Latin a"},
		{"wattlequay.com.au", "vvattlequay.com.au", "homoglyph", "two letters that look like one", "wattlequay.com.au with vv for w"},
		{"gullivance.co.uk", "gu11ivance.co.uk", "homoglyph", "a digit for a letter", "gullivance.co.uk with 1 for l twice"},
		{"kystmølla.dk", "kystmolla.dk", "homoglyph", "letters with marks", "kystmølla.dk with o for ø"},
		{"dunbarquell.com", "bunbarguell.com", "homoglyph", "easily mistaken letters", "dunbarquell.com with b for d and g for q"},
		{"mühlenquast.de", "muehlenquast.de", "transliteration", "letters with marks spelt out", "mühlenquast.de with ue for ü"},
		{"muehlenquast.de", "mühlenquast.de", "transliteration", "letters with marks spelt out", "muehlenquast.de with ü for ue"},
		{"orlaverne.fr", "orla-verne.fr", "hyphen", "hyphens", "orlaverne.fr with hyphens put in"},
		{"orla-verne.fr", "orlaverne.com", "hyphen", "hyphens", "orla-verne.fr without its hyphens"},
		{"orlaverne.fr", "orlaverne.fr.example.net", "prefix-domain", "the whole domain as hosts", "orlaverne.fr as hosts under example.net"},
		{"orlaverne.fr", "login-orlaverne-fr.example.net", "prefix-domain", "the whole domain as a host, with hyphens for dots", "orlaverne.fr as hosts under example.net"},
		{"orlaverne.fr", "orlaverne.fr-login.net", "prefix-domain", "the foreign domain begins with the suffix", "orlaverne.fr as hosts under fr-login.net"},
		{"felsenrath.de", "felsenrath.kontoabgleich.de", "subdomain", "the name as a host", "felsenrath as a host under kontoabgleich.de"},
		{"felsenrath.de", "felsenrath-login.kontoabgleich.de", "subdomain", "with words that lure", "felsenrath as a host under kontoabgleich.de"},
		{"apple.com", "apple.verify-account.net", "subdomain", "the name as a host", "apple as a host under verify-account.net"},
		{"felsenrath.de", "fel.senrath.com", "dots", "dots put in", "felsenrath cut by dots"},
		{"gullivance.co.uk", "gulivance.co.uk", "one-edit", "dropped letter", "gullivance.co.uk with l left out"},
		{"gullivance.co.uk", "gullivnace.com", "one-edit", "swapped letters", "gullivance.co.uk with an turned to na (swapped letters)"},
		{"orlaverne.fr", "orlavernw.fr", "one-edit", "keyboard neighbour on QWERTY", "orlaverne.fr with w for e (keyboard neighbour on QWERTY)"},
		{"orlaverne.fr", "orlaverjes.fr", "two-edits", "two letters", "orlaverne.fr with j for n and s put in"},
		{"sunderbray.com", "sunderbrays.com", "one-edit", "plural", "sunderbray.com with s put in"},
		{"polderwiek.nl", "polderwiek-facturen.nl", "combosquat", "with words that lure", "polderwiek with “facturen”"},
		{"polderwiek.nl", "polderwieklogin.nl", "combosquat", "with words that lure", "polderwiek with “login”"},
		{"polderwiek.nl", "p0lderwiek-login.nl", "combosquat", "with words that lure, in look-alike letters", "polderwiek with “login”"},
		{"polderwiek.nl", "polderwiek-вход.nl", "combosquat", "with words that lure", "polderwiek with “вход”"},
		{"gullivance.co.uk", "gulivance-login.com", "combosquat", "misspelt, with words that lure", "gullivance with “login”, misspelt gulivance"},
		{"apple.com", "apple-login.com", "combosquat", "with words that lure", "apple with “login”"},
		{"acmo.com", "acmo-garden.com", "combosquat", "with another word", "acmo in acmo-garden"},
		{"sunderbray.com", "sanderbrey.com", "two-edits", "two letters", "sunderbray.com with a for u and e for a"},
		{"sunderbray.com", "xxsunderbrayqq.com", "contains", "inside another name", "sunderbray in xxsunderbrayqq"},
	} {
		t.Run(string(test.rule)+" "+test.candidate, func(t *testing.T) {
			m, ok := domain.Compare(domain.Parse(test.watched), domain.Parse(test.candidate))
			if !ok || m.Rule != test.rule || m.Kind != test.kind || m.Reason != test.reason {
				t.Errorf("%s and %s: got %q, %q, %q, want %q, %q, %q", test.watched, test.candidate, m.Rule, m.Kind, m.Reason, test.rule, test.kind, test.reason)
			}
			t.Log(m.Closeness)
		})
	}
}

// TestNoLikeness shows names that have less in common than it seems.
func TestNoLikeness(t *testing.T) {
	for _, test := range [][2]string{
		{"apple.com", "apple-orchard.com"},    // an ordinary word with another
		{"apple.com", "apple.example.net"},    // and as a host
		{"first.com", "first-things.com"},     //
		{"mail.com", "mail.example.net"},      // a word that stands in any host name
		{"target.com", "targeted.com"},        // another word
		{"clock.com", "dock.com"},             // another word that looks like it
		{"orla.fr", "orlo.fr"},                // an edit in four letters
		{"orla.fr", "orlabank.fr"},            // no token of its own
		{"abc.com", "abc-login.com"},          // under four letters only the same
		{"abc.com", "abc.example.net"},        //
		{"sunder.com", "sanfer.com"},          // two edits in six letters
		{"gullivance.co.uk", "co.uk"},         //
		{"quellmoor.com", "quarrivex.com"},    //
		{"brivanta.fr", "brianna.es"},         // a given name
		{"192.0.2.7", "192.0.2.8"},            //
		{"butterfly.com", "butterfly-ui.com"}, // an ordinary word with two letters
	} {
		if m, ok := domain.Compare(domain.Parse(test[0]), domain.Parse(test[1])); ok {
			t.Errorf("%s and %s: %s, %s", test[0], test[1], m.Rule, m.Reason)
		}
	}
}
