package logo

import "image"

// split parts the figure at its widest gaps, those of white rows and columns: an added word falls to another side.
// Nothing is returned where there is no gap.
func (l *layer) split() []*mask {
	m := l.figure
	box := m.box()
	var list []*mask
	rows, columns := make([]int, m.h), make([]int, m.w)
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			if m.pix[y*m.w+x] >= in {
				rows[y]++
				columns[x]++
			}
		}
	}
	if from, to := widestGap(rows, box.Min.Y, box.Max.Y); to-from >= gapOf(box) {
		list = append(list, m.within(image.Rect(0, 0, m.w, from)), m.within(image.Rect(0, to, m.w, m.h)))
	}
	if from, to := widestGap(columns, box.Min.X, box.Max.X); to-from >= gapOf(box) {
		list = append(list, m.within(image.Rect(0, 0, from, m.h)), m.within(image.Rect(to, 0, m.w, m.h)))
	}
	return list
}

// gapOf is how wide a gap must be in a figure of this size.
func gapOf(b image.Rectangle) int { return max(3, min(b.Dx(), b.Dy())/24) }

// widestGap finds the longest run of zeros in [from, to).
func widestGap(n []int, from, to int) (int, int) {
	first, last := from, from
	start := from
	for i := from; i < to; i++ {
		if n[i] != 0 {
			start = i + 1
		} else if i+1-start > last-first {
			first, last = start, i+1
		}
	}
	return first, last
}

// within is the part of m in a rectangle.
func (m *mask) within(r image.Rectangle) *mask {
	out := newMask(m.w, m.h)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		copy(out.pix[y*m.w+r.Min.X:y*m.w+r.Max.X], m.pix[y*m.w+r.Min.X:y*m.w+r.Max.X])
	}
	return out
}

const maxColours = 4

// lookColours takes the views of one colour alone and of all but one.
func (l *layer) lookColours(see func(kind, *mask), total int) {
	group, sizes := l.colours()
	if len(sizes) < 2 {
		return
	}
	for n, size := range sizes {
		if size*100 > total*6 && size*100 < total*97 {
			see(without, l.figure.only(func(i int) bool { return int(group[i]) != n+1 }))
		}
		if n < 2 && size*100 > total*15 && size*100 < total*94 {
			see(only, l.figure.only(func(i int) bool { return int(group[i]) == n+1 }))
		}
	}
}

// colours sorts the figure's pixels by colour into a few groups, 1 the greatest; 0 is no group.
func (l *layer) colours() ([]uint8, []int) {
	c := l.canvas
	key := func(i int) int {
		p := c.pix[3*i:]
		return int(p[0]>>4)<<8 | int(p[1]>>4)<<4 | int(p[2]>>4)
	}
	var count [1 << 12]int
	for i, v := range l.figure.pix {
		if v >= 250 {
			count[key(i)]++
		}
	}
	var centres [][3]int
	group := make([]uint8, len(l.figure.pix))
	var of [1 << 12]uint8
	for range maxColours {
		best := 0
		for k, n := range count {
			if n > count[best] && of[k] == 0 {
				best = k
			}
		}
		if count[best] == 0 || of[best] != 0 {
			break
		}
		centres = append(centres, colourOf(best))
		for k, n := range count {
			if n > 0 && of[k] == 0 && nearColour(colourOf(k), centres[len(centres)-1]) {
				of[k] = uint8(len(centres))
				count[k] = 0
			}
		}
		count[best] = 0
	}
	return group, l.assign(group, centres)
}

// assign puts each pixel of the figure into the group of the nearest colour, and counts the groups.
func (l *layer) assign(group []uint8, centres [][3]int) []int {
	sizes := make([]int, len(centres))
	last, g := [3]int{-1}, 0
	for i, v := range l.figure.pix {
		if v < in || len(centres) == 0 {
			continue
		}
		q := l.canvas.pix[3*i : 3*i+3]
		if p := [3]int{int(q[0]), int(q[1]), int(q[2])}; p != last {
			g, last = nearest(centres, p), p
		}
		group[i] = uint8(g + 1)
		sizes[g]++
	}
	return sizes
}

func colourOf(k int) [3]int { return [3]int{k>>8&15*16 + 8, k>>4&15*16 + 8, k&15*16 + 8} }

// nearColour tells whether two colours belong together.
func nearColour(a, b [3]int) bool {
	return max(abs(a[0]-b[0]), abs(a[1]-b[1]), abs(a[2]-b[2])) <= 56
}

// nearest is the index of the centre nearest to a colour.
func nearest(centres [][3]int, p [3]int) int {
	best, least := 0, 1<<30
	for n, c := range centres {
		d := abs(c[0]-p[0]) + abs(c[1]-p[1]) + abs(c[2]-p[2])
		if d < least {
			best, least = n, d
		}
	}
	return best
}
