package logo_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/corona10/goimagehash"
	"github.com/google/go-cmp/cmp"

	"markwatch/match/logo"
)

func crc(b []byte) uint32 { return crc32.ChecksumIEEE(b) }

// library puts every mark in every change into an index, ids counting from 1 in a fixed order.
func library(t testing.TB) (*logo.Index, map[uint32]*logo.Descriptor, map[uint32]string) {
	t.Helper()
	x, all, names := logo.NewIndex(), make(map[uint32]*logo.Descriptor), make(map[uint32]string)
	for _, mark := range []string{"arches", "comet", "heron", "kettle", "spark", "weave"} {
		for _, c := range changes {
			id := uint32(len(all) + 1)
			all[id], names[id] = describe(t, svg(mark, c.a, c.b, c.wrap)), mark
			x.Add(id, all[id])
		}
	}
	return x, all, names
}

func TestSearchAgreesWithCompare(t *testing.T) {
	x, all, names := library(t)
	d := original(t, "weave")
	near := x.Search(d, 1000, logo.MatchThreshold)
	if len(near) != len(changes) {
		t.Errorf("found %d, want the %d changes of the mark", len(near), len(changes))
	}
	for n, at := range near {
		if diff := cmp.Diff(logo.Compare(d, all[at.ID]), at.Comparison); diff != "" {
			t.Errorf("id %d: search and compare differ (-compare +search):\n%s", at.ID, diff)
		}
		if names[at.ID] != "weave" {
			t.Errorf("found %s", names[at.ID])
		}
		if n > 0 && at.Score > near[n-1].Score {
			t.Errorf("number %d is nearer than the one before", n)
		}
	}
	if got := x.Search(d, 3, logo.MatchThreshold); len(got) != 3 || got[0].ID != near[0].ID {
		t.Errorf("a limit of 3 found %d, the first %d, not %d", len(got), got[0].ID, near[0].ID)
	}
}

func TestAddReplacesAndRemoveRemoves(t *testing.T) {
	x := logo.NewIndex()
	x.Add(7, original(t, "heron"))
	x.Add(7, original(t, "comet"))
	if near := x.Search(original(t, "heron"), 9, logo.MatchThreshold); x.Len() != 1 || len(near) != 0 {
		t.Errorf("after replacing: %d logos, %d found", x.Len(), len(near))
	}
	x.Remove(7)
	x.Remove(8)
	if near := x.Search(original(t, "comet"), 9, 0); x.Len() != 0 || len(near) != 0 {
		t.Errorf("after removing: %d logos, %d found", x.Len(), len(near))
	}
}

// TestLargeIndex finds a logo by itself and by each of its changes among thousands of others, where candidates are chosen
// by sketches, also after most were removed.
func TestLargeIndex(t *testing.T) {
	x, all, names := library(t)
	const many = 9000
	for id := uint32(1000); id < 1000+many; id++ {
		from := id%uint32(len(all)) + 1
		if names[from] == "spark" { // the one that is looked for
			from = 1
		}
		x.Add(id, all[from])
	}
	for id := uint32(1000); id < 1000+many; id++ {
		if id%4 != 0 {
			x.Remove(id)
		}
	}
	for id := uint32(1); id <= uint32(len(all)); id++ {
		x.Remove(id)
	}
	x.Add(5, original(t, "spark"))
	if want := many/4 + 1; x.Len() != want {
		t.Fatalf("the index has %d, want %d", x.Len(), want)
	}
	near := x.Search(original(t, "spark"), 1, logo.StrongThreshold)
	if len(near) != 1 || near[0].ID != 5 || near[0].Score != 1 {
		t.Errorf("got %+v, want id 5 with score 1", near)
	}
	for _, c := range changes {
		d := describe(t, svg("spark", c.a, c.b, c.wrap))
		near := x.Search(d, 3, logo.MatchThreshold)
		if want := logo.Compare(d, original(t, "spark")); len(near) != 1 || near[0].ID != 5 || near[0].Score != want.Score {
			t.Errorf("%s: got %+v, want id 5 with score %.2f alone", c.name, near, want.Score)
		}
	}
}

func TestConcurrentUse(t *testing.T) {
	x, all, _ := library(t)
	var wg sync.WaitGroup
	for n := range 4 {
		wg.Go(func() {
			for id := uint32(1); id < 20; id++ {
				x.Add(1000*uint32(n+1)+id, all[id])
				x.Search(all[id], 5, logo.MatchThreshold)
				x.Remove(1000*uint32(n+1) + id - 1)
				x.Len()
			}
		})
	}
	wg.Wait()
	if want := len(all) + 4; x.Len() != want {
		t.Errorf("the index has %d, want %d", x.Len(), want)
	}
}

func TestMarshal(t *testing.T) {
	d := original(t, "kettle")
	b, err := d.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	if len(b) > 16<<10 {
		t.Errorf("a descriptor takes %d bytes, more than 16 KiB", len(b))
	}
	var back logo.Descriptor
	if err := back.UnmarshalBinary(b); err != nil {
		t.Fatal(err)
	}
	again, err := back.MarshalBinary()
	if err != nil || !bytes.Equal(b, again) {
		t.Errorf("reading and writing changes a descriptor (error %v)", err)
	}
	if c := logo.Compare(d, &back); c.Score != 1 {
		t.Errorf("score with what was read back is %v, want 1", c.Score)
	}
	for name, bad := range map[string][]byte{
		"nothing": {}, "short": b[:len(b)-1], "long": append(bytes.Clone(b), 0),
		"another version": append([]byte{b[0], logo.Version + 1}, b[2:]...), "no views": {b[0], b[1], 0},
	} {
		if err := new(logo.Descriptor).UnmarshalBinary(bad); err == nil {
			t.Errorf("%s: read without an error", name)
		}
	}
	if _, err := new(logo.Descriptor).MarshalBinary(); err == nil {
		t.Error("an empty descriptor is written without an error")
	}
}

func FuzzUnmarshal(f *testing.F) {
	b, err := original(f, "spark").MarshalBinary()
	if err != nil {
		f.Fatal(err)
	}
	other := original(f, "weave")
	f.Add(b)
	f.Add(b[:40])
	f.Fuzz(func(t *testing.T, b []byte) {
		var d logo.Descriptor
		if d.UnmarshalBinary(b) != nil {
			return
		}
		c := logo.Compare(&d, other)
		if r := logo.Compare(other, &d); c.Score != r.Score || c.Score < 0 || c.Score > 1 {
			t.Errorf("scores %v and %v", c.Score, r.Score)
		}
	})
}

func FuzzDecode(f *testing.F) {
	f.Add(svg("heron", "#000", "#fff", asIs))
	f.Add([]byte("\x89PNG\r\n\x1a\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := logo.Decode(b)
		if err != nil {
			return
		}
		if d, err := logo.Describe(p.Image); err == nil {
			logo.Compare(d, d)
		}
	})
}

// TestGolden guards that every machine, and every later version of this code, finds the same: a change here is a new
// logo.Version.
func TestGolden(t *testing.T) {
	got := make(map[string]string)
	for mark := range marks {
		b, err := original(t, mark).MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		got[mark] = fmt.Sprintf("%d bytes, crc %08x", len(b), crc(b))
	}
	if diff := cmp.Diff(golden, got); diff != "" {
		t.Errorf("descriptors changed (-want +got):\n%s", diff)
	}
}

func TestHashes(t *testing.T) {
	p, err := logo.Decode(svg("arches", "#000", "#555", asIs))
	if err != nil {
		t.Fatal(err)
	}
	h, err := logo.HashesOf(p.Image)
	if err != nil {
		t.Fatal(err)
	}
	other, err := logo.Decode(svg("comet", "#000", "#555", asIs))
	if err != nil {
		t.Fatal(err)
	}
	o, err := logo.HashesOf(other.Image)
	if err != nil {
		t.Fatal(err)
	}
	if h == o || h.Average == 0 || h.Extended == [4]uint64{} {
		t.Errorf("the hashes of two logos: %s and %s", hexOf(h), hexOf(o))
	}
	if d := logo.Distance(h.Perception, o.Perception); d < 10 {
		t.Errorf("two unrelated logos are %d bits apart", d)
	}
}

// The extended hash is computed here for square pictures; it must stay goimagehash's.
func TestExtendedHashIsGoimagehashs(t *testing.T) {
	for _, of := range []struct{ width, height int }{{256, 256}, {256, 100}, {37, 256}} {
		for seed := range 20 {
			m := image.NewRGBA(image.Rect(0, 0, of.width, of.height))
			for i := range m.Pix {
				x, y := i/4%of.width, i/4/of.width
				m.Pix[i] = uint8((x/(seed+3)*(i%4+1) ^ y/(2*seed+1)) * (seed + 7))
				if i%4 == 3 {
					m.Pix[i] = 255
				}
			}
			want, err := goimagehash.ExtPerceptionHash(m, 16, 16)
			if err != nil {
				t.Fatal(err)
			}
			got, err := logo.HashesOf(m)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want.GetHash(), got.Extended[:]); diff != "" {
				t.Errorf("picture %d of %d by %d pixels (-goimagehash +ours):\n%s", seed, of.width, of.height, diff)
			}
		}
	}
}

func hexOf(h logo.Hashes) string {
	return hex.EncodeToString(fmt.Appendf(nil, "%x", h))
}

func TestContactSheet(t *testing.T) {
	p, err := logo.Decode(svg("arches", "#000", "#555", asIs))
	if err != nil {
		t.Fatal(err)
	}
	tile := logo.Tile{Image: p.Image, Caption: []string{"Larkspur Kettle Works", "a caption that is longer than its tile is wide"}}
	var b bytes.Buffer
	if err := logo.ContactSheet(&b, tile, []logo.Tile{tile, {}, tile, tile, tile, tile}); err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	if m.Bounds().Dx() < 900 || m.Bounds().Dy() < 380 {
		t.Errorf("seven tiles are on a sheet of %v", m.Bounds())
	}
	dark := 0
	for y := range 160 {
		for x := range 160 {
			if r, _, _, _ := m.At(16+x, 16+y).RGBA(); r < 0x8000 {
				dark++
			}
		}
	}
	if dark < 1000 {
		t.Errorf("the query's tile has %d dark pixels", dark)
	}
	if err := logo.ContactSheet(&b, logo.Tile{Image: image.NewRGBA(image.Rectangle{})}, nil); err != nil {
		t.Errorf("an empty sheet: %v", err)
	}
}

var golden = map[string]string{
	"arches": "4068 bytes, crc af218615",
	"comet":  "4339 bytes, crc cb478a0e",
	"heron":  "5694 bytes, crc 9a6b1ea6",
	"kettle": "6507 bytes, crc 8509dbeb",
	"spark":  "4339 bytes, crc 9456d1b2",
	"weave":  "4068 bytes, crc 9fa4dacf",
}

func BenchmarkDescribe(b *testing.B) {
	p, err := logo.Decode(svg("kettle", "#1d4f91", "#e07a1f", changes[6].wrap))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := logo.Describe(p.Image); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSearch100k searches among a hundred thousand logos, each a real one with some bits of its code changed.
func BenchmarkSearch100k(b *testing.B) { benchmarkSearch(b, 100_000) }

// BenchmarkSearch1M searches among a million: about six gigabytes.
func BenchmarkSearch1M(b *testing.B) {
	if testing.Short() {
		b.Skip("a million descriptors take about six gigabytes: run without -short")
	}
	benchmarkSearch(b, 1_000_000)
}

func benchmarkSearch(b *testing.B, n int) {
	x, all, _ := library(b)
	var stored [][]byte
	for id := range uint32(len(all)) {
		data, err := all[id+1].MarshalBinary()
		if err != nil {
			b.Fatal(err)
		}
		stored = append(stored, data)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for id := uint32(1000); x.Len() < n; id++ {
		data := bytes.Clone(stored[random.IntN(len(stored))])
		const head, view, code = 3, 271, 15
		for at := head; at < len(data); at += view {
			for range 100 {
				data[at+code+random.IntN(view-code)] ^= 1 << random.IntN(8)
			}
		}
		d := new(logo.Descriptor)
		if err := d.UnmarshalBinary(data); err != nil {
			b.Fatal(err)
		}
		x.Add(id, d)
	}
	query := original(b, "kettle")
	for b.Loop() {
		x.Search(query, 10, logo.MatchThreshold)
	}
}

func BenchmarkCompare(b *testing.B) {
	x, y := original(b, "kettle"), original(b, "comet")
	for b.Loop() {
		logo.Compare(x, y)
	}
}
