package organisation_test

import (
	"fmt"
	"testing"

	"markwatch/internal/demo"
	"markwatch/match/organisation"
)

func TestDemo(t *testing.T) {
	w := demo.NewWorld(1)
	x := organisation.NewIndex(nil)
	for i, o := range w.Organisations {
		x.Add(uint32(i), organisation.Party{Name: o.Name, Country: o.Country, RegistrationNumber: o.RegistrationNumber})
	}
	want := map[string]bool{}
	for _, i := range w.Impersonations {
		if i.Rule == demo.RuleOrganisation {
			want[i.Victim+" "+i.Organisation], want[i.Organisation+" "+i.Victim] = true, true
		}
	}
	for _, l := range w.LookAlikes {
		if l.Organisation != l.Other {
			want[l.Organisation+" "+l.Other], want[l.Other+" "+l.Organisation] = true, true
		}
	}
	for i, o := range w.Organisations {
		for _, m := range x.Match(organisation.Party{Name: o.Name, Country: o.Country, RegistrationNumber: o.RegistrationNumber}, 0) {
			pair := o.Key + " " + w.Organisations[m.ID].Key
			if int(m.ID) == i {
				if m.Relation != organisation.Same {
					t.Errorf("%s is %s to itself", o.Key, m.Relation)
				}
				continue
			}
			if !want[pair] {
				t.Errorf("%s: %s (%.2f, %s)", pair, m.Relation, m.Score, m.Reason)
			}
			delete(want, pair)
		}
	}
	for pair := range want {
		t.Errorf("%s: not found", pair)
	}
}

func BenchmarkMatch100k(b *testing.B) {
	x := organisation.NewIndex(nil)
	names := invented(100000)
	for i, n := range names {
		x.Add(uint32(i), organisation.Party{Name: n, Country: "GB", RegistrationNumber: fmt.Sprint(1000000 + i)})
	}
	b.ResetTimer()
	for i := range b.N {
		x.Match(organisation.Party{Name: names[i*7919%len(names)], Country: "GB", RegistrationNumber: "99"}, 10)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "lookups/s")
}
