package lint

import "markwatch/parse"

// sanPresent asks for a domain.
func sanPresent() Rule {
	return Rule{
		ID: "san-present", Severity: parse.SeverityError,
		Summary:  "it names one domain or more",
		Citation: "MCR 1.7 section 7.1.4.2.1",
		Check: func(c *Case) []string {
			if len(c.Mark.SANs) == 0 {
				return one("the subject alternative name holds no dNSName")
			}
			return nil
		},
	}
}
