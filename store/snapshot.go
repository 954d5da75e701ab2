package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"golang.org/x/crypto/cryptobyte"

	"markwatch/parse"
	"markwatch/scanner"
)

// ErrEmpty is returned where there is nothing yet to make a snapshot of.
var ErrEmpty = errors.New("no log is read yet, so there is nothing to make a snapshot of: markwatch watch reads them")

// Snapshot is what the logs held at a time, as far as the store has read them:
// a copy in a database of its own with the schema of the store, so that every
// query answers from it unchanged, and whatever is stored meanwhile changes
// nothing. Leaf hashes and the bytes of entries are not copied, nor is what is
// watched and was found.
type Snapshot struct {
	AsOf time.Time
	Logs []SnapshotLog // by name, then id

	source *Store
	copy   *Store
	lease  *lease
}

// SnapshotLog is a log as a snapshot knows it.
type SnapshotLog struct {
	ID    string      // base64
	Log   scanner.Log // without a key where the store has none
	State string      // StateFollowing or StateStopped, and why, now
	Read  uint64      // entries that were read, of those in Head
	// Head is the newest tree head that was signed by the snapshot's time and
	// covers every entry that is counted; else the smallest that does, for an
	// entry may be merged after its timestamp; nil if there is neither.
	Head      *scanner.TreeHead
	Marks     uint64 // entries that are mark certificates
	Malformed uint64 // entries that claim to be one and can't be read
}

// LastHead is the time of the newest tree head of any log; ErrEmpty if there is none.
func (s *Store) LastHead(ctx context.Context) (time.Time, error) {
	var last time.Time
	var heads uint64
	if err := s.conn.QueryRow(ctx, "SELECT max(timestamp), count() FROM tree_heads").Scan(&last, &heads); err != nil {
		return last, fmt.Errorf("reading the tree heads: %w", err)
	}
	if heads == 0 {
		return last, ErrEmpty
	}
	return last.UTC(), nil
}

// Snapshot makes a snapshot of what was logged up to asOf, that time included.
// Close removes it.
func (s *Store) Snapshot(ctx context.Context, asOf time.Time) (*Snapshot, error) {
	snap, err := s.newSnapshot(ctx, asOf)
	if err != nil {
		return nil, fmt.Errorf("making a snapshot: %w", err)
	}
	if err := snap.fill(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("making a snapshot: %w", err), snap.Close())
	}
	return snap, nil
}

// Conn is the connection for reading the snapshot, as Store.Conn is for the store.
func (sn *Snapshot) Conn() driver.Conn { return sn.copy.conn }

// Close removes the snapshot, also when what made it was interrupted.
func (sn *Snapshot) Close() error {
	sn.lease.stop()
	if sn.copy.conn != nil {
		if err := sn.copy.conn.Close(); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return errors.Join(sn.source.dropDatabase(ctx, sn.copy.location.database), sn.lease.release())
}

func (s *Store) dropDatabase(ctx context.Context, name string) error {
	if err := s.conn.Exec(ctx, "DROP DATABASE IF EXISTS "+identifier(name)+" SYNC"); err != nil {
		return fmt.Errorf("removing the snapshot %s: %w", name, err)
	}
	return nil
}

// newSnapshot makes an empty one.
func (s *Store) newSnapshot(ctx context.Context, asOf time.Time) (*Snapshot, error) {
	if err := s.dropStale(ctx); err != nil {
		return nil, err
	}
	random := make([]byte, 4)
	if _, err := rand.Read(random); err != nil {
		return nil, err
	}
	database := fmt.Sprintf("%s%d_%x", s.snapshotPrefix(), time.Now().Unix(), random)
	sn := &Snapshot{AsOf: asOf.UTC().Truncate(time.Millisecond), source: s}
	sn.copy = &Store{location: s.location, engine: s.engine}
	sn.copy.location.database = database
	var err error
	if sn.lease, err = s.takeLease(database); err != nil {
		return nil, err
	}
	if err := s.conn.Exec(ctx, "CREATE DATABASE "+identifier(database)); err != nil {
		return nil, errors.Join(fmt.Errorf("making a database for it (the user needs to be allowed to): %w", err), sn.lease.release())
	}
	if sn.copy.conn, err = clickhouse.Open(sn.copy.driverOptions(database)); err == nil {
		err = sn.copy.migrate(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, sn.Close())
	}
	sn.lease.renew(ctx, sn.copy)
	return sn, nil
}

func (s *Store) snapshotPrefix() string { return s.location.database + "_snapshot_" }

// fill copies what the snapshot holds. Positions are read first: whatever is
// before them is stored whole.
func (sn *Snapshot) fill(ctx context.Context) error {
	states, err := sn.source.Logs(ctx)
	if err != nil {
		return err
	}
	if len(states) == 0 {
		return ErrEmpty
	}
	positions := map[string]uint64{}
	for _, l := range states {
		positions[l.ID] = l.Next
	}
	args := []any{clickhouse.Named("as_of", sn.AsOf.Format("2006-01-02 15:04:05.000")), clickhouse.Named("positions", mapLiteral(positions))}
	for _, c := range copies() {
		if err := sn.copyTable(ctx, c, args); err != nil {
			return err
		}
	}
	if err := sn.readAgain(ctx, args); err != nil {
		return err
	}
	for _, l := range states {
		if err := sn.addLog(ctx, l); err != nil {
			return err
		}
	}
	slices.SortFunc(sn.Logs, func(a, b SnapshotLog) int {
		return strings.Compare(a.Log.Name+"\n"+a.ID, b.Log.Name+"\n"+b.ID)
	})
	return sn.settle(ctx)
}

func mapLiteral(positions map[string]uint64) string {
	var parts []string
	for id, next := range positions {
		parts = append(parts, quote(id)+":"+strconv.FormatUint(next, 10))
	}
	return "{" + strings.Join(parts, ",") + "}"
}

// tableCopy says which rows of a table a snapshot has.
type tableCopy struct {
	table   string
	where   string   // {source} is the store's database; "" is all
	without []string // columns that are left empty
}

// inWindow are the entries that were read and logged by the time of the snapshot.
const inWindow = `timestamp <= {as_of:DateTime64(3, 'UTC')} AND leaf_index < {positions:Map(String, UInt64)}[toString(log_id)]`

// cutPairs are the issuances of which the snapshot has one entry and the store
// has others as well: what their row says by all entries is not the snapshot's.
const cutPairs = `(SELECT tbs_sha256 FROM {source}.log_entries WHERE NOT (` + inWindow + `) AND tbs_sha256 IN (SELECT tbs_sha256 FROM log_entries))`

// heldFindings are those of issuances that the time cuts which the snapshot has
// from the store, which knew what is approved: all but what parse finds of an
// entry, which is read again, and what is found of the SCTs of a certificate
// that came later.
const heldFindings = `(rule NOT IN ('leaf-trailing-data', 'poison-in-certificate', 'extra-data', 'issuer-key-hash')
	AND (NOT startsWith(rule, 'sct-') OR tbs_sha256 IN (SELECT tbs_sha256 FROM log_entries WHERE entry_type = 'x509_entry')))`

// copies are in the order in which they are made: a later one may read what an
// earlier one has copied.
func copies() []tableCopy {
	return []tableCopy{
		{"logs", "", nil},
		{"log_entries", inWindow, []string{"leaf_input", "precertificate", "extra_data"}},
		{"malformed_entries", inWindow, nil},
		{"tree_heads", `timestamp <= {as_of:DateTime64(3, 'UTC')}`, nil},
		{"mark_certificates", `tbs_sha256 IN (SELECT tbs_sha256 FROM log_entries) AND tbs_sha256 NOT IN ` + cutPairs, nil},
		{"findings", `tbs_sha256 IN (SELECT tbs_sha256 FROM log_entries) AND (tbs_sha256 NOT IN ` + cutPairs + ` OR ` + heldFindings + `)`, nil},
	}
}

// copyTable copies the rows of one table.
func (sn *Snapshot) copyTable(ctx context.Context, c tableCopy, args []any) error {
	columns, err := sn.columns(ctx, c.table)
	if err != nil {
		return err
	}
	into, from := make([]string, len(columns)), make([]string, len(columns))
	for i, column := range columns {
		into[i], from[i] = identifier(column), identifier(column)
		if slices.Contains(c.without, column) {
			from[i] = "''"
		}
	}
	sql := "INSERT INTO " + c.table + " (" + strings.Join(into, ", ") + ") SELECT " + strings.Join(from, ", ") + " FROM {source}." + c.table
	if c.where != "" {
		sql += " WHERE " + c.where
	}
	sql = strings.ReplaceAll(sql, "{source}", identifier(sn.source.location.database))
	if err := sn.copy.conn.Exec(clickhouse.Context(ctx, clickhouse.WithSettings(inPieces())), sql, used(sql, args)...); err != nil {
		return fmt.Errorf("copying %s: %w", c.table, err)
	}
	return nil
}

// inPieces are the settings of a copy: rows of some eighty columns and lists, by
// ClickHouse's own measure a million of them at once, would take all memory.
func inPieces() clickhouse.Settings {
	return clickhouse.Settings{
		"max_threads": 1, "max_insert_threads": 1, "max_block_size": 4096,
		"min_insert_block_size_rows": 16384, "min_insert_block_size_bytes": 32 << 20,
	}
}

// used are the arguments whose names the SQL has.
func used(sql string, args []any) []any {
	var out []any
	for _, a := range args {
		if named, ok := a.(driver.NamedValue); ok && strings.Contains(sql, "{"+named.Name+":") {
			out = append(out, a)
		}
	}
	return out
}

// columns are those of a table that an INSERT writes.
func (sn *Snapshot) columns(ctx context.Context, table string) ([]string, error) {
	var names []string
	if err := sn.copy.conn.QueryRow(ctx, `SELECT groupArray(name) FROM (SELECT name FROM system.columns
		WHERE database = currentDatabase() AND table = {table:String} AND default_kind NOT IN ('MATERIALIZED', 'ALIAS', 'EPHEMERAL') ORDER BY position)`,
		clickhouse.Named("table", table)).Scan(&names); err != nil {
		return nil, fmt.Errorf("reading the columns of %s: %w", table, err)
	}
	return names, nil
}

// againBatch is how many issuances are read again at a time.
const againBatch = 500

// readAgain makes the rows of the issuances that the snapshot's time cuts in
// two, from the bytes of the entries before it: pairs, and what another log
// got later.
func (sn *Snapshot) readAgain(ctx context.Context, args []any) error {
	var cut []string
	sql := strings.ReplaceAll("SELECT arraySort(groupUniqArray(toString(tbs_sha256))) FROM "+cutPairs, "{source}", identifier(sn.source.location.database))
	if err := sn.copy.conn.QueryRow(ctx, sql, args...).Scan(&cut); err != nil {
		return fmt.Errorf("looking for issuances that the time cuts: %w", err)
	}
	for batch := range slices.Chunk(cut, againBatch) {
		entries, err := sn.source.entries(ctx, "has({cut:Array(String)}, tbs_sha256) AND "+inWindow, append([]any{clickhouse.Named("cut", batch)}, args...)...)
		if err != nil {
			return fmt.Errorf("reading entries again: %w", err)
		}
		rows := newMarkRows()
		for _, e := range entries {
			entry, err := parse.Leaf(e.LeafInput, e.WholeExtraData())
			if err != nil {
				return fmt.Errorf("reading entry %d of %s again: %w", e.Index, e.Log, err)
			}
			rows.add(sn.copy, scanner.Log{Name: e.Log}, Mark{Raw: scanner.Entry{Index: e.Index, LeafInput: e.LeafInput}, Entry: entry})
		}
		if err := errors.Join(insert(ctx, sn.copy, "findings", rows.findings), insert(ctx, sn.copy, "mark_certificates", rows.certificates)); err != nil {
			return err
		}
	}
	return nil
}

// WholeExtraData is the entry's extra_data (RFC 6962, section 4.6): as the log
// sent it, or put together again.
func (e LogEntry) WholeExtraData() []byte {
	if len(e.ExtraData) > 0 {
		return e.ExtraData
	}
	var b cryptobyte.Builder
	if e.Type == parse.PrecertEntry.String() {
		b.AddUint24LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(e.Precertificate) })
	}
	b.AddUint24LengthPrefixed(func(b *cryptobyte.Builder) {
		for _, der := range e.Chain {
			b.AddUint24LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(der) })
		}
	})
	return b.BytesOrPanic() // what came out of a log's extra_data fits into one
}

// settle copies the logos of the snapshot's certificates and merges every
// table into one part, so that rows are read in the same order each time.
func (sn *Snapshot) settle(ctx context.Context) error {
	for _, c := range []tableCopy{
		{"logos", `svg_sha256 IN (SELECT svg_sha256 FROM mark_certificates)`, nil},
		{"similar_logos", `first IN (SELECT svg_sha256 FROM mark_certificates) AND second IN (SELECT svg_sha256 FROM mark_certificates)`, nil},
	} {
		if err := sn.copyTable(ctx, c, nil); err != nil {
			return err
		}
	}
	for _, table := range []string{"log_entries", "malformed_entries", "tree_heads", "mark_certificates", "findings", "logos", "similar_logos"} {
		if err := sn.copy.conn.Exec(ctx, "OPTIMIZE TABLE "+table+" FINAL"); err != nil {
			return fmt.Errorf("merging %s: %w", table, err)
		}
	}
	return nil
}
