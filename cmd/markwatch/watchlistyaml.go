package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"markwatch/match"
	"markwatch/queries"
	"markwatch/store"
)

// maxYAML bounds a YAML file, which is read whole; CSV takes more.
const maxYAML = 32 << 20

// writeYAML writes lists with their items as import takes them: every key of
// each, so that what is imported again is as it was. Items are in the order of
// the lists.
func writeYAML(w io.Writer, lists []store.WatchList, items iter.Seq[match.Item], secrets bool) error {
	out := bufio.NewWriter(w)
	of := map[string][]match.Item{}
	for i := range items {
		of[i.List] = append(of[i.List], i)
	}
	fmt.Fprintln(out, "lists:")
	for _, l := range lists {
		var channels []string
		for _, c := range l.Channels {
			channels = append(channels, strconv.Quote(c))
		}
		fmt.Fprintf(out, "  - name: %q\n    client: %q\n    notes: %q\n    colour: %q\n    channels: [%s]\n    rhythm: %q\n    digest_at: %q\n    digest_zone: %q\n",
			l.Name, l.Client, l.Notes, l.Colour, strings.Join(channels, ", "), l.Rhythm, l.DigestAt, l.DigestZone)
		if secrets {
			fmt.Fprintf(out, "    feed_secret: %q\n", l.FeedSecret)
		}
		if len(of[l.Name]) == 0 {
			continue
		}
		fmt.Fprintln(out, "    items:")
		for _, i := range of[l.Name] {
			fmt.Fprintf(out, "      - {role: %q, kind: %q, value: %q, severity: %q, notes: %q, starts: %q, ends: %q", i.Role, i.Kind, i.Value, i.Severity, i.Notes, writtenTime(i.Starts), writtenTime(i.Ends))
			if len(i.Image) > 0 {
				fmt.Fprintf(out, ", image: %q", base64.StdEncoding.EncodeToString(i.Image))
			}
			fmt.Fprintln(out, "}")
		}
	}
	return out.Flush()
}

// yamlReader collects what a YAML file says, and what is wrong with it.
type yamlReader struct {
	dir    string
	lists  []writtenList
	named  map[string]int // lines of lists, by name
	items  []writtenItem
	faults []error
}

// readYAML reads a file whole.
func readYAML(in io.Reader, dir string) (*itemFile, error) {
	text, err := io.ReadAll(io.LimitReader(in, maxYAML+1))
	if err != nil {
		return nil, err
	}
	if len(text) > maxYAML {
		return nil, fmt.Errorf("it has more than %d bytes: take it apart, or import the items as CSV", maxYAML)
	}
	if !utf8.Valid(text) {
		at := bytes.Count(text[:len(text)-len(bytes.TrimLeftFunc(text, func(r rune) bool { return r != utf8.RuneError }))], []byte("\n"))
		return nil, &placeError{line: at + 1, err: notUTF8()}
	}
	tokens, err := yamlTokens(string(text), maxYAMLTokens)
	if err != nil {
		return nil, err
	}
	file, err := parser.Parse(tokens, 0)
	if err != nil {
		return nil, errors.New(printableLines(strings.TrimSpace(yaml.FormatError(err, false, true))))
	}
	y := &yamlReader{dir: dir, named: map[string]int{}}
	for _, doc := range file.Docs {
		if doc.Body != nil {
			y.document(doc.Body)
		}
	}
	if len(y.lists) == 0 && len(y.faults) == 0 {
		return nil, errors.New("it names no lists: write lists:, and of each its name and items")
	}
	items := func(skipLogos bool) iter.Seq2[writtenItem, error] {
		return func(yield func(writtenItem, error) bool) {
			for _, err := range y.faults {
				if !yield(writtenItem{}, err) {
					return
				}
			}
			for _, i := range y.items {
				if !(skipLogos && i.Kind == match.KindLogo) && !yield(i, nil) {
					return
				}
			}
		}
	}
	return &itemFile{lists: y.lists, items: items, close: func() error { return nil }}, nil
}

// printableLines is a text in which each line can be printed, and isn't too long to be.
func printableLines(text string) string {
	const most = 200
	lines := strings.Split(text, "\n")
	for n, line := range lines {
		if len(line) > most {
			line = strings.ToValidUTF8(line[:most], "") + "…"
		}
		lines[n] = queries.Printable(line)
	}
	return strings.Join(lines, "\n")
}

// fault takes note of what is wrong at a node.
func (y *yamlReader) fault(n ast.Node, name string, err error) {
	if len(y.faults) > maxFaults { // one more than are told
		return
	}
	at := &token.Position{Line: 1, Column: 1}
	if t := n.GetToken(); t != nil && t.Position != nil {
		at = t.Position
	}
	y.faults = append(y.faults, &placeError{at.Line, at.Column, name, err})
}

func (y *yamlReader) document(n ast.Node) {
	for key, value := range y.mapping(n, "lists") {
		for _, entry := range y.sequence(value, key) {
			y.list(entry)
		}
	}
}

// mapping gives the keys of a mapping, which must be among names, once each.
func (y *yamlReader) mapping(n ast.Node, names ...string) iter.Seq2[string, ast.Node] {
	return func(yield func(string, ast.Node) bool) {
		var values []*ast.MappingValueNode
		switch n := n.(type) {
		case *ast.MappingNode:
			values = n.Values
		case *ast.MappingValueNode:
			values = []*ast.MappingValueNode{n}
		default:
			y.fault(n, "", errors.New("there should be keys and values here, among the keys: "+strings.Join(names, ", ")))
		}
		seen := map[string]bool{}
		for _, v := range values {
			key := v.Key.GetToken().Value
			switch {
			case !slices.Contains(names, key):
				y.fault(v.Key, "", fmt.Errorf("there is no key %q here; there are: %s", key, strings.Join(names, ", ")))
			case seen[key]:
				y.fault(v.Key, "", fmt.Errorf("the key %q is there twice", key))
			default:
				seen[key] = true
				if !yield(key, v.Value) {
					return
				}
			}
		}
	}
}

// sequence gives the entries of a list; nothing is an empty one.
func (y *yamlReader) sequence(n ast.Node, name string) []ast.Node {
	switch n := n.(type) {
	case *ast.SequenceNode:
		return n.Values
	case *ast.NullNode:
		return nil
	}
	y.fault(n, name, errors.New("there should be a list here: its entries begin with a hyphen, or stand in brackets"))
	return nil
}

// text gives a value as it is written. What YAML would make a number or a date
// of stays as it is; nothing at all is "", but for what a # has cut off.
func (y *yamlReader) text(n ast.Node, name string) string {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value
	case *ast.LiteralNode:
		return n.Value.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value
	case *ast.NullNode:
		if name == "colour" {
			y.fault(n, name, errors.New(`it is empty: write it in quotes, as in "#1f6f8b", or "" for none`))
		}
		return ""
	}
	y.fault(n, name, errors.New("there should be a text here; aliases, anchors and tags are not taken"))
	return ""
}

// list reads a list with its items.
func (y *yamlReader) list(n ast.Node) {
	w := writtenList{line: n.GetToken().Position.Line}
	var items []ast.Node
	texts := map[string]*string{
		"name": &w.Name, "client": &w.Client, "notes": &w.Notes, "colour": &w.Colour, "rhythm": (*string)(&w.Rhythm),
		"digest_at": &w.DigestAt, "digest_zone": &w.DigestZone, "feed_secret": &w.FeedSecret,
	}
	for key, value := range y.mapping(n, append(listKeys(), "name", "items")...) {
		switch key {
		case "items":
			items = y.sequence(value, key)
			continue
		case "channels":
			for _, c := range y.sequence(value, key) {
				w.Channels = append(w.Channels, y.text(c, key))
			}
		default:
			*texts[key] = y.text(value, key)
		}
		w.names = append(w.names, key)
	}
	if !slices.Contains(w.names, "name") {
		y.fault(n, "", errors.New("a list has no name"))
		return
	}
	if err := checkList(&w.WatchList); err != nil {
		y.fault(n, "", fmt.Errorf("the list %s: %w", w.Name, err))
		return
	}
	if line, twice := y.named[w.Name]; twice {
		y.fault(n, "", fmt.Errorf("the list %s is in line %d already", w.Name, line))
	}
	y.named[w.Name] = w.line
	y.lists = append(y.lists, w)
	for _, i := range items {
		y.item(i, w.Name)
	}
}

// item reads one item of a list.
func (y *yamlReader) item(n ast.Node, list string) {
	values, nodes := map[string]string{"list": list}, map[string]ast.Node{}
	for key, value := range y.mapping(n, itemColumns[1:]...) {
		values[key], nodes[key] = y.text(value, key), value
	}
	for _, needed := range []string{"kind", "value"} {
		if nodes[needed] == nil {
			y.fault(n, "", fmt.Errorf("an item has no %s", needed))
			return
		}
	}
	w, column, err := itemFrom(func(name string) (string, bool) {
		value, said := values[name]
		return value, said
	}, y.dir)
	var other *columnError
	if errors.As(err, &other) {
		column = other.column
	}
	if err != nil {
		at := nodes[column]
		if at == nil {
			at = n
		}
		y.fault(at, column, err)
		return
	}
	w.line = n.GetToken().Position.Line
	y.items = append(y.items, w)
}
