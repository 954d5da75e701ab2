package parse

import (
	"strings"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// Name is an X.501 distinguished name: its attributes in the order of the certificate.
// Attributes repeat, so it is no map.
type Name []Attribute

// Attribute is one AttributeTypeAndValue of a Name.
type Attribute struct {
	OID   string
	Name  string // "organizationName" …; the OID where it has no name here
	Value string // valid UTF-8; bytes that are not are replaced
	Type  uint8  // ASN.1 tag of the string
	Raw   []byte // content octets of the value
	RDN   int    // index of the relative distinguished name that holds it
}

// name reads a Name (RFC 5280 section 4.1.2.4).
func (r *reader) name(part string, rdns cryptobyte.String) Name {
	name := make(Name, 0, 24)
	for n := 0; !rdns.Empty(); n++ {
		var set cryptobyte.String
		if !rdns.ReadASN1(&set, asn1.SET) {
			r.fail(part, "a relative distinguished name isn't a whole DER SET", nil)
			return name
		}
		for !set.Empty() && r.spend() {
			var pair, value cryptobyte.String
			var tag asn1.Tag
			if !set.ReadASN1(&pair, asn1.SEQUENCE) {
				r.fail(part, "an attribute isn't a whole DER SEQUENCE", nil)
				return name
			}
			oid, ok := readOID(&pair)
			if !ok || !pair.ReadAnyASN1(&value, &tag) {
				r.fail(part, "an attribute isn't a type and a value", nil)
				return name
			}
			name = append(name, r.attribute(part, oid, tag, value, n))
		}
		if r.elements > maxElements {
			return name
		}
	}
	return name
}

// attribute decodes one attribute.
func (r *reader) attribute(part, oid string, tag asn1.Tag, value []byte, rdn int) Attribute {
	a := Attribute{OID: oid, Name: lookupOID(attributeNames, oid), Type: uint8(tag), Raw: value, RDN: rdn}
	var fault string
	if a.Value, fault = decodeText(tag, value); fault != "" {
		r.find("string-encoding", SeverityError, part+" "+a.Name+" "+fault, "RFC 5280 section 4.1.2.4")
	}
	return a
}

// First gives the first value of an attribute by its name, "" if it is absent.
func (n Name) First(name string) string {
	for i := range n {
		if n[i].Name == name {
			return n[i].Value
		}
	}
	return ""
}

// String writes the name as RFC 4514 does: the last attribute first, special characters
// escaped. Types without a short name there have their long name, unknown ones their OID.
func (n Name) String() string {
	var b strings.Builder
	for end := len(n); end > 0; {
		start := end - 1
		for start > 0 && n[start-1].RDN == n[end-1].RDN {
			start--
		}
		if end < len(n) {
			b.WriteByte(',')
		}
		for i := start; i < end; i++ {
			if i > start {
				b.WriteByte('+')
			}
			b.WriteString(shortName(n[i].Name))
			b.WriteByte('=')
			escape(&b, n[i].Value)
		}
		end = start
	}
	return b.String()
}

// shortName is the name of an attribute in RFC 4514 section 3.
func shortName(name string) string {
	switch name {
	case "commonName":
		return "CN"
	case "localityName":
		return "L"
	case "stateOrProvinceName":
		return "ST"
	case "organizationName":
		return "O"
	case "organizationalUnitName":
		return "OU"
	case "countryName":
		return "C"
	case "streetAddress":
		return "STREET"
	case "domainComponent":
		return "DC"
	case "userId":
		return "UID"
	}
	return name
}

// escape writes a value by RFC 4514 section 2.4.
func escape(b *strings.Builder, s string) {
	for i := range len(s) {
		c := s[i]
		switch {
		case c == 0:
			b.WriteString(`\00`)
			continue
		case strings.IndexByte(`"+,;<>\`, c) >= 0, i == 0 && (c == '#' || c == ' '), i == len(s)-1 && c == ' ':
			b.WriteByte('\\')
		}
		b.WriteByte(c)
	}
}
