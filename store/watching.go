package store

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"markwatch/match"
	"markwatch/match/logo"
)

// WatchItem is one version of a line of a watch list.
type WatchItem struct {
	match.Item
	Version   uint64
	Notify    bool // what it finds among what was logged before the item was added is sent, too
	Removed   bool
	Author    string
	ChangedAt time.Time
}

// itemRow is a row of watch_items.
type itemRow struct {
	ID              string     `ch:"id"`
	Version         uint64     `ch:"version"`
	List            string     `ch:"list"`
	Role            string     `ch:"role"`
	Kind            string     `ch:"kind"`
	Value           string     `ch:"value"`
	Register        string     `ch:"register"`
	Image           string     `ch:"image"`
	FeaturesVersion uint32     `ch:"features_version"`
	Descriptor      string     `ch:"descriptor"`
	Severity        string     `ch:"severity"`
	Notes           string     `ch:"notes"`
	StartsAt        *time.Time `ch:"starts_at"`
	EndsAt          *time.Time `ch:"ends_at"`
	Notify          bool       `ch:"notify"`
	Removed         bool       `ch:"removed"`
	Author          string     `ch:"author"`
	ChangedAt       time.Time  `ch:"changed_at"`
}

// SaveItems appends a version of each item: as it is, or removed.
func (s *Store) SaveItems(ctx context.Context, items []match.Item, removed bool, author string) error {
	return s.saveItems(ctx, items, itemRow{Removed: removed, Author: author})
}

// SaveNotifyingItems is SaveItems for items of which also the hits on what was
// logged before them are to be sent.
func (s *Store) SaveNotifyingItems(ctx context.Context, items []match.Item, author string) error {
	return s.saveItems(ctx, items, itemRow{Notify: true, Author: author})
}

func (s *Store) saveItems(ctx context.Context, items []match.Item, as itemRow) error {
	if !as.Removed {
		if err := s.beginLists(ctx, items, as.Author); err != nil {
			return err
		}
	}
	version, now, err := s.newVersion(ctx, "watch_items")
	if err != nil {
		return err
	}
	rows := make([]*itemRow, len(items))
	for n, i := range items {
		r := &itemRow{
			ID: i.ID, Version: version, List: i.List, Role: string(i.Role), Kind: string(i.Kind), Value: i.Value, Register: i.Register, Image: string(i.Image),
			Severity: string(i.Severity), Notes: i.Notes, StartsAt: timeOrNil(i.Starts), EndsAt: timeOrNil(i.Ends),
			Notify: as.Notify, Removed: as.Removed, Author: as.Author, ChangedAt: now,
		}
		if i.Descriptor != nil {
			descriptor, err := i.Descriptor.MarshalBinary()
			if err != nil {
				return fmt.Errorf("storing a watched logo: %w", err)
			}
			r.FeaturesVersion, r.Descriptor = match.FeaturesVersion, string(descriptor)
		}
		rows[n] = r
	}
	return insert(ctx, s, "watch_items", rows)
}

// newVersion is greater than all versions in a table, also where the clock was
// put back.
func (s *Store) newVersion(ctx context.Context, table string) (uint64, time.Time, error) {
	var newest uint64
	if err := s.conn.QueryRow(ctx, "SELECT max(version) FROM "+table+" SETTINGS final = 0").Scan(&newest); err != nil {
		return 0, time.Time{}, fmt.Errorf("reading the watch lists: %w", err)
	}
	now := time.Now().UTC()
	return max(newest+1, uint64(now.UnixNano())), now, nil
}

// ItemsState is another number after any change of a watch item. The greatest
// version alone would hide a change that was begun before another and written
// after it. It is asked for every other second: it reads one column.
func (s *Store) ItemsState(ctx context.Context) (uint64, error) {
	var state uint64
	if err := s.conn.QueryRow(ctx, "SELECT cityHash64(count(), sum(version), max(version)) FROM watch_items SETTINGS final = 0").Scan(&state); err != nil {
		return 0, fmt.Errorf("reading the watch lists: %w", err)
	}
	return state, nil
}

// itemsInForce selects columns of the watch items in force, of those that a
// condition names; "" is all.
func itemsInForce(columns, of string) string {
	return "SELECT " + columns + " FROM watch_items WHERE (id, version) IN (SELECT id, max(version) FROM watch_items" + where(of) + " GROUP BY id SETTINGS final = 0) AND NOT removed"
}

func where(condition string) string {
	if condition == "" {
		return ""
	}
	return " WHERE " + condition
}

// Items are the watch items in force, by list, role, kind and value.
func (s *Store) Items(ctx context.Context) ([]WatchItem, error) {
	return s.items(ctx, itemsInForce("*", "")+" ORDER BY list, role, kind, value, id")
}

// ItemsOf are those of the watch items in force that have one of the ids, as the
// matcher needs them: without files of logos that are described.
func (s *Store) ItemsOf(ctx context.Context, ids []string) ([]WatchItem, error) {
	columns := fmt.Sprintf("* REPLACE (if(features_version = %d, '', image) AS image)", match.FeaturesVersion)
	if len(ids) > manyItems {
		return s.itemsAmong(ctx, columns, ids)
	}
	var out []WatchItem
	for some := range slices.Chunk(ids, 1000) { // a parameter has to fit a request's head
		items, err := s.items(ctx, itemsInForce(columns, "id IN {ids:Array(String)}")+" ORDER BY id", clickhouse.Named("ids", some))
		if err != nil {
			return nil, err
		}
		out = append(out, items...)
	}
	return out, nil
}

// manyItems is from how many on reading all is quicker than asking for some.
const manyItems = 5000

func (s *Store) itemsAmong(ctx context.Context, columns string, ids []string) ([]WatchItem, error) {
	wanted := make(map[string]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	items, err := s.items(ctx, itemsInForce(columns, "")+" ORDER BY id")
	return slices.DeleteFunc(items, func(i WatchItem) bool { return !wanted[i.ID] }), err
}

// ItemsToSearch are the watch items in force that tell what is a hit of some
// lists: those that are watched there, and of all lists what is own or allowed.
// They come as ItemsOf gives them.
func (s *Store) ItemsToSearch(ctx context.Context, lists []string) ([]WatchItem, error) {
	columns := fmt.Sprintf("* REPLACE (if(features_version = %d, '', image) AS image)", match.FeaturesVersion)
	if len(lists) <= 100 {
		return s.items(ctx, itemsInForce(columns, "role != 'watch' OR list IN {lists:Array(String)}")+" ORDER BY id", clickhouse.Named("lists", lists))
	}
	items, err := s.items(ctx, itemsInForce(columns, "")+" ORDER BY id")
	return slices.DeleteFunc(items, func(i WatchItem) bool { return i.Role == match.Watch && !slices.Contains(lists, i.List) }), err
}

// EachItem reads the watch items in force one after the other, by id, without
// their files. It reads their versions in the order in which they are stored, so
// that a million take no memory.
func (s *Store) EachItem(ctx context.Context) iter.Seq2[WatchItem, error] {
	return func(yield func(WatchItem, error) bool) {
		fail := func(err error) { yield(WatchItem{}, fmt.Errorf("reading the watch lists: %w", err)) }
		rows, err := s.conn.Query(ctx, `SELECT id, version, list, role, kind, value, severity, notes, starts_at, ends_at, removed
			FROM watch_items ORDER BY id, version SETTINGS final = 0, max_threads = 1, max_block_size = 8192`)
		if err != nil {
			fail(err)
			return
		}
		defer rows.Close()
		var last itemRow
		ended := func() bool { return last.ID != "" && !last.Removed && !yield(last.item(), nil) }
		for rows.Next() {
			var r itemRow
			if err := rows.Scan(&r.ID, &r.Version, &r.List, &r.Role, &r.Kind, &r.Value, &r.Severity, &r.Notes, &r.StartsAt, &r.EndsAt, &r.Removed); err != nil {
				fail(err)
				return
			}
			if r.ID != last.ID && ended() {
				return
			}
			last = r
		}
		if err := rows.Err(); err != nil {
			fail(err)
			return
		}
		ended()
	}
}

// ItemImage is the file of a watched logo.
func (s *Store) ItemImage(ctx context.Context, id string) ([]byte, error) {
	var image string
	row := s.conn.QueryRow(ctx, "SELECT argMax(image, version) FROM watch_items WHERE id = {id:String}", clickhouse.Named("id", id))
	if err := row.Scan(&image); err != nil {
		return nil, fmt.Errorf("reading a watched logo: %w", err)
	}
	return []byte(image), nil
}

// ItemVersions are the versions of the watch items in force, by id.
func (s *Store) ItemVersions(ctx context.Context) (map[string]uint64, error) {
	rows, err := s.conn.Query(ctx, "SELECT id, max(version) FROM watch_items GROUP BY id HAVING NOT argMax(removed, version) SETTINGS final = 0")
	if err != nil {
		return nil, fmt.Errorf("reading the watch lists: %w", err)
	}
	defer rows.Close()
	versions := map[string]uint64{}
	for rows.Next() {
		var id string
		var version uint64
		if err := rows.Scan(&id, &version); err != nil {
			return nil, fmt.Errorf("reading the watch lists: %w", err)
		}
		versions[id] = version
	}
	return versions, rows.Err()
}

// ItemBegin tells from when on hits of a watch item are news.
type ItemBegin struct {
	Added  time.Time // when it was first added
	Notify bool      // whether hits on what was logged before are to be sent, too
}

// ItemBegins are the beginnings of watch items, by id, at most a thousand;
// removed ones have one too.
func (s *Store) ItemBegins(ctx context.Context, ids []string) (map[string]ItemBegin, error) {
	rows, err := s.conn.Query(ctx, "SELECT id, min(changed_at), max(notify) FROM watch_items WHERE id IN {ids:Array(String)} GROUP BY id SETTINGS final = 0", clickhouse.Named("ids", ids))
	if err != nil {
		return nil, fmt.Errorf("reading when watch items were added: %w", err)
	}
	defer rows.Close()
	begins := map[string]ItemBegin{}
	for rows.Next() {
		var id string
		var b ItemBegin
		if err := rows.Scan(&id, &b.Added, &b.Notify); err != nil {
			return nil, fmt.Errorf("reading when watch items were added: %w", err)
		}
		begins[id] = b
	}
	return begins, rows.Err()
}

// ItemHistory is every version of every watch item, oldest first.
func (s *Store) ItemHistory(ctx context.Context) ([]WatchItem, error) {
	return s.items(ctx, "SELECT * FROM watch_items FINAL ORDER BY version, list, role, kind, value")
}

// Held are the issuances of all organisations that have a certificate for a
// domain or one under it, without test certificates, the oldest first.
func (s *Store) Held(ctx context.Context, domain string) ([]match.Issuance, error) {
	return s.issuances(ctx, "SELECT "+issuanceColumns+` FROM mark_certificates FINAL WHERE NOT is_test AND organisation_key IN
		(SELECT organisation_key FROM mark_certificates FINAL WHERE NOT is_test AND arrayExists(d -> d = {domain:String} OR endsWith(d, concat('.', {domain:String})), domains))
		ORDER BY not_before, tbs_sha256`, clickhouse.Named("domain", domain))
}

func (s *Store) items(ctx context.Context, sql string, args ...any) ([]WatchItem, error) {
	rows, err := s.conn.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("reading the watch lists: %w", err)
	}
	defer rows.Close()
	var out []WatchItem
	for rows.Next() {
		var r itemRow
		if err := rows.ScanStruct(&r); err != nil {
			return nil, fmt.Errorf("reading the watch lists: %w", err)
		}
		out = append(out, r.item())
	}
	return out, rows.Err()
}

// item is what a row says. A logo's descriptor is made anew where the stored one
// is of another version; it is nil where that can't be.
func (r *itemRow) item() WatchItem {
	i := WatchItem{
		Item: match.Item{
			ID: r.ID, List: r.List, Role: match.Role(r.Role), Kind: match.Kind(r.Kind), Value: r.Value, Register: r.Register, Image: []byte(r.Image),
			Severity: match.Severity(r.Severity), Notes: r.Notes,
		},
		Version: r.Version, Notify: r.Notify, Removed: r.Removed, Author: r.Author, ChangedAt: r.ChangedAt,
	}
	if r.StartsAt != nil {
		i.Starts = *r.StartsAt
	}
	if r.EndsAt != nil {
		i.Ends = *r.EndsAt
	}
	if i.Kind != match.KindLogo {
		return i
	}
	if r.FeaturesVersion == match.FeaturesVersion {
		d := new(logo.Descriptor)
		if err := d.UnmarshalBinary([]byte(r.Descriptor)); err == nil {
			i.Descriptor = d
			return i
		}
	}
	if picture, err := logo.Decode(i.Image); err == nil {
		i.Descriptor, _ = logo.Describe(picture.Image) // nil with an error
	}
	return i
}

// timeOrNil is nil for no time.
func timeOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = storable(t)
	return &t
}
