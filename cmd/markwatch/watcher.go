package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/urfave/cli/v2"

	"markwatch/internal/alert"
	"markwatch/internal/alert/notice"
	"markwatch/parse/lint"
	"markwatch/scanner"
	"markwatch/store"
)

// watcher holds the parts of a running watch.
type watcher struct {
	store   *store.Store
	roster  *roster  // which logs are followed
	members []member // at the start
	listing *listing // the log list; nil: none
	names   []string // of --log; none: all logs
	config  *Config
	log     *slog.Logger
	metrics *metrics
	board   *board // what the terminal shows
	once    bool
	listen  string
	lint    lint.Checker
	stored  chan struct{} // woken after each commit
	paces   sync.Map      // *scanner.Pace by the log's id

	dispatcher *alert.Dispatcher
	renderer   *notice.Renderer
	alarms     map[string]bool        // whether an alarm lasts, by kind and log
	unstored   map[string]store.Alarm // alarms that the store did not take, and that were told

	listFailed int // how often in a row the log list was not renewed; the roster's goroutine's

	owner        string        // of claims: this process
	batchEntries int           // as in program
	claimLife    time.Duration // likewise
}

func watchCommand(p *program) *cli.Command {
	return &cli.Command{
		Name:  "watch",
		Usage: "follow the logs and keep what they say",
		Description: `Without configuration, watch follows the built-in logs into the embedded store.
It goes on where it stopped; killing it at any moment loses nothing.

Examples:
  markwatch watch
  markwatch watch --once
  markwatch watch --log gorgon --listen ""
  markwatch watch --log-list https://www.gstatic.com/ct/log_list/v3/log_list.json
  markwatch --store http://localhost:8123/markwatch watch
  markwatch --store http://localhost:8123/markwatch watch --ranges 4 --claim
  markwatch --store http://localhost:8123/markwatch watch --ranges 4 --claim --no-match`,
		Flags: []cli.Flag{
			&cli.StringSliceFlag{Name: "log", Usage: "follow only the log of this `NAME`; may be repeated"},
			logListFlag(),
			&cli.BoolFlag{Name: "once", Usage: "stop at the current tree heads"},
			&cli.IntFlag{Name: "ranges", Usage: "read a log that is far behind in `N` ranges side by side"},
			&cli.BoolFlag{Name: "claim", Usage: "share the logs with others that watch into the same store, each range with one of them"},
			&cli.BoolFlag{Name: "no-match", Usage: "only read, prove and keep; leave logos and hits to another watch with the same store, now or later"},
			&cli.StringFlag{Name: "poll", Usage: "look at each log's tree head so often, as `30s` (default: 30s for logs of marks, 5m for others)"},
			&cli.StringFlag{Name: "listen", Usage: "serve /healthz, /metrics and the feeds on this `ADDRESS`; \"\" serves nothing (default: " + defaultListen + ")"},
		},
		Action: p.watch,
	}
}

func (p *program) watch(c *cli.Context) error {
	if c.NArg() > 0 {
		return usagef("watch takes no arguments, but there is %q; name a log with --log", c.Args().First())
	}
	if err := p.configure(c); err != nil {
		return err
	}
	names := c.StringSlice("log")
	if p.config.LogList == "" {
		if _, err := p.chosenLogs(names); err != nil {
			return err
		}
	}
	st, err := p.openStore(c.Context)
	if err != nil {
		return err
	}
	return errors.Join(p.watchStore(c.Context, st, names, c.Bool("once")), st.Close())
}

// watchStore follows the logs of these names into a store.
func (p *program) watchStore(ctx context.Context, st *store.Store, names []string, once bool) error {
	if st.Shared() && !p.config.Claim {
		p.log.Warn("another markwatch has this store open; if it watches too, its logs are read twice; with --claim they share the work", "store", st.Location())
	}
	listing, err := p.newListing(st)
	if err != nil {
		return err
	}
	members, err := p.initialMembers(ctx, listing, names)
	if err != nil {
		return err
	}
	roots, err := p.config.markRoots()
	if err != nil {
		return err
	}
	w, err := p.newWatcher(st, members, once)
	if err != nil {
		return err
	}
	w.listing, w.names = listing, names
	for _, root := range roots {
		w.lint.Roots = append(w.lint.Roots, root.SHA256)
	}
	return w.run(ctx)
}

func (p *program) newWatcher(st *store.Store, members []member, once bool) (*watcher, error) {
	m := newMetrics()
	board := newBoard(p.streams, p.newLogger)
	w := &watcher{store: st, members: members, config: p.config, log: board.logger, metrics: m, board: board, once: once, listen: p.config.Listen, stored: make(chan struct{}, 1), batchEntries: p.batchEntries, claimLife: p.claimLife, owner: newOwner(), alarms: map[string]bool{}, unstored: map[string]store.Alarm{}}
	var err error
	if w.dispatcher, w.renderer, err = p.dispatcher(st, w.log, m.sent); err != nil {
		board.close()
		return nil, err
	}
	if once {
		w.listen = "" // there is nothing to watch for long
	}
	return w, nil
}

// chosenLogs are the configured logs with these names; all for none.
func (p *program) chosenLogs(names []string) ([]scanner.Log, error) {
	logs, err := p.config.logs()
	if err != nil || len(names) == 0 {
		return logs, err
	}
	var known []string
	for _, log := range logs {
		known = append(known, log.Name)
	}
	var chosen []scanner.Log
	for _, name := range names {
		i := slices.Index(known, name)
		if i < 0 {
			return nil, usagef("there is no log %q; there are: %v", name, known)
		}
		chosen = append(chosen, logs[i])
	}
	return chosen, nil
}

// run follows all logs, each by itself, matches what they bring, and serves. It
// returns when ctx ends, or with once when all logs are read or given up and
// what was read is matched.
func (w *watcher) run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w.roster = w.newRoster()
	server, err := w.startServer(ctx)
	if err != nil {
		return err
	}
	defer w.board.close()
	scanned, matched := make(chan struct{}), make(chan error, 1)
	go func() { matched <- w.keepMatched(ctx, scanned) }()
	endTelling := w.keepTelling(ctx)
	roots := make(chan struct{})
	go func() {
		defer close(roots)
		if !w.once {
			w.keepRoots(ctx)
		}
	}()
	w.roster.run(ctx, w.members) // each log reports for itself; all may be stopped, and what is stored is still served
	<-roots
	close(scanned)
	matchErr := <-matched
	endTelling(matchErr == nil)
	cancel()
	if err := server.wait(); err != nil {
		return err
	}
	w.board.close()
	if matchErr != nil && !errors.Is(matchErr, context.Canceled) {
		return fmt.Errorf("matching what was read: %w", matchErr)
	}
	if failed, all := w.roster.failed(); failed > 0 {
		others := "; the others are done"
		if failed == all {
			others = ""
		}
		fmt.Fprintf(w.board.err, "markwatch: %d of %d logs could not be read to their head%s\n", failed, all, others)
		return errReported
	}
	return nil
}

// keepTelling tells people of hits, and of what is wrong with the logs, while
// watch runs. What it returns ends that: with once, all that is due is sent first.
func (w *watcher) keepTelling(ctx context.Context) (end func(matched bool)) {
	if w.once {
		return func(matched bool) {
			if !matched || ctx.Err() != nil {
				return
			}
			if err := w.dispatcher.Drain(ctx); err != nil {
				w.log.Error("not everything could be sent; what waits is sent at the next run", "error", err)
			}
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	running.Go(func() { w.dispatcher.Run(ctx) })
	running.Go(func() { w.keepAlarms(ctx) })
	if w.config.Alert.Ping != "" {
		running.Go(func() { w.keepPinging(ctx, w.config.Alert.Ping, w.config.Alert.pingEvery()) })
	}
	return func(bool) {
		cancel()
		running.Wait()
	}
}

// followOrReport follows a log and says in words why it ended, if it should not have.
func (w *watcher) followOrReport(ctx context.Context, log scanner.Log) error {
	var state *store.LogState
	err := w.patiently(ctx, log, "the store does not say how a log stands; it is asked again", func() (err error) {
		state, err = w.store.LogState(ctx, log)
		return err
	})
	w.metrics.started(log, state)
	if err == nil && state != nil && state.State == store.StateStopped {
		err = fmt.Errorf("the log was stopped: %s; when a person has looked at it: markwatch logs resume %s", state.Detail, log.Name)
		w.metrics.stopped(log, state.Detail)
	} else if err == nil {
		w.board.started(log, state)
		err = w.readLog(ctx, log)
	}
	if err == nil || ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return nil
	}
	var stopped *store.StoppedError
	if errors.As(err, &stopped) { // by another process
		w.metrics.stopped(log, stopped.Reason)
	}
	w.board.ended(log, err)
	w.log.Error("a log is not read on", "log", log.Name, "error", err)
	return err
}

func (w *watcher) scanConfig(log scanner.Log, position scanner.Position) scanner.Config {
	return scanner.Config{
		Log: log, Position: position, Once: w.once || w.roster.ends(log),
		Leaves:       w.leaves(log),
		UserAgent:    w.config.userAgent(),
		MaxRate:      w.config.rateFor(log),
		Pace:         w.pace(log),
		Bandwidth:    w.config.Bandwidth,
		PollInterval: time.Duration(w.config.Poll),
		BatchEntries: w.batchEntries,
		Observe: func(e scanner.Event) {
			w.metrics.observe(log, e)
			w.board.observe(log, e)
		},
	}
}

// pace is that of all that asks a log here.
func (w *watcher) pace(log scanner.Log) *scanner.Pace {
	pace, _ := w.paces.LoadOrStore(log.ID(), &scanner.Pace{})
	return pace.(*scanner.Pace)
}

// writeEvidence keeps what proves that a log lied.
func (w *watcher) writeEvidence(log scanner.Log, evidence []byte) (string, error) {
	return writeEvidenceFile(w.config.evidenceDir(w.store.Dir()), fileName(log.Name), evidence)
}

// fileName keeps of a log's name what is safe in a file's.
func fileName(name string) string {
	safe := []rune(name)
	for i, r := range safe {
		if !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-' || r == '_') {
			safe[i] = '_'
		}
	}
	return string(safe)
}
