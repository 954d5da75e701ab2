package domain

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/trustelem/zxcvbn/frequency"
)

// class is how ordinary a label is as a word.
type class uint8

const (
	rare    class = iota // no word, or a seldom one: a name that only its owner has reason to use
	heard                // people use it for a password: a word, a brand
	known                // a word or a person's name
	common               // a word that honest names are made of
	generic              // a word that stands in any host name, such as "mail"
)

// commonRanks says down to which place of which list of [frequency] a word is common.
// Words of running text, of films, and given and family names.
func commonRanks() map[string]int {
	return map[string]int{
		"english_wikipedia": 9000,
		"us_tv_and_film":    5000,
		"female_names":      300,
		"male_names":        300,
		"surnames":          1000,
	}
}

// vocabulary is the classes of words, in the plain form of labels; and how those that lure are
// written where that is another way.
type vocabulary struct {
	class   map[string]class
	written map[string]string
}

// lexicon reads the words once: 100,000, in five megabytes.
var lexicon = sync.OnceValue(func() vocabulary {
	class := make(map[string]class, 110_000)
	for list, ranks := range commonRanks() {
		for rank, word := range frequency.FrequencyLists[list] {
			c := known
			if rank < ranks {
				c = common
			}
			class[word] = max(class[word], c)
		}
	}
	for _, word := range frequency.FrequencyLists["passwords"] {
		if len(word) >= 4 && strings.Trim(word, "abcdefghijklmnopqrstuvwxyz") == "" {
			class[word] = max(class[word], heard)
		}
	}
	for word := range strings.FieldsSeq(ordinaryWords) {
		class[word] = common
	}
	written := map[string]string{}
	for word := range strings.FieldsSeq(lures) {
		plain := plainOf(word)
		class[plain] = generic
		if plain != word {
			written[plain] = word
		}
	}
	return vocabulary{class, written}
})

// classOf says how ordinary a label is.
func classOf(joined string) class { return lexicon().class[joined] }

// longestWord is how many bytes of a label may be one word.
const longestWord = 36

// segment cuts what stands beside a name into words, and gives those that lure. It is
// all words if every letter belongs to a lure, a word of four letters or more, or a number.
func segment(rest string) (luring []string, allWords bool) {
	const longest = 60
	if rest == "" || len(rest) > longest {
		return nil, false
	}
	best := make([]cut, len(rest)+1)
	best[0].ok = true
	for end := 1; end <= len(rest); end++ {
		for start := max(0, end-longestWord); start < end; start++ {
			if !best[start].ok {
				continue
			}
			if worth := wordWorth(rest[start:end]); worth > 0 && (!best[end].ok || best[start].worth+worth > best[end].worth) {
				best[end] = cut{true, best[start].worth + worth, start}
			}
		}
	}
	if !best[len(rest)].ok {
		return nil, false
	}
	for end := len(rest); end > 0; end = best[end].start { // from the last word to the first
		if word := rest[best[end].start:end]; classOf(word) == generic && (len(word) > 2 || word == rest) {
			luring = append(luring, word)
			if written, ok := lexicon().written[word]; ok {
				luring[len(luring)-1] = written
			}
		}
	}
	slices.Reverse(luring)
	return luring, true
}

// cut is the best way to cut a text up to one place.
type cut struct {
	ok    bool
	worth int
	start int
}

// wordWorth is what a word adds to a way of cutting: lures first, then few long words.
func wordWorth(word string) int {
	switch c := classOf(word); {
	case c == generic && len(word) > 2:
		return len(word) * len(word) * 2
	case c == generic:
		return 1
	case c >= heard && utf8.RuneCountInString(word) >= 4:
		return len(word) * len(word)
	}
	if len(word) == 1 && word[0] >= '0' && word[0] <= '9' {
		return 1
	}
	return 0
}
