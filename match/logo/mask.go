package logo

import "image"

// A mask says of each pixel of a canvas how far it belongs to the figure: 0 not, 255 wholly.
type mask struct {
	w, h int
	pix  []uint8
}

func newMask(w, h int) *mask { return &mask{w: w, h: h, pix: make([]uint8, w*h)} }

// in tells whether a pixel counts as figure.
const in = 128

// area is the number of pixels in the figure.
func (m *mask) area() int {
	n := 0
	for _, v := range m.pix {
		if v >= in {
			n++
		}
	}
	return n
}

// box is the smallest rectangle around the figure.
func (m *mask) box() image.Rectangle {
	x0, y0, x1, y1 := m.w, m.h, 0, 0
	for y := range m.h {
		for x, v := range m.pix[y*m.w : (y+1)*m.w] {
			if v >= in {
				x0, x1 = min(x0, x), max(x1, x+1)
				y0, y1 = min(y0, y), y+1
			}
		}
	}
	if x1 <= x0 {
		return image.Rectangle{}
	}
	return image.Rect(x0, y0, x1, y1)
}

// filled is the figure with its holes closed: all that the outside does not reach.
func (m *mask) filled() *mask {
	out := newMask(m.w, m.h)
	for i := range out.pix {
		out.pix[i] = 255
	}
	var stack []int32
	push := func(i int) {
		if out.pix[i] != 0 && m.pix[i] < in {
			out.pix[i] = m.pix[i] &^ 255
			stack = append(stack, int32(i))
		}
	}
	for x := range m.w {
		push(x)
		push((m.h-1)*m.w + x)
	}
	for y := range m.h {
		push(y * m.w)
		push(y*m.w + m.w - 1)
	}
	for len(stack) > 0 {
		i := int(stack[len(stack)-1])
		stack = stack[:len(stack)-1]
		x := i % m.w
		if x > 0 {
			push(i - 1)
		}
		if x < m.w-1 {
			push(i + 1)
		}
		if i >= m.w {
			push(i - m.w)
		}
		if i < len(m.pix)-m.w {
			push(i + m.w)
		}
	}
	return out
}

// A component is a connected piece of a figure.
type component struct {
	label int32
	area  int
	box   image.Rectangle
}

// components labels the connected pieces of the figure (8 neighbours), the greatest first; labels begin at 1.
func (m *mask) components() ([]int32, []component) {
	labels := make([]int32, len(m.pix))
	var list []component
	var stack []int32
	for start, v := range m.pix {
		if v < in || labels[start] != 0 {
			continue
		}
		c := component{label: int32(len(list) + 1), box: image.Rect(m.w, m.h, 0, 0)}
		labels[start] = c.label
		stack = append(stack[:0], int32(start))
		for len(stack) > 0 {
			i := int(stack[len(stack)-1])
			stack = stack[:len(stack)-1]
			x, y := i%m.w, i/m.w
			c.area++
			c.box.Min.X, c.box.Max.X = min(c.box.Min.X, x), max(c.box.Max.X, x+1)
			c.box.Min.Y, c.box.Max.Y = min(c.box.Min.Y, y), max(c.box.Max.Y, y+1)
			for v := max(0, y-1); v <= min(m.h-1, y+1); v++ {
				for u := max(0, x-1); u <= min(m.w-1, x+1); u++ {
					j := v*m.w + u
					if m.pix[j] >= in && labels[j] == 0 {
						labels[j] = c.label
						stack = append(stack, int32(j))
					}
				}
			}
		}
		list = append(list, c)
	}
	sortComponents(list)
	return labels, list
}

// sortComponents puts the greatest first and keeps the order of equals.
func sortComponents(list []component) {
	for i := 1; i < len(list); i++ {
		for j := i; j > 0 && list[j].area > list[j-1].area; j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
}

// only is the part of m where keep holds, and a rim of one pixel around it for the soft edge.
func (m *mask) only(keep func(i int) bool) *mask {
	out := newMask(m.w, m.h)
	for i, v := range m.pix {
		if v >= in && keep(i) {
			out.pix[i] = v
		}
	}
	for i, v := range m.pix {
		if v == 0 || v >= in {
			continue
		}
		x, y := i%m.w, i/m.w
		if x > 0 && out.pix[i-1] >= in || x < m.w-1 && out.pix[i+1] >= in || y > 0 && out.pix[i-m.w] >= in || y < m.h-1 && out.pix[i+m.w] >= in {
			out.pix[i] = v
		}
	}
	return out
}

// depths gives the distance of each pixel of the figure from the outside, in thirds of a pixel (chamfer 3-4). The
// edge of the canvas counts as outside.
func (m *mask) depths() []int32 {
	d := make([]int32, len(m.pix))
	at := func(x, y int) int32 {
		if x < 0 || y < 0 || x >= m.w || y >= m.h {
			return 0
		}
		return d[y*m.w+x]
	}
	for y := range m.h {
		for x := range m.w {
			if i := y*m.w + x; m.pix[i] >= in {
				d[i] = min(at(x-1, y)+3, at(x, y-1)+3, at(x-1, y-1)+4, at(x+1, y-1)+4)
			}
		}
	}
	for y := m.h - 1; y >= 0; y-- {
		for x := m.w - 1; x >= 0; x-- {
			if i := y*m.w + x; d[i] != 0 {
				d[i] = min(d[i], at(x+1, y)+3, at(x, y+1)+3, at(x+1, y+1)+4, at(x-1, y+1)+4)
			}
		}
	}
	return d
}
