package parse_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"testing"

	"markwatch/internal/marktest"
	"markwatch/parse"
)

// benchmarked is a mark whose logo has 4 KB.
func benchmarked() marktest.Issued {
	spec := marktest.Registered("Larkspur Kettle Works Ltd", "larkspur-kettle.example", 1)
	var paths bytes.Buffer
	for n := 0; paths.Len() < 3200; n++ {
		fmt.Fprintf(&paths, "<path d=\"M%d %dL%d %dZ\"/>\n", n*37%512, n*91%512, n*53%512, n*17%512)
	}
	spec.SVG = bytes.Replace(spec.SVG, []byte("</svg>"), append(paths.Bytes(), "</svg>"...), 1)
	return marktest.NewCA("Bench").Issue(spec, sct(1))
}

func BenchmarkCertificate(b *testing.B) {
	der := benchmarked().Certificate
	b.SetBytes(int64(len(der)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := parse.Certificate(der); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLeaf(b *testing.B) {
	s := benchmarked()
	leaf, extra := precertLeaf(s, 1), precertExtra(s)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := parse.Leaf(leaf, extra); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkClaims(b *testing.B) {
	der := marktest.NewCA("Bench").IssueTLS("shop.example", 1).Certificate
	der, _ = hex.DecodeString(hex.EncodeToString(der) + hex.EncodeToString(bytes.Repeat([]byte("+\x06\x01\x05\x05"), 200)))
	b.SetBytes(int64(len(der)))
	for b.Loop() {
		if parse.Claims(der) {
			b.Fatal("a TLS certificate claims to be a mark")
		}
	}
}

func BenchmarkFoldOrganisation(b *testing.B) {
	for b.Loop() {
		parse.FoldOrganisation("Møllebæk & Sønner Tekstil International Holding A/S")
	}
}
