package raster

import "strings"

// server is a gradient element with what it inherits from those it refers to.
type server struct {
	kind  string // linearGradient or radialGradient
	attrs map[string]string
	stops []stop
}

// paint finds what an element is painted with and hands it on. The element's
// own opacity is in the source where nothing else carries it.
func (r *renderer) paint(n *node, p paint, opacity float64, c context, draw func(source, context)) {
	s := c.style
	if r.paintsOnce(n, s) {
		opacity *= float64(s.opacity)
	}
	if p.kind == contextFill || p.kind == contextStroke {
		p = c.contextPaint(p.kind)
	}
	switch p.kind {
	case colourPaint:
		r.paintColour(p.colour, opacity, c, draw)
	case currentPaint:
		r.paintColour(s.colour, opacity, c, draw)
	case serverPaint:
		r.paintServer(n, p, opacity, c, draw)
	}
}

// contextPaint is the paint of the shape that a marker is on.
func (c *context) contextPaint(kind paintKind) paint {
	switch {
	case c.inherits == nil:
		return paint{}
	case kind == contextFill:
		return c.inherits.fill
	}
	return c.inherits.stroke
}

// paintColour paints one colour.
func (r *renderer) paintColour(colour colour, opacity float64, c context, draw func(source, context)) {
	if src := colour.premultiplied(opacity); src[3] != 0 {
		draw(src, c)
	}
}

// paintServer paints a gradient or a pattern, or what stands in for one that
// is not there.
func (r *renderer) paintServer(n *node, p paint, opacity float64, c context, draw func(source, context)) {
	target := r.doc.ids[p.ref]
	switch {
	case target != nil && (target.name == "linearGradient" || target.name == "radialGradient"):
		if src := r.gradientSource(target, n, opacity, c); src != nil {
			draw(src, c)
		}
	case target != nil && target.name == "pattern":
		r.paintPattern(target, n, opacity, c, draw)
	case p.fallback == colourPaint:
		r.paintColour(p.colour, opacity, c, draw)
	case p.fallback == currentPaint:
		r.paintColour(c.style.colour, opacity, c, draw)
	}
}

// inherit collects the attributes of an element and of the chain of those it
// refers to. What comes first counts.
func (r *renderer) inherit(n *node, names []string, each func(*node)) map[string]string {
	attrs := map[string]string{}
	seen := map[*node]bool{}
	for ; n != nil && !seen[n] && r.budget.spend(stops, 1) && r.budget.read(n.weight+len(n.attr("href"))+len(n.attr("xlink:href"))); n = r.doc.ids[n.href()] {
		seen[n] = true
		for _, name := range names {
			if _, ok := attrs[name]; !ok && n.has(name) {
				attrs[name] = n.attr(name)
			}
		}
		each(n)
	}
	return attrs
}

// serverOf is a gradient element, resolved once.
func (r *renderer) serverOf(n *node) *server {
	if s, ok := r.servers[n]; ok {
		return s
	}
	s := &server{kind: n.name}
	names := []string{"x1", "y1", "x2", "y2", "cx", "cy", "r", "fx", "fy", "fr", "gradientUnits", "gradientTransform", "spreadMethod"}
	s.attrs = r.inherit(n, names, func(n *node) {
		if len(s.stops) == 0 {
			s.stops = r.stopsOf(n)
		}
	})
	r.servers[n] = s
	return s
}

// stopsOf reads the stops of a gradient element. Offsets never go back.
func (r *renderer) stopsOf(n *node) []stop {
	var list []stop
	least := 0.0
	for _, child := range n.children {
		if child.name != "stop" || !r.budget.spend(stops, 1) {
			continue
		}
		s := r.treeStyle(child)
		at, _ := fraction(child.attr("offset"))
		least = max(least, clamp01(at))
		c := s.stopColour.colour
		if s.stopColour.kind == currentPaint {
			c = s.colour
		}
		list = append(list, stop{least, c.r, c.g, c.b, c.a * float64(s.stopOpacity)})
	}
	return list
}

// gradientSource is the source of a gradient for an element, nil where it
// paints nothing.
func (r *renderer) gradientSource(n, target *node, opacity float64, c context) source {
	sv := r.serverOf(n)
	if len(sv.stops) == 0 {
		return nil
	}
	last := sv.stops[len(sv.stops)-1]
	lastColour := colour{last.r, last.g, last.b, last.a}.premultiplied(opacity)
	if len(sv.stops) == 1 {
		return lastColour
	}
	m := measure{holderOf(n.name, sv.attrs), c.view, float64(c.style.fontSize)}
	toUser := c.matrix
	if sv.attrs["gradientUnits"] != "userSpaceOnUse" {
		area := r.boundsOf(target, c.style, c.view)
		if area.empty() || area.width() == 0 || area.height() == 0 {
			return nil
		}
		toUser = toUser.mul(area.unit())
		m.view = extent{1, 1}
	}
	r.budget.read(len(sv.attrs["gradientTransform"]))
	if t, ok := parseTransform(sv.attrs["gradientTransform"], c.view); ok {
		toUser = toUser.mul(t)
	}
	g := &gradient{stops: sv.stops, spread: spreadOf(sv.attrs["spreadMethod"]), opacity: opacity}
	own, ok := g.shape(sv.kind, m)
	if !ok {
		return lastColour
	}
	if g.inverse, ok = toUser.mul(own).invert(); !ok {
		return nil
	}
	return g
}

// spreadOf reads spreadMethod.
func spreadOf(s string) spread {
	switch strings.TrimSpace(s) {
	case "reflect":
		return reflect
	case "repeat":
		return repeat
	}
	return pad
}

// shape reads the vector or circles of a gradient: the transform from its own
// space, in which it is the unit vector or circle. It says no where that is but
// a point.
func (g *gradient) shape(kind string, m measure) (matrix, bool) {
	zero, half, one := length{0, percent}, length{0.5, percent}, length{1, percent}
	if kind == "linearGradient" {
		from := point{m.or("x1", horizontal, zero), m.or("y1", vertical, zero)}
		to := point{m.or("x2", horizontal, one), m.or("y2", vertical, zero)}
		d := to.sub(from)
		return matrix{d.x, d.y, -d.y, d.x, from.x, from.y}, d.dot(d) > 0
	}
	g.radial = true
	cx, cy := m.or("cx", horizontal, half), m.or("cy", vertical, half)
	radius := m.or("r", diagonal, half)
	fx, fy := m.or("fx", horizontal, length{v: cx}), m.or("fy", vertical, length{v: cy})
	if !(radius > 0) {
		return identity(), false
	}
	g.focus = point{(fx - cx) / radius, (fy - cy) / radius}
	g.focal = max(0, m.or("fr", diagonal, zero)/radius)
	return matrix{radius, 0, 0, radius, cx, cy}, true
}
