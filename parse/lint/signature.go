package lint

import "markwatch/parse"

// signatureAlgorithm asks for a signature over a hash that is strong.
func signatureAlgorithm() Rule {
	return Rule{
		ID: "signature-algorithm", Severity: parse.SeverityError,
		Summary:  "it is signed with RSA or ECDSA over SHA-256, SHA-384 or SHA-512",
		Citation: "MCR 1.7 section 7.1.3",
		Check: func(c *Case) []string {
			switch algorithm := c.Mark.SignatureAlgorithm; algorithm {
			case "sha256WithRSAEncryption", "sha384WithRSAEncryption", "sha512WithRSAEncryption", "RSASSA-PSS",
				"ecdsa-with-SHA256", "ecdsa-with-SHA384", "ecdsa-with-SHA512", "":
				return nil
			default:
				return one("it is %s", quote(algorithm))
			}
		},
	}
}
