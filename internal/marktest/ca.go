// Package marktest mints mark certificates, their precertificates and chains, of every kind
// and with every fault, for tests and the demonstration. It follows the profile of the
// Minimum Security Requirements for Issuance of Mark Certificates, with RFC 5280 for
// certificates, RFC 6962 section 3 for precertificates, and RFC 3709 for the logotype.
// All that it mints is invented, and the same input gives the same bytes.
package marktest

import (
	"bytes"
	"compress/gzip"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/binary"
	"strings"
	"sync"
	"time"
)

// CA is a root with two issuing CAs, one for marks and one for TLS, and a Precertificate Signing
// Certificate of the former. It may be used by several goroutines.
type CA struct {
	name       string
	root       []byte
	mark       issuer
	tls        issuer
	delegate   issuer
	subjectKey []byte    // SubjectPublicKeyInfo that all subjects share
	rsaKey     []byte    // the same, RSA
	gzips      sync.Pool // of *gzip.Writer, which are costly to make
}

// issuer is an issuing CA.
type issuer struct {
	cert    []byte
	key     *ecdsa.PrivateKey
	name    []byte // its Name in DER
	keyID   []byte
	keyHash [32]byte // SHA-256 of its SubjectPublicKeyInfo
}

// Issued is a certificate with its precertificate.
type Issued struct {
	Precertificate []byte
	Certificate    []byte
	TBS            []byte   // without poison and SCT list, as a precert_entry carries it
	IssuerKeyHash  [32]byte // SHA-256 of the issuer's SubjectPublicKeyInfo
	Chain          [][]byte // DER: issuing CA, root
}

// NewCA makes a CA whose keys and certificates follow from its name alone.
func NewCA(name string) *CA {
	rootKey := key(name + " root")
	rootSPKI := spki(rootKey)
	rootName := caName(name, name+" Mark Root CA")
	ca := &CA{name: name, subjectKey: spki(key(name + " subject")), rsaKey: fakeRSA(name)}
	ca.gzips.New = func() any { return gzip.NewWriter(nil) }
	ca.root = sign(rootKey, caTBS(rootName, rootName, rootSPKI, rootSPKI, ""))
	root := issuer{key: rootKey, name: rootName}
	ca.mark = root.issue(name, " Mark Issuing CA 1", ekuMark)
	ca.tls = root.issue(name, " TLS Issuing CA 1", ekuServer)
	ca.delegate = ca.mark.issue(name, " Precertificate Signing 1", ekuPrecert)
	return ca
}

// issue mints an issuing CA below another.
func (i *issuer) issue(ca, label, eku string) issuer {
	k := key(ca + label)
	out := issuer{key: k, name: caName(ca, ca+label), keyID: keyID(spki(k)), keyHash: sha256.Sum256(spki(k))}
	out.cert = sign(i.key, caTBS(i.name, out.name, spki(i.key), spki(k), eku))
	return out
}

// Root is the root certificate in DER.
func (c *CA) Root() []byte { return c.root }

// Issuing is the certificate of the CA that issues marks, in DER.
func (c *CA) Issuing() []byte { return c.mark.cert }

// Chain is the chain of a mark certificate in DER: issuing CA, root.
func (c *CA) Chain() [][]byte { return [][]byte{c.mark.cert, c.root} }

// Issue mints what the spec says. The SCTs, serialised as in RFC 6962 section 3.3, go into the
// certificate's SCT list, which is absent where there are none: to mint a certificate with
// the SCTs of its own precertificate, issue the same spec twice.
func (c *CA) Issue(s Spec, scts ...[]byte) Issued {
	out := c.issue(&c.mark, c.template(&s, c.mark.keyID), sctExtension(scts))
	if damage := s.Malform.outer(); damage != nil {
		out.Precertificate, out.Certificate, out.TBS = damage(out.Precertificate), damage(out.Certificate), damage(out.TBS)
	}
	return out
}

// IssueDelegated mints as Issue does, but the precertificate is signed by a Precertificate Signing
// Certificate, which the chain then begins with (RFC 6962 section 3.1). TBS and issuer key hash
// are those of the final issuer, as the log's leaf has them.
func (c *CA) IssueDelegated(s Spec, scts ...[]byte) Issued {
	final := c.template(&s, c.mark.keyID)
	s.Serial = final.serial
	pre := c.template(&s, c.delegate.keyID)
	out := c.issue(&c.mark, final, sctExtension(scts))
	out.Precertificate = c.issue(&c.delegate, pre, nil).Precertificate
	out.Chain = [][]byte{c.delegate.cert, c.mark.cert, c.root}
	return out
}

// IssueTLS mints the n-th ordinary TLS server certificate of a domain.
func (c *CA) IssueTLS(domain string, n int) Issued {
	start := epoch().Add(time.Duration(n) * time.Minute)
	t := template{
		serial:   serial(c.name, "tls", domain, string(binary.BigEndian.AppendUint64(nil, uint64(n)))),
		validity: seq(utcTime(start), utcTime(start.AddDate(0, 0, 90))),
		subject:  seq(attribute(oidCommonName, tagUTF8, domain)),
		spki:     c.subjectKey,
		extensions: [][]byte{
			extension(oidAuthorityKey, false, seq(tlv(0x80, c.tls.keyID))),
			extension(oidSAN, false, seq(tlv(0x82, []byte(domain)), tlv(0x82, []byte("www."+domain)))),
			extension(oidEKU, false, seq(oid(ekuServer))),
			extension(oidConstraints, true, seq()),
		},
	}
	return c.issue(&c.tls, t, nil)
}

// template is a TBSCertificate in its parts.
type template struct {
	serial, validity, subject, spki []byte
	extensions                      [][]byte
}

// tbs encodes the template, with one extension more where last isn't nil.
func (t *template) tbs(i *issuer, last []byte) []byte {
	extensions := bytes.Join(t.extensions, nil)
	var wrapper []byte
	if len(extensions)+len(last) > 0 {
		wrapper = tlv(0xa3, seq(extensions, last))
	}
	return seq(tlv(0xa0, tlv(tagInteger, []byte{2})), tlv(tagInteger, t.serial), ecdsaWithSHA256(), i.name, t.validity,
		t.subject, t.spki, wrapper)
}

// issue signs the precertificate and the certificate of a template.
func (c *CA) issue(i *issuer, t template, scts []byte) Issued {
	return Issued{
		Precertificate: sign(i.key, t.tbs(i, extension(oidPoison, true, tlv(tagNull)))),
		Certificate:    sign(i.key, t.tbs(i, scts)),
		TBS:            t.tbs(i, nil),
		IssuerKeyHash:  i.keyHash,
		Chain:          [][]byte{i.cert, c.root},
	}
}

// key derives a P-256 key from a seed.
func key(seed string) *ecdsa.PrivateKey {
	for n := byte(0); ; n++ {
		d := sha256.Sum256(append([]byte(seed), n))
		if k, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), d[:]); err == nil {
			return k
		}
	}
}

// sign wraps a TBSCertificate into a Certificate. The signature is deterministic (RFC 6979).
func sign(k *ecdsa.PrivateKey, tbs []byte) []byte {
	digest := sha256.Sum256(tbs)
	sig, err := k.Sign(nil, digest[:], crypto.SHA256)
	if err != nil {
		panic("marktest: signing: " + err.Error())
	}
	return seq(tbs, ecdsaWithSHA256(), bitString(sig))
}

// ecdsaWithSHA256 is the AlgorithmIdentifier of every signature here.
func ecdsaWithSHA256() []byte { return seq(oid("1.2.840.10045.4.3.2")) }

// spki is the SubjectPublicKeyInfo of a P-256 key.
func spki(k *ecdsa.PrivateKey) []byte {
	point, err := k.PublicKey.Bytes()
	if err != nil {
		panic("marktest: public key: " + err.Error())
	}
	return seq(seq(oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7")), bitString(point))
}

// fakeRSA is the SubjectPublicKeyInfo of a 2048-bit RSA modulus that nobody can sign with:
// subjects of mark certificates never sign.
func fakeRSA(seed string) []byte {
	modulus := []byte{0}
	for n := range 8 {
		block := sha256.Sum256([]byte(seed + string(rune('a'+n))))
		modulus = append(modulus, block[:]...)
	}
	modulus[1] |= 0x80
	modulus[len(modulus)-1] |= 1
	public := seq(tlv(tagInteger, modulus), tlv(tagInteger, []byte{1, 0, 1}))
	return seq(seq(oid("1.2.840.113549.1.1.1"), tlv(tagNull)), bitString(public))
}

// keyID is the SHA-1 of the key, as in RFC 5280 section 4.2.1.2, over the whole
// SubjectPublicKeyInfo: any unique value will do.
func keyID(spki []byte) []byte {
	id := sha1.Sum(spki)
	return id[:]
}

// caName is the Name of a CA.
func caName(organisation, common string) []byte {
	return seq(attribute(oidCountry, tagPrintable, "DK"), attribute(oidOrganisation, tagUTF8, organisation),
		attribute(oidCommonName, tagUTF8, strings.TrimSpace(common)))
}

// caTBS is the TBSCertificate of a CA; a root has no EKU.
func caTBS(issuerName, subjectName, issuerSPKI, subjectSPKI []byte, eku string) []byte {
	extensions := [][]byte{
		extension(oidAuthorityKey, false, seq(tlv(0x80, keyID(issuerSPKI)))),
		extension(oidSubjectKey, false, tlv(tagOctets, keyID(subjectSPKI))),
		extension(oidConstraints, true, seq(tlv(0x01, []byte{0xff}))),
		extension(oidKeyUsage, true, tlv(tagBitString, []byte{1, 0x06})),
		extension(oidPolicies, false, seq(seq(oid(policyMark)))),
	}
	if eku != "" {
		extensions = append(extensions, extension(oidEKU, false, seq(oid(eku))))
	}
	t := template{
		serial:     serial("ca", string(subjectName)),
		validity:   seq(utcTime(epoch().AddDate(-5, 0, 0)), utcTime(epoch().AddDate(20, 0, 0))),
		subject:    subjectName,
		spki:       subjectSPKI,
		extensions: extensions,
	}
	return t.tbs(&issuer{name: issuerName}, nil)
}

// serial derives a positive 127-bit serial number from the parts.
func serial(parts ...string) []byte {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	sum[0] = sum[0]&0x7f | 0x40
	return sum[:16]
}

// epoch is the time at which things begin, where a spec doesn't say.
func epoch() time.Time { return time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC) }
