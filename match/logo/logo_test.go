package logo_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"strings"
	"sync"
	"testing"

	"markwatch/match/logo"
)

// The invented logos: on a canvas of 100 by 100, in two colours.
var marks = map[string]string{
	"kettle": `<path fill="A" d="M25 45h50l8 40H17z"/><path fill="A" d="M40 45a10 10 0 0 1 20 0z"/><path fill="none" stroke="A" stroke-width="6" d="M30 42C25 10 75 10 70 42"/><path fill="B" d="M75 52l18-10-8 22z"/><circle fill="B" cx="50" cy="66" r="9"/>`,
	"heron":  `<path fill="A" d="M20 85C20 40 45 45 50 20c3-12 22-10 25-2l15 4-16 4C78 50 60 60 58 85z"/><path fill="B" d="M20 85c10-30 30-20 34-40-14 8-40 6-44 34z"/>`,
	"weave":  `<path fill="A" d="M10 20h60v14H24v52H10z"/><path fill="B" d="M34 44h56v14H48v28H34z"/><path fill="A" d="M58 68h32v18H58z"/><circle fill="B" cx="82" cy="26" r="10"/>`,
	"spark":  `<path fill="A" d="M52 8L30 54h16l-8 38 36-52H56l14-32z"/><path fill="B" d="M12 30l10 6-10 6zM88 62l-10 6 10 6z"/>`,
	"arches": `<path fill="A" d="M8 88V50a20 20 0 0 1 40 0v38H36V50a8 8 0 0 0-16 0v38z"/><path fill="B" d="M52 88V32a20 20 0 0 1 40 0v56H80V32a8 8 0 0 0-16 0v56z"/>`,
	"comet":  `<circle fill="A" cx="70" cy="30" r="20"/><path fill="B" d="M56 16L6 60l34-16zM64 52L18 92l40-28zM52 36L8 78l36-24z"/>`,
}

// svg draws a mark in two colours on a ground, inside the given wrapping, %s being the mark.
func svg(mark, a, b, wrap string) []byte {
	body := strings.ReplaceAll(strings.ReplaceAll(marks[mark], `"A"`, `"`+a+`"`), `"B"`, `"`+b+`"`)
	return []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">` + fmt.Sprintf(wrap, body) + `</svg>`)
}

const asIs = `%s`

// described keeps what was described, which takes most of the tests' time.
var described sync.Map

func describe(t testing.TB, data []byte) *logo.Descriptor {
	t.Helper()
	if d, ok := described.Load(string(data)); ok {
		return d.(*logo.Descriptor)
	}
	p, err := logo.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	d, err := logo.Describe(p.Image)
	if err != nil {
		t.Fatal(err)
	}
	described.Store(string(data), d)
	return d
}

func original(t testing.TB, mark string) *logo.Descriptor {
	t.Helper()
	return describe(t, svg(mark, "#1d4f91", "#e07a1f", asIs))
}

func TestIdentity(t *testing.T) {
	for mark := range marks {
		c := logo.Compare(original(t, mark), original(t, mark))
		if c.Score != 1 || c.Verdict != logo.Strong || !strings.HasPrefix(c.Reason, "the same ") {
			t.Errorf("%s with itself: got %+v, want score 1, strong", mark, c)
		}
	}
}

// changes are what is done to a logo to pass for it, each with words that its reason must have.
var changes = []struct{ name, a, b, wrap, reason string }{
	{"recoloured", "#7a1fa0", "#2f9e44", asIs, "recoloured"},
	{"mirrored", "#1d4f91", "#e07a1f", `<g transform="translate(100 0) scale(-1 1)">%s</g>`, "mirrored"},
	{"padded", "#1d4f91", "#e07a1f", `<g transform="translate(30 30) scale(.4)">%s</g>`, ""},
	{"stretched", "#1d4f91", "#e07a1f", `<g transform="translate(5 20) scale(.9 .6)">%s</g>`, "stretched"},
	{"turned by a quarter", "#1d4f91", "#e07a1f", `<g transform="rotate(90 50 50)">%s</g>`, "turned by 90°"},
	{"turned a little", "#1d4f91", "#e07a1f", `<g transform="rotate(8 50 50) translate(10 10) scale(.8)">%s</g>`, ""},
	{"on a tile", "#ffffff", "#ffe0b0", `<rect width="100" height="100" rx="18" fill="#16324f"/><g transform="translate(22 22) scale(.56)">%s</g>`, "on a dark tile"},
	{"on a disc", "#ffffff", "#ffe0b0", `<circle cx="50" cy="50" r="50" fill="#16324f"/><g transform="translate(25 25) scale(.5)">%s</g>`, "on a dark disc"},
	{"in a ring", "#1d4f91", "#e07a1f", `<circle cx="50" cy="50" r="46" fill="none" stroke="#222" stroke-width="5"/><g transform="translate(25 25) scale(.5)">%s</g>`, ""},
	{"on a gradient", "#ffffff", "#ffe0b0", `<defs><linearGradient id="g"><stop stop-color="#16324f"/><stop offset="1" stop-color="#3b7a57"/></linearGradient></defs><rect width="100" height="100" fill="url(#g)"/><g transform="translate(22 22) scale(.56)">%s</g>`, ""},
	{"with a word below", "#1d4f91", "#e07a1f", `<g transform="translate(20 2) scale(.6)">%s</g><path d="M10 76v18M10 85h10M20 76v18M28 76h12M28 85h9M28 94h12M28 76v18M48 76v18h10M66 76v18M66 76h10v9H66M90 76c-8 0-8 18 0 18s8-18 0-18" stroke="#333" stroke-width="3" fill="none"/>`, ""},
	{"with a dot", "#1d4f91", "#e07a1f", `<g transform="translate(8 8) scale(.84)">%s</g><circle cx="91" cy="91" r="7" fill="#0b8"/>`, ""},
}

func TestChangesAreFound(t *testing.T) {
	for _, c := range changes {
		t.Run(c.name, func(t *testing.T) {
			for mark := range marks {
				got := logo.Compare(original(t, mark), describe(t, svg(mark, c.a, c.b, c.wrap)))
				if got.Verdict == logo.None {
					t.Errorf("%s %s: no match, score %.2f: %s", mark, c.name, got.Score, got.Reason)
				}
			}
			got := logo.Compare(original(t, "kettle"), describe(t, svg("kettle", c.a, c.b, c.wrap)))
			if !strings.Contains(got.Reason, c.reason) {
				t.Errorf("the reason is %q, want it to say %q", got.Reason, c.reason)
			}
		})
	}
}

func TestUnrelatedLogosDiffer(t *testing.T) {
	for a := range marks {
		for b := range marks {
			if a == b {
				continue
			}
			for _, c := range changes {
				got := logo.Compare(original(t, a), describe(t, svg(b, c.a, c.b, c.wrap)))
				if got.Verdict != logo.None {
					t.Errorf("%s and %s %s: %s, score %.2f: %s", a, b, c.name, got.Verdict, got.Score, got.Reason)
				}
			}
		}
	}
}

func TestPlainShapesMatchNothing(t *testing.T) {
	plain := map[string]string{
		"disc":     `<circle cx="50" cy="50" r="40"/>`,
		"square":   `<rect x="10" y="10" width="80" height="80"/>`,
		"tile":     `<rect x="10" y="10" width="80" height="80" rx="20" fill="#36c"/>`,
		"ring":     `<circle cx="50" cy="50" r="36" fill="none" stroke="#c33" stroke-width="12"/>`,
		"triangle": `<path d="M50 10l42 76H8z"/>`,
	}
	for name, body := range plain {
		d := describe(t, svg("kettle", "#000", "#000", body+`<g opacity="0">%s</g>`))
		for other, shape := range plain {
			o := describe(t, svg("kettle", "#000", "#000", `<g transform="scale(.9)">`+shape+`</g><g opacity="0">%s</g>`))
			if c := logo.Compare(d, o); c.Verdict != logo.None {
				t.Errorf("%s and %s: %s, %s", name, other, c.Verdict, c.Reason)
			}
		}
		for mark := range marks {
			if c := logo.Compare(d, original(t, mark)); c.Verdict != logo.None {
				t.Errorf("%s and %s: %s, %s", name, mark, c.Verdict, c.Reason)
			}
		}
	}
}

// TestPlainPictogramsAreNotStrong holds that two parties may well have the same letter or arrow: not even an equal picture
// is more than a match. A distinctive mark's copy is strong.
func TestPlainPictogramsAreNotStrong(t *testing.T) {
	for name, body := range map[string]string{
		"arrow up":      `<path d="M50 8l30 36H62v48H38V44H20z"/>`,
		"letter T":      `<path d="M12 14h76v20H60v54H40V34H12z"/>`,
		"letter H":      `<path d="M15 12h20v28h30V12h20v76H65V60H35v28H15z"/>`,
		"cross":         `<path d="M38 10h24v28h28v24H62v28H38V62H10V38h28z"/>`,
		"star":          `<path d="M50 5l13 31 33 3-25 22 8 33-29-18-29 18 8-33L4 39l33-3z"/>`,
		"house":         `<path d="M50 10l42 38H80v42H20V48H8z"/>`,
		"three strokes": `<path d="M10 15h80v16H10zM10 42h80v16H10zM10 69h80v16H10z"/>`,
	} {
		d := describe(t, svg("kettle", "#000", "#000", body+`<g opacity="0">%s</g>`))
		if c := logo.Compare(d, d); c.Verdict == logo.Strong {
			t.Errorf("%s and its copy: %s, score %.2f", name, c.Verdict, c.Score)
		}
	}
	for mark := range marks {
		if c := logo.Compare(original(t, mark), original(t, mark)); c.Score != 1 {
			t.Errorf("%s and its copy: score %.2f, want 1", mark, c.Score)
		}
	}
}

func TestCompareIsSymmetric(t *testing.T) {
	var all []*logo.Descriptor
	for mark := range marks {
		for _, c := range changes {
			all = append(all, describe(t, svg(mark, c.a, c.b, c.wrap)))
		}
	}
	for i, a := range all {
		for _, b := range all[:i] {
			x, y := logo.Compare(a, b), logo.Compare(b, a)
			if x.Score != y.Score || x.Verdict != y.Verdict {
				t.Fatalf("score is %v one way and %v the other: %s; %s", x.Score, y.Score, x.Reason, y.Reason)
			}
		}
	}
}

func TestNothingToCompare(t *testing.T) {
	white := image.NewRGBA(image.Rect(0, 0, 64, 64))
	for i := range white.Pix {
		white.Pix[i] = 255
	}
	for name, c := range map[string]struct {
		picture image.Image
		want    string
	}{
		"no pixels":   {image.NewRGBA(image.Rectangle{}), "no pixels"},
		"one pixel":   {image.NewRGBA(image.Rect(0, 0, 1, 1)), "1 by 1 pixels"},
		"one colour":  {white, "one colour"},
		"transparent": {image.NewRGBA(image.Rect(0, 0, 64, 64)), "one colour"},
		"a line":      {image.NewRGBA(image.Rect(0, 0, 4000, 2)), "4000 by 2 pixels"},
	} {
		_, err := logo.Describe(c.picture)
		var plain *logo.PlainError
		if !errors.As(err, &plain) || err.Error() != "too plain to compare: "+c.want {
			t.Errorf("%s: got error %v, want a PlainError: %s", name, err, c.want)
		}
	}
	if _, err := logo.HashesOf(image.NewRGBA(image.Rectangle{})); err == nil {
		t.Error("the hashes of no pixels: want an error")
	}
}

func TestWhiteOnNothingIsSeen(t *testing.T) {
	c := logo.Compare(original(t, "heron"), describe(t, svg("heron", "#fff", "#fff", asIs)))
	if c.Verdict == logo.None {
		t.Errorf("a white logo without a ground: no match: %s", c.Reason)
	}
}

func TestDecode(t *testing.T) {
	picture, err := logo.Decode(svg("comet", "#123456", "#654321", asIs))
	if err != nil {
		t.Fatal(err)
	}
	if picture.Format != "svg" || picture.Image.Rect.Dx() != 256 {
		t.Errorf("an SVG is read as %s, %d pixels wide", picture.Format, picture.Image.Rect.Dx())
	}
	var raster, animated bytes.Buffer
	if err := png.Encode(&raster, picture.Image); err != nil {
		t.Fatal(err)
	}
	frame := image.NewPaletted(image.Rect(0, 0, 20, 10), color.Palette{color.White, color.Black})
	if err := gif.EncodeAll(&animated, &gif.GIF{Image: []*image.Paletted{frame, frame}, Delay: []int{1, 1}}); err != nil {
		t.Fatal(err)
	}
	for format, data := range map[string][]byte{"png": raster.Bytes(), "gif": animated.Bytes()} {
		p, err := logo.Decode(data)
		if err != nil || p.Format != format || p.Image.Rect.Dx() != 256 {
			t.Errorf("%s: got %+v, error %v", format, p, err)
		}
	}
	if _, err := logo.Decode([]byte("no picture at all")); err == nil || !strings.Contains(err.Error(), "no PNG, JPEG, WebP or GIF, and not an SVG") {
		t.Errorf("text: got error %v", err)
	}
}

// TestHugePictureIsRefused gives a header of 100 megapixels without the pixels: nothing may be made for them.
func TestHugePictureIsRefused(t *testing.T) {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		t.Fatal(err)
	}
	data := b.Bytes()
	copy(data[16:], []byte{0, 0, 0x27, 0x10, 0, 0, 0x27, 0x10}) // width and height
	head := data[12:29]
	sum := crc(head)
	copy(data[29:], []byte{byte(sum >> 24), byte(sum >> 16), byte(sum >> 8), byte(sum)})
	if _, err := logo.Decode(data); err == nil || !strings.Contains(err.Error(), "10000 by 10000 pixels") {
		t.Errorf("got error %v, want one that names the size", err)
	}
}
