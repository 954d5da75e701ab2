package chdb_test

import (
	"context"
	"io"
	"testing"
	"fmt"

	"github.com/ClickHouse/clickhouse-go/v2"
)

func TestSmoke(t *testing.T) {
	_, conn := start(t)
	ctx := context.Background()
	if err := conn.Ping(ctx); err != nil { t.Fatal(err) }
	v, err := conn.ServerVersion()
	fmt.Println(v, err)
	exec(t, conn, "CREATE DATABASE d", "CREATE TABLE d.t (a UInt64, s String) ENGINE = ReplacingMergeTree ORDER BY a SETTINGS fsync_after_insert=1, fsync_part_directory=1")
	b, err := conn.PrepareBatch(ctx, "INSERT INTO d.t (a, s)")
	if err != nil { t.Fatal(err) }
	for i := range 1000 { if err := b.Append(uint64(i), fmt.Sprint("x\x00", i)); err != nil { t.Fatal(err) } }
	if err := b.Send(); err != nil { t.Fatal(err) }
	fmt.Println(value[uint64](t, conn, "SELECT count() FROM d.t WHERE a >= {a:UInt64}", clickhouse.Named("a", "10")))
	for _, f := range []string{"CSVWithNames","JSON","Parquet","JSONEachRow"} {
		r, err := conn.QueryFormat(ctx, f, "SELECT * FROM d.t ORDER BY a LIMIT 3 -- the first")
		if err != nil { t.Fatal(err) }
		x, err := io.ReadAll(r)
		fmt.Printf("%.200q %v\n", x, err)
	}
	rows, err := conn.Query(ctx, "SELECT throwIf(number=500000) FROM numbers(1000000)")
	if err == nil {
	 for rows.Next() {}
	 err = rows.Err()
	}
	fmt.Println("rows", err)
	r, err := conn.QueryFormat(ctx, "CSV", "SELECT throwIf(number=500000) FROM numbers(1000000)")
	x, err := io.ReadAll(r)
	fmt.Println(len(x), err)
	_, err = conn.QueryFormat(ctx, "CSV", "SELEC 1")
	fmt.Println(err)
	err = conn.Exec(ctx, "SELECT nope")
	fmt.Println(err)
}
