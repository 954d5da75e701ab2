package queries_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"markwatch/queries"
)

// answer is a connection that answers every query with a text, and breaks off
// with err if there is one. Asked for rows in binary it has a column of a type
// that only the engine prints.
type answer struct {
	text string
	err  error
}

func (a answer) QueryFormat(_ context.Context, format, _ string, _ ...any) (io.ReadCloser, error) {
	if format == "RowBinaryWithNamesAndTypes" {
		return io.NopCloser(strings.NewReader("\x01\x04text\x07Dynamic")), nil
	}
	var r io.Reader = strings.NewReader(a.text)
	if a.err != nil {
		r = io.MultiReader(r, failing{a.err})
	}
	return io.NopCloser(r), nil
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// everyKind is a result with a cell of every kind, as the engine sends it.
const everyKind = `["text", "n", "none", "list", "flag", "object", "big"]
["String", "Nullable(Float64)", "Nullable(String)", "Array(String)", "Bool", "Map(String, UInt8)", "UInt64"]
["=1+1", -1.5, null, ["a","b, \"c"], true, {"k":1}, 18446744073709551615]
["a\"b\tc\nd\\e", null, "", [], false, {}, 7]
`

func write(t testing.TB, out queries.Output, text string) string {
	t.Helper()
	var b bytes.Buffer
	if err := out.Write(context.Background(), answer{text: text}, &b, "SELECT"); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestTexts guards the form of each kind of cell in each text that is made here.
func TestTexts(t *testing.T) {
	for _, c := range []struct {
		name string
		out  queries.Output
		want string
	}{
		{"csv", queries.Output{Format: queries.CSV}, `"text","n","none","list","flag","object","big"
"=1+1",-1.5,,"[""a"",""b, \""c""]",true,"{""k"":1}",18446744073709551615
"a""b	c
d\e",,"","[]",false,"{}",7
`},
		{"safe csv", queries.Output{Format: queries.CSV, SpreadsheetSafe: true}, `"text","n","none","list","flag","object","big"
"'=1+1",-1.5,,"[""a"",""b, \""c""]",true,"{""k"":1}",18446744073709551615
"a""b	c
d\e",,"","[]",false,"{}",7
`},
		{"tsv", queries.Output{Format: queries.TSV}, "text\tn\tnone\tlist\tflag\tobject\tbig\n" +
			"=1+1\t-1.5\t\t" + `["a","b, \\"c"]` + "\ttrue\t{\"k\":1}\t18446744073709551615\n" +
			`a"b\tc\nd\\e` + "\t\t\t[]\tfalse\t{}\t7\n"},
		{"table", queries.Output{Format: queries.Table}, `text                 n  none  list      flag  object                    big
────────────────  ────  ────  ────────  ────  ───────  ────────────────────
=1+1              -1.5        a, b, "c  yes   {"k":1}  18446744073709551615
a"b\u0009c\u000ad\e                          no    {}                          7
`},
		{"markdown", queries.Output{Format: queries.Markdown}, `| text | n | none | list | flag | object | big |
| --- | ---: | --- | --- | --- | --- | ---: |
| =1+1 | -1.5 |  | a, b, "c | yes | {"k":1} | 18446744073709551615 |
| a"b\\u0009c\\u000ad\\e |  |  |  | no | {} | 7 |
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := write(t, c.out, everyKind)
			if c.name == "table" { // how wide it is, is another test's
				got, c.want = squeeze(got), squeeze(c.want)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func squeeze(s string) string {
	var lines []string
	for _, line := range strings.Split(strings.ReplaceAll(s, "─", ""), "\n") {
		lines = append(lines, strings.Join(strings.Fields(line), " "))
	}
	return strings.Join(lines, "\n")
}

// TestSpreadsheetSafe guards what is taken for a formula, in cells and headers.
func TestSpreadsheetSafe(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`=cmd|' /C calc'!A0`, `'=cmd|' /C calc'!A0`}, {"+1", "'+1"}, {"-1", "'-1"}, {"@SUM(1)", "'@SUM(1)"},
		{`\t=1`, "'\t=1"}, {`\r=1`, "'\r=1"}, {`\n=1`, "'\n=1"}, {"＝1", "'＝1"},
		{"a=1", "a=1"}, {" =1", " =1"}, {"", ""}, {"1", "1"},
	} {
		text := `["=head"]` + "\n" + `["String"]` + "\n" + `["` + c.text + `"]` + "\n"
		got := write(t, queries.Output{Format: queries.CSV, SpreadsheetSafe: true}, text)
		rows, err := csv.NewReader(strings.NewReader(strings.ReplaceAll(got, "\r", "<CR>"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		want := [][]string{{"'=head"}, {strings.ReplaceAll(c.want, "\r", "<CR>")}}
		if c.text == "" {
			want = [][]string{{"'=head"}, {""}}
		}
		if diff := cmp.Diff(want, rows); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.text, diff)
		}
	}
}

// TestEmpty guards that a result without rows still has its header.
func TestEmpty(t *testing.T) {
	const empty = "[\"a\", \"b\"]\n[\"String\", \"UInt8\"]\n"
	for format, want := range map[queries.Format]string{
		queries.CSV: "\"a\",\"b\"\n", queries.TSV: "a\tb\n", queries.Table: "a  b\n─  ─\n", queries.Markdown: "| a | b |\n| --- | ---: |\n",
	} {
		if got := write(t, queries.Output{Format: format}, empty); got != want {
			t.Errorf("%s: %q, want %q", format, got, want)
		}
	}
	rows := sheet(t, write(t, queries.Output{Format: queries.XLSX}, empty), "Result")
	if diff := cmp.Diff([][]string{{"a", "b"}}, rows); diff != "" {
		t.Errorf("xlsx (-want +got):\n%s", diff)
	}
}

// TestBrokenOff guards that an answer that ends early is an error in every format, never a shorter result.
func TestBrokenOff(t *testing.T) {
	for _, f := range queries.Formats() {
		broken := errors.New("broken off")
		if err := (queries.Output{Format: f}).Write(context.Background(), answer{everyKind, broken}, io.Discard, "SELECT"); !errors.Is(err, broken) {
			t.Errorf("%s: %v, want the reason", f, err)
		}
	}
	for _, text := range []string{everyKind[:len(everyKind)-4], everyKind + "[1", everyKind + "Code: 241"} {
		if err := queries.Write(context.Background(), answer{text: text}, io.Discard, queries.CSV, "SELECT"); err == nil {
			t.Errorf("%q is taken for whole", text[len(text)-10:])
		}
	}
}

func sheet(t testing.TB, file, name string) [][]string {
	t.Helper()
	f, err := excelize.OpenReader(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows(name)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestXLSX guards the cells of a workbook: texts that are no formulas, numbers
// that are numbers as long as Excel keeps them, texts that are too long.
func TestXLSX(t *testing.T) {
	long := strings.Repeat("x", 40_000)
	file := write(t, queries.Output{Format: queries.XLSX}, everyKind+`["`+long+`", 1e3, "𝒳", [], true, {}, 1234567890123456]`+"\n")
	rows := sheet(t, file, "Result")
	if got := rows[3][0]; len([]rune(got)) != 32_767 || !strings.HasSuffix(got, " … (cut: 40000 characters in all; the other formats have them)") {
		t.Errorf("a text of 40,000 characters is %d long and ends in %q", len(got), got[len(got)-80:])
	}
	rows[3][0] = "long"
	want := [][]string{
		{"text", "n", "none", "list", "flag", "object", "big"},
		{"=1+1", "-1.5", "", `a, b, "c`, "yes", `{"k":1}`, "18446744073709551615"},
		{`a"b\u0009c\u000ad\e`, "", "", "", "no", "{}", "7"},
		{"long", "1000", "𝒳", "", "yes", "{}", "1234567890123456"},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	f, err := excelize.OpenReader(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for cell, want := range map[string]excelize.CellType{"A2": excelize.CellTypeInlineString, "B2": excelize.CellTypeUnset, "G2": excelize.CellTypeInlineString, "G3": excelize.CellTypeUnset} {
		if got, err := f.GetCellType("Result", cell); err != nil || got != want {
			t.Errorf("%s is of type %v, %v; want %v", cell, got, err, want)
		}
	}
	if formula, err := f.GetCellFormula("Result", "A2"); err != nil || formula != "" {
		t.Errorf("A2 has the formula %q, %v", formula, err)
	}
	style, err := f.GetCellStyle("Result", "A2")
	if err != nil {
		t.Fatal(err)
	}
	if s, err := f.GetStyle(style); err != nil || s.NumFmt != 49 {
		t.Errorf("A2 has the number format %v, %v; want text, so that editing it makes no formula", s, err)
	}
}

// TestXLSXSheets guards that rows beyond those of a sheet go on in the next one.
func TestXLSXSheets(t *testing.T) {
	if testing.Short() {
		t.Skip("writes a million rows")
	}
	const over = 5
	text := "[\"n\"]\n[\"UInt8\"]\n" + strings.Repeat("[1]\n", excelize.TotalRows-1) + strings.Repeat("[2]\n", over)
	f, err := excelize.OpenReader(strings.NewReader(write(t, queries.Output{Format: queries.XLSX}, text)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if diff := cmp.Diff([]string{"Result", "Result 2"}, f.GetSheetList()); diff != "" {
		t.Fatalf("sheets (-want +got):\n%s", diff)
	}
	rows, err := f.GetRows("Result 2")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([][]string{{"n"}, {"2"}, {"2"}, {"2"}, {"2"}, {"2"}}, rows); diff != "" {
		t.Errorf("the second sheet (-want +got):\n%s", diff)
	}
}

// TestXLSXTemporary guards that a folder for temporary files that can't be used
// is named, and not the workbook.
func TestXLSXTemporary(t *testing.T) {
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "gone"))
	err := queries.Write(context.Background(), answer{text: everyKind}, io.Discard, queries.XLSX, "SELECT")
	if err == nil || !strings.Contains(err.Error(), "TMPDIR") {
		t.Errorf("got %v", err)
	}
}

func TestFormatOf(t *testing.T) {
	for file, want := range map[string]queries.Format{
		"a.csv": queries.CSV, "a/b.XLSX": queries.XLSX, "m.md": queries.Markdown, "x.parquet": queries.Parquet, "x.arrow": queries.Arrow,
		"a.table": "", "a.txt": "", "csv": "", "": "", "-": "",
	} {
		got, ok := queries.FormatOf(file)
		if ok != (want != "") || ok && got != want {
			t.Errorf("FormatOf(%q) = %q, %v; want %q", file, got, ok, want)
		}
	}
}

// FuzzRows guards the reading of rows that the engine printed against any bytes.
func FuzzRows(f *testing.F) {
	f.Add(everyKind)
	f.Add("[\"a\"]\n[\"String\"]\n[[[\"x\"]]]\n")
	f.Add("[\"a\"]\n[\"String\"]\n[\"\\\"]\n[]]\n[1 2]\n{\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, format := range []queries.Format{queries.Table, queries.CSV, queries.TSV, queries.Markdown} {
			_ = queries.Write(context.Background(), answer{text: text}, io.Discard, format, "SELECT")
		}
	})
}
