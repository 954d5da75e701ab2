package lint

import "markwatch/parse"

// jurisdictionCountry asks for the country where the organisation is registered.
func jurisdictionCountry() Rule {
	return Rule{
		ID: "jurisdiction-country", Severity: parse.SeverityError,
		Summary:  "the subject has a jurisdictionCountryName",
		Citation: "MCR 1.7 section 7.1.4.2.2, jurisdictionCountryName",
		Check: func(c *Case) []string {
			if !has(c.Mark, "jurisdictionCountryName") {
				return one("there is none")
			}
			return nil
		},
	}
}
