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
	labels  []watched           // by number
	numbers map[string]uint32   // by label
	ids     map[uint32][]uint32 // numbers of the labels of an id's names
	have    map[watchedKey]bool // every name
	whole   table               // labels by letters, skeleton and spelling
	weak    table               // by easily mistaken letters
	inner   table               // by their beginning, to be found inside others
	deleted table               // by their first letters without one or two of them
	cores   table               // by what may be a misspelt name beside a lure in them, without one letter
	held    holding             // what stands in all names
}

// watched is a label and the names that have it.
type watched struct {
	form
	names []watchedName // none when all were removed
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
	x.labels, x.held = nil, holding{}
	x.numbers, x.ids, x.have = map[string]uint32{}, map[uint32][]uint32{}, map[watchedKey]bool{}
	x.whole, x.weak, x.inner, x.deleted, x.cores = table{}, table{}, table{}, table{}, table{}
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
	number := x.number(&n)
	w := &x.labels[number]
	w.names = append(w.names, watchedName{id, n})
	x.ids[id] = append(x.ids[id], number)
	x.held.names++
	if n.Label != "" {
		x.hold(newCandidate(n), number)
	}
}

// number is the number of a name's label, a new one where the label is.
func (x *Index) number(n *Name) uint32 {
	label := n.Label
	if label == "" { // kept by all of the name, and found by nothing else
		label = "\x00" + n.ASCII
	}
	if number, ok := x.numbers[label]; ok {
		return number
	}
	number := uint32(len(x.labels))
	x.numbers[label] = number
	x.labels = append(x.labels, watched{form: newForm(n.Label)})
	if n.Label != "" {
		x.enter(&x.labels[number].form, number)
	}
	return number
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
	x.weak.add(x.hash.text(f.weak), number)
	if min(f.size, f.count) < 4 {
		return
	}
	if f.class != generic {
		x.inner.add(x.hash.beginning(f.letters), number)
	}
	x.hash.deletions(f.letters, depth(f), func(hash uint32) { x.deleted.add(hash, number) })
	if f.skeleton != f.letters {
		x.hash.deletions(f.skeleton, depth(f), func(hash uint32) { x.deleted.add(hash, number) })
	}
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
		w.names = slices.DeleteFunc(w.names, func(n watchedName) bool {
			if n.id == id {
				delete(x.have, watchedKey{id, n.ASCII})
			}
			return n.id == id
		})
	}
	delete(x.ids, id)
	if gone := x.held.names - len(x.have); gone > 1000 && gone > len(x.have) {
		x.rebuild()
	}
}

// rebuild makes the tables anew, without the names that were removed.
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
func (x *Index) Match(n Name) []Match { return x.match(n, false) }

// OtherMatches is Match without the names of the same registrable domain, which may
// have thousands.
func (x *Index) OtherMatches(n Name) []Match { return x.match(n, true) }

func (x *Index) match(n Name, others bool) []Match {
	c := newCandidate(n)
	x.mu.RLock()
	defer x.mu.RUnlock()
	var matches []Match
	for _, number := range x.near(c) {
		w := &x.labels[number]
		for i := range w.names {
			if others && akin(&w.names[i].Name, &n) {
				continue
			}
			if m, ok := compare(&w.names[i].Name, &w.form, c); ok {
				m.ID = w.names[i].id
				matches = append(matches, m)
			}
		}
	}
	sortMatches(matches)
	return matches
}

// sortMatches puts the closest first, and those as close in the order of their names.
func sortMatches(matches []Match) {
	slices.SortFunc(matches, func(a, b Match) int {
		return cmp.Or(cmp.Compare(b.Closeness, a.Closeness), cmp.Compare(a.Watched, b.Watched), cmp.Compare(a.Domain, b.Domain), cmp.Compare(a.ID, b.ID))
	})
}
