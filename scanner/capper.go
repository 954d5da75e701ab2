package scanner

import "sync"

// How much is asked for at once.
const (
	probeSize   = 4096     // entries, while a log's own cap is unknown
	targetBytes = 16 << 20 // of a response: more than that is asked for in parts
	shortsToCut = 3        // short answers in a row that teach a smaller cap
	fullsToGrow = 64       // full ones in a row after which a larger one is tried again
)

// capper learns how many entries a log gives at once. A log may cut a longer
// range at its cap, or at a multiple of it; so requests end at multiples of
// the cap, where both do the same. It is safe for concurrent use.
type capper struct {
	learned func(int) // is told of a new cap

	mu     sync.Mutex
	cap    int     // 0: unknown
	best   int     // most that was ever given
	shorts int     // short answers in a row
	low    int     // longest of them
	fulls  int     // full answers in a row
	weight float64 // bytes per entry; decays
}

// plan returns where a request from start should end, before end.
func (c *capper) plan(start, end uint64) uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	size := uint64(c.size())
	if c.cap == 0 {
		return min(end, start+size)
	}
	return min(end, (start/size+1)*size)
}

// size is how many entries to ask for. mu is held.
func (c *capper) size() int {
	n := c.cap
	if n == 0 {
		n = probeSize
	}
	if c.weight*float64(n) > targetBytes {
		n = max(1, int(targetBytes/c.weight))
	}
	return n
}

// known returns the cap, or 0.
func (c *capper) known() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cap
}

// answered learns from an answer of got entries in so many bytes, of which
// asked were asked for from start. follows says that the request began where a
// short answer ended, which is where the log likes to begin.
func (c *capper) answered(start uint64, asked, got, bytes int, follows bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.weight = max(c.weight*0.9, float64(bytes)/float64(got))
	c.best = max(c.best, got)
	if got == asked {
		c.full(asked)
		return
	}
	c.fulls = 0
	aligned := follows || start == 0 || c.cap > 0 && start%uint64(c.cap) == 0
	switch {
	case !aligned:
	case c.cap == 0:
		c.set(got)
	case got < c.cap:
		c.shorts++
		c.low = max(c.low, got)
		if c.shorts >= shortsToCut {
			c.best = c.cap // it gave that much once
			c.set(c.low)
		}
	}
}

// full counts an answer that had all that was asked for. mu is held.
func (c *capper) full(asked int) {
	if c.cap == 0 {
		if asked >= probeSize {
			c.set(asked)
		}
		return
	}
	if asked < c.cap {
		return
	}
	c.shorts, c.low = 0, 0
	if c.fulls++; c.fulls >= fullsToGrow && c.cap < c.best {
		c.set(min(c.best, 2*c.cap))
	}
}

// oversized learns that a response for asked entries was too large to take.
func (c *capper) oversized(asked int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.weight = max(c.weight, 2*targetBytes/float64(asked))
}

// set changes the cap. mu is held.
func (c *capper) set(n int) {
	c.cap, c.shorts, c.low, c.fulls = n, 0, 0, 0
	c.learned(n)
}
