package lint_test

import (
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"testing"
	"time"

	"markwatch/parse"
	"markwatch/parse/lint"
)

// real is where certificates of real organisations lie, beside the repository.
const real = "../../../shared/fixtures"

// readPEM reads the first block of a file.
func readPEM(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	if block == nil {
		t.Fatalf("%s holds no PEM", path)
	}
	return block.Bytes
}

// TestRealCertificates guards that no rule calls an honest certificate wrong: all were issued by
// CAs of the programme, and are checked with the chains that they have.
func TestRealCertificates(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(real, "leafs/*.pem"))
	if err != nil || len(files) == 0 {
		t.Skip("the real certificates are not beside this repository")
	}
	issuers := map[string]*x509.Certificate{}
	for _, dir := range []string{"ca-intermediates", "ca-roots"} {
		cas, err := filepath.Glob(filepath.Join(real, dir, "*.pem"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range cas {
			ca, err := x509.ParseCertificate(readPEM(t, file))
			if err != nil {
				t.Fatal(err)
			}
			issuers[ca.Subject.CommonName] = ca
		}
	}
	chains := 0
	for _, file := range files {
		m, err := parse.Certificate(readPEM(t, file))
		if err != nil {
			t.Fatal(err)
		}
		var chain [][]byte
		for name := m.Issuer.First("commonName"); issuers[name] != nil && len(chain) < 3; {
			chain = append(chain, issuers[name].Raw)
			name = issuers[name].Issuer.CommonName
		}
		chains += min(1, len(chain))
		for _, f := range append(m.Findings, lint.Check(m, time.Time{}, chain)...) {
			if f.Severity == parse.SeverityError || f.Rule == "issuer-root" {
				t.Errorf("%s: %+v", filepath.Base(file), f)
			}
		}
	}
	if chains < 15 {
		t.Errorf("only %d of %d certificates were checked with their chain", chains, len(files))
	}
}
