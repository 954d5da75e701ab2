package parse

import "encoding/hex"

// Root is a root certificate by its fingerprint.
type Root struct {
	Name   string   // its common name
	SHA256 [32]byte // of its DER
}

// MarkRoots are the roots of mark certificates, as their CAs publish them: those
// of the BIMI Group's list of mark verifying authorities, and those that have
// come to the logs since.
func MarkRoots() []Root {
	known := []struct{ name, sha256 string }{
		{"DigiCert Verified Mark Root CA", "504386c9ee8932fecc95fade427f69c3e2534b7310489e300fee448e33c46b42"},
		{"Entrust Verified Mark Root Certification Authority - VMCR1", "7831d95a47d42508cd5c9e6264f9096bac19f04eb9b7c8bdd35fffc71c189617"},
		{"GlobalSign Verified Mark Root R42", "cd122cb877c6928b9017b0f0b80dbd508196300bbd03cd7356c3beef524e7e0b"},
		{"SSL.com VMC ECC Root CA 2024", "1b82e7f4910b51e3e802a493acdc17ff58eac8b9eb7c09b52ac6cd2efb83598c"},
		{"SSL.com VMC RSA Root CA 2024", "8f9d1b7698886782a599b48510651c66a1aa0c5ca3192097bdc68534154bd30d"},
		{"Sectigo Public BIMI Root R49", "0783d68c14cfe5eb1eafda2aa984b7e3a4b8bab000092d2ba02f73757558fdfd"},
		{"GoDaddy Verified Mark Root CA - VMCR1", "6ae4f0b06b187a7fc2b5815d252b637629734ae64a409ccbb53b14a352563d61"},
		{"Cybertrust iTrust VMC RSA4096 Root CA 2025", "b21a1663d8feb6b17d10d739363b8d147ea6d114966cda584c656a57bae40826"},
	}
	roots := make([]Root, 0, len(known))
	for _, k := range known {
		if sum, err := hex.DecodeString(k.sha256); err == nil && len(sum) == 32 {
			roots = append(roots, Root{k.name, [32]byte(sum)})
		}
	}
	return roots
}
