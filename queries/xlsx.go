package queries

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

// Workbooks. Their rules:
//   - a text is a text cell in the number format Text, so that it is no formula
//     when the workbook is opened, nor when a person edits the cell;
//   - a number is a number cell, but of more than fifteen digits, which Excel
//     would round: those are text;
//   - times are text in ISO 8601, lists and characters are as in a table;
//   - rows beyond those of a sheet go on in the next one, under the same header;
//   - a text beyond the 32,767 characters of a cell is cut, and says so.

const (
	// maxSheetBytes ends a sheet that is large before it has all its rows:
	// beyond 4 GiB of XML readers give up.
	maxSheetBytes = 2 << 30
	// maxDigits is how many digits a number cell keeps.
	maxDigits = 15
	// textFormat is the built-in number format of text (@).
	textFormat = 49
)

// writeXLSX writes rows as a workbook. Sheets wait in temporary files,
// since a workbook's parts can't be written side by side.
func writeXLSX(w io.Writer, rows *rows) (err error) {
	dir, err := os.MkdirTemp("", "markwatch-xlsx-")
	if err != nil {
		return inTemporary(os.TempDir(), err)
	}
	defer os.RemoveAll(dir)
	file := excelize.NewFile(excelize.Options{TmpDir: dir})
	defer file.Close()
	defer func() { err = inTemporary(dir, err) }()
	// Of itself the library collects the whole file in memory before it writes.
	file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(w) })
	if err := fillWorkbook(file, rows); err != nil {
		return err
	}
	if _, err := file.WriteToBuffer(); err != nil {
		return fmt.Errorf("writing the workbook: %w", err)
	}
	return nil
}

// inTemporary says of an error of a temporary file that it is one: the path
// means nothing to who named another.
func inTemporary(dir string, err error) error {
	var file *fs.PathError
	if errors.As(err, &file) && strings.HasPrefix(file.Path, dir) {
		return fmt.Errorf("the workbook's sheets wait in %s until all are there (TMPDIR names another place): %w", os.TempDir(), file.Err)
	}
	return err
}

func fillWorkbook(file *excelize.File, rows *rows) error {
	book := workbook{file: file, rows: rows}
	var err error
	if book.text, err = file.NewStyle(&excelize.Style{NumFmt: textFormat}); err != nil {
		return err
	}
	if book.header, err = file.NewStyle(&excelize.Style{NumFmt: textFormat, Font: &excelize.Font{Bold: true}}); err != nil {
		return err
	}
	for {
		more, err := book.sheet()
		if err != nil || !more {
			return err
		}
	}
}

// workbook is one that is being written.
type workbook struct {
	file         *excelize.File
	rows         *rows
	text, header int    // styles
	sheets       int    // written so far
	ahead        []cell // the row that the last sheet had no room for
}

// sheet writes the next sheet, and tells whether rows are left.
func (b *workbook) sheet() (more bool, err error) {
	out, err := b.newSheet()
	if err != nil {
		return false, err
	}
	bytes := 0
	for row := 2; ; row++ {
		if b.ahead == nil {
			if b.ahead, err = b.rows.next(); err != nil {
				return false, err
			}
		}
		if b.ahead == nil || row > excelize.TotalRows || bytes > maxSheetBytes {
			return b.ahead != nil, out.Flush()
		}
		values := make([]any, len(b.ahead))
		for i, c := range b.ahead {
			bytes += len(c.text) + 64 // and the cell's markup
			values[i] = b.value(c, b.rows.numeric[i])
		}
		b.ahead = nil
		if err := out.SetRow("A"+strconv.Itoa(row), values); err != nil {
			return false, fmt.Errorf("writing row %d of a sheet: %w", row, err)
		}
	}
}

// newSheet begins a sheet, with the header that stays in sight.
func (b *workbook) newSheet() (*excelize.StreamWriter, error) {
	b.sheets++
	name := "Result"
	if b.sheets > 1 {
		name += " " + strconv.Itoa(b.sheets)
	}
	var err error
	if b.sheets == 1 {
		err = b.file.SetSheetName("Sheet1", name)
	} else {
		_, err = b.file.NewSheet(name)
	}
	if err != nil {
		return nil, err
	}
	out, err := b.file.NewStreamWriter(name)
	if err != nil {
		return nil, err
	}
	err = out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
	header := make([]any, len(b.rows.names))
	for i, n := range b.rows.names {
		header[i] = excelize.Cell{StyleID: b.header, Value: fitCell(Printable(n))}
	}
	return out, errors.Join(err, out.SetRow("A1", header))
}

// value is a cell as excelize takes it.
func (b *workbook) value(c cell, number bool) any {
	text := string(c.appendReadable(nil))
	if text == "" {
		return nil
	}
	if number {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil && len(text) <= maxDigits {
			return n
		}
		if f, err := strconv.ParseFloat(text, 64); err == nil && slices.ContainsFunc([]byte(text), func(c byte) bool { return c == '.' || c == 'e' }) {
			return f
		}
	}
	return excelize.Cell{StyleID: b.text, Value: fitCell(text)}
}

// fitCell cuts a text to what a cell holds; Excel counts UTF-16 units.
func fitCell(text string) string {
	if len(text) <= excelize.TotalCellChars {
		return text
	}
	units := utf16.Encode([]rune(text))
	if len(units) <= excelize.TotalCellChars {
		return text
	}
	note := fmt.Sprintf(" … (cut: %d characters in all; the other formats have them)", len(units))
	keep := excelize.TotalCellChars - len(utf16.Encode([]rune(note)))
	return string(utf16.Decode(units[:keep])) + note
}
