package raster

import "math"

// pattern is a pattern element with what it inherits from those it refers to.
type pattern struct {
	attrs    map[string]string
	contents *node // the element that has what is drawn
	relative bool  // the tile is measured in the bounding box
	area     box   // that box, where anything is measured in it
}

// patternOf resolves a pattern element for what it fills; ok is false where it
// paints nothing.
func (r *renderer) patternOf(target, n *node, c context) (p pattern, ok bool) {
	names := []string{"x", "y", "width", "height", "viewBox", "patternUnits", "patternContentUnits", "patternTransform", "preserveAspectRatio"}
	p.attrs = r.inherit(target, names, func(n *node) {
		if p.contents == nil && len(n.children) > 0 {
			p.contents = n
		}
	})
	if p.contents == nil || p.contents.name != "pattern" {
		return p, false
	}
	p.relative = p.attrs["patternUnits"] != "userSpaceOnUse"
	if p.relative || p.attrs["patternContentUnits"] == "objectBoundingBox" {
		p.area = r.boundsOf(n, c.style, c.view)
		return p, !p.area.empty() && p.area.width() != 0 && p.area.height() != 0
	}
	return p, true
}

// within is the transform of a pattern's contents, and their viewport.
func (p *pattern) within(tile box, view extent) (matrix, extent) {
	start := translation(tile.min.x, tile.min.y)
	if viewBox, ok := parseViewBox(p.attrs["viewBox"]); ok {
		size := extent{tile.width(), tile.height()}
		return start.mul(fit(viewBox, size, p.attrs["preserveAspectRatio"])), extent{viewBox.width(), viewBox.height()}
	}
	if p.attrs["patternContentUnits"] == "objectBoundingBox" {
		return start.mul(scaling(p.area.width(), p.area.height())), view
	}
	return start, view
}

// paintPattern paints with a pattern: one tile of it is drawn in pixels, and repeated.
func (r *renderer) paintPattern(target, n *node, opacity float64, c context, draw func(source, context)) {
	if !r.follow(target) {
		return
	}
	defer r.unfollow(target)
	p, ok := r.patternOf(target, n, c)
	if !ok {
		return
	}
	tile := tileOf(holderOf(target.name, p.attrs), p.relative, p.area, c)
	if tile.empty() {
		return
	}
	toUser := c.matrix
	if t, ok := parseTransform(p.attrs["patternTransform"], c.view); ok {
		toUser = toUser.mul(t)
	}
	inner := c
	inner.style = r.treeStyle(p.contents)
	inner.inherits = nil
	var within matrix
	within, inner.view = p.within(tile, c.view)
	src, ok := r.tileSource(p.contents, tile, toUser, within, inner)
	if !ok {
		return
	}
	defer r.popLayer(src.tile)
	src.opacity = byteOf(opacity)
	draw(src, c)
}

// holderOf is an element that stands for a chain of them.
func holderOf(name string, attrs map[string]string) *node {
	holder := &node{name: name}
	for name, value := range attrs {
		holder.attrs = append(holder.attrs, attr{name, value})
	}
	return holder
}

// tileOf is the tile of a pattern in the pattern's space; empty where the
// pattern paints nothing.
func tileOf(holder *node, relative bool, area box, c context) box {
	m := measure{holder, c.view, float64(c.style.fontSize)}
	if relative {
		m.view = extent{1, 1}
	}
	x, _ := m.get("x", horizontal)
	y, _ := m.get("y", vertical)
	w, _ := m.get("width", horizontal)
	h, _ := m.get("height", vertical)
	if !(w > 0 && h > 0) {
		return emptyBox()
	}
	b := box{point{x, y}, point{x + w, y + h}}
	if relative {
		b = b.transform(area.unit())
	}
	return b
}

// tileSource draws one tile, in as many pixels as it takes on the canvas.
func (r *renderer) tileSource(contents *node, tile box, toUser, within matrix, c context) (*sampler, bool) {
	most := float64(2 * r.size)
	width := math.Ceil(min(most, tile.width()*point{toUser.a, toUser.b}.length()))
	height := math.Ceil(min(most, tile.height()*point{toUser.c, toUser.d}.length()))
	if !(width >= 1 && height >= 1) {
		return nil, false
	}
	toTile := scaling(width/tile.width(), height/tile.height()).mul(translation(-tile.min.x, -tile.min.y))
	back, ok := toUser.invert()
	if !ok || !toTile.finite() {
		return nil, false
	}
	l, ok := r.pushLayer(rectangle(int(width), int(height)))
	if !ok {
		return nil, false
	}
	c.matrix = toTile.mul(within)
	c.clip = clip{bounds: l.bounds}
	c.layer = l
	c.clipping = false
	r.drawChildren(contents, c)
	return &sampler{tile: l, inverse: toTile.mul(back), wrap: true}, !r.budget.over()
}
