package lint

import "markwatch/parse"

// attributesForbidden asks that a certificate doesn't claim what its kind of mark has no check of.
func attributesForbidden() Rule {
	return Rule{
		ID: "mark-attributes-forbidden", Severity: parse.SeverityError,
		Summary:  "the subject has no attribute of another markType",
		Citation: "MCR 1.7 section 7.1.4.2.2",
		Check: func(c *Case) []string {
			_, forbidden := markTypeAttributes(c.Mark.MarkType)
			var out []string
			for _, name := range forbidden {
				if has(c.Mark, name) {
					out = append(out, one("a %s has %s %s", quote(c.Mark.MarkType), name, quote(c.Mark.Subject.First(name)))...)
				}
			}
			return out
		},
	}
}
