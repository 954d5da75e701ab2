package scanner_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"markwatch/internal/ctlogtest"
	"markwatch/scanner"
)

// spki encodes a public key.
func spki(t *testing.T, key any) []byte {
	t.Helper()
	b, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestLogIsValidated(t *testing.T) {
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	good := scanner.Log{Name: "good", URL: "https://log.test/2026", Key: ctlogtest.New(ctlogtest.Options{Name: "good"}).PublicKey()}
	for _, tt := range []struct {
		name   string
		change func(*scanner.Log)
		want   string // part of the error; empty: none
	}{
		{"good", func(*scanner.Log) {}, ""},
		{"RSA", func(l *scanner.Log) { l.Key = spki(t, rsaKey.Public()) }, ""},
		{"static", func(l *scanner.Log) { l.Type = scanner.Static }, ""},
		{"no name", func(l *scanner.Log) { l.Name = "" }, "no name"},
		{"no scheme", func(l *scanner.Log) { l.URL = "log.test" }, "https://"},
		{"query", func(l *scanner.Log) { l.URL += "?a" }, "without query"},
		{"type", func(l *scanner.Log) { l.Type = "rfc9162" }, "rfc9162"},
		{"no key", func(l *scanner.Log) { l.Key = nil }, "base64 of a DER"},
		{"P-384", func(l *scanner.Log) { l.Key = spki(t, p384.Public()) }, "P-256"},
		{"merge delay", func(l *scanner.Log) { l.MMD = -1 }, "negative"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := good
			tt.change(&l)
			err := l.Validate()
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error is %v, want %q", err, tt.want)
			}
		})
	}
}

func TestConfigIsValidated(t *testing.T) {
	l := newLog(1, ctlogtest.Options{})
	for name, change := range map[string]func(*scanner.Config){
		"origin":    func(c *scanner.Config) { c.Log.Origin = "https://log.test/x" },
		"rate":      func(c *scanner.Config) { c.MaxRate = -1 },
		"parallel":  func(c *scanner.Config) { c.Parallel = 1000 },
		"bandwidth": func(c *scanner.Config) { c.Bandwidth = -1 },
		"log":       func(c *scanner.Config) { c.Log.URL = "" },
	} {
		t.Run(name, func(t *testing.T) {
			cfg := config(l, &recorder{})
			change(&cfg)
			if _, err := scanner.New(cfg); err == nil {
				t.Error("configuration was accepted")
			}
		})
	}
}

// A general log has no leaf hashes kept, and is asked less often.
func TestGeneralLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLog(50, ctlogtest.Options{})
		cfg := config(l, &recorder{})
		cfg.Log.Marks = false
		start := time.Now()
		got, err := follow(t, cfg, func(b scanner.Batch) bool {
			if b.LeafHashes != nil {
				t.Error("leaf hashes of a general log were delivered")
			}
			if b.End == 50 {
				add(l, 5)
			}
			return b.End < 55
		})
		if err != nil || got[len(got)-1].End != 55 {
			t.Fatalf("%d batches: %v", len(got), err)
		}
		if d := time.Since(start); d < scanner.DefaultPoll || d > scanner.DefaultPoll+time.Minute {
			t.Errorf("the second tree head was asked for after %s", d)
		}
	})
}

// Large certificates end a batch early, and teach to ask for fewer at once.
func TestBatchesAreBoundedInBytes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n, size = 70, 1 << 20
		l := ctlogtest.New(ctlogtest.Options{Name: "large"})
		leaf := append(make([]byte, size), 0x2b, 6, 1, 5, 5, 7, 3, 0x1f)
		for i := range n {
			leaf[0] = byte(i)
			l.AddRaw(leaf, nil)
		}
		l.Publish()
		r := &recorder{}
		cfg := config(l, r)
		cfg.Parallel = 1
		got, err := scan(t, cfg, 0)
		if err != nil {
			t.Fatal(err)
		}
		marks := 0
		for _, b := range got {
			bytes := 0
			for _, e := range b.Entries {
				bytes += len(e.LeafInput) + len(e.ExtraData)
			}
			if bytes > 32<<20 {
				t.Errorf("batch [%d, %d) has %d bytes", b.Start, b.End, bytes)
			}
			marks += len(b.Entries)
		}
		if marks != n || got[len(got)-1].End != n {
			t.Errorf("%d entries of %d", marks, n)
		}
		if len(of(r, func(e scanner.Retry) bool { return e.Reason == "oversized" })) == 0 {
			t.Error("the first answer was not too large: the test tests nothing")
		}
	})
}

func TestSilentServerIsLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &recorder{}
		cfg := config(newLog(1, ctlogtest.Options{}), r)
		cfg.HTTP = &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})}
		if _, err := scan(t, cfg, 0); err == nil {
			t.Error("a silent server was read")
		}
		for _, e := range of[scanner.Retry](r, nil) {
			if e.Reason != "timeout" {
				t.Errorf("retry for %q: %v", e.Reason, e.Err)
			}
		}
	})
}

// What is asked again in doubt goes over a connection of its own, past caches.
func TestDoubtfulAnswersAreAskedForAfresh(t *testing.T) {
	l := newLog(100, ctlogtest.Options{})
	l.SetFaults(ctlogtest.Faults{CorruptEntry: 1, CorruptIndex: 42, Limit: 1})
	var mu sync.Mutex
	seen := map[string]bool{}
	fresh := 0
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		if r.Header.Get("Cache-Control") == "no-cache" {
			fresh++
			if seen[r.RemoteAddr] {
				t.Errorf("%s was asked for on an old connection", r.URL)
			}
		}
		seen[r.RemoteAddr] = true
		mu.Unlock()
		l.Handler().ServeHTTP(w, r)
	}))
	defer srv.Close()
	cfg := config(l, &recorder{})
	cfg.Log.URL, cfg.HTTP = srv.URL, nil
	got, err := scan(t, cfg, 0)
	if err != nil {
		t.Fatal(err)
	}
	checkBatches(t, l, got, 0, 100)
	if fresh == 0 {
		t.Error("nothing was asked for afresh")
	}
}

func TestRedirectsStayOnTheHost(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the redirect was followed") }))
	defer other.Close()
	srv := httptest.NewServer(http.RedirectHandler(other.URL, http.StatusFound))
	defer srv.Close()
	cfg := config(newLog(1, ctlogtest.Options{}), &recorder{})
	cfg.Log.URL, cfg.HTTP, cfg.Once = srv.URL, nil, false
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var told atomic.Pointer[scanner.Retry]
	cfg.Observe = func(e scanner.Event) {
		if e, ok := e.(scanner.Retry); ok {
			told.Store(&e)
			cancel()
		}
	}
	s, err := scanner.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	for range s.Batches(ctx) {
		t.Error("a redirect was taken for a log")
	}
	if e := told.Load(); e == nil || !strings.Contains(e.Err.Error(), "not followed") {
		t.Errorf("retry: %+v", e)
	}
}
