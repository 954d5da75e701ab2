package match

import (
	"cmp"
	"slices"

	"markwatch/match/organisation"
)

// party is one organisation, by its key: its issuances, and what they use.
type party struct {
	key       string
	spellings map[organisation.Party]bool // as its issuances say
	issuances []*Issuance                 // in order of validity
	uses      map[feature]*use

	group *group              // of related parties
	hits  map[*party][]string // ids of the hits between this one and another
}

// feature is something by which issuances are compared: a logo, a domain or a
// registration.
type feature struct {
	kind featureKind
	name string // SHA-256, A-labels, or register and number
}

type featureKind uint8

const (
	logoFeature featureKind = iota
	domainFeature
	numberFeature
)

// features are those of an issuance.
func (i *Issuance) features() []feature {
	var all []feature
	if i.Logo != "" {
		all = append(all, feature{logoFeature, i.Logo})
	}
	if number := i.registration(); number != "" {
		all = append(all, feature{numberFeature, number})
	}
	for _, d := range i.Domains {
		all = append(all, feature{domainFeature, d})
	}
	return all
}

// use is the issuances of a party that have a feature, in order of validity.
type use struct {
	by        *party
	of        feature // zero for all issuances of the party
	issuances []*Issuance
}

// first is the earliest issuance.
func (u *use) first() *Issuance { return u.issuances[0] }

// registered is the earliest issuance for a registered mark; nil without one.
func (u *use) registered() *Issuance {
	for _, i := range u.issuances {
		if i.registered() {
			return i
		}
	}
	return nil
}

// reference is the issuance that speaks for the party: of a registered mark if
// there is one.
func (u *use) reference() *Issuance {
	if i := u.registered(); i != nil {
		return i
	}
	return u.first()
}

// users are the parties that use a feature.
type users struct {
	all    map[*party]bool
	eldest []*party // those who used it first, at most maxVictims, in order
}

// maxVictims bounds against how many others one feature is held: the ones who
// had it first. A logo under a thousand organisations is one story, not half a
// million hits.
const maxVictims = 10

// add takes note of a party that uses the feature f, now or from an earlier day
// than before, and tells which parties are among the eldest that weren't, and
// which aren't any more.
func (u *users) add(p *party, f feature) (changed []*party) {
	u.all[p] = true
	before := slices.Clone(u.eldest)
	if !slices.Contains(u.eldest, p) {
		u.eldest = append(u.eldest, p)
	}
	slices.SortFunc(u.eldest, func(a, b *party) int {
		return earlier(a.uses[f].first(), b.uses[f].first())
	})
	if len(u.eldest) > maxVictims {
		u.eldest = u.eldest[:maxVictims]
	}
	for _, q := range append(before, u.eldest...) {
		if slices.Contains(before, q) != slices.Contains(u.eldest, q) {
			changed = append(changed, q)
		}
	}
	return changed
}

// earlier orders issuances by the beginning of their validity.
func earlier(a, b *Issuance) int {
	return cmp.Or(a.NotBefore.Compare(b.NotBefore), cmp.Compare(a.TBSSHA256, b.TBSSHA256))
}

// insert puts an issuance into a list that is in order, unless it is there.
func insert(list []*Issuance, i *Issuance) []*Issuance {
	at, found := slices.BinarySearchFunc(list, i, earlier)
	if found {
		return list
	}
	return slices.Insert(list, at, i)
}

// add gives the party an issuance.
func (p *party) add(i *Issuance) {
	p.issuances = insert(p.issuances, i)
	for _, f := range i.features() {
		u := p.uses[f]
		if u == nil {
			u = &use{by: p, of: f}
			p.uses[f] = u
		}
		u.issuances = insert(u.issuances, i)
	}
}

// name is the organisation's name in its latest certificate.
func (p *party) name() string { return p.issuances[len(p.issuances)-1].Party.Name }

// number is the organisation's registration number; one key has one, or none.
func (p *party) number() string { return p.issuances[0].Party.RegistrationNumber }

// whole is the use of everything: all issuances.
func (p *party) whole() *use { return &use{by: p, issuances: p.issuances} }

// group is parties that belong together: they are one organisation, or share a
// domain. A CA has checked that each of them controls it.
type group struct {
	members []*party
}

// join makes one group of two and returns the members of the one that was
// dissolved; nil if they were one already.
func join(a, b *group) []*party {
	if a == b {
		return nil
	}
	if len(a.members) < len(b.members) {
		a, b = b, a
	}
	for _, p := range b.members {
		p.group = a
	}
	a.members = append(a.members, b.members...)
	return b.members
}
