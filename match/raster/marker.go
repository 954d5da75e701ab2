package raster

import (
	"math"
	"strings"
)

// vertex is a place where a marker can be, with the directions in and out.
type vertex struct {
	at      point
	in, out point
}

// drawMarkers draws the markers of an outline.
func (r *renderer) drawMarkers(n *node, p *path, c context) {
	s := c.style
	if s.markerStart == "" && s.markerMid == "" && s.markerEnd == "" || !marked(n.name) {
		return
	}
	vertices := verticesOf(p)
	for i, v := range vertices {
		id := s.markerMid
		if i == 0 {
			id = s.markerStart
		}
		if i > 0 && i == len(vertices)-1 {
			id = s.markerEnd
		}
		if id != "" && !r.budget.over() {
			r.drawMarker(id, v, i == 0, c)
		}
		if i == 0 && len(vertices) == 1 && s.markerEnd != "" {
			r.drawMarker(s.markerEnd, v, false, c)
		}
	}
}

// marked says whether shapes of a name have markers.
func marked(name string) bool {
	return name == "path" || name == "line" || name == "polyline" || name == "polygon"
}

// verticesOf is the vertices of an outline with their directions.
func verticesOf(p *path) []vertex {
	var list []vertex
	var start point
	opened := 0
	at := 0
	for _, verb := range p.verbs {
		var controls []point
		switch verb {
		case moveTo:
			start = p.points[at]
			opened = len(list)
			list = append(list, vertex{at: start})
			at++
			continue
		case closePath:
			controls = []point{start}
		default:
			n := int(verb)
			controls = p.points[at : at+n]
			at += n
		}
		last := &list[len(list)-1]
		end := controls[len(controls)-1]
		last.out = direction(append([]point{last.at}, controls...))
		backwards := []point{end}
		for i := len(controls) - 2; i >= 0; i-- {
			backwards = append(backwards, controls[i])
		}
		in := direction(append(backwards, last.at)).times(-1)
		list = append(list, vertex{at: end, in: in})
		if verb == closePath {
			list[len(list)-1].out = list[opened].out
			list[opened].in = in
		}
	}
	return list
}

// direction is the direction from the first point to the next that is elsewhere.
func direction(points []point) point {
	for _, p := range points[1:] {
		if d := p.sub(points[0]); d.length() > 0 {
			return d.times(1 / d.length())
		}
	}
	return point{}
}

// angle is the direction of a marker in degrees: halfway between in and out.
func (v vertex) angle() float64 {
	d := v.in.add(v.out)
	if d == (point{}) {
		d = v.in.normal().times(-1)
	}
	return math.Atan2(d.y, d.x) * 180 / math.Pi
}

// drawMarker draws one marker at a vertex.
func (r *renderer) drawMarker(id reference, v vertex, first bool, c context) {
	marker := r.doc.ids[string(id)]
	if marker == nil || marker.name != "marker" || !r.budget.spend(uses, 1) || !r.follow(marker) {
		return
	}
	defer r.unfollow(marker)
	shape := c.style
	s := r.treeStyle(marker)
	c.inherits = &painted{shape.fill, shape.stroke}
	m := measure{marker, c.view, float64(s.fontSize)}
	width := m.or("markerWidth", horizontal, length{v: 3})
	height := m.or("markerHeight", vertical, length{v: 3})
	if !(width > 0 && height > 0) {
		return
	}
	turn := v.angle()
	switch orient := strings.TrimSpace(marker.attr("orient")); orient {
	case "auto":
	case "auto-start-reverse":
		if first {
			turn += 180
		}
	default:
		turn, _ = fraction(strings.TrimSuffix(orient, "deg"))
	}
	c.matrix = c.matrix.mul(translation(v.at.x, v.at.y)).mul(rotation(turn))
	if marker.attr("markerUnits") != "userSpaceOnUse" {
		w := shape.strokeWidth.resolve(diagonal, c.view, float64(shape.fontSize))
		c.matrix = c.matrix.mul(scaling(w, w))
	}
	inner := identity()
	c.view = extent{width, height}
	if viewBox, ok := parseViewBox(marker.attr("viewBox")); ok {
		inner = fit(viewBox, c.view, marker.attr("preserveAspectRatio"))
		m.view = extent{viewBox.width(), viewBox.height()}
	}
	refX, _ := m.get("refX", horizontal)
	refY, _ := m.get("refY", vertical)
	ref := inner.apply(point{refX, refY})
	c.matrix = c.matrix.mul(translation(-ref.x, -ref.y))
	if !c.matrix.finite() || c.matrix.det() == 0 {
		return
	}
	if s.overflow < overflowShows {
		frame := &path{}
		frame.polygon(true, point{}, point{width, 0}, point{width, height}, point{0, height})
		r.clipTo(frame, &c)
	}
	c.matrix = c.matrix.mul(inner)
	c.view = m.view
	c.style = s
	r.drawChildren(marker, c)
}
