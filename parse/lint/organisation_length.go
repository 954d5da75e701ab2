package lint

import (
	"unicode/utf8"

	"markwatch/parse"
)

// maxOrganisation is ub-organization-name.
const maxOrganisation = 64

// organisationLength asks for a name that X.520 has room for.
func organisationLength() Rule {
	return Rule{
		ID: "organisation-length", Severity: parse.SeverityError,
		Summary:  "organizationName has at most 64 characters",
		Citation: "RFC 5280 appendix A.1, ub-organization-name; MCR 1.7 section 7.1.4.2.2",
		Check: func(c *Case) []string {
			if n := utf8.RuneCountInString(c.Mark.Organisation.Name); n > maxOrganisation {
				return one("%s has %d characters", quote(c.Mark.Organisation.Name), n)
			}
			return nil
		},
	}
}
