package match

import (
	"strings"

	"markwatch/match/organisation"
	"markwatch/parse"
)

// excuses are the items of a list that are Own or Allow, by what finds them: a
// client may own thousands of domains.
type excuses map[string][]*watchItem

// of calls found with each that names whose the issuance is, until it says no.
func (e excuses) of(i *Issuance, found func(*watchItem) bool) {
	if len(e) == 0 {
		return
	}
	for _, key := range i.excuseKeys() {
		for _, w := range e[key] {
			if w.whose(i) && !found(w) {
				return
			}
		}
	}
}

func (e excuses) add(w *watchItem) { e[w.excuseKey()] = append(e[w.excuseKey()], w) }

// excuseKey is one of the excuseKeys of each issuance that the item is about.
func (i *Item) excuseKey() string {
	switch i.Kind {
	case KindOrganisation:
		base, _ := parse.FoldOrganisation(i.Value)
		return string(i.Kind) + " " + base
	case KindNumber: // compared by whose, which knows how they are written
		return string(i.Kind) + " " + organisation.NumberKey(i.numbered())
	}
	return string(i.Kind) + " " + i.Value
}

// excuseKeys are those of items that may be about the issuance.
func (i *Issuance) excuseKeys() []string {
	base, _ := parse.FoldOrganisation(i.Party.Name)
	keys := []string{
		string(KindNumber) + " " + organisation.NumberKey(i.Party), string(KindOrganisation) + " " + base,
		string(KindTrademark) + " " + i.registration(), string(KindLEI) + " " + strings.ToUpper(i.Party.LEI),
	}
	for _, d := range i.Domains {
		for ok := true; ok; _, d, ok = strings.Cut(d, ".") {
			keys = append(keys, string(KindDomain)+" "+d)
		}
	}
	return keys
}

// excuse adds an item that is Own or Allow.
func (x *items) excuse(w *watchItem) {
	if x.excused[w.List] == nil {
		x.excused[w.List] = excuses{}
	}
	x.excused[w.List].add(w)
	x.excusing.add(w)
}

// touchExcused marks what the round's items that are Own or Allow change: the
// hits of their lists, and of whom they name.
func (m *Matcher) touchExcused(r *round) {
	if len(r.excuses) == 0 {
		return
	}
	changed, lists := excuses{}, map[string]bool{}
	for _, w := range r.excuses {
		changed.add(w)
		lists[w.List] = true
	}
	for id, w := range m.items.byID {
		if w.Role == Watch && lists[w.List] {
			r.items[id] = true
		}
	}
	for _, i := range m.issuances {
		changed.of(i, func(*watchItem) bool {
			r.touch(m.parties[i.OrganisationKey])
			return false
		})
	}
}

// role is what a list says of whom an issuance is: Own, Allow, or "".
func (x *items) role(list string, i *Issuance) Role {
	role := Role("")
	x.excused[list].of(i, func(w *watchItem) bool {
		if w.covers(i.FirstLogged) {
			role = w.Role
		}
		return role != Own
	})
	return role
}

// roles is what the lists say of whom an issuance is.
func (x *items) roles(i *Issuance) map[string]Role {
	roles := map[string]Role{}
	x.excusing.of(i, func(w *watchItem) bool {
		if w.covers(i.FirstLogged) && roles[w.List] != Own {
			roles[w.List] = w.Role
		}
		return true
	})
	return roles
}

// allows tells whether a watch list says that the two belong together: both are
// a client's own, or the one is allowed to the client whose own the other is.
func (x *items) allows(i, other *Issuance) bool {
	lists := x.roles(i)
	if len(lists) == 0 {
		return false
	}
	for list, role := range x.roles(other) {
		if role == Own && lists[list] != "" {
			return true
		}
	}
	return false
}
