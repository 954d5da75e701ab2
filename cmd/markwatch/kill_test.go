package main

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"markwatch/internal/ctlogtest"
)

// A watch that is killed again and again, in its backfill and while the log
// grows, ends with the same store as one that never was.
func TestKilledAgainAndAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	l := ctlogtest.New(ctlogtest.Options{Name: "larkspur", MaxGetEntries: 20})
	fill(l, 1)
	r.serve(l)
	killed, whole := filepath.Join(r.dir, "killed"), filepath.Join(r.dir, "whole")
	kills := 11
	if testing.Short() {
		kills = 2
	}
	random := rand.New(rand.NewPCG(2, 11))
	for range kills {
		r.killSome(random, killed)
	}
	growing, stop := context.WithCancel(t.Context())
	grown := make(chan struct{})
	go func() {
		defer close(grown)
		tick := time.NewTicker(25 * time.Millisecond)
		defer tick.Stop()
		for n := 0; growing.Err() == nil; n += 3 {
			grow(l, n, 3)
			<-tick.C
		}
	}()
	for range kills {
		r.killSome(random, killed)
	}
	stop()
	<-grown
	r.run(exitDone, "markwatch", "--store", killed, "watch", "--once")
	r.run(exitDone, "markwatch", "--store", whole, "watch", "--once")
	if diff := cmp.Diff(answers(t, whole), answers(t, killed)); diff != "" {
		t.Errorf("the store of the killed watch differs (-whole +killed):\n%s", diff)
	}
	r.checkHeads(killed)
	if got := r.states(killed)["larkspur"]; got.Position != l.Size() || got.State != "following" {
		t.Errorf("the log stands at %d, %s; want %d, following", got.Position, got.State, l.Size())
	}
}

// killSome starts a watch that stores a few entries at a time and kills it: as
// it opens its store, or some batches later.
func (r *rig) killSome(random *rand.Rand, dir string) {
	r.t.Helper()
	p := r.start(smallBatches, "--store", dir, "watch")
	defer p.kill()
	if batches := random.IntN(4); batches > 0 {
		if !p.waitFor("msg=stored", batches) {
			r.t.Fatalf("watch ended by itself:\n%s", p.said())
		}
		<-time.After(time.Duration(random.IntN(60)) * time.Millisecond)
		return
	}
	<-time.After(time.Duration(random.IntN(600)) * time.Millisecond)
}
