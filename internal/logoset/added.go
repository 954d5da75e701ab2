package logoset

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// addedKinds leave the mark whole and add something to it.
func addedKinds() []kind {
	return []kind{
		drawn("add_border", func(_ Mark, r *rand.Rand, s *scene) {
			w := 30 + r.IntN(40)
			s.over = fmt.Sprintf(`<rect x="%d" y="%[1]d" width="%d" height="%[2]d" fill="none" stroke="%v" stroke-width="%d"/>`,
				w/2, canvas-w, vivid(r, 0.25, 0.5), w)
			s.place = smaller(0.8)
		}),
		drawn("add_dot", func(_ Mark, r *rand.Rand, s *scene) { addDot(r, s) }),
		drawn("add_check", func(_ Mark, _ *rand.Rand, s *scene) {
			s.over = `<circle cx="840" cy="840" r="130" fill="#1d9bf0"/><path d="M785 845l38 38 74-80" fill="none" stroke="#fff" stroke-width="28" stroke-linecap="round" stroke-linejoin="round"/>`
		}),
		drawn("add_swoosh", func(m Mark, r *rand.Rand, s *scene) {
			s.over = fmt.Sprintf(`<path d="M%d 890Q500 %d %d %d" fill="none" stroke="%v" stroke-width="%d" stroke-linecap="round"/>`,
				110+r.IntN(60), 930+r.IntN(60), 830+r.IntN(60), 840+r.IntN(40), vivid(r, 0.3, 0.5), 24+r.IntN(16))
			s.place = m.within(canvas/2, canvas*0.42, 0.68)
		}),
		{"word_below", func(m Mark, r *rand.Rand) (File, error) {
			return m.word(r, rect{100, 740, 900, 900}, m.within(canvas/2, canvas*0.38, 0.55))
		}},
		{"word_beside", func(m Mark, r *rand.Rand) (File, error) {
			return m.word(r, rect{430, 410, 970, 590}, m.within(canvas*0.22, canvas/2, 0.36))
		}},
	}
}

func addDot(r *rand.Rand, s *scene) {
	s.over += fmt.Sprintf(`<circle cx="%d" cy="%d" r="%d" fill="%v"/>`, 800+r.IntN(80), 800+r.IntN(80), 75+r.IntN(25), vivid(r, 0.3, 0.5))
}

// word writes an invented word into a box, the mark elsewhere.
func (m Mark) word(r *rand.Rand, box rect, place matrix) (File, error) {
	s := m.scene()
	s.place = place
	letters, covers, err := lettering(invent(r), r.IntN(2) == 0)
	if err != nil {
		return File{}, err
	}
	f := min((box.x1-box.x0)/(covers.x1-covers.x0), (box.y1-box.y0)/(covers.y1-covers.y0))
	cx, cy := covers.centre()
	x, y := box.centre()
	ink := rgb{0.1, 0.1, 0.12}
	if m.ground.luma() < 0.6 {
		ink = level(1)
	}
	s.over = fmt.Sprintf(`<path transform="%v" d="%s" fill="%v"/>`,
		translate(-cx, -cy).then(scale(f, f)).then(translate(x, y)), letters, ink)
	return File{m.svg(s), ".svg"}, nil
}

// invent makes a word that names nothing.
func invent(r *rand.Rand) string {
	heads := strings.Fields("b br d dr f fl g gr k l m n p pr r s st t tr v z")
	vowels := strings.Fields("a e i o u ai ea oo")
	var b strings.Builder
	for range 2 + r.IntN(2) {
		b.WriteString(heads[r.IntN(len(heads))] + vowels[r.IntN(len(vowels))])
	}
	b.WriteString([]string{"", "n", "r", "x", "l"}[r.IntN(5)])
	word := b.String()
	return strings.ToUpper(word[:1]) + word[1:]
}

// lettering is a word's outlines as path data, and the box that it covers.
func lettering(word string, bold bool) (string, rect, error) {
	ttf := goregular.TTF
	if bold {
		ttf = gobold.TTF
	}
	face, err := sfnt.Parse(ttf)
	if err != nil {
		return "", rect{}, fmt.Errorf("reading the font: %w", err)
	}
	const em = 100
	var buf sfnt.Buffer
	var d strings.Builder
	covers := rect{y0: -0.75 * em, y1: 0.2 * em}
	for _, c := range word {
		g, err := face.GlyphIndex(&buf, c)
		if err != nil {
			return "", rect{}, fmt.Errorf("looking up %q: %w", c, err)
		}
		outline, err := face.LoadGlyph(&buf, g, fixed.I(em), nil)
		if err != nil {
			return "", rect{}, fmt.Errorf("loading %q: %w", c, err)
		}
		writeGlyph(&d, outline, covers.x1)
		wide, err := face.GlyphAdvance(&buf, g, fixed.I(em), font.HintingNone)
		if err != nil {
			return "", rect{}, fmt.Errorf("measuring %q: %w", c, err)
		}
		covers.x1 += float64(wide) / 64
	}
	return d.String(), covers, nil
}

func writeGlyph(d *strings.Builder, outline sfnt.Segments, x float64) {
	for i, seg := range outline {
		if seg.Op == sfnt.SegmentOpMoveTo && i > 0 {
			d.WriteByte('Z')
		}
		points := map[sfnt.SegmentOp]int{sfnt.SegmentOpMoveTo: 1, sfnt.SegmentOpLineTo: 1, sfnt.SegmentOpQuadTo: 2, sfnt.SegmentOpCubeTo: 3}[seg.Op]
		d.WriteByte("MLQC"[seg.Op])
		for _, p := range seg.Args[:points] {
			fmt.Fprintf(d, "%.2f %.2f ", x+float64(p.X)/64, float64(p.Y)/64)
		}
	}
	d.WriteByte('Z')
}
