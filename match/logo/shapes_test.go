package logo

import (
	"math"
)

// A shape tells of a point whether it is inside; coordinates run from -1 to 1.
type shape func(x, y float64) bool

// A dice is a small deterministic generator of numbers (SplitMix64).
type dice uint64

func (d *dice) next() uint64 {
	*d += 0x9e3779b97f4a7c15
	z := uint64(*d)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// upTo is a number in [0, n).
func (d *dice) upTo(n int) int { return int(d.next() % uint64(n)) }

// between is a number in [low, high), in steps of a 256th.
func (d *dice) between(low, high float64) float64 {
	return low + (high-low)*float64(d.upTo(256))/256
}

// drawn makes a figure of n by n pixels of a shape.
func drawn(s shape, n int) *mask {
	m := newMask(n, n)
	for y := range n {
		for x := range n {
			hits := 0
			for v := range 2 {
				for u := range 2 {
					if s((float64(4*x+2*u+1)/float64(2*n)-1)*1.5, (float64(4*y+2*v+1)/float64(2*n)-1)*1.5) {
						hits++
					}
				}
			}
			m.pix[y*n+x] = uint8(hits * 255 / 4)
		}
	}
	return m
}

// bent skews and stretches a shape a little.
func bent(s shape, d *dice) shape {
	a, b, c, e := d.between(0.9, 1), d.between(-0.06, 0.06), d.between(-0.06, 0.06), d.between(0.9, 1)
	return func(x, y float64) bool { return s(x*a+y*b, x*c+y*e) }
}

func ellipse(cx, cy, rx, ry float64) shape {
	return func(x, y float64) bool {
		u, v := (x-cx)/rx, (y-cy)/ry
		return u*u+v*v <= 1
	}
}

func box(cx, cy, w, h, round float64) shape {
	return func(x, y float64) bool {
		u, v := math.Abs(x-cx)-(w-round), math.Abs(y-cy)-(h-round)
		if u <= 0 || v <= 0 {
			return u <= round && v <= round
		}
		return u*u+v*v <= round*round
	}
}

// polygon has n corners on a circle; with a depth below 1 it is a star.
func polygon(n int, depth float64) shape {
	return func(x, y float64) bool {
		r, a := math.Hypot(x, y), math.Atan2(x, -y)
		step := math.Pi / float64(n)
		a = math.Mod(a+4*math.Pi, 2*step)
		a = math.Abs(a - step) // 0 between two corners, step at a corner
		// The edge runs from (depth at 0) to (1 at step).
		in := depth * math.Cos(step)
		x0, y0 := in, 0.0
		x1, y1 := math.Cos(step), math.Sin(step)
		px, py := r*math.Cos(a), r*math.Sin(a)
		return (x1-x0)*(py-y0)-(y1-y0)*(px-x0) >= 0
	}
}

// line is a stroke between two points.
func line(x0, y0, x1, y1, thick float64) shape {
	dx, dy := x1-x0, y1-y0
	ll := dx*dx + dy*dy
	return func(x, y float64) bool {
		t := 0.0
		if ll > 0 {
			t = max(0, min(1, ((x-x0)*dx+(y-y0)*dy)/ll))
		}
		return math.Hypot(x-x0-t*dx, y-y0-t*dy) <= thick
	}
}

// arc is a stroke on a circle from one angle to another.
func arc(cx, cy, r, from, sweep, thick float64) shape {
	return func(x, y float64) bool {
		u, v := x-cx, y-cy
		if math.Abs(math.Hypot(u, v)-r) > thick {
			return false
		}
		a := math.Mod(math.Atan2(v, u)-from+8*math.Pi, 2*math.Pi)
		return a <= sweep
	}
}

func union(list ...shape) shape {
	return func(x, y float64) bool {
		for _, s := range list {
			if s(x, y) {
				return true
			}
		}
		return false
	}
}

func minus(a, b shape) shape {
	return func(x, y float64) bool { return a(x, y) && !b(x, y) }
}

func either(a, b shape) shape {
	return func(x, y float64) bool { return a(x, y) != b(x, y) }
}

// placed moves, turns and scales a shape.
func placed(s shape, cx, cy, sx, sy, angle float64) shape {
	sin, cos := math.Sincos(angle)
	return func(x, y float64) bool {
		x, y = x-cx, y-cy
		return s((x*cos+y*sin)/sx, (y*cos-x*sin)/sy)
	}
}

// around repeats a shape n times about the middle.
func around(s shape, n int) shape {
	var list []shape
	for i := range n {
		list = append(list, placed(s, 0, 0, 1, 1, 2*math.Pi*float64(i)/float64(n)))
	}
	return union(list...)
}

// mirrorOf adds a shape's mirror image.
func mirrorOf(s shape) shape {
	return func(x, y float64) bool { return s(x, y) || s(-x, y) }
}

// letters are capitals and figures as strokes on a grid of 5 by 7 points: two digits a point, a space lifts the pen.
func letters() []string {
	return []string{
		"061226 1434", "0006 00304036 033340 ", "41301001051636", "0006 0020424620 ", "40000646 0333", "400006 0333",
		"413010010516364543 4323", "0006 4046 0343", "2026", "4044453616", "0006 4003 0346", "000646", "0600234046", "06004640",
		"10304145361605011", "000630 0030414333", "1030414536160501 3346", "0006 003041423303 2346", "4130100112324345361605", "0040 2026",
		"00051636454", "002640", "0016233640", "0046 4006", "002340 2326", "00400646", "1120 2026", "0110304142060646",
	}
}

// glyph is a letter in strokes.
func glyph(n int, thick float64) shape {
	var list []shape
	path := letters()[n%len(letters())]
	px, py := -1, -1
	for i := 0; i+1 < len(path); {
		if path[i] == ' ' {
			px, i = -1, i+1
			continue
		}
		x, y := int(path[i]-'0'), int(path[i+1]-'0')
		if px >= 0 {
			list = append(list, line(float64(px)/2-1, float64(py)/3-1, float64(x)/2-1, float64(y)/3-1, thick))
		}
		px, py, i = x, y, i+2
	}
	return union(list...)
}
