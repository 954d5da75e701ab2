package lint

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"markwatch/parse"
)

// KnownRoots gives the SHA-256 of the roots of mark certificates: DigiCert, Entrust, GlobalSign,
// SSL.com (two), Sectigo, GoDaddy, Cybertrust Japan.
func KnownRoots() [][32]byte {
	return decodeAll(`
		504386c9ee8932fecc95fade427f69c3e2534b7310489e300fee448e33c46b42
		7831d95a47d42508cd5c9e6264f9096bac19f04eb9b7c8bdd35fffc71c189617
		cd122cb877c6928b9017b0f0b80dbd508196300bbd03cd7356c3beef524e7e0b
		1b82e7f4910b51e3e802a493acdc17ff58eac8b9eb7c09b52ac6cd2efb83598c
		8f9d1b7698886782a599b48510651c66a1aa0c5ca3192097bdc68534154bd30d
		0783d68c14cfe5eb1eafda2aa984b7e3a4b8bab000092d2ba02f73757558fdfd
		6ae4f0b06b187a7fc2b5815d252b637629734ae64a409ccbb53b14a352563d61
		b21a1663d8feb6b17d10d739363b8d147ea6d114966cda584c656a57bae40826`)
}

// issuerRoot asks that a chain that shows its root ends at one of marks. A new root is in the logs
// before it is in this list, so this is no more than a warning.
func issuerRoot() Rule {
	return Rule{
		ID: "issuer-root", Severity: parse.SeverityWarning,
		Summary:  "the chain ends at a known root of mark certificates",
		Citation: "MCR 1.7 section 6.1.1; BIMI Group, list of mark verifying authorities",
		From:     generalIssuance(),
		Check: func(c *Case) []string {
			root := c.chainAt(len(c.chain) - 1)
			if root == nil || !bytes.Equal(root.RawSubject, root.RawIssuer) {
				return nil // the chain doesn't show it
			}
			if sum := sha256.Sum256(root.Raw); !slices.Contains(c.Roots, sum) {
				return one("it ends at %s, %s", quote(root.Subject.CommonName), hex.EncodeToString(sum[:]))
			}
			return nil
		},
	}
}
