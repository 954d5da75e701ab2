package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"markwatch/scanner"
)

// The states of a log.
const (
	StateFollowing = "following" // read, or being read
	StateStopped   = "stopped"   // contradicted itself, or shows heads that don't verify; a person has to decide
	StateEnded     = "ended"     // takes nothing more and is read to its end
)

// StoppedError says that a log is stopped, by this process or another, and that
// its position moves no more until a person decides.
type StoppedError struct{ Log, Reason string }

// Error says why, and what to do.
func (e *StoppedError) Error() string {
	return fmt.Sprintf("the log was stopped: %s; when a person has looked at it: markwatch logs resume %s", e.Reason, e.Log)
}

// stopLead puts the version of a stop, in nanoseconds, ahead of that of a position
// that another process, whose clock may be fast, is just writing and had computed
// before it could know of the stop.
const stopLead = uint64(time.Minute)

// savePosition appends a version of a log's position. A log that is stopped stays
// so: a *StoppedError.
func (s *Store) savePosition(ctx context.Context, log scanner.Log, p scanner.Position, state, detail string) error {
	newest, err := s.newestPosition(ctx, logID(log))
	if err != nil {
		return err
	}
	version := newest.next()
	switch {
	case state == StateStopped:
		version += stopLead
	case newest.state == StateStopped:
		return &StoppedError{Log: log.Name, Reason: newest.detail}
	}
	return s.writePosition(ctx, log, p, state, detail, version, newest.baseline)
}

func (s *Store) writePosition(ctx context.Context, log scanner.Log, p scanner.Position, state, detail string, version uint64, baseline *uint64) error {
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	if baseline == nil && !p.Head.IsZero() {
		baseline = &p.Head.Size
	}
	row := &positionRow{
		LogID: logID(log), Version: version, Baseline: baseline, Log: log.Name, Kind: string(log.Type), URL: log.URL,
		NextIndex: p.Next, TreeSize: p.Head.Size, TreeTimestamp: storable(p.Head.Timestamp), VerifiedAt: storable(p.Verified),
		State: state, StateDetail: detail, Position: string(text),
	}
	if !p.Head.IsZero() {
		row.RootHash = hexOf(p.Head.Root)
	}
	return insert(ctx, s, "positions", []*positionRow{row})
}

// newestPosition is what the next version of a log's position follows.
type newestPosition struct {
	version       uint64
	baseline      *uint64 // which no later head moves; nil before the first
	state, detail string
}

// next is greater than every version of the log's position, also where the clock
// was put back: else the log that is stopped now would go on.
func (n newestPosition) next() uint64 { return max(n.version+1, uint64(time.Now().UnixNano())) }

func (s *Store) newestPosition(ctx context.Context, id string) (newestPosition, error) {
	var n newestPosition
	row := s.conn.QueryRow(ctx, "SELECT max(version), min(baseline), argMax(state, version), argMax(state_detail, version) FROM positions WHERE log_id = {id:String} SETTINGS final = 0",
		clickhouse.Named("id", id))
	if err := row.Scan(&n.version, &n.baseline, &n.state, &n.detail); err != nil {
		return n, fmt.Errorf("reading the newest position: %w", err)
	}
	return n, nil
}

// Position is how far a log is read; the zero Position for one never read.
func (s *Store) Position(ctx context.Context, log scanner.Log) (scanner.Position, error) {
	var p scanner.Position
	var text string
	row := s.conn.QueryRow(ctx, "SELECT position FROM positions FINAL WHERE log_id = {id:String}", clickhouse.Named("id", logID(log)))
	switch err := row.Scan(&text); {
	case errors.Is(err, sql.ErrNoRows):
		return p, nil
	case err != nil:
		return p, fmt.Errorf("reading the stored position of %s: %w", log.Name, err)
	}
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return p, fmt.Errorf("reading the stored position of %s: %w", log.Name, err)
	}
	return p, nil
}

// StopLog records that a log is not to be read on, and why.
func (s *Store) StopLog(ctx context.Context, log scanner.Log, reason string) error {
	p, err := s.Position(ctx, log)
	if err != nil {
		return err
	}
	if err := s.savePosition(ctx, log, p, StateStopped, reason); err != nil {
		return fmt.Errorf("recording that %s is stopped: %w", log.Name, err)
	}
	return nil
}

// EndLog records that a log is at its end, and why. One that is stopped stays so.
func (s *Store) EndLog(ctx context.Context, log scanner.Log, why string) error {
	p, err := s.Position(ctx, log)
	if err != nil {
		return err
	}
	err = s.savePosition(ctx, log, p, StateEnded, why)
	var stopped *StoppedError
	if err != nil && !errors.As(err, &stopped) {
		return fmt.Errorf("recording that %s has ended: %w", log.Name, err)
	}
	return nil
}

// ResumeLog lets a stopped log be read on.
func (s *Store) ResumeLog(ctx context.Context, log scanner.Log) error {
	p, err := s.Position(ctx, log)
	if err != nil {
		return err
	}
	newest, err := s.newestPosition(ctx, logID(log))
	if err != nil {
		return err
	}
	return s.writePosition(ctx, log, p, StateFollowing, "", newest.next(), newest.baseline)
}

// LogState is what the store knows of a log.
type LogState struct {
	ID       string // base64
	Name     string
	Kind     string
	URL      string
	Next     uint64    // index of the first entry not yet read
	Size     uint64    // of the largest verified tree head
	Head     time.Time // timestamp of that head; the epoch if there is none
	Verified time.Time // when a head last verified; the epoch if never
	State    string    // StateFollowing, StateStopped or StateEnded
	Detail   string    // why it is stopped or has ended
	Marks    uint64    // entries that are mark certificates
	Broken   uint64    // entries that claim to be one and can't be read
}

const logsQuery = `
SELECT p.log_id, p.log, p.kind, p.url, p.next_index, p.tree_size, p.tree_timestamp, p.verified_at, p.state, p.state_detail,
       e.entries AS marks, m.entries AS malformed
FROM positions AS p FINAL
LEFT JOIN (SELECT log_id, count() AS entries FROM log_entries FINAL GROUP BY log_id) AS e ON e.log_id = p.log_id
LEFT JOIN (SELECT log_id, count() AS entries FROM malformed_entries FINAL GROUP BY log_id) AS m ON m.log_id = p.log_id
WHERE {id:String} = '' OR p.log_id = {id:String}
ORDER BY p.log`

// Logs is the state of every log that was ever read, by name.
func (s *Store) Logs(ctx context.Context) ([]LogState, error) {
	return s.logStates(ctx, "")
}

// LogState is the state of one log; nil if it was never read.
func (s *Store) LogState(ctx context.Context, log scanner.Log) (*LogState, error) {
	states, err := s.logStates(ctx, logID(log))
	if err != nil || len(states) == 0 {
		return nil, err
	}
	return &states[0], nil
}

func (s *Store) logStates(ctx context.Context, id string) ([]LogState, error) {
	rows, err := s.conn.Query(ctx, logsQuery, clickhouse.Named("id", id))
	if err != nil {
		return nil, fmt.Errorf("reading the positions of logs: %w", err)
	}
	defer rows.Close()
	var out []LogState
	for rows.Next() {
		var l LogState
		err := rows.Scan(&l.ID, &l.Name, &l.Kind, &l.URL, &l.Next, &l.Size, &l.Head, &l.Verified, &l.State, &l.Detail, &l.Marks, &l.Broken)
		if err != nil {
			return nil, fmt.Errorf("reading the positions of logs: %w", err)
		}
		out = append(out, l)
	}
	return out, rows.Err()
}

// LeafHashes yields the stored leaf hashes of [start, end) of a mark log in
// order; a gap ends it with an error.
func (s *Store) LeafHashes(ctx context.Context, log scanner.Log, start, end uint64) iter.Seq2[scanner.Hash, error] {
	return func(yield func(scanner.Hash, error) bool) {
		rows, err := s.conn.Query(ctx, `SELECT leaf_index, lower(hex(leaf_hash)) FROM leaf_hashes FINAL
			WHERE log_id = {id:String} AND leaf_index >= {start:UInt64} AND leaf_index < {end:UInt64} ORDER BY leaf_index`,
			clickhouse.Named("id", logID(log)), clickhouse.Named("start", start), clickhouse.Named("end", end))
		if err != nil {
			yield(scanner.Hash{}, fmt.Errorf("reading the leaf hashes of %s: %w", log.Name, err))
			return
		}
		defer rows.Close()
		next := start
		for rows.Next() {
			var index uint64
			var text string
			if err := rows.Scan(&index, &text); err != nil {
				yield(scanner.Hash{}, fmt.Errorf("reading the leaf hashes of %s: %w", log.Name, err))
				return
			}
			var hash scanner.Hash
			if _, err := hex.Decode(hash[:], []byte(text)); err != nil || index != next {
				yield(hash, fmt.Errorf("the store has no leaf hash %d of %s", next, log.Name))
				return
			}
			if !yield(hash, nil) {
				return
			}
			next++
		}
		if err := rows.Err(); err != nil || next != end {
			if err == nil {
				err = fmt.Errorf("the store has no leaf hash %d of %s", next, log.Name)
			}
			yield(scanner.Hash{}, err)
		}
	}
}
