package chdb_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"markwatch/store/chdb"
)

// childEnv makes the test binary one of the processes below instead of running tests.
const childEnv = "MARKWATCH_TEST_CHILD"

func TestMain(m *testing.M) {
	if mode := os.Getenv(childEnv); mode != "" {
		if err := child(mode, os.Args[1]); err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child opens dir and says "owner true" or "owner false". Then it inserts until it is killed, or waits for its input's end.
func child(mode, dir string) error {
	engine, err := chdb.Open(context.Background(), dir, chdb.Options{})
	if err != nil {
		return err
	}
	fmt.Println("owner", engine.Owner())
	conn, err := clickhouse.Open(&clickhouse.Options{
		Protocol:      clickhouse.HTTP,
		TransportFunc: func(*http.Transport) (http.RoundTripper, error) { return engine.Transport(), nil },
	})
	if err != nil {
		return err
	}
	switch mode {
	case "insert":
		err = insertForever(conn)
	case "backfill":
		err = backfill(conn)
	case "wait":
		var one uint8
		if err = conn.QueryRow(context.Background(), "SELECT 1").Scan(&one); err == nil {
			fmt.Println("answered", one)
			_, err = io.Copy(io.Discard, os.Stdin)
		}
	}
	return errors.Join(err, conn.Close(), engine.Close())
}

// killBatch is how many rows a batch of insertForever has.
const killBatch = 500

// insertForever inserts batches after the last complete one and says "stored N" when batch N is acknowledged.
func insertForever(conn driver.Conn) error {
	ctx := context.Background()
	if err := conn.Exec(ctx, "CREATE TABLE IF NOT EXISTS k (n UInt64, s String) ENGINE = ReplacingMergeTree ORDER BY n"); err != nil {
		return err
	}
	var rows uint64
	if err := conn.QueryRow(ctx, "SELECT count() FROM k FINAL").Scan(&rows); err != nil {
		return err
	}
	// As a scanner that was killed does: the last batch again.
	for next := max(rows/killBatch, 1) - 1; ; next++ {
		batch, err := conn.PrepareBatch(ctx, "INSERT INTO k")
		if err != nil {
			return err
		}
		for i := range uint64(killBatch) {
			if err := batch.Append(next*killBatch+i, strings.Repeat("x", 1800)); err != nil {
				return err
			}
		}
		if err := batch.Send(); err != nil {
			return err
		}
		fmt.Println("stored", next)
	}
}

// process is a child process and what it says.
type process struct {
	*osexec.Cmd
	says  *bufio.Scanner
	input io.Closer
}

// spawn starts a child on dir.
func spawn(t *testing.T, mode, dir string) *process {
	t.Helper()
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := osexec.Command(executable, dir)
	command.Env = append(os.Environ(), childEnv+"="+mode)
	command.Stderr = os.Stderr
	input, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatalf("starting a process: %v", err)
	}
	t.Cleanup(func() { _ = command.Process.Kill() })
	return &process{Cmd: command, says: bufio.NewScanner(output), input: input}
}

// hear waits for the next thing that the process says, which must begin with prefix, and gives the rest.
func (p *process) hear(t *testing.T, prefix string) string {
	t.Helper()
	if !p.says.Scan() {
		t.Fatalf("the process ended (%v), want it to say %q", p.says.Err(), prefix)
	}
	rest, ok := strings.CutPrefix(p.says.Text(), prefix+" ")
	if !ok {
		t.Fatalf("the process says %q, want %q", p.says.Text(), prefix)
	}
	return rest
}

// kill kills the process with SIGKILL and waits for its end.
func (p *process) kill(t *testing.T) {
	t.Helper()
	if err := p.Process.Kill(); err != nil {
		t.Fatalf("killing: %v", err)
	}
	_ = p.Wait()
}

func TestKilledWhileInserting(t *testing.T) {
	requireLibrary(t)
	rounds := 12
	if testing.Short() {
		rounds = 3
	}
	dir := t.TempDir()
	acknowledged := -1
	for round := range rounds {
		p := spawn(t, "insert", dir)
		if p.hear(t, "owner") != "true" {
			t.Fatal("the process does not own the store")
		}
		var stored int
		for range 1 + round%5 {
			if _, err := fmt.Sscan(p.hear(t, "stored"), &stored); err != nil {
				t.Fatal(err)
			}
		}
		p.kill(t)
		for p.says.Scan() { // acknowledged before it died, not yet heard
			_, _ = fmt.Sscanf(p.says.Text(), "stored %d", &stored)
		}
		acknowledged = max(acknowledged, stored)
	}
	conn := connect(t, open(t, dir))
	var rows, different, last, bytes uint64
	if err := conn.QueryRow(context.Background(), "SELECT count(), uniqExact(n), max(n), sum(length(s)) FROM k FINAL").Scan(&rows, &different, &last, &bytes); err != nil {
		t.Fatalf("reading back: %v", err)
	}
	if rows < uint64(acknowledged+1)*killBatch {
		t.Errorf("%d batches were acknowledged, %d rows are there: some are lost", acknowledged+1, rows)
	}
	if rows != different || rows != last+1 || bytes != rows*1800 || rows%killBatch != 0 {
		t.Errorf("%d rows, %d different, the last is %d, %d bytes: some are doubled, missing or half a batch", rows, different, last, bytes)
	}
}

func TestSecondProcessUsesTheFirst(t *testing.T) {
	requireLibrary(t)
	dir := filepath.Join(t.TempDir(), "store")
	owner := spawn(t, "wait", dir)
	if owner.hear(t, "owner") != "true" {
		t.Fatal("the first process does not own the store")
	}
	engine := open(t, dir)
	if engine.Owner() {
		t.Fatal("the second process owns the store, too")
	}
	conn := connect(t, engine)
	exec(t, conn, "CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n", "INSERT INTO t SELECT number FROM numbers(1000)")
	stream, err := conn.QueryFormat(context.Background(), "CSV", "SELECT number, repeat('x', 1000) FROM numbers(10000000)")
	if err != nil {
		t.Fatalf("querying: %v", err)
	}
	owner.kill(t)
	if n, err := io.Copy(io.Discard, stream); err == nil {
		t.Errorf("the result of a process that died ended well after %d bytes", n)
	}
	_ = stream.Close()
	if _, err := os.Lstat(filepath.Join(dir, chdb.SocketFile)); err != nil {
		t.Fatalf("the dead owner has left no socket: %v", err)
	}
	again := open(t, dir)
	if !again.Owner() {
		t.Fatal("after the owner's death nobody owns the store")
	}
	for _, conn := range []driver.Conn{connect(t, again), conn} {
		if n := value[uint64](t, conn, "SELECT count() FROM t"); n != 1000 {
			t.Errorf("%d rows are there, want 1000", n)
		}
	}
}

func TestProcessesRaceToOpen(t *testing.T) {
	requireLibrary(t)
	dir := t.TempDir()
	for range 3 {
		var racers []*process
		for range 3 {
			racers = append(racers, spawn(t, "wait", dir))
		}
		owners := 0
		for _, p := range racers {
			if p.hear(t, "owner") == "true" {
				owners++
			}
		}
		for _, p := range racers {
			if got := p.hear(t, "answered"); got != "1" {
				t.Errorf("a process got %q, want 1", got)
			}
		}
		if owners != 1 {
			t.Errorf("%d processes own the store, want 1", owners)
		}
		for i := range racers {
			// The clients first: the owner waits for nobody.
			_ = racers[len(racers)-1-i].input.Close()
		}
		for _, p := range racers {
			if err := p.Wait(); err != nil {
				t.Errorf("a process ended with %v", err)
			}
		}
	}
}

func TestTerminatedProcessEndsAtOnce(t *testing.T) {
	requireLibrary(t)
	p := spawn(t, "wait", t.TempDir())
	p.hear(t, "owner")
	p.hear(t, "answered")
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	var exit *osexec.ExitError
	if err := p.Wait(); !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGTERM {
		t.Errorf("a process with the engine that is terminated ends with %v, want its end by SIGTERM", err)
	}
}
