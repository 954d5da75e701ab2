package store

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"markwatch/scanner"
)

// addLog chooses the tree head of a log, and writes its position.
func (sn *Snapshot) addLog(ctx context.Context, state LogState) error {
	l := SnapshotLog{ID: state.ID, State: state.State, Log: scanner.Log{Name: state.Name, URL: state.URL, Type: scanner.Type(state.Kind)}}
	if state.Detail != "" {
		l.State += ": " + state.Detail
	}
	known, err := sn.source.Log(ctx, state.ID)
	if err != nil {
		return err
	}
	if known != nil {
		l.Log.Key, l.Log.MMD = known.Key, known.MMD
	}
	var covered uint64
	if err := sn.copy.conn.QueryRow(ctx, `SELECT
		(SELECT count() FROM log_entries WHERE log_id = {id:String}), (SELECT count() FROM malformed_entries WHERE log_id = {id:String}),
		greatest((SELECT max(leaf_index + 1) FROM log_entries WHERE log_id = {id:String}), (SELECT max(leaf_index + 1) FROM malformed_entries WHERE log_id = {id:String}))`,
		clickhouse.Named("id", state.ID)).Scan(&l.Marks, &l.Malformed, &covered); err != nil {
		return fmt.Errorf("counting the entries of %s: %w", state.Name, err)
	}
	if l.Head, err = sn.headOver(ctx, state, covered); err != nil {
		return err
	}
	l.Read = state.Next
	row := &positionRow{LogID: state.ID, Version: 1, Log: state.Name, Kind: state.Kind, URL: state.URL, State: state.State, StateDetail: state.Detail,
		TreeTimestamp: time.Unix(0, 0), VerifiedAt: time.Unix(0, 0)}
	if l.Head != nil {
		l.Read = min(state.Next, l.Head.Size)
		row.TreeSize, row.RootHash, row.TreeTimestamp, row.VerifiedAt = l.Head.Size, hex.EncodeToString(l.Head.Root[:]), l.Head.Timestamp, l.Head.Timestamp
	}
	row.NextIndex = l.Read
	sn.Logs = append(sn.Logs, l)
	return insert(ctx, sn.copy, "positions", []*positionRow{row})
}

// headOver finds the tree head for a log of which the snapshot has entries up
// to the one before covered.
func (sn *Snapshot) headOver(ctx context.Context, state LogState, covered uint64) (*scanner.TreeHead, error) {
	rows, err := sn.source.conn.Query(ctx, `SELECT tree_size, root_hash, timestamp, signature, raw, timestamp <= {as_of:DateTime64(3, 'UTC')} AND tree_size <= {next:UInt64} AS before
		FROM tree_heads WHERE log_id = {id:String} AND tree_size >= {covered:UInt64}
		ORDER BY before DESC, if(before, -toInt64(tree_size), toInt64(tree_size)), timestamp, root_hash LIMIT 1`,
		clickhouse.Named("id", state.ID), clickhouse.Named("covered", covered), clickhouse.Named("next", state.Next),
		clickhouse.Named("as_of", sn.AsOf.Format("2006-01-02 15:04:05.000")))
	if err != nil {
		return nil, fmt.Errorf("reading the tree heads of %s: %w", state.Name, err)
	}
	defer rows.Close()
	if !rows.Next() {
		return nil, rows.Err()
	}
	h := &scanner.TreeHead{}
	var root, signature string
	var before bool
	if err := rows.Scan(&h.Size, &root, &h.Timestamp, &signature, &h.Raw, &before); err != nil {
		return nil, fmt.Errorf("reading a tree head of %s: %w", state.Name, err)
	}
	id, idErr := base64.StdEncoding.DecodeString(state.ID)
	h.Root, err = hashOf(root)
	if err = errors.Join(err, idErr); err != nil || len(id) != len(h.LogID) {
		return nil, fmt.Errorf("reading a tree head of %s: %w", state.Name, errors.Join(err, errors.New("the log's id or the root is no hash")))
	}
	h.LogID, h.Timestamp = scanner.Hash(id), h.Timestamp.UTC()
	if h.Signature, err = base64.StdEncoding.DecodeString(signature); err != nil {
		return nil, fmt.Errorf("reading a tree head of %s: %w", state.Name, err)
	}
	return h, nil
}
