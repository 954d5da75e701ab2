package raster

// drawUse draws what a use element refers to, as if it stood there.
func (r *renderer) drawUse(n *node, c context) {
	target := r.doc.ids[n.href()]
	if target == nil {
		if n.href() == "" && (n.has("href") || n.has("xlink:href")) {
			r.doc.miss("external reference")
		}
		return
	}
	if !r.budget.spend(uses, 1) || holds(target, n) || !r.follow(target) {
		return
	}
	defer r.unfollow(target)
	m := measure{n, c.view, float64(c.style.fontSize)}
	x, _ := m.get("x", horizontal)
	y, _ := m.get("y", vertical)
	c.matrix = c.matrix.mul(translation(x, y))
	width, givenWidth := m.get("width", horizontal)
	height, givenHeight := m.get("height", vertical)
	switch target.name {
	case "symbol", "svg":
		if !givenWidth {
			width = -1
		}
		if !givenHeight {
			height = -1
		}
		if target.name == "svg" {
			r.drawViewport(target, width, height, c)
			return
		}
		s := r.styleOf(target, c.style)
		if s.display == displayNone {
			return
		}
		c.style = s
		r.withEffects(target, s, c, func(target *node, c context) {
			r.enterViewport(target, width, height, c)
		})
	default:
		r.draw(target, c)
	}
}

// holds says whether an element is another or contains it.
func holds(outer, inner *node) bool {
	for ; inner != nil; inner = inner.parent {
		if inner == outer {
			return true
		}
	}
	return false
}

// drawViewport draws an svg element that a use refers to.
func (r *renderer) drawViewport(n *node, width, height float64, c context) {
	if !r.budget.spend(elementsDrawn, 1) {
		return
	}
	s := r.styleOf(n, c.style)
	if s.display == displayNone {
		return
	}
	c.style = s
	r.withEffects(n, s, c, func(n *node, c context) { r.enterViewport(n, width, height, c) })
}

// drawNested draws an svg element within another.
func (r *renderer) drawNested(n *node, c context) {
	r.enterViewport(n, -1, -1, c)
}

// enterViewport draws the contents of an element that makes a viewport: of a
// given size, or where that is less than 0, of its own.
func (r *renderer) enterViewport(n *node, width, height float64, c context) {
	m := measure{n, c.view, float64(c.style.fontSize)}
	x, y := 0.0, 0.0
	if n.name == "svg" {
		x, _ = m.get("x", horizontal)
		y, _ = m.get("y", vertical)
	}
	whole := length{1, percent}
	if width < 0 {
		width = m.or("width", horizontal, whole)
	}
	if height < 0 {
		height = m.or("height", vertical, whole)
	}
	if !(width > 0 && height > 0) {
		return
	}
	c.matrix = c.matrix.mul(translation(x, y))
	if c.style.overflow < overflowShows {
		p := &path{}
		p.polygon(true, point{}, point{width, 0}, point{width, height}, point{0, height})
		r.clipTo(p, &c)
	}
	c.view = extent{width, height}
	if viewBox, ok := parseViewBox(n.attr("viewBox")); ok {
		c.matrix = c.matrix.mul(fit(viewBox, c.view, n.attr("preserveAspectRatio")))
		c.view = extent{viewBox.width(), viewBox.height()}
	}
	if c.matrix.finite() && c.matrix.det() != 0 && !c.clip.bounds.Empty() {
		r.drawChildren(n, c)
	}
}
