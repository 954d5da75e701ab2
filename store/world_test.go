package store_test

import (
	"context"
	"errors"
	"os"
	"testing"

	"markwatch/internal/ctlogtest"
	"markwatch/internal/marktest"
	"markwatch/parse"
	"markwatch/scanner"
	"markwatch/store"
	"markwatch/store/chdb"
)

// needEngine skips where a developer has no engine, and fails where one was promised.
func needEngine(t testing.TB) {
	t.Helper()
	if _, err := chdb.FindLibrary(); err != nil {
		if os.Getenv("MARKWATCH_TEST_ENGINE") == "required" {
			t.Fatal(err)
		}
		t.Skipf("the embedded engine is needed: %v", err)
	}
}

// open opens an embedded store in a directory of the test.
func open(t testing.TB, dir string) *store.Store {
	t.Helper()
	needEngine(t)
	s, err := store.Open(t.Context(), store.Options{DSN: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("closing the store: %v", err)
		}
	})
	return s
}

// newLog is a log with a pair of every kind of mark certificate, every
// malformation, and some TLS certificates in between.
func newLog(name string) *ctlogtest.Log {
	log := ctlogtest.New(ctlogtest.Options{Name: name})
	ca := marktest.NewCA("Store Test CA")
	kinds := append(marktest.Kinds(), marktest.Malformations()...)
	for i, kind := range kinds {
		issued := ca.Issue(kind.Spec)
		sct, _ := log.AddPreChain(issued.Precertificate, issued.TBS, issued.IssuerKeyHash, issued.Chain...)
		final := ca.Issue(kind.Spec, sct)
		log.AddChain(append([][]byte{final.Certificate}, final.Chain...)...)
		tls := ca.IssueTLS("shop.example", i)
		log.AddChain(append([][]byte{tls.Certificate}, tls.Chain...)...)
	}
	log.Publish()
	return log
}

func logOf(l *ctlogtest.Log) scanner.Log {
	return scanner.Log{Name: l.Name(), URL: "http://" + l.Name() + ".test", Type: scanner.RFC6962, Key: l.PublicKey(), Marks: true}
}

// read scans the log from a position and parses what it yields.
func read(t testing.TB, l *ctlogtest.Log, from scanner.Position, batchEntries int) []store.Batch {
	t.Helper()
	s, err := scanner.New(scanner.Config{Log: logOf(l), Position: from, HTTP: l.Client(), UserAgent: "markwatch-test (test@example.test)", Once: true, BatchEntries: batchEntries, MaxRate: 10000})
	if err != nil {
		t.Fatal(err)
	}
	var batches []store.Batch
	for scanned, err := range s.Batches(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		batches = append(batches, parsed(t, scanned))
	}
	return batches
}

func parsed(t testing.TB, scanned scanner.Batch) store.Batch {
	t.Helper()
	b := store.Batch{Scan: scanned}
	for _, raw := range scanned.Entries {
		entry, err := parse.Leaf(raw.LeafInput, raw.ExtraData)
		var malformed *parse.MalformedError
		switch {
		case err == nil:
			b.Marks = append(b.Marks, store.Mark{Raw: raw, Entry: entry})
		case errors.As(err, &malformed):
			b.Malformed = append(b.Malformed, store.Malformed{Raw: raw, Err: malformed})
		case !errors.Is(err, parse.ErrNotMark):
			t.Fatalf("entry %d: %v", raw.Index, err)
		}
	}
	return b
}

func commit(t testing.TB, s *store.Store, batches ...store.Batch) {
	t.Helper()
	for _, b := range batches {
		if err := s.Commit(context.Background(), b); err != nil {
			t.Fatal(err)
		}
	}
}
