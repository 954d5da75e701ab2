package parse_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"markwatch/internal/marktest"
	"markwatch/parse"
)

func TestDotted(t *testing.T) {
	tests := []struct {
		der, want string
		ok        bool
	}{
		{"\x2b\x06\x01\x05\x05\x07\x03\x1f", "1.3.6.1.5.5.7.3.31", true},
		{"\x55\x04\x0a", "2.5.4.10", true},
		{"\x09\x92\x26", "0.9.2342", true},
		{"\x88\x37\x01", "2.999.1", true},
		{"\x69\x83\xf8\xf4\xf5\xa2\xd0\xf6\xbf\xf4\xb9\xc4\xad\xe7\xe1\xbc\xb1\xe6\x13", "", true},
		{"\x82\x80\x80\x80\x80\x80\x80\x80\x80\x00", "2.18446744073709551536", true},
		{"", "", false},
		{"\x2b\x86", "", false},
		{strings.Repeat("\x01", 129), "", false},
	}
	for _, tt := range tests {
		got, ok := parse.Dotted([]byte(tt.der))
		if ok != tt.ok || tt.want != "" && got != tt.want {
			t.Errorf("%x: %q %v, want %q %v", tt.der, got, ok, tt.want, tt.ok)
		}
	}
	if got, _ := parse.Dotted([]byte(tests[4].der)); !strings.HasPrefix(got, "2.25.") || len(got) < 25 {
		t.Errorf("an OID made of a UUID: %q", got)
	}
}

func TestSerialHex(t *testing.T) {
	for der, want := range map[string]string{"\x00\x8f": "8f", "\x01\x02": "102", "\x00": "0", "": "0", "\xff": "-1", "\x80\x00": "-8000"} {
		if got := parse.SerialHex([]byte(der)); got != want {
			t.Errorf("%x: %q, want %q", der, got, want)
		}
	}
}

func TestReadTime(t *testing.T) {
	tests := []struct {
		tag  byte
		text string
		want string // RFC 3339; "" for an error
	}{
		{23, "260105090000Z", "2026-01-05T09:00:00Z"},
		{23, "491231235959Z", "2049-12-31T23:59:59Z"},
		{23, "500101000000Z", "1950-01-01T00:00:00Z"},
		{23, "700101000000Z", "1970-01-01T00:00:00Z"},
		{23, "2601050900Z", "2026-01-05T09:00:00Z"},
		{23, "260105090000+0100", "2026-01-05T08:00:00Z"},
		{24, "20500101000000Z", "2050-01-01T00:00:00Z"},
		{24, "20500101000000.5Z", "2050-01-01T00:00:00.5Z"},
		{24, "99991231235959Z", "9999-12-31T23:59:59Z"},
		{23, "261305090000Z", ""},
		{23, "", ""},
		{12, "260105090000Z", ""},
	}
	for _, tt := range tests {
		got, err := parse.ReadTime(append([]byte{tt.tag, byte(len(tt.text))}, tt.text...))
		if (err == nil) != (tt.want != "") || err == nil && got.Format(time.RFC3339Nano) != tt.want {
			t.Errorf("%d %s: %v %v, want %q", tt.tag, tt.text, got, err, tt.want)
		}
	}
	if _, err := parse.ReadTime(nil); err == nil {
		t.Error("no time is read as one")
	}
}

// One byte changed in a certificate spoils the part that holds it, and what is said of it.
func TestDamage(t *testing.T) {
	const algorithm = "\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02"
	der := marktest.NewCA("Weaver").Issue(kind(t, "registered mark"), sct(1)).Certificate
	tests := []struct {
		name, old, changed string
		part, finding      string
	}{
		{"serial number", "\xa0\x03\x02\x01\x02\x02", "\xa0\x03\x02\x01\x02\x04", "serial number", ""},
		{"version", "\xa0\x03\x02\x01\x02\x02", "\xa0\x03\x02\x01\x7f\x02", "", "version"},
		{"algorithm", algorithm, strings.Replace(algorithm, "\x06", "\x05", 1), "signature algorithm", ""},
		{"issuer", "\x31\x0b\x30\x09\x06\x03\x55\x04\x06\x13\x02DK", "\x32\x0b\x30\x09\x06\x03\x55\x04\x06\x13\x02DK", "issuer", ""},
		{"subject", "\x31\x0b\x30\x09\x06\x03\x55\x04\x06\x13\x02GB", "\x31\x0b\x32\x09\x06\x03\x55\x04\x06\x13\x02GB", "subject", ""},
		{"attribute type", "\x06\x03\x55\x04\x06\x13\x02GB", "\x05\x03\x55\x04\x06\x13\x02GB", "subject", ""},
		{"public key", "\x30\x59\x30\x13", "\x30\x59\x31\x13", "public key", ""},
		{"public key sequence", "\x30\x59\x30\x13", "\x31\x59\x30\x13", "public key", ""},
		{"extension", "\x06\x03\x55\x1d\x0f", "\x05\x03\x55\x1d\x0f", "extensions", ""},
		{"signature", algorithm + "\x03", algorithm + "\x04", "certificate", ""},
		{"AIA", "\x06\x08\x2b\x06\x01\x05\x05\x07\x30\x02", "\x05\x08\x2b\x06\x01\x05\x05\x07\x30\x02", "", "extension-unreadable"},
		{"policies", "\x06\x0a\x2b\x06\x01\x04\x01\x83\x9e\x5f", "\x05\x0a\x2b\x06\x01\x04\x01\x83\x9e\x5f", "", "extension-unreadable"},
		{"subject key", "\x04\x16\x04\x14", "\x04\x16\x05\x14", "", "extension-unreadable"},
		{"authority key", "\x30\x16\x80\x14", "\x31\x16\x80\x14", "", "extension-unreadable"},
		{"name not DNS", "\x30\x19\x82\x17", "\x30\x19\x81\x17", "", "san-not-dns"},
		{"name not ASCII", "larkspur-kettle.example", "larkspur-kettl\xe9.example", "", "san-not-ascii"},
	}
	for _, tt := range tests {
		at := bytes.LastIndex(der, []byte(tt.old))
		if tt.name == "algorithm" {
			at = bytes.Index(der, []byte(tt.old))
		}
		if at < 0 {
			t.Errorf("%s: %x isn't in the certificate", tt.name, tt.old)
			continue
		}
		changed := bytes.Clone(der)
		copy(changed[at:], tt.changed)
		m, err := parse.Certificate(changed)
		var bad *parse.MalformedError
		switch {
		case tt.part != "":
			if !errors.As(err, &bad) || bad.Part != tt.part {
				t.Errorf("%s: %v, want part %s", tt.name, err, tt.part)
			}
		case err != nil || len(finding(m, tt.finding)) == 0:
			t.Errorf("%s: %v, want finding %s", tt.name, err, tt.finding)
		}
	}
	trailing, err := parse.Certificate(append(bytes.Clone(der), 0, 0))
	if err != nil || len(finding(trailing, "trailing-data")) != 1 || !bytes.Equal(trailing.DER, der) {
		t.Errorf("trailing data: %v", err)
	}
	curve := bytes.Replace(der, []byte("\x2a\x86\x48\xce\x3d\x03\x01\x07"), []byte("\x2a\x86\x48\xce\x3d\x03\x01\x01"), 1)
	if m, err := parse.Certificate(curve); err != nil || m.KeyAlgorithm != "ECPublicKey 1.2.840.10045.3.1.1" || m.KeyBits != 0 {
		t.Errorf("unknown curve: %v", err)
	}
}
