package organisation

import (
	"cmp"
	"slices"
	"sync"
)

// Index finds the organisations that are the same as another or look like it, among many. It
// gives what [Compare] gives with each of them.
//
// All methods may be called at once from several goroutines.
type Index struct {
	weights *Weights

	mu       sync.RWMutex // guards what follows
	entities map[uint32]*entity
	words    *vocabulary         // those that tell companies apart, and all of a name's joined
	exact    map[uint64][]uint32 // ids by the hash of folded name, number and LEI
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
	return &Index{weights: w, entities: map[uint32]*entity{}, words: newVocabulary(), exact: map[uint64][]uint32{}}
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
	for _, key := range x.exactKeys(e) {
		x.exact[key] = append(x.exact[key], id)
	}
	for _, word := range wordKeys(e) {
		x.words.add(word, id)
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
	for _, key := range x.exactKeys(e) {
		without(x.exact, key, id)
	}
	for _, word := range wordKeys(e) {
		x.words.remove(word, id)
	}
}

// without takes an id out of the list of a key, and the key with its last one.
func without(m map[uint64][]uint32, key uint64, id uint32) {
	list := m[key]
	if i := slices.Index(list, id); i >= 0 {
		list = slices.Delete(list, i, i+1)
	}
	if m[key] = list; len(list) == 0 {
		delete(m, key)
	}
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
	for _, key := range x.exactKeys(e) {
		add(x.exact[key])
	}
	for _, word := range x.telling(e) {
		for names := range x.words.near(word) {
			if len(names) <= maxPostings {
				add(names)
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

// exactKeys are the hashes of what decides alone: the words of each reading, number and LEI.
func (x *Index) exactKeys(e *entity) []uint64 {
	var keys []uint64
	for _, r := range e.readings {
		keys = append(keys, x.words.hash("name:"+r.base))
		text := "name:"
		for i, t := range r.tokens {
			if i > 0 {
				text += " "
			}
			text += t.text
		}
		keys = append(keys, x.words.hash(text))
	}
	if e.number.plain != "" {
		keys = append(keys, x.words.hash("number:"+shortNumber(e.number.plain)))
	}
	if e.lei != "" {
		keys = append(keys, x.words.hash("lei:"+e.lei))
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
