package lint

import (
	"crypto/rsa"
	"crypto/x509"

	"markwatch/parse"
)

// issuerSignature asks that the first certificate of the chain signed this one. A log takes none
// that it didn't, but may show another chain later.
func issuerSignature() Rule {
	return Rule{
		ID: "issuer-signature", Severity: parse.SeverityError,
		Summary:  "the first certificate of the chain signed it",
		Citation: "RFC 5280 section 6.1.3; RFC 6962 section 3.1",
		Check: func(c *Case) []string {
			ca := c.chainAt(0)
			algorithm := algorithmOf(c.Mark.SignatureAlgorithm)
			if ca == nil || c.Mark.DER == nil || algorithm == x509.UnknownSignatureAlgorithm {
				return nil
			}
			if key, ok := ca.PublicKey.(*rsa.PublicKey); ok && key.N.BitLen() > maxModulus {
				return one("the key of %s has %d bits, and isn't tried", quote(ca.Subject.CommonName), key.N.BitLen())
			}
			tbs, signature, ok := signed(c.Mark.DER)
			if !ok {
				return nil
			}
			if err := ca.CheckSignature(algorithm, tbs, signature); err != nil {
				return one("the key of %s didn't: %v", quote(ca.Subject.CommonName), err)
			}
			return nil
		},
	}
}

// algorithmOf is a signature algorithm by its name.
func algorithmOf(name string) x509.SignatureAlgorithm {
	switch name {
	case "sha256WithRSAEncryption":
		return x509.SHA256WithRSA
	case "sha384WithRSAEncryption":
		return x509.SHA384WithRSA
	case "sha512WithRSAEncryption":
		return x509.SHA512WithRSA
	case "ecdsa-with-SHA256":
		return x509.ECDSAWithSHA256
	case "ecdsa-with-SHA384":
		return x509.ECDSAWithSHA384
	case "ecdsa-with-SHA512":
		return x509.ECDSAWithSHA512
	}
	return x509.UnknownSignatureAlgorithm
}
