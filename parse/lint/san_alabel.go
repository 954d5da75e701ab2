package lint

import (
	"strings"

	"golang.org/x/net/idna"

	"markwatch/parse"
)

// sanALabel asks that what looks like an A-label is one.
func sanALabel() Rule {
	return Rule{
		ID: "san-a-label", Severity: parse.SeverityError,
		Summary:  "each label that begins with xn-- is a valid A-label, and none has hyphens there otherwise",
		Citation: "RFC 5890 section 2.3.2.1, RFC 5891 section 4",
		Check: func(c *Case) []string {
			profile := idna.New(idna.ValidateLabels(true), idna.CheckHyphens(true), idna.BidiRule())
			return eachName(c, func(san *parse.SAN, labels []string) string {
				for _, label := range labels {
					if why := aLabelFault(profile, strings.ToLower(label)); why != "" {
						return why
					}
				}
				return ""
			})
		},
	}
}

// aLabelFault says what is wrong with a label in lower case as an A-label, "" for nothing.
func aLabelFault(profile *idna.Profile, label string) string {
	if len(label) < 4 || len(label) > 63 || label[2:4] != "--" {
		return ""
	}
	if !strings.HasPrefix(label, "xn--") {
		return "has hyphens in the third and fourth place of " + quote(label)
	}
	unicode, err := profile.ToUnicode(label)
	if err != nil || unicode == label {
		return "has " + quote(label) + ", which is no A-label"
	}
	if back, err := profile.ToASCII(unicode); err != nil || back != label {
		return "has " + quote(label) + ", which isn't the A-label of " + quote(unicode)
	}
	return ""
}
