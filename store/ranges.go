package store

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"markwatch/scanner"
)

// Range is what CommitRange writes: a proved range of a log, read.
type Range struct {
	Scan      scanner.Range
	Marks     []Mark
	Malformed []Malformed
	Owner     string // who read it
}

// rangeRow is a row of ranges.
type rangeRow struct {
	LogID    string    `ch:"log_id"`
	Start    uint64    `ch:"start"`
	Size     uint64    `ch:"size"`
	Root     string    `ch:"root"`
	Log      string    `ch:"log"`
	TreeSize uint64    `ch:"tree_size"`
	TreeRoot string    `ch:"tree_root"`
	Owner    string    `ch:"owner"`
	DoneAt   time.Time `ch:"done_at"`
}

// CommitRange writes what a range's entries say, the tree head under which it is
// proved, and when all of it is written, that the range is done. The log's
// position stays: joining moves it. It may be repeated, as Commit may.
func (s *Store) CommitRange(ctx context.Context, r Range) error {
	scan := r.Scan
	if err := s.commitRange(ctx, r); err != nil {
		return fmt.Errorf("storing entries %d to %d of %s: %w", scan.Start, scan.End, scan.Log.Name, err)
	}
	return nil
}

// commitRange is CommitRange without its name.
func (s *Store) commitRange(ctx context.Context, r Range) error {
	scan := r.Scan
	asBatch := scanner.Batch{Log: scan.Log, Start: scan.Start, End: scan.End, LeafHashes: scan.LeafHashes}
	head := sha256.Sum256(append(scanner.SignedBytes(scan.Head), scan.Head.LogID[:]...))
	if !s.logs.has(head) { // thousands of ranges are proved under one
		asBatch.Heads = []scanner.TreeHead{scan.Head}
	}
	if err := s.writeBatch(ctx, Batch{Scan: asBatch, Marks: r.Marks, Malformed: r.Malformed}); err != nil {
		return err
	}
	s.logs.add(head) // only now: no range may be stored before its tree head
	return insert(ctx, s, "ranges", []*rangeRow{{
		LogID: logID(scan.Log), Start: scan.Start, Size: scan.End - scan.Start, Root: hexOf(scan.Root), Log: scan.Log.Name,
		TreeSize: scan.Head.Size, TreeRoot: hexOf(scan.Head.Root), Owner: r.Owner, DoneAt: storable(time.Now()),
	}})
}

// has tells whether sum was added.
func (f *fingerprints) has(sum [32]byte) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.seen[sum]
}

// Ranges are a log's stored ranges that begin in [start, end), in order; of those
// that begin together the largest comes first.
func (s *Store) Ranges(ctx context.Context, log scanner.Log, start, end uint64) ([]scanner.Subtree, error) {
	rows, err := s.conn.Query(ctx, `SELECT start, size, root FROM ranges FINAL
		WHERE log_id = {id:String} AND start >= {start:UInt64} AND start < {end:UInt64} ORDER BY start, size DESC`,
		clickhouse.Named("id", logID(log)), clickhouse.Named("start", start), clickhouse.Named("end", end))
	if err != nil {
		return nil, fmt.Errorf("reading which ranges of %s are done: %w", log.Name, err)
	}
	defer rows.Close()
	var out []scanner.Subtree
	for rows.Next() {
		var r scanner.Subtree
		var size uint64
		var root string
		if err := rows.Scan(&r.Start, &size, &root); err != nil {
			return nil, fmt.Errorf("reading which ranges of %s are done: %w", log.Name, err)
		}
		r.End = r.Start + size
		if r.Root, err = hashOf(root); err != nil {
			return nil, fmt.Errorf("the stored range [%d, %d) of %s: %w", r.Start, r.End, log.Name, err)
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// RangeHeads are the tree heads under which a log's ranges from start on were
// proved, at most a hundred of them, the largest first.
func (s *Store) RangeHeads(ctx context.Context, log scanner.Log, start uint64) ([]scanner.TreeHead, error) {
	rows, err := s.conn.Query(ctx, `SELECT tree_size, root_hash, timestamp, signature, raw FROM tree_heads FINAL
		WHERE log_id = {id:String} AND (tree_size, root_hash) IN (SELECT tree_size, tree_root FROM ranges WHERE log_id = {id:String} AND start >= {start:UInt64})
		ORDER BY tree_size DESC, root_hash LIMIT 100`,
		clickhouse.Named("id", logID(log)), clickhouse.Named("start", start))
	if err != nil {
		return nil, fmt.Errorf("reading the tree heads of the ranges of %s: %w", log.Name, err)
	}
	defer rows.Close()
	var out []scanner.TreeHead
	for rows.Next() {
		h := scanner.TreeHead{LogID: log.ID()}
		var root, signature string
		if err := rows.Scan(&h.Size, &root, &h.Timestamp, &signature, &h.Raw); err != nil {
			return nil, fmt.Errorf("reading the tree heads of the ranges of %s: %w", log.Name, err)
		}
		if h.Root, err = hashOf(root); err != nil {
			return nil, fmt.Errorf("a stored tree head of %s: %w", log.Name, err)
		}
		if h.Signature, err = base64.StdEncoding.DecodeString(signature); err != nil {
			return nil, fmt.Errorf("a stored tree head of %s: %w", log.Name, err)
		}
		out = append(out, h)
	}
	return out, rows.Err()
}

// Claimed are the pieces of work with this prefix that somebody has claimed now,
// each with whose it is.
func (s *Store) Claimed(ctx context.Context, prefix string) (map[string]string, error) {
	rows, err := s.conn.Query(ctx, `SELECT work, argMin(owner, (begun, owner)) FROM claims FINAL
		WHERE startsWith(work, {prefix:String}) AND ends_at > {now:DateTime64(3)} GROUP BY work`,
		clickhouse.Named("prefix", prefix), clickhouse.DateNamed("now", time.Now().UTC(), clickhouse.MilliSeconds))
	if err != nil {
		return nil, fmt.Errorf("reading what is claimed of %s: %w", prefix, err)
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var work, owner string
		if err := rows.Scan(&work, &owner); err != nil {
			return nil, fmt.Errorf("reading what is claimed of %s: %w", prefix, err)
		}
		out[work] = owner
	}
	return out, rows.Err()
}

// Stopped tells whether a log is stopped, and why.
func (s *Store) Stopped(ctx context.Context, log scanner.Log) (reason string, stopped bool, err error) {
	err = s.conn.QueryRow(ctx, "SELECT any(state_detail), count() > 0 FROM (SELECT state, state_detail FROM positions FINAL WHERE log_id = {id:String}) WHERE state = {state:String}",
		clickhouse.Named("id", logID(log)), clickhouse.Named("state", StateStopped)).Scan(&reason, &stopped)
	if err != nil {
		return "", false, fmt.Errorf("reading whether %s is stopped: %w", log.Name, err)
	}
	return reason, stopped, nil
}
