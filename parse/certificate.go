package parse

import (
	"crypto/sha256"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// Certificate reads an X.509 certificate or precertificate in DER. The error is ErrNotMark or
// a *MalformedError; the certificate is nil where there is one.
func Certificate(der []byte) (*MarkCertificate, error) {
	if !Claims(der) {
		return nil, notMark(unclaimed(der))
	}
	r := newReader(der)
	if len(der) > MaxCertificate {
		return r.tooLarge()
	}
	in := cryptobyte.String(der)
	cert, whole, ok := enter(&in)
	if !ok {
		r.fail("certificate", "it isn't a DER SEQUENCE", nil)
		return r.result()
	}
	if !whole {
		r.fail("certificate", "it ends early, or its length isn't DER", nil)
	}
	r.m.DER = der[:len(der)-len(in)]
	r.m.SHA256 = sha256.Sum256(r.m.DER)
	if len(in) > 0 {
		r.find("trailing-data", SeverityError, fmt.Sprintf("%d bytes follow the certificate", len(in)), "RFC 5280 section 4.1")
	}
	r.tbs(&cert)
	var algorithm, signature cryptobyte.String
	if whole && (!cert.ReadASN1(&algorithm, asn1.SEQUENCE) || !cert.ReadASN1(&signature, asn1.BIT_STRING) || !cert.Empty()) {
		r.fail("certificate", "its signature can't be read", nil)
	}
	return r.result()
}

// TBS reads a bare TBSCertificate, as a precert_entry holds it: one without poison.
func TBS(tbs []byte) (*MarkCertificate, error) {
	if !Claims(tbs) {
		return nil, notMark(unclaimed(tbs))
	}
	r := newReader(tbs)
	if len(tbs) > MaxCertificate {
		return r.tooLarge()
	}
	r.m.Precertificate = true
	in := cryptobyte.String(tbs)
	r.tbs(&in)
	if len(in) > 0 {
		r.find("trailing-data", SeverityError, fmt.Sprintf("%d bytes follow the TBSCertificate", len(in)), "RFC 6962 section 3.4")
	}
	return r.result()
}

// unclaimed says why bytes without the EKU aren't a mark certificate.
func unclaimed(der []byte) string {
	in := cryptobyte.String(der)
	var body, tbs cryptobyte.String
	var tag asn1.Tag
	if !in.ReadASN1(&body, asn1.SEQUENCE) || !body.ReadAnyASN1(&tbs, &tag) {
		return "these bytes aren't an X.509 certificate in DER"
	}
	return "it has no extended key usage " + ekuMark
}

// reader reads one certificate. What it can't read it notes, and goes on.
type reader struct {
	m        *MarkCertificate
	bad      *MalformedError // the first part that can't be read
	elements int             // how many list elements were read, up to maxElements

	hasEKU, markEKU, ca bool
}

// newReader starts on the bytes given.
func newReader(der []byte) *reader {
	return &reader{m: &MarkCertificate{}, bad: &MalformedError{DER: der}}
}

// fail notes that a part can't be read. The first one is kept.
func (r *reader) fail(part, reason string, err error) {
	if r.bad.Part == "" {
		r.bad.Part, r.bad.Reason, r.bad.Err = part, reason, err
	}
}

// find notes a finding, up to a number that no honest certificate reaches.
func (r *reader) find(rule, severity, detail, citation string) {
	if len(r.m.Findings) < 100 {
		r.m.Findings = append(r.m.Findings, Finding{rule, severity, detail, citation})
	}
}

// spend counts one list element, and tells whether there may be one more.
func (r *reader) spend() bool {
	r.elements++
	if r.elements > maxElements {
		r.fail("certificate", fmt.Sprintf("it has more than %d names, attributes and extensions", maxElements), nil)
		return false
	}
	return true
}

// tooLarge is the result for what is too large to be read.
func (r *reader) tooLarge() (*MarkCertificate, error) {
	r.fail("certificate", fmt.Sprintf("%d bytes are more than %d", len(r.bad.DER), MaxCertificate), nil)
	r.bad.Partial = r.m
	return nil, r.bad
}

// result decides what was read. That it isn't a mark certificate goes before that it can't be
// read, where its EKU could be.
func (r *reader) result() (*MarkCertificate, error) {
	switch {
	case r.ca:
		return nil, notMark("it is the certificate of a CA")
	case r.hasEKU && !r.markEKU:
		return nil, notMark("its extended key usage isn't " + ekuMark)
	case !r.hasEKU && r.bad.Part == "":
		return nil, notMark("it has no extended key usage " + ekuMark)
	}
	r.judge()
	if r.bad.Part != "" {
		r.bad.Partial = r.m
		return nil, r.bad
	}
	return r.m, nil
}

// tbs reads the TBSCertificate that in begins with (RFC 5280 section 4.1).
func (r *reader) tbs(in *cryptobyte.String) {
	start := []byte(*in)
	body, whole, ok := enter(in)
	if !ok {
		r.fail("certificate", "its TBSCertificate isn't a DER SEQUENCE", nil)
		return
	}
	if !whole {
		r.fail("certificate", "its TBSCertificate ends early, or its length isn't DER", nil)
	}
	r.m.TBS = start[:len(start)-len(*in)]
	r.fields(body)
	r.m.TBSSHA256 = sha256.Sum256(r.m.TBS)
}

// fields reads the content of a TBSCertificate, up to the first element that isn't whole.
func (r *reader) fields(content cryptobyte.String) {
	body := content
	r.version(&body)
	if !r.field(&body, "serial number", asn1.INTEGER, r.serial) ||
		!r.field(&body, "signature algorithm", asn1.SEQUENCE, r.signature) ||
		!r.field(&body, "issuer", asn1.SEQUENCE, func(s cryptobyte.String) { r.m.Issuer = r.name("issuer", s) }) ||
		!r.field(&body, "validity", asn1.SEQUENCE, r.validity) ||
		!r.field(&body, "subject", asn1.SEQUENCE, func(s cryptobyte.String) { r.m.Subject = r.name("subject", s) }) ||
		!r.publicKey(&body) {
		return
	}
	body.SkipOptionalASN1(asn1.Tag(1).ContextSpecific())
	body.SkipOptionalASN1(asn1.Tag(2).ContextSpecific())
	c := cut{head: content[:len(content)-len(body)]}
	if body.Empty() || !r.extensions(&body, &c) {
		return
	}
	if c.dropped > 0 {
		c.tail = body
		r.m.TBS = c.encode()
	}
}

// field reads one element of the TBSCertificate. It is false where no element is there, so that
// nothing after it can be read either.
func (r *reader) field(body *cryptobyte.String, part string, want asn1.Tag, read func(cryptobyte.String)) bool {
	var content cryptobyte.String
	var tag asn1.Tag
	if !body.ReadAnyASN1(&content, &tag) {
		r.fail(part, "no whole DER element is there", nil)
		return false
	}
	if tag != want {
		r.fail(part, fmt.Sprintf("its ASN.1 tag is %#x, not %#x", uint8(tag), uint8(want)), nil)
		return true
	}
	read(content)
	return true
}

// version reads the version, which is absent from version 1.
func (r *reader) version(body *cryptobyte.String) {
	r.m.Version = 1
	var content cryptobyte.String
	var present bool
	tag := asn1.Tag(0).ContextSpecific().Constructed()
	if !body.ReadOptionalASN1(&content, &present, tag) || !present {
		return
	}
	var v uint8
	if !content.ReadASN1Integer(&v) || v > 100 {
		r.find("version", SeverityError, "the version can't be read", "RFC 5280 section 4.1.2.1")
		return
	}
	r.m.Version = int(v) + 1
}

// serial reads the serial number.
func (r *reader) serial(content cryptobyte.String) {
	r.m.SerialRaw = content
	r.m.Serial = serialHex(content)
}

// signature reads the signature algorithm.
func (r *reader) signature(content cryptobyte.String) {
	oid, ok := readOID(&content)
	if !ok {
		r.fail("signature algorithm", "it has no object identifier", nil)
		return
	}
	r.m.SignatureAlgorithm = lookupOID(signatureNames, oid)
}

// validity reads the validity period.
func (r *reader) validity(content cryptobyte.String) {
	var err error
	if r.m.NotBefore, err = readTime(&content); err != nil {
		r.fail("validity", "notBefore can't be read", err)
	}
	if r.m.NotAfter, err = readTime(&content); err != nil {
		r.fail("validity", "notAfter can't be read", err)
	}
}

// publicKey reads the SubjectPublicKeyInfo, for its kind, size and hash.
func (r *reader) publicKey(body *cryptobyte.String) bool {
	var element, spki, algorithm, bits cryptobyte.String
	if !body.ReadASN1Element(&element, asn1.SEQUENCE) {
		r.fail("public key", "it isn't a DER SEQUENCE", nil)
		return false
	}
	r.m.SPKISHA256 = sha256.Sum256(element)
	element.ReadASN1(&spki, asn1.SEQUENCE)
	if !spki.ReadASN1(&algorithm, asn1.SEQUENCE) || !spki.ReadASN1(&bits, asn1.BIT_STRING) || len(bits) < 1 {
		r.fail("public key", "it isn't a SubjectPublicKeyInfo", nil)
		return true
	}
	oid, _ := readOID(&algorithm)
	r.m.KeyAlgorithm, r.m.KeyBits = keyAlgorithm(oid, algorithm, bits[1:])
	return true
}

// keyAlgorithm names a public key by kind and size.
func keyAlgorithm(oid string, parameters, key cryptobyte.String) (name string, bits int) {
	switch oid {
	case "1.2.840.113549.1.1.1":
		var rsa, modulus cryptobyte.String
		if !key.ReadASN1(&rsa, asn1.SEQUENCE) || !rsa.ReadASN1(&modulus, asn1.INTEGER) {
			return "RSAPublicKey", 0
		}
		bits = bitLen(modulus)
		return fmt.Sprintf("RSAPublicKey %d", bits), bits
	case "1.2.840.10045.2.1":
		id, ok := readOID(&parameters)
		if !ok {
			return "ECPublicKey", 0
		}
		name, bits = curve(id)
		return "ECPublicKey " + name, bits
	case "1.3.101.112":
		return "Ed25519PublicKey", 256
	}
	return oid, 0
}
