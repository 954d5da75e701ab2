package main

import (
	"fmt"
	"time"

	"markwatch/scanner"
)

// The alarms of heads that are no proof of a fork: alarmHead and the suspicion.
const alarmHead = "head-"

// suspicionOver is for how long a log must not have given cause before a
// suspicion is over: three looks at a log that is looked at each five minutes.
const suspicionOver = 15 * time.Minute

// sighting is a suspicion that a log keeps giving cause for.
type sighting struct {
	First, Last time.Time
	Times       int
	Detail      string // of the last
}

// lasting is how long a log must give cause for a suspicion before it is an
// alarm; false: it never is. Frontends that lag are ordinary, unless they do so
// for long; that a consistency can't be asked for is for blind and stuck to say.
func lasting(s scanner.Suspicion) (time.Duration, bool) {
	switch s {
	case scanner.SuspectSignature, scanner.SuspectFuture, scanner.SuspectStale:
		return time.Minute, true
	case scanner.SuspectShrunk:
		return 5 * time.Minute, true
	case scanner.SuspectBackwards:
		return time.Hour, true
	}
	return 0, false
}

// suspicions are those of which there are alarms.
func suspicions() []scanner.Suspicion {
	return []scanner.Suspicion{scanner.SuspectSignature, scanner.SuspectFuture, scanner.SuspectStale, scanner.SuspectShrunk, scanner.SuspectBackwards}
}

// suspect notes a suspicion. One that was over begins anew. The caller holds
// what guards h.
func (h *logHealth) suspect(e scanner.HeadSuspect, now time.Time) {
	if h.Suspicions == nil {
		h.Suspicions = map[scanner.Suspicion]sighting{}
	}
	s := h.Suspicions[e.Reason]
	if now.Sub(s.Last) > suspicionOver {
		s = sighting{First: now}
	}
	s.Last, s.Times, s.Detail = now, s.Times+1, e.Detail
	h.Suspicions[e.Reason] = s
}

// judgeHeads says of each suspicion whether it lasts; "" where not.
func judgeHeads(log scanner.Log, seen map[scanner.Suspicion]sighting, now time.Time) map[string]string {
	out := map[string]string{}
	for _, why := range suspicions() {
		kind, s := alarmHead+string(why), seen[why]
		out[kind] = ""
		least, _ := lasting(why)
		if s.Times > 1 && s.Last.Sub(s.First) >= least && now.Sub(s.Last) <= suspicionOver {
			out[kind] = fmt.Sprintf("%s has shown suspicious tree heads since %s, %d times (%s): %s. It is read on, and all that is stored of it is proved. Its operator should hear of it.",
				log.Name, s.First.UTC().Format(time.RFC3339), s.Times, why, s.Detail)
		}
	}
	return out
}

// lateFor is for how long a log that merged an entry late is said to.
const lateFor = 24 * time.Hour

// judgeLate says whether a log merged entries later than it promised.
func judgeLate(log scanner.Log, h logHealth, now time.Time) string {
	if h.Late == 0 || now.Sub(h.LateSeen) > lateFor {
		return ""
	}
	return fmt.Sprintf("%s merged %d marks later than its maximum merge delay of %s after their SCTs, the last batch of them read at %s: %s. They are stored. What it promises can't be relied on: its operator, and browsers, should hear of it.",
		log.Name, h.Late, log.MMD, h.LateSeen.UTC().Format(time.RFC3339), h.LateDetail)
}
