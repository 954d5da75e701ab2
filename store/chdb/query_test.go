package chdb_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

func TestServerVersion(t *testing.T) {
	_, conn := start(t)
	version, err := conn.ServerVersion()
	if err != nil {
		t.Fatalf("asking for the version: %v", err)
	}
	if version.Version.Major < 26 || version.Revision != 0 || version.Timezone == nil {
		t.Errorf("the engine is %+v, want version 26 or later, revision 0 and a time zone", version)
	}
}

// codeOf is the ClickHouse error code that err carries, 0 if none.
func codeOf(err error) int {
	var e *clickhouse.Exception
	if errors.As(err, &e) {
		return int(e.Code)
	}
	return 0
}

func TestErrorsHaveClickHouseCodes(t *testing.T) {
	_, conn := start(t)
	exec(t, conn, "CREATE TABLE t (a UInt8) ENGINE = MergeTree ORDER BY a")
	ctx := context.Background()
	for query, want := range map[string]int{
		"SELEC 1":                         62,
		"1 + 1":                           62,
		"SELECT 1; SELECT 2":              62,
		"-- nothing":                      62,
		"SELECT nope":                     47,
		"SELECT * FROM nope":              60,
		"CREATE TABLE t (a UInt8)":        57,
		"SELECT throwIf(1)":               395,
		"SELECT 1 INTO OUTFILE 'x'":       48,
		"INSERT INTO t VALUES ('x')":      6,
		"INSERT INTO nope SELECT 1":       60,
		"SELECT 1 SETTINGS no_such = 1":   115,
		"SELECT {a:UInt8}":                456,
		"SHOW TABLES FROM nope":           81,
		"SELECT sum(x) FROM numbers(1) x": 47,
	} {
		if got := codeOf(conn.Exec(ctx, query)); got != want {
			t.Errorf("%s: code %d, want %d (%v)", query, got, want, conn.Exec(ctx, query))
		}
		var http *clickhouse.HTTPError
		if err := conn.Exec(ctx, query); !errors.As(err, &http) || http.StatusCode != 500 {
			t.Errorf("%s: %v, want HTTP status 500", query, err)
		}
	}
	if err := conn.Ping(ctx); err != nil {
		t.Errorf("after the errors: %v", err)
	}
}

func TestErrorInMidResult(t *testing.T) {
	_, conn := start(t)
	ctx := context.Background()
	const query = "SELECT number, throwIf(number = 900000, 'on purpose') FROM numbers(1000000)"
	rows, err := conn.Query(ctx, query)
	n := 0
	if err == nil {
		for rows.Next() {
			n++
		}
		err = rows.Err()
	}
	if codeOf(err) != 395 || strings.Count(err.Error(), "FUNCTION_THROW_IF_VALUE_IS_NON_ZERO") != 1 || n == 0 {
		t.Errorf("after %d rows: %v, want rows and then code 395 once", n, err)
	}
	for _, format := range []string{"CSVWithNames", "JSONEachRow", "Parquet", "JSON"} {
		stream, err := conn.QueryFormat(ctx, format, query)
		if err == nil {
			_, err = io.Copy(io.Discard, stream)
			_ = stream.Close()
		}
		if codeOf(err) != 395 {
			t.Errorf("%s: %v, want code 395", format, err)
		}
	}
}

func TestSettings(t *testing.T) {
	_, conn := start(t)
	exec(t, conn,
		"CREATE TABLE r (k UInt8, v UInt8) ENGINE = ReplacingMergeTree(v) ORDER BY k", "SYSTEM STOP MERGES r",
		"INSERT INTO r VALUES (1, 1)", "INSERT INTO r VALUES (1, 2)")
	with := func(settings clickhouse.Settings) context.Context {
		return clickhouse.Context(context.Background(), clickhouse.WithSettings(settings))
	}
	var n uint64
	for _, tt := range []struct {
		query string
		want  uint64
	}{
		{"SELECT count() FROM r", 1},
		{"SELECT count() FROM r SETTINGS max_threads = 1", 1},
		{"SELECT count() FROM r SETTINGS final = 0", 2},
		{"SELECT count() FROM r -- SETTINGS final = 0", 1},
		{"SELECT count() FROM (SELECT * FROM r WHERE 'SETTINGS final = 0' != '') /* SETTINGS final = 0 */", 1},
	} {
		if err := conn.QueryRow(with(clickhouse.Settings{"final": 1}), tt.query).Scan(&n); err != nil || n != tt.want {
			t.Errorf("with final = 1, %s: %d, %v; want %d", tt.query, n, err, tt.want)
		}
	}
	if n := value[uint64](t, conn, "SELECT count() FROM r"); n != 2 {
		t.Errorf("the next query has %d rows, want 2: it must not see the settings of the one before", n)
	}
	if err := conn.Exec(with(clickhouse.Settings{"final": 1}), "CREATE TABLE s ENGINE = MergeTree ORDER BY k AS SELECT * FROM r"); err != nil {
		t.Fatalf("create as select: %v", err)
	}
	if err := conn.Exec(with(clickhouse.Settings{"final": 1}), "INSERT INTO s SELECT * FROM r"); err != nil {
		t.Fatalf("insert select: %v", err)
	}
	if n := value[uint64](t, conn, "SELECT count() FROM s"); n != 2 {
		t.Errorf("create as select and insert select with final = 1 wrote %d rows, want 2", n)
	}
	if got := codeOf(conn.Exec(with(clickhouse.Settings{"no_such_setting": 1}), "SELECT 1")); got != 115 {
		t.Errorf("an unknown setting: code %d, want 115", got)
	}
	if got := codeOf(conn.Exec(with(clickhouse.Settings{"readonly": 1}), "DROP TABLE r")); got != 164 {
		t.Errorf("a drop with readonly = 1: code %d, want 164", got)
	}
	if got := codeOf(conn.Exec(with(clickhouse.Settings{"max_execution_time": 1}), "SELECT max(sipHash64(number)) FROM numbers(100000000000)")); got != 159 {
		t.Errorf("a query over its time: code %d, want 159", got)
	}
	var at string
	if err := conn.QueryRow(with(clickhouse.Settings{"date_time_output_format": "iso", "log_comment": `it's \ "mine"`}),
		"SELECT formatRow('CSV', toDateTime(0, 'UTC')) || getSetting('log_comment')").Scan(&at); err != nil || !strings.Contains(at, "1970-01-01T00:00:00Z") || !strings.Contains(at, `it's \ "mine"`) {
		t.Errorf("settings with text: %q, %v", at, err)
	}
}

func TestDatabase(t *testing.T) {
	engine, conn := start(t)
	exec(t, conn, "CREATE DATABASE `a``b\\\\c`", "CREATE TABLE `a``b\\\\c`.t (x UInt8) ENGINE = MergeTree ORDER BY x")
	other, err := clickhouse.Open(&clickhouse.Options{
		Protocol: clickhouse.HTTP, Auth: clickhouse.Auth{Database: "a`b\\c", Username: "anyone", Password: "x"},
		TransportFunc: func(*http.Transport) (http.RoundTripper, error) { return engine.Transport(), nil },
	})
	if err != nil {
		t.Fatalf("connecting: %v", err)
	}
	defer other.Close()
	exec(t, other, "INSERT INTO t VALUES (1)")
	batch, err := other.PrepareBatch(context.Background(), "INSERT INTO t")
	if err != nil {
		t.Fatalf("preparing: %v", err)
	}
	if err := errors.Join(batch.Append(uint8(2)), batch.Send()); err != nil {
		t.Fatalf("inserting: %v", err)
	}
	if n := value[uint64](t, other, "SELECT count() FROM t"); n != 2 {
		t.Errorf("%d rows, want 2", n)
	}
}

func TestParameters(t *testing.T) {
	_, conn := start(t)
	ctx := clickhouse.Context(context.Background(), clickhouse.WithParameters(clickhouse.Parameters{"n": "3", "list": "['a','b\\'c']", "id": "numbers"}))
	var n uint64
	var list []string
	if err := conn.QueryRow(ctx, "SELECT count(), {list:Array(String)} FROM {id:Identifier}({n:UInt64} * 2)").Scan(&n, &list); err == nil {
		t.Errorf("an identifier in place of a function: %d, want an error", n)
	}
	if err := conn.QueryRow(ctx, "SELECT count(), {list:Array(String)} FROM numbers({n:UInt64} * 2)").Scan(&n, &list); err != nil || n != 6 || len(list) != 2 || list[1] != "b'c" {
		t.Errorf("got %d, %q, %v; want 6, [a b'c]", n, list, err)
	}
	const hostile = `'; DROP TABLE t; -- \\ {n:UInt8}`
	if got := value[string](t, conn, "SELECT {s:String}", clickhouse.Named("s", hostile)); got != hostile {
		t.Errorf("a hostile parameter came back as %q", got)
	}
	exec(t, conn, "CREATE TABLE p (s String) ENGINE = MergeTree ORDER BY s")
	if err := conn.Exec(context.Background(), "INSERT INTO p VALUES ({s:String}), (upper('b'))", clickhouse.Named("s", "A")); err != nil {
		t.Fatalf("values with a parameter: %v", err)
	}
	if got := value[string](t, conn, "SELECT groupArray(s)[1] || groupArray(s)[2] FROM (SELECT s FROM p ORDER BY s)"); got != "AB" {
		t.Errorf("values with a parameter and an expression: %q, want AB", got)
	}
	stream, err := conn.QueryFormat(ctx, "CSV", "SELECT {n:UInt8}")
	if err != nil {
		t.Fatalf("a format with a parameter: %v", err)
	}
	defer stream.Close()
	if text, err := io.ReadAll(stream); string(text) != "3\n" || err != nil {
		t.Errorf("a format with a parameter: %q, %v", text, err)
	}
}

func TestFormats(t *testing.T) {
	_, conn := start(t)
	for _, tt := range []struct {
		format, query string
		good          func([]byte) bool
	}{
		{"CSVWithNames", "SELECT number AS n FROM numbers(200000)", func(b []byte) bool {
			return bytes.HasPrefix(b, []byte("\"n\"\n0\n1\n")) && bytes.Count(b, []byte("\n")) == 200001
		}},
		{"CSVWithNames", "SELECT 1 AS n WHERE 0", func(b []byte) bool { return string(b) == "\"n\"\n" }},
		{"JSONEachRow", "SELECT number AS n FROM numbers(200000) ;", func(b []byte) bool {
			return bytes.HasPrefix(b, []byte("{\"n\":0}\n")) && bytes.Count(b, []byte("\n")) == 200000
		}},
		{"JSON", "SELECT number AS n FROM numbers(200000) -- a comment", func(b []byte) bool {
			return bytes.Count(b, []byte(`"meta"`)) == 1 && bytes.Count(b, []byte(`"n"`)) == 200001
		}},
		{"Parquet", "SELECT number AS n FROM numbers(200000)", func(b []byte) bool {
			return bytes.HasPrefix(b, []byte("PAR1")) && bytes.HasSuffix(b, []byte("PAR1")) && bytes.Count(b, []byte("PAR1")) == 2
		}},
		{"TSV", "DESCRIBE TABLE system.one", func(b []byte) bool { return bytes.HasPrefix(b, []byte("dummy\tUInt8")) }},
		{"Native", "SELECT 1 WHERE 0", func(b []byte) bool { return len(b) == 0 }},
	} {
		stream, err := conn.QueryFormat(context.Background(), tt.format, tt.query)
		if err != nil {
			t.Errorf("%s of %s: %v", tt.format, tt.query, err)
			continue
		}
		got, err := io.ReadAll(stream)
		_ = stream.Close()
		if err != nil || !tt.good(got) {
			t.Errorf("%s of %s: %v, %d bytes: %.60q … %.60q", tt.format, tt.query, err, len(got), got, got[max(0, len(got)-60):])
		}
	}
	if _, err := conn.QueryFormat(context.Background(), "NoSuchFormat", "SELECT 1"); codeOf(err) != 73 {
		t.Errorf("an unknown format: %v, want code 73", err)
	}
}

func TestFormatClauseOfTheQuery(t *testing.T) {
	engine, _ := start(t)
	for query, want := range map[string]string{
		"SELECT 1 AS a FORMAT CSVWithNames SETTINGS max_threads = 1": "\"a\"\n1\n",
		"SELECT 1 AS a FORMAT JSONEachRow":                           "{\"a\":1}\n",
		"SHOW DATABASES LIKE 'system' FORMAT CSV":                    "\"system\"\n",
		"SELECT 2":         "2\n",
		"SELECT 1 WHERE 0": "",
	} {
		status, got := post(t, engine.Transport(), "", strings.NewReader(query))
		if status != 200 || got != want {
			t.Errorf("%s: %d %q, want %q", query, status, got, want)
		}
	}
	if status, got := post(t, engine.Transport(), "wait_end_of_query=1&query=SELECT+throwIf(number=500000)", strings.NewReader("FROM numbers(1000000)")); status != 500 {
		t.Errorf("an error at the end, waited for: %d, %d bytes; want 500", status, len(got))
	}
}

// post sends a request to ClickHouse's HTTP interface.
func post(t *testing.T, transport http.RoundTripper, query string, body io.Reader) (status int, answer string) {
	t.Helper()
	response, err := (&http.Client{Transport: transport}).Post("http://engine/?"+query, "text/plain", body)
	if err != nil {
		t.Fatalf("posting: %v", err)
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(response.Body)
	return response.StatusCode, string(text)
}

func TestUnsupportedRequests(t *testing.T) {
	engine, _ := start(t)
	for _, query := range []string{"compress=1", "decompress=1", "session_id=x", "a-b=1", "query=%zz"} {
		if status, text := post(t, engine.Transport(), query, strings.NewReader("SELECT 1")); status != 500 || !strings.HasPrefix(text, "Code: ") {
			t.Errorf("%s: %d %q, want 500 and a code", query, status, text)
		}
	}
	if status, text := post(t, engine.Transport(), "", strings.NewReader("SELECT '"+strings.Repeat("x", 2<<20)+"'")); status != 500 || !strings.HasPrefix(text, "Code: 62.") {
		t.Errorf("a query of 2 MB: %d %.100q, want code 62", status, text)
	}
	for _, method := range []clickhouse.CompressionMethod{clickhouse.CompressionLZ4, clickhouse.CompressionZSTD} {
		conn, err := clickhouse.Open(&clickhouse.Options{
			Protocol: clickhouse.HTTP, Compression: &clickhouse.Compression{Method: method},
			TransportFunc: func(*http.Transport) (http.RoundTripper, error) { return engine.Transport(), nil },
		})
		if err != nil {
			t.Fatalf("connecting: %v", err)
		}
		if err := conn.Ping(context.Background()); err == nil || !strings.Contains(err.Error(), "set the compression to none") {
			t.Errorf("with compression %v: %v, want an error that says what to do", method, err)
		}
		_ = conn.Close()
	}
}

func TestMillionRowsInBoundedMemory(t *testing.T) {
	want := uint64(1000000) // a GB in all
	if testing.Short() {
		want = 500000
	}
	_, conn := start(t)
	before, err := anonymousMB("self")
	if err != nil {
		t.Skipf("the memory of a process is only read on Linux: %v", err)
	}
	rows, err := conn.Query(context.Background(), "SELECT number, repeat('x', 1000) FROM numbers({n:UInt64}) SETTINGS max_block_size = 8192",
		clickhouse.Named("n", strconv.FormatUint(want, 10)))
	if err != nil {
		t.Fatalf("querying: %v", err)
	}
	var peak int
	var next uint64
	for rows.Next() {
		var n uint64
		var s string
		if err := rows.Scan(&n, &s); err != nil || n != next || len(s) != 1000 {
			t.Fatalf("row %d: %d, %d bytes, %v", next, n, len(s), err)
		}
		if next++; n%100000 == 0 {
			now, err := anonymousMB("self")
			if err != nil {
				t.Fatal(err)
			}
			peak = max(peak, now)
		}
	}
	if err := rows.Err(); err != nil || next != want {
		t.Fatalf("%d rows, %v", next, err)
	}
	if grown := peak - before; grown > 300 {
		t.Errorf("the process grew by %d MB while it read %d MB", grown, want/1000)
	}
}

const endless = "SELECT max(sipHash64(number)) FROM numbers(1000000000000)"

// running waits until n queries with text run, or fails the test.
func running(t *testing.T, conn driver.Conn, text string, n uint64) {
	t.Helper()
	var got uint64
	for start := time.Now(); time.Since(start) < 20*time.Second; {
		if got = value[uint64](t, conn, "SELECT count() FROM system.processes WHERE startsWith(query, {q:String})", clickhouse.Named("q", text)); got == n {
			return
		}
	}
	t.Fatalf("%d queries %q run, want %d", got, text, n)
}

func TestCancelStopsTheQuery(t *testing.T) {
	_, conn := start(t)
	for name, run := range map[string]func(context.Context) error{
		"rows": func(ctx context.Context) error { return conn.QueryRow(ctx, endless).Err() },
		"exec": func(ctx context.Context) error {
			return conn.Exec(ctx, "INSERT INTO FUNCTION null('x UInt64') "+endless)
		},
		"format": func(ctx context.Context) error {
			stream, err := conn.QueryFormat(ctx, "CSV", endless)
			if err == nil {
				_, err = io.Copy(io.Discard, stream)
				_ = stream.Close()
			}
			return err
		},
	} {
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan error)
		go func() { done <- run(ctx) }()
		text := endless
		if name == "exec" {
			text = "INSERT INTO FUNCTION"
		}
		running(t, conn, text, 1)
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, want context.Canceled", name, err)
		}
		running(t, conn, text, 0)
	}
}

func TestResultNotReadStopsTheQuery(t *testing.T) {
	_, conn := start(t)
	const query = "SELECT number FROM numbers(1000000000000)"
	stream, err := conn.QueryFormat(context.Background(), "CSVWithNames", query)
	if err != nil {
		t.Fatalf("querying: %v", err)
	}
	var head [16]byte
	if _, err := io.ReadFull(stream, head[:]); err != nil {
		t.Fatalf("reading: %v", err)
	}
	_ = stream.Close()
	running(t, conn, query, 0)
	ctx, cancel := context.WithCancel(context.Background())
	rows, err := conn.Query(ctx, query)
	if err != nil || !rows.Next() {
		t.Fatalf("querying: %v", err)
	}
	cancel()
	_ = rows.Close()
	running(t, conn, query, 0)
}

func TestConcurrentClients(t *testing.T) {
	_, conn := start(t)
	exec(t, conn, "CREATE TABLE c (client UInt8, n UInt64) ENGINE = MergeTree ORDER BY (client, n)")
	long, cancel := context.WithCancel(context.Background())
	defer cancel()
	stopped := make(chan error, 2)
	for range 2 {
		go func() { stopped <- conn.Exec(long, endless) }()
	}
	running(t, conn, endless, 2)
	const clients = 16
	rounds := 10
	if testing.Short() {
		rounds = 3
	}
	failures := make(chan error, clients)
	for client := range clients {
		go func() { failures <- work(conn, uint8(client), rounds) }()
	}
	for range clients {
		if err := <-failures; err != nil {
			t.Error(err)
		}
	}
	running(t, conn, endless, 2) // the long ones have not been in the way
	cancel()
	for range 2 {
		if err := <-stopped; err == nil {
			t.Error("an endless query ended")
		}
	}
	if n := value[uint64](t, conn, "SELECT sum(n) FROM c"); n != uint64(clients*rounds*(rounds-1)/2) {
		t.Errorf("the sum of all that was inserted is %d", n)
	}
}

// work inserts and reads back, with a setting of its own.
func work(conn driver.Conn, client uint8, rounds int) error {
	ctx := clickhouse.Context(context.Background(), clickhouse.WithSettings(clickhouse.Settings{"max_result_rows": 1000 + int(client)}))
	for round := range rounds {
		batch, err := conn.PrepareBatch(ctx, "INSERT INTO c")
		if err != nil {
			return err
		}
		if err := errors.Join(batch.Append(client, uint64(round)), batch.Send()); err != nil {
			return err
		}
		var n, limit uint64
		if err := conn.QueryRow(ctx, "SELECT count(), toUInt64(any(getSetting('max_result_rows'))) FROM c WHERE client = {c:UInt8}", clickhouse.Named("c", strconv.Itoa(int(client)))).Scan(&n, &limit); err != nil {
			return err
		}
		if n != uint64(round+1) || limit != 1000+uint64(client) {
			return errors.New("a client sees " + strconv.FormatUint(n, 10) + " rows and the setting " + strconv.FormatUint(limit, 10))
		}
	}
	return nil
}

func TestMemoryLimit(t *testing.T) {
	_, conn := start(t)
	err := conn.Exec(context.Background(), "SELECT groupArray(repeat(toString(number), 100)) FROM numbers(100000000) SETTINGS max_memory_usage = 100000000")
	if codeOf(err) != 241 {
		t.Errorf("a query over its memory: %v, want code 241", err)
	}
	if err := conn.Ping(context.Background()); err != nil {
		t.Errorf("after it: %v", err)
	}
}

// nativeBlock encodes a Native block of one column UInt64 named a.
func nativeBlock(values ...uint64) []byte {
	b := binary.AppendUvarint([]byte{1}, uint64(len(values)))
	b = append(b, "\x01a\x06UInt64"...)
	for _, v := range values {
		b = binary.LittleEndian.AppendUint64(b, v)
	}
	return b
}
