package parse

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"html"
	"io"
	"net/url"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// MaxSVG is the largest image, in bytes after decompression, that is read. The MCR gives no
// bound; practice is 32 KB.
const MaxSVG = 1 << 20

// isDataURI tells a data URI (RFC 2397) from a link.
func isDataURI(uri []byte) bool {
	return len(uri) >= 5 && bytes.EqualFold(uri[:5], []byte("data:"))
}

// image unpacks a data URI into the logo: base64, gzip, hashes, title.
func (r *logoReader) image(logo *Logo, uri []byte) *MalformedError {
	payload, media, err := r.payload(uri)
	if err != nil {
		return &MalformedError{Part: "logotype", Reason: "its data URI can't be decoded", Err: err}
	}
	if !strings.EqualFold(media, logo.MediaType) && media != "" && logo.MediaType != "" {
		r.find("logotype-media-type", SeverityWarning, "the data URI has media type "+quote(media)+", the logotype "+quote(logo.MediaType), "RFC 3709 section 4.1")
	}
	first(&logo.MediaType, media)
	if bytes.HasPrefix(payload, []byte("\x1f\x8b")) {
		logo.CompressedSize = len(payload)
		if payload, err = r.gunzip(payload); err != nil {
			return &MalformedError{Part: "svg", Reason: "its gzip stream can't be unpacked", Err: err}
		}
	}
	if len(payload) > MaxSVG {
		return &MalformedError{Part: "svg", Reason: fmt.Sprintf("it is larger than %d bytes", MaxSVG)}
	}
	logo.Data = payload
	r.inspect(logo)
	return nil
}

// inspect fills in what follows from the image's data.
func (r *logoReader) inspect(logo *Logo) {
	switch media, _, _ := strings.Cut(strings.ToLower(logo.MediaType), ";"); strings.TrimSpace(media) {
	case "image/svg+xml", "image/svg+xml+gzip", "image/svg+xml-compressed", "":
		logo.SVG = logo.Data
		logo.SVGSHA256 = sha256.Sum256(logo.SVG)
		logo.Title, logo.HasTitle = svgTitle(logo.SVG)
	default:
		r.find("logotype-not-svg", SeverityError, "the "+logo.Role+" logo has media type "+quote(logo.MediaType), "MCR, logotype extension")
	}
	if len(logo.Hashes) == 0 {
		r.find("logotype-hash-absent", SeverityError, "the "+logo.Role+" logo has no hash", "RFC 3709 section 4.1")
	}
	for i := range logo.Hashes {
		h := &logo.Hashes[i]
		sum := hashSum(h.Algorithm, logo)
		h.Matches = sum != nil && bytes.Equal(sum, h.Value)
		switch {
		case sum == nil:
			r.find("logotype-hash-unknown", SeverityWarning, "the "+logo.Role+" logo has a hash by "+h.Algorithm, "RFC 3709 section 4.1")
		case !h.Matches:
			r.find("logotype-hash-mismatch", SeverityError,
				fmt.Sprintf("the %s of the %s logo is %x, the certificate says %x", h.Algorithm, logo.Role, sum, h.Value[:min(len(h.Value), 64)]), "RFC 3709 section 4.1")
		}
	}
}

// hashSum is the hash of a logo's data; nil by an unknown algorithm.
func hashSum(algorithm string, logo *Logo) []byte {
	switch algorithm {
	case "md5":
		sum := md5.Sum(logo.Data)
		return sum[:]
	case "sha1":
		sum := sha1.Sum(logo.Data)
		return sum[:]
	case "sha224":
		sum := sha256.Sum224(logo.Data)
		return sum[:]
	case "sha256":
		sum := logo.SVGSHA256
		if logo.SVG == nil {
			sum = sha256.Sum256(logo.Data)
		}
		return sum[:]
	case "sha384":
		sum := sha512.Sum384(logo.Data)
		return sum[:]
	case "sha512":
		sum := sha512.Sum512(logo.Data)
		return sum[:]
	}
	return nil
}

// payload decodes a data URI (RFC 2397) into its bytes and its media type without parameters.
func (r *logoReader) payload(uri []byte) (payload []byte, media string, err error) {
	comma := bytes.IndexByte(uri, ',')
	if comma < 0 {
		return nil, "", errors.New("it has no comma")
	}
	header, body := string(uri[5:comma]), uri[comma+1:]
	if len(body) > MaxSVG*3 {
		return nil, "", fmt.Errorf("its %d characters hold more than %d bytes", len(body), MaxSVG)
	}
	media, parameters, _ := strings.Cut(header, ";")
	if bytes.IndexByte(body, '%') >= 0 {
		text, err := url.PathUnescape(string(body))
		if err != nil {
			return nil, "", fmt.Errorf("undoing its percent signs: %w", err)
		}
		body = []byte(text)
	}
	if !strings.HasSuffix(strings.ToLower(strings.TrimSpace(parameters)), "base64") {
		return body, validText([]byte(media)), nil
	}
	payload = make([]byte, base64.StdEncoding.DecodedLen(len(body)))
	n, err := base64.StdEncoding.Decode(payload, body)
	payload = payload[:n]
	if err != nil {
		if payload, err = laxBase64(body); err != nil {
			return nil, "", err
		}
		r.find("logotype-base64", SeverityWarning, "the logo's base64 isn't in its standard form", "RFC 4648 section 4")
	}
	return payload, validText([]byte(media)), nil
}

// laxBase64 decodes base64 with white space, without padding, or in the URL alphabet.
func laxBase64(b []byte) ([]byte, error) {
	clean := make([]byte, 0, len(b))
	for _, c := range b {
		switch c {
		case ' ', '\t', '\r', '\n':
			continue
		case '-':
			c = '+'
		case '_':
			c = '/'
		}
		clean = append(clean, c)
	}
	clean = bytes.TrimRight(clean, "=")
	out := make([]byte, base64.RawStdEncoding.DecodedLen(len(clean)))
	n, err := base64.RawStdEncoding.Decode(out, clean)
	if err != nil {
		return nil, fmt.Errorf("undoing its base64: %w", err)
	}
	return out[:n], nil
}

// gunzips are readers to use again: making one costs as much as unpacking a logo. They are the
// only variable of this package, and carry nothing from one use to the next.
var gunzips = sync.Pool{New: func() any { return new(gzip.Reader) }}

// gunzip unpacks one gzip member, up to a byte more than MaxSVG.
func (r *logoReader) gunzip(b []byte) ([]byte, error) {
	in := bytes.NewReader(b)
	z := gunzips.Get().(*gzip.Reader)
	defer gunzips.Put(z)
	if err := z.Reset(in); err != nil { // after it b holds a header, so four bytes and more
		return nil, err
	}
	z.Multistream(false)
	var out bytes.Buffer
	size := binary.LittleEndian.Uint32(b[len(b)-4:]) // as the trailer says, which may be untrue
	out.Grow(int(min(size, MaxSVG)) + bytes.MinRead)
	if _, err := io.Copy(&out, io.LimitReader(z, MaxSVG+1)); err != nil {
		return nil, err
	}
	if in.Len() > 0 && out.Len() <= MaxSVG {
		r.find("logotype-trailing-data", SeverityWarning, fmt.Sprintf("%d bytes follow the logo's gzip stream", in.Len()), "RFC 1952 section 2.2")
	}
	return out.Bytes(), nil
}

// svgTitle finds the text of the first title element. It walks tags without parsing XML: the
// SVG is hostile, and its title is shown, never trusted.
func svgTitle(svg []byte) (title string, ok bool) {
	for {
		at := bytes.IndexByte(svg, '<')
		if at < 0 {
			return "", false
		}
		svg = svg[at+1:]
		switch {
		case bytes.HasPrefix(svg, []byte("!--")):
			svg = after(svg, "-->")
		case bytes.HasPrefix(svg, []byte("![CDATA[")):
			svg = after(svg, "]]>")
		default:
			name := svg[:len(svg)-len(bytes.TrimLeftFunc(svg, nameRune))]
			if i := bytes.IndexByte(name, ':'); i >= 0 {
				name = name[i+1:]
			}
			if string(name) == "title" {
				return titleText(svg), true
			}
		}
	}
}

// nameRune tells whether c may be in the name of an element, as far as the search for a title
// needs to know.
func nameRune(c rune) bool {
	return c == ':' || c == '-' || c == '_' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

// titleText gives the text of the element whose start tag b begins in.
func titleText(b []byte) string {
	start, body, ok := bytes.Cut(b, []byte(">"))
	if !ok || bytes.HasSuffix(start, []byte("/")) {
		return ""
	}
	body = body[:min(len(body), 4096)]
	if cdata := []byte("<![CDATA["); bytes.HasPrefix(body, cdata) {
		text, _, _ := bytes.Cut(body[len(cdata):], []byte("]]>"))
		return validText(text)
	}
	text, _, _ := bytes.Cut(body, []byte("<"))
	return html.UnescapeString(validText(text))
}

// after gives what follows the first mark in b.
func after(b []byte, mark string) []byte {
	_, rest, _ := bytes.Cut(b, []byte(mark))
	return rest
}
