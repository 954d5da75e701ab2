package loglist

import (
	"strings"
	"unicode"
)

// Bounds of what is shown of a list's texts, in characters.
const (
	maxShown = 120
	maxName  = 40
)

// ShortName makes a log's name from its description: what stands in quotation
// marks if anything does ("Google 'Argon2026h1' log" is argon2026h1), else all
// of it, in lower case, of letters and digits of ASCII, dots and hyphens.
func ShortName(description string) string {
	text := description
	if quoted := quotedPart(text); quoted != "" {
		text = quoted
	}
	var b strings.Builder
	for _, r := range strings.ToLower(text) {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9', r == '.':
			b.WriteRune(r)
		default:
			if s := b.String(); s != "" && !strings.HasSuffix(s, "-") {
				b.WriteByte('-')
			}
		}
		if b.Len() >= maxName {
			break
		}
	}
	name := strings.Trim(b.String(), "-.")
	if name == "" {
		return "log"
	}
	return name
}

// quotedPart is what stands between two quotation marks, the first of which
// begins a word, unlike the apostrophe of a name; "" if there is nothing like it.
func quotedPart(text string) string {
	runes := []rune(text)
	for i, r := range runes {
		if r != '\'' || i > 0 && !unicode.IsSpace(runes[i-1]) {
			continue
		}
		for j := i + 1; j < len(runes); j++ {
			if runes[j] == '\'' {
				return string(runes[i+1 : j])
			}
		}
	}
	return ""
}

// printable is a text of the list as it may be shown to a person: on one line,
// without what steers a terminal or an eye, and not endless.
func printable(s string) string {
	if len(s) > 4*maxShown {
		s = s[:4*maxShown]
	}
	var b strings.Builder
	n := 0
	for _, r := range strings.TrimSpace(s) {
		if n++; n > maxShown {
			b.WriteRune('…')
			break
		}
		if r == unicode.ReplacementChar || r != ' ' && !unicode.IsGraphic(r) || unicode.Is(unicode.Zs, r) && r != ' ' {
			r = '?'
		}
		b.WriteRune(r)
	}
	return b.String()
}
