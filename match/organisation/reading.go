package organisation

import (
	"regexp"
	"slices"
	"strings"

	"markwatch/parse"
)

// The bounds of a name. X.520 allows 64 characters; words after the last are no name any more.
const (
	maxName   = 512
	maxTokens = 16
)

// reading is one way to read a name: as it is written, as it is seen, or in other letters.
type reading struct {
	how    string // "": as written
	base   string // folded, without the legal form
	form   string
	tokens []token // without articles and the like
	joined string  // the tokens that tell which company it is, without the spaces
}

// token is a word of a name.
type token struct {
	text    string
	counted string  // as it is counted: as the name has it
	size    int     // in letters
	kind    string  // of a business word: the one that stands for all its spellings; else ""
	prior   float64 // its weight by the built-in lists
	listed  bool    // it is in them, or looks like a surname
	name    bool    // it is one of persons
}

// core tells whether a token says which company it is, not what it does.
func (t token) core() bool { return t.kind == "" }

// The ways to read a name.
const (
	asSeen    = "letters of another script that look the same"
	asSpelled = "the same in other letters"
	asElided  = "the same without an article"
	asParts   = "the same in a compound"
)

// readings gives the ways to read a name, the one as it is written first.
func readings(name string) []reading {
	if len(name) > maxName {
		name = strings.ToValidUTF8(name[:maxName], "")
	}
	out := []reading{newReading("", name)}
	add := func(how, name string) {
		r := newReading(how, name)
		r.inherit(out[0])
		if !slices.ContainsFunc(out, func(o reading) bool { return o.base == r.base && o.form == r.form }) {
			out = append(out, r)
		}
	}
	if latin := seen(name); latin != name {
		add(asSeen, latin)
	}
	for _, latin := range romanised(name) {
		add(asSpelled, latin)
	}
	if strings.ContainsAny(name, "'’") {
		add(asElided, elision.ReplaceAllString(name, "$1"))
	}
	if parts := builtIn().parts(out[0]); parts != "" {
		add(asParts, parts)
	}
	return out
}

// elision is an article or preposition before a vowel, which folding makes part of the word:
// "Eaux d'Orlaverne", "L'Olmo".
var elision = regexp.MustCompile(`(?i)(^|[\s(-])(?:d|l|dell|dall|nell|all)['’]`)

// newReading folds a name and takes it apart. A name of business words or of articles only is told
// from others by them.
func newReading(how, name string) reading {
	r := reading{how: how}
	r.base, r.form = parse.FoldOrganisation(name)
	l := builtIn()
	words := strings.Fields(r.base)
	words = words[:min(len(words), maxTokens)]
	for i, word := range words {
		if l.filler(word) && len(words) > 1 && (len(word) > 1 || i > 0 && i < len(words)-1) {
			continue // a letter between two words is an "and"; at the end it is a name
		}
		r.tokens = append(r.tokens, l.token(word))
	}
	var b strings.Builder
	for _, t := range r.tokens {
		if t.core() {
			b.WriteString(t.text)
		}
	}
	r.joined = b.String()
	return r
}

// inherit takes what is known of the words of another reading of the name, where there are as many.
func (r *reading) inherit(o reading) {
	if len(r.tokens) != len(o.tokens) {
		return
	}
	for i := range r.tokens {
		t, from := &r.tokens[i], o.tokens[i]
		t.counted, t.prior = from.counted, min(t.prior, from.prior)
		t.listed, t.name = t.listed || from.listed, t.name || from.name
	}
}

// sameWords tells whether two readings have the same words in the same order.
func (r reading) sameWords(o reading) bool {
	return len(r.tokens) > 0 && slices.EqualFunc(r.tokens, o.tokens, func(a, b token) bool { return a.text == b.text }) ||
		r.base == o.base && r.base != "" && r.base != "?"
}

// repeats tells whether the token at i was there before.
func (r reading) repeats(i int) bool {
	for _, t := range r.tokens[:i] {
		if t.text == r.tokens[i].text {
			return true
		}
	}
	return false
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
