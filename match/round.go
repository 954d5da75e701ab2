package match

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// round is one change of what is known: the parties and watch items whose hits
// may be others now.
type round struct {
	parties map[*party]bool
	items   map[string]bool
	excuses []*watchItem // that are Own or Allow and are new, others or gone
}

func (m *Matcher) newRound() *round {
	return &round{parties: map[*party]bool{}, items: map[string]bool{}}
}

func (r *round) touch(p *party) { r.parties[p] = true }

// finish finds the hits of what was touched anew and tells how they differ from
// before. With whole, everything was touched: a hit that isn't found is none.
func (m *Matcher) finish(r *round, whole bool) Changes {
	var c Changes
	m.touchExcused(r)
	found := map[string]bool{}
	type pair struct{ p, q *party }
	done := map[pair]bool{}
	for _, p := range slices.SortedFunc(maps.Keys(r.parties), byKey) {
		for _, q := range m.opponents(p) {
			if done[pair{q, p}] || done[pair{p, q}] {
				continue
			}
			done[pair{p, q}] = true
			hits := m.standing(p, q)
			p.hits[q] = m.settle(&c, found, p.hits[q], hits)
			q.hits[p] = p.hits[q]
			if len(hits) == 0 {
				delete(p.hits, q)
				delete(q.hits, p)
			}
		}
		m.items.touch(r, p)
	}
	for _, id := range slices.Sorted(maps.Keys(r.items)) {
		if m.items.hits[id] = m.settle(&c, found, m.items.hits[id], m.watched(id)); len(m.items.hits[id]) == 0 {
			delete(m.items.hits, id)
		}
	}
	if whole {
		for id := range m.hits {
			if !found[id] {
				c.Withdrawn = append(c.Withdrawn, id)
				delete(m.hits, id)
			}
		}
	}
	slices.SortFunc(c.Hits, func(a, b Hit) int { return cmp.Compare(a.ID, b.ID) })
	slices.Sort(c.Withdrawn)
	return c
}

func byKey(a, b *party) int { return cmp.Compare(a.key, b.key) }

// settle replaces the hits between two, by id, with those that there are now.
func (m *Matcher) settle(c *Changes, found map[string]bool, before []string, now []Hit) []string {
	ids := make([]string, 0, len(now))
	for _, h := range now {
		ids = append(ids, h.ID)
		found[h.ID] = true
		if digest := h.digest(); m.hits[h.ID] != digest {
			m.hits[h.ID] = digest
			c.Hits = append(c.Hits, h)
		}
	}
	for _, id := range before {
		if !slices.Contains(ids, id) {
			delete(m.hits, id)
			c.Withdrawn = append(c.Withdrawn, id)
		}
	}
	return ids
}

// hitSet keeps of each id the hit with the greatest score.
type hitSet map[string]Hit

func (s hitSet) add(h Hit) {
	old, known := s[h.ID]
	if !known || cmp.Or(cmp.Compare(h.Score, old.Score), strings.Compare(old.Reason, h.Reason)) > 0 {
		s[h.ID] = h
	}
}

// list is the hits by id.
func (s hitSet) list() []Hit {
	var all []Hit
	for _, id := range slices.Sorted(maps.Keys(s)) {
		all = append(all, s[id])
	}
	return all
}
