package parse_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"unicode/utf8"

	"markwatch/internal/marktest"
	"markwatch/parse"
)

// seeds gives a certificate of every kind and fault.
func seeds() []marktest.Issued {
	ca := marktest.NewCA("Seed")
	var out []marktest.Issued
	for _, k := range append(marktest.Kinds(), marktest.Malformations()...) {
		if k.Spec.Malform != marktest.LogotypeTooLarge && k.Spec.Malform != marktest.LogotypeBomb { // megabytes are no seed
			out = append(out, ca.Issue(k.Spec, sct(1)))
		}
	}
	return out
}

// checkMark tests what holds for whatever was read.
func checkMark(t *testing.T, m *parse.MarkCertificate) {
	t.Helper()
	text, err := json.Marshal(m)
	if err != nil || !utf8.Valid(text) {
		t.Fatalf("JSON of the mark: %v", err)
	}
	for _, a := range m.Subject {
		if !utf8.ValidString(a.Value) {
			t.Errorf("%s isn't valid UTF-8: %q", a.Name, a.Value)
		}
	}
	for _, l := range m.Logos {
		if len(l.Data) > parse.MaxSVG || len(l.Title) > 0 && !utf8.ValidString(l.Title) {
			t.Errorf("logo of %d bytes, title %q", len(l.Data), l.Title)
		}
	}
	if len(m.TBS) > 0 && m.TBSSHA256 != sha256.Sum256(m.TBS) {
		t.Error("TBSSHA256 isn't the hash of TBS")
	}
	if m.MarkKey() == "" || m.Organisation.Key() == "" || !utf8.ValidString(m.MarkKey()) || !utf8.ValidString(m.Issuer.String()) {
		t.Error("a key is empty or no UTF-8")
	}
}

// checkResult tests that a result is a mark or one of the two errors.
func checkResult(t *testing.T, in []byte, m *parse.MarkCertificate, err error) {
	t.Helper()
	var bad *parse.MalformedError
	switch {
	case err == nil:
		checkMark(t, m)
	case errors.As(err, &bad):
		if m != nil || bad.Part == "" || len(bad.DER) == 0 {
			t.Errorf("malformed %q with %d bytes and mark %v", bad.Part, len(bad.DER), m != nil)
		}
		if bad.Partial != nil {
			checkMark(t, bad.Partial)
		}
		if !parse.Claims(in) {
			t.Error("what doesn't claim to be a mark is malformed")
		}
	case !errors.Is(err, parse.ErrNotMark):
		t.Errorf("error of no known kind: %v", err)
	}
}

func FuzzCertificate(f *testing.F) {
	for _, s := range seeds() {
		f.Add(s.Certificate)
		f.Add(s.Precertificate)
	}
	f.Fuzz(func(t *testing.T, der []byte) {
		m, err := parse.Certificate(der)
		checkResult(t, der, m, err)
		if err != nil {
			return
		}
		again, err := parse.TBS(m.TBS)
		if err != nil || again.TBSSHA256 != m.TBSSHA256 {
			t.Errorf("its TBS reads otherwise: %v", err)
		}
	})
}

func FuzzTBS(f *testing.F) {
	for _, s := range seeds() {
		f.Add(s.TBS)
	}
	f.Fuzz(func(t *testing.T, tbs []byte) {
		m, err := parse.TBS(tbs)
		checkResult(t, tbs, m, err)
	})
}

func FuzzLeaf(f *testing.F) {
	for _, s := range seeds() {
		f.Add(precertLeaf(s, 1), precertExtra(s))
		f.Add(x509Leaf(s, 1), x509Extra(s))
	}
	f.Fuzz(func(t *testing.T, leaf, extra []byte) {
		e, err := parse.Leaf(leaf, extra)
		if e != nil && e.Mark != nil {
			checkMark(t, e.Mark)
		}
		var bad *parse.MalformedError
		if err != nil && !errors.Is(err, parse.ErrNotMark) && !errors.As(err, &bad) {
			t.Errorf("error of no known kind: %v", err)
		}
	})
}

func FuzzLogotype(f *testing.F) {
	for _, s := range seeds() {
		m, err := parse.Certificate(s.Certificate)
		var bad *parse.MalformedError
		if errors.As(err, &bad) {
			m = bad.Partial
		}
		if m == nil {
			continue
		}
		for _, e := range m.Extensions {
			if e.OID == "1.3.6.1.5.5.7.1.12" {
				f.Add(e.Value)
			}
		}
	}
	f.Fuzz(func(t *testing.T, value []byte) {
		logos, findings, err := parse.Logotype(value)
		var bad *parse.MalformedError
		if err != nil && !errors.As(err, &bad) {
			t.Errorf("error of no known kind: %v", err)
		}
		checkMark(t, &parse.MarkCertificate{Logos: logos, Findings: findings})
	})
}

func FuzzDocuments(f *testing.F) {
	for i, s := range seeds() {
		f.Add(s.Certificate)
		f.Add(pemOf(s.Certificate, s.Precertificate))
		if i < 3 {
			f.Add(getEntries(s))
		}
	}
	f.Add([]byte(`[{"leaf_input":"AAA"},{"leaf_input":7},8]`))
	f.Add([]byte("-----BEGIN CERTIFICATE-----\n?\n-----END CERTIFICATE-----"))
	f.Fuzz(func(t *testing.T, in []byte) {
		next := 0
		for doc, err := range parse.Documents(bytes.NewReader(in)) {
			if err != nil {
				continue
			}
			if doc.Position != next || doc.Source == "" || (doc.Err == nil) != (doc.Mark != nil && (doc.Err == nil)) {
				t.Errorf("document %d: %+v", next, doc)
			}
			next++
		}
	})
}

func FuzzCanonicalNumber(f *testing.F) {
	for _, s := range []string{"5,817,930", "018265322", "UK00003647211", "30 2012 012345.6", "TMA1,234,567", "1510250A", "第1234567号"} {
		for _, c := range []string{"US", "EU", "UK", "DE", "CA", "WO", "JP", "", "Atlantis"} {
			f.Add(c, s)
		}
	}
	f.Fuzz(func(t *testing.T, country, identifier string) {
		n := parse.CanonicalNumber(country, identifier)
		if n.Country != country || n.Identifier != identifier {
			t.Error("raw values are lost")
		}
		if n.RecordURL != "" && !n.Fits {
			t.Errorf("%q doesn't fit and has a link", n.Number)
		}
		if !utf8.ValidString(n.Number) {
			t.Errorf("number %q isn't UTF-8", n.Number)
		}
		again := parse.CanonicalNumber(n.Register, n.Number)
		if n.Fits && (again.Number != n.Number || !again.Fits) {
			t.Errorf("%q of %q is %q, and that %q", identifier, n.Register, n.Number, again.Number)
		}
		parse.Family(n.Register, n.Number)
		parse.RegisterName(country)
	})
}

func FuzzFoldOrganisation(f *testing.F) {
	for _, s := range []string{"Pocket Heron, Inc.", "Møllebæk A/S", "株式会社北", "GmbH", "!!!", "A & B GmbH & Co. KG", "J. P. Oak", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		base, form := parse.FoldOrganisation(name)
		if (base == "") != (name == "") || !utf8.ValidString(base) || !utf8.ValidString(form) {
			t.Errorf("%q folds to %q and %q", name, base, form)
		}
	})
}

func FuzzSAN(f *testing.F) {
	for _, s := range []string{"a.example", "default._bimi.a.example", "xn--bcher-kva.example", "*.a.co.uk", "bücher.example", ".", "..", "_bimi."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		san := parse.NewSAN(raw)
		if !utf8.ValidString(san.Raw+san.Selector+san.Domain) || !utf8.ValidString(san.Unicode+san.Registrable) {
			t.Errorf("%q gives %+v", raw, san)
		}
		parse.IsTest([]parse.SAN{san})
	})
}

// pemOf writes PEM with text around the blocks.
func pemOf(ders ...[]byte) []byte {
	var b bytes.Buffer
	for i, der := range ders {
		fmt.Fprintf(&b, "certificate %d -----\n-----BEGIN CERTIFICATE-----\r\n", i)
		text := base64.StdEncoding.EncodeToString(der)
		for len(text) > 64 {
			b.WriteString(text[:64] + "\r\n")
			text = text[64:]
		}
		b.WriteString(text + "\r\n-----END CERTIFICATE-----\r\n\r\n")
	}
	return b.Bytes()
}

// getEntries writes what a log answers: the precertificate, then the certificate.
func getEntries(issued ...marktest.Issued) []byte {
	type entry struct {
		LeafInput []byte `json:"leaf_input"`
		ExtraData []byte `json:"extra_data"`
	}
	var body struct {
		Entries []entry `json:"entries"`
	}
	for _, s := range issued {
		body.Entries = append(body.Entries, entry{precertLeaf(s, 1), precertExtra(s)}, entry{x509Leaf(s, 2), x509Extra(s)})
	}
	text, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return text
}
