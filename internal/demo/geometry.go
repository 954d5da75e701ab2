package demo

import (
	"math"
	"strconv"
)

// A pt is a point of a drawing; y grows downwards, as in SVG.
type pt struct{ x, y float64 }

// An affine maps (x, y) to (a·x + c·y + e, b·x + d·y + f): the order of SVG's matrix().
type affine struct{ a, b, c, d, e, f float64 }

func shift(x, y float64) affine     { return affine{a: 1, d: 1, e: x, f: y} }
func scale(x, y float64) affine     { return affine{a: x, d: y} }
func shear(k float64) affine        { return affine{a: 1, c: -k, d: 1} }
func mirror(cx float64) affine      { return affine{a: -1, d: 1, e: 2 * cx} }
func (m affine) apply(p pt) pt      { return pt{m.a*p.x + m.c*p.y + m.e, m.b*p.x + m.d*p.y + m.f} }
func (m affine) magnitude() float64 { return math.Sqrt(math.Abs(m.a*m.d - m.b*m.c)) }

// then returns the map that does m first and n after it.
func (m affine) then(n affine) affine {
	return affine{
		a: n.a*m.a + n.c*m.b, b: n.b*m.a + n.d*m.b,
		c: n.a*m.c + n.c*m.d, d: n.b*m.c + n.d*m.d,
		e: n.a*m.e + n.c*m.f + n.e, f: n.b*m.e + n.d*m.f + n.f,
	}
}

// turn rotates by degrees, clockwise on the page, about (cx, cy).
func turn(degrees, cx, cy float64) affine {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	return shift(-cx, -cy).then(affine{a: cos, b: sin, c: -sin, d: cos}).then(shift(cx, cy))
}

// zoom scales by k about (cx, cy).
func zoom(k, cx, cy float64) affine {
	return shift(-cx, -cy).then(scale(k, k)).then(shift(cx, cy))
}

// A seg is one command of a path: M and L use p[0], Q p[:2], C p[:3], Z none.
type seg struct {
	op byte
	p  [3]pt
}

// operands says how many points a command takes.
func operands(op byte) int {
	switch op {
	case 'M', 'L':
		return 1
	case 'Q':
		return 2
	case 'C':
		return 3
	}
	return 0
}

// A path is a list of drawing commands, all of them absolute. SVG Tiny has no
// elliptical arcs, so curves are Béziers.
type path []seg

// on returns the path mapped by m.
func (p path) on(m affine) path {
	out := make(path, len(p))
	for i, s := range p {
		out[i].op = s.op
		for k := range operands(s.op) {
			out[i].p[k] = m.apply(s.p[k])
		}
	}
	return out
}

// d reads path data in SVG's own notation, of the absolute commands M, L, Q, C
// and Z, each written out. It is for the drawings of this package alone: data
// that it can't read is a mistake in the source, and panics.
func d(data string) path {
	var out path
	for i := 0; i < len(data); {
		s := seg{op: data[i]}
		n := operands(s.op)
		if n == 0 && s.op != 'Z' {
			panic("drawing: no such path command in " + data)
		}
		i++
		for k := range n {
			s.p[k].x, i = number(data, i)
			s.p[k].y, i = number(data, i)
		}
		out = append(out, s)
	}
	return out
}

// number reads the number at or after data[i:] and says where it ends.
func number(data string, i int) (float64, int) {
	for i < len(data) && (data[i] == ' ' || data[i] == ',') {
		i++
	}
	end := i
	for end < len(data) && (data[end] == '-' && end == i || data[end] == '.' || data[end] >= '0' && data[end] <= '9') {
		end++
	}
	f, err := strconv.ParseFloat(data[i:end], 64)
	if err != nil {
		panic("drawing: no number at " + data[i:])
	}
	return f, end
}
