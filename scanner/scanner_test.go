package scanner_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"markwatch/internal/ctlogtest"
	"markwatch/scanner"
)

// markEvery is how many entries of a test log there are to each mark.
const markEvery = 7

// leafInput is entry i of a test log: a MerkleTreeLeaf with a leaf_index, in
// which some bytes stand for a certificate, some with the extended key usage of
// a mark. Every third is a precertificate.
func leafInput(i int) []byte {
	cert := fmt.Appendf(nil, "leaf %d ", i)
	if i%markEvery == 3 {
		cert = append(cert, 0x2b, 6, 1, 5, 5, 7, 3, 0x1f)
	}
	return merkleLeaf(i, append(cert, bytes.Repeat([]byte{byte(i)}, 20+i%50)...), i%3 == 1)
}

// merkleLeaf is the MerkleTreeLeaf of entry i.
func merkleLeaf(i int, cert []byte, precert bool) []byte {
	b := binary.BigEndian.AppendUint64([]byte{0, 0}, uint64(i))
	if precert {
		b = append(append(b, 0, 1), make([]byte, 32)...)
	} else {
		b = append(b, 0, 0)
	}
	b = append(uint24(b, cert), 0, 8, 0, 0, 5)
	return append(b, byte(i>>32), byte(i>>24), byte(i>>16), byte(i>>8), byte(i))
}

// extraData is the extra_data of entry i: its chain, after itself if it is a
// precertificate.
func extraData(i int) (b []byte) {
	if i%3 == 1 {
		b = uint24(b, fmt.Appendf(nil, "precertificate %d", i))
	}
	var chain []byte
	for j := range i % 4 {
		chain = uint24(chain, fmt.Appendf(nil, "issuer %d of %d", j, i%5))
	}
	return uint24(b, chain)
}

// uint24 appends v after its length in three bytes.
func uint24(b, v []byte) []byte {
	return append(append(b, byte(len(v)>>16), byte(len(v)>>8), byte(len(v))), v...)
}

// protocol is what a test log speaks.
type protocol struct{ static bool }

// both runs a test with logs of either protocol.
func both(t *testing.T, test func(t *testing.T, p protocol)) {
	for _, p := range []protocol{{false}, {true}} {
		t.Run(string(p.kind()), func(t *testing.T) { test(t, p) })
	}
}

// bubble is both, each in a bubble of testing/synctest.
func bubble(t *testing.T, test func(t *testing.T, p protocol)) {
	both(t, func(t *testing.T, p protocol) { synctest.Test(t, func(t *testing.T) { test(t, p) }) })
}

func (p protocol) kind() scanner.Type {
	if p.static {
		return scanner.Static
	}
	return scanner.RFC6962
}

// newLog makes a log of n entries.
func (p protocol) newLog(n int, opts ctlogtest.Options) *ctlogtest.Log {
	opts.Static = p.static
	return newLog(n, opts)
}

// endpoint is what the protocol has for an endpoint of RFC 6962.
func (p protocol) endpoint(name string) string {
	if !p.static {
		return name
	}
	return map[string]string{"get-sth": "checkpoint", "get-sth-consistency": "tile", "get-entries": "tile/data"}[name]
}

// add appends n entries and publishes them.
func add(l *ctlogtest.Log, n int) {
	from := int(l.Size())
	for i := from; i < from+n; i++ {
		l.AddRaw(leafInput(i), extraData(i))
	}
	l.Publish()
}

// newLog makes a log of n entries.
func newLog(n int, opts ctlogtest.Options) *ctlogtest.Log {
	opts.Name = "test"
	l := ctlogtest.New(opts)
	add(l, n)
	return l
}

// recorder keeps events.
type recorder struct {
	mu     sync.Mutex
	events []scanner.Event
}

func (r *recorder) observe(e scanner.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, e)
}

// of returns the events of one type that are wanted.
func of[E scanner.Event](r *recorder, want func(E) bool) (out []E) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range r.events {
		if e, ok := e.(E); ok && (want == nil || want(e)) {
			out = append(out, e)
		}
	}
	return out
}

// config reads a test log once, as fast as it goes.
func config(l *ctlogtest.Log, r *recorder) scanner.Config {
	return scanner.Config{
		Log: scanner.Log{
			Name: "test", URL: "https://log.test/x/", Key: l.PublicKey(), Marks: true, Type: protocol{l.Static()}.kind(),
		},
		HTTP: l.Client(), UserAgent: "markwatch test (ops@example.test)", MaxRate: 1e6,
		BatchEntries: 100, Once: true, Observe: r.observe,
	}
}

// scan collects what a configuration yields, up to limit batches (0: all).
func scan(t *testing.T, cfg scanner.Config, limit int) (out []scanner.Batch, err error) {
	t.Helper()
	s, err := scanner.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	for b, err := range s.Batches(t.Context()) {
		if err != nil {
			return out, err
		}
		out = append(out, b)
		if len(out) == limit {
			break
		}
	}
	return out, nil
}

// checkBatches holds batches against the log: nothing lost, nothing doubled,
// in order, proved.
func checkBatches(t *testing.T, l *ctlogtest.Log, batches []scanner.Batch, from, to uint64) {
	t.Helper()
	next := from
	for _, b := range batches {
		if b.Start != next || b.End < b.Start || b.Head.Size < b.End || b.Position.Next != b.End {
			t.Fatalf("batch is [%d, %d) under %d entries with position %d, want start %d", b.Start, b.End, b.Head.Size, b.Position.Next, next)
		}
		if err := scanner.VerifyTreeHead(b.Log, b.Head); err != nil {
			t.Error(err)
		}
		var want []scanner.Entry
		for i := b.Start; i < b.End; i++ {
			if leaf := leafInput(int(i)); scanner.HasMarkEKU(leaf) {
				want = append(want, scanner.Entry{Index: i, LeafInput: leaf, ExtraData: extraData(int(i)),
					LeafHash: sha256.Sum256(append([]byte{0}, leaf...))})
			}
			if got := b.LeafHashes[i-b.Start]; got != sha256.Sum256(append([]byte{0}, leafInput(int(i))...)) {
				t.Errorf("leaf hash %d is %x", i, got)
			}
		}
		if !reflect.DeepEqual(want, b.Entries) { // far quicker than to look for what differs
			t.Errorf("entries of [%d, %d) (-want +got):\n%s", b.Start, b.End, cmp.Diff(want, b.Entries))
		}
		next = b.End
	}
	if next != to {
		t.Errorf("scan ended at %d, want %d", next, to)
	}
}

func TestScanOnce(t *testing.T) { both(t, checkScanOnce) }

func checkScanOnce(t *testing.T, p protocol) {
	for _, tt := range []struct {
		name string
		n    int
		opts ctlogtest.Options
	}{
		{"empty", 0, ctlogtest.Options{}},
		{"one", 1, ctlogtest.Options{}},
		{"one batch", 99, ctlogtest.Options{}},
		{"batches", 1000, ctlogtest.Options{MaxGetEntries: 64}},
		{"aligned", 1003, ctlogtest.Options{MaxGetEntries: 64, AlignRanges: true}},
		{"cap larger than a batch", 1003, ctlogtest.Options{MaxGetEntries: 300}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := p.newLog(tt.n, tt.opts)
				got, err := scan(t, config(l, &recorder{}), 0)
				if err != nil {
					t.Fatal(err)
				}
				checkBatches(t, l, got, 0, uint64(tt.n))
				heads := 0
				for _, b := range got {
					heads += len(b.Heads)
				}
				if heads != 1 {
					t.Errorf("%d tree heads are news, want 1", heads)
				}
				if last := got[len(got)-1]; last.Head.Root != l.Root(uint64(tt.n)) {
					t.Errorf("root is %x", last.Head.Root)
				}
			})
		})
	}
}

func TestRestartAtEveryPosition(t *testing.T) {
	bubble(t, func(t *testing.T, p protocol) {
		const n = 41
		l := p.newLog(n, ctlogtest.Options{MaxGetEntries: 5})
		cfg := config(l, &recorder{})
		cfg.BatchEntries = 1
		all, err := scan(t, cfg, 0)
		if err != nil || len(all) != n {
			t.Fatalf("%d batches: %v", len(all), err)
		}
		add(l, 10)
		for _, b := range all {
			stored, err := json.Marshal(b.Position)
			if err != nil {
				t.Fatal(err)
			}
			cfg.BatchEntries = 7
			if err := json.Unmarshal(stored, &cfg.Position); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(b.Position, cfg.Position); diff != "" {
				t.Fatalf("position (-want +got):\n%s", diff)
			}
			rest, err := scan(t, cfg, 0)
			if err != nil {
				t.Fatalf("from %d: %v", b.End, err)
			}
			checkBatches(t, l, rest, b.End, n+10)
		}
	})
}

func TestPositionIsChecked(t *testing.T) { both(t, checkPositionIsChecked) }

func checkPositionIsChecked(t *testing.T, p protocol) {
	l := p.newLog(20, ctlogtest.Options{})
	cfg := config(l, &recorder{})
	got, err := scan(t, cfg, 0)
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*scanner.Position){
		"range too short":    func(p *scanner.Position) { p.Range = p.Range[1:] },
		"range of another":   func(p *scanner.Position) { p.Range[0][0] ^= 1 },
		"head of another":    func(p *scanner.Position) { p.Head.LogID[0] ^= 1 },
		"head altered":       func(p *scanner.Position) { p.Head.Size++ },
		"no head":            func(p *scanner.Position) { p.Head = scanner.TreeHead{} },
		"beyond the head":    func(p *scanner.Position) { p.Next = 24 },
		"signature replaced": func(p *scanner.Position) { p.Head.Signature = []byte{4, 3, 0, 0} },
	} {
		t.Run(name, func(t *testing.T) {
			p := got[len(got)-1].Position
			p.Range = append([]scanner.Hash(nil), p.Range...)
			spoil(&p)
			cfg.Position = p
			if _, err := scanner.New(cfg); err == nil {
				t.Error("position was accepted")
			}
		})
	}
	if err := json.Unmarshal([]byte(`{"version":2,"next":0,"range":[]}`), new(scanner.Position)); err == nil {
		t.Error("position of another version was read")
	}
}

// follow scans continuously until step returns false.
func follow(t *testing.T, cfg scanner.Config, step func(b scanner.Batch) bool) (out []scanner.Batch, err error) {
	t.Helper()
	cfg.Once = false
	s, err := scanner.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	for b, err := range s.Batches(t.Context()) {
		if err != nil {
			return out, err
		}
		out = append(out, b)
		if !step(b) {
			break
		}
	}
	return out, nil
}

func TestGrowth(t *testing.T) {
	bubble(t, func(t *testing.T, p protocol) {
		l := p.newLog(150, ctlogtest.Options{MaxGetEntries: 64, AlignRanges: true})
		start := time.Now()
		got, err := follow(t, config(l, &recorder{}), func(b scanner.Batch) bool {
			if b.End == l.Size() {
				add(l, 30)
			}
			return l.Size() < 400
		})
		if err != nil {
			t.Fatal(err)
		}
		checkBatches(t, l, got, 0, got[len(got)-1].End)
		if got[len(got)-1].End < 300 {
			t.Errorf("read %d entries", got[len(got)-1].End)
		}
		if d := time.Since(start); d > time.Duration(len(got))*scanner.DefaultMarkPoll {
			t.Errorf("%d batches took %s", len(got), d)
		}
	})
}

func TestQuietLogSaysItIsThere(t *testing.T) {
	bubble(t, func(t *testing.T, p protocol) {
		l := p.newLog(5, ctlogtest.Options{})
		start := time.Now()
		n := 0
		got, err := follow(t, config(l, &recorder{}), func(scanner.Batch) bool { n++; return n < 3 })
		if err != nil || len(got) != 3 {
			t.Fatalf("%d batches: %v", len(got), err)
		}
		if got[1].Heads != nil || got[1].Start != got[1].End || !got[1].Position.Verified.After(got[0].Position.Verified) {
			t.Errorf("quiet batch is %+v", got[1])
		}
		if d := time.Since(start); d < 20*time.Minute || d > 25*time.Minute {
			t.Errorf("two quiet batches took %s", d)
		}
	})
}

func TestContextEndsTheScan(t *testing.T) {
	bubble(t, func(t *testing.T, p protocol) {
		l := p.newLog(5, ctlogtest.Options{})
		l.SetFaults(ctlogtest.Faults{HangBody: 1})
		cfg := config(l, &recorder{})
		cfg.Once = false
		s, err := scanner.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		for b, err := range s.Batches(ctx) {
			t.Errorf("yielded %+v, %v", b, err)
		}
		if !errors.Is(ctx.Err(), context.DeadlineExceeded) {
			t.Errorf("ended before its context: %v", ctx.Err())
		}
	})
}

// storedLeaves is what a store would keep of a scan.
func storedLeaves(batches []scanner.Batch) func(context.Context, uint64, uint64) iter.Seq2[scanner.Hash, error] {
	var all []scanner.Hash
	for _, b := range batches {
		all = append(all, b.LeafHashes...)
	}
	return func(_ context.Context, start, end uint64) iter.Seq2[scanner.Hash, error] {
		return func(yield func(scanner.Hash, error) bool) {
			for _, h := range all[start:min(end, uint64(len(all)))] {
				if !yield(h, nil) {
					return
				}
			}
		}
	}
}
