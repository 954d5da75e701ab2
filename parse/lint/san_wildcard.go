package lint

import (
	"strings"

	"markwatch/parse"
)

// sanWildcard asks for names without asterisk: a domain stands for its subdomains by itself.
func sanWildcard() Rule {
	return Rule{
		ID: "san-wildcard", Severity: parse.SeverityError,
		Summary:  "no dNSName is a wildcard",
		Citation: "MCR 1.7 section 7.1.4.2.1",
		Check: func(c *Case) []string {
			return eachName(c, func(san *parse.SAN, _ []string) string {
				if strings.Contains(san.Raw, "*") {
					return "is a wildcard"
				}
				return ""
			})
		},
	}
}
