package raster

import "math"

// track is a subpath as lines, with the directions in which it comes to each
// vertex and leaves it; a direction that is zero is that of the line. A vertex
// is smooth where a curve goes through it.
type track struct {
	points  []point
	in, out []point
	smooth  []bool
	closed  bool
}

// add appends a vertex: out is the direction in which the line to it leaves the
// one before, in the direction in which it comes. A vertex that stays where it
// is adds nothing.
func (t *track) add(p, out, in point, smooth bool) {
	if n := len(t.points); n > 0 {
		if t.points[n-1] == p {
			t.smooth[n-1] = t.smooth[n-1] && smooth
			return
		}
		t.out[n-1] = out
	}
	t.points = append(t.points, p)
	t.in = append(t.in, in)
	t.out = append(t.out, point{})
	t.smooth = append(t.smooth, smooth)
}

// reset empties the track.
func (t *track) reset() {
	t.points, t.in, t.out, t.smooth = t.points[:0], t.in[:0], t.out[:0], t.smooth[:0]
}

// cut drops the last vertex, where it is the first one again.
func (t *track) cut() {
	n := len(t.points) - 1
	if n > 0 && t.points[0] == t.points[n] {
		t.in[0] = t.in[n]
		t.points, t.in, t.out, t.smooth = t.points[:n], t.in[:n], t.out[:n], t.smooth[:n]
	}
}

// directions are those in which the line from vertex i leaves it, and comes to
// the next one.
func (t *track) directions(i int) (out, in point) {
	next := (i + 1) % len(t.points)
	chord := unitVector(t.points[next].sub(t.points[i]))
	if out = t.out[i]; out == (point{}) {
		out = chord
	}
	if in = t.in[next]; in == (point{}) {
		in = chord
	}
	return out, in
}

// unitVector is a vector's direction, zero where it has none.
func unitVector(v point) point {
	length := v.length()
	if !(length > 0) || math.IsInf(length, 0) {
		return point{}
	}
	return v.times(1 / length)
}
