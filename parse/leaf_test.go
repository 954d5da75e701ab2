package parse_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"strings"
	"testing"
	"time"

	"markwatch/internal/marktest"
	"markwatch/parse"
)

// opaque writes a TLS vector with a length of so many bytes.
func opaque(width int, content []byte) []byte {
	n := binary.BigEndian.AppendUint32(nil, uint32(len(content)))
	return append(n[4-width:], content...)
}

// header is a MerkleTreeLeaf up to its entry.
func header(timestamp uint64, kind uint16) []byte {
	b := binary.BigEndian.AppendUint64([]byte{0, 0}, timestamp)
	return binary.BigEndian.AppendUint16(b, kind)
}

func precertLeaf(s marktest.Issued, timestamp uint64) []byte {
	b := append(header(timestamp, 1), s.IssuerKeyHash[:]...)
	return append(append(b, opaque(3, s.TBS)...), opaque(2, []byte("ext"))...)
}

func x509Leaf(s marktest.Issued, timestamp uint64) []byte {
	return append(append(header(timestamp, 0), opaque(3, s.Certificate)...), 0, 0)
}

func chain(s marktest.Issued) []byte {
	var list []byte
	for _, c := range s.Chain {
		list = append(list, opaque(3, c)...)
	}
	return opaque(3, list)
}

func precertExtra(s marktest.Issued) []byte { return append(opaque(3, s.Precertificate), chain(s)...) }

func x509Extra(s marktest.Issued) []byte { return chain(s) }

// sct is a serialised SCT of an invented log.
func sct(n byte) []byte {
	b := append([]byte{0}, bytes.Repeat([]byte{n}, 32)...)
	b = binary.BigEndian.AppendUint64(b, 1767600000123)
	b = append(b, 0, 0, 4, 3)
	return append(b, opaque(2, []byte("signature"))...)
}

// finding gives the details of the findings of a rule.
func finding(m *parse.MarkCertificate, rule string) []string {
	var out []string
	for _, f := range m.Findings {
		if f.Rule == rule {
			out = append(out, f.Detail)
		}
	}
	return out
}

func TestLeaf(t *testing.T) {
	ca := marktest.NewCA("Weaver")
	for _, k := range marktest.Kinds() {
		s := ca.Issue(k.Spec, sct(1))
		pre, err := parse.Leaf(precertLeaf(s, 1767600000123), precertExtra(s))
		if err != nil {
			t.Fatalf("%s: %v", k.Name, err)
		}
		final, err := parse.Leaf(x509Leaf(s, 1767600000124), x509Extra(s))
		if err != nil {
			t.Fatalf("%s: %v", k.Name, err)
		}
		if pre.Type.String() != "precert_entry" || final.Type.String() != "x509_entry" || string(pre.Extensions) != "ext" {
			t.Errorf("%s: types %v and %v, extensions %q", k.Name, pre.Type, final.Type, pre.Extensions)
		}
		if want := time.UnixMilli(1767600000123).UTC(); pre.Timestamp != want {
			t.Errorf("%s: timestamp %v, want %v", k.Name, pre.Timestamp, want)
		}
		if !pre.Mark.Precertificate || final.Mark.Precertificate {
			t.Errorf("%s: precertificate %v and %v", k.Name, pre.Mark.Precertificate, final.Mark.Precertificate)
		}
		if pre.Mark.TBSSHA256 != final.Mark.TBSSHA256 || pre.Mark.TBSSHA256 != sha256.Sum256(s.TBS) {
			t.Errorf("%s: precertificate and certificate aren't paired", k.Name)
		}
		if !bytes.Equal(pre.Mark.DER, s.Precertificate) || pre.Mark.SHA256 != sha256.Sum256(s.Precertificate) || pre.IssuerKeyHash != s.IssuerKeyHash {
			t.Errorf("%s: the precertificate of extra_data isn't kept", k.Name)
		}
		if len(pre.Chain) != 2 || !bytes.Equal(pre.Chain[0], s.Chain[0]) || len(final.Chain) != 2 {
			t.Errorf("%s: chains of %d and %d", k.Name, len(pre.Chain), len(final.Chain))
		}
		if d := append(finding(pre.Mark, "extra-data"), finding(pre.Mark, "issuer-key-hash")...); len(d) > 0 {
			t.Errorf("%s: findings %q", k.Name, d)
		}
	}
}

func TestLeafContradictedByExtraData(t *testing.T) {
	ca, other := marktest.NewCA("Weaver"), marktest.NewCA("Spinner")
	spec := marktest.Registered("Larkspur Kettle Works Ltd", "larkspur-kettle.example", 1)
	s := ca.Issue(spec)
	spec.Nonce++
	tests := []struct {
		name, rule, detail string
		extra              []byte
	}{
		{"another precertificate", "extra-data", "isn't the one that the leaf is of", precertExtra(ca.Issue(spec))},
		{"the certificate", "extra-data", "has no poison", append(opaque(3, s.Certificate), chain(s)...)},
		{"noise", "extra-data", "doesn't begin with a precertificate", []byte("noise!")},
		{"no certificate", "extra-data", "can't be read", append(opaque(3, []byte("noise")), chain(s)...)},
		{"no chain", "extra-data", "doesn't end with a certificate chain", opaque(3, s.Precertificate)},
		{"trailing data", "extra-data", "doesn't end with a certificate chain", append(precertExtra(s), 0)},
		{"cut chain", "extra-data", "cut short", append(opaque(3, s.Precertificate), opaque(3, []byte{0, 0, 9, 1})...)},
		{"chain of noise", "extra-data", "issuer in the chain of extra_data can't be read", append(opaque(3, s.Precertificate), opaque(3, opaque(3, []byte("noise")))...)},
		{"another's chain", "issuer-key-hash", "that of the chain's issuer", append(opaque(3, s.Precertificate), chain(other.Issue(spec))...)},
	}
	for _, tt := range tests {
		e, err := parse.Leaf(precertLeaf(s, 1), tt.extra)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if got := strings.Join(finding(e.Mark, tt.rule), "; "); !strings.Contains(got, tt.detail) {
			t.Errorf("%s: finding %q, want %q", tt.name, got, tt.detail)
		}
		if der := e.Mark.DER; der != nil && (!bytes.Equal(der, s.Precertificate) || e.Mark.SHA256 != sha256.Sum256(s.Precertificate)) {
			t.Errorf("%s: it is kept as the leaf's precertificate", tt.name)
		}
	}
}

// A log that takes a precertificate by add-chain has not logged a certificate.
func TestPoisonedX509Entry(t *testing.T) {
	s := marktest.NewCA("Weaver").Issue(marktest.Kinds()[0].Spec)
	s.Certificate = s.Precertificate
	e, err := parse.Leaf(x509Leaf(s, 1), x509Extra(s))
	if err != nil || !e.Mark.Precertificate || len(finding(e.Mark, "poison-in-certificate")) != 1 {
		t.Errorf("%v, mark %+v", err, e)
	}
}

func TestLeafWithoutExtraData(t *testing.T) {
	s := marktest.NewCA("Weaver").Issue(marktest.Kinds()[0].Spec)
	e, err := parse.Leaf(precertLeaf(s, 1), nil)
	if err != nil || e.Mark.DER != nil || e.Chain != nil || len(finding(e.Mark, "extra-data")) > 0 {
		t.Errorf("%v, mark %+v", err, e)
	}
}

func TestLeafMalformed(t *testing.T) {
	ca := marktest.NewCA("Weaver")
	s := ca.Issue(marktest.Kinds()[0].Spec)
	good := precertLeaf(s, 1)
	change := func(at int, to byte) []byte {
		b := bytes.Clone(good)
		b[at] = to
		return b
	}
	tests := map[string]struct {
		leaf []byte
		want string
	}{
		"version":    {change(0, 1), "version 1 and leaf type 0"},
		"leaf type":  {change(1, 7), "version 0 and leaf type 7"},
		"entry type": {change(11, 9), "entry type 9 is unknown"},
		"cut":        {good[:len(good)-9], "ends within its certificate"},
		"length":     {change(44, 0xff), "ends within its certificate"},
	}
	for name, tt := range tests {
		e, err := parse.Leaf(tt.leaf, nil)
		var bad *parse.MalformedError
		if !errors.As(err, &bad) || bad.Part != "leaf" || !bytes.Equal(bad.DER, tt.leaf) || !strings.Contains(err.Error(), tt.want) || e != nil {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
	trailing, err := parse.Leaf(append(bytes.Clone(good), 1, 2), nil)
	if err != nil || len(finding(trailing.Mark, "leaf-trailing-data")) != 1 {
		t.Errorf("trailing data: %v", err)
	}
	tls := ca.IssueTLS("shop.example", 1)
	if _, err := parse.Leaf(x509Leaf(tls, 1), x509Extra(tls)); !errors.Is(err, parse.ErrNotMark) {
		t.Errorf("TLS certificate: %v, want ErrNotMark", err)
	}
}

// A malformed certificate in a leaf keeps its entry, so that the time and the chain are known.
func TestLeafOfMalformedCertificate(t *testing.T) {
	spec := marktest.Kinds()[0].Spec
	spec.Malform = marktest.LogotypeGzip
	s := marktest.NewCA("Weaver").Issue(spec)
	e, err := parse.Leaf(precertLeaf(s, 1767600000123), precertExtra(s))
	var bad *parse.MalformedError
	if !errors.As(err, &bad) {
		t.Fatalf("%v, want a MalformedError", err)
	}
	if e == nil || e.Mark != bad.Partial || len(e.Chain) != 2 || !bytes.Equal(e.Mark.DER, s.Precertificate) {
		t.Errorf("entry %+v", e)
	}
	if d := finding(e.Mark, "extra-data"); len(d) > 0 {
		t.Errorf("findings %q", d)
	}
}

func TestLeafOfDelegatedPrecertificate(t *testing.T) {
	ca := marktest.NewCA("Weaver")
	spec := marktest.Registered("Larkspur Kettle Works Ltd", "larkspur-kettle.example", 1)
	s := ca.IssueDelegated(spec)
	e, err := parse.Leaf(precertLeaf(s, 1), precertExtra(s))
	if err != nil {
		t.Fatal(err)
	}
	if d := append(finding(e.Mark, "extra-data"), finding(e.Mark, "issuer-key-hash")...); len(d) > 0 {
		t.Errorf("findings %q", d)
	}
	spec.Organisation = "Larkspur Kettle Works LLP"
	s.Precertificate = ca.IssueDelegated(spec).Precertificate
	if e, err = parse.Leaf(precertLeaf(s, 1), precertExtra(s)); err != nil || len(finding(e.Mark, "extra-data")) != 1 {
		t.Errorf("another precertificate: %v, findings %v", err, e.Mark.Findings)
	}
}
