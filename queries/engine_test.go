package queries_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/go-cmp/cmp"

	"markwatch/queries"
	"markwatch/store/chdb"
)

// connect opens an engine, or skips the test where there is none.
func connect(t testing.TB) driver.Conn {
	t.Helper()
	_, err := chdb.FindLibrary()
	var missing *chdb.LibraryMissingError
	switch {
	case errors.As(err, &missing) && os.Getenv("MARKWATCH_TEST_ENGINE") == "required":
		t.Fatalf("the engine is required: %v", err)
	case errors.As(err, &missing):
		t.Skipf("no embedded engine; `make engine` fetches it: %v", err)
	}
	engine, err := chdb.Open(context.Background(), t.TempDir(), chdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := clickhouse.Open(&clickhouse.Options{
		Protocol:      clickhouse.HTTP,
		TransportFunc: func(*http.Transport) (http.RoundTripper, error) { return engine.Transport(), nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(conn.Close(), engine.Close()); err != nil {
			t.Errorf("closing: %v", err)
		}
	})
	return conn
}

// everyType gives queries whose columns have every type that is read here, with the values at its ends, and values as
// they come.
func everyType() map[string]string {
	return map[string]string{
		"integers": `SELECT arrayJoin([-128, -1, 0, 127])::Int8 AS a, a::UInt8 AS b, (a * 256)::Int16 AS c, c::UInt16 AS d, (a * 16777216)::Int32 AS e, e::UInt32 AS f,
		(a * 72057594037927936)::Int64 AS g, g::UInt64 AS h, g::Int128 * 1000003 AS i, i::UInt128 AS j, i::Int256 * 1000003 AS k, k::UInt256 AS l, a::LowCardinality(Int8) AS m,
		[a, b] AS n, [g::Nullable(Int64), NULL] AS o SETTINGS allow_suspicious_low_cardinality_types = 1`,
		"floats": `SELECT arrayJoin([0., -0., 1., -1., 0.1, 1e-5, 1e-6, 9.99999e-7, 1.5e-7, 123456.789, 999999999999999900000., 1e20, 1e21, 1e22, 1.7976931348623157e308, 5e-324, 9007199254740993., nan, -nan, inf, -inf])::Float64 AS a,
		a::Float32 AS b, [a] AS c, [[b]] AS d, (a, b) AS e, map('k', a) AS f, if(a > 1, NULL, a) AS g`,
		"any floats":   "SELECT reinterpretAsFloat64(sipHash64(number)) AS a, reinterpretAsFloat32(toUInt32(sipHash64(number) % 4294967296)) AS b FROM numbers(6000)",
		"round floats": "SELECT round((toInt64(sipHash64(number)) % 100000000000) / pow(10, number % 20), number % 12) AS a, a::Float32 AS b, number / 100 AS c FROM numbers(6000)",
		"texts": `SELECT arrayJoin(['', 'plain', 'a/b\\c"d\b\f\n\r\t\0\x01\x1f\x7f', 'é𝒳', '=1+1', '+1', '@x', '-1', '\t=1', '＝1', '|*_\\<>[]', 'true', 'null', '12', 'a, b', '\u202e', char(0xe2, 0x80, 0xa8), concat('12345678', char(0xe2, 0x80, 0xa9, 0xe2, 0x82, 0xac)),
		char(0xff, 0xfe, 65, 0xe2, 0x82, 66, 0xed, 0xa0, 0x80, 0xc0, 0xaf), char(0xf0, 0x9f), concat(char(0xe2, 0x80), '"'), char(0x80), concat('é', char(0xc3))]) AS a,
		a::LowCardinality(String) AS b, nullIf(a, '') AS c, [a, 'x'] AS d, toFixedString(leftPad(substring(a, 1, 4), 4, ' '), 4) AS e, map(a, b) AS f, (a, c) AS g, [[a], []] AS h, nullIf(b, 'plain') AS i, substring(a, 1, 3)::LowCardinality(FixedString(5)) AS j`,
		"any bytes": "SELECT unhex(hex(concat(reinterpretAsString(sipHash64(number)), reinterpretAsString(sipHash64(number, 1))))) AS a, [a] AS b, toFixedString(reinterpretAsString(sipHash64(number, 2)), 8) AS c FROM numbers(6000)",
		"times": `SELECT arrayJoin([0, 1, 59, 951782400, 951868799, 1630000000, 4107542399, 4294967295])::UInt32 AS n, toDateTime(n, 'UTC') AS a, toDateTime(n, 'Asia/Tokyo') AS b, fromUnixTimestamp64Milli(n::Int64 * 1000 + 7, 'UTC') AS c, toDateTime64(n, 0, 'UTC') AS d,
		toDateTime64(a, 9, 'Europe/Berlin') AS e, toDate(a) AS f, toDate32(a) AS g, [a] AS h, [c, NULL] AS i, map(f, c) AS j, a::Nullable(DateTime('UTC')) AS k, toDateTime(n) AS l, f::LowCardinality(Date) AS m SETTINGS allow_suspicious_low_cardinality_types = 1`,
		"early and late times": `SELECT fromUnixTimestamp64Micro(toInt64(-2208988800000000) + number * 63113904123457, 'UTC') AS a, toDate32(toDate32('1900-01-01') + number * 731) AS b, toDate(number * 327) AS c,
		toDateTime64(a, 3, 'UTC') AS d FROM numbers(200)`,
		"truths and names": `SELECT arrayJoin([true, false]) AS a, [a] AS b, (a, NULL) AS c, if(a, 'x', 'y\'z')::Enum8('x' = 1, 'y\'z' = -2) AS d, d::String::Enum16('x' = 300, 'y\'z' = -300) AS e, [d] AS f, map(d, a) AS g, nullIf(a, true) AS h`,
		"structures":       "SELECT (1, 'a')::Tuple(x UInt8, `y z` String) AS a, tuple(1) AS b, ((1, 'b'), [(2, 'c\"')]) AS c, map(1::UInt8, map('k', [1, NULL])) AS d, map()::Map(String, UInt8) AS e, [] AS f, NULL AS g, [NULL, NULL] AS h, [map('a', (1, 2))] AS i, map('a', 1)::Map(LowCardinality(String), Int8) AS j",
		"aggregates":       "SELECT max(v) AS a, any(s) AS b FROM (SELECT * FROM aggregates) GROUP BY k",
		"stored":           "SELECT * FROM aggregates FINAL ORDER BY k",
		"names":            "SELECT 1 AS `a\"b`, 2 AS `=x`, 3 AS `é\\n`, 4 AS ` `, '' AS `|*`",
		"no rows":          "SELECT 1 AS a, 'x' AS b WHERE 0",
		"others":           "SELECT 1.50::Decimal(9, 2) AS a, toUUID('0b0e7a1c-5d2f-4c3b-9a8d-7e6f5a4b3c2d') AS b, toIPv6('::ffff:1.2.3.4') AS c, INTERVAL 3 DAY AS d, 5::Dynamic AS e, (1.5, 2.5)::Point AS f, map(1.5, 'x') AS g",
		"others empty":     "SELECT 1.50::Decimal(9, 2) AS a WHERE 0",
		"totals":           "SELECT number % 2 AS a, count() AS n FROM numbers(5) GROUP BY a WITH TOTALS ORDER BY a",
		"no result":        "SET max_threads = 1",
		"not select":       "SHOW TABLES FROM system LIKE 'one'",
	}
}

// TestAsTheEnginePrints guards that what is made here of binary rows is, to the byte, what is made of the JSON that the
// engine prints.
func TestAsTheEnginePrints(t *testing.T) {
	conn := connect(t)
	for _, sql := range []string{
		"CREATE TABLE aggregates (k UInt8, v SimpleAggregateFunction(max, UInt8), s SimpleAggregateFunction(anyLast, LowCardinality(String)), l SimpleAggregateFunction(groupUniqArrayArray, Array(String)), t SimpleAggregateFunction(min, DateTime64(3, 'UTC'))) ENGINE = AggregatingMergeTree ORDER BY k",
		"INSERT INTO aggregates VALUES (1, 2, 'a', ['b\"'], '2021-08-24 10:00:00.5'), (2, 255, '', [], '2299-01-01 00:00:00')",
	} {
		if err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	for name, sql := range everyType() {
		t.Run(name, func(t *testing.T) {
			for _, out := range []queries.Output{
				{Format: queries.NDJSON}, {Format: queries.JSON}, {Format: queries.CSV}, {Format: queries.CSV, SpreadsheetSafe: true},
				{Format: queries.TSV}, {Format: queries.TSV, SpreadsheetSafe: true}, {Format: queries.Table}, {Format: queries.Markdown},
			} {
				var made, printed bytes.Buffer
				var of, ofPrinted queries.Told
				out.Told = &of
				if err := out.Write(t.Context(), conn, &made, sql); err != nil {
					t.Fatalf("%s: %v", out.Format, err)
				}
				out.Told = &ofPrinted
				if err := out.Write(t.Context(), conn, &printed, sql+" -- which output_format prints"); err != nil {
					t.Fatalf("%s: %v", out.Format, err)
				}
				if diff := cmp.Diff(lines(printed), lines(made)); diff != "" {
					t.Errorf("%s (-printed +made):\n%s", out.Format, diff)
				}
				if diff := cmp.Diff(ofPrinted, of); diff != "" && out.Format != queries.NDJSON && out.Format != queries.JSON {
					t.Errorf("%s tells (-printed +made):\n%s", out.Format, diff)
				}
			}
		})
	}
}

// lines cuts a text, so that a difference of a long one can be read.
func lines(b bytes.Buffer) []string {
	var all []string
	for line := range bytes.Lines(b.Bytes()) {
		all = append(all, string(line))
	}
	return all
}

// TestOwnOutputSettings guards that the settings of a query's own for how the engine prints hold.
func TestOwnOutputSettings(t *testing.T) {
	var got bytes.Buffer
	err := queries.Write(t.Context(), connect(t), &got, queries.NDJSON, "SELECT 1::UInt64 AS n SETTINGS output_format_json_quote_64bit_integers = 1")
	if want := "{\"n\":\"1\"}\n"; err != nil || got.String() != want {
		t.Errorf("got %q, %v, want %q", got.String(), err, want)
	}
}
