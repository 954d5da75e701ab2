package parse_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"runtime"
	"strings"
	"testing"
	"time"

	"markwatch/internal/marktest"
	"markwatch/parse"
)

// hostile gives certificates that are made to cost as much as they can.
func hostile() map[string][]byte {
	ca := marktest.NewCA("Weaver")
	const nearly = parse.MaxCertificate - 8192
	issue := func(change func(*marktest.Spec)) []byte {
		s := marktest.Registered("Ash Ltd", "ash.example", 1)
		change(&s)
		return ca.Issue(s).Certificate
	}
	text := func(tag byte, value string) []byte {
		return issue(func(s *marktest.Spec) {
			s.Attributes = []marktest.Attribute{{OID: "2.5.4.10", Type: tag, Value: strings.Repeat(value, nearly/len(value))}}
			s.Organisation = ""
		})
	}
	logo := make([]byte, parse.MaxSVG)
	copy(logo, strings.Repeat("<!--", parse.MaxSVG/4))
	bombs := issue(func(s *marktest.Spec) { s.SVG, s.Malform = logo, marktest.LogotypeTwice })
	return map[string][]byte{
		"UTF-8":     text(0x0c, "\xff "),
		"teletex":   text(0x14, "\xe6"),
		"BMP":       text(0x1e, "\xd8\x00"),
		"universal": text(0x1c, "\x00\x10\xff\xff"),
		"combining": text(0x0c, "\u0315\u0300\u05ae\u0327"),
		"no string": text(0x04, "x"),
		"serial":    issue(func(s *marktest.Spec) { s.Serial = bytes.Repeat([]byte{0x7f}, nearly) }),
		"domains": issue(func(s *marktest.Spec) {
			s.Domains = strings.Split(strings.Repeat("xn--bcher-kva.example ", 19000), " ")
		}),
		"long domain":   issue(func(s *marktest.Spec) { s.Domains = []string{strings.Repeat("ü.", nearly/3)} }),
		"trademark":     issue(func(s *marktest.Spec) { s.TrademarkIdentifier = strings.Repeat("１ ", nearly/4) }),
		"logos":         bombs,
		"many logos":    issue(func(s *marktest.Spec) { s.SVG, s.Extensions = nil, manyLogos(1000) }),
		"many hashes":   issue(func(s *marktest.Spec) { s.SVG, s.Extensions = nil, manyLogos(1) }),
		"open brackets": issue(func(s *marktest.Spec) { s.SVG = bytes.Repeat([]byte("<title "), parse.MaxSVG/8) }),
		"policies":      issue(func(s *marktest.Spec) { s.Policies = strings.Split(strings.Repeat("2.5 ", 19000)+"2.5", " ") }),
	}
}

// manyLogos is a logotype extension of one LogotypeDetails with so many data URIs, each of which
// unpacks to MaxSVG, and with thousands of hashes.
func manyLogos(uris int) []marktest.Extension {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write(make([]byte, parse.MaxSVG)); err != nil {
		panic(err)
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	uri := "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(packed.Bytes())
	value := logotypeValue("image/svg+xml", bytes.Repeat(sha512Nothing(), 10000), strings.Split(strings.Repeat(uri+"\n", uris-1)+uri, "\n")...)
	return []marktest.Extension{{OID: "1.3.6.1.5.5.7.1.12", Value: value}}
}

// No certificate takes more than 64 MiB, nor more than a moment.
func TestHostileCertificates(t *testing.T) {
	for name, der := range hostile() {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		m, err := parse.Certificate(der)
		took := time.Since(start)
		if m != nil {
			_, _ = m.MarkKey(), m.Subject.String()
		}
		runtime.ReadMemStats(&after)
		allocated := (after.TotalAlloc - before.TotalAlloc) >> 20
		if allocated > 64 || took > 5*time.Second {
			t.Errorf("%s of %d bytes takes %d MiB and %v: %v", name, len(der), allocated, took, err)
		}
		t.Logf("%s: %d bytes, %d MiB, %v, %v", name, len(der), allocated, took, err)
	}
}
