package notice

import (
	"regexp"
	"strings"

	"github.com/mattn/go-runewidth"
)

// columns is the width of the text form.
const columns = 72

// labelled is a line of a table or a list: a name, blanks, and a value, or a
// number and a text, under whose beginning further lines of it go.
var labelled = regexp.MustCompile(`^(?: *[^ ]+(?: [^ ]+)?  +| +[0-9]+\. )`)

// wrap breaks the lines that are too wide between words, and a word that is a
// line's width alone within; an address stays whole, so that it can be followed.
// No two empty lines follow each other.
func wrap(text string) string {
	var b strings.Builder
	empty := 1
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, " \n")
		if line == "" {
			empty++
			continue
		}
		if b.Len() > 0 && empty > 0 {
			b.WriteByte('\n')
		}
		empty = 0
		wrapLine(&b, line)
	}
	return b.String()
}

func wrapLine(b *strings.Builder, line string) {
	if runewidth.StringWidth(line) <= columns {
		b.WriteString(line + "\n")
		return
	}
	indent := line[:len(line)-len(strings.TrimLeft(line, " "))]
	head := indent
	if label := labelled.FindString(line); label != "" && runewidth.StringWidth(label) < columns/2 {
		head, indent = label, strings.Repeat(" ", runewidth.StringWidth(label))
	}
	at := runewidth.StringWidth(head)
	b.WriteString(head)
	begun := false
	for _, word := range strings.Fields(line[len(head):]) {
		wide := runewidth.StringWidth(word)
		if begun && at+1+wide > columns {
			b.WriteString("\n" + indent)
			at, begun = runewidth.StringWidth(indent), false
		}
		if begun {
			b.WriteByte(' ')
			at++
		}
		at = writeWord(b, word, indent, at)
		begun = true
	}
	b.WriteByte('\n')
}

// writeWord writes a word from the column at on, and tells where it ends.
func writeWord(b *strings.Builder, word, indent string, at int) int {
	if strings.Contains(word, "://") {
		b.WriteString(word)
		return at + runewidth.StringWidth(word)
	}
	for _, r := range word {
		w := runewidth.RuneWidth(r)
		if at+w > columns {
			b.WriteString("\n" + indent)
			at = len(indent)
		}
		b.WriteRune(r)
		at += w
	}
	return at
}

// row is a line of a table in the text form.
func row(name, value string) string {
	const wide = 14
	return runewidth.FillRight(name, wide) + "  " + value
}
