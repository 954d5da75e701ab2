package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/urfave/cli/v2"

	"markwatch/queries"
	"markwatch/store"
)

func queryCommand(p *program) *cli.Command {
	query := &cli.Command{
		Name:      "query",
		Usage:     "answer a published query, or SQL of your own",
		ArgsUsage: "[NAME]",
		Description: `Without a name, query lists the published queries.

Examples:
  markwatch query
  markwatch query totals
  markwatch query marks --help
  markwatch query marks -p organisation=bank -o marks.csv
  markwatch query certificates -o certificates.xlsx
  markwatch query --sql "SELECT register, count() FROM marks GROUP BY register" --format markdown`,
		Flags: []cli.Flag{
			&cli.StringSliceFlag{Name: "param", Aliases: []string{"p"}, Usage: "set a parameter, `NAME=VALUE`; may be repeated"},
			&cli.StringFlag{Name: "sql", Usage: "run this `SQL` (ClickHouse's) instead of a published query; it can only read"},
			&cli.StringFlag{Name: "format", Aliases: []string{"f"}, Usage: "print as `FORMAT`: table, csv, tsv, json, ndjson, parquet, arrow, xlsx, markdown (default: what the file's name says, else table)"},
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write to `FILE` instead of standard output"},
			&cli.BoolFlag{Name: "json", Usage: "short for --format json"},
			&cli.BoolFlag{Name: "spreadsheet-safe", Usage: "in csv and tsv put ' before each text that a spreadsheet could take for a formula (xlsx is always safe)"},
		},
		Action: p.queryWithoutName,
	}
	for _, q := range queries.All() {
		query.Subcommands = append(query.Subcommands, &cli.Command{
			Name:               q.Name,
			Category:           q.Group,
			Usage:              q.Question,
			CustomHelpTemplate: strings.ReplaceAll(explain(q), "{{", "{{`{{`}}"),
			Action:             func(c *cli.Context) error { return p.query(c, &q) },
		})
	}
	return query
}

// queryWithoutName lists the queries, or runs --sql.
func (p *program) queryWithoutName(c *cli.Context) error {
	if c.NArg() > 0 {
		_, err := queries.Get(c.Args().First())
		return usageError{err}
	}
	if !c.IsSet("sql") {
		return p.listQueries()
	}
	return p.query(c, nil)
}

// query answers q, or for nil what --sql asks.
func (p *program) query(c *cli.Context, q *queries.Query) error {
	switch {
	case c.NArg() > 0:
		return usagef("query takes one name; after it there is %q: parameters are given as -p name=value", c.Args().First())
	case q != nil && c.IsSet("sql"):
		return usagef("query takes a name or --sql, not both")
	}
	format, err := queryFormat(c)
	if err != nil {
		return usageError{err}
	}
	out := queries.Output{Format: format, SpreadsheetSafe: c.Bool("spreadsheet-safe")}
	if out.SpreadsheetSafe && !format.CanBeSafe() {
		return usagef("--spreadsheet-safe is for csv, tsv and xlsx, and the format is %s", format)
	}
	sql, args, err := queryText(c, q)
	if err != nil {
		return usageError{err}
	}
	if format.Binary() && (c.String("output") == "" || c.String("output") == "-") && isTerminal(p.out) {
		return usagef("%s is no text: name a file with -o, or send it elsewhere than to a terminal", format)
	}
	if err := p.configure(c); err != nil {
		return err
	}
	return p.answer(c.Context, c.String("output"), out, sql, args)
}

func queryFormat(c *cli.Context) (queries.Format, error) {
	if c.Bool("json") {
		if c.IsSet("format") {
			return "", errors.New("--json and --format are both given: keep one")
		}
		return queries.JSON, nil
	}
	if c.IsSet("format") {
		return queries.ParseFormat(c.String("format"))
	}
	if format, ok := queries.FormatOf(c.String("output")); ok {
		return format, nil
	}
	return queries.Table, nil
}

// queryText gives the SQL to run and its arguments.
func queryText(c *cli.Context, q *queries.Query) (string, []any, error) {
	values, err := queries.ParseParams(c.StringSlice("param"))
	if err != nil {
		return "", nil, err
	}
	if q != nil {
		args, err := q.Bind(values)
		return q.SQL, args, err
	}
	sql := strings.TrimRight(c.String("sql"), "; \n\t")
	if strings.TrimSpace(sql) == "" {
		return "", nil, errors.New("--sql is empty")
	}
	var args []any
	for name, value := range values {
		args = append(args, clickhouse.Named(name, value))
	}
	return sql, args, nil
}

// answer runs the query and writes its result.
func (p *program) answer(ctx context.Context, path string, out queries.Output, sql string, args []any) error {
	st, err := p.openKnownStore(ctx)
	if err != nil {
		return err
	}
	return errors.Join(p.writeAnswer(ctx, st, path, out, sql, args), st.Close())
}

// writeAnswer runs the query on an open store.
func (p *program) writeAnswer(ctx context.Context, st *store.Store, path string, out queries.Output, sql string, args []any) error {
	w, done, err := p.createFile(path)
	if err != nil {
		return err
	}
	buffered := bufio.NewWriterSize(w, 1<<16)
	err = out.Write(ctx, st.Conn(), buffered, sql, args...)
	if flushErr := buffered.Flush(); err == nil {
		err = flushErr
	}
	return done(err)
}

func (p *program) listQueries() error {
	group := ""
	for _, q := range queries.All() {
		if q.Group != group {
			if group != "" {
				fmt.Fprintln(p.out)
			}
			group = q.Group
			fmt.Fprintln(p.out, group)
		}
		fmt.Fprintf(p.out, "  %-26s %s\n", q.Name, q.Question)
	}
	_, err := fmt.Fprintln(p.out, "\nmarkwatch query NAME answers one, markwatch query NAME --help explains it.")
	return err
}

// explain is the help of a query.
func explain(q queries.Query) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n\nLeaves out: %s\n", q.Name, q.Question, q.LeavesOut)
	if q.Denominator != "" {
		fmt.Fprintf(&b, "Denominator: %s\n", q.Denominator)
	}
	if len(q.Params) > 0 {
		b.WriteString("\nParameters, as -p name=value:\n")
	}
	for _, param := range q.Params {
		def := param.Default
		if def == "" {
			def = "none"
		}
		help := param.Help
		if len(param.Values) > 0 {
			help += ": " + strings.Join(param.Values, ", ")
		}
		fmt.Fprintf(&b, "  %-24s %s (%s, default %s)\n", param.Name, help, param.Type, def)
	}
	b.WriteString("\nColumns:\n")
	for _, column := range q.Columns {
		fmt.Fprintf(&b, "  %-24s %s\n", column.Name, column.Help)
	}
	b.WriteString("\nFlags are those of markwatch query --help.\n")
	return b.String()
}
