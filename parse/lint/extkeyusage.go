package lint

import (
	"slices"
	"strings"

	"markwatch/parse"
)

// markEKU is id-kp-BrandIndicatorforMessageIdentification.
const markEKU = "1.3.6.1.5.5.7.3.31"

// extKeyUsageSole asks that a certificate that says it is a mark's serves nothing else.
func extKeyUsageSole() Rule {
	return Rule{
		ID: "eku-sole", Severity: parse.SeverityError,
		Summary:  "the extended key usage is " + markEKU + " and no other",
		Citation: "MCR 1.7 section 7.1.2.3, extKeyUsage",
		Check: func(c *Case) []string {
			switch ekus := c.Mark.EKUs; {
			case len(ekus) == 0:
				return one("there is none")
			case !slices.Contains(ekus, markEKU):
				return one("it is %s", strings.Join(ekus, ", "))
			case len(ekus) > 1:
				return one("there are %d: %s", len(ekus), quote(strings.Join(ekus, ", ")))
			}
			return nil
		},
	}
}
