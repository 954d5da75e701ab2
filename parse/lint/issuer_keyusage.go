package lint

import (
	"bytes"

	"markwatch/parse"
)

// issuerKeyUsage asks that the issuing CA is one for marks.
func issuerKeyUsage() Rule {
	return Rule{
		ID: "issuer-eku", Severity: parse.SeverityError,
		Summary:  "the issuing CA has the extended key usage " + markEKU + " and no other",
		Citation: "MCR 1.7 section 7.1.2.2, extKeyUsage",
		Check: func(c *Case) []string {
			ca := c.issuer()
			if ca == nil || bytes.Equal(ca.RawSubject, ca.RawIssuer) {
				return nil // a root has no usages to show
			}
			switch n := len(ca.UnknownExtKeyUsage) + len(ca.ExtKeyUsage); {
			case !hasUsage(ca, markEKU):
				return one("%s hasn't", quote(ca.Subject.CommonName))
			case n > 1:
				return one("%s has %d", quote(ca.Subject.CommonName), n)
			}
			return nil
		},
	}
}
