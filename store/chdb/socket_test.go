package chdb_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"markwatch/store/chdb"
)

// shared gives two connections to one engine: the owner's, and another's by the socket.
func shared(t *testing.T) (owner, client *chdb.Engine) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "store")
	owner, client = open(t, dir), open(t, dir)
	if !owner.Owner() || client.Owner() {
		t.Fatalf("owners: %t, %t; want true, false", owner.Owner(), client.Owner())
	}
	return owner, client
}

func TestThroughTheSocket(t *testing.T) {
	owner, client := shared(t)
	here, there := connect(t, owner), connect(t, client)
	exec(t, there, "CREATE TABLE t (n UInt64, s String) ENGINE = MergeTree ORDER BY n")
	ctx := context.Background()
	batch, err := there.PrepareBatch(ctx, "INSERT INTO t")
	if err != nil {
		t.Fatalf("preparing: %v", err)
	}
	text := strings.Repeat("\x00x", 500)
	for n := range uint64(20000) {
		if err := batch.Append(n, text); err != nil {
			t.Fatalf("appending: %v", err)
		}
	}
	if err := batch.Send(); err != nil {
		t.Fatalf("inserting 20 MB: %v", err)
	}
	if n := value[uint64](t, here, "SELECT countIf(length(s) = 1000) FROM t"); n != 20000 {
		t.Errorf("the owner sees %d rows, want 20000", n)
	}
	stream, err := there.QueryFormat(ctx, "Parquet", "SELECT * FROM t")
	if err != nil {
		t.Fatalf("exporting: %v", err)
	}
	document, err := io.ReadAll(stream)
	_ = stream.Close()
	if err != nil || !bytes.HasSuffix(document, []byte("PAR1")) {
		t.Errorf("exporting: %d bytes, %v", len(document), err)
	}
	rows, err := there.Query(ctx, "SELECT throwIf(number = 900000) FROM numbers(1000000)")
	if err == nil {
		for rows.Next() {
		}
		err = rows.Err()
	}
	if codeOf(err) != 395 {
		t.Errorf("an error within a result: %v, want code 395", err)
	}
	refused := bytes.NewReader(nativeBlock(make([]uint64, 5000000)...))
	if status, text := post(t, client.Transport(), "query=INSERT+INTO+nope+FORMAT+Native", refused); status != 500 || !strings.HasPrefix(text, "Code: 60.") {
		t.Errorf("40 MB into no table: %d %q, want code 60", status, text)
	}
	if err := there.Exec(ctx, "SELECT nope"); codeOf(err) != 47 {
		t.Errorf("an error: %v, want code 47", err)
	}
}

func TestClientThatGoes(t *testing.T) {
	owner, client := shared(t)
	here, there := connect(t, owner), connect(t, client)
	exec(t, here, "CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a")
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- there.Exec(ctx, endless) }()
	running(t, here, endless, 1)
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	running(t, here, endless, 0)

	body := io.MultiReader(bytes.NewReader(nativeBlock(make([]uint64, 500000)...)), iotest.ErrReader(errors.New("gone")))
	request, err := http.NewRequest(http.MethodPost, "http://engine/?query=INSERT+INTO+t+FORMAT+Native", body)
	if err != nil {
		t.Fatal(err)
	}
	if response, err := (&http.Client{Transport: client.Transport()}).Do(request); err == nil {
		t.Errorf("an insert that broke off got the answer %s", response.Status)
		_ = response.Body.Close()
	}
	running(t, here, "INSERT INTO t", 0)
	if n := value[uint64](t, here, "SELECT count() FROM t"); n != 0 {
		t.Errorf("%d rows of a broken insert are stored, want none", n)
	}
}

func TestHandlerOfAClient(t *testing.T) {
	_, client := shared(t)
	status, text := post(t, chdb.LocalTransport(client.Handler()), "", strings.NewReader("SELECT 1"))
	if status != http.StatusServiceUnavailable || !strings.Contains(text, "another process") {
		t.Errorf("got %d %q, want 503 and why", status, text)
	}
}

func TestHandler(t *testing.T) {
	engine, _ := start(t)
	client := &http.Client{Transport: chdb.LocalTransport(engine.Handler())}
	response, err := client.Get("http://engine/ping")
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(response.Body)
	if _ = response.Body.Close(); response.StatusCode != 200 || string(text) != "Ok.\n" || err != nil {
		t.Errorf("ping: %d %q, %v", response.StatusCode, text, err)
	}
	if response, err = client.Get("http://engine/?query=SELECT+1"); err != nil || response.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("a query by GET: %v, %v; want status 405", response, err)
	}
	_ = response.Body.Close()
}

func TestSuccession(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	owner, client := open(t, dir), open(t, dir)
	third := open(t, dir)
	there, also := connect(t, client), connect(t, third)
	exec(t, there, "CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n", "INSERT INTO t VALUES (1)")
	if err := owner.Close(); err != nil {
		t.Fatal(err)
	}
	// Both find that the owner is gone at once: one takes its place, and neither's request is lost.
	failures := make(chan error)
	for _, conn := range []driver.Conn{there, also} {
		go func() { failures <- conn.Exec(context.Background(), "INSERT INTO t SELECT max(n) + 1 FROM t") }()
	}
	for range 2 {
		if err := <-failures; err != nil {
			t.Errorf("after the owner has gone: %v", err)
		}
	}
	if n := value[uint64](t, also, "SELECT count() FROM t"); n != 3 {
		t.Errorf("the store has %d rows, want 3", n)
	}
	if client.Owner() == third.Owner() {
		t.Errorf("owners: %t, %t; want one", client.Owner(), third.Owner())
	}
	if err := client.Close(); err != nil {
		t.Fatal(err)
	}
	if n := value[uint64](t, also, "SELECT count() FROM t"); n != 3 || !third.Owner() {
		t.Errorf("the last has %d rows, owner: %t; want 3, true", n, third.Owner())
	}
	if err := there.Exec(context.Background(), "SELECT 1"); err == nil {
		t.Error("an engine answers after it was closed")
	}
}
