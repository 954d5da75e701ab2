package raster

import "math"

// tolerance is how far a line may be from the curve that it stands for, in pixels.
const tolerance = 0.02

// maximalLines is the most lines that stand for one curve.
const maximalLines = 400

// snap puts a vertex on a quarter of a row, as browsers' rasterisers do with the
// vertices of outlines: edges between rows come out in the same grey.
func (z *scanner) snap(p point) point {
	if z.aliased {
		return p
	}
	return point{p.x, math.Round(p.y*4) / 4}
}

// fill adds the transformed path to the scanner.
func (z *scanner) fill(p *path, m matrix) {
	at := 0
	var last point
	for _, v := range p.verbs {
		if z.budget.over() {
			return
		}
		switch v {
		case moveTo:
			last = z.snap(m.apply(p.points[at]))
			z.moveTo(last)
			at++
		case lineTo:
			last = z.snap(m.apply(p.points[at]))
			z.lineTo(last)
			at++
		case quadTo:
			c, end := m.apply(p.points[at]), z.snap(m.apply(p.points[at+1]))
			z.cubicTo(last, mix(last, c, 2.0/3), mix(end, c, 2.0/3), end)
			last = end
			at += 2
		case cubicTo:
			end := z.snap(m.apply(p.points[at+2]))
			z.cubicTo(last, m.apply(p.points[at]), m.apply(p.points[at+1]), end)
			last = end
			at += 3
		case closePath:
			z.close()
			last = z.origin
		}
		z.budget.spend(segments, 1)
	}
	z.close()
}

// cubicTo adds a curve. One that can't be seen is a line: of one above, below
// or right of the clip nothing counts, of one left of it only the winding.
func (z *scanner) cubicTo(a, b, c, d point) {
	clip := z.clip
	if lowest, highest := min(a.y, b.y, c.y, d.y), max(a.y, b.y, c.y, d.y); highest < float64(clip.Min.Y) ||
		lowest > float64(clip.Max.Y) ||
		max(a.x, b.x, c.x, d.x) < float64(clip.Min.X) || min(a.x, b.x, c.x, d.x) > float64(clip.Max.X) {
		z.lineTo(d)
		return
	}
	n := curveLines(a, b, c, d, 1)
	z.budget.spend(pixels, 4*n)
	for i := 1; i < n; i++ {
		z.lineTo(onCubic(a, b, c, d, float64(i)/float64(n)))
	}
	z.lineTo(d)
}

// curveLines is how many lines a cubic needs, whose points are still to be
// scaled to pixels. The error of n lines is at most d·6/8/n², with d the
// greater of the second differences.
func curveLines(a, b, c, d point, scale float64) int {
	p := a.sub(b.times(2)).add(c)
	q := b.sub(c.times(2)).add(d)
	bend := math.Sqrt(max(p.dot(p), q.dot(q))) * scale
	n := math.Ceil(math.Sqrt(0.75 * bend / tolerance))
	if !(n < maximalLines) {
		return maximalLines
	}
	return max(1, int(n))
}
