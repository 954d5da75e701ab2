package logo

import (
	"sort"
	"sync"
)

// An Index holds the descriptors of stored logos and finds those nearest to one. It is safe for concurrent use.
type Index struct {
	mu sync.RWMutex
	at map[uint32]*Descriptor // guarded by mu
}

// A Neighbour is a stored logo that is near.
type Neighbour struct {
	ID uint32
	Comparison
}

// NewIndex makes an empty index.
func NewIndex() *Index { return &Index{at: make(map[uint32]*Descriptor)} }

// Add puts a logo into the index, in place of one with the same id.
func (x *Index) Add(id uint32, d *Descriptor) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.at[id] = d
}

// Remove takes a logo out.
func (x *Index) Remove(id uint32) {
	x.mu.Lock()
	defer x.mu.Unlock()
	delete(x.at, id)
}

// Len is the number of logos.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.at)
}

// Search finds at most limit logos with a score of at least threshold, the nearest first, those as near by their id.
func (x *Index) Search(d *Descriptor, limit int, threshold float64) []Neighbour {
	x.mu.RLock()
	defer x.mu.RUnlock()
	p := expand(d)
	var list []Neighbour
	for id, o := range x.at {
		if a := p.best(o); scale(a.raw) >= threshold {
			list = append(list, Neighbour{ID: id, Comparison: a.comparison()})
		}
	}
	sort.Slice(list, func(i, j int) bool {
		return list[i].Score > list[j].Score || list[i].Score == list[j].Score && list[i].ID < list[j].ID
	})
	return list[:min(len(list), max(0, limit))]
}
