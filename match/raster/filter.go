package raster

import (
	"image"
	"math"
	"strings"
)

// filter evaluates the primitives of a filter element (Filter Effects 1) in
// pixels. Every result has the bounds of the filter's region.
type filter struct {
	r         *renderer
	bounds    image.Rectangle // of the results
	region    image.Rectangle // what primitives show of theirs, by default
	matrix    matrix          // from user space to the results' pixels
	c         context         // of the filtered element
	area      box             // its bounding box
	relative  bool            // primitives measure in that box
	source    *layer
	alpha     *layer
	last      *layer
	results   map[string]*layer
	owned     []*layer
	unknown   bool // a primitive can't be drawn
	linearRGB bool // of the primitive at work
}

// filtered draws an element and its filter's result over the context. It says
// no, and draws nothing, where the filter can't be drawn.
func (r *renderer) filtered(n *node, s *style, c context, draw func(*node, context)) bool {
	element := r.doc.ids[string(s.filter)]
	if element == nil || element.name != "filter" {
		return false
	}
	f := &filter{r: r, c: c, area: r.boundsOf(n, s, c.view), results: map[string]*layer{}}
	fs := r.treeStyle(element)
	units := element.attr("filterUnits") != "userSpaceOnUse"
	f.relative = element.attr("primitiveUnits") == "objectBoundingBox"
	if f.area.empty() {
		return units // a box of nothing: nothing is drawn
	}
	for _, child := range element.children {
		if !knownPrimitive(child) {
			return false
		}
	}
	region := r.region(element, units, f.area, fs, c.view)
	upright := f.measure(element, region.bounds())
	if f.region.Empty() {
		return true
	}
	defer f.release()
	if f.source = f.layer(); f.source == nil {
		return true
	}
	inner := c
	inner.layer = f.source
	inner.matrix = f.matrix
	inner.clip = clip{bounds: f.region}
	draw(n, inner)
	f.run(element)
	if f.unknown || r.budget.over() {
		return false
	}
	f.show(region, upright)
	return true
}

// measure finds the pixels that the filter works in: those of the canvas, or
// where the element is turned or slanted, those of an upright copy.
func (f *filter) measure(element *node, region box) (upright bool) {
	m := f.c.matrix
	upright = m.b == 0 && m.c == 0
	f.matrix = m
	within := reach(f.r.base.bounds)
	if !upright {
		f.matrix = scaling(point{m.a, m.b}.length(), point{m.c, m.d}.length())
		f.matrix.e, f.matrix.f = -region.min.x*f.matrix.a, -region.min.y*f.matrix.d
	}
	f.region = f.pixels(region).Intersect(within)
	f.bounds = f.region
	for _, child := range element.children {
		if child.name == "feDropShadow" { // it blurs what it has moved out of the region
			f.bounds = f.region.Inset(-max(f.region.Dx(), f.region.Dy()) / 4).Intersect(within)
		}
	}
	return upright
}

// show paints the last result.
func (f *filter) show(region *path, upright bool) {
	switch {
	case f.last == nil:
	case upright:
		f.c.layer.compose(f.last, 255, &f.c.clip, blendNormal)
	default:
		inverse, ok := f.c.matrix.invert()
		if !ok {
			return
		}
		low := f.bounds.Min
		toTile := translation(-float64(low.X), -float64(low.Y)).mul(f.matrix).mul(inverse)
		f.r.fillPath(region, 0, &sampler{tile: f.last, inverse: toTile, opacity: 255}, f.c)
	}
}

// reach is how far beyond the canvas a filter may take colour from.
func reach(canvas image.Rectangle) image.Rectangle {
	return canvas.Inset(-max(canvas.Dx(), canvas.Dy()) / 4)
}

// pixels is the whole pixels about a box in user space.
func (f *filter) pixels(b box) image.Rectangle {
	if b.empty() {
		return image.Rectangle{}
	}
	b = b.transform(f.matrix)
	low, high := b.min.near(), b.max.near()
	const slack = 1.0 / subColumns
	return image.Rect(int(math.Floor(low.x+slack)), int(math.Floor(low.y+slack)), int(math.Ceil(high.x-slack)), int(math.Ceil(high.y-slack)))
}

// layer is an empty result, or nil where the limits don't allow it.
func (f *filter) layer() *layer {
	l, ok := f.r.pushLayer(f.bounds)
	if !ok {
		return nil
	}
	f.owned = append(f.owned, l)
	return l
}

// release gives all results back.
func (f *filter) release() {
	for _, l := range f.owned {
		l.dirty = l.bounds
		f.r.popLayer(l)
	}
}

// knownPrimitive says whether an element in a filter can be drawn, or is none.
func knownPrimitive(n *node) bool {
	switch n.name {
	case "feGaussianBlur", "feOffset", "feFlood", "feColorMatrix", "feComposite", "feBlend", "feMerge",
		"feMorphology", "feDropShadow", "feComponentTransfer":
		return true
	}
	return !strings.HasPrefix(n.name, "fe")
}

// run evaluates the primitives in order.
func (f *filter) run(element *node) {
	for _, child := range element.children {
		if !strings.HasPrefix(child.name, "fe") {
			continue
		}
		s := f.r.treeStyle(child)
		f.linearRGB = s.filterColours == linearRGB
		area := f.bounds.Dx() * f.bounds.Dy()
		out := f.layer()
		if out == nil || !f.r.budget.spend(pixels, 4*area) || !f.r.budget.read(child.weight) {
			return
		}
		f.primitive(child, s, out)
		f.confine(child, s, out)
		out.dirty = out.bounds
		f.last = out
		if name := child.attr("result"); name != "" {
			f.results[name] = out
		}
	}
}

// input is what a primitive works on: a result by its name, or the last one.
func (f *filter) input(name string) *layer {
	switch name {
	case "SourceGraphic":
		return f.source
	case "SourceAlpha":
		return f.sourceAlpha()
	case "FillPaint", "StrokePaint", "BackgroundImage", "BackgroundAlpha":
		f.unknown = true
	}
	if l, ok := f.results[name]; ok {
		return l
	}
	if f.last != nil {
		return f.last
	}
	return f.source
}

// sourceAlpha is the element in black.
func (f *filter) sourceAlpha() *layer {
	if f.alpha == nil {
		l := f.layer()
		if l == nil {
			return f.source
		}
		for i := 3; i < len(l.pix); i += 4 {
			l.pix[i] = f.source.pix[i]
		}
		f.alpha = l
	}
	return f.alpha
}

// confine clears what is outside of a primitive's own region.
func (f *filter) confine(n *node, s *style, out *layer) {
	keep := f.region
	if n.has("x") || n.has("y") || n.has("width") || n.has("height") {
		keep = f.subregion(n, s).Intersect(f.region)
	}
	if keep == out.bounds {
		return
	}
	for y := out.bounds.Min.Y; y < out.bounds.Max.Y; y++ {
		row := out.row(out.bounds.Min.X, y)
		if keep.Empty() || y < keep.Min.Y || y >= keep.Max.Y {
			clear(row)
			continue
		}
		clear(row[:4*(keep.Min.X-out.bounds.Min.X)])
		clear(row[4*(keep.Max.X-out.bounds.Min.X):])
	}
}

// subregion is the pixels of a primitive that has a region of its own.
func (f *filter) subregion(n *node, s *style) image.Rectangle {
	m := measure{n, f.c.view, float64(s.fontSize)}
	toPixels := f.matrix
	if f.relative {
		m.view = extent{1, 1}
		toPixels = toPixels.mul(f.area.unit())
	}
	inverse, ok := toPixels.invert()
	if !ok {
		return f.region
	}
	low, high := f.region.Min, f.region.Max
	whole := box{point{float64(low.X), float64(low.Y)}, point{float64(high.X), float64(high.Y)}}.transform(inverse)
	x, y := m.or("x", horizontal, length{v: whole.min.x}), m.or("y", vertical, length{v: whole.min.y})
	own := box{point{x, y}, point{
		x + m.or("width", horizontal, length{v: whole.width()}),
		y + m.or("height", vertical, length{v: whole.height()}),
	}}
	if f.relative {
		own = own.transform(f.area.unit())
	}
	return f.pixels(own)
}

// lengths reads one or two numbers, in pixels along both axes.
func (f *filter) lengths(value string) (x, y float64) {
	v := numbers(value)
	if len(v) == 0 {
		return 0, 0
	}
	x, y = v[0], v[0]
	if len(v) > 1 {
		y = v[1]
	}
	if f.relative {
		x, y = x*f.area.width(), y*f.area.height()
	}
	m := f.matrix
	return x * point{m.a, m.b}.length(), y * point{m.c, m.d}.length()
}

// shift is an offset in pixels.
func (f *filter) shift(n *node) point {
	read := func(name string) float64 {
		v, _ := fraction(n.attr(name))
		return v
	}
	d := point{read("dx"), read("dy")}
	if n.name == "feDropShadow" {
		if !n.has("dx") {
			d.x = 2
		}
		if !n.has("dy") {
			d.y = 2
		}
	}
	if f.relative {
		d = point{d.x * f.area.width(), d.y * f.area.height()}
	}
	m := f.matrix
	m.e, m.f = 0, 0
	return m.apply(d)
}
