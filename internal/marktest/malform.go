package marktest

import (
	"bytes"
)

// Malformation is one fault of a certificate.
type Malformation uint8

// The faults. None of them changes the subject, so that what is left can be read.
const (
	WellFormed         Malformation = iota
	Truncated                       // the last third of the certificate is missing
	BadValidity                     // notBefore is no time
	BadSAN                          // subjectAltName is no SEQUENCE
	BadEKU                          // extKeyUsage holds the OID, but cut short
	NoEKU                           // extKeyUsage is TLS server authentication
	CATrue                          // basicConstraints say CA
	DuplicateExtension              // two basicConstraints
	BadSCTList                      // the SCT list is noise
	LogotypeASN1                    // the logotype's outer length is wrong
	LogotypeEmpty                   // the logotype holds no logo
	LogotypeBase64                  // the data URI holds what base64 hasn't
	LogotypeGzip                    // the gzip stream is damaged
	LogotypeCut                     // the gzip stream ends early
	LogotypeBomb                    // the gzip stream unpacks to 16 MiB
	LogotypeTooLarge                // the SVG is one byte over 1 MiB
	LogotypeHash                    // the hash is another's
	LogotypeLink                    // the logo is a link, not data
	LogotypeTwice                   // two images
)

// String names the fault.
func (m Malformation) String() string {
	names := []string{"well-formed", "truncated", "bad validity", "bad SAN", "bad EKU", "no EKU", "CA true",
		"duplicate extension", "bad SCT list", "logotype ASN.1", "logotype empty", "logotype base64", "logotype gzip",
		"logotype cut", "logotype bomb", "logotype too large", "logotype hash", "logotype link", "logotype twice"}
	return names[m]
}

// outer damages a whole certificate; nil for faults within it.
func (m Malformation) outer() func([]byte) []byte {
	if m != Truncated {
		return nil
	}
	return func(b []byte) []byte { return b[:len(b)*2/3] }
}

// validity damages the validity.
func (m Malformation) validity(v []byte) []byte {
	if m == BadValidity {
		return seq(tlv(tagUTCTime, []byte("261332995999Z")), tlv(tagUTCTime, []byte("270101000000Z")))
	}
	return v
}

// sans damages the subject alternative names.
func (m Malformation) sans(v []byte) []byte {
	if m == BadSAN {
		return tlv(tagOctets, v)
	}
	return v
}

// ekus damages the extended key usages.
func (m Malformation) ekus(v []byte) []byte {
	switch m {
	case BadEKU:
		return seq([]byte{tagOID, 0x09}, v[4:])
	case NoEKU:
		return seq(oid(ekuServer))
	}
	return v
}

// constraints damages the basic constraints.
func (m Malformation) constraints(v []byte) []byte {
	if m == CATrue {
		return seq(tlv(0x01, []byte{0xff}))
	}
	return v
}

// list changes the list of extensions.
func (m Malformation) list(l [][]byte) [][]byte {
	switch m {
	case DuplicateExtension:
		return append(l, extension(oidConstraints, true, seq()))
	case BadSCTList:
		return append(l, extension(oidSCTs, false, tlv(tagOctets, []byte("\x00\x40noise"))))
	}
	return l
}

// svg makes the SVG too large.
func (m Malformation) svg(svg []byte) []byte {
	size := 0
	switch m {
	case LogotypeBomb:
		size = 16 << 20
	case LogotypeTooLarge:
		size = 1<<20 + 1
	default:
		return svg
	}
	return append(bytes.Clone(svg), bytes.Repeat([]byte{'\n'}, size-len(svg))...)
}

// hashed is what the hashes are computed over.
func (m Malformation) hashed(svg []byte) []byte {
	if m == LogotypeHash {
		return append(bytes.Clone(svg), ' ')
	}
	return svg
}

// gzip damages the gzip stream.
func (m Malformation) gzip(b []byte) []byte {
	switch m {
	case LogotypeGzip:
		for i := len(b) / 2; i < len(b)/2+8; i++ {
			b[i] ^= 0xff
		}
	case LogotypeCut:
		return b[:len(b)*2/3]
	}
	return b
}

// uri damages the data URI.
func (m Malformation) uri(u string) string {
	switch m {
	case LogotypeBase64:
		return u[:len(u)/2] + "?*?" + u[len(u)/2:]
	case LogotypeLink:
		return "https://logos.marktest.example/logo.svg"
	}
	return u
}

// images damages the list of images.
func (m Malformation) images(image []byte) []byte {
	if m == LogotypeTwice {
		return append(bytes.Clone(image), image...)
	}
	return image
}

// logotype damages the whole logotype.
func (m Malformation) logotype(v []byte) []byte {
	switch m {
	case LogotypeASN1:
		return v[:len(v)-3]
	case LogotypeEmpty:
		return seq()
	}
	return v
}
