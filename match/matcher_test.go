package match_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"markwatch/match"
	"markwatch/match/organisation"
	"markwatch/parse"
)

// certificate is an issuance without a logo; each has a day of its own.
func certificate(day int, name, number, registration string, domains ...string) match.Issuance {
	o := parse.Organisation{Name: name, Country: "GB", JurisdictionCountry: "GB", RegistrationNumber: number}
	at := time.Date(2030, 1, day, 0, 0, 0, 0, time.UTC)
	sum := sha256.Sum256([]byte(name + number + registration + strings.Join(domains, " ") + at.String()))
	i := match.Issuance{
		TBSSHA256: hex.EncodeToString(sum[:]), OrganisationKey: o.Key(), Party: organisation.Of(o), Domains: domains,
		Class: "VMC", MarkType: "Registered Mark", Issuer: "Quillmark CA", NotBefore: at, FirstLogged: at,
	}
	if i.Register, i.Number, _ = strings.Cut(registration, " "); registration == "" {
		i.Class, i.MarkType = "CMC", "Prior Use Mark"
	}
	return i
}

func rules(l ledger) []string {
	var all []string
	for _, h := range l {
		all = append(all, string(h.Rule)+": "+h.Organisation+" / "+h.OtherOrganisation)
	}
	slices.Sort(all)
	return all
}

func after(t *testing.T, issuances ...match.Issuance) (*match.Matcher, ledger) {
	t.Helper()
	m, l := match.New(), ledger{}
	l.apply(t, m.Add(issuances))
	return m, l
}

func TestStandingRules(t *testing.T) {
	misavu := certificate(1, "Misavu Ltd", "11111111", "GB UK00003111111", "misavu.com")
	tests := map[string]struct {
		issuances []match.Issuance
		want      []string
	}{
		"nothing alike": {[]match.Issuance{misavu, certificate(2, "Torblen plc", "22222222", "GB UK00003222222", "torblen.com")}, nil},
		"a domain, the later one is the suspect": {
			[]match.Issuance{certificate(5, "Torblen plc", "22222222", "GB UK00003222222", "misawu.com"), misavu},
			[]string{"one-edit: Torblen plc / Misavu Ltd"},
		},
		"an owner's second certificate, for which no register was asked": {
			[]match.Issuance{
				misavu, certificate(3, "Misavu Ltd", "11111111", "", "misavu.com"),
				certificate(5, "Torblen plc", "22222222", "GB UK00003222222", "misawu.com"),
			},
			[]string{"one-edit: Torblen plc / Misavu Ltd"},
		},
		"a domain, the earlier one comes later": {
			[]match.Issuance{misavu, certificate(5, "Torblen plc", "22222222", "GB UK00003222222", "misawu.com")},
			[]string{"one-edit: Torblen plc / Misavu Ltd"},
		},
		"a name in a longer one imitates it even if it came first": {
			[]match.Issuance{certificate(1, "Torblen plc", "22222222", "GB UK00003222222", "misavu-login.com"), certificate(9, "Misavu Ltd", "11111111", "GB UK00003111111", "misavu.com")},
			[]string{"combosquat: Torblen plc / Misavu Ltd"},
		},
		"a mark that no register was asked for is suspect even if it came first": {
			[]match.Issuance{certificate(1, "Torblen plc", "22222222", "", "misawu.com"), certificate(9, "Misavu Ltd", "11111111", "GB UK00003111111", "misavu.com")},
			[]string{"prior-use-domain: Torblen plc / Misavu Ltd"},
		},
		"one registration": {
			[]match.Issuance{misavu, certificate(2, "Torblen plc", "22222222", "GB UK00003111111", "torblen.com")},
			[]string{"trademark: Torblen plc / Misavu Ltd"},
		},
		"a clone of the other's registration is no reason by itself": {
			[]match.Issuance{certificate(1, "Misavu Ltd", "11111111", "EM 018265322", "misavu.com"), certificate(2, "Torblen plc", "22222222", "GB UK00918265322", "misavu.net")},
			nil,
		},
		"a name with another number": {
			[]match.Issuance{misavu, certificate(2, "Misavvu Ltd", "22222222", "GB UK00003222222", "torblen.com")},
			[]string{"organisation: Misavvu Ltd / Misavu Ltd"},
		},
		"each certificate of the suspect": {
			[]match.Issuance{misavu, certificate(2, "Torblen plc", "22222222", "GB UK00003222222", "misavu.net"), certificate(3, "Torblen plc", "22222222", "GB UK00003222222", "misavu.net")},
			[]string{"other-tld: Torblen plc / Misavu Ltd", "other-tld: Torblen plc / Misavu Ltd"},
		},
		"a subsidiary on the same domain": {
			[]match.Issuance{misavu, certificate(2, "Misavu Retail Ltd", "22222222", "GB UK00003111111", "shop.misavu.com", "misavu.net")},
			nil,
		},
		"a new name with the same number": {
			[]match.Issuance{misavu, certificate(2, "Misavu Group plc", "11111111", "GB UK00003111111", "misavu.net")},
			nil,
		},
		"a test certificate": {
			[]match.Issuance{misavu, func() match.Issuance {
				i := certificate(2, "Torblen plc", "22222222", "GB UK00003222222", "misawu.com")
				i.Test = true
				return i
			}()},
			nil,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, hits := after(t, tt.issuances...)
			if diff := cmp.Diff(tt.want, rules(hits)); diff != "" {
				t.Errorf("hits (-want +got):\n%s", diff)
			}
			slices.Reverse(tt.issuances)
			if _, reversed := after(t, tt.issuances...); !cmp.Equal(hits.lines(), reversed.lines()) {
				t.Errorf("in the other order: %v", reversed.lines())
			}
		})
	}
}

// TestLaterRelationWithdraws guards that what turns out to belong together is
// no suspicion any more.
func TestLaterRelationWithdraws(t *testing.T) {
	m, hits := after(t, certificate(1, "Misavu Ltd", "11111111", "GB UK00003111111", "misavu.com"),
		certificate(2, "Torblen plc", "22222222", "GB UK00003222222", "misawu.com"))
	if len(hits) != 1 {
		t.Fatalf("%d hits before, want 1", len(hits))
	}
	c := m.Add([]match.Issuance{certificate(3, "Torblen plc", "22222222", "GB UK00003222222", "misawu.com", "misavu.com")})
	hits.apply(t, c)
	if len(hits) != 0 || len(c.Withdrawn) != 1 {
		t.Errorf("both hold certificates for misavu.com, and these hits stay: %v", rules(hits))
	}
}

// TestReason guards the sentences that counsel reads.
func TestReason(t *testing.T) {
	_, hits := after(t, certificate(1, "Misavu Ltd", "11111111", "GB UK00003111111", "misavu.com"),
		certificate(4, "Sunrise Trading Ltd", "22222222", "", "misavu-secure.com", "a.example", "b.example", "c.example", "d.example"))
	want := "Sunrise Trading Ltd (GB) got a CMC (Prior Use Mark) from Quillmark CA on 2030-01-04 for misavu-secure.com, a.example, b.example and 2 more. " +
		"Its domain misavu-secure.com resembles Misavu Ltd's misavu.com: misavu with “secure”."
	for _, h := range hits {
		if h.Reason != want {
			t.Errorf("got  %s\nwant %s", h.Reason, want)
		}
		if h.Severity != match.High || h.Evidence.Domain != "misavu-secure.com" || h.Evidence.OtherDomain != "misavu.com" || h.Evidence.OtherSince != "2030-01-01" {
			t.Errorf("got %s, %+v", h.Severity, h.Evidence)
		}
	}
	if len(hits) != 1 {
		t.Errorf("%d hits, want 1", len(hits))
	}
}

func item(t *testing.T, role match.Role, kind match.Kind, value string) match.Item {
	t.Helper()
	i, err := match.NewItem("clients", role, kind, value, nil)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func TestWatchItems(t *testing.T) {
	suspect := certificate(5, "Torblen plc", "22222222", "GB UK00918265322", "misavu-login.com")
	tests := map[string]struct {
		items []match.Item
		want  []string
	}{
		"a domain":                    {[]match.Item{item(t, match.Watch, match.KindDomain, "MISAVU.com.")}, []string{"combosquat: Torblen plc / "}},
		"another domain":              {[]match.Item{item(t, match.Watch, match.KindDomain, "quellmoor.com")}, nil},
		"an organisation":             {[]match.Item{item(t, match.Watch, match.KindOrganisation, "Torblen")}, []string{"organisation: Torblen plc / "}},
		"a registration":              {[]match.Item{item(t, match.Watch, match.KindTrademark, "UK UK00918265322")}, []string{"trademark: Torblen plc / "}},
		"one of its family":           {[]match.Item{item(t, match.Watch, match.KindTrademark, "EU 18265322")}, []string{"trademark: Torblen plc / "}},
		"whose own domain it is":      {[]match.Item{item(t, match.Watch, match.KindDomain, "misavu.com"), item(t, match.Own, match.KindDomain, "misavu-login.com")}, nil},
		"whose own organisation":      {[]match.Item{item(t, match.Watch, match.KindDomain, "misavu.com"), item(t, match.Own, match.KindOrganisation, "TORBLEN PLC")}, nil},
		"whose own number":            {[]match.Item{item(t, match.Watch, match.KindDomain, "misavu.com"), item(t, match.Own, match.KindNumber, "gb 22222222")}, nil},
		"an allowed one":              {[]match.Item{item(t, match.Watch, match.KindDomain, "misavu.com"), item(t, match.Allow, match.KindTrademark, "GB UK00918265322")}, nil},
		"another's own":               {[]match.Item{item(t, match.Watch, match.KindDomain, "misavu.com"), item(t, match.Own, match.KindDomain, "misavu.com")}, []string{"combosquat: Torblen plc / "}},
		"allowed until it was logged": {[]match.Item{item(t, match.Watch, match.KindDomain, "misavu.com"), until(item(t, match.Allow, match.KindDomain, "misavu-login.com"), 5)}, []string{"combosquat: Torblen plc / "}},
		"allowed a day longer":        {[]match.Item{item(t, match.Watch, match.KindDomain, "misavu.com"), until(item(t, match.Allow, match.KindDomain, "misavu-login.com"), 6)}, nil},
		"no longer watched":           {[]match.Item{until(item(t, match.Watch, match.KindDomain, "misavu.com"), 5)}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			m, hits := after(t, suspect)
			hits.apply(t, m.SetItems(tt.items))
			if diff := cmp.Diff(tt.want, rules(hits)); diff != "" {
				t.Errorf("added later (-want +got):\n%s", diff)
			}
			first, early := match.New(), ledger{}
			early.apply(t, first.SetItems(tt.items))
			early.apply(t, first.Add([]match.Issuance{suspect}))
			if !cmp.Equal(hits.lines(), early.lines()) {
				t.Errorf("added first: %v", early.lines())
			}
			var ids []string
			for _, i := range tt.items {
				ids = append(ids, i.ID)
			}
			hits.apply(t, m.RemoveItems(ids))
			if len(hits) > 0 {
				t.Errorf("after its item is gone: %v", rules(hits))
			}
		})
	}
}

func until(i match.Item, day int) match.Item {
	i.Ends = time.Date(2030, 1, day, 0, 0, 0, 0, time.UTC)
	return i
}

// TestOwnSuppressesStandingHits guards that a client's own two companies are not
// held against each other.
func TestOwnSuppressesStandingHits(t *testing.T) {
	m, hits := after(t, certificate(1, "Misavu Ltd", "11111111", "GB UK00003111111", "misavu.com"),
		certificate(2, "Torblen plc", "22222222", "GB UK00003222222", "misawu.com"))
	if len(hits) != 1 {
		t.Fatalf("%d hits before, want 1", len(hits))
	}
	own := item(t, match.Own, match.KindDomain, "misavu.com")
	hits.apply(t, m.SetItems([]match.Item{own}))
	if len(hits) != 1 {
		t.Error("one of the two is the client's own, and the hit on the other is gone")
	}
	allowed := item(t, match.Allow, match.KindOrganisation, "Torblen PLC")
	hits.apply(t, m.SetItems([]match.Item{allowed}))
	if len(hits) != 0 {
		t.Errorf("the other is allowed, and there is still: %v", rules(hits))
	}
	hits.apply(t, m.RemoveItems([]string{allowed.ID}))
	if len(hits) != 1 {
		t.Error("the allowance is gone, and the hit isn't back")
	}
}

func TestNewItemRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		role  match.Role
		kind  match.Kind
		value string
		want  string
	}{
		"a kind that there isn't":  {match.Watch, "brand", "misavu", `no kind "brand"`},
		"a role that there isn't":  {"mine", match.KindDomain, "misavu.com", `no role "mine"`},
		"nothing":                  {match.Watch, match.KindDomain, " ", "is empty"},
		"a public suffix":          {match.Watch, match.KindDomain, "co.uk", "public suffix"},
		"a number alone":           {match.Watch, match.KindTrademark, "5817930", "write the register and the number"},
		"a watched LEI":            {match.Watch, match.KindLEI, "529900T8BM49AURSDO55", "can't be watched"},
		"a short LEI":              {match.Own, match.KindLEI, "5299", "20 letters and digits"},
		"a number without country": {match.Own, match.KindNumber, "22222222", "with its country"},
		"an own logo":              {match.Own, match.KindLogo, "misavu.svg", "name the organisation or the domain"},
		"a logo that is none":      {match.Watch, match.KindLogo, "misavu.svg", "misavu.svg: "},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := match.NewItem("", tt.role, tt.kind, tt.value, []byte("plain text"))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want one with %q", err, tt.want)
			}
		})
	}
}

// TestOneFeatureUnderMany guards that what very many share is held against the
// ones who had it first alone, in any order, and that it stays affordable.
func TestOneFeatureUnderMany(t *testing.T) {
	const parties = 300
	var issuances []match.Issuance
	for n := range parties {
		sum := sha256.Sum256([]byte{byte(n), byte(n >> 8)})
		name := "q" + strings.Map(func(r rune) rune { return 'a' + (r*7)%23 }, hex.EncodeToString(sum[:6]))
		i := certificate(1, name, name, "GB UK000030"+name[1:5], name+".example")
		i.NotBefore = i.NotBefore.Add(time.Duration(n) * time.Hour)
		i.Register, i.Number, i.Logo = "GB", name, strings.Repeat("1", 64)
		issuances = append(issuances, i)
	}
	logos := func(l ledger) (all []string) {
		for _, h := range l {
			if h.Rule == match.RuleLogo {
				all = append(all, h.Organisation+" / "+h.OtherOrganisation)
			}
		}
		slices.Sort(all)
		return all
	}
	_, hits := after(t, issuances...)
	if got, want := len(logos(hits)), 10*parties-10*11/2; got != want {
		t.Errorf("%d hits on the logo, want %d: each against the ten who had it first", got, want)
	}
	m, reversed := match.New(), ledger{}
	slices.Reverse(issuances)
	for batch := range slices.Chunk(issuances, 7) {
		reversed.apply(t, m.Add(batch))
	}
	if diff := cmp.Diff(logos(hits), logos(reversed)); diff != "" {
		t.Errorf("in the other order (-first +other):\n%s", diff)
	}
}

// TestManyOwn guards that a client may own thousands of names: what is compared
// with each issuance are those that may be its.
func TestManyOwn(t *testing.T) {
	var issuances []match.Issuance
	for n := range 300 {
		issuances = append(issuances, certificate(1+n, fmt.Sprintf("Torblen %d plc", n), fmt.Sprint(20000000+n), fmt.Sprintf("GB UK%011d", 3000000+n), fmt.Sprintf("t%d-misavu.com", n)))
	}
	m, hits := match.New(), ledger{}
	hits.apply(t, m.Add(issuances))
	watched := func() (n int) {
		for _, h := range hits {
			if h.Item != "" {
				n++
			}
		}
		return n
	}
	items := []match.Item{item(t, match.Watch, match.KindDomain, "misavu.com")}
	hits.apply(t, m.SetItems(items))
	if watched() != len(issuances) {
		t.Fatalf("got %d hits, want %d", watched(), len(issuances))
	}
	for n := range 6000 {
		items = append(items, item(t, match.Own, match.KindOrganisation, fmt.Sprintf("Torblen %d", n)), item(t, match.Allow, match.KindDomain, fmt.Sprintf("t%d-misavu.com", n)))
	}
	start := time.Now()
	hits.apply(t, m.SetItems(items))
	if took := time.Since(start); watched() > 0 || took > 5*time.Second {
		t.Errorf("%d hits are left, after %v", watched(), took)
	}
	hits.apply(t, m.RemoveItems([]string{items[1].ID, items[2].ID}))
	if watched() != 1 {
		t.Errorf("without what excused one there are %d hits", watched())
	}
}
