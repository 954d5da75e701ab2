package match_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"markwatch/match"
	"markwatch/match/organisation"
	"markwatch/parse"
)

// chance is some issuances of few names, numbers, domains and registrations, so
// that they collide in every way there is.
func chance(r *rand.Rand) []match.Issuance {
	pick := func(from ...string) string { return from[r.IntN(len(from))] }
	var all []match.Issuance
	for day := range 3 + r.IntN(8) {
		o := parse.Organisation{
			Name: pick("Misavu Ltd", "Misavu GmbH", "MISAVU Limited", "Mysavu Ltd", "Torblen plc"), Country: "GB", JurisdictionCountry: pick("GB", "GB", "DE"),
			RegistrationNumber: pick("", "", "11111111", "22222222"), LEI: pick("", "", "5493001KJTIIGC8Y1R12"),
		}
		i := certificate(1+day, o.Name, fmt.Sprint(o.RegistrationNumber, day), pick("", "GB UK00003111111", "EM 018111111", "GB UK00918111111"),
			pick("misavu.com", "misawu.com", "misavu.net", "torblen.com", "mail.misavu.com", "misavu.torblen.com"))
		if r.IntN(3) == 0 {
			i.Domains = append(i.Domains, pick("misavu-login.com", "xn--msavu-4ya.com", "misavu.org"))
		}
		i.Party, i.OrganisationKey = organisation.Of(o), o.Key()
		all = append(all, i)
	}
	return all
}

// TestOrderByChance guards that the hits of worlds in which everything collides
// don't depend on what came first, nor on when a watch item was added.
func TestOrderByChance(t *testing.T) {
	watched := []match.Item{
		item(t, match.Watch, match.KindDomain, "misavu.com"), item(t, match.Watch, match.KindOrganisation, "Misavu"),
		item(t, match.Watch, match.KindTrademark, "EM 018111111"), until(item(t, match.Own, match.KindOrganisation, "Torblen"), 6),
		item(t, match.Own, match.KindDomain, "misavu.net"), item(t, match.Allow, match.KindNumber, "GB 22222222"),
	}
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 7))
		issuances := chance(r)
		want := ledger{}
		m := match.New()
		want.apply(t, m.Restore(match.State{Issuances: slices.Clone(issuances), Items: watched}))
		items := slices.Clone(watched)
		r.Shuffle(len(issuances), func(i, j int) { issuances[i], issuances[j] = issuances[j], issuances[i] })
		r.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
		m, got := match.New(), ledger{}
		var order []string
		for len(issuances)+len(items) > 0 {
			if n := min(r.IntN(3), len(items)); n > 0 {
				got.apply(t, m.SetItems(items[:n]))
				items = items[n:]
			}
			n := min(r.IntN(3), len(issuances))
			for _, i := range issuances[:n] {
				order = append(order, fmt.Sprintf("%+v %s %v %s", i.Party, i.NotBefore.Format("2"), i.Domains, i.Number))
			}
			got.apply(t, m.Add(slices.Clone(issuances[:n])))
			issuances = issuances[n:]
		}
		if diff := cmp.Diff(want.lines(), got.lines()); diff != "" {
			t.Fatalf("seed %d: in another order (-at once +shuffled):\n%s\n%s", seed, diff, strings.Join(order, "\n"))
		}
	}
}
