package lint

import "markwatch/parse"

// placePresent asks for the town, or where a country does without, the state.
func placePresent() Rule {
	return Rule{
		ID: "place-present", Severity: parse.SeverityError,
		Summary:  "the subject has a localityName or a stateOrProvinceName",
		Citation: "MCR 1.7 section 7.1.4.2.2, localityName and stateOrProvinceName",
		Check: func(c *Case) []string {
			if !has(c.Mark, "localityName") && !has(c.Mark, "stateOrProvinceName") {
				return one("there is neither")
			}
			return nil
		},
	}
}
