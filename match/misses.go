package match

import (
	"fmt"
	"slices"

	"markwatch/match/domain"
	"markwatch/match/logo"
	"markwatch/match/organisation"
)

// From which likeness on something is near enough to be told of: what is less
// like is everybody.
const (
	nearLogo  = 0.2
	nearLabel = 0.6
	nearName  = 0.4
	nearLogos = 50 // logos looked at
)

// aim is what others are held against: an organisation's logos, domains, name and
// registrations, or the one thing that a watch item watches.
type aim struct {
	logos         map[string]*logo.Descriptor // by SHA-256; nil where it can't be compared
	domains       []string
	name          *organisation.Party
	registrations []string
}

// aimAt is what the organisation uses.
func (m *Matcher) aimAt(q *party) aim {
	a := aim{logos: map[string]*logo.Descriptor{}, name: &q.issuances[len(q.issuances)-1].Party}
	for f := range q.uses {
		switch f.kind {
		case logoFeature:
			a.logos[f.name] = nil
		case domainFeature:
			a.domains = append(a.domains, f.name)
		case numberFeature:
			a.registrations = append(a.registrations, f.name)
		}
	}
	for _, l := range m.known {
		if _, wanted := a.logos[l.SHA256]; wanted {
			a.logos[l.SHA256] = l.Descriptor
		}
	}
	slices.Sort(a.domains)
	slices.Sort(a.registrations)
	return a
}

// aimOf is what a watch item watches.
func aimOf(w *watchItem) aim {
	switch w.Kind {
	case KindLogo:
		return aim{logos: map[string]*logo.Descriptor{w.Value: w.Descriptor}}
	case KindDomain:
		return aim{domains: []string{w.Value}}
	case KindOrganisation:
		return aim{name: &organisation.Party{Name: w.Value}}
	case KindTrademark:
		return aim{registrations: []string{w.Value}}
	}
	return aim{}
}

// likely is a likeness of a feature, or of a party's name, to an aim.
type likely struct {
	kind     MissKind
	score    float64
	below    string // what it lacks to be one; "" where it is one
	likeness string
}

// around finds what resembles the aim, or nearly does, and calls found with each
// issuance that has it; tests too.
func (m *Matcher) around(a aim, found func(i *Issuance, l likely)) {
	for f, l := range m.featuresNear(a) {
		if u := m.users[f]; u != nil {
			for p := range u.all {
				for _, i := range p.uses[f].issuances {
					found(i, l)
				}
			}
		}
		for _, i := range m.tests {
			if slices.Contains(i.features(), f) {
				found(i, l)
			}
		}
	}
	if a.name == nil {
		return
	}
	for _, p := range m.parties {
		if l, ok := m.nameNear(*a.name, p); ok {
			for _, i := range p.issuances {
				found(i, l)
			}
		}
	}
}

// featuresNear are the known features that resemble the aim, or nearly do.
func (m *Matcher) featuresNear(a aim) map[feature]likely {
	out := map[feature]likely{}
	add := func(f feature, l likely) {
		if old, known := out[f]; !known || l.score > old.score || l.score == old.score && l.likeness < old.likeness {
			out[f] = l
		}
	}
	for sha, d := range a.logos {
		add(feature{logoFeature, sha}, likely{kind: MissLogo, score: 1, likeness: "its logo is the same file"})
		if d == nil {
			continue
		}
		for _, n := range m.logos.Search(d, nearLogos, nearLogo) {
			if other := m.known[n.ID]; other.SHA256 != sha {
				add(feature{logoFeature, other.SHA256}, logoLikely(n.Comparison))
			}
		}
	}
	for _, d := range a.domains {
		for f, l := range m.domainsNear(domain.Parse(d)) {
			add(f, l)
		}
	}
	for _, r := range a.registrations {
		for registration := range m.families[familyOf(r)] {
			l := likely{kind: MissMark, score: 1, likeness: "it names the same registration, " + registration}
			if registration != r {
				l.score, l.likeness = 0.5, "it names "+registration+", of one family with "+r
			}
			add(feature{numberFeature, registration}, l)
		}
	}
	return out
}

func logoLikely(c logo.Comparison) likely {
	l := likely{kind: MissLogo, score: c.Score, likeness: fmt.Sprintf("its logo has the score %.2f: %s", c.Score, c.Reason)}
	if c.Score < logo.MatchThreshold {
		l.below = fmt.Sprintf("the score %.2f is below %.2f, from which two logos match", c.Score, logo.MatchThreshold)
	}
	return l
}

// domainsNear are the known domains like one, or with a label nearly like its.
func (m *Matcher) domainsNear(name domain.Name) map[feature]likely {
	out := map[feature]likely{}
	label := []rune(name.Label)
	try := func(ascii string) {
		other := domain.Parse(ascii)
		if match, ok := domain.Compare(name, other); ok {
			out[feature{domainFeature, ascii}] = likely{kind: MissDomain, score: match.Closeness, likeness: "its domain " + other.Unicode + " resembles it by the rule " + string(match.Rule) + ": " + match.Reason}
			return
		}
		theirs := []rune(other.Label)
		most := max(len(label), len(theirs))
		if len(label) == 0 || len(theirs) == 0 || most > 63 {
			return
		}
		edits := lettersApart(label, theirs)
		if score := 1 - float64(edits)/float64(most); score >= nearLabel {
			out[feature{domainFeature, ascii}] = likely{kind: MissDomain, score: 0.9 * score, // no rule takes it: behind all that one does
				likeness: fmt.Sprintf("its domain %s is %s from %s", other.Unicode, counted(edits, "letter"), name.Unicode),
				below:    "no rule takes it: one letter may differ, and two in names of eight letters or more, if neither is an ordinary word"}
		}
	}
	for ascii := range m.hasDomain {
		try(ascii)
	}
	for _, i := range m.tests {
		for _, d := range i.Domains {
			try(d)
		}
	}
	return out
}

// nameNear is how a party's name resembles another.
func (m *Matcher) nameNear(name organisation.Party, p *party) (likely, bool) {
	var best organisation.Comparison
	found := false
	for is := range p.spellings {
		if c := organisation.Compare(is, name, m.weights); !found || c.Relation > best.Relation || c.Relation == best.Relation && closer(c, best) {
			best, found = c, true
		}
	}
	if best.Relation == organisation.Different && best.Score < nearName {
		return likely{}, false
	}
	l := likely{kind: MissOrganisation, score: best.Score, likeness: fmt.Sprintf("its name has the score %.2f: %s", best.Score, best.Reason)}
	if best.Relation == organisation.Different {
		l.below = "the words in common are too few or too ordinary for one name to be taken for the other"
	}
	return l, true
}

// lettersApart counts the letters put in, left out or replaced between two labels.
func lettersApart(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j := range b {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// counted is a number of things.
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
