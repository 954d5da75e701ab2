package raster

import "math"

// spread is what is beyond a gradient's ends.
type spread uint8

const (
	pad spread = iota
	reflect
	repeat
)

// stop is a colour at a place; colours are not premultiplied, 0 to 1.
type stop struct {
	offset     float64
	r, g, b, a float64
}

// gradient is a linear gradient along x from 0 to 1, or a radial one of the
// unit circle with a focal circle, in a space of its own.
type gradient struct {
	stops   []stop
	spread  spread
	inverse matrix // from device to the gradient's space
	radial  bool
	focus   point
	focal   float64 // radius of the focal circle
	opacity float64
}

// cost is high: a pixel takes a division, often a root, and a search.
func (g *gradient) cost() int { return 6 }

// colours evaluates the gradient in the middle of each pixel.
func (g *gradient) colours(x, y int, out []uint8) {
	at := 0 // the stop before the last pixel's place: neighbours are near
	for i := 0; i+3 < len(out); i += 4 {
		p := g.inverse.apply(point{float64(x) + 0.5 + float64(i/4), float64(y) + 0.5})
		t := p.x
		if g.radial {
			var ok bool
			if t, ok = g.ring(p); !ok {
				clear(out[i : i+4])
				continue
			}
		}
		t = g.spread.fold(t)
		for at > 0 && t < g.stops[at].offset {
			at--
		}
		for at+1 < len(g.stops) && t >= g.stops[at+1].offset {
			at++
		}
		g.colour(at, t, out[i:i+4])
	}
}

// colour sets the premultiplied colour at t, which is behind the stop with
// number at.
func (g *gradient) colour(at int, t float64, out []uint8) {
	s := g.stops[at]
	if at+1 < len(g.stops) && t > s.offset {
		n := g.stops[at+1]
		k := (t - s.offset) / (n.offset - s.offset)
		s.r += float64(k * (n.r - s.r))
		s.g += float64(k * (n.g - s.g))
		s.b += float64(k * (n.b - s.b))
		s.a += float64(k * (n.a - s.a))
	}
	alpha := s.a * g.opacity
	out[0] = byteOf(s.r * alpha)
	out[1] = byteOf(s.g * alpha)
	out[2] = byteOf(s.b * alpha)
	out[3] = byteOf(alpha)
}

// byteOf is a fraction in 255ths.
func byteOf(v float64) uint8 { return uint8(float64(v*255) + 0.5) }

// fold brings a place into 0 to 1. No number is 0.
func (s spread) fold(t float64) float64 {
	switch {
	case t >= 0 && t <= 1:
		return t
	case s == pad || math.IsInf(t, 0) || math.IsNaN(t):
		if t > 1 {
			return 1
		}
		return 0
	case s == repeat:
		return t - math.Floor(t)
	}
	t = math.Abs(math.Mod(t, 2))
	if t > 1 {
		return 2 - t
	}
	return t
}

// ring is the greatest t whose circle goes through p, the circles going from
// the focal one (t = 0) to the unit circle (t = 1); ok is false where none does.
func (g *gradient) ring(p point) (t float64, ok bool) {
	if g.focus == (point{}) && g.focal == 0 {
		return p.length(), true
	}
	grow := 1 - g.focal
	d := p.sub(g.focus)
	axis := point{-g.focus.x, -g.focus.y}
	a := axis.dot(axis) - float64(grow*grow)
	b := d.dot(axis) + float64(g.focal*grow)
	c := d.dot(d) - float64(g.focal*g.focal)
	if math.Abs(a) < 1e-9 {
		if b == 0 {
			return 0, false
		}
		t = c / (2 * b)
		return t, g.focal+float64(t*grow) >= 0
	}
	root := float64(b*b) - float64(a*c)
	if root < 0 {
		return 0, false
	}
	root = math.Sqrt(root)
	first, second := (b+root)/a, (b-root)/a
	if first < second {
		first, second = second, first
	}
	if g.focal+float64(first*grow) >= 0 {
		return first, true
	}
	return second, g.focal+float64(second*grow) >= 0
}
