package lint

import "markwatch/parse"

// trademarkCountrySpelling asks for the code itself, where it can be guessed what is meant.
func trademarkCountrySpelling() Rule {
	return Rule{
		ID: "trademark-country-spelling", Severity: parse.SeverityWarning,
		Summary:  "the register is written as its code of WIPO ST.3, not as UK, EU or a name",
		Citation: "MCR 1.7 section 7.1.4.2.2, trademarkCountryOrRegionName; WIPO ST.3",
		Check: func(c *Case) []string {
			if t := c.Mark.Trademark; t != nil && t.Register != "" && t.Country != t.Register {
				return one("%s should be %s", quote(t.Country), t.Register)
			}
			return nil
		},
	}
}
