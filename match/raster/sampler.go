package raster

import "math"

// sampler is a source that repeats or shows a picture.
type sampler struct {
	tile    *layer
	inverse matrix // from device to the tile's pixels
	wrap    bool   // the tile repeats
	opacity uint8
}

func (s *sampler) cost() int { return 14 }

// colours interpolates between the four nearest pixels.
func (s *sampler) colours(x, y int, out []uint8) {
	width, height := s.tile.bounds.Dx(), s.tile.bounds.Dy()
	for i := 0; i+3 < len(out); i += 4 {
		p := s.inverse.apply(point{float64(x+i/4) + 0.5, float64(y) + 0.5})
		left, top := math.Floor(p.x-0.5), math.Floor(p.y-0.5)
		fx, fy := p.x-0.5-left, p.y-0.5-top
		x0, x1 := s.place(left, width), s.place(left+1, width)
		y0, y1 := s.place(top, height), s.place(top+1, height)
		for ch := range 4 {
			at := func(x, y int) float64 { return float64(s.tile.pix[4*(y*width+x)+ch]) }
			upper := float64(at(x0, y0)*(1-fx)) + float64(at(x1, y0)*fx)
			lower := float64(at(x0, y1)*(1-fx)) + float64(at(x1, y1)*fx)
			v := float64(upper*(1-fy)) + float64(lower*fy)
			out[i+ch] = mul8(uint8(v+0.5), s.opacity)
		}
	}
}

// place is a pixel's place in the tile: wrapped around, or held at the edge.
func (s *sampler) place(v float64, n int) int {
	if s.wrap {
		v -= math.Floor(v/float64(n)) * float64(n)
	}
	return int(max(0, min(float64(n-1), v)))
}

// paintPattern paints with a pattern: one tile of it is drawn in pixels, and repeated.
func (r *renderer) paintPattern(target, n *node, opacity float64, c context, draw func(source, context)) {
	if !r.follow(target) {
		return
	}
	defer r.unfollow(target)
	var contents *node
	names := []string{"x", "y", "width", "height", "viewBox", "patternUnits", "patternContentUnits", "patternTransform", "preserveAspectRatio"}
	attrs := r.inherit(target, names, func(n *node) {
		if contents == nil && len(n.children) > 0 {
			contents = n
		}
	})
	if contents == nil || contents.name != "pattern" {
		return
	}
	holder := holderOf(target.name, attrs)
	relative := attrs["patternUnits"] != "userSpaceOnUse"
	area := box{}
	if relative || attrs["patternContentUnits"] == "objectBoundingBox" {
		if area = r.boundsOf(n, c.style, c.view); area.empty() || area.width() == 0 || area.height() == 0 {
			return
		}
	}
	tile := tileOf(holder, relative, area, c)
	if tile.empty() {
		return
	}
	toUser := c.matrix
	if t, ok := parseTransform(attrs["patternTransform"], c.view); ok {
		toUser = toUser.mul(t)
	}
	inner := c
	inner.style = r.treeStyle(contents)
	inner.inherits = nil
	within := translation(tile.min.x, tile.min.y)
	if viewBox, ok := parseViewBox(attrs["viewBox"]); ok {
		within = within.mul(fit(viewBox, extent{tile.width(), tile.height()}, attrs["preserveAspectRatio"]))
		inner.view = extent{viewBox.width(), viewBox.height()}
	} else if attrs["patternContentUnits"] == "objectBoundingBox" {
		within = within.mul(scaling(area.width(), area.height()))
	}
	src, ok := r.tileSource(contents, tile, toUser, within, inner)
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
	// A row of the tile may be longer than one of the canvas.
	buffer, covered := r.buffer, r.covered
	r.buffer, r.covered = make([]uint8, 4*int(width)), make([]uint8, int(width))
	defer func() { r.buffer, r.covered = buffer, covered }()
	c.matrix = toTile.mul(within)
	c.clip = clip{bounds: l.bounds}
	c.layer = l
	c.clipping = false
	r.drawChildren(contents, c)
	return &sampler{tile: l, inverse: toTile.mul(back), wrap: true}, !r.budget.over()
}
