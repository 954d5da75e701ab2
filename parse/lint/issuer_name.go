package lint

import (
	"bytes"
	"encoding/hex"

	"markwatch/parse"
)

// issuerName asks that the chain begins with the CA that the certificate names: a log doesn't
// sign the chains that it shows.
func issuerName() Rule {
	return Rule{
		ID: "issuer-match", Severity: parse.SeverityError,
		Summary:  "the first certificate of the chain is the issuer's, by name and key identifier",
		Citation: "RFC 5280 sections 4.1.2.4 and 4.2.1.1",
		Check: func(c *Case) []string {
			ca := c.issuer()
			if ca == nil {
				return nil
			}
			if name := c.Mark.Issuer.First("commonName"); name != ca.Subject.CommonName {
				return one("it was issued by %s, the chain begins with %s", quote(name), quote(ca.Subject.CommonName))
			}
			if id := c.Mark.AuthorityKeyID; len(id) > 0 && len(ca.SubjectKeyId) > 0 && !bytes.Equal(id, ca.SubjectKeyId) {
				return one("the authority's key identifier is %s, that of the chain's %s", hex.EncodeToString(id[:min(len(id), 64)]), hex.EncodeToString(ca.SubjectKeyId))
			}
			return nil
		},
	}
}
