package notice

import (
	"fmt"
	"reflect"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// What a message says comes in good part from certificates, and so from
// strangers. Each form escapes what has a meaning there; before that, clean
// takes away what steers a reader's eye in any form: control characters, what
// turns the direction of text, what can't be seen, and piles of accents.

// Bounds of what is shown of one text, in characters.
const (
	maxName = 120   // a name within a sentence
	maxText = 2_000 // any other text
	maxPile = 3     // marks on one letter; no script needs more
)

// clean writes a text on one line: white space is a blank, and what can't be
// printed stands as \u and its code point, so that it is seen and not obeyed.
// Of a longer text the first most characters are kept.
func clean(s string, most int) string {
	if isPlain(s) {
		return short(s, most)
	}
	if enough := 8*most + 64; len(s) > enough { // no need to look at megabytes
		s = strings.ToValidUTF8(s[:enough], "")
	}
	return cleaned(strings.Join(strings.FieldsFunc(s, isBreak), " "), most)
}

// cleanLines is clean for a text of several lines.
func cleanLines(s string, most int) string {
	var lines []string
	for line := range strings.Lines(strings.ReplaceAll(s, "\r\n", "\n")) {
		lines = append(lines, clean(line, most))
	}
	return strings.TrimSpace(short(strings.Join(lines, "\n"), most))
}

// isBreak tells what ends a word or a line. No-break spaces are kept apart:
// they are no breaks, but as wide as blanks.
func isBreak(r rune) bool {
	switch r {
	case '\t', '\n', '\v', '\f', '\r', ' ', '\u0085', '\u00a0', '\u2028', '\u2029':
		return true
	}
	return unicode.Is(unicode.Zs, r)
}

// isPlain tells a text of single blanks and printable ASCII, as most are.
func isPlain(s string) bool {
	before := byte(' ')
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == ' ' && before == ' ' {
			return false
		}
		before = s[i]
	}
	return before != ' '
}

// cleaned is clean for a text without white space but single blanks.
func cleaned(s string, most int) string {
	var b strings.Builder
	pile := 0
	for _, r := range s {
		if unicode.Is(unicode.M, r) {
			if pile++; pile > maxPile {
				continue
			}
		} else {
			pile = 0
		}
		switch {
		case unicode.IsPrint(r) && !blank(r):
			b.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return short(b.String(), most)
}

// blank tells letters that can't be seen, though they count as printable.
func blank(r rune) bool {
	switch r {
	case '\u115f', '\u1160', '\u3164', '\uffa0', '\u034f', '\u2800':
		return true
	}
	return r >= 0xfe00 && r <= 0xfe0f || r >= 0xe0100 && r <= 0xe01ef
}

// short cuts a text to most characters, the last of which then is an ellipsis.
func short(s string, most int) string {
	if len(s) <= most || utf8.RuneCountInString(s) <= most {
		return s
	}
	kept := []rune(s)[:most-1]
	return strings.TrimRight(string(kept), " ") + "…"
}

// cleanMessage is a copy of a message in which every text is clean.
func cleanMessage(m *Message) Message {
	c := mapTexts(*m, func(s string) string { return clean(s, maxText) })
	c.Notes = cleanLines(m.Notes, maxText)
	if m.Alarm != nil {
		c.Alarm.Text = cleanLines(m.Alarm.Text, 2*maxText)
	}
	return c
}

// mapTexts is a copy of a message with f of each text in place of the text. It
// goes by the types, so that a field added to them can't be forgotten.
func mapTexts(m Message, f func(string) string) Message {
	mapValue(reflect.ValueOf(&m).Elem(), f)
	return m
}

// mapValue changes the texts of a settable value, after copying what it shares.
func mapValue(v reflect.Value, f func(string) string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(f(v.String()))
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return
		}
		own := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(own, v)
		for i := range own.Len() {
			mapValue(own.Index(i), f)
		}
		v.Set(own)
	case reflect.Pointer:
		if v.IsNil() {
			return
		}
		own := reflect.New(v.Type().Elem())
		own.Elem().Set(v.Elem())
		mapValue(own.Elem(), f)
		v.Set(own)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			mapValue(v.Field(i), f)
		}
	}
}
