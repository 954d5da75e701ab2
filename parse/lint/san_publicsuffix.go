package lint

import (
	"golang.org/x/net/publicsuffix"

	"markwatch/parse"
)

// sanPublicSuffix asks for names below a public suffix: no one is the owner of co.uk.
func sanPublicSuffix() Rule {
	return Rule{
		ID: "san-public-suffix", Severity: parse.SeverityError,
		Summary:  "no dNSName is itself a public suffix of a registry",
		Citation: "MCR 1.7 section 3.2.2.4",
		Check: func(c *Case) []string {
			return eachName(c, func(san *parse.SAN, _ []string) string {
				if suffix, icann := publicsuffix.PublicSuffix(san.Domain); icann && suffix == san.Domain {
					return "is a public suffix"
				}
				return ""
			})
		},
	}
}
