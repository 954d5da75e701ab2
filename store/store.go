// Package store keeps what markwatch knows in ClickHouse: the schema, the
// commits of a scan, and the reads of state. One SQL and one driver
// (clickhouse-go over ClickHouse's HTTP interface) serve a server, a cluster
// and the engine in this process (store/chdb); the code above can't tell which.
//
// Keys are deterministic and a log's position is written last, so a commit that
// was cut off anywhere is repeated and changes nothing but what was missing.
package store

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"markwatch/store/chdb"
)

// Options say which store to open.
type Options struct {
	DSN     string       // a directory, or http(s)://user:password@host:port/database; "" is DefaultDir
	Cluster string       // name of the cluster of a server's configuration: Replicated and Distributed tables
	Logger  *slog.Logger // of the embedded engine; nil: nothing is logged
}

// Store is an open store. It is safe for concurrent use.
type Store struct {
	conn     driver.Conn
	engine   *chdb.Engine // nil with a server
	location location
	cluster  string
	chains   fingerprints // of the CA certificates already written by this process
	logs     fingerprints // of the logs' descriptions and of tree heads of ranges, likewise
}

// Open connects to the store, creating it and bringing its schema up to date
// as needed. A store of a newer schema is a *SchemaError and stays untouched.
func Open(ctx context.Context, opts Options) (*Store, error) {
	loc, err := parseDSN(opts.DSN)
	if err != nil {
		return nil, err
	}
	if loc.dir != "" && opts.Cluster != "" {
		return nil, fmt.Errorf("a cluster (%s) needs a ClickHouse server: name it with --store https://…", opts.Cluster)
	}
	s := &Store{location: loc, cluster: opts.Cluster}
	if loc.dir != "" {
		if s.engine, err = chdb.Open(ctx, loc.dir, chdb.Options{Logger: opts.Logger}); err != nil {
			return nil, err
		}
	}
	if err := s.connect(ctx); err != nil {
		s.Close()
		return nil, fmt.Errorf("opening the store %s: %w", loc, plain(err))
	}
	s.tidy(ctx)
	return s, nil
}

// plain says what the driver means when a server can't be reached or is none
// of ClickHouse's.
func plain(err error) error {
	var network *net.OpError
	var exception *clickhouse.Exception
	switch {
	case errors.As(err, &network):
		return fmt.Errorf("the server does not answer: %w; see whether it runs and the address is right", network)
	case !errors.As(err, &exception) && strings.Contains(err.Error(), "server hello"):
		return errors.New("what answers there is not ClickHouse's HTTP interface; see whether the address and port are right (8123, or 8443 with https)")
	}
	return err
}

func (s *Store) connect(ctx context.Context) error {
	if err := s.createDatabase(ctx); err != nil {
		return err
	}
	var err error
	if s.conn, err = clickhouse.Open(s.driverOptions(s.location.database)); err != nil {
		return err
	}
	return s.migrate(ctx)
}

// createDatabase makes the database where it is missing; a server's user who
// may not create one can still use one that exists.
func (s *Store) createDatabase(ctx context.Context) error {
	conn, err := clickhouse.Open(s.driverOptions("default"))
	if err != nil {
		return err
	}
	defer conn.Close()
	on := ""
	if s.cluster != "" {
		on = " ON CLUSTER " + quote(s.cluster)
	}
	create := conn.Exec(ctx, "CREATE DATABASE IF NOT EXISTS "+identifier(s.location.database)+on)
	if create == nil {
		return nil
	}
	var exists uint8
	row := conn.QueryRow(ctx, "SELECT count() > 0 FROM system.databases WHERE name = {name:String}", clickhouse.Named("name", s.location.database))
	if err := row.Scan(&exists); err == nil && exists == 1 {
		return nil
	}
	return create
}

func (s *Store) driverOptions(database string) *clickhouse.Options {
	opts := &clickhouse.Options{
		Protocol:     clickhouse.HTTP,
		Addr:         []string{s.location.addr},
		Auth:         clickhouse.Auth{Database: database, Username: s.location.user, Password: s.location.password},
		Settings:     clickhouse.Settings{"final": 1, "date_time_output_format": "iso"},
		DialTimeout:  10 * time.Second,
		ReadTimeout:  time.Hour, // an export streams for as long as it takes
		MaxOpenConns: 32,
		MaxIdleConns: 8,
	}
	if s.cluster != "" {
		opts.Settings["distributed_product_mode"] = "global"
		opts.Settings["distributed_foreground_insert"] = 1
	}
	if s.engine != nil {
		opts.Addr = []string{"embedded:8123"}
		opts.TransportFunc = func(*http.Transport) (http.RoundTripper, error) { return s.engine.Transport(), nil }
		return opts
	}
	if s.location.tls { // without it the server is near, and compressing costs more than it saves
		opts.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
		opts.Compression = &clickhouse.Compression{Method: clickhouse.CompressionLZ4}
	}
	return opts
}

// Conn is the connection for reading: every table that has a version or a key
// is read as if merged (the setting final), so that no query counts a repeated
// write.
func (s *Store) Conn() driver.Conn { return s.conn }

// Location names the store for messages, without its password.
func (s *Store) Location() string { return s.location.String() }

// Dir is the embedded store's directory; "" for a server.
func (s *Store) Dir() string { return s.location.dir }

// Shared tells whether another process owns the embedded engine and this one
// talks to it.
func (s *Store) Shared() bool { return s.engine != nil && !s.engine.Owner() }

// Close ends the connection and, for its owner, the engine. What was committed stays.
func (s *Store) Close() error {
	var err error
	if s.conn != nil {
		err = s.conn.Close()
	}
	if s.engine != nil {
		if engineErr := s.engine.Close(); err == nil {
			err = engineErr
		}
	}
	return err
}

func quote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}

func identifier(s string) string {
	return "`" + strings.NewReplacer("\\", "\\\\", "`", "\\`").Replace(s) + "`"
}

// Running tells whether a process has the embedded store in dir open as its owner.
func Running(dir string) bool { return chdb.Running(dir) }
