package scanner_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"markwatch/internal/ctlogtest"
	"markwatch/scanner"
)

// plain reads a get-entries response with encoding/json alone.
func plain(body []byte, filter func([]byte) bool) (d scanner.Decoded, err error) {
	var r struct {
		Entries []struct {
			Leaf  []byte `json:"leaf_input"`
			Extra []byte `json:"extra_data"`
		} `json:"entries"`
	}
	if err := json.Unmarshal(body, &r); err != nil {
		return d, err
	}
	if len(r.Entries) == 0 {
		return d, errors.New("no entries")
	}
	for i, e := range r.Entries {
		h := sha256.Sum256(append([]byte{0}, e.Leaf...))
		d.Hashes = append(d.Hashes, h)
		if filter(e.Leaf) {
			d.Entries = append(d.Entries, scanner.Entry{Index: uint64(i), LeafInput: e.Leaf, ExtraData: e.Extra, LeafHash: h})
		}
	}
	return d, nil
}

// response returns a get-entries response of n entries as a log writes it.
func response(n, leafSize, extraSize int, markEvery int) []byte {
	l := ctlogtest.New(ctlogtest.Options{Name: "response", MaxGetEntries: n})
	r := rand.New(rand.NewPCG(1, 2))
	extra := make([]byte, extraSize)
	for i := range n {
		leaf := make([]byte, leafSize)
		for j := range leaf {
			leaf[j] = byte(r.Uint32())
		}
		if markEvery > 0 && i%markEvery == 0 {
			copy(leaf[leafSize/2:], "\x2b\x06\x01\x05\x05\x07\x03\x1f")
		}
		l.AddRaw(leaf, extra)
	}
	l.Publish()
	w := httptest.NewRecorder()
	l.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, fmt.Sprintf("/ct/v1/get-entries?start=0&end=%d", n-1), nil))
	return w.Body.Bytes()
}

func TestDecodeEntries(t *testing.T) {
	const mark = "KwYBBQUHAx8=" // the value bytes of the mark usage
	usual := `{"entries":[{"leaf_input":"AAEC","extra_data":"AwQ="},{"leaf_input":"` + mark + `","extra_data":"BQ=="}]}`
	for _, tt := range []struct {
		name, body string
		most, n    int // n < 0: an error
		strict     bool
	}{
		{"usual", usual, 2, 2, true},
		{"newline after", usual + "\n", 2, 2, true},
		{"whitespace", strings.ReplaceAll(usual, ",", " ,\n\t"), 2, 2, false},
		{"keys turned round", `{"entries":[{"extra_data":"AwQ=","leaf_input":"AAEC"}]}`, 1, 1, false},
		{"further keys", `{"more":{"a":[1]},"entries":[{"leaf_input":"AAEC","extra_data":"","sct":null}]}`, 1, 1, false},
		{"escapes", `{"entries":[{"leaf_input":"\/\/\/\/","extra_data":"\u0041w=="}]}`, 1, 1, false},
		{"no extra_data", `{"entries":[{"leaf_input":"AAEC"}]}`, 1, 1, false},
		{"empty leaf", `{"entries":[{"leaf_input":"","extra_data":""}]}`, 1, 1, true},
		{"broken extra_data of another certificate", `{"entries":[{"leaf_input":"AAEC","extra_data":"!"}]}`, 1, 1, true},
		{"broken extra_data of a mark", `{"entries":[{"leaf_input":"` + mark + `","extra_data":"!"}]}`, 1, -1, false},
		{"more than asked for", usual, 1, -1, false},
		{"no entries", `{"entries":[]}`, 1, -1, true},
		{"nothing", `{}`, 1, -1, false},
		{"no base64", `{"entries":[{"leaf_input":"A","extra_data":""}]}`, 1, -1, false},
		{"no padding", `{"entries":[{"leaf_input":"AA","extra_data":""}]}`, 1, -1, false},
		{"no leaf_input", `{"entries":[{"extra_data":""}]}`, 1, -1, false},
		{"cut", usual[:len(usual)-9], 2, -1, false},
		{"string that doesn't end", `{"entries":[{"leaf_input":"AAEC","extra_data":"\"}]}`, 1, -1, false},
		{"something after", usual + "{}", 2, -1, false},
		{"comma at the end", `{"entries":[{"leaf_input":"AAEC","extra_data":""},]}`, 2, -1, false},
		{"another log's page", "<html>", 2, -1, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := scanner.NewDecode(scanner.HasMarkEKU)([]byte(tt.body), tt.most)
			if (err != nil) != (tt.n < 0) || len(got.Hashes) != max(tt.n, 0) {
				t.Fatalf("%d entries, error %v, want %d", len(got.Hashes), err, tt.n)
			}
			if strict := scanner.Strict([]byte(tt.body), tt.most); strict != tt.strict {
				t.Errorf("usual shape: %t, want %t", strict, tt.strict)
			}
			if err != nil || strings.Contains(tt.body, "!") {
				return
			}
			want, err := plain([]byte(tt.body), scanner.HasMarkEKU)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("decoded (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDecodeLarge(t *testing.T) {
	body := response(500, 1500, 40, 50)
	want, err := plain(body, scanner.HasMarkEKU)
	if err != nil {
		t.Fatal(err)
	}
	got, err := scanner.NewDecode(scanner.HasMarkEKU)(body, 500)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" || len(got.Entries) != 10 {
		t.Errorf("%d entries (-want +got):\n%.2000s", len(got.Entries), diff)
	}
}

// What the strict scanner takes, encoding/json reads as the same.
func FuzzEntries(f *testing.F) {
	for _, s := range []string{
		`{"entries":[{"leaf_input":"AAEC","extra_data":"AwQ="}]}`,
		`{"entries":[{"leaf_input":"KwYBBQUHAx8=","extra_data":"BQ=="},{"leaf_input":"","extra_data":""}]}`,
		`{"entries":[{"leaf_input":"\/\/\/\/","extra_data":"\"},{\"leaf_input\":\""}]}`,
		`{"entries":[{"leaf_input":"AA==","extra_data":"\"}]}`,
		` { "entries" : [ { "extra_data":"", "leaf_input":"AAEC", "x":[{}] } ] } `,
	} {
		f.Add([]byte(s))
	}
	all := func([]byte) bool { return true }
	decode := scanner.NewDecode(all)
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := decode(body, 100)
		if err != nil {
			return
		}
		want, err := plain(body, all)
		if err != nil {
			if json.Valid(body) && !bytes.Contains(bytes.ToLower(body), []byte("null")) && bytes.Count(body, []byte("entries")) == 1 {
				t.Fatalf("taken, though encoding/json says %v: %q", err, body)
			}
			return
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" && bytes.Count(bytes.ToLower(body), []byte("entries")) == 1 {
			t.Fatalf("%q (-want +got):\n%s", body, diff)
		}
	})
}

func FuzzTreeHead(f *testing.F) {
	f.Add([]byte(`{"tree_size":1,"timestamp":1700000000000,"sha256_root_hash":"` + strings.Repeat("A", 43) + `=","tree_head_signature":"BAMAAA=="}`))
	f.Add([]byte(`{"tree_size":18446744073709551615,"timestamp":18446744073709551615}`))
	l := scanner.Log{Name: "fuzz", URL: "https://log.test", Key: ctlogtest.New(ctlogtest.Options{Name: "fuzz"}).PublicKey()}
	f.Fuzz(func(t *testing.T, body []byte) {
		h, err := scanner.ParseSTH(body)
		if err != nil {
			return
		}
		h.LogID = l.ID()
		if scanner.VerifyTreeHead(l, h) == nil {
			t.Errorf("signature of %q verifies", body)
		}
		b, err := json.Marshal(h)
		if err != nil {
			t.Fatal(err)
		}
		var back scanner.TreeHead
		if err := json.Unmarshal(b, &back); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(h, back, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("tree head changed (-want +got):\n%s", diff)
		}
	})
}

func FuzzConsistency(f *testing.F) {
	f.Add([]byte(`{"consistency":["`+strings.Repeat("A", 43)+`="]}`), uint64(3), uint64(7))
	f.Add([]byte(`{"consistency":[]}`), uint64(0), uint64(0))
	f.Fuzz(func(t *testing.T, body []byte, a, b uint64) {
		p, err := scanner.ParseConsistency(body)
		if err == nil && a > 0 && a < b && scanner.VerifyConsistency(a, b, p, scanner.Hash{1}, scanner.Hash{2}) == nil {
			t.Errorf("%q joins two invented trees of %d and %d", body, a, b)
		}
	})
}

func FuzzPosition(f *testing.F) {
	f.Add([]byte(`{"version":1,"next":1,"range":["` + strings.Repeat("A", 43) + `="]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var p, back scanner.Position
		if json.Unmarshal(b, &p) != nil {
			return
		}
		out, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(out, &back); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(p, back, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("position changed (-want +got):\n%s", diff)
		}
	})
}

func FuzzRetryAfter(f *testing.F) {
	for _, s := range []string{"120", "Fri, 31 Dec 1999 23:59:59 GMT", "Fri, 31 Dec 1999 23:59:59 UTC", "Fri, 31 Dec 1999 23:59:59 +0100", "-1", ""} {
		f.Add(s, s)
	}
	now := time.Date(1999, 12, 31, 23, 59, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, v, date string) {
		d, ok := scanner.ParseRetryAfter(v, date, now)
		if d < 0 || d > 10*time.Minute || ok != (d > 0) {
			t.Errorf("%q is %s, %t", v, d, ok)
		}
	})
}

func TestRetryAfterIsReadByTheLogsClock(t *testing.T) {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) // ours is five hours ahead
	d, ok := scanner.ParseRetryAfter("Sat, 21 Nov 2026 07:02:00 UTC", "Sat, 21 Nov 2026 07:00:00 GMT", now)
	if d != 2*time.Minute || !ok {
		t.Errorf("wait is %s, %t", d, ok)
	}
}

func TestConsistencyProofOfLeaves(t *testing.T) {
	const n = 20
	l := newLog(n, ctlogtest.Options{})
	var leaves []scanner.Hash
	for i := range n {
		leaves = append(leaves, sha256.Sum256(append([]byte{0}, leafInput(i)...)))
	}
	for b := uint64(2); b <= n; b++ {
		for a := uint64(1); a < b; a++ {
			p := scanner.ConsistencyProof(leaves[:b], a)
			if err := scanner.VerifyConsistency(a, b, p, l.Root(a), l.Root(b)); err != nil {
				t.Errorf("from %d to %d: %v", a, b, err)
			}
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	body := response(1000, 1500, 3000, 500)
	b.Run("scanner", func(b *testing.B) {
		decode := scanner.NewDecode(scanner.HasMarkEKU)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := decode(body, 1000); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(1000*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
	})
	b.Run("json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := plain(body, scanner.HasMarkEKU); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(1000*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
	})
}

// BenchmarkScan reads a whole log in process, the log's own work included.
func BenchmarkScan(b *testing.B) {
	const n = 100_000
	l := ctlogtest.New(ctlogtest.Options{Name: "test", Static: true})
	cert, extra := bytes.Repeat([]byte{7}, 1500), uint24(nil, uint24(nil, bytes.Repeat([]byte{9}, 3000)))
	for i := range n {
		copy(cert, fmt.Sprintf("%8d", i))
		copy(cert[700:], make([]byte, 8))
		if i%500 == 0 {
			copy(cert[700:], "\x2b\x06\x01\x05\x05\x07\x03\x1f")
		}
		l.AddRaw(merkleLeaf(i, cert, false), extra)
	}
	l.Publish()
	for _, kind := range []scanner.Type{scanner.RFC6962, scanner.Static} {
		b.Run(string(kind), func(b *testing.B) {
			cfg := config(l, &recorder{})
			cfg.Log.Marks, cfg.BatchEntries, cfg.Parallel, cfg.Log.Type = false, 0, 2, kind
			benchScan(b, cfg, n)
		})
	}
}

// benchScan reads n entries again and again.
func benchScan(b *testing.B, cfg scanner.Config, n uint64) {
	began := cpuTime(b)
	for b.Loop() {
		s, err := scanner.New(cfg)
		if err != nil {
			b.Fatal(err)
		}
		end := uint64(0)
		for batch, err := range s.Batches(b.Context()) {
			if err != nil {
				b.Fatal(err)
			}
			end = batch.End
		}
		if end != n {
			b.Fatalf("read %d entries", end)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/(cpuTime(b)-began).Seconds(), "entries/cpu-s")
}

// cpuTime is the processor time that this process has used.
func cpuTime(tb testing.TB) time.Duration {
	stat, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		tb.Skip("no /proc to measure processor time by")
	}
	var user, system int64
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if _, err := fmt.Sscan(fields[11]+" "+fields[12], &user, &system); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(user+system) * 10 * time.Millisecond // clock ticks of a hundredth
}
