package raster

import (
	"image"
	"math"
	"strings"
)

// renderer draws one document.
type renderer struct {
	doc     *document
	budget  *budget
	size    int
	base    *layer
	view    extent // the root's viewport, in user units
	scan    scanner
	buffer  []uint8 // a row of colours
	covered []uint8 // a row of coverage within a clip
	text    bool
	depth   int
	live    int64 // bytes of layers and clips in use
	spare   []*layer
	active  map[*node]bool // references that are being followed
	styles  map[*node]*style
	shapes  map[*node]*path
	servers map[*node]*server
	fonts   fonts
	linear  linear
}

// context is what an element is drawn in.
type context struct {
	matrix   matrix // from the element's user space to pixels
	style    *style // the parent's
	view     extent // the nearest viewport
	clip     clip
	layer    *layer
	clipping bool     // the outlines are wanted, for a clipPath
	inherits *painted // what context-fill and context-stroke are
}

// painted is the paint of a shape, for the markers on it.
type painted struct{ fill, stroke paint }

// newRenderer prepares the canvas.
func newRenderer(doc *document, b *budget, size int) *renderer {
	return &renderer{
		doc: doc, budget: b, size: size, scan: scanner{budget: b},
		active: map[*node]bool{}, styles: map[*node]*style{},
		shapes: map[*node]*path{}, servers: map[*node]*server{},
	}
}

// drawRoot sizes the canvas by the root element and draws it.
func (r *renderer) drawRoot() {
	root := r.doc.root
	viewport, matrix := r.rootViewport(root)
	longer := max(viewport.width, viewport.height)
	pixelsOf := func(side float64) int {
		return max(1, int(math.Round(side/longer*float64(r.size))))
	}
	bounds := image.Rect(0, 0, r.size, r.size)
	drawable := longer > 0 && !math.IsInf(longer, 0)
	if drawable {
		bounds = image.Rect(0, 0, pixelsOf(viewport.width), pixelsOf(viewport.height))
	}
	r.base = newLayer(bounds)
	if !drawable {
		return
	}
	toPixels := scaling(float64(bounds.Dx())/viewport.width, float64(bounds.Dy())/viewport.height)
	initial := initialStyle()
	c := context{matrix: toPixels.mul(matrix), style: &initial, view: r.view, clip: clip{bounds: bounds}, layer: r.base}
	s := r.styleOf(root, &initial)
	if s.display == displayNone || !c.matrix.finite() || c.matrix.det() == 0 {
		return
	}
	c.style = s
	if m, ok := parseTransform(string(s.transform), r.view); ok && s.transform != "" {
		c.matrix = c.matrix.mul(m)
	}
	r.withEffects(root, s, c, r.drawChildren)
}

// rootViewport is the size of the picture in units of its own, and the
// transform of the root's contents to it; it sets the viewport for the contents.
func (r *renderer) rootViewport(root *node) (extent, matrix) {
	const fallbackWidth, fallbackHeight = 300, 150
	width, height := absolute(root.attr("width")), absolute(root.attr("height"))
	viewBox, ok := parseViewBox(root.attr("viewBox"))
	if !ok {
		if width < 0 {
			width = fallbackWidth
		}
		if height < 0 {
			height = fallbackHeight
		}
		r.view = extent{width, height}
		return r.view, identity()
	}
	r.view = extent{viewBox.width(), viewBox.height()}
	switch {
	case width < 0 && height < 0:
		width, height = r.view.width, r.view.height
	case width < 0:
		width = height * (r.view.width / r.view.height)
	case height < 0:
		height = width * (r.view.height / r.view.width)
	}
	outer := extent{width, height}
	return outer, fit(viewBox, outer, root.attr("preserveAspectRatio"))
}

// absolute is a length that depends on nothing, or -1.
func absolute(s string) float64 {
	l, ok := parseLength(s)
	if !ok || l.unit == percent || l.v < 0 {
		return -1
	}
	return l.resolve(horizontal, extent{}, initialFontSize)
}

// drawChildren draws what an element contains.
func (r *renderer) drawChildren(n *node, c context) {
	for _, child := range n.children {
		if r.budget.over() {
			return
		}
		r.draw(child, c)
	}
}

// draw draws an element with its contents. Each level of nesting comes through
// here, so here is where it is bounded.
func (r *renderer) draw(n *node, c context) {
	kind := kindOf(n.name)
	if kind == hidden || n.name == "" {
		r.noteHidden(n)
		return
	}
	if r.depth >= r.budget.limits.Depth {
		r.budget.fail("elements within elements", int64(r.budget.limits.Depth))
	}
	if !r.budget.spend(elementsDrawn, 1) {
		return
	}
	r.depth++
	defer func() { r.depth-- }()
	s := r.styleOf(n, c.style)
	if s.display == displayNone {
		return
	}
	c.style = s
	if !r.place(n, s, &c) {
		return
	}
	switch kind {
	case shape:
		r.withEffects(n, s, c, r.drawShape)
	case container:
		r.withEffects(n, s, c, r.drawContainer)
	case texts:
		r.withEffects(n, s, c, r.drawText)
	case picture:
		r.withEffects(n, s, c, r.drawImage)
	}
}

// place applies an element's transform. It says no where nothing can be seen.
func (r *renderer) place(n *node, s *style, c *context) bool {
	if s.transform != "" {
		m, ok := r.ownTransform(n, s, c.view)
		if !ok {
			return true
		}
		c.matrix = c.matrix.mul(m)
	}
	return c.matrix.finite() && c.matrix.det() != 0 && !c.clip.bounds.Empty()
}

// ownTransform is an element's transform about its origin.
func (r *renderer) ownTransform(n *node, s *style, view extent) (matrix, bool) {
	m, ok := parseTransform(string(s.transform), view)
	if !ok || s.transformOrigin == "" && s.transformBox != boxFill {
		return m, ok
	}
	area := box{max: point{view.width, view.height}}
	if s.transformBox == boxFill {
		if area = r.boundsOf(n, s, view); area.empty() {
			return m, true
		}
	}
	o := originIn(string(s.transformOrigin), area, s.transformBox == boxFill, float64(s.fontSize))
	return translation(o.x, o.y).mul(m).mul(translation(-o.x, -o.y)), true
}

// originIn is a transform's origin: by default the middle of an element's own
// box, or the start of the view box.
func originIn(s string, area box, own bool, size float64) point {
	o := [2]length{}
	if own {
		o = [2]length{{0.5, percent}, {0.5, percent}}
	}
	i := 0
	for word := range strings.FieldsSeq(s) {
		var l length
		ok := true
		at := i
		switch word {
		case "left":
			at = 0
		case "top":
			at = 1
		case "right":
			l, at = length{1, percent}, 0
		case "bottom":
			l, at = length{1, percent}, 1
		case "center":
			l = length{0.5, percent}
		default:
			l, ok = parseLength(word)
		}
		if !ok || i > 1 {
			break
		}
		o[at] = l
		if i == 0 && at == 0 {
			o[1] = length{0.5, percent}
		}
		i++
	}
	view := extent{area.width(), area.height()}
	return area.min.add(point{o[0].resolve(horizontal, view, size), o[1].resolve(vertical, view, size)})
}

// elementKind is how an element is drawn.
type elementKind uint8

const (
	hidden elementKind = iota
	shape
	container
	texts
	picture
)

// kindOf is how elements of a name are drawn.
func kindOf(name string) elementKind {
	switch name {
	case "path", "rect", "circle", "ellipse", "line", "polyline", "polygon":
		return shape
	case "g", "a", "svg", "switch", "use":
		return container
	case "text":
		return texts
	case "image", "foreignObject":
		return picture
	}
	return hidden
}

// noteHidden notes elements that browsers draw or heed and this renderer does not.
func (r *renderer) noteHidden(n *node) {
	switch n.name {
	case "script", "video", "audio", "iframe", "canvas", "textArea", "solidColor":
		r.doc.miss(n.name)
	case "animate", "animateTransform", "animateMotion", "animateColor", "set":
		r.doc.miss("animation")
	}
}

// drawContainer draws an element that is there for its contents.
func (r *renderer) drawContainer(n *node, c context) {
	switch n.name {
	case "svg":
		r.drawNested(n, c)
	case "use":
		r.drawUse(n, c)
	case "switch":
		for _, child := range n.children {
			if child.name != "" && child.name != textNode && applies(child) {
				r.draw(child, c)
				return
			}
		}
	default:
		r.drawChildren(n, c)
	}
}

// applies says whether a child of a switch is for this reader, who reads English.
func applies(n *node) bool {
	if n.has("requiredExtensions") {
		return false
	}
	if !n.has("systemLanguage") {
		return true
	}
	for language := range strings.SplitSeq(n.attr("systemLanguage"), ",") {
		language, _, _ = strings.Cut(strings.TrimSpace(language), "-")
		if strings.EqualFold(language, "en") {
			return true
		}
	}
	return false
}

// drawShape fills and strokes a basic shape or path.
func (r *renderer) drawShape(n *node, c context) {
	if c.style.visibility != visible {
		return
	}
	p := r.pathOf(n, c.style, c.view)
	if len(p.verbs) == 0 {
		return
	}
	r.drawPath(n, p, c)
}

// drawPath paints an outline: fill, stroke, markers.
func (r *renderer) drawPath(n *node, p *path, c context) {
	s := c.style
	if c.clipping {
		r.fillPath(p, s.clipRule, solid{0, 0, 0, 255}, c)
		return
	}
	first, second := r.fillShape, r.strokeShape
	if s.paintOrder == strokeFirst {
		first, second = second, first
	}
	first(n, p, c)
	second(n, p, c)
	r.drawMarkers(n, p, c)
}

// fillShape paints the inside.
func (r *renderer) fillShape(n *node, p *path, c context) {
	if n.name == "line" {
		return
	}
	s := c.style
	r.paint(n, s.fill, float64(s.fillOpacity), c, func(src source, c context) {
		r.fillPath(p, s.fillRule, src, c)
	})
}

// strokeShape paints the stroke.
func (r *renderer) strokeShape(n *node, p *path, c context) {
	s := c.style
	if s.stroke.kind == noPaint {
		return
	}
	pen := r.penOf(n, s, c.view)
	if !(pen.width > 0) {
		return
	}
	r.paint(n, s.stroke, float64(s.strokeOpacity), c, func(src source, c context) {
		r.strokePath(p, pen, src, c)
	})
}

// fillPath paints the inside of an outline in user space.
func (r *renderer) fillPath(p *path, rule keyword, src source, c context) {
	r.scan.reset(c.clip.bounds)
	r.scan.aliased = c.style.shapeRendering == crispEdges
	r.scan.fill(p, c.matrix)
	r.emit(rule == evenOdd, src, c)
}

// emit paints what the scanner holds.
func (r *renderer) emit(evenOddRule bool, src source, c context) {
	extra := src.cost() - 1
	if width := c.clip.bounds.Dx(); len(r.covered) < width { // a layer may be wider than the canvas
		r.covered, r.buffer = make([]uint8, width), make([]uint8, 4*width)
	}
	r.scan.scan(evenOddRule, func(x, y int, cover []uint8) {
		if extra > 0 && !r.budget.spend(pixels, extra*len(cover)) {
			return
		}
		cover = c.clip.limit(x, y, cover, r.covered)
		c.layer.paintRow(x, y, cover, src, r.buffer)
	})
}
