package lint

import "markwatch/parse"

// attributesRequired asks for what the kind of mark is known by.
func attributesRequired() Rule {
	return Rule{
		ID: "mark-attributes-required", Severity: parse.SeverityError,
		Summary:  "the subject has the attributes of its markType: register and number, or the statute's country and citation",
		Citation: "MCR 1.7 section 7.1.4.2.2",
		Check: func(c *Case) []string {
			required, _ := markTypeAttributes(c.Mark.MarkType)
			var out []string
			for _, name := range required {
				if !has(c.Mark, name) {
					out = append(out, one("a %s has no %s", quote(c.Mark.MarkType), name)...)
				}
			}
			return out
		},
	}
}
