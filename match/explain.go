package match

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"markwatch/match/domain"
	"markwatch/match/logo"
)

// Explanation is what is behind a hit, and what came near and is no hit.
type Explanation struct {
	Numbers []Number
	Misses  []Miss // by kind, that of the hit first, and the nearest of each first
	Others  int    // further hits against the same organisation or watch item
	Refuted string // why the hit itself is none any more; "" while it is one
	Problem string // why there can be no misses; "" if there can
}

// Number is one number behind a hit, with what it is measured by.
type Number struct {
	Name  string // what is measured
	Value string // as it was found
	Bar   string // the threshold, and what lies on either side of it
}

// MissKind is by what an issuance came near.
type MissKind string

// The kinds of misses.
const (
	MissLogo         MissKind = "logo"
	MissDomain       MissKind = "domain"
	MissOrganisation MissKind = "organisation"
	MissMark         MissKind = "mark"
)

// Miss is an issuance that came near what a hit is against, and is no hit.
type Miss struct {
	Kind         MissKind
	TBSSHA256    string
	Organisation string
	Domains      []string
	NotBefore    time.Time
	Score        float64 // of the likeness, 0 to 1
	Likeness     string  // in words
	Why          string  // it is no hit, in words
	Excuse       string  // id of the item of a watch list that excuses it; "" where none does
}

// How many near misses are told: of the kind that the hit is of, and of each other.
const (
	ownMisses   = 8
	otherMisses = 3
)

// Explain says what is behind a hit, with the thresholds, and which other
// issuances came near the same organisation or watch item and why they are none.
// The matcher must know all that is stored; of what it doesn't know it says so.
func (m *Matcher) Explain(h Hit) Explanation {
	m.mu.Lock()
	defer m.mu.Unlock()
	x := Explanation{Numbers: numbersOf(&h)}
	var found []near
	var problem string
	if h.Item != "" {
		found, problem = m.nearItem(&h)
	} else {
		found, problem = m.nearParty(&h)
	}
	x.Problem = problem
	_, stands := m.hits[h.ID]
	best := map[string]Miss{} // one a kind and organisation
	hits := map[string]bool{}
	for _, n := range found {
		if n.issuance.TBSSHA256 == h.TBSSHA256 {
			if !stands && n.kind == h.Rule.kind() && (x.Refuted == "" || n.why < x.Refuted) {
				x.Refuted = n.why
			}
			continue
		}
		if n.hit {
			hits[n.issuance.TBSSHA256] = true
			continue
		}
		miss := n.miss()
		key := string(n.kind) + "\x00" + n.issuance.OrganisationKey + "\x00" + miss.Why
		if n.itself {
			key = ""
		}
		if old, known := best[key]; !known || nearer(miss, old) < 0 {
			best[key] = miss
		}
	}
	if !stands && x.Refuted == "" {
		x.Refuted = cmp.Or(problem, "what it rested on is not so any more")
	}
	x.Others = len(hits)
	x.Misses = fewest(best, h.Rule.kind())
	return x
}

// kind is by what a rule finds.
func (r Rule) kind() MissKind {
	switch r {
	case RuleLogo, RulePriorUseLogo:
		return MissLogo
	case RuleTrademark:
		return MissMark
	case RuleOrganisation:
		return MissOrganisation
	}
	return MissDomain
}

// fewest are the nearest misses of each kind, those of the hit's own kind first.
func fewest(best map[string]Miss, own MissKind) []Miss {
	all := slices.SortedFunc(maps.Values(best), func(a, b Miss) int {
		switch {
		case a.Kind == own && b.Kind != own:
			return -1
		case b.Kind == own && a.Kind != own:
			return 1
		}
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), nearer(a, b))
	})
	count := map[MissKind]int{}
	return slices.DeleteFunc(all, func(m Miss) bool {
		count[m.Kind]++
		return count[m.Kind] > ownMisses || m.Kind != own && count[m.Kind] > otherMisses
	})
}

// nearer orders misses, the nearest first.
func nearer(a, b Miss) int {
	return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Kind, b.Kind), a.NotBefore.Compare(b.NotBefore), cmp.Compare(a.TBSSHA256, b.TBSSHA256), cmp.Compare(a.Likeness, b.Likeness))
}

// near is an issuance that resembles something, and what became of it.
type near struct {
	issuance *Issuance
	kind     MissKind
	score    float64
	likeness string
	why      string
	excuse   string
	hit      bool // it is a hit
	itself   bool // it is of the organisation that the hit is against
}

func (n *near) miss() Miss {
	i := n.issuance
	return Miss{Kind: n.kind, TBSSHA256: i.TBSSHA256, Organisation: i.Party.Name, Domains: i.Domains, NotBefore: i.NotBefore, Score: n.score, Likeness: n.likeness, Why: n.why, Excuse: n.excuse}
}

// numbersOf are the numbers behind a hit.
func numbersOf(h *Hit) []Number {
	var out []Number
	add := func(name, value, bar string) { out = append(out, Number{name, value, bar}) }
	e := &h.Evidence
	if e.Verdict != "" {
		add("logos: score", fmt.Sprintf("%.2f of 1, %s", e.LogoScore, e.Verdict), logoBar(h))
		if e.LogoDistance != nil {
			add("logos: distance", fmt.Sprintf("%d of 64 bits differ", *e.LogoDistance), "unrelated logos differ in about 32; the score decides, not this number")
		}
		if e.Agreement != "" {
			add("logos: what agrees", e.Agreement, "")
		}
	}
	if e.DomainRule != "" {
		add("domains: rule", strings.TrimSuffix(e.DomainRule+", "+e.DomainKind, ", "), fmt.Sprintf("%s resembles %s by it, and by no surer one", domain.Parse(e.Domain).Unicode, domain.Parse(e.OtherDomain).Unicode))
		add("domains: closeness", fmt.Sprintf("%.2f of 1", e.Closeness), "it follows from the rule; 1 is the same name, and what no rule takes is none")
		if e.Edits > 0 {
			add("domains: letters apart", fmt.Sprint(e.Edits), "one at most, and two in names of eight letters or more; letters that look alike aren't counted against it")
		}
	}
	if h.Rule == RuleOrganisation {
		add("names: score", fmt.Sprintf("%.2f of 1", e.Closeness), "the share that the words in common have of all, each weighed by how rare it is; all words that tell companies apart have to be in both, or one rare enough")
		if e.NumbersDiffer {
			add("names: registration numbers", "they differ", "of one register: with the same number the two would be one organisation")
		}
	}
	if e.Registration != "" {
		add("registration", e.Registration, "both name it; the register's record says whose it is: "+cmp.Or(e.RegisterURL, "it has no link"))
	}
	if e.Since != "" && e.OtherSince != "" {
		add("who came first", e.OtherSince+" before "+e.Since, "validity of the first certificate of either with this likeness; the later one is the suspect, unless only the other's mark is registered, or the name has something added")
	}
	add("severity", string(h.Severity), severityWords(h))
	return out
}

// logoBar says what is asked of the score of two logos.
func logoBar(h *Hit) string {
	kinds := fmt.Sprintf("a match from %.2f, strong from %.2f, copied is the same file", logo.MatchThreshold, logo.StrongThreshold)
	switch {
	case h.Item != "":
		return kinds + "; of a watched logo a match is asked"
	case h.Rule == RulePriorUseLogo:
		return kinds + fmt.Sprintf("; %.2f is asked of a mark for which no register was asked, beside a registered one", unregisteredScore)
	}
	return kinds + fmt.Sprintf("; %.2f is asked between any two organisations", standingScore)
}

// severityWords say from what a severity follows.
func severityWords(h *Hit) string {
	switch {
	case h.Rule == RulePriorUseLogo || h.Rule == RulePriorUseDomain:
		return "of the rule; no register was asked for this mark, and the other one is registered"
	case h.Item != "":
		return "of rule and closeness; more where no register was asked for the mark, and not less than the watch item asks"
	}
	return "of rule and closeness"
}
