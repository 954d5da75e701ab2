package raster

import (
	"image"
	"math"
)

// clip is where painting shows: within bounds, and through alpha where that is
// given, which has a byte for each pixel of them.
type clip struct {
	bounds image.Rectangle
	alpha  []uint8
}

// at is the alpha from a pixel to the end of the clip.
func (c *clip) at(x, y int) []uint8 {
	width := c.bounds.Dx()
	return c.alpha[(y-c.bounds.Min.Y)*width+x-c.bounds.Min.X:]
}

// limit is a row's coverage within the clip, made in a buffer where it has to be.
func (c *clip) limit(x, y int, cover, buffer []uint8) []uint8 {
	if c.alpha == nil {
		return cover
	}
	buffer = buffer[:len(cover)]
	alpha := c.at(x, y)[:len(cover)]
	for i, v := range cover {
		buffer[i] = mul8(v, alpha[i])
	}
	return buffer
}

// intersect narrows the clip to another within the same bounds or smaller ones.
func (c clip) intersect(o clip) clip {
	bounds := c.bounds.Intersect(o.bounds)
	if bounds.Empty() {
		return clip{}
	}
	if c.alpha == nil && o.alpha == nil {
		return clip{bounds: bounds}
	}
	out := clip{bounds, make([]uint8, bounds.Dx()*bounds.Dy())}
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		row := out.at(bounds.Min.X, y)[:bounds.Dx()]
		switch {
		case o.alpha == nil:
			copy(row, c.at(bounds.Min.X, y))
		case c.alpha == nil:
			copy(row, o.at(bounds.Min.X, y))
		default:
			p, q := c.at(bounds.Min.X, y), o.at(bounds.Min.X, y)
			for i := range row {
				row[i] = mul8(p[i], q[i])
			}
		}
	}
	return out
}

// clipOf is the clip that a layer's alpha makes. One that is solid needs none.
func clipOf(l *layer) clip {
	bounds := l.dirty
	if bounds.Empty() {
		return clip{}
	}
	out := clip{bounds, make([]uint8, bounds.Dx()*bounds.Dy())}
	least := uint8(255)
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		row := l.row(bounds.Min.X, y)
		to := out.at(bounds.Min.X, y)[:bounds.Dx()]
		for i := range to {
			to[i] = row[4*i+3]
			least = min(least, to[i])
		}
	}
	if least == 255 {
		out.alpha = nil
	}
	return out
}

// spendClip counts the making of a clip and its intersection with another.
func (r *renderer) spendClip(bounds image.Rectangle) {
	r.budget.spend(pixels, 2*bounds.Dx()*bounds.Dy())
}

// clipTo narrows the context to the inside of a path in its user space.
func (r *renderer) clipTo(p *path, c *context) {
	if r.clipToPixels(p, c) {
		return
	}
	l, ok := r.pushLayer(c.clip.bounds)
	if !ok {
		return
	}
	defer r.popLayer(l)
	r.spendClip(c.clip.bounds)
	inner := *c
	inner.layer = l
	inner.clip = clip{bounds: c.clip.bounds}
	r.fillPath(p, 0, solid{0, 0, 0, 255}, inner)
	c.clip = c.clip.intersect(clipOf(l))
}

// clipToPixels narrows to a rectangle that is as good as whole pixels, which
// most are: it says no to any other path.
func (r *renderer) clipToPixels(p *path, c *context) bool {
	if len(p.points) != 4 || len(p.verbs) != 5 || c.matrix.b != 0 || c.matrix.c != 0 {
		return false
	}
	if p.points[0].y != p.points[1].y || p.points[1].x != p.points[2].x || p.points[2].y != p.points[3].y || p.points[3].x != p.points[0].x {
		return false
	}
	area := p.bounds().transform(c.matrix)
	var sides [4]int
	for i, side := range [...]float64{area.min.x, area.min.y, area.max.x, area.max.y} {
		side = max(-1e6, min(1e6, side))
		whole := math.Round(side)
		if math.Abs(side-whole) > 1.0/subColumns {
			return false
		}
		sides[i] = int(whole)
	}
	c.clip = c.clip.intersect(clip{bounds: image.Rect(sides[0], sides[1], sides[2], sides[3])})
	return true
}

// applyClipPath narrows the context to an element's clipPath. A reference to
// nothing clips nothing.
func (r *renderer) applyClipPath(id reference, n *node, s *style, c *context) {
	cp := r.doc.ids[string(id)]
	if cp == nil || cp.name != "clipPath" {
		if id == "\x00" {
			r.doc.miss("clip-path shape")
		}
		return
	}
	if !r.follow(cp) {
		return
	}
	defer r.unfollow(cp)
	cs := r.treeStyle(cp)
	inner := *c
	inner.style = cs
	inner.clipping = true
	if m, ok := parseTransform(cp.attr("transform"), c.view); ok {
		inner.matrix = inner.matrix.mul(m)
	}
	if cp.attr("clipPathUnits") == "objectBoundingBox" {
		area := r.boundsOf(n, s, c.view)
		if area.empty() {
			c.clip = clip{}
			return
		}
		inner.matrix = inner.matrix.mul(area.unit())
	}
	if p, ok := r.onlyRectangle(cp, inner); ok && r.clipToPixels(p, &inner) {
		c.clip = inner.clip
	} else {
		c.clip = r.clipByContents(cp, inner, *c)
	}
	if cs.clipPath != "" {
		r.applyClipPath(cs.clipPath, n, s, c)
	}
}

// onlyRectangle is the rectangle that is all that a clipPath has.
func (r *renderer) onlyRectangle(cp *node, c context) (*path, bool) {
	if len(cp.children) != 1 || cp.children[0].name != "rect" {
		return nil, false
	}
	child := cp.children[0]
	s := r.styleOf(child, c.style)
	if s.transform != "" || s.clipPath != "" || s.visibility != visible || s.display == displayNone {
		return nil, false
	}
	return r.pathOf(child, s, c.view), true
}

// clipByContents draws what a clipPath has and takes its alpha.
func (r *renderer) clipByContents(cp *node, inner, c context) clip {
	l, ok := r.pushLayer(c.clip.bounds)
	if !ok {
		return clip{}
	}
	defer r.popLayer(l)
	r.spendClip(c.clip.bounds)
	inner.layer = l
	inner.clip = clip{bounds: c.clip.bounds}
	for _, child := range cp.children {
		if kind := kindOf(child.name); kind == shape || kind == texts || child.name == "use" {
			r.draw(child, inner)
		}
	}
	return c.clip.intersect(clipOf(l))
}

// maskOf is the clip that an element's mask makes within the context's; ok is
// false where the element has no mask. A mask of the mask element itself is not
// heeded: no browser does.
func (r *renderer) maskOf(id reference, n *node, s *style, c context) (mask clip, ok bool) {
	m := r.doc.ids[string(id)]
	if m == nil || m.name != "mask" {
		return clip{}, false
	}
	if !r.follow(m) {
		return clip{}, false
	}
	defer r.unfollow(m)
	ms := r.treeStyle(m)
	inner := c
	inner.style = ms
	inner.clip = clip{bounds: c.clip.bounds}
	inner.clipping = false
	area := box{}
	if m.attr("maskUnits") != "userSpaceOnUse" || m.attr("maskContentUnits") == "objectBoundingBox" {
		if area = r.boundsOf(n, s, c.view); area.empty() {
			return clip{}, true
		}
	}
	r.clipTo(r.region(m, m.attr("maskUnits") != "userSpaceOnUse", area, ms, c.view), &inner)
	if m.attr("maskContentUnits") == "objectBoundingBox" {
		inner.matrix = inner.matrix.mul(area.unit())
	}
	if inner.clip.bounds.Empty() || inner.matrix.det() == 0 {
		return clip{}, true
	}
	l, pushed := r.pushLayer(inner.clip.bounds)
	if !pushed {
		return clip{}, true
	}
	defer r.popLayer(l)
	r.spendClip(inner.clip.bounds)
	inner.layer = l
	r.drawChildren(m, inner)
	if ms.maskType != alphaMask {
		l.luminance()
	}
	return clipOf(l), true
}

// region is the rectangle of a mask, filter or pattern: by default a tenth more
// than the element's box on each side.
func (r *renderer) region(m *node, relative bool, area box, s *style, view extent) *path {
	of := measure{m, view, float64(s.fontSize)}
	if relative {
		of.view = extent{1, 1}
	}
	x := of.or("x", horizontal, length{-0.1, percent})
	y := of.or("y", vertical, length{-0.1, percent})
	w := of.or("width", horizontal, length{1.2, percent})
	h := of.or("height", vertical, length{1.2, percent})
	p := &path{}
	if !(w > 0 && h > 0) {
		return p
	}
	from, to := point{x, y}, point{x + w, y + h}
	if relative {
		unit := area.unit()
		from, to = unit.apply(from), unit.apply(to)
	}
	p.polygon(true, from, point{to.x, from.y}, to, point{from.x, to.y})
	return p
}
