package chdb_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"markwatch/store/chdb"
)

func TestParseStatement(t *testing.T) {
	tests := []struct {
		name, text string
		want       chdb.Statement
	}{
		{"select", "SELECT 1", chdb.Statement{Text: "SELECT 1", Selects: true}},
		{"semicolon and comments", " -- a\nSELECT 1 ;; /* b */ # c", chdb.Statement{Text: " -- a\nSELECT 1", Selects: true}},
		{"with", "WITH 1 AS x SELECT x", chdb.Statement{Text: "WITH 1 AS x SELECT x", Selects: true}},
		{"from first", "FROM t SELECT x", chdb.Statement{Text: "FROM t SELECT x", Selects: true}},
		{"union in brackets", "(SELECT 1) UNION ALL (SELECT 2)", chdb.Statement{Text: "(SELECT 1) UNION ALL (SELECT 2)", Selects: true}},
		{"with then insert", "WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x", chdb.Statement{Text: "WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x"}},
		{"format", "SELECT 1 FORMAT JSON", chdb.Statement{Text: "SELECT 1 ", Format: "JSON", Selects: true}},
		{"format and settings", "SELECT 1 format `JSON` SETTINGS max_threads = 1;", chdb.Statement{Text: "SELECT 1  SETTINGS max_threads = 1", Format: "JSON", Selects: true}},
		{"settings and format", "SELECT 1 SETTINGS a = 'FORMAT CSV' FORMAT CSV", chdb.Statement{Text: "SELECT 1 SETTINGS a = 'FORMAT CSV' ", Format: "CSV", Selects: true}},
		{"a column named format", "SELECT format FROM t", chdb.Statement{Text: "SELECT format FROM t", Selects: true}},
		{"an alias named format", "SELECT 1 AS format", chdb.Statement{Text: "SELECT 1 AS format", Selects: true}},
		{"format in a subquery", "SELECT * FROM (SELECT 1 AS format, 2 x)", chdb.Statement{Text: "SELECT * FROM (SELECT 1 AS format, 2 x)", Selects: true}},
		{"words in strings", `SELECT '; INSERT INTO t FORMAT CSV', "FORMAT"."x", 'it''s \' ; FORMAT x'`, chdb.Statement{Text: `SELECT '; INSERT INTO t FORMAT CSV', "FORMAT"."x", 'it''s \' ; FORMAT x'`, Selects: true}},
		{"words in comments", "SELECT 1 /* ; FORMAT CSV */ -- SETTINGS x = 1", chdb.Statement{Text: "SELECT 1", Selects: true}},
		{"words in a heredoc", "SELECT $a$; FORMAT CSV $ $a$", chdb.Statement{Text: "SELECT $a$; FORMAT CSV $ $a$", Selects: true}},
		{"parameter", "SELECT {format:String} AS x", chdb.Statement{Text: "SELECT {format:String} AS x", Selects: true}},
		{"show", "SHOW TABLES FORMAT CSV", chdb.Statement{Text: "SHOW TABLES FORMAT CSV"}},
		{"ddl", "CREATE TABLE t (format String, values UInt8) ENGINE = Memory;", chdb.Statement{Text: "CREATE TABLE t (format String, values UInt8) ENGINE = Memory"}},
		{"insert native", "INSERT INTO d.t (a, b) FORMAT Native", chdb.Statement{Insert: true, Text: "INSERT INTO d.t (a, b) ", Format: "Native"}},
		{"insert with data", "insert into t format CSV \n\n1,2\n", chdb.Statement{Insert: true, Text: "insert into t ", Format: "CSV", Data: "\n1,2\n"}},
		{"insert with settings", "INSERT INTO TABLE t SETTINGS format_csv_delimiter = ';' FORMAT CSV 1;2", chdb.Statement{Insert: true, Text: "INSERT INTO TABLE t SETTINGS format_csv_delimiter = ';' ", Format: "CSV", Data: "1;2"}},
		{"insert values", "INSERT INTO t (values) VALUES (1), (';')", chdb.Statement{Insert: true, Text: "INSERT INTO t (values) ", Format: "Values", Data: " (1), (';')"}},
		{"insert into a table named values", "INSERT INTO `d`.values VALUES (1)", chdb.Statement{Insert: true, Text: "INSERT INTO `d`.values ", Format: "Values", Data: " (1)"}},
		{"insert into function", "INSERT INTO FUNCTION null('a UInt8') VALUES (1)", chdb.Statement{Insert: true, Text: "INSERT INTO FUNCTION null('a UInt8') ", Format: "Values", Data: " (1)"}},
		{"insert select", "INSERT INTO t (a) SELECT 1 FORMAT Null", chdb.Statement{Text: "INSERT INTO t (a) SELECT 1 FORMAT Null"}},
		{"insert with select in brackets", "INSERT INTO t (SELECT 1)", chdb.Statement{Text: "INSERT INTO t (SELECT 1)"}},
		{"insert with values in a subquery", "INSERT INTO t WITH x AS (SELECT 1 AS values) SELECT values FROM x", chdb.Statement{Text: "INSERT INTO t WITH x AS (SELECT 1 AS values) SELECT values FROM x"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := chdb.ParseStatement(tt.text)
			if err != nil {
				t.Fatalf("parsing %q: %v", tt.text, err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("parsing %q (-want +got):\n%s", tt.text, diff)
			}
		})
	}
}

func TestParseStatementRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                                     "Code: 62.",
		" -- nothing\n;":                       "Code: 62.",
		"SELECT 1; SELECT 2":                   "Code: 62.",
		"SELECT 1 INTO OUTFILE 'x'":            "Code: 48.",
		"SHOW TABLES INTO /* a */ OUTFILE 'x'": "Code: 48.",
		"INSERT INTO t FROM INFILE 'x'":        "Code: 48.",
	} {
		if _, err := chdb.ParseStatement(text); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("parsing %q: got %v, want an error that begins with %q", text, err, want)
		}
	}
}

func FuzzParseStatement(f *testing.F) {
	for _, text := range []string{
		"", "SELECT 1 FORMAT JSON SETTINGS a = 1;", "INSERT INTO `a``b`.t (x) VALUES ('\\'')", "WITH x AS (SELECT '$$') SELECT $a$ $a$ -- b",
		"INSERT INTO t FORMAT Native\n\x00\xff", "SELECT {x:String} /* */ # c\n, \"q", "((((", ")", "INSERT", "SELECT 1 format", "\u00a0SELECT 'é'",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		st, err := chdb.ParseStatement(text)
		if err != nil {
			return
		}
		// All that is kept comes from the text, in its order; only a FORMAT clause may be missing.
		if st.Insert {
			if !strings.HasPrefix(text, st.Text) || !strings.HasSuffix(text, st.Data) || len(st.Text)+len(st.Data) >= len(text) {
				t.Errorf("insert %q, data %q: not parts of %q", st.Text, st.Data, text)
			}
			return
		}
		if st.Format == "" && !strings.HasPrefix(text, st.Text) {
			t.Errorf("%q is no beginning of %q", st.Text, text)
		}
		// What was found is found again, and a statement without its FORMAT clause has none.
		again, err := chdb.ParseStatement(st.Text)
		if err != nil {
			t.Fatalf("%q of %q: %v", st.Text, text, err)
		}
		if st.Format == "" && again != st {
			t.Errorf("%q: %+v, then %+v", text, st, again)
		}
	})
}
