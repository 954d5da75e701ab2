package store

import (
	"context"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// claimSettles is how long a new claim waits for one that was begun before it
// and is still on its way: longer than a write takes, and than clocks differ.
const claimSettles = time.Second

// claimRow is a row of claims.
type claimRow struct {
	Work    string    `ch:"work"`
	Owner   string    `ch:"owner"`
	Begun   uint64    `ch:"begun"`
	Version uint64    `ch:"version"`
	Ends    time.Time `ch:"ends_at"`
}

// Claim takes a piece of work for owner until the time given, or renews its
// claim; it tells whether the work is owner's. Two may both be told so where a
// write takes longer than claimSettles: claimed work must bear to be done twice.
func (s *Store) Claim(ctx context.Context, work, owner string, until time.Time) (bool, error) {
	now := time.Now()
	holder, begun, err := s.claimHolder(ctx, work, now)
	if err != nil || holder != "" && holder != owner {
		return false, err
	}
	renewed := holder == owner
	if !renewed {
		begun = uint64(now.UnixNano())
	}
	if err := insert(ctx, s, "claims", []*claimRow{{work, owner, begun, uint64(now.UnixNano()), storable(until)}}); err != nil {
		return false, fmt.Errorf("claiming %s: %w", work, err)
	}
	if renewed {
		return true, nil
	}
	select {
	case <-ctx.Done():
		return false, ctx.Err()
	case <-time.After(claimSettles):
	}
	holder, _, err = s.claimHolder(ctx, work, time.Now())
	return holder == owner, err
}

// Release ends a claim, so that another may take the work at once.
func (s *Store) Release(ctx context.Context, work, owner string) error {
	now := time.Now()
	if err := insert(ctx, s, "claims", []*claimRow{{work, owner, 0, uint64(now.UnixNano()), storable(now)}}); err != nil {
		return fmt.Errorf("giving up %s: %w", work, err)
	}
	return nil
}

// claimHolder is whose claim of a piece of work is in force; "" if nobody's.
func (s *Store) claimHolder(ctx context.Context, work string, now time.Time) (owner string, begun uint64, err error) {
	rows, err := s.conn.Query(ctx, "SELECT owner, begun FROM claims FINAL WHERE work = {work:String} AND ends_at > {now:DateTime64(3)} ORDER BY begun, owner LIMIT 1",
		clickhouse.Named("work", work), clickhouse.DateNamed("now", now.UTC(), clickhouse.MilliSeconds))
	if err != nil {
		return "", 0, fmt.Errorf("reading who has %s: %w", work, err)
	}
	defer rows.Close()
	if rows.Next() {
		if err := rows.Scan(&owner, &begun); err != nil {
			return "", 0, fmt.Errorf("reading who has %s: %w", work, err)
		}
	}
	return owner, begun, rows.Err()
}
