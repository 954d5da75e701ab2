package lint

import (
	"time"

	"markwatch/parse"
)

// maxValidity is the longest validity. A day is 86,400 seconds, and both ends count (RFC 5280
// section 4.1.2.5).
const maxValidity = 398 * 24 * time.Hour

// validityPeriod asks for a validity of at most 398 days.
func validityPeriod() Rule {
	return Rule{
		ID: "validity", Severity: parse.SeverityError,
		Summary:  "the validity is at most 398 days, and ends after it begins",
		Citation: "MCR 1.7 section 6.3.2",
		Check: func(c *Case) []string {
			from, to := c.Mark.NotBefore, c.Mark.NotAfter
			switch d := to.Sub(from) + time.Second; {
			case from.IsZero() || to.IsZero():
				return nil // parse says that it can't be read
			case to.Before(from):
				return one("it ends at %s, before it begins at %s", to.Format(time.RFC3339), from.Format(time.RFC3339))
			case d > maxValidity:
				return one("it is %.1f days", d.Hours()/24)
			}
			return nil
		},
	}
}
