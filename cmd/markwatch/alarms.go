package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"markwatch/scanner"
	"markwatch/store"
)

// The kinds of alarms of a log. Those of channels are the dispatcher's.
const (
	alarmFork       = "fork"       // it contradicted itself, and is stopped
	alarmSignature  = "signature"  // it kept showing tree heads whose signature is wrong, and is stopped
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
		w.lookAtAlarms(ctx, started)
	}
}

// lookAtAlarms judges each log once. What there was of one that came to its end
// is over.
func (w *watcher) lookAtAlarms(ctx context.Context, started time.Time) {
	set := func(log scanner.Log, texts map[string]string) {
		for kind, text := range texts {
			if err := w.setAlarm(ctx, kind, log, text); err != nil && ctx.Err() == nil {
				w.log.Error("an alarm could not be stored", "log", log.Name, "alarm", kind, "text", text, "error", err)
			}
		}
	}
	following, ended := w.roster.parted()
	for _, log := range following {
		set(log, w.judge(log, started, time.Now()))
	}
	for _, log := range ended {
		set(log, noAlarms())
	}
}

// raiseStopped raises the alarm of a log that is stopped. One that only shows
// tree heads that nobody may have signed is not said to contradict itself.
func (w *watcher) raiseStopped(ctx context.Context, log scanner.Log, cause error, evidence string) {
	kind := alarmFork
	if errors.As(cause, new(*scanner.SignatureError)) {
		kind = alarmSignature
	}
	a := store.Alarm{
		Kind: kind, Subject: log.Name, Evidence: evidence, Since: time.Now().UTC(),
		Text: fmt.Sprintf("%v. It is not read on; the other logs are. Keep the evidence, show it to others, decide, then: markwatch logs resume %s.", cause, log.Name),
	}
	told := false
	raise := func() error {
		err := w.store.RaiseAlarm(context.WithoutCancel(ctx), a)
		if err != nil && !told {
			told = true
			w.tellNow(ctx, a)
		}
		return err
	}
	if err := w.patiently(ctx, log, "the store does not take an alarm; it is tried again", raise); err != nil {
		w.log.Error("raising an alarm", "kind", a.Kind, "subject", a.Subject, "alarm", a.Text, "error", err)
	}
}

// tellNow tells the operator of an alarm that the store does not take.
func (w *watcher) tellNow(ctx context.Context, a store.Alarm) {
	if err := w.dispatcher.TellNow(ctx, a); err != nil {
		w.log.Error("the operator could not be told of an alarm that the store does not take", "log", a.Subject, "alarm", a.Kind, "error", err)
	}
}

// setAlarm raises an alarm, or with no text clears it. What has not changed is
// not written again.
func (w *watcher) setAlarm(ctx context.Context, kind string, log scanner.Log, text string) error {
	w.metrics.alarmed(log, kind, text != "")
	key := kind + "\x00" + log.Name
	if known, set := w.alarms[key]; set && known == (text != "") {
		return nil
	}
	var err error
	a, unstored := w.unstored[key]
	switch {
	case text != "":
		err = w.raiseOrTell(ctx, key, store.Alarm{Kind: kind, Subject: log.Name, Text: text, Since: time.Now().UTC()})
	case unstored:
		a.Cleared = time.Now().UTC()
		if err = w.store.RaiseAlarm(ctx, a); err == nil {
			delete(w.unstored, key)
		}
	default:
		err = w.store.ClearAlarm(ctx, kind, log.Name, time.Now().UTC())
	}
	if err == nil {
		w.alarms[key] = text != ""
	}
	return err
}

// raiseOrTell raises an alarm. One that the store doesn't take is told at once,
// past the outbox, and stored when it can be: the operator must know just then.
func (w *watcher) raiseOrTell(ctx context.Context, key string, a store.Alarm) error {
	before, again := w.unstored[key]
	if again {
		a = before
	} else {
		w.log.Error("alarm", "log", a.Subject, "alarm", a.Kind, "text", a.Text)
	}
	err := w.store.RaiseAlarm(ctx, a)
	switch {
	case err == nil:
		delete(w.unstored, key)
	case !again && ctx.Err() == nil:
		w.unstored[key] = a
		w.tellNow(ctx, a)
	}
	return err
}

// pingTimeout bounds one press of the dead man's switch.
const pingTimeout = 30 * time.Second

// keepPinging asks the configured address after verified tree heads, for as long
// as the store takes what is read: when it isn't asked any more, somebody else
// notices. For what the store doesn't take, no alarm may be stored and sent.
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
		if newest := w.lastWell(); !newest.After(last) || time.Since(last) < every {
			continue
		}
		last = time.Now()
		if err := ping(ctx, client, address, w.config.userAgent()); err != nil && ctx.Err() == nil {
			w.log.Warn("the dead man's switch could not be pressed", "error", err)
		}
	}
}

// lastWell is when a tree head of any log last verified; zero while the store
// refuses the entries of one.
func (w *watcher) lastWell() (newest time.Time) {
	for _, log := range w.roster.following() {
		h := w.metrics.healthOf(log.Name)
		if h.StoreError != "" {
			return time.Time{}
		}
		newest = later(newest, h.Verified)
	}
	return newest
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
