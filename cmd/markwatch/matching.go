package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"markwatch/match"
	"markwatch/match/logo"
	"markwatch/store"
)

// matching keeps the hits of a store up to date with what is stored: mark
// certificates, whoever wrote them, and watch lists. It comes after the store
// and reads from it, so that scanning never waits for it, and so that it goes on
// where it was after any end.
type matching struct {
	store   *store.Store
	log     *slog.Logger
	metrics *metrics // nil: nothing is counted
	found   func()   // called when there are new hits; nil: nobody waits for them
	matcher *match.Matcher
	read    map[string]uint64 // up to where each log is matched, by its id
	items   map[string]uint64 // versions of the watch items in force, by id
	state   uint64            // of the watch lists
	now     func() time.Time
}

const (
	describeAtOnce = 128  // logos, between two saves
	matchAtOnce    = 1000 // mark certificates, likewise
	matchEvery     = 2 * time.Second
	compareEvery   = 10 * time.Minute // of the stored hits with the known ones
)

// startMatching loads what is stored into a new matcher and writes the hits that
// are missing.
func startMatching(ctx context.Context, st *store.Store, log *slog.Logger, m *metrics) (*matching, error) {
	g := newMatching(st, log, m)
	return g, g.start(ctx, g.changedItems, func(*match.Hit) bool { return true })
}

func newMatching(st *store.Store, log *slog.Logger, m *metrics) *matching {
	return &matching{store: st, log: log, metrics: m, matcher: match.New(), items: map[string]uint64{}, now: time.Now}
}

// start loads what is stored, with the watch items that items gives, and writes
// the missing ones of the hits that there are with these: the mine ones.
func (g *matching) start(ctx context.Context, items func(context.Context) ([]match.Item, []string, error), mine func(*match.Hit) bool) error {
	if err := g.loadLogos(ctx); err != nil {
		return err
	}
	var err error
	if g.read, err = g.store.Read(ctx); err != nil {
		return err
	}
	var state match.State
	// Hits first: one that another markwatch finds from now on, on an issuance that
	// isn't read here, would seem to be a hit no more.
	if state.Hits, err = g.store.Hits(ctx); err != nil {
		return err
	}
	state.Hits = slices.DeleteFunc(state.Hits, func(h match.Hit) bool { return !mine(&h) })
	if state.Issuances, err = g.store.Issuances(ctx); err != nil {
		return err
	}
	if state.Items, _, err = items(ctx); err != nil {
		return err
	}
	// A logo whose certificate came since loadLogos is described with it.
	if err := g.describe(ctx, logosOf(state.Issuances)); err != nil {
		return err
	}
	g.matcher.At(g.now())
	return g.save(ctx, g.matcher.Restore(state), len(state.Issuances))
}

// loadLogos makes the stored logos known, and describes those that aren't yet.
func (g *matching) loadLogos(ctx context.Context) error {
	logos, err := g.store.Logos(ctx, nil)
	if err != nil {
		return err
	}
	similar, err := g.store.Similar(ctx)
	if err != nil {
		return err
	}
	g.matcher.RestoreLogos(logos, similar)
	return g.describe(ctx, nil)
}

// describe computes the features of stored logos that have none, and compares
// them with the known ones; of says which, nil all.
func (g *matching) describe(ctx context.Context, of []string) error {
	if of != nil {
		of = slices.DeleteFunc(of, g.matcher.HasLogo)
		if len(of) == 0 {
			return nil
		}
	}
	for done := 0; ; {
		svgs, err := g.store.Undescribed(ctx, of, describeAtOnce)
		if err != nil {
			return err
		}
		if len(svgs) == 0 {
			break
		}
		features, err := describeAll(ctx, svgs)
		if err != nil {
			return err
		}
		logos := make([]match.Logo, len(features))
		for i, f := range features {
			logos[i] = match.Logo{SHA256: f.SHA256, Descriptor: f.Descriptor}
		}
		if err := g.store.SaveSimilar(ctx, g.matcher.AddLogos(logos)); err != nil {
			return err
		}
		if err := g.store.SaveFeatures(ctx, features); err != nil {
			return err
		}
		if done += len(svgs); len(svgs) == describeAtOnce {
			g.log.Info("describing logos", "done", done)
		}
	}
	// What another markwatch has described.
	logos, err := g.store.Logos(ctx, slices.DeleteFunc(slices.Clone(of), g.matcher.HasLogo))
	if err != nil || of == nil {
		return err
	}
	return g.store.SaveSimilar(ctx, g.matcher.AddLogos(logos))
}

// describeAll computes features side by side.
func describeAll(ctx context.Context, svgs []store.SVG) ([]store.Features, error) {
	out := make([]store.Features, len(svgs))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, svg := range svgs {
		group.Go(func() error {
			if ctx.Err() == nil { // those that are slow to draw would hold up the end of markwatch
				out[i] = featuresOf(svg)
			}
			return ctx.Err()
		})
	}
	return out, group.Wait()
}

// featuresOf computes what there is to know of one logo. One that can't be drawn
// or is too plain has a problem and is compared with nothing but its own copies.
func featuresOf(svg store.SVG) store.Features {
	f := store.Features{SHA256: svg.SHA256}
	picture, err := logo.Decode(svg.SVG)
	if err != nil {
		f.Problem = err.Error()
		return f
	}
	f.Text, f.Undrawn = picture.Text, picture.Undrawn
	if f.Hashes, err = logo.HashesOf(picture.Image); err == nil {
		f.Descriptor, err = logo.Describe(picture.Image)
	}
	if err != nil {
		f.Problem = err.Error()
	}
	return f
}

func logosOf(issuances []match.Issuance) []string {
	seen := map[string]bool{}
	for i := range issuances {
		if issuances[i].Logo != "" {
			seen[issuances[i].Logo] = true
		}
	}
	return append([]string{}, slices.Sorted(maps.Keys(seen))...)
}

// keepMatched matches what is stored until ctx ends, or until scanned is closed
// and all that was stored by then is matched. After an error, such as a store
// that is away, it begins anew from what is stored; with once it gives up after
// some tries. Where others are to match, it does nothing.
func (w *watcher) keepMatched(ctx context.Context, scanned <-chan struct{}) error {
	if w.config.NoMatch {
		w.log.Info("what is read is not matched here: no hits are found but by another watch with this store")
		return nil
	}
	wait := firstStoreWait
	for try, anew := 1, 0; ; try++ {
		g, err := startMatching(ctx, w.store, w.log, w.metrics)
		if err == nil {
			try, wait = 1, firstStoreWait
			g.found = w.dispatcher.Found
			g.found()
			err = g.follow(ctx, w.stored, scanned)
		}
		if errors.Is(err, errAnew) {
			if anew++; w.once && anew == onceStoreTries {
				return err
			}
			w.log.Info("another process has stored other hits; all is matched anew")
			continue
		}
		if err == nil || ctx.Err() != nil || w.once && try == onceStoreTries {
			return err
		}
		w.log.Error("matching came to nothing; it is tried again", "error", err, "wait", wait)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
		wait = min(2*wait, lastStoreWait)
	}
}

// errAnew says that others left hits of which nothing is known here.
var errAnew = errors.New("the store has other hits than are known here")

// follow matches what comes: when woken, and now and then for what others store.
// It ends with errAnew where matching has to begin anew.
func (g *matching) follow(ctx context.Context, wake, scanned <-chan struct{}) error {
	compare := time.Now().Add(compareEvery)
	for {
		last := false
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-scanned:
			last = true
		case <-wake:
		case <-time.After(matchEvery):
		}
		if err := g.catchUp(ctx); err != nil {
			return err
		}
		if last || time.Now().After(compare) {
			if err := g.compareHits(ctx); err != nil {
				return err
			}
			compare = time.Now().Add(compareEvery)
		}
		if last {
			return nil
		}
	}
}

// compareHits is errAnew when the stored hits aren't those that are known here. Where
// several match into one store, one may have stored a hit by what it knew then,
// and have ended before it could withdraw it.
func (g *matching) compareHits(ctx context.Context) error {
	before := g.matcher.Hits()
	stored, err := g.store.HitIDs(ctx)
	if err != nil {
		return err
	}
	if err := g.catchUp(ctx); err != nil { // with what others matched before
		return err
	}
	after := g.matcher.Hits()
	for _, id := range stored {
		if !before[id] && !after[id] {
			return errAnew
		}
		delete(before, id)
	}
	for id := range before {
		if after[id] {
			return errAnew
		}
	}
	return nil
}

// catchUp matches everything that is stored and not matched yet.
func (g *matching) catchUp(ctx context.Context) error {
	if err := g.catchUpItems(ctx); err != nil {
		return err
	}
	if err := g.save(ctx, g.matcher.At(g.now()), 0); err != nil { // what was allowed until now
		return err
	}
	read, err := g.store.Read(ctx)
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(read)) {
		for g.read[id] < read[id] {
			if err := g.matchStep(ctx, id, read[id]); err != nil {
				return err
			}
		}
	}
	return nil
}

// matchStep matches some entries of a log.
func (g *matching) matchStep(ctx context.Context, id string, end uint64) error {
	next, err := g.store.Step(ctx, id, g.read[id], end, matchAtOnce)
	if err != nil {
		return err
	}
	issuances, err := g.store.IssuancesOf(ctx, id, g.read[id], next)
	if err != nil {
		return err
	}
	if err := g.describe(ctx, logosOf(issuances)); err != nil {
		return err
	}
	if err := g.save(ctx, g.matcher.Add(issuances), len(issuances)); err != nil {
		return err
	}
	g.read[id] = next
	return nil
}

// catchUpItems takes over changes of the watch lists.
func (g *matching) catchUpItems(ctx context.Context) error {
	changed, removed, err := g.changedItems(ctx)
	if err != nil {
		return err
	}
	if err := g.save(ctx, g.matcher.RemoveItems(removed), 0); err != nil {
		return err
	}
	return g.save(ctx, g.matcher.SetItems(changed), 0)
}

// changedItems are the items that are new or others since the last look, and
// the ids of those that are no more.
func (g *matching) changedItems(ctx context.Context) (changed []match.Item, removed []string, err error) {
	state, err := g.store.ItemsState(ctx)
	if err != nil || state == g.state {
		return nil, nil, err
	}
	now, err := g.store.ItemVersions(ctx)
	if err != nil {
		return nil, nil, err
	}
	var others []string
	for id, version := range now {
		if g.items[id] != version {
			others = append(others, id)
		}
	}
	slices.Sort(others)
	items, err := g.store.ItemsOf(ctx, others)
	if err != nil {
		return nil, nil, err
	}
	for id := range g.items {
		if now[id] == 0 {
			removed = append(removed, id)
		}
	}
	g.items, g.state = now, state
	return g.comparable(items), removed, nil
}

// comparable is the items without what only the store knows. It warns of logos
// that are nothing to compare with any more.
func (g *matching) comparable(items []store.WatchItem) []match.Item {
	all := make([]match.Item, len(items))
	for n, i := range items {
		if all[n] = i.Item; i.Kind == match.KindLogo && i.Descriptor == nil {
			g.log.Warn("a watched logo can't be compared any more; remove it, and add a better picture", "list", i.List, "logo", i.Value, "notes", i.Notes)
		}
	}
	return all
}

// save writes what became of the hits.
func (g *matching) save(ctx context.Context, c match.Changes, issuances int) error {
	if err := g.store.SaveHits(ctx, c); err != nil {
		return fmt.Errorf("storing hits: %w", err)
	}
	if g.metrics != nil {
		g.metrics.matched(c)
	}
	if g.found != nil && len(c.Hits) > 0 {
		g.found()
	}
	if len(c.Hits)+len(c.Withdrawn) > 0 {
		g.log.Info("matched", "certificates", issuances, "hits", len(c.Hits), "withdrawn", len(c.Withdrawn))
	}
	return nil
}
