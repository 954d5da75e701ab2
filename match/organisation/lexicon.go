package organisation

import (
	"math"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/trustelem/zxcvbn/frequency"
)

// lexicon is what the built-in lists say of words. It doesn't change.
type lexicon struct {
	weights   map[string]float64 // of words that are known
	names     map[string]int     // of persons, among them, by rank
	letters   map[rune]rune      // of other scripts, with the Latin ones they look like
	canonical map[string]string  // of business words: the first of those that mean the same
}

// The weights of the built-in lists.
const (
	fillerWeight   = 0.0  // the, of, und
	businessWeight = 0.08 // bank, holding, services
	placeWeight    = 0.25 // northern, deutsche, first
	commonWeight   = 0.25 // the commonest English word
	seldomWeight   = 0.75 // the rarest of those that are listed
	nameWeight     = 0.4  // given names and surnames: many companies' of people who have nothing in common
)

// builtIn is the lexicon of the built-in lists, made once.
var builtIn = sync.OnceValue(newLexicon)

// newLexicon reads the lists.
func newLexicon() *lexicon {
	l := &lexicon{canonical: map[string]string{}, names: map[string]int{}, letters: lookAlikes(), weights: map[string]float64{}}
	l.people()
	l.english()
	for _, word := range strings.Fields(places) {
		l.lower(word, placeWeight)
	}
	for line := range strings.SplitSeq(strings.TrimSpace(business), "\n") {
		words := strings.Fields(line)
		for _, word := range words {
			l.lower(word, businessWeight)
			if l.canonical[word] == "" {
				l.canonical[word] = words[0]
			}
		}
	}
	for _, word := range strings.Fields(eastern) {
		l.lower(word, businessWeight)
		l.canonical[word] = word
	}
	for _, word := range strings.Fields(fillers) {
		l.weights[word] = fillerWeight
	}
	return l
}

// people reads given names and surnames, in lists of the United States census, the commonest first.
func (l *lexicon) people() {
	for _, list := range []string{"surnames", "female_names", "male_names"} {
		for rank, word := range frequency.FrequencyLists[list] {
			l.lower(word, nameWeight)
			if had, ok := l.names[word]; !ok || rank < had {
				l.names[word] = rank
			}
		}
	}
}

// english reads English words, of an encyclopedia and of speech, the commonest first. One that is a
// surname as well is a name only if that is common too: Smith, but not Gin.
func (l *lexicon) english() {
	const commonWords, commonNames = 12000, 1000
	for _, list := range []string{"english_wikipedia", "us_tv_and_film"} {
		words := frequency.FrequencyLists[list]
		for rank, word := range words {
			share := math.Log(1+float64(rank)/100) / math.Log(1+float64(len(words))/100)
			l.lower(word, commonWeight+(seldomWeight-commonWeight)*share)
			if rank < commonWords && l.names[word] >= commonNames {
				delete(l.names, word)
			}
		}
	}
}

// lower sets the weight of a word where it is less than what another list says.
func (l *lexicon) lower(word string, weight float64) {
	if had, ok := l.weights[word]; !ok || weight < had {
		l.weights[word] = weight
	}
}

// filler tells whether a word is an article or the like.
func (l *lexicon) filler(word string) bool {
	w, ok := l.weights[word]
	return ok && w == fillerWeight
}

// token is a word with what the lists say of it.
func (l *lexicon) token(word string) token {
	_, listed := l.weights[word]
	_, name := l.names[word]
	if !listed && surnameLike(word) {
		listed, name = true, true
	}
	t := token{text: word, counted: word, size: utf8.RuneCountInString(word), kind: l.canonical[word], prior: l.weight(word), listed: listed, name: name}
	if l.filler(word) { // it is the whole name, or stands where it isn't an article
		t.prior = 0.2
	}
	return t
}

// split takes a business word off the end of a word that isn't listed: "quellmoorbank". Where
// names are written without spaces, two characters may be the rest.
func (l *lexicon) split(word string) (head, tail string) {
	if _, listed := l.weights[word]; listed {
		return word, ""
	}
	least, shortest := 6, 4
	if !ascii(word) {
		least, shortest = len("北森"), len("銀行")
	}
	for i := least; i <= len(word)-3; i++ {
		if tail := word[i:]; l.canonical[tail] != "" && (len(tail) >= shortest || tail == "pay") {
			return word[:i], tail
		}
	}
	return word, ""
}

// parts writes a name with its compounds taken apart, and "" if it has none.
func (l *lexicon) parts(r reading) string {
	var words []string
	found := false
	for _, t := range r.tokens {
		head, tail := l.split(t.text)
		if words = append(words, head); tail != "" {
			words = append(words, tail)
			found = true
		}
	}
	if !found {
		return ""
	}
	return strings.TrimSpace(strings.Join(words, " ") + " " + r.form)
}

// weight is how much a word says by the lists. Of words that aren't in them, abbreviations of few
// letters are several companies' at once; so are numbers.
func (l *lexicon) weight(word string) float64 {
	if w, ok := l.weights[word]; ok {
		return w
	}
	if digits(word) {
		return 0.6
	}
	if r, _ := utf8.DecodeRuneInString(word); !ascii(word) && unicode.In(r, unicode.Han, unicode.Hangul) {
		return [...]float64{0, 0.2, 0.5, 1}[min(utf8.RuneCountInString(word), 3)]
	} else if !ascii(word) {
		return 1
	}
	return [...]float64{0, 0.2, 0.4, 0.6, 0.8, 1}[min(len(word), 5)]
}

// minLongName is the length from which surnames seldom differ by a letter.
const minLongName = 10

// surnameLike tells whether a word ends like surnames do in a language of which there is no list.
// Such words differ by a letter without meaning each other: Lehtinen and Lehtonen.
func surnameLike(word string) bool {
	if len(word) < 6 || len(word) >= minLongName {
		return false
	}
	for _, end := range strings.Fields(surnameEnds) {
		if strings.HasSuffix(word, end) {
			return true
		}
	}
	return false
}
