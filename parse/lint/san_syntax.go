package lint

import (
	"strings"

	"markwatch/parse"
)

// sanSyntax asks for names that DNS can hold. Underscores, asterisks and what isn't ASCII have
// rules of their own.
func sanSyntax() Rule {
	return Rule{
		ID: "san-syntax", Severity: parse.SeverityError,
		Summary:  "each dNSName is one in the preferred syntax: letters, digits and hyphens, no empty label, none longer than 63",
		Citation: "RFC 5280 section 4.2.1.6, RFC 1034 section 3.5",
		Check: func(c *Case) []string {
			out := eachName(c, func(_ *parse.SAN, labels []string) string {
				for _, label := range labels {
					if why := labelFault(label); why != "" {
						return why
					}
				}
				return ""
			})
			for i := range c.Mark.SANs {
				if raw := c.Mark.SANs[i].Raw; len(raw) > maxName {
					out = append(out, one("%s is longer than %d characters", quote(raw), maxName)...)
				}
			}
			return few(out)
		},
	}
}

// labelFault says what is wrong with a label, "" for nothing.
func labelFault(label string) string {
	switch {
	case label == "":
		return "has an empty label"
	case len(label) > 63:
		return "has a label of more than 63 characters"
	case strings.HasPrefix(label, "-"), strings.HasSuffix(label, "-"):
		return "has a label that begins or ends with a hyphen"
	}
	for _, r := range label {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_', r == '*', r >= 0x80:
		default:
			return "holds " + quote(string(r))
		}
	}
	return ""
}
