package main

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"markwatch/scanner"
	"markwatch/scanner/loglist"
	"markwatch/store"
)

// shrunkMost is how often in a row a list that lost most of its logs is taken
// for a mistake.
const shrunkMost = 2

// listKeeper keeps copies of log lists; *store.Store is one.
type listKeeper interface {
	LogList(ctx context.Context, location string) (*store.LogList, error)
	SaveLogList(ctx context.Context, l store.LogList) error
}

// listing is the log list that is configured. It belongs to one goroutine.
type listing struct {
	location string
	key      crypto.PublicKey // nil: no signature is asked for
	agent    string
	client   *http.Client // nil: one of its own
	keeper   listKeeper   // nil: nothing is kept
	log      *slog.Logger

	held           *loglist.List // the newest that could be used; nil: none yet
	copied         store.LogList // held, as it is kept
	etag, modified string
	shrunk         int           // how often in a row a list was held back
	left           []loglist.Log // logs that a list had and the newest hasn't
}

// newListing is the configured list; nil where there is none.
func (p *program) newListing(keeper listKeeper) (*listing, error) {
	if p.config.LogList == "" {
		return nil, nil
	}
	key, err := p.config.listKey()
	if err != nil {
		return nil, err
	}
	return &listing{location: p.config.LogList, key: key, agent: p.config.userAgent(), keeper: keeper, log: p.log}, nil
}

// refresh gives the newest list that can be used. With an error it is an older
// one, or nil if there is none at all.
func (l *listing) refresh(ctx context.Context) (*loglist.List, error) {
	if l.held == nil && l.keeper != nil {
		if err := l.recall(ctx); err != nil {
			l.log.Warn("the kept copy of the log list is not used", "error", err)
		}
	}
	got, err := loglist.Fetch(ctx, l.client, l.location, loglist.Options{UserAgent: l.agent, Key: l.key, ETag: l.etag, Modified: l.modified})
	if err != nil {
		return l.held, err
	}
	if got.Unchanged {
		l.shrunk = 0
		return l.held, nil
	}
	list, err := loglist.Parse(got.Text)
	if err == nil {
		err = l.doubt(list)
	}
	if err != nil {
		return l.held, fmt.Errorf("the log list %s is not taken: %w", loglist.WithoutSecrets(l.location), err)
	}
	l.tell(list)
	kept := []store.LogList{{Location: l.name(), Fetched: time.Now(), ETag: got.ETag, Modified: got.Modified, Text: got.Text, Signature: got.Signature}}
	if l.part(list) {
		before := l.copied
		before.Location = l.nameBefore()
		kept = append([]store.LogList{before}, kept...)
	}
	l.held, l.copied, l.etag, l.modified, l.shrunk = list, kept[len(kept)-1], got.ETag, got.Modified, 0
	if l.keeper == nil {
		return list, nil
	}
	for _, k := range kept {
		if err := l.keeper.SaveLogList(ctx, k); err != nil {
			l.log.Warn("the log list could not be kept for when it can't be had", "error", err)
		}
	}
	return list, nil
}

// name is the list's location as it may be shown and stored.
func (l *listing) name() string { return loglist.WithoutSecrets(l.location) }

// nameBefore is where the last list is kept that had logs which its successor
// hasn't: whoever starts anew must know them, to read them to their end.
func (l *listing) nameBefore() string { return l.name() + " (before logs left it)" }

// recall reads the copy that was kept, and which logs had left it.
func (l *listing) recall(ctx context.Context) error {
	list, kept, err := l.recallCopy(ctx, l.name())
	if err != nil || list == nil {
		return err
	}
	l.held, l.copied, l.etag, l.modified = list, *kept, kept.ETag, kept.Modified
	before, _, err := l.recallCopy(ctx, l.nameBefore())
	if err == nil && before != nil {
		l.left = lostLogs(before.Logs, list)
	}
	return err
}

// recallCopy reads one copy; nil if there is none.
func (l *listing) recallCopy(ctx context.Context, name string) (*loglist.List, *store.LogList, error) {
	kept, err := l.keeper.LogList(ctx, name)
	if err != nil || kept == nil {
		return nil, nil, err
	}
	if l.key != nil {
		if err := loglist.Verify(kept.Text, kept.Signature, l.key); err != nil {
			return nil, nil, err
		}
	}
	list, err := loglist.Parse(kept.Text)
	return list, kept, err
}

// doubt says why a list is not to be taken in place of the one that is held.
// Somebody may show us an old one, or a broken one.
func (l *listing) doubt(list *loglist.List) error {
	if len(list.Logs) == 0 {
		return errors.Join(errors.New("there is no log in it that can be used"), firstProblem(list))
	}
	if l.held == nil {
		return nil
	}
	if list.Published.Before(l.held.Published) {
		return fmt.Errorf("it was published at %s, before the one that is held (%s)",
			list.Published.Format(time.RFC3339), l.held.Published.Format(time.RFC3339))
	}
	lost := len(lostLogs(l.held.Logs, list))
	if lost < 2 || 2*lost <= len(l.held.Logs) {
		return nil
	}
	if l.shrunk++; l.shrunk > shrunkMost {
		return nil
	}
	return fmt.Errorf("%d of the %d logs of the one before are gone from it; it is taken if it still says so the next %d times",
		lost, len(l.held.Logs), shrunkMost+1-l.shrunk)
}

// firstProblem is what keeps a list's first log from being used; nil if nothing does.
func firstProblem(list *loglist.List) error {
	if len(list.Problems) == 0 {
		return nil
	}
	return list.Problems[0]
}

// lostLogs are those of some logs that a list doesn't have.
func lostLogs(before []loglist.Log, now *loglist.List) []loglist.Log {
	have := map[scanner.Hash]bool{}
	for _, l := range now.Logs {
		have[l.Scan.ID()] = true
	}
	var lost []loglist.Log
	for _, l := range before {
		if !have[l.Scan.ID()] {
			lost = append(lost, l)
		}
	}
	return lost
}

// part remembers which logs a new list no longer has, and tells whether the held
// one had any of them.
func (l *listing) part(list *loglist.List) bool {
	before := l.left
	var lost []loglist.Log
	if l.held != nil {
		lost = lostLogs(l.held.Logs, list)
		before = append(before, l.held.Logs...)
	}
	l.left = lostLogs(before, list)
	return len(lost) > 0
}

// gone are the logs that the list once had.
func (l *listing) gone() []loglist.Log {
	if l == nil {
		return nil
	}
	return l.left
}

// tell logs what of a new list can't be used.
func (l *listing) tell(list *loglist.List) {
	for _, problem := range list.Problems {
		l.log.Warn("the log list names a log that can't be used as it says", "list", l.name(), "problem", problem.Error())
	}
}
