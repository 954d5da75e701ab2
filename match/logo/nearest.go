package logo

import (
	"cmp"
	"math/bits"
	"slices"
)

// A sketchList holds sketches for the first look. Their lowest frequencies are kept in sheaves, which tell of 64 sketches
// at once which are near; of those alone the rest is read.
type sketchList struct {
	sheaves     []sheaf
	plus, minus []uint64
	norms       []uint16
	owners      []int32 // slot of each one's logo
}

// add appends a sketch.
func (l *sketchList) add(s sketch, owner int32) {
	n := len(l.owners) % 64
	if n == 0 {
		l.sheaves = append(l.sheaves, sheaf{})
	}
	l.sheaves[len(l.sheaves)-1].set(n, s)
	l.plus, l.minus = append(l.plus, s.plus), append(l.minus, s.minus)
	l.norms, l.owners = append(l.norms, s.norm), append(l.owners, owner)
}

// move gives each sketch its owner's new slot, and drops those whose new slot is negative.
func (l *sketchList) move(moved []int32) {
	var packed sketchList
	for i, o := range l.owners {
		if moved[o] >= 0 {
			packed.add(sketch{plus: l.plus[i], minus: l.minus[i], norm: l.norms[i]}, moved[o])
		}
	}
	*l = packed
}

const (
	bitOfSketch = 128 // what a bit of a sketch counts for where a bit of the whole code counts for a 32nd of it …
	bitOfLow    = 256 // … and what a bit of its lowest frequencies does; norms are 16 to a bit, and come in pairs

	samples = 2048 // sketches that tell what is near and what is not
	looked  = 80   // one of so many sketches is near enough by its lowest frequencies to be looked at whole
)

// nearest lists the sketches nearest to any of those asked for, each measured against how near its view comes to
// plain shapes. One may be listed twice. Most are passed over by their lowest frequencies alone.
func (l *sketchList) nearest(asked []sketch, most int) []int {
	best := newNearestList(most)
	reach := l.reach(asked)
	seekers := make([]seeker, len(asked))
	for i := range asked {
		seekers[i] = seek(&asked[i], reach)
	}
	for g := range l.sheaves {
		for i := range seekers {
			for near := seekers[i].near(&l.sheaves[g]); near != 0; near &= near - 1 {
				if at := 64*g + bits.TrailingZeros64(near); at < len(l.owners) {
					best.add(at, l.distance(&asked[i], at))
				}
			}
		}
	}
	return best.nearest()
}

// distance is how far a sketch is from one that is asked for.
func (l *sketchList) distance(q *sketch, at int) int {
	differ := bits.OnesCount64(l.plus[at]^q.plus) + bits.OnesCount64(l.minus[at]^q.minus)
	return bitOfSketch*differ - int(l.norms[at]) - int(q.norm)
}

// reach is how far, by the lowest frequencies, sketches may be to be looked at whole.
func (l *sketchList) reach(asked []sketch) int {
	const from = 2 * mostEase
	var count [from + lowBits + 1]int
	step, total := max(1, len(l.owners)/samples), 0
	lows := make([]uint64, len(asked))
	for i := range asked {
		lows[i] = asked[i].low()
	}
	for n := 0; n < len(l.owners); n += step {
		s := sketch{plus: l.plus[n], minus: l.minus[n], norm: l.norms[n]}
		low, ease := s.low(), s.ease()
		for i := range asked {
			count[from+bits.OnesCount64(low^lows[i])-ease-asked[i].ease()]++
			total++
		}
	}
	left := total / looked
	for d, n := range count {
		if left -= n; left < 0 {
			return d - from
		}
	}
	return lowBits + 1
}

// A nearestList keeps the least of many distances.
type nearestList struct {
	size  int
	kept  []near
	limit int     // the stretch of distances from which none is kept
	count []int32 // of each stretch
	total int     // below the limit
}

// A near thing is an item and how far it is.
type near struct{ at, far int }

const (
	farthestOf = 1 << 14 // distances are less than this, and no less than what is below zero as much
	stretch    = 32
)

// stretchOf is the stretch that a distance is in.
func stretchOf(far int) int { return min(max(0, far+farthestOf), 2*farthestOf-1) / stretch }

func newNearestList(size int) *nearestList {
	n := 2 * farthestOf / stretch
	return &nearestList{size: size, limit: n, count: make([]int32, n)}
}

// add keeps an item unless there are enough that are nearer.
func (l *nearestList) add(at, far int) {
	s := stretchOf(far)
	if s >= l.limit {
		return
	}
	l.kept = append(l.kept, near{at, far})
	l.count[s]++
	for l.total++; l.total-int(l.count[l.limit-1]) >= l.size; {
		l.limit--
		l.total -= int(l.count[l.limit])
	}
}

// nearest are the items that are nearest, and of equals those that came first.
func (l *nearestList) nearest() []int {
	slices.SortFunc(l.kept, func(a, b near) int { return cmp.Or(a.far-b.far, a.at-b.at) })
	out := make([]int, min(l.size, len(l.kept)))
	for i := range out {
		out[i] = l.kept[i].at
	}
	return out
}
