package evidence_test

import (
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"markwatch/internal/ctlogtest"
	"markwatch/scanner"
)

// ders reads the certificates of PEM files; they lie beside the repository.
func ders(t *testing.T, pattern string) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("../../../shared/fixtures", pattern))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skipf("real certificates aren't there: no ../shared/fixtures/%s beside the repository", pattern)
	}
	out := map[string][]byte{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if block, _ := pem.Decode(text); block != nil {
			out[strings.TrimSuffix(filepath.Base(file), ".pem")] = block.Bytes
		}
	}
	return out
}

// TestRealCertificates guards that real certificates can be packed, and that
// the signature of their real issuers is confirmed.
func TestRealCertificates(t *testing.T) {
	leafs, issuers := ders(t, "leafs/*.pem"), ders(t, "ca-intermediates/*.pem")
	issuerOf := map[string]string{"digicert": "DigiCert-Verified-Mark-RSA4096-SHA256-2021-CA1", "globalsign-r42": "GlobalSign-GCC-R42-Verified-Mark-CA-2023", "entrust-vmc2": "Entrust-Verified-Mark-CA-VMC2"}
	l := ctlogtest.New(ctlogtest.Options{Name: "real"})
	for name, der := range leafs {
		chain := [][]byte{der}
		for part, issuer := range issuerOf {
			if strings.Contains(name, part) {
				chain = append(chain, issuers[issuer])
			}
		}
		l.AddChain(chain...)
	}
	l.Publish()
	read := batches(t, l, true, scanner.Position{})
	confirmed := 0
	for _, m := range read[0].Marks {
		pack, _ := packed(t, bare(t, l, read, m.Entry.Mark.TBSSHA256))
		for _, c := range sound(t, pack).Checks {
			if c.Claim == "its key signed the certificate before it" && c.Note == "" {
				confirmed++
			}
		}
	}
	if confirmed < 8 {
		t.Errorf("the issuers of %d of %d certificates are confirmed", confirmed, len(read[0].Marks))
	}
}
