package twist

import (
	"slices"
	"strings"

	"markwatch/match/domain"
)

// mostExamples is how many examples of a miss are kept.
const mostExamples = 10

// Row is what was found of one kind.
type Row struct {
	Kind     string
	Variants int
	Found    int      // by any rule
	Right    int      // with the reason that fits the kind
	Missed   []string // examples of those that weren't found, or for another reason
}

// Result is how many variants of names are found, and how many ordinary names are.
type Result struct {
	Names    int
	Rows     []Row // by kind
	Ordinary int
	Flagged  int      // ordinary names that are found
	Examples []string // of these, each with what it was taken for
}

// Total sums the rows.
func (r Result) Total() Row {
	total := Row{Kind: "all"}
	for _, row := range r.Rows {
		total.Variants += row.Variants
		total.Found += row.Found
		total.Right += row.Right
	}
	return total
}

// Measure watches names, and matches all their variants and the ordinary names.
func Measure(names, ordinary []string) Result {
	index := domain.NewIndex()
	for i, name := range names {
		index.Add(uint32(i), domain.Parse(name))
	}
	result := Result{Names: len(names), Ordinary: len(ordinary)}
	rows := map[string]*Row{}
	for _, kind := range Kinds() {
		rows[kind] = &Row{Kind: kind}
	}
	for i, name := range names {
		for _, v := range Variants(name) {
			rows[v.Kind].count(uint32(i), name, v, index.Match(domain.Parse(v.Domain)))
		}
	}
	for _, kind := range Kinds() {
		result.Rows = append(result.Rows, *rows[kind])
	}
	for _, name := range ordinary {
		if matches := index.Match(domain.Parse(name)); len(matches) > 0 {
			result.Flagged++
			m := matches[0]
			result.Examples = append(result.Examples, name+" for "+m.Watched+": "+string(m.Rule)+", "+m.Kind)
		}
	}
	return result
}

// count adds a variant of the name with an id.
func (r *Row) count(id uint32, name string, v Variant, matches []domain.Match) {
	r.Variants++
	i := slices.IndexFunc(matches, func(m domain.Match) bool { return m.ID == id })
	why := "not found"
	if i >= 0 {
		r.Found++
		if right(v.Kind, matches[i]) {
			r.Right++
			return
		}
		why = string(matches[i].Rule) + ", " + matches[i].Kind
	}
	if len(r.Missed) < mostExamples {
		r.Missed = append(r.Missed, v.Domain+" for "+name+": "+why)
	}
}

// reason is what a verdict says of a kind: one of the rules, and, where it isn't "", a kind
// of edit that begins so among those that would explain the change.
type reason struct {
	rules []domain.Rule
	kind  string
}

// right tells whether a verdict gives the reason that fits a kind.
func right(kind string, m domain.Match) bool {
	look := []domain.Rule{domain.RuleHomoglyph, domain.RuleHomograph}
	edit := append(look, domain.RuleOneEdit, domain.RuleHyphen)
	want := map[string][]reason{
		"addition":      {{edit, domain.KindAdded}, {[]domain.Rule{domain.RuleOneEdit}, domain.KindInserted}},
		"bitsquatting":  {{edit, domain.KindBitFlip}},
		"cyrillic":      {{look, ""}},
		"dictionary":    {{[]domain.Rule{domain.RuleCombosquat, domain.RuleContains}, ""}},
		"homoglyph":     {{append(look, domain.RuleTransliteration), ""}, {edit, domain.KindLookalike}},
		"hyphenation":   {{[]domain.Rule{domain.RuleHyphen}, ""}},
		"insertion":     {{edit, domain.KindKeyboard}},
		"omission":      {{edit, domain.KindDropped}, {[]domain.Rule{domain.RuleHyphen}, ""}},
		"plural":        {{edit, domain.KindPlural}},
		"repetition":    {{edit, domain.KindDoubled}},
		"replacement":   {{edit, domain.KindKeyboard}},
		"subdomain":     {{[]domain.Rule{domain.RuleDots}, ""}},
		"tld-swap":      {{[]domain.Rule{domain.RuleOtherTLD}, ""}},
		"transposition": {{edit, domain.KindSwapped}, {[]domain.Rule{domain.RuleHyphen}, ""}},
		"various":       {{[]domain.Rule{domain.RuleCombosquat, domain.RuleContains, domain.RuleOtherTLD}, ""}},
		"vowel-swap":    {{edit, domain.KindVowel}},
	}[kind]
	return slices.ContainsFunc(want, func(w reason) bool {
		return slices.Contains(w.rules, m.Rule) &&
			(w.kind == "" || slices.ContainsFunc(m.Evidence.Kinds, func(k string) bool { return strings.HasPrefix(k, w.kind) }))
	})
}
