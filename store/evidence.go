package store

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"markwatch/scanner"
)

// maxMatches bounds what Find returns: enough to say that an id is ambiguous.
const maxMatches = 10

// Find gives the ids of hits, withdrawn ones too, and of issuances (the SHA-256
// of their TBS) that begin with prefix: at most ten of each, in order.
func (s *Store) Find(ctx context.Context, prefix string) (hits, issuances []string, err error) {
	if hits, err = s.idsOf(ctx, "SELECT DISTINCT id FROM hits WHERE startsWith(id, {prefix:String}) ORDER BY id LIMIT {most:UInt64}", prefix); err != nil {
		return nil, nil, err
	}
	issuances, err = s.idsOf(ctx, "SELECT DISTINCT tbs_sha256 FROM mark_certificates WHERE startsWith(tbs_sha256, {prefix:String}) ORDER BY tbs_sha256 LIMIT {most:UInt64}", prefix)
	return hits, issuances, err
}

func (s *Store) idsOf(ctx context.Context, sql, prefix string) ([]string, error) {
	rows, err := s.conn.Query(ctx, sql, clickhouse.Named("prefix", prefix), clickhouse.Named("most", maxMatches))
	if err != nil {
		return nil, fmt.Errorf("looking for %s: %w", prefix, err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("looking for %s: %w", prefix, err)
		}
		out = append(out, id)
	}
	return out, rows.Err()
}

// LogEntry is one log entry of an issuance, whole.
type LogEntry struct {
	LogID          string // base64
	Log            string
	Index          uint64
	Timestamp      time.Time
	Type           string // x509_entry or precert_entry
	LeafHash       scanner.Hash
	LeafInput      []byte
	Precertificate []byte
	Chain          [][]byte // DER, issuer first
	ExtraData      []byte   // as the log sent it, where precertificate and chain don't make it
	SHA256         string   // of the precertificate or certificate
}

// EntriesOf are the log entries of an issuance, the oldest first.
func (s *Store) EntriesOf(ctx context.Context, tbs string) ([]LogEntry, error) {
	// By the key, that not every leaf is read in search of these.
	entries, err := s.entries(ctx, "(log_id, leaf_index) IN (SELECT log_id, leaf_index FROM log_entries FINAL WHERE tbs_sha256 = {tbs:String})", clickhouse.Named("tbs", tbs))
	if err != nil {
		return nil, fmt.Errorf("reading the log entries of %s: %w", tbs, err)
	}
	return entries, nil
}

// entries are the log entries for which where holds, the oldest first.
func (s *Store) entries(ctx context.Context, where string, args ...any) ([]LogEntry, error) {
	rows, err := s.conn.Query(ctx, `SELECT log_id, log, leaf_index, timestamp, entry_type, leaf_hash, leaf_input, precertificate, chain, extra_data, certificate_sha256
		FROM log_entries FINAL WHERE `+where+` ORDER BY timestamp, log, log_id, leaf_index`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []LogEntry
	var chains [][]string
	for rows.Next() {
		var e LogEntry
		var leafHash string
		var chain []string
		if err := rows.Scan(&e.LogID, &e.Log, &e.Index, &e.Timestamp, &e.Type, &leafHash, &e.LeafInput, &e.Precertificate, &chain, &e.ExtraData, &e.SHA256); err != nil {
			return nil, err
		}
		if e.LeafHash, err = hashOf(leafHash); err != nil {
			return nil, fmt.Errorf("the leaf hash of entry %d of %s: %w", e.Index, e.Log, err)
		}
		out, chains = append(out, e), append(chains, chain)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return out, s.readChains(ctx, out, chains)
}

// readChains reads the certificates of the entries' chains by their fingerprints.
func (s *Store) readChains(ctx context.Context, entries []LogEntry, chains [][]string) error {
	known := map[string][]byte{}
	for i, chain := range chains {
		for _, fingerprint := range chain {
			if known[fingerprint] == nil {
				var der []byte
				row := s.conn.QueryRow(ctx, "SELECT der FROM ca_certificates FINAL WHERE sha256 = {sha256:String}", clickhouse.Named("sha256", fingerprint))
				if err := row.Scan(&der); err != nil {
					return fmt.Errorf("reading the CA certificate %s: %w", fingerprint, err)
				}
				known[fingerprint] = der
			}
			entries[i].Chain = append(entries[i].Chain, known[fingerprint])
		}
	}
	return nil
}

// Log is what the store knows of a log by its id: where it is and its key; nil
// where it has no key of it.
func (s *Store) Log(ctx context.Context, id string) (*scanner.Log, error) {
	var log scanner.Log
	var kind, key string
	var mmd uint64
	row := s.conn.QueryRow(ctx, "SELECT log, kind, url, key, mmd FROM logs FINAL WHERE log_id = {id:String}", clickhouse.Named("id", id))
	switch err := row.Scan(&log.Name, &kind, &log.URL, &key, &mmd); {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("reading the key of log %s: %w", id, err)
	}
	der, err := base64.StdEncoding.DecodeString(key)
	if err != nil {
		return nil, fmt.Errorf("reading the key of log %s: %w", id, err)
	}
	log.Type, log.Key, log.MMD = scanner.Type(kind), der, time.Duration(mmd)*time.Second
	if logID(log) != id {
		return nil, fmt.Errorf("reading the key of log %s: the stored key is another log's", id)
	}
	return &log, nil
}

// HeadOver is the largest stored tree head of a log that covers an entry and
// whose leaves are all read, or with unread any that covers it, for logs whose
// leaf hashes aren't kept; nil if there is none.
func (s *Store) HeadOver(ctx context.Context, id string, index uint64, unread bool) (*scanner.TreeHead, error) {
	row := s.conn.QueryRow(ctx, `SELECT tree_size, root_hash, timestamp, signature, raw FROM tree_heads FINAL
		WHERE log_id = {id:String} AND tree_size > {index:UInt64}
		  AND ({unread:Bool} OR tree_size <= (SELECT max(next_index) FROM positions FINAL WHERE log_id = {id:String}))
		ORDER BY tree_size DESC, timestamp DESC, root_hash LIMIT 1`,
		clickhouse.Named("id", id), clickhouse.Named("index", index), clickhouse.Named("unread", unread))
	var h scanner.TreeHead
	var root, signature string
	switch err := row.Scan(&h.Size, &root, &h.Timestamp, &signature, &h.Raw); {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("reading the tree heads of log %s: %w", id, err)
	}
	var err error
	if h.Root, err = hashOf(root); err != nil {
		return nil, fmt.Errorf("reading a tree head of log %s: %w", id, err)
	}
	if h.Signature, err = base64.StdEncoding.DecodeString(signature); err != nil {
		return nil, fmt.Errorf("reading a tree head of log %s: %w", id, err)
	}
	raw, err := base64.StdEncoding.DecodeString(id)
	if err != nil || len(raw) != len(h.LogID) {
		return nil, fmt.Errorf("reading a tree head of log %s: that is no log id", id)
	}
	h.LogID = scanner.Hash(raw)
	return &h, nil
}

// KeepsLeaves tells whether the leaf hashes of the first size entries of a log are stored.
func (s *Store) KeepsLeaves(ctx context.Context, id string, size uint64) (bool, error) {
	var kept uint64
	row := s.conn.QueryRow(ctx, "SELECT uniqExact(leaf_index) FROM leaf_hashes WHERE log_id = {id:String} AND leaf_index < {size:UInt64}",
		clickhouse.Named("id", id), clickhouse.Named("size", size))
	if err := row.Scan(&kept); err != nil {
		return false, fmt.Errorf("reading the leaf hashes of log %s: %w", id, err)
	}
	return kept == size, nil
}

// StoredHit is a hit as it stands in the store, withdrawn or not.
type StoredHit struct {
	ID, Rule, Severity, List, Item    string
	TBSSHA256, Organisation           string
	Domains                           []string
	OtherTBSSHA256, OtherOrganisation string
	OtherDomains                      []string
	Score                             float64
	Reason, Evidence                  string // evidence is JSON, as match.Evidence writes it
	FirstSeen, FoundAt                time.Time
	Withdrawn                         bool
	State                             HitState
	History                           []TriageEvent
}

// Hit reads a hit with its state and history; nil if there is none of this id.
func (s *Store) Hit(ctx context.Context, id string) (*StoredHit, error) {
	rows, err := s.hitRows(ctx, "id = {id:String}", clickhouse.Named("id", id))
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	r := rows[0]
	h := &StoredHit{
		ID: r.ID, Rule: r.Rule, Severity: r.Severity, List: r.List, Item: r.WatchItem, TBSSHA256: r.TBSSHA256, Organisation: r.Organisation, Domains: r.Domains,
		OtherTBSSHA256: r.OtherTBSSHA256, OtherOrganisation: r.OtherOrganisation, OtherDomains: r.OtherDomains,
		Score: r.Score, Reason: r.Reason, Evidence: r.Evidence, FirstSeen: r.FirstSeen.UTC(), FoundAt: r.FoundAt.UTC(), Withdrawn: r.Withdrawn,
	}
	states, err := s.HitStates(ctx, []string{id})
	if err != nil {
		return nil, err
	}
	h.State = states[id]
	h.History, err = s.TriageEvents(ctx, id)
	return h, err
}

// hashOf reads a hash of 64 hexadecimal digits.
func hashOf(text string) (scanner.Hash, error) {
	var h scanner.Hash
	b, err := hex.DecodeString(text)
	if err != nil || len(b) != len(h) {
		return h, fmt.Errorf("%q is no SHA-256", text)
	}
	return scanner.Hash(b), nil
}
