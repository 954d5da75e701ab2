package lint_test

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"markwatch/internal/marktest"
	"markwatch/parse"
	"markwatch/parse/lint"
)

// spec is a certificate without a finding, to be changed.
func spec() marktest.Spec {
	s := marktest.Registered("Larkspur Kettle Works Ltd", "larkspur-kettle.com", 1)
	s.SVG = []byte(`<svg xmlns="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny-ps" viewBox="0 0 8 8"><title>Larkspur</title><rect width="8" height="8"/></svg>`)
	return s
}

// sct is a timestamp of a log, whose id is all zeros but for its first byte.
func sct(log byte) []byte {
	out := make([]byte, 1+32+8+2+2+2+1)
	out[1] = log
	out[len(out)-2] = 1 // length of the signature
	return out
}

// world is what approves of the certificates of these tests.
type world struct {
	ca      *marktest.CA
	checker lint.Checker
}

func newWorld() *world {
	w := &world{ca: marktest.NewCA("Lint Test CA")}
	w.checker = lint.Checker{Logs: [][32]byte{{1}}, Roots: [][32]byte{sha256.Sum256(w.ca.Root())}}
	return w
}

// mint makes and reads a certificate with a timestamp of the approved log.
func (w *world) mint(t *testing.T, s marktest.Spec) *parse.MarkCertificate {
	t.Helper()
	m, err := parse.Certificate(w.ca.Issue(s, sct(1)).Certificate)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// rules gives the rules that were broken, but for those of logos.
func rules(findings []parse.Finding) []string {
	var out []string
	for _, f := range findings {
		if !strings.HasPrefix(f.Rule, "svg-") {
			out = append(out, f.Rule)
		}
	}
	return out
}

type ruleCase struct {
	rule   string // that is broken, "" for none
	name   string
	spec   func(*marktest.Spec)
	change func(*parse.MarkCertificate) // what can't be minted
}

func domains(names ...string) func(*marktest.Spec) {
	return func(s *marktest.Spec) { s.Domains = names }
}

func nameCases() []ruleCase {
	return []ruleCase{
		{"san-present", "no domain", domains(), nil},
		{"san-wildcard", "wildcard", domains("*.larkspur.com"), nil},
		{"san-underscore", "underscore", domains("a_b.larkspur.com"), nil},
		{"san-underscore", "bimi label without selector", domains("_bimi.larkspur.com"), nil},
		{"", "selector", domains("winter._bimi.larkspur.com"), nil},
		{"san-reserved", "example.com", domains("mail.example.com"), nil},
		{"san-reserved", "onion", domains("kettle.onion"), nil},
		{"", "a name that ends like a reserved one", domains("myexample.com"), nil},
		{"san-internal", "one label", domains("kettle"), nil},
		{"san-internal", "no such top-level domain", domains("kettle.corp"), nil},
		{"san-public-suffix", "public suffix", domains("co.uk"), nil},
		{"", "below a private suffix", domains("larkspur.github.io"), nil},
		{"san-syntax", "empty label", domains("a..larkspur.com"), nil},
		{"san-syntax", "trailing dot", domains("larkspur.com."), nil},
		{"san-syntax", "space", domains("lark spur.com"), nil},
		{"san-syntax", "long label", domains(strings.Repeat("a", 64) + ".com"), nil},
		{"san-syntax", "a name without end", domains(strings.Repeat("xn--0ca.", 100_000) + "com"), nil},
		{"san-syntax", "hyphen first", domains("-a.com"), nil},
		{"san-a-label", "no A-label", domains("xn--99999999999.com"), nil},
		{"san-a-label", "hyphens that mean nothing", domains("ab--cd.com"), nil},
		{"", "A-label", domains("xn--bcher-kva.com"), nil},
		{"", "A-label in capitals", domains("XN--BCHER-KVA.COM"), nil},
	}
}

func subjectCases() []ruleCase {
	statute := func(s *marktest.Spec) {
		s.MarkType, s.TrademarkOffice, s.TrademarkCountry, s.TrademarkIdentifier = "Government Mark", "", "", ""
	}
	priorUse := func(s *marktest.Spec) { statute(s); s.MarkType = "Prior Use Mark" }
	return []ruleCase{
		{"mark-type-required", "no markType", func(s *marktest.Spec) { s.MarkType = "" }, nil},
		{"", "no markType in 2022", func(s *marktest.Spec) { s.MarkType, s.NotBefore = "", time.Date(2022, 3, 1, 0, 0, 0, 0, time.UTC) }, nil},
		{"mark-attributes-required", "registered mark without number", func(s *marktest.Spec) { s.TrademarkIdentifier = "" }, nil},
		{"mark-attributes-required", "government mark without citation", func(s *marktest.Spec) { statute(s); s.StatuteCountry = "GB" }, nil},
		{"", "government mark", func(s *marktest.Spec) { statute(s); s.StatuteCountry, s.StatuteCitation = "GB", "Kettles Act 1902" }, nil},
		{"mark-attributes-forbidden", "registered mark with statute", func(s *marktest.Spec) { s.StatuteCountry = "GB" }, nil},
		{"mark-attributes-forbidden", "prior use mark with number", func(s *marktest.Spec) {
			priorUse(s)
			s.PriorUseURL, s.TrademarkIdentifier = "https://web.archive.org/web/2024/https://larkspur.com/", "1234"
		}, nil},
		{"", "unknown markType", func(s *marktest.Spec) { s.MarkType = "Sworn Mark" }, nil},
		{"prior-use-source", "prior use mark without source", priorUse, nil},
		{"", "prior use mark of 2024 without source", func(s *marktest.Spec) { priorUse(s); s.NotBefore = time.Date(2024, 11, 1, 0, 0, 0, 0, time.UTC) }, nil},
		{"prior-use-archive", "source that isn't an archive", func(s *marktest.Spec) { priorUse(s); s.PriorUseURL = "https://larkspur.com/" }, nil},
		{"prior-use-archive", "source that is no address", func(s *marktest.Spec) { priorUse(s); s.PriorUseURL = "larkspur" }, nil},
		{"trademark-country", "no register", func(s *marktest.Spec) { s.TrademarkCountry = "QQ" }, nil},
		{"trademark-country-spelling", "UK", func(s *marktest.Spec) { s.TrademarkCountry = "UK" }, nil},
		{"organisation-present", "no organisation", func(s *marktest.Spec) { s.Organisation = "" }, nil},
		{"organisation-length", "65 characters", func(s *marktest.Spec) { s.Organisation = strings.Repeat("ü", 65) }, nil},
		{"", "64 characters", func(s *marktest.Spec) { s.Organisation = strings.Repeat("ü", 64) }, nil},
		{"street-present", "no street", func(s *marktest.Spec) { s.Streets = nil }, nil},
		{"", "three streets", func(s *marktest.Spec) { s.Streets = []string{"a", "b", "c"} }, nil},
		{"place-present", "no place", func(s *marktest.Spec) { s.Locality, s.State = "", "" }, nil},
		{"country-form", "no country", func(s *marktest.Spec) { s.Country = "" }, nil},
		{"country-form", "lower case", func(s *marktest.Spec) { s.JurisdictionCountry = "gb" }, nil},
		{"registration-number-present", "no registration number", func(s *marktest.Spec) { s.RegistrationNumber = "" }, nil},
		{"business-category", "no category", func(s *marktest.Spec) { s.BusinessCategory = "" }, nil},
		{"business-category", "another category", func(s *marktest.Spec) { s.BusinessCategory = "Kettle Maker" }, nil},
		{"jurisdiction-country", "no jurisdiction", func(s *marktest.Spec) { s.JurisdictionCountry = "" }, nil},
		{"duplicate-attribute", "two numbers", func(s *marktest.Spec) {
			s.Attributes = []marktest.Attribute{{OID: "2.5.4.5", Type: 12, Value: "2"}}
		}, nil},
	}
}

func certificateCases() []ruleCase {
	return []ruleCase{
		{"", "good", nil, nil},
		{"eku-sole", "another EKU", func(s *marktest.Spec) { s.ExtraEKUs = []string{"1.3.6.1.5.5.7.3.1"} }, nil},
		{"eku-sole", "no EKU", nil, func(m *parse.MarkCertificate) { m.EKUs = nil }},
		{"eku-sole", "only another EKU", nil, func(m *parse.MarkCertificate) { m.EKUs = []string{"1.3.6.1.5.5.7.3.1"} }},
		{"policy-mark", "another policy", func(s *marktest.Spec) { s.Policies = []string{"1.2.3"} }, nil},
		{"policy-mark", "no policy", nil, func(m *parse.MarkCertificate) { m.Policies = nil }},
		{"serial-entropy", "short serial", func(s *marktest.Spec) { s.Serial = []byte{1, 2, 3, 4, 5, 6, 7} }, nil},
		{"", "64 bits and a sign octet", func(s *marktest.Spec) { s.Serial = []byte{0, 0x82, 3, 4, 5, 6, 7, 8, 9} }, nil},
		{"serial-form", "negative", func(s *marktest.Spec) { s.Serial = []byte{0x80, 2, 3, 4, 5, 6, 7, 8} }, nil},
		{"serial-form", "21 octets", func(s *marktest.Spec) { s.Serial = []byte(strings.Repeat("\x01", 21)) }, nil},
		{"validity", "399 days", func(s *marktest.Spec) {
			s.NotBefore = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
			s.NotAfter = s.NotBefore.AddDate(0, 0, 398)
		}, nil},
		{"", "398 days", func(s *marktest.Spec) {
			s.NotBefore = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
			s.NotAfter = s.NotBefore.AddDate(0, 0, 398).Add(-time.Second)
		}, nil},
		{"validity", "backwards", nil, func(m *parse.MarkCertificate) { m.NotAfter = m.NotBefore.Add(-time.Hour) }},
		{"key", "RSA 1024", nil, func(m *parse.MarkCertificate) { m.KeyAlgorithm, m.KeyBits = "RSAPublicKey 1024", 1024 }},
		{"", "RSA 4096", nil, func(m *parse.MarkCertificate) { m.KeyAlgorithm, m.KeyBits = "RSAPublicKey 4096", 4096 }},
		{"key", "secp256k1", nil, func(m *parse.MarkCertificate) { m.KeyAlgorithm = "ECPublicKey secp256k1" }},
		{"signature-algorithm", "SHA-1", nil, func(m *parse.MarkCertificate) { m.SignatureAlgorithm = "sha1WithRSAEncryption" }},
		{"crl-present", "no CRL", nil, func(m *parse.MarkCertificate) { m.CRLs = nil }},
		{"crl-address", "CRL by LDAP", func(s *marktest.Spec) { s.CRLs = []string{"ldap://crl.larkspur.com/a"} }, nil},
		{"pilot-after-end", "pilot", func(s *marktest.Spec) { s.Pilot = true }, nil},
		{"", "pilot of 2024", func(s *marktest.Spec) { s.Pilot, s.NotBefore = true, time.Date(2024, 11, 1, 0, 0, 0, 0, time.UTC) }, nil},
		{"logotype-compressed", "plain logo", func(s *marktest.Spec) { s.Plain = true }, nil},
		{"logotype-sha1-alone", "SHA-1", func(s *marktest.Spec) { s.Hashes = []string{"sha1"} }, nil},
		{"", "SHA-1 in 2021", func(s *marktest.Spec) {
			s.Hashes, s.NotBefore = []string{"sha1"}, time.Date(2021, 8, 1, 0, 0, 0, 0, time.UTC)
		}, nil},
		{"", "SHA-1 beside another", func(s *marktest.Spec) { s.Hashes = []string{"sha1", "sha256"} }, nil},
		{"sct-present", "no timestamp", nil, func(m *parse.MarkCertificate) { m.SCTs = nil }},
		{"", "precertificate", nil, func(m *parse.MarkCertificate) { m.SCTs, m.Precertificate = nil, true }},
		{"sct-approved-log", "another log", nil, func(m *parse.MarkCertificate) { m.SCTs[0].LogID = [32]byte{2} }},
	}
}

// chainRules are shown by TestChains.
const chainRules = "issuer-match issuer-eku issuer-signature issuer-root chain-link chain-whole"

// TestRules guards each rule by a certificate that breaks it and no other.
func TestRules(t *testing.T) {
	w := newWorld()
	shown := map[string]bool{}
	for _, tc := range slices.Concat(certificateCases(), nameCases(), subjectCases()) {
		t.Run(tc.rule+"/"+tc.name, func(t *testing.T) {
			s := spec()
			if tc.spec != nil {
				tc.spec(&s)
			}
			m := w.mint(t, s)
			if tc.change != nil {
				tc.change(m)
			}
			var want []string
			if tc.rule != "" {
				want = []string{tc.rule}
			}
			findings := w.checker.Check(m, time.Time{}, w.ca.Chain())
			if diff := cmp.Diff(want, slices.Compact(rules(findings))); diff != "" {
				t.Errorf("rules broken (-want +got):\n%s\n%+v", diff, findings)
			}
		})
		shown[tc.rule] = true
	}
	for _, r := range lint.Rules() {
		if !shown[r.ID] && !strings.Contains(chainRules, r.ID) {
			t.Errorf("no case breaks %s", r.ID)
		}
	}
}

// TestChains guards the rules of who issued it.
func TestChains(t *testing.T) {
	w := newWorld()
	other := marktest.NewCA("Other Test CA")
	tls := other.IssueTLS("larkspur-kettle.com", 1).Certificate
	delegated := w.ca.IssueDelegated(spec(), sct(1))
	m := w.mint(t, spec())
	bare, err := parse.TBS(delegated.TBS)
	if err != nil {
		t.Fatal(err)
	}
	broken := *m
	broken.DER = slices.Clone(m.DER)
	broken.DER[len(broken.DER)-1] ^= 1
	damaged := slices.Clone(w.ca.Chain()[0])
	damaged[len(damaged)-1] ^= 1
	for _, tc := range []struct {
		name  string
		mark  *parse.MarkCertificate
		chain [][]byte
		want  []string
	}{
		{"good", m, w.ca.Chain(), nil},
		{"unknown", m, nil, nil},
		{"without the root", m, w.ca.Chain()[:1], nil},
		{"not readable", m, [][]byte{{0x30, 0}}, []string{"chain-link"}},
		{"root not readable", m, [][]byte{w.ca.Chain()[0], {0x30, 0}}, []string{"chain-link"}},
		{"a CA that the root did not sign", m, [][]byte{damaged, w.ca.Root()}, []string{"chain-link"}},
		{"another certificate in between", m, [][]byte{w.ca.Chain()[0], tls, w.ca.Root()}, []string{"chain-link"}},
		{"a long chain", m, append([][]byte{w.ca.Chain()[0]}, slices.Repeat([][]byte{w.ca.Root()}, 60)...), nil},
		{"another's", m, other.Chain(), []string{"issuer-match", "issuer-signature", "issuer-root"}},
		{"another's end", m, [][]byte{w.ca.Chain()[0], other.Root()}, []string{"issuer-root", "chain-link"}},
		{"signature changed", &broken, w.ca.Chain(), []string{"issuer-signature"}},
		{"not a CA for marks", m, [][]byte{tls}, []string{"issuer-match", "issuer-eku", "issuer-signature"}},
		{"by a certificate for precertificates", bare, delegated.Chain, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			findings := w.checker.Check(tc.mark, time.Time{}, tc.chain)
			if diff := cmp.Diff(tc.want, rules(findings)); diff != "" {
				t.Errorf("rules broken (-want +got):\n%s\n%+v", diff, findings)
			}
		})
	}
}

// TestDates guards that a certificate is judged by the rules of its day, or of a day that is asked for.
func TestDates(t *testing.T) {
	w := newWorld()
	s := spec()
	s.Pilot = true
	m := w.mint(t, s)
	end := time.Date(2025, 3, 15, 0, 0, 0, 0, time.UTC)
	for when, want := range map[time.Time][]string{end: {"pilot-after-end"}, end.Add(-time.Second): nil, {}: {"pilot-after-end"}} {
		if diff := cmp.Diff(want, rules(w.checker.Check(m, when, nil))); diff != "" {
			t.Errorf("by the rules of %v (-want +got):\n%s", when, diff)
		}
	}
}

// TestLogo guards that the findings of a logo are among those of its certificate, and aren't endless.
func TestLogo(t *testing.T) {
	w := newWorld()
	s := spec()
	s.SVG = []byte(strings.Replace(string(s.SVG), "<rect", strings.Repeat("<rect opacity='1'/>", 50)+"<rect", 1))
	m := w.mint(t, s)
	var told []parse.Finding
	for _, f := range w.checker.Check(m, time.Time{}, nil) {
		if f.Rule == "svg-attribute" {
			told = append(told, f)
		}
	}
	if len(told) != 3 || told[0].Severity != parse.SeverityError || told[2].Detail != "line 1, column 162 of the logo: <rect> has no attribute opacity (and 47 more of them)" {
		t.Errorf("the logo's findings are %+v", told)
	}
	if found := w.checker.Check(m, time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), nil); len(found) != 0 {
		t.Errorf("before the profile was published there are findings: %+v", found)
	}
}

// TestBuiltIn guards that nothing is approved by accident.
func TestBuiltIn(t *testing.T) {
	w := newWorld()
	got := rules(lint.Check(w.mint(t, spec()), time.Time{}, w.ca.Chain()))
	if diff := cmp.Diff([]string{"sct-approved-log", "issuer-root"}, got); diff != "" {
		t.Errorf("an invented log and root, by what is built in (-want +got):\n%s", diff)
	}
	if len(lint.ApprovedLogs()) != 1 || len(lint.KnownRoots()) != 8 {
		t.Errorf("%d logs and %d roots are built in", len(lint.ApprovedLogs()), len(lint.KnownRoots()))
	}
}

// TestEntry guards that a log entry is judged by its chain, and keeps what parse found.
func TestEntry(t *testing.T) {
	w := newWorld()
	m := w.mint(t, spec())
	m.Findings = []parse.Finding{{Rule: "before"}}
	w.checker.Entry(&parse.Entry{Mark: m, Chain: [][]byte{w.ca.Chain()[0], marktest.NewCA("Other Test CA").Root()}})
	if diff := cmp.Diff([]string{"before", "issuer-root", "chain-link"}, rules(m.Findings)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// TestLoggedChain guards that a log entry is held to what its log must show beside it: its own
// precertificate, signed by its issuer, with a chain to a known root.
func TestLoggedChain(t *testing.T) {
	w := newWorld()
	other := marktest.NewCA("Other Test CA")
	issued, foreign := w.ca.Issue(spec(), sct(1)), other.Issue(spec(), sct(1))
	twin := spec()
	twin.Serial = []byte("another serial")
	forged := slices.Clone(issued.Precertificate)
	forged[len(forged)-1] ^= 1
	for _, tc := range []struct {
		name  string
		pre   []byte
		chain [][]byte
		want  []string
	}{
		{"as it must be", issued.Precertificate, issued.Chain, nil},
		{"no chain", issued.Precertificate, nil, []string{"extra-data"}},
		{"no root", issued.Precertificate, issued.Chain[:1], []string{"chain-whole"}},
		{"another certificate", w.ca.Issue(twin).Precertificate, issued.Chain, []string{"extra-data"}},
		{"another's precertificate and chain", foreign.Precertificate, foreign.Chain, []string{"extra-data", "issuer-key-hash", "issuer-match", "issuer-root"}},
		{"no poison", issued.Certificate, issued.Chain, []string{"extra-data"}},
		{"another signature", forged, issued.Chain, []string{"issuer-signature"}},
		{"another's chain", issued.Precertificate, other.Chain(), []string{"issuer-key-hash", "issuer-match", "issuer-signature", "issuer-root"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e, err := parse.Leaf(precertLeaf(issued), extraData(tc.pre, tc.chain))
			if err != nil {
				t.Fatal(err)
			}
			w.checker.Entry(e)
			if diff := cmp.Diff(tc.want, rules(e.Mark.Findings)); diff != "" {
				t.Errorf("findings (-want +got):\n%s\n%+v", diff, e.Mark.Findings)
			}
		})
	}
}

// precertLeaf is the MerkleTreeLeaf of a precertificate (RFC 6962 section 3.4).
func precertLeaf(issued marktest.Issued) []byte {
	leaf := append([]byte{0, 0, 0, 0, 1, 0x90, 0, 0, 0, 0, 0, 1}, issued.IssuerKeyHash[:]...)
	return append(uint24(leaf, issued.TBS), 0, 0)
}

// extraData is that of a precertificate (RFC 6962 section 4.6).
func extraData(precertificate []byte, chain [][]byte) []byte {
	var list []byte
	for _, c := range chain {
		list = uint24(list, c)
	}
	return uint24(uint24(nil, precertificate), list)
}

// uint24 appends v after its length in three bytes.
func uint24(b, v []byte) []byte {
	return append(append(b, byte(len(v)>>16), byte(len(v)>>8), byte(len(v))), v...)
}

// TestKinds guards that every kind of certificate can be judged.
func TestKinds(t *testing.T) {
	w := newWorld()
	for _, kind := range marktest.Kinds() {
		m, err := parse.Certificate(w.ca.Issue(kind.Spec).Certificate)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range w.checker.Check(m, time.Time{}, w.ca.Chain()) {
			if f.Rule == "" || f.Severity == "" || f.Detail == "" || f.Citation == "" {
				t.Errorf("%s: a finding is incomplete: %+v", kind.Name, f)
			}
		}
	}
}

func FuzzCheck(f *testing.F) {
	w := newWorld()
	for _, kind := range marktest.Kinds() {
		f.Add(w.ca.Issue(kind.Spec, sct(1)).Certificate, w.ca.Chain()[0])
	}
	f.Fuzz(func(t *testing.T, der, issuer []byte) {
		m, err := parse.Certificate(der)
		if err != nil {
			return
		}
		for _, found := range lint.Check(m, time.Time{}, [][]byte{issuer, issuer}) {
			if len(found.Detail) > 4096 || !slices.Contains([]string{"error", "warning", "notice"}, found.Severity) {
				t.Errorf("finding %+v can't be shown", found)
			}
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	w := newWorld()
	m, err := parse.Certificate(w.ca.Issue(spec(), sct(1)).Certificate)
	if err != nil {
		b.Fatal(err)
	}
	for _, chain := range [][][]byte{nil, w.ca.Chain()} {
		b.Run(fmt.Sprintf("chain of %d", len(chain)), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				w.checker.Check(m, time.Time{}, chain)
			}
		})
	}
}
