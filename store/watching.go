package store

import (
	"context"
	"fmt"
	"time"

	"markwatch/match"
	"markwatch/match/logo"
)

// WatchItem is one version of a line of a watch list.
type WatchItem struct {
	match.Item
	Version   uint64
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
	Removed         bool       `ch:"removed"`
	Author          string     `ch:"author"`
	ChangedAt       time.Time  `ch:"changed_at"`
}

// SaveItems appends a version of each item: as it is, or removed.
func (s *Store) SaveItems(ctx context.Context, items []match.Item, removed bool, author string) error {
	newest, err := s.ItemsVersion(ctx)
	if err != nil {
		return err
	}
	now := time.Now().UTC()
	version := max(newest+1, uint64(now.UnixNano())) // greater than all, also where the clock was put back
	rows := make([]*itemRow, len(items))
	for n, i := range items {
		r := &itemRow{
			ID: i.ID, Version: version, List: i.List, Role: string(i.Role), Kind: string(i.Kind), Value: i.Value, Register: i.Register, Image: string(i.Image),
			Severity: string(i.Severity), Notes: i.Notes, StartsAt: timeOrNil(i.Starts), EndsAt: timeOrNil(i.Ends), Removed: removed, Author: author, ChangedAt: now,
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

// ItemsVersion is the greatest version of any watch item; 0 if there is none.
func (s *Store) ItemsVersion(ctx context.Context) (uint64, error) {
	var newest uint64
	if err := s.conn.QueryRow(ctx, "SELECT max(version) FROM watch_items").Scan(&newest); err != nil {
		return 0, fmt.Errorf("reading the watch lists: %w", err)
	}
	return newest, nil
}

// ItemsState is another number after any change of a watch item. The greatest
// version alone would hide a change that was begun before another and written
// after it.
func (s *Store) ItemsState(ctx context.Context) (uint64, error) {
	var state uint64
	if err := s.conn.QueryRow(ctx, "SELECT sum(cityHash64(id, version)) FROM watch_items FINAL").Scan(&state); err != nil {
		return 0, fmt.Errorf("reading the watch lists: %w", err)
	}
	return state, nil
}

// Items are the watch items in force, by list, role, kind and value.
func (s *Store) Items(ctx context.Context) ([]WatchItem, error) {
	return s.items(ctx, "SELECT * FROM (SELECT * FROM watch_items FINAL ORDER BY version DESC LIMIT 1 BY id) WHERE NOT removed ORDER BY list, role, kind, value")
}

// ItemHistory is every version of every watch item, oldest first.
func (s *Store) ItemHistory(ctx context.Context) ([]WatchItem, error) {
	return s.items(ctx, "SELECT * FROM watch_items FINAL ORDER BY version, list, role, kind, value")
}

func (s *Store) items(ctx context.Context, sql string) ([]WatchItem, error) {
	rows, err := s.conn.Query(ctx, sql)
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
		Version: r.Version, Removed: r.Removed, Author: r.Author, ChangedAt: r.ChangedAt,
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
