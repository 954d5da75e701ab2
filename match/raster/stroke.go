package raster

import "math"

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
	if len(s.dashes) == 0 {
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
		v := d.resolve(diagonal, view, size) * scale
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

// track is a subpath as lines. A vertex is smooth where a curve goes through it.
type track struct {
	points []point
	smooth []bool
	closed bool
}

// add appends a vertex; one that stays where it is adds nothing.
func (t *track) add(p point, smooth bool) {
	if n := len(t.points); n > 0 && t.points[n-1] == p {
		t.smooth[n-1] = t.smooth[n-1] && smooth
		return
	}
	t.points = append(t.points, p)
	t.smooth = append(t.smooth, smooth)
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
	st.step = 2 * math.Acos(max(0, 1-tolerance/max(reach, 2*tolerance)))
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
			st.track.add(last, false)
			at++
		case lineTo:
			last = p.points[at]
			st.track.add(last, false)
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
	if far := max(a.distance(b), b.distance(c), c.distance(d)) * st.scale; far > 1 {
		n = max(n, 2)
	}
	st.scan.budget.spend(pixels, 4*n)
	for i := 1; i < n; i++ {
		st.track.add(onCubic(a, b, c, d, float64(i)/float64(n)), true)
	}
	st.track.add(d, false)
}

// angle is the angle between two vectors, 0 where one of them is none.
func angle(a, b point) float64 {
	return math.Abs(math.Atan2(a.cross(b), a.dot(b)))
}

// finish strokes the subpath that has been walked.
func (st *stroker) finish(closed bool) {
	t := &st.track
	t.closed = closed
	if closed && len(t.points) > 1 && t.points[0] == t.points[len(t.points)-1] {
		t.points = t.points[:len(t.points)-1]
		t.smooth = t.smooth[:len(t.smooth)-1]
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
	t.points, t.smooth = t.points[:0], t.smooth[:0]
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
		if q := st.matrix.apply(p); i == 0 {
			st.scan.moveTo(q)
		} else {
			st.scan.lineTo(q)
		}
	}
	st.scan.close()
	st.scan.budget.spend(pixels, len(points))
}

// outline strokes lines: up the left side and down the right.
func (st *stroker) outline(t track) {
	n := len(t.points)
	st.left, st.right = st.left[:0], st.right[:0]
	count := n - 1
	if t.closed {
		count = n
	}
	direction := func(i int) point {
		d := t.points[(i+1)%n].sub(t.points[i%n])
		return d.times(1 / d.length())
	}
	first := direction(0)
	before := first
	for i := range count {
		d := direction(i)
		if i > 0 {
			st.join(t.points[i], before, d, st.smoothAt(&t, i))
		}
		side := d.normal().times(st.radius)
		from, to := t.points[i], t.points[(i+1)%n]
		st.left = append(st.left, from.add(side), to.add(side))
		st.right = append(st.right, from.sub(side), to.sub(side))
		before = d
	}
	if t.closed {
		st.join(t.points[0], before, first, false)
		st.polygon(st.left)
		reverse(st.right)
		st.polygon(st.right)
		return
	}
	outline := st.capAt(st.left, t.points[n-1], before)
	reverse(st.right)
	outline = append(outline, st.right...)
	outline = st.capAt(outline, t.points[0], first.times(-1))
	st.left = outline
	st.polygon(outline)
}

// smoothAt says whether a curve goes through a vertex with so slight a turn
// that no join is needed.
func (st *stroker) smoothAt(t *track, i int) bool { return t.smooth[i] }

// reverse turns a list around.
func reverse(list []point) {
	for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
		list[i], list[j] = list[j], list[i]
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
