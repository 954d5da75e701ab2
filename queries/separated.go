package queries

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// Rows with a separator between their cells, for programs and spreadsheets. The
// rules:
//   - CSV is RFC 4180's but for lines that end in LF alone: texts are always in
//     quotes, numbers and truth values never;
//   - TSV has neither quotes nor raw tabs and line ends: \t, \n, \r, and \\ for
//     a backslash;
//   - a list or a structure is its JSON, nothing is an empty cell;
//   - text is valid UTF-8: a byte that isn't is U+FFFD.

// separated writes the rows of r to w; add appends one of their cells to the line.
func separated(w io.Writer, r *rows, separator byte, add func(line []byte, c cell, number bool) []byte) error {
	out := page{to: w}
	for i, name := range r.names {
		if i > 0 {
			out.text = append(out.text, separator)
		}
		out.text = add(out.text, cell{text, []byte(name)}, false)
	}
	for {
		out.text = append(out.text, '\n')
		if err := out.turn(); err != nil {
			return err
		}
		cells, err := r.next()
		if err != nil || cells == nil {
			return errors.Join(err, out.flush())
		}
		for i, c := range cells {
			if i > 0 {
				out.text = append(out.text, separator)
			}
			out.text = add(out.text, c, r.numeric[i])
		}
	}
}

// csvCell appends a cell in CSV; safe: so that no spreadsheet takes it for a formula.
func csvCell(safe bool) func(line []byte, c cell, number bool) []byte {
	return func(line []byte, c cell, number bool) []byte {
		if number || c.kind == truth || c.kind == nothing {
			return append(line, c.text...)
		}
		line = append(line, '"')
		if safe && isFormula(c.text) {
			line = append(line, '\'')
		}
		for rest := c.text; ; {
			quote := bytes.IndexByte(rest, '"')
			if quote < 0 {
				return append(append(line, rest...), '"')
			}
			line = append(append(line, rest[:quote+1]...), '"')
			rest = rest[quote+1:]
		}
	}
}

// tsvCell appends a cell in TSV; safe: so that no spreadsheet takes it for a formula.
func tsvCell(safe bool) func(line []byte, c cell, number bool) []byte {
	return func(line []byte, c cell, number bool) []byte {
		if safe && !number && isFormula(c.text) {
			line = append(line, '\'')
		}
		if plain(c.text) {
			return append(line, c.text...)
		}
		for _, b := range c.text {
			switch b {
			case '\\':
				line = append(line, '\\', '\\')
			case '\t':
				line = append(line, '\\', 't')
			case '\n':
				line = append(line, '\\', 'n')
			case '\r':
				line = append(line, '\\', 'r')
			default:
				line = append(line, b)
			}
		}
		return line
	}
}

// isFormula tells whether a spreadsheet may take text for a formula: OWASP's
// list (CSV Injection), with the full-width forms that some programs read alike.
func isFormula(text []byte) bool {
	first, _ := utf8.DecodeRune(text)
	return len(text) > 0 && strings.ContainsRune("=+-@\t\r\n＝＋－＠", first)
}
