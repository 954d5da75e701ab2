package chdb_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/ClickHouse/clickhouse-go/v2"
)

func TestInsert100MB(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	_, conn := start(t)
	exec(t, conn, "CREATE TABLE big (n UInt64, s String) ENGINE = MergeTree ORDER BY n")
	batch, err := conn.PrepareBatch(context.Background(), "INSERT INTO big")
	if err != nil {
		t.Fatalf("preparing: %v", err)
	}
	text := strings.Repeat("0123456789", 100)
	for n := range uint64(105000) {
		if err := batch.Append(n, text); err != nil {
			t.Fatalf("appending: %v", err)
		}
	}
	if err := batch.Send(); err != nil {
		t.Fatalf("sending: %v", err)
	}
	if n := value[uint64](t, conn, "SELECT sum(length(s)) FROM big"); n != 105000*1000 {
		t.Errorf("%d bytes are stored, want %d", n, 105000*1000)
	}
}

func TestInsertForms(t *testing.T) {
	engine, conn := start(t)
	exec(t, conn, "CREATE TABLE t (a UInt64, s String DEFAULT 'd') ENGINE = MergeTree ORDER BY a")
	native := string(nativeBlock(1, 2, 3))
	var rows strings.Builder
	for n := range 200000 {
		fmt.Fprintf(&rows, "(%d, 'x;-- y'),", n)
	}
	for _, tt := range []struct {
		name, query, body string
		want              uint64
	}{
		{"native in the body", "query=INSERT+INTO+t+(a)+FORMAT+Native", native, 3},
		{"two blocks", "query=INSERT+INTO+t+(a)+FORMAT+Native", native + native, 6},
		{"native after the query", "", "INSERT INTO t (a) FORMAT Native\n" + native, 3},
		{"text in the query and the body", "query=INSERT+INTO+t+(a)+FORMAT+CSV+1%0A", "2\n3", 3},
		{"json in the body", "query=INSERT+INTO+t", " FORMAT JSONEachRow {\"a\": 1, \"s\": \"; VALUES\"}\n{\"a\": 2}", 2},
		{"values", "", "INSERT INTO t VALUES (1, 'a'), (1 + 1, lower(';'))", 2},
		{"values of 4 MB", "", "INSERT INTO t VALUES " + strings.TrimSuffix(rows.String(), ","), 200000},
		{"select", "", "INSERT INTO t (a) SELECT number FROM numbers(5)", 5},
		{"settings of the query", "max_block_size=2", "INSERT INTO t (a) SETTINGS max_insert_threads = 1 SELECT number FROM numbers(5)", 5},
	} {
		t.Run(tt.name, func(t *testing.T) {
			exec(t, conn, "TRUNCATE TABLE t")
			if status, text := post(t, engine.Transport(), tt.query, strings.NewReader(tt.body)); status != 200 || text != "" {
				t.Fatalf("the answer is %d %q, want 200 and nothing", status, text)
			}
			if n := value[uint64](t, conn, "SELECT count() FROM t"); n != tt.want {
				t.Errorf("%d rows are stored, want %d", n, tt.want)
			}
		})
	}
	if err := conn.Exec(clickhouse.Context(context.Background(), clickhouse.WithAsync(false)), "INSERT INTO t (a) VALUES (77)"); err != nil {
		t.Errorf("an asynchronous insert: %v", err)
	}
	if n := value[uint64](t, conn, "SELECT count() FROM t WHERE a = 77"); n != 1 {
		t.Errorf("an asynchronous insert stored %d rows at once, want 1", n)
	}
}

func TestBrokenInsertStoresNothing(t *testing.T) {
	engine, conn := start(t)
	exec(t, conn, "CREATE TABLE t (a UInt64, CONSTRAINT small CHECK a < 1000) ENGINE = MergeTree PARTITION BY a % 200 ORDER BY a")
	good := nativeBlock(make([]uint64, 100000)...)
	many := make([]uint64, 150)
	for i := range many {
		many[i] = uint64(i)
	}
	errGone := errors.New("the client is gone")
	for _, tt := range []struct {
		name string
		body io.Reader
		code string
	}{
		{"truncated in a value", bytes.NewReader(good[:len(good)-3]), "Code: 33."},
		{"truncated in the header", bytes.NewReader(good[:3]), "Code: 32."},
		{"not native", strings.NewReader(strings.Repeat("\xff\x00zz", 1000)), "Code: "},
		{"another type", strings.NewReader("\x01\x01\x01a\x06String\x01x"), "Code: 6."},
		{"a length beyond all memory", strings.NewReader("\x01\x01\x01a\x06String\xff\xff\xff\xff\xff\xff\xff\x7f"), "Code: "},
		{"a column count beyond all memory", strings.NewReader("\xff\xff\xff\xff\xff\xff\xff\x7f\x01"), "Code: "},
		{"a row the table refuses", bytes.NewReader(nativeBlock(1, 2, 1000)), "Code: 469."},
		{"too many partitions", bytes.NewReader(nativeBlock(many...)), "Code: 252."},
		{"a client that goes", io.MultiReader(bytes.NewReader(good[:200000]), iotest.ErrReader(errGone)), "Code: 33."},
		{"a client that goes between blocks", io.MultiReader(bytes.NewReader(good), iotest.ErrReader(errGone)), "Code: 33."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			status, text := post(t, engine.Transport(), "query=INSERT+INTO+t+(a)+FORMAT+Native", tt.body)
			if status == 200 || !strings.HasPrefix(text, tt.code) {
				t.Errorf("the answer is %d %.200q, want an error with %q", status, text, tt.code)
			}
			if n := value[uint64](t, conn, "SELECT count() FROM t"); n != 0 {
				t.Errorf("%d rows are stored, want none", n)
			}
		})
	}
	if status, text := post(t, engine.Transport(), "query=INSERT+INTO+nope+FORMAT+Native", bytes.NewReader(good)); status != 500 || !strings.HasPrefix(text, "Code: 60.") {
		t.Errorf("into no table: %d %q, want code 60", status, text)
	}
}

func TestCancelledInsertStoresNothing(t *testing.T) {
	engine, conn := start(t)
	exec(t, conn, "CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a")
	ctx, cancel := context.WithCancel(context.Background())
	body, feed := io.Pipe()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://engine/?query=INSERT+INTO+t+FORMAT+Native", body)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() {
		_, err := (&http.Client{Transport: engine.Transport()}).Do(request)
		done <- err
	}()
	if _, err := feed.Write(nativeBlock(make([]uint64, 1000)...)); err != nil {
		t.Fatalf("sending: %v", err)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("the request ended with %v, want context.Canceled", err)
	}
	if _, err := feed.Write([]byte{1}); err == nil {
		t.Error("the body of a cancelled request is still read")
	}
	// Closing waits for what runs; what it stored would be there for the next owner.
	if n := value[uint64](t, conn, "SELECT count() FROM t"); n != 0 {
		t.Errorf("%d rows are stored, want none", n)
	}
}

func TestInsertWithSettings(t *testing.T) {
	_, conn := start(t)
	exec(t, conn, "CREATE TABLE t (a UInt8, b UInt8) ENGINE = MergeTree ORDER BY a")
	ctx := clickhouse.Context(context.Background(), clickhouse.WithSettings(clickhouse.Settings{"format_csv_delimiter": ";"}))
	if err := conn.InsertFormat(ctx, "CSV", "INSERT INTO t", strings.NewReader("1;2\n")); err != nil {
		t.Errorf("inserting with a delimiter that the request sets: %v", err)
	}
	if err := conn.InsertFormat(context.Background(), "CSV", "INSERT INTO t", strings.NewReader("1;2\n")); err == nil {
		t.Error("inserting with a delimiter that the request before has set: no error")
	}
}
