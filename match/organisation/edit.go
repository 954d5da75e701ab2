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
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	j := 0
	for j < len(a)-i && a[len(a)-1-j] == b[len(b)-1-j] {
		j++
	}
	switch x, y := a[i:len(a)-j], b[i:len(b)-j]; {
	case len(x) == 0 && len(y) == 0:
		return noEdit
	case len(x) == 0 && len(y) == 1:
		return added(b, i)
	case len(x) == 1 && len(y) == 1:
		return substituted(x[0], y[0], j == 0)
	case len(x) == 2 && len(y) == 2 && x[0] == y[1] && x[1] == y[0]:
		return swapped
	}
	return noEdit
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
