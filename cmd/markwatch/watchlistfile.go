package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"markwatch/match"
	"markwatch/store"
)

// itemColumns are what a file says of an item: the columns of CSV, in the order
// in which export writes them, and but for list the keys of YAML. Import needs
// kind and value, in any order.
var itemColumns = [...]string{"list", "role", "kind", "value", "severity", "notes", "starts", "ends", "image"}

// itemFile is a file of watch lists. It can be read more than once.
type itemFile struct {
	lists []writtenList
	items func(skipLogos bool) iter.Seq2[writtenItem, error]
	close func() error
}

// writtenList is what a file says of a list; what it doesn't say is in no names.
type writtenList struct {
	store.WatchList
	names []string
	line  int
}

// writtenItem is what a file says of an item.
type writtenItem struct {
	match.Item
	severity, notes, starts, ends bool // whether it says so
	line                          int
}

// of is the item where the store has had it like this.
func (w *writtenItem) of(was match.Item) match.Item {
	i := w.Item
	if !w.severity {
		i.Severity = was.Severity
	}
	if !w.notes {
		i.Notes = was.Notes
	}
	if !w.starts {
		i.Starts = was.Starts
	}
	if !w.ends {
		i.Ends = was.Ends
	}
	return i
}

// placeError is what is wrong with a file, and where.
type placeError struct {
	line, column int
	name         string // of the column or key; "" for none
	err          error
}

func (e *placeError) Error() string {
	switch {
	case e.column == 0:
		return fmt.Sprintf("line %d: %v", e.line, e.err)
	case e.name == "":
		return fmt.Sprintf("line %d, column %d: %v", e.line, e.column, e.err)
	}
	return fmt.Sprintf("line %d, column %d (%s): %v", e.line, e.column, e.name, e.err)
}

func (e *placeError) Unwrap() error { return e.err }

const (
	maxWatchList = 256 << 20 // bytes of a file of watch lists, images included
	maxInMemory  = 8 << 20   // of which more is kept in a file of ours
)

// openItems reads what import was given: a file, or for "-" standard input.
// format is "" for what the name says.
func (p *program) openItems(ctx context.Context, path, format string) (*itemFile, error) {
	if format == "" {
		format = formatOf(path)
	}
	in, done := p.openAny(ctx, path)
	defer done()
	text, err := utf8Of(in)
	if err != nil {
		return nil, withoutPath(err)
	}
	if format == "yaml" {
		return readYAML(text, filepath.Dir(path))
	}
	kept, err := keepText(text)
	if err != nil {
		return nil, withoutPath(err)
	}
	return &itemFile{items: func(skipLogos bool) iter.Seq2[writtenItem, error] {
		return readCSV(kept, filepath.Dir(path), skipLogos)
	}, close: kept.Close}, nil
}

// formatOf is the format that the name of a file says: YAML, or else CSV.
func formatOf(path string) string {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".yaml", ".yml":
		return "yaml"
	}
	return "csv"
}

// itemFormat reads --format.
func itemFormat(format, path string) (string, error) {
	switch format {
	case "":
		return formatOf(path), nil
	case "csv", "yaml":
		return format, nil
	}
	return "", usagef("--format %q: use csv or yaml", format)
}

// utf8Of is the text of a file: UTF-8, also with a byte order mark, or UTF-16
// with one.
func utf8Of(in io.Reader) (io.Reader, error) {
	begin := make([]byte, 1<<12)
	n, err := io.ReadFull(in, begin)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	begin = begin[:n]
	marked := bytes.HasPrefix(begin, []byte("\xff\xfe")) || bytes.HasPrefix(begin, []byte("\xfe\xff"))
	if !marked && bytes.IndexByte(begin, 0) >= 0 {
		return nil, errors.New("it has zero bytes, and is no text in UTF-8; if it is UTF-16, convert it: iconv -f UTF-16LE -t UTF-8 (or UTF-16BE)")
	}
	text := transform.NewReader(io.MultiReader(bytes.NewReader(begin), in), unicode.BOMOverride(transform.Nop))
	return &bounded{in: text, left: maxWatchList}, nil
}

// bounded reads no more than so many bytes.
type bounded struct {
	in   io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.in.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, fmt.Errorf("it has more than %d bytes: take it apart", maxWatchList)
	}
	return n, err
}

// notUTF8 says how to mend a file of another encoding.
func notUTF8() error {
	return errors.New("it is not UTF-8: save the file as CSV UTF-8, or convert it: iconv -f WINDOWS-1252 -t UTF-8")
}

// keptText is a text that is read more than once.
type keptText struct {
	io.ReadSeeker
	file *os.File
}

// keepText keeps a text in memory or, a long one, in a file of ours.
func keepText(in io.Reader) (*keptText, error) {
	var head bytes.Buffer
	if _, err := io.CopyN(&head, in, maxInMemory); err == nil {
		return keepLong(io.MultiReader(&head, in))
	} else if !errors.Is(err, io.EOF) {
		return nil, err
	}
	return &keptText{ReadSeeker: bytes.NewReader(head.Bytes())}, nil
}

func keepLong(in io.Reader) (*keptText, error) {
	f, err := os.CreateTemp("", "markwatch-import-*")
	if err != nil {
		return nil, fmt.Errorf("keeping a long file: %w", err)
	}
	k := &keptText{f, f}
	if _, err := io.Copy(f, in); err != nil {
		return nil, errors.Join(err, k.Close())
	}
	return k, nil
}

// Close ends it.
func (k *keptText) Close() error {
	if k.file == nil {
		return nil
	}
	return errors.Join(k.file.Close(), os.Remove(k.file.Name()))
}

// itemFrom makes an item of what a file says by column; column is the one that
// an error is about.
func itemFrom(field func(column string) (value string, said bool), dir string) (w writtenItem, column string, err error) {
	word := func(name string) string {
		value, _ := field(name)
		return strings.ToLower(strings.TrimSpace(value))
	}
	for _, name := range itemColumns {
		if value, _ := field(name); !utf8.ValidString(value) {
			return w, name, notUTF8()
		}
	}
	role, kind := match.Role(word("role")), match.Kind(word("kind"))
	if role == "" {
		role = match.Watch
	}
	if s := word("severity"); s != "" {
		if err := knownSeverity(s); err != nil {
			return w, "severity", err
		}
	}
	list, _ := field("list")
	value, _ := field("value")
	written, _ := field("image")
	image, column, err := readImage(kind, value, written, dir)
	if err != nil {
		return w, column, err
	}
	if w.Item, err = match.NewItem(list, role, kind, value, image); err != nil {
		return w, faultyColumn(list, role, kind), err
	}
	w.Severity = match.Severity(word("severity"))
	_, w.severity = field("severity")
	// A logo's notes are the name of its file unless there are others, or it was exported so.
	if notes, said := field("notes"); said && (notes != "" || kind != match.KindLogo || written != "") {
		w.Notes, w.notes = match.CleanNotes(notes), true
	}
	if err := w.CheckNotes(); err != nil {
		return w, "notes", err
	}
	return w, "ends", w.times(field, &column)
}

// faultyColumn is the column for which no item can be made of a row.
func faultyColumn(list string, role match.Role, kind match.Kind) string {
	if _, err := match.ListName(list); err != nil {
		return "list"
	}
	if !slices.Contains([]match.Role{match.Watch, match.Own, match.Allow}, role) {
		return "role"
	}
	switch kind {
	case match.KindDomain, match.KindOrganisation, match.KindTrademark, match.KindLogo, match.KindLEI, match.KindNumber:
		return "value"
	}
	return "kind"
}

// times reads when the item begins and ends to count.
func (w *writtenItem) times(field func(string) (string, bool), column *string) error {
	var err error
	for _, when := range []struct {
		column string
		to     *time.Time
		said   *bool
	}{{"starts", &w.Starts, &w.starts}, {"ends", &w.Ends, &w.ends}} {
		value, said := field(when.column)
		*when.said = said
		if value = strings.TrimSpace(value); value != "" {
			if *when.to, err = parseDate(value); err != nil {
				return &columnError{when.column, err}
			}
		}
	}
	return w.CheckTimes()
}

// columnError is an error about another column than the one that is named with it.
type columnError struct {
	column string
	err    error
}

func (e *columnError) Error() string { return e.err.Error() }

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

// listKeys are the keys that YAML has of a list beside its name and items.
func listKeys() []string {
	return []string{"client", "notes", "colour", "channels", "rhythm", "digest_at", "digest_zone", "feed_secret"}
}

// of is the list where the store has had it like this.
func (w *writtenList) of(was store.WatchList) store.WatchList {
	l := was
	l.Name = w.Name
	for name, set := range map[string]func(){
		"client": func() { l.Client = w.Client }, "notes": func() { l.Notes = w.Notes }, "colour": func() { l.Colour = w.Colour },
		"channels": func() { l.Channels = w.Channels }, "rhythm": func() { l.Rhythm = w.Rhythm },
		"digest_at": func() { l.DigestAt = w.DigestAt }, "digest_zone": func() { l.DigestZone = w.DigestZone },
		"feed_secret": func() { l.FeedSecret = w.FeedSecret },
	} {
		if slices.Contains(w.names, name) {
			set()
		}
	}
	return l
}
