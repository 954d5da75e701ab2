package demo_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/idna"

	"markwatch/internal/demo"
)

func TestImpersonations(t *testing.T) {
	w := demo.NewWorld(3)
	impostors := map[string]bool{}
	for _, i := range w.Impersonations {
		victim, ok := w.Organisation(i.Victim)
		impostor, ok2 := w.Organisation(i.Organisation)
		if !ok || !ok2 {
			t.Errorf("%s of %s by %s: no such organisation", i.Rule, i.Victim, i.Organisation)
			continue
		}
		if victim.Impostor || !impostor.Impostor {
			t.Errorf("%s of %s by %s: the parts are mixed up", i.Rule, i.Victim, i.Organisation)
		}
		if i.Why == "" {
			t.Errorf("%s of %s by %s: no reason", i.Rule, i.Victim, i.Organisation)
		}
		impostors[i.Organisation] = true
		if !shows(t, i.Rule, victim, impostor) {
			t.Errorf("%s doesn't show the rule %s against %s", i.Organisation, i.Rule, i.Victim)
		}
	}
	for _, o := range w.Organisations {
		if o.Impostor != impostors[o.Key] {
			t.Errorf("%s: impostor is %v, but listed as one: %v", o.Key, o.Impostor, impostors[o.Key])
		}
	}
}

func TestEveryRuleIsShown(t *testing.T) {
	rules, variants := map[demo.Rule]int{}, map[string]int{}
	for _, i := range demo.NewWorld(3).Impersonations {
		rules[i.Rule]++
		variants[i.Variant]++
	}
	for _, r := range []demo.Rule{demo.RuleLogo, demo.RuleTrademark, demo.RulePriorUseLogo, demo.RulePriorUseDomain,
		demo.RuleHomoglyph, demo.RuleOneEdit, demo.RuleTwoEdits, demo.RuleCombosquat, demo.RuleSubdomain,
		demo.RuleOtherTLD, demo.RuleOrganisation} {
		if rules[r] == 0 {
			t.Errorf("no impostor shows the rule %s", r)
		}
	}
	for _, v := range []string{"copied", "redrawn", "recoloured", "mirrored", "captioned", "disc"} {
		if variants[v] == 0 {
			t.Errorf("no impostor's logo is %s", v)
		}
	}
}

// shows says whether an impostor's data are what its rule is about.
func shows(t *testing.T, r demo.Rule, victim, impostor demo.Organisation) bool {
	v, m := victim.Marks[0], impostor.Marks[0]
	theirs, own := brand(t, v.Domains[0]), brand(t, m.Domains[0])
	near := distance(theirs, own)
	prior := m.Type == "Prior Use Mark" && v.Type == "Registered Mark"
	facts, ok := map[demo.Rule][]bool{
		demo.RuleLogo:           {v.Register != "", near > 3},
		demo.RuleTrademark:      {v.Register == m.Register, v.Number == m.Number, v.Number != "", !bytes.Equal(v.Logo, m.Logo), near > 3},
		demo.RulePriorUseLogo:   {prior, near > 3},
		demo.RulePriorUseDomain: {prior, near <= 2},
		demo.RuleHomoglyph:      {theirs != own, near <= 2},
		demo.RuleOneEdit:        {near == 1},
		demo.RuleTwoEdits:       {near == 2, len(theirs) >= 8},
		demo.RuleCombosquat:     {strings.HasPrefix(own, theirs+"-")},
		demo.RuleSubdomain:      {own != theirs, strings.HasPrefix(m.Domains[0], theirs+".")},
		demo.RuleOtherTLD:       {own == theirs, m.Domains[0] != v.Domains[0]},
		demo.RuleOrganisation:   {distance(victim.Name, impostor.Name) <= 5, victim.RegistrationNumber != impostor.RegistrationNumber, near > 3},
	}[r]
	return ok && !slices.Contains(facts, false)
}

func TestLookAlikesExist(t *testing.T) {
	w := demo.NewWorld(3)
	for _, l := range w.LookAlikes {
		a, ok := w.Organisation(l.Organisation)
		b, ok2 := w.Organisation(l.Other)
		if !ok || !ok2 || a.Impostor || b.Impostor {
			t.Errorf("%s beside %s (%s): no such honest organisations", l.Organisation, l.Other, l.Why)
		}
	}
	parent, _ := w.Organisation("voltmarsch")
	child, _ := w.Organisation("voltmarschnetz")
	if !bytes.Equal(parent.Marks[0].Logo, child.Marks[0].Logo) {
		t.Error("the subsidiary has another logo than its parent")
	}
	if brand(t, parent.Marks[0].Domains[0]) != brand(t, child.Marks[0].Domains[0]) {
		t.Error("the subsidiary isn't on its parent's domain")
	}
	shop, _ := w.Organisation("thistlemarch")
	if em, gb := shop.Marks[0].Number, shop.Marks[1].Number; gb != "UK009"+em[1:] {
		t.Errorf("clone of EU trademark %s: got %s", em, gb)
	}
}

func TestHomoglyphIsALabel(t *testing.T) {
	o, _ := demo.NewWorld(1).Organisation("paquelot")
	domain := o.Marks[0].Domains[0]
	if !strings.HasPrefix(domain, "xn--") {
		t.Fatalf("got %s, want an A-label", domain)
	}
	u, err := idna.Lookup.ToUnicode(domain)
	if err != nil || u != "сlairvesque.fr" { // the first letter is U+0441
		t.Errorf("got %q, %v", u, err)
	}
}
