package evidence

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// printable writes what can steer a reader's eye or terminal as \u followed by
// its code point: control and format characters, and those that turn the
// direction of text. A backslash is doubled, so that each text can be read back.
func printable(s string) string {
	return escaped(s, func(r rune) bool { return unicode.IsPrint(r) })
}

// escaped writes the characters that aren't shown as code points.
func escaped(s string, shown func(rune) bool) string {
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD"):
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r == '\\':
			b.WriteString(`\\`)
		case r == ' ' || shown(r):
			b.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}
