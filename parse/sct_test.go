package parse_test

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"markwatch/parse"
)

// gorgonKey is the public key of the log that real mark certificates are in.
const gorgonKey = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEbEiWluJDIqWi8JbeCSfR3V2k/a5s9XtZv+HU5u/gU9NSYnWGwEoEW6IK7n6LehfrJL3znCUAC0ayEaeiFQuibA=="

// The log signed the TBSCertificate without poison and SCT list: its signatures verify over what
// parse cuts out of the final certificates, so that is right to the byte.
func TestRealSCTsVerify(t *testing.T) {
	spki, err := base64.StdEncoding.DecodeString(gorgonKey)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.ParsePKIXPublicKey(spki)
	if err != nil {
		t.Fatal(err)
	}
	logID := sha256.Sum256(spki)
	issuers := issuerKeyHashes(t)
	verified := 0
	for _, m := range finalCertificates(t) {
		issuer, ok := issuers[string(m.AuthorityKeyID)]
		for _, s := range m.SCTs {
			if s.LogID != logID {
				continue
			}
			if !ok {
				t.Errorf("%s: its issuer isn't among the fixtures", m.Serial)
				continue
			}
			digest := sha256.Sum256(signedData(s, issuer, m.TBS))
			if !ecdsa.VerifyASN1(public.(*ecdsa.PublicKey), digest[:], s.Signature) {
				t.Errorf("%s: the SCT of %v doesn't verify", m.Serial, s.Timestamp)
			}
			verified++
		}
	}
	if verified < 15 {
		t.Errorf("%d signatures verified, want 15 or more", verified)
	}
}

// issuerKeyHashes gives the key hashes of the real issuing CAs by their key identifiers.
func issuerKeyHashes(t *testing.T) map[string][32]byte {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(fixtures(t, "ca-intermediates"), "*.pem"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][32]byte{}
	for _, f := range files {
		c, err := x509.ParseCertificate(readPEM(t, f))
		if err != nil {
			t.Fatal(err)
		}
		out[string(c.SubjectKeyId)] = sha256.Sum256(c.RawSubjectPublicKeyInfo)
	}
	return out
}

// signedData is what an SCT of a precertificate signs (RFC 6962 section 3.2).
func signedData(s parse.SCT, issuer [32]byte, tbs []byte) []byte {
	b := binary.BigEndian.AppendUint64([]byte{s.Version, 0}, uint64(s.Timestamp.UnixMilli()))
	b = append(binary.BigEndian.AppendUint16(b, 1), issuer[:]...)
	b = append(b, opaque(3, tbs)...)
	return append(b, opaque(2, s.Extensions)...)
}

// The real leaves hash to what the log's tree holds.
func TestRealLeafHashes(t *testing.T) {
	text, err := os.ReadFile(fixtures(t, "gorgon/leaf-inputs.json"))
	if err != nil {
		t.Fatal(err)
	}
	leaves := decodeLeaves(t, text)
	for _, l := range leaves {
		e, err := parse.Leaf(l.LeafInput, nil)
		if err != nil {
			t.Fatal(err)
		}
		leaf := binary.BigEndian.AppendUint64([]byte{0, 0, 0}, uint64(e.Timestamp.UnixMilli()))
		leaf = append(binary.BigEndian.AppendUint16(leaf, uint16(e.Type)), e.IssuerKeyHash[:]...)
		leaf = append(append(leaf, opaque(3, e.Mark.TBS)...), opaque(2, e.Extensions)...)
		if got := sha256.Sum256(leaf); hexOf(got[:]) != l.LeafHash {
			t.Errorf("%s: leaf hash %x, want %s", l.Prefix, got, l.LeafHash)
		}
	}
	if len(leaves) != 15 {
		t.Errorf("%d leaves, want 15", len(leaves))
	}
}
