// Package queries holds the published queries: one .sql file each, with its
// title, the question it answers, what it leaves out and its denominator, and
// the one writer that prints any query in any format. The SQL is ClickHouse's
// with its {name:Type} parameters; it runs alike on the embedded engine and on
// a server.
package queries

import (
	"bufio"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
)

//go:embed sql/*.sql
var files embed.FS

// Query is one published query.
type Query struct {
	Name        string // as on the command line: its file's name
	Title       string
	Group       string // under which it is listed
	Question    string // that it answers, in a sentence
	LeavesOut   string // what its counts don't contain
	Denominator string // of each share; "" if it has none
	Params      []Param
	Columns     []Column
	SQL         string
}

// Param is one parameter of a query.
type Param struct {
	Name    string
	Type    string // ClickHouse's: String, UInt64, UInt8, Date; or DateTime, a moment to its end, in the SQL DateTime64(3, 'UTC')
	Default string // now() is the time of the question
	Help    string
	Values  []string // that it takes; nil for any
	Future  bool     // of a DateTime: one that is still to come makes sense
}

// Column explains one column of a query's result.
type Column struct {
	Name, Help string
}

// UnknownError names a query that there is none of.
type UnknownError struct {
	Name  string
	Known []string
}

// Error names the queries that there are.
func (e *UnknownError) Error() string {
	return fmt.Sprintf("there is no query %q; there are: %s", e.Name, strings.Join(e.Known, ", "))
}

// load reads the files once; they are part of the program, so one that can't
// be read is a programming error.
var load = sync.OnceValue(func() []Query {
	names, err := fs.Glob(files, "sql/*.sql")
	if err != nil {
		panic(err)
	}
	var all []Query
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			panic(err)
		}
		q, err := parse(strings.TrimSuffix(path.Base(name), ".sql"), string(text))
		if err != nil {
			panic(err)
		}
		all = append(all, q)
	}
	return all
})

// groups in the order in which they are listed.
func groups() []string {
	return []string{"Alerts", "Issuance", "Marks", "Organisations and domains", "Logos", "Quality", "Studies"}
}

// All lists the published queries by group, then by name.
func All() []Query {
	all := slices.Clone(load())
	order := groups()
	slices.SortStableFunc(all, func(a, b Query) int {
		return slices.Index(order, a.Group) - slices.Index(order, b.Group)
	})
	return all
}

// Get finds a query by name; else the error is an *UnknownError.
func Get(name string) (Query, error) {
	all := load()
	var known []string
	for _, q := range all {
		if q.Name == name {
			return q, nil
		}
		known = append(known, q.Name)
	}
	return Query{}, &UnknownError{name, known}
}

// parse reads a file: comment lines of the form "-- key: value", then SQL.
func parse(name, text string) (Query, error) {
	q := Query{Name: name}
	lines := bufio.NewScanner(strings.NewReader(text))
	var sql []string
	for lines.Scan() {
		line := lines.Text()
		comment, isComment := strings.CutPrefix(line, "-- ")
		if !isComment || len(sql) > 0 {
			sql = append(sql, line)
			continue
		}
		key, value, ok := strings.Cut(comment, ": ")
		if !ok || !q.set(key, value) {
			return q, fmt.Errorf("query %s: the line %q is not understood", name, line)
		}
	}
	q.SQL = strings.TrimSpace(strings.Join(sql, "\n"))
	if q.Title == "" || q.Question == "" || q.LeavesOut == "" || len(q.Columns) == 0 || !slices.Contains(groups(), q.Group) {
		return q, fmt.Errorf("query %s: title, group, question, leaves out and columns are needed", name)
	}
	return q, lines.Err()
}

func (q *Query) set(key, value string) bool {
	switch key {
	case "title":
		q.Title = value
	case "group":
		q.Group = value
	case "question":
		q.Question = value
	case "leaves out":
		q.LeavesOut = value
	case "denominator":
		q.Denominator = value
	case "column":
		name, help, ok := strings.Cut(value, ": ")
		q.Columns = append(q.Columns, Column{name, help})
		return ok
	case "param":
		declaration, help, _ := strings.Cut(value, ": ")
		left, def, ok := strings.Cut(declaration, " = ")
		name, kind, ok2 := strings.Cut(left, " ")
		q.Params = append(q.Params, Param{Name: name, Type: kind, Default: strings.Trim(def, "'"), Help: help})
		return ok && ok2
	case "values": // of the parameter before
		if len(q.Params) > 0 {
			q.Params[len(q.Params)-1].Values = strings.Split(value, ", ")
		}
		return len(q.Params) > 0
	case "future": // so may the parameter before be
		if len(q.Params) > 0 {
			q.Params[len(q.Params)-1].Future = value == "yes"
		}
		return len(q.Params) > 0
	default:
		return false
	}
	return true
}
