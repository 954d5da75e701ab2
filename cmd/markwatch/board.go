package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"markwatch/scanner"
	"markwatch/store"
)

// board shows a person how each log stands. On a terminal it is a line with a
// bar for each log, and what is logged scrolls above; elsewhere it is a logged
// line for each batch. Everything goes to standard error.
type board struct {
	err    io.Writer
	logger *slog.Logger

	// adding is held while a log's line is made, and never where a bar asks for
	// its text, which takes mu: bars are added by the goroutine that draws them.
	adding sync.Mutex

	mu    sync.Mutex
	bars  *mpb.Progress // nil where nobody looks, or after close
	lines map[string]*boardLine
}

// boardLine is what is shown of a log.
type boardLine struct {
	bar        *mpb.Bar
	next, size uint64
	marks      uint64
	malformed  uint64
	note       string // what keeps it from going on
}

func newBoard(std streams, newLogger func(io.Writer) *slog.Logger) *board {
	b := &board{err: std.err, logger: newLogger(std.err), lines: map[string]*boardLine{}}
	if !isTerminal(std.err) {
		return b
	}
	b.bars = mpb.New(mpb.WithOutput(std.err), mpb.WithWidth(24), mpb.WithRefreshRate(150*time.Millisecond))
	b.logger = newLogger(b.bars)
	return b
}

// line is what is shown of a log; logs come to be followed at any time.
func (b *board) line(log string) *boardLine {
	b.adding.Lock()
	defer b.adding.Unlock()
	b.mu.Lock()
	line, bars := b.lines[log], b.bars
	b.mu.Unlock()
	if line != nil {
		return line
	}
	line = &boardLine{}
	if bars != nil {
		bar, err := bars.Add(0, mpb.BarStyle().Lbound("").Rbound("").Filler("━").Tip("━").Padding("─").Build(),
			mpb.PrependDecorators(decor.Name(log, decor.WCSyncSpaceR)),
			mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return b.describe(line) })))
		if err == nil { // else the bars are closed already
			line.bar = bar
		}
	}
	b.mu.Lock()
	b.lines[log] = line
	b.mu.Unlock()
	return line
}

// describe is the text beside a bar.
func (b *board) describe(line *boardLine) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	text := fmt.Sprintf(" %d of %d read, lag %d, %d mark certificates", line.next, line.size, line.size-min(line.next, line.size), line.marks)
	if line.malformed > 0 {
		text += fmt.Sprintf(", %d malformed", line.malformed)
	}
	if line.note != "" {
		text += ": " + line.note
	}
	return text
}

// update changes what is shown of a log.
func (b *board) update(log string, change func(*boardLine)) {
	line := b.line(log)
	b.mu.Lock()
	change(line)
	bar, size, next := line.bar, line.size, line.next
	b.mu.Unlock()
	if bar != nil {
		bar.SetTotal(int64(size), false)
		bar.SetCurrent(int64(next))
	}
}

// started shows from where a log is read; state is nil for one never read.
func (b *board) started(log scanner.Log, state *store.LogState) {
	if state == nil {
		b.logger.Info("reading a log from its first entry", "log", log.Name, "url", log.URL)
		return
	}
	b.logger.Info("reading a log on", "log", log.Name, "url", log.URL, "from", state.Next)
	b.update(log.Name, func(l *boardLine) {
		l.next, l.size, l.marks, l.malformed = state.Next, state.Size, state.Marks, state.Broken
	})
}

// observe shows what the scanner tells.
func (b *board) observe(log scanner.Log, e scanner.Event) {
	switch e := e.(type) {
	case scanner.HeadVerified:
		b.update(log.Name, func(l *boardLine) { l.size, l.note = max(l.size, e.Head.Size), "" })
	case scanner.Recovered:
		b.update(log.Name, func(l *boardLine) { l.note = "" })
		b.logger.Info("a log answers again", "log", log.Name, "after", time.Since(e.Since).Round(time.Second))
	case scanner.Retry:
		b.update(log.Name, func(l *boardLine) { l.note = e.Reason + ", trying again" })
		level := slog.LevelWarn
		if e.Reason == "throttled" {
			level = slog.LevelDebug
		}
		b.logger.Log(context.Background(), level, "a request to a log came to nothing; it is tried again", "log", log.Name, "asked", e.Endpoint,
			"reason", e.Reason, "error", e.Err, "try", e.Attempt, "wait", e.Wait.Round(time.Millisecond))
	case scanner.HeadSuspect:
		b.logger.Warn("a log shows a suspicious tree head", "log", log.Name, "reason", string(e.Reason), "detail", e.Detail, "tree_size", e.Head.Size)
	case scanner.EntrySuspect:
		b.logger.Warn("entries are proved, and not as their log must make them", "log", log.Name, "reason", string(e.Reason), "entries", e.Count, "among", e.Indexes, "detail", e.Detail)
	case scanner.Garbled:
		b.logger.Warn("entries arrived damaged and were read again", "log", log.Name, "from", e.Start, "to", e.End)
	case scanner.RateChanged:
		b.logger.Debug("the rate for a log changed", "log", log.Name, "from", e.Old, "to", e.New, "reason", e.Reason)
	}
}

// committed shows a stored batch.
func (b *board) committed(batch store.Batch) {
	scan := batch.Scan
	b.update(scan.Log.Name, func(l *boardLine) {
		l.next, l.size = scan.End, max(l.size, scan.Head.Size)
		l.marks += uint64(len(batch.Marks))
		l.malformed += uint64(len(batch.Malformed))
	})
	for _, m := range batch.Malformed {
		b.logger.Warn("an entry claims to be a mark certificate and can't be read; its bytes are kept", "log", scan.Log.Name, "index", m.Raw.Index, "reason", m.Err.Error())
	}
	level := slog.LevelInfo
	if scan.Start == scan.End || b.onTerminal() {
		level = slog.LevelDebug
	}
	b.logger.Log(context.Background(), level, "stored", "log", scan.Log.Name, "from", scan.Start, "to", scan.End, "tree_size", scan.Head.Size,
		"lag", scan.Head.Size-min(scan.End, scan.Head.Size), "marks", len(batch.Marks), "malformed", len(batch.Malformed))
}

// ended shows that a log is not read on.
func (b *board) ended(log scanner.Log, err error) {
	b.update(log.Name, func(l *boardLine) { l.note = "ended" })
}

func (b *board) onTerminal() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.bars != nil
}

// close leaves the bars as they are; what is written afterwards stands below them.
func (b *board) close() {
	b.mu.Lock()
	bars := b.bars
	b.bars = nil
	b.mu.Unlock()
	if bars == nil {
		return
	}
	b.mu.Lock()
	var all []*mpb.Bar
	for _, line := range b.lines {
		if line.bar != nil {
			all = append(all, line.bar)
		}
	}
	b.mu.Unlock()
	for _, bar := range all { // aborting asks for their text, which takes mu
		bar.Abort(false)
	}
	bars.Wait()
}
