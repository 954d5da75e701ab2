package match

import "time"

// At tells the matcher what time it is: what was allowed until then hits from
// now on. It is told before [Matcher.Restore] and then now and then; without it
// no allowance ends. When the clock is put back, so are the hits.
func (m *Matcher) At(now time.Time) Changes {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.items.now = now
	r := m.newRound()
	for w := range m.items.ending {
		if expired := w.endsBy(now); expired != w.expired {
			w.expired = expired
			m.touchItem(r, w)
		}
	}
	if len(r.excuses) == 0 {
		return Changes{}
	}
	return m.finish(r, false)
}

// await takes note of whether and when an allowance ends.
func (x *items) await(w *watchItem) {
	delete(x.ending, w)
	if w.expired = false; w.Role == Allow && !w.Ends.IsZero() {
		x.ending[w] = true
		w.expired = w.endsBy(x.now)
	}
}

func (w *watchItem) endsBy(now time.Time) bool { return !now.Before(w.Ends) }

// covers tells whether the item counts for what was first logged at t.
func (w *watchItem) covers(t time.Time) bool { return !w.expired && w.Item.covers(t) }
