package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"markwatch/parse"
	"markwatch/scanner"
	"markwatch/store"
)

// follow is the path of every log entry, and the function to read first: the
// scanner yields batches that are in order and proved, parse says what each
// entry is, the store keeps it and then the log's position; what is stored is
// matched by keepMatched, which never holds this up. It returns when
// ctx ends, when a scan with once reaches the log's head, or when the log
// can't be read on.
func (w *watcher) follow(ctx context.Context, log scanner.Log) error {
	position, err := w.position(ctx, log)
	if err != nil {
		return err
	}
	scan, err := scanner.New(w.scanConfig(log, position))
	if err != nil {
		return err
	}
	for batch, err := range scan.Batches(ctx) {
		if err != nil {
			return w.scanEnded(ctx, log, err)
		}
		if err := w.keep(ctx, batch); err != nil {
			return err
		}
	}
	return nil
}

// position is how far a log is read.
func (w *watcher) position(ctx context.Context, log scanner.Log) (position scanner.Position, err error) {
	err = w.patiently(ctx, log, "the store does not say how far a log is read; it is asked again", func() (err error) {
		position, err = w.store.Position(ctx, log)
		return err
	})
	return position, err
}

// keep reads a batch and stores it.
func (w *watcher) keep(ctx context.Context, scanned scanner.Batch) error {
	read, err := w.readBatch(ctx, scanned)
	if err != nil {
		return err
	}
	if err := w.commit(ctx, read); err != nil {
		return err
	}
	w.board.committed(read)
	select {
	case w.stored <- struct{}{}: // keepMatched goes on from here
	default:
	}
	return nil
}

// readBatch parses the entries of a batch: mark certificates, those that claim
// to be one and can't be read, and others, which only share eight bytes with them.
// Where a certificate departs from its profile is part of what it says.
func (w *watcher) readBatch(ctx context.Context, scanned scanner.Batch) (store.Batch, error) {
	out := store.Batch{Scan: scanned}
	marks := make([]*parse.Entry, len(scanned.Entries))
	broken := make([]*parse.MalformedError, len(scanned.Entries))
	group, ctx := errgroup.WithContext(ctx)
	workers := runtime.GOMAXPROCS(0)
	for worker := range workers {
		group.Go(func() error {
			for i := worker; i < len(scanned.Entries); i += workers {
				var err error
				if marks[i], err = parse.Leaf(scanned.Entries[i].LeafInput, scanned.Entries[i].ExtraData); err != nil {
					marks[i], broken[i] = nil, asMalformed(err, scanned.Entries[i])
				} else {
					w.lint.Entry(marks[i])
				}
				if ctx.Err() != nil {
					return ctx.Err()
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return out, err
	}
	for i, raw := range scanned.Entries {
		if marks[i] != nil {
			out.Marks = append(out.Marks, store.Mark{Raw: raw, Entry: marks[i]})
		}
		if broken[i] != nil {
			out.Malformed = append(out.Malformed, store.Malformed{Raw: raw, Err: broken[i]})
		}
	}
	return out, nil
}

// asMalformed is nil for what is simply not a mark certificate.
func asMalformed(err error, raw scanner.Entry) *parse.MalformedError {
	if errors.Is(err, parse.ErrNotMark) {
		return nil
	}
	var malformed *parse.MalformedError
	if errors.As(err, &malformed) {
		return malformed
	}
	return &parse.MalformedError{Part: "leaf", Reason: err.Error(), DER: raw.LeafInput, Err: err}
}

// Between tries to reach a store that is away.
const (
	firstStoreWait = time.Second
	lastStoreWait  = time.Minute
	onceStoreTries = 3
)

// commit stores a batch.
func (w *watcher) commit(ctx context.Context, b store.Batch) error {
	return w.patiently(ctx, b.Scan.Log, "the store did not take a batch; it is tried again", func() error {
		start := time.Now()
		err := w.store.Commit(ctx, b)
		w.metrics.stored(b, time.Since(start), err)
		return err
	})
}

// patiently asks something of the store. One that is away is waited for, while
// the scan stands still and nothing is lost; with once it is given up after
// some tries; that a log is stopped no waiting changes. failing is what is logged
// of each that came to nothing.
func (w *watcher) patiently(ctx context.Context, log scanner.Log, failing string, ask func() error) error {
	wait := firstStoreWait
	for try := 1; ; try++ {
		err := ask()
		var stopped *store.StoppedError
		if err == nil || ctx.Err() != nil || errors.As(err, &stopped) || w.once && try == onceStoreTries {
			return err
		}
		w.log.Error(failing, "log", log.Name, "error", err, "wait", wait)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
		wait = min(2*wait, lastStoreWait)
	}
}

// scanEnded says what the end of a scan means: a log that was caught lying is
// stopped with its evidence kept, and stays so until a person decides.
func (w *watcher) scanEnded(ctx context.Context, log scanner.Log, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	var evidence interface {
		error
		Evidence() []byte
	}
	var unreachable *scanner.UnreachableError
	if !errors.As(err, &evidence) || errors.As(err, &unreachable) {
		return err
	}
	path, writeErr := w.writeEvidence(log, evidence.Evidence())
	if writeErr != nil {
		w.log.Error("the evidence could not be written; it follows here", "log", log.Name, "error", writeErr, "evidence", string(evidence.Evidence()))
	}
	reason := fmt.Sprintf("%v; evidence: %s", err, path)
	w.metrics.stopped(log, err.Error())
	var raising sync.WaitGroup // the log is stopped whether or not its alarm is taken
	raising.Go(func() { w.raiseStopped(ctx, log, err, path) })
	defer raising.Wait()
	stop := func() error { return w.store.StopLog(context.WithoutCancel(ctx), log, reason) }
	if stopErr := w.patiently(ctx, log, "the store does not take that a log is stopped; it is tried again", stop); stopErr != nil {
		w.log.Error("recording that a log is stopped", "log", log.Name, "error", stopErr)
	}
	return fmt.Errorf("%w; the log is stopped, and the evidence is in %s: look at it, then markwatch logs resume %s", err, path, log.Name)
}
