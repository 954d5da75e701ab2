package logo

import "image"

// A layer is a figure on its ground. Where the figure is a badge (a disc, a tile, a shield, a ring), what stands on
// the badge is a layer of its own.
type layer struct {
	canvas *canvas
	ground *plane
	inside *mask // where the layer is; nil: everywhere
	figure *mask
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
	badge := l.badge()
	if badge == nil {
		return nil
	}
	c := l.canvas
	depth := badge.depths()
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
	return &layer{canvas: c, ground: ground, inside: inside, figure: figure}
}

// badge is the outline, filled, of the greatest piece of the figure if that is a plain shape.
func (l *layer) badge() *mask {
	whole := l.figure.filled()
	labels, pieces := whole.components()
	if len(pieces) == 0 {
		return nil
	}
	first := pieces[0]
	total := 0
	for _, p := range pieces {
		total += p.area
	}
	if first.area*5 < total*3 || first.area < 400 || first.area*100 < first.box.Dx()*first.box.Dy()*45 {
		return nil
	}
	badge := whole.only(func(i int) bool { return labels[i] == first.label })
	if badge.roundness(first.box) < roundest {
		return nil
	}
	return badge
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
