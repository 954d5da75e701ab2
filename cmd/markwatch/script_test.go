package main

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"markwatch/internal/ctlogtest"
	"markwatch/internal/marktest"
	"markwatch/store/chdb"
)

// TestMain lets tests run this test binary as markwatch, and as one that
// stores a few entries at a time, so that there is much between two of them.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"markwatch": main,
		smallBatches: func() {
			p := &program{streams: streams{os.Stdin, os.Stdout, os.Stderr}, batchEntries: 8, claimLife: 4 * time.Second}
			os.Exit(p.run(context.Background(), os.Args))
		},
	})
}

const smallBatches = "markwatch-small-batches"

// TestScripts runs the scripts of testdata: each names the behaviour that it
// guards. They have two commands besides markwatch:
//
//	log NAME [FAULT]     serves a log of mark certificates, whose configuration is then in markwatch.yaml;
//	                     faults: wrong-signature, gone
//	fork                 lets every log that is served show another tree from now on
//	grow                 adds a certificate to every log that is served
//	loglist FILE [NAME=STATE]…  writes a log list of these logs, of all usable ones without
//	mint NAME FILE       writes a mark certificate of a kind of marktest as PEM
//	big FILE BYTES       makes a file of so many zero bytes
func TestScripts(t *testing.T) {
	if _, err := chdb.FindLibrary(); err != nil {
		if os.Getenv("MARKWATCH_TEST_ENGINE") == "required" {
			t.Fatal(err)
		}
		t.Skipf("the embedded engine is needed: %v", err)
	}
	library, err := chdb.FindLibrary()
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			env.Setenv("MARKWATCH_LIBCHDB", library)
			env.Setenv("XDG_DATA_HOME", filepath.Join(env.WorkDir, "data"))
			env.Values[logsKey{}] = &served{}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"log": logCommand, "fork": forkCommand, "grow": growCommand, "loglist": loglistCommand, "mint": mintCommand, "big": bigCommand,
		},
	})
}

// served are the logs of a script.
type served struct {
	logs   []*shownLog
	urls   []string // of the logs
	config string
}

// shownLog serves a log, or after a fork another of the same key.
type shownLog struct {
	mu  sync.Mutex
	log *ctlogtest.Log
}

func (s *shownLog) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	l := s.log
	s.mu.Unlock()
	l.Handler().ServeHTTP(w, r)
}

type logsKey struct{}

func logCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: log NAME [FAULT]")
	}
	l := ctlogtest.New(ctlogtest.Options{Name: args[0]})
	ca := marktest.NewCA("Script Test CA")
	for i, kind := range marktest.Kinds() {
		issued := ca.Issue(kind.Spec)
		sct, _ := l.AddPreChain(issued.Precertificate, issued.TBS, issued.IssuerKeyHash, issued.Chain...)
		final := ca.Issue(kind.Spec, sct)
		l.AddChain(append([][]byte{final.Certificate}, final.Chain...)...)
		tls := ca.IssueTLS("shop.example", i)
		l.AddChain(append([][]byte{tls.Certificate}, tls.Chain...)...)
	}
	l.Publish()
	shown := &shownLog{log: l}
	server := httptest.NewServer(shown)
	ts.Defer(server.Close)
	if len(args) > 1 {
		switch args[1] {
		case "wrong-signature":
			l.SetFaults(ctlogtest.Faults{WrongSignature: 1})
		case "gone":
			server.Close()
		default:
			ts.Fatalf("there is no fault %s", args[1])
		}
	}
	s := ts.Value(logsKey{}).(*served)
	s.logs, s.urls = append(s.logs, shown), append(s.urls, server.URL)
	if s.config == "" {
		s.config = "contact: test@example.test\nrate: 1000\nlogs:\n"
	}
	s.config += fmt.Sprintf("  - {name: %s, url: %q, type: rfc6962, key: %s, mmd: 24h}\n", args[0], server.URL, base64.StdEncoding.EncodeToString(l.PublicKey()))
	ts.Check(os.WriteFile(ts.MkAbs("markwatch.yaml"), []byte(s.config), 0o600))
}

func forkCommand(ts *testscript.TestScript, neg bool, args []string) {
	for _, s := range ts.Value(logsKey{}).(*served).logs {
		other := s.log.Fork(s.log.Size() / 2)
		for i := range 200 {
			tls := marktest.NewCA("Fork CA").IssueTLS("fork.example", i)
			other.AddChain(append([][]byte{tls.Certificate}, tls.Chain...)...)
		}
		other.Publish()
		s.mu.Lock()
		s.log = other
		s.mu.Unlock()
	}
}

func growCommand(ts *testscript.TestScript, neg bool, args []string) {
	for _, s := range ts.Value(logsKey{}).(*served).logs {
		l := s.log
		issued := marktest.NewCA("Script Test CA").Issue(marktest.Registered("Growing Ltd", "growing.example", 4711))
		l.AddChain(append([][]byte{issued.Certificate}, issued.Chain...)...)
		l.Publish()
	}
}

func loglistCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: loglist FILE [NAME=STATE]…")
	}
	s := ts.Value(logsKey{}).(*served)
	states := map[string]string{}
	for _, arg := range args[1:] {
		name, state, _ := strings.Cut(arg, "=")
		states[name] = state
	}
	var logs []any
	for i, shown := range s.logs {
		state, chosen := states[shown.log.Name()]
		if len(states) > 0 && !chosen {
			continue
		}
		logs = append(logs, listEntry(shown.log, s.urls[i], cmp.Or(state, "usable")))
	}
	text, err := json.Marshal(map[string]any{"version": "1", "log_list_timestamp": "2026-11-20T00:00:00Z",
		"operators": []any{map[string]any{"name": "Larkspur", "logs": logs}}})
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), text, 0o600))
}

func mintCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: mint KIND FILE")
	}
	for _, kind := range append(marktest.Kinds(), marktest.Malformations()...) {
		if kind.Name == args[0] {
			der := marktest.NewCA("Script Test CA").Issue(kind.Spec).Certificate
			ts.Check(os.WriteFile(ts.MkAbs(args[1]), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o644))
			return
		}
	}
	ts.Fatalf("there is no kind %s", args[0])
}

func bigCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: big FILE BYTES")
	}
	size, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	f, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(f.Truncate(size))
	ts.Check(f.Close())
}
