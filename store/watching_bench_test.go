package store_test

import (
	"context"
	"fmt"
	"syscall"
	"testing"
	"time"

	"markwatch/match"
)

// BenchmarkWatching is what reading 100,000 watch items over 1,000 lists takes:
// what a running watch asks every other second, what it reads when one of them
// has changed, and what a start and deliveries read. CPU-ms is the processor's
// time, the engine's included.
func BenchmarkWatching(b *testing.B) {
	s := open(b, b.TempDir())
	items := make([]match.Item, 100_000)
	ids := make([]string, len(items))
	for n := range items {
		items[n] = domainItem(b, fmt.Sprintf("list-%d", n/100), fmt.Sprintf("torblen-%d.com", n))
		ids[n] = items[n].ID
	}
	if err := s.SaveItems(b.Context(), items, false, "dora"); err != nil {
		b.Fatal(err)
	}
	for _, read := range []struct {
		name string
		do   func(context.Context) (int, error)
	}{
		{"state", func(ctx context.Context) (int, error) { _, err := s.ItemsState(ctx); return 0, err }},
		{"versions", func(ctx context.Context) (int, error) { v, err := s.ItemVersions(ctx); return len(v) - 100_000, err }},
		{"one", func(ctx context.Context) (int, error) { v, err := s.ItemsOf(ctx, ids[:1]); return len(v) - 1, err }},
		{"all", func(ctx context.Context) (int, error) { v, err := s.ItemsOf(ctx, ids); return len(v) - 100_000, err }},
		{"begins of 1,000", func(ctx context.Context) (int, error) {
			v, err := s.ItemBegins(ctx, ids[:1000])
			return len(v) - 1000, err
		}},
		{"lists", func(ctx context.Context) (int, error) { v, err := s.WatchLists(ctx); return len(v) - 1000, err }},
		{"add one", func(ctx context.Context) (int, error) { return 0, s.SaveItems(ctx, items[:1], false, "dora") }},
	} {
		b.Run(read.name, func(b *testing.B) {
			before := cpuTime(b)
			for b.Loop() {
				if missing, err := read.do(b.Context()); err != nil || missing != 0 {
					b.Fatalf("%d are missing, %v", -missing, err)
				}
			}
			b.ReportMetric(float64((cpuTime(b)-before).Microseconds())/1000/float64(b.N), "CPU-ms/op")
		})
	}
}

// cpuTime is how long the processor has worked for this process.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
