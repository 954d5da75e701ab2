package lint

import "markwatch/parse"

// sctPresent asks for proof in the certificate itself that it was logged.
func sctPresent() Rule {
	return Rule{
		ID: "sct-present", Severity: parse.SeverityError,
		Summary:  "a certificate that isn't a precertificate embeds a signed certificate timestamp",
		Citation: "MCR 1.7 section 7.1.2.3; RFC 6962 section 3.3",
		From:     generalIssuance(),
		Check: func(c *Case) []string {
			if !c.Mark.Precertificate && len(c.Mark.SCTs) == 0 {
				return one("there is none")
			}
			return nil
		},
	}
}
