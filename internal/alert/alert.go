// Package alert tells people of hits. What is to be told to which channel is
// written to an outbox in the store before it is sent, under an id that follows
// from what it is; so nothing that was not sent is forgotten, whenever markwatch
// ends, and what is sent twice carries the same id. A channel that is away holds
// up neither scanning nor another channel.
//
// The outbox follows the pattern of a transactional outbox; the waits between
// tries are those of the Standard Webhooks specification
// (github.com/standard-webhooks/standard-webhooks, "Deliverability and reliability").
package alert

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"markwatch/internal/alert/channel"
	"markwatch/internal/alert/notice"
	"markwatch/store"
)

// Options say how to tell whom.
type Options struct {
	Channels   []channel.Channel
	Default    []string      // channels of lists that name none, and of hits of no list; empty: those that no list names, or ever named
	Operator   []string      // channels for alarms and the weekly summary; empty: Default
	Rhythm     store.Rhythm  // of hits of no list, and of lists of which nothing is set; empty: at once
	DigestAt   string        // when their daily and weekly digests are due, and the summary, as 08:00 or fri 08:00; empty: Monday, 08:00
	DigestZone string        // IANA name; empty: UTC
	Storm      int           // of a list, more hits in an hour than this are told together; 0: 50
	Link       string        // where readers reach the pages of watch; "" for nowhere
	FeedSecret string        // stands in the addresses of the pages of hits of no list; "" for no such pages
	Poll       time.Duration // between two looks at what others wrote; 0: 2s
	Owner      string        // who sends, where several watch one store; empty: made by chance
	Log        *slog.Logger
	Observe    func(Event) // for metrics; nil: nobody
}

// Event is what became of one try to send.
type Event struct {
	Channel string
	State   string // of the delivery afterwards
	Delay   time.Duration
}

// Outbox is what the store does for a Dispatcher; *store.Store is one.
type Outbox interface {
	SaveDeliveries(ctx context.Context, all []store.Delivery) error
	DeliveriesVersion(ctx context.Context) (uint64, error)
	Queue(ctx context.Context, channel string, limit int) ([]store.Delivery, error)
	Gathered(ctx context.Context) ([]store.Delivery, error)
	Deliveries(ctx context.Context, f store.DeliveryFilter) ([]store.Delivery, error)
	DeliveryCounts(ctx context.Context) ([]store.DeliveryCount, error)
	HitsVersion(ctx context.Context) (uint64, error)
	Unplanned(ctx context.Context, limit int) ([]store.Found, error)
	ToldSince(ctx context.Context, lists []string, since time.Time) (map[string]int, error)
	Tell(ctx context.Context, hits []string) (map[string]*store.Told, error)
	WatchLists(ctx context.Context) ([]store.WatchList, error)
	NamedChannels(ctx context.Context) ([]string, error)
	ItemBegins(ctx context.Context, ids []string) (map[string]store.ItemBegin, error)
	Picture(ctx context.Context, sha256 string) ([]byte, error)
	Alarms(ctx context.Context, since time.Time) ([]store.Alarm, error)
	Alarm(ctx context.Context, id string) (*store.Alarm, error)
	RaiseAlarm(ctx context.Context, a store.Alarm) error
	ClearAlarm(ctx context.Context, kind, subject string, at time.Time) error
	Channels(ctx context.Context) (map[string]store.ChannelState, error)
	SaveChannel(ctx context.Context, c store.ChannelState) error
	Watched(ctx context.Context, since time.Time) (*store.Watched, error)
	NewestHits(ctx context.Context, list string, most int) ([]string, error)
	Claim(ctx context.Context, work, owner string, until time.Time) (bool, error)
	Release(ctx context.Context, work, owner string) error
}

const (
	pollEvery    = 2 * time.Second
	claimFor     = 15 * time.Second
	claimRenewed = 4 * time.Second
	sendingWork  = "sending" // the claim of whoever plans and sends
	stormDefault = 50
	storeWait    = 5 * time.Second
)

// Dispatcher plans what is told to whom, and sends it.
type Dispatcher struct {
	Options
	outbox   Outbox
	routes   *router
	pictures pictures

	found   chan struct{}            // wakes who plans
	wake    map[string]chan struct{} // by channel
	started time.Time
	lists   atomic.Pointer[knownLists] // as they were when Plan looked last

	planning sync.Mutex
	hits     uint64          // version of the hits that are planned
	seen     uint64          // version of the deliveries when Plan looked last
	nextDue  time.Time       // of a digest
	planned  map[string]bool // subjects of alarms and summaries
}

// New checks the options.
func New(outbox Outbox, o Options) (*Dispatcher, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Observe == nil {
		o.Observe = func(Event) {}
	}
	if o.Storm == 0 {
		o.Storm = stormDefault
	}
	if o.Poll == 0 {
		o.Poll = pollEvery
	}
	if o.Owner == "" {
		o.Owner = rand.Text()
	}
	routes, err := newRouter(o)
	if err != nil {
		return nil, err
	}
	d := &Dispatcher{Options: o, outbox: outbox, routes: routes, found: make(chan struct{}, 1), wake: map[string]chan struct{}{}, started: time.Now(), planned: map[string]bool{}, pictures: pictures{outbox: outbox}}
	for _, c := range o.Channels {
		d.wake[c.Name()] = make(chan struct{}, 1)
	}
	return d, nil
}

// Run plans and sends until ctx ends. Of several processes on one store one
// does, and another when that one ends.
func (d *Dispatcher) Run(ctx context.Context) {
	for ctx.Err() == nil {
		mine, err := d.outbox.Claim(ctx, sendingWork, d.Owner, time.Now().Add(claimFor))
		if err != nil && ctx.Err() == nil {
			d.Log.Error("nothing is sent while the store is away; it is asked again", "error", err)
		}
		if mine {
			d.runClaimed(ctx)
			continue
		}
		sleep(ctx, claimRenewed, nil)
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeWait)
	defer cancel()
	if err := d.outbox.Release(end, sendingWork, d.Owner); err != nil {
		d.Log.Debug("giving up the claim to send", "error", err)
	}
}

// runClaimed plans and sends while the claim is in force.
func (d *Dispatcher) runClaimed(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var senders sync.WaitGroup
	for _, c := range d.Channels {
		senders.Go(func() { d.sendAll(ctx, c) })
	}
	defer senders.Wait()
	defer cancel()
	lost := time.Now().Add(claimFor)
	renew := time.Now().Add(claimRenewed)
	for ctx.Err() == nil {
		if time.Now().After(renew) {
			mine, err := d.outbox.Claim(ctx, sendingWork, d.Owner, time.Now().Add(claimFor))
			switch {
			case err == nil && !mine, err != nil && time.Now().After(lost):
				return
			case err == nil:
				lost = time.Now().Add(claimFor)
			}
			renew = time.Now().Add(claimRenewed)
		}
		if err := d.Plan(ctx); err != nil && ctx.Err() == nil {
			d.Log.Error("planning what to send came to nothing; it is tried again", "error", err)
		}
		sleep(ctx, d.Poll, d.found)
	}
}

// Drain plans and sends all that is due, and returns when every channel has
// taken it or has failed: for a watch that doesn't stay. What could not be sent
// waits in the outbox; the error says so.
func (d *Dispatcher) Drain(ctx context.Context) error {
	mine, err := d.outbox.Claim(ctx, sendingWork, d.Owner, time.Now().Add(claimFor))
	if err != nil || !mine { // another one sends
		return err
	}
	if err := d.Plan(ctx); err != nil {
		return err
	}
	var senders sync.WaitGroup
	errs := make([]error, len(d.Channels))
	for i, c := range d.Channels {
		senders.Go(func() { errs[i] = d.drain(ctx, c) })
	}
	senders.Wait()
	return errors.Join(append(errs, d.outbox.Release(ctx, sendingWork, d.Owner))...)
}

// Found says that there are new hits, which are then planned at once.
func (d *Dispatcher) Found() {
	select {
	case d.found <- struct{}{}:
	default:
	}
}

func (d *Dispatcher) wakeAll() {
	for _, wake := range d.wake {
		select {
		case wake <- struct{}{}:
		default:
		}
	}
}

// sleep returns after a while, when woken, or when ctx ends.
func sleep(ctx context.Context, d time.Duration, wake <-chan struct{}) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-wake:
	case <-t.C:
	}
}

// idOf is the id of what these parts name.
func idOf(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:])
}

// Quiet are deliveries that keep hits from being sent, for a reason that is shown.
func Quiet(hits []string, reason string, now time.Time) []store.Delivery {
	const most = 1000 // hits a row
	var out []store.Delivery
	for start := 0; start < len(hits); start += most {
		part := hits[start:min(start+most, len(hits))]
		out = append(out, store.Delivery{
			ID: idOf(append([]string{"quiet"}, part...)...), Kind: string(notice.KindHit), Hits: part, State: store.DeliveryQuiet, Error: reason,
			From: now, To: now, MadeAt: now, DueAt: now, At: now,
		})
	}
	return out
}

// unknownChannel says which channels there are.
func unknownChannel(name string, channels []channel.Channel) error {
	var names []string
	for _, c := range channels {
		names = append(names, c.Name())
	}
	if len(names) == 0 {
		return fmt.Errorf("there is no channel %q: none is configured under alert", name)
	}
	return fmt.Errorf("there is no channel %q; there are: %s", name, strings.Join(names, ", "))
}
