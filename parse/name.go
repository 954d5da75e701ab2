package parse

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
