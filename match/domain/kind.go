package domain

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// The kinds of an edit, in words.
const (
	KindKeyboard  = "keyboard neighbour on " // and the layout
	KindBitFlip   = "bit flip"
	KindVowel     = "vowel swap"
	KindLookalike = "look-alike letter"
	KindReplaced  = "replaced letter"
	KindSwapped   = "swapped letters"
	KindDoubled   = "doubled letter"
	KindPlural    = "plural"
	KindAdded     = "added letter"
	KindInserted  = "inserted letter"
	KindDropped   = "dropped letter"
)

// keyboard is the layout of one country's keys.
type keyboard struct {
	name string
	rows [4]string
}

// keyboards are the layouts that most people type on.
func keyboards() [3]keyboard {
	return [3]keyboard{
		{"QWERTY", [4]string{"1234567890-", "qwertyuiop", "asdfghjkl", "zxcvbnm"}},
		{"QWERTZ", [4]string{"1234567890", "qwertzuiop", "asdfghjkl", "yxcvbnm"}},
		{"AZERTY", [4]string{"1234567890", "azertyuiop", "qsdfghjklm", "wxcvbn"}},
	}
}

// neighbours tells whether two keys lie side by side: in one row, or in two rows of which
// the lower is half a key to the right.
func (k keyboard) neighbours(a, b byte) bool {
	ra, ca := k.key(a)
	rb, cb := k.key(b)
	if ra < 0 || rb < 0 {
		return false
	}
	switch rb - ra {
	case 0:
		return ca-cb == 1 || cb-ca == 1
	case 1:
		return cb == ca || cb == ca-1
	case -1:
		return cb == ca || cb == ca+1
	}
	return false
}

// key is the row and column of a key, -1 if there is none.
func (k keyboard) key(c byte) (row, column int) {
	for row, keys := range k.rows {
		if column := strings.IndexByte(keys, c); column >= 0 {
			return row, column
		}
	}
	return -1, -1
}

// keyboardKinds names the layouts on which two keys are neighbours.
func keyboardKinds(a, b byte) []string {
	var kinds []string
	for _, k := range keyboards() {
		if k.neighbours(a, b) {
			kinds = append(kinds, KindKeyboard+k.name)
		}
	}
	return kinds
}

// kindsOf says what would explain one change between two labels, the likeliest first.
// before is the watched label.
func kindsOf(before []rune, c Change) []string {
	from, to := []rune(c.From), []rune(c.To)
	switch {
	case len(from) == 2 && len(to) == 2:
		return []string{KindSwapped}
	case len(from) == 1 && len(to) == 1:
		return replacedKinds(from[0], to[0])
	case len(from) == 1:
		return []string{KindDropped}
	case len(to) == 1:
		return insertedKinds(before, c.At, to[0])
	}
	return nil
}

// replacedKinds are the kinds of a letter for a letter.
func replacedKinds(a, b rune) []string {
	if a >= utf8.RuneSelf || b >= utf8.RuneSelf {
		return []string{KindReplaced}
	}
	var kinds []string
	if strings.ContainsRune("aeiou", a) && strings.ContainsRune("aeiou", b) {
		kinds = append(kinds, KindVowel)
	}
	if easilyMistaken(a, b) {
		kinds = append(kinds, KindLookalike)
	}
	kinds = append(kinds, keyboardKinds(byte(a), byte(b))...)
	if d := a ^ b; d&(d-1) == 0 {
		kinds = append(kinds, KindBitFlip)
	}
	if len(kinds) == 0 {
		kinds = append(kinds, KindReplaced)
	}
	return kinds
}

// insertedKinds are the kinds of a letter put in before the letter at.
func insertedKinds(before []rune, at int, r rune) []string {
	var kinds []string
	var beside []rune
	if at > 0 {
		beside = append(beside, before[at-1])
	}
	if at < len(before) {
		beside = append(beside, before[at])
	}
	for i := at - 1; i >= 0; i-- { // among equal letters, the new one may be any
		if before[i] != r {
			beside = append(beside, before[i])
			break
		}
	}
	if slices.Contains(beside, r) {
		kinds = append(kinds, KindDoubled)
	}
	if r == 's' {
		kinds = append(kinds, KindPlural)
	}
	if at == len(before) {
		kinds = append(kinds, KindAdded)
	} else {
		kinds = append(kinds, KindInserted)
	}
	for _, n := range beside {
		if letterOf(r) == 'l' && strings.ContainsRune("bdhk", n) {
			kinds = append(kinds, KindLookalike)
		}
		if n < utf8.RuneSelf && r < utf8.RuneSelf {
			kinds = append(kinds, keyboardKinds(byte(n), byte(r))...)
		}
	}
	return slices.Compact(kinds)
}

// easilyMistaken tells two letters that look much alike, though not the same.
func easilyMistaken(a, b rune) bool {
	if letterOf(a) == letterOf(b) {
		return true
	}
	for _, p := range mistakenPairs() {
		if p[0] == string(a) && p[1] == string(b) || p[0] == string(b) && p[1] == string(a) {
			return true
		}
	}
	return false
}

// mistakenPlaces counts the places in which a and b have letters that are easily mistaken for
// each other, and gives most+1 if that doesn't make one of the other in most places.
func mistakenPlaces(a, b string, most int) int {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		// a place may begin with what is the same, as k and lk don't, and d and dl do
		if least := placesAt(a, b, most); least <= most {
			return least
		}
		a, b = a[1:], b[1:]
	}
	if a == b {
		return 0
	}
	return placesAt(a, b, most)
}

// placesAt is mistakenPlaces where the first place is at the beginning.
func placesAt(a, b string, most int) int {
	least := most + 1
	if most == 0 {
		return least
	}
	for _, p := range mistakenPairs() {
		for _, q := range [2][2]string{p, {p[1], p[0]}} {
			restA, okA := strings.CutPrefix(a, q[0])
			restB, okB := strings.CutPrefix(b, q[1])
			if okA && okB {
				least = min(least, 1+mistakenPlaces(restA, restB, most-1))
			}
		}
	}
	return least
}
