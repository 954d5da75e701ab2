package parse_test

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"markwatch/parse"
)

// TestMarkRoots guards names and fingerprints by the roots themselves.
func TestMarkRoots(t *testing.T) {
	roots := map[string][32]byte{}
	for _, r := range parse.MarkRoots() {
		roots[r.Name] = r.SHA256
	}
	if len(roots) != 8 {
		t.Errorf("%d roots are known", len(roots))
	}
	files, err := filepath.Glob("../../shared/fixtures/ca-roots/*.pem")
	if err != nil || len(files) == 0 {
		t.Skip("the real roots are not beside this repository")
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		block, _ := pem.Decode(text)
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := roots[cert.Subject.CommonName]
		if test := strings.HasPrefix(filepath.Base(file), "TESTROOT"); ok == test || ok && got != sha256.Sum256(cert.Raw) {
			t.Errorf("%s (%s): known %t, fingerprint %x", filepath.Base(file), cert.Subject.CommonName, ok, got)
		}
	}
}
