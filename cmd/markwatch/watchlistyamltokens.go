package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/goccy/go-yaml/scanner"
	"github.com/goccy/go-yaml/token"
)

// What a YAML file may be made of. The parser needs half a kilobyte for a word or
// mark, and for deep nesting memory that grows with its square: 200 KB of opening
// brackets were enough for 24 GB. Export writes 35 words and marks for an item,
// four levels deep.
const (
	maxYAMLTokens = 4_000_000
	maxYAMLDepth  = 20
)

// yamlTokens takes a text apart for the parser, and tells where it has more than
// most words and marks, or nests too deep.
func yamlTokens(text string, most int) (token.Tokens, error) {
	var in scanner.Scanner
	in.Init(text)
	var all token.Tokens
	var depth yamlDepth
	for {
		some, err := in.Scan()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		for _, t := range some { // with another error there is one that the parser tells of
			if err := depth.add(t); err != nil {
				return nil, err
			}
		}
		if all.Add(some...); len(all) > most {
			return nil, fmt.Errorf("it has more than %d words and marks: take it apart, or import the items as CSV", most)
		}
	}
}

// yamlDepth counts how deep the tokens of a text are nested: in brackets, and
// outside of them by the columns at which lines, keys and entries begin.
type yamlDepth struct {
	brackets int
	columns  []int
	colons   int // since the line began, or a comma or bracket stood
	line     int // of the token before
}

func (d *yamlDepth) add(t *token.Token) error {
	fault := func(text string) error {
		return &placeError{line: t.Position.Line, column: t.Position.Column, err: errors.New(text)}
	}
	switch t.Type {
	case token.AnchorType, token.AliasType, token.TagType: // which nest as well
		return fault("aliases, anchors and tags are not taken")
	case token.SequenceStartType, token.MappingStartType:
		d.brackets++
	case token.SequenceEndType, token.MappingEndType:
		d.brackets = max(d.brackets-1, 0)
	}
	d.colon(t)
	begins := t.Position.Line != d.line || t.Type == token.SequenceEntryType || t.Type == token.MappingKeyType
	if d.line = t.Position.Line; begins && d.brackets == 0 {
		for len(d.columns) > 0 && d.columns[len(d.columns)-1] >= t.Position.Column {
			d.columns = d.columns[:len(d.columns)-1]
		}
		d.columns = append(d.columns, t.Position.Column)
	}
	if d.brackets+len(d.columns)+d.colons > maxYAMLDepth {
		return fault(fmt.Sprintf("it is nested more than %d levels deep", maxYAMLDepth))
	}
	return nil
}

// colon counts keys that stand one behind the other, of which each is in the one before.
func (d *yamlDepth) colon(t *token.Token) {
	switch t.Type {
	case token.MappingValueType:
		d.colons++
	case token.CollectEntryType, token.SequenceStartType, token.SequenceEndType, token.MappingStartType, token.MappingEndType:
		d.colons = 0
	default:
		if d.brackets == 0 && t.Position.Line != d.line {
			d.colons = 0
		}
	}
}
