package alert

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"markwatch/internal/alert/notice"
	"markwatch/store"
)

const (
	planAtOnce  = 1000               // hits
	alarmsSince = 7 * 24 * time.Hour // older ones are not told any more
)

// Why hits are not sent.
const (
	QuietBaseline  = "it was logged before this log was first watched"
	QuietDismissed = "it is dismissed"
	QuietNobody    = "no channel is configured for it"
	QuietAdded     = "it was found when the item was added"
)

// Plan writes down what is to be told: hits for which nothing is planned yet,
// digests that are due, alarms, and the weekly summary.
func (d *Dispatcher) Plan(ctx context.Context) error {
	d.planning.Lock()
	defer d.planning.Unlock()
	known, err := d.readLists(ctx)
	if err != nil {
		return err
	}
	d.routes.setLists(known)
	d.lists.Store(known)
	if err := d.planHits(ctx); err != nil {
		return err
	}
	version, err := d.outbox.DeliveriesVersion(ctx)
	if err != nil {
		return err
	}
	if version != d.seen { // maybe another process's, such as one that a person sends again
		d.wakeAll()
	}
	if version != d.seen || !d.nextDue.After(time.Now()) {
		if err := d.planDigests(ctx); err != nil {
			return err
		}
		d.seen = version
	}
	if err := d.planAlarms(ctx); err != nil {
		return err
	}
	return d.planSummary(ctx)
}

// planHits plans the hits that are new since the last look.
func (d *Dispatcher) planHits(ctx context.Context) error {
	newest, err := d.outbox.HitsVersion(ctx)
	if err != nil || newest == d.hits {
		return err
	}
	for {
		found, err := d.outbox.Unplanned(ctx, planAtOnce)
		if err != nil {
			return err
		}
		deliveries, err := d.deliveriesOf(ctx, found)
		if err != nil {
			return err
		}
		if err := d.save(ctx, deliveries); err != nil {
			return err
		}
		if len(found) < planAtOnce {
			d.hits = newest
			return nil
		}
	}
}

// save writes deliveries and wakes who sends them.
func (d *Dispatcher) save(ctx context.Context, all []store.Delivery) error {
	if len(all) == 0 {
		return nil
	}
	if err := d.outbox.SaveDeliveries(ctx, all); err != nil {
		return err
	}
	d.wakeAll()
	return nil
}

// deliveriesOf says to whom hits are told, and when. Each hit is in one of them
// at least, so that it is planned once.
func (d *Dispatcher) deliveriesOf(ctx context.Context, found []store.Found) ([]store.Delivery, error) {
	var named []string
	for _, f := range found {
		if f.Item != "" && !slices.Contains(named, f.Item) {
			named = append(named, f.Item)
		}
	}
	items, err := d.outbox.ItemBegins(ctx, named)
	if err != nil {
		return nil, err
	}
	now := time.Now().UTC()
	quiet := map[string][]string{} // hits by reason
	loud := map[string][]store.Found{}
	for _, f := range found {
		switch known, unknown := d.routes.channels(f.List); {
		case f.State == store.HitDismissed:
			quiet[QuietDismissed] = append(quiet[QuietDismissed], f.ID)
		case !f.Fresh && !items[f.Item].Notify:
			quiet[QuietBaseline] = append(quiet[QuietBaseline], f.ID)
		case len(known) == 0 && len(unknown) > 0:
			reason := QuietNobody + ": " + strings.Join(unknown, ", ")
			d.Log.Warn("a list's channels are not configured; its hits are shown and not sent", "list", f.List, "channels", unknown)
			quiet[reason] = append(quiet[reason], f.ID)
		case len(known) == 0:
			quiet[QuietNobody] = append(quiet[QuietNobody], f.ID)
		default:
			loud[f.List] = append(loud[f.List], f)
		}
	}
	var out []store.Delivery
	for _, reason := range slices.Sorted(maps.Keys(quiet)) {
		out = append(out, Quiet(quiet[reason], reason, now)...)
	}
	lists := slices.Sorted(maps.Keys(loud))
	told, err := d.outbox.ToldSince(ctx, lists, now.Add(-time.Hour))
	if err != nil {
		return nil, err
	}
	queue := uint64(now.UnixNano())
	for _, list := range lists {
		stormy := told[list]+len(loud[list]) > d.Storm
		out = append(out, d.loud(list, loud[list], stormy, now, queue+uint64(len(out)))...)
	}
	return out, nil
}

// loud plans the hits of one list, which are to be sent; in a storm together.
func (d *Dispatcher) loud(list string, found []store.Found, stormy bool, now time.Time, queue uint64) []store.Delivery {
	channels, _ := d.routes.channels(list)
	set := d.routes.list(list)
	rhythm, kind, due := set.Rhythm, notice.KindDigest, set.Due(now).UTC()
	if rhythm == store.AtOnce && stormy {
		kind, due = notice.KindStorm, now.Truncate(stormEvery).Add(stormEvery)
	}
	var out []store.Delivery
	for _, name := range channels {
		for _, f := range found {
			delivery := store.Delivery{
				ID: idOf("hit", name, f.ID), Channel: name, Kind: string(notice.KindHit), List: list, Hits: []string{f.ID}, Rhythm: string(rhythm),
				State: store.DeliveryWaiting, Queue: queue + uint64(len(out)), From: now, To: now, MadeAt: now, DueAt: now, At: now,
			}
			if rhythm != store.AtOnce || kind == notice.KindStorm {
				delivery.State, delivery.DueAt = store.DeliveryGathered, due
				delivery.Digest = idOf(string(kind), name, list, due.Format(time.RFC3339))
				delivery.Subject = string(kind)
			}
			out = append(out, delivery)
		}
	}
	return out
}

// planDigests makes the messages for which enough time has been gathered.
func (d *Dispatcher) planDigests(ctx context.Context) error {
	now := time.Now().UTC()
	gathered, err := d.outbox.Gathered(ctx)
	if err != nil {
		return err
	}
	d.nextDue = now.Add(time.Hour)
	digests := map[string]*store.Delivery{}
	var out []*store.Delivery
	for _, g := range gathered {
		if g.DueAt.After(now) {
			d.nextDue = minTime(d.nextDue, g.DueAt)
			continue
		}
		digest := digests[g.Digest]
		if digest == nil {
			from := began(store.Rhythm(g.Rhythm), g.DueAt)
			if g.Subject == string(notice.KindStorm) {
				from = g.DueAt.Add(-stormEvery)
			}
			digest = &store.Delivery{
				ID: g.Digest, Channel: g.Channel, Kind: g.Subject, List: g.List, Rhythm: g.Rhythm, State: store.DeliveryWaiting,
				Queue: uint64(now.UnixNano()) + uint64(len(out)), From: from, To: g.DueAt, MadeAt: now, DueAt: now, At: now,
			}
			digests[g.Digest] = digest
			out = append(out, digest)
		}
		digest.Hits = append(digest.Hits, g.Hits...)
	}
	if len(out) == 0 {
		return nil
	}
	all := make([]store.Delivery, len(out))
	for i, digest := range out {
		all[i] = *digest
	}
	return d.save(ctx, all)
}

func minTime(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// planAlarms plans what the operator must know: that an alarm was raised, and
// that it is over.
func (d *Dispatcher) planAlarms(ctx context.Context) error {
	now := time.Now().UTC()
	alarms, err := d.outbox.Alarms(ctx, now.Add(-alarmsSince))
	if err != nil {
		return err
	}
	var all []store.Delivery
	for _, a := range alarms {
		subjects := []string{a.ID}
		if !a.Cleared.IsZero() && !a.Cleared.Equal(a.Since) { // one that was over as it was raised is told once
			subjects = append(subjects, a.ID+" cleared")
		}
		for _, subject := range subjects {
			if !d.planned[subject] {
				all = append(all, d.toOperators(notice.KindAlarm, subject, now)...)
			}
		}
	}
	return d.saveNew(ctx, all)
}

// toOperators are deliveries of one subject to all channels of the operator.
func (d *Dispatcher) toOperators(kind notice.Kind, subject string, now time.Time) []store.Delivery {
	var out []store.Delivery
	for i, name := range d.routes.operators() {
		out = append(out, store.Delivery{
			ID: idOf(string(kind), name, subject), Channel: name, Kind: string(kind), Subject: subject, State: store.DeliveryWaiting,
			Queue: uint64(now.UnixNano()) + uint64(i), From: now, To: now, MadeAt: now, DueAt: now, At: now,
		})
	}
	return out
}

// saveNew writes those deliveries that aren't there yet, and remembers their subjects.
func (d *Dispatcher) saveNew(ctx context.Context, all []store.Delivery) error {
	if err := d.saveMissing(ctx, all); err != nil {
		return err
	}
	for _, n := range all {
		d.planned[n.Subject] = true
	}
	return nil
}

// saveMissing writes those deliveries that aren't there yet.
func (d *Dispatcher) saveMissing(ctx context.Context, all []store.Delivery) error {
	if len(all) == 0 {
		return nil
	}
	ids := make([]string, len(all))
	for i := range all {
		ids[i] = all[i].ID
	}
	known, err := d.outbox.Deliveries(ctx, store.DeliveryFilter{IDs: ids})
	if err != nil {
		return err
	}
	there := map[string]bool{}
	for _, k := range known {
		there[k.ID] = true
	}
	missing := slices.DeleteFunc(slices.Clone(all), func(n store.Delivery) bool { return there[n.ID] })
	if len(missing) == 0 {
		return nil
	}
	return d.save(ctx, missing)
}

// planSummary plans, each week at the time of digests, the message that all is
// well. One that fell before markwatch was first run is not made.
func (d *Dispatcher) planSummary(ctx context.Context) error {
	now := time.Now().UTC()
	monday := d.routes.weekly(now.AddDate(0, 0, -7))
	if monday.After(now) || len(d.routes.operators()) == 0 {
		return nil
	}
	week := func(t time.Time) string { return "week to " + t.Format(time.DateOnly) }
	if d.planned[week(monday)] {
		return nil
	}
	if d.started.After(monday) { // it was due while this process did not run
		last := d.toOperators(notice.KindSummary, week(monday.AddDate(0, 0, -7)), now)
		ids := make([]string, len(last))
		for i := range last {
			ids[i] = last[i].ID
		}
		known, err := d.outbox.Deliveries(ctx, store.DeliveryFilter{IDs: ids})
		if err != nil || len(known) == 0 {
			d.planned[week(monday)] = err == nil
			return err
		}
	}
	all := d.toOperators(notice.KindSummary, week(monday), now)
	for i := range all {
		all[i].From, all[i].To = monday.AddDate(0, 0, -7), monday
	}
	return d.saveNew(ctx, all)
}

// Test plans a message that shows that a channel works, to each of the named
// ones; it returns the ids of the deliveries.
func (d *Dispatcher) Test(ctx context.Context, channels []string) ([]string, error) {
	now := time.Now().UTC()
	var all []store.Delivery
	var ids []string
	for _, name := range channels {
		if !slices.Contains(d.routes.names, name) {
			return nil, unknownChannel(name, d.Channels)
		}
		id := idOf(string(notice.KindTest), name, now.Format(time.RFC3339Nano))
		ids = append(ids, id)
		all = append(all, store.Delivery{
			ID: id, Channel: name, Kind: string(notice.KindTest), State: store.DeliveryWaiting, Queue: 1, // before all others
			From: now, To: now, MadeAt: now, DueAt: now, At: now,
		})
	}
	if err := d.save(ctx, all); err != nil {
		return nil, fmt.Errorf("planning the test: %w", err)
	}
	return ids, nil
}
