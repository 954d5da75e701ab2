package organisation_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"markwatch/internal/demo"
	"markwatch/match/organisation"
	"markwatch/parse"
)

// TestDemo guards that among all pairs of the invented world those that imitate a name, and those
// of one group, are found, and no other.
func TestDemo(t *testing.T) {
	w := demo.NewWorld(1)
	x := organisation.NewIndex(nil)
	party := func(o demo.Organisation) organisation.Party {
		return organisation.Party{Name: o.Name, Country: o.Country, Region: o.JurisdictionState, RegistrationNumber: o.RegistrationNumber}
	}
	for i, o := range w.Organisations {
		x.Add(uint32(i), party(o))
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
		for _, m := range x.Match(party(o), 0) {
			pair := o.Key + " " + w.Organisations[m.ID].Key
			if int(m.ID) == i {
				if m.Relation != organisation.Same {
					t.Errorf("%s is %s to itself", o.Key, m.Relation)
				}
				continue
			}
			if !want[pair] || m.Relation != organisation.Similar || !m.NumbersDiffer {
				t.Errorf("%s: %s (%.2f, %s)", pair, m.Relation, m.Score, m.Reason)
			}
			delete(want, pair)
		}
	}
	for pair := range want {
		t.Errorf("%s: not found", pair)
	}
}

// TestFixtures compares the organisations of real certificates, all pairs: only those of one
// organisation are the same, and none is similar.
func TestFixtures(t *testing.T) {
	files, err := filepath.Glob("../../../shared/fixtures/leafs/*.pem")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skip("no folder of real certificates beside the repository")
	}
	var marks []*parse.MarkCertificate
	for _, file := range files {
		marks = append(marks, mark(t, file))
	}
	w := organisation.NewWeights()
	for i, a := range marks {
		for k, b := range marks[:i] {
			want := organisation.Different
			if a.Organisation.Key() == b.Organisation.Key() {
				want = organisation.Same
			}
			if c := organisation.Compare(organisation.Of(a.Organisation), organisation.Of(b.Organisation), w); c.Relation != want {
				t.Errorf("%s, %s: %s (%s), want %s", filepath.Base(files[i]), filepath.Base(files[k]), c.Relation, c.Reason, want)
			}
		}
	}
}

// TestIndexFinds imitates names of an index in the ways that impostors do.
func TestIndexFinds(t *testing.T) {
	x := organisation.NewIndex(nil)
	for i, n := range invented(2000) {
		x.Add(uint32(i), p(n, "GB", fmt.Sprint(1000000+i)))
	}
	const id = 5000
	x.Add(id, p("Brindlequay Stores plc", "GB", "7654321", "5299000ELMWOOD000014"))
	tests := []struct {
		party organisation.Party
		want  organisation.Relation
	}{
		{p("BRINDLEQUAY STORES PLC"), organisation.Same},
		{p("Brindlequay Stores Limited", "GB", "1111111"), organisation.Similar},
		{p("Brindlequey Stores"), organisation.Similar},
		{p("Brindlquay Ltd"), organisation.Similar},
		{p("Brindleqauy Ltd"), organisation.Similar},
		{p("Brindl3quay Ltd"), organisation.Similar},
		{p("Brindle Quay Stores"), organisation.Similar},
		{p("Brindlequаy Stores"), organisation.Similar}, // the а is Cyrillic
		{p("Brindlequaypay GmbH"), organisation.Similar},
		{p("L'Brindlequay SAS"), organisation.Similar},
		{p("Бриндлекуэй"), organisation.Different},
		{p("Brindlequay Secure Payments LLC", "US"), organisation.Similar},
		{p("Somebody Else plc", "GB", "07654321"), organisation.Same},
		{p("Somebody Else plc", "US", "", "5299000ELMWOOD000014"), organisation.Same},
		{p("Somebody Else plc", "US", "7654321"), organisation.Different},
		{p("Stores plc"), organisation.Different},
	}
	for _, tt := range tests {
		got := organisation.Comparison{}
		for _, m := range x.Match(tt.party, 0) {
			if m.ID == id {
				got = m.Comparison
			}
		}
		if got.Relation != tt.want {
			t.Errorf("%s: %s (%s), want %s", tt.party.Name, got.Relation, got.Reason, tt.want)
		}
	}
	x.Remove(id)
	for _, tt := range tests {
		for _, m := range x.Match(tt.party, 0) {
			if m.ID == id {
				t.Errorf("%s: found after it was removed", tt.party.Name)
			}
		}
	}
}

func TestIndexReplacesAndOrders(t *testing.T) {
	x := organisation.NewIndex(nil)
	x.Add(3, p("Brindlequay Trading Ltd", "GB"))
	x.Add(2, p("Brindlequay Ltd", "FR"))
	x.Add(1, p("Brindlequay Trading Ltd", "GB"))
	x.Add(4, p("Brindlequay Ltd", "GB"))
	x.Add(9, p("Brindlequay Ltd", "GB"))
	x.Add(9, p("Somebody Else Ltd", "GB"))
	x.Remove(77)
	ids := func(limit int) []uint32 {
		var ids []uint32
		for _, m := range x.Match(p("Brindlequay Ltd", "GB"), limit) {
			ids = append(ids, m.ID)
		}
		return ids
	}
	if diff := cmp.Diff([]uint32{4, 2, 1, 3}, ids(0)); diff != "" {
		t.Errorf("the same first, then the closest, then by id: want (-), got (+):\n%s", diff)
	}
	if diff := cmp.Diff([]uint32{4, 2}, ids(2)); diff != "" {
		t.Errorf("two at most: want (-), got (+):\n%s", diff)
	}
}

func TestIndexAtOnce(t *testing.T) {
	w := organisation.NewWeights()
	x := organisation.NewIndex(w)
	names := invented(400)
	var group sync.WaitGroup
	for part := range 4 {
		group.Go(func() {
			for i := part; i < len(names); i += 4 {
				x.Add(uint32(i), p(names[i]))
				x.Match(p(names[len(names)-1-i]), 3)
				w.Learn(names[i])
				if i%8 == part {
					x.Remove(uint32(i))
				}
			}
		})
	}
	group.Wait()
	for i := range names {
		x.Add(uint32(i), p(names[i]))
	}
	for i := range names {
		if got := x.Match(p(names[i]), 1); len(got) != 1 || got[0].ID != uint32(i) || got[0].Relation != organisation.Same {
			t.Errorf("%s: %v", names[i], got)
		}
	}
}

// TestAccidents looks for names that resemble one another among 20,000 that have nothing to do
// with each other.
func TestAccidents(t *testing.T) {
	names := invented(20000)
	x := organisation.NewIndex(nil)
	for i, n := range names {
		x.Add(uint32(i), organisation.Party{Name: n})
	}
	hits := 0
	for i, n := range names {
		for _, m := range x.Match(organisation.Party{Name: n}, 2) {
			if int(m.ID) != i {
				hits++
				t.Logf("%s, %s: %s %.2f %s", n, names[m.ID], m.Relation, m.Score, m.Reason)
				break
			}
		}
	}
	if hits > len(names)/2000 {
		t.Errorf("%d of %d names resemble another by accident, want at most one in 2000", hits, len(names))
	}
}

func TestLearn(t *testing.T) {
	w := organisation.NewWeights()
	a, b := p("Brindlequay Foods plc"), p("Brindlequay Energy plc")
	before := organisation.Compare(a, b, w)
	for range 5000 {
		w.Learn("Brindlequay Foods plc")
	}
	if again := organisation.Compare(a, b, w); again != before || again.Relation != organisation.Similar {
		t.Errorf("a name that is learnt again makes its words common: %+v, before %+v", again, before)
	}
	for i := range 500 {
		w.Learn(fmt.Sprintf("Brindlequay %s %s plc", strings.Repeat("a", i%25+3), strings.Repeat("o", i/25+3)))
	}
	if c := organisation.Compare(a, b, w); c.Relation != organisation.Different {
		t.Errorf("with a word that 500 names have: %s (%s), want different", c.Relation, c.Reason)
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

func BenchmarkCompare(b *testing.B) {
	w := organisation.NewWeights()
	for b.Loop() {
		organisation.Compare(p("Thistlemarsh Stores Ltd", "GB", "1234567"), p("Thistlemarch plc", "GB", "7654321"), w)
	}
}

func FuzzCompare(f *testing.F) {
	f.Add("Thistlemarsh Stores Ltd", "GB", "1234567", "Thistlеmarch plc", "5299000ELMWOOD000014")
	f.Add("ООО «Ромашка»", "RU", "1027700132195", "L'Ульма", "")
	f.Add("北の森株式会社", "JP", "０１２３", "\xff\xfe", "|")
	f.Add("d' l' & y", "DE", "HRB", "a b c d e f g h i j k l m n o p q r", "11-11-1889")
	w := organisation.NewWeights()
	f.Fuzz(func(t *testing.T, name, country, number, other, lei string) {
		a := organisation.Party{Name: name, Country: country, RegistrationNumber: number}
		b := organisation.Party{Name: other, Country: country, RegistrationNumber: lei, LEI: lei}
		c, back := organisation.Compare(a, b, w), organisation.Compare(b, a, w)
		if c.Relation != back.Relation || c.NumbersAgree != back.NumbersAgree || c.NumbersDiffer != back.NumbersDiffer {
			t.Errorf("%+v and %+v: %+v, but the other way %+v", a, b, c, back)
		}
		if c.Score < 0 || c.Score > 1 || c.Reason == "" || len(c.Reason) > 4000 {
			t.Errorf("%+v and %+v: %+v", a, b, c)
		}
		x := organisation.NewIndex(w)
		x.Add(1, b)
		found := x.Match(a, 0)
		if (len(found) == 1) != (organisation.Compare(a, b, w).Relation != organisation.Different) {
			t.Errorf("%+v and %+v: compared %+v, found %+v", a, b, c, found)
		}
	})
}
