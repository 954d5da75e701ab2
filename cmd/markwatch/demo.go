package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/urfave/cli/v2"
	"golang.org/x/sync/errgroup"

	"markwatch/internal/demo"
	"markwatch/queries"
	"markwatch/scanner"
	"markwatch/store"
)

func demoCommand(p *program) *cli.Command {
	return &cli.Command{
		Name:  "demo",
		Usage: "show everything against a local log of an invented world",
		Description: `The demo makes a signed log of invented organisations, marks and certificates on
this machine, which keeps growing, and watches it into a store of its own. Its world begins anew each time.

Examples:
  markwatch demo
  markwatch demo --speed 10
  markwatch demo --once`,
		Flags: []cli.Flag{
			&cli.Float64Flag{Name: "speed", Value: 1, Usage: "let the log grow `N` times as fast; 1 is a submission every two seconds"},
			&cli.BoolFlag{Name: "once", Usage: "stop at the current tree head, with a summary"},
			&cli.Uint64Flag{Name: "seed", Value: 1, Usage: "invent the world of this `NUMBER`"},
			&cli.StringFlag{Name: "listen", Usage: "serve /healthz and /metrics on this `ADDRESS`; \"\" serves nothing (default: " + defaultListen + ")"},
		},
		Action: p.demo,
	}
}

// demoPace is the time between two submissions at speed 1.
const demoPace = 2 * time.Second

func (p *program) demo(c *cli.Context) error {
	speed := c.Float64("speed")
	switch {
	case c.NArg() > 0:
		return usagef("demo takes no arguments, but there is %q", c.Args().First())
	case !(speed > 0 && speed <= 1000):
		return usagef("--speed must be above 0 and at most 1000")
	}
	if err := p.configure(c); err != nil {
		return err
	}
	st, err := p.openDemoStore(c.Context)
	if err != nil {
		return err
	}
	options := demo.LogOptions{Interval: time.Duration(float64(demoPace) / speed), Once: c.Bool("once")}
	err = p.runDemo(c.Context, st, demo.NewWorld(c.Uint64("seed")), options)
	if err == nil {
		err = p.demoSummary(context.WithoutCancel(c.Context), st, options.Once)
	}
	return errors.Join(err, st.Close())
}

// runDemo serves the world's log on this machine and watches it.
func (p *program) runDemo(ctx context.Context, st *store.Store, world *demo.World, options demo.LogOptions) error {
	log, grow, err := world.Log(ctx, options)
	if err != nil {
		return fmt.Errorf("inventing the demo's world: %w", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("serving the demo's log: %w", err)
	}
	url := "http://" + listener.Addr().String()
	server := &http.Server{Handler: log.Handler(), ReadHeaderTimeout: 10 * time.Second}
	watched := scanner.Log{Name: strings.ToLower(demo.LogName), URL: url, Type: scanner.RFC6962, Key: log.PublicKey(), MMD: time.Hour, Marks: true}
	p.config.Poll = Duration(min(options.Interval, time.Second))
	fmt.Fprintf(p.err, demoWelcome, len(world.Organisations), demo.LogName, url, log.Size(), p.command(st, true))

	p.config.Alert = AlertConfig{} // nobody is to hear of what is invented
	w, err := p.newWatcher(st, []member{{log: watched, wanted: true}}, options.Once)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	w.lint.Logs = [][32]byte{watched.ID()} // in this world it is approved, and so are the roots
	for _, root := range world.Roots() {
		w.lint.Roots = append(w.lint.Roots, sha256.Sum256(root))
	}
	group, ctx := errgroup.WithContext(ctx)
	watching, stop := context.WithCancel(ctx)
	group.Go(func() error { return ignore(server.Serve(listener), http.ErrServerClosed) })
	group.Go(func() error { return grow(watching) })
	group.Go(func() error {
		defer stop()
		defer server.Close()
		return w.run(ctx)
	})
	return group.Wait()
}

const demoWelcome = `An invented world of %[1]d organisations, their marks and those who imitate them.
Nothing in it is real. Its log %[2]s is served at %[3]s
and holds %[4]d entries; markwatch reads it like any log, and proves it.
In a second terminal:
  %[5]s query marks
  %[5]s alerts list
  %[5]s logs
Ctrl-C ends the demo.

`

// command is how this markwatch is called to read the store that st is, while
// the demo runs or afterwards.
func (p *program) command(st *store.Store, running bool) string {
	name := os.Args[0]
	if demo, err := demoStoreDir(); err == nil && st.Dir() == demo && (onlyDemo() || running && preferDemo(demo)) {
		return name
	}
	return name + " --store " + shellWord(st.Location())
}

// shellWord quotes s for a shell where that is needed.
func shellWord(s string) string {
	if strings.IndexFunc(s, func(r rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-:@%+=", r)
	}) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// demoMark is a file that tells the demo's store, which it may clear, from others.
const demoMark = "INVENTED-WORLD"

// openDemoStore opens an empty store: the demo's own directory, cleared of the
// world before, or the one that is named, which must be empty or the demo's.
func (p *program) openDemoStore(ctx context.Context) (*store.Store, error) {
	if strings.Contains(p.config.Store, "://") {
		return p.openEmptyServer(ctx)
	}
	dir := p.config.Store
	if dir == "" {
		var err error
		if dir, err = demoStoreDir(); err != nil {
			return nil, err
		}
	}
	if store.Running(dir) {
		return nil, fmt.Errorf("the store %s is in use: another demo runs; end it, or name another directory with --store", dir)
	}
	if err := clearDemo(dir); err != nil {
		return nil, err
	}
	p.config.Store = dir
	return p.openStore(ctx)
}

// clearDemo leaves dir empty but for the demo's mark.
func clearDemo(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("opening the demo's store: %w", err)
	}
	if len(entries) > 0 && !exists(filepath.Join(dir, demoMark)) {
		return fmt.Errorf("%s is not empty and not a demo's store: the demo would mix its invented world into it; name another directory with --store", dir)
	}
	for _, e := range entries {
		if e.Name() == demoMark {
			continue
		}
		if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
			return fmt.Errorf("clearing the demo's store: %w", err)
		}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("making the demo's store: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, demoMark), []byte("This store holds the invented world of markwatch demo, which begins anew with each demo.\n"), 0o600); err != nil {
		return fmt.Errorf("making the demo's store: %w", err)
	}
	return nil
}

func (p *program) openEmptyServer(ctx context.Context) (*store.Store, error) {
	st, err := p.openStore(ctx)
	if err != nil {
		return nil, err
	}
	states, err := st.Logs(ctx)
	if err == nil && len(states) > 0 {
		err = fmt.Errorf("the store %s already holds logs: the demo would mix its invented world into it; name an empty database", st.Location())
	}
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	return st, nil
}

// demoSummary says what the demo saw and what to try next.
func (p *program) demoSummary(ctx context.Context, st *store.Store, once bool) error {
	q, err := queries.Get("totals")
	if err != nil {
		return err
	}
	args, err := q.Bind(nil)
	if err != nil {
		return err
	}
	if err := queries.Write(ctx, st.Conn(), p.out, queries.Table, q.SQL, args...); err != nil {
		return err
	}
	if !once {
		return nil
	}
	command := p.command(st, false)
	_, err = fmt.Fprintf(p.out, `
Try next:
  %[1]s query                                what can be asked
  %[1]s query marks -p register=EM           the marks of one register
  %[1]s query countries --format csv         for a spreadsheet
  %[1]s query marks --help                   what the columns mean
  %[1]s alerts list                          who resembles whom, and why
  %[1]s logs                                 how far the log is read and proved
`, command)
	return err
}

func ignore(err, expected error) error {
	if errors.Is(err, expected) {
		return nil
	}
	return err
}
