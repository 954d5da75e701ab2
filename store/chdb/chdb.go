// Package chdb runs ClickHouse inside this process, by libchdb, as an http.Handler that speaks ClickHouse's HTTP interface
// (https://clickhouse.com/docs/interfaces/http). clickhouse-go talks to it by [Engine.Transport] as to any server, so the code above
// doesn't know which of the two it has.
//
// One process owns a directory. Others that open it are connected to the owner by a unix socket and see the same interface.
//
// What is acknowledged survives the death of the process at any moment, SIGKILL included, and the loss of power as far as the disk
// keeps what it has synced: MergeTree tables sync each insert unless they are created with other settings. An insert whose body
// can't be read to its end, or is refused, stores nothing if it is one block into one partition, which is what a batch of
// clickhouse-go into an unpartitioned table is. A larger one may have stored some of its blocks: whoever sees an error repeats the
// insert, and the tables' keys make that harmless.
package chdb

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"
)

const (
	// openPatience is how long an owner that is just starting or just ending is waited for.
	openPatience = 10 * time.Second
	// openInterval is how often it is asked in that time.
	openInterval = 20 * time.Millisecond
	// closePatience is how long running requests may go on after Close, and again after they were told to stop.
	closePatience = 10 * time.Second
)

// Options are the choices of Open. The zero value is a good one.
type Options struct {
	// Library is the path of libchdb; "" is what FindLibrary finds.
	Library string
	// MaxMemory is how many bytes the engine may allocate; 0 is 1 GiB. Queries that need more fail.
	MaxMemory uint64
	// Threads is how many threads one query may use; 0 is the number of processors, at most 4.
	Threads int
	// Logger hears of what no caller sees; nil is nobody.
	Logger *slog.Logger
}

// Engine is a ClickHouse of this process or of the one that owns the directory. Its methods may be called by several goroutines.
type Engine struct {
	dir  string
	opts Options

	mu     sync.Mutex
	seat   // guarded by mu; an owner's doesn't change
	closed bool

	closing  sync.Once
	closeErr error // of the first Close
}

// seat is how a process takes part in a directory: as its owner, or as a client of the owner.
type seat struct {
	// Of the owner; nil for a client.
	host   *host
	lock   *dirLock
	server *http.Server
	socket string

	remote *remote // of a client; nil for the owner
}

// Open opens the directory, creating it, as the engine's owner; or, if another process owns it, connects to that owner. Of two
// that open at once, one wins and the other connects. When the owner goes, a client takes its place at its next request. One
// process can own one directory at a time.
func Open(ctx context.Context, dir string, opts Options) (*Engine, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("finding the store's directory: %w", err)
	}
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	if err := makeDirectory(dir); err != nil {
		return nil, err
	}
	seat, err := takeSeat(ctx, dir, opts)
	if err != nil {
		return nil, err
	}
	return &Engine{dir: dir, opts: opts, seat: seat}, nil
}

// takeSeat waits a while for an owner that is there but doesn't answer yet, or is about to go.
func takeSeat(ctx context.Context, dir string, opts Options) (seat, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, openPatience, fmt.Errorf("it has not done so for %s: %w", openPatience, context.DeadlineExceeded))
	defer cancel()
	ticker := time.NewTicker(openInterval)
	defer ticker.Stop()
	for {
		seat, err := open(ctx, dir, opts)
		if err == nil || !errors.Is(err, errOwned) {
			return seat, err
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return seat, fmt.Errorf("opening the store %s: %w: %w", dir, err, context.Cause(ctx))
		}
	}
}

// open tries once: the error is errOwned while an owner is there but can't be reached.
func open(ctx context.Context, dir string, opts Options) (seat, error) {
	lock, err := lockDirectory(dir)
	if err == nil {
		owner, err := own(dir, lock, opts)
		if err != nil {
			return seat{}, errors.Join(err, lock.release())
		}
		return owner, nil
	}
	if !errors.Is(err, errOwned) {
		return seat{}, err
	}
	owner, err := readOwnership(dir)
	if err != nil {
		return seat{}, err
	}
	if owner.Socket == "" {
		return seat{}, errOwned
	}
	remote := newRemote(dir, owner.Socket)
	if err := remote.ping(ctx); err != nil {
		remote.http.CloseIdleConnections()
		return seat{}, fmt.Errorf("%w: process %d: %w", errOwned, owner.PID, err)
	}
	return seat{remote: remote}, nil
}

// own starts the engine and its socket.
func own(dir string, lock *dirLock, opts Options) (seat, error) {
	if err := prepareDirectory(dir); err != nil {
		return seat{}, err
	}
	left, err := readOwnership(dir)
	if err != nil {
		return seat{}, err
	}
	if err := lock.write(ownership{PID: os.Getpid()}); err != nil {
		return seat{}, err
	}
	library := opts.Library
	if library == "" {
		if library, err = FindLibrary(); err != nil {
			return seat{}, err
		}
	}
	host, err := startHost(dir, library, opts)
	if err != nil {
		return seat{}, err
	}
	listener, err := listen(dir, left)
	if err != nil {
		return seat{}, errors.Join(err, host.close(closePatience))
	}
	owner := seat{host: host, lock: lock, socket: listener.Addr().String(), server: serve(listener, host, opts.Logger)}
	if err := lock.write(ownership{PID: os.Getpid(), Socket: owner.socket}); err != nil {
		return seat{}, errors.Join(err, owner.server.Close(), host.close(closePatience))
	}
	return owner, nil
}

// now is the seat of this moment, and whether the engine was closed in it.
func (e *Engine) now() (at seat, closed bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.seat, e.closed
}

// Owner says whether this process holds the engine.
func (e *Engine) Owner() bool {
	at, _ := e.now()
	return at.host != nil
}

// Handler is ClickHouse's HTTP interface. Only the owner has one; a client's answers with status 503.
func (e *Engine) Handler() http.Handler {
	if at, _ := e.now(); at.host != nil {
		return at.host
	}
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "another process owns the store "+e.dir, http.StatusServiceUnavailable)
	})
}

// Transport is for clickhouse.Options.TransportFunc, with Protocol clickhouse.HTTP and no compression: calls within the process
// for the owner, the owner's socket for others. Whatever address the client names is not used.
func (e *Engine) Transport() http.RoundTripper { return transport{e} }

// succeed takes the place of an owner that is gone, or connects to who did so first. gone is the seat that found nobody.
func (e *Engine) succeed(ctx context.Context, gone seat) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed || e.seat.remote != gone.remote {
		return nil
	}
	next, err := takeSeat(ctx, e.dir, e.opts)
	if err != nil {
		return err
	}
	gone.remote.http.CloseIdleConnections()
	e.seat = next
	e.opts.Logger.Info("the process that held the store is gone", "store", e.dir, "taken over", next.host != nil)
	return nil
}

// Close takes no more requests, waits for those that run, stops them after ten seconds, and gives up the directory. A client
// only drops its connections. Closing again does nothing and says the same.
func (e *Engine) Close() error {
	e.closing.Do(func() { e.closeErr = e.close(closePatience) })
	return e.closeErr
}

func (e *Engine) close(patience time.Duration) error {
	e.mu.Lock()
	e.closed = true
	seat := e.seat
	e.mu.Unlock()
	if seat.host == nil {
		seat.remote.http.CloseIdleConnections()
		return nil
	}
	// New connections find nobody from here on; the lock is still held, so whoever opens the directory waits.
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	shutdown := make(chan error, 1)
	go func() { shutdown <- seat.server.Shutdown(ctx) }()
	err := seat.host.close(patience)
	if <-shutdown != nil {
		_ = seat.server.Close()
	}
	removeSocket(e.dir, seat.socket)
	if err != nil {
		return err // the engine still uses the directory: its lock goes with the process
	}
	return seat.lock.release()
}
