package queries

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// rowReader reads the rows of JSONCompactEachRowWithNamesAndTypes, one line
// each: the one form from which every text that is made here is made. It holds
// one row.
type rowReader struct {
	in      *bufio.Reader
	names   []string
	types   []string // ClickHouse's
	numeric []bool   // the columns of numbers
	rows    uint64   // read so far
	line    []byte   // the row's, reused
	cells   [][]byte
}

func newRowReader(r io.Reader) (*rowReader, error) {
	rows := &rowReader{in: bufio.NewReaderSize(r, 1<<16)}
	names, err := rows.texts()
	if err != nil || names == nil {
		return rows, err // a statement without a result has not even names
	}
	rows.names = names
	types, err := rows.texts()
	if err == nil && types == nil {
		err = errBrokenOff
	}
	rows.types = types
	for _, t := range types {
		rows.numeric = append(rows.numeric, isNumber(t))
	}
	return rows, err
}

// texts reads a row of texts; nil at the end.
func (r *rowReader) texts() ([]string, error) {
	cells, err := r.next()
	if err != nil || cells == nil {
		return nil, err
	}
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = textOf(c)
	}
	return out, nil
}

// errBrokenOff says that the engine's answer ends within a row.
var errBrokenOff = errors.New("reading the result: it breaks off")

// isNumber tells whether a column of ClickHouse's type t holds numbers.
func isNumber(t string) bool {
	for _, wrapper := range []string{"LowCardinality(", "Nullable(", "SimpleAggregateFunction("} {
		t = strings.TrimPrefix(t, wrapper)
	}
	if _, kind, ok := strings.Cut(t, ", "); ok && !strings.Contains(t, "(") { // what is left of SimpleAggregateFunction(max, UInt8)
		t = kind
	}
	for _, kind := range []string{"UInt", "Int", "Float", "Decimal", "BFloat"} {
		if strings.HasPrefix(t, kind) && !strings.HasPrefix(t, "Interval") {
			return true
		}
	}
	return false
}

// next gives the cells of the next row as JSON, good until it is called again;
// nil at the end.
func (r *rowReader) next() ([][]byte, error) {
	r.line = r.line[:0]
	for {
		part, err := r.in.ReadSlice('\n')
		r.line = append(r.line, part...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(bytes.TrimSpace(r.line)) == 0:
			return nil, nil
		case err != nil && !errors.Is(err, io.EOF):
			return nil, fmt.Errorf("reading the result: %w", err)
		}
		cells, ok := splitRow(r.line, r.cells[:0])
		if r.cells = cells; !ok || r.names != nil && len(cells) != len(r.names) {
			return nil, errBrokenOff
		}
		if r.types != nil {
			r.rows++
		}
		return cells, nil
	}
}

// splitRow cuts a row, which is a JSON array on a line, into its cells.
func splitRow(line []byte, cells [][]byte) ([][]byte, bool) {
	line = bytes.TrimSpace(line)
	if len(line) < 2 || line[0] != '[' || line[len(line)-1] != ']' {
		return cells, false
	}
	rest := line[1 : len(line)-1]
	for len(bytes.TrimLeft(rest, " ")) > 0 {
		rest = bytes.TrimLeft(rest, " ")
		end := endOfValue(rest)
		if end <= 0 {
			return cells, false
		}
		cells = append(cells, rest[:end])
		rest = bytes.TrimLeft(rest[end:], " ")
		if len(rest) == 0 {
			break
		}
		if rest[0] != ',' || len(rest) == 1 {
			return cells, false
		}
		rest = rest[1:]
	}
	return cells, true
}

// endOfValue is where the JSON value that text begins with ends; 0 if it doesn't.
func endOfValue(text []byte) int {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			length := endOfString(text[i:])
			if length == 0 {
				return 0
			}
			if i += length - 1; depth == 0 {
				return i + 1
			}
		case '[', '{':
			depth++
		case ']', '}':
			switch depth--; {
			case depth < 0:
				return 0
			case depth == 0:
				return i + 1
			}
		case ',', ' ':
			if depth == 0 {
				return i
			}
		}
	}
	if depth > 0 {
		return 0
	}
	return len(text)
}

// endOfString is the length of the JSON string that text begins with; 0 if it doesn't end.
func endOfString(text []byte) int {
	for i := 1; i < len(text); i++ {
		next := bytes.IndexAny(text[i:], `"\`)
		if next < 0 {
			return 0
		}
		if i += next; text[i] == '"' {
			return i + 1
		}
		i++
	}
	return 0
}

// textOf is a cell as text: a string's own, nothing for nothing, and the JSON
// of all else.
func textOf(cell []byte) string {
	if len(cell) < 2 || cell[0] != '"' {
		if string(cell) == "null" {
			return ""
		}
		return string(cell)
	}
	inner := cell[1 : len(cell)-1]
	if bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
		return string(inner)
	}
	var s string
	if json.Unmarshal(cell, &s) != nil {
		return string(inner)
	}
	return s
}

// readable is a cell as a person reads it: a list is written with ", " between
// its values, and what would act on a terminal is escaped.
func readable(cell []byte) string {
	switch {
	case len(cell) > 0 && cell[0] == '[':
		values, ok := splitRow(cell, nil)
		if !ok {
			break
		}
		parts := make([]string, len(values))
		for i, v := range values {
			parts[i] = readable(v)
		}
		return strings.Join(parts, ", ")
	case string(cell) == "true":
		return "yes"
	case string(cell) == "false":
		return "no"
	}
	return Printable(textOf(cell))
}

// readableRow is a row of such cells.
func readableRow(cells [][]byte) []string {
	if cells == nil {
		return nil
	}
	row := make([]string, len(cells))
	for i, c := range cells {
		row[i] = readable(c)
	}
	return row
}
