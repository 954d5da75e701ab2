package domain

import (
	"cmp"
	"slices"
	"sync"
)

// Index finds which of many watched names a domain resembles. It is safe for concurrent use.
type Index struct {
	mu    sync.RWMutex
	names []entry
}

// entry is one watched name.
type entry struct {
	id   uint32
	name Name
	form form
}

// NewIndex makes an index of no names.
func NewIndex() *Index { return &Index{} }

// Add watches a name. An id may have several names, and a name several ids.
func (x *Index) Add(id uint32, n Name) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.names = append(x.names, entry{id, n, newForm(n.Label)})
}

// Remove forgets all names of an id.
func (x *Index) Remove(id uint32) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.names = slices.DeleteFunc(x.names, func(e entry) bool { return e.id == id })
}

// Len is the number of names.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.names)
}

// Match gives the watched names that a domain resembles, each with the surest rule,
// the closest first.
func (x *Index) Match(n Name) []Match {
	x.mu.RLock()
	defer x.mu.RUnlock()
	c := newCandidate(n)
	var matches []Match
	for i := range x.names {
		e := &x.names[i]
		if m, ok := compare(&e.name, &e.form, c); ok {
			m.ID = e.id
			matches = append(matches, m)
		}
	}
	slices.SortFunc(matches, func(a, b Match) int {
		return cmp.Or(cmp.Compare(b.Closeness, a.Closeness), cmp.Compare(a.Watched, b.Watched), cmp.Compare(a.ID, b.ID))
	})
	return matches
}
