package organisation

import (
	"slices"
	"strings"
	"unicode"
)

// The evidence that names need to look alike, as the sum of the weights of the words in common:
// a word that is in no list weighs 1, a common English one about a third. By measurement over
// ordinary and invented names; BenchmarkAccidents tells how many of those look alike by accident.
const (
	enoughWhole    = 0.45 // all words that tell companies apart are in both, and one name adds what it does: "Quellmoor Payments"
	enoughConflict = 0.76 // and both say something else of what they do: "Quellmoor Bank", "Quellmoor Trading"
	enoughPart     = 0.85 // one name adds an ordinary word: "Quellmoor Rewards"
	enoughMixed    = 0.6  // both do: the share of what they have in common
)

// Shortest words that are compared by letter: below them only the same word counts.
const (
	minEdited = 5  // where the eye misses the edit
	minBeside = 6  // any letter but the first, beside another word that is the same
	minOther  = 8  // any letter but the first
	minEnds   = 9  // any letter
	maxEdited = 40 // beyond it too: no word is so long
	minBrand  = 7  // a word that is enough though another was added
)

// likeness is what two names have in common.
type likeness struct {
	same    bool    // the same words
	spelled bool    // in other letters, so that other words may be meant
	alike   bool    // one could be taken for the other
	score   float64 // 0 to 1
	reason  string
}

// compareNames takes the closest of all ways to read two names.
func compareNames(a, b *entity, w *Weights) likeness {
	best := likeness{score: -1}
	for i := range a.readings {
		for j := range b.readings {
			l := compareReadings(&a.readings[i], &b.readings[j], w)
			if how := closest(a.readings[i].how, b.readings[j].how); how != "" && l.alike {
				l = respelled(l, how, clip(a.party.Name)+", "+clip(b.party.Name))
			}
			if best.before(l) {
				best = l
			}
		}
	}
	return best
}

// before tells whether l is closer than best.
func (best likeness) before(l likeness) bool {
	if best.same != l.same {
		return l.same
	}
	if best.alike != l.alike {
		return l.alike
	}
	return l.score > best.score
}

// closest is the way of reading that has to be told, of those of two names.
func closest(a, b string) string {
	for _, how := range []string{asSeen, asSpelled, asElided, asParts} {
		if a == how || b == how {
			return how
		}
	}
	return ""
}

// respelled says of a likeness that it is one of other letters. Those that only look the same are
// never a name's own spelling.
func respelled(l likeness, how, names string) likeness {
	if l.reason != sameReason {
		how = l.reason + "; " + how
	}
	l.same = l.same && !strings.Contains(how, asSeen)
	l.spelled = true
	l.score *= 0.98
	l.reason = how + ": " + names
	return l
}

// sameReason is the reason of those that have the same words.
const sameReason = "the same name"

// compareReadings compares two names word by word.
func compareReadings(a, b *reading, w *Weights) likeness {
	if a.sameWords(*b) {
		return likeness{same: true, alike: true, score: 1, reason: sameReason}
	}
	m := align(a, b, w)
	return likeness{alike: m.enough(), score: m.score(), reason: m.reason()}
}

// alignment is which words of two names belong together. Weights are summed.
type alignment struct {
	common   float64    // of the words in common, that tell companies apart
	rarest   float64    // the greatest of them that isn't edited
	brand    bool       // it stands first in both, in no list and in no other name
	left     [2]float64 // of the words that only one has
	business float64    // of the words in common, that say what a company does
	extra    [2]float64 // of those that only one has
	telling  bool       // one of the words that only one has is a name or in no list
	contains bool       // one name begins with all of the other
	turned   bool       // nothing but names of persons, in another order
	edited   bool       // some differ by a letter
	notes    []string   // how words differ that are in common
	shared   []string   // words in common
}

// align finds for each word of a the word of b that it is, or that looks like it.
func align(a, b *reading, w *Weights) alignment {
	var m alignment
	if m.joined(a, b, w) {
		return m
	}
	taken := make([]bool, len(b.tokens))
	open := make([]bool, len(a.tokens))
	for i, t := range a.tokens {
		open[i] = !m.exact(t, b.tokens, taken, w)
	}
	if x, y := a.first(), b.first(); x.text == y.text && !x.listed && x.size >= minBrand && w.count(x) <= 2 {
		m.brand = true
	}
	m.contains = a.begins(b) || b.begins(a)
	m.turned = a.persons() && b.persons() && a.joined != b.joined
	for i, t := range a.tokens {
		if open[i] && t.core() {
			open[i] = !m.near(t, b.tokens, taken, w)
		}
	}
	for i, t := range a.tokens {
		if open[i] {
			m.rest(0, t, w)
		}
	}
	for j, t := range b.tokens {
		if !taken[j] {
			m.rest(1, t, w)
		}
	}
	return m
}

// exact takes the word of others that is t, or is of the same business.
func (m *alignment) exact(t token, others []token, taken []bool, w *Weights) bool {
	for j, o := range others {
		switch {
		case taken[j] || t.kind != o.kind:
			continue
		case !t.core():
			m.business += businessWeight
		case t.text != o.text:
			continue
		default:
			weight := w.weight(t)
			m.common += weight
			m.rarest = max(m.rarest, weight)
			m.shared = append(m.shared, t.text)
		}
		taken[j] = true
		return true
	}
	return false
}

// near takes the word of others that looks like t.
func (m *alignment) near(t token, others []token, taken []bool, w *Weights) bool {
	for j, o := range others {
		if taken[j] || !o.core() {
			continue
		}
		note := confusable(t, o, m.business > 0 || m.common > 0)
		if note == "" {
			continue
		}
		taken[j] = true
		m.common += 0.95 * min(w.weight(t), w.weight(o))
		m.edited = true
		m.notes = append(m.notes, note+": "+t.text+", "+o.text)
		return true
	}
	return false
}

// rest counts a word that only one name has.
func (m *alignment) rest(side int, t token, w *Weights) {
	if t.core() {
		m.left[side] += w.weight(t)
		m.telling = m.telling || t.name || !t.listed
	} else {
		m.extra[side] += businessWeight
	}
}

// joined matches names whose words are spaced differently: "Thistle March", "Thistlemarch". One of
// eight letters and more may then differ by a letter.
func (m *alignment) joined(a, b *reading, w *Weights) bool {
	if len(a.joined) < minEdited || a.cores() == b.cores() {
		return false
	}
	note := "spaced differently"
	if a.joined != b.joined {
		if a.initials() || b.initials() || !oneEditOfMany(a.joined, b.joined) {
			return false
		}
		note = "one letter apart and spaced differently"
		m.edited = true
	}
	m.common = max(a.weigh(w), b.weigh(w))
	m.rarest = m.common
	m.notes = append(m.notes, note+": "+a.spaced()+", "+b.spaced())
	m.businesses(a, b, w)
	return true
}

// oneEditOfMany tells whether two texts are long enough to differ by any letter, and do by one.
func oneEditOfMany(a, b string) bool {
	n := min(len(a), len(b))
	if n < minOther || n > 4*maxEdited || max(len(a), len(b)) > n+4 {
		return false
	}
	x, y := []rune(a), []rune(b)
	return min(len(x), len(y)) >= minOther && len(x) <= maxEdited && oneEdit(x, y) != noEdit
}

// businesses matches the business words alone.
func (m *alignment) businesses(a, b *reading, w *Weights) {
	taken := make([]bool, len(b.tokens))
	for _, t := range a.tokens {
		if !t.core() && !m.exact(t, b.tokens, taken, w) {
			m.rest(0, t, w)
		}
	}
	for j, t := range b.tokens {
		if !t.core() && !taken[j] {
			m.rest(1, t, w)
		}
	}
}

// enough tells whether what two names have in common is enough to take one for the other.
func (m *alignment) enough() bool {
	switch {
	case m.common == 0 || m.turned:
		return false
	case m.contains && m.left == [2]float64{}:
		return true
	case m.left == [2]float64{} && m.extra[0] > 0 && m.extra[1] > 0:
		return m.common >= enoughConflict
	case m.left == [2]float64{}:
		return m.common >= enoughWhole
	case m.edited || m.telling || !m.brand:
		return false
	case m.left[0] == 0 || m.left[1] == 0:
		return true
	}
	return m.score() >= enoughMixed
}

// score is the weight in common, of all.
func (m *alignment) score() float64 {
	common := 2 * (m.common + m.business)
	all := common + m.left[0] + m.left[1] + m.extra[0] + m.extra[1]
	if all == 0 {
		return 0
	}
	score := common / all
	if m.edited {
		score *= 0.95
	}
	return min(score, 0.99)
}

// reason says in words what two names have in common.
func (m *alignment) reason() string {
	if m.common == 0 {
		return "no word in common that tells companies apart"
	}
	notes := m.notes
	if len(m.shared) > 0 {
		word := "words"
		if len(m.shared) == 1 {
			word = "word"
		}
		if m.rarest >= enoughPart {
			word = "rare " + word
		} else if !m.enough() {
			word = "common " + word
		}
		notes = append(notes, "the same "+word+": "+clip(strings.Join(m.shared, " ")))
	}
	return strings.Join(notes, "; ")
}

// confusable says how two different words look alike, and "" if they don't. Beside another word
// that is the same, a shorter one may differ by any letter.
func confusable(a, b token, beside bool) string {
	if a.listed && b.listed {
		return ""
	}
	if skeleton(a.text) == skeleton(b.text) {
		return "looks the same"
	}
	n := min(a.size, b.size)
	if n < minEdited || n > maxEdited || max(a.size, b.size) > n+1 || digits(a.text) || digits(b.text) {
		return ""
	}
	x, y := []rune(a.text), []rune(b.text)
	if !alphabetic(x) {
		return ""
	}
	least := minOther
	switch e := oneEdit(x, y); {
	case e == noEdit:
		return ""
	case e.strong():
		least = minEdited
	case beside && x[0] == y[0]:
		least = minBeside
	case x[0] != y[0] || e == otherEnd:
		least = minEnds
	}
	if n < least {
		return ""
	}
	return "one letter apart"
}

// alphabetic tells whether a word is of a script that writes one sound with one letter: where a
// character is a word, another character is another word.
func alphabetic(word []rune) bool {
	return unicode.In(word[0], unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Armenian, unicode.Georgian)
}

// cores counts the words that tell companies apart.
func (r *reading) cores() int {
	n := 0
	for _, t := range r.tokens {
		if t.core() {
			n++
		}
	}
	return n
}

// first is the first word that tells companies apart.
func (r *reading) first() token {
	for _, t := range r.tokens {
		if t.core() {
			return t
		}
	}
	return token{}
}

// begins tells whether r begins with all words of o, of which there are several.
func (r *reading) begins(o *reading) bool {
	n := len(o.tokens)
	return n > 1 && n <= len(r.tokens) && slices.EqualFunc(r.tokens[:n], o.tokens, func(a, b token) bool { return a.text == b.text })
}

// persons tells whether all words that tell companies apart are names of persons, of which there
// are several: "Reed & Foster" isn't "Foster & Reed".
func (r *reading) persons() bool {
	return r.cores() > 1 && !slices.ContainsFunc(r.tokens, func(t token) bool { return t.core() && !t.name })
}

// initials tells whether a single letter is among the words that tell companies apart.
func (r *reading) initials() bool {
	return slices.ContainsFunc(r.tokens, func(t token) bool { return t.core() && t.size == 1 })
}

// weigh is the weight of the words that tell companies apart.
func (r *reading) weigh(w *Weights) float64 {
	sum := 0.0
	for _, t := range r.tokens {
		if t.core() {
			sum += w.weight(t)
		}
	}
	return sum
}

// spaced is the words that tell companies apart, for a reason.
func (r *reading) spaced() string {
	var words []string
	for _, t := range r.tokens {
		if t.core() {
			words = append(words, t.text)
		}
	}
	return clip(strings.Join(words, " "))
}
