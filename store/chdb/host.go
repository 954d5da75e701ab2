package chdb

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// markerSetting carries each request's number, so that its query can be found among those that run and be killed.
const markerSetting = "log_comment"

// killInterval is how often a query that was told to stop is told again; it may not have begun yet.
const killInterval = 20 * time.Millisecond

// host runs the engine in this process and gives out sessions of it, one for each request, as a server's HTTP interface
// does: a session costs 0.3 ms, and nothing that one request sets is seen by another.
type host struct {
	lib       *library
	arguments []string
	defaults  map[string]string
	logger    *slog.Logger
	anchor    *conn // keeps the engine running between requests

	requests atomic.Uint64

	mu     sync.Mutex
	closed bool           // no request begins any more
	active sync.WaitGroup // of the requests that run; added to under mu

	halt   context.CancelFunc // stops what runs
	halted <-chan struct{}
}

// errClosed is the answer to requests after Close.
var errClosed = errors.New("the embedded engine is closed")

// startHost starts the engine on dir, which this process has locked.
func startHost(dir, libraryPath string, opts Options) (*host, error) {
	l := newLimits(opts)
	h := &host{arguments: arguments(dir), defaults: l.settings(), logger: opts.Logger}
	if err := os.WriteFile(filepath.Join(dir, configFile), l.configuration(), 0o600); err != nil {
		return nil, fmt.Errorf("writing the engine's configuration: %w%s", err, remedy(err))
	}
	err := keepingSignals(func() (err error) {
		if h.lib, err = loadLibrary(libraryPath); err != nil {
			return err
		}
		h.lib.setSignalHandlers(0)
		h.anchor, err = h.lib.open(h.arguments)
		return err
	})
	if errors.Is(err, errRefused) {
		return nil, fmt.Errorf("starting the ClickHouse engine in %s: it refused; another engine may run in this process, or the data may be of a later version", dir)
	}
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	h.halt, h.halted = cancel, ctx.Done()
	return h, nil
}

// begin counts a request in; end must be called after it.
func (h *host) begin() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return errClosed
	}
	h.active.Add(1)
	return nil
}

func (h *host) end() { h.active.Done() }

// close waits until no request runs, first patiently, then stopping those that are left. The engine is left alone, and the
// error says so, if one can't be stopped: to free what a query is using would crash the process.
func (h *host) close(patience time.Duration) error {
	h.mu.Lock()
	h.closed = true
	h.mu.Unlock()
	idle := make(chan struct{})
	go func() { h.active.Wait(); close(idle) }()
	for _, last := range []bool{false, true} {
		timer := time.NewTimer(patience)
		select {
		case <-idle:
			timer.Stop()
			h.halt()
			h.anchor.close()
			return nil
		case <-timer.C:
		}
		if !last {
			h.halt()
		}
	}
	return fmt.Errorf("closing the embedded engine: requests still run after %s", 2*patience)
}

// session opens a session for one request, with its database and settings. The stop function ends it; cancelling ctx
// kills what it runs.
func (h *host) session(ctx context.Context, req *request) (c *conn, stop func(), err error) {
	c, err = h.lib.open(h.arguments)
	if err != nil {
		return nil, nil, fmt.Errorf("opening a session of the embedded engine: %w", err)
	}
	marker := "#" + strconv.FormatUint(h.requests.Add(1), 10)
	for _, statement := range req.prologue(h.defaults, marker) {
		if err := c.exec(statement); err != nil {
			c.close()
			return nil, nil, err
		}
	}
	if req.insert {
		return c, c.close, nil // stops by its body
	}
	idle, killed := make(chan struct{}), make(chan struct{})
	disarm := context.AfterFunc(ctx, func() {
		defer close(killed)
		_ = onOneThread(func() error { h.kill(req.settings[markerSetting]+marker, idle); return nil })
	})
	return c, func() {
		close(idle)
		if !disarm() {
			<-killed
		}
		c.close()
	}, nil
}

// kill stops the query with the marker, telling it again until its session is idle.
func (h *host) kill(marker string, idle <-chan struct{}) {
	c, err := h.lib.open(h.arguments)
	if err != nil {
		h.logger.Warn("stopping a query of the embedded engine", "error", err)
		return
	}
	defer c.close()
	ticker := time.NewTicker(killInterval)
	defer ticker.Stop()
	for {
		if err := c.exec("KILL QUERY WHERE Settings['" + markerSetting + "'] = " + quote(marker, '\'') + " ASYNC"); err != nil {
			h.logger.Warn("stopping a query of the embedded engine", "error", err)
			return
		}
		select {
		case <-idle:
			return
		case <-ticker.C:
		}
	}
}
