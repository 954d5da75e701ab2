package lint

import (
	"time"

	"markwatch/parse"
)

// logotypeSHA1 asks for a hash of the logo that can still be trusted. RFC 3709 asked for SHA-1;
// RFC 9399, which came in its place, names SHA-256.
func logotypeSHA1() Rule {
	return Rule{
		ID: "logotype-sha1-alone", Severity: parse.SeverityWarning,
		Summary:  "the logo has a hash stronger than SHA-1",
		Citation: "RFC 9399 section 4.1",
		From:     time.Date(2023, 5, 1, 0, 0, 0, 0, time.UTC),
		Check: func(c *Case) []string {
			l := c.Mark.Logo
			if l == nil || len(l.Hashes) == 0 {
				return nil
			}
			for i := range l.Hashes {
				if a := l.Hashes[i].Algorithm; a != "sha1" && a != "md5" {
					return nil
				}
			}
			return one("its only hash is by %s", l.Hashes[0].Algorithm)
		},
	}
}
