package queries

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// Conn is what a query runs on: a clickhouse-go connection over HTTP, whose
// QueryFormat streams a result in any of ClickHouse's formats.
type Conn interface {
	QueryFormat(ctx context.Context, format, query string, args ...any) (io.ReadCloser, error)
}

// A Format is a way to print a result.
type Format string

// The formats. Table and Markdown are for reading, the others for programs.
const (
	Table    Format = "table"
	Markdown Format = "markdown"
	CSV      Format = "csv"
	TSV      Format = "tsv"
	JSON     Format = "json"
	NDJSON   Format = "ndjson"
	Parquet  Format = "parquet"
	Arrow    Format = "arrow" // an Arrow IPC file, also called Feather version 2
	XLSX     Format = "xlsx"
)

// Formats lists all formats.
func Formats() []Format {
	return []Format{Table, CSV, TSV, JSON, NDJSON, Parquet, Arrow, XLSX, Markdown}
}

// ParseFormat finds a format by its name.
func ParseFormat(name string) (Format, error) {
	var names []string
	for _, f := range Formats() {
		if string(f) == name {
			return f, nil
		}
		names = append(names, string(f))
	}
	return "", fmt.Errorf("there is no format %q; there are: %s", name, strings.Join(names, ", "))
}

// FormatOf is the format that a file's name ends in, such as marks.csv; false
// for a name that tells none.
func FormatOf(file string) (Format, bool) {
	ending := strings.ToLower(strings.TrimPrefix(path.Ext(file), "."))
	if ending == "md" {
		return Markdown, true
	}
	f, err := ParseFormat(ending)
	return f, err == nil && f != Table
}

// Binary tells whether the format is no text, for a file and not for a terminal.
func (f Format) Binary() bool { return f == Parquet || f == Arrow || f == XLSX }

// CanBeSafe tells whether the format is one that spreadsheets open and that can
// be written so that no text in it is taken for a formula.
func (f Format) CanBeSafe() bool { return f == CSV || f == TSV || f == XLSX }

// settings let a query read and nothing else, and make each format say the
// same: times as ISO 8601 in UTC, numbers as numbers, texts as texts.
func settings() clickhouse.Settings {
	return clickhouse.Settings{
		"readonly":                                               2, // settings of a query's own are allowed
		"date_time_output_format":                                "iso",
		"output_format_parallel_formatting":                      0,       // it would hold many blocks of rows to save little
		"preferred_block_size_bytes":                             8 << 20, // rows of many texts would else come a few hundred at a time
		"output_format_json_quote_64bit_integers":                0,
		"output_format_json_quote_denormals":                     1, // nan and inf, which would be null
		"output_format_json_validate_utf8":                       1, // a certificate's bytes in SQL of one's own may be any
		"output_format_json_escape_forward_slashes":              0,
		"output_format_binary_encode_types_in_binary_format":     0,
		"output_format_parquet_string_as_string":                 1,
		"output_format_parquet_fixed_string_as_fixed_byte_array": 0,
		"output_format_parquet_compression_method":               "zstd",
		"output_format_parquet_row_group_size_bytes":             32 << 20, // what is held until it is written
		"output_format_arrow_string_as_string":                   1,
		"output_format_arrow_fixed_string_as_fixed_byte_array":   0,
		"output_format_arrow_compression_method":                 "zstd",
	}
}

// engineFormat names the format that the engine itself writes for f, whole for
// JSON, NDJSON, Parquet and Arrow, and else rows of JSON from which f is made.
func (f Format) engineFormat() string {
	switch f {
	case JSON, NDJSON:
		return "JSONEachRow"
	case Parquet:
		return "Parquet"
	case Arrow:
		return "Arrow"
	default:
		return "JSONCompactEachRowWithNamesAndTypes"
	}
}

// Output says how a result is written.
type Output struct {
	Format Format
	// SpreadsheetSafe puts ' before each text that a spreadsheet could take for
	// a formula, in CSV and TSV; XLSX is safe without it, and keeps texts as they are.
	SpreadsheetSafe bool
	Settings        clickhouse.Settings // of the engine, besides those that every result is written with
	// Told, if there is one, is filled with what is known of a result in any
	// format but Parquet and Arrow.
	Told *Told
}

// Told is what is known of a result when it is written.
type Told struct {
	Names, Types []string // of its columns; types are ClickHouse's
	Rows         uint64
}

// Write runs sql with its arguments and streams the result to w in format f.
func Write(ctx context.Context, conn Conn, w io.Writer, f Format, sql string, args ...any) error {
	return Output{Format: f}.Write(ctx, conn, w, sql, args...)
}

// Write runs sql with its arguments and streams the result to w. Nothing is
// held but what is on its way, and no row is left out; a table alone looks at
// its first rows to choose the widths of its columns.
func (o Output) Write(ctx context.Context, conn Conn, w io.Writer, sql string, args ...any) error {
	if o.Format == Parquet || o.Format == Arrow || engineMustPrint(sql) {
		return explain(o.printed(ctx, conn, w, sql, args))
	}
	err := o.read(ctx, conn, "RowBinaryWithNamesAndTypes", sql, args, func(stream io.Reader) error {
		return o.write(w, stream, newBinaryRows)
	})
	if errors.Is(err, errForeignType) { // nothing is written yet
		err = o.printed(ctx, conn, w, sql, args)
	}
	return explain(err)
}

// engineMustPrint tells whether sql asks for what only the engine's own formats
// do: settings of its output, and the totals and extremes that they leave out.
func engineMustPrint(sql string) bool {
	sql = strings.ToLower(sql)
	for _, word := range []string{"output_format", "totals", "extremes"} {
		if strings.Contains(sql, word) {
			return true
		}
	}
	return false
}

// printed writes a result that the engine has printed.
func (o Output) printed(ctx context.Context, conn Conn, w io.Writer, sql string, args []any) error {
	format := o.Format.engineFormat()
	return o.read(ctx, conn, format, sql, args, func(stream io.Reader) error {
		if format == "JSONCompactEachRowWithNamesAndTypes" {
			return o.write(w, stream, newJSONRows)
		}
		_, err := io.Copy(w, stream)
		return err
	})
}

// read runs sql and hands its result over in a format of the engine's.
func (o Output) read(ctx context.Context, conn Conn, format, sql string, args []any, use func(io.Reader) error) error {
	set := settings()
	if o.Format == JSON {
		set["output_format_json_array_of_rows"] = 1
	}
	maps.Copy(set, o.Settings)
	stream, err := conn.QueryFormat(clickhouse.Context(ctx, clickhouse.WithSettings(set)), format, sql, args...)
	if err != nil {
		return err
	}
	return errors.Join(use(stream), stream.Close())
}

// write writes the rows of a result.
func (o Output) write(w io.Writer, stream io.Reader, read func(io.Reader) (*rows, error)) error {
	r, err := read(stream)
	if err != nil || r.names == nil && o.Format != XLSX {
		return err
	}
	if o.Told != nil {
		defer func() { *o.Told = Told{r.names, r.types, r.count} }()
	}
	switch o.Format {
	case Table:
		return writeTable(w, r)
	case Markdown:
		return writeMarkdown(w, r)
	case CSV:
		return separated(w, r, ',', csvCell(o.SpreadsheetSafe))
	case TSV:
		return separated(w, r, '\t', tsvCell(o.SpreadsheetSafe))
	case XLSX:
		return writeXLSX(w, r)
	default:
		return writeJSON(w, r, o.Format == JSON)
	}
}

// explain says of an exception of the engine what a person can use: what is
// wrong, without the stack trace, the version, and the long list of all that
// the grammar would have taken.
func explain(err error) error {
	var exception *clickhouse.Exception
	if !errors.As(err, &exception) {
		if err != nil && strings.Contains(err.Error(), "trailing FORMAT clause") { // clickhouse-go's, which has no type
			return errors.New("the query ends in FORMAT: leave that out, and choose the form with --format")
		}
		return err
	}
	text, rest, _ := strings.Cut(exception.Message, "\n")
	if strings.HasSuffix(text, ":") {
		rest, _, _ = strings.Cut(strings.TrimSpace(rest), "\n")
		text += " " + rest
	}
	text, _, _ = strings.Cut(text, " Stack trace:")
	if exception.Code == syntaxError {
		text, _, _ = strings.Cut(text, " Expected one of:")
		text = strings.TrimRight(text, ".: ")
	}
	return fmt.Errorf("the engine refused the query (ClickHouse error %d): %s", exception.Code, Printable(text))
}

// syntaxError is ClickHouse's code for SQL that its grammar doesn't have.
const syntaxError = 62
