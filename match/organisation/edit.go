package organisation

import "strings"

// edit is how two words differ that are one letter apart.
type edit uint8

const (
	noEdit      edit = iota // equal, or further apart than one letter
	lookAlike               // one letter that looks like another: i and l, c and e
	doubled                 // a letter twice instead of once
	swapped                 // two neighbours in the other order
	otherEnd                // another vowel at the end
	otherLetter             // any other
)

// strong tells whether a reader overlooks the edit even in a short word.
func (e edit) strong() bool { return e == lookAlike || e == doubled || e == swapped }

// oneEdit says how two words differ if it is by one letter: another, one more, one less, or two
// neighbours swapped.
func oneEdit(a, b []rune) edit {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return noEdit
	}
	start, end := ends(a, b)
	x, y := a[start:len(a)-end], b[start:len(b)-end]
	switch {
	case len(x) == 0 && len(y) == 1:
		return added(b, start)
	case len(x) == 1 && len(y) == 1:
		return substituted(x[0], y[0], end == 0)
	case len(x) == 2 && len(y) == 2 && x[0] == y[1] && x[1] == y[0]:
		return swapped
	}
	return noEdit
}

// ends counts the letters that two words begin with alike, and those that they then end with alike.
func ends(a, b []rune) (start, end int) {
	n := min(len(a), len(b))
	for start < n && a[start] == b[start] {
		start++
	}
	for end < n-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	return start, end
}

// added says which edit the letter at i of word is.
func added(word []rune, i int) edit {
	if i > 0 && word[i] == word[i-1] {
		return doubled
	}
	return otherLetter
}

// substituted says which edit it is to write y for x. Another vowel at the end is how languages
// tell one name from another.
func substituted(x, y rune, end bool) edit {
	if end && strings.ContainsRune("aeiou", x) && strings.ContainsRune("aeiou", y) {
		return otherEnd
	}
	if x > y {
		x, y = y, x
	}
	if strings.Contains(" il ij lt uv vy ce mn 0o 1i 1l 5s ", " "+string([]rune{x, y})+" ") {
		return lookAlike
	}
	return otherLetter
}
