package queries

import (
	"errors"
	"fmt"
	"slices"
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
	if len(p.Values) > 0 && value != p.Default {
		i := slices.IndexFunc(p.Values, func(v string) bool { return strings.EqualFold(v, value) })
		if i < 0 {
			return "", fmt.Errorf("%q is none of: %s", value, strings.Trim(strings.Join(p.Values, ", "), ", "))
		}
		value = p.Values[i]
	}
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
		return p.moment(value, time.Now())
	}
	return value, nil
}

// always is later than any time that the store holds.
const always = "2261-12-31 23:59:59.999"

// moment gives the last millisecond of the moment that value names: of a day
// its end. "" is always, where that is the default, and now() is now.
func (p Param) moment(value string, now time.Time) (string, error) {
	const clickhouseTime = "2006-01-02 15:04:05.000"
	switch {
	case value == "" && p.Default == "":
		return always, nil
	case value == "now()" && p.Default == "now()":
		return now.UTC().Format(clickhouseTime), nil
	}
	begin, span, err := parseTime(value)
	if err != nil {
		return "", err
	}
	if !p.Future && begin.After(now) {
		return "", fmt.Errorf("%s is in the future: what will be logged by then isn't known yet; now is %s", value, now.UTC().Format(time.RFC3339))
	}
	return begin.Add(span - time.Millisecond).UTC().Format(clickhouseTime), nil
}

// parseTime reads a time and tells how long the moment is that it names.
func parseTime(value string) (time.Time, time.Duration, error) {
	for _, l := range []struct {
		layout string
		span   time.Duration
	}{
		{time.RFC3339, time.Second}, {time.DateTime, time.Second},
		{"2006-01-02T15:04:05", time.Second}, {"2006-01-02T15:04", time.Minute}, {time.DateOnly, 24 * time.Hour},
	} {
		t, err := time.ParseInLocation(l.layout, value, time.UTC)
		if err != nil || t.Year() < 1970 || t.Year() >= 2261 {
			continue
		}
		if t.Nanosecond() > 0 {
			l.span = time.Millisecond
		}
		return t.Truncate(time.Millisecond), l.span, nil
	}
	return time.Time{}, 0, fmt.Errorf("%q is not a time: write one such as 2021-08-24 or 2021-08-24T12:00:00Z (UTC)", value)
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
