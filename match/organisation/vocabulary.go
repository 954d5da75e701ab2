package organisation

import (
	"hash/maphash"
	"iter"
	"slices"
)

// vocabulary is the words of an index, each with the names it is in, found by words that look
// like them. It is packed: a large index has a million hashes.
type vocabulary struct {
	seed  maphash.Seed
	ids   map[string]uint32 // index in words
	words []posting
	free  []uint32 // words that aren't used
	heads map[uint64]uint32
	nodes []node
	spare uint32 // the first node that isn't used
}

// posting is a word and the names it is in.
type posting struct {
	text  string
	names []uint32
}

// node is a word in the list of those of one hash. Nodes are numbered from 1; 0 ends a list.
type node struct{ word, next uint32 }

// newVocabulary makes an empty vocabulary.
func newVocabulary() *vocabulary {
	return &vocabulary{seed: maphash.MakeSeed(), ids: map[string]uint32{}, heads: map[uint64]uint32{}, nodes: make([]node, 1)}
}

// add notes that a name has a word.
func (v *vocabulary) add(text string, name uint32) {
	id, ok := v.ids[text]
	if !ok {
		if n := len(v.free); n > 0 {
			id, v.free = v.free[n-1], v.free[:n-1]
		} else {
			id = uint32(len(v.words))
			v.words = append(v.words, posting{})
		}
		v.ids[text] = id
		v.words[id] = posting{text: text}
		for _, h := range v.shapes(text) {
			v.link(h, id)
		}
	}
	v.words[id].names = append(v.words[id].names, name)
}

// remove notes that a name doesn't have a word any more.
func (v *vocabulary) remove(text string, name uint32) {
	id, ok := v.ids[text]
	if !ok {
		return
	}
	p := &v.words[id]
	if i := slices.Index(p.names, name); i >= 0 {
		p.names = slices.Delete(p.names, i, i+1)
	}
	if len(p.names) > 0 {
		return
	}
	for _, h := range v.shapes(text) {
		v.unlink(h, id)
	}
	delete(v.ids, text)
	*p = posting{}
	v.free = append(v.free, id)
}

// link puts a word into the list of a hash.
func (v *vocabulary) link(h uint64, word uint32) {
	n := v.spare
	if n == 0 {
		n = uint32(len(v.nodes))
		v.nodes = append(v.nodes, node{})
	} else {
		v.spare = v.nodes[n].next
	}
	v.nodes[n] = node{word: word, next: v.heads[h]}
	v.heads[h] = n
}

// unlink takes a word out of it.
func (v *vocabulary) unlink(h uint64, word uint32) {
	last := uint32(0)
	for n := v.heads[h]; n != 0; last, n = n, v.nodes[n].next {
		if v.nodes[n].word != word {
			continue
		}
		next := v.nodes[n].next
		v.nodes[n] = node{next: v.spare}
		v.spare = n
		switch {
		case last != 0:
			v.nodes[last].next = next
		case next != 0:
			v.heads[h] = next
		default:
			delete(v.heads, h)
		}
		return
	}
}

// near yields the words that may look like one, each once, with the names they are in.
func (v *vocabulary) near(text string) iter.Seq[[]uint32] {
	return func(yield func([]uint32) bool) {
		tried := map[uint32]struct{}{}
		for _, h := range v.shapes(text) {
			for n := v.heads[h]; n != 0; n = v.nodes[n].next {
				word := v.nodes[n].word
				if _, ok := tried[word]; ok {
					continue
				}
				tried[word] = struct{}{}
				if !yield(v.words[word].names) {
					return
				}
			}
		}
	}
}

// hash is that of a key. Two keys of one hash are told apart by what comparing says of their names.
func (v *vocabulary) hash(key string) uint64 { return maphash.String(v.seed, key) }

// shapes are the hashes that two words share which look alike: of the word, of its skeleton, and,
// where letters are compared, of what is left without one of them. Each is given once.
func (v *vocabulary) shapes(word string) []uint64 {
	out := []uint64{v.hash(word)}
	if look := skeleton(word); look != word {
		out = append(out, v.hash(look))
	}
	runes := []rune(word)
	if len(runes) < minEdited || len(runes) > maxEdited || digits(word) {
		return out
	}
	for i := range runes {
		if i == 0 || runes[i] != runes[i-1] {
			out = append(out, v.hash(string(runes[:i])+string(runes[i+1:])))
		}
	}
	return out
}
