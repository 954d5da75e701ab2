package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
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

// currentDeliveries are the deliveries as they stand, for those rows of which where
// holds in every version. What is newest is found in narrow columns, and only that
// is read whole. Their key has the version, so that FINAL would find nothing to merge.
func currentDeliveries(where string) string {
	return currentOf(where, "1")
}

// currentOf are those current deliveries for which having holds, an aggregate
// over a delivery's versions such as argMax(state, version) = 'waiting'.
func currentOf(where, having string) string {
	return "SELECT * FROM deliveries WHERE (channel, id, version) IN (SELECT channel, id, max(version) FROM deliveries WHERE " + where + " GROUP BY channel, id HAVING " + having + ")"
}

// Queue are the first deliveries that wait for a channel, in order, at most limit.
func (s *Store) Queue(ctx context.Context, channel string, limit int) ([]Delivery, error) {
	return s.deliveries(ctx, currentOf("channel = {channel:String}", "argMax(state, version) = 'waiting' ORDER BY argMax(queue, version), id LIMIT {limit:UInt64}")+" AND channel = {channel:String} ORDER BY queue, id",
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
	open := "(channel, id) IN (SELECT channel, id FROM deliveries WHERE state = 'gathered' AND digest NOT IN (SELECT id FROM deliveries))"
	return s.deliveries(ctx, currentOf(open, "argMax(state, version) = 'gathered'")+" ORDER BY due_at, digest, queue, id")
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
	// All of it but the state is the same in every version.
	where := `({channel:String} = '' OR channel = {channel:String}) AND ({any_list:Bool} OR list = {list:String})
		AND ({hit:String} = '' OR has(hits, {hit:String})) AND made_at >= {since:DateTime64(3)}
		AND (empty({ids:Array(String)}) OR arrayExists(p -> startsWith(id, p), {ids:Array(String)}))`
	query := currentOf(where, "{state:String} = '' OR argMax(state, version) = {state:String}") + " ORDER BY queue DESC, id"
	if f.Limit > 0 {
		query += fmt.Sprintf(" LIMIT %d", f.Limit)
	}
	list := ""
	if f.List != nil {
		list = *f.List
	}
	return s.deliveries(ctx, query, clickhouse.Named("channel", f.Channel), clickhouse.Named("state", f.State), clickhouse.Named("any_list", f.List == nil),
		clickhouse.Named("list", list), clickhouse.Named("hit", f.Hit), clickhouse.Named("ids", f.IDs), clickhouse.DateNamed("since", storable(f.Since), clickhouse.MilliSeconds))
}

// ToldSince counts, for each of these lists, the hits that were planned for a
// channel since a time.
func (s *Store) ToldSince(ctx context.Context, lists []string, since time.Time) (map[string]int, error) {
	rows, err := s.conn.Query(ctx, `SELECT list, uniqExact(hits[1]) FROM deliveries
		WHERE kind = 'hit' AND channel != '' AND made_at >= {since:DateTime64(3)} AND list IN {lists:Array(String)} GROUP BY list`,
		clickhouse.Named("lists", lists), clickhouse.DateNamed("since", storable(since), clickhouse.MilliSeconds))
	if err != nil {
		return nil, fmt.Errorf("counting what was told: %w", err)
	}
	defer rows.Close()
	told := map[string]int{}
	for rows.Next() {
		var list string
		var n uint64
		if err := rows.Scan(&list, &n); err != nil {
			return nil, fmt.Errorf("counting what was told: %w", err)
		}
		told[list] = int(n)
	}
	return told, rows.Err()
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

// Unplanned are the hits in force for which there is no delivery, not even a
// quiet one, in the order in which they were found, at most limit.
func (s *Store) Unplanned(ctx context.Context, limit int) ([]Found, error) {
	rows, err := s.conn.Query(ctx, `SELECT id, rule, severity, list, watch_item, tbs_sha256, other_tbs_sha256 FROM hits FINAL
		WHERE NOT withdrawn AND id NOT IN (SELECT arrayJoin(hits) FROM deliveries) ORDER BY found_at, first_seen, id LIMIT {limit:UInt64}`, clickhouse.Named("limit", limit))
	if err != nil {
		return nil, fmt.Errorf("reading the hits to send: %w", err)
	}
	defer rows.Close()
	var out []Found
	var ids []string
	issuances := map[string][]int{} // places in out
	for rows.Next() {
		var f Found
		var tbs, other string
		if err := rows.Scan(&f.ID, &f.Rule, &f.Severity, &f.List, &f.Item, &tbs, &other); err != nil {
			return nil, fmt.Errorf("reading the hits to send: %w", err)
		}
		issuances[tbs] = append(issuances[tbs], len(out))
		issuances[other] = append(issuances[other], len(out))
		out, ids = append(out, f), append(ids, f.ID)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("reading the hits to send: %w", err)
	}
	if err := s.fresh(ctx, issuances, func(i int) { out[i].Fresh = true }); err != nil {
		return nil, err
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

// fresh marks what belongs to issuances of which a log entry lies behind its
// log's baseline.
func (s *Store) fresh(ctx context.Context, issuances map[string][]int, mark func(int)) error {
	for some := range slices.Chunk(slices.Collect(maps.Keys(issuances)), idsAtOnce) {
		rows, err := s.conn.Query(ctx, `SELECT DISTINCT e.tbs_sha256 FROM (SELECT log_id, leaf_index, tbs_sha256 FROM log_entries WHERE tbs_sha256 IN {tbs:Array(String)}) AS e
			INNER JOIN (SELECT log_id, baseline FROM positions) AS p ON p.log_id = e.log_id WHERE e.leaf_index >= p.baseline`, clickhouse.Named("tbs", some))
		if err != nil {
			return fmt.Errorf("reading where hits are logged: %w", err)
		}
		for rows.Next() {
			var tbs string
			if err := rows.Scan(&tbs); err != nil {
				rows.Close()
				return fmt.Errorf("reading where hits are logged: %w", err)
			}
			for _, i := range issuances[tbs] {
				mark(i)
			}
		}
		rows.Close()
		if err := rows.Err(); err != nil {
			return fmt.Errorf("reading where hits are logged: %w", err)
		}
	}
	return nil
}
