package match

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"markwatch/match/domain"
	"markwatch/match/organisation"
)

// nearParty is what is near the organisation that a standing hit is against.
func (m *Matcher) nearParty(h *Hit) ([]near, string) {
	q := m.parties[h.OtherOrganisationKey]
	if q == nil {
		return nil, "the other organisation has no certificate in the store any more"
	}
	var out []near
	m.around(m.aimAt(q), func(i *Issuance, l likely) {
		p := m.parties[i.OrganisationKey]
		n := near{issuance: i, kind: l.kind, score: l.score, likeness: l.likeness, hit: m.isHit(q.key, i), itself: p == q}
		n.why, n.excuse = m.whyNot(i, p, q, l)
		out = append(out, n)
	})
	return out, ""
}

// isHit tells whether an issuance is a hit by any rule, against an organisation by
// its key or a watch item by its id.
func (m *Matcher) isHit(against string, i *Issuance) bool {
	return slices.ContainsFunc(Rules(), func(r Rule) bool {
		_, is := m.hits[hitID(r, against, i.TBSSHA256)]
		return is
	})
}

// whyNot says why an issuance of p is no hit against q, though it is like it.
func (m *Matcher) whyNot(i *Issuance, p, q *party, l likely) (why, excuse string) {
	switch {
	case i.Test:
		return "it is a test certificate, which hits nothing", ""
	case p == q:
		return "it is the other party's own", ""
	case related(p, q):
		return m.ties(p, q), ""
	case l.below != "":
		return l.below, ""
	}
	if w := m.items.excuseOf(i, q.whole().reference()); w != nil {
		return w.excuseWords(), w.ID
	}
	if l.kind != MissMark && sharesRegistration(p, q) {
		return "both name one registration, or one of its family: the rule trademark tells that, and the others are silent", ""
	}
	return m.orderWords(i, p, q, l), ""
}

// ties says why two organisations belong together.
func (m *Matcher) ties(p, q *party) string {
	for a := range p.spellings {
		for b := range q.spellings {
			if c := organisation.Compare(a, b, m.weights); c.Relation == organisation.Same {
				return "the two are one organisation: " + c.Reason
			}
		}
	}
	theirs := q.registrable()
	for _, d := range slices.Sorted(maps.Keys(p.registrable())) {
		if theirs[d] {
			return "the two belong together: both hold certificates for names under " + d
		}
	}
	return "the two belong together through others, who share a domain or a registration number with either"
}

// registrable are the registrable domains that the party uses.
func (p *party) registrable() map[string]bool {
	all := map[string]bool{}
	for f := range p.uses {
		if f.kind == domainFeature {
			all[strings.TrimPrefix(domain.Parse(f.name).Registrable, ".")] = true
		}
	}
	delete(all, "")
	return all
}

// orderWords say what the standing rules lack, where the likeness is one.
func (m *Matcher) orderWords(i *Issuance, p, q *party, l likely) string {
	mine, theirs := p.whole().first(), q.whole().first()
	switch {
	case l.kind == MissLogo && l.score < unregisteredScore:
		return fmt.Sprintf("the score %.2f is below %.2f, which is asked of a mark for which no register was asked beside a registered one, and %.2f, which is asked of all others", l.score, unregisteredScore, standingScore)
	case l.kind == MissLogo && l.score < standingScore && !i.unregistered():
		return fmt.Sprintf("the score %.2f is below %.2f, which is asked where a register or statute protects the mark", l.score, standingScore)
	case l.kind == MissOrganisation:
		return "a name alone says little: the registration numbers have to differ too, and the other one to come later"
	case earlier(mine, theirs) < 0:
		return fmt.Sprintf("it came first: %s has held certificates since %s, %s since %s", named(mine), date(mine.NotBefore), named(theirs), date(theirs.NotBefore))
	case i.registered() && q.whole().registered() == nil:
		return "its mark is registered, and the other one's is not"
	case l.kind == MissLogo && l.score < standingScore:
		return fmt.Sprintf("the score %.2f is below %.2f; less is asked only beside a registered mark", l.score, standingScore)
	case l.kind == MissDomain:
		return "the likeness is the other way round, or too common: the name that has something added is the suspect"
	}
	return fmt.Sprintf("others had it before: it is held against the first %d who did", maxVictims)
}

// nearItem is what is near that which a hit's watch item watches.
func (m *Matcher) nearItem(h *Hit) ([]near, string) {
	w := m.items.byID[h.Item]
	if w == nil {
		return nil, "the item is not watched any more"
	}
	var out []near
	m.around(aimOf(w), func(i *Issuance, l likely) {
		n := near{issuance: i, kind: l.kind, score: l.score, likeness: l.likeness, hit: m.isHit(w.ID, i)}
		switch excused := m.items.excuserOf(w.List, i); {
		case i.Test:
			n.why = "it is a test certificate, which hits nothing"
		case l.below != "":
			n.why = l.below
		case excused != nil:
			n.why, n.excuse = excused.excuseWords(), excused.ID
		case !w.covers(i.FirstLogged):
			n.why = fmt.Sprintf("it was first logged on %s, and the item counts %s", date(i.FirstLogged), w.period())
		default:
			n.why = "the search for the item found nearer ones first"
		}
		out = append(out, n)
	})
	return out, ""
}

// period says in words when an item counts.
func (i *Item) period() string {
	switch {
	case i.Starts.IsZero():
		return "until " + moment(i.Ends)
	case i.Ends.IsZero():
		return "from " + moment(i.Starts)
	}
	return "from " + moment(i.Starts) + " until " + moment(i.Ends)
}

// moment is a day, with its time where it isn't midnight.
func moment(t time.Time) string {
	if t = t.UTC(); t.Equal(t.Truncate(24 * time.Hour)) {
		return date(t)
	}
	return t.UTC().Format("2006-01-02 15:04")
}

// excuserOf is the item of a list by which an issuance is the client's own, or
// else allowed; nil where there is none.
func (x *items) excuserOf(list string, i *Issuance) *watchItem {
	var found *watchItem
	x.excused[list].of(i, func(w *watchItem) bool {
		if w.covers(i.FirstLogged) && (found == nil || w.Role == Own) {
			found = w
		}
		return found == nil || found.Role != Own
	})
	return found
}

// excuseOf is the item by which a list says that the two belong together: that of
// the first one.
func (x *items) excuseOf(i, other *Issuance) *watchItem {
	for _, list := range slices.Sorted(maps.Keys(x.excused)) {
		if x.role(list, other) == Own {
			if w := x.excuserOf(list, i); w != nil {
				return w
			}
		}
	}
	return nil
}

// excuseWords say by what an issuance is excused.
func (w *watchItem) excuseWords() string {
	verb := "it is the client's own"
	if w.Role == Allow {
		verb = "it is allowed"
	}
	words := fmt.Sprintf("%s: the watch list %s names the %s %s", verb, w.List, w.Kind, w.Value)
	if w.Notes != "" {
		words += " (" + w.Notes + ")"
	}
	if !w.Ends.IsZero() {
		return words + ", until " + moment(w.Ends)
	}
	return words
}
