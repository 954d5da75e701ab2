package lint

import "markwatch/parse"

// markTypeRequired asks for a markType. Certificates of 2021 and 2022 have none, and in which
// version of the MCR it came isn't known well enough to judge those between; parse notes its
// absence in any.
func markTypeRequired() Rule {
	return Rule{
		ID: "mark-type-required", Severity: parse.SeverityError,
		Summary:  "the subject has a markType",
		Citation: "MCR 1.7 section 7.1.4.2.2, markType",
		From:     mcr17(),
		Check: func(c *Case) []string {
			if c.Mark.MarkType == "" {
				return one("there is no attribute 1.3.6.1.4.1.53087.1.13")
			}
			return nil
		},
	}
}
