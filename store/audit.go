package store

import (
	"context"
	"fmt"

	"github.com/ClickHouse/clickhouse-go/v2"

	"markwatch/scanner"
)

// MarkIndexes are the indexes below end of a log's stored entries that are mark
// certificates, in order, and how many there are. Of more than most, those are
// given that a number decides, the same each time.
func (s *Store) MarkIndexes(ctx context.Context, log scanner.Log, end, most, seed uint64) (indexes []uint64, all uint64, err error) {
	id := clickhouse.Named("id", logID(log))
	row := s.conn.QueryRow(ctx, "SELECT uniqExact(leaf_index) FROM log_entries WHERE log_id = {id:String} AND leaf_index < {end:UInt64}", id, clickhouse.Named("end", end))
	if err := row.Scan(&all); err != nil {
		return nil, 0, fmt.Errorf("reading which entries of %s are marks: %w", log.Name, err)
	}
	rows, err := s.conn.Query(ctx, `SELECT leaf_index FROM (
			SELECT DISTINCT leaf_index FROM log_entries WHERE log_id = {id:String} AND leaf_index < {end:UInt64}
			ORDER BY cityHash64(leaf_index, {seed:UInt64}), leaf_index LIMIT {most:UInt64}
		) ORDER BY leaf_index`, id, clickhouse.Named("end", end), clickhouse.Named("seed", seed), clickhouse.Named("most", most))
	if err != nil {
		return nil, 0, fmt.Errorf("reading which entries of %s are marks: %w", log.Name, err)
	}
	defer rows.Close()
	for rows.Next() {
		var index uint64
		if err := rows.Scan(&index); err != nil {
			return nil, 0, fmt.Errorf("reading which entries of %s are marks: %w", log.Name, err)
		}
		indexes = append(indexes, index)
	}
	return indexes, all, rows.Err()
}

// EntriesBetween are the stored entries of a log in [start, end), by index.
func (s *Store) EntriesBetween(ctx context.Context, log scanner.Log, start, end uint64) (map[uint64]LogEntry, error) {
	found, err := s.entries(ctx, "log_id = {id:String} AND leaf_index >= {start:UInt64} AND leaf_index < {end:UInt64}",
		clickhouse.Named("id", logID(log)), clickhouse.Named("start", start), clickhouse.Named("end", end))
	if err != nil {
		return nil, fmt.Errorf("reading the stored entries of %s from %d to %d: %w", log.Name, start, end, err)
	}
	entries := make(map[uint64]LogEntry, len(found))
	for _, e := range found {
		entries[e.Index] = e
	}
	return entries, nil
}

// ReadHead is the largest tree head of a log whose entries are all stored; nil
// if there is none.
func (s *Store) ReadHead(ctx context.Context, log scanner.Log) (*scanner.TreeHead, error) {
	return s.HeadOver(ctx, logID(log), 0, false)
}

// LeavesOf counts the leaf hashes below size that are stored of a log, and those
// that are missing between the first and the last of them. A log of which they
// were kept only for a time has none missing.
func (s *Store) LeavesOf(ctx context.Context, log scanner.Log, size uint64) (kept, missing uint64, err error) {
	row := s.conn.QueryRow(ctx, `SELECT uniqExact(leaf_index) AS kept, toUInt64(if(kept = 0, 0, max(leaf_index) - min(leaf_index) + 1 - kept))
		FROM leaf_hashes WHERE log_id = {id:String} AND leaf_index < {size:UInt64}`,
		clickhouse.Named("id", logID(log)), clickhouse.Named("size", size))
	if err := row.Scan(&kept, &missing); err != nil {
		return 0, 0, fmt.Errorf("counting the leaf hashes of %s: %w", log.Name, err)
	}
	return kept, missing, nil
}

// IsMalformed tells whether an entry of a log is stored as one that can't be read.
func (s *Store) IsMalformed(ctx context.Context, log scanner.Log, index uint64) (bool, error) {
	var n uint64
	row := s.conn.QueryRow(ctx, "SELECT count() FROM malformed_entries WHERE log_id = {id:String} AND leaf_index = {index:UInt64}",
		clickhouse.Named("id", logID(log)), clickhouse.Named("index", index))
	if err := row.Scan(&n); err != nil {
		return false, fmt.Errorf("reading whether entry %d of %s is malformed: %w", index, log.Name, err)
	}
	return n > 0, nil
}
