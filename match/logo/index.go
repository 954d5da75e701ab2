package logo

import (
	"math/bits"
	"sort"
	"sync"
)

// An Index holds the descriptors of stored logos and finds those nearest to one. It is safe for concurrent use.
//
// A search looks at the sketches on the shelves where those of like logos stand, one after the other, and compares
// in full the logos whose sketches are nearest. A tree would be slower: at the distances at which logos are still
// alike, most of it is visited.
type Index struct {
	mu sync.RWMutex // guards all below

	at       map[uint32]int32 // slot of an id
	slots    []slot
	empty    int // slots whose logo was removed
	sketches sketchList
}

// A slot holds a stored logo; one that was removed has no descriptor.
type slot struct {
	id uint32
	d  *Descriptor
}

// A Neighbour is a stored logo that is near.
type Neighbour struct {
	ID uint32
	Comparison
}

const (
	compareAll = 1000 // up to so many logos, each is compared in full
	glances    = 1500 // sketches whose logos are looked at again
	candidates = 96   // of those, logos that are compared in full
)

// NewIndex makes an empty index.
func NewIndex() *Index { return &Index{at: make(map[uint32]int32)} }

// Add puts a logo into the index, in place of one with the same id. The index keeps d, which must not change.
func (x *Index) Add(id uint32, d *Descriptor) {
	list := d.sketches(storedSketches, false)
	x.mu.Lock()
	defer x.mu.Unlock()
	x.remove(id)
	at := int32(len(x.slots))
	x.at[id] = at
	x.slots = append(x.slots, slot{id, d})
	for _, s := range list {
		x.sketches.add(s, at)
	}
}

// Remove takes a logo out; an id that is not there is ignored.
func (x *Index) Remove(id uint32) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.remove(id)
}

// remove empties a slot, and packs the index when a third of it is empty.
func (x *Index) remove(id uint32) {
	at, ok := x.at[id]
	if !ok {
		return
	}
	delete(x.at, id)
	x.slots[at].d = nil
	if x.empty++; x.empty > compareAll && x.empty*3 > len(x.slots) {
		x.pack()
	}
}

// pack leaves out what was removed.
func (x *Index) pack() {
	moved := make([]int32, len(x.slots))
	var slots []slot
	for i, s := range x.slots {
		moved[i] = -1
		if s.d != nil {
			moved[i] = int32(len(slots))
			x.at[s.id] = moved[i]
			slots = append(slots, s)
		}
	}
	x.slots, x.empty = slots, 0
	x.sketches.move(moved)
}

// Len is the number of logos.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.at)
}

// Search finds at most limit logos with a score of at least threshold, the nearest first, equals by their id. Scores
// are those of Compare.
func (x *Index) Search(d *Descriptor, limit int, threshold float64) []Neighbour {
	p := expand(d)
	type found struct {
		id uint32
		a  agreement
	}
	var list []found
	for _, s := range x.candidates(p) {
		if a := p.best(s.d); a.score() >= threshold {
			list = append(list, found{s.id, a})
		}
	}
	sort.Slice(list, func(i, j int) bool {
		a, b := &list[i], &list[j]
		if x := a.a.copied(); x != b.a.copied() {
			return x
		}
		return a.a.raw > b.a.raw || a.a.raw == b.a.raw && a.id < b.id
	})
	list = list[:min(len(list), max(0, limit))]
	near := make([]Neighbour, len(list))
	for i := range list {
		near[i] = Neighbour{ID: list[i].id, Comparison: list[i].a.comparison()}
	}
	return near
}

// candidates are the logos to compare in full.
func (x *Index) candidates(p *probe) []slot {
	x.mu.RLock()
	defer x.mu.RUnlock()
	var list []slot
	if len(x.at) <= compareAll {
		for _, s := range x.slots {
			if s.d != nil {
				list = append(list, s)
			}
		}
		return list
	}
	seen := make(map[int32]bool, glances)
	best, g := newNearestList(candidates), p.glancer()
	for _, at := range x.sketches.nearest(p.of.sketches(askedSketches, true), glances) {
		if d := x.slots[at].d; d != nil && !seen[at] {
			seen[at] = true
			best.add(at, g.at(d, best.bound))
		}
	}
	for _, at := range best.nearest() {
		list = append(list, x.slots[at])
	}
	return list
}

// A glancer looks at the waves of a probe's poses, one after the other in memory.
type glancer struct {
	figures, posed, parts []glanced
}

// A glanced pose is its waves and its norm.
type glanced struct {
	dct  [2 * waves * waves / 64]uint64
	norm int
}

// glancer picks the poses that tell most: the waves of edges are their figure's, and an outline is rarely turned.
func (p *probe) glancer() *glancer {
	g := new(glancer)
	for i := range p.poses {
		q := &p.poses[i]
		one := glanced{dct: q.code.dct, norm: int(q.view.norm.dct)}
		switch {
		case q.view.edges || q.view.crop != 0 || q.view.kind == outline && q.turn != 0:
		case q.view.posed():
			g.posed = append(g.posed, one)
		case q.turn == 0:
			g.parts = append(g.parts, one)
		default:
			g.figures = append(g.figures, one)
		}
	}
	return g
}

// at is how far the nearest views are by their waves alone, against how near they come to plain shapes, in 32nds of a
// bit; most where they are no nearer than that.
func (g *glancer) at(d *Descriptor, most int) int {
	least := most
	for j := range d.views {
		v := &d.views[j]
		if v.edges || v.posed() {
			continue
		}
		own := least + int(v.norm.dct)
		own = nearestWave(g.parts, &v.code.dct, own)
		if v.whole() {
			own = nearestWave(g.figures, &v.code.dct, own)
			own = nearestWave(g.posed, &v.code.dct, own)
		}
		least = own - int(v.norm.dct)
	}
	return least
}

// nearestWave is the least distance of any of list less its norm, or least if that is less.
func nearestWave(list []glanced, w *[2 * waves * waves / 64]uint64, least int) int {
	for i := range list {
		q := &list[i]
		n := bits.OnesCount64(q.dct[0]^w[0]) + bits.OnesCount64(q.dct[1]^w[1]) +
			bits.OnesCount64(q.dct[4]^w[4]) + bits.OnesCount64(q.dct[5]^w[5])
		if bit*n-q.norm >= least { // already by the lower half
			continue
		}
		n += bits.OnesCount64(q.dct[2]^w[2]) + bits.OnesCount64(q.dct[3]^w[3]) +
			bits.OnesCount64(q.dct[6]^w[6]) + bits.OnesCount64(q.dct[7]^w[7])
		least = min(least, bit*n-q.norm)
	}
	return least
}
