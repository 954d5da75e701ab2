package logo

import (
	"image"
	"math"
)

// A kind says what a view shows of a layer.
type kind uint8

const (
	whole   kind = iota // the whole figure
	outline             // its outer outline, filled
	part                // one side of a gap
	piece               // its greatest connected piece
	without             // all but one colour
	only                // one colour alone
	kinds
)

// A view is one way to look at a logo.
type view struct {
	kind    kind
	layer   uint8    // 0: the picture; 1: what stands on its badge …
	degrees int8     // of a whole view that is turned
	crop    uint8    // of a whole view of which a strip is left out: which
	edges   bool     // the gradients are those of the colours within, not of the figure alone
	cut     bool     // the figure runs into the canvas's edge: it may be cropped
	aspect  int8     // log2(width/height) of the figure in sixteenths
	share   uint8    // of the layer's figure, in 255ths
	badge   badge    // what the layer stands on
	colour  [3]uint8 // mean of the figure
	code    code
	norm    norm
}

const maxViews = 24

// A viewer collects the views of one logo.
type viewer struct {
	views []view
}

// see cuts a view of a figure and keeps it unless it is like one that is there.
func (v *viewer) see(m *mask, box image.Rectangle, w view, channels ...*patch) bool {
	if len(v.views) >= maxViews {
		return false
	}
	f := frameOf(box)
	f.degrees = int(w.degrees)
	w.code = codeOf(cut(m.pix, m.w, m.h, f, 0), channels...)
	w.aspect = aspectOf(box)
	for i := range v.views {
		hog, dct := v.views[i].code.distances(&w.code)
		if hog <= alike && dct <= alike/2 && abs(int(v.views[i].aspect)-int(w.aspect)) < 4 && v.views[i].whole() == w.whole() {
			return false
		}
	}
	v.views = append(v.views, w)
	return true
}

// alike is the distance under which a second view adds nothing to the first.
const alike = 40

// aspectOf is log2(width/height) in sixteenths.
func aspectOf(b image.Rectangle) int8 {
	return int8(max(-80, min(80, math.Round(16*math.Log2(float64(b.Dx())/float64(b.Dy()))))))
}

// look takes all views of a picture.
func look(list []*layer) []view {
	v := new(viewer)
	for n, l := range list {
		l.tidy()
		box := l.figure.box()
		if box.Empty() || box.Dx() < 6 && box.Dy() < 6 {
			continue
		}
		l.lookWhole(v, n, box)
	}
	for n, l := range list {
		box := l.figure.box()
		if box.Empty() || box.Dx() < 6 && box.Dy() < 6 {
			continue
		}
		l.lookParts(v, n)
	}
	return v.views
}

// tidy drops specks from the figure.
func (l *layer) tidy() {
	labels, pieces := l.figure.components()
	if len(pieces) == 0 {
		return
	}
	total := 0
	for _, p := range pieces {
		total += p.area
	}
	drop := make([]bool, len(pieces)+1)
	any := false
	for _, p := range pieces {
		if p.area*800 < total {
			drop[p.label], any = true, true
		}
	}
	if any {
		l.figure = l.figure.only(func(i int) bool { return !drop[labels[i]] })
	}
}

// lookWhole takes the views of the whole figure.
func (l *layer) lookWhole(v *viewer, n int, box image.Rectangle) {
	m := l.figure
	base := view{layer: uint8(n), share: 255, cut: l.cut(box), badge: l.badge, colour: l.colour(m, box)}
	v.see(m, box, base)
	inner := base
	inner.edges = true
	v.see(m, box, inner, l.channels(box)...)
	for side, b := range cropped(box) {
		if n > 0 {
			break // what is cropped is the picture
		}
		strip := base
		strip.crop = uint8(side + 1)
		rest := m.within(b)
		if tight := rest.box(); !tight.Empty() {
			v.see(rest, tight, strip)
		}
	}
	for _, degrees := range []int8{-15, -8, 8, 15} {
		turned := base
		turned.degrees = degrees
		v.see(m, box, turned)
	}
	full := m.filled()
	outer := base
	outer.kind = outline
	v.see(full, box, outer)
}

// colour is the mean colour of a figure in a box on this layer.
func (l *layer) colour(m *mask, box image.Rectangle) [3]uint8 {
	var sum [3]int
	n := 0
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for i, end := y*m.w+box.Min.X, y*m.w+box.Max.X; i < end; i++ {
			for i+8 <= end && eight(m.pix, i)&inEight == 0 {
				i += 8
			}
			if i < end && m.pix[i] >= in {
				n++
				p := l.canvas.pix[3*i : 3*i+3]
				sum[0], sum[1], sum[2] = sum[0]+int(p[0]), sum[1]+int(p[1]), sum[2]+int(p[2])
			}
		}
	}
	n = max(1, n)
	return [3]uint8{uint8(sum[0] / n), uint8(sum[1] / n), uint8(sum[2] / n)}
}

// cut tells whether the figure runs into the canvas's edge.
func (l *layer) cut(b image.Rectangle) bool {
	return b.Min.X <= 1 || b.Min.Y <= 1 || b.Max.X >= l.canvas.w-1 || b.Max.Y >= l.canvas.h-1
}

// cropped is a box with a strip off each of its sides in turn, then off all.
func cropped(b image.Rectangle) [5]image.Rectangle {
	dx, dy := b.Dx()*3/20, b.Dy()*3/20
	return [5]image.Rectangle{
		image.Rect(b.Min.X+dx, b.Min.Y, b.Max.X, b.Max.Y), image.Rect(b.Min.X, b.Min.Y, b.Max.X-dx, b.Max.Y),
		image.Rect(b.Min.X, b.Min.Y+dy, b.Max.X, b.Max.Y), image.Rect(b.Min.X, b.Min.Y, b.Max.X, b.Max.Y-dy),
		b.Inset(min(dx, dy) / 2),
	}
}

// channels are the colours within the figure on the layer's ground, nil if there is but one.
func (l *layer) channels(box image.Rectangle) []*patch {
	c := l.canvas
	f := frameOf(box)
	var list []*patch
	box = box.Inset(-2).Intersect(image.Rect(0, 0, c.w, c.h))
	for k := range 3 {
		plane := make([]uint8, c.w*c.h)
		for i := range plane {
			plane[i] = 128
		}
		var ground []int
		for y := box.Min.Y; y < box.Max.Y; y++ {
			if ground == nil || l.ground.dx[k] != 0 || l.ground.dy[k] != 0 {
				ground = l.ground.row(box.Min.X, box.Max.X, y, k)
			}
			for x := box.Min.X; x < box.Max.X; x++ {
				i := y*c.w + x
				if a := int(l.figure.pix[i]); a != 0 {
					// The colour relative to the ground, so that the ground is even whatever its gradient is.
					plane[i] = uint8(((int(c.pix[3*i+k])-ground[x-box.Min.X])*a/255 + 256) / 2)
				}
			}
		}
		list = append(list, cut(plane, c.w, c.h, f, 128))
	}
	return list
}

// lookParts takes the views of parts of the figure.
func (l *layer) lookParts(v *viewer, n int) {
	total := l.figure.area()
	see := func(k kind, m *mask) {
		area := m.area()
		box := m.box()
		if area*20 < total || area < 60 || box.Empty() || box.Dx() < 8 && box.Dy() < 8 {
			return
		}
		w := view{kind: k, layer: uint8(n), share: uint8(min(255, area*255/max(1, total))), badge: l.badge, colour: l.colour(m, box)}
		v.see(m, box, w)
	}
	for _, m := range l.split() {
		see(part, m)
	}
	labels, pieces := l.figure.components()
	for i, p := range pieces {
		if i < 1 && len(pieces) > 1 && p.area*4 > total {
			see(piece, l.figure.only(func(i int) bool { return labels[i] == p.label }))
		}
	}
	l.lookColours(see, total)
}
