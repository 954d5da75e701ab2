package chdb

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strconv"
)

const (
	// defaultMaxMemory leaves room for the rest of the process on a machine with 2 GB.
	defaultMaxMemory = 1 << 30
	// defaultMaxThreads is enough for a store of this size; each thread costs memory in every query.
	defaultMaxThreads = 4
)

// limits are what the engine may use.
type limits struct {
	memory  uint64 // bytes
	threads int    // for one query
}

func newLimits(opts Options) limits {
	l := limits{memory: opts.MaxMemory, threads: opts.Threads}
	if l.memory == 0 {
		l.memory = defaultMaxMemory
	}
	if l.threads <= 0 {
		l.threads = min(runtime.GOMAXPROCS(0), defaultMaxThreads)
	}
	return l
}

// arguments are the engine's command line. The configuration file is named so that the engine doesn't look for one: a config.xml
// in the working directory, or one for clickhouse-local, would otherwise become its own.
func arguments(dir string) []string {
	return []string{"markwatch", "--path=" + filepath.Join(dir, engineDir), "--config-file=" + filepath.Join(dir, configFile)}
}

// option is a server setting of ClickHouse.
type option struct {
	name  string
	value uint64
}

// server are the settings of the engine as a whole. ClickHouse's defaults are for a server with nothing else on it; the
// store is a few hundred MB, so its caches and pools may be small.
func (l limits) server() []option {
	return []option{
		// All that the engine may allocate. A query beyond it fails with MEMORY_LIMIT_EXCEEDED, not the process.
		{"max_server_memory_usage", l.memory},
		// Where the granules of a column begin: 8 bytes for each 8,192 rows and column.
		{"mark_cache_size", 32 << 20},
		{"index_mark_cache_size", 4 << 20},
		// Decompressed columns: cheap to make again, and the kernel caches the files.
		{"uncompressed_cache_size", 0},
		{"index_uncompressed_cache_size", 0},
		{"primary_index_cache_size", 16 << 20},
		{"query_condition_cache_size", 8 << 20},
		{"mmap_cache_size", 0},
		// Machine code of expressions: see compile_expressions in settings.
		{"compiled_expression_cache_size", 1 << 20},
		// Merges: two at a time keep up with what one scanner writes; each holds buffers for every column.
		{"background_pool_size", 2},
		{"background_merges_mutations_concurrency_ratio", 1},
		{"background_common_pool_size", 2},
		{"background_schedule_pool_size", 4},
		{"background_buffer_flush_schedule_pool_size", 1},
		// For clusters and several disks, which an embedded store has not.
		{"background_move_pool_size", 1},
		{"background_fetches_pool_size", 1},
		{"background_message_broker_schedule_pool_size", 1},
		{"background_distributed_schedule_pool_size", 1},
		// Idle threads are let go rather than kept with their stacks and arenas.
		{"max_thread_pool_free_size", 16},
		{"max_io_thread_pool_size", 16},
		{"max_io_thread_pool_free_size", 0},
	}
}

// tables are the settings of every MergeTree table that does not set its own.
func tables() []option {
	return []option{
		// An acknowledged insert is on the disk, so the loss of power can't take the entries that a stored position vouches for.
		{"fsync_after_insert", 1},
		{"fsync_part_directory", 1},
		// Merges go column by column and in blocks of a MB: with whole rows, of which some hold logos and certificates, a merge
		// of some ten parts takes hundreds of MB.
		{"vertical_merge_algorithm_min_rows_to_activate", 1},
		{"vertical_merge_algorithm_min_columns_to_activate", 1},
		{"merge_max_block_size_bytes", 1 << 20},
		// What AggregatingMergeTree merges it merges all columns at once: with the default of 1 MB a hundred streams and their
		// buffers, for what is written and for each part that is read, take more than all memory at half a million rows.
		{"max_compress_block_size", 64 << 10},
	}
}

// configuration is the engine's configuration file.
func (l limits) configuration() []byte {
	// On a terminal the library would write its own log over ours; what goes wrong comes back as the error of a request.
	text := []byte("<clickhouse>\n  <logger><level>none</level><console>0</console></logger>\n")
	for _, o := range l.server() {
		text = fmt.Appendf(text, "  <%[1]s>%[2]d</%[1]s>\n", o.name, o.value)
	}
	text = append(text, "  <merge_tree>\n"...)
	for _, o := range tables() {
		text = fmt.Appendf(text, "    <%[1]s>%[2]d</%[1]s>\n", o.name, o.value)
	}
	return append(text, "  </merge_tree>\n</clickhouse>\n"...)
}

// settings are the query settings that every request begins with; its own come over them.
func (l limits) settings() map[string]string {
	return map[string]string{
		"max_threads": strconv.Itoa(l.threads),
		// As on a server: text without SELECT is not a query.
		"implicit_select": "0",
		// Compiling takes longer than any query of a store of this size saves, and LLVM keeps what it takes.
		"compile_expressions":           "0",
		"compile_aggregate_expressions": "0",
		"compile_sort_description":      "0",
		// A batch is stored when the insert returns, whatever the client's settings for a server are.
		"async_insert": "0",
		// Blocks of a stream are handed over one by one; none is larger than this where rows are large.
		"preferred_block_size_bytes": strconv.Itoa(1 << 20),
	}
}
