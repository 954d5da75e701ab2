package queries

import (
	"bufio"
	"encoding/json"
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

// rowReader reads the rows of JSONCompactEachRowWithNamesAndTypes as texts.
type rowReader struct {
	dec     *json.Decoder
	names   []string
	numeric []bool
}

func newRowReader(r io.Reader) (*rowReader, error) {
	rows := &rowReader{dec: json.NewDecoder(bufio.NewReaderSize(r, 1<<16))}
	rows.dec.UseNumber()
	var types []string
	if err := rows.dec.Decode(&rows.names); err != nil {
		return rows, streamError(err) // a statement without a result has not even names
	}
	if err := rows.dec.Decode(&types); err != nil {
		return rows, streamError(err)
	}
	for _, t := range types {
		rows.numeric = append(rows.numeric, strings.Contains(t, "Int") || strings.HasPrefix(t, "Float") || strings.HasPrefix(t, "Decimal"))
	}
	return rows, nil
}

// streamError says what broke off a stream; the end of it is none.
func streamError(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return fmt.Errorf("reading the result: %w", err)
}

// next gives the next row; nil at the end.
func (r *rowReader) next() ([]string, error) {
	var values []any
	if err := r.dec.Decode(&values); err != nil {
		return nil, streamError(err)
	}
	cells := make([]string, len(values))
	for i, v := range values {
		cells[i] = cell(v)
	}
	return cells, nil
}

func cell(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return Printable(v)
	case json.Number:
		return v.String()
	case bool:
		if v {
			return "yes"
		}
		return "no"
	case []any:
		parts := make([]string, len(v))
		for i, e := range v {
			parts[i] = cell(e)
		}
		return strings.Join(parts, ", ")
	default:
		text, err := json.Marshal(v)
		if err != nil {
			return fmt.Sprint(v)
		}
		return Printable(string(text))
	}
}

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
		row, err := rows.next()
		if err != nil {
			return err
		}
		if row == nil {
			break
		}
		sample = append(sample, row)
	}
	t := tableLayout(rows.names, rows.numeric, sample)
	t.line(out, rows.names)
	t.rule(out)
	for _, row := range sample {
		t.line(out, row)
	}
	for {
		row, err := rows.next()
		if err != nil || row == nil {
			return errors.Join(err, out.Flush())
		}
		t.line(out, row)
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
			t.widths[i] = max(t.widths[i], runewidth.StringWidth(c))
		}
	}
	return t
}

func (t table) line(out *bufio.Writer, cells []string) {
	for i, c := range cells {
		pad := max(0, t.widths[i]-runewidth.StringWidth(c))
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
	for i, width := range t.widths {
		if i > 0 {
			out.WriteString("  ")
		}
		out.WriteString(strings.Repeat("─", width))
	}
	out.WriteByte('\n')
}

func writeMarkdown(w io.Writer, r io.Reader) error {
	rows, err := newRowReader(r)
	if err != nil || rows.names == nil {
		return err
	}
	out := bufio.NewWriterSize(w, 1<<16)
	markdownLine(out, rows.names)
	rule := make([]string, len(rows.names))
	for i := range rule {
		rule[i] = "---"
		if rows.numeric[i] {
			rule[i] = "---:"
		}
	}
	out.WriteString("| " + strings.Join(rule, " | ") + " |\n")
	for {
		row, err := rows.next()
		if err != nil || row == nil {
			return errors.Join(err, out.Flush())
		}
		markdownLine(out, row)
	}
}

func markdownLine(out *bufio.Writer, cells []string) {
	escape := strings.NewReplacer(`\`, `\\`, "|", `\|`, "<", "&lt;", ">", "&gt;", "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "]", `\]`)
	escaped := make([]string, len(cells))
	for i, c := range cells {
		escaped[i] = escape.Replace(c)
	}
	out.WriteString("| " + strings.Join(escaped, " | ") + " |\n")
}
