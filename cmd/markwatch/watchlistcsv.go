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
	var in io.Reader = &interruptible{ctx: c.Context, in: p.in}
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		in = f
	}
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

// readItems reads a watch list. Any fault, named by its line and column, is one
// of the whole file. Files of logos are looked for in dir.
func readItems(in io.Reader, dir string) ([]match.Item, error) {
	buffered := bufio.NewReader(in)
	if bom, err := buffered.Peek(3); err == nil && bytes.Equal(bom, []byte("\xef\xbb\xbf")) {
		if _, err := buffered.Discard(3); err != nil {
			return nil, err
		}
	}
	r := csv.NewReader(buffered)
	r.ReuseRecord = true
	header, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("it is empty: its first line names the columns, of which kind and value are needed")
	}
	if err != nil {
		return nil, err
	}
	at, err := columnsOf(header)
	if err != nil {
		return nil, err
	}
	var items []match.Item
	lines := map[string]int{}
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return items, nil
		}
		if err != nil {
			return nil, err
		}
		item, column, err := readItem(record, at, dir)
		line, place := r.FieldPos(max(at[column], 0))
		if err != nil {
			return nil, fmt.Errorf("line %d, column %d (%s): %w", line, place, column, err)
		}
		if first, seen := lines[item.ID]; seen {
			if i := slices.IndexFunc(items, func(i match.Item) bool { return i.ID == item.ID }); !sameItem(items[i], item) {
				return nil, fmt.Errorf("line %d contradicts line %d: both are the %s %s of the list %s", line, first, item.Kind, item.Value, item.List)
			}
			continue
		}
		lines[item.ID] = line
		items = append(items, item)
	}
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
	role, kind := match.Role(strings.ToLower(field("role"))), match.Kind(strings.ToLower(field("kind")))
	if role == "" {
		role = match.Watch
	}
	if s := field("severity"); s != "" {
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
	item.Severity = match.Severity(strings.ToLower(field("severity")))
	if at["notes"] >= 0 {
		item.Notes = field("notes")
	}
	for _, when := range []struct {
		column string
		to     *time.Time
	}{{"starts", &item.Starts}, {"ends", &item.Ends}} {
		if s := field(when.column); s != "" {
			if *when.to, err = parseDate(s); err != nil {
				return item, when.column, err
			}
		}
	}
	return item, "value", nil
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
		return image, "", nil
	}
	path := value
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	info, err := os.Stat(path)
	if err == nil && info.Size() > maxItemImage {
		err = fmt.Errorf("%s has more than %d bytes", path, maxItemImage)
	}
	if err == nil {
		image, err = os.ReadFile(path)
	}
	return image, "value", err
}
