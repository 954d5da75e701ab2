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

// inWords follows the words of VERIFY.md.
func inWords(leaf scanner.Hash, index, size uint64, path []scanner.Hash) (root scanner.Hash, ok bool) {
	hash, n, last := leaf, index, size-1
	for _, p := range path {
		if last == 0 {
			return hash, false
		}
		if n%2 == 1 || n == last {
			hash = sha256.Sum256(append(append([]byte{1}, p[:]...), hash[:]...))
			for n%2 == 0 && n != 0 {
				n, last = n/2, last/2
			}
		} else {
			hash = sha256.Sum256(append(append([]byte{1}, hash[:]...), p[:]...))
		}
		n, last = n/2, last/2
	}
	return hash, last == 0
}

// TestInWords guards that who follows VERIFY.md by hand gets the root.
func TestInWords(t *testing.T) {
	var leaves []scanner.Hash
	for size := uint64(1); size <= 40; size++ {
		leaves = append(leaves, sha256.Sum256(fmt.Appendf(nil, "leaf %d", size)))
		for index := range size {
			path, root, err := evidence.AuditPath(index, size, hashes(leaves))
			if err != nil {
				t.Fatal(err)
			}
			if got, ok := inWords(leaves[index], index, size, path); !ok || got != root {
				t.Errorf("entry %d of %d: the words give %x, %v, want %x", index, size, got, ok, root)
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
