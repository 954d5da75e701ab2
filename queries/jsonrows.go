package queries

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// jsonRows reads the rows of JSONCompactEachRowWithNamesAndTypes, one line
// each: the form of what the engine alone can print.
type jsonRows struct {
	rows
	in     *bufio.Reader
	line   []byte   // the row's, reused
	values [][]byte // of the line
	cells  []cell
}

// newJSONRows reads the header.
func newJSONRows(r io.Reader) (*rows, error) {
	j := &jsonRows{in: bufio.NewReaderSize(r, bufferSize)}
	j.read = j.row
	names, err := j.texts()
	if err != nil || names == nil {
		return &j.rows, err // a statement without a result has not even names
	}
	j.names = names
	types, err := j.texts()
	if err == nil && types == nil {
		err = errBrokenOff
	}
	j.describe(types)
	return &j.rows, err
}

// texts reads a row of texts; nil at the end.
func (j *jsonRows) texts() ([]string, error) {
	cells, err := j.row()
	if err != nil || cells == nil {
		return nil, err
	}
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = string(c.text)
	}
	return out, nil
}

// row reads a line.
func (j *jsonRows) row() ([]cell, error) {
	j.line = j.line[:0]
	for {
		part, err := j.in.ReadSlice('\n')
		j.line = append(j.line, part...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(bytes.TrimSpace(j.line)) == 0:
			return nil, nil
		case err != nil && !errors.Is(err, io.EOF):
			return nil, fmt.Errorf("reading the result: %w", err)
		}
		values, ok := splitRow(j.line, j.values[:0])
		if j.values = values; !ok || j.names != nil && len(values) != len(j.names) {
			return nil, errBrokenOff
		}
		j.cells = j.cells[:0]
		for _, v := range values {
			j.cells = append(j.cells, cellOf(v))
		}
		return j.cells, nil
	}
}

// cellOf reads a JSON value.
func cellOf(value []byte) cell {
	switch {
	case len(value) > 1 && value[0] == '"':
		return cell{text, textOf(value)}
	case len(value) > 0 && (value[0] == '[' || value[0] == '{'):
		return cell{composite, value}
	case string(value) == "null":
		return cell{}
	case string(value) == "true" || string(value) == "false":
		return cell{truth, value}
	}
	return cell{number, value}
}

// textOf is the text of a JSON string.
func textOf(quoted []byte) []byte {
	inner := quoted[1 : len(quoted)-1]
	if bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
		return inner
	}
	var s string
	if json.Unmarshal(quoted, &s) != nil {
		return inner
	}
	return []byte(s)
}

// splitRow cuts a row, which is a JSON array on a line, into its values.
func splitRow(line []byte, values [][]byte) ([][]byte, bool) {
	line = bytes.TrimSpace(line)
	if len(line) < 2 || line[0] != '[' || line[len(line)-1] != ']' {
		return values, false
	}
	rest := line[1 : len(line)-1]
	for len(bytes.TrimLeft(rest, " ")) > 0 {
		rest = bytes.TrimLeft(rest, " ")
		end := endOfValue(rest)
		if end <= 0 {
			return values, false
		}
		values = append(values, rest[:end])
		rest = bytes.TrimLeft(rest[end:], " ")
		if len(rest) == 0 {
			break
		}
		if rest[0] != ',' || len(rest) == 1 {
			return values, false
		}
		rest = rest[1:]
	}
	return values, true
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
