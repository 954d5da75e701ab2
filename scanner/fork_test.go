package scanner_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"

	"markwatch/internal/ctlogtest"
	"markwatch/scanner"
)

// bundle is an evidence bundle as somebody without this program reads it.
type bundle struct {
	Kind string
	Log  struct {
		ID  []byte `json:"log_id"`
		Key []byte `json:"key"`
	}
	Held  *bundleHead `json:"held_tree_head"`
	Shown *bundleHead `json:"shown_tree_head"`

	HeldSigned  []byte `json:"held_signed_bytes"`
	ShownSigned []byte `json:"shown_signed_bytes"`

	Position struct {
		Size uint64 `json:"tree_size"`
		Root []byte `json:"root_hash"`
	}
	Proofs        [][][]byte `json:"consistency_proofs"`
	Computed      []byte     `json:"computed_root"`
	ComputedProof [][]byte   `json:"computed_proof"`
	Answers       []struct {
		Start, End uint64
		Root       []byte   `json:"recomputed_root"`
		Path       [][]byte `json:"audit_path"`
		Bodies     [][]byte `json:"body_sha256"`
		Differs    []uint64 `json:"differs_at"`
	}
	HowToVerify []string `json:"how_to_verify"`
}

// bundleHead is a tree head in a bundle.
type bundleHead struct {
	Size      uint64    `json:"tree_size"`
	Root      []byte    `json:"root_hash"`
	Timestamp time.Time `json:"timestamp"`
	Signature []byte    `json:"signature"`
	Raw       []byte    `json:"raw"`
}

// signed says whether a head in a bundle is signed by the bundle's key, and that
// the bytes given for it are those that were signed.
func (b bundle) signed(t *testing.T, h *bundleHead, given []byte) bool {
	t.Helper()
	k, err := x509.ParsePKIXPublicKey(b.Log.Key)
	if err != nil {
		t.Fatal(err)
	}
	raw := readRaw(t, h.Raw)
	if raw.Size != h.Size || raw.Timestamp != h.Timestamp.UnixMilli() || !bytes.Equal(raw.Root, h.Root) {
		t.Errorf("raw response says other than the tree head of %d entries", h.Size)
	}
	in := binary.BigEndian.AppendUint64([]byte{0, 1}, uint64(h.Timestamp.UnixMilli()))
	in = append(binary.BigEndian.AppendUint64(in, h.Size), h.Root...)
	if !bytes.Equal(in, given) {
		t.Errorf("signed bytes are %x in evidence, want %x", given, in)
	}
	digest := sha256.Sum256(in)
	return ecdsa.VerifyASN1(k.(*ecdsa.PublicKey), digest[:], h.Signature[4:])
}

// rawHead is what a log sent for a tree head.
type rawHead struct {
	Size      uint64 `json:"tree_size"`
	Timestamp int64  `json:"timestamp"`
	Root      []byte `json:"sha256_root_hash"`
	Signature []byte `json:"tree_head_signature"`
}

// readRaw reads get-sth JSON, or a checkpoint as the log of tests writes it.
func readRaw(t *testing.T, raw []byte) (h rawHead) {
	t.Helper()
	if bytes.HasPrefix(raw, []byte("{")) {
		if err := json.Unmarshal(raw, &h); err != nil {
			t.Fatal(err)
		}
		return h
	}
	var origin, root, sig string
	lines := strings.Split(string(raw), "\n")
	_, err := fmt.Sscan(strings.Join(lines[:3], " "), &origin, &h.Size, &root)
	if err == nil {
		_, err = fmt.Sscanf(lines[5], "— log.test/test %s", &sig)
	}
	if err == nil {
		h.Root, err = base64.StdEncoding.DecodeString(root)
	}
	signed, e := base64.StdEncoding.DecodeString(sig)
	if err != nil || e != nil || len(signed) < 12 {
		t.Fatalf("%v, %v in %s", err, e, raw)
	}
	h.Timestamp, h.Signature = int64(binary.BigEndian.Uint64(signed[4:])), signed[12:]
	return h
}

// joins says whether a proof joins two trees.
func joins(a, b uint64, p [][]byte, ra, rb []byte) bool {
	return proof.VerifyConsistency(rfc6962.DefaultHasher, a, b, p, ra, rb) == nil
}

// checkFork holds a fork's evidence against what it claims.
func checkFork(t *testing.T, err error, kind scanner.ForkKind) bundle {
	t.Helper()
	var fork *scanner.ForkError
	if !errors.As(err, &fork) {
		t.Fatalf("error is %v, want a fork", err)
	}
	if fork.Kind != kind {
		t.Errorf("fork is of kind %s, want %s: %v", fork.Kind, kind, err)
	}
	var b bundle
	if err := json.Unmarshal(fork.Evidence(), &b); err != nil {
		t.Fatalf("%v in %s", err, fork.Evidence())
	}
	if !b.signed(t, b.Shown, b.ShownSigned) || b.Held != nil && !b.signed(t, b.Held, b.HeldSigned) {
		t.Error("a tree head of the evidence isn't signed")
	}
	if len(b.HowToVerify) < 4 {
		t.Errorf("evidence explains itself with %q", b.HowToVerify)
	}
	return b
}

// read scans a log once and returns what was delivered.
func read(t *testing.T, cfg scanner.Config) []scanner.Batch {
	t.Helper()
	got, err := scan(t, cfg, 0)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// last is the position of the last batch.
func last(bs []scanner.Batch) scanner.Position { return bs[len(bs)-1].Position }

func TestTwoRootsOfOneSize(t *testing.T) {
	bubble(t, func(t *testing.T, p protocol) {
		l := p.newLog(100, ctlogtest.Options{})
		cfg := config(l, &recorder{})
		cfg.Position = last(read(t, cfg))
		l.SetFaults(ctlogtest.Faults{WrongRoot: 1})
		_, err := scan(t, cfg, 0)
		b := checkFork(t, err, scanner.ForkSameSize)
		if b.Held.Size != b.Shown.Size || bytes.Equal(b.Held.Root, b.Shown.Root) {
			t.Error("evidence shows no two roots of one size")
		}
	})
}

// forked returns a log of 100 entries and another with its key, of which the
// first 60 are the same and n follow.
func (p protocol) forked(n int) (l, f *ctlogtest.Log) {
	l = p.newLog(100, ctlogtest.Options{})
	f = l.Fork(60)
	for i := range n {
		f.AddRaw(merkleLeaf(60+i, []byte("another leaf"), false), nil)
	}
	f.Publish()
	return l, f
}

func TestLargerTreeOfAnotherHistory(t *testing.T) {
	bubble(t, func(t *testing.T, p protocol) {
		l, f := p.forked(90)
		cfg := config(l, &recorder{})
		cfg.Position = last(read(t, cfg))
		cfg.HTTP = f.Client()
		got, err := scan(t, cfg, 0)
		if len(got) > 0 {
			t.Errorf("%d batches of the fork were delivered", len(got))
		}
		b := checkFork(t, err, scanner.ForkConsistency)
		if want := hex.EncodeToString(b.Held.Root); !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("the error does not say in a line and in hexadecimal which root was held (%s): %q", want, err)
		}
		if len(b.Proofs) != 2 {
			t.Errorf("%d proofs are in evidence, want the first and the second", len(b.Proofs))
		}
		for _, p := range b.Proofs {
			if joins(b.Held.Size, b.Shown.Size, p, b.Held.Root, b.Shown.Root) {
				t.Error("a proof in evidence joins the trees")
			}
		}
	})
}

// A validly signed smaller head of another tree must not pass as a frontend
// that lags.
func TestSmallerTreeOfAnotherHistory(t *testing.T) { both(t, checkSmallerTreeOfAnotherHistory) }

func checkSmallerTreeOfAnotherHistory(t *testing.T, p protocol) {
	for _, tt := range []struct {
		name   string
		leaves bool
		size   int // of the other tree, from 60
		kind   scanner.ForkKind
	}{
		{"by stored leaves", true, 20, scanner.ForkLeaves},
		{"by the log's proof", false, 20, scanner.ForkConsistency},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l, f := p.forked(tt.size)
				cfg := config(l, &recorder{})
				all := read(t, cfg)
				cfg.Position = last(all)
				if tt.leaves {
					cfg.Leaves = storedLeaves(all)
				}
				l.SetFaults(ctlogtest.Faults{Fork: f})
				_, err := follow(t, cfg, func(scanner.Batch) bool { return true })
				b := checkFork(t, err, tt.kind)
				if b.Shown.Size != 80 || b.Held.Size != 100 {
					t.Errorf("evidence has trees of %d and %d", b.Shown.Size, b.Held.Size)
				}
				if !tt.leaves {
					return
				}
				if !joins(80, b.Position.Size, b.ComputedProof, b.Computed, b.Position.Root) || bytes.Equal(b.Computed, b.Shown.Root) {
					t.Error("computed proof doesn't show what the smaller tree must be")
				}
				if !bytes.Equal(b.Position.Root, b.Held.Root) {
					t.Error("position is another tree than the held one")
				}
			})
		})
	}
}

// Damage to the store is not the log's lie.
func TestDamagedLeavesAreNoFork(t *testing.T) {
	bubble(t, func(t *testing.T, p protocol) {
		l := p.newLog(100, ctlogtest.Options{})
		r := &recorder{}
		cfg := config(l, r)
		all := read(t, cfg)
		all[0].LeafHashes[5][0] ^= 1
		cfg.Position, cfg.Leaves = last(all), storedLeaves(all)
		l.SetFaults(ctlogtest.Faults{SmallerHead: 1, Smaller: 30})
		got, err := scan(t, cfg, 0)
		if err != nil || len(got) != 1 || len(got[0].Heads) != 1 {
			t.Fatalf("%d batches: %v", len(got), err)
		}
		if l.Requests()[ctlogtest.Request{Endpoint: p.endpoint("get-sth-consistency"), Status: http.StatusOK}] == 0 {
			t.Error("the log was not asked")
		}
	})
}

func TestSmallerConsistentHeadIsRecorded(t *testing.T) { both(t, checkSmallerConsistentHeadIsRecorded) }

func checkSmallerConsistentHeadIsRecorded(t *testing.T, p protocol) {
	for _, withLeaves := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			l := p.newLog(70, ctlogtest.Options{})
			add(l, 30)
			r := &recorder{}
			cfg := config(l, r)
			all := read(t, cfg)
			cfg.Position = last(all)
			if withLeaves {
				cfg.Leaves = storedLeaves(all)
			}
			asked := l.Requests()
			l.SetFaults(ctlogtest.Faults{OldHead: 1})
			got, err := scan(t, cfg, 0)
			if err != nil || len(got) != 1 || len(got[0].Heads) != 1 {
				t.Fatalf("%d batches: %v", len(got), err)
			}
			if h := got[0].Heads[0]; h.Size != 70 || got[0].Head.Size != 100 || got[0].Position.Head.Size != 100 {
				t.Errorf("recorded a head of %d, holding %d", h.Size, got[0].Head.Size)
			}
			proofs := ctlogtest.Request{Endpoint: p.endpoint("get-sth-consistency"), Status: http.StatusOK}
			if n := l.Requests()[proofs] - asked[proofs]; (n == 0) != withLeaves {
				t.Errorf("%d proofs were asked for, with leaves: %t", n, withLeaves)
			}
		})
	}
}

func TestOddTimestampsAreToldOf(t *testing.T) { both(t, checkOddTimestampsAreToldOf) }

func checkOddTimestampsAreToldOf(t *testing.T, p protocol) {
	for _, tt := range []struct {
		name   string
		faults ctlogtest.Faults
		want   scanner.Suspicion
	}{
		{"future", ctlogtest.Faults{Skew: time.Hour}, scanner.SuspectFuture},
		{"stale", ctlogtest.Faults{Skew: -25 * time.Hour}, scanner.SuspectStale},
		{"backwards", ctlogtest.Faults{Skew: -time.Hour}, scanner.SuspectBackwards},
		{"shrunk", ctlogtest.Faults{SmallerHead: 1, Smaller: 3}, scanner.SuspectShrunk},
		{"signature", ctlogtest.Faults{WrongSignature: 1, Limit: 1}, scanner.SuspectSignature},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := p.newLog(100, ctlogtest.Options{})
				r := &recorder{}
				cfg := config(l, r)
				cfg.Position = last(read(t, cfg))
				if n := len(of[scanner.HeadSuspect](r, nil)); n > 0 {
					t.Errorf("a sound head raised %d suspicions", n)
				}
				<-time.After(time.Minute)
				l.SetFaults(tt.faults)
				if _, err := scan(t, cfg, 0); err != nil {
					t.Fatal(err)
				}
				if len(of(r, func(e scanner.HeadSuspect) bool { return e.Reason == tt.want })) == 0 {
					t.Errorf("suspicions are %+v", of[scanner.HeadSuspect](r, nil))
				}
			})
		})
	}
}

func TestEntriesThatContradictTheHead(t *testing.T) { both(t, checkEntriesThatContradictTheHead) }

func checkEntriesThatContradictTheHead(t *testing.T, p protocol) {
	for name, f := range map[string]ctlogtest.Faults{
		"altered":   {CorruptEntry: 1, CorruptIndex: 142},
		"doubled":   {DuplicateEntry: 1},
		"reordered": {ReorderEntries: 1},
		"root":      {WrongRoot: 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := p.newLog(200, ctlogtest.Options{})
				l.SetFaults(f)
				cfg := config(l, &recorder{})
				got, err := follow(t, cfg, func(scanner.Batch) bool { return true })
				b := checkFork(t, err, scanner.ForkRoot)
				checkBatches(t, l, got, 0, b.Position.Size)
				if len(b.Answers) != 2 || len(b.Answers[1].Bodies) == 0 {
					t.Fatalf("evidence has answers %+v", b.Answers)
				}
				if bytes.Equal(b.Answers[0].Root, b.Shown.Root) || !bytes.Equal(b.Answers[0].Root, b.Answers[1].Root) {
					t.Error("answers have the wrong roots")
				}
			})
		})
	}
}

func TestBadSignaturesEndTheScan(t *testing.T) {
	bubble(t, func(t *testing.T, p protocol) {
		l := p.newLog(20, ctlogtest.Options{})
		cfg := config(l, &recorder{})
		cfg.Position = last(read(t, cfg))
		add(l, 5)
		l.SetFaults(ctlogtest.Faults{WrongSignature: 1})
		got, err := follow(t, cfg, func(scanner.Batch) bool { return true })
		var bad *scanner.SignatureError
		if !errors.As(err, &bad) || bad.Tries != 3 || len(got) > 0 {
			t.Fatalf("%d batches, error %v", len(got), err)
		}
		var b bundle
		if err := json.Unmarshal(bad.Evidence(), &b); err != nil {
			t.Fatal(err)
		}
		if b.Shown == nil || b.signed(t, b.Shown, b.ShownSigned) || b.Kind != "signature" {
			t.Errorf("evidence is %s", bad.Evidence())
		}
	})
}

// A head whose consistency can't be asked for is not used; it is tried again.
func TestUnprovedHeadWaits(t *testing.T) {
	bubble(t, func(t *testing.T, p protocol) {
		l := p.newLog(20, ctlogtest.Options{})
		r := &recorder{}
		cfg := config(l, r)
		cfg.Position = last(read(t, cfg))
		add(l, 5)
		l.SetFaults(ctlogtest.Faults{Status400: 1, Endpoints: []string{"get-sth-consistency"}, Limit: 7})
		got, err := follow(t, cfg, func(scanner.Batch) bool { return false })
		if err != nil {
			t.Fatal(err)
		}
		checkBatches(t, l, got, 20, 25)
		if n := len(of(r, func(e scanner.HeadSuspect) bool { return e.Reason == scanner.SuspectUnproved })); n < 2 {
			t.Errorf("%d events tell of unproved heads", n)
		}
		sizes := []uint64{}
		for _, h := range got[0].Heads {
			sizes = append(sizes, h.Size)
		}
		if diff := cmp.Diff([]uint64{25}, sizes); diff != "" {
			t.Errorf("heads of the batch (-want +got):\n%s", diff)
		}
	})
}

// A head that was shown once, while its proof was withheld, is not forgotten.
func TestUnprovedHeadIsNotForgotten(t *testing.T) {
	bubble(t, func(t *testing.T, p protocol) {
		l, f := p.forked(20)
		r := &recorder{}
		cfg := config(l, r)
		cfg.Position = last(read(t, cfg))
		l.SetFaults(ctlogtest.Faults{Fork: f})
		cfg.HTTP = &http.Client{Transport: roundTripper(func(q *http.Request) (*http.Response, error) {
			hidden := len(of(r, func(e scanner.HeadSuspect) bool { return e.Reason == scanner.SuspectUnproved })) == 0
			if !hidden {
				l.SetFaults(ctlogtest.Faults{}) // the log shows its first tree again
			} else if strings.HasSuffix(q.URL.Path, "consistency") || strings.Contains(q.URL.Path, "/tile/") {
				return nil, errors.New("withheld")
			}
			return l.Client().Transport.RoundTrip(q)
		})}
		_, err := follow(t, cfg, func(scanner.Batch) bool { return true })
		if b := checkFork(t, err, scanner.ForkConsistency); b.Shown.Size != 80 {
			t.Errorf("the head of %d was caught, want that of 80", b.Shown.Size)
		}
	})
}
