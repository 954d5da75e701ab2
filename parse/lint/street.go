package lint

import "markwatch/parse"

// streetPresent asks for the street of the place of business. It may be there more than once.
func streetPresent() Rule {
	return Rule{
		ID: "street-present", Severity: parse.SeverityError,
		Summary:  "the subject has a streetAddress",
		Citation: "MCR 1.7 section 7.1.4.2.2, streetAddress",
		Check: func(c *Case) []string {
			if !has(c.Mark, "streetAddress") {
				return one("there is none")
			}
			return nil
		},
	}
}
