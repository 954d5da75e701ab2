package logo

import (
	"cmp"
	"math/bits"
	"slices"
)

// A sketchList holds sketches for the first look, on shelves by some of their signs: those of two views that are alike
// agree in nearly all of these, so that most shelves need not be looked at.
type sketchList struct {
	shelves [][]shelved // by shelf number; nil while there is none
}

// A shelved sketch is one with the slot of its logo.
type shelved struct {
	plus, minus uint64
	owner       int32
	norm        uint16
}

const (
	shelfBits = 12
	shelfNear = 2 // signs in which a shelf may differ and is looked at
)

// shelf is the number of a sketch's shelf. Its signs, of low frequencies, are each those of a quarter to two thirds
// of all views, and seldom change when a logo does; they were chosen on development logos.
func (s *sketch) shelf() int {
	n := 0
	for _, i := range [5]int{3, 10, 18, 25, 34} {
		n = n<<1 | int(s.plus>>i&1)
	}
	for _, i := range [7]int{2, 3, 6, 10, 12, 19, 33} {
		n = n<<1 | int(s.minus>>i&1)
	}
	return n
}

// add puts a sketch on its shelf.
func (l *sketchList) add(s sketch, owner int32) {
	if l.shelves == nil {
		l.shelves = make([][]shelved, 1<<shelfBits)
	}
	n := s.shelf()
	l.shelves[n] = append(l.shelves[n], shelved{s.plus, s.minus, owner, s.norm})
}

// move gives each sketch its owner's new slot, and drops those whose new slot is negative.
func (l *sketchList) move(moved []int32) {
	for n, shelf := range l.shelves {
		var packed []shelved
		for _, s := range shelf {
			if s.owner = moved[s.owner]; s.owner >= 0 {
				packed = append(packed, s)
			}
		}
		l.shelves[n] = packed
	}
}

// bitOfSketch is what a bit of a sketch counts for where a bit of the whole code counts for a 32nd of it; norms are
// 16 to a bit, and come in pairs.
const bitOfSketch = 128

// nearest lists the owners of the sketches nearest to any of those asked for, each measured against how near its
// view comes to plain shapes. One may be listed several times.
func (l *sketchList) nearest(asked []sketch, most int) []int32 {
	best := newNearestList(most)
	shelves := make([]int, len(asked))
	for i := range asked {
		shelves[i] = asked[i].shelf()
	}
	for n, shelf := range l.shelves {
		for i := range asked {
			if bits.OnesCount16(uint16(n^shelves[i])) <= shelfNear {
				best.look(&asked[i], shelf)
			}
		}
	}
	return best.nearest()
}

// look keeps what is near of a shelf.
func (l *nearestList) look(q *sketch, shelf []shelved) {
	for i := range shelf {
		s := &shelf[i]
		differ := bits.OnesCount64(s.plus^q.plus) + bits.OnesCount64(s.minus^q.minus)
		if far := bitOfSketch*differ - int(s.norm) - int(q.norm); far < l.bound {
			l.add(s.owner, far)
		}
	}
}

// A nearestList keeps the least of many distances.
type nearestList struct {
	size  int
	kept  []near
	bound int     // distances from which none is kept: where a stretch begins
	count []int32 // of each stretch
	total int     // below the bound
}

// A near thing is a slot and how far its logo is.
type near struct {
	at  int32
	far int
}

const (
	farthestOf = 1 << 14 // distances are less than this, and no less than what is below zero as much
	stretch    = 32
)

// stretchOf is the stretch that a distance is in.
func stretchOf(far int) int { return (far + farthestOf) / stretch }

func newNearestList(size int) *nearestList {
	return &nearestList{size: size, bound: farthestOf, count: make([]int32, stretchOf(farthestOf))}
}

// add keeps an item unless there are enough that are nearer.
func (l *nearestList) add(at int32, far int) {
	if far = max(far, -farthestOf); far >= l.bound {
		return
	}
	l.kept = append(l.kept, near{at, far})
	l.count[stretchOf(far)]++
	for l.total++; ; l.bound -= stretch {
		last := int(l.count[stretchOf(l.bound)-1])
		if l.total-last < l.size {
			return
		}
		l.total -= last
	}
}

// nearest are the slots of what is nearest, of equals those of lower number first.
func (l *nearestList) nearest() []int32 {
	l.kept = slices.DeleteFunc(l.kept, func(n near) bool { return n.far >= l.bound })
	slices.SortFunc(l.kept, func(a, b near) int { return cmp.Or(a.far-b.far, int(a.at-b.at)) })
	out := make([]int32, min(l.size, len(l.kept)))
	for i := range out {
		out[i] = l.kept[i].at
	}
	return out
}
