package reallog_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"filippo.io/sunlight"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/sync/errgroup"

	"markwatch/internal/marktest"
	"markwatch/internal/reallog"
	"markwatch/scanner"
)

// programs is the folder into which Sunlight is built, once.
var programs struct {
	once sync.Once
	dir  string
	err  error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if programs.dir != "" {
		os.RemoveAll(programs.dir)
	}
	os.Exit(code)
}

// startTesseraCT runs a TesseraCT that accepts a CA.
func startTesseraCT(t testing.TB, opts reallog.TiledOptions, ca *marktest.CA) *reallog.Tiled {
	t.Helper()
	opts.Dir, opts.Roots = t.TempDir(), [][]byte{ca.Root()}
	l, err := reallog.StartTesseraCT(context.Background(), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return l
}

// startSunlight runs a Sunlight that accepts a CA, and a Skylight.
func startSunlight(t testing.TB, ca *marktest.CA) *reallog.Tiled {
	t.Helper()
	if testing.Short() {
		t.Skip("building Sunlight takes minutes the first time")
	}
	if out, err := exec.Command("go", "env", "CGO_ENABLED").Output(); err != nil || strings.TrimSpace(string(out)) != "1" {
		t.Skip("Sunlight needs cgo, which this machine's go command does without")
	}
	programs.once.Do(func() {
		if programs.dir, programs.err = os.MkdirTemp("", "reallog"); programs.err == nil {
			programs.err = reallog.Build(context.Background(), programs.dir, reallog.SunlightPrograms()...)
		}
	})
	if programs.err != nil {
		t.Fatal(programs.err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	l, err := reallog.StartSunlight(ctx, reallog.TiledOptions{Programs: programs.dir, Dir: t.TempDir(), Roots: [][]byte{ca.Root()}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return l
}

// submitTiled sends submissions side by side, for each answer waits for the tree.
func submitTiled(t testing.TB, l *reallog.Tiled, all []submission) {
	t.Helper()
	g, ctx := errgroup.WithContext(context.Background())
	g.SetLimit(128)
	for i := range all {
		g.Go(func() (err error) {
			add := l.AddChain
			if all[i].pre {
				add = l.AddPreChain
			}
			all[i].sct, err = add(ctx, all[i].chain...)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
}

// tiledConfig reads a log of tiles once.
func tiledConfig(l *reallog.Tiled) scanner.Config {
	return scanner.Config{
		Log:  scanner.Log{Name: "tiled", URL: l.URL, Type: scanner.Static, Origin: l.Origin, Key: l.Key, Marks: true},
		HTTP: l.Client, UserAgent: "markwatch test (ops@markwatch.test)", MaxRate: 1000, BatchEntries: 100,
		PollInterval: 50 * time.Millisecond, Once: true, Filter: func([]byte) bool { return true },
	}
}

// extra is the extra_data that get-entries would give (RFC 6962, section 4.6).
func (s submission) extra() (b []byte) {
	if s.pre {
		b = opaque24(b, s.mark.Precertificate)
	}
	var list []byte
	for _, c := range s.mark.Chain {
		list = opaque24(list, c)
	}
	return opaque24(b, list)
}

// opaque24 appends v after its length in three bytes.
func opaque24(b, v []byte) []byte {
	return append(append(b, byte(len(v)>>16), byte(len(v)>>8), byte(len(v))), v...)
}

// index is where the SCT says that the entry is.
func (s submission) index() uint64 {
	e := s.sct.Extensions
	if len(e) != 8 {
		return 1 << 63
	}
	return uint64(e[3])<<32 | uint64(binary.BigEndian.Uint32(e[4:]))
}

// checkTiled holds batches of all entries against what was submitted.
func checkTiled(t testing.TB, all []submission, batches []scanner.Batch) {
	t.Helper()
	want := map[uint64]submission{}
	for _, s := range all {
		want[s.index()] = s
	}
	next := uint64(0)
	for _, b := range batches {
		if b.Start != next {
			t.Fatalf("batch begins at %d, want %d", b.Start, next)
		}
		next = b.End
		for _, e := range b.Entries {
			s, ok := want[e.Index]
			if !ok || !bytes.Equal(e.LeafInput, s.leaf()) {
				t.Errorf("entry %d is not what its SCT promises", e.Index)
			}
			if diff := cmp.Diff(s.extra(), e.ExtraData); diff != "" {
				t.Errorf("extra_data of entry %d (-want +got):\n%s", e.Index, diff)
			}
			delete(want, e.Index)
		}
	}
	if len(want) > 0 || next != uint64(len(all)) {
		t.Errorf("read %d of %d entries, %d are missing", next, len(all), len(want))
	}
}

// checkByClient reads the same log with the client of Sunlight, which must see
// the same entries.
func checkByClient(t testing.TB, l *reallog.Tiled, batches []scanner.Batch) {
	t.Helper()
	key, err := x509.ParsePKIXPublicKey(l.Key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := sunlight.NewClient(&sunlight.ClientConfig{
		MonitoringPrefix: l.URL, PublicKey: key, HTTPClient: l.Client, UserAgent: "test (ops@markwatch.test)",
	})
	if err != nil {
		t.Fatal(err)
	}
	checkpoint, _, err := c.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	head := batches[len(batches)-1].Head
	if checkpoint.N != int64(head.Size) || scanner.Hash(checkpoint.Hash) != head.Root {
		t.Errorf("their tree has %d entries and root %x, ours %d and %x", checkpoint.N, checkpoint.Hash, head.Size, head.Root)
	}
	var ours []scanner.Entry
	for _, b := range batches {
		ours = append(ours, b.Entries...)
	}
	n := 0
	for i, e := range c.Entries(t.Context(), checkpoint.Tree, 0) {
		if n++; !bytes.Equal(e.MerkleTreeLeaf(), ours[i].LeafInput) {
			t.Errorf("entry %d differs", i)
		}
	}
	if n == 0 { // it leaves a partial tile for later
		t.Errorf("their client read nothing: %v", c.Err())
	}
}

// readTiled submits marks or TLS certificates, reads them, restarting from each
// position, and proves the inclusion of some.
func readTiled(t *testing.T, l *reallog.Tiled, all []submission) {
	submitTiled(t, l, all[:len(all)/2])
	cfg := tiledConfig(l)
	var got []scanner.Batch
	for half := 0; half < 2; half++ {
		for limit := 1; ; limit = limit%3 + 1 {
			batches, err := scan(t, cfg, limit)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, batches...)
			cfg.Position = batches[len(batches)-1].Position
			if p := cfg.Position; p.Next == p.Head.Size {
				break
			}
		}
		if half == 0 {
			submitTiled(t, l, all[len(all)/2:])
		}
	}
	checkTiled(t, all, got)
	checkByClient(t, l, got)
	s, err := scanner.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	head := got[len(got)-1].Head
	for i, b := range got {
		if len(b.Entries) == 0 {
			continue
		}
		e := b.Entries[i%len(b.Entries)]
		path, err := s.InclusionAt(t.Context(), e.LeafHash, e.Index, head.Size)
		if err != nil {
			t.Fatal(err)
		}
		if err := scanner.VerifyInclusion(e.Index, head.Size, e.LeafHash, path, head.Root); err != nil {
			t.Errorf("entry %d: %v", e.Index, err)
		}
	}
}

func TestTesseraCTIsRead(t *testing.T) {
	ca := marktest.NewCA("Invented")
	readTiled(t, startTesseraCT(t, reallog.TiledOptions{}, ca), mint(ca, 0, 300))
}

func TestSunlightIsRead(t *testing.T) {
	ca := marktest.NewCA("Invented")
	var all []submission
	for i := range 140 {
		m := ca.IssueTLS(fmt.Sprintf("tls%d.example", i), i)
		all = append(all,
			submission{pre: true, mark: m, chain: append([][]byte{m.Precertificate}, m.Chain...)},
			submission{mark: m, chain: append([][]byte{m.Certificate}, m.Chain...)})
	}
	l := startSunlight(t, ca)
	readTiled(t, l, all)
	note, err := l.File(t.Context(), "checkpoint")
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(note), "\n— "); n < 3 {
		t.Errorf("the checkpoint has %d signatures, the test wants unknown ones among them", n)
	}
	t.Run("when Skylight refuses", func(t *testing.T) { readThrottled(t, l) })
}

// readThrottled reads with a user agent to which Skylight gives little, until it
// has said so.
func readThrottled(t *testing.T, l *reallog.Tiled) {
	cfg := tiledConfig(l)
	cfg.UserAgent = "markwatch test (ops@example.com)"
	var mu sync.Mutex
	var throttled []scanner.Retry
	cfg.Observe = func(e scanner.Event) {
		if r, ok := e.(scanner.Retry); ok {
			mu.Lock()
			defer mu.Unlock()
			throttled = append(throttled, r)
		}
	}
	for range 50 {
		got, err := scan(t, cfg, 0)
		if err != nil {
			t.Fatal(err)
		}
		if end := got[len(got)-1].End; end != 280 {
			t.Fatalf("read %d entries", end)
		}
		if len(throttled) > 0 {
			break
		}
	}
	if len(throttled) == 0 || throttled[0].Reason != "throttled" || throttled[0].Wait > 2*time.Second {
		t.Errorf("retries: %+v", throttled)
	}
}

// TesseraCT removes partial tiles soon: the full one stands in.
func TestPartialTilesThatTesseraCTRemoves(t *testing.T) {
	ca := marktest.NewCA("Invented")
	l := startTesseraCT(t, reallog.TiledOptions{Keep: 50 * time.Millisecond}, ca)
	all := mint(ca, 0, 130)
	submitTiled(t, l, all[:200])
	cfg := tiledConfig(l)
	got, err := scan(t, cfg, 1)
	if err != nil {
		t.Fatal(err)
	}
	partial := fmt.Sprintf("tile/data/000.p/%d", got[0].Head.Size)
	if _, err := l.File(t.Context(), partial); err != nil {
		t.Fatalf("a partial tile isn't there at once: %v", err)
	}
	submitTiled(t, l, all[200:])
	for begun := time.Now(); ; {
		if _, err := l.File(t.Context(), partial); err != nil {
			break
		}
		if time.Since(begun) > time.Minute {
			t.Fatal("TesseraCT didn't remove a partial tile")
		}
		<-time.After(10 * time.Millisecond)
	}
	// The old head, read up to in the log as it is now.
	s, err := scanner.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	leaf, head := got[0].Entries[0].LeafHash, got[0].Head
	path, err := s.InclusionAt(t.Context(), leaf, 0, head.Size)
	if err != nil {
		t.Fatal(err)
	}
	if err := scanner.VerifyInclusion(0, head.Size, leaf, path, head.Root); err != nil {
		t.Error(err)
	}
	cfg.Position = got[0].Position
	rest, err := scan(t, cfg, 0)
	if err != nil {
		t.Fatal(err)
	}
	checkTiled(t, all, append(got, rest...))
}

// Two TesseraCTs with one key are a real fork.
func TestForkOfTesseraCT(t *testing.T) {
	ca, key := marktest.NewCA("Invented"), newKey(t)
	a := startTesseraCT(t, reallog.TiledOptions{Key: key}, ca)
	b := startTesseraCT(t, reallog.TiledOptions{Key: key}, ca)
	submitTiled(t, a, mint(ca, 0, 60))
	submitTiled(t, b, mint(ca, 100, 140))
	cfg := tiledConfig(a)
	got, err := scan(t, cfg, 0)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Position, cfg.Log.URL = got[len(got)-1].Position, b.URL
	_, err = scan(t, cfg, 0)
	var fork *scanner.ForkError
	if !errors.As(err, &fork) || fork.Kind != scanner.ForkConsistency {
		t.Fatalf("error is %v", err)
	}
	for _, h := range []scanner.TreeHead{fork.Held, fork.Shown} {
		if err := verifyNote(a.Origin, a.Key, h.Raw); err != nil {
			t.Errorf("checkpoint of %d entries: %v", h.Size, err)
		}
	}
	for _, p := range fork.Proofs {
		if joins(fork.Held.Size, fork.Shown.Size, slicesOf(p), fork.Held.Root[:], fork.Shown.Root[:]) {
			t.Error("a proof joins the trees")
		}
	}
}

// slicesOf are hashes as libraries take them.
func slicesOf(hashes []scanner.Hash) (out [][]byte) {
	for _, h := range hashes {
		out = append(out, bytes.Clone(h[:]))
	}
	return out
}

// verifyNote checks a checkpoint by Sunlight's verifier.
func verifyNote(origin string, key, checkpoint []byte) error {
	pub, err := x509.ParsePKIXPublicKey(key)
	if err != nil {
		return err
	}
	v, err := sunlight.NewRFC6962Verifier(origin, pub)
	if err != nil {
		return err
	}
	_, err = note.Open(checkpoint, note.VerifierList(v))
	return err
}
