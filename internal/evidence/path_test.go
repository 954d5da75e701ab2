package evidence_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"iter"
	"testing"

	"markwatch/internal/ctlogtest"
	"markwatch/internal/evidence"
	"markwatch/scanner"
)

func hashes(all []scanner.Hash) iter.Seq2[scanner.Hash, error] {
	return func(yield func(scanner.Hash, error) bool) {
		for _, h := range all {
			if !yield(h, nil) {
				return
			}
		}
	}
}

// TestAuditPath guards the proofs of every entry of every small tree, by roots
// that another implementation computed.
func TestAuditPath(t *testing.T) {
	l := ctlogtest.New(ctlogtest.Options{Name: "paths"})
	var leaves []scanner.Hash
	for i := range 40 {
		l.AddChain(fmt.Appendf(nil, "certificate %d", i))
	}
	l.Publish()
	s, err := scanner.New(scanner.Config{
		Log:  scanner.Log{Name: "paths", URL: "http://paths.test", Key: l.PublicKey(), Marks: true},
		HTTP: l.Client(), UserAgent: "markwatch-test (test@example.test)", MaxRate: 10000, Once: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	for b, err := range s.Batches(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		leaves = append(leaves, b.LeafHashes...)
	}
	for size := uint64(1); size <= 40; size++ {
		for index := range size {
			path, root, err := evidence.AuditPath(index, size, hashes(leaves[:size]))
			if err != nil {
				t.Fatal(err)
			}
			if root != l.Root(size) {
				t.Errorf("the root of %d entries with entry %d apart is %x, want %x", size, index, root, l.Root(size))
			}
			if err := scanner.VerifyInclusion(index, size, leaves[index], path, l.Root(size)); err != nil {
				t.Errorf("entry %d of %d: %v", index, size, err)
			}
		}
	}
}

// TestAuditPathRefuses guards that a proof isn't made of too few or too many
// leaf hashes, or for an entry that isn't in the tree.
func TestAuditPathRefuses(t *testing.T) {
	three := make([]scanner.Hash, 3)
	broken := errors.New("the store is away")
	for name, c := range map[string]struct {
		index, size uint64
		leaves      iter.Seq2[scanner.Hash, error]
	}{
		"beyond the tree": {3, 3, hashes(three)},
		"an empty tree":   {0, 0, hashes(nil)},
		"too few":         {0, 4, hashes(three)},
		"too many":        {0, 2, hashes(three)},
		"an error":        {0, 3, func(yield func(scanner.Hash, error) bool) { yield(scanner.Hash{}, broken) }},
	} {
		if _, _, err := evidence.AuditPath(c.index, c.size, c.leaves); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// BenchmarkAuditPath measures the proof of an entry of a million.
func BenchmarkAuditPath(b *testing.B) {
	const size = 1 << 20
	all := func(yield func(scanner.Hash, error) bool) {
		for i := range size {
			if !yield(scanner.Hash{byte(i), byte(i >> 8), byte(i >> 16), sha256.Size}, nil) {
				return
			}
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := evidence.AuditPath(123456, size-1, func(yield func(scanner.Hash, error) bool) {
			n := 0
			for h, err := range all {
				if n++; n == size || !yield(h, err) {
					return
				}
			}
		}); err != nil {
			b.Fatal(err)
		}
	}
}
