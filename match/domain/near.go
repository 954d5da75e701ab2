package domain

import "slices"

// search collects the numbers of labels that may be alike.
type search struct {
	*Index
	numbers []uint32
}

// near gives the numbers of all labels that a candidate may resemble, and of some that it doesn't.
// What it looks up must cover the rules of [Compare]: a fuzz test holds the two together.
func (x *Index) near(c *candidate) []uint32 {
	s := search{Index: x}
	if c.Label == "" {
		if number, ok := x.numbers["\x00"+c.ASCII]; ok {
			s.numbers = append(s.numbers, number)
		}
		return s.numbers
	}
	s.edited(&c.main.form)
	f := &c.main.form
	s.whole(f.letters, f.skeleton, f.spelt)
	s.dots(c)
	s.plural(f.joined)
	s.add(&x.weak, x.hash.text(f.weak))
	s.within(&c.main)
	for i := range c.subs {
		s.whole(c.subs[i].letters, c.subs[i].skeleton)
		s.within(&c.subs[i])
	}
	return unique(s.numbers)
}

// edited looks up labels that are one or two edits away. The table gives many that aren't, and
// it is cheaper to leave them out here than to try all rules on them.
func (s *search) edited(f *form) {
	s.deleted(f.letters, depth(f))
	if f.skeleton != f.letters {
		s.deleted(f.skeleton, depth(f))
	}
	s.numbers = slices.DeleteFunc(unique(s.numbers), func(number uint32) bool {
		w := &s.labels[number].form
		return min(w.size, w.count) < 5 || edits(w, f) > depth(w)
	})
}

// unique sorts numbers and leaves out repeated ones.
func unique(numbers []uint32) []uint32 {
	slices.Sort(numbers)
	return slices.Compact(numbers)
}

// add collects what a table has under a key.
func (s *search) add(t *table, hash uint32) {
	for number := range t.numbers(hash) {
		s.numbers = append(s.numbers, number)
	}
}

// whole looks up labels by what they look like.
func (s *search) whole(keys ...string) {
	for i, k := range keys {
		if i == 0 || k != "" && k != keys[0] {
			s.add(&s.Index.whole, s.hash.text(k))
		}
	}
}

// deleted looks up labels that are up to depth edits away.
func (s *search) deleted(letters string, depth int) {
	s.hash.deletions(letters, depth, func(hash uint32) { s.add(&s.Index.deleted, hash) })
}

// within looks up labels that may stand in a part.
func (s *search) within(p *part) {
	for i := range p.runs {
		s.whole(p.runs[i].letters, p.runs[i].skeleton)
	}
	var buffer [256]uint32
	windows := buffer[:0]
	s.hash.windows(p.letters, func(hash uint32) { windows = append(windows, hash) })
	for _, hash := range unique(windows) { // a label may repeat itself
		s.add(&s.inner, hash)
	}
	for _, core := range p.core {
		s.deleted(mapRunes(core, letterOf), 1)
	}
}

// dots looks up labels that the candidate's dots may cut.
func (s *search) dots(c *candidate) {
	together := c.main.letters
	for i := range c.subs[:min(len(c.subs), maxDots)] {
		together = c.subs[i].letters + together
		s.whole(together)
	}
}

// plural looks up labels into which "es" may have been put.
func (s *search) plural(joined string) {
	for i := range pluralsES(joined) {
		s.whole(mapRunes(joined[:i]+joined[i+2:], letterOf))
	}
}
