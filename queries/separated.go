package queries

import (
	"bufio"
	"encoding/json"
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

// separated writes the rows of r to w; cell appends one of them to the line.
func separated(w io.Writer, r io.Reader, separator byte, cell func(line, cell []byte, number bool) []byte, told *Told) error {
	rows, err := newRowReader(r)
	if err != nil || rows.names == nil {
		return err
	}
	out := bufio.NewWriterSize(w, 1<<16)
	var line []byte
	for i, name := range rows.names {
		if i > 0 {
			line = append(line, separator)
		}
		quoted, err := json.Marshal(name)
		if err != nil {
			return err
		}
		line = cell(line, quoted, false)
	}
	for {
		if _, err := out.Write(append(line, '\n')); err != nil {
			return err
		}
		cells, err := rows.next()
		if err != nil || cells == nil {
			if told != nil {
				*told = Told{rows.names, rows.types, rows.rows}
			}
			return errors.Join(err, out.Flush())
		}
		line = line[:0]
		for i, c := range cells {
			if i > 0 {
				line = append(line, separator)
			}
			line = cell(line, c, rows.numeric[i])
		}
	}
}

// csvCell appends a cell in CSV; safe: so that no spreadsheet takes it for a formula.
func csvCell(safe bool) func(line, cell []byte, number bool) []byte {
	return func(line, cell []byte, number bool) []byte {
		text := textOf(cell)
		if text == "" && string(cell) == "null" {
			return line
		}
		if number || string(cell) == "true" || string(cell) == "false" {
			return append(line, text...)
		}
		line = append(line, '"')
		if safe && isFormula(text) {
			line = append(line, '\'')
		}
		for {
			before, after, found := strings.Cut(text, `"`)
			line = append(line, before...)
			if !found {
				return append(line, '"')
			}
			line, text = append(line, '"', '"'), after
		}
	}
}

// tsvCell appends a cell in TSV; safe: so that no spreadsheet takes it for a formula.
func tsvCell(safe bool) func(line, cell []byte, number bool) []byte {
	escape := strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`, "\r", `\r`)
	return func(line, cell []byte, number bool) []byte {
		text := textOf(cell)
		if safe && !number && isFormula(text) {
			line = append(line, '\'')
		}
		return append(line, escape.Replace(text)...)
	}
}

// isFormula tells whether a spreadsheet may take text for a formula: OWASP's
// list (CSV Injection), with the full-width forms that some programs read alike.
func isFormula(text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	return text != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", first)
}
