package raster

import "math"

// verb is a command of a path.
type verb uint8

const (
	moveTo  verb = iota // 1 point
	lineTo              // 1 point
	quadTo              // 2 points
	cubicTo             // 3 points
	closePath
)

// path is an outline in user space; arcs are cubics already.
type path struct {
	verbs  []verb
	points []point
}

func (p *path) move(a point)    { p.verbs = append(p.verbs, moveTo); p.points = append(p.points, a) }
func (p *path) line(a point)    { p.verbs = append(p.verbs, lineTo); p.points = append(p.points, a) }
func (p *path) quad(a, b point) { p.verbs = append(p.verbs, quadTo); p.points = append(p.points, a, b) }
func (p *path) cubic(a, b, c point) {
	p.verbs = append(p.verbs, cubicTo)
	p.points = append(p.points, a, b, c)
}
func (p *path) close() { p.verbs = append(p.verbs, closePath) }

// bounds is the box of the outline: of its curves, not of their control points.
func (p *path) bounds() box {
	b := emptyBox()
	at := 0
	var last point
	for _, v := range p.verbs {
		switch v {
		case moveTo, lineTo:
			last = p.points[at]
			at++
		case quadTo:
			q, end := p.points[at], p.points[at+1]
			at += 2
			b.cubic(last, mix(last, q, 2.0/3), mix(end, q, 2.0/3), end)
			last = end
		case cubicTo:
			b.cubic(last, p.points[at], p.points[at+1], p.points[at+2])
			last = p.points[at+2]
			at += 3
		}
		b.add(last)
	}
	return b
}

// mix is the point a fraction t of the way from a to b.
func mix(a, b point, t float64) point {
	return point{a.x + float64((b.x-a.x)*t), a.y + float64((b.y-a.y)*t)}
}

// cubic adds the extremes of a cubic.
func (b *box) cubic(p0, p1, p2, p3 point) {
	for _, t := range extremes(p0.x, p1.x, p2.x, p3.x) {
		b.add(onCubic(p0, p1, p2, p3, t))
	}
	for _, t := range extremes(p0.y, p1.y, p2.y, p3.y) {
		b.add(onCubic(p0, p1, p2, p3, t))
	}
}

// onCubic is the point of a cubic at t.
func onCubic(p0, p1, p2, p3 point, t float64) point {
	a, b, c := mix(p0, p1, t), mix(p1, p2, t), mix(p2, p3, t)
	return mix(mix(a, b, t), mix(b, c, t), t)
}

// extremes are the parameters within a cubic where its derivative is zero; an
// unused place is the curve's end.
func extremes(p0, p1, p2, p3 float64) [2]float64 {
	a := p3 - p0 + float64(3*(p1-p2))
	b := 2 * (p0 - float64(2*p1) + p2)
	c := p1 - p0
	found := [2]float64{1, 1}
	if math.Abs(a) < 1e-12 {
		if b != 0 {
			found[0] = inside(-c / b)
		}
		return found
	}
	root := float64(b*b) - float64(4*a*c)
	if root < 0 {
		return found
	}
	root = math.Sqrt(root)
	return [2]float64{inside((-b + root) / (2 * a)), inside((-b - root) / (2 * a))}
}

// inside is t where it lies within a curve, else the curve's end.
func inside(t float64) float64 {
	if t > 0 && t < 1 {
		return t
	}
	return 1
}

// pathReader reads path data into a path.
type pathReader struct {
	lexer
	path    *path
	start   point // of the subpath
	at      point
	control point // of the curve before, for the smooth commands
	before  byte  // the command before, in upper case
	closed  bool  // a new subpath has to start
}

// parsePath reads path data. Where there is a mistake, the path is what came
// before it (SVG 1.1, F.2).
func parsePath(data string, b *budget) *path {
	r := &pathReader{lexer: lexer{s: data}, path: &path{}}
	r.space()
	if c := r.peek(); c != 'M' && c != 'm' {
		return r.path
	}
	command := byte(0)
	for !r.done() && b.spend(steps, 1) {
		if c := r.peek() | 0x20; c >= 'a' && c <= 'z' {
			command = r.peek()
			r.i++
			r.space()
		} else if command|0x20 == 'z' {
			break
		}
		if !r.segment(command) {
			break
		}
		if len(r.path.verbs) > b.limits.Segments {
			b.fail(segments.String(), int64(b.limits.Segments))
		}
		switch command {
		case 'm':
			command = 'l'
		case 'M':
			command = 'L'
		}
		if command|0x20 == 'z' {
			r.space()
		} else {
			r.comma()
		}
	}
	return r.path
}

// segment reads the arguments of one command and draws it.
func (r *pathReader) segment(command byte) bool {
	var v [7]float64
	relative := command >= 'a'
	upper := command &^ 0x20
	n, known := argumentCount(upper)
	if !known || upper == 'A' && !r.arcArguments(&v) || upper != 'A' && !r.arguments(v[:n]) {
		return false
	}
	origin := point{}
	if relative {
		origin = r.at
	}
	if r.closed && upper != 'M' && upper != 'Z' {
		r.path.move(r.start)
		r.closed = false
	}
	before, last := r.before, r.at
	r.before = upper
	r.draw(upper, v, origin, before)
	if !r.at.finite() || math.Abs(r.at.x) > math.MaxFloat32 || math.Abs(r.at.y) > math.MaxFloat32 {
		r.at = last
		return false
	}
	return true
}

// argumentCount is how many numbers a command takes.
func argumentCount(command byte) (int, bool) {
	switch command {
	case 'Z':
		return 0, true
	case 'H', 'V':
		return 1, true
	case 'M', 'L', 'T':
		return 2, true
	case 'S', 'Q':
		return 4, true
	case 'C':
		return 6, true
	case 'A':
		return 7, true
	}
	return 0, false
}

// arguments reads numbers.
func (r *pathReader) arguments(v []float64) bool {
	for i := range v {
		if i > 0 {
			r.comma()
		}
		n, ok := r.number()
		if !ok {
			return false
		}
		v[i] = n
	}
	return true
}

// arcArguments reads an arc's numbers, whose flags are one digit each and may
// stand without any space.
func (r *pathReader) arcArguments(v *[7]float64) bool {
	if !r.arguments(v[:3]) {
		return false
	}
	for i := 3; i < 5; i++ {
		r.comma()
		switch {
		case r.take('0'):
		case r.take('1'):
			v[i] = 1
		default:
			return false
		}
	}
	r.comma()
	return r.arguments(v[5:7])
}

// draw draws one command.
func (r *pathReader) draw(command byte, v [7]float64, o point, before byte) {
	switch command {
	case 'M':
		r.at = point{o.x + v[0], o.y + v[1]}
		r.start = r.at
		r.closed = false
		r.path.move(r.at)
	case 'L':
		r.lineTo(point{o.x + v[0], o.y + v[1]})
	case 'H':
		r.lineTo(point{o.x + v[0], r.at.y})
	case 'V':
		r.lineTo(point{r.at.x, o.y + v[0]})
	case 'Z':
		if !r.closed {
			r.path.close()
		}
		r.at = r.start
		r.closed = true
	case 'A':
		end := point{o.x + v[5], o.y + v[6]}
		r.path.arc(r.at, v[0], v[1], v[2], v[3] == 1, v[4] == 1, end)
		r.at = end
	default:
		r.curve(command, v, o, before)
	}
}

// lineTo draws a line.
func (r *pathReader) lineTo(p point) {
	r.path.line(p)
	r.at = p
}

// curve draws a Bézier curve. A smooth one mirrors the control point of the
// curve before, where that was of the same degree.
func (r *pathReader) curve(command byte, v [7]float64, o point, before byte) {
	mirrored := r.at
	sameDegree := before == 'C' || before == 'S'
	if command == 'T' {
		sameDegree = before == 'Q' || before == 'T'
	}
	if sameDegree {
		mirrored = r.at.times(2).sub(r.control)
	}
	at := func(i int) point { return point{o.x + v[i], o.y + v[i+1]} }
	var end point
	switch command {
	case 'C':
		r.control, end = at(2), at(4)
		r.path.cubic(at(0), r.control, end)
	case 'S':
		r.control, end = at(0), at(2)
		r.path.cubic(mirrored, r.control, end)
	case 'Q':
		r.control, end = at(0), at(2)
		r.path.quad(r.control, end)
	case 'T':
		r.control, end = mirrored, at(0)
		r.path.quad(r.control, end)
	}
	r.at = end
}
