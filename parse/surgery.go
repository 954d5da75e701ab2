package parse

import (
	"math/bits"

	"golang.org/x/crypto/cryptobyte"
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

// add keeps an extension, or drops it where its OID says that it isn't shared.
func (c *cut) add(oid string, element []byte) {
	if oid == extPoison || oid == extSCTs {
		c.dropped++
	} else {
		c.kept = append(c.kept, element)
	}
}

// strip takes poison and SCT list out of a TBSCertificate without reading the rest of it. It
// isn't ok where that can't be done.
func strip(tbs cryptobyte.String) (stripped []byte, poisoned, ok bool) {
	whole := []byte(tbs)
	var body, wrapper, list cryptobyte.String
	if !tbs.ReadASN1(&body, asn1.SEQUENCE) {
		return nil, false, false
	}
	content, tag := body, asn1.Tag(3).ContextSpecific().Constructed()
	for !body.Empty() && !body.PeekASN1Tag(tag) {
		var element cryptobyte.String
		var any asn1.Tag
		if !body.ReadAnyASN1Element(&element, &any) {
			return nil, false, false
		}
	}
	c := cut{head: content[:len(content)-len(body)], kept: make([][]byte, 0, 16)}
	if body.Empty() {
		return whole, false, true
	}
	if !body.ReadASN1(&wrapper, tag) || !wrapper.ReadASN1(&list, asn1.SEQUENCE) || !wrapper.Empty() {
		return nil, false, false
	}
	c.tail = body
	for !list.Empty() {
		var element, extension cryptobyte.String
		if !list.ReadASN1Element(&element, asn1.SEQUENCE) || len(c.kept)+c.dropped >= maxExtensions {
			return nil, false, false
		}
		rest := element
		rest.ReadASN1(&extension, asn1.SEQUENCE)
		oid, _ := readOID(&extension)
		poisoned = poisoned || oid == extPoison
		c.add(oid, element)
	}
	if c.dropped == 0 {
		return whole, poisoned, true
	}
	return c.encode(), poisoned, true
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
