package match_test

import (
	"strings"
	"testing"

	"markwatch/match"
)

// TestWords guards that reasons are sentences, as a person would write them.
func TestWords(t *testing.T) {
	tests := map[string]struct {
		issuances []match.Issuance
		item      match.Item
		want      string
	}{
		"the watched domain": {
			[]match.Issuance{certificate(1, "Misavu, Inc.", "11111111", "", "misavu.com")}, item(t, match.Watch, match.KindDomain, "misavu.com"),
			"Misavu, Inc. (GB) got a CMC (Prior Use Mark) from Quillmark CA on 2030-01-01 for misavu.com. Its domain misavu.com is the watched domain itself. Watched by clients.",
		},
		"beside the watched domain": {
			[]match.Issuance{certificate(1, "", "", "", "mail.misavu.com")}, item(t, match.Watch, match.KindDomain, "misavu.com"),
			"An organisation without a name (GB) got a CMC (Prior Use Mark) from Quillmark CA on 2030-01-01 for mail.misavu.com. Its domain mail.misavu.com is of one registrable domain with the watched domain misavu.com. Watched by clients.",
		},
		"like the watched domain": {
			[]match.Issuance{certificate(1, "torblen", "", "", "misawu.com")}, item(t, match.Watch, match.KindDomain, "misavu.com"),
			"torblen (GB) got a CMC (Prior Use Mark) from Quillmark CA on 2030-01-01 for misawu.com. Its domain misawu.com resembles the watched domain misavu.com: misavu.com with w for v (bit flip). Watched by clients.",
		},
		"the watched name": {
			[]match.Issuance{certificate(1, "Misavu Inc", "", "", "m.example")}, item(t, match.Watch, match.KindOrganisation, "Misavu, Inc."),
			"Its name is that of the watched organisation Misavu, Inc. The same name",
		},
		"the watched registration": {
			[]match.Issuance{certificate(1, "Misavu Ltd", "11111111", "GB UK00003111111", "misavu.com")}, item(t, match.Watch, match.KindTrademark, "GB UK00003111111"),
			"It names the watched registration GB UK00003111111. Watched by clients.",
		},
		"a registration under another": {
			[]match.Issuance{
				certificate(1, "Misavu Ltd", "11111111", "GB UK00003111111", "misavu.com"),
				certificate(2, "Torblen plc", "22222222", "GB UK00003111111", "torblen.com"),
			}, match.Item{},
			"It names the registration GB UK00003111111, for which Misavu Ltd (GB) has held certificates since 2030-01-01.",
		},
		"a name like another's": {
			[]match.Issuance{
				certificate(1, "Thistlemarch Stores plc", "11111111", "GB UK00003111111", "misavu.com"),
				certificate(2, "Thistlemarsh Stores Ltd", "22222222", "GB UK00003222222", "torblen.com"),
			}, match.Item{},
			"Its name resembles that of Thistlemarch Stores plc (GB). One letter apart: ",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			m, hits := after(t, test.issuances...)
			if test.item.ID != "" {
				hits.apply(t, m.SetItems([]match.Item{test.item}))
			}
			if len(hits) != 1 {
				t.Fatalf("%d hits", len(hits))
			}
			for _, h := range hits {
				if !strings.Contains(h.Reason, test.want) {
					t.Errorf("got  %s\nwant %s", h.Reason, test.want)
				}
			}
		})
	}
}
