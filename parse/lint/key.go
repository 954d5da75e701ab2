package lint

import (
	"strings"

	"markwatch/parse"
)

// minRSA is the smallest modulus in bits.
const minRSA = 2048

// keyStrength asks for a key of a kind and size that mark certificates may have.
func keyStrength() Rule {
	return Rule{
		ID: "key", Severity: parse.SeverityError,
		Summary:  "the key is RSA of at least 2048 bits, or of P-256, P-384 or P-521",
		Citation: "MCR 1.7 section 6.1.5",
		Check: func(c *Case) []string {
			key := c.Mark.KeyAlgorithm
			switch key {
			case "ECPublicKey P-256", "ECPublicKey P-384", "ECPublicKey P-521", "":
				return nil
			}
			if strings.HasPrefix(key, "RSAPublicKey") && c.Mark.KeyBits >= minRSA {
				return nil
			}
			return one("it is %s", quote(key))
		},
	}
}
