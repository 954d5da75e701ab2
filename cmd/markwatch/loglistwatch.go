package main

import (
	"context"
	"time"

	"markwatch/store"
)

// Between two looks at a log list that can't be had, and how many of them come
// to nothing before a person is told.
const (
	listRetry    = time.Hour
	listFailures = 3
)

// The kinds of alarms that this part raises.
const (
	alarmLogList = "loglist" // the log list can't be had, or contradicts a log
	alarmRoots   = "roots"   // a log accepts other roots than before
)

// newRoster is the roster of this watch.
func (w *watcher) newRoster() *roster {
	r := &roster{store: w.store, log: w.log, once: w.once, follow: w.followOrReport, every: w.config.listRefresh(), alarm: w.event}
	if w.once {
		r.read = w.checkRoots
	}
	if w.listing != nil {
		w.listing.log = w.log
		r.refresh = w.lookAtList
	}
	return r
}

// lookAtList gives the logs that are to be followed by the newest log list, and
// when to look again. A list that can't be had changes nothing.
func (w *watcher) lookAtList(ctx context.Context) ([]member, time.Duration) {
	list, err := w.listing.refresh(ctx)
	if ctx.Err() != nil {
		return nil, 0
	}
	if err != nil {
		w.listFailed++
		w.log.Error("the log list is not renewed; the logs that are known are followed", "list", w.listing.name(), "error", err)
		if w.listFailed == listFailures {
			w.raise(ctx, store.Alarm{Kind: alarmLogList, Subject: w.listing.name(), Since: time.Now().UTC(),
				Text: "The log list could not be renewed " + listFailuresWord + ": " + err.Error() + ". New logs are not noticed; those that are known are followed."})
		}
	} else if w.listFailed > 0 {
		w.listFailed = 0
		if err := w.store.ClearAlarm(ctx, alarmLogList, w.listing.name(), time.Now().UTC()); err != nil {
			w.log.Error("clearing an alarm", "kind", alarmLogList, "error", err)
		}
	}
	wait := w.config.listRefresh()
	if err != nil {
		wait = min(wait, listRetry)
	}
	configured, err := w.config.logs()
	if err != nil { // it was read before
		w.log.Error("reading the configured logs", "error", err)
		return nil, wait
	}
	return w.config.listChoice(w.names).members(configured, list, w.listing.gone()), wait
}

// listFailuresWord is listFailures as a message says it.
const listFailuresWord = "three times"

// raise records an alarm.
func (w *watcher) raise(ctx context.Context, a store.Alarm) {
	if err := w.store.RaiseAlarm(ctx, a); err != nil {
		w.log.Error("raising an alarm", "kind", a.Kind, "subject", a.Subject, "alarm", a.Text, "error", err)
	}
}

// event records an alarm of an instant: something to be told once, that is over
// as it is told.
func (w *watcher) event(ctx context.Context, kind, subject, text string) {
	now := time.Now().UTC()
	w.raise(ctx, store.Alarm{Kind: kind, Subject: subject, Text: text, Since: now, Cleared: now})
}
