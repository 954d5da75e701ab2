package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/urfave/cli/v2"
	"golang.org/x/term"

	"markwatch/store"
)

// program is what the commands share: where they write, and how they are configured.
type program struct {
	streams
	log       *slog.Logger
	newLogger func(io.Writer) *slog.Logger // like log, to another place
	config    *Config

	batchEntries int           // about how many entries are stored at once; 0: what the scanner takes
	claimLife    time.Duration // for which a claim lasts that isn't renewed; 0: claimLife
}

// setUp makes the logger; the configuration is read by the commands that need it.
func (p *program) setUp(c *cli.Context) error {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.String("log-level"))); err != nil {
		return usagef("--log-level %q: use debug, info, warn or error", c.String("log-level"))
	}
	options := &slog.HandlerOptions{Level: level}
	switch c.String("log-format") {
	case "text":
		p.newLogger = func(w io.Writer) *slog.Logger { return slog.New(slog.NewTextHandler(w, options)) }
	case "json":
		p.newLogger = func(w io.Writer) *slog.Logger { return slog.New(slog.NewJSONHandler(w, options)) }
	default:
		return usagef("--log-format %q: use text or json", c.String("log-format"))
	}
	p.log = p.newLogger(p.err)
	return nil
}

// configure reads the configuration and lets the flags that a command has win over it.
func (p *program) configure(c *cli.Context) error {
	config, err := loadConfig(c.String("config"), os.Getenv)
	if err != nil {
		return err
	}
	if c.IsSet("store") {
		config.Store = c.String("store")
	}
	if c.IsSet("cluster") {
		config.Cluster = c.String("cluster")
	}
	if c.IsSet("listen") {
		config.Listen = c.String("listen")
	}
	if c.IsSet("poll") {
		if err := config.Poll.UnmarshalYAML([]byte(c.String("poll"))); err != nil {
			return usagef("--poll %w", err)
		}
	}
	if c.IsSet("ranges") {
		if config.Ranges = c.Int("ranges"); config.Ranges < 0 || config.Ranges > maxRequests {
			return usagef("--ranges %d: read 0 (in order) to %d ranges side by side", config.Ranges, maxRequests)
		}
	}
	if c.IsSet("claim") {
		config.Claim = c.Bool("claim")
	}
	if c.IsSet("no-match") {
		config.NoMatch = c.Bool("no-match")
	}
	if c.IsSet("log-list") {
		config.LogList = c.String("log-list")
	}
	p.config = config
	return nil
}

// openStore opens the configured store.
func (p *program) openStore(ctx context.Context) (*store.Store, error) {
	return store.Open(ctx, store.Options{DSN: p.config.Store, Cluster: p.config.Cluster, Logger: p.log})
}

// openKnownStore opens the configured store, or where none is configured the
// one that somebody who just ran markwatch means: the default one if it is
// there, else the demo's.
func (p *program) openKnownStore(ctx context.Context) (*store.Store, error) {
	if p.config.Store == "" {
		demo, err := demoStoreDir()
		if err != nil {
			return nil, err
		}
		switch {
		case preferDemo(demo):
			fmt.Fprintf(p.err, "markwatch: reading the demo's invented world in %s (name another store with --store)\n", demo)
			p.config.Store = demo
		case onlyDemo():
			fmt.Fprintln(p.err, "markwatch: the store is new and empty: markwatch watch fills it from the logs; markwatch demo shows an invented world")
		}
	}
	return p.openStore(ctx)
}

// withStore is the course of a command that reads or changes what is stored: it
// reads the configuration, opens the store that the caller means, and closes it
// when f returns.
func (p *program) withStore(c *cli.Context, f func(ctx context.Context, st *store.Store) error) error {
	if err := p.configure(c); err != nil {
		return err
	}
	st, err := p.openKnownStore(c.Context)
	if err != nil {
		return err
	}
	return errors.Join(f(c.Context, st), st.Close())
}

// demoStoreDir is where the demo keeps its world, apart from real data.
func demoStoreDir() (string, error) {
	dir, err := store.DefaultDir()
	return dir + "-demo", err
}

// preferDemo tells whether a reader who names no store means the demo's: the
// demo runs and no real watch does, or only the demo's store exists.
func preferDemo(demo string) bool {
	real, err := store.DefaultDir()
	if err != nil || !exists(demo) {
		return false
	}
	return onlyDemo() || store.Running(demo) && !store.Running(real)
}

// onlyDemo tells whether there is no default store, so that who names none
// means the demo's, running or not, if there is that.
func onlyDemo() bool {
	real, err := store.DefaultDir()
	return err == nil && !exists(real)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// isTerminal tells whether a person looks at w.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
