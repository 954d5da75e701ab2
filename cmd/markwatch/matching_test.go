package main

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"markwatch/match"
)

// What was read without matching is matched by the next watch, and the store ends as
// if it had been all along.
func TestMatchedLater(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	farLog(t, r, false)
	whole, later := filepath.Join(r.dir, "whole"), filepath.Join(r.dir, "later")
	r.run(exitDone, "markwatch", "--store", whole, "watch", "--once")
	r.run(exitDone, "markwatch", "--store", later, "watch", "--once", "--no-match")
	st := openStore(t, later)
	var logos, described, hits uint64
	err := st.Conn().QueryRow(t.Context(), "SELECT count(), countIf(features_version > 0), (SELECT count() FROM hits) FROM logos").Scan(&logos, &described, &hits)
	closeStore(t, st)
	if err != nil || logos == 0 || described > 0 || hits > 0 {
		t.Errorf("without matching there are %d logos, %d of them described, and %d hits: %v", logos, described, hits, err)
	}
	r.run(exitDone, "markwatch", "--store", later, "watch", "--once")
	if diff := cmp.Diff(answers(t, whole), answers(t, later)); diff != "" {
		t.Errorf("the store that was matched later differs (-at once +later):\n%s", diff)
	}
}

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
