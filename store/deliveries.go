package store

import (
	"context"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// The states of a delivery.
const (
	DeliveryWaiting  = "waiting"  // to be sent, or to be tried again
	DeliverySent     = "sent"     // the channel took it
	DeliveryDead     = "dead"     // given up: a person has to look
	DeliveryGathered = "gathered" // it goes into a digest
	DeliveryQuiet    = "quiet"    // it is shown and not sent, for the reason in Error
)

// Delivery is one thing to tell to one channel, as it stands.
type Delivery struct {
	ID      string // SHA-256 of the channel and of what is told
	Channel string // "" where it goes to none
	Kind    string // of the message: hit, digest, storm, alarm, summary, test
	List    string
	Hits    []string // ids
	Subject string   // of an alarm its id
	Digest  string   // id of the digest into which it is gathered
	Rhythm  string
	From    time.Time // of a digest: what it covers
	To      time.Time
	State   string
	Attempt uint32
	Error   string // of the last try; of a quiet one why
	Queue   uint64 // a channel's deliveries are sent in this order
	MadeAt  time.Time
	DueAt   time.Time
	At      time.Time // of this state
}

// deliveryRow is a row of deliveries.
type deliveryRow struct {
	ID      string    `ch:"id"`
	Version uint64    `ch:"version"`
	Channel string    `ch:"channel"`
	Kind    string    `ch:"kind"`
	List    string    `ch:"list"`
	Hits    []string  `ch:"hits"`
	Subject string    `ch:"subject"`
	Digest  string    `ch:"digest"`
	Rhythm  string    `ch:"rhythm"`
	From    time.Time `ch:"covers_from"`
	To      time.Time `ch:"covers_to"`
	State   string    `ch:"state"`
	Attempt uint32    `ch:"attempt"`
	Error   string    `ch:"error"`
	Queue   uint64    `ch:"queue"`
	MadeAt  time.Time `ch:"made_at"`
	DueAt   time.Time `ch:"due_at"`
	At      time.Time `ch:"at"`
}

func (r *deliveryRow) delivery() Delivery {
	return Delivery{
		ID: r.ID, Channel: r.Channel, Kind: r.Kind, List: r.List, Hits: r.Hits, Subject: r.Subject, Digest: r.Digest, Rhythm: r.Rhythm, From: r.From, To: r.To,
		State: r.State, Attempt: r.Attempt, Error: r.Error, Queue: r.Queue, MadeAt: r.MadeAt, DueAt: r.DueAt, At: r.At,
	}
}

// SaveDeliveries appends a version of each delivery; all of them are written, or none.
func (s *Store) SaveDeliveries(ctx context.Context, all []Delivery) error {
	newest, err := s.DeliveriesVersion(ctx)
	if err != nil {
		return err
	}
	version := max(newest+1, uint64(time.Now().UnixNano()))
	rows := make([]*deliveryRow, len(all))
	for i, d := range all {
		rows[i] = &deliveryRow{
			ID: d.ID, Version: version, Channel: d.Channel, Kind: d.Kind, List: d.List, Hits: d.Hits, Subject: d.Subject, Digest: d.Digest, Rhythm: d.Rhythm,
			From: storable(d.From), To: storable(d.To), State: d.State, Attempt: d.Attempt, Error: d.Error, Queue: d.Queue,
			MadeAt: storable(d.MadeAt), DueAt: storable(d.DueAt), At: storable(d.At),
		}
	}
	return insert(ctx, s, "deliveries", rows)
}

// DeliveriesVersion is the greatest version of any delivery: another one after
// any change. 0 if there is none.
func (s *Store) DeliveriesVersion(ctx context.Context) (uint64, error) {
	var newest uint64
	if err := s.conn.QueryRow(ctx, "SELECT max(version) FROM deliveries").Scan(&newest); err != nil {
		return 0, fmt.Errorf("reading the deliveries: %w", err)
	}
	return newest, nil
}

// currentDeliveries are the deliveries as they stand, for those rows of which where holds in every version.
func currentDeliveries(where string) string {
	return "SELECT * FROM (SELECT * FROM deliveries WHERE " + where + " ORDER BY version DESC LIMIT 1 BY channel, id)"
}

// Queue are the first deliveries that wait for a channel, in order, at most limit.
func (s *Store) Queue(ctx context.Context, channel string, limit int) ([]Delivery, error) {
	return s.deliveries(ctx, currentDeliveries("channel = {channel:String}")+" WHERE state = 'waiting' ORDER BY queue, id LIMIT {limit:UInt64}",
		clickhouse.Named("channel", channel), clickhouse.Named("limit", limit))
}

// Waiting are the channels for which something waits, with how much.
func (s *Store) Waiting(ctx context.Context) (map[string]uint64, error) {
	rows, err := s.conn.Query(ctx, "SELECT channel, count() FROM ("+currentDeliveries("1")+") WHERE state = 'waiting' GROUP BY channel")
	if err != nil {
		return nil, fmt.Errorf("reading what waits to be sent: %w", err)
	}
	defer rows.Close()
	waiting := map[string]uint64{}
	for rows.Next() {
		var channel string
		var n uint64
		if err := rows.Scan(&channel, &n); err != nil {
			return nil, fmt.Errorf("reading what waits to be sent: %w", err)
		}
		waiting[channel] = n
	}
	return waiting, rows.Err()
}

// Gathered are the deliveries whose digest isn't made yet, by digest, in order.
func (s *Store) Gathered(ctx context.Context) ([]Delivery, error) {
	return s.deliveries(ctx, currentDeliveries("1")+" WHERE state = 'gathered' AND digest NOT IN (SELECT id FROM deliveries) ORDER BY due_at, digest, queue, id")
}

// DeliveryFilter says which deliveries to read; a zero field doesn't count.
type DeliveryFilter struct {
	IDs     []string // or their first letters
	Channel string
	State   string
	List    *string
	Hit     string // that stand for this hit
	Since   time.Time
	Limit   int
}

// Deliveries are those that fit, the newest first. It takes a thousand ids at most.
func (s *Store) Deliveries(ctx context.Context, f DeliveryFilter) ([]Delivery, error) {
	where := `WHERE ({channel:String} = '' OR channel = {channel:String}) AND ({state:String} = '' OR state = {state:String})
		AND ({any_list:Bool} OR list = {list:String}) AND ({hit:String} = '' OR has(hits, {hit:String})) AND made_at >= {since:DateTime64(3)}
		AND (empty({ids:Array(String)}) OR arrayExists(p -> startsWith(id, p), {ids:Array(String)}))
		ORDER BY queue DESC, id`
	if f.Limit > 0 {
		where += fmt.Sprintf(" LIMIT %d", f.Limit)
	}
	list := ""
	if f.List != nil {
		list = *f.List
	}
	return s.deliveries(ctx, currentDeliveries("1")+where, clickhouse.Named("channel", f.Channel), clickhouse.Named("state", f.State), clickhouse.Named("any_list", f.List == nil),
		clickhouse.Named("list", list), clickhouse.Named("hit", f.Hit), clickhouse.Named("ids", f.IDs), clickhouse.DateNamed("since", storable(f.Since), clickhouse.MilliSeconds))
}

// Attempts is every version of a delivery, oldest first.
func (s *Store) Attempts(ctx context.Context, id string) ([]Delivery, error) {
	return s.deliveries(ctx, "SELECT * FROM deliveries WHERE id = {id:String} ORDER BY version", clickhouse.Named("id", id))
}

func (s *Store) deliveries(ctx context.Context, sql string, args ...any) ([]Delivery, error) {
	rows, err := s.conn.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("reading the deliveries: %w", err)
	}
	defer rows.Close()
	var out []Delivery
	for rows.Next() {
		var r deliveryRow
		if err := rows.ScanStruct(&r); err != nil {
			return nil, fmt.Errorf("reading the deliveries: %w", err)
		}
		out = append(out, r.delivery())
	}
	return out, rows.Err()
}

// Found is what tells whether, to whom and when a hit is sent.
type Found struct {
	ID, Rule, Severity, List, Item string
	State                          string // of triage
	Fresh                          bool   // its issuance, or the one that it resembles, was logged after the log's baseline
}

// HitsVersion is the sum of the versions of all hits: greater after any change.
func (s *Store) HitsVersion(ctx context.Context) (uint64, error) {
	var newest uint64
	if err := s.conn.QueryRow(ctx, "SELECT sum(version) FROM hits FINAL").Scan(&newest); err != nil {
		return 0, fmt.Errorf("reading the hits: %w", err)
	}
	return newest, nil
}

// unplannedQuery reads hits for which there is no delivery. An issuance is
// fresh when one of its log entries lies behind its log's baseline.
const unplannedQuery = `
WITH new AS (SELECT id, rule, severity, list, watch_item, toString(tbs_sha256) AS tbs, other_tbs_sha256 AS other, found_at, first_seen FROM hits FINAL
             WHERE NOT withdrawn AND id NOT IN (SELECT arrayJoin(hits) FROM deliveries) ORDER BY found_at, first_seen, id LIMIT {limit:UInt64}),
     fresh AS (SELECT DISTINCT toString(e.tbs_sha256) AS tbs FROM log_entries AS e INNER JOIN positions AS p ON p.log_id = e.log_id
               WHERE e.leaf_index >= p.baseline AND (e.tbs_sha256 IN (SELECT tbs FROM new) OR e.tbs_sha256 IN (SELECT other FROM new)))
SELECT id, rule, severity, list, watch_item, tbs IN (SELECT tbs FROM fresh) OR other IN (SELECT tbs FROM fresh) FROM new ORDER BY found_at, first_seen, id`

// Unplanned are the hits in force for which there is no delivery, not even a
// quiet one, in the order in which they were found, at most limit.
func (s *Store) Unplanned(ctx context.Context, limit int) ([]Found, error) {
	rows, err := s.conn.Query(ctx, unplannedQuery, clickhouse.Named("limit", limit))
	if err != nil {
		return nil, fmt.Errorf("reading the hits to send: %w", err)
	}
	defer rows.Close()
	var out []Found
	var ids []string
	for rows.Next() {
		var f Found
		if err := rows.Scan(&f.ID, &f.Rule, &f.Severity, &f.List, &f.Item, &f.Fresh); err != nil {
			return nil, fmt.Errorf("reading the hits to send: %w", err)
		}
		out, ids = append(out, f), append(ids, f.ID)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("reading the hits to send: %w", err)
	}
	states, err := s.HitStates(ctx, ids)
	if err != nil {
		return nil, err
	}
	for i := range out {
		out[i].State = states[out[i].ID].State
	}
	return out, nil
}
