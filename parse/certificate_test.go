package parse_test

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"markwatch/internal/marktest"
	"markwatch/parse"
)

// kind gives the spec of a kind by its name.
func kind(t testing.TB, name string) marktest.Spec {
	t.Helper()
	for _, k := range marktest.Kinds() {
		if k.Name == name {
			return k.Spec
		}
	}
	t.Fatalf("there is no kind %q", name)
	return marktest.Spec{}
}

// read mints and reads a certificate that must be right.
func read(t testing.TB, s marktest.Spec, scts ...[]byte) *parse.MarkCertificate {
	t.Helper()
	m, err := parse.Certificate(marktest.NewCA("Weaver").Issue(s, scts...).Certificate)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// rules gives the rules of all findings.
func rules(m *parse.MarkCertificate) []string {
	var out []string
	for _, f := range m.Findings {
		out = append(out, f.Rule)
	}
	return out
}

func TestKinds(t *testing.T) {
	tests := map[string]struct {
		class    parse.Class
		inferred bool
		findings []string
	}{
		"registered mark":            {parse.VMC, false, nil},
		"government mark":            {parse.VMC, false, nil},
		"prior use mark":             {parse.CMC, false, nil},
		"modified registered mark":   {parse.CMC, false, nil},
		"pending registration mark":  {parse.UnknownClass, false, []string{"mark-type-unknown"}},
		"unknown mark type":          {parse.UnknownClass, false, []string{"mark-type-unknown"}},
		"no mark type":               {parse.VMC, true, []string{"mark-type-absent"}},
		"no mark type, no trademark": {parse.UnknownClass, false, []string{"mark-type-absent"}},
		"pilot extension":            {parse.VMC, false, []string{"pilot-extension"}},
		"several hashes":             {parse.VMC, false, nil},
		"several domains":            {parse.VMC, false, nil},
		"internationalised domain":   {parse.VMC, false, nil},
		"repeated street":            {parse.VMC, false, nil},
		"test certificate":           {parse.VMC, false, nil},
		"uncompressed logo":          {parse.VMC, false, nil},
		"gzip media type":            {parse.VMC, false, nil},
		"RSA key":                    {parse.VMC, false, nil},
		"extra EKU":                  {parse.VMC, false, nil},
		"no logo":                    {parse.VMC, false, []string{"logotype-absent"}},
		"raster logo":                {parse.VMC, false, []string{"logotype-not-svg"}},
		"teletex strings":            {parse.VMC, false, nil},
		"BMP strings":                {parse.VMC, false, nil},
		"universal strings":          {parse.VMC, false, nil},
		"UTF-8 strings":              {parse.VMC, false, nil},
		"invalid UTF-8":              {parse.VMC, false, []string{"string-encoding"}},
	}
	for _, k := range marktest.Kinds() {
		want, ok := tests[k.Name]
		if !ok {
			t.Errorf("kind %q isn't tested", k.Name)
			continue
		}
		m := read(t, k.Spec)
		if m.Class != want.class || m.ClassInferred != want.inferred || m.MarkType != k.Spec.MarkType {
			t.Errorf("%s: %q is class %v inferred %v, want %v %v", k.Name, m.MarkType, m.Class, m.ClassInferred, want.class, want.inferred)
		}
		if diff := cmp.Diff(want.findings, rules(m)); diff != "" {
			t.Errorf("%s: findings (-want +got):\n%s", k.Name, diff)
		}
		if m.Organisation.Name != k.Spec.Organisation {
			t.Errorf("%s: organisation %q, want %q", k.Name, m.Organisation.Name, k.Spec.Organisation)
		}
		if m.Test != (k.Name == "test certificate") {
			t.Errorf("%s: test is %v: %s", k.Name, m.Test, m.TestReason)
		}
	}
}

func TestSubject(t *testing.T) {
	m := read(t, kind(t, "prior use mark"))
	want := parse.Organisation{
		Name: "Pocket Heron, Inc.", CommonName: "Pocket Heron, Inc.", Country: "US", State: "Vermont", Locality: "Alder Falls",
		Streets: []string{"7 Mill Race", "Floor 2"}, JurisdictionCountry: "US", JurisdictionState: "Vermont",
		RegistrationNumber: "0098123", BusinessCategory: "Private Organization", LEI: "529900PCKTHRN0000042",
	}
	if diff := cmp.Diff(want, m.Organisation); diff != "" {
		t.Errorf("organisation (-want +got):\n%s", diff)
	}
	if m.WordMark != "POCKET HERON" || m.PriorUseURL != "https://archive.example/web/20240110/https://pocketheron.example/" || m.Trademark != nil || m.Statute != nil {
		t.Errorf("word mark %q, prior use %q, trademark %v, statute %v", m.WordMark, m.PriorUseURL, m.Trademark, m.Statute)
	}
	gov := read(t, kind(t, "government mark"))
	wantStatute := &parse.Statute{Country: "NZ", State: "Thistle Province", Locality: "Thistleford",
		Citation: "Footpaths Emblem Act 1987, s. 4(2)", URL: "https://laws.thistleford.example/footpaths-emblem-act"}
	if diff := cmp.Diff(wantStatute, gov.Statute); diff != "" {
		t.Errorf("statute (-want +got):\n%s", diff)
	}
	all := marktest.Registered("Ash Ltd", "ash.example", 1)
	all.Units, all.OrganizationIdentifier = []string{"Brand", "Web"}, "VATGB-1"
	all.State, all.JurisdictionState, all.JurisdictionLocality, all.StringType = "Fen", "Fen", "Thistleford", 0x0c
	got := read(t, all)
	if diff := cmp.Diff([]string{"Brand", "Web"}, got.Organisation.Units); diff != "" {
		t.Error(diff)
	}
	o := got.Organisation
	if o.OrganizationIdentifier != "VATGB-1" || o.JurisdictionState != "Fen" || o.JurisdictionLocality != "Thistleford" || o.PostalCode != "TF1 2LK" {
		t.Errorf("organisation %+v", o)
	}
	if first := got.Subject[0]; first.Name != "jurisdictionCountryName" || first.OID != "1.3.6.1.4.1.311.60.2.1.3" || first.Value != "GB" || first.Type != 0x0c || string(first.Raw) != "GB" {
		t.Errorf("first attribute %+v", first)
	}
}

func TestCertificateFields(t *testing.T) {
	s := marktest.Registered("Ash Ltd", "ash.example", 1)
	s.Serial = []byte{0x00, 0x0a, 0xbc}
	s.NotBefore, s.NotAfter = time.Date(2049, 12, 1, 1, 2, 3, 0, time.UTC), time.Date(2050, 12, 1, 0, 0, 0, 0, time.UTC)
	s.OCSP, s.CAIssuers = "http://ocsp.example", "http://ca.example/1.crt"
	s.CRLs = []string{"http://crl.example/1.crl", "http://crl.example/2.crl"}
	s.Policies = []string{"1.3.6.1.4.1.53087.1.1", "2.999.4"}
	ca := marktest.NewCA("Weaver")
	issued := ca.Issue(s, sct(1), sct(2))
	m, err := parse.Certificate(issued.Certificate)
	if err != nil {
		t.Fatal(err)
	}
	if m.Serial != "abc" || !bytes.Equal(m.SerialRaw, s.Serial) || m.Version != 3 || m.SHA256 != sha256.Sum256(issued.Certificate) {
		t.Errorf("serial %q (%x), version %d", m.Serial, m.SerialRaw, m.Version)
	}
	if m.NotBefore != s.NotBefore || m.NotAfter != s.NotAfter {
		t.Errorf("valid %v to %v", m.NotBefore, m.NotAfter)
	}
	if diff := cmp.Diff([]parse.AccessDescription{{"OCSP", "http://ocsp.example"}, {"caIssuers", "http://ca.example/1.crt"}}, m.AIA); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([][]string{s.CRLs, s.Policies, {"1.3.6.1.5.5.7.3.31"}}, [][]string{m.CRLs, m.Policies, m.EKUs}); diff != "" {
		t.Error(diff)
	}
	if m.SignatureAlgorithm != "ecdsa-with-SHA256" || m.KeyAlgorithm != "ECPublicKey P-256" || m.KeyBits != 256 {
		t.Errorf("signature %q, key %q of %d", m.SignatureAlgorithm, m.KeyAlgorithm, m.KeyBits)
	}
	if len(m.SubjectKeyID) != sha1.Size || len(m.AuthorityKeyID) != sha1.Size {
		t.Errorf("key identifiers %x and %x", m.SubjectKeyID, m.AuthorityKeyID)
	}
	if m.Issuer.String() != "CN=Weaver Mark Issuing CA 1,O=Weaver,C=DK" {
		t.Errorf("issuer %q", m.Issuer)
	}
	if len(m.SCTs) != 2 || m.SCTs[1].LogID[0] != 2 || m.SCTs[0].Timestamp.UnixMilli() != 1767600000123 || m.SCTs[0].HashAlgorithm != 4 ||
		m.SCTs[0].SignatureAlgorithm != 3 || string(m.SCTs[0].Signature) != "signature" || !bytes.Equal(m.SCTs[1].Raw, sct(2)) {
		t.Errorf("SCTs %+v", m.SCTs)
	}
	if e := m.Extensions[len(m.Extensions)-1]; e.OID != "1.3.6.1.4.1.11129.2.4.2" || e.Critical {
		t.Errorf("last extension %+v", e)
	}
	rsa := read(t, kind(t, "RSA key"))
	if rsa.KeyAlgorithm != "RSAPublicKey 2048" || rsa.KeyBits != 2048 {
		t.Errorf("key %q of %d", rsa.KeyAlgorithm, rsa.KeyBits)
	}
}

func TestPairsShareTheirTBS(t *testing.T) {
	ca := marktest.NewCA("Weaver")
	for _, k := range marktest.Kinds() {
		s := ca.Issue(k.Spec, sct(1))
		pre, err := parse.Certificate(s.Precertificate)
		if err != nil {
			t.Fatal(err)
		}
		final, err := parse.Certificate(s.Certificate)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(pre.TBS, s.TBS) || !bytes.Equal(final.TBS, s.TBS) || pre.TBSSHA256 != final.TBSSHA256 {
			t.Errorf("%s: precertificate and certificate don't share the TBS", k.Name)
		}
		if !pre.Precertificate || final.Precertificate {
			t.Errorf("%s: precertificate %v and %v", k.Name, pre.Precertificate, final.Precertificate)
		}
		if bare, err := parse.TBS(s.TBS); err != nil || bare.DER != nil || bare.SHA256 != [32]byte{} || !bytes.Equal(bare.TBS, s.TBS) {
			t.Errorf("%s: bare TBS: %v", k.Name, err)
		}
	}
}

func TestLogo(t *testing.T) {
	s := kind(t, "several hashes")
	m := read(t, s)
	var algorithms []string
	for _, h := range m.Logo.Hashes {
		algorithms = append(algorithms, h.Algorithm)
		if !h.Matches {
			t.Errorf("%s doesn't match", h.Algorithm)
		}
	}
	if diff := cmp.Diff(s.Hashes, algorithms); diff != "" {
		t.Error(diff)
	}
	if !bytes.Equal(m.Logo.SVG, s.SVG) || m.Logo.SVGSHA256 != sha256.Sum256(s.SVG) || m.Logo.CompressedSize == 0 || m.Logo.Role != "subject" {
		t.Errorf("logo %+v", m.Logo)
	}
	if m.Logo.Title != "Larkspur Kettle Works Ltd" || !m.Logo.HasTitle || m.Logo.MediaType != "image/svg+xml" {
		t.Errorf("title %q, media type %q", m.Logo.Title, m.Logo.MediaType)
	}
	if plain := read(t, kind(t, "uncompressed logo")).Logo; plain.CompressedSize != 0 || plain.SVG == nil {
		t.Errorf("uncompressed logo %+v", plain)
	}
	raster := read(t, kind(t, "raster logo")).Logo
	if raster.SVG != nil || !bytes.HasPrefix(raster.Data, []byte("\x89PNG")) || !raster.Hashes[0].Matches || raster.SVGSHA256 != [32]byte{} {
		t.Errorf("raster logo %+v", raster)
	}
	if none := read(t, kind(t, "no logo")); none.Logo != nil || none.Logos != nil {
		t.Errorf("no logo %+v", none.Logo)
	}
}

// The extension's two bytes after its own length say whose logo it is: 2 is the subject's.
func TestLogoOfIssuer(t *testing.T) {
	m := read(t, marktest.Registered("Ash Ltd", "ash.example", 1))
	for _, e := range m.Extensions {
		if e.OID != "1.3.6.1.5.5.7.1.12" {
			continue
		}
		value := bytes.Clone(e.Value)
		value[bytes.IndexByte(value, 0xa2)] = 0xa1
		s := marktest.Registered("Ash Ltd", "ash.example", 1)
		s.SVG, s.Extensions = nil, []marktest.Extension{{OID: e.OID, Value: value}}
		other := read(t, s)
		if other.Logo.Role != "issuer" || len(finding(other, "logotype-not-subject")) != 1 {
			t.Errorf("role %q, findings %v", other.Logo.Role, other.Findings)
		}
		return
	}
	t.Fatal("there is no logotype extension")
}

func TestTitles(t *testing.T) {
	tests := []struct {
		svg, title string
		has        bool
	}{
		{"<svg><title>Ash &amp; Oak</title></svg>", "Ash & Oak", true},
		{"<svg><!-- <title>no</title> --><title>yes</title></svg>", "yes", true},
		{"<svg><desc><![CDATA[<title>no</title>]]></desc><title>yes</title></svg>", "yes", true},
		{"<s:svg><s:title lang='en'><![CDATA[a<b]]></s:title></s:svg>", "a<b", true},
		{"<svg><titles>no</titles></svg>", "", false},
		{"<svg><title/></svg>", "", true},
		{"<svg><title", "", true},
		{"<svg><!-- never closed <title>no</title>", "", false},
		{"<svg><title>\xff</title></svg>", "\ufffd", true},
		{"no markup", "", false},
	}
	for _, tt := range tests {
		s := marktest.Registered("Ash Ltd", "ash.example", 1)
		s.SVG = []byte(tt.svg)
		if l := read(t, s).Logo; l.Title != tt.title || l.HasTitle != tt.has {
			t.Errorf("%s: title %q %v, want %q %v", tt.svg, l.Title, l.HasTitle, tt.title, tt.has)
		}
	}
}

func TestMalformations(t *testing.T) {
	tests := map[string]struct {
		part    string // of a MalformedError
		reason  string
		finding string // of a readable certificate
		notMark string
	}{
		"truncated":           {part: "certificate", reason: "it ends early"},
		"bad validity":        {part: "validity", reason: "notBefore can't be read"},
		"bad SAN":             {part: "subject alternative name", reason: "its ASN.1 isn't what the definition says"},
		"bad EKU":             {part: "extended key usage", reason: "its ASN.1 isn't what the definition says"},
		"no EKU":              {notMark: "it has no extended key usage"},
		"CA true":             {notMark: "it is the certificate of a CA"},
		"duplicate extension": {finding: "duplicate-extension"},
		"bad SCT list":        {finding: "extension-unreadable"},
		"logotype ASN.1":      {part: "logotype", reason: "its ASN.1 isn't a LogotypeExtn"},
		"logotype empty":      {finding: "logotype-absent"},
		"logotype base64":     {part: "logotype", reason: "its data URI can't be decoded"},
		"logotype gzip":       {part: "svg", reason: "its gzip stream can't be unpacked"},
		"logotype cut":        {part: "svg", reason: "its gzip stream can't be unpacked"},
		"logotype bomb":       {part: "svg", reason: "it is larger than 1048576 bytes"},
		"logotype too large":  {part: "svg", reason: "it is larger than 1048576 bytes"},
		"logotype hash":       {finding: "logotype-hash-mismatch"},
		"logotype link":       {finding: "logotype-not-embedded"},
		"logotype twice":      {finding: "several-mark-representations"},
	}
	ca := marktest.NewCA("Weaver")
	for _, k := range marktest.Malformations() {
		want, ok := tests[k.Name]
		if !ok {
			t.Errorf("malformation %q isn't tested", k.Name)
			continue
		}
		s := ca.Issue(k.Spec)
		m, err := parse.Certificate(s.Certificate)
		var bad *parse.MalformedError
		switch {
		case want.notMark != "":
			if !errors.Is(err, parse.ErrNotMark) || !strings.Contains(err.Error(), want.notMark) {
				t.Errorf("%s: %v, want ErrNotMark", k.Name, err)
			}
		case want.finding != "":
			if err != nil || len(finding(m, want.finding)) == 0 {
				t.Errorf("%s: %v, want finding %s", k.Name, err, want.finding)
			}
		case !errors.As(err, &bad):
			t.Errorf("%s: %v, want a MalformedError", k.Name, err)
		default:
			if bad.Part != want.part || !strings.Contains(bad.Error(), want.reason) || !bytes.Equal(bad.DER, s.Certificate) {
				t.Errorf("%s: %v, want %s: %s", k.Name, bad, want.part, want.reason)
			}
			if bad.Partial == nil || bad.Partial.Organisation.Name != "Larkspur Kettle Works Ltd" || bad.Partial.Trademark == nil {
				t.Errorf("%s: partial certificate %+v", k.Name, bad.Partial)
			}
		}
	}
}

func TestNotCertificates(t *testing.T) {
	ca := marktest.NewCA("Weaver")
	tests := map[string][]byte{
		"nothing":     nil,
		"text":        []byte("hello"),
		"TLS":         ca.IssueTLS("shop.example", 1).Certificate,
		"issuing CA":  ca.Issuing(),
		"root":        ca.Root(),
		"OID in name": ca.IssueTLS("+\x06\x01\x05\x05\x07\x03\x1f.example", 1).Certificate,
	}
	for name, der := range tests {
		if m, err := parse.Certificate(der); !errors.Is(err, parse.ErrNotMark) || m != nil {
			t.Errorf("%s: %v, want ErrNotMark", name, err)
		}
	}
	if _, err := parse.Certificate([]byte("+\x06\x01\x05\x05\x07\x03\x1f")); errors.Is(err, parse.ErrNotMark) || err == nil {
		t.Errorf("noise with the OID: %v, want a MalformedError", err)
	}
}

// What is too large, or holds too much, is malformed and not read on.
func TestBounds(t *testing.T) {
	s := marktest.Registered("Ash Ltd", "ash.example", 1)
	s.Domains = make([]string, 30000)
	for i := range s.Domains {
		s.Domains[i] = "a.example"
	}
	many := marktest.NewCA("Weaver").Issue(s).Certificate
	s = marktest.Registered("Ash Ltd", "ash.example", 1)
	for range 300 {
		s.Extensions = append(s.Extensions, marktest.Extension{OID: "2.999.1"})
	}
	extensions := marktest.NewCA("Weaver").Issue(s).Certificate
	s = marktest.Registered("Ash Ltd", "ash.example", 1)
	s.Extensions = []marktest.Extension{{OID: "2.999.1", Value: make([]byte, parse.MaxCertificate)}}
	large := marktest.NewCA("Weaver").Issue(s).Certificate
	for want, der := range map[string][]byte{"more than 20000 names": many, "there are more than 256": extensions, "are more than 2097152": large} {
		_, err := parse.Certificate(der)
		var bad *parse.MalformedError
		if !errors.As(err, &bad) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func TestNameString(t *testing.T) {
	n := parse.Name{
		{Name: "countryName", Value: "DK"},
		{Name: "organizationName", Value: ` Ash, "Oak" <Elm>; a+b\c `, RDN: 1},
		{Name: "commonName", Value: "#1", RDN: 2},
		{Name: "2.999.1", Value: "nul\x00", RDN: 2},
	}
	want := `CN=\#1+2.999.1=nul\00,O=\ Ash\, \"Oak\" \<Elm\>\; a\+b\\c\ ,C=DK`
	if got := n.String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := n.First("commonName"); got != "#1" {
		t.Errorf("first commonName %q", got)
	}
	if got := (parse.Name{}).String(); got != "" {
		t.Errorf("empty name %q", got)
	}
}
