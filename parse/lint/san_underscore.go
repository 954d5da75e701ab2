package lint

import (
	"strings"

	"markwatch/parse"
)

// sanUnderscore asks for names without underscore, but for that of a selector:
// brand._bimi.example.com.
func sanUnderscore() Rule {
	return Rule{
		ID: "san-underscore", Severity: parse.SeverityError,
		Summary:  "no dNSName has an underscore, but in the form selector._bimi.domain",
		Citation: "MCR 1.7 section 7.1.4.2.1; draft-fetch-validation-vmc-wchuang",
		Check: func(c *Case) []string {
			return eachName(c, func(san *parse.SAN, labels []string) string {
				if len(labels) > 2 && strings.EqualFold(labels[1], "_bimi") && labels[0] != "" {
					labels = append([]string{labels[0]}, labels[2:]...)
				}
				for _, label := range labels {
					if strings.Contains(label, "_") {
						return "has an underscore"
					}
				}
				return ""
			})
		},
	}
}
