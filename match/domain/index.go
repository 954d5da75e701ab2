package domain

import (
	"cmp"
	"hash/maphash"
	"iter"
	"slices"
	"sync"
)

// Index finds which of many watched names a domain resembles. It is safe for concurrent use.
//
// Its tables only find labels that may be alike; the verdict is that of [Compare].
type Index struct {
	hash hasher // constant

	mu      sync.RWMutex
	labels  []watched           // by number; one without names is dead
	numbers map[string]uint32   // by label
	ids     map[uint32][]uint32 // numbers of the labels of an id's names
	have    map[watchedKey]bool // every name
	dead    int                 // labels without names
	whole   table               // labels by letters, skeleton and spelling
	weak    table               // by easily mistaken letters
	inner   table               // by their beginning, to be found inside others
	deleted table               // by their first letters without one or two of them
}

// watched is a label and the names that have it.
type watched struct {
	form
	names []watchedName
}

// watchedName is a name and whose it is.
type watchedName struct {
	id uint32
	Name
}

// watchedKey tells names apart.
type watchedKey struct {
	id   uint32
	name string // as A-labels
}

// NewIndex makes an index of no names.
func NewIndex() *Index {
	x := &Index{hash: hasher{maphash.MakeSeed()}}
	x.clear()
	return x
}

// clear forgets everything.
func (x *Index) clear() {
	x.labels, x.dead = nil, 0
	x.numbers, x.ids, x.have = map[string]uint32{}, map[uint32][]uint32{}, map[watchedKey]bool{}
	x.whole, x.weak, x.inner, x.deleted = table{}, table{}, table{}, table{}
}

// Add watches a name. An id may have several names, and a name several ids.
func (x *Index) Add(id uint32, n Name) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.add(id, n)
}

// add is Add; the caller holds the lock.
func (x *Index) add(id uint32, n Name) {
	k := watchedKey{id, n.ASCII}
	if x.have[k] {
		return
	}
	x.have[k] = true
	number, isNew := x.number(&n)
	w := &x.labels[number]
	if len(w.names) == 0 && !isNew {
		x.dead--
	}
	w.names = append(w.names, watchedName{id, n})
	x.ids[id] = append(x.ids[id], number)
}

// number is the number of a name's label, a new one where the label is.
func (x *Index) number(n *Name) (number uint32, isNew bool) {
	label := n.Label
	if label == "" { // kept by all of the name, and found by nothing else
		label = "\x00" + n.ASCII
	}
	if number, ok := x.numbers[label]; ok {
		return number, false
	}
	number = uint32(len(x.labels))
	x.numbers[label] = number
	x.labels = append(x.labels, watched{form: newForm(n.Label)})
	if n.Label != "" {
		x.enter(&x.labels[number].form, number)
	}
	return number, true
}

// enter puts a label into the tables, by each key that a rule finds it by.
func (x *Index) enter(f *form, number uint32) {
	x.whole.add(x.hash.text(f.letters), number)
	if f.skeleton != f.letters {
		x.whole.add(x.hash.text(f.skeleton), number)
	}
	if f.spelt != "" {
		x.whole.add(x.hash.text(f.spelt), number)
	}
	if min(f.size, f.count) < 5 {
		return
	}
	x.weak.add(x.hash.text(f.weak), number)
	if f.class != generic {
		x.inner.add(x.hash.beginning(f.letters), number)
	}
	x.hash.deletions(f.letters, depth(f), func(hash uint32) { x.deleted.add(hash, number) })
}

// depth is by how many edits a label is found, and finds others.
func depth(f *form) int {
	if min(f.size, f.count) >= 8 {
		return 2
	}
	return 1
}

// Remove forgets all names of an id.
func (x *Index) Remove(id uint32) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, number := range x.ids[id] {
		w := &x.labels[number]
		before := len(w.names)
		w.names = slices.DeleteFunc(w.names, func(n watchedName) bool {
			if n.id == id {
				delete(x.have, watchedKey{id, n.ASCII})
			}
			return n.id == id
		})
		if before > 0 && len(w.names) == 0 {
			x.dead++
		}
	}
	delete(x.ids, id)
	if x.dead > 1000 && x.dead > len(x.labels)/2 {
		x.rebuild()
	}
}

// rebuild makes the tables anew, without the dead.
func (x *Index) rebuild() {
	labels := x.labels
	x.clear()
	for _, w := range labels {
		for _, n := range w.names {
			x.add(n.id, n.Name)
		}
	}
}

// Len is the number of names.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.have)
}

// Untwist matches a list of names, in order.
func (x *Index) Untwist(names iter.Seq[string]) iter.Seq2[Name, []Match] {
	return func(yield func(Name, []Match) bool) {
		for s := range names {
			if n := Parse(s); !yield(n, x.Match(n)) {
				return
			}
		}
	}
}

// Match gives the watched names that a domain resembles, each with the surest rule,
// the closest first.
func (x *Index) Match(n Name) []Match {
	c := newCandidate(n)
	x.mu.RLock()
	defer x.mu.RUnlock()
	var matches []Match
	for _, number := range x.near(c) {
		w := &x.labels[number]
		for i := range w.names {
			if m, ok := compare(&w.names[i].Name, &w.form, c); ok {
				m.ID = w.names[i].id
				matches = append(matches, m)
			}
		}
	}
	slices.SortFunc(matches, func(a, b Match) int {
		return cmp.Or(cmp.Compare(b.Closeness, a.Closeness), cmp.Compare(a.Watched, b.Watched), cmp.Compare(a.ID, b.ID))
	})
	return matches
}
