package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"time"

	"markwatch/scanner"
	"markwatch/store"
)

// The kinds of alarms of a log. Those of channels are the dispatcher's.
const (
	alarmFork       = "fork"       // it contradicted itself, or shows heads that don't verify
	alarmBlind      = "blind"      // no tree head verified for too long
	alarmStuck      = "stuck"      // there are entries, and none is stored
	alarmStore      = "store"      // the store does not take its entries
	alarmUnreadable = "unreadable" // too many of its marks can't be read
	alarmLate       = "late"       // it merges entries later than it promised
)

const (
	healthEvery = 15 * time.Second
	// A log is not called blind before this, whatever its maximum merge delay: a
	// minute of a broken network is no matter for a person.
	leastBlind = 15 * time.Minute
	// stuckAfter is how long nothing may be stored of a log that has more.
	stuckAfter = time.Hour
	// storeFailing is how long the store may refuse a log's entries.
	storeFailing = 5 * time.Minute
	// Of the marks read since the start, at least so many and this share can't be
	// read before it is an alarm: a new profile, or a fault of ours.
	unreadableLeast = 10
	unreadableShare = 0.05
)

// keepAlarms raises alarms for the logs and clears them, until ctx ends.
func (w *watcher) keepAlarms(ctx context.Context) {
	started := time.Now()
	tick := time.NewTicker(healthEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for _, log := range w.roster.following() {
			for kind, text := range w.judge(log, started, time.Now()) {
				if err := w.setAlarm(ctx, kind, log, text); err != nil && ctx.Err() == nil {
					w.log.Error("an alarm could not be stored", "log", log.Name, "alarm", kind, "text", text, "error", err)
				}
			}
		}
	}
}

// judge says of each kind of alarm what is wrong with a log now; "" is nothing.
func (w *watcher) judge(log scanner.Log, started, now time.Time) map[string]string {
	h := w.metrics.healthOf(log.Name)
	out := map[string]string{alarmBlind: "", alarmStuck: "", alarmStore: "", alarmUnreadable: ""}
	if h.Stopped { // it has its alarm
		return out
	}
	maps.Copy(out, judgeHeads(log, h.Suspicions, now))
	if h.Late > 0 { // whether one from before the start lasts isn't known
		out[alarmLate] = judgeLate(log, h, now)
	}
	seen := later(started, h.Verified)
	if patience := max(log.MMD, leastBlind); now.Sub(seen) > patience {
		out[alarmBlind] = fmt.Sprintf("No tree head of %s has verified since %s, longer than %s: what is logged now is not seen. Look at markwatch logs and at the log of watch for what its server answers.",
			log.Name, seen.UTC().Format(time.RFC3339), patience)
	}
	if moved := later(started, h.Moved); h.Next < h.Size && now.Sub(moved) > stuckAfter {
		out[alarmStuck] = fmt.Sprintf("%s has %d entries, and nothing behind entry %d has been stored since %s. Look at the log of watch for what its server answers.",
			log.Name, h.Size, h.Next, moved.UTC().Format(time.RFC3339))
	}
	if h.StoreError != "" && now.Sub(h.StoreFailed) > storeFailing {
		out[alarmStore] = fmt.Sprintf("The store has taken nothing of %s since %s: %s. Nothing is lost: it is read on when the store takes entries again.",
			log.Name, h.StoreFailed.UTC().Format(time.RFC3339), h.StoreError)
	}
	if all := h.Marks + h.Malformed; h.Malformed >= unreadableLeast && float64(h.Malformed) > unreadableShare*float64(all) {
		out[alarmUnreadable] = fmt.Sprintf("%d of the %d marks read from %s since %s can't be read. They are kept: look at markwatch query malformed. The profile may have changed, and markwatch may need to be updated.",
			h.Malformed, all, log.Name, started.UTC().Format(time.RFC3339))
	}
	return out
}

// raiseFork raises the alarm of a log that is stopped.
func (w *watcher) raiseFork(ctx context.Context, log scanner.Log, cause error, evidence string) {
	w.raise(context.WithoutCancel(ctx), store.Alarm{
		Kind: alarmFork, Subject: log.Name, Evidence: evidence, Since: time.Now().UTC(),
		Text: fmt.Sprintf("%v. It is not read on; the other logs are. Keep the evidence, show it to others, decide, then: markwatch logs resume %s.", cause, log.Name),
	})
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// setAlarm raises an alarm, or with no text clears it. What has not changed is
// not written again.
func (w *watcher) setAlarm(ctx context.Context, kind string, log scanner.Log, text string) error {
	key := kind + "\x00" + log.Name
	if known, set := w.alarms[key]; set && known == (text != "") {
		return nil
	}
	var err error
	if text == "" {
		err = w.store.ClearAlarm(ctx, kind, log.Name, time.Now().UTC())
	} else {
		w.log.Error("alarm", "log", log.Name, "alarm", kind, "text", text)
		err = w.store.RaiseAlarm(ctx, store.Alarm{Kind: kind, Subject: log.Name, Text: text, Since: time.Now().UTC()})
	}
	if err == nil {
		w.alarms[key] = text != ""
	}
	return err
}

// pingTimeout bounds one press of the dead man's switch.
const pingTimeout = 30 * time.Second

// keepPinging asks the configured address after verified tree heads, for as long
// as all logs are well: when it isn't asked any more, somebody else notices.
func (w *watcher) keepPinging(ctx context.Context, address string, every time.Duration) {
	client := &http.Client{Timeout: pingTimeout}
	var last time.Time
	tick := time.NewTicker(min(every, healthEvery))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		newest := time.Time{}
		for _, log := range w.roster.following() {
			newest = later(newest, w.metrics.healthOf(log.Name).Verified)
		}
		if !newest.After(last) || time.Since(last) < every {
			continue
		}
		last = time.Now()
		if err := ping(ctx, client, address, w.config.userAgent()); err != nil && ctx.Err() == nil {
			w.log.Warn("the dead man's switch could not be pressed", "error", err)
		}
	}
}

// ping asks an address and reads little of the answer.
func ping(ctx context.Context, client *http.Client, address, agent string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	r.Header.Set("User-Agent", agent)
	answer, err := client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if _, err := io.CopyN(io.Discard, answer.Body, 64<<10); err != nil && err != io.EOF {
		return err
	}
	if answer.StatusCode >= 300 {
		return fmt.Errorf("it answered %s", answer.Status)
	}
	return nil
}
