package lint

import (
	"net/url"

	"markwatch/parse"
)

// crlAddress asks that a CRL can be had by HTTP. By HTTPS one couldn't be had without checking
// another certificate first.
func crlAddress() Rule {
	return Rule{
		ID: "crl-address", Severity: parse.SeverityWarning,
		Summary:  "each address of the CRL is an http address",
		Citation: "MCR 1.7 section 7.1.2.3, cRLDistributionPoints",
		Check: func(c *Case) []string {
			var out []string
			for _, address := range c.Mark.CRLs {
				if u, err := url.Parse(address); err != nil || u.Scheme != "http" || u.Host == "" {
					out = append(out, one("it is %s", quote(address))...)
				}
			}
			return few(out)
		},
	}
}
