package match

import (
	"cmp"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"

	"markwatch/match/domain"
	"markwatch/match/logo"
	"markwatch/match/organisation"
	"markwatch/parse"
)

// Matcher knows all issuances and watch items, and which hits there are among
// them. It is safe for concurrent use.
type Matcher struct {
	mu        sync.Mutex
	issuances map[string]*Issuance // by TBS
	tests     map[string]*Issuance // likewise: they hit nothing, and an explanation says so
	parties   map[string]*party    // by organisation key
	users     map[feature]*users
	owners    map[string]*party // of a registrable domain: one of those who use it

	logos   *logo.Index
	known   []Logo          // by number in the index
	hasLogo map[string]bool // by SHA-256
	similar map[string][]SimilarLogos

	domains   *domain.Index
	hasDomain map[string]bool       // by A-labels
	alike     map[string][]likeness // likewise

	names     *organisation.Index
	weights   *organisation.Weights
	byNumber  []*party // by number in the index, once for each spelling
	namesakes map[*party]map[*party]organisation.Comparison

	families map[string]map[string]bool // registrations by family
	items    *items

	hits map[string][32]byte // what each hit says
}

// likeness is that one domain resembles another.
type likeness struct {
	other string
	match domain.Match
	from  bool // the other one is the one that is imitated; else it imitates
	both  bool // each could be the other's imitation
}

// New is a matcher that knows nothing. How rare a word of a name is, it takes from
// the built-in list alone: what it learnt on the way would make hits depend on
// the order in which names came.
func New() *Matcher {
	weights := organisation.NewWeights()
	return &Matcher{
		issuances: map[string]*Issuance{}, tests: map[string]*Issuance{}, parties: map[string]*party{}, users: map[feature]*users{}, owners: map[string]*party{},
		logos: logo.NewIndex(), hasLogo: map[string]bool{}, similar: map[string][]SimilarLogos{},
		domains: domain.NewIndex(), hasDomain: map[string]bool{}, alike: map[string][]likeness{},
		names: organisation.NewIndex(weights), weights: weights, namesakes: map[*party]map[*party]organisation.Comparison{},
		families: map[string]map[string]bool{}, items: newItems(weights), hits: map[string][32]byte{},
	}
}

// RestoreLogos makes logos known that were compared with each other before.
func (m *Matcher) RestoreLogos(logos []Logo, similar []SimilarLogos) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, l := range logos {
		m.knowLogo(l)
	}
	for _, pair := range similar {
		m.knowSimilar(pair)
	}
}

// State is what a store knows of earlier runs.
type State struct {
	Issuances []Issuance
	Items     []Item
	Hits      []Hit // those that are not withdrawn
}

// Restore fills a matcher that knows no more than logos. The changes are what
// the stored hits lack of those that there should be, and hold beside them.
func (m *Matcher) Restore(s State) Changes {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range s.Hits {
		m.hits[s.Hits[i].ID] = s.Hits[i].digest()
	}
	return m.finish(m.learnAll(s), true)
}

// Know fills a matcher that knows no more than logos, to ask it to Explain hits
// and for nothing else. Nobody is compared with anybody, which is most of what
// Restore does: hits are the ids of those in force against whom the explained
// ones are.
func (m *Matcher) Know(s State, hits []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, id := range hits {
		m.hits[id] = [32]byte{}
	}
	m.learnAll(s)
}

func (m *Matcher) learnAll(s State) *round {
	touched := m.newRound()
	for _, item := range s.Items {
		m.setItem(touched, item)
	}
	m.learnDomains(s.Issuances)
	for i := range s.Issuances {
		m.learn(touched, &s.Issuances[i])
	}
	return touched
}

// AddLogos makes logos known, before the issuances that have them, and tells
// which known ones they resemble.
func (m *Matcher) AddLogos(logos []Logo) []SimilarLogos {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []SimilarLogos
	for _, l := range logos {
		if m.hasLogo[l.SHA256] || l.Descriptor == nil {
			m.hasLogo[l.SHA256] = true
			continue
		}
		for _, n := range m.logos.Search(l.Descriptor, maxSimilar, logo.MatchThreshold) {
			pair := similarLogos(l, m.known[n.ID])
			m.knowSimilar(pair)
			found = append(found, pair)
		}
		m.knowLogo(l)
		m.items.seeLogo(l)
	}
	return found
}

// maxSimilar bounds how many logos one logo is found to resemble. Plain shapes
// are told apart before; what a thousand others resemble is everybody's.
const maxSimilar = 200

// Hits are the ids of the hits that there are by what is known.
func (m *Matcher) Hits() map[string]bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	ids := make(map[string]bool, len(m.hits))
	for id := range m.hits {
		ids[id] = true
	}
	return ids
}

// HasLogo tells whether a logo is known.
func (m *Matcher) HasLogo(sha256 string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.hasLogo[sha256]
}

func (m *Matcher) knowLogo(l Logo) {
	if m.hasLogo[l.SHA256] {
		return
	}
	m.hasLogo[l.SHA256] = true
	if l.Descriptor != nil {
		m.logos.Add(uint32(len(m.known)), l.Descriptor)
		m.known = append(m.known, l)
	}
}

// similarLogos compares two logos that resemble each other, the same whichever
// came first.
func similarLogos(a, b Logo) SimilarLogos {
	if a.SHA256 > b.SHA256 {
		a, b = b, a
	}
	c := logo.Compare(a.Descriptor, b.Descriptor)
	return SimilarLogos{
		First: a.SHA256, Second: b.SHA256, Score: c.Score, Verdict: c.Verdict.String(), Distance: c.Distance,
		Reason: c.Reason, Reverse: logo.Compare(b.Descriptor, a.Descriptor).Reason,
	}
}

func (m *Matcher) knowSimilar(pair SimilarLogos) {
	m.similar[pair.First] = append(m.similar[pair.First], pair)
	m.similar[pair.Second] = append(m.similar[pair.Second], pair)
}

// Add makes issuances known and tells how the hits change.
func (m *Matcher) Add(issuances []Issuance) Changes {
	m.mu.Lock()
	defer m.mu.Unlock()
	touched := m.newRound()
	for i := range issuances {
		m.learn(touched, &issuances[i])
	}
	return m.finish(touched, false)
}

// SetItems adds watch items, or changes those of their ids.
func (m *Matcher) SetItems(items []Item) Changes {
	m.mu.Lock()
	defer m.mu.Unlock()
	touched := m.newRound()
	for _, item := range items {
		m.setItem(touched, item)
	}
	return m.finish(touched, false)
}

// RemoveItems takes watch items away; their hits are withdrawn.
func (m *Matcher) RemoveItems(ids []string) Changes {
	m.mu.Lock()
	defer m.mu.Unlock()
	touched := m.newRound()
	for _, id := range ids {
		m.removeItem(touched, id)
	}
	return m.finish(touched, false)
}

// learn makes one issuance known.
func (m *Matcher) learn(r *round, i *Issuance) {
	if i.Test {
		m.tests[i.TBSSHA256] = i
		return
	}
	if old := m.issuances[i.TBSSHA256]; old != nil {
		old.FirstLogged = i.FirstLogged // another log may have had it earlier
		r.touch(m.parties[old.OrganisationKey])
		return
	}
	m.issuances[i.TBSSHA256] = i
	p := m.parties[i.OrganisationKey]
	if p == nil {
		p = &party{key: i.OrganisationKey, spellings: map[organisation.Party]bool{}, uses: map[feature]*use{}, hits: map[*party][]string{}}
		p.group = &group{[]*party{p}}
		m.parties[p.key] = p
	}
	m.learnSpelling(r, p, i.Party)
	p.add(i)
	r.touch(p)
	for _, f := range i.features() {
		if m.users[f] == nil {
			m.users[f] = &users{all: map[*party]bool{}}
			m.learnFeature(f)
		}
		if f.kind == domainFeature {
			m.claimDomain(r, p, f.name)
		}
		for _, q := range m.users[f].add(p, f) {
			r.touch(q)
		}
	}
}

// learnFeature makes a feature known that nobody used before; a logo is known
// already, by AddLogos.
func (m *Matcher) learnFeature(f feature) {
	switch f.kind {
	case domainFeature:
		if !m.hasDomain[f.name] {
			name := domain.Parse(f.name)
			m.compareDomain(f.name, name)
			m.knowDomain(f.name, name)
		}
	case numberFeature:
		m.learnRegistration(f.name)
	}
}

// learnSpelling makes known how a party is written and numbered in a certificate;
// an LEI, say, may stand in a later one alone.
func (m *Matcher) learnSpelling(r *round, p *party, is organisation.Party) {
	if p.spellings[is] {
		return
	}
	p.spellings[is] = true
	for _, found := range m.names.Match(is, maxNamesakes) {
		switch other := m.byNumber[found.ID]; {
		case other == p:
		case found.Relation == organisation.Same:
			m.relate(r, p, other)
		default:
			m.knowNamesake(p, other, found.Comparison)
			m.knowNamesake(other, p, found.Comparison)
		}
	}
	m.names.Add(uint32(len(m.byNumber)), is)
	m.byNumber = append(m.byNumber, p)
	m.items.seeParty(p, is)
}

// maxNamesakes bounds how many organisations one name is found to resemble.
const maxNamesakes = 100

func (m *Matcher) knowNamesake(p, other *party, c organisation.Comparison) {
	if m.namesakes[p] == nil {
		m.namesakes[p] = map[*party]organisation.Comparison{}
	}
	if old, known := m.namesakes[p][other]; !known || closer(c, old) {
		m.namesakes[p][other] = c
	}
}

// closer orders comparisons of two parties' spellings, so that the same one counts
// whichever came first.
func closer(a, b organisation.Comparison) bool {
	return cmp.Or(cmp.Compare(a.Score, b.Score), strings.Compare(b.Reason, a.Reason)) > 0
}

// relate notes that two parties belong together.
func (m *Matcher) relate(r *round, p, q *party) {
	for _, member := range join(p.group, q.group) {
		r.touch(member) // what was between them is withdrawn
	}
}

// learnDomains makes the domains of many issuances known at once. When all are
// there, what each imitates says also who imitates it.
func (m *Matcher) learnDomains(issuances []Issuance) {
	var names []domain.Name
	for i := range issuances {
		for _, d := range issuances[i].Domains {
			if !issuances[i].Test && !m.hasDomain[d] {
				name := domain.Parse(d)
				m.knowDomain(d, name)
				names = append(names, name)
			}
		}
	}
	found := make([][]domain.Match, len(names))
	var group sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for worker := range workers {
		group.Go(func() {
			for i := worker; i < len(names); i += workers {
				found[i] = m.domains.OtherMatches(names[i])
			}
		})
	}
	group.Wait()
	type pair struct{ imitated, by string }
	known := map[pair]bool{}
	for _, matches := range found {
		for _, match := range matches {
			known[pair{match.Watched, match.Domain}] = true
		}
	}
	for _, matches := range found {
		for _, match := range matches {
			both := known[pair{match.Domain, match.Watched}]
			if own(match) || both && match.Watched > match.Domain {
				continue // that one is told from its other side
			}
			m.knowAlike(match.Domain, likeness{other: match.Watched, match: match, from: true, both: both})
		}
	}
}

func (m *Matcher) knowDomain(ascii string, name domain.Name) {
	m.domains.Add(uint32(len(m.hasDomain)), name)
	m.hasDomain[ascii] = true
	m.items.seeDomain(name)
}

// knowAlike takes note that two domains resemble each other, from either side.
func (m *Matcher) knowAlike(ascii string, l likeness) {
	m.alike[ascii] = append(m.alike[ascii], l)
	m.alike[l.other] = append(m.alike[l.other], likeness{other: ascii, match: l.match, from: !l.from, both: l.both})
}

// claimDomain makes known that a party uses a domain: it belongs together with
// all who use one of the same registrable domain.
func (m *Matcher) claimDomain(r *round, p *party, ascii string) {
	registrable := domain.Parse(ascii).Registrable
	if registrable == "" {
		registrable = ascii
	}
	if owner := m.owners[registrable]; owner != nil {
		m.relate(r, p, owner)
		return
	}
	m.owners[registrable] = p
}

// learnRegistration makes known that there is a registration.
func (m *Matcher) learnRegistration(registration string) {
	family := familyOf(registration)
	if m.families[family] == nil {
		m.families[family] = map[string]bool{}
	}
	m.families[family][registration] = true
	m.items.seeRegistration(registration)
}

// compareDomain finds which known domains a new one imitates, and which imitate it.
func (m *Matcher) compareDomain(ascii string, name domain.Name) {
	found := map[string]*likeness{}
	for _, match := range m.domains.OtherMatches(name) {
		found[match.Watched] = &likeness{other: match.Watched, match: match, from: true}
	}
	for _, match := range m.domains.OtherImitators(name) {
		if l := found[match.Domain]; l != nil {
			l.both = true
			continue
		}
		found[match.Domain] = &likeness{other: match.Domain, match: match}
	}
	for _, other := range slices.Sorted(maps.Keys(found)) {
		if l := *found[other]; !own(l.match) {
			m.knowAlike(ascii, l)
		}
	}
}

// related tells whether two parties belong together, so that a likeness between
// them means nothing.
func related(p, q *party) bool { return p.group == q.group }

// sharesRegistration tells whether two parties name one registration, or one of
// the other's family, such as the UK clone of an EU trademark.
func sharesRegistration(p, q *party) bool {
	for f := range p.uses {
		if f.kind != numberFeature {
			continue
		}
		if q.uses[f] != nil {
			return true
		}
		for g := range q.uses {
			if g.kind == numberFeature && oneFamily(f.name, g.name) {
				return true
			}
		}
	}
	return false
}

// oneFamily tells whether one registration, "GB UK00912345678", comes from the
// other or both from one.
func oneFamily(a, b string) bool { return familyOf(a) == familyOf(b) }

func familyOf(registration string) string {
	for range 3 { // a designation of a designation is the longest chain there is
		register, number, _ := cutRegistration(registration)
		parent, parentNumber, ok := parse.Family(register, number)
		if !ok {
			break
		}
		registration = parent + " " + parentNumber
	}
	return registration
}

// opponents are the parties that something of p resembles or shares, and those
// with whom it has hits, by key.
func (m *Matcher) opponents(p *party) []*party {
	set := map[*party]bool{}
	for q := range p.hits {
		set[q] = true
	}
	for f := range p.uses {
		m.opposed(set, p, f, f)
		switch f.kind {
		case logoFeature:
			for _, pair := range m.similar[f.name] {
				m.opposed(set, p, f, feature{logoFeature, pair.beside(f.name)})
			}
		case domainFeature:
			for _, l := range m.alike[f.name] {
				m.opposed(set, p, f, feature{domainFeature, l.other})
			}
		}
	}
	for q := range m.namesakes[p] {
		set[q] = true
	}
	delete(set, p)
	return slices.SortedFunc(maps.Keys(set), byKey)
}

// opposed adds those with whom p may have hits because its feature f is, or
// resembles, their feature g.
func (m *Matcher) opposed(set map[*party]bool, p *party, f, g feature) {
	theirs := m.users[g]
	switch {
	case theirs == nil:
	case slices.Contains(m.users[f].eldest, p): // it may be held against any of them
		maps.Copy(set, theirs.all)
	default:
		for _, q := range theirs.eldest {
			set[q] = true
		}
	}
}

// beside is the other logo of a pair.
func (s *SimilarLogos) beside(one string) string {
	if s.First == one {
		return s.Second
	}
	return s.First
}
