package main

import (
	"encoding/base64"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/go-cmp/cmp"

	"markwatch/internal/ctlogtest"
)

// farLog serves a log that is far behind for who reads it in ranges of eight.
func farLog(t *testing.T, r *rig, static bool) *ctlogtest.Log {
	t.Helper()
	l := ctlogtest.New(ctlogtest.Options{Name: "foxglove", MaxGetEntries: 12, Static: static})
	fill(l, 3)
	grow(l, 0, 45)
	r.serve(l)
	if static {
		r.config = strings.TrimSuffix(r.config, "}\n") + ", type: static-ct-api}\n"
		if err := os.WriteFile(filepath.Join(r.dir, "markwatch.yaml"), []byte(r.config), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return l
}

// A log that is read in ranges side by side, also after it was read in order for
// a while, ends as the same store as one that was read in order. A stored range
// that is damaged is read again.
func TestRangesSameAsInOrder(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	l := farLog(t, r, true)
	whole, ranged := filepath.Join(r.dir, "whole"), filepath.Join(r.dir, "ranged")
	r.run(exitDone, "markwatch", "--store", whole, "watch", "--once")
	damaged := openStore(t, ranged)
	if err := damaged.Conn().Exec(t.Context(), "INSERT INTO ranges (log_id, start, size, root, log) SELECT {id:String}, 16, 8, repeat('7', 64), 'foxglove'",
		clickhouse.Named("id", base64.StdEncoding.EncodeToString(idOf(l)))); err != nil {
		t.Fatal(err)
	}
	closeStore(t, damaged)
	p := r.run(exitDone, smallBatches, "--store", ranged, "watch", "--once", "--ranges", "4")
	if !p.waitFor("are read again", 1) {
		t.Errorf("a damaged range was joined:\n%s", p.said())
	}
	if !p.waitFor(`msg="stored a range"`, int(l.Size()/8)-1) {
		t.Errorf("the log was not read in ranges:\n%s", p.said())
	}
	if diff := cmp.Diff(answers(t, whole), answers(t, ranged)); diff != "" {
		t.Errorf("the store of ranges differs (-in order +ranges):\n%s", diff)
	}
	r.checkHeads(ranged)
	grow(l, 45, 41)
	r.run(exitDone, "markwatch", "--store", whole, "watch", "--once")
	r.run(exitDone, smallBatches, "--store", ranged, "watch", "--once", "--ranges", "3")
	if diff := cmp.Diff(answers(t, whole), answers(t, ranged)); diff != "" {
		t.Errorf("the store of ranges differs after the log grew (-in order +ranges):\n%s", diff)
	}
}

// idOf is a log's id.
func idOf(l *ctlogtest.Log) []byte {
	id := l.LogID()
	return id[:]
}

// Three processes share a log in a store that a fourth keeps; two of them, also
// who moves the log's position, are killed and begin anew at random moments.
// Whoever read what, the store ends as that of one process that read in order.
func TestSharedAndKilled(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	l := farLog(t, r, false)
	r.logs[l.Name()].log.SetFaults(ctlogtest.Faults{Endpoints: []string{"get-entries"}, SlowBody: 2 * time.Millisecond})
	whole, shared := filepath.Join(r.dir, "whole"), filepath.Join(r.dir, "shared")
	kills := 7
	if testing.Short() {
		kills = 3
	}
	keeper := openStore(t, shared)
	args := []string{"--store", shared, "watch", "--once", "--ranges", "2", "--claim"}
	victims := []*process{r.start(smallBatches, args...), nil}
	if !victims[0].waitFor("joins=true", 1) {
		t.Fatalf("the first to come does not lead:\n%s", victims[0].said())
	}
	last := r.start(smallBatches, args...)
	victims[1] = r.start(smallBatches, args...)
	random := rand.New(rand.NewPCG(7, 22))
	for n := range kills {
		<-time.After(time.Duration(300+random.IntN(2500)) * time.Millisecond)
		victims[n%2].kill()
		if n+2 < kills {
			victims[n%2] = r.start(smallBatches, args...)
		}
	}
	code := last.wait(5 * time.Minute)
	closeStore(t, keeper)
	if code != exitDone {
		t.Fatalf("the one that lived ended with %d:\n%s", code, last.said())
	}
	r.run(exitDone, "markwatch", "--store", whole, "watch", "--once")
	if diff := cmp.Diff(answers(t, whole), answers(t, shared)); diff != "" {
		t.Errorf("the shared store differs (-whole +shared):\n%s", diff)
	}
	r.checkHeads(shared)
	if got := r.states(shared)[l.Name()]; got.Position != l.Size() || got.State != "following" {
		t.Errorf("the log stands at %d, %s; want %d, following", got.Position, got.State, l.Size())
	}
}

// A log that serves other entries than it signed, in a range that one of several
// readers gets, is stopped for all of them, with evidence.
func TestLyingRangeStops(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	l := farLog(t, r, true)
	l.SetFaults(ctlogtest.Faults{CorruptEntry: 1, CorruptIndex: 77})
	dir := filepath.Join(r.dir, "store")
	for range 2 {
		p := r.run(exitFailed, smallBatches, "--store", dir, "watch", "--once", "--ranges", "2", "--claim")
		if !p.waitFor("markwatch logs resume foxglove", 1) {
			t.Errorf("nothing is said of what to do:\n%s", p.said())
		}
	}
	if got := r.states(dir)[l.Name()]; got.State != "stopped" || got.Position > 77 {
		t.Errorf("the log stands at %d, %s", got.Position, got.State)
	}
	bundles, err := filepath.Glob(filepath.Join(dir, "evidence", "*.json"))
	if err != nil || len(bundles) != 1 {
		t.Errorf("evidence is %v, %v", bundles, err)
	}
}

// The sizes of ranges and runs depend on the log's size alone, and ranges are
// never larger than runs.
func TestRangeLevels(t *testing.T) {
	for size, want := range map[uint64][2]uint{
		0: {8, 8}, 1000: {8, 8}, 5000: {9, 9}, 100_000: {13, 13}, 1_000_000: {16, 16}, 20_000_000: {16, 19}, 1_000_000_000: {16, 20}, 1 << 40: {16, 20},
	} {
		if level, run := rangeLevels(size, 0); level != want[0] || run != want[1] {
			t.Errorf("a log of %d entries: ranges of 1<<%d, runs of 1<<%d, want %d and %d", size, level, run, want[0], want[1])
		}
	}
	if level, run := rangeLevels(1000, 8); level != 3 || run != 4 {
		t.Errorf("with batches of 8: ranges of 1<<%d, runs of 1<<%d", level, run)
	}
}
