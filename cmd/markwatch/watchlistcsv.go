package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/urfave/cli/v2"

	"markwatch/match"
	"markwatch/queries"
	"markwatch/store"
)

// itemColumns are the columns of a watch list as CSV, in the order in which
// export writes them. Import needs kind and value, in any order.
var itemColumns = [...]string{"list", "role", "kind", "value", "severity", "notes", "starts", "ends", "image"}

func (p *program) exportItems(c *cli.Context) error {
	if c.NArg() > 0 {
		return usagef("watchlist export takes no arguments, but there is %q; name a file with -o", c.Args().First())
	}
	if err := p.configure(c); err != nil {
		return err
	}
	st, err := p.openKnownStore(c.Context)
	if err != nil {
		return err
	}
	defer st.Close()
	items, err := st.Items(c.Context)
	if err != nil {
		return err
	}
	w, done, err := p.createFile(c.String("output"))
	if err != nil {
		return err
	}
	out := csv.NewWriter(w)
	err = out.Write(itemColumns[:])
	for _, i := range items {
		if c.IsSet("list") && i.List != c.String("list") || err != nil {
			continue
		}
		err = out.Write([]string{i.List, string(i.Role), string(i.Kind), i.Value, string(i.Severity), i.Notes, writtenTime(i.Starts), writtenTime(i.Ends), base64.StdEncoding.EncodeToString(i.Image)})
	}
	out.Flush()
	return done(errors.Join(err, out.Error()))
}

func writtenTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func (p *program) importItems(c *cli.Context) error {
	if c.NArg() != 1 {
		return usagef("watchlist import takes one CSV file, or - for standard input")
	}
	if err := p.configure(c); err != nil {
		return err
	}
	path := c.Args().First()
	in, done := p.openAny(c.Context, path)
	defer done()
	items, err := readItems(in, filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("reading the watch list %s: %w; nothing was changed", path, err)
	}
	st, err := p.openKnownStore(c.Context)
	if err != nil {
		return err
	}
	defer st.Close()
	changed, same, err := whatChanges(c.Context, st, items)
	if err != nil {
		return err
	}
	if c.Bool("dry-run") {
		for _, i := range changed {
			fmt.Fprintf(p.out, "%s  %s %s %s in the list %s would be set\n", i.ID[:12], i.Role, i.Kind, queries.Printable(shownValue(i)), queries.Printable(i.List))
		}
		_, err := fmt.Fprintf(p.out, "%d items would be set, %d are so already\n", len(changed), same)
		return err
	}
	if same > 0 {
		fmt.Fprintf(p.out, "%d items are so already\n", same)
	}
	if len(changed) == 0 {
		if same == 0 {
			fmt.Fprintln(p.err, "markwatch: it names no items")
		}
		return nil
	}
	return p.watchItems(c.Context, st, changed)
}

// whatChanges leaves out the items that the store has like this.
func whatChanges(ctx context.Context, st *store.Store, items []match.Item) (changed []match.Item, same int, err error) {
	stored, err := st.Items(ctx)
	if err != nil {
		return nil, 0, err
	}
	known := map[string]match.Item{}
	for _, i := range stored {
		known[i.ID] = i.Item
	}
	for _, i := range items {
		if old, ok := known[i.ID]; ok && sameItem(old, i) {
			same++
			continue
		}
		changed = append(changed, i)
	}
	return changed, same, nil
}

func sameItem(a, b match.Item) bool {
	return a.ID == b.ID && a.Severity == b.Severity && a.Notes == b.Notes && a.Starts.Equal(b.Starts) && a.Ends.Equal(b.Ends)
}

// maxWatchList bounds the file of watch lists, images included.
const maxWatchList = 256 << 20

// readItems reads a watch list. Any fault, named by its line and column, is one
// of the whole file. Files of logos are looked for in dir.
func readItems(in io.Reader, dir string) ([]match.Item, error) {
	limited := &io.LimitedReader{R: in, N: maxWatchList + 1}
	r, header, err := readHeader(bufio.NewReaderSize(limited, 1<<16))
	if err != nil {
		return nil, withoutPath(err)
	}
	at, err := columnsOf(header)
	if err != nil {
		return nil, err
	}
	var items []match.Item
	type place struct{ line, item int }
	places := map[string]place{}
	for {
		record, err := r.Read()
		switch {
		case limited.N == 0:
			return nil, fmt.Errorf("it has more than %d bytes: take it apart", maxWatchList)
		case errors.Is(err, io.EOF):
			return items, nil
		case errors.Is(err, csv.ErrFieldCount):
			line, _ := r.FieldPos(0)
			return nil, fmt.Errorf("line %d has %d columns, line 1 has %d", line, len(record), len(header))
		case err != nil:
			return nil, err
		}
		item, column, err := readItem(record, at, dir)
		line, start := r.FieldPos(max(at[column], 0))
		if err != nil {
			return nil, fmt.Errorf("line %d, column %d (%s): %w", line, start, column, err)
		}
		if first, seen := places[item.ID]; seen {
			if !sameItem(items[first.item], item) {
				return nil, fmt.Errorf("line %d contradicts line %d: both are the %s %s of the list %s", line, first.line, item.Kind, item.Value, item.List)
			}
			continue
		}
		places[item.ID] = place{line, len(items)}
		items = append(items, item)
	}
}

// readHeader reads the first line. Spreadsheets of some countries put semicolons
// or tabs where others put commas.
func readHeader(in *bufio.Reader) (*csv.Reader, []string, error) {
	begin, _ := in.Peek(1 << 12)
	switch {
	case bytes.HasPrefix(begin, []byte("\xef\xbb\xbf")):
		if _, err := in.Discard(3); err != nil {
			return nil, nil, err
		}
	case bytes.HasPrefix(begin, []byte("\xff\xfe")) || bytes.HasPrefix(begin, []byte("\xfe\xff")):
		return nil, nil, errors.New("it is UTF-16: save the file as CSV UTF-8")
	}
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

// readItem reads one row; column is the one that an error is about.
func readItem(record []string, at map[string]int, dir string) (item match.Item, column string, err error) {
	field := func(name string) string {
		if i := at[name]; i >= 0 {
			return record[i]
		}
		return ""
	}
	for _, name := range itemColumns {
		if !utf8.ValidString(field(name)) {
			return item, name, errors.New("it is not UTF-8: save the file as CSV UTF-8")
		}
	}
	word := func(name string) string { return strings.ToLower(strings.TrimSpace(field(name))) }
	role, kind := match.Role(word("role")), match.Kind(word("kind"))
	if role == "" {
		role = match.Watch
	}
	if s := word("severity"); s != "" {
		if err := knownSeverity(s); err != nil {
			return item, "severity", err
		}
	}
	image, column, err := readImage(kind, field("value"), field("image"), dir)
	if err != nil {
		return item, column, err
	}
	if item, err = match.NewItem(field("list"), role, kind, field("value"), image); err != nil {
		return item, "value", err
	}
	item.Severity = match.Severity(word("severity"))
	// A logo's notes are the name of its file unless there are others, or it was exported so.
	if at["notes"] >= 0 && (field("notes") != "" || field("image") != "") {
		item.Notes = match.CleanNotes(field("notes"))
	}
	for _, when := range []struct {
		column string
		to     *time.Time
	}{{"starts", &item.Starts}, {"ends", &item.Ends}} {
		if s := strings.TrimSpace(field(when.column)); s != "" {
			if *when.to, err = parseDate(s); err != nil {
				return item, when.column, err
			}
		}
	}
	return item, "ends", item.CheckTimes()
}

// readImage is the file of a logo: as written into the row, or the one that its
// value names.
func readImage(kind match.Kind, value, written, dir string) (image []byte, column string, err error) {
	if kind != match.KindLogo {
		return nil, "", nil
	}
	if written != "" {
		if image, err = base64.StdEncoding.DecodeString(written); err != nil {
			return nil, "image", errors.New("it is not base64")
		}
		if len(image) > maxItemImage {
			return nil, "image", fmt.Errorf("it has more than %d bytes", maxItemImage)
		}
		return image, "", nil
	}
	path := value
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
	case !info.Mode().IsRegular():
		err = fmt.Errorf("%s is no file", path)
	case info.Size() > maxItemImage:
		err = fmt.Errorf("%s has more than %d bytes", path, maxItemImage)
	}
	if err == nil {
		image, err = os.ReadFile(path)
	}
	return image, "value", err
}
