package twist

import (
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"
)

// secondPlaces is of how many homoglyph variants of one place those of two places are made.
const secondPlaces = 6

// cyrillic writes the whole label in Cyrillic, if each of its letters has a twin there.
func cyrillic(label string) []string {
	twins := map[rune]rune{
		'a': 'а', 'b': 'ь', 'c': 'с', 'd': 'ԁ', 'e': 'е', 'g': 'ԍ', 'h': 'һ', 'i': 'і', 'j': 'ј', 'k': 'к', 'l': 'ӏ',
		'm': 'м', 'n': 'п', 'o': 'о', 'p': 'р', 'q': 'ԛ', 'r': 'г', 's': 'ѕ', 't': 'т', 'u': 'и', 'v': 'ѵ', 'w': 'ԝ', 'x': 'х', 'y': 'у',
	}
	var b strings.Builder
	for _, r := range label {
		twin, ok := twins[r]
		if !ok {
			return nil
		}
		b.WriteRune(twin)
	}
	return []string{b.String()}
}

// homoglyph puts look-alikes for letters in one place, and from a sample of those in two.
func homoglyph(label string) []string {
	first := onePlace(label)
	labels := first
	step := max(1, len(first)/secondPlaces)
	for i := 0; i < len(first); i += step {
		second := onePlace(first[i])
		for j := i % 7; j < len(second); j += 7 {
			labels = append(labels, second[j])
		}
	}
	return labels
}

// onePlace puts a look-alike in each place.
func onePlace(label string) []string {
	var labels []string
	for i, r := range label {
		rest := label[i+len(string(r)):]
		for _, twin := range twinsOf(r) {
			labels = append(labels, label[:i]+twin+rest)
		}
		switch {
		case strings.HasPrefix(label[i:], "rn"):
			labels = append(labels, label[:i]+"m"+label[i+2:])
		case strings.HasPrefix(label[i:], "vv"):
			labels = append(labels, label[:i]+"w"+label[i+2:])
		case strings.HasPrefix(label[i:], "cl"):
			labels = append(labels, label[:i]+"d"+label[i+2:])
		}
	}
	return labels
}

// twinsOf are the look-alikes of a letter: of the keyboard, with marks, of other scripts.
func twinsOf(r rune) []string {
	keyboard := map[rune]string{
		'b': "d lb", 'c': "e", 'd': "b cl dl", 'e': "c", 'g': "q 9", 'h': "lh", 'i': "1 l", 'k': "lk ik lc", 'l': "1 i", 'm': "n nn rn rr",
		'n': "m r", 'o': "0", 'q': "g", 's': "5", 'w': "vv", 'z': "2", 'a': "4", 't': "7", '0': "o", '1': "l i",
	}
	foreign := map[rune]string{
		'a': "а α ɑ", 'b': "ь ʙ ɓ", 'c': "с ϲ ƈ ᴄ", 'd': "ԁ ɗ đ", 'e': "е ə", 'f': "ƒ", 'g': "ɡ ɢ ǥ", 'h': "һ ħ ɦ", 'i': "і ı ɩ ɪ", 'j': "ј ʝ",
		'k': "к κ ᴋ", 'l': "ӏ ł ɫ", 'm': "м ᴍ ɱ", 'n': "ո п", 'o': "о ο ᴏ", 'p': "р ρ ƿ", 'q': "ԛ ʠ", 'r': "г ʀ ɼ", 's': "ѕ ʂ ꜱ", 't': "т τ ŧ",
		'u': "υ ʉ ᴜ", 'v': "ѵ ν ᴠ", 'w': "ԝ ᴡ", 'x': "х χ", 'y': "у ʏ γ", 'z': "ᴢ ʐ ƶ",
	}
	twins := append(strings.Fields(keyboard[r]), strings.Fields(foreign[r])...)
	return append(twins, marked()[r]...)
}

// marked are the small Latin letters with marks, by the letter without.
var marked = sync.OnceValue(func() map[rune][]string {
	letters := map[rune][]string{}
	for _, block := range [][2]rune{{0xc0, 0x250}, {0x1e00, 0x1f00}} {
		for r := block[0]; r < block[1]; r++ {
			if d := []rune(norm.NFD.String(string(r))); len(d) > 1 && d[0] >= 'a' && d[0] <= 'z' {
				letters[d[0]] = append(letters[d[0]], string(r))
			}
		}
	}
	return letters
})
