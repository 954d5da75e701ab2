package ctlogtest

import (
	"crypto/sha256"
	"encoding/asn1"
	"errors"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// poisonOID marks a precertificate (RFC 6962, section 3.1).
func poisonOID() asn1.ObjectIdentifier {
	return asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11129, 2, 4, 3}
}

// Tags of a TBSCertificate (RFC 5280, section 4.1).
const (
	versionTag    = cbasn1.Tag(0xa0) // [0], constructed
	extensionsTag = cbasn1.Tag(0xa3) // [3], constructed
)

// split reads a certificate's TBSCertificate as its fields.
func split(cert []byte) ([]cryptobyte.String, error) {
	in := cryptobyte.String(cert)
	var outer, tbs cryptobyte.String
	if !in.ReadASN1(&outer, cbasn1.SEQUENCE) || !in.Empty() || !outer.ReadASN1(&tbs, cbasn1.SEQUENCE) {
		return nil, errors.New("not a certificate")
	}
	var fields []cryptobyte.String
	for !tbs.Empty() {
		var f cryptobyte.String
		if !tbs.ReadAnyASN1Element(&f, nil) {
			return nil, errors.New("broken TBSCertificate")
		}
		fields = append(fields, f)
	}
	return fields, nil
}

// withoutPoison returns the TBSCertificate of a precertificate without its
// poison extension.
func withoutPoison(precert []byte) ([]byte, error) {
	fields, err := split(precert)
	if err != nil {
		return nil, err
	}
	var b cryptobyte.Builder
	found := false
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for _, f := range fields {
			var exts cryptobyte.String
			if g := f; !g.ReadASN1(&exts, extensionsTag) {
				b.AddBytes(f)
				continue
			}
			found = addExtensions(b, exts)
		}
	})
	if !found {
		return nil, errors.New("precertificate has no poison extension")
	}
	return b.Bytes()
}

// addExtensions writes extensions but the poison, and says whether it was there.
func addExtensions(b *cryptobyte.Builder, exts cryptobyte.String) (found bool) {
	var list cryptobyte.String
	if !exts.ReadASN1(&list, cbasn1.SEQUENCE) {
		return false
	}
	b.AddASN1(extensionsTag, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			for !list.Empty() {
				var ext, body cryptobyte.String
				var id asn1.ObjectIdentifier
				if !list.ReadASN1Element(&ext, cbasn1.SEQUENCE) {
					b.SetError(errors.New("broken extension"))
					return
				}
				e := ext
				if e.ReadASN1(&body, cbasn1.SEQUENCE) && body.ReadASN1ObjectIdentifier(&id) && id.Equal(poisonOID()) {
					found = true
					continue
				}
				b.AddBytes(ext)
			}
		})
	})
	return found
}

// keyHash returns the SHA-256 of a certificate's SubjectPublicKeyInfo.
func keyHash(cert []byte) (Hash, error) {
	fields, err := split(cert)
	if err != nil {
		return Hash{}, err
	}
	spki := 5 // serial, algorithm, issuer, validity, subject
	if len(fields) > 0 && len(fields[0]) > 0 && cbasn1.Tag(fields[0][0]) == versionTag {
		spki++
	}
	if len(fields) <= spki {
		return Hash{}, fmt.Errorf("certificate has %d fields", len(fields))
	}
	return sha256.Sum256(fields[spki]), nil
}
