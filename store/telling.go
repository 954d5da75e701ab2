package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"markwatch/match"
)

// Told is a hit with what its reader wants to know of the certificate.
type Told struct {
	match.Hit
	FoundAt   time.Time
	Withdrawn bool
	Country   string
	Class     string
	MarkType  string
	Issuer    string // organisation of the CA
	Serial    string
	NotBefore time.Time
	NotAfter  time.Time
	Entries   []EntryPlace
	Triage    HitState
}

// EntryPlace is where a log holds a certificate.
type EntryPlace struct {
	Log, Kind, URL string
	Index          uint64
	Timestamp      time.Time
}

// Tell reads hits by their ids, with what there is to tell of each.
func (s *Store) Tell(ctx context.Context, ids []string) (map[string]*Told, error) {
	out := map[string]*Told{}
	for some := range slices.Chunk(ids, idsAtOnce) {
		if err := s.tell(ctx, some, out); err != nil {
			return nil, err
		}
	}
	states, err := s.HitStates(ctx, ids)
	if err != nil {
		return nil, err
	}
	for id, t := range out {
		t.Triage = states[id]
	}
	return out, nil
}

func (s *Store) tell(ctx context.Context, ids []string, out map[string]*Told) error {
	rows, err := s.hitRows(ctx, "id IN {ids:Array(String)}", clickhouse.Named("ids", ids))
	if err != nil {
		return err
	}
	byTBS := map[string][]*Told{}
	var tbs []string
	for _, r := range rows {
		h, err := r.hit()
		if err != nil {
			return err
		}
		t := &Told{Hit: h, FoundAt: r.FoundAt.UTC(), Withdrawn: r.Withdrawn}
		out[r.ID] = t
		if byTBS[h.TBSSHA256] == nil {
			tbs = append(tbs, h.TBSSHA256)
		}
		byTBS[h.TBSSHA256] = append(byTBS[h.TBSSHA256], t)
	}
	if err := s.tellCertificates(ctx, tbs, byTBS); err != nil {
		return err
	}
	return s.tellEntries(ctx, tbs, byTBS)
}

// tellCertificates fills in what the certificates say.
func (s *Store) tellCertificates(ctx context.Context, tbs []string, hits map[string][]*Told) error {
	rows, err := s.conn.Query(ctx, `SELECT tbs_sha256, country, class, mark_type, if(issuer_organisation = '', issuer, issuer_organisation), serial, not_before, not_after
		FROM mark_certificates FINAL WHERE tbs_sha256 IN {tbs:Array(String)}`, clickhouse.Named("tbs", tbs))
	if err != nil {
		return fmt.Errorf("reading the certificates of hits: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var t Told
		if err := rows.Scan(&t.TBSSHA256, &t.Country, &t.Class, &t.MarkType, &t.Issuer, &t.Serial, &t.NotBefore, &t.NotAfter); err != nil {
			return fmt.Errorf("reading the certificates of hits: %w", err)
		}
		for _, h := range hits[t.TBSSHA256] {
			h.Country, h.Class, h.MarkType, h.Issuer, h.Serial, h.NotBefore, h.NotAfter = t.Country, t.Class, t.MarkType, t.Issuer, t.Serial, t.NotBefore.UTC(), t.NotAfter.UTC()
		}
	}
	return rows.Err()
}

// tellEntries fills in where logs hold the certificates.
func (s *Store) tellEntries(ctx context.Context, tbs []string, hits map[string][]*Told) error {
	rows, err := s.conn.Query(ctx, `SELECT e.tbs_sha256, e.log, l.kind, l.url, e.leaf_index, e.timestamp
		FROM (SELECT tbs_sha256, log, log_id, leaf_index, timestamp FROM log_entries FINAL WHERE tbs_sha256 IN {tbs:Array(String)}) AS e
		LEFT JOIN (SELECT log_id, kind, url FROM logs FINAL) AS l ON l.log_id = e.log_id
		ORDER BY e.timestamp, e.log, e.leaf_index`, clickhouse.Named("tbs", tbs))
	if err != nil {
		return fmt.Errorf("reading the log entries of hits: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var of string
		var e EntryPlace
		if err := rows.Scan(&of, &e.Log, &e.Kind, &e.URL, &e.Index, &e.Timestamp); err != nil {
			return fmt.Errorf("reading the log entries of hits: %w", err)
		}
		e.Timestamp = e.Timestamp.UTC()
		for _, h := range hits[of] {
			h.Entries = append(h.Entries, e)
		}
	}
	return rows.Err()
}

// NewestHits are the ids of the hits of a list that were found last, the newest first.
func (s *Store) NewestHits(ctx context.Context, list string, most int) ([]string, error) {
	return s.texts(ctx, "reading the newest hits", "SELECT id FROM hits FINAL WHERE list = {list:String} AND NOT withdrawn ORDER BY found_at DESC, first_seen DESC, id LIMIT {most:UInt64}",
		clickhouse.Named("list", list), clickhouse.Named("most", most))
}

// Picture is the file of a logo by its SHA-256: a certificate's SVG, or what
// somebody watches; nil if there is none.
func (s *Store) Picture(ctx context.Context, sha256 string) ([]byte, error) {
	file, err := s.SVG(ctx, sha256)
	if err != nil || file != nil {
		return file, err
	}
	rows, err := s.conn.Query(ctx, "SELECT image FROM watch_items WHERE kind = 'logo' AND value = {sha256:String} LIMIT 1", clickhouse.Named("sha256", sha256))
	if err != nil {
		return nil, fmt.Errorf("reading a watched logo: %w", err)
	}
	defer rows.Close()
	if rows.Next() {
		if err := rows.Scan(&file); err != nil {
			return nil, fmt.Errorf("reading a watched logo: %w", err)
		}
	}
	return file, rows.Err()
}

// hit is what a row says.
func (r *hitRow) hit() (match.Hit, error) {
	h := match.Hit{
		ID: r.ID, Rule: match.Rule(r.Rule), Severity: match.Severity(r.Severity), List: r.List, Item: r.WatchItem, TBSSHA256: r.TBSSHA256,
		Organisation: r.Organisation, OrganisationKey: r.OrganisationKey, Domains: r.Domains,
		OtherTBSSHA256: r.OtherTBSSHA256, OtherOrganisation: r.OtherOrganisation, OtherOrganisationKey: r.OtherOrganisationKey, OtherDomains: r.OtherDomains,
		Score: r.Score, Reason: r.Reason, FirstSeen: r.FirstSeen.UTC(),
		MarkKey: r.MarkKey, LogoSHA256: r.LogoSHA256, NotBefore: r.NotBefore.UTC(),
	}
	if err := json.Unmarshal([]byte(r.Evidence), &h.Evidence); err != nil {
		return h, fmt.Errorf("reading the evidence of hit %s: %w", r.ID, err)
	}
	return h, nil
}

// DeliveryCount is how many deliveries of a channel are in a state.
type DeliveryCount struct {
	Channel, State string
	Count          uint64
	Oldest         time.Time // when the oldest of them was made
}

// DeliveryCounts are the numbers of deliveries by channel and state.
func (s *Store) DeliveryCounts(ctx context.Context) ([]DeliveryCount, error) {
	rows, err := s.conn.Query(ctx, "SELECT channel, state, count(), min(made_at) FROM ("+currentDeliveries("1")+") GROUP BY channel, state ORDER BY channel, state")
	if err != nil {
		return nil, fmt.Errorf("counting the deliveries: %w", err)
	}
	defer rows.Close()
	var out []DeliveryCount
	for rows.Next() {
		var c DeliveryCount
		if err := rows.Scan(&c.Channel, &c.State, &c.Count, &c.Oldest); err != nil {
			return nil, fmt.Errorf("counting the deliveries: %w", err)
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// Watched is what was watched, and found, since a time.
type Watched struct {
	Logs                             []LogState
	Certificates, Lists, Items, Open uint64
	Dead                             uint64
}

// watchedQuery counts certificates first logged since, watch items in force, hits open, deliveries given up.
var watchedQuery = `SELECT
	(SELECT count() FROM mark_certificates FINAL WHERE first_logged >= {since:DateTime64(3)}),
	(SELECT uniqExact(list) FROM (SELECT list, removed FROM watch_items FINAL ORDER BY version DESC LIMIT 1 BY id) WHERE NOT removed),
	(SELECT count() FROM (SELECT removed FROM watch_items FINAL ORDER BY version DESC LIMIT 1 BY id) WHERE NOT removed),
	(SELECT count() FROM hit_states WHERE NOT withdrawn AND state IN ('new', 'acknowledged', 'escalated')),
	(SELECT count() FROM (` + currentDeliveries("1") + `) WHERE state = 'dead')`

// Watched counts what was watched and found since a time.
func (s *Store) Watched(ctx context.Context, since time.Time) (*Watched, error) {
	w := &Watched{}
	row := s.conn.QueryRow(ctx, watchedQuery, clickhouse.DateNamed("since", storable(since), clickhouse.MilliSeconds))
	if err := row.Scan(&w.Certificates, &w.Lists, &w.Items, &w.Open, &w.Dead); err != nil {
		return nil, fmt.Errorf("counting what was watched: %w", err)
	}
	var err error
	w.Logs, err = s.Logs(ctx)
	return w, err
}
