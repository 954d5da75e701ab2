package domain

import (
	"strings"
	"unicode"
)

// form is a label in the shapes in which labels are compared.
type form struct {
	label    string // U-label
	plain    string // in Latin letters without marks as far as the look allows, hyphens kept
	joined   string // plain without hyphens
	letters  string // joined, with digits and i as the letters they look like; as many runes as joined
	skeleton string // letters, with two that look like one as that one
	weak     string // letters, with those that are easily mistaken as one
	spelt    string // transliterated: "ue" for "ü"; "" where nothing is to do
	size     int    // letters in joined: digits don't count, one that is a syllable counts twice
	count    int    // characters in joined
	plainly  bool   // nothing but small ASCII letters and hyphens: what it looks like is what it is
	class    class  // how ordinary the label is as a word
}

// newForm shapes a label.
func newForm(label string) form {
	f := form{label: label, plain: plainOf(label)}
	f.joined = withoutHyphens(f.plain)
	f.letters = mapRunes(f.joined, letterOf)
	f.skeleton = skeletonOf(f.letters)
	f.weak = weakOf(f.letters)
	if s := speltOut(label); s != label {
		f.spelt = mapRunes(withoutHyphens(plainOf(s)), letterOf)
	}
	f.plainly = isASCII(label) && !strings.ContainsAny(label, "0123456789")
	for _, r := range f.joined {
		f.count++
		if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) {
			f.size++
		}
		if unicode.IsLetter(r) {
			f.size++
		}
	}
	f.class = classOf(f.joined)
	return f
}

// withoutHyphens leaves out hyphens and underscores.
func withoutHyphens(s string) string {
	if !strings.ContainsAny(s, "-_") {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '_' {
			return -1
		}
		return r
	}, s)
}

// mapRunes maps a text rune by rune.
func mapRunes(s string, f func(rune) rune) string { return strings.Map(f, s) }

// tokensOf cuts a plain label at its hyphens.
func tokensOf(plain string) []string {
	return strings.FieldsFunc(plain, func(r rune) bool { return r == '-' || r == '_' })
}
