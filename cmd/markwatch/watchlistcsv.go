package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"markwatch/match"
	"markwatch/store"
)

// writeCSV writes items as import takes them.
func writeCSV(w io.Writer, items iter.Seq[match.Item]) error {
	out := csv.NewWriter(w)
	err := out.Write(itemColumns[:])
	for i := range items {
		if err != nil {
			break
		}
		err = out.Write([]string{i.List, string(i.Role), string(i.Kind), i.Value, string(i.Severity), i.Notes, writtenTime(i.Starts), writtenTime(i.Ends), base64.StdEncoding.EncodeToString(i.Image)})
	}
	out.Flush()
	return errors.Join(err, out.Error())
}

// itemsOf are the items of stored versions.
func itemsOf(stored []store.WatchItem) iter.Seq[match.Item] {
	return func(yield func(match.Item) bool) {
		for i := range stored {
			if !yield(stored[i].Item) {
				return
			}
		}
	}
}

// readCSV reads a watch list from its beginning. A row with a fault gives a
// *placeError, and reading goes on; any other error ends it. Files of logos are
// looked for in dir.
func readCSV(in io.ReadSeeker, dir string, skipLogos bool) iter.Seq2[writtenItem, error] {
	return func(yield func(writtenItem, error) bool) {
		if _, err := in.Seek(0, io.SeekStart); err != nil {
			yield(writtenItem{}, err)
			return
		}
		r, header, err := readHeader(bufio.NewReaderSize(in, 1<<16))
		if err != nil {
			yield(writtenItem{}, err)
			return
		}
		at, err := columnsOf(header)
		if err != nil {
			yield(writtenItem{}, err)
			return
		}
		for {
			record, err := r.Read()
			switch {
			case errors.Is(err, io.EOF):
				return
			case errors.Is(err, csv.ErrFieldCount):
				line, _ := r.FieldPos(0)
				err = &placeError{line: line, err: fmt.Errorf("it has %d columns, line 1 has %d", len(record), len(header))}
				if !yield(writtenItem{}, err) {
					return
				}
				continue
			case err != nil:
				yield(writtenItem{}, err)
				return
			}
			if skipLogos && strings.EqualFold(strings.TrimSpace(record[at["kind"]]), string(match.KindLogo)) {
				continue
			}
			if !yield(readRow(r, record, at, dir)) {
				return
			}
		}
	}
}

// readRow reads one row.
func readRow(r *csv.Reader, record []string, at map[string]int, dir string) (writtenItem, error) {
	w, column, err := itemFrom(func(name string) (string, bool) {
		if i := at[name]; i >= 0 {
			return record[i], true
		}
		return "", false
	}, dir)
	var other *columnError
	if errors.As(err, &other) {
		column = other.column
	}
	line, start := r.FieldPos(max(at[column], 0))
	if err != nil {
		return w, &placeError{line, start, column, err}
	}
	w.line, _ = r.FieldPos(0)
	return w, nil
}

// readHeader reads the first line. Spreadsheets of some countries put semicolons
// or tabs where others put commas.
func readHeader(in *bufio.Reader) (*csv.Reader, []string, error) {
	begin, _ := in.Peek(1 << 12)
	r := csv.NewReader(in)
	first, _, _ := bytes.Cut(begin, []byte("\n"))
	for _, comma := range ";\t" {
		if bytes.ContainsRune(first, comma) && !bytes.ContainsRune(first, ',') {
			r.Comma = comma
		}
	}
	header, err := r.Read()
	if errors.Is(err, io.EOF) {
		err = errors.New("it is empty: its first line names the columns, of which kind and value are needed")
	}
	header = slices.Clone(header)
	r.ReuseRecord = true
	return r, header, err
}

// columnsOf says where each column is; those that there aren't are at -1.
func columnsOf(header []string) (map[string]int, error) {
	at := map[string]int{}
	for _, name := range itemColumns {
		at[name] = -1
	}
	for i, name := range header {
		name = strings.ToLower(strings.TrimSpace(name))
		if old, known := at[name]; !known || old >= 0 {
			return nil, fmt.Errorf("line 1 names the column %q, which is not known or there twice; the columns are: %s, with commas between", name, strings.Join(itemColumns[:], ", "))
		}
		at[name] = i
	}
	if at["kind"] < 0 || at["value"] < 0 {
		return nil, errors.New("line 1 must name the columns kind and value")
	}
	return at, nil
}
