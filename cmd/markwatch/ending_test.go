package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"markwatch/internal/ctlogtest"
	"markwatch/store/chdb"
)

// flakyServer is a ClickHouse server that can be away: it answers nothing, or
// runs what it is asked and breaks off before it says so.
type flakyServer struct {
	handler atomic.Pointer[http.Handler]
	away    atomic.Bool
	mute    atomic.Int64 // answers every nth insert with silence, after it has run
	inserts atomic.Int64
}

func (f *flakyServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if f.away.Load() {
		panic(http.ErrAbortHandler)
	}
	n := int64(0)
	if strings.HasPrefix(r.URL.Query().Get("query"), "INSERT") {
		n = f.inserts.Add(1)
	}
	if mute := f.mute.Load(); mute > 0 && n > 0 && n%mute == 0 {
		(*f.handler.Load()).ServeHTTP(discard{http.Header{}}, r)
		panic(http.ErrAbortHandler)
	}
	(*f.handler.Load()).ServeHTTP(w, r)
}

// discard is the answer to nobody.
type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(b []byte) (int, error) { return len(b), nil }
func (d discard) WriteHeader(int)             {}

// listenAt serves the handler as a server at an address; "" is any.
func listenAt(t *testing.T, address string, handler http.Handler) (*http.Server, string) {
	t.Helper()
	if address == "" {
		address = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: handler}
	go func() { _ = server.Serve(listener) }() // ends when it is closed
	t.Cleanup(func() { _ = server.Close() })
	return server, listener.Addr().String()
}

func openEngine(t *testing.T, dir string) *chdb.Engine {
	t.Helper()
	engine.Lock()
	e, err := chdb.Open(context.Background(), dir, chdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func closeEngine(t *testing.T, e *chdb.Engine) {
	t.Helper()
	defer engine.Unlock()
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
}

// A store that is away, as a server and with its engine, and comes back, or
// that takes an insert and doesn't get to say so, has everything once in the end.
func TestStoreGoesAwayAndComesBack(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it waits for a store for ten seconds")
	}
	r := newRig(t)
	l := ctlogtest.New(ctlogtest.Options{Name: "larkspur", MaxGetEntries: 20})
	fill(l, 2)
	r.serve(l)
	dir := filepath.Join(r.dir, "server")
	e := openEngine(t, dir)
	flaky := &flakyServer{}
	handler := e.Handler()
	flaky.handler.Store(&handler)
	flaky.mute.Store(11)
	server, address := listenAt(t, "", flaky)
	dsn := "http://" + address + "/markwatch"

	p := r.start(smallBatches, "--store", dsn, "watch")
	if !p.waitFor("msg=stored", 3) {
		t.Fatalf("watch ended by itself:\n%s", p.said())
	}
	flaky.mute.Store(0)
	grow(l, 0, 20)
	_ = server.Close() // and with it what runs
	closeEngine(t, e)
	if !p.waitFor("did not take a batch", 2) {
		t.Fatalf("watch ended by itself:\n%s", p.said())
	}
	e = openEngine(t, dir)
	handler = e.Handler()
	flaky.handler.Store(&handler)
	listenAt(t, address, flaky)
	if !p.waitFor("lag=0", 1) {
		t.Fatalf("watch ended by itself:\n%s", p.said())
	}

	// It is away when the log is caught: that the log is stopped must be kept.
	flaky.away.Store(true)
	other := forked(l, 12, 500)
	r.logs["larkspur"].show(other)
	if !p.waitFor("does not take that a log is stopped", 1) {
		t.Fatalf("watch ended by itself:\n%s", p.said())
	}
	flaky.away.Store(false)
	if !p.waitFor("a log is not read on", 1) {
		t.Fatalf("watch ended by itself:\n%s", p.said())
	}
	if got := r.states(dsn)["larkspur"]; got.State != "stopped" {
		t.Errorf("the log is %s after the store came back, want it stopped", got.State)
	}
	p.kill()
	r.logs["larkspur"].show(l)
	r.run(exitDone, "markwatch", "--store", dsn, "logs", "resume", "larkspur")
	r.run(exitDone, "markwatch", "--store", dsn, "watch", "--once")
	whole := filepath.Join(r.dir, "whole")
	r.run(exitDone, "markwatch", "--store", whole, "watch", "--once")
	got := answers(t, dsn)
	closeEngine(t, e)
	if diff := cmp.Diff(answers(t, whole), got); diff != "" {
		t.Errorf("the store differs (-whole +flaky):\n%s", diff)
	}
}

// Ctrl-C and SIGTERM end a watch soon and well, whatever its logs do just then,
// and the store can be opened at once.
func TestSignalsEndAWatch(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for name, faults := range map[string]ctlogtest.Faults{
		"sound": {}, "refusing": {Status429: 1, RetryAfter: "600"}, "hanging": {HangBody: 1, Endpoints: []string{"get-entries"}}, "slow": {SlowBody: time.Second},
	} {
		l := ctlogtest.New(ctlogtest.Options{Name: name})
		fill(l, 5)
		l.SetFaults(faults)
		r.serve(l)
	}
	dir := filepath.Join(r.dir, "store")
	for _, signal := range []os.Signal{syscall.SIGTERM, os.Interrupt} {
		p := r.start("markwatch", "--store", dir, "watch", "--listen", "127.0.0.1:0")
		if !p.waitFor("reading a log", len(r.logs)) {
			t.Fatalf("watch ended by itself:\n%s", p.said())
		}
		if signal == syscall.SIGTERM && !p.waitFor("msg=stored", 1) {
			t.Fatalf("watch ended by itself:\n%s", p.said())
		}
		if err := p.cmd.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		if code := p.wait(5 * time.Second); code != exitDone {
			t.Errorf("%s: exit code %d, want 0:\n%s", signal, code, p.said())
		}
		if strings.Contains(p.said(), "level=ERROR") {
			t.Errorf("%s is met with an error:\n%s", signal, p.said())
		}
		began := time.Now()
		if got := r.states(dir)["sound"]; got.Lag != 0 || got.Position == 0 {
			t.Errorf("after %s the log stands at %d, lag %d", signal, got.Position, got.Lag)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("after %s the store opened in %s", signal, took)
		}
	}
	p := r.start("markwatch", "--store", dir, "query", "--sql", "SELECT count() FROM numbers(1000000000000) WHERE NOT ignore(sipHash64(number))")
	<-time.After(2 * time.Second)
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if code := p.wait(5 * time.Second); code != exitFailed {
		t.Errorf("an interrupted query: exit code %d, want 1:\n%s", code, p.said())
	}
}

// When the process that owns the engine dies, one that asks it something says
// so and ends, and one that watches through it takes the store over and loses
// nothing.
func TestOwnerDies(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	l := ctlogtest.New(ctlogtest.Options{Name: "larkspur", MaxGetEntries: 20})
	fill(l, 4)
	r.serve(l)
	dir := filepath.Join(r.dir, "store")
	owner := r.start("markwatch", "--store", dir, "watch")
	owner.waitFor("lag=0", 1)
	reader := r.start("markwatch", "--store", dir, "query", "--format", "csv", "--sql", "SELECT number FROM numbers(2) WHERE sleepEachRow(3) = 0 SETTINGS max_block_size = 1")
	second := r.start("markwatch", "--store", dir, "watch")
	second.waitFor("reading a log on", 1)
	<-time.After(500 * time.Millisecond)
	owner.kill()
	if code := reader.wait(5 * time.Second); code != exitFailed || !strings.Contains(reader.said(), "does not answer any more") {
		t.Errorf("a query whose owner died: exit code %d, want 1 and why:\n%s", code, reader.said())
	}
	grow(l, 0, 10)
	if !second.waitFor(fmt.Sprintf("to=%d ", l.Size()), 1) {
		t.Fatalf("watch ended by itself:\n%s", second.said())
	}
	if got := r.states(dir)["larkspur"]; got.Position != l.Size() {
		t.Errorf("the log stands at %d, want %d", got.Position, l.Size())
	}
	if err := second.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := second.wait(5 * time.Second); code != exitDone {
		t.Errorf("exit code %d, want 0:\n%s", code, second.said())
	}
	r.run(exitDone, "markwatch", "--store", dir, "watch", "--once") // matches what there was no time for
	whole := filepath.Join(r.dir, "whole")
	r.run(exitDone, "markwatch", "--store", whole, "watch", "--once")
	if diff := cmp.Diff(answers(t, whole), answers(t, dir)); diff != "" {
		t.Errorf("the store differs (-whole +taken over):\n%s", diff)
	}
}
