package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"text/template"

	"github.com/ClickHouse/clickhouse-go/v2"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// A migration is one numbered file of SQL. Files are append-only: what a
// released markwatch has applied is never edited.
type migration struct {
	version    uint32
	name       string
	sha256     string
	statements []string
}

// SchemaError says that the store's schema and this markwatch don't fit.
type SchemaError struct {
	Store, Known uint32 // newest migration in the store, and known here
	Reason       string
}

// Error says what to do about it.
func (e *SchemaError) Error() string { return e.Reason }

// migrations returns the schema in order, written for cluster ("" for one server).
func migrations(cluster string) ([]migration, error) {
	files, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	var out []migration
	for _, file := range files {
		m, err := readMigration(file, cluster)
		if err != nil {
			return nil, fmt.Errorf("migration %s: %w", file, err)
		}
		out = append(out, m)
	}
	return out, nil
}

func readMigration(file, cluster string) (migration, error) {
	text, err := migrationFiles.ReadFile(file)
	if err != nil {
		return migration{}, err
	}
	name := strings.TrimSuffix(strings.TrimPrefix(file, "migrations/"), ".sql")
	number, _, _ := strings.Cut(name, "_")
	version, err := strconv.ParseUint(number, 10, 32)
	if err != nil {
		return migration{}, err
	}
	statements, err := render(string(text), cluster)
	sum := sha256.Sum256(text)
	return migration{uint32(version), name, hex.EncodeToString(sum[:]), statements}, err
}

// render expands the words that migrations use, so that one text makes
// the schema of a single server and of a cluster:
//
//	create "t"        CREATE TABLE of t, or of t_local on every node
//	engine "E" args…  the MergeTree engine E, or its Replicated form
//	distributed "t" k nothing, or the table t that spreads over t_local by key k
//	last "T"          the type of a column of an AggregatingMergeTree that keeps the value written last
//	durable           settings by which an insert that is acknowledged survives a loss of power,
//	                  so that no position can outlive the entries before it
//	view "v"          CREATE VIEW, on every node
func render(text, cluster string) ([]string, error) {
	dialect := singleServer()
	if cluster != "" {
		dialect = onCluster(cluster)
	}
	t, err := template.New("migration").Funcs(dialect).Parse(text)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := t.Execute(&out, nil); err != nil {
		return nil, err
	}
	return splitStatements(out.String()), nil
}

func singleServer() template.FuncMap {
	return template.FuncMap{
		"create": func(table string) string { return "CREATE TABLE IF NOT EXISTS " + table },
		"engine": func(engine string, args ...string) string {
			return engine + "(" + strings.Join(args, ", ") + ")"
		},
		"distributed": func(table, key string) string { return "" },
		"durable":     durable,
		"last":        last,
		"view":        func(view string) string { return "CREATE VIEW IF NOT EXISTS " + view },
	}
}

func onCluster(cluster string) template.FuncMap {
	on := " ON CLUSTER '" + strings.ReplaceAll(cluster, "'", "''") + "'"
	return template.FuncMap{
		"create": func(table string) string { return "CREATE TABLE IF NOT EXISTS " + table + "_local" + on },
		"engine": func(engine string, args ...string) string {
			// Each table has its own path in Keeper by the macros that every replicated server defines.
			args = append([]string{"'/clickhouse/tables/{shard}/{database}/{table}'", "'{replica}'"}, args...)
			return "Replicated" + engine + "(" + strings.Join(args, ", ") + ")"
		},
		"distributed": func(table, key string) string {
			return fmt.Sprintf(";\nCREATE TABLE IF NOT EXISTS %[1]s%[2]s AS %[1]s_local ENGINE = Distributed('%[3]s', currentDatabase(), %[1]s_local, %[4]s)",
				table, on, strings.ReplaceAll(cluster, "'", "''"), key)
		},
		"durable": durable,
		"last":    last,
		"view":    func(view string) string { return "CREATE VIEW IF NOT EXISTS " + view + on },
	}
}

func last(kind string) string { return "SimpleAggregateFunction(anyLast, " + kind + ")" }

func durable() string { return "SETTINGS fsync_after_insert = 1, fsync_part_directory = 1" }

// splitStatements cuts a migration at the semicolons that end a line; comment
// lines are dropped first, so that a semicolon in one cuts nothing.
func splitStatements(text string) []string {
	var lines []string
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(strings.TrimSpace(line), "--") {
			lines = append(lines, line)
		}
	}
	var out []string
	for _, statement := range strings.Split(strings.Join(lines, ""), ";\n") {
		if statement = strings.TrimSpace(statement); statement != "" {
			out = append(out, strings.TrimSuffix(statement, ";"))
		}
	}
	return out
}

const migrationsTable = `{{create "schema_migrations"}} (
    version UInt32, name String, sha256 FixedString(64), applied_at DateTime64(3, 'UTC') DEFAULT now64(3)
) ENGINE = {{engine "ReplacingMergeTree"}} ORDER BY version {{durable}}
{{distributed "schema_migrations" "version"}};
`

// migrate brings the store to the schema that this markwatch knows. Each
// statement may be repeated, so a crash between them costs nothing.
func (s *Store) migrate(ctx context.Context) error {
	known, err := migrations(s.cluster)
	if err != nil {
		return err
	}
	applied, err := s.appliedMigrations(ctx)
	if err != nil {
		return fmt.Errorf("reading the schema's version: %w", err)
	}
	if err := checkSchema(known, applied); err != nil {
		return err
	}
	missing := known[len(applied):]
	for i, m := range missing {
		if err := s.execAll(ctx, m.statements); err != nil {
			return errors.Join(fmt.Errorf("applying migration %s: %w", m.name, err), s.record(ctx, missing[:i]))
		}
	}
	return s.record(ctx, missing)
}

func (s *Store) appliedMigrations(ctx context.Context) ([]migration, error) {
	statements, err := render(migrationsTable, s.cluster)
	if err != nil {
		return nil, err
	}
	if err := s.execAll(ctx, statements); err != nil {
		return nil, err
	}
	rows, err := s.conn.Query(ctx, "SELECT version, name, sha256 FROM schema_migrations FINAL ORDER BY version")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []migration
	for rows.Next() {
		var m migration
		if err := rows.Scan(&m.version, &m.name, &m.sha256); err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, rows.Err()
}

// checkSchema accepts a store whose migrations are a prefix of the known ones.
func checkSchema(known, applied []migration) error {
	newest := func(ms []migration) uint32 {
		if len(ms) == 0 {
			return 0
		}
		return ms[len(ms)-1].version
	}
	fault := &SchemaError{Store: newest(applied), Known: newest(known)}
	if fault.Store > fault.Known {
		fault.Reason = fmt.Sprintf("the store's schema is version %d and this markwatch knows %d: use the markwatch that wrote it or a newer one; nothing was changed", fault.Store, fault.Known)
		return fault
	}
	for i, a := range applied {
		if a.version != known[i].version || a.sha256 != known[i].sha256 {
			fault.Reason = fmt.Sprintf("the store's migration %s is not the one that this markwatch knows (%s): the store was written by an unreleased build; export from it with that build, or start a new store", a.name, known[i].name)
			return fault
		}
	}
	return nil
}

// record writes down that migrations are applied, all at once: each insert costs as much as two tables.
func (s *Store) record(ctx context.Context, applied []migration) error {
	if len(applied) == 0 {
		return nil
	}
	var versions []uint32
	var names, sums []string
	for _, m := range applied {
		versions, names, sums = append(versions, m.version), append(names, m.name), append(sums, m.sha256)
	}
	err := s.conn.Exec(ctx, `INSERT INTO schema_migrations (version, name, sha256)
		SELECT m.1, m.2, m.3 FROM (SELECT arrayJoin(arrayZip({versions:Array(UInt32)}, {names:Array(String)}, {sums:Array(String)})) AS m)`,
		clickhouse.Named("versions", versions), clickhouse.Named("names", names), clickhouse.Named("sums", sums))
	if err != nil {
		return fmt.Errorf("recording the migrations: %w", err)
	}
	return nil
}

func (s *Store) execAll(ctx context.Context, statements []string) error {
	for _, statement := range statements {
		if err := s.conn.Exec(ctx, statement); err != nil {
			first, _, _ := strings.Cut(statement, "\n")
			return fmt.Errorf("%s …: %w", first, err)
		}
	}
	return nil
}
