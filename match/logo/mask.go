package logo

import (
	"encoding/binary"
	"image"
	"math/bits"
	"sort"
)

// A mask says of each pixel of a canvas how far it belongs to the figure: 0 not, 255 wholly.
type mask struct {
	w, h int
	pix  []uint8
}

func newMask(w, h int) *mask { return &mask{w: w, h: h, pix: make([]uint8, w*h)} }

// in tells whether a pixel counts as figure.
const in = 128

// inEight has the bits set by which eight pixels that a word holds are known to be figure, since in is the highest.
const inEight = 0x8080808080808080

// eight is the word of the eight pixels that begin at i.
func eight(pix []uint8, i int) uint64 { return binary.LittleEndian.Uint64(pix[i:]) }

// area is the number of pixels in the figure.
func (m *mask) area() int {
	n, i := 0, 0
	for ; i+8 <= len(m.pix); i += 8 {
		n += bits.OnesCount64(eight(m.pix, i) & inEight)
	}
	for _, v := range m.pix[i:] {
		n += int(v / in)
	}
	return n
}

// box is the smallest rectangle around the figure.
func (m *mask) box() image.Rectangle {
	x0, y0, x1, y1 := m.w, m.h, 0, 0
	for y := range m.h {
		row := m.pix[y*m.w : (y+1)*m.w]
		first := 0
		for first+8 <= len(row) && eight(row, first)&inEight == 0 {
			first += 8
		}
		for first < len(row) && row[first] < in {
			first++
		}
		if first == len(row) {
			continue
		}
		last := len(row) - 1
		for row[last] < in {
			last--
		}
		x0, x1 = min(x0, first), max(x1, last+1)
		y0, y1 = min(y0, y), y+1
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
	stack := make([]int32, 0, m.w+m.h)
	push := func(i int) {
		if out.pix[i] != 0 && m.pix[i] < in {
			out.pix[i] = 0
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

// A run is a stretch [from, to) of figure in a row.
type run struct {
	y, from, to int
	parent      int32 // the run that stands for this one's piece, itself if it does
}

// components labels the connected pieces of the figure (8 neighbours), the greatest first; labels begin at 1.
func (m *mask) components() ([]int32, []component) {
	runs := m.runs()
	labels := make([]int32, len(m.pix))
	var list []component
	of := make([]int32, len(runs))
	for i := range runs {
		r := &runs[i]
		root := find(runs, int32(i))
		if of[root] == 0 {
			list = append(list, component{label: int32(len(list) + 1), box: image.Rect(r.from, r.y, r.to, r.y+1)})
			of[root] = int32(len(list))
		}
		c := &list[of[root]-1]
		c.area += r.to - r.from
		c.box = c.box.Union(image.Rect(r.from, r.y, r.to, r.y+1))
		line := labels[r.y*m.w+r.from : r.y*m.w+r.to]
		for x := range line {
			line[x] = c.label
		}
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].area > list[j].area })
	return labels, list
}

// runs lists the figure's runs from top to bottom, each joined with those it touches above.
func (m *mask) runs() []run {
	var runs []run
	above := 0 // first run of the row above
	for y := range m.h {
		start := len(runs)
		row := m.pix[y*m.w : (y+1)*m.w]
		at := above
		for x := 0; x < len(row); x++ {
			if row[x] < in {
				continue
			}
			r := run{y: y, from: x, parent: int32(len(runs))}
			for x < len(row) && row[x] >= in {
				x++
			}
			r.to = x
			runs = append(runs, r)
			for at < start && runs[at].to < r.from {
				at++
			}
			for k := at; k < start && runs[k].from <= r.to; k++ {
				join(runs, int32(k), int32(len(runs)-1))
			}
		}
		above = start
	}
	return runs
}

// find is the run that stands for a run's piece: the first of them.
func find(runs []run, i int32) int32 {
	for runs[i].parent != i {
		runs[i].parent = runs[runs[i].parent].parent
		i = runs[i].parent
	}
	return i
}

// join makes one piece of two runs' pieces.
func join(runs []run, a, b int32) {
	a, b = find(runs, a), find(runs, b)
	runs[max(a, b)].parent = min(a, b)
}

// only is the part of m where keep holds, and a rim of one pixel around it for the soft edge.
func (m *mask) only(keep func(i int) bool) *mask {
	out := newMask(m.w, m.h)
	m.eachDrawn(func(i int, v uint8) {
		if v >= in && keep(i) {
			out.pix[i] = v
		}
	})
	near := func(x, y int) bool {
		return x >= 0 && y >= 0 && x < m.w && y < m.h && out.pix[y*m.w+x] >= in
	}
	m.eachDrawn(func(i int, v uint8) {
		if v >= in {
			return
		}
		if x, y := i%m.w, i/m.w; near(x-1, y) || near(x+1, y) || near(x, y-1) || near(x, y+1) {
			out.pix[i] = v
		}
	})
	return out
}

// eachDrawn calls f for each pixel that belongs to the figure at all.
func (m *mask) eachDrawn(f func(i int, v uint8)) {
	for i := 0; i < len(m.pix); i++ {
		for i+8 <= len(m.pix) && eight(m.pix, i) == 0 {
			i += 8
		}
		if i < len(m.pix) && m.pix[i] != 0 {
			f(i, m.pix[i])
		}
	}
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
