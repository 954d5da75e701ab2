package parse

import (
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// String types that cryptobyte has no names for (X.680 section 8.4).
const (
	tagNumericString   = 18
	tagVisibleString   = 26
	tagUniversalString = 28
	tagBMPString       = 30
)

// enter opens the SEQUENCE that in begins with, and gives its content. Unlike ReadASN1 it also
// opens one that is cut short, and then says that it isn't whole: the subject of a truncated
// certificate can still be read.
func enter(in *cryptobyte.String) (body cryptobyte.String, whole, ok bool) {
	rest := *in
	if rest.ReadASN1(&body, asn1.SEQUENCE) {
		*in = rest
		return body, true, true
	}
	b := []byte(*in)
	if len(b) < 2 || b[0] != byte(asn1.SEQUENCE) {
		return nil, false, false
	}
	header := 2
	if b[1]&0x80 != 0 {
		header += int(b[1] & 0x7f)
	}
	if header > 6 || header >= len(b) {
		return nil, false, false
	}
	*in = nil
	return cryptobyte.String(b[header:]), false, true
}

// appendTLV encodes a DER element of a one-byte tag around the content.
func appendTLV(out []byte, tag asn1.Tag, content []byte) []byte {
	out = append(out, byte(tag))
	switch n := len(content); {
	case n < 1<<7:
		out = append(out, byte(n))
	case n < 1<<8:
		out = append(out, 0x81, byte(n))
	case n < 1<<16:
		out = append(out, 0x82, byte(n>>8), byte(n))
	case n < 1<<24:
		out = append(out, 0x83, byte(n>>16), byte(n>>8), byte(n))
	default:
		out = append(out, 0x84, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
	}
	return append(out, content...)
}

// readOID reads an OBJECT IDENTIFIER in dotted form.
func readOID(in *cryptobyte.String) (string, bool) {
	var body cryptobyte.String
	if !in.ReadASN1(&body, asn1.OBJECT_IDENTIFIER) {
		return "", false
	}
	if known := commonOID(body); known != "" {
		return known, true
	}
	return dotted(body)
}

// dotted writes the value bytes of an object identifier in dotted form. Arcs may be of any
// size, as those under 2.25 are, but no identifier has more than 128 bytes.
func dotted(b []byte) (string, bool) {
	if len(b) == 0 || len(b) > 128 || b[len(b)-1]&0x80 != 0 {
		return "", false
	}
	var buf [256]byte
	out := buf[:0]
	var arc uint64
	start := 0
	for i, c := range b {
		arc = arc<<7 | uint64(c&0x7f)
		if c&0x80 != 0 {
			continue
		}
		if start == 0 {
			root := min(arc/40, 2)
			if i > 8 {
				root = 2
			}
			out = strconv.AppendUint(out, root, 10)
			out = appendArc(append(out, '.'), b[:i+1], arc, 40*root)
		} else {
			out = appendArc(append(out, '.'), b[start:i+1], arc, 0)
		}
		arc, start = 0, i+1
	}
	return string(out), true
}

// appendArc writes one arc less an offset: from its value, or from its bytes where it is too
// large for the value to be right.
func appendArc(out, b []byte, value, offset uint64) []byte {
	if len(b) <= 9 {
		return strconv.AppendUint(out, value-offset, 10)
	}
	n := new(big.Int)
	for _, c := range b {
		n.Lsh(n, 7).Or(n, big.NewInt(int64(c&0x7f)))
	}
	return n.Sub(n, new(big.Int).SetUint64(offset)).Append(out, 10)
}

// serialHex writes the content of an INTEGER as hex without leading zeros, with a minus sign
// where it is negative.
func serialHex(b []byte) string {
	if len(b) > 0 && b[0]&0x80 != 0 && len(b) <= 1024 {
		n := new(big.Int).SetBytes(b)
		return n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b)))).Text(16)
	}
	s := strings.TrimLeft(hex.EncodeToString(b), "0")
	if s == "" {
		return "0"
	}
	return s
}

// decodeText turns the content of an ASN.1 string into valid UTF-8, and says what was wrong
// with it. A TeletexString is read as ISO 8859-1, which is what issuers mean by it. What is
// no string is given as # and hex (RFC 4514 section 2.4).
func decodeText(tag asn1.Tag, b []byte) (s, fault string) {
	switch tag {
	case asn1.UTF8String, asn1.PrintableString, asn1.IA5String, tagNumericString, tagVisibleString:
		if utf8.Valid(b) {
			return string(b), ""
		}
		return strings.ToValidUTF8(string(b), "\ufffd"), "isn't valid UTF-8"
	case asn1.T61String:
		return latin1(b), ""
	case tagBMPString:
		units := make([]uint16, len(b)/2)
		for i := range units {
			units[i] = uint16(b[2*i])<<8 | uint16(b[2*i+1])
		}
		if len(b)%2 != 0 {
			fault = "is a BMPString of odd length"
		}
		return string(utf16.Decode(units)), fault
	case tagUniversalString:
		return universal(b)
	}
	return "#" + hex.EncodeToString(b), "has ASN.1 type " + strconv.Itoa(int(tag)) + ", which is no string"
}

// latin1 decodes ISO 8859-1.
func latin1(b []byte) string {
	runes := make([]rune, len(b))
	for i, c := range b {
		runes[i] = rune(c)
	}
	return string(runes)
}

// universal decodes a UniversalString, four bytes a character.
func universal(b []byte) (s, fault string) {
	runes := make([]rune, len(b)/4)
	for i := range runes {
		v := uint32(b[4*i])<<24 | uint32(b[4*i+1])<<16 | uint32(b[4*i+2])<<8 | uint32(b[4*i+3])
		runes[i] = utf8.RuneError
		if v <= utf8.MaxRune {
			runes[i] = rune(v)
		}
	}
	if len(b)%4 != 0 {
		fault = "is a UniversalString whose length is no multiple of four"
	}
	return string(runes), fault
}

// validText makes b valid UTF-8.
func validText(b []byte) string {
	return strings.ToValidUTF8(string(b), "\ufffd")
}

// readTime reads a UTCTime or GeneralizedTime. Beyond RFC 5280 section 4.1.2.5 it takes missing
// seconds, fractions and offsets, which old issuers wrote.
func readTime(in *cryptobyte.String) (time.Time, error) {
	var body cryptobyte.String
	var tag asn1.Tag
	if !in.ReadAnyASN1(&body, &tag) {
		return time.Time{}, errors.New("no time is there")
	}
	layouts := []string{"060102150405Z0700", "0601021504Z0700"}
	switch tag {
	case asn1.UTCTime:
	case asn1.GeneralizedTime:
		layouts = []string{"20060102150405Z0700", "200601021504Z0700"}
	default:
		return time.Time{}, fmt.Errorf("ASN.1 type %d is no time", tag)
	}
	text := string(body[:min(len(body), 64)])
	for _, layout := range layouts {
		t, err := time.Parse(layout, text)
		if err != nil {
			continue
		}
		if tag == asn1.UTCTime && t.Year() >= 2050 { // RFC 5280 section 4.1.2.5.1
			t = t.AddDate(-100, 0, 0)
		}
		return t.UTC(), nil
	}
	return time.Time{}, fmt.Errorf("%q is no time", text)
}
