package domain

import (
	"bytes"
	"slices"
	"strings"
)

// holding is the letters of all names, to be searched for a name that stands in them: one pass
// over 100,000 names takes a millisecond.
type holding struct {
	names   int    // added, those that were removed since included
	text    []byte // one line for each
	starts  []int  // of the lines
	numbers []uint32
}

// add adds a line for the label with a number.
func (h *holding) add(line string, number uint32) {
	h.starts = append(h.starts, len(h.text))
	h.numbers = append(h.numbers, number)
	h.text = append(append(h.text, line...), '\n')
}

// find calls f with the numbers of the labels whose lines have a text in them.
func (h *holding) find(text string, f func(number uint32)) {
	for at := 0; text != "" && at < len(h.text); {
		i := bytes.Index(h.text[at:], []byte(text))
		if i < 0 {
			return
		}
		line, exact := slices.BinarySearch(h.starts, at+i)
		if !exact {
			line--
		}
		f(h.numbers[line])
		if line+1 == len(h.starts) {
			return
		}
		at = h.starts[line+1]
	}
}

// hold enters a name by all that a shorter one may be found in it by.
func (x *Index) hold(c *candidate, number uint32) {
	x.held.add(lettersOf(strings.ReplaceAll(c.Unicode, ".", "")), number)
	for _, p := range append([]part{c.main}, c.subs...) {
		if p.skeleton != p.letters {
			x.held.add(p.skeleton, number)
		}
		for _, r := range p.runs {
			if r.skeleton != r.letters {
				x.held.add(r.skeleton, number)
			}
		}
		for _, core := range p.core {
			x.hash.deletions(mapRunes(core, letterOf), 1, func(hash uint32) { x.cores.add(hash, number) })
		}
	}
}

// lettersOf is the form of a text in which names are sought in others.
func lettersOf(s string) string { return mapRunes(withoutHyphens(plainOf(s)), letterOf) }

// Imitators gives the names of the index that resemble a watched one, the closest first: what
// [Index.Match] finds, seen from the other side, for a watched name that comes later than the
// names that imitate it. A match's ID is that of the name that resembles.
func (x *Index) Imitators(watched Name) []Match { return x.imitators(watched, false) }

// OtherImitators is Imitators without the names of the same registrable domain.
func (x *Index) OtherImitators(watched Name) []Match { return x.imitators(watched, true) }

func (x *Index) imitators(watched Name, others bool) []Match {
	w := newForm(watched.Label)
	x.mu.RLock()
	defer x.mu.RUnlock()
	var matches []Match
	for _, number := range x.behind(&watched, &w) {
		for _, n := range x.labels[number].names {
			if others && akin(&watched, &n.Name) {
				continue
			}
			if m, ok := compare(&watched, &w, newCandidate(n.Name)); ok {
				m.ID = n.id
				matches = append(matches, m)
			}
		}
	}
	sortMatches(matches)
	return matches
}

// behind gives the numbers of all labels whose names may resemble a watched one.
func (x *Index) behind(n *Name, w *form) []uint32 {
	s := search{Index: x}
	if n.Label == "" {
		if number, ok := x.numbers["\x00"+n.ASCII]; ok {
			s.numbers = append(s.numbers, number)
		}
		return s.numbers
	}
	s.deleted(w.letters, depth(w))
	s.numbers = slices.DeleteFunc(unique(s.numbers), func(number uint32) bool {
		return edits(w, &x.labels[number].form) > depth(w)
	})
	s.whole(w.letters, w.skeleton, w.spelt)
	s.add(&x.weak, x.hash.text(w.weak))
	for i := 1; i <= len(w.joined); i++ {
		if strings.IndexByte("sxz", w.joined[i-1]) >= 0 {
			s.whole(mapRunes(w.joined[:i]+"es"+w.joined[i:], letterOf))
		}
	}
	x.hash.deletions(w.letters, 1, func(hash uint32) { s.add(&x.cores, hash) })
	found := func(number uint32) { s.numbers = append(s.numbers, number) }
	if w.size < 4 { // only the whole domain can be found in others
		labels := nonEmpty(strings.Split(n.Unicode, "."))
		x.held.find(lettersOf(strings.Join(labels[len(n.Sub):], "")), found)
		return unique(s.numbers)
	}
	x.held.find(w.letters, found)
	if w.skeleton != w.letters {
		x.held.find(w.skeleton, found)
	}
	return unique(s.numbers)
}
