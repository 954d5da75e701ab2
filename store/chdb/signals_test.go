package chdb_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/pprof"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
)

func TestSignalsStayWithGo(t *testing.T) {
	engine, conn := start(t)
	if !engine.Owner() {
		t.Fatal("no engine runs in this process")
	}
	exec(t, conn, "SELECT count() FROM numbers(1000000)")
	for _, sig := range []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGUSR1} {
		heard := make(chan os.Signal, 1)
		signal.Notify(heard, sig)
		if err := syscall.Kill(os.Getpid(), sig.(syscall.Signal)); err != nil {
			t.Fatal(err)
		}
		if got := <-heard; got != sig {
			t.Errorf("heard %v, want %v", got, sig)
		}
		signal.Stop(heard)
	}
}

func TestNilDereferenceIsAPanic(t *testing.T) {
	_, conn := start(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	busy := make(chan error)
	go func() { busy <- conn.Exec(ctx, endless) }() // its sessions come and go meanwhile
	running(t, conn, endless, 1)
	for range 200 {
		recovered := func() (r any) {
			defer func() { r = recover() }()
			var p *struct{ n int }
			return p.n
		}()
		if err, ok := recovered.(runtime.Error); !ok || !strings.Contains(err.Error(), "nil pointer") {
			t.Fatalf("recovered %v, want a nil pointer dereference", recovered)
		}
		if err := conn.Ping(context.Background()); err != nil {
			t.Fatalf("pinging: %v", err)
		}
	}
	cancel()
	<-busy
}

func TestPreemption(t *testing.T) {
	_, conn := start(t)
	var stop atomic.Bool
	ended := make(chan struct{})
	started := make(chan struct{})
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	go func() {
		close(started)
		for !stop.Load() { // no call in here: only SIGURG interrupts it
		}
		close(ended)
	}()
	<-started
	// On the one processor this only goes on when the loop is interrupted.
	if n := value[uint64](t, conn, "SELECT count() FROM numbers(1000)"); n != 1000 {
		t.Errorf("got %d", n)
	}
	stop.Store(true)
	<-ended
}

func TestProfiling(t *testing.T) {
	_, conn := start(t)
	var profile bytes.Buffer
	if err := pprof.StartCPUProfile(&profile); err != nil {
		t.Fatal(err)
	}
	for range 10 {
		burnProcessor()
		exec(t, conn, "SELECT max(sipHash64(number)) FROM numbers(1000000)")
	}
	pprof.StopCPUProfile()
	text, err := gzip.NewReader(&profile)
	if err != nil {
		t.Fatal(err)
	}
	names, err := io.ReadAll(text)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(names, []byte("burnProcessor")) {
		t.Error("the profile has no sample of the function that ran all the time")
	}
}

// burnProcessor uses a processor for a while.
//
//go:noinline
func burnProcessor() {
	x := uint64(1)
	for range 30_000_000 {
		x = x*6364136223846793005 + 1442695040888963407
	}
	if x == 0 {
		panic("impossible")
	}
}
