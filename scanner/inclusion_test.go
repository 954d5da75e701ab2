package scanner_test

import (
	"errors"
	"fmt"
	"testing"

	"markwatch/internal/ctlogtest"
	"markwatch/scanner"
)

// TestInclusion guards that what a log answers is the leaf's proof, and that
// another leaf, size or root isn't taken for it.
func TestInclusion(t *testing.T) {
	l := ctlogtest.New(ctlogtest.Options{Name: "inclusion"})
	for i := range 7 {
		l.AddChain(fmt.Appendf(nil, "certificate %d", i))
	}
	l.Publish()
	s, err := scanner.New(scanner.Config{
		Log:  scanner.Log{Name: "inclusion", URL: "http://inclusion.test", Key: l.PublicKey()},
		HTTP: l.Client(), UserAgent: "markwatch-test (test@example.test)", MaxRate: 10000,
		Filter: func([]byte) bool { return true }, Once: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	var entries []scanner.Entry
	for b, err := range s.Batches(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		entries = append(entries, b.Entries...)
	}
	for _, e := range entries {
		index, path, err := s.Inclusion(t.Context(), e.LeafHash, 7)
		if err != nil || index != e.Index {
			t.Fatalf("entry %d: index %d, %v", e.Index, index, err)
		}
		if err := scanner.VerifyInclusion(index, 7, e.LeafHash, path, l.Root(7)); err != nil {
			t.Errorf("entry %d: %v", index, err)
		}
		if scanner.VerifyInclusion(index, 7, e.LeafHash, path, l.Root(6)) == nil {
			t.Errorf("entry %d: its proof is taken for one of another root", index)
		}
	}
	var unreachable *scanner.UnreachableError
	if _, _, err := s.Inclusion(t.Context(), scanner.Hash{1}, 7); !errors.As(err, &unreachable) {
		t.Errorf("a leaf that the log does not have: got %v, want an UnreachableError", err)
	}
}

// FuzzInclusion guards that no answer of a log breaks the reader.
func FuzzInclusion(f *testing.F) {
	f.Add([]byte(`{"leaf_index":1,"audit_path":["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]}`))
	f.Add([]byte(`{"leaf_index":-1,"audit_path":[""]}`))
	f.Add([]byte(`{"audit_path":null}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if _, path, err := scanner.ParseInclusion(body); err == nil && len(path) > 64 {
			t.Errorf("%d nodes", len(path))
		}
	})
}
