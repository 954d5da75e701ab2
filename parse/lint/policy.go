package lint

import (
	"slices"
	"strings"

	"markwatch/parse"
)

// markPolicyOID is the general policy of mark certificates, VMC and CMC alike.
const markPolicyOID = "1.3.6.1.4.1.53087.1.1"

// markPolicy asks for the general mark policy.
func markPolicy() Rule {
	return Rule{
		ID: "policy-mark", Severity: parse.SeverityError,
		Summary:  "the certificate policies hold " + markPolicyOID,
		Citation: "MCR 1.7 section 7.1.6",
		Check: func(c *Case) []string {
			if slices.Contains(c.Mark.Policies, markPolicyOID) {
				return nil
			}
			if len(c.Mark.Policies) == 0 {
				return one("there is no policy")
			}
			return one("the policies are %s", quote(strings.Join(c.Mark.Policies, ", ")))
		},
	}
}
