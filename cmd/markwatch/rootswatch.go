package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"markwatch/scanner"
	"markwatch/store"
)

// How often a log is asked which roots it accepts.
const (
	rootsEvery    = 24 * time.Hour
	rootsLook     = 10 * time.Minute // between two looks at which logs are due
	rootsRetry    = time.Hour        // after an answer that could not be had
	rootsPatience = 5 * time.Minute  // for one log
)

// keepRoots asks each log that is followed once a day which roots it accepts,
// one log after the other, until ctx ends.
func (w *watcher) keepRoots(ctx context.Context) {
	next := map[scanner.Hash]time.Time{}
	for {
		for _, log := range w.roster.following() {
			if ctx.Err() != nil {
				return
			}
			if time.Now().Before(next[log.ID()]) {
				continue
			}
			next[log.ID()] = time.Now().Add(w.rootsOf(ctx, log))
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(rootsLook):
		}
	}
}

// checkRoots asks a log for its roots, if that wasn't done within the last day.
func (w *watcher) checkRoots(ctx context.Context, log scanner.Log) { w.rootsOf(ctx, log) }

// rootsOf asks a log for its roots if they are due, and returns when to look again.
func (w *watcher) rootsOf(ctx context.Context, log scanner.Log) time.Duration {
	recorded, err := w.store.AcceptedRoots(ctx, log)
	if err == nil {
		if age := time.Since(lastSeen(recorded)); age < rootsEvery {
			return rootsEvery - age
		}
		err = w.recordRoots(ctx, log)
	}
	if err != nil {
		if ctx.Err() == nil {
			w.log.Warn("it is not known which roots a log accepts now", "log", log.Name, "error", err)
		}
		return rootsRetry
	}
	return rootsEvery
}

// lastSeen is when roots were last recorded.
func lastSeen(roots []store.AcceptedRoot) time.Time {
	var last time.Time
	for _, r := range roots {
		if r.LastSeen.After(last) {
			last = r.LastSeen
		}
		if r.Removed.After(last) {
			last = r.Removed
		}
	}
	return last
}

// recordRoots asks a log for its roots and records them. A change is told
// before it is recorded: cut off between the two, it is told again.
func (w *watcher) recordRoots(ctx context.Context, log scanner.Log) error {
	ders, err := w.askRoots(ctx, log)
	if err != nil {
		return err
	}
	change, err := w.store.CompareRoots(ctx, log, ders, time.Now().UTC())
	if err != nil {
		return err
	}
	if !change.First && len(change.Added)+len(change.Removed) > 0 {
		text := rootsText(log.Name, change)
		w.log.Warn("a log accepts other roots than before", "log", log.Name, "change", text)
		w.event(ctx, alarmRoots, log.Name, text)
	}
	return w.store.SaveRoots(ctx, log, change)
}

// askRoots asks a log which roots it accepts, giving up after a few tries.
func (w *watcher) askRoots(ctx context.Context, log scanner.Log) ([][]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, rootsPatience)
	defer cancel()
	config := w.scanConfig(log, scanner.Position{})
	config.Once, config.Leaves = true, nil
	return askRoots(ctx, config)
}

// askRoots asks the log of a scan which roots it accepts.
func askRoots(ctx context.Context, config scanner.Config) ([][]byte, error) {
	scan, err := scanner.New(config)
	if err != nil {
		return nil, err
	}
	audit, err := scan.Auditor()
	if err != nil {
		return nil, err
	}
	return audit.Roots(ctx)
}

// rootsText tells a change of accepted roots.
func rootsText(log string, c *store.RootsChange) string {
	var parts []string
	if len(c.Added) > 0 {
		parts = append(parts, fmt.Sprintf("%d came (%s)", len(c.Added), rootNames(c.Added)))
	}
	if len(c.Removed) > 0 {
		parts = append(parts, fmt.Sprintf("%d went (%s)", len(c.Removed), rootNames(c.Removed)))
	}
	return fmt.Sprintf("Of the roots that %s accepts, %s, since %s; there are %d now.", log, strings.Join(parts, " and "),
		c.Known.UTC().Format(time.RFC3339), len(c.Kept)+len(c.Added))
}

// rootNames names roots, of many the first.
func rootNames(roots []store.AcceptedRoot) string {
	const most = 5
	var names []string
	for i, r := range roots {
		if i == most {
			names = append(names, fmt.Sprintf("and %d more", len(roots)-most))
			break
		}
		name := r.Subject
		if name == "" {
			name = "a certificate that can't be read"
		}
		names = append(names, name+", SHA-256 "+r.SHA256[:16]+"…")
	}
	return strings.Join(names, "; ")
}
