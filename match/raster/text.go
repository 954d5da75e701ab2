package raster

import (
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gobolditalic"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// Text is drawn with one plain font, whatever it asks for: no font comes with
// a logo, and the profile has no text.

// fonts are the parsed weights and slopes.
type fonts struct {
	parsed [4]*sfnt.Font
	buffer sfnt.Buffer
}

// of is the font for a style.
func (f *fonts) of(s *style) *sfnt.Font {
	i := 0
	if s.fontWeight >= weightBoldFrom && s.fontWeight <= weightBoldTo {
		i = 1
	}
	if s.fontStyle != 0 {
		i += 2
	}
	if f.parsed[i] == nil {
		// A font that is compiled in and can't be parsed leaves its place empty.
		f.parsed[i], _ = sfnt.Parse([...][]byte{goregular.TTF, gobold.TTF, goitalic.TTF, gobolditalic.TTF}[i])
	}
	return f.parsed[i]
}

// glyph is a placed character.
type glyph struct {
	r       rune
	style   *style
	at      point
	advance float64
	chunk   int // characters that are anchored together
}

// typesetter places the characters of a text element.
type typesetter struct {
	r      *renderer
	view   extent
	at     point
	glyphs []glyph
	chunk  int
	lists  []*placement
	space  bool // the last character was white space
}

// placement is the positions that an element gives to its characters in turn.
type placement struct {
	x, y, dx, dy []string
	used         int
}

// drawText paints the characters, those of one style together.
func (r *renderer) drawText(n *node, c context) {
	r.text = true
	glyphs := r.typeset(n, c.style, c.view)
	for from := 0; from < len(glyphs) && !r.budget.over(); {
		to := from
		for to < len(glyphs) && glyphs[to].style == glyphs[from].style {
			to++
		}
		run := c
		run.style = glyphs[from].style
		if run.style.visibility == visible {
			r.drawPath(n, r.outlines(glyphs[from:to]), run)
		}
		from = to
	}
}

// typeset places the characters of a text element.
func (r *renderer) typeset(n *node, s *style, view extent) []glyph {
	t := &typesetter{r: r, view: view, space: true}
	t.element(n, s, 0)
	t.anchor()
	return t.glyphs
}

// element places the characters of an element and those within it.
func (t *typesetter) element(n *node, s *style, depth int) {
	if depth > t.r.budget.limits.Depth || !t.r.budget.spend(elementsDrawn, 1) {
		return
	}
	list := func(name string) []string {
		if !t.r.budget.read(8 * len(n.attr(name))) {
			return nil
		}
		return strings.FieldsFunc(n.attr(name), func(c rune) bool { return c == ',' || c < 128 && isSpace(byte(c)) })
	}
	t.lists = append(t.lists, &placement{x: list("x"), y: list("y"), dx: list("dx"), dy: list("dy")})
	defer func() { t.lists = t.lists[:len(t.lists)-1] }()
	for _, child := range n.children {
		switch child.name {
		case textNode:
			t.characters(child.text, s, n.attr("xml:space") == "preserve")
		case "tspan", "a":
			if cs := t.r.styleOf(child, s); cs.display != displayNone {
				t.element(child, cs, depth+1)
			}
		case "textPath", "tref":
			t.r.doc.miss(child.name)
		}
	}
}

// characters places the characters of a piece of text; white space collapses.
func (t *typesetter) characters(s string, st *style, preserve bool) {
	for _, r := range s {
		if !t.r.budget.spend(characters, 1) {
			return
		}
		if r == '\n' && !preserve && t.space {
			continue
		}
		if r < 128 && isSpace(byte(r)) {
			r = ' '
		}
		if r == ' ' && t.space && !preserve {
			continue
		}
		t.space = r == ' '
		t.place(r, st)
	}
}

// place puts one character where the lists say, or behind the last one.
func (t *typesetter) place(r rune, s *style) {
	size := float64(s.fontSize)
	x, absoluteX := t.position(func(p *placement) []string { return p.x }, horizontal, size)
	y, absoluteY := t.position(func(p *placement) []string { return p.y }, vertical, size)
	if absoluteX {
		t.at.x = x
	}
	if absoluteY {
		t.at.y = y
	}
	if absoluteX || absoluteY {
		t.chunk++
	}
	dx, _ := t.position(func(p *placement) []string { return p.dx }, horizontal, size)
	dy, _ := t.position(func(p *placement) []string { return p.dy }, vertical, size)
	t.at = t.at.add(point{dx, dy})
	for _, list := range t.lists {
		list.used++
	}
	g := glyph{r: r, style: s, at: t.at, chunk: t.chunk}
	g.at.y += float64(baseline(s.baseline) * size)
	g.advance = t.r.advance(r, s) + s.letterSpacing.resolve(horizontal, t.view, size)
	t.at.x += g.advance
	t.glyphs = append(t.glyphs, g)
}

// baseline is how far below its place text stands, in ems.
func baseline(k keyword) float64 {
	return [...]float64{0, 0.26, 0.3, 0.73, 0.95}[min(int(k), 4)]
}

// position is what the innermost list has for the next character.
func (t *typesetter) position(of func(*placement) []string, a axis, size float64) (float64, bool) {
	for i := len(t.lists) - 1; i >= 0; i-- {
		list := of(t.lists[i])
		if at := t.lists[i].used; at < len(list) {
			if l, ok := parseLength(list[at]); ok {
				return l.resolve(a, t.view, size), true
			}
		}
	}
	return 0, false
}

// anchor shifts each chunk by its text-anchor.
func (t *typesetter) anchor() {
	if n := len(t.glyphs); n > 0 && t.glyphs[n-1].r == ' ' {
		t.glyphs = t.glyphs[:n-1]
	}
	for from := 0; from < len(t.glyphs); {
		to, width := from, 0.0
		for to < len(t.glyphs) && t.glyphs[to].chunk == t.glyphs[from].chunk {
			width += t.glyphs[to].advance
			to++
		}
		share := 0.0
		switch t.glyphs[from].style.anchor {
		case anchorMiddle:
			share = 0.5
		case anchorEnd:
			share = 1
		}
		for i := from; i < to; i++ {
			t.glyphs[i].at.x -= float64(width * share)
		}
		from = to
	}
}

// advance is the width of a character.
func (r *renderer) advance(c rune, s *style) float64 {
	const unknownWidth = 0.6
	size := float64(s.fontSize)
	f := r.fonts.of(s)
	if f == nil {
		return unknownWidth * size
	}
	em := f.UnitsPerEm()
	i, err := f.GlyphIndex(&r.fonts.buffer, c)
	if err != nil || i == 0 {
		return unknownWidth * size
	}
	a, err := f.GlyphAdvance(&r.fonts.buffer, i, fixed.I(int(em)), font.HintingNone)
	if err != nil {
		return unknownWidth * size
	}
	return float64(a) / 64 / float64(em) * size
}

// outlines is the outlines of placed characters.
func (r *renderer) outlines(glyphs []glyph) *path {
	p := &path{}
	for _, g := range glyphs {
		f := r.fonts.of(g.style)
		if f == nil || g.r == ' ' || !r.budget.spend(segments, 8) {
			continue
		}
		i, err := f.GlyphIndex(&r.fonts.buffer, g.r)
		if err != nil || i == 0 {
			r.doc.miss("characters without a glyph")
			continue
		}
		outline, err := f.LoadGlyph(&r.fonts.buffer, i, fixed.I(int(f.UnitsPerEm())), nil)
		if err == nil {
			p.glyph(outline, g.at, float64(g.style.fontSize)/64/float64(f.UnitsPerEm()))
		}
	}
	return p
}

// glyph adds a character's outline.
func (p *path) glyph(outline sfnt.Segments, at point, scale float64) {
	to := func(q fixed.Point26_6) point {
		return point{at.x + float64(float64(q.X)*scale), at.y + float64(float64(q.Y)*scale)}
	}
	open := false
	for _, s := range outline {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			if open {
				p.close()
			}
			open = true
			p.move(to(s.Args[0]))
		case sfnt.SegmentOpLineTo:
			p.line(to(s.Args[0]))
		case sfnt.SegmentOpQuadTo:
			p.quad(to(s.Args[0]), to(s.Args[1]))
		case sfnt.SegmentOpCubeTo:
			p.cubic(to(s.Args[0]), to(s.Args[1]), to(s.Args[2]))
		}
	}
	if open {
		p.close()
	}
}

// textBounds is the box of a text's characters.
func (r *renderer) textBounds(n *node, s *style, view extent) box {
	const ascent, descent = 0.9, 0.2
	b := emptyBox()
	for _, g := range r.typeset(n, s, view) {
		size := float64(g.style.fontSize)
		b.add(point{g.at.x, g.at.y - float64(ascent*size)})
		b.add(point{g.at.x + g.advance, g.at.y + float64(descent*size)})
	}
	return b
}
