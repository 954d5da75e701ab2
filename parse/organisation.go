package parse

import (
	"crypto/sha256"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// FoldOrganisation gives the part of an organisation's name that tells it from others, and its
// legal form. Case, diacritics, punctuation and white space are folded, "&" is "and", and a
// legal form at the end, or at the start where it belongs there, is split off in one spelling:
// "Pocket Heron, Incorporated" is "pocket heron" and "inc". The base is never empty for
// a name that isn't.
func FoldOrganisation(name string) (base, form string) {
	if len(name) > 4096 { // no name: spend no time on it
		name = name[:4096]
	}
	valid := strings.ToLower(norm.NFKC.String(strings.ToValidUTF8(name, " ")))
	core, form := scriptForm(valid)
	words := fold(core)
	if form == "" {
		words, form = splitForm(words)
	}
	if base = strings.Join(words, " "); base == "" {
		base, form = strings.Join(fold(valid), " "), ""
	}
	if base == "" {
		base = strings.ReplaceAll(strings.TrimSpace(valid), "|", "/")
	}
	if base == "" {
		base = "?"
		if name == "" {
			base = ""
		}
	}
	return base, form
}

// scriptForm splits off a legal form that is written without spaces, in the scripts that do so.
func scriptForm(name string) (core, form string) {
	name = strings.TrimSpace(name)
	for _, f := range []struct{ written, form string }{
		{"株式会社", "kk"}, {"(株)", "kk"}, {"有限会社", "yk"}, {"(有)", "yk"}, {"合同会社", "gk"},
		{"合名会社", "gmk"}, {"合資会社", "gsk"}, {"(同)", "gk"}, {"(名)", "gmk"}, {"(資)", "gsk"},
		{"股份有限公司", "co ltd"}, {"有限责任公司", "co ltd"}, {"有限責任公司", "co ltd"}, {"有限公司", "co ltd"},
		{"주식회사", "co ltd"}, {"(주)", "co ltd"}, {"유한회사", "llc"},
	} {
		if rest, ok := strings.CutPrefix(name, f.written); ok && strings.TrimSpace(rest) != "" {
			return rest, f.form
		}
		if rest, ok := strings.CutSuffix(name, f.written); ok && strings.TrimSpace(rest) != "" {
			return rest, f.form
		}
	}
	return name, ""
}

// fold turns a lower-case name into its words, without diacritics and punctuation. A word of
// single letters with dots or slashes between them is one word: "s.p.a." is "spa", "a/s" is
// "as". So are such words that follow one another: "j. p." is "jp". Digits are none of these:
// "4.2" isn't "42".
func fold(name string) []string {
	var words []string
	initials := false // the last word is of initials with dots
	for _, raw := range strings.FieldsFunc(name, blank) {
		parts := strings.FieldsFunc(plain(raw), func(r rune) bool { return !letter(r) })
		single := len(parts) > 0
		for _, p := range parts {
			single = single && len([]rune(p)) == 1 && !strings.ContainsFunc(p, unicode.IsDigit)
		}
		switch dotted := single && strings.HasSuffix(raw, "."); {
		case dotted && initials:
			words[len(words)-1] += strings.Join(parts, "")
		case single && (len(parts) == 1 || !strings.ContainsFunc(raw, hyphen)):
			words = append(words, strings.Join(parts, ""))
			initials = dotted
		default:
			words = append(words, parts...)
			initials = false
		}
	}
	return words
}

// blank tells what stands between the words of a name. Commas and brackets do too, and "&" is a
// word of its own, by plain.
func blank(r rune) bool {
	return unicode.IsSpace(r) || r == ',' || r == ';' || r == '(' || r == ')' || r == '[' || r == ']' || r == '"' || r == '«' || r == '»' || r == '+'
}

// hyphen tells whether r joins words, as in "x-y".
func hyphen(r rune) bool { return r == '-' || r == '‐' || r == '–' || r == '—' || r == '&' }

// letter tells whether r is kept: letters, digits, and the marks that diacritic leaves.
func letter(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// diacritic tells whether r is a mark that may be left out of a name: those of Latin, Greek and
// Cyrillic, and the vowel points of Hebrew and Arabic. The marks of other scripts are letters:
// the voicing of kana, the vowels of Devanagari and Thai tell one word from another.
func diacritic(r rune) bool {
	return unicode.Is(unicode.Mn, r) && (r <= 0x036f || r >= 0x0591 && r <= 0x05c7 || r >= 0x064b && r <= 0x065f ||
		r >= 0x1ab0 && r <= 0x1aff || r >= 0x1dc0 && r <= 0x1dff || r >= 0x20d0 && r <= 0x20ff || r >= 0xfe00 && r <= 0xfe2f)
}

// plain writes a word without diacritics: marks that decompose are dropped, letters that have
// none are spelled out. Apostrophes vanish, "&" becomes a word.
func plain(word string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(word) {
		switch {
		case diacritic(r), r == '\'', r == '’', r == '‘', r == 'ʼ', r == '`':
		case r == '&':
			b.WriteString(" and ")
		default:
			if s := spelled(r); s != "" {
				b.WriteString(s)
			} else {
				b.WriteRune(r)
			}
		}
	}
	return norm.NFC.String(b.String())
}

// spelled gives the spelling of a letter whose diacritic doesn't decompose; "" for others.
func spelled(r rune) string {
	switch r {
	case 'ø':
		return "o"
	case 'ł':
		return "l"
	case 'đ', 'ð':
		return "d"
	case 'ħ':
		return "h"
	case 'ı':
		return "i"
	case 'ŧ':
		return "t"
	case 'ß':
		return "ss"
	case 'æ':
		return "ae"
	case 'œ':
		return "oe"
	case 'þ':
		return "th"
	case 'ς': // what stands at the end of a word is a capital like any other sigma
		return "σ"
	}
	return ""
}

// Key tells organisations apart, in statistics and in matching. With a registration number it is
// the base of the name, the country of jurisdiction, and the number, so that a change of legal
// form or its spelling changes nothing. Without one it is the base, the legal form, the country,
// and its state or province where that is the jurisdiction: towns of one name are many.
func (o Organisation) Key() string {
	base, form := FoldOrganisation(o.Name)
	country := o.JurisdictionCountry
	if country == "" {
		country = o.Country
	}
	country = strings.ToUpper(strings.TrimSpace(country))
	number := strings.TrimLeft(strings.Map(alphanumeric, strings.ToUpper(registrationNumber(o))), "0")
	if number == "" {
		key := strings.TrimSpace(base+" "+form) + "|" + country
		if state := strings.Join(fold(strings.ToLower(norm.NFKC.String(validPrefix(o.JurisdictionState)))), " "); state != "" {
			key += "|" + state // in small letters, which no number has
		}
		return key
	}
	return base + "|" + country + "|" + number
}

// registrationNumber is the number with the digits of East Asian keyboards made ASCII; of one that
// is no number, no more than a number can have.
func registrationNumber(o Organisation) string {
	return norm.NFKC.String(validPrefix(o.RegistrationNumber))
}

// validPrefix is as much of a text as may be a number or a name, in UTF-8.
func validPrefix(text string) string {
	return strings.ToValidUTF8(text[:min(len(text), 4096)], "")
}

// alphanumeric drops all but ASCII letters and digits.
func alphanumeric(r rune) rune {
	if r < 0x80 && letter(r) {
		return r
	}
	return -1
}

// MarkKey tells marks apart, in statistics: a trademark by its register and number, a Government
// Mark by the country and citation of its statute, any other by its organisation and logo. A
// register that isn't known counts as what was written for it.
func (m *MarkCertificate) MarkKey() string {
	if t := m.Trademark; t != nil && t.Number != "" {
		register := t.Register
		if register == "" {
			register = strings.ToUpper(strings.TrimSpace(t.Country))
		}
		return "tm:" + register + ":" + t.Number
	}
	if s := m.Statute; s != nil && strings.TrimSpace(s.Citation) != "" {
		citation := strings.Join(fold(strings.ToLower(norm.NFKC.String(s.Citation))), " ")
		return "gov:" + strings.ToUpper(strings.TrimSpace(s.Country)) + ":" + citation
	}
	var logo string
	if m.Logo != nil && m.Logo.SVG != nil {
		logo = hexSum(m.Logo.SVGSHA256)
	} else if m.Logo != nil && m.Logo.Data != nil {
		logo = hexSum(sha256.Sum256(m.Logo.Data))
	}
	return "logo:" + m.Organisation.Key() + ":" + logo
}
