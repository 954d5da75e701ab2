package domain

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"go.mau.fi/util/confusable"
	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/unicode/runenames"
)

// plainOf writes a label in Latin letters without marks as far as its look allows: the
// skeleton of Unicode Technical Standard 39, case-folded after it, but for the ASCII
// letters, which stay as they are.
func plainOf(label string) string {
	if isASCII(label) {
		return strings.ToLower(label)
	}
	var b strings.Builder
	for _, r := range strings.ToLower(label) {
		writeLook(&b, r, 3)
	}
	return b.String()
}

// writeLook writes what a rune looks like, and nothing for what can't be seen. A look may
// have a look itself, up to depth times.
func writeLook(b *strings.Builder, r rune, depth int) {
	if r < utf8.RuneSelf {
		b.WriteRune(r)
		return
	}
	if unicode.Is(unicode.Mn, r) || !unicode.IsGraphic(r) {
		return
	}
	look := lookOf(r)
	if depth == 0 || look == string(r) {
		b.WriteRune(r)
		return
	}
	for _, p := range look {
		writeLook(b, p, depth-1)
	}
}

// lookOf is what a rune looks like by the first of these that knows: our own list; its parts, for
// a letter with marks is that letter, whatever the table says of it; its name; the table of
// Unicode Technical Standard 39; what it is compatible with.
func lookOf(r rune) string {
	if latin := latinOf(r); latin != "" {
		return latin
	}
	whole := string(r)
	if parts := norm.NFD.String(whole); parts != whole {
		return parts
	}
	if latin := latinByName(r); latin != "" {
		return latin
	}
	if look := confusable.GetReplacement(r); look != "" {
		return strings.ToLower(look)
	}
	return strings.ToLower(norm.NFKD.String(whole))
}

// latinByName is the letter of "LATIN SMALL LETTER C WITH HOOK" and "LATIN LETTER SMALL CAPITAL B".
func latinByName(r rune) string {
	if !unicode.Is(unicode.Latin, r) {
		return ""
	}
	name := runenames.Name(r)
	for _, prefix := range [...]string{"LATIN SMALL LETTER ", "LATIN LETTER SMALL CAPITAL "} {
		if rest, ok := strings.CutPrefix(name, prefix); ok && (len(rest) == 1 || rest[1:] == " BAR" || strings.HasPrefix(rest[1:], " WITH ")) {
			return strings.ToLower(rest[:1])
		}
	}
	return ""
}

// latinOf is the Latin letter for what the table of Unicode Technical Standard 39 holds for
// something else at the size of print, and a reader of an address bar doesn't; "" for all else.
func latinOf(r rune) string {
	for _, look := range [...]struct{ latin, others string }{
		{"ss", "ß"}, {"ae", "æӕ"}, {"oe", "œ"}, {"b", "вьƅъβ"}, {"d", "ðђ∂"}, {"e", "əǝɛꞓεєэϵзɜ"}, {"f", "ғ"}, {"g", "ԍց"}, {"h", "нћңի"}, {"j", "ȷ"},
		{"k", "кĸκҝқ"}, {"m", "мʍ"}, {"n", "пπŋηո"}, {"r", "яг"}, {"t", "тτ"}, {"u", "иᴎцμ"}, {"w", "ωϖшщѡ"}, {"x", "χж"}, {"y", "ч"},
	} {
		if strings.ContainsRune(look.others, r) {
			return look.latin
		}
	}
	return ""
}

// letterOf folds digits, and i, to the letters that they look like.
func letterOf(r rune) rune {
	switch r {
	case '0':
		return 'o'
	case '1', 'i':
		return 'l'
	case '2':
		return 'z'
	case '3':
		return 'e'
	case '4':
		return 'a'
	case '5':
		return 's'
	case '6', '8':
		return 'b'
	case '7':
		return 't'
	case '9':
		return 'g'
	}
	return r
}

// skeletonOf folds pairs of letters that look like one, from left to right.
func skeletonOf(letters string) string {
	if !strings.Contains(letters, "rn") && !strings.Contains(letters, "vv") && !strings.Contains(letters, "cl") {
		return letters
	}
	return pairsLookingAlike.Replace(letters)
}

// pairsLookingAlike are the pairs of letters that look like one.
var pairsLookingAlike = strings.NewReplacer("rn", "m", "vv", "w", "cl", "d")

// mistakenPairs are letters that are easily mistaken for others, though they don't look the same.
func mistakenPairs() [16][2]string {
	return [...][2]string{
		{"b", "d"}, {"c", "e"}, {"g", "q"}, {"m", "n"}, {"n", "r"}, {"m", "nn"}, {"m", "rr"}, {"m", "rn"}, {"w", "vv"},
		{"d", "cl"}, {"d", "dl"}, {"b", "lb"}, {"h", "lh"}, {"k", "lk"}, {"k", "lc"}, {"u", "ll"},
	}
}

// weakOf is the same for two texts of which one comes from the other by putting letters for
// those that they are easily mistaken for, and for some other texts.
func weakOf(letters string) string {
	var b strings.Builder
	last := rune(-1)
	for _, r := range letters {
		switch r {
		case 'd', 'b', 'e', 'k':
			r = 'c'
		case 'q':
			r = 'g'
		case 'm', 'r':
			r = 'n'
		case 'w':
			r = 'v'
		case 'l', 'u':
			continue
		}
		if r == last && (r == 'n' || r == 'v') {
			continue
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

// speltOut writes letters with marks as those do who have no such keys.
func speltOut(label string) string {
	if isASCII(label) {
		return label
	}
	return speltLetters.Replace(label)
}

// speltLetters are letters with marks and what is written for them.
var speltLetters = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ø", "oe", "å", "aa", "ß", "ss", "æ", "ae", "œ", "oe",
	"þ", "th", "ð", "dh", "đ", "dj", "ñ", "ny")
