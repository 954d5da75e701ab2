package logo

import "image"

// A layer is a figure on its ground. Where the figure is a badge (a disc, a tile, a shield, a ring), what stands on
// the badge is a layer of its own.
type layer struct {
	canvas *canvas
	ground *plane
	inside *mask // where the layer is; nil: everywhere
	figure *mask
	badge  badge // what the layer stands on
}

const (
	peels    = 4    // badges within badges
	rim      = 6    // depth, in thirds of a pixel, of a badge's edge that is neither it nor its ground
	band     = 15   // depth of the strip within the rim that tells a badge's colour
	ofBadge  = 0.55 // share of the strip that has the badge's colour
	roundest = 0.93 // of each row and column between its ends, how much a badge fills
)

// layers takes a picture apart: the figure on its ground, then what stands on the figure if that is a badge, and so on.
func layers(c *canvas) ([]*layer, int) {
	ground, _ := fitGround(c, c.frame(3))
	if corner := c.corners(); corner != nil && corner.off(c, ground) {
		ground = corner // a tile with round corners fills the frame; its ground shows in the corners alone
	}
	figure, contrast := c.figure(ground, nil)
	list := []*layer{{canvas: c, ground: ground, figure: figure}}
	for range peels {
		next := list[len(list)-1].peel()
		if next == nil {
			break
		}
		list = append(list, next)
	}
	return list, contrast
}

// peel is the layer on the badge that l's figure is, or nil if it is none.
func (l *layer) peel() *layer {
	shape, form := l.shape()
	if shape == nil {
		return nil
	}
	c := l.canvas
	depth := shape.depths()
	inside := newMask(c.w, c.h)
	var strip []int32
	for i, d := range depth {
		if d > rim {
			inside.pix[i] = 255
			if d <= band {
				strip = append(strip, int32(i))
			}
		}
	}
	ground, share := fitGround(c, strip)
	if share < ofBadge {
		return nil
	}
	figure, contrast := c.figure(ground, inside)
	if area := figure.area(); contrast < 24 || area*60 < inside.area() {
		return nil
	}
	return &layer{canvas: c, ground: ground, inside: inside, figure: figure, badge: form.shaded(ground)}
}

// shape is the outline, filled, of the greatest piece of the figure if that is a plain shape.
func (l *layer) shape() (*mask, badge) {
	whole := l.figure.filled()
	labels, pieces := whole.components()
	if len(pieces) == 0 {
		return nil, 0
	}
	first := pieces[0]
	total := 0
	for _, p := range pieces {
		total += p.area
	}
	if first.area*5 < total*3 || first.area < 400 || first.area*100 < first.box.Dx()*first.box.Dy()*45 {
		return nil, 0
	}
	shape := whole.only(func(i int) bool { return labels[i] == first.label })
	if shape.roundness(first.box) < roundest {
		return nil, 0
	}
	return shape, formOf(first)
}

// A badge is what a layer stands on: a form, light, dark or neither.
type badge uint8

const (
	noBadge badge = iota
	disc
	tile
	shield
	badges = 12 // four forms in three shades
)

// formOf names a badge's form by how much of its box it fills: a disc has pi/4.
func formOf(c component) badge {
	fill := c.area * 100 / max(1, c.box.Dx()*c.box.Dy())
	switch {
	case fill >= 88:
		return tile
	case fill >= 75 && fill <= 82:
		return disc
	}
	return shield
}

// shaded adds the lightness of the badge's colour.
func (b badge) shaded(ground *plane) badge {
	light := (ground.c[0]*2 + ground.c[1]*5 + ground.c[2]) / 8
	switch {
	case light < 80:
		return b + 4
	case light > 190:
		return b + 8
	}
	return b
}

// words names a badge.
func (b badge) words() string {
	form := [4]string{"", "disc", "tile", "shape"}[b%4]
	if form == "" {
		return ""
	}
	return [3]string{"a ", "a dark ", "a light "}[b/4%3] + form
}

// roundness is how much of each row and column between its ends the figure fills, 1 for any convex shape.
func (m *mask) roundness(box image.Rectangle) float64 {
	area, rows, columns := 0, 0, 0
	low, high := make([]int, m.w), make([]int, m.w)
	for y := box.Min.Y; y < box.Max.Y; y++ {
		first, last := -1, -1
		for x := box.Min.X; x < box.Max.X; x++ {
			if m.pix[y*m.w+x] < in {
				continue
			}
			area++
			if first < 0 {
				first = x
			}
			last = x
			if high[x] == 0 {
				low[x] = y
			}
			high[x] = y + 1
		}
		if first >= 0 {
			rows += last - first + 1
		}
	}
	for x := box.Min.X; x < box.Max.X; x++ {
		columns += high[x] - low[x]
	}
	return float64(area) / float64(max(1, rows, columns))
}
