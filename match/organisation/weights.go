package organisation

import (
	"hash/maphash"
	"math"
	"sync"
)

// Weights knows how rare each word is in the names of organisations: what the built-in lists say
// of it, and in how many names it was seen. A word that is in every other name says nothing, one
// that is in no other says nearly all.
//
// All methods may be called at once from several goroutines.
type Weights struct {
	mu     sync.RWMutex // guards what follows
	seed   maphash.Seed
	known  map[uint64]struct{} // names that are counted
	counts map[string]int      // names with a word
}

// priorNames is how many names the built-in lists count as: before so many are learnt, what is
// learnt says little.
const priorNames = 20000

// NewWeights makes weights that know the built-in lists only: common words of company names in
// several languages, English words by their frequency, given names and surnames.
func NewWeights() *Weights {
	return &Weights{seed: maphash.MakeSeed(), known: map[uint64]struct{}{}, counts: map[string]int{}}
}

// Learn counts the words of a name. A name that was learnt before, in whatever case and with
// whatever legal form, counts once.
func (w *Weights) Learn(name string) {
	w.learn(readings(name)[0])
}

// learn counts the words of a reading once.
func (w *Weights) learn(r reading) {
	w.mu.Lock()
	defer w.mu.Unlock()
	h := maphash.String(w.seed, r.base)
	if _, ok := w.known[h]; ok {
		return
	}
	w.known[h] = struct{}{}
	for i, t := range r.tokens {
		if t.core() && !r.repeats(i) {
			w.counts[t.text]++
		}
	}
}

// count is in how many names a word was seen.
func (w *Weights) count(t token) int {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.counts[t.counted]
}

// weight is how much a word says, 0 to 1.
func (w *Weights) weight(t token) float64 {
	if !t.core() {
		return t.prior
	}
	w.mu.RLock()
	count, names := w.counts[t.counted], len(w.known)
	w.mu.RUnlock()
	if count < 2 {
		return t.prior
	}
	total := math.Log(float64(names + priorNames))
	return min(t.prior, max(0.05, 1-math.Log(float64(count))/total))
}
