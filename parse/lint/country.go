package lint

import "markwatch/parse"

// countryForm asks for the country, and for countries written as codes.
func countryForm() Rule {
	return Rule{
		ID: "country-form", Severity: parse.SeverityError,
		Summary:  "the subject has a countryName, and each country in it is a code of two capital letters",
		Citation: "MCR 1.7 section 7.1.4.2.2, countryName; ISO 3166-1",
		Check: func(c *Case) []string {
			if !has(c.Mark, "countryName") {
				return one("there is no countryName")
			}
			var out []string
			for _, name := range []string{"countryName", "jurisdictionCountryName", "statuteCountryName"} {
				if value := c.Mark.Subject.First(name); value != "" && !countryCode(value) {
					out = append(out, one("%s is %s", name, quote(value))...)
				}
			}
			return out
		},
	}
}

// countryCode tells whether s has the form of a code of ISO 3166-1.
func countryCode(s string) bool {
	return len(s) == 2 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z'
}
