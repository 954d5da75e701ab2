package parse_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"markwatch/parse"
)

// nest writes elements within each other, the outermost first, around the content.
func nest(content []byte, tags ...asn1.Tag) []byte {
	for i := len(tags) - 1; i >= 0; i-- {
		var b cryptobyte.Builder
		b.AddASN1(tags[i], func(b *cryptobyte.Builder) { b.AddBytes(content) })
		content = b.BytesOrPanic()
	}
	return content
}

// tag is a constructed context-specific tag.
func tag(n asn1.Tag) asn1.Tag { return n.ContextSpecific().Constructed() }

// sha512OID is the object identifier of SHA-512.
const sha512OID = "\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03"

// hashValue is a HashAlgAndValue of SHA-512, without parameters.
func hashValue(sum []byte) []byte {
	return nest(append(nest([]byte(sha512OID), asn1.SEQUENCE), nest(sum, asn1.OCTET_STRING)...), asn1.SEQUENCE)
}

// sha512Nothing is a hash without value.
func sha512Nothing() []byte { return hashValue(nil) }

// details is LogotypeDetails.
func details(media string, hashes []byte, uris ...string) []byte {
	var list []byte
	for _, u := range uris {
		list = append(list, nest([]byte(u), asn1.IA5String)...)
	}
	body := append(nest([]byte(media), asn1.IA5String), nest(hashes, asn1.SEQUENCE)...)
	return nest(append(body, nest(list, asn1.SEQUENCE)...), asn1.SEQUENCE)
}

// logotypeValue is a logotype extension with one image, of the subject.
func logotypeValue(media string, hashes []byte, uris ...string) []byte {
	return nest(details(media, hashes, uris...), asn1.SEQUENCE, tag(2), tag(0), asn1.SEQUENCE, asn1.SEQUENCE)
}

// gzipped compresses b.
func gzipped(b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(b); err != nil {
		panic(err)
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}

func TestDataURIs(t *testing.T) {
	svg := []byte(`<svg xmlns="http://www.w3.org/2000/svg"><title>??>~~~</title></svg>`)
	packed := gzipped(svg)
	text := base64.StdEncoding.EncodeToString(svg)
	broken := text[:20] + "\r\n " + text[20:]
	const head, media = "data:image/svg+xml;base64,", "image/svg+xml"
	tests := []struct {
		name, media, uri string
		findings         []string
		bad              string // reason of a MalformedError
	}{
		{"plain", media, head + text, nil, ""},
		{"gzip", media, head + base64.StdEncoding.EncodeToString(packed), nil, ""},
		{"gzip media type", "image/svg+xml+gzip", "data:image/svg+xml+gzip;base64," + base64.StdEncoding.EncodeToString(packed), nil, ""},
		{"upper case", "IMAGE/SVG+XML", "DATA:image/svg+xml;BASE64," + text, nil, ""},
		{"parameters", media, "data:image/svg+xml;charset=utf-8;base64," + text, nil, ""},
		{"percent signs", media, head + url.QueryEscape(text), nil, ""},
		{"no base64", media, "data:image/svg+xml," + url.PathEscape(string(svg)), nil, ""},
		{"white space", media, head + broken, []string{"logotype-base64"}, ""},
		{"URL alphabet", media, head + base64.RawURLEncoding.EncodeToString(svg), []string{"logotype-base64"}, ""},
		{"other media type", media, "data:image/svg+xml+gzip;base64," + text, []string{"logotype-media-type"}, ""},
		{"trailing data", media, head + base64.StdEncoding.EncodeToString(append(bytes.Clone(packed), "tail"...)), []string{"logotype-trailing-data"}, ""},
		{"no comma", media, "data:image/svg+xml;base64", nil, "its data URI can't be decoded"},
		{"bad percent sign", media, "data:image/svg+xml,%zz", nil, "its data URI can't be decoded"},
		{"bad base64", media, head + "????", nil, "its data URI can't be decoded"},
		{"gzip header only", media, head + base64.StdEncoding.EncodeToString(packed[:5]), nil, "its gzip stream can't be unpacked"},
		{"long", media, head + strings.Repeat("A", 3*parse.MaxSVG+4), nil, "its data URI can't be decoded"},
	}
	sum := sha512.Sum512(svg)
	for _, tt := range tests {
		logos, findings, err := parse.Logotype(logotypeValue(tt.media, hashValue(sum[:]), tt.uri))
		var bad *parse.MalformedError
		if errors.As(err, &bad) != (tt.bad != "") || bad != nil && (bad.Reason != tt.bad || len(bad.DER) == 0) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.bad)
		}
		var got []string
		for _, f := range findings {
			got = append(got, f.Rule)
		}
		if diff := cmp.Diff(tt.findings, got); diff != "" {
			t.Errorf("%s: findings (-want +got):\n%s", tt.name, diff)
		}
		if tt.bad == "" && (len(logos) != 1 || !bytes.Equal(logos[0].SVG, svg) || !logos[0].Hashes[0].Matches || logos[0].Title != "??>~~~") {
			t.Errorf("%s: logos %+v", tt.name, logos)
		}
	}
}

func TestLogotypeForms(t *testing.T) {
	const svg = "<svg/>"
	sum := sha512.Sum512([]byte(svg))
	image := details("image/svg+xml", hashValue(sum[:]), "data:image/svg+xml,"+svg)
	direct := nest(image, tag(0), asn1.SEQUENCE, asn1.SEQUENCE)
	subject, issuer := nest(direct, tag(2)), nest(direct, tag(1))
	community := nest(direct, tag(0), asn1.SEQUENCE)
	other := nest(append([]byte("\x06\x03\x88\x37\x01"), direct...), tag(3), asn1.SEQUENCE, asn1.SEQUENCE) // 2.999.1
	link := append(nest(hashValue(sum[:]), asn1.SEQUENCE), nest(nest([]byte("https://ash.example/logo"), asn1.IA5String), asn1.SEQUENCE)...)
	indirect := nest(link, tag(2), tag(1))
	audio := nest(append(nest(image, asn1.SEQUENCE, asn1.SEQUENCE), nest(nil, tag(1))...), tag(2), tag(0))
	tests := []struct {
		name     string
		content  []byte
		roles    []string
		findings []string
	}{
		{"all", bytes.Join([][]byte{community, issuer, subject, other}, nil), []string{"subject", "community", "issuer", "2.999.1"}, nil},
		{"indirect", indirect, []string{"subject"}, []string{"logotype-indirect", "logotype-not-embedded"}},
		{"indirect and issuer", append(bytes.Clone(issuer), indirect...), []string{"subject", "issuer"}, []string{"logotype-indirect", "logotype-not-embedded"}},
		{"audio", audio, []string{"subject"}, []string{"logotype-audio"}},
		{"unknown field", append(nest(nil, tag(7)), subject...), []string{"subject"}, nil},
	}
	for _, tt := range tests {
		logos, findings, err := parse.Logotype(nest(tt.content, asn1.SEQUENCE))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		var roles, rules []string
		for _, l := range logos {
			roles = append(roles, l.Role)
		}
		for _, f := range findings {
			rules = append(rules, f.Rule)
		}
		if diff := cmp.Diff([][]string{tt.roles, tt.findings}, [][]string{roles, rules}); diff != "" {
			t.Errorf("%s: roles and findings (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestLogotypeHashes(t *testing.T) {
	const uri = "data:image/svg+xml,<svg/>"
	unknown := bytes.Replace(hashValue([]byte("x")), []byte(sha512OID), []byte("\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x63"), 1)
	tests := map[string][]byte{"logotype-hash-mismatch": sha512Nothing(), "logotype-hash-absent": nil, "logotype-hash-unknown": unknown}
	for rule, hashes := range tests {
		_, findings, err := parse.Logotype(logotypeValue("image/svg+xml", hashes, uri))
		if err != nil || len(findings) != 1 || findings[0].Rule != rule {
			t.Errorf("%s: %v, %v", rule, findings, err)
		}
	}
}
