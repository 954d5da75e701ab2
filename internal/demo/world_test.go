package demo_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"

	"markwatch/internal/demo"
)

func TestNewWorldIsDeterministic(t *testing.T) {
	ignore := cmpopts.IgnoreUnexported(demo.Issuer{})
	if diff := cmp.Diff(demo.NewWorld(7), demo.NewWorld(7), ignore); diff != "" {
		t.Errorf("two worlds of one seed differ (-first +second):\n%s", diff)
	}
	a, b := demo.NewWorld(7), demo.NewWorld(8)
	if a.Organisations[0].RegistrationNumber == b.Organisations[0].RegistrationNumber {
		t.Error("worlds of two seeds have the same numbers")
	}
	if diff := cmp.Diff(a.Organisations[0].Marks[0].Logo, b.Organisations[0].Marks[0].Logo); diff != "" {
		t.Errorf("logos depend on the seed:\n%s", diff)
	}
}

func TestWorldHasEnough(t *testing.T) {
	countries, registers, types := map[string]int{}, map[string]int{}, map[string]int{}
	honest := 0
	for _, o := range demo.NewWorld(1).Organisations {
		if o.Impostor {
			continue
		}
		honest++
		countries[o.Country]++
		for _, m := range o.Marks {
			registers[m.Register]++
			types[m.Type]++
		}
	}
	delete(registers, "")
	for _, c := range []struct {
		what      string
		got, want int
	}{
		{"honest organisations", honest, 60},
		{"countries", len(countries), 10},
		{"registers", len(registers), 8},
		{"registered marks", types["Registered Mark"], 60},
		{"government marks", types["Government Mark"], 2},
		{"prior use marks", types["Prior Use Mark"], 2},
		{"modified registered marks", types["Modified Registered Mark"], 2},
	} {
		if c.got < c.want {
			t.Errorf("%s: got %d, want at least %d", c.what, c.got, c.want)
		}
	}
}

func TestKeysAndNumbersAreUnique(t *testing.T) {
	keys, companies := map[string]bool{}, map[string]bool{}
	marks := map[string]string{}
	for _, o := range demo.NewWorld(1).Organisations {
		if keys[o.Key] {
			t.Errorf("key %s is there twice", o.Key)
		}
		keys[o.Key] = true
		if n := o.RegistrationNumber; n != "Government Entity" && companies[o.Country+n] {
			t.Errorf("%s: company number %s is another's too", o.Key, n)
		}
		companies[o.Country+o.RegistrationNumber] = true
		for _, m := range o.Marks {
			if m.Register == "" {
				continue
			}
			mark := m.Register + m.Number
			if other, ok := marks[mark]; ok && o.Key != "dapplecourt" {
				t.Errorf("%s: registration %s is %s's too", o.Key, mark, other)
			}
			marks[mark] = o.Key
		}
	}
}

func TestRegistrationsFitTheirRegisters(t *testing.T) {
	forms := map[string]*regexp.Regexp{
		"US": regexp.MustCompile(`^\d{7}$`), "EM": regexp.MustCompile(`^\d{9}$`), "GB": regexp.MustCompile(`^UK\d{11}$`),
		"DE": regexp.MustCompile(`^30(19|20)?\d{8,10}$`), "CA": regexp.MustCompile(`^\d{7}$`), "AU": regexp.MustCompile(`^\d{7}$`),
		"FR": regexp.MustCompile(`^\d{7}$`), "WO": regexp.MustCompile(`^[1-9]\d{5,6}$`), "JP": regexp.MustCompile(`^\d{7}$`),
	}
	for seed := range uint64(20) {
		for _, o := range demo.NewWorld(seed).Organisations {
			for _, m := range o.Marks {
				if form := forms[m.Register]; form != nil && !form.MatchString(m.Number) {
					t.Errorf("seed %d, %s: %s number %s doesn't fit %s", seed, o.Key, m.Register, m.Number, form)
				}
			}
		}
	}
}

// lawful are pairs that resemble each other and may.
func lawful(a, b demo.Organisation) bool {
	return a.Key == b.Key || strings.HasPrefix(a.Key, "voltmarsch") && strings.HasPrefix(b.Key, "voltmarsch")
}

// brand is the label that a domain's owner chose.
func brand(t *testing.T, domain string) string {
	t.Helper()
	r, err := publicsuffix.EffectiveTLDPlusOne(domain)
	if err != nil {
		t.Fatalf("domain %s: %v", domain, err)
	}
	label, _, _ := strings.Cut(r, ".")
	u, err := idna.Punycode.ToUnicode(label)
	if err != nil {
		t.Fatalf("domain %s: %v", domain, err)
	}
	return u
}

func TestHonestDomainsResembleNobodys(t *testing.T) {
	orgs := demo.NewWorld(1).Organisations
	for i, a := range orgs {
		for _, b := range orgs[i+1:] {
			if a.Impostor || b.Impostor || lawful(a, b) {
				continue
			}
			x, y := brand(t, a.Marks[0].Domains[0]), brand(t, b.Marks[0].Domains[0])
			if n := distance(x, y); n < 5 {
				t.Errorf("%s and %s are only %d letters apart", x, y, n)
			}
			if strings.Contains(x, y) || strings.Contains(y, x) {
				t.Errorf("%s and %s contain one another", x, y)
			}
		}
	}
}

// distance is the number of letters to change, add or drop (Levenshtein).
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		last := row[0]
		row[0] = i + 1
		for j := range y {
			cost := last
			if x[i] != y[j] {
				cost = 1 + min(last, row[j], row[j+1])
			}
			last, row[j+1] = row[j+1], cost
		}
	}
	return row[len(y)]
}
