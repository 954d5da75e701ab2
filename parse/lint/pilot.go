package lint

import (
	"time"

	"markwatch/parse"
)

// pilotAfterEnd asks that no certificate calls itself a pilot's any more.
func pilotAfterEnd() Rule {
	return Rule{
		ID: "pilot-after-end", Severity: parse.SeverityError,
		Summary:  "it has no pilot identifier extension",
		Citation: "MCR 1.7 section 7.1.2.3, pilot identifier 1.3.6.1.4.1.53087.4.1",
		From:     time.Date(2025, 3, 15, 0, 0, 0, 0, time.UTC),
		Check: func(c *Case) []string {
			if c.Mark.Pilot {
				return one("it was issued on %s, and the extension is forbidden since 2025-03-15", c.Mark.NotBefore.UTC().Format(time.DateOnly))
			}
			return nil
		},
	}
}
