package lint

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"markwatch/parse"
)

// KnownRoots gives the SHA-256 of the roots of mark certificates, which parse.MarkRoots names.
func KnownRoots() [][32]byte {
	var out [][32]byte
	for _, r := range parse.MarkRoots() {
		out = append(out, r.SHA256)
	}
	return out
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
