package reallog_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"iter"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"markwatch/internal/marktest"
	"markwatch/internal/reallog"
	"markwatch/scanner"
)

// submission is what was sent to a log, and the leaf it must become.
type submission struct {
	pre   bool
	chain [][]byte
	mark  marktest.Issued
	isTLS bool
	sct   reallog.SCT
}

// leaf is the MerkleTreeLeaf of RFC 6962, section 3.4, that the SCT promises.
func (s submission) leaf() []byte {
	b := binary.BigEndian.AppendUint64([]byte{0, 0}, s.sct.Timestamp)
	cert := s.mark.Certificate
	if s.pre {
		b = append(append(b, 0, 1), s.mark.IssuerKeyHash[:]...)
		cert = s.mark.TBS
	} else {
		b = append(b, 0, 0)
	}
	n := len(cert)
	b = append(b, byte(n>>16), byte(n>>8), byte(n))
	b = binary.BigEndian.AppendUint16(append(b, cert...), uint16(len(s.sct.Extensions)))
	return append(b, s.sct.Extensions...)
}

// newKey makes a log's key.
func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// start runs a log that accepts a CA.
func start(t testing.TB, key *ecdsa.PrivateKey, ca *marktest.CA) *reallog.Server {
	t.Helper()
	s, err := reallog.Start(context.Background(), reallog.Options{Key: key, Roots: [][]byte{ca.Root()}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// mint makes the submissions of n invented marks from number from on, each a
// precertificate and its certificate, with a TLS certificate after every fourth.
func mint(ca *marktest.CA, from, n int) (out []submission) {
	for i := from; i < from+n; i++ {
		m := ca.Issue(marktest.Registered(fmt.Sprintf("Invented %d Ltd", i), fmt.Sprintf("mark%d.example", i), uint64(i)))
		out = append(out,
			submission{pre: true, mark: m, chain: append([][]byte{m.Precertificate}, m.Chain...)},
			submission{mark: m, chain: append([][]byte{m.Certificate}, m.Chain...)})
		if i%4 == 3 {
			m := ca.IssueTLS(fmt.Sprintf("tls%d.example", i), i)
			out = append(out, submission{mark: m, isTLS: true, chain: append([][]byte{m.Certificate}, m.Chain...)})
		}
	}
	return out
}

// submit sends submissions to a log and waits until it shows them.
func submit(t testing.TB, s *reallog.Server, all []submission) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	size, err := s.Size(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for i := range all {
		add := s.AddChain
		if all[i].pre {
			add = s.AddPreChain
		}
		if all[i].sct, err = add(ctx, all[i].chain...); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Wait(ctx, size+uint64(len(all))); err != nil {
		t.Fatal(err)
	}
}

// config reads a log once.
func config(s *reallog.Server) scanner.Config {
	return scanner.Config{
		Log:       scanner.Log{Name: "real", URL: s.URL, Key: s.Key, Marks: true},
		UserAgent: "markwatch test (ops@example.test)", MaxRate: 1000, BatchEntries: 10,
		PollInterval: 10 * time.Millisecond, Once: true,
	}
}

// scan collects what a configuration yields, up to limit batches (0: all).
func scan(t testing.TB, cfg scanner.Config, limit int) ([]scanner.Batch, error) {
	t.Helper()
	return scanTo(t, cfg, limit, math.MaxUint64)
}

// scanTo stops also when the entries before end are read.
func scanTo(t testing.TB, cfg scanner.Config, limit int, end uint64) (out []scanner.Batch, err error) {
	t.Helper()
	s, err := scanner.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	for b, err := range s.Batches(t.Context()) {
		if err != nil {
			return out, err
		}
		if out = append(out, b); len(out) == limit || b.End >= end {
			break
		}
	}
	return out, nil
}

// rawEntry is an entry as get-entries gives it.
type rawEntry struct {
	Leaf  []byte `json:"leaf_input"`
	Extra []byte `json:"extra_data"`
}

// entries reads all entries of a log by encoding/json.
func entries(t testing.TB, s *reallog.Server) (out []rawEntry) {
	t.Helper()
	size, err := s.Size(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for uint64(len(out)) < size {
		var page struct{ Entries []rawEntry }
		if err := s.Get(t.Context(), fmt.Sprintf("get-entries?start=%d&end=%d", len(out), size-1), &page); err != nil {
			t.Fatal(err)
		}
		out = append(out, page.Entries...)
	}
	return out
}

// checkAll holds batches against the log and what was submitted to it.
func checkAll(t testing.TB, s *reallog.Server, all []submission, batches []scanner.Batch) {
	t.Helper()
	raw := entries(t, s)
	want := map[string]bool{} // leaves of marks
	for _, sub := range all {
		if !sub.isTLS {
			want[string(sub.leaf())] = true
		}
	}
	next := uint64(0)
	for _, b := range batches {
		if b.Start != next {
			t.Fatalf("batch begins at %d, want %d", b.Start, next)
		}
		next = b.End
		for _, e := range b.Entries {
			if !bytes.Equal(e.LeafInput, raw[e.Index].Leaf) || !bytes.Equal(e.ExtraData, raw[e.Index].Extra) {
				t.Errorf("entry %d differs from what the log serves", e.Index)
			}
			if !want[string(e.LeafInput)] {
				t.Errorf("entry %d was not submitted, or came before", e.Index)
			}
			delete(want, string(e.LeafInput))
		}
	}
	if next != uint64(len(raw)) || len(want) > 0 {
		t.Errorf("read %d of %d entries, %d marks are missing", next, len(raw), len(want))
	}
}

func TestReadsAllThatWasSubmitted(t *testing.T) {
	ca := marktest.NewCA("Invented")
	s := start(t, nil, ca)
	all := mint(ca, 0, 40)
	submit(t, s, all)
	got, err := scan(t, config(s), 0)
	if err != nil {
		t.Fatal(err)
	}
	checkAll(t, s, all, got)
	if len(got) < len(all)/10 {
		t.Errorf("%d batches of %d entries", len(got), len(all))
	}
}

// The log's cap of 1,000 aligned entries is met, and learned.
func TestReadsPastTheCap(t *testing.T) {
	ca := marktest.NewCA("Invented")
	s := start(t, nil, ca)
	all := mint(ca, 0, 550)
	submit(t, s, all)
	cfg := config(s)
	cfg.BatchEntries = 700
	got, err := scan(t, cfg, 0)
	if err != nil {
		t.Fatal(err)
	}
	checkAll(t, s, all, got)
	if c := got[len(got)-1].Position.Cap; c != 1000 {
		t.Errorf("learned a cap of %d", c)
	}
}

// The log grows while it is read, and the reader restarts after every few
// batches from the position it saved.
func TestGrowthAndRestarts(t *testing.T) {
	ca := marktest.NewCA("Invented")
	s := start(t, nil, ca)
	all := mint(ca, 0, 80)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := 0; i < len(all); i += 20 {
			submit(t, s, all[i:min(i+20, len(all))])
		}
	}()
	cfg := config(s)
	cfg.Once, cfg.BatchEntries = false, 7
	var got []scanner.Batch
	for limit := 1; cfg.Position.Next < uint64(len(all)); limit = limit%4 + 1 {
		batches, err := scanTo(t, cfg, limit, uint64(len(all)))
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, batches...)
		cfg.Position = batches[len(batches)-1].Position
	}
	<-done
	checkAll(t, s, all, got)
}

// leavesOf is what a store would keep of a scan.
func leavesOf(batches []scanner.Batch) func(context.Context, uint64, uint64) iter.Seq2[scanner.Hash, error] {
	var all []scanner.Hash
	for _, b := range batches {
		all = append(all, b.LeafHashes...)
	}
	return func(_ context.Context, start, end uint64) iter.Seq2[scanner.Hash, error] {
		return func(yield func(scanner.Hash, error) bool) {
			for _, h := range all[start:end] {
				if !yield(h, nil) {
					return
				}
			}
		}
	}
}

func TestStartIsQuick(t *testing.T) {
	began := time.Now()
	s := start(t, nil, marktest.NewCA("Invented"))
	size, err := s.Size(t.Context())
	if diff := cmp.Diff(uint64(0), size); err != nil || diff != "" {
		t.Errorf("empty log: %v %s", err, diff)
	}
	if d := time.Since(began); d > 10*time.Second {
		t.Errorf("starting took %s", d)
	}
}
