package queries

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// ParamError says what is wrong with a parameter that was given.
type ParamError struct {
	Query, Param, Reason string
}

// Error names the query and the parameter.
func (e *ParamError) Error() string {
	return fmt.Sprintf("query %s, parameter %s: %s", e.Query, e.Param, e.Reason)
}

// Bind gives the arguments for the query's parameters: those in values, by
// name, and the defaults of the others. A value that is not of its
// parameter's type, or a name that the query does not know, is a *ParamError.
func (q Query) Bind(values map[string]string) ([]any, error) {
	known := map[string]bool{}
	var args []any
	for _, p := range q.Params {
		known[p.Name] = true
		value, given := values[p.Name]
		if !given {
			value = p.Default
		}
		value, err := p.normalise(value)
		if err != nil {
			return nil, &ParamError{q.Name, p.Name, err.Error()}
		}
		args = append(args, clickhouse.Named(p.Name, value))
	}
	for name := range values {
		if !known[name] {
			return nil, &ParamError{q.Name, name, "there is no such parameter; " + q.paramList()}
		}
	}
	return args, nil
}

func (q Query) paramList() string {
	if len(q.Params) == 0 {
		return "the query has none"
	}
	names := make([]string, len(q.Params))
	for i, p := range q.Params {
		names[i] = p.Name
	}
	return "it has " + strings.Join(names, ", ")
}

// normalise checks a value against the parameter's type and gives it in the
// form that ClickHouse reads.
func (p Param) normalise(value string) (string, error) {
	switch p.Type {
	case "UInt64", "UInt8":
		bits := 64
		if p.Type == "UInt8" {
			bits = 8
		}
		if _, err := strconv.ParseUint(value, 10, bits); err != nil {
			return "", fmt.Errorf("%q is not a whole number from 0 to %d", value, ^uint64(0)>>(64-bits))
		}
	case "Date":
		if t, err := time.Parse(time.DateOnly, value); err != nil || t.Year() < 1970 || t.Year() > 2149 {
			return "", fmt.Errorf("%q is not a day: write one such as 2021-08-24", value)
		}
	case "DateTime":
		t, err := parseTime(value)
		if err != nil {
			return "", err
		}
		return t.UTC().Format(time.DateTime), nil
	}
	return value, nil
}

func parseTime(value string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, time.DateTime, "2006-01-02T15:04", time.DateOnly} {
		if t, err := time.ParseInLocation(layout, value, time.UTC); err == nil && t.Year() >= 1970 && t.Year() < 2106 {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is not a time: write one such as 2021-08-24 or 2021-08-24T12:00:00Z (UTC)", value)
}

// ParseParams reads name=value texts as given on a command line.
func ParseParams(texts []string) (map[string]string, error) {
	values := map[string]string{}
	for _, text := range texts {
		name, value, ok := strings.Cut(text, "=")
		if !ok || name == "" {
			return nil, fmt.Errorf("parameter %q: write it as name=value", text)
		}
		if _, twice := values[name]; twice {
			return nil, errors.New("parameter " + name + " is given twice")
		}
		values[name] = value
	}
	return values, nil
}
