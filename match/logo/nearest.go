package logo

import (
	"math"
	"math/bits"
	"sort"
)

// A sketchList holds sketches for the first look, field by field: a search reads little more than the first.
type sketchList struct {
	plus, minus []uint64
	norms       []uint16
	owners      []int32 // slot of each one's logo
}

// add appends a sketch.
func (l *sketchList) add(s sketch, owner int32) {
	l.plus, l.minus = append(l.plus, s.plus), append(l.minus, s.minus)
	l.norms, l.owners = append(l.norms, s.norm), append(l.owners, owner)
}

// move gives each sketch its owner's new slot, and drops those whose new slot is negative.
func (l *sketchList) move(moved []int32) {
	n := 0
	for i, o := range l.owners {
		if moved[o] >= 0 {
			l.plus[n], l.minus[n], l.norms[n], l.owners[n] = l.plus[i], l.minus[i], l.norms[i], moved[o]
			n++
		}
	}
	l.plus, l.minus, l.norms, l.owners = l.plus[:n], l.minus[:n], l.norms[:n], l.owners[:n]
}

// block is how many sketches all those asked for are held against before the next, so that they stay in the cache.
const block = 4096

// nearest lists the sketches nearest to any of those asked for, each measured against how near its view comes to
// plain shapes. One may be listed twice.
func (l *sketchList) nearest(asked []sketch, most int) []int {
	best := nearestList{limit: math.MaxInt32, size: most}
	for start := 0; start < len(l.plus); start += block {
		end := min(start+block, len(l.plus))
		plus := l.plus[start:end]
		norms := l.norms[start:end][:len(plus)]
		for i := range asked {
			q := &asked[i]
			// 128 to a bit; norms are sixteenths of a bit of codes that are four times as long.
			least := best.limit + int(q.norm)
			for n, p := range plus {
				d := 128*bits.OnesCount64(p^q.plus) - int(norms[n])
				if d >= least {
					continue
				}
				if d += 128 * bits.OnesCount64(l.minus[start+n]^q.minus); d < least {
					best.add(start+n, d-int(q.norm))
					least = best.limit + int(q.norm)
				}
			}
		}
	}
	best.trim()
	return best.at
}

// A nearestList keeps the least of many distances.
type nearestList struct {
	limit int // what is at least so far is not kept
	size  int
	at    []int
	far   []int
}

// add keeps an item; now and then it drops the further half.
func (l *nearestList) add(n, far int) {
	l.at, l.far = append(l.at, n), append(l.far, far)
	if len(l.at) >= 2*l.size {
		l.trim()
	}
}

// trim drops all but the nearest; of equals those that came first stay.
func (l *nearestList) trim() {
	order := make([]int, len(l.at))
	for i := range order {
		order[i] = i
	}
	sort.Slice(order, func(i, j int) bool {
		a, b := order[i], order[j]
		return l.far[a] < l.far[b] || l.far[a] == l.far[b] && a < b
	})
	order = order[:min(len(order), l.size)]
	if len(order) == l.size {
		l.limit = l.far[order[len(order)-1]]
	}
	sort.Ints(order)
	for i, k := range order {
		l.at[i], l.far[i] = l.at[k], l.far[k]
	}
	l.at, l.far = l.at[:len(order)], l.far[:len(order)]
}
