package lint

import (
	"crypto/x509"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// precertSigner is the extended key usage of a certificate that signs precertificates alone.
const precertSigner = "1.3.6.1.4.1.11129.2.4.4" // RFC 6962 section 3.1

// maxModulus is the largest RSA key, in bits, that a signature is checked with: a larger one takes
// longer than it is worth.
const maxModulus = 8192

// maxLinks is how many certificates of a chain are looked at, besides its last: none known has more
// than three.
const maxLinks = 8

// readChain reads those certificates of a chain that rules look at: the first ones, and the last.
// One that can't be read is nil.
func readChain(chain [][]byte) []*x509.Certificate {
	out := make([]*x509.Certificate, len(chain))
	for i := range chain {
		if i >= maxLinks && i < len(chain)-1 {
			continue
		}
		if ca, err := x509.ParseCertificate(chain[i]); err == nil {
			out[i] = ca
		}
	}
	return out
}

// chainAt gives a certificate of the chain; nil where it isn't there or can't be read.
func (c *Case) chainAt(i int) *x509.Certificate {
	if i < 0 || i >= len(c.chain) {
		return nil
	}
	return c.chain[i]
}

// issuer is the issuing CA that the chain shows: its first certificate that isn't one for signing
// precertificates.
func (c *Case) issuer() *x509.Certificate {
	ca := c.chainAt(0)
	if ca != nil && hasUsage(ca, precertSigner) {
		return c.chainAt(1)
	}
	return ca
}

// hasUsage tells whether a CA's extended key usages hold one that Go has no name for.
func hasUsage(ca *x509.Certificate, usage string) bool {
	for _, oid := range ca.UnknownExtKeyUsage {
		if oid.String() == usage {
			return true
		}
	}
	return false
}

// signed takes a certificate apart into what is signed, and the signature.
func signed(der []byte) (tbs, signature []byte, ok bool) {
	in := cryptobyte.String(der)
	var cert, element, bits cryptobyte.String
	ok = in.ReadASN1(&cert, asn1.SEQUENCE) && cert.ReadASN1Element(&element, asn1.SEQUENCE) &&
		cert.SkipASN1(asn1.SEQUENCE) && cert.ReadASN1(&bits, asn1.BIT_STRING) && len(bits) > 1
	if !ok {
		return nil, nil, false
	}
	return element, bits[1:], true
}
