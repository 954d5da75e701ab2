package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// set is a folder of references, queries and what belongs to what.
type set struct {
	name       string
	references []sample
	queries    []sample
}

// sample is one picture file of a set.
type sample struct {
	id, file  string
	reference string // of a query: its reference, or "" where it has none
	kind      string // of a query
	owner     string // of a query: whose logo it shows, where the labels say it
}

// readSet reads labels: a line a query, of its name, its reference's or "-", the
// kind of change, and whose logo it is, if that is known, with tabs between. Files
// are named by them, with any ending.
// Each every-th query of those without a reference and of each kind is taken.
func readSet(name, refs, queries, labels string, every int) (*set, error) {
	s := &set{name: name}
	files, err := filesIn(refs)
	if err != nil {
		return nil, err
	}
	for id, file := range files {
		s.references = append(s.references, sample{id: id, file: file})
	}
	slices.SortFunc(s.references, func(a, b sample) int { return strings.Compare(a.id, b.id) })
	have := files
	if files, err = filesIn(queries); err != nil {
		return nil, err
	}
	f, err := os.Open(labels)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	met := map[string]int{}
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		field := strings.Split(lines.Text(), "\t")
		if len(field) < 3 {
			return nil, fmt.Errorf("%s:%d: want query, reference and kind with tabs between", labels, n)
		}
		q := sample{id: field[0], file: files[field[0]], reference: strings.TrimPrefix(field[1], "-"), kind: field[2],
			owner: append(field, field[0])[3]}
		if q.file == "" {
			return nil, fmt.Errorf("%s:%d: no file %s in %s", labels, n, q.id, queries)
		}
		if q.reference != "" && have[q.reference] == "" {
			return nil, fmt.Errorf("%s:%d: no file %s in %s", labels, n, q.reference, refs)
		}
		if met[q.kind]++; (met[q.kind]-1)%every == 0 {
			s.queries = append(s.queries, q)
		}
	}
	return s, lines.Err()
}

// filesIn maps names without their ending to paths.
func filesIn(dir string) (map[string]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, e := range entries {
		out[strings.TrimSuffix(e.Name(), filepath.Ext(e.Name()))] = filepath.Join(dir, e.Name())
	}
	return out, nil
}
