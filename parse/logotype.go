package parse

import (
	"errors"
	"fmt"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// maxLogos is the largest number of images that are unpacked from one certificate, and so with
// MaxSVG the bound of the memory they take. A mark certificate has one.
const maxLogos = 8

// maxHashes is the largest number of hashes of one image that are read. Three were seen.
const maxHashes = 8

// Logotype reads the value of a logotype extension (RFC 3709 section 4.1, RFC 9399): all its
// images, those of the subject first. The error is a *MalformedError; what was read before it is
// given too.
func Logotype(value []byte) ([]Logo, []Finding, error) {
	r := logoReader{}
	if err := r.extension(value); err != nil {
		return r.sorted(), r.findings, &MalformedError{Part: "logotype", Reason: "its ASN.1 isn't a LogotypeExtn", DER: value, Err: err}
	}
	if r.bad != nil {
		r.bad.DER = value
		return r.sorted(), r.findings, r.bad
	}
	return r.sorted(), r.findings, nil
}

// logotype reads the logotype extension into the certificate.
func (r *reader) logotype(value []byte) {
	logos, findings, err := Logotype(value)
	r.m.Logos = logos
	for _, f := range findings {
		r.find(f.Rule, f.Severity, f.Detail, f.Citation)
	}
	var bad *MalformedError
	if errors.As(err, &bad) {
		r.fail(bad.Part, bad.Reason, bad.Err)
	}
}

// logoReader reads one logotype extension.
type logoReader struct {
	logos    []Logo
	findings []Finding
	images   int             // unpacked so far
	elements int             // list elements so far, up to maxElements
	bad      *MalformedError // the first image that can't be read
}

// find notes a finding, a hundred at most.
func (r *logoReader) find(rule, severity, detail, citation string) {
	if len(r.findings) < 100 {
		r.findings = append(r.findings, Finding{rule, severity, detail, citation})
	}
}

// spend counts one list element; errShape is the answer to too many.
func (r *logoReader) spend() error {
	if r.elements++; r.elements > maxElements {
		return fmt.Errorf("it has more than %d elements", maxElements)
	}
	return nil
}

// sorted gives the logos: those of the subject first, for the Mark Representation is one of them,
// and before the others those that hold an SVG.
func (r *logoReader) sorted() []Logo {
	rank := func(l *Logo) int {
		n := 0
		if l.Role != "subject" {
			n += 2
		}
		if l.SVG == nil {
			n++
		}
		return n
	}
	slices.SortStableFunc(r.logos, func(a, b Logo) int { return rank(&a) - rank(&b) })
	return r.logos
}

// list calls read for each element of a list.
func (r *logoReader) list(list cryptobyte.String, tag asn1.Tag, read func(cryptobyte.String) error) error {
	for !list.Empty() {
		if err := r.spend(); err != nil {
			return err
		}
		var content cryptobyte.String
		if !list.ReadASN1(&content, tag) {
			return errShape
		}
		if err := read(content); err != nil {
			return err
		}
	}
	return nil
}

// extension reads LogotypeExtn.
func (r *logoReader) extension(value cryptobyte.String) error {
	var body cryptobyte.String
	if !value.ReadASN1(&body, asn1.SEQUENCE) || !value.Empty() {
		return errShape
	}
	for !body.Empty() {
		if err := r.spend(); err != nil {
			return err
		}
		var content cryptobyte.String
		var tag asn1.Tag
		if !body.ReadAnyASN1(&content, &tag) {
			return errShape
		}
		if err := r.field(tag&0x1f, content); err != nil {
			return err
		}
	}
	return nil
}

// field reads one of the four fields of LogotypeExtn.
func (r *logoReader) field(number asn1.Tag, content cryptobyte.String) error {
	switch number {
	case 1:
		return r.info("issuer", content)
	case 2:
		return r.info("subject", content)
	case 0, 3:
	default:
		return nil // an extension of the type that came after RFC 9399
	}
	var list cryptobyte.String
	if !content.ReadASN1(&list, asn1.SEQUENCE) {
		return errShape
	}
	if number == 3 {
		return r.list(list, asn1.SEQUENCE, func(other cryptobyte.String) error {
			oid, ok := readOID(&other)
			if !ok {
				return errShape
			}
			return r.info(oid, other)
		})
	}
	for !list.Empty() {
		var element cryptobyte.String
		var tag asn1.Tag
		if err := r.spend(); err != nil {
			return err
		}
		if !list.ReadAnyASN1Element(&element, &tag) {
			return errShape
		}
		if err := r.info("community", element); err != nil {
			return err
		}
	}
	return nil
}

// info reads LogotypeInfo: data, or a reference to data elsewhere.
func (r *logoReader) info(role string, in cryptobyte.String) error {
	var content cryptobyte.String
	var tag asn1.Tag
	if !in.ReadAnyASN1(&content, &tag) {
		return errShape
	}
	switch tag & 0x1f {
	case 0:
		return r.data(role, content)
	case 1:
		var hashes, uris cryptobyte.String
		if !content.ReadASN1(&hashes, asn1.SEQUENCE) || !content.ReadASN1(&uris, asn1.SEQUENCE) {
			return errShape
		}
		r.find("logotype-indirect", SeverityError, "the "+role+" logo is a reference to data elsewhere", "MCR, logotype extension")
		return r.details(role, "", hashes, uris)
	}
	return errShape
}

// data reads LogotypeData; sound is passed over.
func (r *logoReader) data(role string, content cryptobyte.String) error {
	var images cryptobyte.String
	var present bool
	if !content.ReadOptionalASN1(&images, &present, asn1.SEQUENCE) {
		return errShape
	}
	if !content.Empty() {
		r.find("logotype-audio", SeverityError, "the "+role+" logo has data that is no image", "MCR, logotype extension")
	}
	return r.list(images, asn1.SEQUENCE, func(image cryptobyte.String) error {
		var details, hashes, uris, media cryptobyte.String
		var tag asn1.Tag
		if !image.ReadASN1(&details, asn1.SEQUENCE) || !details.ReadAnyASN1(&media, &tag) ||
			!details.ReadASN1(&hashes, asn1.SEQUENCE) || !details.ReadASN1(&uris, asn1.SEQUENCE) {
			return errShape
		}
		return r.details(role, validText(media), hashes, uris)
	})
}

// details reads LogotypeDetails into a Logo, and unpacks the image.
func (r *logoReader) details(role, media string, hashes, uris cryptobyte.String) error {
	logo := Logo{Role: role, MediaType: media}
	err := r.list(hashes, asn1.SEQUENCE, func(pair cryptobyte.String) error {
		var algorithm, value cryptobyte.String
		if !pair.ReadASN1(&algorithm, asn1.SEQUENCE) || !pair.ReadASN1(&value, asn1.OCTET_STRING) {
			return errShape
		}
		oid, ok := readOID(&algorithm) // its parameters may be absent: Sectigo and SSL.com leave out the NULL
		if !ok {
			return errShape
		}
		if len(logo.Hashes) == maxHashes {
			r.find("logotype-too-many", SeverityError, fmt.Sprintf("only the first %d hashes of an image are read", maxHashes), "MCR, logotype extension")
			return nil
		}
		logo.Hashes = append(logo.Hashes, LogoHash{Algorithm: lookupOID(hashNames, oid), Value: value})
		return nil
	})
	if err != nil {
		return err
	}
	var embedded [][]byte
	err = r.list(uris, asn1.IA5String, func(uri cryptobyte.String) error {
		if isDataURI(uri) {
			embedded = append(embedded, uri)
		} else {
			logo.URIs = append(logo.URIs, validText(uri))
		}
		return nil
	})
	if err != nil {
		return err
	}
	r.unpack(logo, embedded)
	return nil
}

// unpack makes one Logo of each data URI, or one without image where there is none.
func (r *logoReader) unpack(logo Logo, embedded [][]byte) {
	if len(embedded) == 0 {
		r.find("logotype-not-embedded", SeverityError, "the "+logo.Role+" logo isn't embedded", "MCR, logotype extension")
		r.logos = append(r.logos, logo)
		return
	}
	for _, uri := range embedded {
		if r.images++; r.images > maxLogos {
			r.find("logotype-too-many", SeverityError, fmt.Sprintf("only the first %d images are read", maxLogos), "MCR, logotype extension")
			return
		}
		one := logo
		one.Hashes = append([]LogoHash(nil), logo.Hashes...)
		if bad := r.image(&one, uri); bad != nil && r.bad == nil {
			r.bad = bad
		}
		r.logos = append(r.logos, one)
	}
}
