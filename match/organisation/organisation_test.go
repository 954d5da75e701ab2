package organisation_test

import (
	"strings"
	"testing"

	"markwatch/match/organisation"
)

// p is a party of a name alone, or of name, country and number.
func p(fields ...string) organisation.Party {
	fields = append(fields, "", "", "", "")
	return organisation.Party{Name: fields[0], Country: fields[1], RegistrationNumber: fields[2], LEI: fields[3]}
}

func TestCompare(t *testing.T) {
	w := organisation.NewWeights()
	tests := []struct {
		a, b   organisation.Party
		want   organisation.Relation
		reason string // a part of it
	}{
		{p("Thistlemarsh Stores Ltd", "GB", "1234567"), p("Thistlemarch plc", "GB", "5678123"), organisation.Similar, "one letter apart: thistlemarsh, thistlemarch; "},
		{p("Northern Bank"), p("Southern Bank"), organisation.Different, ""},
		{p("Northern Bank plc"), p("Northern Trust plc"), organisation.Different, ""},
		{p("Acme Holdings"), p("Acme Holding GmbH"), organisation.Similar, ""},
		{p("Deutsche X AG"), p("Deutsche Y AG"), organisation.Different, ""},
		{p("Deutsche Ulmen AG"), p("Deutsche Eichen AG"), organisation.Different, ""},
		{p("Arvo Ltd"), p("Arva Ltd"), organisation.Different, ""},
		{p("Thistlemarch Stores plc"), p("Thistlеmаrch Stоres plc"), organisation.Similar, "another script"},
		{p("AXVO"), p("АХVО"), organisation.Similar, "another script"},
		{p("Quellmoor"), p("Quellmoor Secure Payments Ltd"), organisation.Similar, "quellmoor"},
		{p("Quellmoor Bancorp, Inc."), p("Quellmoor Trading LLC"), organisation.Similar, "quellmoor"},
		{p("ООО «Ромашкин луг»", "RU"), p("Romashkin Lug LLC", "RU"), organisation.Same, ""},
		{p("ООО Ромашка", "RU"), p("Romashka LLC"), organisation.Similar, ""},
		{p("Thistlemarch Stores plc", "GB", "01234567"), p("Wholly Other Ltd", "GB", "1234567"), organisation.Same, "another name"},
		{p("Thistlemarch Stores plc", "GB", "01234567"), p("THISTLEMARCH STORES LIMITED", "GB", "7654321"), organisation.Similar, "other registration number (01234567 against 7654321)"},
		{p("Thistlemarch Stores plc", "GB"), p("Thistlemarch Stores Inc.", "US"), organisation.Similar, "of GB, not US"},
		{p("Pocket Heron & Co.", "US"), p("POCKET HERON AND COMPANY", "US"), organisation.Same, ""},
		{p("Mühlenquast GmbH"), p("Muehlenquast GmbH"), organisation.Similar, "other letters"},
		{p("Thistle March Stores"), p("Thistlemarch Stores"), organisation.Similar, "spaced"},
		{p("Felsenrath Privatbank AG"), p("Felsenrathbank GmbH"), organisation.Similar, "felsenrath"},
		{p("Deutsche Bank AG"), p("Deutsche Bank Payments GmbH"), organisation.Similar, "deutsche"},
		{p("Deutsche Bank AG"), p("Deutsche Versicherung AG"), organisation.Different, ""},
		{p("Eaux d'Orlaverne SA"), p("Orlaverne Trading SARL"), organisation.Similar, "without an article"},
		{p("Quellmoor Bancorp"), p("Quellmoor Rewards LLC"), organisation.Similar, "quellmoor"},
		{p("Voltmarsch AG"), p("Voltmarsch & Kranichholm AG"), organisation.Different, ""},
		{p("株式会社北の森"), p("北の森銀行株式会社"), organisation.Similar, "compound"},
		{p("北の森銀行"), p("南の森銀行"), organisation.Different, ""},
		{p("北森科技有限公司"), p("北森银行股份有限公司"), organisation.Different, ""},
		{p("Miller Ltd"), p("Miller Consulting Ltd"), organisation.Different, ""},
		{p("Harper Foods"), p("Harmer Foods"), organisation.Different, ""},
		{p(""), p(""), organisation.Different, ""},
	}
	for _, tt := range tests {
		for _, c := range []organisation.Comparison{organisation.Compare(tt.a, tt.b, w), organisation.Compare(tt.b, tt.a, w)} {
			if c.Relation != tt.want {
				t.Errorf("%s, %s: %s (%.2f, %s), want %s", tt.a.Name, tt.b.Name, c.Relation, c.Score, c.Reason, tt.want)
			}
		}
		if c := organisation.Compare(tt.a, tt.b, w); !strings.Contains(c.Reason, tt.reason) {
			t.Errorf("%s, %s: reason %q, want %q in it", tt.a.Name, tt.b.Name, c.Reason, tt.reason)
		}
	}
}
