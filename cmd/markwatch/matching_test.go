package main

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"markwatch/match"
)

// A hit that another process stored by what it knew then, and ended before it
// could withdraw, is noticed and withdrawn.
func TestHitsOfOthers(t *testing.T) {
	t.Parallel()
	st := openStore(t, t.TempDir())
	defer closeStore(t, st)
	ctx, scanned := context.Background(), make(chan struct{})
	close(scanned)
	stale := match.Hit{ID: strings.Repeat("0b5e", 16), Rule: match.RuleTrademark, Severity: match.High, TBSSHA256: strings.Repeat("77", 32), Reason: "the same registration"}
	for range 2 {
		g, err := startMatching(ctx, st, slog.New(slog.DiscardHandler), nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := g.follow(ctx, nil, scanned); err != nil {
			t.Fatalf("with none but its own hits: %v", err)
		}
		if err := st.SaveHits(ctx, match.Changes{Hits: []match.Hit{stale}}); err != nil {
			t.Fatal(err)
		}
		if err := g.follow(ctx, nil, scanned); !errors.Is(err, errAnew) {
			t.Fatalf("with a hit that nothing supports: %v", err)
		}
	}
	if _, err := startMatching(ctx, st, slog.New(slog.DiscardHandler), nil); err != nil {
		t.Fatal(err)
	}
	if ids, err := st.HitIDs(ctx); err != nil || len(ids) != 0 {
		t.Errorf("hits in force are %v, %v; want none", ids, err)
	}
}
