package lint

import (
	"bytes"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"sync"

	"markwatch/parse"
)

// chainLinks asks that each certificate of the chain is by the one after it. That the first one
// signed the certificate itself is issuerSignature's.
func chainLinks() Rule {
	return Rule{
		ID: "chain-link", Severity: parse.SeverityError,
		Summary:  "each certificate of the chain is a CA's, and signed by the one after it",
		Citation: "RFC 5280 section 6.1.3; RFC 6962 section 3.1",
		Check: func(c *Case) []string {
			for i := range min(len(c.chain), maxLinks) {
				if c.chain[i] == nil {
					return one("its certificate %d can't be read", i+1)
				}
				if i+1 == len(c.chain) || i+1 == maxLinks || c.chain[i+1] == nil {
					continue
				}
				if fault := c.links.check(c.chain[i], c.chain[i+1]); fault != "" {
					return one("certificate %d, %s, isn't by certificate %d, %s: %s", i+1, quote(c.chain[i].Subject.CommonName),
						i+2, quote(c.chain[i+1].Subject.CommonName), fault)
				}
			}
			return nil
		},
	}
}

// maxKnownLinks bounds what is remembered of chains; the issuing CAs of marks are some dozens.
const maxKnownLinks = 1024

// links remembers which CA certificates are by which others: chains repeat, and signatures are dear.
type links struct {
	mu    sync.Mutex
	known map[[2][32]byte]string // what is wrong with a pair, by fingerprints; "" for nothing
}

// check says what keeps a certificate from being by a CA; "" if nothing does.
func (l *links) check(cert, ca *x509.Certificate) string {
	pair := [2][32]byte{sha256.Sum256(cert.Raw), sha256.Sum256(ca.Raw)}
	l.mu.Lock()
	fault, ok := l.known[pair]
	l.mu.Unlock()
	if ok {
		return fault
	}
	fault = linkFault(cert, ca)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.known == nil || len(l.known) >= maxKnownLinks {
		l.known = map[[2][32]byte]string{}
	}
	l.known[pair] = fault
	return fault
}

// linkFault looks at names and signature.
func linkFault(cert, ca *x509.Certificate) string {
	if !bytes.Equal(cert.RawIssuer, ca.RawSubject) {
		return "it names another issuer"
	}
	if key, ok := ca.PublicKey.(*rsa.PublicKey); ok && key.N.BitLen() > maxModulus {
		return fmt.Sprintf("the CA's key has %d bits, and isn't tried", key.N.BitLen())
	}
	if err := cert.CheckSignatureFrom(ca); err != nil {
		return err.Error()
	}
	return ""
}
