package scanner_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"markwatch/internal/ctlogtest"
	"markwatch/scanner"
)

// staticOpts makes a test log static.
func staticOpts(opts ctlogtest.Options) ctlogtest.Options {
	opts.Static = true
	return opts
}

// absences counts the requests that a log answered with 404 and its like.
func absences(l *ctlogtest.Log) (n int) {
	for r, count := range l.Requests() {
		if r.Status != http.StatusOK {
			n += count
		}
	}
	return n
}

// What other logs of the kind do, and what makes no difference.
func TestStaticForms(t *testing.T) {
	for _, tt := range []struct {
		name   string
		opts   ctlogtest.Options
		faults ctlogtest.Faults
		change func(*scanner.Config)
	}{
		{name: "gzip that says so", opts: ctlogtest.Options{Gzip: true}},
		{name: "gzip that doesn't", faults: ctlogtest.Faults{Spaces: 1}},
		{name: "gzip is asked for", change: func(c *scanner.Config) {
			inner := c.HTTP.Transport
			c.HTTP = &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") || !strings.Contains(r.Header.Get("Accept-Encoding"), "identity") {
					return nil, fmt.Errorf("accepts %q", r.Header.Get("Accept-Encoding"))
				}
				return inner.RoundTrip(r)
			})}
		}},
		{name: "origin", opts: ctlogtest.Options{Origin: "submit.test/2026h2"}, change: func(c *scanner.Config) { c.Log.Origin = "submit.test/2026h2" }},
		{name: "any origin", opts: ctlogtest.Options{Origin: "submit.test/2026h2"}},
		{name: "partial tiles gone", faults: ctlogtest.Faults{PartialGone: 1}},
		{name: "slash", change: func(c *scanner.Config) { c.Log.URL = "https://log.test/a/b/" }},
		{name: "no slash", change: func(c *scanner.Config) { c.Log.URL = "https://log.test" }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLog(700, staticOpts(tt.opts))
				l.SetFaults(tt.faults)
				r := &recorder{}
				cfg := config(l, r)
				if tt.change != nil {
					tt.change(&cfg)
				}
				got, err := follow(t, cfg, func(b scanner.Batch) bool {
					if b.End == 700 {
						add(l, 200)
					}
					return b.End < 900
				})
				if err != nil {
					t.Fatal(err)
				}
				checkBatches(t, l, got, 0, 900)
				if n := len(of[scanner.Retry](r, nil)); n > 0 {
					t.Errorf("%d retries", n)
				}
				if l.Injected()["PartialGone"] == 0 && absences(l) > 0 {
					t.Errorf("files were asked for that no checkpoint implies: %v", l.Requests())
				}
			})
		})
	}
}

// A partial tile that went away between the checkpoint and its fetch is read
// from the full one, at once.
func TestPartialTileThatIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLog(300, staticOpts(ctlogtest.Options{}))
		r := &recorder{}
		cfg := config(l, r)
		inner, grown := cfg.HTTP.Transport, false
		cfg.HTTP = &http.Client{Transport: roundTripper(func(q *http.Request) (*http.Response, error) {
			resp, err := inner.RoundTrip(q)
			if !grown && strings.HasSuffix(q.URL.Path, "checkpoint") {
				grown = true
				l.SetFaults(ctlogtest.Faults{PartialGone: 1})
				add(l, 400)
			}
			return resp, err
		})}
		start := time.Now()
		got, err := scan(t, cfg, 0)
		if err != nil {
			t.Fatal(err)
		}
		checkBatches(t, l, got, 0, 300)
		if l.Injected()["PartialGone"] == 0 || time.Since(start) > time.Millisecond {
			t.Errorf("%v partial tiles were gone, it took %s", l.Injected(), time.Since(start))
		}
	})
}

// A partial tile that is gone although there is no full one comes back in time.
func TestTileThatIsNotThereYet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLog(300, staticOpts(ctlogtest.Options{}))
		r := &recorder{}
		cfg := config(l, r)
		inner, left := cfg.HTTP.Transport, new(atomic.Int32)
		left.Store(3)
		cfg.HTTP = &http.Client{Transport: roundTripper(func(q *http.Request) (*http.Response, error) {
			resp, err := inner.RoundTrip(q)
			if strings.Contains(q.URL.Path, "/tile/data/001.p/44") && left.Add(-1) >= 0 {
				resp.Body.Close()
				resp.StatusCode, resp.Body = http.StatusNotFound, io.NopCloser(strings.NewReader(""))
			}
			return resp, err
		})}
		got, err := scan(t, cfg, 0)
		if err != nil {
			t.Fatal(err)
		}
		checkBatches(t, l, got, 0, 300)
		if n := len(of(r, func(e scanner.Retry) bool { return e.Reason == "status" && e.Endpoint == "tile/data" })); n != 3 {
			t.Errorf("%d retries", n)
		}
	})
}

// Proofs made of tiles are those that the log of RFC 6962 gives, at every shape
// of tree, with tiles of three levels.
func TestConsistencyOfTiles(t *testing.T) {
	sizes := []uint64{1, 2, 3, 255, 256, 257, 511, 512, 1000, 65535, 65536, 65537, 66000, 70000}
	if testing.Short() {
		sizes = []uint64{1, 255, 256, 257, 1000}
	}
	l := ctlogtest.New(staticOpts(ctlogtest.Options{Name: "test"}))
	for _, size := range sizes {
		for i := int(l.Size()); uint64(i) < size; i++ {
			l.AddRaw(merkleLeaf(i, []byte("c"), false), nil)
		}
		l.Publish()
	}
	static, rfc := config(l, &recorder{}), config(l, &recorder{})
	rfc.Log.Type = scanner.RFC6962
	for i, b := range sizes {
		for _, a := range sizes[:i] {
			for _, a := range []uint64{a, a + 1, (a + b) / 2} {
				if a >= b {
					continue
				}
				want, err := scanner.AskConsistency(t.Context(), rfc, a, b)
				if err != nil {
					t.Fatal(err)
				}
				got, err := scanner.AskConsistency(t.Context(), static, a, b)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("proof from %d to %d (-want +got):\n%s", a, b, diff)
				}
				if err := scanner.VerifyConsistency(a, b, got, l.Root(a), l.Root(b)); err != nil {
					t.Errorf("proof from %d to %d: %v", a, b, err)
				}
			}
		}
	}
	if absences(l) > 0 {
		t.Errorf("files were asked for that aren't there: %v", l.Requests())
	}
}

// An entry whose leaf_index is not its own is delivered, and told of once it is
// proved.
func TestLeafIndexIsChecked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLog(10, staticOpts(ctlogtest.Options{}))
		mark := []byte("cert \x2b\x06\x01\x05\x05\x07\x03\x1f")
		l.AddRaw(merkleLeaf(77, mark, false), nil)
		without := merkleLeaf(0, mark, false)
		l.AddRaw(append(bytes.Clone(without[:len(without)-10]), 0, 0), nil)
		l.Publish()
		r := &recorder{}
		cfg := config(l, r)
		cfg.Log.Marks = true
		got, err := scan(t, cfg, 0)
		if err != nil || len(got) != 1 {
			t.Fatalf("%d batches: %v", len(got), err)
		}
		var indexes []uint64
		for _, e := range got[0].Entries {
			indexes = append(indexes, e.Index)
		}
		if diff := cmp.Diff([]uint64{3, 10, 11}, indexes); diff != "" {
			t.Errorf("entries (-want +got):\n%s", diff)
		}
		want := []scanner.EntrySuspect{{
			Log: "test", Start: 0, End: 12, Reason: scanner.EntryLeafIndex, Count: 2, Indexes: []uint64{10, 11},
			Detail: "entry 10: the leaf_index is that of another entry",
		}}
		if diff := cmp.Diff(want, of[scanner.EntrySuspect](r, nil)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

// An issuer that the log withholds costs a chain, not an entry; one that is
// there the second time costs nothing.
func TestIssuers(t *testing.T) {
	for _, tt := range []struct {
		name   string
		faults ctlogtest.Faults
		lost   bool
	}{
		{"sound", ctlogtest.Faults{}, false},
		{"absent once", ctlogtest.Faults{NoIssuer: 1, Limit: 1}, false},
		{"wrong once", ctlogtest.Faults{WrongIssuer: 1, Limit: 1}, false},
		{"down for a while", ctlogtest.Faults{Status5xx: 1, Limit: 9, Endpoints: []string{"issuer"}}, false},
		{"absent", ctlogtest.Faults{NoIssuer: 1}, true},
		{"wrong", ctlogtest.Faults{WrongIssuer: 1}, true},
		{"oversized", ctlogtest.Faults{OversizedBody: 1, Oversized: 2 << 20, Endpoints: []string{"issuer"}}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLog(200, staticOpts(ctlogtest.Options{}))
				l.SetFaults(tt.faults)
				r := &recorder{}
				got, err := follow(t, config(l, r), func(b scanner.Batch) bool { return b.End < 200 })
				if err != nil {
					t.Fatal(err)
				}
				missing := of(r, func(e scanner.EntrySuspect) bool { return e.Reason == scanner.EntryIssuer })
				if !tt.lost {
					checkBatches(t, l, got, 0, 200)
				}
				if tt.lost != (len(missing) > 0) {
					t.Errorf("events: %+v", missing)
				}
				entries := 0
				for _, b := range got {
					entries += len(b.Entries)
					for _, e := range b.Entries {
						whole := bytes.Equal(e.ExtraData, extraData(int(e.Index)))
						if whole == (tt.lost && e.Index%4 > 0) {
							t.Errorf("extra_data of entry %d is %q", e.Index, e.ExtraData)
						}
					}
				}
				if entries != (200+3)/markEvery {
					t.Errorf("%d entries", entries)
				}
			})
		})
	}
}

// Each issuer is asked for once.
func TestIssuersAreKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLog(1000, staticOpts(ctlogtest.Options{}))
		if _, err := scan(t, config(l, &recorder{}), 0); err != nil {
			t.Fatal(err)
		}
		issuers := map[string]bool{}
		for i := 3; i < 1000; i += markEvery {
			for j := range i % 4 {
				issuers[fmt.Sprintf("%d of %d", j, i%5)] = true
			}
		}
		if n := l.Requests()[ctlogtest.Request{Endpoint: "issuer", Status: http.StatusOK}]; n != len(issuers) {
			t.Errorf("%d requests for %d issuers", n, len(issuers))
		}
	})
}

// A few bytes of fingerprints can't fill the memory, nor have us ask for ever.
func TestHostileChains(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		big := bytes.Repeat([]byte("x"), 900<<10)
		long, heavy := []byte(nil), []byte(nil)
		for i := range 200 {
			long = uint24(long, fmt.Appendf(nil, "issuer %d", i))
		}
		for range 10 {
			heavy = uint24(heavy, big)
		}
		l := hostile(long, heavy)
		r := &recorder{}
		got, err := scan(t, config(l, r), 0)
		if err != nil {
			t.Fatal(err)
		}
		total, entries := 0, 0
		for _, b := range got {
			for _, e := range b.Entries {
				total, entries = total+len(e.ExtraData), entries+1
			}
		}
		if total > 17<<20 || entries != 30 {
			t.Errorf("%d bytes of chains in %d entries", total, entries)
		}
		if n := l.Requests()[ctlogtest.Request{Endpoint: "issuer", Status: http.StatusOK}]; n > 40 {
			t.Errorf("%d issuers were asked for", n)
		}
		if n := len(of(r, func(e scanner.EntrySuspect) bool { return e.Reason == scanner.EntryIssuer })); n == 0 {
			t.Error("nothing was told")
		}
	})
}

// hostile is a log of 30 marks with chains that no sound log has.
func hostile(long, heavy []byte) *ctlogtest.Log {
	l := ctlogtest.New(staticOpts(ctlogtest.Options{Name: "test"}))
	for i := range 30 {
		chain := heavy
		if i == 0 {
			chain = long
		}
		l.AddRaw(merkleLeaf(i, []byte("\x2b\x06\x01\x05\x05\x07\x03\x1f"), false), uint24(nil, chain))
	}
	l.Publish()
	return l
}

// A log that grows is followed with few requests: what is known isn't asked for
// again.
func TestTailingAsksForLittle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLog(1000, staticOpts(ctlogtest.Options{}))
		r := &recorder{}
		cfg := config(l, r)
		got, err := scan(t, cfg, 0)
		if err != nil {
			t.Fatal(err)
		}
		cfg.Position = last(got)
		before := l.Requests()
		add(l, 10)
		rest, err := follow(t, cfg, func(b scanner.Batch) bool {
			if b.End < 1100 {
				add(l, 10)
			}
			return b.End < 1100
		})
		if err != nil {
			t.Fatal(err)
		}
		checkBatches(t, l, rest, 1000, 1100)
		counts := map[string]int{}
		for q, n := range l.Requests() {
			counts[q.Endpoint] += n - before[q]
		}
		if counts["tile/data"] > 13 || counts["tile"] > 30 || counts["checkpoint"] > 13 {
			t.Errorf("requests for ten growths: %v", counts)
		}
	})
}

// Inclusion is proved by tiles, with the index and without.
func TestInclusionByTiles(t *testing.T) {
	l := newLog(1500, staticOpts(ctlogtest.Options{}))
	cfg := config(l, &recorder{})
	cfg.Filter = func([]byte) bool { return true }
	got, err := scan(t, cfg, 0)
	if err != nil {
		t.Fatal(err)
	}
	s, err := scanner.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	var entries []scanner.Entry
	for _, b := range got {
		entries = append(entries, b.Entries...)
	}
	for _, i := range []int{0, 1, 255, 256, 700, 1279, 1280, 1499} {
		e := entries[i]
		index, path, err := s.Inclusion(t.Context(), e.LeafHash, 1500)
		if err != nil || index != e.Index {
			t.Fatalf("entry %d: index %d, %v", e.Index, index, err)
		}
		at, err := s.InclusionAt(t.Context(), e.LeafHash, e.Index, 1500)
		if err != nil || !slices.Equal(path, at) {
			t.Errorf("entry %d: paths %x and %x, %v", e.Index, path, at, err)
		}
		if err := scanner.VerifyInclusion(index, 1500, e.LeafHash, path, l.Root(1500)); err != nil {
			t.Errorf("entry %d: %v", index, err)
		}
	}
	if _, _, err := s.Inclusion(t.Context(), scanner.Hash{1}, 1500); err == nil || !strings.Contains(err.Error(), "no such leaf") {
		t.Errorf("a leaf that the log does not have: %v", err)
	}
	var gone *scanner.UnreachableError
	if _, err := s.InclusionAt(t.Context(), scanner.Hash{1}, 5, 1400); !errors.As(err, &gone) {
		t.Errorf("a tree that was never signed: %v", err)
	}
}

// Both protocols of one log lead to the same batches, to the byte.
func TestProtocolsAgree(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLog(900, staticOpts(ctlogtest.Options{}))
		var batches [2][]scanner.Batch
		for i, kind := range []scanner.Type{scanner.RFC6962, scanner.Static} {
			cfg := config(l, &recorder{})
			cfg.Log.Type = kind
			got, err := scan(t, cfg, 0)
			if err != nil {
				t.Fatal(err)
			}
			for j := range got {
				got[j].Log.Type, got[j].Head.Raw, got[j].Heads = "", nil, nil
				got[j].Position.Head.Raw, got[j].Position.Cap = nil, 0
				got[j].Position.Verified = time.Time{}
			}
			batches[i] = got
		}
		if diff := cmp.Diff(batches[0], batches[1]); diff != "" {
			t.Errorf("batches (-rfc6962 +static):\n%s", diff)
		}
	})
}
