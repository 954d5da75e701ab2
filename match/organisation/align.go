package organisation

import (
	"unicode"
)

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
	m.characterise(a, b, w)
	for i, t := range a.tokens {
		if open[i] && (!t.core() || !m.near(t, b.tokens, taken, w)) {
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

// characterise says what the order of the words tells.
func (m *alignment) characterise(a, b *reading, w *Weights) {
	x, y := a.first(), b.first()
	m.brand = x.text == y.text && !x.listed && x.size >= minBrand && w.count(x) <= 2
	m.contains = a.begins(b) || b.begins(a)
	m.turned = a.persons() && b.persons() && a.joined != b.joined
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

// confusable says how two different words look alike, and "" if they don't. Beside another word
// that is the same, a shorter one may differ by any letter.
func confusable(a, b token, beside bool) string {
	switch {
	case a.listed && b.listed:
		return ""
	case skeleton(a.text) == skeleton(b.text):
		return "looks the same"
	case digits(a.text) || digits(b.text) || !oneLetterApart(a, b, beside):
		return ""
	}
	return "one letter apart"
}

// oneLetterApart tells whether two words are long enough to be taken for each other though they
// differ by a letter.
func oneLetterApart(a, b token, beside bool) bool {
	n := min(a.size, b.size)
	if n < minEdited || n > maxEdited || max(a.size, b.size) > n+1 {
		return false
	}
	x, y := []rune(a.text), []rune(b.text)
	if !alphabetic(x) {
		return false
	}
	switch e := oneEdit(x, y); {
	case e == noEdit:
		return false
	case e.strong():
		return true
	case beside && x[0] == y[0]:
		return n >= minBeside
	case x[0] != y[0] || e == otherEnd:
		return n >= minEnds
	}
	return n >= minOther
}

// alphabetic tells whether a word is of a script that writes one sound with one letter: where a
// character is a word, another character is another word.
func alphabetic(word []rune) bool {
	return unicode.In(word[0], unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Armenian, unicode.Georgian)
}
