package raster

// boundsOf is the object bounding box of an element in its user space: of the
// outlines without strokes, clips and the like.
func (r *renderer) boundsOf(n *node, s *style, view extent) box {
	b := emptyBox()
	r.extend(&b, n, s, view, identity(), 0)
	return b
}

// extend adds an element's outlines, transformed, to a box.
func (r *renderer) extend(b *box, n *node, s *style, view extent, m matrix, depth int) {
	if depth > r.budget.limits.Depth || !r.budget.spend(steps, 10) {
		return
	}
	switch kindOf(n.name) {
	case shape:
		p := r.pathOf(n, s, view)
		if !r.budget.spend(steps, len(p.points)/2) {
			return
		}
		part := p.bounds()
		if m != identity() {
			part = part.transform(m)
		}
		b.join(part)
	case texts:
		b.join(r.textBounds(n, s, view).transform(m))
	case picture:
		of := measure{n, view, float64(s.fontSize)}
		p := &path{}
		of.rect(p)
		b.join(p.bounds().transform(m))
	case container:
		if n.name == "use" {
			r.extendUse(b, n, s, view, m, depth)
			return
		}
		r.extendChildren(b, n, s, view, m, depth)
	}
}

// extendChildren adds what an element contains.
func (r *renderer) extendChildren(b *box, n *node, s *style, view extent, m matrix, depth int) {
	for _, child := range n.children {
		if kindOf(child.name) == hidden || r.budget.over() {
			continue
		}
		r.extendChild(b, child, s, view, m, depth)
	}
}

// extendChild adds an element by its place in its parent.
func (r *renderer) extendChild(b *box, n *node, parent *style, view extent, m matrix, depth int) {
	s := r.styleOf(n, parent)
	if s.display == displayNone {
		return
	}
	if s.transform != "" && s.transformBox != boxFill {
		if own, ok := r.ownTransform(n, s, view); ok {
			m = m.mul(own)
		}
	}
	if n.name == "svg" {
		of := measure{n, view, float64(s.fontSize)}
		x, _ := of.get("x", horizontal)
		y, _ := of.get("y", vertical)
		m = m.mul(translation(x, y))
		if viewBox, ok := parseViewBox(n.attr("viewBox")); ok {
			whole := length{1, percent}
			size := extent{of.or("width", horizontal, whole), of.or("height", vertical, whole)}
			m = m.mul(fit(viewBox, size, n.attr("preserveAspectRatio")))
		}
	}
	r.extend(b, n, s, view, m, depth+1)
}

// extendUse adds what a use element refers to.
func (r *renderer) extendUse(b *box, n *node, s *style, view extent, m matrix, depth int) {
	target := r.doc.ids[n.href()]
	if target == nil || holds(target, n) || !r.budget.spend(uses, 1) || !r.follow(target) {
		return
	}
	defer r.unfollow(target)
	of := measure{n, view, float64(s.fontSize)}
	x, _ := of.get("x", horizontal)
	y, _ := of.get("y", vertical)
	m = m.mul(translation(x, y))
	if target.name == "symbol" {
		if viewBox, ok := parseViewBox(target.attr("viewBox")); ok {
			whole := length{1, percent}
			size := extent{of.or("width", horizontal, whole), of.or("height", vertical, whole)}
			m = m.mul(fit(viewBox, size, target.attr("preserveAspectRatio")))
		}
		r.extendChildren(b, target, s, view, m, depth+1)
		return
	}
	r.extendChild(b, target, s, view, m, depth+1)
}

// join grows the box to hold another.
func (b *box) join(o box) {
	if !o.empty() {
		b.add(o.min)
		b.add(o.max)
	}
}
