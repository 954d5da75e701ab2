package alert

import (
	"context"
	"slices"
	"time"

	"markwatch/internal/alert/notice"
	"markwatch/store"
)

// QuietMoved is why a delivery isn't sent that waited for a channel which its
// list names no more.
const QuietMoved = "its watch list is not told by this channel any more"

// knownLists are the watch lists as they were when Plan looked last.
type knownLists struct {
	all   []store.WatchList
	named []string // channels that any list ever named; none where Default says which are free
}

// readLists asks the store which lists there are.
func (d *Dispatcher) readLists(ctx context.Context) (*knownLists, error) {
	var known knownLists
	var err error
	if known.all, err = d.outbox.WatchLists(ctx); err == nil && len(d.Default) == 0 {
		known.named, err = d.outbox.NamedChannels(ctx)
	}
	return &known, err
}

// stays leaves out of what waits for a channel the hits of lists that are told
// elsewhere now: what waited may belong to another client. They are planned for
// the channels that are the list's now, unless these have them; those of a list
// that is gone are for nobody.
func (s *sender) stays(ctx context.Context, page []store.Delivery, lists *knownLists) ([]store.Delivery, error) {
	routes := &router{Options: s.Options, names: s.routes.names}
	routes.setLists(lists)
	now := time.Now().UTC()
	var staying, anew []store.Delivery
	for _, d := range page {
		known, _ := routes.channels(d.List)
		if !ofHits(d.Kind) || slices.Contains(known, s.Name()) {
			staying = append(staying, d)
			continue
		}
		if _, there := routes.lists[d.List]; there || d.List == "" {
			for _, name := range known {
				anew = append(anew, elsewhere(d, name, now))
			}
		}
		d.State, d.Error, d.At = store.DeliveryQuiet, QuietMoved, now
		s.outcomes = append(s.outcomes, d)
	}
	return staying, s.saveMissing(ctx, anew) // before what is quiet, that nothing is lost
}

// ofHits tells whether messages of a kind are of hits.
func ofHits(kind string) bool {
	return slices.Contains([]notice.Kind{notice.KindHit, notice.KindDigest, notice.KindStorm}, notice.Kind(kind))
}

// elsewhere is a delivery to another channel, under the id that it would have had there.
func elsewhere(d store.Delivery, name string, now time.Time) store.Delivery {
	if d.Kind == string(notice.KindHit) {
		d.ID = idOf("hit", name, d.Hits[0])
	} else {
		d.ID = idOf(d.Kind, name, d.List, d.To.UTC().Format(time.RFC3339))
	}
	d.Channel, d.State, d.Attempt, d.Error = name, store.DeliveryWaiting, 0, ""
	d.MadeAt, d.DueAt, d.At = now, now, now
	return d
}
