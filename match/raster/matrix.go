package raster

import (
	"math"
	"strings"
)

// point is a point or a vector.
type point struct{ x, y float64 }

func (p point) add(q point) point        { return point{p.x + q.x, p.y + q.y} }
func (p point) sub(q point) point        { return point{p.x - q.x, p.y - q.y} }
func (p point) times(k float64) point    { return point{float64(p.x * k), float64(p.y * k)} }
func (p point) cross(q point) float64    { return float64(p.x*q.y) - float64(p.y*q.x) }
func (p point) dot(q point) float64      { return float64(p.x*q.x) + float64(p.y*q.y) }
func (p point) length() float64          { return math.Sqrt(p.dot(p)) }
func (p point) normal() point            { return point{-p.y, p.x} }
func (p point) distance(q point) float64 { return p.sub(q).length() }

// finite says that neither coordinate is infinite or no number.
func (p point) finite() bool { return p.x-p.x == 0 && p.y-p.y == 0 }

// matrix is an affine transform: x' = ax + cy + e, y' = bx + dy + f. Products
// are converted explicitly here and elsewhere, so that no machine fuses them
// with the sums and all machines draw the same pixels.
type matrix struct{ a, b, c, d, e, f float64 }

// identity changes nothing.
func identity() matrix { return matrix{a: 1, d: 1} }

// translation moves.
func translation(x, y float64) matrix { return matrix{1, 0, 0, 1, x, y} }

// scaling stretches.
func scaling(x, y float64) matrix { return matrix{a: x, d: y} }

// rotation turns by degrees. Quarter turns are exact.
func rotation(degrees float64) matrix {
	var sin, cos float64
	switch math.Mod(degrees, 360) {
	case 0:
		sin, cos = 0, 1
	case 90, -270:
		sin, cos = 1, 0
	case 180, -180:
		sin, cos = 0, -1
	case 270, -90:
		sin, cos = -1, 0
	default:
		sin, cos = math.Sincos(math.Mod(degrees, 360) * math.Pi / 180)
	}
	return matrix{cos, sin, -sin, cos, 0, 0}
}

// mul is m with n applied first.
func (m matrix) mul(n matrix) matrix {
	return matrix{
		a: float64(m.a*n.a) + float64(m.c*n.b),
		b: float64(m.b*n.a) + float64(m.d*n.b),
		c: float64(m.a*n.c) + float64(m.c*n.d),
		d: float64(m.b*n.c) + float64(m.d*n.d),
		e: float64(m.a*n.e) + float64(m.c*n.f) + m.e,
		f: float64(m.b*n.e) + float64(m.d*n.f) + m.f,
	}
}

// apply transforms a point.
func (m matrix) apply(p point) point {
	return point{
		float64(m.a*p.x) + float64(m.c*p.y) + m.e,
		float64(m.b*p.x) + float64(m.d*p.y) + m.f,
	}
}

// det is the determinant.
func (m matrix) det() float64 { return float64(m.a*m.d) - float64(m.b*m.c) }

// invert is the inverse; ok is false where there is none.
func (m matrix) invert() (inv matrix, ok bool) {
	det := m.det()
	if det == 0 || math.IsNaN(det) || math.IsInf(det, 0) {
		return identity(), false
	}
	inv = matrix{a: m.d / det, b: -m.b / det, c: -m.c / det, d: m.a / det}
	inv.e = -(float64(inv.a*m.e) + float64(inv.c*m.f))
	inv.f = -(float64(inv.b*m.e) + float64(inv.d*m.f))
	return inv, inv.finite()
}

// finite says that every element is a finite number.
func (m matrix) finite() bool {
	sum := m.a + m.b + m.c + m.d + m.e + m.f
	return sum-sum == 0
}

// scale is how much the transform stretches at most.
func (m matrix) scale() float64 {
	p := float64(m.a*m.a) + float64(m.b*m.b)
	q := float64(m.c*m.c) + float64(m.d*m.d)
	r := float64(m.a*m.c) + float64(m.b*m.d)
	half := (p - q) / 2
	return math.Sqrt((p+q)/2 + math.Sqrt(float64(half*half)+float64(r*r)))
}

// box is a rectangle; an empty one has max less than min.
type box struct{ min, max point }

// emptyBox holds nothing.
func emptyBox() box {
	return box{point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}}
}

// empty says that nothing was added.
func (b box) empty() bool { return !(b.min.x <= b.max.x && b.min.y <= b.max.y) }

func (b box) width() float64  { return b.max.x - b.min.x }
func (b box) height() float64 { return b.max.y - b.min.y }

// add grows the box to hold a point.
func (b *box) add(p point) {
	b.min.x, b.max.x = min(b.min.x, p.x), max(b.max.x, p.x)
	b.min.y, b.max.y = min(b.min.y, p.y), max(b.max.y, p.y)
}

// transform is the box around the transformed box.
func (b box) transform(m matrix) box {
	out := emptyBox()
	if b.empty() {
		return out
	}
	for _, p := range [...]point{b.min, b.max, {b.min.x, b.max.y}, {b.max.x, b.min.y}} {
		out.add(m.apply(p))
	}
	return out
}

// unit maps the unit square to the box.
func (b box) unit() matrix {
	return matrix{b.width(), 0, 0, b.height(), b.min.x, b.min.y}
}

// parseTransform reads a transform list of an attribute or a style. A list with
// a mistake is no transform at all.
func parseTransform(s string, view extent) (matrix, bool) {
	m := identity()
	l := lexer{s: s}
	l.space()
	if l.s[l.i:] == "none" {
		return m, true
	}
	for !l.done() {
		start := l.i
		for c := l.peek() | 0x20; c >= 'a' && c <= 'z'; c = l.peek() | 0x20 {
			l.i++
		}
		name := strings.ToLower(l.s[start:l.i])
		l.space()
		if !l.take('(') {
			return identity(), false
		}
		args, ok := l.arguments(name, view)
		if !ok {
			return identity(), false
		}
		one, ok := transformFunction(name, args)
		if !ok || !one.finite() {
			return identity(), false
		}
		m = m.mul(one)
		l.comma()
	}
	return m, m.finite()
}

// arguments reads the arguments of a transform function: lengths in user units
// and angles in degrees.
func (l *lexer) arguments(name string, view extent) ([]float64, bool) {
	args := make([]float64, 0, 6)
	for l.space(); !l.take(')'); l.comma() {
		v, ok := l.number()
		if !ok || len(args) == 6 {
			return nil, false
		}
		start := l.i
		for c := l.peek(); c|0x20 >= 'a' && c|0x20 <= 'z' || c == '%'; c = l.peek() {
			l.i++
		}
		switch strings.ToLower(l.s[start:l.i]) {
		case "", "px", "deg":
		case "rad":
			v = v * 180 / math.Pi
		case "grad":
			v *= 0.9
		case "turn":
			v *= 360
		case "%":
			v /= 100
			if strings.HasPrefix(name, "translate") {
				along := horizontal
				if len(args) == 1 || name == "translatey" {
					along = vertical
				}
				v *= view.along(along)
			}
		default:
			return nil, false
		}
		args = append(args, v)
	}
	return args, true
}

// transformFunction is the matrix of one transform function.
func transformFunction(name string, v []float64) (matrix, bool) {
	switch {
	case name == "matrix" && len(v) == 6:
		return matrix{v[0], v[1], v[2], v[3], v[4], v[5]}, true
	case name == "rotate" && len(v) == 3:
		return translation(v[1], v[2]).mul(rotation(v[0])).mul(translation(-v[1], -v[2])), true
	case len(v) == 2:
		switch name {
		case "translate":
			return translation(v[0], v[1]), true
		case "scale":
			return scaling(v[0], v[1]), true
		case "skew":
			return matrix{a: 1, d: 1, c: tangent(v[0]), b: tangent(v[1])}, true
		}
	case len(v) == 1:
		return oneArgument(name, v[0])
	}
	return identity(), false
}

// oneArgument is the matrix of a transform function of one argument.
func oneArgument(name string, v float64) (matrix, bool) {
	switch name {
	case "translate", "translatex":
		return translation(v, 0), true
	case "translatey":
		return translation(0, v), true
	case "scale":
		return scaling(v, v), true
	case "scalex":
		return scaling(v, 1), true
	case "scaley":
		return scaling(1, v), true
	case "rotate":
		return rotation(v), true
	case "skewx":
		return matrix{a: 1, d: 1, c: tangent(v)}, true
	case "skewy":
		return matrix{a: 1, d: 1, b: tangent(v)}, true
	}
	return identity(), false
}

// tangent is the tangent of an angle in degrees.
func tangent(degrees float64) float64 { return math.Tan(degrees * math.Pi / 180) }
