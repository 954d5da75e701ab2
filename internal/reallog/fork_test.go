package reallog_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"errors"
	"testing"
	"time"

	ct "github.com/google/certificate-transparency-go"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"

	"markwatch/internal/ctlogtest"
	"markwatch/internal/marktest"
	"markwatch/scanner"
)

// bundle is an evidence bundle as somebody without this program reads it.
type bundle struct {
	Log struct {
		Key []byte
	}
	Held     *head `json:"held_tree_head"`
	Shown    *head `json:"shown_tree_head"`
	Position struct {
		Root []byte `json:"root_hash"`
		Size uint64 `json:"tree_size"`
	}
	Proofs        [][][]byte `json:"consistency_proofs"`
	Computed      []byte     `json:"computed_root"`
	ComputedProof [][]byte   `json:"computed_proof"`
}

// head is a tree head of a bundle.
type head struct {
	Size uint64 `json:"tree_size"`
	Root []byte `json:"root_hash"`
	Raw  []byte `json:"raw"`
}

// verifyRaw checks a get-sth response with certificate-transparency-go.
func verifyRaw(key, raw []byte) error {
	pub, err := x509.ParsePKIXPublicKey(key)
	if err != nil {
		return err
	}
	v, err := ct.NewSignatureVerifier(pub)
	if err != nil {
		return err
	}
	var resp ct.GetSTHResponse
	if err := json.Unmarshal(raw, &resp); err != nil {
		return err
	}
	sth, err := resp.ToSignedTreeHead()
	if err != nil {
		return err
	}
	return v.VerifySTHSignature(*sth)
}

// Two logs with one key are a real fork.
func TestFork(t *testing.T) {
	for _, tt := range []struct {
		name   string
		marks  int // of the other log; the first has 20
		leaves bool
		kind   scanner.ForkKind
	}{
		{"same size", 20, false, scanner.ForkSameSize},
		{"larger", 28, false, scanner.ForkConsistency},
		{"smaller", 12, true, scanner.ForkLeaves},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ca, key := marktest.NewCA("Invented"), newKey(t)
			a, b := start(t, key, ca), start(t, key, ca)
			submit(t, a, mint(ca, 0, 20))
			submit(t, b, mint(ca, 100, tt.marks))
			cfg := config(a)
			got, err := scan(t, cfg, 0)
			if err != nil {
				t.Fatal(err)
			}
			cfg.Position, cfg.Log.URL = got[len(got)-1].Position, b.URL
			if tt.leaves {
				cfg.Leaves = leavesOf(got)
			}
			_, err = scan(t, cfg, 0)
			var fork *scanner.ForkError
			if !errors.As(err, &fork) || fork.Kind != tt.kind {
				t.Fatalf("error is %v, want a fork of kind %s", err, tt.kind)
			}
			checkEvidence(t, fork)
		})
	}
}

// checkEvidence verifies a bundle by libraries that others wrote.
func checkEvidence(t *testing.T, fork *scanner.ForkError) {
	t.Helper()
	var b bundle
	if err := json.Unmarshal(fork.Evidence(), &b); err != nil {
		t.Fatal(err)
	}
	for _, h := range []*head{b.Held, b.Shown} {
		if err := verifyRaw(b.Log.Key, h.Raw); err != nil {
			t.Errorf("tree head of %d: %v", h.Size, err)
		}
	}
	if err := b.contradiction(fork.Kind); err != nil {
		t.Error(err)
	}
}

// joins says whether a proof joins two trees.
func joins(m, n uint64, p [][]byte, from, to []byte) bool {
	return proof.VerifyConsistency(rfc6962.DefaultHasher, m, n, p, from, to) == nil
}

// contradiction says why a bundle doesn't show what it claims to.
func (b bundle) contradiction(kind scanner.ForkKind) error {
	switch kind {
	case scanner.ForkSameSize:
		if b.Held.Size != b.Shown.Size || bytes.Equal(b.Held.Root, b.Shown.Root) {
			return errors.New("tree heads don't contradict each other")
		}
	case scanner.ForkConsistency:
		for _, p := range b.Proofs {
			if joins(b.Held.Size, b.Shown.Size, p, b.Held.Root, b.Shown.Root) {
				return errors.New("a proof joins the trees")
			}
		}
		if len(b.Proofs) == 0 {
			return errors.New("evidence has no proof")
		}
	case scanner.ForkLeaves:
		if !joins(b.Shown.Size, b.Position.Size, b.ComputedProof, b.Computed, b.Position.Root) || bytes.Equal(b.Computed, b.Shown.Root) {
			return errors.New("computed proof doesn't show the contradiction")
		}
		if b.Position.Size != b.Held.Size || !bytes.Equal(b.Position.Root, b.Held.Root) {
			return errors.New("position isn't the held tree")
		}
	}
	return nil
}

// scanner verifies tree heads by itself; it must judge as the reference does.
func TestSignaturesAreJudgedAsByTheReference(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return time.UnixMilli(1_800_000_000_000) }
	for name, opts := range map[string]ctlogtest.Options{
		"ecdsa": {Name: "ecdsa", Now: now},
		"rsa":   {Name: "rsa", Key: rsaKey, Now: now},
	} {
		l := ctlogtest.New(opts)
		log := scanner.Log{Name: name, URL: "https://log.test", Key: l.PublicKey()}
		for fault, f := range map[string]ctlogtest.Faults{"sound": {}, "wrong signature": {WrongSignature: 1}} {
			l.SetFaults(f)
			raw, h := treeHead(t, l)
			reference, ours := verifyRaw(l.PublicKey(), raw), scanner.VerifyTreeHead(log, h)
			if (reference == nil) != (ours == nil) || (ours == nil) != (fault == "sound") {
				t.Errorf("%s, %s: reference says %v, scanner %v", name, fault, reference, ours)
			}
		}
	}
}

// treeHead asks a log in process for its tree head.
func treeHead(t *testing.T, l *ctlogtest.Log) ([]byte, scanner.TreeHead) {
	t.Helper()
	resp, err := l.Client().Get("https://log.test/ct/v1/get-sth")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var buf bytes.Buffer
	if _, err := buf.ReadFrom(resp.Body); err != nil {
		t.Fatal(err)
	}
	var sth ct.GetSTHResponse
	if err := json.Unmarshal(buf.Bytes(), &sth); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes(), scanner.TreeHead{
		LogID: l.LogID(), Size: sth.TreeSize, Root: scanner.Hash(sth.SHA256RootHash),
		Timestamp: time.UnixMilli(int64(sth.Timestamp)), Signature: sth.TreeHeadSignature,
	}
}
