package evidence_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"testing"

	"markwatch/internal/ctlogtest"
	"markwatch/internal/evidence"
	"markwatch/internal/marktest"
	"markwatch/parse"
	"markwatch/scanner"
	"markwatch/store"
	"markwatch/store/chdb"
)

const program = "markwatch test"

// described is the log as the scanner knows it.
func described(l *ctlogtest.Log, marks bool) scanner.Log {
	return scanner.Log{Name: l.Name(), URL: "http://" + l.Name() + ".test", Type: scanner.RFC6962, Key: l.PublicKey(), Marks: marks}
}

// batches reads a log from a position.
func batches(t testing.TB, l *ctlogtest.Log, marks bool, from scanner.Position) []store.Batch {
	t.Helper()
	s, err := scanner.New(scanner.Config{Log: described(l, marks), Position: from, HTTP: l.Client(), UserAgent: "markwatch-test (test@example.test)", MaxRate: 10000, Once: true})
	if err != nil {
		t.Fatal(err)
	}
	var out []store.Batch
	for b, err := range s.Batches(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		read := store.Batch{Scan: b}
		for _, raw := range b.Entries {
			entry, err := parse.Leaf(raw.LeafInput, raw.ExtraData)
			if err == nil {
				read.Marks = append(read.Marks, store.Mark{Raw: raw, Entry: entry})
			}
		}
		out = append(out, read)
	}
	return out
}

// pair logs a precertificate and its certificate.
func pair(l *ctlogtest.Log, ca *marktest.CA, spec marktest.Spec) {
	issued := ca.Issue(spec)
	sct, _ := l.AddPreChain(issued.Precertificate, issued.TBS, issued.IssuerKeyHash, issued.Chain...)
	final := ca.Issue(spec, sct)
	l.AddChain(append([][]byte{final.Certificate}, final.Chain...)...)
}

// opened is a store of the test with what was read of the logs.
func opened(t testing.TB, read ...store.Batch) *store.Store {
	t.Helper()
	if _, err := chdb.FindLibrary(); err != nil {
		if os.Getenv("MARKWATCH_TEST_ENGINE") == "required" {
			t.Fatal(err)
		}
		t.Skipf("the embedded engine is needed: %v", err)
	}
	st, err := store.Open(t.Context(), store.Options{DSN: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, b := range read {
		if err := st.Commit(context.Background(), b); err != nil {
			t.Fatal(err)
		}
	}
	return st
}

// offline is a log that can't be asked.
func offline(context.Context, scanner.Log, scanner.Hash, uint64, uint64) ([]scanner.Hash, error) {
	return nil, errors.New("no network")
}

// bare is the case of an issuance made without a store: of the entries that a
// mark log has of it.
func bare(t testing.TB, l *ctlogtest.Log, read []store.Batch, tbs [32]byte) *evidence.Case {
	t.Helper()
	var leaves []scanner.Hash
	for _, b := range read {
		leaves = append(leaves, b.Scan.LeafHashes...)
	}
	head := read[len(read)-1].Scan.Head
	i := &evidence.Issuance{}
	for _, b := range read {
		for _, m := range b.Marks {
			if m.Entry.Mark.TBSSHA256 != tbs {
				continue
			}
			path, _, err := evidence.AuditPath(m.Raw.Index, head.Size, hashes(leaves))
			if err != nil {
				t.Fatal(err)
			}
			e := evidence.Entry{Source: described(l, true), Head: head, Path: path, Parsed: m.Entry}
			e.LogID, e.Log, e.Index, e.Timestamp, e.Type = base64Of(l.LogID()), l.Name(), m.Raw.Index, m.Entry.Timestamp, m.Entry.Type.String()
			e.LeafHash, e.LeafInput, e.ExtraData = m.Raw.LeafHash, m.Raw.LeafInput, m.Raw.ExtraData
			i.Entries = append(i.Entries, e)
		}
	}
	i.Mark, i.TBSSHA256 = i.Entries[0].Parsed.Mark, hexOf(tbs)
	return &evidence.Case{Program: program, Found: i}
}

// packed writes the pack of a case, and takes it apart.
func packed(t testing.TB, c *evidence.Case) (pack []byte, pieces map[string][]byte) {
	t.Helper()
	var b bytes.Buffer
	if err := evidence.Write(&b, c); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), unzipped(t, b.Bytes())
}

func unzipped(t testing.TB, pack []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(pack), int64(len(pack)))
	if err != nil {
		t.Fatal(err)
	}
	pieces := map[string][]byte{}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if pieces[f.Name], err = io.ReadAll(in); err != nil {
			t.Fatal(err)
		}
	}
	return pieces
}

// zipped puts pieces together again.
func zipped(t testing.TB, pieces map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, data := range pieces {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write(data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// verify checks a pack.
func verify(t testing.TB, pack []byte, known ...scanner.Log) *evidence.Result {
	t.Helper()
	r, err := evidence.Verify(bytes.NewReader(pack), int64(len(pack)), known)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// sound fails the test where a pack has problems.
func sound(t testing.TB, pack []byte, known ...scanner.Log) *evidence.Result {
	t.Helper()
	r := verify(t, pack, known...)
	for _, p := range r.Problems() {
		t.Errorf("%s: %s: %s", p.Piece, p.Claim, p.Problem)
	}
	return r
}

// small is a log with a pair, an orphan of each kind, and others around them.
func small(name string) *ctlogtest.Log {
	l := ctlogtest.New(ctlogtest.Options{Name: name})
	ca := marktest.NewCA("Evidence Test CA")
	for i := range 5 {
		tls := ca.IssueTLS("shop.example", i)
		l.AddChain(append([][]byte{tls.Certificate}, tls.Chain...)...)
	}
	pair(l, ca, marktest.Registered("Larkspur Kettle Works Ltd", "larkspur-kettle.example", 1))
	orphan := ca.Issue(marktest.Registered("Bobbin Lane Bakery Ltd", "bobbin-bakery.example", 2))
	l.AddPreChain(orphan.Precertificate, orphan.TBS, orphan.IssuerKeyHash, orphan.Chain...)
	alone := ca.Issue(marktest.Registered("Thistle Ferry Ltd", "thistle-ferry.example", 3))
	l.AddChain(append([][]byte{alone.Certificate}, alone.Chain...)...)
	l.Publish()
	return l
}
