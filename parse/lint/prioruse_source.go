package lint

import (
	"strings"
	"time"

	"markwatch/parse"
)

// priorUseDate is when the source of a prior use mark became part of its certificate.
func priorUseDate() time.Time { return time.Date(2025, 4, 15, 0, 0, 0, 0, time.UTC) }

// isPriorUse tells whether a certificate says that it is of a prior use mark.
func isPriorUse(m *parse.MarkCertificate) bool {
	return strings.EqualFold(strings.Join(strings.Fields(m.MarkType), " "), "prior use mark")
}

// priorUseSource asks for where the mark was found in use.
func priorUseSource() Rule {
	return Rule{
		ID: "prior-use-source", Severity: parse.SeverityError,
		Summary:  "a Prior Use Mark has priorUseMarkSourceURL",
		Citation: "MCR 1.7 section 7.1.4.2.2, priorUseMarkSourceURL",
		From:     priorUseDate(),
		Check: func(c *Case) []string {
			if isPriorUse(c.Mark) && c.Mark.PriorUseURL == "" {
				return one("there is no attribute 1.3.6.1.4.1.53087.5.1")
			}
			return nil
		},
	}
}
