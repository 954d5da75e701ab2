package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/binary"
	"fmt"
	"math/big"
	"time"

	"markwatch/internal/marktest"
)

// world mints what the logs hold: certificates of TLS servers as general logs
// have them, and marks.
type world struct {
	marks   *marktest.CA
	key     *ecdsa.PrivateKey
	chain   [][]byte // issuing CA and root, of TLS
	keyHash [32]byte // SHA-256 of the issuing CA's SubjectPublicKeyInfo
	poison  []byte   // TBSCertificates of one length: of a precertificate,
	plain   []byte   // of its entry in a log,
	final   []byte   // and with SCTs
}

// issuance is a certificate with its precertificate, and their chain.
type issuance struct {
	precertificate, certificate, tbs []byte
	keyHash                          [32]byte
	chain                            [][]byte
}

// Of TLS certificates.
const (
	hostDigits = 9
	serial     = 0x5ca1ab1e << 32 // the first; below are the digits of the host
)

// newWorld mints the CAs and what all TLS certificates have in common.
func newWorld() (*world, error) {
	w := &world{marks: marktest.NewCA("Peers CA")}
	root, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		return nil, err
	}
	if w.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		return nil, err
	}
	authority := func(name string) *x509.Certificate {
		return &x509.Certificate{
			SerialNumber: big.NewInt(int64(len(name))), Subject: pkix.Name{Country: []string{"GB"}, Organization: []string{"Peers Trust Works Ltd"}, CommonName: name},
			NotBefore: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2039, 1, 1, 0, 0, 0, 0, time.UTC), IsCA: true,
			BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
			CRLDistributionPoints: []string{"http://crl.trust.example/root.crl"}, IssuingCertificateURL: []string{"http://ca.trust.example/root.der"},
		}
	}
	top, issuing := authority("Peers TLS Root"), authority("Peers TLS Issuing CA 1")
	rootDER, err := x509.CreateCertificate(rand.Reader, top, top, root.Public(), root)
	if err != nil {
		return nil, err
	}
	issuingDER, err := x509.CreateCertificate(rand.Reader, issuing, top, w.key.Public(), root)
	if err != nil {
		return nil, err
	}
	w.chain = [][]byte{issuingDER, rootDER}
	parent, err := x509.ParseCertificate(issuingDER)
	if err != nil {
		return nil, err
	}
	w.keyHash = sha256.Sum256(parent.RawSubjectPublicKeyInfo)
	return w, w.templates(parent)
}

// templates mints the TBSCertificates that all TLS certificates are made from.
func (w *world) templates(parent *x509.Certificate) error {
	subject, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	scts, err := asn1.Marshal(sctList())
	if err != nil {
		return err
	}
	host := hostName(0)
	for _, t := range []struct {
		to  *[]byte
		ext []pkix.Extension
	}{
		{&w.poison, []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11129, 2, 4, 3}, Critical: true, Value: asn1.NullBytes}}},
		{&w.plain, nil},
		{&w.final, []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11129, 2, 4, 2}, Value: scts}}},
	} {
		der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
			SerialNumber: new(big.Int).SetUint64(serial), Subject: pkix.Name{CommonName: host},
			NotBefore: time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2026, 12, 30, 0, 0, 0, 0, time.UTC),
			KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
			BasicConstraintsValid: true, DNSNames: []string{host, "www." + host, "api." + host}, PolicyIdentifiers: []asn1.ObjectIdentifier{{2, 23, 140, 1, 2, 1}},
			CRLDistributionPoints: []string{"http://crl.trust.example/issuing-1/42.crl"}, IssuingCertificateURL: []string{"http://ca.trust.example/issuing-1.der"},
			OCSPServer: []string{"http://ocsp.trust.example"}, ExtraExtensions: t.ext,
		}, parent, subject.Public(), w.key)
		if err != nil {
			return err
		}
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			return err
		}
		*t.to = cert.RawTBSCertificate
	}
	return nil
}

// sctList is the list of two SCTs, of logs that don't exist.
func sctList() []byte {
	sct := make([]byte, 119)
	copy(sct[1:], "a log of the world that the peers")
	copy(sct[43:], []byte{4, 3, 0, 72})
	one := append(binary.BigEndian.AppendUint16(nil, uint16(len(sct))), sct...)
	return append(binary.BigEndian.AppendUint16(nil, uint16(2*len(one))), append(one, one...)...)
}

// hostName is the name of TLS host n.
func hostName(n uint64) string { return fmt.Sprintf("host-%0*d.tls.example", hostDigits, n) }

// tls mints issuance n of a TLS certificate.
func (w *world) tls(n uint64) (issuance, error) {
	i := issuance{tbs: numbered(w.plain, n), keyHash: w.keyHash, chain: w.chain}
	var err error
	if i.precertificate, err = w.signed(numbered(w.poison, n)); err != nil {
		return i, err
	}
	i.certificate, err = w.signed(numbered(w.final, n))
	return i, err
}

// numbered is a template with its host's digits and its serial number changed:
// lengths stay.
func numbered(template []byte, n uint64) []byte {
	out := make([]byte, len(template))
	copy(out, template)
	marker, digits := []byte("host-"), fmt.Appendf(nil, "%0*d", hostDigits, n)
	for at := 0; at+len(marker)+hostDigits <= len(out); at++ {
		if string(out[at:at+len(marker)]) == string(marker) {
			copy(out[at+len(marker):], digits)
		}
	}
	first := binary.BigEndian.AppendUint64(nil, serial)
	for at := range len(out) - len(first) {
		if string(out[at:at+len(first)]) == string(first) {
			binary.BigEndian.PutUint64(out[at:], serial+n)
			break
		}
	}
	return out
}

// signed is the certificate of a TBSCertificate.
func (w *world) signed(tbs []byte) ([]byte, error) {
	digest := sha256.Sum256(tbs)
	sig, err := w.key.Sign(rand.Reader, digest[:], crypto.SHA256)
	if err != nil {
		return nil, fmt.Errorf("signing a certificate: %w", err)
	}
	return asn1.Marshal(struct {
		TBS       asn1.RawValue
		Algorithm pkix.AlgorithmIdentifier
		Signature asn1.BitString
	}{asn1.RawValue{FullBytes: tbs}, pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}}, asn1.BitString{Bytes: sig, BitLength: 8 * len(sig)}})
}

// markDomain is below what every mark of the world is for.
const markDomain = "marks.example"

// brandOf is whose mark issuance n is. Five issuances are of two brands: what is
// logged of a brand is mostly its mark anew, each year and for another domain
// (of the first 329 precertificates of marks, 125 marks were told apart).
func brandOf(n uint64) uint64 { return n / (2 * markEvery) * 2 / 5 }

// wordOf is an invented name, unlike those of other numbers: brands that differ
// in a digit alone would all seem to imitate each other.
func wordOf(n uint64) string {
	sum := sha256.Sum256(binary.BigEndian.AppendUint64(nil, n))
	word := make([]byte, 0, 10)
	for i := range 5 {
		word = append(word, "bdfgklmnprstvz"[sum[2*i]%14], "aeiou"[sum[2*i+1]%5])
	}
	return string(word)
}

// mark mints issuance n of a mark; the final certificate has the SCTs in it.
func (w *world) mark(n uint64, scts ...[]byte) issuance {
	brand := brandOf(n)
	spec := marktest.Registered(wordOf(brand)+" Works Ltd", wordOf(n)+"."+markDomain, brand)
	spec.Nonce = n
	i := w.marks.Issue(spec, scts...)
	return issuance{i.Precertificate, i.Certificate, i.TBS, i.IssuerKeyHash, i.Chain}
}
