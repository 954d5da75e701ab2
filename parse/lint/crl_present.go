package lint

import "markwatch/parse"

// crlPresent asks for an address of the CRL: revocation of marks is by CRL first.
func crlPresent() Rule {
	return Rule{
		ID: "crl-present", Severity: parse.SeverityError,
		Summary:  "it says where its CRL is",
		Citation: "MCR 1.7 section 7.1.2.3, cRLDistributionPoints",
		Check: func(c *Case) []string {
			if len(c.Mark.CRLs) == 0 {
				return one("no CRL distribution point has an address")
			}
			return nil
		},
	}
}
