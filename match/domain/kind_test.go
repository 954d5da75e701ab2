package domain_test

import (
	"slices"
	"testing"

	"markwatch/match/domain"
)

// TestKinds shows what is said of one edit, by each kind.
func TestKinds(t *testing.T) {
	for _, test := range []struct {
		candidate string
		kinds     []string // among those given, the first one first
	}{
		{"quelpandoz.com", []string{domain.KindKeyboard + "QWERTY", domain.KindBitFlip}},
		{"quelpandoy.com", []string{domain.KindKeyboard + "QWERTZ", domain.KindBitFlip}},
		{"quempandox.com", []string{domain.KindKeyboard + "AZERTY"}},
		{"quelpandot.com", []string{domain.KindReplaced}},
		{"quelpanfox.com", []string{domain.KindKeyboard + "QWERTY", domain.KindKeyboard + "QWERTZ", domain.KindKeyboard + "AZERTY"}},
		{"puelpandox.com", []string{domain.KindBitFlip}},
		{"quelp-ndox.com", []string{domain.KindDropped}},
		{"quilpandox.com", []string{domain.KindVowel}},
		{"quelpanbox.com", []string{domain.KindLookalike}},
		{"quelpadnox.com", []string{domain.KindSwapped}},
		{"quellpandox.com", []string{domain.KindDoubled, domain.KindInserted}},
		{"quelpandoxx.com", []string{domain.KindDoubled, domain.KindAdded}},
		{"quelpandoxes.com", []string{domain.KindPlural}},
		{"quelspandox.com", []string{domain.KindPlural, domain.KindInserted}},
		{"quelpandox7.com", []string{domain.KindAdded}},
		{"quelpanhdox.com", []string{domain.KindInserted, domain.KindKeyboard + "QWERTY"}},
		{"uelpandox.com", []string{domain.KindDropped}},
	} {
		m, ok := domain.Compare(domain.Parse("quelpandox.com"), domain.Parse(test.candidate))
		if !ok || m.Rule != domain.RuleOneEdit || m.Edits != 1 {
			t.Errorf("%s: %t, %s, %d edits, want one-edit", test.candidate, ok, m.Rule, m.Edits)
			continue
		}
		if m.Kind != test.kinds[0] {
			t.Errorf("%s: %q, want %q", test.candidate, m.Kind, test.kinds[0])
		}
		for _, kind := range test.kinds {
			if !slices.Contains(m.Evidence.Kinds, kind) {
				t.Errorf("%s: %q is missing in %q", test.candidate, kind, m.Evidence.Kinds)
			}
		}
	}
}

// TestCloseness guards that nearer is greater: fewer letters of more, the same suffix, a name
// that isn't a word.
func TestCloseness(t *testing.T) {
	closeness := func(watched, candidate string) float64 {
		m, ok := domain.Compare(domain.Parse(watched), domain.Parse(candidate))
		if !ok {
			t.Fatalf("%s and %s have nothing in common", watched, candidate)
		}
		return m.Closeness
	}
	for _, test := range [][4]string{ // the first two names are closer than the others
		{"quelpandox.com", "quelpandox.com", "quelpandox.com", "quelpandox.net"},
		{"quelpandox.com", "quelpand0x.com", "quelpandox.com", "quelpanox.com"},
		{"quelpandox.com", "quelpanox.com", "quelpandox.com", "quelpanox.net"},
		{"quelpandox.com", "quelpanox.com", "quelpandox.com", "quelpxndoy.com"},
		{"quelpandoxermy.com", "quelpandoxery.com", "quelp.com", "quep.com"},
		{"quelpandox.com", "quelpandox-login.com", "quelpandox.com", "quelpandox-garden.com"},
		{"quelpandox.com", "quelpandox-garden.com", "quelpandox.com", "xyquelpandoxzv.com"},
		{"quelpandox.com", "quelpandox-login.com", "orchid.com", "orchid-login.com"},
	} {
		if near, far := closeness(test[0], test[1]), closeness(test[2], test[3]); near <= far {
			t.Errorf("%s and %s: %.3f, no more than %s and %s: %.3f", test[0], test[1], near, test[2], test[3], far)
		}
	}
}
