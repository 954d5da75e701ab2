package organisation

import (
	"cmp"
	"hash/maphash"
	"slices"
	"sync"
)

// Index finds the organisations that are the same as another or look like it, among many. It
// gives what [Compare] gives with each of them.
//
// All methods may be called at once from several goroutines.
type Index struct {
	weights *Weights
	seed    maphash.Seed

	mu       sync.RWMutex // guards what follows
	entities map[uint32]*entity
	words    map[string][]uint32 // ids by word, of those that tell companies apart, and by all of them joined
	near     map[uint64][]string // words by the hash of what they look like, and of what is left of them without one letter
	exact    map[string][]uint32 // ids by folded name, by number and by LEI
}

// Match is an organisation of the index that is the same as the one asked for or looks like it.
type Match struct {
	ID uint32
	Comparison
}

// maxPostings is how many names one word may lead to. A word of more is in one name of ten of a
// large index; names that share no rarer one share nothing that says much.
const maxPostings = 5000

// NewIndex makes an empty index. Weights may be shared; nil are new ones.
func NewIndex(w *Weights) *Index {
	if w == nil {
		w = NewWeights()
	}
	return &Index{weights: w, seed: maphash.MakeSeed(), entities: map[uint32]*entity{},
		words: map[string][]uint32{}, near: map[uint64][]string{}, exact: map[string][]uint32{}}
}

// Add puts an organisation into the index, in the place of the one that has its id, and lets the
// weights learn its name.
func (x *Index) Add(id uint32, p Party) {
	e := newEntity(p)
	x.weights.learn(e.readings[0])
	x.mu.Lock()
	defer x.mu.Unlock()
	x.remove(id)
	x.entities[id] = e
	for _, key := range exactKeys(e) {
		x.exact[key] = append(x.exact[key], id)
	}
	for _, word := range wordKeys(e) {
		if x.words[word] == nil {
			for _, h := range x.shapes(word) {
				x.near[h] = append(x.near[h], word)
			}
		}
		x.words[word] = append(x.words[word], id)
	}
}

// Remove takes an organisation out. The weights keep what they learnt.
func (x *Index) Remove(id uint32) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.remove(id)
}

// remove takes an organisation out, under the lock.
func (x *Index) remove(id uint32) {
	e, ok := x.entities[id]
	if !ok {
		return
	}
	delete(x.entities, id)
	for _, key := range exactKeys(e) {
		without(x.exact, key, id)
	}
	for _, word := range wordKeys(e) {
		without(x.words, word, id)
		if x.words[word] == nil {
			for _, h := range x.shapes(word) {
				without(x.near, h, word)
			}
		}
	}
}

// without takes a value out of the list of a key, and the key with its last one.
func without[K, V comparable](m map[K][]V, key K, value V) {
	list := m[key]
	i := slices.Index(list, value)
	if i < 0 {
		return
	}
	if list = slices.Delete(list, i, i+1); len(list) == 0 {
		delete(m, key)
		return
	}
	m[key] = list
}

// Match gives the organisations that are the same as p or look like it, the same first, then those
// whose names are closest, then by id; at most limit of them, or all where limit is 0 or less.
func (x *Index) Match(p Party, limit int) []Match {
	e := newEntity(p)
	var found []Match
	x.mu.RLock()
	for _, id := range x.candidates(e) {
		if c := compare(e, x.entities[id], x.weights); c.Relation != Different {
			found = append(found, Match{id, c})
		}
	}
	x.mu.RUnlock()
	slices.SortFunc(found, func(a, b Match) int {
		return cmp.Or(cmp.Compare(b.Relation, a.Relation), cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID))
	})
	if limit > 0 && len(found) > limit {
		found = found[:limit]
	}
	return found
}

// candidates are the ids of all that may be similar to e, each once: those of its name or number,
// and those that have a word like one of its own that says enough.
func (x *Index) candidates(e *entity) []uint32 {
	seen := map[uint32]struct{}{}
	var ids []uint32
	add := func(list []uint32) {
		for _, id := range list {
			if _, ok := seen[id]; !ok {
				seen[id] = struct{}{}
				ids = append(ids, id)
			}
		}
	}
	for _, key := range exactKeys(e) {
		add(x.exact[key])
	}
	for _, word := range x.telling(e) {
		tried := map[string]struct{}{}
		for _, h := range x.shapes(word) {
			for _, other := range x.near[h] {
				if _, ok := tried[other]; ok || len(x.words[other]) > maxPostings {
					continue
				}
				tried[other] = struct{}{}
				add(x.words[other])
			}
		}
	}
	return ids
}

// telling are the words of e by which similar names are found. A similar name has all words of e
// that tell companies apart, so also the rarest; or one of those that say much by themselves.
func (x *Index) telling(e *entity) []string {
	var words []string
	for _, r := range e.readings {
		rarest, most := "", -1.0
		for _, t := range r.tokens {
			if !t.core() {
				continue
			}
			weight := x.weights.weight(t)
			if weight > most {
				rarest, most = t.text, weight
			}
			if weight >= enoughWhole {
				words = append(words, t.text)
			}
		}
		words = append(words, rarest, r.joined)
	}
	slices.Sort(words)
	words = slices.Compact(words)
	return slices.DeleteFunc(words, func(w string) bool { return w == "" })
}

// exactKeys are the keys of what decides alone.
func exactKeys(e *entity) []string {
	var keys []string
	for _, r := range e.readings {
		keys = append(keys, "name:"+r.base)
		text := "words:"
		for _, t := range r.tokens {
			text += t.text + " "
		}
		keys = append(keys, text)
	}
	if e.number.plain != "" {
		keys = append(keys, "number:"+shortNumber(e.number.plain))
	}
	if e.lei != "" {
		keys = append(keys, "lei:"+e.lei)
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// wordKeys are the words of a name by which it is found.
func wordKeys(e *entity) []string {
	var words []string
	for _, r := range e.readings {
		for _, t := range r.tokens {
			if t.core() {
				words = append(words, t.text)
			}
		}
		if r.joined != "" {
			words = append(words, r.joined)
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// shapes are the hashes that two words share which look alike: of the word, of its skeleton, and,
// of one that is long enough, of what is left without one of its letters.
func (x *Index) shapes(word string) []uint64 {
	out := []uint64{maphash.String(x.seed, word)}
	if look := skeleton(word); look != word {
		out = append(out, maphash.String(x.seed, look))
	}
	runes := []rune(word)
	if len(runes) < minEdited || len(runes) > maxEdited || digits(word) {
		return out
	}
	for i := range runes {
		if i > 0 && runes[i] == runes[i-1] {
			continue
		}
		out = append(out, maphash.String(x.seed, string(runes[:i])+string(runes[i+1:])))
	}
	return out
}
