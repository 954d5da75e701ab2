package store

import (
	"context"
	"time"
)

// RunOut are the snapshots that a server would count as left behind.
func RunOut(s *Store, ctx context.Context, life time.Duration) ([]string, error) {
	return s.runOut(ctx, life)
}

// Renew renews a snapshot's lease as on a server.
func Renew(sn *Snapshot, ctx context.Context) error { return sn.copy.renewLease(ctx) }
