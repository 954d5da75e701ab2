package parse_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"markwatch/parse"
)

// fixtures is the folder of real certificates beside the repository, which may be absent.
func fixtures(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join("..", "..", "shared", "fixtures", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no real certificates: %v", err)
	}
	return path
}

// readPEM gives the first certificate of a PEM file.
func readPEM(t testing.TB, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	if block == nil {
		t.Fatalf("%s: no PEM block", path)
	}
	return block.Bytes
}

// expected is one certificate of expected.json, which other software wrote.
type expected struct {
	File               string      `json:"file"`
	SHA256             string      `json:"sha256"`
	Serial             string      `json:"serial"`
	NotBefore          string      `json:"not_before"`
	NotAfter           string      `json:"not_after"`
	Precert            bool        `json:"precert"`
	Issuer             string      `json:"issuer"`
	Subject            [][2]string `json:"subject"`
	DNSNames           []string    `json:"dns_names"`
	EKU                []string    `json:"eku"`
	Policies           []string    `json:"policies"`
	CRL                []string    `json:"crl"`
	AIA                [][2]string `json:"aia"`
	SignatureAlgorithm string      `json:"signature_algorithm"`
	Key                string      `json:"key"`
	LogotypeHashes     [][2]string `json:"logotype_hashes"`
	SVGBytes           int         `json:"svg_bytes"`
	SVGSHA256          string      `json:"svg_sha256"`
	SVGGzipBytes       int         `json:"svg_gzip_bytes"`
	SVGTitle           *string     `json:"svg_title"`
}

// summary writes a certificate as expected.json does.
func summary(file string, m *parse.MarkCertificate) expected {
	const layout = "2006-01-02 15:04:05"
	e := expected{
		File: file, SHA256: hexOf(m.SHA256[:]), Serial: m.Serial, NotBefore: m.NotBefore.Format(layout),
		NotAfter: m.NotAfter.Format(layout), Precert: m.Precertificate, Issuer: m.Issuer.String(),
		EKU: m.EKUs, Policies: m.Policies, CRL: m.CRLs, SignatureAlgorithm: m.SignatureAlgorithm, Key: m.KeyAlgorithm,
		SVGBytes: len(m.Logo.SVG), SVGSHA256: hexOf(m.Logo.SVGSHA256[:]), SVGGzipBytes: m.Logo.CompressedSize,
	}
	for _, a := range m.Subject {
		e.Subject = append(e.Subject, [2]string{a.Name, a.Value})
	}
	for _, s := range m.SANs {
		e.DNSNames = append(e.DNSNames, s.Raw)
	}
	for _, a := range m.AIA {
		e.AIA = append(e.AIA, [2]string{a.Method, a.Location})
	}
	for _, h := range m.Logo.Hashes {
		if h.Algorithm == "sha1" || h.Algorithm == "sha256" { // expected.json leaves out the others
			e.LogotypeHashes = append(e.LogotypeHashes, [2]string{h.Algorithm, hexOf(h.Value)})
		}
	}
	if m.Logo.HasTitle {
		e.SVGTitle = &m.Logo.Title
	}
	return e
}

func TestRealCertificatesAgree(t *testing.T) {
	text, err := os.ReadFile(fixtures(t, "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []expected
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&all); err != nil {
		t.Fatal(err)
	}
	if len(all) != 17 {
		t.Fatalf("expected.json has %d certificates, want 17", len(all))
	}
	for _, want := range all {
		t.Run(filepath.Base(want.File), func(t *testing.T) {
			der := readPEM(t, fixtures(t, want.File))
			m, err := parse.Certificate(der)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, summary(want.File, m)); diff != "" {
				t.Errorf("fields differ (-want +got):\n%s", diff)
			}
			for _, h := range m.Logo.Hashes {
				if !h.Matches {
					t.Errorf("%s hash doesn't match the SVG", h.Algorithm)
				}
			}
			for _, f := range m.Findings {
				if f.Severity == parse.SeverityError {
					t.Errorf("a real certificate has the finding %+v", f)
				}
			}
			checkTBS(t, m)
		})
	}
}

// checkTBS tests that the shared TBS reads alike and has itself as its TBS.
func checkTBS(t *testing.T, m *parse.MarkCertificate) {
	t.Helper()
	again, err := parse.TBS(m.TBS)
	if err != nil {
		t.Fatalf("reading the TBS: %v", err)
	}
	if again.TBSSHA256 != m.TBSSHA256 || again.Serial != m.Serial || again.Logo.SVGSHA256 != m.Logo.SVGSHA256 {
		t.Error("the TBS reads otherwise than its certificate")
	}
}

func TestRealCertificatesClassify(t *testing.T) {
	const tsdr = "https://tsdr.uspto.gov/#caseNumber="
	const tail = "&caseType=US_REGISTRATION_NO&searchType=statusSearch"
	tests := map[string]struct {
		class    parse.Class
		inferred bool
		key      string // how the mark key begins
		url      string
	}{
		"2019-08_*_PRECERT-poison":          {parse.VMC, true, "tm:US:2015389", tsdr + "2015389" + tail},
		"2021-07_*_no-marktype":             {parse.VMC, true, "tm:EM:018265322", "https://euipo.europa.eu/eSearch/#details/trademarks/018265322"},
		"2025-08_*_registered-mark":         {parse.VMC, false, "tm:US:5817930", tsdr + "5817930" + tail},
		"2025-03_*_GB_3hashes":              {parse.VMC, false, "tm:GB:UK00800952838", "https://trademarks.ipo.gov.uk/ipo-tmcase/page/Results/1/UK00800952838"},
		"2025-03_*_BX1510250":               {parse.VMC, false, "tm:BX:1510250", ""},
		"2025-06_*_CMC-prior-use_sourceurl": {parse.CMC, false, "logo:", ""},
		"2024-10_*_pilot-ext-critical":      {parse.CMC, false, "logo:", ""},
		"2025-08_*_AE-org_CH-trademark":     {parse.VMC, false, "tm:CH:835375", ""},
	}
	for name, want := range tests {
		files, err := filepath.Glob(fixtures(t, "leafs") + "/" + name + ".pem")
		if err != nil || len(files) != 1 {
			t.Fatalf("%s: files %v, %v", name, files, err)
		}
		m, err := parse.Certificate(readPEM(t, files[0]))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if m.Class != want.class || m.ClassInferred != want.inferred {
			t.Errorf("%s: class %v inferred %v, want %v %v", name, m.Class, m.ClassInferred, want.class, want.inferred)
		}
		if got := m.MarkKey(); !strings.HasPrefix(got, want.key) {
			t.Errorf("%s: key %q, want %q", name, got, want.key)
		}
		if m.Trademark != nil && m.Trademark.RecordURL != want.url {
			t.Errorf("%s: record %q, want %q", name, m.Trademark.RecordURL, want.url)
		}
		if m.Test {
			t.Errorf("%s: is a test certificate: %s", name, m.TestReason)
		}
	}
}

func TestRealInvalidFiles(t *testing.T) {
	tests := map[string]string{
		"selfsigned-no-eku":                   "not a mark certificate: it has no extended key usage 1.3.6.1.5.5.7.3.31",
		"selfsigned-labsec":                   "not a mark certificate: it has no extended key usage 1.3.6.1.5.5.7.3.31",
		"mkcert-tls-as-vmc":                   "not a mark certificate: it has no extended key usage 1.3.6.1.5.5.7.3.31",
		"domaindetective-fake-logotype":       "not a mark certificate: it has no extended key usage 1.3.6.1.5.5.7.3.31",
		"random-bytes-not-der":                "not a mark certificate: these bytes aren't an X.509 certificate in DER",
		"placeholder_not-der":                 "reading PEM block 1: undoing its base64: illegal base64 data",
		"cnn2025_CORRUPTED-logotype":          "reading svg of mark certificate: its gzip stream can't be unpacked",
		"bimi-quest_synthetic-selfsigned-vmc": "",
	}
	for name, want := range tests {
		file, err := os.Open(fixtures(t, "invalid/"+name+".pem"))
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for doc, err := range parse.Documents(file) {
			n++
			got := ""
			if doc.Err != nil {
				got = doc.Err.Error()
			}
			if err != nil || !strings.HasPrefix(got, want) || got != "" && want == "" {
				t.Errorf("%s: %q and %v, want %q", name, got, err, want)
			}
			var bad *parse.MalformedError
			if errors.As(doc.Err, &bad) && (bad.Partial == nil || bad.Partial.Organisation.Name == "" || bad.Partial.Trademark == nil || bad.DER == nil) {
				t.Errorf("%s: the partial certificate lacks its subject", name)
			}
		}
		if n != 1 {
			t.Errorf("%s: %d documents, want 1", name, n)
		}
		file.Close()
	}
}

func TestRealCAsAreNoMarks(t *testing.T) {
	for _, folder := range []string{"ca-roots", "ca-intermediates"} {
		files, err := filepath.Glob(filepath.Join(fixtures(t, folder), "*.pem"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", folder, len(files), err)
		}
		for _, file := range files {
			if _, err := parse.Certificate(readPEM(t, file)); !errors.Is(err, parse.ErrNotMark) {
				t.Errorf("%s: %v, want ErrNotMark", file, err)
			}
		}
	}
}

// realLeaf is one entry of leaf-inputs.json.
type realLeaf struct {
	Prefix    string `json:"leaf_cert_sha256_prefix"`
	Org       string `json:"org"`
	Timestamp int64  `json:"sct_timestamp_ms"`
	LeafInput []byte `json:"leaf_input"`
	LeafHash  string `json:"leaf_hash"`
}

// decodeLeaves reads leaf-inputs.json with other code than that under test.
func decodeLeaves(t *testing.T, text []byte) []realLeaf {
	t.Helper()
	var out []realLeaf
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// hexOf writes lower hex.
func hexOf(b []byte) string { return hex.EncodeToString(b) }

func TestRealGorgonLeaves(t *testing.T) {
	file, err := os.Open(fixtures(t, "gorgon/leaf-inputs.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	text, err := os.ReadFile(file.Name())
	if err != nil {
		t.Fatal(err)
	}
	want := decodeLeaves(t, text)
	pairs := finalCertificates(t)
	n := 0
	for doc, err := range parse.Documents(file) {
		if err != nil || doc.Err != nil {
			t.Fatalf("%s: %v, %v", doc.Source, doc.Err, err)
		}
		w := want[n]
		if doc.Position != n || doc.Source != fmt.Sprintf("entry %d", n) {
			t.Errorf("document %d is %d, %q", n, doc.Position, doc.Source)
		}
		e := doc.Entry
		if e.Type != parse.PrecertEntry || !e.Timestamp.Equal(time.UnixMilli(w.Timestamp)) || e.Mark.Organisation.Name != w.Org {
			t.Errorf("entry %d: %v %v %q, want %v %q", n, e.Type, e.Timestamp, e.Mark.Organisation.Name, w.Timestamp, w.Org)
		}
		final := pairs[e.Mark.TBSSHA256]
		if final == nil || !strings.HasPrefix(hexOf(final.SHA256[:]), w.Prefix) {
			t.Errorf("entry %d isn't paired with certificate %s", n, w.Prefix)
		}
		n++
	}
	if n != len(want) || n != 15 {
		t.Errorf("%d entries, want %d", n, len(want))
	}
}

// finalCertificates gives the real certificates by the hash that pairs them with their entries.
func finalCertificates(t *testing.T) map[[32]byte]*parse.MarkCertificate {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(fixtures(t, "leafs"), "*.pem"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[[32]byte]*parse.MarkCertificate{}
	for _, f := range files {
		m, err := parse.Certificate(readPEM(t, f))
		if err != nil {
			t.Fatal(err)
		}
		out[m.TBSSHA256] = m
	}
	return out
}

func TestRealLogotypeExtensions(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(fixtures(t, "logotype-extensions"), "*.der"))
	if err != nil || len(files) != 4 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	tests := map[string]struct {
		role, media string
		size, gzip  int
	}{
		"20d251dc2dd4": {"1.3.6.1.5.5.7.20.3", "image/svg+xml-compressed", 9313, 2051},
		"470935438d15": {"subject", "image/svg+xml+gzip", 3233, 1498},
		"d94dc0ed8821": {"1.3.6.1.5.5.7.20.3", "image/svg+xml+gzip", 9313, 2051},
		"ee2331695904": {"subject", "image/svg+xml-compressed", 3233, 1498},
	}
	for _, file := range files {
		der, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name, _, _ := strings.Cut(filepath.Base(file), ".")
		want := tests[name]
		logos, findings, err := parse.Logotype(der[bytes.Index(der, []byte{0x04, 0x82})+4:])
		if err != nil || len(logos) != 1 || len(findings) > 0 {
			t.Fatalf("%s: %d logos, findings %v, %v", name, len(logos), findings, err)
		}
		l := logos[0]
		if l.Role != want.role || l.MediaType != want.media || len(l.SVG) != want.size || l.CompressedSize != want.gzip || !l.Hashes[0].Matches {
			t.Errorf("%s: %s %s %d %d, want %+v", name, l.Role, l.MediaType, len(l.SVG), l.CompressedSize, want)
		}
	}
}
