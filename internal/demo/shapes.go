package demo

import "math"

// kappa places the control points of a quarter circle drawn as a cubic Bézier.
const kappa = 0.5522847498

// polar is the point at distance r from (cx, cy), at an angle in degrees
// clockwise from the top.
func polar(cx, cy, r, degrees float64) pt {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	return pt{cx + r*sin, cy - r*cos}
}

// ellipse is a closed ellipse.
func ellipse(cx, cy, rx, ry float64) path {
	kx, ky := rx*kappa, ry*kappa
	return path{
		{'M', [3]pt{{cx, cy - ry}}},
		{'C', [3]pt{{cx + kx, cy - ry}, {cx + rx, cy - ky}, {cx + rx, cy}}},
		{'C', [3]pt{{cx + rx, cy + ky}, {cx + kx, cy + ry}, {cx, cy + ry}}},
		{'C', [3]pt{{cx - kx, cy + ry}, {cx - rx, cy + ky}, {cx - rx, cy}}},
		{'C', [3]pt{{cx - rx, cy - ky}, {cx - kx, cy - ry}, {cx, cy - ry}}},
		{op: 'Z'},
	}
}

// circle is a closed circle.
func circle(cx, cy, r float64) path { return ellipse(cx, cy, r, r) }

// arc is an open circular arc from one angle to another (degrees clockwise from
// the top), cut into pieces of at most 45°.
func arc(cx, cy, r, from, to float64) path {
	n := int(math.Ceil(math.Abs(to-from) / 45))
	step := (to - from) / float64(n)
	k := 4.0 / 3 * math.Tan(step*math.Pi/180/4) * r
	out := path{{'M', [3]pt{polar(cx, cy, r, from)}}}
	for i := range n {
		a, b := from+step*float64(i), from+step*float64(i+1)
		p, q := polar(cx, cy, r, a), polar(cx, cy, r, b)
		pt1, qt1 := polar(0, 0, k, a+90), polar(0, 0, k, b+90)
		out = append(out, seg{'C', [3]pt{{p.x + pt1.x, p.y + pt1.y}, {q.x - qt1.x, q.y - qt1.y}, q}})
	}
	return out
}

// join appends q to p, drawing on from where p ended.
func join(p, q path) path {
	out := append(path{}, p...)
	for i, s := range q {
		if i == 0 && s.op == 'M' && len(p) > 0 {
			s.op = 'L'
		}
		out = append(out, s)
	}
	return out
}

// closed ends p with a line back to its start.
func closed(p path) path { return append(append(path{}, p...), seg{op: 'Z'}) }

// wedge is a sector of a ring between two radii; inner radius 0 makes a slice.
func wedge(cx, cy, inner, outer, from, to float64) path {
	if inner == 0 {
		return closed(join(path{{'M', [3]pt{{cx, cy}}}}, arc(cx, cy, outer, from, to)))
	}
	return closed(join(arc(cx, cy, outer, from, to), arc(cx, cy, inner, to, from)))
}

// polygon closes the points given as x, y, x, y, ….
func polygon(xy ...float64) path { return closed(polyline(xy...)) }

// polyline joins the points given as x, y, x, y, … by straight lines.
func polyline(xy ...float64) path {
	var out path
	for i := 0; i+1 < len(xy); i += 2 {
		op := byte('L')
		if i == 0 {
			op = 'M'
		}
		out = append(out, seg{op, [3]pt{{xy[i], xy[i+1]}}})
	}
	return out
}

// star is a star of n points; with equal radii a polygon of 2n corners.
func star(n int, cx, cy, outer, inner, degrees float64) path {
	var xy []float64
	for i := range 2 * n {
		r := outer
		if i%2 == 1 {
			r = inner
		}
		p := polar(cx, cy, r, degrees+float64(i)*180/float64(n))
		xy = append(xy, p.x, p.y)
	}
	return polygon(xy...)
}

// ngon is a regular polygon of n corners, the first at the given angle.
func ngon(n int, cx, cy, r, degrees float64) path {
	var xy []float64
	for i := range n {
		p := polar(cx, cy, r, degrees+float64(i)*360/float64(n))
		xy = append(xy, p.x, p.y)
	}
	return polygon(xy...)
}

// rounded is a rectangle whose corners have radius r.
func rounded(x, y, w, h, r float64) path {
	k := r * (1 - kappa)
	x1, y1 := x+w, y+h
	return path{
		{'M', [3]pt{{x + r, y}}},
		{'L', [3]pt{{x1 - r, y}}}, {'C', [3]pt{{x1 - k, y}, {x1, y + k}, {x1, y + r}}},
		{'L', [3]pt{{x1, y1 - r}}}, {'C', [3]pt{{x1, y1 - k}, {x1 - k, y1}, {x1 - r, y1}}},
		{'L', [3]pt{{x + r, y1}}}, {'C', [3]pt{{x + k, y1}, {x, y1 - k}, {x, y1 - r}}},
		{'L', [3]pt{{x, y + r}}}, {'C', [3]pt{{x, y + k}, {x + k, y}, {x + r, y}}},
		{op: 'Z'},
	}
}

// box is a rectangle.
func box(x, y, w, h float64) path { return polygon(x, y, x+w, y, x+w, y+h, x, y+h) }

// lens is a leaf between two points, swelling to both sides by the given widths.
func lens(x0, y0, x1, y1, left, right float64) path {
	dx, dy := x1-x0, y1-y0
	l := math.Hypot(dx, dy)
	nx, ny := dy/l, -dx/l
	at := func(t, off float64) pt { return pt{x0 + dx*t + nx*off, y0 + dy*t + ny*off} }
	return path{
		{'M', [3]pt{{x0, y0}}},
		{'C', [3]pt{at(0.25, left*4/3), at(0.75, left*4/3), {x1, y1}}},
		{'C', [3]pt{at(0.75, -right*4/3), at(0.25, -right*4/3), {x0, y0}}},
		{op: 'Z'},
	}
}

// wave is an open row of n equal humps from x0 to x1 about the height y.
func wave(x0, x1, y, height float64, n int) path {
	step := (x1 - x0) / float64(n)
	out := path{{'M', [3]pt{{x0, y}}}}
	for i := range n {
		x := x0 + step*float64(i)
		h := height
		if i%2 == 1 {
			h = -height
		}
		out = append(out, seg{'C', [3]pt{{x + step*0.36, y - h*4/3}, {x + step*0.64, y - h*4/3}, {x + step, y}}})
	}
	return out
}

// around repeats p n times in a full turn about (cx, cy).
func around(p path, n int, cx, cy float64) path {
	var out path
	for i := range n {
		out = append(out, p.on(turn(float64(i)*360/float64(n), cx, cy))...)
	}
	return out
}

// both is p and its mirror image about x = cx.
func both(p path, cx float64) path { return append(append(path{}, p...), p.on(mirror(cx))...) }
