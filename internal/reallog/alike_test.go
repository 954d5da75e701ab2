package reallog_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"markwatch/internal/ctlogtest"
	"markwatch/internal/marktest"
)

// ask asks the log in process.
func ask(t *testing.T, l *ctlogtest.Log, endpoint string) (v any) {
	t.Helper()
	resp, err := l.Client().Get("https://log.test/ct/v1/" + endpoint)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", endpoint, resp.Status)
	}
	if err := json.NewDecoder(resp.Body).Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// The log that tests use answers as a real one does to the same submissions.
func TestLogOfTestsIsLikeARealOne(t *testing.T) {
	ca := marktest.NewCA("Invented")
	real := start(t, nil, ca)
	all := mint(ca, 0, 25)
	submit(t, real, all)
	raw := entries(t, real)

	var now time.Time
	l := ctlogtest.New(ctlogtest.Options{
		Name: "like", Roots: [][]byte{ca.Root()}, MaxGetEntries: 1000, AlignRanges: true, Now: func() time.Time { return now },
	})
	byLeaf := map[string]submission{}
	for _, s := range all {
		byLeaf[string(s.leaf())] = s
	}
	for i, e := range raw { // in the order in which the real log put them
		s, ok := byLeaf[string(e.Leaf)]
		if !ok {
			t.Fatalf("real log's entry %d was never submitted", i)
		}
		now = time.UnixMilli(int64(s.sct.Timestamp))
		resubmit(t, l, s, i%2 == 0)
	}
	l.Publish()

	size := len(raw)
	endpoints := []string{fmt.Sprintf("get-entries?start=0&end=%d", size-1), "get-entries?start=5&end=5000", "get-roots"}
	for i := 1; i <= size; i += 3 {
		endpoints = append(endpoints,
			fmt.Sprintf("get-sth-consistency?first=%d&second=%d", i, size),
			fmt.Sprintf("get-entry-and-proof?leaf_index=%d&tree_size=%d", i-1, size),
			fmt.Sprintf("get-proof-by-hash?tree_size=%d&hash=%s", size, hashParameter(raw[i-1].Leaf)))
	}
	for _, endpoint := range endpoints {
		var want any
		if err := real.Get(t.Context(), endpoint, &want); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, ask(t, l, endpoint)); diff != "" {
			t.Errorf("%s (-real +test):\n%.3000s", endpoint, diff)
		}
	}
	root := l.Root(uint64(size))
	var sth struct {
		Root []byte `json:"sha256_root_hash"`
	}
	if err := real.Get(t.Context(), "get-sth", &sth); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(root[:], sth.Root); diff != "" {
		t.Errorf("root (-test +real):\n%s", diff)
	}
}

// resubmit sends a submission to the log of tests, over HTTP or by its methods.
func resubmit(t *testing.T, l *ctlogtest.Log, s submission, overHTTP bool) {
	t.Helper()
	switch {
	case !overHTTP && s.pre:
		l.AddPreChain(s.mark.Precertificate, s.mark.TBS, s.mark.IssuerKeyHash, s.mark.Chain...)
		return
	case !overHTTP:
		l.AddChain(s.chain...)
		return
	}
	endpoint := "add-chain"
	if s.pre {
		endpoint = "add-pre-chain"
	}
	body, err := json.Marshal(map[string]any{"chain": s.chain})
	if err != nil {
		t.Fatal(err)
	}
	resp, err := l.Client().Post("https://log.test/ct/v1/"+endpoint, "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", endpoint, resp.Status)
	}
}

// hashParameter is the hash of a leaf as get-proof-by-hash wants it.
func hashParameter(leaf []byte) string {
	h := leafHash(leaf)
	return url.QueryEscape(base64.StdEncoding.EncodeToString(h[:]))
}

// leafHash is SHA-256(0, leaf).
func leafHash(leaf []byte) [32]byte { return sha256.Sum256(append([]byte{0}, leaf...)) }
