package logoset

import (
	"errors"
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"

	"markwatch/match/raster"
)

// canvas is the side of the square that a Mark Representation is drawn on, in
// user units.
const canvas = 1000

// Mark is an icon laid out as a Mark Representation: square, on a ground.
type Mark struct {
	Name, Brand string
	ground      rgb
	bare        bool // nothing is drawn for the ground; it is white
	tile        bool // the ground is a part of the logo, as with an app's icon
	body        string
	ink         rect   // what body covers, in its own units
	fit         matrix // from body's units to the canvas
}

// rect is a box in user units.
type rect struct{ x0, y0, x1, y1 float64 }

func (b rect) centre() (x, y float64) { return (b.x0 + b.x1) / 2, (b.y0 + b.y1) / 2 }

// matrix is an affine map as SVG writes it: x' = a·x + c·y + e, y' = b·x + d·y + f.
type matrix struct{ a, b, c, d, e, f float64 }

func (m matrix) String() string {
	return fmt.Sprintf("matrix(%.6g %.6g %.6g %.6g %.6g %.6g)", m.a, m.b, m.c, m.d, m.e, m.f)
}

// then returns the map that does m first and n after it.
func (m matrix) then(n matrix) matrix {
	return matrix{
		n.a*m.a + n.c*m.b, n.b*m.a + n.d*m.b,
		n.a*m.c + n.c*m.d, n.b*m.c + n.d*m.d,
		n.a*m.e + n.c*m.f + n.e, n.b*m.e + n.d*m.f + n.f,
	}
}

func identity() matrix              { return matrix{a: 1, d: 1} }
func translate(x, y float64) matrix { return matrix{1, 0, 0, 1, x, y} }
func scale(x, y float64) matrix     { return matrix{x, 0, 0, y, 0, 0} }
func rotate(degrees float64) matrix {
	s, c := math.Sincos(degrees * math.Pi / 180)
	return matrix{c, s, -s, c, 0, 0}
}

// about does m around the point x, y.
func about(m matrix, x, y float64) matrix {
	return translate(-x, -y).then(m).then(translate(x, y))
}

// apply returns the box around a transformed box.
func (m matrix) apply(b rect) rect {
	out := rect{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, p := range [4][2]float64{{b.x0, b.y0}, {b.x1, b.y0}, {b.x0, b.y1}, {b.x1, b.y1}} {
		x, y := m.a*p[0]+m.c*p[1]+m.e, m.b*p[0]+m.d*p[1]+m.f
		out = rect{min(out.x0, x), min(out.y0, y), max(out.x1, x), max(out.y1, y)}
	}
	return out
}

// errUnfit is that an icon makes no mark: it is empty, long, or drawn in what
// its ground is.
var errUnfit = errors.New("the icon makes no mark")

// NewMark takes the SVG of a finished Mark Representation, square and with its
// ground drawn first, to make variants of.
func NewMark(name string, svg []byte) (Mark, error) {
	m := Mark{Name: name, Brand: name, ground: level(1), bare: true}
	var x, y, w, h float64
	_, view, _ := strings.Cut(string(svg), `viewBox="`)
	if _, err := fmt.Sscanf(view, "%g %g %g %g\"", &x, &y, &w, &h); err != nil || w != h || w <= 0 {
		return m, fmt.Errorf("laying out %s: its view box is no square", name)
	}
	ground := regexp.MustCompile(fmt.Sprintf(`<rect width="%g" height="%g" fill="(#[0-9a-fA-F]{6})"/>`, w, h))
	if found := ground.FindSubmatchIndex(svg); found != nil {
		m.ground, _ = parseColour(string(svg[found[2]:found[3]]))
		m.bare, m.tile = false, m.ground != level(1)
		svg = slices.Concat(svg[:found[0]], svg[found[1]:])
	}
	m.body = inner(svg)
	var err error
	if m.ink, err = inkOf(svg); err != nil {
		return m, fmt.Errorf("laying out %s: %w", name, err)
	}
	m.fit = translate(-x, -y).then(scale(canvas/w, canvas/w))
	return m, nil
}

// newMark lays an icon out. The same seed gives the same mark.
func newMark(icon Icon, seed uint64) (Mark, error) {
	r := source(seed, icon.ID(), "reference")
	m := Mark{Name: icon.ID(), Brand: icon.Brand(), ground: level(1), bare: r.IntN(2) == 0}
	m.body = inner(icon.SVG)
	var err error
	if m.ink, err = inkOf(icon.SVG); err != nil {
		return m, err
	}
	w, h := m.ink.x1-m.ink.x0, m.ink.y1-m.ink.y0
	if max(w, h) > 3*min(w, h) {
		return m, errUnfit
	}
	m.paint(r)
	x, y := m.ink.centre()
	size := canvas * (0.6 + 0.4*r.Float64()) / max(w, h)
	m.fit = translate(-x, -y).then(scale(size, size)).then(translate(canvas/2, canvas/2))
	if !m.shows() {
		return m, errUnfit
	}
	return m, nil
}

// paint chooses the ground, and the colour of an icon that has one alone.
func (m *Mark) paint(r *rand.Rand) {
	shades := colours(m.body)
	single := len(shades) == 1
	if single && shades[0] == level(0) {
		brand := vivid(r, 0.25, 0.5)
		if r.IntN(4) == 0 {
			brand = level(0)
		}
		m.body = repaint(m.body, func(rgb) rgb { return brand })
	}
	switch n := r.IntN(20); {
	case single && n < 9:
		m.ground, m.bare, m.tile = colours(m.body)[0], false, true
		m.body = repaint(m.body, func(rgb) rgb { return level(1) })
	case n < 2:
		m.ground, m.bare, m.tile = rgb{0.06, 0.07, 0.09}, false, true
	}
}

// scene is a drawing in the making: what variants change of a mark.
type scene struct {
	ground      string // a paint; empty draws none
	defs        string
	under, over string // beneath and above the mark, on the canvas
	body        string
	place       matrix // of the mark on the canvas
	whole       string // the paint of a tile's ground that moves with the mark; empty for none
}

func (m Mark) scene() scene {
	s := scene{ground: m.ground.String(), body: m.body, place: identity()}
	if m.bare {
		s.ground = ""
	}
	return s
}

// svg draws the scene as SVG Tiny PS would have it.
func (m Mark) svg(s scene) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.2" baseProfile="tiny-ps" viewBox="0 0 %d %d"><title>logo</title>`, canvas, canvas)
	if s.defs != "" {
		fmt.Fprintf(&b, "<defs>%s</defs>", s.defs)
	}
	if s.ground != "" {
		fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="%s"/>`, canvas, canvas, s.ground)
	}
	b.WriteString(s.under)
	fmt.Fprintf(&b, `<g transform="%v">`, s.place)
	if s.whole != "" {
		fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="%s"/>`, canvas, canvas, s.whole)
	}
	fmt.Fprintf(&b, `<g transform="%v">%s</g></g>%s</svg>`, m.fit, s.body, s.over)
	return []byte(b.String())
}

// Reference is the mark as its owner has it certified.
func (m Mark) Reference() []byte { return m.svg(m.scene()) }

// box is what the mark covers of the canvas.
func (m Mark) box() rect { return m.fit.apply(m.ink) }

// shows says whether enough of the canvas differs from the ground.
func (m Mark) shows() bool {
	p, err := onWhite(m.Reference(), 64)
	if err != nil {
		return false
	}
	n := 0
	for i := 0; i < len(p.Pix); i += 4 {
		c := rgb{float64(p.Pix[i]) / 255, float64(p.Pix[i+1]) / 255, float64(p.Pix[i+2]) / 255}
		if c.apart(m.ground) > 0.2 {
			n++
		}
	}
	return n > 64*64/40
}

// shapes finds the elements that draw.
func shapes() *regexp.Regexp {
	return regexp.MustCompile(`<(?:path|rect|circle|ellipse|polygon|polyline|line|use)\b[^>]*>`)
}

// inner is what an icon's root holds, every colour written out: what names no
// fill is black by SVG's rules.
func inner(svg []byte) string {
	_, rest, _ := strings.Cut(string(svg), "<svg")
	_, rest, _ = strings.Cut(rest, ">")
	body := strings.ReplaceAll(strings.TrimSuffix(strings.TrimSpace(rest), "</svg>"), "currentColor", "#000000")
	for _, tag := range shapes().FindAllString(body, -1) {
		if !strings.Contains(tag, "fill=") {
			return `<g fill="#000000">` + body + `</g>`
		}
	}
	return `<g>` + body + `</g>`
}

// inkOf returns the box that an icon covers of its own view box.
func inkOf(svg []byte) (rect, error) {
	p, err := raster.Render(svg, raster.Options{Size: Longer})
	if err != nil {
		return rect{}, errUnfit
	}
	b := inked(p.Image)
	if b.Empty() {
		return rect{}, errUnfit
	}
	var x, y, w, h float64
	_, view, _ := strings.Cut(string(svg), `viewBox="`)
	if _, err := fmt.Sscanf(view, "%g %g %g %g\"", &x, &y, &w, &h); err != nil {
		return rect{}, errUnfit
	}
	unit := max(w, h) / Longer
	// The picture is centred where its shorter side was rounded.
	px, py := (w-unit*float64(p.Image.Rect.Dx()))/2, (h-unit*float64(p.Image.Rect.Dy()))/2
	return rect{
		x + px + unit*float64(b.Min.X), y + py + unit*float64(b.Min.Y),
		x + px + unit*float64(b.Max.X), y + py + unit*float64(b.Max.Y),
	}, nil
}

// inked is the box of the pixels that are more than half covered.
func inked(m *image.RGBA) image.Rectangle {
	var b image.Rectangle
	for y := m.Rect.Min.Y; y < m.Rect.Max.Y; y++ {
		for x := m.Rect.Min.X; x < m.Rect.Max.X; x++ {
			if m.RGBAAt(x, y).A > 127 {
				b = b.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return b
}
