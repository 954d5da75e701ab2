package lint

import "markwatch/parse"

// organisationPresent asks for the name of the Mark Asserting Entity.
func organisationPresent() Rule {
	return Rule{
		ID: "organisation-present", Severity: parse.SeverityError,
		Summary:  "the subject has an organizationName",
		Citation: "MCR 1.7 section 7.1.4.2.2, organizationName",
		Check: func(c *Case) []string {
			if c.Mark.Organisation.Name == "" {
				return one("there is none")
			}
			return nil
		},
	}
}
