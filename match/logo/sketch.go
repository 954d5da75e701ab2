package logo

import (
	"math/bits"
	"sort"
)

// A sketch is a view in 128 bits, for a first look at many: the signs of its 8 by 8 lowest frequencies, mirrored and
// transposed into one of its eight poses by those signs, so that no pose of it need be tried.
type sketch struct {
	plus, minus uint64 // frequencies above zero, below zero; eight to a row
	norm        uint16
}

// sketchOf makes a view's sketch.
func sketchOf(v *view) sketch {
	s := sketch{norm: v.norm.dct}
	const half = len(code{}.dct) / 2
	for row := range 8 {
		from, shift := row/4, row%4*16
		s.plus |= v.code.dct[from] >> shift & 0xff << (8 * row)
		s.minus |= v.code.dct[half+from] >> shift & 0xff << (8 * row)
	}
	if s.lean() < 0 {
		s.plus, s.minus = transposed8(s.plus), transposed8(s.minus)
	}
	return s.upright()
}

// upright mirrors a sketch so that the first of its odd frequencies are above zero.
func (s sketch) upright() sketch {
	const oddColumns, oddRows = 0xaaaaaaaaaaaaaaaa, 0xff00ff00ff00ff00
	// The frequencies odd across and even down, the lowest first, then the other way round: a mirror changes the signs
	// of one and leaves the other.
	if s.first([9]int{1, 17, 3, 19, 33, 35, 5, 21, 37}) < 0 {
		s.negate(oddColumns)
	}
	if s.first([9]int{8, 10, 24, 26, 12, 28, 40, 42, 44}) < 0 {
		s.negate(oddRows)
	}
	return s
}

// sign is that of a frequency: 1, -1, or 0 for a weak one.
func (s *sketch) sign(i int) int { return int(s.plus>>i&1) - int(s.minus>>i&1) }

// first is the first sign that is not zero.
func (s *sketch) first(order [9]int) int {
	for _, i := range order {
		if n := s.sign(i); n != 0 {
			return n
		}
	}
	return 0
}

// lean is the first difference between the even frequencies along the rows and those along the columns.
func (s *sketch) lean() int {
	for i := 1; i <= 3; i++ {
		if d := s.sign(2*i) - s.sign(16*i); d != 0 {
			return d
		}
	}
	return 0
}

// negate changes the signs of some frequencies.
func (s *sketch) negate(which uint64) {
	p, n := s.plus, s.minus
	s.plus, s.minus = p&^which|n&which, n&^which|p&which
}

// transposed8 exchanges rows and columns of 8 by 8 bits.
func transposed8(x uint64) uint64 {
	var out uint64
	for x != 0 {
		i := bits.TrailingZeros64(x)
		out |= 1 << (i%8*8 + i/8)
		x &= x - 1
	}
	return out
}

const (
	storedSketches = 5
	askedSketches  = 10
)

// sketches picks the views to sketch: of a stored logo its whole figures, an outline and the greatest parts; of one
// that is searched for also the turned figures.
func (d *Descriptor) sketches(most int, turned bool) []sketch {
	var chosen []*view
	for i := range d.views {
		v := &d.views[i]
		if v.edges || v.crop != 0 || v.degrees != 0 && !turned {
			continue
		}
		chosen = append(chosen, v)
	}
	sort.SliceStable(chosen, func(i, j int) bool { return chosen[i].rank() < chosen[j].rank() })
	var list []sketch
	for _, v := range chosen[:min(len(chosen), most)] {
		s := sketchOf(v)
		list = append(list, s)
		if turned && v.kind == whole && !v.posed() { // the other way up, lest few signs have misled
			s.plus, s.minus = transposed8(s.plus), transposed8(s.minus)
			list = append(list, s.upright())
		}
	}
	return list
}

// rank orders views by how soon they are sketched.
func (v *view) rank() int {
	switch {
	case v.kind == whole && !v.posed():
		return 0
	case v.kind == outline && v.layer == 0:
		return 1
	case v.kind == outline:
		return 600
	case v.posed():
		return 500
	}
	return 2 + 255 - int(v.share)
}
