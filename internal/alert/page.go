package alert

import (
	"context"
	"errors"
	"strings"

	"markwatch/internal/alert/notice"
	"markwatch/store"
)

// ErrNoPage says that there is no such page, or not for this reader.
var ErrNoPage = errors.New("there is no such page")

// FeedURL is where the feed of a list is served.
func FeedURL(base, secret string) string {
	return strings.TrimSuffix(base, "/") + "/feeds/" + secret
}

// FeedTitle names a list's feed.
func FeedTitle(list store.WatchList) string {
	switch {
	case list.Client != "":
		return "markwatch: " + list.Client
	case list.Name != "":
		return "markwatch: " + list.Name
	}
	return "markwatch: hits of no watch list"
}

// FeedOf are the newest hits of a list, as messages, the newest first; those
// that are kept from being sent are among them, but for dismissed ones.
func (d *Dispatcher) FeedOf(ctx context.Context, list store.WatchList, most int) ([]notice.Message, error) {
	ids, err := d.outbox.NewestHits(ctx, list.Name, most)
	if err != nil {
		return nil, err
	}
	told, err := d.outbox.Tell(ctx, ids)
	if err != nil {
		return nil, err
	}
	var out []notice.Message
	for _, id := range ids {
		if told[id] == nil {
			continue
		}
		m, err := d.message(ctx, hitDelivery(told[id]), list, told)
		if err != nil {
			return nil, err
		}
		if m != nil {
			out = append(out, *m)
		}
	}
	return out, nil
}

// hitDelivery is what a hit would be delivered as by itself.
func hitDelivery(h *store.Told) *store.Delivery {
	return &store.Delivery{ID: idOf("page", h.ID), Kind: string(notice.KindHit), List: h.List, Hits: []string{h.ID}, MadeAt: h.FoundAt, From: h.FoundAt, To: h.FoundAt}
}

// HitPage is the message of one hit of a list; its state may be any.
func (d *Dispatcher) HitPage(ctx context.Context, list store.WatchList, id string) (*notice.Message, error) {
	told, err := d.outbox.Tell(ctx, []string{id})
	if err != nil {
		return nil, err
	}
	h := told[id]
	if h == nil || h.List != list.Name {
		return nil, ErrNoPage
	}
	return d.whole(ctx, hitDelivery(h), list, told)
}

// DeliveryPage is the message of a digest with all its hits.
func (d *Dispatcher) DeliveryPage(ctx context.Context, list store.WatchList, id string) (*notice.Message, error) {
	found, err := d.outbox.Deliveries(ctx, store.DeliveryFilter{IDs: []string{id}, Limit: 2})
	if err != nil {
		return nil, err
	}
	if len(found) != 1 || found[0].ID != id || found[0].List != list.Name || len(found[0].Hits) == 0 {
		return nil, ErrNoPage
	}
	told, err := d.outbox.Tell(ctx, found[0].Hits)
	if err != nil {
		return nil, err
	}
	return d.whole(ctx, &found[0], list, told)
}

// Preview is the message of one hit, as it would be sent by itself.
func (d *Dispatcher) Preview(ctx context.Context, id string) (*notice.Message, error) {
	lists, err := d.outbox.WatchLists(ctx)
	if err != nil {
		return nil, err
	}
	told, err := d.outbox.Tell(ctx, []string{id})
	if err != nil {
		return nil, err
	}
	h := told[id]
	if h == nil {
		return nil, ErrNoPage
	}
	var list store.WatchList
	for _, l := range lists {
		if l.Name == h.List {
			list = l
		}
	}
	return d.whole(ctx, hitDelivery(h), list, told)
}

// whole is a message with hits of any state, and all of them.
func (d *Dispatcher) whole(ctx context.Context, delivery *store.Delivery, list store.WatchList, told map[string]*store.Told) (*notice.Message, error) {
	m := d.head(delivery, list)
	var hits []*store.Told
	for _, id := range delivery.Hits {
		if h := told[id]; h != nil {
			hits = append(hits, h)
		}
	}
	if len(hits) == 0 {
		return nil, ErrNoPage
	}
	return m, d.setHits(ctx, m, delivery, list, hits, mostOnPage)
}

// mostOnPage bounds a page: a storm may be of a hundred thousand.
const mostOnPage = 500
