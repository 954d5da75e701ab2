package logo

import (
	"math/rand/v2"
	"testing"
)

// TestNearestListKeepsTheLeast fills a list with more than it keeps, in any order.
func TestNearestListKeepsTheLeast(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	l := newNearestList(10)
	far := make(map[int32]int)
	for n, rank := range random.Perm(3000) {
		far[int32(n)] = rank
		l.add(int32(n), 5*rank-7000)
	}
	got := l.nearest()
	if len(got) != 10 {
		t.Fatalf("got %d, want 10", len(got))
	}
	for n, at := range got {
		if far[at] != n {
			t.Errorf("number %d is the one of rank %d", n, far[at])
		}
	}
}

// TestNearestListOfEquals lists what is equally far by its number, whatever came first, and forgets nothing that is nearer.
func TestNearestListOfEquals(t *testing.T) {
	l := newNearestList(3)
	for at := int32(90); at > 0; at-- {
		l.add(at, 64)
	}
	l.add(500, 63)
	if got := l.nearest(); len(got) != 3 || got[0] != 500 || got[1] != 1 || got[2] != 2 {
		t.Errorf("got %v, want 500, 1, 2", got)
	}
}

// TestShelvesAreLookedAt finds a sketch that differs in two of the signs that shelves go by, and passes over one that
// differs in three.
func TestShelvesAreLookedAt(t *testing.T) {
	for differ, want := range []int{1, 1, 1, 0} {
		var l sketchList
		stored := sketch{plus: 1<<3 | 1<<40, minus: 1<<2 | 1<<19}
		l.add(stored, 7)
		asked := stored
		asked.plus ^= [...]uint64{0, 1 << 10, 1<<10 | 1<<34, 1<<10 | 1<<34 | 1<<25}[differ]
		if got := l.nearest([]sketch{asked}, 10); len(got) != want {
			t.Errorf("%d signs differ: found %v, want %d", differ, got, want)
		}
	}
}
