package organisation_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"markwatch/match/organisation"
	"markwatch/parse"
)

func TestNumbers(t *testing.T) {
	const agree, differ, nothing = "agree", "differ", ""
	tests := []struct {
		name, country, a, b, want string
	}{
		{"leading zeros", "GB", "01234567", "1234567", agree},
		{"another", "GB", "01234567", "7654321", differ},
		{"the same of Scotland", "GB", "SC123456", "123456", differ},
		{"a word before it", "GB", "Company No. 01234567", "01234567", agree},
		{"dots and country", "CH", "CHE-123.456.789", "CHE123456789", agree},
		{"SIREN and SIRET", "FR", "732 829 320", "73282932000074", agree},
		{"SIREN and its register", "FR", "R.C.S. 732829320", "732829320", agree},
		{"CNPJ of a branch", "BR", "12.345.678/0001-95", "12.345.678/0002-76", agree},
		{"ABN and ACN", "AU", "ABN 53 004 085 616", "004085616", agree},
		{"corporate and company number", "JP", "7000012050002", "0000-12-050002", agree},
		{"the century", "SE", "165560360793", "556036-0793", agree},
		{"VAT suffix", "NO", "NO 923 609 016 MVA", "923609016", agree},
		{"book of the register", "DE", "HRB 12345", "12345", agree},
		{"other book of the register", "DE", "HRB 12345", "HRA 12345", differ},
		{"court", "DE", "Amtsgericht Ulm HRB 12345", "HRB12345", agree},
		{"digits of another keyboard", "JP", "０１２３４５６７８９０１", "012345678901", agree},
		{"no number", "US", "Government Entity", "Government Entity", nothing},
		{"dates", "US", "1889-11-11", "1889-11-11", nothing},
		{"dates in words", "US", "November 11, 1889", "11 November 1889", nothing},
		{"one is missing", "US", "1234567", "", nothing},
	}
	for _, tt := range tests {
		c := organisation.Compare(p("Ash", tt.country, tt.a), p("Brindlequay", tt.country, tt.b), nil)
		got := nothing
		if c.NumbersAgree {
			got = agree
		} else if c.NumbersDiffer {
			got = differ
		}
		if got != tt.want || (c.Relation == organisation.Same) != (tt.want == agree) {
			t.Errorf("%s: %q and %q: %q (%s: %s), want %q", tt.name, tt.a, tt.b, got, c.Relation, c.Reason, tt.want)
		}
	}
}

func TestNumbersDecide(t *testing.T) {
	const lei, other = "5299000ELMWOOD000014", "5299000ELMWOOD000015"
	region := func(region string) organisation.Party {
		return organisation.Party{Name: "Quellmoor Bancorp", Country: "US", Region: region, RegistrationNumber: "1234567"}
	}
	tests := []struct {
		name          string
		a, b          organisation.Party
		want          organisation.Relation
		agree, differ bool
	}{
		{"one LEI", p("Ash", "GB", "", lei), p("Oak", "FR", "", strings.ToLower(lei)), organisation.Same, true, false},
		{"other LEI", p("Brindlequay", "GB", "", lei), p("Brindlequay", "GB", "", other), organisation.Similar, false, true},
		{"one LEI, other number", p("Ash", "GB", "1234567", lei), p("Oak", "GB", "7654321", lei), organisation.Same, true, true},
		{"one number, other LEI", p("Ash", "GB", "1234567", lei), p("Oak", "GB", "1234567", other), organisation.Same, true, false},
		{"no LEI", p("Brindlequay", "GB", "", "none"), p("Brindlequay", "GB", "", "n/a"), organisation.Same, false, false},
		{"number of another country", p("Ash", "GB", "1234567"), p("Oak", "IE", "1234567"), organisation.Different, false, false},
		{"short number", p("Ash", "GB", "12"), p("Oak", "GB", "12"), organisation.Different, false, false},
		{"short number, similar name", p("Brindlequay", "GB", "12"), p("Brindlequey", "GB", "12"), organisation.Same, true, false},
		{"state as written otherwise", region("Delaware"), region("DE"), organisation.Same, true, false},
		{"another state, one name", region("Delaware"), region("Wyoming"), organisation.Same, true, false},
		{"another state, other names", region("Delaware"), organisation.Party{Name: "Oak", Country: "US", Region: "Wyoming", RegistrationNumber: "1234567"}, organisation.Different, false, false},
		{"another state, no numbers", organisation.Party{Name: "Brindlequay", Country: "US", Region: "Delaware"},
			organisation.Party{Name: "Brindlequay", Country: "US", Region: "Wyoming"}, organisation.Similar, false, false},
		{"country as it is spoken of", p("Ash", "UK", "1234567"), p("Oak", "GB", "1234567"), organisation.Same, true, false},
	}
	for _, tt := range tests {
		c := organisation.Compare(tt.a, tt.b, nil)
		if c.Relation != tt.want || c.NumbersAgree != tt.agree || c.NumbersDiffer != tt.differ {
			t.Errorf("%s: %s, agree %v, differ %v (%s); want %s, %v, %v", tt.name, c.Relation, c.NumbersAgree, c.NumbersDiffer, c.Reason, tt.want, tt.agree, tt.differ)
		}
	}
}

func TestOf(t *testing.T) {
	tests := []struct {
		name string
		in   parse.Organisation
		want organisation.Party
	}{
		{"jurisdiction before address",
			parse.Organisation{Name: "Ash", Country: "GB", JurisdictionCountry: "US", JurisdictionState: "Delaware", RegistrationNumber: "1", LEI: "L"},
			organisation.Party{Name: "Ash", Country: "US", Region: "Delaware", RegistrationNumber: "1", LEI: "L"}},
		{"seat of the court", parse.Organisation{Name: "Ash", Country: "DE", JurisdictionState: "Bayern", JurisdictionLocality: "Ulm"},
			organisation.Party{Name: "Ash", Country: "DE", Region: "Ulm"}},
		{"number in the organizationIdentifier", parse.Organisation{Name: "Ash", Country: "GB", OrganizationIdentifier: "NTRGB-12345678"},
			organisation.Party{Name: "Ash", Country: "GB", RegistrationNumber: "12345678"}},
		{"and of a state", parse.Organisation{Name: "Ash", Country: "US", OrganizationIdentifier: "NTRUS+DE-12345678"},
			organisation.Party{Name: "Ash", Country: "US", RegistrationNumber: "12345678"}},
		{"LEI in the organizationIdentifier", parse.Organisation{Name: "Ash", OrganizationIdentifier: "LEIXG-5299000ELMWOOD000014"},
			organisation.Party{Name: "Ash", LEI: "5299000ELMWOOD000014"}},
		{"number of another country", parse.Organisation{Name: "Ash", Country: "FR", OrganizationIdentifier: "NTRGB-12345678"},
			organisation.Party{Name: "Ash", Country: "FR"}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, organisation.Of(tt.in)); diff != "" {
			t.Errorf("%s: want (-), got (+):\n%s", tt.name, diff)
		}
	}
}

func TestTrademarkFamily(t *testing.T) {
	tests := []struct {
		a, b [2]string // country and identifier
		want string
	}{
		{[2]string{"EU", "18265322"}, [2]string{"EM", "018265322"}, "same"},
		{[2]string{"GB", "UK00918265322"}, [2]string{"EM", "018265322"}, "UK clone of the EU trademark"},
		{[2]string{"GB", "UK00801510250"}, [2]string{"WO", "1510250"}, "UK clone of an international registration designating the EU"},
		{[2]string{"GB", "UK00801510250"}, [2]string{"EM", "W01510250"}, "UK clone of an international registration designating the EU"},
		{[2]string{"EM", "W01510250"}, [2]string{"WO", "1510250"}, "international registration and its designation"},
		{[2]string{"US", "IR 1510250"}, [2]string{"WO", "1510250"}, "international registration and its designation"},
		{[2]string{"EM", "W01510250"}, [2]string{"GB", "WO0000001510250"}, "designations of one international registration"},
		{[2]string{"US", "5817930"}, [2]string{"US", "5,817,930"}, "same"},
		{[2]string{"US", "5817930"}, [2]string{"AU", "5817930"}, ""},
		{[2]string{"EM", "018265322"}, [2]string{"WO", "18265322"}, ""},
		{[2]string{"US", ""}, [2]string{"US", ""}, ""},
		{[2]string{"US", "pending"}, [2]string{"US", "pending"}, ""},
		{[2]string{"Atlantis", "1234"}, [2]string{"Atlantis", "1234"}, ""},
	}
	for _, tt := range tests {
		a, b := parse.CanonicalNumber(tt.a[0], tt.a[1]), parse.CanonicalNumber(tt.b[0], tt.b[1])
		got, related := organisation.TrademarkFamily(a, b)
		back, _ := organisation.TrademarkFamily(b, a)
		if got != tt.want || back != tt.want || related != (tt.want != "") {
			t.Errorf("%v (%s), %v (%s): %q, back %q, %v; want %q", tt.a, a.Number, tt.b, b.Number, got, back, related, tt.want)
		}
	}
}
