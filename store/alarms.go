package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// Alarm is what the operator must know: that markwatch is blind, or that a log
// was caught lying.
type Alarm struct {
	ID       string
	Kind     string
	Subject  string // a log, or a channel
	Text     string // what is wrong, and what to do
	Evidence string // path of a file; "" without one
	Since    time.Time
	Cleared  time.Time // zero while it lasts
}

// alarmRow is a row of alarms.
type alarmRow struct {
	ID       string    `ch:"id"`
	Version  uint64    `ch:"version"`
	Kind     string    `ch:"kind"`
	Subject  string    `ch:"subject"`
	Text     string    `ch:"text"`
	Evidence string    `ch:"evidence"`
	Since    time.Time `ch:"since"`
	Cleared  time.Time `ch:"cleared_at"`
}

// RaiseAlarm records an alarm, unless one of its kind and subject lasts already.
func (s *Store) RaiseAlarm(ctx context.Context, a Alarm) error {
	lasting, err := s.lastingAlarms(ctx, a.Kind, a.Subject)
	if err != nil || len(lasting) > 0 {
		return err
	}
	a.ID = AlarmID(a)
	return s.saveAlarms(ctx, []Alarm{a})
}

// AlarmID is the id that an alarm is stored under.
func AlarmID(a Alarm) string {
	sum := sha256.Sum256([]byte(a.Kind + "\x00" + a.Subject + "\x00" + a.Since.UTC().Format(time.RFC3339Nano)))
	return hex.EncodeToString(sum[:])
}

// ClearAlarm records that what an alarm of this kind and subject was raised for is over.
func (s *Store) ClearAlarm(ctx context.Context, kind, subject string, at time.Time) error {
	lasting, err := s.lastingAlarms(ctx, kind, subject)
	if err != nil {
		return err
	}
	for i := range lasting {
		lasting[i].Cleared = at
	}
	return s.saveAlarms(ctx, lasting)
}

func (s *Store) saveAlarms(ctx context.Context, alarms []Alarm) error {
	rows := make([]*alarmRow, len(alarms))
	for i, a := range alarms {
		rows[i] = &alarmRow{a.ID, uint64(time.Now().UnixNano()), a.Kind, a.Subject, a.Text, a.Evidence, storable(a.Since), storable(a.Cleared)}
	}
	return insert(ctx, s, "alarms", rows)
}

// lastingAlarms are the alarms that last, of a kind and subject.
func (s *Store) lastingAlarms(ctx context.Context, kind, subject string) ([]Alarm, error) {
	return s.alarms(ctx, "cleared_at = toDateTime64(0, 3) AND kind = {kind:String} AND subject = {subject:String}", clickhouse.Named("kind", kind), clickhouse.Named("subject", subject))
}

// Alarms are the alarms raised or cleared since, the oldest first; those that last are always among them.
func (s *Store) Alarms(ctx context.Context, since time.Time) ([]Alarm, error) {
	return s.alarms(ctx, "cleared_at = toDateTime64(0, 3) OR greatest(since, cleared_at) >= {since:DateTime64(3)}", clickhouse.DateNamed("since", storable(since), clickhouse.MilliSeconds))
}

// Alarm is the alarm of this id; nil if there is none.
func (s *Store) Alarm(ctx context.Context, id string) (*Alarm, error) {
	found, err := s.alarms(ctx, "id = {id:String}", clickhouse.Named("id", id))
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

func (s *Store) alarms(ctx context.Context, where string, args ...any) ([]Alarm, error) {
	rows, err := s.conn.Query(ctx, "SELECT * FROM alarms FINAL WHERE "+where+" ORDER BY since, id", args...)
	if err != nil {
		return nil, fmt.Errorf("reading the alarms: %w", err)
	}
	defer rows.Close()
	var out []Alarm
	for rows.Next() {
		var r alarmRow
		if err := rows.ScanStruct(&r); err != nil {
			return nil, fmt.Errorf("reading the alarms: %w", err)
		}
		a := Alarm{ID: r.ID, Kind: r.Kind, Subject: r.Subject, Text: r.Text, Evidence: r.Evidence, Since: r.Since}
		if r.Cleared.Unix() != 0 {
			a.Cleared = r.Cleared
		}
		out = append(out, a)
	}
	return out, rows.Err()
}

// ChannelState tells whether a channel takes messages.
type ChannelState struct {
	Channel  string
	Disabled bool
	Reason   string
	Author   string
	At       time.Time
}

// channelRow is a row of channels.
type channelRow struct {
	Channel  string    `ch:"channel"`
	Version  uint64    `ch:"version"`
	Disabled bool      `ch:"disabled"`
	Reason   string    `ch:"reason"`
	Author   string    `ch:"author"`
	At       time.Time `ch:"at"`
}

// SaveChannel records whether a channel takes messages.
func (s *Store) SaveChannel(ctx context.Context, c ChannelState) error {
	return insert(ctx, s, "channels", []*channelRow{{c.Channel, uint64(time.Now().UnixNano()), c.Disabled, c.Reason, c.Author, storable(c.At)}})
}

// Channels are the channels of which a state was recorded, by name.
func (s *Store) Channels(ctx context.Context) (map[string]ChannelState, error) {
	rows, err := s.conn.Query(ctx, "SELECT * FROM channels FINAL")
	if err != nil {
		return nil, fmt.Errorf("reading the states of channels: %w", err)
	}
	defer rows.Close()
	states := map[string]ChannelState{}
	for rows.Next() {
		var r channelRow
		if err := rows.ScanStruct(&r); err != nil {
			return nil, fmt.Errorf("reading the states of channels: %w", err)
		}
		states[r.Channel] = ChannelState{r.Channel, r.Disabled, r.Reason, r.Author, r.At}
	}
	return states, rows.Err()
}
