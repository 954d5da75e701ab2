package lint

import "markwatch/parse"

// businessCategory asks for what sort of organisation it is.
func businessCategory() Rule {
	return Rule{
		ID: "business-category", Severity: parse.SeverityError,
		Summary:  "businessCategory is Private Organization, Government Entity, Business Entity or Non-Commercial Entity",
		Citation: "MCR 1.7 section 7.1.4.2.2, businessCategory",
		Check: func(c *Case) []string {
			switch category := c.Mark.Organisation.BusinessCategory; category {
			case "Private Organization", "Government Entity", "Business Entity", "Non-Commercial Entity":
				return nil
			case "":
				return one("there is none")
			default:
				return one("it is %s", quote(category))
			}
		},
	}
}
