package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"

	"markwatch/internal/ctlogtest"
)

// misbehaviours are the ways of a log from which a watch recovers by itself.
func misbehaviours(now time.Time) map[string]ctlogtest.Faults {
	entries := []string{"get-entries"}
	soon := now.Add(2 * time.Second).UTC()
	all := map[string]ctlogtest.Faults{
		"short-reads":     {ShortReads: 4},
		"429-seconds":     {Status429: 2, Limit: 2, RetryAfter: "1"},
		"429-http-date":   {Status429: 2, Limit: 2, RetryAfter: soon.Format("Mon, 02 Jan 2006 15:04:05 GMT")},
		"429-utc-date":    {Status429: 2, Limit: 2, RetryAfter: soon.Format(time.RFC1123)},
		"429-bare":        {Status429: 3, Limit: 2},
		"500":             {Status5xx: 2, Limit: 2},
		"503":             {Status5xx: 2, Limit: 2, Status: 503, RetryAfter: "1"},
		"400":             {Status400: 2, Limit: 2, Endpoints: entries},
		"truncated":       {TruncateJSON: 2, Limit: 2},
		"malformed":       {MalformedJSON: 2, Limit: 2},
		"other-shape":     {Spaces: 1},
		"aborted":         {Abort: 2, Limit: 2},
		"slow":            {SlowBody: 20 * time.Millisecond},
		"oversized":       {OversizedBody: 2, Limit: 1, Endpoints: entries},
		"corrupt":         {CorruptEntry: 1, CorruptIndex: 20, Limit: 1},
		"duplicate":       {DuplicateEntry: 2, Limit: 1},
		"reordered":       {ReorderEntries: 2, Limit: 1},
		"empty":           {EmptyEntries: 2, Limit: 2},
		"extra":           {ExtraEntries: 2, Limit: 2},
		"wrong-signature": {WrongSignature: 1, Limit: 2},
		"wrong-proof":     {WrongProof: 1, Limit: 1},
		"smaller-head":    {SmallerHead: 1, Smaller: 7},
		"old-head":        {OldHead: 1},
	}
	if testing.Short() {
		maps.DeleteFunc(all, func(name string, _ ctlogtest.Faults) bool {
			return !slices.Contains([]string{"short-reads", "429-utc-date", "truncated", "corrupt", "wrong-signature", "smaller-head"}, name)
		})
		return all
	}
	all["hanging"] = ctlogtest.Faults{HangBody: 2, Limit: 1, Endpoints: entries}
	return all
}

// A watch through all of them, three times, as the logs grow, ends with the
// answers of one that met none.
func TestMisbehavingLogs(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	faults := misbehaviours(time.Now())
	for name := range faults {
		l := ctlogtest.New(ctlogtest.Options{Name: name, MaxGetEntries: 9})
		fill(l, 4)
		r.serve(l)
	}
	met, sound := filepath.Join(r.dir, "met"), filepath.Join(r.dir, "sound")
	for round := range 3 {
		for name, s := range r.logs {
			if round > 0 {
				grow(s.log, 10*round, 4)
			}
			s.log.SetFaults(faults[name])
			if name == "hanging" && round > 0 {
				s.log.SetFaults(ctlogtest.Faults{})
			}
		}
		if round == 2 {
			for name := range faults {
				if strings.HasSuffix(name, "-head") {
					r.logs[name].log.SetFaults(ctlogtest.Faults{})
				}
			}
		}
		r.run(exitDone, "markwatch", "--store", met, "watch", "--once")
		for name, s := range r.logs {
			if round == 0 && len(s.log.Injected()) == 0 && name != "wrong-proof" {
				t.Errorf("log %s was read without its fault", name)
			}
		}
	}
	for _, s := range r.logs {
		s.log.SetFaults(ctlogtest.Faults{})
	}
	r.run(exitDone, "markwatch", "--store", sound, "watch", "--once")
	if diff := cmp.Diff(answers(t, sound), answers(t, met)); diff != "" {
		t.Errorf("the store differs (-sound +met):\n%s", diff)
	}
	for name, state := range r.states(met) {
		if state.State != "following" || state.Position != r.logs[name].log.Size() || state.Lag != 0 {
			t.Errorf("log %s stands at %d, lag %d, %s", name, state.Position, state.Lag, state.State)
		}
	}
	r.checkHeads(met)
}

// Each kind of lie stops its log, and it alone, with evidence that a stranger
// can verify; started again, the watch leaves the log alone until it is resumed.
func TestLyingLogs(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	lies := map[string]struct {
		lie  func(l *ctlogtest.Log, s *shownLog)
		kind string
	}{
		"honest":       {func(l *ctlogtest.Log, s *shownLog) { grow(l, 0, 3) }, ""},
		"same-size":    {func(l *ctlogtest.Log, s *shownLog) { s.show(forked(l, 12, int(l.Size())-12)) }, "same-size"},
		"smaller":      {func(l *ctlogtest.Log, s *shownLog) { s.show(forked(l, 12, 5)) }, "leaves"},
		"smaller-at-0": {func(l *ctlogtest.Log, s *shownLog) { s.show(forked(l, 0, 1)) }, "leaves"},
		"one-less":     {func(l *ctlogtest.Log, s *shownLog) { s.show(forked(l, 12, int(l.Size())-13)) }, "leaves"},
		"one-more":     {func(l *ctlogtest.Log, s *shownLog) { s.show(forked(l, l.Size()-1, 2)) }, "consistency"},
		"larger":       {func(l *ctlogtest.Log, s *shownLog) { s.show(forked(l, 12, 500)) }, "consistency"},
		"other-head":   {func(l *ctlogtest.Log, s *shownLog) { l.SetFaults(ctlogtest.Faults{Fork: forked(l, 0, 7)}) }, "leaves"},
		"wrong-root":   {func(l *ctlogtest.Log, s *shownLog) { l.SetFaults(ctlogtest.Faults{WrongRoot: 1}) }, "same-size"},
		"corrupt-always": {func(l *ctlogtest.Log, s *shownLog) {
			grow(l, 0, 3)
			l.SetFaults(ctlogtest.Faults{CorruptEntry: 1, CorruptIndex: l.Size() - 2})
		}, "root"},
		"signature": {func(l *ctlogtest.Log, s *shownLog) { l.SetFaults(ctlogtest.Faults{WrongSignature: 1}) }, "signature"},
	}
	if testing.Short() {
		for _, name := range []string{"smaller-at-0", "one-less", "one-more", "other-head", "wrong-root", "corrupt-always"} {
			delete(lies, name)
		}
	}
	for name := range lies {
		l := ctlogtest.New(ctlogtest.Options{Name: name})
		fill(l, 3)
		r.serve(l)
	}
	dir := filepath.Join(r.dir, "store")
	r.run(exitDone, "markwatch", "--store", dir, "watch", "--once")
	before := r.states(dir)
	for name, s := range r.logs {
		lies[name].lie(s.log, s)
	}
	r.run(exitFailed, "markwatch", "--store", dir, "watch", "--once")
	after := r.states(dir)
	for name, lie := range lies {
		files, err := filepath.Glob(filepath.Join(dir, "evidence", name+"-2*.json"))
		if err != nil {
			t.Fatal(err)
		}
		if lie.kind == "" {
			if got := after[name]; len(files) > 0 || got.State != "following" || got.Position != r.logs[name].log.Size() {
				t.Errorf("honest log: at %d, %s, evidence %v", got.Position, got.State, files)
			}
			continue
		}
		if got := after[name]; got.State != "stopped" || got.Position != before[name].Position || got.Marks != before[name].Marks {
			t.Errorf("log %s: at %d with %d marks, %s; want it stopped as it was at %d with %d", name, got.Position, got.Marks, got.State, before[name].Position, before[name].Marks)
		}
		if len(files) != 1 || !strings.Contains(after[name].Detail, files[0]) {
			t.Errorf("log %s: evidence files %v, and the state says %q", name, files, after[name].Detail)
			continue
		}
		checkEvidence(t, name, lie.kind, files[0], r.logs[name].log.PublicKey())
	}
	for _, s := range r.logs {
		s.log.SetFaults(ctlogtest.Faults{})
	}
	p := r.run(exitFailed, "markwatch", "--store", dir, "watch", "--once", "--log", "signature")
	if !strings.Contains(p.said(), "logs resume signature") {
		t.Errorf("a stopped log is met again without saying how to resume it:\n%s", p.said())
	}
	r.run(exitDone, "markwatch", "--store", dir, "logs", "resume", "signature")
	r.run(exitDone, "markwatch", "--store", dir, "watch", "--once", "--log", "signature")
}

// forked is a log with the key of l and its first at entries, and n others.
func forked(l *ctlogtest.Log, at uint64, n int) *ctlogtest.Log {
	f := l.Fork(at)
	for i := range n {
		f.AddRaw(fmt.Appendf(nil, "another leaf %d", i), nil)
	}
	f.Publish()
	return f
}

// signedHead is a tree head in evidence.
type signedHead struct {
	Size      uint64    `json:"tree_size"`
	Root      []byte    `json:"root_hash"`
	Timestamp time.Time `json:"timestamp"`
	Signature []byte    `json:"signature"`
}

// signed says whether the log's key signed the head (RFC 6962, section 3.5).
func (h signedHead) signed(key []byte) bool {
	public, err := x509.ParsePKIXPublicKey(key)
	if err != nil || len(h.Signature) < 4 {
		return false
	}
	text := binary.BigEndian.AppendUint64([]byte{0, 1}, uint64(h.Timestamp.UnixMilli()))
	text = append(binary.BigEndian.AppendUint64(text, h.Size), h.Root...)
	digest := sha256.Sum256(text)
	return ecdsa.VerifyASN1(public.(*ecdsa.PublicKey), digest[:], h.Signature[4:])
}

// checkEvidence verifies an evidence file as a stranger would, who has only the
// file and the log's published key.
func checkEvidence(t *testing.T, name, kind, path string, key []byte) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var e struct {
		Kind     string
		Log      struct{ Key []byte }
		Held     signedHead `json:"held_tree_head"`
		Shown    signedHead `json:"shown_tree_head"`
		Position struct {
			Size uint64 `json:"tree_size"`
			Root []byte `json:"root_hash"`
		}
		Proofs        [][][]byte `json:"consistency_proofs"`
		Computed      []byte     `json:"computed_root"`
		ComputedProof [][]byte   `json:"computed_proof"`
		Answers       []struct {
			End   uint64
			Root  []byte   `json:"recomputed_root"`
			Proof [][]byte `json:"consistency_proof"`
		}
	}
	if err := json.Unmarshal(text, &e); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if e.Kind != kind || !bytes.Equal(e.Log.Key, key) {
		t.Errorf("log %s: evidence is of kind %s, want %s, or of another key", name, e.Kind, kind)
	}
	if kind == "signature" {
		if e.Shown.signed(key) {
			t.Errorf("log %s: the signature in evidence verifies", name)
		}
		return
	}
	if !e.Held.signed(key) || !e.Shown.signed(key) {
		t.Errorf("log %s: a tree head in evidence is not signed", name)
	}
	joined := func(a, b uint64, p [][]byte, ra, rb []byte) bool {
		return proof.VerifyConsistency(rfc6962.DefaultHasher, a, b, p, ra, rb) == nil
	}
	proved := false
	switch kind {
	case "same-size":
		proved = e.Held.Size == e.Shown.Size && !bytes.Equal(e.Held.Root, e.Shown.Root)
	case "consistency":
		proved = len(e.Proofs) == 2 && !joined(e.Held.Size, e.Shown.Size, e.Proofs[0], e.Held.Root, e.Shown.Root) &&
			!joined(e.Held.Size, e.Shown.Size, e.Proofs[1], e.Held.Root, e.Shown.Root)
	case "leaves":
		proved = !bytes.Equal(e.Computed, e.Shown.Root) && bytes.Equal(e.Position.Root, e.Held.Root) && e.Position.Size == e.Held.Size &&
			joined(e.Shown.Size, e.Position.Size, e.ComputedProof, e.Computed, e.Position.Root)
	case "root":
		proved = len(e.Answers) == 2
		for _, a := range e.Answers {
			proved = proved && !joined(a.End, e.Shown.Size, a.Proof, a.Root, e.Shown.Root)
		}
	}
	if !proved {
		t.Errorf("log %s: the evidence does not prove a %s fork:\n%s", name, kind, text)
	}
}
