package faults

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/csv"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// answersSQL asks for all that a store says of a log and that doesn't depend on
// when it was read, as rows of kind, key and value.
//
//go:embed answers.sql
var answersSQL string

// stored is what a store says, by kind and key; a value that is there twice is
// there twice.
type stored map[string]map[string][]string

// answers asks the program what it stored.
func (s *Suite) answers(ctx context.Context, dir string) (stored, error) {
	cmd := s.command(ctx, dir, "query", "--format", "csv", "--sql", answersSQL)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("asking the store: %w: %s", err, said.Bytes())
	}
	rows, err := csv.NewReader(bytes.NewReader(out)).ReadAll()
	if err != nil || len(rows) < 2 {
		return nil, fmt.Errorf("reading the store's %d rows: %w", len(rows), err)
	}
	got := stored{}
	for _, row := range rows[1:] {
		kind, key, value := row[0], row[1], row[2]
		if got[kind] == nil {
			got[kind] = map[string][]string{}
		}
		got[kind][key] = append(got[kind][key], value)
	}
	return got, nil
}

// The kinds of rows that a leaf's hash covers, and so no fault may change.
func proved() []string { return []string{"leaf", "entry"} }

// lost counts the leaves and entries of the first so many that a store should
// have and hasn't, or has otherwise; doubled those that it has besides or twice.
func lost(sound, got stored, size uint64) (lost, doubled int) {
	for _, kind := range proved() {
		for key, values := range sound[kind] {
			if index(key) < size && !slices.Contains(got[kind][key], values[0]) {
				lost++
			}
		}
		for key, values := range got[kind] {
			doubled += len(values) - 1
			if index(key) >= size {
				doubled++
			}
		}
	}
	return lost, doubled
}

// index reads the key of a leaf.
func index(key string) (n uint64) {
	_, _ = fmt.Sscan(key, &n) // the query makes numbers
	return n
}

// differences names the tables that differ.
func differences(sound, got stored) []string {
	var out []string
	for _, table := range slices.Sorted(maps.Keys(sound["table"])) {
		if !slices.Equal(sound["table"][table], got["table"][table]) {
			out = append(out, table)
		}
	}
	return out
}

// state is the state of the log, and why it is in it.
func (s stored) state() (state, detail string) {
	for state, why := range s["state"] {
		return state, strings.Join(why, "; ")
	}
	return "", ""
}
