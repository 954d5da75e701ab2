package alert_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"markwatch/internal/alert/notice"
	"markwatch/match"
	"markwatch/store"
)

// memory is an outbox without a database. Its methods do what those of
// store.Store do, whose own tests hold them to it.
type memory struct {
	mu         sync.Mutex
	version    uint64
	deliveries []store.Delivery // every version
	hits       []store.Found
	told       map[string]*store.Told
	lists      []store.WatchList
	named      []string // channels that lists once named
	items      map[string]store.ItemBegin
	alarms     []store.Alarm
	channels   map[string]store.ChannelState
	holder     string
	until      time.Time
	away       bool
}

var errAway = errors.New("the store is away")

// lock fails while the store is away.
func (m *memory) lock() (func(), error) {
	m.mu.Lock()
	if m.away {
		m.mu.Unlock()
		return nil, errAway
	}
	return m.mu.Unlock, nil
}

// set replaces the lists.
func (m *memory) set(lists ...store.WatchList) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.lists = lists
}

// find adds a hit.
func (m *memory) find(f store.Found) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.version++
	m.hits = append(m.hits, f)
	if m.told == nil {
		m.told = map[string]*store.Told{}
	}
	m.told[f.ID] = &store.Told{Hit: match.Hit{ID: f.ID, List: f.List, Severity: match.High, Reason: "It resembles."}, FoundAt: time.Now()}
}

func (m *memory) current() []store.Delivery {
	newest := map[string]store.Delivery{}
	var order []string
	for _, d := range m.deliveries {
		if _, known := newest[d.ID]; !known {
			order = append(order, d.ID)
		}
		newest[d.ID] = d
	}
	var out []store.Delivery
	for _, id := range order {
		out = append(out, newest[id])
	}
	return out
}

func (m *memory) SaveDeliveries(_ context.Context, all []store.Delivery) error {
	unlock, err := m.lock()
	if err != nil {
		return err
	}
	defer unlock()
	m.version++
	m.deliveries = append(m.deliveries, all...)
	return nil
}

func (m *memory) DeliveriesVersion(context.Context) (uint64, error) {
	unlock, err := m.lock()
	if err != nil {
		return 0, err
	}
	defer unlock()
	return m.version, nil
}

func (m *memory) HitsVersion(ctx context.Context) (uint64, error) { return m.DeliveriesVersion(ctx) }

func (m *memory) Queue(_ context.Context, channel string, limit int) ([]store.Delivery, error) {
	unlock, err := m.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	waiting := slices.DeleteFunc(m.current(), func(d store.Delivery) bool { return d.Channel != channel || d.State != store.DeliveryWaiting })
	slices.SortStableFunc(waiting, func(a, b store.Delivery) int { return int(int64(a.Queue) - int64(b.Queue)) })
	return waiting[:min(limit, len(waiting))], nil
}

func (m *memory) Gathered(context.Context) ([]store.Delivery, error) {
	unlock, err := m.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	all := m.current()
	made := map[string]bool{}
	for _, d := range all {
		made[d.ID] = true
	}
	return slices.DeleteFunc(all, func(d store.Delivery) bool { return d.State != store.DeliveryGathered || made[d.Digest] }), nil
}

func (m *memory) Deliveries(_ context.Context, f store.DeliveryFilter) ([]store.Delivery, error) {
	unlock, err := m.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	return slices.DeleteFunc(m.current(), func(d store.Delivery) bool {
		return f.Channel != "" && d.Channel != f.Channel || f.State != "" && d.State != f.State || f.List != nil && d.List != *f.List || d.MadeAt.Before(f.Since) ||
			len(f.IDs) > 0 && !slices.ContainsFunc(f.IDs, func(p string) bool { return strings.HasPrefix(d.ID, p) })
	}), nil
}

func (m *memory) DeliveryCounts(context.Context) ([]store.DeliveryCount, error) { return nil, nil }

func (m *memory) Unplanned(_ context.Context, limit int) ([]store.Found, error) {
	unlock, err := m.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	planned := map[string]bool{}
	for _, d := range m.deliveries {
		for _, h := range d.Hits {
			planned[h] = true
		}
	}
	var out []store.Found
	for _, h := range m.hits {
		if !planned[h.ID] && len(out) < limit {
			out = append(out, h)
		}
	}
	return out, nil
}

func (m *memory) ToldSince(_ context.Context, lists []string, since time.Time) (map[string]int, error) {
	unlock, err := m.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	hits := map[string]map[string]bool{}
	for _, d := range m.current() {
		if d.Kind == string(notice.KindHit) && d.Channel != "" && slices.Contains(lists, d.List) && !d.MadeAt.Before(since) {
			if hits[d.List] == nil {
				hits[d.List] = map[string]bool{}
			}
			hits[d.List][d.Hits[0]] = true
		}
	}
	told := map[string]int{}
	for list, of := range hits {
		told[list] = len(of)
	}
	return told, nil
}

func (m *memory) Tell(_ context.Context, ids []string) (map[string]*store.Told, error) {
	unlock, err := m.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	out := map[string]*store.Told{}
	for _, id := range ids {
		if t := m.told[id]; t != nil {
			told := *t
			out[id] = &told
		}
	}
	return out, nil
}

func (m *memory) WatchLists(context.Context) ([]store.WatchList, error) {
	unlock, err := m.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	return slices.Clone(m.lists), nil
}

func (m *memory) NamedChannels(context.Context) ([]string, error) { return m.named, nil }

func (m *memory) ItemBegins(context.Context, []string) (map[string]store.ItemBegin, error) {
	return m.items, nil
}

func (m *memory) Picture(context.Context, string) ([]byte, error) { return nil, nil }

func (m *memory) NewestHits(context.Context, string, int) ([]string, error) { return nil, nil }

func (m *memory) Watched(context.Context, time.Time) (*store.Watched, error) {
	return &store.Watched{}, nil
}

func (m *memory) Alarms(context.Context, time.Time) ([]store.Alarm, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.alarms), nil
}

func (m *memory) Alarm(_ context.Context, id string) (*store.Alarm, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, a := range m.alarms {
		if a.ID == id {
			return &a, nil
		}
	}
	return nil, nil
}

func (m *memory) RaiseAlarm(_ context.Context, a store.Alarm) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, lasting := range m.alarms {
		if lasting.Kind == a.Kind && lasting.Subject == a.Subject && lasting.Cleared.IsZero() {
			return nil
		}
	}
	a.ID = store.AlarmID(a)
	m.alarms = append(m.alarms, a)
	return nil
}

func (m *memory) ClearAlarm(_ context.Context, kind, subject string, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, a := range m.alarms {
		if a.Kind == kind && a.Subject == subject && a.Cleared.IsZero() {
			m.alarms[i].Cleared = at
		}
	}
	return nil
}

func (m *memory) Channels(context.Context) (map[string]store.ChannelState, error) {
	unlock, err := m.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	return maps.Clone(m.channels), nil
}

func (m *memory) SaveChannel(_ context.Context, c store.ChannelState) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.channels == nil {
		m.channels = map[string]store.ChannelState{}
	}
	m.channels[c.Channel] = c
	return nil
}

func (m *memory) Claim(_ context.Context, _, owner string, until time.Time) (bool, error) {
	unlock, err := m.lock()
	if err != nil {
		return false, err
	}
	defer unlock()
	if m.holder != "" && m.holder != owner && time.Now().Before(m.until) {
		return false, nil
	}
	m.holder, m.until = owner, until
	return true, nil
}

func (m *memory) Release(_ context.Context, _, owner string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.holder == owner {
		m.holder = ""
	}
	return nil
}

// recorder is a channel that remembers what it was given.
type recorder struct {
	name   string
	mu     sync.Mutex
	taken  []*notice.Message
	tried  []time.Time
	answer func(n int, m *notice.Message) error // of the n-th try, from 0
}

func (r *recorder) Name() string { return r.name }
func (r *recorder) Kind() string { return "webhook" }

func (r *recorder) Send(ctx context.Context, m *notice.Message) error {
	r.mu.Lock()
	n := len(r.tried)
	r.tried = append(r.tried, time.Now())
	answer := r.answer
	r.mu.Unlock()
	if answer != nil {
		if err := answer(n, m); err != nil {
			return err
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.taken = append(r.taken, m)
	return nil
}

// hits are the ids of the hits that the channel has taken, in order.
func (r *recorder) hits() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var ids []string
	for _, m := range r.taken {
		for _, h := range m.Hits {
			ids = append(ids, h.ID)
		}
	}
	return ids
}
