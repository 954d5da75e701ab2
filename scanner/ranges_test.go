package scanner_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"markwatch/internal/ctlogtest"
	"markwatch/scanner"
)

// backfill starts one.
func backfill(t *testing.T, cfg scanner.Config) *scanner.Backfill {
	t.Helper()
	s, err := scanner.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	b, err := s.Backfill(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// ranges collects a run.
func ranges(t *testing.T, b *scanner.Backfill, start, end uint64, level uint) (out []scanner.Range, err error) {
	t.Helper()
	for r, err := range b.Run(t.Context(), start, end, level) {
		if err != nil {
			return out, err
		}
		out = append(out, r)
	}
	return out, nil
}

// checkRanges holds ranges against the log, and returns what joining needs.
func checkRanges(t *testing.T, l *ctlogtest.Log, got []scanner.Range, from, to uint64) (parts []scanner.Subtree) {
	t.Helper()
	var asBatches []scanner.Batch
	for _, r := range got {
		if n := r.End - r.Start; n&(n-1) != 0 || r.Start%n != 0 {
			t.Errorf("[%d, %d) is no aligned power of two", r.Start, r.End)
		}
		if err := scanner.VerifySubtree(r.Start, r.End, r.Root, r.Proof, r.Head.Size, l.Root(r.Head.Size)); err != nil {
			t.Errorf("[%d, %d): %v", r.Start, r.End, err)
		}
		parts = append(parts, scanner.Subtree{Start: r.Start, End: r.End, Root: r.Root})
		asBatches = append(asBatches, scanner.Batch{Log: r.Log, Start: r.Start, End: r.End, Entries: r.Entries, LeafHashes: r.LeafHashes,
			Head: r.Head, Position: scanner.Position{Next: r.End}})
	}
	checkBatches(t, l, asBatches, from, to)
	return parts
}

// TestEveryRange guards that each range of trees of every size is proved by
// itself, whatever is beside it.
func TestEveryRange(t *testing.T) {
	both(t, func(t *testing.T, p protocol) {
		l := p.newLog(2, ctlogtest.Options{MaxGetEntries: 64})
		for size := uint64(2); size <= 70; size++ {
			b := backfill(t, config(l, &recorder{}))
			for level := uint(1); level <= 6; level++ {
				for start := uint64(0); start+1<<level <= size; start += 1 << level {
					got, err := ranges(t, b, start, start+1<<level, level)
					if err != nil || len(got) != 1 {
						t.Fatalf("[%d, %d) of %d: %d ranges, %v", start, start+1<<level, size, len(got), err)
					}
					checkRanges(t, l, got, start, start+1<<level)
				}
			}
			add(l, 1)
		}
	})
}

// TestRangesInAnyOrder guards that ranges read in any order, by several who know
// nothing of each other, join to the position of a scan in order.
func TestRangesInAnyOrder(t *testing.T) {
	bubble(t, func(t *testing.T, p protocol) {
		const n, level = 1003, 5
		l := p.newLog(n, ctlogtest.Options{MaxGetEntries: 48, AlignRanges: true})
		cfg := config(l, &recorder{})
		machines := []*scanner.Backfill{backfill(t, cfg), backfill(t, cfg)}
		var parts [n >> 6][]scanner.Subtree
		for _, i := range rand.New(rand.NewPCG(3, 5)).Perm(len(parts)) {
			start := uint64(i) << 6
			got, err := ranges(t, machines[i%2], start, start+64, level)
			if err != nil {
				t.Fatal(err)
			}
			parts[i] = checkRanges(t, l, got, start, start+64)
		}
		joiner := machines[0]
		var last scanner.Batch
		for _, some := range parts {
			b, err := joiner.Join(t.Context(), some)
			if err != nil {
				t.Fatal(err)
			}
			if b.End != some[len(some)-1].End || b.Position.Next != b.End || len(b.Entries) > 0 {
				t.Fatalf("joined [%d, %d) with position %d", b.Start, b.End, b.Position.Next)
			}
			last = b
		}
		cfg.Position = last.Position
		rest, err := scan(t, cfg, 0)
		if err != nil {
			t.Fatal(err)
		}
		checkBatches(t, l, rest, last.End, n)
		cfg.Position = scanner.Position{}
		whole := read(t, cfg)
		if diff := cmp.Diff(whole[len(whole)-1].Position.Range, rest[len(rest)-1].Position.Range); diff != "" {
			t.Errorf("compact range (-in order +joined):\n%s", diff)
		}
	})
}

// TestRangesFromAnywhere guards that bounds that are no multiples of the size
// asked for give smaller ranges at the ends.
func TestRangesFromAnywhere(t *testing.T) {
	bubble(t, func(t *testing.T, p protocol) {
		l := p.newLog(300, ctlogtest.Options{MaxGetEntries: 48})
		b := backfill(t, config(l, &recorder{}))
		got, err := ranges(t, b, 22, 266, 4)
		if err != nil {
			t.Fatal(err)
		}
		parts := checkRanges(t, l, got, 22, 266)
		var sizes []uint64
		for _, p := range parts {
			sizes = append(sizes, p.End-p.Start)
		}
		want := []uint64{2, 8, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 8, 2}
		if diff := cmp.Diff(want, sizes); diff != "" {
			t.Errorf("sizes (-want +got):\n%s", diff)
		}
		for _, bad := range [][2]uint64{{1, 3}, {2, 5}, {4, 2}, {298, 302}} {
			if _, err := ranges(t, b, bad[0], bad[1], 4); err == nil {
				t.Errorf("[%d, %d) of 300 was read", bad[0], bad[1])
			}
		}
	})
}

// TestHeavyRanges guards that what is kept of a range is bounded: with many
// bytes of matching entries it is cut smaller, and nothing is lost.
func TestHeavyRanges(t *testing.T) {
	bubble(t, func(t *testing.T, p protocol) {
		l := ctlogtest.New(ctlogtest.Options{Name: "test", MaxGetEntries: 8, Static: p.static})
		heavy := bytes.Repeat([]byte{7}, 5<<20)
		for i := range 32 {
			cert := fmt.Appendf(nil, "certificate %d", i)
			if i == 3 || i >= 9 && i < 13 {
				cert = append(append(cert, 0x2b, 6, 1, 5, 5, 7, 3, 0x1f), heavy...)
			}
			l.AddRaw(merkleLeaf(i, cert, false), uint24(nil, nil))
		}
		l.Publish()
		cfg := config(l, &recorder{})
		cfg.Log.Marks = false
		b := backfill(t, cfg)
		got, err := ranges(t, b, 0, 32, 5)
		if err != nil {
			t.Fatal(err)
		}
		var parts []scanner.Subtree
		marks := 0
		for _, r := range got {
			bytes := 0
			for _, e := range r.Entries {
				bytes += len(e.LeafInput)
			}
			if bytes > 16<<20 {
				t.Errorf("[%d, %d) holds %d bytes", r.Start, r.End, bytes)
			}
			marks += len(r.Entries)
			parts = append(parts, scanner.Subtree{Start: r.Start, End: r.End, Root: r.Root})
		}
		if marks != 5 || len(got) < 3 {
			t.Errorf("%d ranges with %d marks, want 5 in some ranges", len(got), marks)
		}
		if joined, err := b.Join(t.Context(), parts); err != nil || joined.End != 32 {
			t.Errorf("joined to %d: %v", joined.End, err)
		}
	})
}

// TestGarbledRange guards that what was garbled once is read again.
func TestGarbledRange(t *testing.T) {
	bubble(t, func(t *testing.T, p protocol) {
		l := p.newLog(64, ctlogtest.Options{})
		r := &recorder{}
		b := backfill(t, config(l, r))
		l.SetFaults(ctlogtest.Faults{CorruptEntry: 1, CorruptIndex: 42, Limit: 1})
		got, err := ranges(t, b, 32, 64, 5)
		if err != nil {
			t.Fatal(err)
		}
		checkRanges(t, l, got, 32, 64)
		want := []scanner.Garbled{{Log: "test", Start: 32, End: 64, Indexes: []uint64{42}}}
		if diff := cmp.Diff(want, of[scanner.Garbled](r, nil)); diff != "" {
			t.Errorf("told of (-want +got):\n%s", diff)
		}
	})
}

// TestLyingRange guards that a log which serves other entries than it signed,
// inside a range that is read by itself, is caught with evidence that holds.
func TestLyingRange(t *testing.T) {
	bubble(t, func(t *testing.T, p protocol) {
		l := p.newLog(100, ctlogtest.Options{})
		b := backfill(t, config(l, &recorder{}))
		l.SetFaults(ctlogtest.Faults{CorruptEntry: 1, CorruptIndex: 42})
		got, err := ranges(t, b, 0, 96, 4)
		if len(got) != 2 {
			t.Errorf("%d ranges were delivered, want the two before the lie", len(got))
		}
		evidence := checkFork(t, err, scanner.ForkRange)
		if len(evidence.Answers) != 2 {
			t.Fatalf("%d answers are in evidence, want the first and the second", len(evidence.Answers))
		}
		for _, a := range evidence.Answers {
			if a.Start != 32 || a.End != 48 || len(a.Root) != sha256.Size || len(a.Path) == 0 {
				t.Fatalf("answer of [%d, %d) with root %x and %d nodes", a.Start, a.End, a.Root, len(a.Path))
			}
			path := make([]scanner.Hash, len(a.Path))
			for i := range path {
				path[i] = scanner.Hash(a.Path[i])
			}
			if scanner.VerifySubtree(a.Start, a.End, scanner.Hash(a.Root), path, evidence.Shown.Size, scanner.Hash(evidence.Shown.Root)) == nil {
				t.Error("the evidence shows a range that is part of the tree")
			}
		}
		if len(evidence.Answers[1].Bodies) == 0 {
			t.Error("the second answer's bodies are not in evidence")
		}
	})
}

// TestWrongProofOfRange guards that entries which are right and a proof that
// isn't are no range either.
func TestWrongProofOfRange(t *testing.T) {
	bubble(t, func(t *testing.T, p protocol) {
		l := p.newLog(100, ctlogtest.Options{})
		cfg := config(l, &recorder{})
		cfg.HTTP = &http.Client{Transport: spoilt{l.Client().Transport}}
		_, err := ranges(t, backfill(t, cfg), 16, 32, 4)
		checkFork(t, err, scanner.ForkRange)
	})
}

// spoilt turns a bit of the last node of every proof, and of every hash of a tile.
type spoilt struct{ http.RoundTripper }

// RoundTrip makes a request.
func (s spoilt) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := s.RoundTripper.RoundTrip(r)
	if err != nil || resp.StatusCode != http.StatusOK {
		return resp, err
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	var proof struct {
		Consistency [][]byte `json:"consistency"`
	}
	switch {
	case strings.Contains(r.URL.Path, "/tile/") && !strings.Contains(r.URL.Path, "/data/"):
		for i := 0; i < len(body); i += sha256.Size {
			body[i] ^= 1
		}
	case json.Unmarshal(body, &proof) == nil && len(proof.Consistency) > 0:
		proof.Consistency[len(proof.Consistency)-1][0] ^= 1
		body, err = json.Marshal(proof)
	}
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return resp, err
}

// TestDamagedRangeIsNotJoined guards that a stored range that isn't of the tree
// is named, and that nothing is joined with it.
func TestDamagedRangeIsNotJoined(t *testing.T) {
	bubble(t, func(t *testing.T, p protocol) {
		l := p.newLog(130, ctlogtest.Options{})
		b := backfill(t, config(l, &recorder{}))
		got, err := ranges(t, b, 0, 128, 4)
		if err != nil {
			t.Fatal(err)
		}
		parts := checkRanges(t, l, got, 0, 128)
		damaged := append([]scanner.Subtree(nil), parts...)
		damaged[5].Root[7] ^= 1
		_, err = b.Join(t.Context(), damaged)
		var wrong *scanner.JoinError
		if !errors.As(err, &wrong) || len(wrong.Wrong) != 1 || wrong.Wrong[0] != damaged[5] {
			t.Fatalf("error is %v, want that of [80, 96)", err)
		}
		if b.Next() != 0 {
			t.Errorf("joined to %d", b.Next())
		}
		if _, err := b.Join(t.Context(), parts[1:]); err == nil {
			t.Error("ranges that don't begin at the position were joined")
		}
		if joined, err := b.Join(t.Context(), parts); err != nil || joined.End != 128 {
			t.Errorf("joined to %d: %v", joined.End, err)
		}
	})
}

// TestJoinWithWrongProof guards that a log which can't prove what is joined is
// caught, and that a tree head of another tree is.
func TestJoinWithWrongProof(t *testing.T) {
	bubble(t, func(t *testing.T, p protocol) {
		l := p.newLog(101, ctlogtest.Options{})
		got, err := ranges(t, backfill(t, config(l, &recorder{})), 0, 48, 4)
		if err != nil {
			t.Fatal(err)
		}
		parts := checkRanges(t, l, got, 0, 48)
		b := backfill(t, config(l, &recorder{}))     // of another machine
		l.SetFaults(ctlogtest.Faults{WrongProof: 1}) // its first node: for RFC 6962 none that a range needs
		_, err = b.Join(t.Context(), parts)
		if p.static {
			var wrong *scanner.JoinError
			if !errors.As(err, &wrong) {
				t.Errorf("error is %v, want a JoinError: no tile proves anything", err)
			}
		} else if evidence := checkFork(t, err, scanner.ForkRoot); len(evidence.Answers) != 2 {
			t.Errorf("%d answers are in evidence", len(evidence.Answers))
		}
		l.SetFaults(ctlogtest.Faults{WrongRoot: 1})
		_, err = b.Poll(t.Context())
		checkFork(t, err, scanner.ForkSameSize)
		l.SetFaults(ctlogtest.Faults{})
		if _, err := b.Join(t.Context(), parts); err != nil {
			t.Error(err)
		}
	})
}

// TestTwoMachinesTwoTrees guards that a log which shows two machines two trees is
// caught by the tree heads that they hand each other, also before a range
// differs.
func TestTwoMachinesTwoTrees(t *testing.T) {
	bubble(t, func(t *testing.T, p protocol) {
		for n, kind := range map[int]scanner.ForkKind{20: scanner.ForkConsistency, 40: scanner.ForkSameSize, 90: ""} {
			l, f := p.forked(n)
			one := backfill(t, config(l, &recorder{}))
			cfg := config(l, &recorder{})
			cfg.HTTP = f.Client()
			theirs, err := ranges(t, backfill(t, cfg), 0, 32, 5)
			if err != nil {
				t.Fatal(err)
			}
			if err := one.Check(t.Context(), []scanner.TreeHead{one.Head()}); err != nil {
				t.Fatal(err)
			}
			err = one.Check(t.Context(), []scanner.TreeHead{theirs[0].Head})
			if kind == "" && err == nil { // larger than what this log has shown to the one: it waits
				add(l, 60)
				if _, err := one.Poll(t.Context()); err != nil {
					t.Fatal(err)
				}
				err, kind = one.Check(t.Context(), []scanner.TreeHead{theirs[0].Head}), scanner.ForkConsistency
			}
			checkFork(t, err, kind)
		}
	})
}

// TestVerifySubtree guards that only a true subtree is taken for one.
func TestVerifySubtree(t *testing.T) {
	l := newLog(100, ctlogtest.Options{})
	b := backfill(t, config(l, &recorder{}))
	got, err := ranges(t, b, 32, 48, 4)
	if err != nil {
		t.Fatal(err)
	}
	r := got[0]
	for name, bad := range map[string]func() error{
		"other place":  func() error { return scanner.VerifySubtree(48, 64, r.Root, r.Proof, 100, r.Head.Root) },
		"other size":   func() error { return scanner.VerifySubtree(32, 40, r.Root, r.Proof, 100, r.Head.Root) },
		"other tree":   func() error { return scanner.VerifySubtree(32, 48, r.Root, r.Proof, 100, l.Root(99)) },
		"other root":   func() error { return scanner.VerifySubtree(32, 48, scanner.Hash{1}, r.Proof, 100, r.Head.Root) },
		"short proof":  func() error { return scanner.VerifySubtree(32, 48, r.Root, r.Proof[1:], 100, r.Head.Root) },
		"not aligned":  func() error { return scanner.VerifySubtree(33, 49, r.Root, r.Proof, 100, r.Head.Root) },
		"empty":        func() error { return scanner.VerifySubtree(32, 32, r.Root, r.Proof, 100, r.Head.Root) },
		"beyond":       func() error { return scanner.VerifySubtree(96, 112, r.Root, r.Proof, 100, r.Head.Root) },
		"upside down":  func() error { return scanner.VerifySubtree(48, 32, r.Root, r.Proof, 100, r.Head.Root) },
		"an odd width": func() error { return scanner.VerifySubtree(0, 48, r.Root, r.Proof, 100, r.Head.Root) },
	} {
		if bad() == nil {
			t.Errorf("%s: taken for the subtree", name)
		}
	}
}
