package demo

import "strings"

// A design is a logo before it is drawn.
type design struct {
	frame  frame
	emblem func(*canvas)
	pal    palette
	size   float64 // of the view box
	digits int     // decimals of its coordinates
	wobble float64
}

// logo makes a design; colours are ink, second, accent and paper.
func logo(f frame, emblem func(*canvas), colours string) design {
	return design{frame: f, emblem: emblem, pal: colourways(colours), size: 512, digits: 1}
}

// colourways reads the four colours of a palette.
func colourways(colours string) palette {
	f := strings.Fields(colours)
	if len(f) != 4 {
		panic("drawing: a palette has four colours: " + colours)
	}
	return palette{ink: f[0], second: f[1], accent: f[2], paper: f[3]}
}

// drawn returns the design as SVG.
func (g design) drawn(title string) []byte {
	c := newCanvas(g.pal, g.size, g.digits)
	c.wobble = g.wobble
	g.frame(c, g.emblem)
	return c.svg(title)
}

// sized is the design as another drawing program would have saved it.
func (g design) sized(size float64, digits int) design {
	g.size, g.digits = size, digits
	return g
}

// recoloured is the design in other colours.
func (g design) recoloured(colours string) design {
	g.pal = colourways(colours)
	return g
}

// mirrored is the design seen in a mirror.
func (g design) mirrored() design {
	emblem := g.emblem
	g.emblem = func(c *canvas) { c.within(mirror(50), emblem) }
	return g
}

// redrawn is the design by an unsteady hand, off by at most so much of a hundredth of its width.
func (g design) redrawn(by float64) design {
	g.wobble = by * g.size / 100
	return g
}

// framed is the design in another frame.
func (g design) framed(f frame) design {
	g.frame = f
	return g
}

// captioned is the design with a word under it.
func (g design) captioned(text string, h hand) design {
	g.emblem = lockup(g.emblem, text, h)
	return g
}

// lockup is an emblem with a word under it.
func lockup(emblem func(*canvas), text string, h hand) func(*canvas) {
	return func(c *canvas) {
		c.within(zoom(0.66, 50, 50).then(shift(0, -13)), emblem)
		c.word(c.pal.ink, text, 50, 90, 84, h)
	}
}

// wordmark is a word alone.
func wordmark(text string, h hand) func(*canvas) {
	return func(c *canvas) { c.word(c.pal.ink, text, 50, 57, 84, h) }
}

// ruled is a word between two rules.
func ruled(text string, h hand) func(*canvas) {
	return func(c *canvas) {
		c.word(c.pal.ink, text, 50, 55.5, 84, h)
		c.cut(c.pal.accent, 2.2, polyline(8, 36, 92, 36), polyline(8, 66, 92, 66))
	}
}

// swooshed is a word with a curve under it.
func swooshed(text string, h hand) func(*canvas) {
	return func(c *canvas) {
		c.word(c.pal.ink, text, 50, 54, 86, h)
		c.fill(c.pal.accent, d("M8 68C34 78 66 76 92 60C68 70 36 72 8 68Z"))
	}
}

// stacked is two words, one over the other.
func stacked(upper, under string, h hand) func(*canvas) {
	return func(c *canvas) {
		c.word(c.pal.ink, upper, 50, 46, 78, h)
		c.word(c.pal.second, under, 50, 76, 78, h)
	}
}

// initial is one large letter.
func initial(text string, h hand) func(*canvas) {
	return func(c *canvas) { c.letter(c.pal.ink, text, h) }
}

// letter draws text to the height of the canvas.
func (c *canvas) letter(colour, text string, h hand) {
	p, w := letters(text, h.space)
	k := 0.66
	m := shift(-w/2, -50).then(scale(k, k)).then(shear(h.slant)).then(shift(50, 50))
	if text == strings.ToLower(text) {
		m = shift(-w/2, -70).then(scale(0.95, 0.95)).then(shift(50, 50))
		k = 0.95
	}
	draw := c.stroke
	if h.cut {
		draw = c.cut
	}
	draw(colour, h.weight*k, p.on(m))
}

// inline is a large letter with a line of light along its strokes.
func inline(text string, h hand) func(*canvas) {
	return func(c *canvas) {
		c.letter(c.pal.ink, text, h)
		h := h
		h.weight /= 4
		c.letter(c.pal.accent, text, h)
	}
}

// shaded is a large letter over its own shadow.
func shaded(text string, h hand) func(*canvas) {
	return func(c *canvas) {
		c.within(shift(5, 5), func(c *canvas) { c.letter(c.pal.second, text, h) })
		c.letter(c.pal.ink, text, h)
	}
}

// paired is two letters that overlap, each in its colour.
func paired(first, then string, h hand) func(*canvas) {
	return func(c *canvas) {
		halo := h
		halo.weight += 10
		c.within(shift(-15, -5), func(c *canvas) { c.letter(c.pal.ink, first, h) })
		c.within(shift(15, 6), func(c *canvas) {
			c.letter(c.pal.paper, then, halo)
			c.letter(c.pal.second, then, h)
		})
	}
}

// pointed is a large letter with a full stop.
func pointed(text string, h hand) func(*canvas) {
	return func(c *canvas) {
		c.within(shift(-6, 0), func(c *canvas) { c.letter(c.pal.ink, text, h) })
		c.dot(c.pal.accent, 84, 77, 7)
	}
}
