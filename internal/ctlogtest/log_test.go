package ctlogtest_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"

	"markwatch/internal/ctlogtest"
)

// sth is the JSON of get-sth.
type sth struct {
	Size      uint64 `json:"tree_size"`
	Timestamp uint64 `json:"timestamp"`
	Root      []byte `json:"sha256_root_hash"`
	Signature []byte `json:"tree_head_signature"`
}

// get asks a log in process and decodes its JSON.
func get[T any](t *testing.T, c *http.Client, query string) T {
	t.Helper()
	resp, err := c.Get("http://log.test/x/ct/v1/" + query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: status %d, %v: %.80s", query, resp.StatusCode, err, body)
	}
	var v T
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatalf("%s: %v: %.80s", query, err, body)
	}
	return v
}

// filled makes a log of n published entries.
func filled(n int, opts ctlogtest.Options) *ctlogtest.Log {
	l := ctlogtest.New(opts)
	for i := range n {
		l.AddRaw(fmt.Appendf(nil, "leaf %d", i), fmt.Appendf(nil, "extra %d", i%3))
	}
	l.Publish()
	return l
}

// verify checks a DigitallySigned by a log's key.
func verify(t *testing.T, l *ctlogtest.Log, input, signed []byte) {
	t.Helper()
	k, err := x509.ParsePKIXPublicKey(l.PublicKey())
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256(input)
	if !bytes.Equal(signed[:2], []byte{4, 3}) || !ecdsa.VerifyASN1(k.(*ecdsa.PublicKey), digest[:], signed[4:]) {
		t.Errorf("signature %x doesn't verify", signed)
	}
}

func TestTreeHeadsAndProofs(t *testing.T) {
	const n = 37
	l := filled(n, ctlogtest.Options{Name: "proofs", Now: func() time.Time { return time.UnixMilli(1_700_000_000_123) }})
	head := get[sth](t, l.Client(), "get-sth")
	if head.Size != n || head.Timestamp != 1_700_000_000_123 {
		t.Errorf("tree head is of size %d at %d", head.Size, head.Timestamp)
	}
	input := binary.BigEndian.AppendUint64([]byte{0, 1}, head.Timestamp)
	verify(t, l, append(binary.BigEndian.AppendUint64(input, head.Size), head.Root...), head.Signature)
	for first := uint64(1); first <= n; first++ {
		p := get[struct{ Consistency [][]byte }](t, l.Client(), fmt.Sprintf("get-sth-consistency?first=%d&second=%d", first, n))
		r := l.Root(first)
		if err := proof.VerifyConsistency(rfc6962.DefaultHasher, first, n, p.Consistency, r[:], head.Root); err != nil {
			t.Errorf("from %d: %v", first, err)
		}
	}
	for i := range uint64(n) {
		leaf := sha256.Sum256(fmt.Appendf([]byte{0}, "leaf %d", i))
		p := get[struct {
			Index uint64   `json:"leaf_index"`
			Path  [][]byte `json:"audit_path"`
		}](t, l.Client(), fmt.Sprintf("get-proof-by-hash?tree_size=%d&hash=%s", n, url.QueryEscape(base64.StdEncoding.EncodeToString(leaf[:]))))
		if err := proof.VerifyInclusion(rfc6962.DefaultHasher, p.Index, n, leaf[:], p.Path, head.Root); err != nil || p.Index != i {
			t.Errorf("leaf %d at %d: %v", i, p.Index, err)
		}
	}
}

func TestGetEntries(t *testing.T) {
	type entries struct {
		Entries []struct {
			Leaf  []byte `json:"leaf_input"`
			Extra []byte `json:"extra_data"`
		}
	}
	for _, tt := range []struct {
		name    string
		opts    ctlogtest.Options
		query   string
		from, n int
	}{
		{"whole", ctlogtest.Options{Name: "a"}, "start=0&end=99", 0, 40},
		{"part", ctlogtest.Options{Name: "b"}, "start=3&end=5", 3, 3},
		{"capped", ctlogtest.Options{Name: "c", MaxGetEntries: 16}, "start=3&end=39", 3, 16},
		{"aligned", ctlogtest.Options{Name: "d", MaxGetEntries: 16, AlignRanges: true}, "start=3&end=39", 3, 13},
		{"aligned at the most", ctlogtest.Options{Name: "e", MaxGetEntries: 16, AlignRanges: true}, "start=3&end=18", 3, 13},
		{"aligned beyond the tree", ctlogtest.Options{Name: "g", MaxGetEntries: 16, AlignRanges: true}, "start=30&end=99", 30, 2},
		{"not aligned below it", ctlogtest.Options{Name: "f", MaxGetEntries: 16, AlignRanges: true}, "start=3&end=17", 3, 15},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := get[entries](t, filled(40, tt.opts).Client(), "get-entries?"+tt.query).Entries
			if len(got) != tt.n {
				t.Fatalf("%d entries, want %d", len(got), tt.n)
			}
			for i, e := range got {
				leaf, extra := fmt.Sprintf("leaf %d", tt.from+i), fmt.Sprintf("extra %d", (tt.from+i)%3)
				if string(e.Leaf) != leaf || string(e.Extra) != extra {
					t.Errorf("entry %d is %q, %q", tt.from+i, e.Leaf, e.Extra)
				}
			}
		})
	}
}

func TestUnpublishedEntriesAreNotServed(t *testing.T) {
	l := filled(4, ctlogtest.Options{Name: "pending"})
	l.AddRaw([]byte("pending"), nil)
	resp, err := l.Client().Get("http://log.test/ct/v1/get-entries?start=4&end=4")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusBadRequest || l.Size() != 4 || l.Pending() != 1 {
		t.Errorf("status %d, size %d, pending %d", resp.StatusCode, l.Size(), l.Pending())
	}
}

// precertificate makes a certificate with poison, and the same TBS without it.
func precertificate(t *testing.T) (pre, tbs, ca []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "invented"}, DNSNames: []string{"mark.example"},
		NotBefore: time.Unix(1_700_000_000, 0), NotAfter: time.Unix(1_800_000_000, 0),
	}
	make := func(exts ...pkix.Extension) []byte {
		template.ExtraExtensions = exts
		der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	plain, err := x509.ParseCertificate(make())
	if err != nil {
		t.Fatal(err)
	}
	poison := pkix.Extension{Id: []int{1, 3, 6, 1, 4, 1, 11129, 2, 4, 3}, Critical: true, Value: []byte{5, 0}}
	return make(poison), plain.RawTBSCertificate, plain.Raw
}

func TestSubmissions(t *testing.T) {
	pre, tbs, ca := precertificate(t)
	l := ctlogtest.New(ctlogtest.Options{Name: "submissions", AutoPublish: true})
	srv := httptest.NewServer(l.Handler())
	defer srv.Close()
	post := func(endpoint string, chain ...[]byte) (int, string) {
		body, _ := json.Marshal(map[string]any{"chain": chain})
		resp, err := http.Post(srv.URL+"/ct/v1/"+endpoint, "application/json", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, _ := io.ReadAll(resp.Body)
		return resp.StatusCode, string(b)
	}
	status, first := post("add-pre-chain", pre, ca)
	if status != http.StatusOK {
		t.Fatalf("add-pre-chain: %d %s", status, first)
	}
	if _, again := post("add-pre-chain", pre, ca); again != first {
		t.Errorf("second submission was answered %s, first %s", again, first)
	}
	if status, body := post("add-chain", []byte("junk")); status != http.StatusBadRequest {
		t.Errorf("junk: %d %s", status, body)
	}
	issuer, err := x509.ParseCertificate(ca)
	if err != nil {
		t.Fatal(err)
	}
	ikh := sha256.Sum256(issuer.RawSubjectPublicKeyInfo)
	sct, index := l.AddPreChain(pre, tbs, ikh, ca)
	if index != 0 {
		t.Errorf("index is %d", index)
	}
	if head := get[sth](t, l.Client(), "get-sth"); head.Size != 1 {
		t.Fatalf("size is %d", head.Size)
	}
	e := get[struct {
		Leaf  []byte `json:"leaf_input"`
		Extra []byte `json:"extra_data"`
	}](t, l.Client(), "get-entry-and-proof?leaf_index=0&tree_size=1")
	want := append([]byte{0, 0}, sct[33:41]...)
	want = append(append(want, 0, 1), ikh[:]...)
	want = append(append(want, 0, byte(len(tbs)>>8), byte(len(tbs))), tbs...)
	want = append(want, 0, 0)
	if diff := cmp.Diff(want, e.Leaf); diff != "" {
		t.Errorf("leaf (-want +got):\n%s", diff)
	}
	verify(t, l, want, sct[43:])
	if !bytes.Contains(e.Extra, pre) || !bytes.Contains(e.Extra, ca) {
		t.Error("extra_data lacks precertificate or chain")
	}
}

func TestForkSharesKeyAndPrefix(t *testing.T) {
	a := filled(10, ctlogtest.Options{Name: "forked"})
	b := a.Fork(6)
	if a.LogID() != b.LogID() || b.Size() != 6 || a.Root(6) != b.Root(6) {
		t.Fatalf("fork has size %d, root %x", b.Size(), b.Root(6))
	}
	for range 4 {
		b.AddRaw([]byte("other"), nil)
	}
	b.Publish()
	if b.Size() != 10 || a.Root(10) == b.Root(10) {
		t.Error("fork has the same root")
	}
}

func TestFaultsStrikeWhereTheyAreSet(t *testing.T) {
	l := filled(20, ctlogtest.Options{Name: "faults"})
	c := l.Client()
	l.SetFaults(ctlogtest.Faults{Endpoints: []string{"get-sth"}, Status429: 2, RetryAfter: "7", Limit: 1})
	var got []string
	for range 4 {
		resp, err := c.Get("http://log.test/ct/v1/get-sth")
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		got = append(got, fmt.Sprintf("%d %s", resp.StatusCode, resp.Header.Get("Retry-After")))
	}
	if diff := cmp.Diff([]string{"200 ", "429 7", "200 ", "200 "}, got); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
	if n := l.Injected()["Status429"]; n != 1 {
		t.Errorf("429 struck %d times", n)
	}
	if n := l.Requests()[ctlogtest.Request{Endpoint: "get-sth", Status: 200}]; n != 3 {
		t.Errorf("%d good answers were counted", n)
	}
}

func TestHangingBodyEndsWithItsReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := filled(20, ctlogtest.Options{Name: "hang"})
		l.SetFaults(ctlogtest.Faults{HangBody: 1})
		c := l.Client()
		c.Timeout = time.Minute
		start := time.Now()
		resp, err := c.Get("http://log.test/ct/v1/get-sth")
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(resp.Body)
		if err == nil || len(b) == 0 || time.Since(start) != time.Minute {
			t.Errorf("read %d bytes in %s: %v", len(b), time.Since(start), err)
		}
	})
}

func TestBrokenBody(t *testing.T) {
	l := filled(20, ctlogtest.Options{Name: "abort"})
	l.SetFaults(ctlogtest.Faults{Abort: 1})
	resp, err := l.Client().Get("http://log.test/ct/v1/get-sth")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.ReadAll(resp.Body); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("reading: %v", err)
	}
}

func FuzzSubmission(f *testing.F) {
	f.Add([]byte("junk"))
	f.Add([]byte{0x30, 0x03, 0x30, 0x01, 0x05})
	f.Fuzz(func(t *testing.T, cert []byte) {
		l := ctlogtest.New(ctlogtest.Options{Name: "fuzz"})
		body, _ := json.Marshal(map[string]any{"chain": [][]byte{cert, cert}})
		for _, endpoint := range []string{"add-chain", "add-pre-chain"} {
			w := httptest.NewRecorder()
			l.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/ct/v1/"+endpoint, bytes.NewReader(body)))
			if w.Code != http.StatusOK && (w.Code != http.StatusBadRequest || strings.Contains(w.Body.String(), "panic")) {
				t.Errorf("%s: %d %s", endpoint, w.Code, w.Body)
			}
		}
	})
}

func BenchmarkGetEntries(b *testing.B) {
	l := ctlogtest.New(ctlogtest.Options{Name: "bench"})
	for i := range 1000 {
		l.AddRaw(fmt.Appendf(make([]byte, 1500), "%d", i), make([]byte, 3000))
	}
	l.Publish()
	r := httptest.NewRequest(http.MethodGet, "/ct/v1/get-entries?start=0&end=999", nil)
	for b.Loop() {
		w := httptest.NewRecorder()
		l.Handler().ServeHTTP(w, r)
	}
}
