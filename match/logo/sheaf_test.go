package logo

import (
	"math/bits"
	"math/rand/v2"
	"testing"
)

// TestSheafCountsAsOneByOne holds the count of 64 distances at once against single counts.
func TestSheafCountsAsOneByOne(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	draw := func() sketch {
		plus := random.Uint64() & random.Uint64()
		return sketch{plus: plus, minus: random.Uint64() &^ plus, norm: uint16(random.IntN(8193))}
	}
	for round := range 200 {
		var f sheaf
		stored := make([]sketch, 1+random.IntN(64))
		for n := range stored {
			stored[n] = draw()
			f.set(n, stored[n])
		}
		q := draw()
		if round%2 == 0 {
			q = stored[0]
		}
		reach := random.IntN(80) - 20
		s := seek(&q, reach)
		got := s.near(&f)
		for n := range stored {
			far := bits.OnesCount64(q.low()^stored[n].low()) - q.ease() - stored[n].ease()
			if near := got>>n&1 != 0; near != (far < reach) {
				t.Errorf("round %d: sketch %d at %d is near %v, within a reach of %d", round, n, far, near, reach)
			}
		}
	}
}

// TestNearestListKeepsTheLeast fills a list with more than it keeps, in any order.
func TestNearestListKeepsTheLeast(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	l := newNearestList(10)
	for n, far := range random.Perm(3000) {
		l.add(n, 5*far-7000)
	}
	last := -1 << 20
	for n, at := range l.nearest() {
		far := 0
		for _, k := range l.kept {
			if k.at == at {
				far = k.far
			}
		}
		if far != 5*n-7000 || far < last {
			t.Errorf("number %d is at %d, want %d", n, far, 5*n-7000)
		}
		last = far
	}
}
