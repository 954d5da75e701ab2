package raster

import (
	"math"
	"strings"
)

// pathOf is the outline of a shape. Only the outlines of path elements, which
// are dear to read, are kept; the others may depend on their context.
func (r *renderer) pathOf(n *node, s *style, view extent) *path {
	switch n.name {
	case "path":
		p, ok := r.shapes[n]
		if !ok {
			p = parsePath(n.attr("d"), r.budget)
			r.shapes[n] = p
		}
		return p
	case "polyline", "polygon":
		p, ok := r.shapes[n]
		if !ok {
			p = polygon(n.attr("points"), n.name == "polygon")
			r.shapes[n] = p
		}
		return p
	}
	m := measure{n, view, float64(s.fontSize)}
	p := &path{}
	switch n.name {
	case "rect":
		m.rect(p)
	case "circle":
		radius, _ := m.get("r", diagonal)
		m.ellipse(p, radius, radius)
	case "ellipse":
		rx, givenX := m.get("rx", horizontal)
		ry, givenY := m.get("ry", vertical)
		if !givenX {
			rx = ry
		}
		if !givenY {
			ry = rx
		}
		m.ellipse(p, rx, ry)
	case "line":
		x1, _ := m.get("x1", horizontal)
		y1, _ := m.get("y1", vertical)
		x2, _ := m.get("x2", horizontal)
		y2, _ := m.get("y2", vertical)
		p.move(point{x1, y1})
		p.line(point{x2, y2})
	}
	return p
}

// measure reads the lengths of an element.
type measure struct {
	n        *node
	view     extent
	fontSize float64
}

// get is a length in user units, and whether it is given.
func (m measure) get(name string, a axis) (float64, bool) {
	value := m.n.attr(name)
	if value == "" {
		return 0, false
	}
	l, ok := parseLength(value)
	if !ok {
		return 0, false
	}
	return l.resolve(a, m.view, m.fontSize), true
}

// or is a length, or what it is by default.
func (m measure) or(name string, a axis, fallback length) float64 {
	if v, ok := m.get(name, a); ok {
		return v
	}
	return fallback.resolve(a, m.view, m.fontSize)
}

// rect draws a rectangle, whose corners are round where rx or ry is given.
func (m measure) rect(p *path) {
	x, _ := m.get("x", horizontal)
	y, _ := m.get("y", vertical)
	w, _ := m.get("width", horizontal)
	h, _ := m.get("height", vertical)
	if !(w > 0 && h > 0) {
		return
	}
	rx, givenX := m.get("rx", horizontal)
	ry, givenY := m.get("ry", vertical)
	givenX, givenY = givenX && rx >= 0, givenY && ry >= 0
	if !givenX {
		rx = ry
	}
	if !givenY {
		ry = rx
	}
	rx, ry = min(rx, w/2), min(ry, h/2)
	if !(rx > 0 && ry > 0) {
		p.polygon(true, point{x, y}, point{x + w, y}, point{x + w, y + h}, point{x, y + h})
		return
	}
	corner := func(cx, cy, start float64, to point) {
		p.arcCubics(matrix{rx, 0, 0, ry, cx, cy}, start, math.Pi/2, to)
	}
	p.move(point{x + rx, y})
	p.line(point{x + w - rx, y})
	corner(x+w-rx, y+ry, -math.Pi/2, point{x + w, y + ry})
	p.line(point{x + w, y + h - ry})
	corner(x+w-rx, y+h-ry, 0, point{x + w - rx, y + h})
	p.line(point{x + rx, y + h})
	corner(x+rx, y+h-ry, math.Pi/2, point{x, y + h - ry})
	p.line(point{x, y + ry})
	corner(x+rx, y+ry, math.Pi, point{x + rx, y})
	p.close()
}

// ellipse draws an ellipse about cx, cy.
func (m measure) ellipse(p *path, rx, ry float64) {
	if !(rx > 0 && ry > 0) {
		return
	}
	cx, _ := m.get("cx", horizontal)
	cy, _ := m.get("cy", vertical)
	start := point{cx + rx, cy}
	p.move(start)
	p.arcCubics(matrix{rx, 0, 0, ry, cx, cy}, 0, 2*math.Pi, start)
	p.close()
}

// polygon draws lines.
func (p *path) polygon(closed bool, points ...point) {
	for i, at := range points {
		if i == 0 {
			p.move(at)
		} else {
			p.line(at)
		}
	}
	if closed {
		p.close()
	}
}

// polygon reads the points of a polyline or polygon; an odd number at the end
// is left out.
func polygon(list string, closed bool) *path {
	v := numbers(list)
	p := &path{}
	points := make([]point, 0, len(v)/2)
	for i := 0; i+1 < len(v); i += 2 {
		points = append(points, point{v[i], v[i+1]})
	}
	p.polygon(closed && len(points) > 0, points...)
	return p
}

// parseViewBox reads a viewBox with an area.
func parseViewBox(s string) (box, bool) {
	v := numbers(s)
	if len(v) != 4 || !(v[2] > 0 && v[3] > 0) {
		return box{}, false
	}
	return box{point{v[0], v[1]}, point{v[0] + v[2], v[1] + v[3]}}, true
}

// fit is the transform that preserveAspectRatio asks for.
func fit(from box, to extent, how string) matrix {
	align, meet, _ := strings.Cut(strings.TrimSpace(how), " ")
	sx, sy := to.width/from.width(), to.height/from.height()
	if align == "none" {
		return scaling(sx, sy).mul(translation(-from.min.x, -from.min.y))
	}
	scale := min(sx, sy)
	if strings.TrimSpace(meet) == "slice" {
		scale = max(sx, sy)
	}
	along := func(part string) float64 {
		switch {
		case strings.Contains(align, part+"Min"):
			return 0
		case strings.Contains(align, part+"Max"):
			return 1
		}
		return 0.5
	}
	x := float64(along("x") * (to.width - float64(from.width()*scale)))
	y := float64(along("Y") * (to.height - float64(from.height()*scale)))
	return translation(x, y).mul(scaling(scale, scale)).mul(translation(-from.min.x, -from.min.y))
}
