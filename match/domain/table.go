package domain

import (
	"hash/maphash"
	"iter"
)

// table maps the hashes of keys to numbers, many to many. It forgets nothing; what a hash leads
// to by accident is for the caller to tell. 16 bytes a key at most, 8 a number.
type table struct {
	slots []slot // a power of two, at most three quarters taken
	posts []post // the numbers of a key are a chain
	taken int
}

// slot is one key; head is 0 where it is free.
type slot struct{ hash, head uint32 }

// post is one number of a key, and the place of the next plus one.
type post struct{ number, next uint32 }

// add puts a number to a key.
func (t *table) add(hash, number uint32) {
	if 4*(t.taken+1) > 3*len(t.slots) {
		t.grow()
	}
	s := t.find(hash)
	if s.head == 0 {
		t.taken++
		s.hash = hash
	} else if t.posts[s.head-1].number == number {
		return
	}
	t.posts = append(t.posts, post{number, s.head})
	s.head = uint32(len(t.posts))
}

// find is the slot of a key, or the free one where it belongs.
func (t *table) find(hash uint32) *slot {
	mask := uint32(len(t.slots) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		if s := &t.slots[i]; s.head == 0 || s.hash == hash {
			return s
		}
	}
}

// grow doubles the slots.
func (t *table) grow() {
	old := t.slots
	t.slots = make([]slot, max(64, 2*len(old)))
	for _, s := range old {
		if s.head != 0 {
			*t.find(s.hash) = s
		}
	}
}

// numbers yields the numbers of a key, the last added first.
func (t *table) numbers(hash uint32) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		if len(t.slots) == 0 {
			return
		}
		for at := t.find(hash).head; at != 0; at = t.posts[at-1].next {
			if !yield(t.posts[at-1].number) {
				return
			}
		}
	}
}

// hasher hashes keys with a seed of its own, so that nobody can make names that collide.
type hasher struct{ seed maphash.Seed }

// text hashes a text.
func (h hasher) text(s string) uint32 { return uint32(maphash.String(h.seed, s)) }

// prefixLength is how many letters of a label are in the deletion index: more make it
// larger, fewer make it find more that isn't near.
const prefixLength = 9

// deletions calls f with the hashes of what is left of a label's first letters when up to
// depth (at most two) of them are taken out. Two labels that are as many edits apart have one in common.
func (h hasher) deletions(letters string, depth int, f func(hash uint32)) {
	var prefix [prefixLength]rune
	n := 0
	for _, r := range letters {
		if n == prefixLength {
			break
		}
		prefix[n] = r
		n++
	}
	runes := prefix[:n]
	f(h.without(runes, -1, -1))
	for i := range runes {
		if i > 0 && runes[i] == runes[i-1] {
			continue
		}
		f(h.without(runes, i, -1))
		if depth < 2 {
			continue
		}
		for j := i + 1; j < len(runes); j++ {
			f(h.without(runes, i, j))
		}
	}
}

// without hashes a text without the letters at i and j.
func (h hasher) without(runes []rune, i, j int) uint32 {
	var buffer [4 * prefixLength]byte
	key := buffer[:0]
	for k, r := range runes {
		if k == i || k == j {
			continue
		}
		if r < 0x80 {
			key = append(key, byte(r))
		} else {
			key = append(key, 0xff, byte(r>>16), byte(r>>8), byte(r))
		}
	}
	return uint32(maphash.Bytes(h.seed, key))
}

// innerShortest and innerLongest bound the beginnings by which names are found inside others.
const (
	innerShortest = 5
	innerLongest  = 8
)

// beginning hashes the beginning of a label, by which it is found inside another.
func (h hasher) beginning(letters string) uint32 {
	n := 0
	for i := range letters {
		if n == innerLongest {
			return h.text(letters[:i])
		}
		n++
	}
	return h.text(letters)
}

// windows calls f with the hashes of all that may be the beginning of a name inside a label.
func (h hasher) windows(letters string, f func(hash uint32)) {
	var ends [innerLongest + 1]int // of the runes seen last
	seen := 0
	visit := func(end int) {
		for size := innerShortest; size <= min(innerLongest, seen); size++ {
			f(h.text(letters[ends[(seen-size)%len(ends)]:end]))
		}
	}
	for i := range letters {
		ends[seen%len(ends)] = i
		visit(i)
		seen++
	}
	ends[seen%len(ends)] = len(letters)
	visit(len(letters))
}
