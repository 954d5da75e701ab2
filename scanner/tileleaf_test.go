package scanner_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"markwatch/scanner"
)

// tileOf is the data tile of entries [start, start+n) of a test log.
func tileOf(start, n int) (tile []byte) {
	for i := start; i < start+n; i++ {
		tile = append(tile, leafInput(i)[2:]...)
		if i%3 == 1 {
			tile = uint24(tile, fmt.Appendf(nil, "precertificate %d", i))
		}
		var prints []byte
		for j := range i % 4 {
			print := sha256.Sum256(fmt.Appendf(nil, "issuer %d of %d", j, i%5))
			prints = append(prints, print[:]...)
		}
		tile = append(binary.BigEndian.AppendUint16(tile, uint16(len(prints))), prints...)
	}
	return tile
}

func TestDecodeTile(t *testing.T) {
	decode := scanner.NewDecodeTile(scanner.HasMarkEKU)
	for _, r := range [][2]uint64{{256, 512}, {256, 300}, {400, 512}, {400, 401}, {511, 512}} {
		got, err := decode(tileOf(256, 256), 256, 256, r[0], r[1])
		if err != nil {
			t.Fatal(err)
		}
		var want scanner.Decoded
		for i := r[0]; i < r[1]; i++ {
			leaf := leafInput(int(i))
			h := sha256.Sum256(append([]byte{0}, leaf...))
			want.Hashes = append(want.Hashes, h)
			if scanner.HasMarkEKU(leaf) {
				want.Entries = append(want.Entries, scanner.Entry{Index: i, LeafInput: leaf, LeafHash: h})
			}
		}
		if diff := cmp.Diff(want.Hashes, got.Hashes); diff != "" {
			t.Errorf("hashes of %v (-want +got):\n%s", r, diff)
		}
		if diff := cmp.Diff(want.Entries, append([]scanner.Entry(nil), got.Entries...)); diff != "" {
			t.Errorf("entries of %v (-want +got):\n%s", r, diff)
		}
	}
}

func TestBrokenTiles(t *testing.T) {
	whole := tileOf(0, 3)
	unknown := bytes.Clone(whole)
	unknown[9] = 7
	chain := append(merkleLeaf(0, []byte("c"), false)[2:], 0, 31)
	for _, tt := range []struct {
		name  string
		tile  []byte
		width int
		want  string
	}{
		{"too few", tileOf(0, 2), 3, "at entry 2: it ends within a timestamp or type"},
		{"too many", tileOf(0, 4), 3, "bytes follow the last of 3 entries"},
		{"empty", nil, 1, "ends within a timestamp"},
		{"unknown type", unknown, 3, "at entry 0: entry type"},
		{"chain of 31 bytes", append(chain, make([]byte, 31)...), 1, "fingerprints"},
		{"cut in a chain", whole[:len(whole)-1], 3, "at entry 2: it ends within the fingerprints"},
		{"cut in a precertificate", tileOf(1, 1)[:95], 1, "precertificate"},
		{"cut in a certificate", tileOf(0, 1)[:20], 1, "certificate or extensions"},
		{"cut in a key hash", tileOf(1, 1)[:20], 1, "issuer key hash"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := scanner.NewDecodeTile(scanner.HasMarkEKU)(tt.tile, 0, tt.width, 0, uint64(tt.width))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error is %v, want %q", err, tt.want)
			}
			if len(got.Hashes) > 0 || len(got.Entries) > 0 {
				t.Errorf("%d hashes and %d entries are left", len(got.Hashes), len(got.Entries))
			}
		})
	}
}

func TestLeafIndex(t *testing.T) {
	for _, tt := range []struct {
		name string
		ext  []byte
		want uint64
		ok   bool
	}{
		{"alone", []byte{0, 0, 5, 1, 2, 3, 4, 5}, 0x0102030405, true},
		{"after another", []byte{9, 0, 1, 7, 0, 0, 5, 0, 0, 0, 0, 8}, 8, true},
		{"before another", []byte{0, 0, 5, 0, 0, 0, 0, 8, 9, 0, 0}, 8, true},
		{"none", nil, 0, false},
		{"another only", []byte{9, 0, 1, 7}, 0, false},
		{"twice", []byte{0, 0, 5, 0, 0, 0, 0, 8, 0, 0, 5, 0, 0, 0, 0, 8}, 0, false},
		{"four bytes", []byte{0, 0, 4, 0, 0, 0, 8}, 0, false},
		{"six bytes", []byte{0, 0, 6, 0, 0, 0, 0, 0, 8}, 0, false},
		{"cut", []byte{0, 0, 5, 0, 0}, 0, false},
		{"cut in the next", []byte{0, 0, 5, 0, 0, 0, 0, 8, 9}, 0, false},
	} {
		got, err := scanner.TileLeaf{Extensions: tt.ext}.LeafIndex()
		if got != tt.want || (err == nil) != tt.ok {
			t.Errorf("%s: %d, %v", tt.name, got, err)
		}
	}
}

// zipped is gzip of b.
func zipped(t testing.TB, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestUnpack(t *testing.T) {
	plain := bytes.Repeat([]byte("tile"), 100)
	packed := zipped(t, plain)
	bomb := zipped(t, make([]byte, 1<<22))
	for _, tt := range []struct {
		name string
		body []byte
		want []byte // nil: an error
	}{
		{"plain", plain, plain},
		{"gzip", packed, plain},
		{"of its largest", zipped(t, make([]byte, 1<<20)), make([]byte, 1<<20)},
		{"bomb", bomb, nil},
		{"cut", packed[:len(packed)-9], nil},
		{"altered", append(bytes.Clone(packed[:len(packed)-8]), make([]byte, 8)...), nil},
		{"junk follows", append(bytes.Clone(packed), "junk"...), nil},
		{"magic only", packed[:2], nil},
	} {
		got, err := scanner.Unpack(tt.body, 1<<20)
		if (err == nil) != (tt.want != nil) || err == nil && !bytes.Equal(got, tt.want) {
			t.Errorf("%s: %d bytes, %v", tt.name, len(got), err)
		}
	}
}

// A hash tile that begins as gzip does is no gzip.
func TestHashTileThatLooksLikeGzip(t *testing.T) {
	tile := make([]byte, 2*sha256.Size)
	tile[0], tile[1] = 0x1f, 0x8b
	for _, body := range [][]byte{tile, zipped(t, tile)} {
		got, err := scanner.ParseHashTile(body, 2)
		if err != nil || !bytes.Equal(got[0][:], tile[:32]) {
			t.Errorf("%x: %v", got, err)
		}
	}
	for _, body := range [][]byte{nil, tile[:63], append(tile, 0), zipped(t, tile[:32]), zipped(t, append(tile, 0))} {
		if got, err := scanner.ParseHashTile(body, 2); err == nil {
			t.Errorf("%d bytes were read as %d hashes", len(body), len(got))
		}
	}
}

// FuzzTile guards that no data tile breaks the decoder, and that what it reads
// is all of the tile.
func FuzzTile(f *testing.F) {
	f.Add(tileOf(0, 4), uint64(0), 4)
	f.Add(tileOf(256, 2), uint64(256), 2)
	f.Add([]byte{}, uint64(0), 1)
	f.Add(tileOf(1, 1)[:50], uint64(1), 1)
	decode := scanner.NewDecodeTile(func(leaf []byte) bool { return len(leaf)%2 == 0 })
	f.Fuzz(func(t *testing.T, tile []byte, start uint64, width int) {
		if width < 1 || width > 256 || start > 1<<40 {
			return
		}
		got, err := decode(tile, start, width, start, start+uint64(width))
		rest, n := tile, 0
		for ; n < width; n++ {
			leaf, after, e := scanner.ReadTileLeaf(rest)
			if e != nil {
				break
			}
			if len(leaf.Chain)%32 != 0 || len(after) >= len(rest) || !bytes.HasPrefix(rest, leaf.Entry) {
				t.Fatalf("entry %d is %+v", n, leaf)
			}
			rest = after
		}
		if ok := n == width && len(rest) == 0; ok != (err == nil) || ok && len(got.Hashes) != width {
			t.Errorf("%d entries and %d bytes, but %d hashes: %v", n, len(rest), len(got.Hashes), err)
		}
		for _, e := range got.Entries {
			if e.LeafHash != sha256.Sum256(append([]byte{0}, e.LeafInput...)) {
				t.Errorf("entry %d has another hash", e.Index)
			}
		}
	})
}

// readTilePath reads a tile's path by the words of c2sp.org/tlog-tiles.
func readTilePath(path string) (n uint64, width int, err error) {
	path, partial, isPartial := strings.Cut(strings.TrimPrefix(path, "/"), ".p/")
	width = 256
	if isPartial {
		if width, err = strconv.Atoi(partial); err != nil || width < 1 || width > 255 {
			return 0, 0, fmt.Errorf("width %q: %v", partial, err)
		}
	}
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if i < len(parts)-1 {
			if part[0] != 'x' {
				return 0, 0, fmt.Errorf("%q has no x", part)
			}
			part = part[1:]
		}
		d, err := strconv.ParseUint(part, 10, 64)
		if err != nil || len(part) != 3 {
			return 0, 0, fmt.Errorf("%q is no three digits", part)
		}
		n = n*1000 + d
	}
	return n, width, nil
}

func TestTilePath(t *testing.T) {
	for want, tile := range map[string]struct {
		n     uint64
		width int
	}{
		"/000": {0, 256}, "/255.p/1": {255, 1}, "/999": {999, 256}, "/x001/000": {1000, 256}, "/x001/x234/067": {1234067, 256},
		"/x001/x234/067.p/255": {1234067, 255}, "/x004/x294/x967/295": {1<<32 - 1, 256},
	} {
		if got := scanner.TilePath(tile.n, tile.width); got != want {
			t.Errorf("tile %d of %d is at %s, want %s", tile.n, tile.width, got, want)
		}
	}
}

// FuzzTilePath guards that each tile has one path, by which it is found.
func FuzzTilePath(f *testing.F) {
	f.Add(uint64(0), 1)
	f.Add(uint64(1234067), 256)
	f.Add(uint64(1)<<56, 255)
	f.Fuzz(func(t *testing.T, n uint64, width int) {
		if width < 1 || width > 256 {
			return
		}
		path := scanner.TilePath(n, width)
		gotN, gotWidth, err := readTilePath(path)
		if err != nil || gotN != n || gotWidth != width {
			t.Errorf("%s is read as tile %d of %d: %v", path, gotN, gotWidth, err)
		}
	})
}

// BenchmarkDecodeTile reads a full tile of entries of 1.5 KB; bytes are those of
// the tile.
func BenchmarkDecodeTile(b *testing.B) {
	var tile []byte
	for i := range 256 {
		cert := bytes.Repeat([]byte{byte(i)}, 1500)
		tile = append(tile, merkleLeaf(i, cert, i%2 == 1)[2:]...)
		if i%2 == 1 {
			tile = uint24(tile, cert)
		}
		tile = append(append(tile, 0, 64), make([]byte, 64)...)
	}
	decode := scanner.NewDecodeTile(scanner.HasMarkEKU)
	b.SetBytes(int64(len(tile)))
	b.ReportAllocs()
	for b.Loop() {
		if got, err := decode(tile, 0, 256, 0, 256); err != nil || len(got.Hashes) != 256 {
			b.Fatal(err)
		}
	}
}

// BenchmarkTileHash only hashes what BenchmarkDecodeTile hashes: the least that
// reading a tile can cost.
func BenchmarkTileHash(b *testing.B) {
	leaf := append([]byte{0}, merkleLeaf(0, make([]byte, 1516), false)...)
	b.SetBytes(int64(256 * len(leaf)))
	for b.Loop() {
		for range 256 {
			sha256.Sum256(leaf)
		}
	}
}
