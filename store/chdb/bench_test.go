package chdb_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// BenchmarkInsert stores rows with a logo of 1.8 KB each, in batches of 1,000, with and without waiting for the disk.
func BenchmarkInsert(b *testing.B) {
	for name, settings := range map[string]string{"synced": " SETTINGS fsync_after_insert = 1, fsync_part_directory = 1", "unsynced": ""} {
		b.Run(name, func(b *testing.B) {
			_, conn := start(b)
			exec(b, conn, "CREATE TABLE marks (id FixedString(64), logo String, n UInt64) ENGINE = ReplacingMergeTree ORDER BY id"+settings)
			logo := strings.Repeat("<path d='M0 0'/>\n", 106)
			rows := 0
			for b.Loop() {
				batch, err := conn.PrepareBatch(context.Background(), "INSERT INTO marks")
				if err != nil {
					b.Fatal(err)
				}
				for range 1000 {
					if err := batch.Append(fmt.Sprintf("%064x", rows), logo, uint64(rows)); err != nil {
						b.Fatal(err)
					}
					rows++
				}
				if err := batch.Send(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// BenchmarkPointQuery reads one row by its key out of 100,000.
func BenchmarkPointQuery(b *testing.B) {
	_, conn := start(b)
	exec(b, conn, "CREATE TABLE marks (id FixedString(64), n UInt64) ENGINE = ReplacingMergeTree ORDER BY id",
		"INSERT INTO marks SELECT leftPad(toString(number), 64, '0'), number FROM numbers(100000)")
	i := 0
	for b.Loop() {
		if n := value[uint64](b, conn, "SELECT n FROM marks FINAL WHERE id = {id:String}", clickhouse.Named("id", fmt.Sprintf("%064d", i%100000))); n != uint64(i%100000) {
			b.Fatalf("got row %d, want %d", n, i%100000)
		}
		i++
	}
}
