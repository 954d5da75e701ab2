package chdb_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"markwatch/store/chdb"
)

// anonymousMB is the anonymous memory of process pid, "self" for this one.
func anonymousMB(pid string) (int, error) {
	status, err := os.ReadFile("/proc/" + pid + "/status")
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(status), "RssAnon:")
	n, err := strconv.Atoi(strings.Fields(rest + " none")[0])
	return n >> 10, err
}

// backfill inserts rows of 3.6 KB into two tables, as a scanner that has much to catch up with does, and says how much memory
// the process had before and at most.
func backfill(conn driver.Conn) error {
	ctx := context.Background()
	idle, err := anonymousMB("self")
	if err != nil {
		return err
	}
	peak := idle
	for _, table := range []string{"a", "b"} {
		err := conn.Exec(ctx, "CREATE TABLE "+table+` (id FixedString(64), at DateTime64(3, 'UTC'), org LowCardinality(String), names Array(String),
			svg String, der String, c1 String, c2 String, c3 String, c4 String, c5 String, c6 String) ENGINE = ReplacingMergeTree ORDER BY id`)
		if err != nil {
			return err
		}
	}
	for round := range 40 {
		query := fmt.Sprintf(`INSERT INTO %s SELECT leftPad(toString(number + %d), 64, '0'), now64(3), 'org' || toString(number %% 100), ['a.example', 'b.example'],
			randomPrintableASCII(1800), randomPrintableASCII(1800), '1', '2', '3', '4', '5', '6' FROM numbers(2000)`, []string{"a", "b"}[round%2], round*2000)
		if err := conn.Exec(ctx, query); err != nil {
			return err
		}
		now, err := anonymousMB("self")
		if err != nil {
			return err
		}
		peak = max(peak, now)
	}
	fmt.Println("memory", idle, peak)
	return nil
}

func TestMemoryOfBackfill(t *testing.T) {
	requireLibrary(t)
	if testing.Short() {
		t.Skip("takes seconds")
	}
	if _, err := anonymousMB("self"); err != nil {
		t.Skipf("the memory of a process is only read on Linux: %v", err)
	}
	p := spawn(t, "backfill", t.TempDir())
	p.hear(t, "owner")
	var idle, peak int
	if _, err := fmt.Sscan(p.hear(t, "memory"), &idle, &peak); err != nil {
		t.Fatal(err)
	}
	t.Logf("idle %d MB, at most %d MB", idle, peak)
	if idle > 80 || peak > 350 {
		t.Errorf("anonymous memory: idle %d MB, at most %d MB in a backfill; want at most 80 and 350", idle, peak)
	}
}

func TestEngineSettings(t *testing.T) {
	requireLibrary(t)
	library, err := chdb.FindLibrary()
	if err != nil {
		t.Fatal(err)
	}
	// A configuration file that lies about is not the engine's.
	t.Chdir(t.TempDir())
	if err := os.WriteFile("config.xml", []byte("<clickhouse><broken>"), 0o600); err != nil {
		t.Fatal(err)
	}
	engine, err := chdb.Open(context.Background(), "store", chdb.Options{Library: library, MaxMemory: 600 << 20})
	if err != nil {
		t.Fatalf("opening: %v", err)
	}
	defer engine.Close()
	conn := connect(t, engine)
	for query, want := range map[string]string{
		"SELECT value FROM system.server_settings WHERE name = 'max_server_memory_usage'":                                                               strconv.Itoa(600 << 20),
		"SELECT value FROM system.server_settings WHERE name = 'background_pool_size'":                                                                  "2",
		"SELECT arrayStringConcat(groupArray(value), ',') FROM system.merge_tree_settings WHERE name IN ('fsync_after_insert', 'fsync_part_directory')": "1,1",
	} {
		if got := value[string](t, conn, query); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
}
