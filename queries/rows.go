package queries

import (
	"errors"
	"strings"
)

// kind is what a cell holds.
type kind uint8

const (
	nothing   kind = iota
	text           // valid UTF-8
	number         // as JSON writes it
	truth          // true or false
	composite      // a list or a structure, as JSON
)

// cell is one value of a row, good until the next row is read.
type cell struct {
	kind kind
	text []byte
}

// rows are those of a result, of whatever form the engine gave it. One row is held.
type rows struct {
	names   []string
	types   []string // ClickHouse's
	numeric []bool   // the columns of numbers
	count   uint64   // read so far
	read    func() ([]cell, error)
}

// next gives the next row; nil at the end.
func (r *rows) next() ([]cell, error) {
	cells, err := r.read()
	if cells != nil && err == nil {
		r.count++
	}
	return cells, err
}

// describe takes the types of the columns.
func (r *rows) describe(types []string) {
	r.types = types
	for _, t := range types {
		r.numeric = append(r.numeric, isNumber(t))
	}
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
