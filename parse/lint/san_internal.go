package lint

import (
	"strings"

	"golang.org/x/net/publicsuffix"

	"markwatch/parse"
)

// sanInternal asks for names of the public DNS: below a top-level domain that there is. Ours is the
// public suffix list as it was when this was built, and there are new ones each year: a warning.
func sanInternal() Rule {
	return Rule{
		ID: "san-internal", Severity: parse.SeverityWarning,
		Summary:  "each dNSName is of a public top-level domain, as far as the public suffix list knows",
		Citation: "MCR 1.7 section 7.1.4.2.1",
		Check: func(c *Case) []string {
			return eachName(c, func(san *parse.SAN, _ []string) string {
				if reserved(san.Domain) != "" || san.Domain == "" {
					return "" // other rules say so
				}
				suffix, icann := publicsuffix.PublicSuffix(san.Domain)
				if !icann && !strings.Contains(suffix, ".") {
					return "has no public top-level domain"
				}
				return ""
			})
		},
	}
}
