package queries

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
)

// Output for people. Its rules:
//   - a row of the result is one line;
//   - a list is written with ", " between its values, nothing with nothing;
//   - characters that would steer a terminal or turn the direction of text are
//     written as \u escapes: a certificate's words are a stranger's;
//   - numbers stand to the right.

// sampleRows is how many rows a table looks at to choose its widths; later
// rows that are wider push their line out rather than lose anything.
const sampleRows = 1000

// Printable writes the characters of s that would act on a terminal as escapes.
func Printable(s string) string {
	if printableASCII([]byte(s)) {
		return s
	}
	return string(appendPrintable(nil, []byte(s)))
}

// printableASCII tells whether nothing of s is escaped, if all of it is ASCII.
func printableASCII(s []byte) bool {
	for _, c := range s {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return true
}

func appendPrintable(dst, s []byte) []byte {
	if printableASCII(s) {
		return append(dst, s...)
	}
	for len(s) > 0 {
		r, size := utf8.DecodeRune(s)
		switch {
		case unicode.IsPrint(r) && r != utf8.RuneError:
			dst = append(dst, s[:size]...)
		case r > 0xffff:
			dst = fmt.Appendf(dst, `\U%08x`, r)
		default:
			dst = fmt.Appendf(dst, `\u%04x`, r)
		}
		s = s[size:]
	}
	return dst
}

// appendReadable appends a cell as a person reads it: a list is written with
// ", " between its values, and what would act on a terminal is escaped.
func (c cell) appendReadable(dst []byte) []byte {
	switch {
	case c.kind == truth && c.text[0] == 't':
		return append(dst, "yes"...)
	case c.kind == truth:
		return append(dst, "no"...)
	case c.kind == composite && c.text[0] == '[':
		values, ok := splitRow(c.text, nil)
		if !ok {
			break
		}
		for i, v := range values {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = cellOf(v).appendReadable(dst)
		}
		return dst
	}
	return appendPrintable(dst, c.text)
}

func writeTable(w io.Writer, r *rows) error {
	var sample [][]string
	for len(sample) < sampleRows {
		cells, err := r.next()
		if err != nil {
			return err
		}
		if cells == nil {
			break
		}
		row := make([]string, len(cells))
		for i, c := range cells {
			row[i] = string(c.appendReadable(nil))
		}
		sample = append(sample, row)
	}
	t := tableLayout(w, r.names, r.numeric, sample)
	if err := t.begin(r.names, sample); err != nil {
		return err
	}
	for {
		cells, err := r.next()
		if err != nil || cells == nil {
			return errors.Join(err, t.out.flush())
		}
		for i, c := range cells {
			t.scratch = c.appendReadable(t.scratch[:0])
			t.cell(i, t.scratch)
		}
		if err := t.out.turn(); err != nil {
			return err
		}
	}
}

// PrintTable prints rows that no query made, in the same form. numeric tells
// which columns hold numbers.
func PrintTable(w io.Writer, names []string, numeric []bool, rows [][]string) error {
	clean := make([][]string, len(rows))
	for i, row := range rows {
		for _, c := range row {
			clean[i] = append(clean[i], Printable(c))
		}
	}
	t := tableLayout(w, names, numeric, clean)
	if err := t.begin(names, clean); err != nil {
		return err
	}
	return t.out.flush()
}

// table knows how wide each column is and which stand to the right.
type table struct {
	out     page
	widths  []int
	numeric []bool
	scratch []byte
}

func tableLayout(w io.Writer, names []string, numeric []bool, sample [][]string) *table {
	t := &table{out: page{to: w}, widths: make([]int, len(names)), numeric: numeric}
	for _, row := range append(sample, names) {
		for i, c := range row {
			t.widths[i] = max(t.widths[i], width([]byte(c)))
		}
	}
	return t
}

// width is how many columns of a terminal s takes.
func width(s []byte) int {
	for _, c := range s {
		if c >= utf8.RuneSelf {
			return runewidth.StringWidth(string(s))
		}
	}
	return len(s) // the library's answer takes a hundred times as long
}

// begin writes the header and the rows that were looked at.
func (t *table) begin(names []string, sample [][]string) error {
	t.line(names)
	for i, w := range t.widths {
		if i > 0 {
			t.out.text = append(t.out.text, "  "...)
		}
		t.out.text = append(t.out.text, strings.Repeat("─", w)...)
	}
	t.out.text = append(t.out.text, '\n')
	for _, row := range sample {
		t.line(row)
		if err := t.out.turn(); err != nil {
			return err
		}
	}
	return nil
}

func (t *table) line(cells []string) {
	for i, c := range cells {
		t.cell(i, []byte(c))
	}
}

// cell writes the cell of column i, and after the last one the line's end.
func (t *table) cell(i int, text []byte) {
	if i > 0 {
		t.out.text = append(t.out.text, "  "...)
	}
	pad := t.widths[i] - width(text)
	if t.numeric[i] {
		t.spaces(pad)
	}
	t.out.text = append(t.out.text, text...)
	switch {
	case i == len(t.widths)-1:
		t.out.text = append(t.out.text, '\n')
	case !t.numeric[i]:
		t.spaces(pad)
	}
}

func (t *table) spaces(n int) {
	for ; n > 0; n-- {
		t.out.text = append(t.out.text, ' ')
	}
}

func writeMarkdown(w io.Writer, r *rows) error {
	out := page{to: w}
	for _, name := range r.names {
		out.text = append(appendMarkdown(append(out.text, "| "...), []byte(name)), ' ')
	}
	out.text = append(out.text, "|\n"...)
	for _, number := range r.numeric {
		rule := "| --- "
		if number {
			rule = "| ---: "
		}
		out.text = append(out.text, rule...)
	}
	out.text = append(out.text, "|\n"...)
	var scratch []byte
	for {
		cells, err := r.next()
		if err != nil || cells == nil {
			return errors.Join(err, out.flush())
		}
		for _, c := range cells {
			scratch = c.appendReadable(scratch[:0])
			out.text = append(appendMarkdown(append(out.text, "| "...), scratch), ' ')
		}
		out.text = append(out.text, "|\n"...)
		if err := out.turn(); err != nil {
			return err
		}
	}
}

// appendMarkdown appends text so that nothing of it is Markdown or HTML.
func appendMarkdown(dst, text []byte) []byte {
	for _, c := range text {
		switch c {
		case '\\', '|', '*', '_', '`', '[', ']':
			dst = append(dst, '\\', c)
		case '<':
			dst = append(dst, "&lt;"...)
		case '>':
			dst = append(dst, "&gt;"...)
		default:
			dst = append(dst, c)
		}
	}
	return dst
}
