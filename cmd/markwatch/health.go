package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"markwatch/scanner"
)

// noAlarms is what there is of a log of which nothing is wrong, or of which
// nothing is asked any more.
func noAlarms() map[string]string {
	out := map[string]string{alarmBlind: "", alarmStuck: "", alarmStore: "", alarmUnreadable: "", alarmLate: ""}
	for _, why := range suspicions() {
		out[alarmHead+string(why)] = ""
	}
	return out
}

// judge says of each kind of alarm what is wrong with a log now; "" is nothing.
// A kind that isn't there can't be judged yet: an alarm from before the start
// goes on.
func (w *watcher) judge(log scanner.Log, started, now time.Time) map[string]string {
	h := w.metrics.healthOf(log.Name)
	out := noAlarms()
	if h.Stopped != "" { // it has its alarm
		return out
	}
	maps.Copy(out, judgeHeads(log, h.Suspicions, now))
	if now.Sub(started) <= suspicionOver {
		maps.DeleteFunc(out, func(kind, text string) bool { return strings.HasPrefix(kind, alarmHead) && text == "" })
	}
	if out[alarmLate] = judgeLate(log, h, now); h.Late == 0 && now.Sub(started) <= lateFor {
		delete(out, alarmLate)
	}
	judgeProgress(out, log, h, started, now)
	if h.StoreError != "" && now.Sub(h.StoreFailed) > storeFailing {
		out[alarmStore] = fmt.Sprintf("The store has taken nothing of %s since %s: %s. Nothing is lost: it is read on when the store takes entries again.",
			log.Name, h.StoreFailed.UTC().Format(time.RFC3339), h.StoreError)
	}
	switch all := h.Marks + h.Malformed; {
	case all == 0:
		delete(out, alarmUnreadable)
	case h.Malformed >= unreadableLeast && float64(h.Malformed) > unreadableShare*float64(all):
		out[alarmUnreadable] = fmt.Sprintf("%d of the %d marks read from %s since %s can't be read. They are kept: look at markwatch query malformed. The profile may have changed, and markwatch may need to be updated.",
			h.Malformed, all, log.Name, started.UTC().Format(time.RFC3339))
	}
	return out
}

// judgeProgress says whether a log is blind or stuck. What was known before the
// start counts, so that no restart makes either begin anew; a start has as long
// as leastBlind to see what is so now.
func judgeProgress(out map[string]string, log scanner.Log, h logHealth, started, now time.Time) {
	young := now.Sub(started) <= leastBlind
	seen, patience := h.Verified, blindAfter(log)
	if seen.Unix() <= 0 { // never: zero, or the epoch, as the store has it
		seen = started
	}
	switch blind := now.Sub(seen) > patience; {
	case blind && young && seen.Before(started):
		delete(out, alarmBlind)
	case blind:
		out[alarmBlind] = fmt.Sprintf("No tree head of %s has verified since %s, longer than %s: what is logged now is not seen. Look at markwatch logs and at the log of watch for what its server answers.",
			log.Name, seen.UTC().Format(time.RFC3339), patience)
	}
	switch moved := later(started, h.Moved); {
	case h.Next >= h.Size:
	case now.Sub(moved) > stuckAfter:
		out[alarmStuck] = fmt.Sprintf("%s has %d entries, and nothing behind entry %d has been stored since %s. Look at the log of watch for what its server answers.",
			log.Name, h.Size, h.Next, moved.UTC().Format(time.RFC3339))
	case h.Moved.IsZero():
		delete(out, alarmStuck)
	}
}

// blindAfter is for how long no tree head may verify before a log is blind.
func blindAfter(log scanner.Log) time.Duration { return max(log.MMD, leastBlind) }

// unwell are the kinds of alarms in which markwatch doesn't see or keep what is
// logged: with them it isn't well. The others tell of a log's conduct.
func unwell() []string {
	return []string{alarmBlind, alarmStuck, alarmStore, alarmUnreadable, alarmHead + string(scanner.SuspectSignature), alarmHead + string(scanner.SuspectStale)}
}

// problem is why a log isn't well; "" if it is. alarms are what judge says of it.
func problem(h logHealth, alarms map[string]string) string {
	switch {
	case h.Stopped != "":
		return "stopped: " + h.Stopped
	case h.StoreError != "":
		return "the store does not take its entries: " + h.StoreError
	}
	for _, kind := range unwell() {
		if alarms[kind] != "" {
			return alarms[kind]
		}
	}
	return ""
}

// raised are the kinds of alarms that last, in order.
func raised(alarms map[string]string) []string {
	var kinds []string
	for kind, text := range alarms {
		if text != "" {
			kinds = append(kinds, kind)
		}
	}
	slices.Sort(kinds)
	return kinds
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
