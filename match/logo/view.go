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
	layer   uint8 // 0: the picture; 1: what stands on its badge …
	degrees int8  // of a whole view that is turned
	edges   bool  // the gradients are those of the colours within, not of the figure alone
	aspect  int8  // log2(width/height) of the figure in sixteenths
	share   uint8 // of the layer's figure, in 255ths
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
	w.code = codeOf(cut(m.pix, m.w, m.h, 1, f, 0), channels...)
	w.aspect = aspectOf(box)
	for i := range v.views {
		hog, dct := v.views[i].code.distances(&w.code)
		if hog <= alike && dct <= alike/2 && abs(int(v.views[i].aspect)-int(w.aspect)) < 4 {
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
	base := view{layer: uint8(n), share: 255}
	v.see(m, box, base)
	inner := base
	inner.edges = true
	v.see(m, box, inner, l.channels(frameOf(box))...)
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

// channels are the colours within the figure on the layer's ground.
func (l *layer) channels(f frame) []*patch {
	c := l.canvas
	plane := make([]uint8, c.w*c.h)
	var list []*patch
	for k := range 3 {
		for y := range c.h {
			for x := range c.w {
				i := y*c.w + x
				// The colour relative to the ground, so that the ground is even whatever its gradient is.
				d := (int(c.pix[3*i+k]) - int(l.ground.at(x, y, k))) * int(l.figure.pix[i]) / 255
				plane[i] = uint8((d + 256) / 2)
			}
		}
		list = append(list, cut(plane, c.w, c.h, 1, f, 128))
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
		v.see(m, box, view{kind: k, layer: uint8(n), share: uint8(min(255, area*255/max(1, total)))})
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
