package raster

import (
	"math"
	"slices"
)

// pen is how an outline is stroked, in user units.
type pen struct {
	width      float64
	cap, join  keyword
	miter      float64
	dashes     []float64 // an even number of them, or none
	offset     float64
	nonScaling bool
}

// penOf is the pen of an element.
func (r *renderer) penOf(n *node, s *style, view extent) pen {
	size := float64(s.fontSize)
	p := pen{
		width: s.strokeWidth.resolve(diagonal, view, size),
		cap:   s.lineCap, join: s.lineJoin, miter: s.miterLimit,
		offset:     s.dashOffset.resolve(diagonal, view, size),
		nonScaling: s.vectorEffect == nonScaling,
	}
	if len(s.dashes) == 0 || !r.budget.spend(steps, 16*len(s.dashes)) {
		return p
	}
	scale := 1.0
	if total, ok := fraction(n.attr("pathLength")); ok && total > 0 {
		if whole := pathLength(r.pathOf(n, s, view)); whole > 0 {
			scale = whole / total
		}
	}
	sum := 0.0
	for _, d := range s.dashes {
		v := float64(d.resolve(diagonal, view, size) * scale)
		sum += v
		p.dashes = append(p.dashes, v)
	}
	if len(p.dashes)%2 == 1 {
		p.dashes = append(p.dashes, p.dashes...)
	}
	p.offset *= scale
	if !(sum > 0) || math.IsInf(sum, 0) {
		p.dashes = nil
	}
	return p
}

// stroker turns an outline into the polygons of its stroke.
type stroker struct {
	pen    pen
	radius float64
	matrix matrix  // from the space it works in to pixels
	scale  float64 // of that
	step   float64 // the angle of a side of a round join
	scan   *scanner
	left   []point
	right  []point
	track  track
	drawn  bool // the subpath has more than its start
	// The polygon at work has no curves, and its vertices snap as those of a
	// filled outline do.
	straight bool
}

// strokePath paints an outline's stroke.
func (r *renderer) strokePath(p *path, pen pen, src source, c context) {
	st := stroker{pen: pen, radius: pen.width / 2, matrix: c.matrix, scan: &r.scan}
	if pen.nonScaling {
		p = p.transformed(c.matrix)
		st.matrix = identity()
	}
	st.scale = st.matrix.scale()
	reach := st.radius * st.scale
	if !(reach > 0) || math.IsInf(reach, 0) {
		return
	}
	const sides = 2000 // of a full turn, at most
	st.step = max(2*math.Pi/sides, 2*math.Acos(max(0, 1-tolerance/max(reach, 2*tolerance))))
	r.scan.reset(c.clip.bounds)
	r.scan.aliased = c.style.shapeRendering == crispEdges
	st.stroke(p)
	r.emit(false, src, c)
}

// transformed is the path in another space.
func (p *path) transformed(m matrix) *path {
	q := &path{verbs: p.verbs, points: make([]point, len(p.points))}
	for i := range p.points {
		q.points[i] = m.apply(p.points[i])
	}
	return q
}

// stroke walks the path and strokes each subpath.
func (st *stroker) stroke(p *path) {
	at := 0
	var last, start point
	for _, v := range p.verbs {
		if !st.scan.budget.spend(segments, 1) {
			return
		}
		switch v {
		case moveTo:
			st.finish(false)
			last = p.points[at]
			start = last
			st.track.add(last, point{}, point{}, false)
			at++
		case lineTo:
			last = p.points[at]
			st.track.add(last, point{}, point{}, false)
			st.drawn = true
			at++
		case quadTo:
			q, end := p.points[at], p.points[at+1]
			st.curve(last, mix(last, q, 2.0/3), mix(end, q, 2.0/3), end)
			last = end
			at += 2
		case cubicTo:
			st.curve(last, p.points[at], p.points[at+1], p.points[at+2])
			last = p.points[at+2]
			at += 3
		case closePath:
			st.drawn = true
			st.finish(true)
			last = start
		}
	}
	st.finish(false)
}

// curve adds a curve's lines: enough for the curve, and for the turn of the
// stroke's sides about it.
func (st *stroker) curve(a, b, c, d point) {
	st.drawn = true
	n := curveLines(a, b, c, d, st.scale)
	turn := angle(b.sub(a), c.sub(b)) + angle(c.sub(b), d.sub(c))
	if turn > 0 {
		n = max(n, min(maximalLines, int(math.Ceil(turn/st.step))))
	}
	if len(st.track.points)+n > maximalEdges {
		st.scan.budget.fail("points of a stroke", maximalEdges)
	}
	if !st.scan.budget.spend(pixels, 8*n) {
		return
	}
	out := tangentAt(a, b, c, d, 0)
	for i := 1; i <= n; i++ {
		t := float64(i) / float64(n)
		in := tangentAt(a, b, c, d, t)
		if i == n {
			st.track.add(d, out, in, false)
			return
		}
		st.track.add(onCubic(a, b, c, d, t), out, in, true)
		out = in
	}
}

// tangentAt is the direction of a cubic at t; where its derivative is zero, as
// with control points on its ends, it is that towards the next point.
func tangentAt(a, b, c, d point, t float64) point {
	p, q, r := b.sub(a), c.sub(b), d.sub(c)
	v := mix(mix(p, q, t), mix(q, r, t), t)
	if v != (point{}) {
		return unitVector(v)
	}
	switch t {
	case 0:
		return direction([]point{a, b, c, d})
	case 1:
		return direction([]point{d, c, b, a}).times(-1)
	}
	return point{}
}

// angle is the angle between two vectors, 0 where one of them is none.
func angle(a, b point) float64 {
	return math.Abs(math.Atan2(a.cross(b), a.dot(b)))
}

// finish strokes the subpath that has been walked.
func (st *stroker) finish(closed bool) {
	t := &st.track
	t.closed = closed
	if closed {
		t.cut()
	}
	switch {
	case !st.drawn:
	case len(t.points) == 1:
		st.dot(t.points[0])
	case len(st.pen.dashes) > 0:
		st.dash(*t)
	default:
		st.outline(*t)
	}
	t.reset()
	st.drawn = false
}

// dot strokes a subpath without length: its caps, if they reach out.
func (st *stroker) dot(p point) {
	r := st.radius
	switch st.pen.cap {
	case capRound:
		st.polygon(st.arc(nil, p, point{r, 0}, 2*math.Pi))
	case capSquare:
		st.polygon([]point{{p.x - r, p.y - r}, {p.x + r, p.y - r}, {p.x + r, p.y + r}, {p.x - r, p.y + r}})
	}
}

// polygon gives a polygon to the scanner.
func (st *stroker) polygon(points []point) {
	for i, p := range points {
		q := st.matrix.apply(p)
		if st.straight {
			q = st.scan.snap(q)
		}
		if i == 0 {
			st.scan.moveTo(q)
		} else {
			st.scan.lineTo(q)
		}
	}
	st.scan.close()
	st.scan.budget.spend(pixels, 12*len(points))
}

// outline strokes lines: up the left side and down the right.
func (st *stroker) outline(t track) {
	n := len(t.points)
	st.straight = !slices.Contains(t.smooth, true)
	st.left, st.right = st.left[:0], st.right[:0]
	count := n - 1
	if t.closed {
		count = n
	}
	first, before := t.directions(0)
	for i := range count {
		if len(st.left)+len(st.right) > maximalEdges {
			st.scan.budget.fail("points of a stroke", maximalEdges)
			return
		}
		out, in := t.directions(i)
		if i > 0 {
			st.join(t.points[i], before, out, t.smooth[i])
		}
		st.sides(t.points[i], t.points[(i+1)%n], out, in)
		before = in
	}
	if t.closed {
		st.join(t.points[0], before, first, t.smooth[0])
		st.polygon(st.left)
		slices.Reverse(st.right)
		st.polygon(st.right)
		return
	}
	outline := st.capAt(st.left, t.points[n-1], before)
	slices.Reverse(st.right)
	outline = append(outline, st.right...)
	outline = st.capAt(outline, t.points[0], first.times(-1))
	st.left = outline
	st.polygon(outline)
}

// sides adds both sides of a line. Where a curve is tighter than the stroke is
// wide, its inner side would run backwards: there the line has a side of its
// own, reached through the curve.
func (st *stroker) sides(from, to, out, in point) {
	chord := to.sub(from)
	straight := unitVector(chord).normal().times(st.radius)
	a, b := out.normal().times(st.radius), in.normal().times(st.radius)
	for i, side := range [...]*[]point{&st.left, &st.right} {
		if i == 1 {
			a, b, straight = a.times(-1), b.times(-1), straight.times(-1)
		}
		p, q := from.add(a), to.add(b)
		if q.sub(p).dot(chord) < 0 {
			*side = append(*side, from, from.add(straight), to.add(straight), to)
		} else {
			*side = append(*side, p, q)
		}
	}
}

// capAt ends a stroke at p in a direction: from its left side to its right.
func (st *stroker) capAt(to []point, p, d point) []point {
	side := d.normal().times(st.radius)
	switch st.pen.cap {
	case capRound:
		return st.arc(to, p, side, -math.Pi)
	case capSquare:
		out := d.times(st.radius)
		return append(to, p.add(side).add(out), p.sub(side).add(out))
	}
	return to
}

// join goes around a corner on its outer side, and on its inner side through
// the corner itself, so that no part of the stroke winds backwards.
func (st *stroker) join(p, before, after point, smooth bool) {
	cross, dot := before.cross(after), before.dot(after)
	if cross == 0 && dot > 0 {
		return
	}
	turn := math.Atan2(cross, dot)
	outer, inner, sign := &st.right, &st.left, -1.0
	if turn < 0 {
		outer, inner, sign = &st.left, &st.right, 1
	}
	*inner = append(*inner, p)
	from := before.normal().times(st.radius * sign)
	switch {
	case smooth || st.pen.join == joinRound:
		if math.Abs(turn) > st.step/2 {
			*outer = st.arc(*outer, p, from, turn)
		}
	case st.pen.join == joinBevel:
	default:
		// The tip is at radius/cos(turn/2), the miter's length twice that.
		if half := math.Cos(turn / 2); half > 0 && 1/half <= st.pen.miter {
			to := after.normal().times(st.radius * sign)
			*outer = append(*outer, p.add(from.add(to).times(1/(2*float64(half*half)))))
		}
	}
}

// arc appends the points of an arc about a centre, from a radius on through an
// angle, without the first and with the last.
func (st *stroker) arc(to []point, centre, radius point, turn float64) []point {
	n := max(1, int(math.Ceil(math.Abs(turn)/st.step)))
	for i := 1; i <= n; i++ {
		sin, cos := math.Sincos(turn * float64(i) / float64(n))
		to = append(to, point{
			centre.x + float64(radius.x*cos) - float64(radius.y*sin),
			centre.y + float64(radius.x*sin) + float64(radius.y*cos),
		})
	}
	return to
}
