package lint

import (
	"bytes"

	"markwatch/parse"
)

// chainWhole asks of the chain that a log shows that it goes on to a root: a log takes none that
// doesn't, but nothing that it signs covers what it shows later.
func chainWhole() Rule {
	return Rule{
		ID: "chain-whole", Severity: parse.SeverityWarning,
		Summary:  "the chain that a log shows ends at a root",
		Citation: "RFC 6962 section 3.1",
		Check: func(c *Case) []string {
			last := c.chainAt(len(c.chain) - 1)
			if !c.logged || last == nil || bytes.Equal(last.RawSubject, last.RawIssuer) {
				return nil
			}
			return one("it ends at %s, which %s issued", quote(last.Subject.CommonName), quote(last.Issuer.CommonName))
		},
	}
}
