package domain_test

import (
	"slices"
	"strings"
	"testing"

	"markwatch/internal/demo"
	"markwatch/match/domain"
)

// TestDemoWorld guards that of all domains in the demo's world those resemble one another that an
// impostor made for it, by the rule that it shows, and no others but an organisation's own.
func TestDemoWorld(t *testing.T) {
	world := demo.NewWorld(1)
	imitated := map[[2]string]demo.Rule{}
	for _, i := range world.Impersonations {
		imitated[[2]string{i.Victim, i.Organisation}] = i.Rule
	}
	x := domain.NewIndex()
	for id, o := range world.Organisations {
		for _, d := range domainsOf(o) {
			x.Add(uint32(id), domain.Parse(d))
		}
	}
	seen := map[[2]string]bool{}
	for _, o := range world.Organisations {
		for _, d := range domainsOf(o) {
			for _, m := range x.Match(domain.Parse(d)) {
				victim := world.Organisations[m.ID]
				pair := [2]string{victim.Key, o.Key}
				switch rule := imitated[pair]; {
				case victim.Key == o.Key || imitated[[2]string{o.Key, victim.Key}] != "":
				case rule == demo.Rule(m.Rule) || rule == demo.RulePriorUseDomain:
					seen[pair] = true
				case m.Rule == domain.RuleOwnSubdomain: // a subsidiary's
				default:
					t.Errorf("%s resembles %s of %s: %s, %s; want rule %q", d, m.Watched, victim.Key, m.Rule, m.Reason, rule)
				}
			}
		}
	}
	for pair, rule := range imitated {
		byDomain := strings.Contains("prior-use-domain homoglyph one-edit two-edits combosquat subdomain other-tld", string(rule))
		if byDomain && !seen[pair] {
			t.Errorf("%s imitates %s by %s and isn't found", pair[1], pair[0], rule)
		}
	}
}

// domainsOf lists the domains of all marks of an organisation, each once.
func domainsOf(o demo.Organisation) []string {
	var domains []string
	for _, m := range o.Marks {
		domains = append(domains, m.Domains...)
	}
	slices.Sort(domains)
	return slices.Compact(domains)
}
