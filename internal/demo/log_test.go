package demo_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"markwatch/internal/ctlogtest"
	"markwatch/internal/demo"
)

func now() time.Time { return time.Date(2031, 5, 14, 15, 4, 5, 0, time.UTC) }

// once makes the log of a world that doesn't grow.
func once(t *testing.T, seed uint64) *ctlogtest.Log {
	t.Helper()
	l, grow, err := demo.NewWorld(seed).Log(t.Context(), demo.LogOptions{Now: now(), Once: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := grow(t.Context()); err != nil {
		t.Fatalf("growing a log that doesn't: %v", err)
	}
	return l
}

// entry is one of get-entries.
type entry struct {
	LeafInput []byte `json:"leaf_input"`
	ExtraData []byte `json:"extra_data"`
}

// entries reads a whole log.
func entries(t *testing.T, l *ctlogtest.Log) []entry {
	t.Helper()
	var all []entry
	for uint64(len(all)) < l.Size() {
		resp, err := l.Client().Get(fmt.Sprintf("https://larkspur.example/ct/v1/get-entries?start=%d&end=%d", len(all), l.Size()-1))
		if err != nil {
			t.Fatal(err)
		}
		var body struct{ Entries []entry }
		err = json.NewDecoder(resp.Body).Decode(&body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != http.StatusOK || len(body.Entries) == 0 {
			t.Fatalf("get-entries from %d: %s, %d entries, %v", len(all), resp.Status, len(body.Entries), err)
		}
		all = append(all, body.Entries...)
	}
	return all
}

// stamp is the timestamp of a leaf (RFC 6962 section 3.4).
func stamp(e entry) uint64 {
	var ms uint64
	for _, b := range e.LeafInput[2:10] {
		ms = ms<<8 | uint64(b)
	}
	return ms
}

func TestLogIsDeterministic(t *testing.T) {
	a, b, c := once(t, 5), once(t, 5), once(t, 6)
	if a.Size() != b.Size() || a.Root(a.Size()) != b.Root(b.Size()) {
		t.Error("two logs of one seed differ")
	}
	if a.Root(a.Size()) == c.Root(c.Size()) {
		t.Error("logs of two seeds are alike")
	}
	if !bytes.Equal(a.PublicKey(), c.PublicKey()) {
		t.Error("the log's key depends on the seed")
	}
}

func TestLogHoldsTheHistory(t *testing.T) {
	for seed := range uint64(3) {
		l := once(t, seed)
		all := entries(t, l)
		if len(all) < 450 || len(all) > 900 {
			t.Errorf("seed %d: got %d entries, want several hundred", seed, len(all))
		}
		eku := []byte{0x2b, 6, 1, 5, 5, 7, 3, 0x1f}
		var pre, marks, others int
		var last uint64
		for i, e := range all {
			if ms := stamp(e); ms < last || ms > uint64(now().UnixMilli()) {
				t.Errorf("seed %d, entry %d: time %d after %d", seed, i, ms, last)
			} else {
				last = ms
			}
			switch {
			case !bytes.Contains(e.LeafInput, eku):
				others++
			case e.LeafInput[11] == 1:
				pre++
			default:
				marks++
			}
		}
		if pre < 200 || marks < 180 || others < 20 {
			t.Errorf("seed %d: got %d precertificates, %d certificates, %d others", seed, pre, marks, others)
		}
		first := time.UnixMilli(int64(stamp(all[0])))
		if age := now().Sub(first); age < 2*365*24*time.Hour {
			t.Errorf("seed %d: the history is only %v long", seed, age)
		}
	}
}

func TestCertificatesHoldTheLogsSCT(t *testing.T) {
	l := once(t, 1)
	id := l.LogID()
	with := 0
	for _, e := range entries(t, l) {
		if e.LeafInput[11] == 0 && bytes.Contains(e.LeafInput, id[:]) {
			with++
		}
	}
	if with < 180 {
		t.Errorf("got %d certificates with an SCT of the log, want 180 or more", with)
	}
}

func TestLogGrows(t *testing.T) {
	run := func() (before, after uint64, root ctlogtest.Hash) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			l, grow, err := demo.NewWorld(1).Log(ctx, demo.LogOptions{Now: now(), Interval: time.Second})
			if err != nil {
				t.Fatal(err)
			}
			before = l.Size()
			done := make(chan error, 1)
			go func() { done <- grow(ctx) }()
			<-time.After(100*time.Second + time.Second/2)
			cancel()
			if err := <-done; err != nil {
				t.Errorf("growing: %v", err)
			}
			after = l.Size()
			if got, want := l.Timestamp(), now().Add(100*time.Second); !got.Equal(want) {
				t.Errorf("last tree head is of %v, want %v", got, want)
			}
			root = l.Root(after)
		})
		return before, after, root
	}
	before, after, root := run()
	// 100 submissions, of which most are pairs.
	if grown := after - before; grown < 150 || grown > 200 {
		t.Errorf("grew from %d to %d entries in 100 submissions", before, after)
	}
	if _, _, again := run(); again != root {
		t.Error("two logs of one seed grow differently")
	}
}

func TestLogEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := demo.NewWorld(1).Log(ctx, demo.LogOptions{Now: now()}); err == nil {
		t.Error("filling a log after its context ended: no error")
	}
}

func BenchmarkLog(b *testing.B) {
	for b.Loop() {
		if _, _, err := demo.NewWorld(1).Log(b.Context(), demo.LogOptions{Now: now(), Once: true}); err != nil {
			b.Fatal(err)
		}
	}
}
