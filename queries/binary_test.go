package queries_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"markwatch/queries"
)

// inBinary is a connection that answers every query with rows in binary.
type inBinary struct {
	rows string
	slow bool // a byte at a time
	err  error
}

func (a inBinary) QueryFormat(_ context.Context, format, _ string, _ ...any) (io.ReadCloser, error) {
	if format != "RowBinaryWithNamesAndTypes" {
		return nil, errors.New("asked for " + format)
	}
	var r io.Reader = strings.NewReader(a.rows)
	if a.err != nil {
		r = io.MultiReader(r, failing{a.err})
	}
	if a.slow {
		r = iotest.OneByteReader(r)
	}
	return io.NopCloser(r), nil
}

// header begins rows in binary: names and types in turn.
func header(namesAndTypes ...string) string {
	var b []byte
	b = binary.AppendUvarint(b, uint64(len(namesAndTypes)/2))
	for of := range 2 {
		for i := of; i < len(namesAndTypes); i += 2 {
			b = append(binary.AppendUvarint(b, uint64(len(namesAndTypes[i]))), namesAndTypes[i]...)
		}
	}
	return string(b)
}

// someRows is a result of two rows.
func someRows() string {
	return header("s", "String", "n", "Nullable(UInt16)", "l", "Array(LowCardinality(String))") +
		"\x03a\"\n" + "\x00\x01\x02" + "\x02\x01x\x02\xff\xff" +
		"\x00" + "\x01" + "\x00"
}

// TestBinary guards that rows are read as they come, in pieces of any size.
func TestBinary(t *testing.T) {
	const want = `{"s":"a\"\n","n":513,"l":["x","\ufffd"]}` + "\n" + `{"s":"","n":null,"l":[]}` + "\n"
	for _, slow := range []bool{false, true} {
		var got bytes.Buffer
		if err := queries.Write(t.Context(), inBinary{rows: someRows(), slow: slow}, &got, queries.NDJSON, "SELECT"); err != nil || got.String() != strings.ReplaceAll(want, `\ufffd`, "\ufffd") {
			t.Errorf("a byte at a time %t: %v, %q", slow, err, got.String())
		}
	}
	var out bytes.Buffer
	if err := queries.Write(t.Context(), inBinary{}, &out, queries.JSON, "SET"); err != nil || out.Len() > 0 {
		t.Errorf("a statement without a result: %v, %q", err, out.String())
	}
}

// TestBinaryBrokenOff guards that an answer that ends early is an error wherever it ends, but between rows, where only
// the connection can tell.
func TestBinaryBrokenOff(t *testing.T) {
	whole := someRows()
	between := map[int]bool{0: true, len(whole) - 3: true, len(header("s", "String", "n", "Nullable(UInt16)", "l", "Array(LowCardinality(String))")): true}
	broken := errors.New("broken off")
	for end := range len(whole) {
		err := queries.Write(t.Context(), inBinary{rows: whole[:end]}, io.Discard, queries.CSV, "SELECT")
		if (err == nil) != between[end] {
			t.Errorf("of %d bytes %d are there: %v", len(whole), end, err)
		}
		for _, f := range []queries.Format{queries.NDJSON, queries.JSON, queries.CSV, queries.TSV, queries.Table, queries.Markdown} {
			if err := queries.Write(t.Context(), inBinary{rows: whole[:end], err: broken}, io.Discard, f, "SELECT"); !errors.Is(err, broken) {
				t.Errorf("%s of %d bytes: %v, want the reason", f, end, err)
			}
		}
	}
}

// TestBinaryLies guards that lengths that nothing follows cost neither memory nor time.
func TestBinaryLies(t *testing.T) {
	const huge = "\xff\xff\xff\xff\xff\xff\xff\xff\x7f"
	for name, rows := range map[string]string{
		"columns":         huge,
		"text":            header("s", "String") + huge + "abc",
		"fixed text":      header("s", "FixedString(4000000000)") + "abc",
		"list":            header("s", "Array(String)") + huge + "\x01a",
		"list of nothing": header("s", "Array(Nothing)") + huge,
		"map":             header("s", "Map(String, UInt8)") + huge,
		"endless length":  header("s", "String") + strings.Repeat("\xff", 100),
		"no columns":      "\x00\x01",
	} {
		t.Run(name, func(t *testing.T) {
			if err := queries.Write(t.Context(), inBinary{rows: rows}, io.Discard, queries.NDJSON, "SELECT"); err == nil {
				t.Error("it is taken for whole")
			}
		})
	}
}

// FuzzBinary guards the reading of rows in binary against any bytes, and that each line of what
// comes of them is JSON.
func FuzzBinary(f *testing.F) {
	f.Add(someRows())
	f.Add(header("a", "Enum8('x' = 1, 'y\\'' = -2)", "b", "Map(LowCardinality(String), Array(Float64))") + "\x01\x01\x00\x01\x00\x00\x00\x00\x00\x00\xf8\x7f")
	f.Add(header("a", "Tuple(`x y` Date, z Nullable(DateTime64(9, 'UTC')))", "b", "Int256") + strings.Repeat("\xfe", 2+1) + strings.Repeat("\x80", 40))
	f.Add(header("a", "SimpleAggregateFunction(max, UInt8)", "b", "Nullable(Nothing)", "c", "FixedString(2)") + "\x01\x01\xe2\x80")
	f.Fuzz(func(t *testing.T, rows string) {
		for _, format := range []queries.Format{queries.Table, queries.CSV, queries.TSV, queries.Markdown} {
			_ = queries.Write(context.Background(), inBinary{rows: rows}, io.Discard, format, "SELECT")
		}
		var out bytes.Buffer
		if err := queries.Write(context.Background(), inBinary{rows: rows}, &out, queries.NDJSON, "SELECT"); err != nil {
			return
		}
		for line := range strings.Lines(out.String()) {
			if !json.Valid([]byte(line)) {
				t.Errorf("%q is no JSON", line)
			}
		}
	})
}
