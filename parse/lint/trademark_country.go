package lint

import "markwatch/parse"

// trademarkCountry asks for a register that there is.
func trademarkCountry() Rule {
	return Rule{
		ID: "trademark-country", Severity: parse.SeverityError,
		Summary:  "trademarkCountryOrRegionName is a register's code of WIPO ST.3",
		Citation: "MCR 1.7 section 7.1.4.2.2, trademarkCountryOrRegionName; WIPO ST.3",
		Check: func(c *Case) []string {
			if t := c.Mark.Trademark; t != nil && t.Country != "" && t.Register == "" {
				return one("%s is none", quote(t.Country))
			}
			return nil
		},
	}
}
