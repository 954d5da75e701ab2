package domain

import (
	"iter"
	"slices"
	"strings"
)

// oneEdit finds a name one letter off.
func oneEdit(p pair) (Match, bool) {
	w, c := p.w, &p.c.main.form
	if min(w.size, w.count) < 5 || anotherWord(w, c, 1) {
		return Match{}, false
	}
	if edits(w, c) != 1 && !pluralES(w.joined, c.joined) {
		return Match{}, false
	}
	kinds := editKinds(w, c)
	if len(kinds) == 0 {
		kinds = []string{KindReplaced}
	}
	return p.edited(RuleOneEdit, 1, kinds), true
}

// twoEdits finds a name of eight letters or more that is two letters off, a word of ten or more.
func twoEdits(p pair) (Match, bool) {
	w, c := p.w, &p.c.main.form
	if min(w.size, w.count, c.size, c.count) < 8 || w.class >= known && w.size < 10 || anotherWord(w, c, 2) {
		return Match{}, false
	}
	if edits(w, c) != 2 || strings.Contains(c.letters, w.letters) || besideWord(w.joined, c.joined) {
		return Match{}, false
	}
	var kinds []string
	before, after := []rune(w.joined), []rune(c.joined)
	for _, change := range changesOf(before, after) {
		kinds = append(kinds, kindsOf(before, change)...)
	}
	slices.Sort(kinds)
	return p.edited(RuleTwoEdits, 2, slices.Compact(kinds)), true
}

// mistaken finds a name with letters in one or two places that are easily mistaken for the
// right ones.
func mistaken(p pair) (Match, bool) {
	const most = 2 // places
	w, c := p.w, &p.c.main.form
	if min(w.size, w.count) < 5 || len(w.letters) > 64 || w.weak != c.weak || c.class >= known || mistakenPlaces(w.letters, c.letters, most) > most {
		return Match{}, false
	}
	changes := joined(changesOf([]rune(w.joined), []rune(c.joined)))
	m := p.match(RuleHomoglyph, "easily mistaken letters", p.name.Unicode+" with "+changeWords(changes))
	m.Evidence.Changes, m.Edits = changes, len(changes)
	m.Evidence.Kinds = []string{KindLookalike}
	m.Closeness -= 0.15
	return m, true
}

// anotherWord tells a word of the language that is n letters from a name by chance: from another
// word, from a short name, or more than one letter from any.
func anotherWord(w, c *form, n int) bool {
	if n > 1 || w.class < known && w.size < 7 {
		return c.class >= heard
	}
	return w.class >= known && c.class >= known
}

// besideWord tells two names that end or begin with the same word, and are shorter than eight
// letters without it: it is another word that stands beside it.
func besideWord(a, b string) bool {
	const shortest = 4 // letters of a word
	for size := shortest; size <= min(len(a), len(b)); size++ {
		if len(a)-size >= 8 {
			continue
		}
		if tail := a[len(a)-size:]; strings.HasSuffix(b, tail) && classOf(tail) >= heard {
			return true
		}
		if head := a[:size]; strings.HasPrefix(b, head) && classOf(head) >= heard {
			return true
		}
	}
	return false
}

// edits is the distance of two labels: as they are written where all letters are ASCII, as they
// look at best where digits, other scripts or pairs of letters pretend to be something else.
func edits(w, c *form) int {
	pairs := c.skeleton != c.letters
	if !pairs && max(w.count-c.count, c.count-w.count) >= far {
		return far
	}
	letters := []rune(w.letters)
	d := distance(letters, []rune(c.letters))
	if strings.Contains(c.letters, w.letters) { // the rest is a word beside it rather than a slip
		return d
	}
	if d < far && c.plainly {
		d = max(d, distance([]rune(w.joined), []rune(c.joined)))
	}
	if pairs {
		d = min(d, distance(letters, []rune(c.skeleton)))
	}
	return d
}

// editKinds says what would explain the one change between two labels: as they are written if
// that is one change, else as they look.
func editKinds(w, c *form) []string {
	if pluralES(w.joined, c.joined) {
		return []string{KindPlural}
	}
	for _, pair := range [][2]string{{w.plain, c.plain}, {w.joined, c.joined}, {w.letters, c.letters}, {w.letters, c.skeleton}} {
		before, after := []rune(pair[0]), []rune(pair[1])
		if distance(before, after) != 1 {
			continue
		}
		changes := changesOf(before, after)
		if len(changes) != 1 {
			continue
		}
		kinds := kindsOf(before, changes[0])
		if strings.Contains(changes[0].From+changes[0].To, "-") && !slices.Contains(kinds, KindBitFlip) {
			continue // rather a letter left out, and a hyphen put in that says nothing
		}
		return kinds
	}
	return nil
}

// pluralES tells a name into which "es" was put after s, x or z.
func pluralES(w, c string) bool {
	if len(c) != len(w)+2 {
		return false
	}
	for i := range pluralsES(c) {
		if c[:i] == w[:i] && c[i+2:] == w[i:] {
			return true
		}
	}
	return false
}

// pluralsES yields where "es" stands after s, x or z.
func pluralsES(s string) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := 1; i+2 <= len(s); i++ {
			if s[i] == 'e' && s[i+1] == 's' && strings.IndexByte("sxz", s[i-1]) >= 0 && !yield(i) {
				return
			}
		}
	}
}

// edited is the verdict on edits.
func (p pair) edited(r Rule, n int, kinds []string) Match {
	w, c := p.w, &p.c.main.form
	changes := changesOf([]rune(w.joined), []rune(c.joined))
	reason := p.name.Unicode + " with " + changeWords(changes)
	if n == 1 && len(changes) == 1 && changes[0].From != "" && changes[0].To != "" {
		reason += " (" + kinds[0] + ")"
	}
	m := p.match(r, kinds[0], reason)
	if n == 2 {
		m.Kind = "two letters"
	}
	m.Closeness *= 1 - 0.8*float64(n)/float64(w.count)
	m.Edits, m.Evidence.Kinds, m.Evidence.Changes = n, kinds, changes
	return m
}

// combosquat finds a name beside other words.
func combosquat(p pair) (Match, bool) {
	f, ok := within(p.w, &p.c.main)
	if !ok || !f.sure {
		return Match{}, false
	}
	return p.beside(RuleCombosquat, f), true
}

// contains finds a rare name inside a longer one.
func contains(p pair) (Match, bool) {
	f, ok := within(p.w, &p.c.main)
	if !ok {
		return Match{}, false
	}
	return p.beside(RuleContains, f), true
}

// beside is the verdict on a name within a label.
func (p pair) beside(r Rule, f found) Match {
	reason := p.w.label + " in " + p.c.Label
	if len(f.words) > 0 {
		reason = p.w.label + " with " + quoted(f.words)
	}
	if f.edits > 0 {
		reason += ", misspelt " + f.part
	}
	m := p.match(r, f.kind, reason)
	m.Evidence.Part, m.Evidence.Words, m.Edits = f.part, f.words, f.edits
	if len(f.words) == 0 {
		m.Closeness -= 0.1
	}
	if f.edits > 0 {
		m.Closeness -= 0.05
	}
	return m
}
