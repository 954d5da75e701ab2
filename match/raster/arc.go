package raster

import "math"

// arc draws an elliptical arc as cubics, by SVG 1.1, F.6: a zero radius is a
// line, radii that are too small grow.
func (p *path) arc(from point, rx, ry, degrees float64, large, sweep bool, to point) {
	rx, ry = math.Abs(rx), math.Abs(ry)
	if from == to {
		return
	}
	if rx == 0 || ry == 0 {
		p.line(to)
		return
	}
	turn := rotation(degrees)
	// The half chord in the ellipse's own axes.
	half := from.sub(to).times(0.5)
	q := point{float64(turn.a*half.x) + float64(turn.b*half.y), float64(turn.c*half.x) + float64(turn.d*half.y)}
	u := point{q.x / rx, q.y / ry}
	size := u.dot(u)
	if size > 1 {
		grow := math.Sqrt(size)
		rx, ry = rx*grow, ry*grow
		u = point{q.x / rx, q.y / ry}
		size = 1
	}
	if !(size > 0) || !(rx < 1e30) || !(ry < 1e30) {
		p.line(to) // nothing of the curve is left at this precision
		return
	}
	// On the unit circle, the chord's middle is at distance 1-size of the centre.
	away := math.Sqrt(max(0, 1-size) / size)
	if large == sweep {
		away = -away
	}
	centre := point{float64(away * u.y), float64(-away * u.x)}
	start := math.Atan2(u.y-centre.y, u.x-centre.x)
	end := math.Atan2(-u.y-centre.y, -u.x-centre.x)
	sweepAngle := end - start
	if sweep && sweepAngle < 0 {
		sweepAngle += 2 * math.Pi
	} else if !sweep && sweepAngle > 0 {
		sweepAngle -= 2 * math.Pi
	}
	middle := mix(from, to, 0.5)
	ellipse := translation(middle.x, middle.y).mul(turn).mul(scaling(rx, ry)).mul(translation(centre.x, centre.y))
	p.arcCubics(ellipse, start, sweepAngle, to)
}

// arcCubics draws an arc of the unit circle, transformed, in cubics of at most
// an eighth turn, and ends exactly at the last point.
func (p *path) arcCubics(m matrix, start, sweep float64, to point) {
	n := int(math.Ceil(math.Abs(sweep)/(math.Pi/4) - 1e-9))
	n = max(n, 1)
	step := sweep / float64(n)
	handle := 4.0 / 3 * math.Tan(step/4)
	sin, cos := math.Sincos(start)
	for i := 1; i <= n; i++ {
		nextSin, nextCos := math.Sincos(start + float64(float64(i)*step))
		a := m.apply(point{cos - float64(handle*sin), sin + float64(handle*cos)})
		b := m.apply(point{nextCos + float64(handle*nextSin), nextSin - float64(handle*nextCos)})
		c := m.apply(point{nextCos, nextSin})
		if i == n {
			c = to
		}
		p.cubic(a, b, c)
		sin, cos = nextSin, nextCos
	}
}
