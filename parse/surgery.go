package parse

import (
	"math/bits"

	"golang.org/x/crypto/cryptobyte/asn1"
)

// cut describes a TBSCertificate for the removal of extensions: all offsets are of kept bytes.
type cut struct {
	head    []byte   // content of the TBSCertificate before the extensions' wrapper
	kept    [][]byte // extensions that stay, each whole
	dropped int      // how many extensions are taken out
	tail    []byte   // content after the wrapper: nothing, in a valid one
}

// encode builds the TBSCertificate without the dropped extensions (RFC 6962 section 3.2). Only
// the lengths around them are encoded anew; all other bytes stay as they were. The wrapper
// goes too where no extension is left.
func (c *cut) encode() []byte {
	var list []byte
	for _, e := range c.kept {
		list = append(list, e...)
	}
	content := make([]byte, 0, len(c.head)+len(list)+len(c.tail)+16)
	content = append(content, c.head...)
	if len(list) > 0 {
		wrapper := appendTLV(make([]byte, 0, len(list)+8), asn1.SEQUENCE, list)
		content = appendTLV(content, asn1.Tag(3).ContextSpecific().Constructed(), wrapper)
	}
	content = append(content, c.tail...)
	return appendTLV(make([]byte, 0, len(content)+8), asn1.SEQUENCE, content)
}

// bitLen is the length of a big-endian number in bits.
func bitLen(b []byte) int {
	for len(b) > 0 && b[0] == 0 {
		b = b[1:]
	}
	if len(b) == 0 {
		return 0
	}
	return 8*(len(b)-1) + bits.Len8(b[0])
}
