package domain

import (
	"math"
	"slices"
	"strings"
)

// Compare says by which rule a candidate resembles a watched name, and false if it doesn't.
func Compare(watched, candidate Name) (Match, bool) {
	w := newForm(watched.Label)
	return compare(&watched, &w, newCandidate(candidate))
}

// pair is a watched name and what is compared with it.
type pair struct {
	name *Name
	w    *form
	c    *candidate
}

// compare tries the rules in order, the surest first.
func compare(name *Name, w *form, c *candidate) (Match, bool) {
	p := pair{name, w, c}
	if name.ASCII == c.ASCII && name.ASCII != "" {
		return p.match(RuleExact, "the same name", name.Unicode+" itself"), true
	}
	if name.Label == "" || c.Label == "" {
		return Match{}, false
	}
	for _, rule := range [...]func(pair) (Match, bool){
		sameRegistrable, otherTLD, lookAlike, transliterated, prefixDomain, subdomain, dots, oneEdit, combosquat, mistaken, twoEdits, contains,
	} {
		if m, ok := rule(p); ok {
			m.Closeness = math.Round(m.Closeness*1000) / 1000
			return m, true
		}
	}
	return Match{}, false
}

// match fills in what all verdicts have.
func (p pair) match(r Rule, kind, reason string) Match {
	m := Match{Watched: p.name.ASCII, Domain: p.c.ASCII, Rule: r, Kind: kind, Reason: reason}
	m.Evidence = Evidence{Length: p.w.size, Common: p.w.class >= common}
	if p.c.Suffix != p.name.Suffix {
		m.Evidence.Suffix, m.Evidence.Private = p.c.Suffix, p.c.Suffix != "" && !p.c.ICANN && strings.Contains(p.c.Suffix, ".")
	}
	m.Closeness = closeness(r)
	if m.Evidence.Suffix != "" && r != RuleOtherTLD {
		m.Closeness -= 0.01
	}
	if m.Evidence.Common && r != RuleExact && r != RuleOwnSubdomain {
		m.Closeness -= 0.1
	}
	return m
}

// closeness is how near a rule brings two names; less for each letter that differs, under another
// suffix, and for an ordinary word.
func closeness(r Rule) float64 {
	switch r {
	case RuleExact:
		return 1
	case RuleOwnSubdomain:
		return 0.99
	case RuleHomograph:
		return 0.98
	case RuleOtherTLD, RuleHomoglyph:
		return 0.97
	case RuleTransliteration, RuleHyphen, RulePrefixDomain, RuleOneEdit, RuleTwoEdits:
		return 0.95
	case RuleSubdomain:
		return 0.9
	case RuleDots:
		return 0.88
	case RuleCombosquat:
		return 0.85
	}
	return 0.65 // RuleContains
}

// akin tells whether two names are of one registrable domain.
func akin(a, b *Name) bool { return a.Registrable != "" && a.Registrable == b.Registrable }

// sameRegistrable finds other names of one registrable domain.
func sameRegistrable(p pair) (Match, bool) {
	if !akin(p.name, &p.c.Name) {
		return Match{}, false
	}
	kind := "beside it"
	switch {
	case strings.HasSuffix(p.c.ASCII, "."+p.name.ASCII):
		kind = "below it"
	case strings.HasSuffix(p.name.ASCII, "."+p.c.ASCII):
		kind = "above it"
	}
	return p.match(RuleOwnSubdomain, kind, p.c.Unicode+", of the registrable domain "+p.name.Registrable), true
}

// otherTLD finds the same label under another public suffix.
func otherTLD(p pair) (Match, bool) {
	if p.name.Label != p.c.Label {
		return Match{}, false
	}
	kind, where := "another public suffix", "."+p.c.Suffix
	switch {
	case p.c.Suffix == "":
		kind, where = "without a public suffix", "no public suffix"
	case !p.c.ICANN && strings.Contains(p.c.Suffix, "."):
		kind, where = "a host's suffix", "."+p.c.Suffix+", whose names a host gives to its customers"
	}
	return p.match(RuleOtherTLD, kind, p.name.Unicode+" under "+where), true
}

// lookAlike finds the same skeleton: homographs, homoglyphs and hyphens.
func lookAlike(p pair) (Match, bool) {
	w, c := p.w, &p.c.main.form
	if w.skeleton != c.skeleton && w.letters != c.letters || w.letters == "" {
		return Match{}, false
	}
	from, to := withoutHyphens(w.label), withoutHyphens(c.label)
	if from == to {
		if w.size < 4 {
			return Match{}, false
		}
		return p.match(RuleHyphen, "hyphens", hyphenReason(p)), true
	}
	if !looksEnough(w, c, from, to) || c.plainly && w.class >= known && c.class >= heard { // a dock is no clock
		return Match{}, false
	}
	changes := joined(changesOf([]rune(from), []rune(to)))
	r, kind := RuleHomoglyph, glyphKind(changes)
	if w.joined == c.joined && foreign(from, to) {
		r, kind = RuleHomograph, "every letter of another script"
	}
	m := p.match(r, kind, p.name.Unicode+" with "+glyphWords(changes))
	m.Evidence.Changes, m.Evidence.Skeleton, m.Edits = changes, c.skeleton, len(changes)
	m.Evidence.Kinds = editKinds(w, c)
	return m, true
}

// looksEnough asks more of a short name: under five letters only letters of other scripts and
// digits count as look-alikes, under four only other scripts.
func looksEnough(w, c *form, from, to string) bool {
	switch {
	case w.size >= 5:
		return true
	case w.size < 3:
		return false
	case w.joined == c.joined:
		return scriptsOf(from) != scriptsOf(to) || w.size == 4
	case w.size < 4:
		return false
	}
	for _, change := range changesOf([]rune(from), []rune(to)) {
		if isASCII(change.To) && strings.Trim(change.To, "0123456789") != "" {
			return false
		}
	}
	return true
}

// transliterated finds "ue" for "ü".
func transliterated(p pair) (Match, bool) {
	w, c := p.w, &p.c.main.form
	if w.size < 4 || w.spelt == "" && c.spelt == "" {
		return Match{}, false
	}
	same := w.spelt != "" && (w.spelt == c.letters || w.spelt == c.spelt) || c.spelt != "" && c.spelt == w.letters
	if !same {
		return Match{}, false
	}
	m := p.match(RuleTransliteration, "letters with marks spelt out", p.name.Unicode+" with "+changeWords(joined(changesOf([]rune(withoutHyphens(w.label)), []rune(withoutHyphens(c.label))))))
	m.Evidence.Skeleton = c.letters
	return m, true
}

// prefixDomain finds a whole domain as hosts under a foreign one: example.com.other.net,
// example-com.other.net and example.com-other.net.
func prefixDomain(p pair) (Match, bool) {
	own := p.name.Registrable
	if own == "" || len(p.c.Sub) == 0 {
		return Match{}, false
	}
	hosts := nonEmpty(strings.Split(p.c.ASCII, "."))[:len(p.c.Sub)]
	hosts = hosts[max(0, len(hosts)-maxSubs):]
	label := strings.TrimSuffix(own, "."+p.name.Suffix)
	kind := ""
	switch {
	case strings.Contains("."+strings.Join(hosts, ".")+".", "."+own+"."):
		kind = "the whole domain as hosts"
	case hosts[len(hosts)-1] == label && strings.HasPrefix(p.c.Registrable, p.name.Suffix+"-"):
		kind = "the foreign domain begins with the suffix"
	case p.w.size >= 4 && slices.ContainsFunc(p.c.subs, p.dashed):
		kind = "the whole domain as a host, with hyphens for dots"
	default:
		return Match{}, false
	}
	return p.match(RulePrefixDomain, kind, own+" as hosts under "+p.c.Registrable), true
}

// dashed tells whether a host has the watched domain with hyphens for its dots.
func (p pair) dashed(host part) bool {
	if !slices.ContainsFunc(host.runs, func(r run) bool { return r.letters == p.w.letters }) {
		return false
	}
	whole := "-" + p.name.Label + "-" + strings.ReplaceAll(p.name.Suffix, ".", "-") + "-"
	return strings.Contains("-"+host.label+"-", whole)
}

// subdomain finds a name as a host under a foreign domain.
func subdomain(p pair) (Match, bool) {
	w := p.w
	if w.size < 4 || w.class == generic || w.class >= known && !p.c.lured {
		return Match{}, false
	}
	for i := range p.c.subs {
		s := &p.c.subs[i]
		f, ok := found{part: s.label, kind: "the name as a host", sure: true}, w.letters == s.letters || w.skeleton == s.skeleton
		if ok && w.size == 4 && w.joined != s.joined {
			ok = false
		}
		if ok && w.label != s.label {
			f.kind += ", in look-alike letters"
		}
		if !ok {
			f, ok = within(w, s)
		}
		if !ok || !f.sure {
			continue
		}
		m := p.match(RuleSubdomain, f.kind, w.label+" as a host under "+p.c.Registrable)
		m.Evidence.Part, m.Evidence.Words, m.Edits = f.part, f.words, f.edits
		return m, true
	}
	return Match{}, false
}

// dots finds a name that is cut by dots: ex.ample.com for example.com.
func dots(p pair) (Match, bool) {
	if p.w.size < 5 {
		return Match{}, false
	}
	together := p.c.main.letters
	for i := range p.c.subs[:min(len(p.c.subs), maxDots)] {
		together = p.c.subs[i].letters + together
		if together == p.w.letters {
			m := p.match(RuleDots, "dots put in", p.w.label+" cut by dots")
			m.Evidence.Part, m.Edits = strings.TrimSuffix(p.c.Unicode, "."+p.c.Suffix), i+1
			return m, true
		}
	}
	return Match{}, false
}
