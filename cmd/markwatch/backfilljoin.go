package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"markwatch/scanner"
	"markwatch/store"
)

// join moves the log's position over what is stored, until it is at the end of
// the ranges, and looks at the log's tree head now and then.
func (b *backfill) join(ctx context.Context) error {
	poll := b.pollInterval()
	var joined time.Time
	for polled := time.Now(); b.scan.Next() < b.end; {
		changed := b.change()
		if err := b.w.stopped(ctx, b.log); err != nil {
			return err
		}
		before := b.scan.Next()
		waiting, err := b.joinStored(ctx, time.Since(joined) >= joinEvery)
		switch {
		case err != nil:
			return err
		case b.scan.Next() > before:
			joined = time.Now()
			continue
		}
		if time.Since(polled) >= poll && !b.w.once {
			polled = time.Now()
			if err := b.look(ctx); err != nil {
				return err
			}
		}
		pause := min(b.w.claimFor()/othersStore, poll)
		if waiting {
			pause = joinEvery
		}
		select {
		case <-ctx.Done():
			return nil
		case <-changed:
		case <-time.After(pause):
		}
	}
	return nil
}

// othersStore is how often in the life of a claim what others store is looked for.
const othersStore = 12

// pollInterval is the time between two looks at the log's tree head.
func (b *backfill) pollInterval() time.Duration {
	switch {
	case b.w.config.Poll > 0:
		return time.Duration(b.w.config.Poll)
	case b.log.Marks:
		return scanner.DefaultMarkPoll
	}
	return scanner.DefaultPoll
}

// look asks for the log's tree head, and holds those against it under which
// other machines have proved their ranges.
func (b *backfill) look(ctx context.Context) error {
	if err := b.checkHeads(ctx); err != nil {
		return err
	}
	batch, err := b.scan.Poll(ctx)
	if err != nil {
		return err
	}
	return b.commit(ctx, batch)
}

// checkHeads holds the tree heads of all stored ranges against those seen here:
// a log may show two machines two trees.
func (b *backfill) checkHeads(ctx context.Context) error {
	if !b.w.config.Claim {
		return nil
	}
	var heads []scanner.TreeHead
	if err := b.ask(ctx, "under which tree heads ranges were proved", func() (err error) {
		heads, err = b.w.store.RangeHeads(ctx, b.log, b.scan.Next())
		return err
	}); err != nil {
		return err
	}
	return b.scan.Check(ctx, heads)
}

// joinStored joins the stored ranges that follow the position, if it is time or
// they are the last; waiting says that there are some and it is not.
func (b *backfill) joinStored(ctx context.Context, time bool) (waiting bool, err error) {
	next := b.scan.Next()
	done, err := b.done(ctx, next, b.end)
	if err != nil {
		return false, err
	}
	var parts []scanner.Subtree
	for _, d := range done {
		if d.Start == next {
			parts, next = append(parts, d), d.End
		}
	}
	if len(parts) == 0 || !time && next < b.end {
		return len(parts) > 0, nil
	}
	if err := b.checkHeads(ctx); err != nil {
		return false, err
	}
	batch, err := b.scan.Join(ctx, parts)
	var wrong *scanner.JoinError
	if errors.As(err, &wrong) {
		b.w.log.Error("stored ranges are not of the log's tree and are read again", "log", b.log.Name, "ranges", len(wrong.Wrong), "error", err)
		b.mu.Lock()
		for _, part := range wrong.Wrong {
			b.wrong[part] = true
		}
		close(b.changed)
		b.changed = make(chan struct{})
		b.mu.Unlock()
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return false, b.commit(ctx, batch)
}

// commit stores a batch that has no entries: the entries were counted with
// their ranges.
func (b *backfill) commit(ctx context.Context, batch scanner.Batch) error {
	if err := b.w.stopped(ctx, b.log); err != nil {
		return err
	}
	batch.Start = batch.End
	if err := b.w.keep(ctx, batch); err != nil {
		return err
	}
	b.next.Store(batch.End)
	return nil
}

// await waits until another process has joined all, or no longer leads.
func (b *backfill) await(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(b.w.claimFor() / 3):
		}
		if err := b.w.stopped(ctx, b.log); err != nil {
			return err
		}
		next, led, err := b.w.standing(ctx, b.log)
		if err != nil || next >= b.end || !led {
			return err
		}
		b.next.Store(next)
	}
}

// rangeStored counts a range that was given to the store. It moves no position.
func (m *metrics) rangeStored(r store.Batch, took time.Duration, err error) {
	if err != nil {
		m.stored(r, took, err)
		return
	}
	log := r.Scan.Log.Name
	m.mu.Lock()
	defer m.mu.Unlock()
	h := m.of(log)
	h.StoreError, h.Moved = "", time.Now()
	h.Marks, h.Malformed = h.Marks+uint64(len(r.Marks)), h.Malformed+uint64(len(r.Malformed))
	m.insert.WithLabelValues(log).Observe(took.Seconds())
	m.entries.WithLabelValues(log).Add(float64(r.Scan.End - r.Scan.Start))
	m.marks.WithLabelValues(log).Add(float64(len(r.Marks)))
	m.malformed.WithLabelValues(log).Add(float64(len(r.Malformed)))
}

// heard takes what another process has found of a log from the store.
func (m *metrics) heard(log string, s *store.LogState) {
	m.mu.Lock()
	defer m.mu.Unlock()
	h := m.of(log)
	if s.Next != h.Next {
		h.Moved = time.Now()
	}
	h.Next, h.Size, h.Verified = s.Next, max(h.Size, s.Size), later(h.Verified, s.Verified)
	m.show(log, h)
}

// rangeCommitted shows a stored range.
func (b *board) rangeCommitted(r store.Batch) {
	scan := r.Scan
	b.update(scan.Log.Name, func(l *boardLine) {
		l.marks += uint64(len(r.Marks))
		l.malformed += uint64(len(r.Malformed))
	})
	for _, m := range r.Malformed {
		b.logger.Warn("an entry claims to be a mark certificate and can't be read; its bytes are kept", "log", scan.Log.Name, "index", m.Raw.Index, "reason", m.Err.Error())
	}
	level := slog.LevelInfo
	if b.onTerminal() {
		level = slog.LevelDebug
	}
	b.logger.Log(context.Background(), level, "stored a range", "log", scan.Log.Name, "from", scan.Start, "to", scan.End, "marks", len(r.Marks), "malformed", len(r.Malformed))
}
