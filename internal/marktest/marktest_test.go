package marktest_test

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"sync"
	"testing"

	"markwatch/internal/marktest"
)

func TestChainVerifies(t *testing.T) {
	ca := marktest.NewCA("Weaver")
	issuing, err := x509.ParseCertificate(ca.Issuing())
	if err != nil {
		t.Fatalf("issuing CA: %v", err)
	}
	root, err := x509.ParseCertificate(ca.Root())
	if err != nil {
		t.Fatalf("root: %v", err)
	}
	if err := issuing.CheckSignatureFrom(root); err != nil {
		t.Errorf("issuing CA isn't signed by root: %v", err)
	}
	out := ca.Issue(marktest.Registered("Larkspur Kettle Works Ltd", "larkspur-kettle.example", 1))
	for name, der := range map[string][]byte{"certificate": out.Certificate, "precertificate": out.Precertificate} {
		leaf, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := leaf.CheckSignatureFrom(issuing); err != nil {
			t.Errorf("%s isn't signed by the issuing CA: %v", name, err)
		}
	}
	if got, want := out.IssuerKeyHash, sha256.Sum256(issuing.RawSubjectPublicKeyInfo); got != want {
		t.Errorf("issuer key hash %x, want %x", got, want)
	}
}

func TestKindsParse(t *testing.T) {
	ca := marktest.NewCA("Weaver")
	for _, k := range marktest.Kinds() {
		out := ca.Issue(k.Spec)
		_, err := x509.ParseCertificate(out.Certificate)
		// The standard library refuses these string types; that is why parse has its own reader.
		strange := k.Name == "invalid UTF-8" || k.Name == "universal strings"
		if (err != nil) != strange {
			t.Errorf("%s: standard library says %v", k.Name, err)
		}
	}
}

func TestIssueIsDeterministic(t *testing.T) {
	for _, k := range append(marktest.Kinds(), marktest.Malformations()...) {
		a := marktest.NewCA("Weaver").Issue(k.Spec, []byte("one"), []byte("two"))
		b := marktest.NewCA("Weaver").Issue(k.Spec, []byte("one"), []byte("two"))
		if !bytes.Equal(a.Certificate, b.Certificate) || !bytes.Equal(a.Precertificate, b.Precertificate) {
			t.Errorf("%s: issued twice, it differs", k.Name)
		}
		if bytes.Equal(a.Certificate, a.Precertificate) {
			t.Errorf("%s: certificate is the precertificate", k.Name)
		}
	}
}

func TestIssueConcurrently(t *testing.T) {
	ca := marktest.NewCA("Weaver")
	spec := marktest.Registered("Larkspur Kettle Works Ltd", "larkspur-kettle.example", 1)
	want := ca.Issue(spec).Certificate
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 20 {
				if got := ca.Issue(spec).Certificate; !bytes.Equal(got, want) {
					t.Error("issued by several goroutines, it differs")
					return
				}
			}
		})
	}
	group.Wait()
}

func TestSerialsDiffer(t *testing.T) {
	ca := marktest.NewCA("Weaver")
	spec := marktest.Registered("Larkspur Kettle Works Ltd", "larkspur-kettle.example", 1)
	seen := map[string]bool{}
	for n := range uint64(20) {
		spec.Nonce = n
		c, err := x509.ParseCertificate(ca.Issue(spec).Certificate)
		if err != nil {
			t.Fatal(err)
		}
		seen[c.SerialNumber.String()] = true
	}
	if len(seen) != 20 {
		t.Errorf("%d serial numbers for 20 issuances", len(seen))
	}
}

func TestIssueTLS(t *testing.T) {
	ca := marktest.NewCA("Weaver")
	out := ca.IssueTLS("shop.example", 3)
	leaf, err := x509.ParseCertificate(out.Certificate)
	if err != nil {
		t.Fatal(err)
	}
	issuing, err := x509.ParseCertificate(out.Chain[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := leaf.CheckSignatureFrom(issuing); err != nil {
		t.Error(err)
	}
	if err := leaf.VerifyHostname("www.shop.example"); err != nil {
		t.Error(err)
	}
	if bytes.Equal(ca.IssueTLS("shop.example", 4).Certificate, out.Certificate) {
		t.Error("the fourth certificate is the third")
	}
}

func TestIssueDelegated(t *testing.T) {
	ca := marktest.NewCA("Weaver")
	spec := marktest.Registered("Larkspur Kettle Works Ltd", "larkspur-kettle.example", 1)
	out, plain := ca.IssueDelegated(spec), ca.Issue(spec)
	if !bytes.Equal(out.TBS, plain.TBS) || !bytes.Equal(out.Certificate, plain.Certificate) || len(out.Chain) != 3 {
		t.Errorf("the certificate isn't the plain one, or the chain has %d certificates", len(out.Chain))
	}
	pre, err := x509.ParseCertificate(out.Precertificate)
	if err != nil {
		t.Fatal(err)
	}
	above := pre
	for i, der := range out.Chain {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		if err := above.CheckSignatureFrom(c); err != nil {
			t.Errorf("chain certificate %d didn't sign what is below it: %v", i, err)
		}
		above = c
	}
}

func TestSVGsDiffer(t *testing.T) {
	seen := map[string]uint64{}
	for n := range uint64(100) {
		s := string(marktest.SVG("Fern & Sons", n))
		if other, ok := seen[s]; ok {
			t.Errorf("logos %d and %d are one", other, n)
		}
		seen[s] = n
	}
}

func BenchmarkIssue(b *testing.B) {
	ca := marktest.NewCA("Weaver")
	spec := marktest.Registered("Larkspur Kettle Works Ltd", "larkspur-kettle.example", 1)
	for b.Loop() {
		spec.Nonce++
		ca.Issue(spec)
	}
}
