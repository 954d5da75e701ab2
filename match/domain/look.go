package domain

import (
	"strings"
	"unicode"

	"go.mau.fi/util/confusable"
	"golang.org/x/text/unicode/norm"
)

// plainOf writes a label in Latin letters without marks as far as its look allows: the
// skeleton of Unicode Technical Standard 39, case-folded after it, but for the ASCII
// letters, which stay as they are.
func plainOf(label string) string {
	if isASCII(label) {
		return strings.ToLower(label)
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(label)) {
		writeLook(&b, r)
	}
	return b.String()
}

// writeLook writes what a rune looks like, and nothing for what can't be seen.
func writeLook(b *strings.Builder, r rune) {
	if r < unicode.MaxASCII {
		b.WriteRune(r)
		return
	}
	if latin := latinOf(r); latin != "" {
		b.WriteString(latin)
		return
	}
	if unicode.Is(unicode.Mn, r) || !unicode.IsGraphic(r) {
		return
	}
	look := confusable.GetReplacement(r)
	if look == "" {
		b.WriteRune(unicode.ToLower(r))
		return
	}
	for _, p := range norm.NFKD.String(strings.ToLower(look)) {
		if latin := latinOf(p); latin != "" {
			b.WriteString(latin)
		} else if !unicode.Is(unicode.Mn, p) && unicode.IsGraphic(p) {
			b.WriteRune(p)
		}
	}
}

// latinOf is the Latin letter for what the table of Unicode Technical Standard 39 holds for
// something else at the size of print, and a reader of an address bar doesn't.
func latinOf(r rune) string {
	switch r {
	case 'ß':
		return "ss"
	case 'æ', 'ӕ':
		return "ae"
	case 'œ':
		return "oe"
	case 'ʙ', 'в', 'ь', 'ƅ', 'ъ', 'β', 'ƀ':
		return "b"
	case 'ð', 'ђ', '∂':
		return "d"
	case 'ə', 'ǝ', 'ɛ', 'ꞓ', 'ε', 'є', 'э', 'ϵ':
		return "e"
	case 'ғ':
		return "f"
	case 'ɢ', 'ԍ', 'ց':
		return "g"
	case 'н', 'ʜ', 'ћ', 'ɦ', 'ң', 'ի':
		return "h"
	case 'к', 'ĸ', 'κ', 'ҝ', 'қ', 'ⱪ', 'ᴋ':
		return "k"
	case 'ɫ', 'ʟ':
		return "l"
	case 'м', 'ʍ', 'ᴍ', 'ɱ':
		return "m"
	case 'п', 'π', 'ɳ', 'ŋ', 'ɲ', 'η', 'ո', 'ɴ', 'ꞑ':
		return "n"
	case 'ʀ', 'я', 'ɾ':
		return "r"
	case 'т', 'ᴛ', 'τ', 'ƫ':
		return "t"
	case 'и', 'ᴎ', 'ц':
		return "u"
	case 'ⱱ', 'ᶌ', 'ⱴ':
		return "v"
	case 'ω', 'ϖ', 'ш', 'щ', 'ѡ':
		return "w"
	case 'ʏ', 'ч':
		return "y"
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
	return strings.NewReplacer("rn", "m", "vv", "w", "cl", "d").Replace(letters)
}

// weakOf folds letters that are easily mistaken for each other: c and e, b and d, g and q,
// m, n and r, and the stroke of an l before a letter that has one.
func weakOf(skeleton string) string {
	var b strings.Builder
	last := rune(-1)
	for _, r := range skeleton {
		switch r {
		case 'd':
			r = 'b'
		case 'e':
			r = 'c'
		case 'q':
			r = 'g'
		case 'm', 'r':
			r = 'n'
		case 'l':
			continue
		}
		if r == 'n' && last == 'n' {
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
	return strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ø", "oe", "å", "aa", "ß", "ss", "æ", "ae", "œ", "oe", "þ", "th", "ð", "dh", "đ", "dj", "ñ", "ny").Replace(label)
}
