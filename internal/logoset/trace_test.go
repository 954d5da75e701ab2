package logoset

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRepaint(t *testing.T) {
	inverse := func(c rgb) rgb { return rgb{1 - c.r, 1 - c.g, 1 - c.b} }
	for in, want := range map[string]string{
		`<path fill="#000" stroke="none"/>`:             `<path fill="#ffffff" stroke="none"/>`,
		`<path fill="url(#a)" style="fill:#ff0000;x"/>`: `<path fill="url(#a)" style="fill:#00ffff;x"/>`,
		`<stop stop-color="Navy"/>`:                     `<stop stop-color="#ffff7f"/>`,
		`<path stroke='rgb(255, 0,255)' d="M0 0"/>`:     `<path stroke='#00ff00' d="M0 0"/>`,
		`<path fill-rule="evenodd" id="red"/>`:          `<path fill-rule="evenodd" id="red"/>`,
	} {
		if diff := cmp.Diff(want, repaint(in, inverse)); diff != "" {
			t.Errorf("repaint (-want +got):\n%s", diff)
		}
	}
}

func TestHSL(t *testing.T) {
	for _, c := range []rgb{{}, {1, 1, 1}, {1, 0, 0}, {0.2, 0.4, 0.9}, {0.9, 0.1, 0.5}, {0.3, 0.7, 0.1}} {
		if got := hsl(c.hsl()); got.apart(c) > 1e-9 {
			t.Errorf("%v by hue, saturation and lightness = %v", c, got)
		}
	}
}

func TestMatrix(t *testing.T) {
	// A quarter turn about 10, 0 takes the box right of it to below it.
	got := about(rotate(90), 10, 0).apply(rect{10, -1, 14, 1})
	want := rect{9, 0, 11, 4}
	for _, d := range []float64{got.x0 - want.x0, got.y0 - want.y0, got.x1 - want.x1, got.y1 - want.y1} {
		if math.Abs(d) > 1e-9 {
			t.Fatalf("turned box = %v, want %v", got, want)
		}
	}
}

// TestLoops guards that borders close: a square with a hole has two.
func TestLoops(t *testing.T) {
	const w, h = 8, 8
	var near []int
	for i := range w * h {
		x, y := i%w, i/w
		in := x >= 1 && x < 7 && y >= 1 && y < 7 && !(x >= 3 && x < 5 && y >= 3 && y < 5)
		near = append(near, map[bool]int{true: 1}[in])
	}
	all := loops(near, w, h, 1)
	if len(all) != 2 || len(all[0]) != 24 || len(all[1]) != 8 {
		t.Fatalf("loops of %d, want two, of 24 and 8 points", len(all))
	}
	if got := simplify(all[0], 0.8); len(got) > 8 {
		t.Errorf("a square is simplified to %d points: %v", len(got), got)
	}
}

func TestParts(t *testing.T) {
	many := `<g><defs><path d="M0"/></defs><path d="M1"/><circle r="1"/><mask id="a"><rect/></mask></g>`
	var got []string
	for _, p := range parts(many) {
		got = append(got, many[p[0]:p[1]])
	}
	if diff := cmp.Diff([]string{`<path d="M1"/>`, `<circle r="1"/>`}, got); diff != "" {
		t.Errorf("elements (-want +got):\n%s", diff)
	}
	one := `<g><path fill="#123" d="M1 2h3zm1 1h2zM5 6v7z"/></g>`
	got = nil
	for _, p := range parts(one) {
		got = append(got, one[p[0]:p[1]])
	}
	if diff := cmp.Diff([]string{"M1 2h3zm1 1h2z", "M5 6v7z"}, got); diff != "" {
		t.Errorf("subpaths (-want +got):\n%s", diff)
	}
}

func TestLettering(t *testing.T) {
	narrow, a, err := lettering("il", false)
	if err != nil {
		t.Fatal(err)
	}
	wide, b, err := lettering("WM", true)
	if err != nil {
		t.Fatal(err)
	}
	if a.x1 >= b.x1 || !strings.HasPrefix(narrow, "M") || !strings.HasSuffix(wide, "Z") {
		t.Errorf("il is %.0f wide, WM %.0f; %.20s, %.20s", a.x1, b.x1, narrow, wide)
	}
}

// TestBlur guards that a blur keeps the mean and lowers the contrast.
func TestBlur(t *testing.T) {
	p, err := onWhite([]byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><path d="M1 1h2v2H1z"/></svg>`), 64)
	if err != nil {
		t.Fatal(err)
	}
	mean := func(pix []uint8) (m float64) {
		for i := 0; i < len(pix); i += 4 {
			m += float64(pix[i]) / float64(len(pix)/4)
		}
		return m
	}
	b := blurred(p, 4)
	if d := mean(b.Pix) - mean(p.Pix); math.Abs(d) > 1 {
		t.Errorf("the blur made it %.2f lighter", d)
	}
	if v := b.RGBAAt(16, 32).R; v < 90 || v > 165 {
		t.Errorf("on the edge = %d, want about the middle", v)
	}
}
