package raster

import "image"

// maximalLive is how many bytes layers may take at once, or six canvases if
// that is more.
const maximalLive = 64 << 20

// pushLayer is an empty layer; ok is false where there are too many at once.
func (r *renderer) pushLayer(bounds image.Rectangle) (l *layer, ok bool) {
	area := bounds.Dx() * bounds.Dy()
	if bounds.Empty() || !r.budget.spend(pixels, area/2) {
		return nil, false
	}
	r.live += 4 * int64(area)
	most := max(maximalLive, 24*int64(r.size)*int64(r.size))
	if r.live > most {
		r.budget.fail("bytes of layers at once", most)
		r.live -= 4 * int64(area)
		return nil, false
	}
	if last := len(r.spare) - 1; last >= 0 && r.spare[last].bounds == bounds {
		l = r.spare[last]
		r.spare = r.spare[:last]
		return l, true
	}
	return newLayer(bounds), true
}

// maximalSpare is how many layers are kept for the next that need one.
const maximalSpare = 4

// popLayer gives a layer back, clean.
func (r *renderer) popLayer(l *layer) {
	r.live -= int64(len(l.pix))
	if len(r.spare) == maximalSpare {
		copy(r.spare, r.spare[1:])
		r.spare = r.spare[:maximalSpare-1]
	}
	for y := l.dirty.Min.Y; y < l.dirty.Max.Y; y++ {
		clear(l.row(l.dirty.Min.X, y)[:4*l.dirty.Dx()])
	}
	l.dirty = image.Rectangle{}
	r.spare = append(r.spare, l)
}

// withEffects draws an element through its clip path, mask and opacity.
func (r *renderer) withEffects(n *node, s *style, c context, draw func(*node, context)) {
	if s.clipPath != "" {
		r.applyClipPath(s.clipPath, n, s, &c)
	}
	if c.clip.bounds.Empty() {
		return
	}
	if c.clipping {
		draw(n, c)
		return
	}
	alone := s.opacity == 1 || r.paintsOnce(n, s)
	if alone && s.mask == "" && s.filter == "" && s.blend == blendNormal {
		draw(n, c)
		return
	}
	outer := c
	if s.mask != "" {
		if mask, ok := r.maskOf(s.mask, n, s, c); ok {
			outer.clip = c.clip.intersect(mask)
		}
	}
	l, ok := r.pushLayer(outer.clip.bounds)
	if !ok {
		return
	}
	defer r.popLayer(l)
	c.layer = l
	c.clip = clip{bounds: outer.clip.bounds}
	if s.filter == "" || !r.filtered(n, s, c, draw) {
		r.noteFilter(s.filter)
		draw(n, c)
	}
	r.composeGroup(l, s, &outer)
}

// composeGroup paints the layer of an element over what is below it.
func (r *renderer) composeGroup(l *layer, s *style, outer *context) {
	mode := s.blend
	if !drawable(mode) {
		r.doc.miss("mix-blend-mode")
		mode = blendNormal
	}
	cost := 4 * l.dirty.Dx() * l.dirty.Dy()
	if mode != blendNormal {
		cost *= 8
	}
	if r.budget.spend(pixels, cost) {
		outer.layer.compose(l, byteOf(float64(s.opacity)), &outer.clip, mode)
	}
}

// noteFilter notes a filter that is not drawn. One that is nowhere is none.
func (r *renderer) noteFilter(id reference) {
	if id == "\x00" || r.doc.ids[string(id)] != nil {
		r.doc.miss("filter")
	}
}

// paintsOnce says whether an element is one shape with one paint, whose
// opacity can then go into the paint.
func (r *renderer) paintsOnce(n *node, s *style) bool {
	return kindOf(n.name) == shape && (s.fill.kind == noPaint || s.stroke.kind == noPaint) &&
		s.fill.kind != serverPaint && s.stroke.kind != serverPaint &&
		s.mask == "" && s.filter == "" && s.blend == blendNormal &&
		s.markerStart == "" && s.markerMid == "" && s.markerEnd == ""
}

// follow notes that a reference is being followed. It says no to one that is
// being followed already, and where they are nested too deep.
func (r *renderer) follow(n *node) bool {
	if r.active[n] || !r.budget.read(n.weight) {
		return false
	}
	if r.depth >= r.budget.limits.Depth {
		r.budget.fail("elements within elements", int64(r.budget.limits.Depth))
		return false
	}
	r.depth++
	r.active[n] = true
	return true
}

// unfollow ends follow.
func (r *renderer) unfollow(n *node) {
	r.depth--
	delete(r.active, n)
}
