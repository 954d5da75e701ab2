package logoset

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// colourKinds change colours alone.
func colourKinds() []kind {
	return []kind{
		drawn("recolor_hue", func(m Mark, r *rand.Rand, s *scene) {
			turn, tint := 1+4*r.Float64(), 6*r.Float64()
			shift := func(c rgb) rgb {
				h, sat, l := c.hsl()
				if sat < 0.1 && l < 0.6 {
					return hsl(tint, 0.8, max(l, 0.2))
				}
				return hsl(math.Mod(h+turn, 6), sat, l)
			}
			s.body = repaint(s.body, shift)
			s.tone(m, shift)
		}),
		drawn("recolor_palette", func(m Mark, r *rand.Rand, s *scene) {
			s.body = recoloured(s.body, r)
			if m.tile && m.ground.luma() > 0.15 {
				_, _, l := m.ground.hsl()
				s.ground = hsl(6*r.Float64(), 0.8, min(l, 0.9)).String()
			}
		}),
		drawn("grayscale", func(m Mark, _ *rand.Rand, s *scene) {
			s.body = repaint(s.body, grey)
			s.tone(m, grey)
		}),
		drawn("mono_flat", func(m Mark, r *rand.Rand, s *scene) { m.flatten(r, s) }),
		drawn("invert_dark", func(m Mark, _ *rand.Rand, s *scene) { m.invert(s) }),
		{"gradient", gradient},
	}
}

// tone maps the ground's colour, where one is drawn.
func (s *scene) tone(m Mark, f func(rgb) rgb) {
	if s.ground != "" {
		s.ground = f(m.ground).String()
	}
}

func grey(c rgb) rgb { return level(c.luma()) }

// recoloured gives each colour but white another hue and about its lightness.
func recoloured(body string, r *rand.Rand) string {
	palette := map[rgb]rgb{}
	for _, c := range colours(body) {
		if _, _, l := c.hsl(); l > 0.93 {
			palette[c] = c
		} else {
			palette[c] = vivid(r, min(max(l, 0.2), 0.7)-0.05, min(max(l, 0.2), 0.7)+0.1)
		}
	}
	return repaint(body, func(c rgb) rgb { return palette[c] })
}

// mono draws the body with one ink; what is as light as the ground becomes paper.
func (m Mark) mono(body string, ink, paper rgb) string {
	return repaint(body, func(c rgb) rgb {
		if c.apart(m.ground) < 0.25 {
			return paper
		}
		return ink
	})
}

// flatten draws the mark with one ink on white.
func (m Mark) flatten(r *rand.Rand, s *scene) {
	s.body = m.mono(s.body, vivid(r, 0.2, 0.45), level(1))
	s.ground = level(1).String()
}

// invert is the mark for a dark page, or a light one where it was dark.
func (m Mark) invert(s *scene) {
	ground := rgb{0.05, 0.07, 0.09}
	if m.ground.luma() < 0.3 {
		ground = rgb{0.96, 0.96, 0.98}
	}
	s.ground = ground.String()
	s.body = repaint(s.body, func(c rgb) rgb {
		if c.apart(m.ground) < 0.2 {
			return ground
		}
		h, sat, l := c.hsl()
		if math.Abs(l-ground.luma()) < 0.45 {
			l = 1 - l
		}
		return hsl(h, sat, l)
	})
}

// gradient fills the mark's first colour, or its tile, with two colours.
func gradient(m Mark, r *rand.Rand) (File, error) {
	all := colours(m.body)
	if len(all) > 2 {
		return File{}, nil
	}
	s := m.scene()
	s.defs = gradientDef("zg", vivid(r, 0.35, 0.5), vivid(r, 0.3, 0.6))
	if m.tile {
		s.ground = "url(#zg)"
	} else if s.body = repaintAs(s.body, "url(#zg)"); s.body == m.body {
		return File{}, nil
	}
	return File{m.svg(s), ".svg"}, nil
}

func gradientDef(id string, from, to rgb) string {
	return fmt.Sprintf(`<linearGradient id="%s" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="%v"/><stop offset="1" stop-color="%v"/></linearGradient>`, id, from, to)
}

// groundKinds put the mark on another ground.
func groundKinds() []kind {
	badge := func(name string, shape badgeShape) kind {
		return drawn(name, func(m Mark, r *rand.Rand, s *scene) { m.badge(r, s, shape) })
	}
	return []kind{
		badge("badge_circle", disc), badge("badge_rsquare", roundedSquare), badge("badge_ring", ring),
		drawn("bg_solid", func(m Mark, r *rand.Rand, s *scene) {
			m.reground(s.body, vividOrPale(r), s)
			s.place = s.place.then(smaller(0.8 + 0.2*r.Float64()))
		}),
		drawn("bg_gradient", func(m Mark, r *rand.Rand, s *scene) {
			a := vivid(r, 0.2, 0.45)
			m.reground(s.body, a, s)
			s.defs += gradientDef("zb", a, vivid(r, 0.25, 0.45))
			s.ground = "url(#zb)"
			s.place = s.place.then(smaller(0.75))
		}),
	}
}

func vividOrPale(r *rand.Rand) rgb {
	if r.IntN(4) == 0 {
		return rgb{0.96, 0.945, 0.92}
	}
	return vivid(r, 0.2, 0.5)
}

// reground puts the mark on another colour: as it is where that can be seen,
// its tile and all, or in one ink.
func (m Mark) reground(body string, ground rgb, s *scene) {
	ink := level(1)
	if ground.luma() > 0.6 {
		ink = rgb{0.07, 0.07, 0.07}
	}
	switch {
	case m.tile && ground.apart(m.ground) > 0.2:
		s.whole = s.ground
		s.place = smaller(0.7)
	case m.tile || !seenOn(body, ground):
		s.body = m.mono(body, ink, ground)
	}
	s.ground = ground.String()
}

// seenOn says whether each colour of the body stands out well against the ground.
func seenOn(body string, ground rgb) bool {
	for _, c := range colours(body) {
		if c.apart(ground) < 0.3 {
			return false
		}
	}
	return true
}

// badgeShape is what a badge is cut as.
type badgeShape int

const (
	disc badgeShape = iota
	roundedSquare
	ring
)

// badge puts the mark on a disc, a tile or in a ring, on white.
func (m Mark) badge(r *rand.Rand, s *scene, shape badgeShape) {
	colour := vivid(r, 0.2, 0.4)
	if r.IntN(3) == 0 {
		colour = rgb{0.07, 0.08, 0.1}
	}
	part := 0.6
	switch shape {
	case disc:
		s.under = fmt.Sprintf(`<circle cx="500" cy="500" r="500" fill="%v"/>`, colour)
	case roundedSquare:
		s.under = fmt.Sprintf(`<rect width="1000" height="1000" rx="%d" fill="%v"/>`, 120+r.IntN(120), colour)
	case ring:
		edge := colour
		if colour = level(1); m.ground.luma() < 0.3 {
			colour = m.ground
		}
		s.under = fmt.Sprintf(`<circle cx="500" cy="500" r="475" fill="%v" stroke="%v" stroke-width="%d"/>`, colour, edge, 30+r.IntN(30))
		part = 0.55
	}
	m.reground(s.body, colour, s)
	s.ground = level(1).String()
	if s.whole != "" {
		s.place = smaller(0.5)
		return
	}
	b := m.box()
	w, h := b.x1-b.x0, b.y1-b.y0
	// A square inside a disc has a shorter side than one inside a square.
	s.place = m.within(canvas/2, canvas/2, part*min(1.2, max(w, h)*math.Sqrt2/math.Hypot(w, h)))
}
