package parse

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// errShape is for an extension whose ASN.1 isn't what its definition says.
var errShape = errors.New("its ASN.1 isn't what the definition says")

// extensions reads the extensions, wrapper included, and sorts out which stay in the TBS that
// precertificate and certificate share. It is false where the list can't be read to its end.
func (r *reader) extensions(body *cryptobyte.String, c *cut) bool {
	tag := asn1.Tag(3).ContextSpecific().Constructed()
	rest := *body
	var wrapper, list cryptobyte.String
	whole := rest.ReadASN1(&wrapper, tag)
	if whole {
		whole = wrapper.ReadASN1(&list, asn1.SEQUENCE) && wrapper.Empty()
		*body = rest
	} else if inner := bytes.IndexByte(*body, byte(asn1.SEQUENCE)); inner > 0 && inner <= 6 && (*body)[0] == byte(tag) {
		cutShort := (*body)[inner:]
		list, _, _ = enter(&cutShort)
	}
	if !whole {
		r.fail("extensions", "they aren't a whole DER SEQUENCE", nil)
	}
	for !list.Empty() && r.spend() {
		var element cryptobyte.String
		if !list.ReadASN1Element(&element, asn1.SEQUENCE) {
			r.fail("extensions", "one of them isn't a whole DER SEQUENCE", nil)
			return false
		}
		if len(r.m.Extensions) >= maxExtensions {
			r.fail("extensions", fmt.Sprintf("there are more than %d", maxExtensions), nil)
			return false
		}
		c.add(r.extension(element), element)
	}
	return whole && list.Empty()
}

// extension reads one extension and gives its OID.
func (r *reader) extension(element cryptobyte.String) string {
	var body, critical, value cryptobyte.String
	var isCritical bool
	element.ReadASN1(&body, asn1.SEQUENCE)
	oid, ok := readOID(&body)
	ok = ok && body.ReadOptionalASN1(&critical, &isCritical, asn1.BOOLEAN) && body.ReadASN1(&value, asn1.OCTET_STRING)
	if !ok {
		r.fail("extensions", "extension "+oid+" isn't an Extension", nil)
		return oid
	}
	isCritical = isCritical && len(critical) == 1 && critical[0] != 0
	for _, e := range r.m.Extensions {
		if e.OID == oid {
			r.find("duplicate-extension", SeverityError, "extension "+oid+" occurs more than once; the first one is read", "RFC 5280 section 4.2")
			r.m.Extensions = append(r.m.Extensions, Extension{oid, isCritical, value})
			return oid
		}
	}
	r.m.Extensions = append(r.m.Extensions, Extension{oid, isCritical, value})
	r.primary(oid, value)
	return oid
}

// primary reads the extensions that a mark certificate can't do without: where one of them
// can't be read, the certificate can't.
func (r *reader) primary(oid string, value cryptobyte.String) {
	switch oid {
	case extEKU:
		if err := r.ekus(value); err != nil {
			r.fail("extended key usage", "it can't be decoded", err)
			r.hasEKU, r.markEKU = true, r.markEKU || Claims(value)
		}
	case extSAN:
		if err := r.sans(value); err != nil {
			r.fail("subject alternative name", "it can't be decoded", err)
		}
	case extLogotype:
		r.logotype(value)
	default:
		if err := r.secondary(oid, value); err != nil {
			r.find("extension-unreadable", SeverityError, "extension "+oid+" can't be read: "+err.Error(), "RFC 5280 section 4.2")
		}
	}
}

// secondary reads the other extensions.
func (r *reader) secondary(oid string, value cryptobyte.String) error {
	switch oid {
	case extConstraints:
		return r.constraints(value)
	case extPolicies:
		return r.policies(value)
	case extCRL:
		return r.crls(value)
	case extAIA:
		return r.aia(value)
	case extSCTs:
		return r.scts(value)
	case extSubjectKeyID:
		var id cryptobyte.String
		if !value.ReadASN1(&id, asn1.OCTET_STRING) {
			return errShape
		}
		r.m.SubjectKeyID = id
	case extAuthorityKeyID:
		var body, id cryptobyte.String
		if !value.ReadASN1(&body, asn1.SEQUENCE) || !body.ReadOptionalASN1(&id, nil, asn1.Tag(0).ContextSpecific()) {
			return errShape
		}
		r.m.AuthorityKeyID = id
	case extPoison:
		r.m.Precertificate = true
	case extPilot:
		r.m.Pilot = true
		r.find("pilot-extension", SeverityNotice, "it has the pilot identifier extension, which is forbidden after 2025-03-15", "MCR, pilot identifier 1.3.6.1.4.1.53087.4.1")
	}
	return nil
}

// each calls read for each element of the SEQUENCE that value holds.
func (r *reader) each(value cryptobyte.String, read func(content cryptobyte.String, tag asn1.Tag) error) error {
	var list cryptobyte.String
	if !value.ReadASN1(&list, asn1.SEQUENCE) || !value.Empty() {
		return errShape
	}
	for !list.Empty() && r.spend() {
		var content cryptobyte.String
		var tag asn1.Tag
		if !list.ReadAnyASN1(&content, &tag) {
			return errShape
		}
		if err := read(content, tag); err != nil {
			return err
		}
	}
	return nil
}

// ekus reads the extended key usages.
func (r *reader) ekus(value cryptobyte.String) error {
	err := r.each(value, func(content cryptobyte.String, tag asn1.Tag) error {
		oid, ok := dotted(content)
		if tag != asn1.OBJECT_IDENTIFIER || !ok {
			return errShape
		}
		r.markEKU = r.markEKU || oid == ekuMark
		r.m.EKUs = append(r.m.EKUs, oid)
		return nil
	})
	r.hasEKU = err == nil
	return err
}

// sans reads the subject alternative names, of which only dNSNames belong into a mark.
func (r *reader) sans(value cryptobyte.String) error {
	return r.each(value, func(content cryptobyte.String, tag asn1.Tag) error {
		if tag != asn1.Tag(2).ContextSpecific() {
			r.find("san-not-dns", SeverityError, fmt.Sprintf("a subject alternative name has type %d, not dNSName", tag&0x1f), "MCR, subjectAltName")
			return nil
		}
		san := NewSAN(string(content))
		if !ascii(content) {
			r.find("san-not-ascii", SeverityError, fmt.Sprintf("dNSName %q isn't ASCII", san.Raw), "RFC 5280 section 4.2.1.6")
		}
		r.m.SANs = append(r.m.SANs, san)
		return nil
	})
}

// constraints reads whether the certificate is a CA's.
func (r *reader) constraints(value cryptobyte.String) error {
	return r.each(value, func(content cryptobyte.String, tag asn1.Tag) error {
		if tag == asn1.BOOLEAN && len(content) == 1 && content[0] != 0 {
			r.ca = true
		}
		return nil
	})
}

// policies reads the certificate policies.
func (r *reader) policies(value cryptobyte.String) error {
	return r.each(value, func(content cryptobyte.String, _ asn1.Tag) error {
		oid, ok := readOID(&content)
		if !ok {
			return errShape
		}
		r.m.Policies = append(r.m.Policies, oid)
		return nil
	})
}

// crls reads the URLs of the CRL distribution points.
func (r *reader) crls(value cryptobyte.String) error {
	return r.each(value, func(content cryptobyte.String, _ asn1.Tag) error {
		zero := asn1.Tag(0).ContextSpecific().Constructed()
		var point, names cryptobyte.String
		var present bool
		if !content.ReadOptionalASN1(&point, &present, zero) {
			return errShape
		}
		if !present || !point.ReadASN1(&names, zero) {
			return nil // named relative to the CRL issuer: no URL
		}
		for !names.Empty() && r.spend() {
			var name cryptobyte.String
			var tag asn1.Tag
			if !names.ReadAnyASN1(&name, &tag) {
				return errShape
			}
			if tag == asn1.Tag(6).ContextSpecific() {
				r.m.CRLs = append(r.m.CRLs, validText(name))
			}
		}
		return nil
	})
}

// aia reads where to find the OCSP responder and the issuer.
func (r *reader) aia(value cryptobyte.String) error {
	return r.each(value, func(content cryptobyte.String, _ asn1.Tag) error {
		var location cryptobyte.String
		var tag asn1.Tag
		method, ok := readOID(&content)
		if !ok || !content.ReadAnyASN1(&location, &tag) {
			return errShape
		}
		if tag != asn1.Tag(6).ContextSpecific() {
			return nil // no URL
		}
		switch method {
		case "1.3.6.1.5.5.7.48.1":
			method = "OCSP"
		case "1.3.6.1.5.5.7.48.2":
			method = "caIssuers"
		}
		r.m.AIA = append(r.m.AIA, AccessDescription{method, validText(location)})
		return nil
	})
}

// scts reads the SCT list (RFC 6962 section 3.3).
func (r *reader) scts(value cryptobyte.String) error {
	var octets, list cryptobyte.String
	if !value.ReadASN1(&octets, asn1.OCTET_STRING) || !octets.ReadUint16LengthPrefixed(&list) || !octets.Empty() {
		return errShape
	}
	for !list.Empty() && r.spend() {
		var raw cryptobyte.String
		if !list.ReadUint16LengthPrefixed(&raw) {
			return errShape
		}
		sct := SCT{Raw: raw}
		var id, extensions, signature cryptobyte.String
		var millis uint64
		if !raw.ReadUint8(&sct.Version) || !raw.ReadBytes((*[]byte)(&id), len(sct.LogID)) || !raw.ReadUint64(&millis) ||
			!raw.ReadUint16LengthPrefixed(&extensions) || !raw.ReadUint8(&sct.HashAlgorithm) ||
			!raw.ReadUint8(&sct.SignatureAlgorithm) || !raw.ReadUint16LengthPrefixed(&signature) {
			return errShape
		}
		sct.LogID, sct.Timestamp = [32]byte(id), millisTime(millis)
		sct.Extensions, sct.Signature = extensions, signature
		r.m.SCTs = append(r.m.SCTs, sct)
	}
	return nil
}

// millisTime turns a CT timestamp into a time. One that no int64 holds is of a year that no
// database or JSON can take either: it is cut to the end of the year 9999.
func millisTime(millis uint64) time.Time {
	const last = 253402300799999
	return time.UnixMilli(int64(min(millis, last))).UTC()
}

// ascii tells whether b is ASCII.
func ascii(b []byte) bool {
	for len(b) >= 8 {
		if binary.LittleEndian.Uint64(b)&0x8080808080808080 != 0 {
			return false
		}
		b = b[8:]
	}
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}
