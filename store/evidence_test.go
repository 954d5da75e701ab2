package store_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"testing"

	"github.com/google/go-cmp/cmp"

	"markwatch/scanner"
)

// TestEvidence guards that the store gives back what a proof needs: the leaf's
// bytes, the chain, the tree head as signed and the key of the log, without
// the log being configured any more.
func TestEvidence(t *testing.T) {
	l := newLog("evidence")
	s := open(t, t.TempDir())
	batches := read(t, l, scanner.Position{}, 0)
	commit(t, s, batches...)
	want := batches[0].Marks[0]
	id := batches[0].Scan.Log.ID()
	log, err := s.Log(t.Context(), base64.StdEncoding.EncodeToString(id[:]))
	if err != nil || log == nil {
		t.Fatalf("the log: %v, %v", log, err)
	}
	if !bytes.Equal(log.Key, l.PublicKey()) || log.Name != "evidence" || log.URL != "http://evidence.test" {
		t.Errorf("the log is %+v", log)
	}
	_, found, err := s.Find(t.Context(), hex.EncodeToString(want.Entry.Mark.TBSSHA256[:6]))
	if err != nil || len(found) != 1 {
		t.Fatalf("found %v, %v", found, err)
	}
	entries, err := s.EntriesOf(t.Context(), found[0])
	if err != nil || len(entries) != 2 {
		t.Fatalf("%d entries, %v", len(entries), err)
	}
	e := entries[0]
	if diff := cmp.Diff(want.Raw.LeafInput, e.LeafInput); diff != "" {
		t.Errorf("leaf_input (-want +got):\n%s", diff)
	}
	if sha256.Sum256(append([]byte{0}, e.LeafInput...)) != e.LeafHash {
		t.Error("the leaf hash is not that of leaf_input")
	}
	if diff := cmp.Diff(want.Entry.Chain, e.Chain); diff != "" {
		t.Errorf("chain (-want +got):\n%s", diff)
	}
	head, err := s.HeadOver(t.Context(), e.LogID, e.Index, false)
	if err != nil || head == nil {
		t.Fatalf("the tree head: %v, %v", head, err)
	}
	if err := scanner.VerifyTreeHead(*log, *head); err != nil {
		t.Error(err)
	}
	if kept, err := s.KeepsLeaves(t.Context(), e.LogID, head.Size); err != nil || !kept {
		t.Errorf("the leaf hashes are kept: %v, %v", kept, err)
	}
	if head, err := s.HeadOver(t.Context(), e.LogID, l.Size(), false); err != nil || head != nil {
		t.Errorf("a tree head over an entry that isn't there: %v, %v", head, err)
	}
	if unknown, err := s.Log(t.Context(), "AAAA"); err != nil || unknown != nil {
		t.Errorf("a log that was never read: %v, %v", unknown, err)
	}
}
