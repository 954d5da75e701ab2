package chdb_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"markwatch/store/chdb"
)

// open opens an engine on dir, or skips the test where there is no libchdb.
func open(t testing.TB, dir string) *chdb.Engine {
	t.Helper()
	requireLibrary(t)
	engine, err := chdb.Open(context.Background(), dir, chdb.Options{})
	if err != nil {
		t.Fatalf("opening %s: %v", dir, err)
	}
	t.Cleanup(func() {
		if err := engine.Close(); err != nil {
			t.Errorf("closing: %v", err)
		}
	})
	return engine
}

// requireLibrary skips the test without libchdb, and fails it where the engine was asked for.
func requireLibrary(t testing.TB) {
	t.Helper()
	_, err := chdb.FindLibrary()
	var missing *chdb.LibraryMissingError
	if !errors.As(err, &missing) {
		return
	}
	if os.Getenv("MARKWATCH_TEST_ENGINE") == "required" {
		t.Fatalf("the engine is required: %v", err)
	}
	t.Skipf("no embedded engine; `make engine` fetches it: %v", err)
}

// connect gives a clickhouse-go connection to engine.
func connect(t testing.TB, engine *chdb.Engine) driver.Conn {
	t.Helper()
	conn, err := clickhouse.Open(&clickhouse.Options{
		Protocol: clickhouse.HTTP,
		TransportFunc: func(*http.Transport) (http.RoundTripper, error) {
			return engine.Transport(), nil
		},
		MaxOpenConns: 32,
	})
	if err != nil {
		t.Fatalf("connecting: %v", err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// start gives a connection to a new engine in a new directory.
func start(t testing.TB) (*chdb.Engine, driver.Conn) {
	t.Helper()
	engine := open(t, filepath.Join(t.TempDir(), "store"))
	return engine, connect(t, engine)
}

// exec runs statements or fails the test.
func exec(t testing.TB, conn driver.Conn, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		if err := conn.Exec(context.Background(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// value is the only value of the only row of query.
func value[T any](t testing.TB, conn driver.Conn, query string, args ...any) T {
	t.Helper()
	var v T
	if err := conn.QueryRow(context.Background(), query, args...).Scan(&v); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return v
}
