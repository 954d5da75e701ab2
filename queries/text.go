package queries

import (
	"bufio"
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
	clean := func(r rune) bool { return unicode.IsPrint(r) && r != utf8.RuneError }
	if strings.IndexFunc(s, func(r rune) bool { return !clean(r) }) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case clean(r):
			b.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

func writeTable(w io.Writer, r io.Reader) error {
	rows, err := newRowReader(r)
	if err != nil || rows.names == nil {
		return err
	}
	out := bufio.NewWriterSize(w, 1<<16)
	var sample [][]string
	for len(sample) < sampleRows {
		cells, err := rows.next()
		if err != nil {
			return err
		}
		if cells == nil {
			break
		}
		sample = append(sample, readableRow(cells))
	}
	t := tableLayout(rows.names, rows.numeric, sample)
	t.line(out, rows.names)
	t.rule(out)
	for _, row := range sample {
		t.line(out, row)
	}
	for {
		cells, err := rows.next()
		if err != nil || cells == nil {
			return errors.Join(err, out.Flush())
		}
		t.line(out, readableRow(cells))
	}
}

// PrintTable prints rows that no query made, in the same form. numeric tells
// which columns hold numbers.
func PrintTable(w io.Writer, names []string, numeric []bool, rows [][]string) error {
	out := bufio.NewWriter(w)
	clean := make([][]string, len(rows))
	for i, row := range rows {
		for _, c := range row {
			clean[i] = append(clean[i], Printable(c))
		}
	}
	t := tableLayout(names, numeric, clean)
	t.line(out, names)
	t.rule(out)
	for _, row := range clean {
		t.line(out, row)
	}
	return out.Flush()
}

// table knows how wide each column is and which stand to the right.
type table struct {
	widths  []int
	numeric []bool
}

func tableLayout(names []string, numeric []bool, sample [][]string) table {
	t := table{make([]int, len(names)), numeric}
	for _, row := range append(sample, names) {
		for i, c := range row {
			t.widths[i] = max(t.widths[i], width(c))
		}
	}
	return t
}

// width is how many columns of a terminal s takes.
func width(s string) int {
	if strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) < 0 {
		return len(s) // the library's answer takes a hundred times as long
	}
	return runewidth.StringWidth(s)
}

func (t table) line(out *bufio.Writer, cells []string) {
	for i, c := range cells {
		pad := max(0, t.widths[i]-width(c))
		if i > 0 {
			out.WriteString("  ")
		}
		switch {
		case t.numeric[i]:
			out.WriteString(strings.Repeat(" ", pad) + c)
		case i == len(cells)-1:
			out.WriteString(c)
		default:
			out.WriteString(c + strings.Repeat(" ", pad))
		}
	}
	out.WriteByte('\n')
}

func (t table) rule(out *bufio.Writer) {
	for i, w := range t.widths {
		if i > 0 {
			out.WriteString("  ")
		}
		out.WriteString(strings.Repeat("─", w))
	}
	out.WriteByte('\n')
}

func writeMarkdown(w io.Writer, r io.Reader) error {
	rows, err := newRowReader(r)
	if err != nil || rows.names == nil {
		return err
	}
	out := bufio.NewWriterSize(w, 1<<16)
	escape := strings.NewReplacer(`\`, `\\`, "|", `\|`, "<", "&lt;", ">", "&gt;", "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "]", `\]`)
	markdownLine(out, escape, rows.names)
	rule := make([]string, len(rows.names))
	for i := range rule {
		rule[i] = "---"
		if rows.numeric[i] {
			rule[i] = "---:"
		}
	}
	out.WriteString("| " + strings.Join(rule, " | ") + " |\n")
	for {
		cells, err := rows.next()
		if err != nil || cells == nil {
			return errors.Join(err, out.Flush())
		}
		markdownLine(out, escape, readableRow(cells))
	}
}

func markdownLine(out *bufio.Writer, escape *strings.Replacer, cells []string) {
	escaped := make([]string, len(cells))
	for i, c := range cells {
		escaped[i] = escape.Replace(c)
	}
	out.WriteString("| " + strings.Join(escaped, " | ") + " |\n")
}
