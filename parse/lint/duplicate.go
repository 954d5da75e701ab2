package lint

import (
	"fmt"
	"slices"

	"markwatch/parse"
)

// duplicateAttribute asks that what says one thing says it once: of two registration numbers a
// reader takes either. Streets and units may be several.
func duplicateAttribute() Rule {
	return Rule{
		ID: "duplicate-attribute", Severity: parse.SeverityError,
		Summary:  "no attribute of the subject is there twice, but streetAddress, organizationalUnitName and domainComponent",
		Citation: "MCR 1.7 section 7.1.4.2.2",
		Check: func(c *Case) []string {
			count := map[string]int{}
			var names []string
			for i := range c.Mark.Subject {
				switch name := c.Mark.Subject[i].Name; name {
				case "streetAddress", "organizationalUnitName", "domainComponent":
				default:
					if count[name]++; count[name] == 2 {
						names = append(names, name)
					}
				}
			}
			slices.Sort(names)
			for i, name := range names {
				names[i] = fmt.Sprintf("%s is there %d times", name, count[name])
			}
			return few(names)
		},
	}
}
