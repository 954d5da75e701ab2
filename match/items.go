package match

import (
	"slices"
	"strings"
	"time"

	"markwatch/match/domain"
	"markwatch/match/logo"
	"markwatch/match/organisation"
	"markwatch/parse"
)

// items are the watch items, indexed by what they watch for.
type items struct {
	byID   map[string]*watchItem
	number []*watchItem        // by number in the indexes; nil where it was removed
	free   []uint32            // numbers that were removed
	hits   map[string][]string // ids of hits by item

	domains       *domain.Index
	logos         *logo.Index
	names         *organisation.Index
	registrations map[string][]*watchItem // by family

	byFeature map[feature][]*watchItem // which resemble it
	byParty   map[*party][]*watchItem
	excused   map[string]excuses // by list
	excusing  excuses            // of all lists

	now    time.Time           // zero: before every end
	ending map[*watchItem]bool // that are Allow and end
}

// watchItem is an item and what it resembles.
type watchItem struct {
	Item
	number   uint32 // in the indexes, of one that is watched
	expired  bool   // it is Allow, and its end has come
	features map[feature]resemblance
	parties  map[*party]organisation.Comparison
}

func newItems(weights *organisation.Weights) *items {
	return &items{
		byID: map[string]*watchItem{}, hits: map[string][]string{},
		domains: domain.NewIndex(), logos: logo.NewIndex(), names: organisation.NewIndex(weights), registrations: map[string][]*watchItem{},
		byFeature: map[feature][]*watchItem{}, byParty: map[*party][]*watchItem{}, excused: map[string]excuses{}, excusing: excuses{},
		ending: map[*watchItem]bool{},
	}
}

// touch marks the items that something of the party resembles.
func (x *items) touch(r *round, p *party) {
	for f := range p.uses {
		for _, w := range x.byFeature[f] {
			r.items[w.ID] = true
		}
	}
	for _, w := range x.byParty[p] {
		r.items[w.ID] = true
	}
}

func (x *items) resembles(w *watchItem, f feature, r resemblance) {
	if old, known := w.features[f]; known && old.score >= r.score {
		return
	} else if !known {
		x.byFeature[f] = append(x.byFeature[f], w)
	}
	w.features[f] = r
}

func (x *items) resemblesParty(w *watchItem, p *party, c organisation.Comparison) {
	old, known := w.parties[p]
	if !known {
		x.byParty[p] = append(x.byParty[p], w)
	} else if !closer(c, old) {
		return
	}
	w.parties[p] = c
}

// seeLogo compares a new logo with the items.
func (x *items) seeLogo(l Logo) {
	for _, n := range x.logos.Search(l.Descriptor, maxSimilar, logo.MatchThreshold) {
		w := x.number[n.ID]
		x.resembles(w, feature{logoFeature, l.SHA256}, watchedLogo(w, l))
	}
}

// seeDomain compares a new domain with the items.
func (x *items) seeDomain(name domain.Name) {
	for _, match := range x.domains.Match(name) {
		x.resembles(x.number[match.ID], feature{domainFeature, name.ASCII}, watchedDomain(match))
	}
}

// seeParty compares a new organisation, or spelling of it, with the items.
func (x *items) seeParty(p *party, is organisation.Party) {
	for _, found := range x.names.Match(is, maxNamesakes) {
		x.resemblesParty(x.number[found.ID], p, found.Comparison)
	}
}

// seeRegistration compares a new registration with the items.
func (x *items) seeRegistration(registration string) {
	for _, w := range x.registrations[familyOf(registration)] {
		x.resembles(w, feature{numberFeature, registration}, watchedRegistration(w, registration))
	}
}

// setItem adds or changes a watch item.
func (m *Matcher) setItem(r *round, item Item) {
	if old := m.items.byID[item.ID]; old != nil { // of one id all that is compared is the same
		old.Item = item
		m.items.await(old)
		m.touchItem(r, old)
		return
	}
	w := &watchItem{Item: item}
	m.items.byID[item.ID] = w
	m.items.await(w)
	m.touchItem(r, w)
	if item.Role != Watch {
		m.items.excuse(w)
		return
	}
	w.features, w.parties = map[feature]resemblance{}, map[*party]organisation.Comparison{}
	id := m.items.numberOf(w)
	switch item.Kind {
	case KindDomain:
		m.watchDomain(id, w)
	case KindOrganisation:
		p := organisation.Party{Name: item.Value}
		m.items.names.Add(id, p)
		for _, found := range m.names.Match(p, maxNamesakes) {
			m.items.resemblesParty(w, m.byNumber[found.ID], found.Comparison)
		}
	case KindTrademark:
		family := familyOf(item.Value)
		m.items.registrations[family] = append(m.items.registrations[family], w)
		for registration := range m.families[family] {
			m.items.resembles(w, feature{numberFeature, registration}, watchedRegistration(w, registration))
		}
	case KindLogo:
		if item.Descriptor == nil {
			return
		}
		m.items.logos.Add(id, item.Descriptor)
		for _, n := range m.logos.Search(item.Descriptor, len(m.known), logo.MatchThreshold) {
			l := m.known[n.ID]
			m.items.resembles(w, feature{logoFeature, l.SHA256}, watchedLogo(w, l))
		}
	}
}

// numberOf gives an item a number in the indexes.
func (x *items) numberOf(w *watchItem) uint32 {
	if last := len(x.free) - 1; last >= 0 {
		w.number, x.free = x.free[last], x.free[:last]
		x.number[w.number] = w
		return w.number
	}
	w.number = uint32(len(x.number))
	x.number = append(x.number, w)
	return w.number
}

// watchDomain compares a new item with the known domains.
func (m *Matcher) watchDomain(id uint32, w *watchItem) {
	name := domain.Parse(w.Value)
	m.items.domains.Add(id, name)
	for _, match := range m.domains.Imitators(name) {
		m.items.resembles(w, feature{domainFeature, match.Domain}, watchedDomain(match))
	}
}

// removeItem takes a watch item away.
func (m *Matcher) removeItem(r *round, id string) {
	w := m.items.byID[id]
	if w == nil {
		return
	}
	m.touchItem(r, w)
	delete(m.items.byID, id)
	delete(m.items.ending, w)
	without := func(list []*watchItem) []*watchItem {
		return slices.DeleteFunc(list, func(other *watchItem) bool { return other == w })
	}
	for f := range w.features {
		shorten(m.items.byFeature, f, without)
	}
	for p := range w.parties {
		shorten(m.items.byParty, p, without)
	}
	if w.Role != Watch {
		key := w.excuseKey()
		shorten(m.items.excused[w.List], key, without)
		shorten(m.items.excusing, key, without)
		return
	}
	n := w.number
	m.items.number[n] = nil
	m.items.free = append(m.items.free, n)
	switch {
	case w.Kind == KindDomain:
		m.items.domains.Remove(n)
	case w.Kind == KindOrganisation:
		m.items.names.Remove(n)
	case w.Kind == KindLogo:
		m.items.logos.Remove(n)
	case w.Kind == KindTrademark:
		shorten(m.items.registrations, familyOf(w.Value), without)
	}
}

// shorten takes something out of a list in a map, and with the last of it the list.
func shorten[K comparable](lists map[K][]*watchItem, key K, without func([]*watchItem) []*watchItem) {
	if lists[key] = without(lists[key]); len(lists[key]) == 0 {
		delete(lists, key)
	}
}

// touchItem marks what a change of an item changes: its own hits, or for one
// that is Own or Allow, when the round ends, those of its list and of whom it names.
func (m *Matcher) touchItem(r *round, w *watchItem) {
	if w.Role == Watch {
		r.items[w.ID] = true
		return
	}
	r.excuses = append(r.excuses, w)
}

// watched are the hits of one item.
func (m *Matcher) watched(id string) []Hit {
	w := m.items.byID[id]
	if w == nil || w.Role != Watch {
		return nil
	}
	hits := hitSet{}
	for f, r := range w.features {
		if m.users[f] == nil {
			continue // a logo whose certificate is still to come
		}
		for p := range m.users[f].all {
			for _, i := range p.uses[f].issuances {
				m.items.hit(hits, w, i, r)
			}
		}
	}
	for p, c := range w.parties {
		r := watchedName(w, c)
		for _, i := range p.issuances {
			m.items.hit(hits, w, i, r)
		}
	}
	return hits.list()
}

// hit adds the hit of an item on an issuance, unless the list excuses it.
func (x *items) hit(hits hitSet, w *watchItem, i *Issuance, r resemblance) {
	if !w.covers(i.FirstLogged) || x.role(w.List, i) != "" {
		return
	}
	severity := r.severity
	if i.unregistered() && severity == Medium {
		severity = High
	}
	e := r.evidence
	e.Since = date(i.NotBefore)
	hits.add(Hit{
		ID: hitID(r.rule, w.ID, i.TBSSHA256), Rule: r.rule, Severity: severity.atLeast(w.Severity), List: w.List, Item: w.ID,
		TBSSHA256: i.TBSSHA256, Organisation: i.Party.Name, OrganisationKey: i.OrganisationKey, Domains: i.Domains,
		Score: r.score, Reason: lead(i) + " " + r.words(i, nil) + " Watched by " + w.List + ".", Evidence: e, FirstSeen: i.FirstLogged,
		MarkKey: i.MarkKey, LogoSHA256: i.Logo, NotBefore: i.NotBefore,
	})
}

func watchedLogo(w *watchItem, l Logo) resemblance {
	pair := copied(l.SHA256)
	if l.SHA256 != w.Value {
		pair = similarLogos(l, Logo{w.Value, w.Descriptor})
	}
	severity := Medium
	if pair.Verdict != logo.Match.String() {
		severity = High
	}
	return resemblance{rule: RuleLogo, severity: severity, score: pair.Score, evidence: pair.evidence(l.SHA256, w.Value),
		words: func(_, _ *Issuance) string { // with the notes as they are by then
			name := strings.TrimSpace("logo " + strings.TrimPrefix(w.Notes, "logo ")) // suggested ones are called "logo of …"
			return likeLogo(pair, l.SHA256, "the watched "+name)
		}}
}

func watchedDomain(match domain.Match) resemblance {
	return resemblance{rule: Rule(match.Rule), severity: domainSeverity(match), score: match.Closeness, evidence: domainEvidence(match),
		words: func(_, _ *Issuance) string { return likeDomain(match, "the watched domain") }}
}

func watchedName(w *watchItem, c organisation.Comparison) resemblance {
	severity := Low
	if c.Relation == organisation.Same {
		severity = Medium
	}
	return resemblance{rule: RuleOrganisation, severity: severity, score: c.Score, evidence: Evidence{Closeness: c.Score},
		words: func(_, _ *Issuance) string { return watchedNameWords(c, w.Value) }}
}

func watchedRegistration(w *watchItem, registration string) resemblance {
	r := resemblance{rule: RuleTrademark, severity: Medium, score: 1, evidence: Evidence{Registration: registration}}
	if registration == w.Value {
		r.words = func(i, _ *Issuance) string { return "It names the watched registration " + registration + "." }
		return r
	}
	r.severity, r.score = Low, 0.5
	relation, _ := organisation.TrademarkFamily(trademarkOf(registration), trademarkOf(w.Value))
	r.words = func(i, _ *Issuance) string {
		return strings.TrimSpace("It names "+registration+", which is of one family with the watched registration "+w.Value+": "+relation) + "."
	}
	return r
}

func trademarkOf(registration string) parse.Trademark {
	register, number, _ := cutRegistration(registration)
	return parse.CanonicalNumber(register, number)
}
