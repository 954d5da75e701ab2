package raster

import "math"

// dash strokes the dashes of a subpath. Where a closed one starts and ends
// within a dash, that dash goes through its start.
func (st *stroker) dash(t track) {
	count := len(t.points) - 1
	if t.closed {
		count++
	}
	index, left := st.phase()
	var piece, opening track
	on := index%2 == 0
	if on {
		piece.add(t.points[0], point{}, point{}, false)
	}
	first := on && t.closed
	for i := range count {
		from, to := t.points[i], t.points[(i+1)%len(t.points)]
		out, in := t.directions(i)
		length, done := from.distance(to), 0.0
		leaving := out
		for length-done > left {
			done += left
			at, along := mix(from, to, done/length), unitVector(mix(out, in, done/length))
			if on {
				piece.add(at, leaving, along, false)
				if first {
					opening, piece, first = piece, track{}, false
				} else {
					st.piece(&piece, along)
				}
			} else {
				piece.reset()
				piece.add(at, point{}, along, false)
			}
			leaving = along
			on = !on
			index = (index + 1) % len(st.pen.dashes)
			left = st.pen.dashes[index]
			if !st.scan.budget.spend(dashes, 1) {
				return
			}
		}
		left -= length - done
		if on {
			piece.add(to, leaving, in, t.smooth[(i+1)%len(t.points)])
		}
	}
	st.lastPiece(&piece, &opening, on, first)
}

// lastPiece strokes what is open at the end of a subpath: joined with the first
// dash, or by itself.
func (st *stroker) lastPiece(piece, opening *track, on, first bool) {
	switch {
	case first: // one dash all around
		piece.closed = true
		piece.cut()
		if len(piece.points) > 1 {
			st.outline(*piece)
		}
	case on:
		for i, p := range opening.points {
			out := point{}
			if i > 0 {
				out = opening.out[i-1]
			}
			piece.add(p, out, opening.in[i], opening.smooth[i])
		}
		st.piece(piece, point{1, 0})
	case len(opening.points) > 0:
		st.piece(opening, point{1, 0})
	}
}

// piece strokes one dash. One without length has caps in its direction.
func (st *stroker) piece(t *track, direction point) {
	switch len(t.points) {
	case 0:
	case 1:
		st.dashDot(t.points[0], direction)
	default:
		st.outline(*t)
	}
}

// dashDot strokes a dash without length.
func (st *stroker) dashDot(p, direction point) {
	length := direction.length()
	if st.pen.cap != capSquare || length == 0 {
		st.dot(p)
		return
	}
	along := direction.times(st.radius / length)
	side := along.normal()
	st.polygon([]point{p.add(along).add(side), p.add(along).sub(side), p.sub(along).sub(side), p.sub(along).add(side)})
}

// phase is the dash that a subpath starts in, and how much of it is left.
func (st *stroker) phase() (index int, left float64) {
	total := 0.0
	for _, d := range st.pen.dashes {
		total += d
	}
	at := math.Mod(st.pen.offset, total)
	if at < 0 {
		at += total
	}
	if !(at >= 0) {
		at = 0
	}
	for at >= st.pen.dashes[index] && index+1 < len(st.pen.dashes) {
		at -= st.pen.dashes[index]
		index++
	}
	return index, max(0, st.pen.dashes[index]-at)
}

// pathLength is the length of an outline.
func pathLength(p *path) float64 {
	total := 0.0
	at := 0
	var last, start point
	for _, v := range p.verbs {
		switch v {
		case moveTo:
			last = p.points[at]
			start = last
			at++
		case lineTo:
			total += last.distance(p.points[at])
			last = p.points[at]
			at++
		case quadTo:
			q, end := p.points[at], p.points[at+1]
			total += curveLength(last, mix(last, q, 2.0/3), mix(end, q, 2.0/3), end)
			last = end
			at += 2
		case cubicTo:
			total += curveLength(last, p.points[at], p.points[at+1], p.points[at+2])
			last = p.points[at+2]
			at += 3
		case closePath:
			total += last.distance(start)
			last = start
		}
	}
	return total
}

// curveLength is the length of a cubic, by enough lines.
func curveLength(a, b, c, d point) float64 {
	const lines = 32
	total := 0.0
	last := a
	for i := 1; i <= lines; i++ {
		p := onCubic(a, b, c, d, float64(i)/lines)
		total += last.distance(p)
		last = p
	}
	return total
}
