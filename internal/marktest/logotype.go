package marktest

import (
	"bytes"
	"compress/gzip"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
)

// logotype encodes the logotype extension, nil without SVG.
func (c *CA) logotype(s *Spec) []byte {
	if s.SVG == nil {
		return nil
	}
	svg := s.Malform.svg(s.SVG)
	media := s.MediaType
	if media == "" {
		media = "image/svg+xml"
	}
	payload := svg
	if !s.Plain {
		payload = s.Malform.gzip(c.compress(svg))
	}
	uri := "data:" + media + ";base64," + base64.StdEncoding.EncodeToString(payload)
	image := seq(seq(tlv(tagIA5, []byte(media)), hashes(s.Hashes, s.Malform.hashed(svg)), seq(tlv(tagIA5, []byte(s.Malform.uri(uri))))))
	images := seq(s.Malform.images(image))
	return s.Malform.logotype(seq(tlv(0xa2, tlv(0xa0, images))))
}

// compress gzips b.
func (c *CA) compress(b []byte) []byte {
	var out bytes.Buffer
	w := c.gzips.Get().(*gzip.Writer)
	defer c.gzips.Put(w)
	w.Reset(&out)
	if _, err := w.Write(b); err != nil {
		panic("marktest: compressing: " + err.Error())
	}
	if err := w.Close(); err != nil {
		panic("marktest: compressing: " + err.Error())
	}
	return out.Bytes()
}

// hashes encodes the logotypeHash list.
func hashes(names []string, svg []byte) []byte {
	if names == nil {
		names = []string{"sha256"}
	}
	var out []byte
	add := func(id string, sum []byte) {
		out = append(out, seq(seq(oid(id), tlv(tagNull)), tlv(tagOctets, sum))...)
	}
	for _, name := range names {
		switch name {
		case "sha1":
			sum := sha1.Sum(svg)
			add("1.3.14.3.2.26", sum[:])
		case "sha256":
			sum := sha256.Sum256(svg)
			add("2.16.840.1.101.3.4.2.1", sum[:])
		case "sha384":
			sum := sha512.Sum384(svg)
			add("2.16.840.1.101.3.4.2.2", sum[:])
		case "sha512":
			sum := sha512.Sum512(svg)
			add("2.16.840.1.101.3.4.2.3", sum[:])
		default:
			panic("marktest: unknown hash " + name)
		}
	}
	return seq(out)
}
