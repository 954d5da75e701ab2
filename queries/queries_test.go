package queries_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/go-cmp/cmp"

	"markwatch/queries"
)

var update = flag.Bool("update", false, "write docs/queries.md anew")

const docs = "../docs/queries.md"

// TestDocs guards that docs/queries.md says what the queries say of themselves.
// go test ./queries -run TestDocs -update writes it anew.
func TestDocs(t *testing.T) {
	want := document()
	if *update {
		if err := os.WriteFile(docs, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(docs)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("docs/queries.md is not what the queries say; go test ./queries -run TestDocs -update writes it anew (-want +got):\n%s", diff)
	}
}

func document() string {
	var b strings.Builder
	preamble, err := os.ReadFile("testdata/preamble.md")
	if err != nil {
		panic(err)
	}
	b.Write(preamble)
	group := ""
	for _, q := range queries.All() {
		if q.Group != group {
			group = q.Group
			fmt.Fprintf(&b, "\n## %s\n", group)
		}
		fmt.Fprintf(&b, "\n### `%s`\n\n%s\n\nLeaves out: %s\n", q.Name, q.Question, q.LeavesOut)
		if q.Denominator != "" {
			fmt.Fprintf(&b, "\nDenominator: %s\n", q.Denominator)
		}
		if len(q.Params) > 0 {
			b.WriteString("\n| parameter | type | default | meaning |\n|---|---|---|---|\n")
		}
		for _, p := range q.Params {
			help := p.Help
			if len(p.Values) > 0 {
				help += ": " + strings.Join(p.Values, ", ")
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", p.Name, p.Type, p.Default, help)
		}
		b.WriteString("\n| column | meaning |\n|---|---|\n")
		for _, c := range q.Columns {
			fmt.Fprintf(&b, "| `%s` | %s |\n", c.Name, c.Help)
		}
	}
	return b.String()
}

// parameter is a parameter as the SQL uses it.
var parameter = regexp.MustCompile(`\{(\w+):(\w+(?:\([^{}]*\))?)\}`)

// inSQL is the type that the SQL must give a parameter.
func inSQL(p queries.Param) string {
	if p.Type == "DateTime" {
		return "DateTime64(3, 'UTC')"
	}
	return p.Type
}

// TestQueriesAreWhole guards each query's own words: every parameter that the
// SQL uses is explained with its type, and has a default that is of that type; each share has a denominator.
func TestQueriesAreWhole(t *testing.T) {
	for _, q := range queries.All() {
		t.Run(q.Name, func(t *testing.T) {
			if _, err := q.Bind(nil); err != nil {
				t.Errorf("the defaults: %v", err)
			}
			for _, use := range parameter.FindAllStringSubmatch(q.SQL, -1) {
				if !slices.ContainsFunc(q.Params, func(p queries.Param) bool { return p.Name == use[1] && inSQL(p) == use[2] }) {
					t.Errorf("the SQL uses %s, which is not explained", use[0])
				}
			}
			for _, p := range q.Params {
				if p.Help == "" || !strings.Contains(q.SQL, "{"+p.Name+":"+inSQL(p)+"}") {
					t.Errorf("parameter %s has no help or is not used", p.Name)
				}
			}
			for _, c := range q.Columns {
				if c.Help == "" {
					t.Errorf("column %s is not explained", c.Name)
				}
				if strings.HasPrefix(c.Name, "share") && q.Denominator == "" {
					t.Errorf("the share %s has no denominator", c.Name)
				}
			}
		})
	}
}

func TestGet(t *testing.T) {
	if q, err := queries.Get("totals"); err != nil || q.Name != "totals" {
		t.Errorf("Get(totals) = %q, %v", q.Name, err)
	}
	var unknown *queries.UnknownError
	if _, err := queries.Get("total"); !errors.As(err, &unknown) || !slices.Contains(unknown.Known, "totals") {
		t.Errorf("Get(total): %v, want the names that there are", err)
	}
}

func TestBind(t *testing.T) {
	q := queries.Query{Name: "q", Params: []queries.Param{
		{Name: "n", Type: "UInt64", Default: "0"}, {Name: "small", Type: "UInt8", Default: "0"},
		{Name: "day", Type: "Date", Default: "2020-01-01"}, {Name: "at", Type: "DateTime", Default: "2020-01-01"}, {Name: "text", Type: "String"},
		{Name: "as_of", Type: "DateTime"}, {Name: "on", Type: "DateTime", Default: "now()", Future: true},
		{Name: "per", Type: "String", Default: "year", Values: []string{"year", "month"}},
	}}
	for _, c := range []struct {
		name   string
		values map[string]string
		want   string // part of the error; "" for none
	}{
		{"defaults", nil, ""},
		{"all given", map[string]string{"n": "5", "small": "1", "day": "2021-08-24", "at": "2021-08-24T10:00:00+02:00", "text": "'; DROP"}, ""},
		{"negative", map[string]string{"n": "-1"}, "not a whole number"},
		{"too large", map[string]string{"small": "256"}, "from 0 to 255"},
		{"no such day", map[string]string{"day": "2021-02-30"}, "not a day"},
		{"no such time", map[string]string{"at": "noon"}, "not a time"},
		{"unknown", map[string]string{"x": "1"}, "it has n, small, day, at, text"},
		{"in the past", map[string]string{"as_of": "2021-08-24"}, ""},
		{"today", map[string]string{"as_of": time.Now().UTC().Format(time.DateOnly)}, ""},
		{"in the future", map[string]string{"as_of": "2150-01-01"}, "is in the future"},
		{"a moment ahead", map[string]string{"as_of": time.Now().Add(time.Hour).Format(time.RFC3339)}, "is in the future"},
		{"in the future, where that makes sense", map[string]string{"on": "2150-01-01"}, ""},
		{"one of its values", map[string]string{"per": "month"}, ""},
		{"one of its values, in any case", map[string]string{"per": "Month"}, ""},
		{"none of its values", map[string]string{"per": "week"}, `"week" is none of: year, month`},
	} {
		t.Run(c.name, func(t *testing.T) {
			args, err := q.Bind(c.values)
			var param *queries.ParamError
			switch {
			case c.want == "" && (err != nil || len(args) != len(q.Params)):
				t.Errorf("got %v, %v", args, err)
			case c.want != "" && (!errors.As(err, &param) || !strings.Contains(err.Error(), c.want)):
				t.Errorf("got %v, want an error with %q", err, c.want)
			}
		})
	}
}

// TestMoments guards to which millisecond a time counts, and what a default is.
func TestMoments(t *testing.T) {
	for _, c := range []struct{ def, value, want string }{
		{"", "", "2261-12-31 23:59:59.999"},
		{"", "2021-08-24", "2021-08-24 23:59:59.999"},
		{"", "2021-08-24T12:30", "2021-08-24 12:30:59.999"},
		{"", "2021-08-24T12:30:15", "2021-08-24 12:30:15.999"},
		{"", "2021-08-24T12:30:15+02:00", "2021-08-24 10:30:15.999"},
		{"", "2021-08-24T12:30:15.25Z", "2021-08-24 12:30:15.250"},
		{"2020-01-01", "2020-01-01", "2020-01-01 23:59:59.999"},
	} {
		q := queries.Query{Name: "q", Params: []queries.Param{{Name: "at", Type: "DateTime", Default: c.def}}}
		args, err := q.Bind(map[string]string{"at": c.value})
		if want := []any{clickhouse.Named("at", c.want)}; err != nil || !cmp.Equal(want, args) {
			t.Errorf("%q: got %v, %v, want %s", c.value, args, err, c.want)
		}
	}
	synctest.Test(t, func(t *testing.T) { // whose clock begins with the year 2000
		q := queries.Query{Name: "q", Params: []queries.Param{{Name: "at", Type: "DateTime", Default: "now()"}}}
		args, err := q.Bind(nil)
		if want := []any{clickhouse.Named("at", "2000-01-01 00:00:00.000")}; err != nil || !cmp.Equal(want, args) {
			t.Errorf("now: got %v, %v", args, err)
		}
		if _, err := q.Bind(map[string]string{"at": ""}); err == nil {
			t.Error("no time where one is needed: no error")
		}
	})
}

// TestValues guards that a value is handed on as it is listed.
func TestValues(t *testing.T) {
	q, err := queries.Get("hits")
	if err != nil {
		t.Fatal(err)
	}
	args, err := q.Bind(map[string]string{"severity": "HIGH"})
	if err != nil || !slices.Contains(args, any(clickhouse.Named("severity", "high"))) {
		t.Errorf("HIGH: got %v, %v, want high", args, err)
	}
	if _, err := q.Bind(map[string]string{"severity": "worst"}); err == nil {
		t.Error("a severity that there isn't is taken")
	}
}

func TestParseParams(t *testing.T) {
	got, err := queries.ParseParams([]string{"a=b=c", "d="})
	if diff := cmp.Diff(map[string]string{"a": "b=c", "d": ""}, got); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	for _, bad := range [][]string{{"a"}, {"=b"}, {"a=1", "a=2"}} {
		if got, err := queries.ParseParams(bad); err == nil {
			t.Errorf("ParseParams(%q) = %v, want an error", bad, got)
		}
	}
}
