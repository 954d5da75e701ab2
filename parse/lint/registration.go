package lint

import "markwatch/parse"

// registrationNumber asks for the number under which the organisation is registered, or the date
// or law by which it was made.
func registrationNumber() Rule {
	return Rule{
		ID: "registration-number-present", Severity: parse.SeverityError,
		Summary:  "the subject has a serialNumber: the organisation's registration number",
		Citation: "MCR 1.7 section 7.1.4.2.2, serialNumber",
		Check: func(c *Case) []string {
			if !has(c.Mark, "serialNumber") {
				return one("there is none")
			}
			return nil
		},
	}
}
