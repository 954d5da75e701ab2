package store

import (
	"context"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// LogList is a copy of a log list.
type LogList struct {
	Location       string // where it comes from, without a password
	Fetched        time.Time
	ETag, Modified string // by which its server knows this copy
	Text           []byte
	Signature      []byte // nil where none was asked for
}

// logListRow is a row of log_lists.
type logListRow struct {
	Location  string    `ch:"location"`
	Version   uint64    `ch:"version"`
	Fetched   time.Time `ch:"fetched_at"`
	ETag      string    `ch:"etag"`
	Modified  string    `ch:"modified"`
	Text      []byte    `ch:"text"`
	Signature []byte    `ch:"signature"`
}

// SaveLogList keeps a copy of a log list in place of the one before.
func (s *Store) SaveLogList(ctx context.Context, l LogList) error {
	row := &logListRow{l.Location, uint64(time.Now().UnixNano()), storable(l.Fetched), l.ETag, l.Modified, l.Text, l.Signature}
	if err := insert(ctx, s, "log_lists", []*logListRow{row}); err != nil {
		return fmt.Errorf("keeping the log list %s: %w", l.Location, err)
	}
	return nil
}

// LogList is the copy that is kept of a log list; nil if there is none.
func (s *Store) LogList(ctx context.Context, location string) (*LogList, error) {
	rows, err := s.conn.Query(ctx, "SELECT * FROM log_lists FINAL WHERE location = {location:String}", clickhouse.Named("location", location))
	if err != nil {
		return nil, fmt.Errorf("reading the kept log list %s: %w", location, err)
	}
	defer rows.Close()
	if !rows.Next() {
		return nil, rows.Err()
	}
	var r logListRow
	if err := rows.ScanStruct(&r); err != nil {
		return nil, fmt.Errorf("reading the kept log list %s: %w", location, err)
	}
	return &LogList{r.Location, r.Fetched.UTC(), r.ETag, r.Modified, r.Text, r.Signature}, rows.Err()
}
