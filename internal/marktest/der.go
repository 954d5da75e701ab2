package marktest

import (
	"math/bits"
	"strconv"
	"strings"
	"time"
)

// ASN.1 tags.
const (
	tagInteger   = 0x02
	tagBitString = 0x03
	tagOctets    = 0x04
	tagNull      = 0x05
	tagOID       = 0x06
	tagUTF8      = 0x0c
	tagPrintable = 0x13
	tagTeletex   = 0x14
	tagIA5       = 0x16
	tagUTCTime   = 0x17
	tagTime      = 0x18
	tagUniversal = 0x1c
	tagBMP       = 0x1e
	tagSequence  = 0x30
	tagSet       = 0x31
)

// tlv encodes one DER element whose content is the parts, one after the other.
func tlv(tag byte, parts ...[]byte) []byte {
	n := 0
	for _, p := range parts {
		n += len(p)
	}
	out := make([]byte, 0, n+6)
	out = append(out, tag)
	if n < 0x80 {
		out = append(out, byte(n))
	} else {
		width := (bits.Len(uint(n)) + 7) / 8
		out = append(out, 0x80|byte(width))
		for i := width - 1; i >= 0; i-- {
			out = append(out, byte(n>>(8*i)))
		}
	}
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

// seq is a SEQUENCE of the parts.
func seq(parts ...[]byte) []byte { return tlv(tagSequence, parts...) }

// oid encodes a dotted object identifier, which must be a right one.
func oid(dotted string) []byte {
	var body []byte
	var first uint64
	for i, arc := range strings.Split(dotted, ".") {
		n, err := strconv.ParseUint(arc, 10, 62)
		if err != nil {
			panic("marktest: object identifier " + dotted + ": " + err.Error())
		}
		switch i {
		case 0:
			first = n
			continue
		case 1:
			n += 40 * first
		}
		for shift := 63; shift > 0; shift -= 7 {
			if n>>shift != 0 {
				body = append(body, 0x80|byte(n>>shift)&0x7f)
			}
		}
		body = append(body, byte(n)&0x7f)
	}
	return tlv(tagOID, body)
}

// utcTime encodes t as RFC 5280 wants: UTCTime up to 2049, GeneralizedTime after.
func utcTime(t time.Time) []byte {
	if t.Year() < 2050 {
		return tlv(tagUTCTime, t.UTC().AppendFormat(nil, "060102150405Z"))
	}
	return tlv(tagTime, t.UTC().AppendFormat(nil, "20060102150405Z"))
}

// bitString encodes whole bytes as a BIT STRING.
func bitString(b []byte) []byte { return tlv(tagBitString, []byte{0}, b) }

// text encodes s as the string type tag.
func text(tag byte, s string) []byte {
	switch tag {
	case tagBMP:
		var b []byte
		for _, r := range s {
			b = append(b, byte(r>>8), byte(r))
		}
		return tlv(tag, b)
	case tagUniversal:
		var b []byte
		for _, r := range s {
			b = append(b, byte(r>>24), byte(r>>16), byte(r>>8), byte(r))
		}
		return tlv(tag, b)
	case tagTeletex:
		var b []byte
		for _, r := range s {
			b = append(b, byte(r))
		}
		return tlv(tag, b)
	}
	return tlv(tag, []byte(s))
}

// printable tells whether s fits a PrintableString.
func printable(s string) bool {
	for _, c := range []byte(s) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		case strings.IndexByte(" '()+,-./:=?", c) >= 0:
		default:
			return false
		}
	}
	return true
}
