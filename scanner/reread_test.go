package scanner_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"markwatch/internal/ctlogtest"
	"markwatch/scanner"
)

// auditor audits a log by its in-process client.
func auditor(t *testing.T, l *ctlogtest.Log, kind scanner.Type) *scanner.Auditor {
	t.Helper()
	return auditorAt(t, scanner.Log{Name: "audited", URL: "http://audited.test", Type: kind, Key: l.PublicKey()}, l.Client())
}

func auditorAt(t *testing.T, log scanner.Log, client *http.Client) *scanner.Auditor {
	t.Helper()
	s, err := scanner.New(scanner.Config{Log: log, HTTP: client, UserAgent: "markwatch-test (test@example.test)", MaxRate: 10000, Once: true})
	if err != nil {
		t.Fatal(err)
	}
	a, err := s.Auditor()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestReread guards that a log of either protocol gives any range of entries
// again, marks or not, and that their audit paths prove them.
func TestReread(t *testing.T) {
	both(t, func(t *testing.T, p protocol) {
		l := p.newLog(600, ctlogtest.Options{MaxGetEntries: 100})
		a := auditor(t, l, p.kind())
		head, err := a.TreeHead(t.Context())
		if err != nil || head.Size != 600 {
			t.Fatalf("tree head %+v, %v", head, err)
		}
		for _, r := range [][2]uint64{{0, 1}, {250, 520}, {599, 600}} {
			for _, fresh := range []bool{false, true} {
				entries, err := a.Entries(t.Context(), r[0], r[1], head.Size, fresh)
				if err != nil {
					t.Fatal(err)
				}
				if uint64(len(entries)) != r[1]-r[0] {
					t.Fatalf("%d entries of %v", len(entries), r)
				}
				for i, e := range entries {
					want := leafInput(int(r[0]) + i)
					if e.Index != r[0]+uint64(i) || !bytes.Equal(e.LeafInput, want) || e.LeafHash != sha256.Sum256(append([]byte{0}, want...)) ||
						!bytes.Equal(e.ExtraData, extraData(int(r[0])+i)) {
						t.Fatalf("entry %d of %v is %+v", i, r, e)
					}
				}
				path, err := a.Inclusion(t.Context(), entries[0].LeafHash, r[0], head.Size)
				if err != nil {
					t.Fatal(err)
				}
				if err := scanner.VerifyInclusion(r[0], head.Size, entries[0].LeafHash, path, head.Root); err != nil {
					t.Errorf("entry %d: %v", r[0], err)
				}
			}
		}
	})
}

// TestConsistent guards that heads of one tree are known for it, and those of
// two are a fork that says so.
func TestConsistent(t *testing.T) {
	both(t, func(t *testing.T, p protocol) {
		l := p.newLog(300, ctlogtest.Options{})
		a := auditor(t, l, p.kind())
		small, err := a.TreeHead(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		add(l, 100)
		large, err := a.TreeHead(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		other := large
		other.Root[0] ^= 1
		for _, tt := range []struct {
			name        string
			held, shown scanner.TreeHead
			fork        scanner.ForkKind
		}{
			{"grown", small, large, ""},
			{"lagging", large, small, ""},
			{"the same", large, large, ""},
			{"another root", large, other, scanner.ForkSameSize},
			{"another tree", small, other, scanner.ForkConsistency},
		} {
			err := a.Consistent(t.Context(), tt.held, tt.shown)
			var fork *scanner.ForkError
			switch {
			case tt.fork == "" && err != nil:
				t.Errorf("%s: %v", tt.name, err)
			case tt.fork != "" && (!errors.As(err, &fork) || fork.Kind != tt.fork || !bytes.Contains(fork.Evidence(), []byte("shown_tree_head"))):
				t.Errorf("%s: got %v, want a fork (%s)", tt.name, err, tt.fork)
			}
		}
	})
}

// TestRootOf guards that kept leaf hashes give the tree's root.
func TestRootOf(t *testing.T) {
	l := newLog(77, ctlogtest.Options{})
	leaves := func(until int, fail error) func(func(scanner.Hash, error) bool) {
		return func(yield func(scanner.Hash, error) bool) {
			for i := range until {
				if !yield(sha256.Sum256(append([]byte{0}, leafInput(i)...)), nil) {
					return
				}
			}
			if fail != nil {
				yield(scanner.Hash{}, fail)
			}
		}
	}
	if root, size, err := scanner.RootOf(leaves(77, nil)); err != nil || size != 77 || root != l.Root(77) {
		t.Errorf("root %x over %d, %v; want %x", root, size, err, l.Root(77))
	}
	gap := errors.New("gap")
	if _, _, err := scanner.RootOf(leaves(5, gap)); !errors.Is(err, gap) {
		t.Errorf("a gap gives %v", err)
	}
}

// TestRoots guards that a log's roots are read as it lists them; those of a
// static-ct-api log are asked for where it takes submissions.
func TestRoots(t *testing.T) {
	roots := [][]byte{[]byte("root one"), []byte("root two")}
	both(t, func(t *testing.T, p protocol) {
		l := p.newLog(3, ctlogtest.Options{Roots: roots})
		server := httptest.NewServer(http.StripPrefix("/2027", l.Handler()))
		defer server.Close()
		log := scanner.Log{Name: "audited", URL: server.URL + "/2027/", Type: p.kind(), Key: l.PublicKey()}
		if p.static {
			log.URL, log.Origin = "http://monitoring.invalid/x", strings.TrimPrefix(server.URL, "http://")+"/2027"
		}
		got, err := auditorAt(t, log, nil).Roots(t.Context())
		if err != nil || len(got) != 2 || !bytes.Equal(got[1], roots[1]) {
			t.Errorf("roots are %q, %v", got, err)
		}
	})
}

// TestRootsByCheckpoint guards that the roots of a static-ct-api log are found
// by its checkpoint, where it isn't known where it takes submissions.
func TestRootsByCheckpoint(t *testing.T) {
	var l *ctlogtest.Log
	submission := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.StripPrefix("/2027", l.Handler()).ServeHTTP(w, r)
	}))
	defer submission.Close()
	origin := strings.TrimPrefix(submission.URL, "http://") + "/2027"
	l = protocol{true}.newLog(3, ctlogtest.Options{Roots: [][]byte{[]byte("root")}, Origin: origin})
	monitoring := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/ct/") {
			http.NotFound(w, r)
			return
		}
		l.Handler().ServeHTTP(w, r)
	}))
	defer monitoring.Close()
	log := scanner.Log{Name: "audited", URL: monitoring.URL, Type: scanner.Static, Key: l.PublicKey()}
	got, err := auditorAt(t, log, nil).Roots(t.Context())
	if err != nil || len(got) != 1 || string(got[0]) != "root" {
		t.Errorf("roots are %q, %v", got, err)
	}
}

// FuzzRoots guards that no answer of a log breaks the reader.
func FuzzRoots(f *testing.F) {
	f.Add([]byte(`{"certificates":["AAAA"]}`))
	f.Add([]byte(`{"certificates":[""]}`))
	f.Add([]byte(`{"certificates":null}`))
	f.Add([]byte(`{"certificates":["` + strings.Repeat("A", 100_000) + `"]}`))
	f.Add([]byte(`{"certificates":[` + strings.Repeat(`"AAAA",`, 11_000) + `"AAAA"]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		roots, err := scanner.ParseRoots(body)
		if err != nil {
			return
		}
		if len(roots) > 10_000 {
			t.Errorf("%d roots", len(roots))
		}
		for _, r := range roots {
			if len(r) == 0 || len(r) > 64<<10 {
				t.Errorf("a root of %d bytes", len(r))
			}
		}
	})
}
