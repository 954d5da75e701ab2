package chdb_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"markwatch/store/chdb"
)

func TestOpenAgain(t *testing.T) {
	requireLibrary(t)
	dir := t.TempDir()
	for round := range 3 {
		for _, name := range []string{"a", "b"} {
			engine, err := chdb.Open(context.Background(), filepath.Join(dir, name), chdb.Options{MaxMemory: 1 << 29, Threads: 1})
			if err != nil {
				t.Fatalf("opening %s for the %d. time: %v", name, round+1, err)
			}
			conn := connect(t, engine)
			exec(t, conn, "CREATE TABLE IF NOT EXISTS t (s String) ENGINE = MergeTree ORDER BY s", "INSERT INTO t VALUES ('"+name+"')")
			if n := value[uint64](t, conn, "SELECT countIf(s = '"+name+"') FROM t"); n != uint64(round+1) {
				t.Errorf("%s holds %d rows of its own after %d openings", name, n, round+1)
			}
			if n := value[string](t, conn, "SELECT toString(getSetting('max_threads'))"); n != "1" {
				t.Errorf("a query may use %s threads, want 1", n)
			}
			if err := engine.Close(); err != nil {
				t.Fatalf("closing: %v", err)
			}
			if err := conn.Ping(context.Background()); err == nil || !strings.Contains(err.Error(), "closed") {
				t.Errorf("a query after Close: %v, want an error that says so", err)
			}
		}
	}
}

func TestOneDirectoryAtATime(t *testing.T) {
	start(t)
	_, err := chdb.Open(context.Background(), t.TempDir(), chdb.Options{})
	if err == nil || !strings.Contains(err.Error(), "another engine") {
		t.Errorf("opening a second directory: %v, want an error that says why not", err)
	}
}

func TestPermissions(t *testing.T) {
	requireLibrary(t)
	dir := filepath.Join(t.TempDir(), "store")
	conn := connect(t, open(t, dir))
	exec(t, conn, "CREATE TABLE t (s String) ENGINE = MergeTree ORDER BY s")
	for name, want := range map[string]os.FileMode{".": 0o700, chdb.EngineDir: 0o700, chdb.LockFile: 0o600, chdb.SocketFile: 0o600} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v; want %v", name, info.Mode(), err, want)
		}
	}
}

func TestOpenBadDirectory(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, dir := range map[string]string{
		"a file":          file,
		"below a file":    filepath.Join(file, "store"),
		"not permitted":   "/sys/markwatch",
		"a file's lock":   filepath.Join(file, chdb.LockFile),
		"with a NUL byte": "a\x00b",
	} {
		_, err := chdb.Open(context.Background(), dir, chdb.Options{})
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		if name != "with a NUL byte" && !strings.Contains(err.Error(), "--store") {
			t.Errorf("%s: %v; want it to say what to do", name, err)
		}
	}
	for _, err := range []error{syscall.EACCES, syscall.EROFS, syscall.ENOTDIR, syscall.ENOSPC, syscall.EDQUOT} {
		if chdb.Remedy(&os.PathError{Op: "mkdir", Path: "x", Err: err}) == "" {
			t.Errorf("%v: no remedy", err)
		}
	}
}

func TestOpenWithoutLibrary(t *testing.T) {
	t.Setenv("MARKWATCH_LIBCHDB", filepath.Join(t.TempDir(), "libchdb.so"))
	_, err := chdb.Open(context.Background(), t.TempDir(), chdb.Options{})
	var missing *chdb.LibraryMissingError
	if !errors.As(err, &missing) || !strings.Contains(err.Error(), "make engine") || !strings.Contains(err.Error(), "--store https://") {
		t.Errorf("got %v, want a *LibraryMissingError that names both ways out", err)
	}
	bad := filepath.Join(t.TempDir(), "bad.so")
	if err := os.WriteFile(bad, []byte("no library"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := chdb.Open(context.Background(), t.TempDir(), chdb.Options{Library: bad}); err == nil || !strings.Contains(err.Error(), "make engine") {
		t.Errorf("loading what is no library: %v, want an error that says what to do", err)
	}
}

func TestFindLibrary(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.so")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("MARKWATCH_LIBCHDB", path)
	if got, err := chdb.FindLibrary(); got != path || err != nil {
		t.Errorf("with the variable set: %q, %v; want %q", got, err, path)
	}
	t.Setenv("MARKWATCH_LIBCHDB", filepath.Dir(path))
	if got, err := chdb.FindLibrary(); err == nil {
		t.Errorf("with the variable set to a directory: %q, want an error", got)
	}
}

func TestOpenGivesUp(t *testing.T) {
	dir := t.TempDir()
	lock, err := os.Create(filepath.Join(dir, chdb.LockFile))
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	for _, content := range []string{"", "{", `{"pid":1}`, `{"pid":1,"socket":"/nonexistent/owner.sock"}`} {
		if err := os.WriteFile(lock.Name(), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := chdb.Open(ctx, dir, chdb.Options{}); !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "does not answer") {
			t.Errorf("a silent owner with the lock file %q: %v, want an error that says so", content, err)
		}
	}
}

func TestLongPath(t *testing.T) {
	requireLibrary(t)
	t.Setenv("TMPDIR", t.TempDir())
	dir := filepath.Join(t.TempDir(), strings.Repeat("long", 20), strings.Repeat("path", 20))
	owner, err := chdb.Open(context.Background(), dir, chdb.Options{})
	if err != nil {
		t.Fatalf("opening: %v", err)
	}
	second := open(t, dir)
	if second.Owner() {
		t.Error("the second engine owns the store, too")
	}
	if n := value[uint8](t, connect(t, second), "SELECT 1"); n != 1 {
		t.Errorf("got %d", n)
	}
	if err := owner.Close(); err != nil {
		t.Fatalf("closing: %v", err)
	}
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestCloseStopsWhatRuns(t *testing.T) {
	requireLibrary(t)
	engine, err := chdb.Open(context.Background(), t.TempDir(), chdb.Options{})
	if err != nil {
		t.Fatalf("opening: %v", err)
	}
	conn := connect(t, engine)
	stopped := make(chan error, 3)
	go func() { stopped <- conn.Exec(context.Background(), endless) }()
	running(t, conn, endless, 1)
	// A result that nobody reads, and an insert that nobody ends.
	stream, err := conn.QueryFormat(context.Background(), "CSV", "SELECT number FROM numbers(1000000000000)")
	if err != nil {
		t.Fatalf("querying: %v", err)
	}
	exec(t, conn, "CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a")
	body, feed := io.Pipe()
	go func() { stopped <- conn.InsertFormat(context.Background(), "CSV", "INSERT INTO t", body) }()
	if _, err := feed.Write([]byte("1\n")); err != nil {
		t.Fatal(err)
	}
	if err := chdb.CloseWithin(engine, 1500*time.Millisecond); err != nil {
		t.Fatalf("closing: %v", err)
	}
	if _, err := io.Copy(io.Discard, stream); err == nil {
		t.Error("a result broken off by Close ended well")
	}
	for range 2 {
		if err := <-stopped; err == nil {
			t.Error("a request broken off by Close ended well")
		}
	}
}

func TestRunning(t *testing.T) {
	requireLibrary(t)
	dir := filepath.Join(t.TempDir(), "store")
	if chdb.Running(dir) {
		t.Error("a directory that is not there is owned")
	}
	engine, err := chdb.Open(context.Background(), dir, chdb.Options{})
	if err != nil {
		t.Fatalf("opening: %v", err)
	}
	if !chdb.Running(dir) {
		t.Error("an open directory is not owned")
	}
	if err := engine.Close(); err != nil {
		t.Fatalf("closing: %v", err)
	}
	if chdb.Running(dir) {
		t.Error("a closed directory is owned")
	}
}
