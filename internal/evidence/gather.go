package evidence

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"markwatch/match"
	"markwatch/parse"
	"markwatch/scanner"
	"markwatch/store"
	"strings"
)

// Source is where a case is gathered from.
type Source struct {
	Store *store.Store
	Logs  []scanner.Log // that are configured: their keys serve where the store has none
	// Ask asks a log for the audit path of a leaf, where its leaf hashes aren't kept.
	Ask     func(ctx context.Context, log scanner.Log, leaf scanner.Hash, index, size uint64) (path []scanner.Hash, err error)
	Program string // what makes the pack: "markwatch v1.0.0"
}

// Gather collects the case of a hit or an issuance, by its id or the beginning
// of one. It fails where no entry of the issuance can be proved; of others it
// says why they can't.
func (s Source) Gather(ctx context.Context, id string) (*Case, error) {
	hits, issuances, err := s.Store.Find(ctx, id)
	if err != nil {
		return nil, err
	}
	if all := append(hits, issuances...); len(all) != 1 {
		return nil, notOne(id, all)
	}
	c := &Case{Program: s.Program}
	if len(hits) == 0 {
		c.Found, err = s.issuance(ctx, issuances[0])
	} else {
		err = s.hit(ctx, c, hits[0])
	}
	if err != nil {
		return nil, err
	}
	if !c.Found.proved() {
		return nil, unprovable(c.Found)
	}
	c.compare()
	return c, nil
}

// notOne says what an id that isn't one stands for.
func notOne(id string, all []string) error {
	if len(all) == 0 {
		return fmt.Errorf("there is no hit and no issuance %s; markwatch alerts list shows hits, markwatch query certificates issuances (tbs_sha256)", id)
	}
	return fmt.Errorf("several ids begin with %s, among them %s and %s; give more of it", id, all[0], all[1])
}

// unprovable says why of each entry.
func unprovable(i *Issuance) error {
	var why []string
	for _, e := range i.Entries {
		why = append(why, fmt.Sprintf("entry %d of %s: %s", e.Index, e.Log, e.Unproved))
	}
	return fmt.Errorf("nothing proves that the certificate %s was logged: %s", i.TBSSHA256, strings.Join(why, "; "))
}

// hit collects a hit and its two parties.
func (s Source) hit(ctx context.Context, c *Case, id string) error {
	var err error
	if c.Hit, err = s.Store.Hit(ctx, id); err != nil {
		return err
	}
	if c.Hit == nil {
		return fmt.Errorf("there is no hit %s", id)
	}
	if err := json.Unmarshal([]byte(c.Hit.Evidence), &c.Behind); err != nil {
		return fmt.Errorf("reading the evidence of hit %s: %w", id, err)
	}
	if c.Found, err = s.issuance(ctx, c.Hit.TBSSHA256); err != nil {
		return err
	}
	if c.Hit.OtherTBSSHA256 != "" {
		if c.Other, err = s.issuance(ctx, c.Hit.OtherTBSSHA256); err != nil {
			return err
		}
	}
	if c.Hit.Item == "" {
		return nil
	}
	history, err := s.Store.ItemHistory(ctx) // the item may be removed by now
	for _, i := range history {
		if i.ID == c.Hit.Item {
			item := i.Item
			c.Watched = &item
		}
	}
	return err
}

// issuance collects an issuance with the proofs of its entries.
func (s Source) issuance(ctx context.Context, tbs string) (*Issuance, error) {
	stored, err := s.Store.EntriesOf(ctx, tbs)
	if err != nil {
		return nil, err
	}
	if len(stored) == 0 {
		return nil, fmt.Errorf("the store has no log entry of the issuance %s", tbs)
	}
	i := &Issuance{TBSSHA256: tbs}
	for _, e := range stored {
		entry := Entry{LogEntry: e}
		entry.ExtraData = e.WholeExtraData()
		if entry.Parsed, err = parse.Leaf(e.LeafInput, entry.ExtraData); err != nil {
			return nil, fmt.Errorf("reading entry %d of %s: %w", e.Index, e.Log, err)
		}
		var unproved *unprovedError
		if err := s.prove(ctx, &entry); errors.As(err, &unproved) {
			entry.Unproved = unproved.Error()
		} else if err != nil {
			return nil, err
		}
		i.Entries = append(i.Entries, entry)
	}
	i.Mark = i.Entries[0].Parsed.Mark
	return i, nil
}

// unprovedError says why an entry can't be proved: a fact of the case, and no
// failure of the store.
type unprovedError struct{ err error }

// Error says why.
func (e *unprovedError) Error() string { return e.err.Error() }

// Unwrap gives the cause.
func (e *unprovedError) Unwrap() error { return e.err }

func unproved(format string, args ...any) error { return &unprovedError{fmt.Errorf(format, args...)} }

// prove finds the log's key, a tree head over the entry, and the path to it.
func (s Source) prove(ctx context.Context, e *Entry) error {
	log, err := s.log(ctx, e.LogEntry)
	if err != nil {
		return err
	}
	e.Source = *log
	head, err := s.Store.HeadOver(ctx, e.LogID, e.Index, false)
	if err != nil {
		return err
	}
	kept := false
	if head != nil {
		if kept, err = s.Store.KeepsLeaves(ctx, e.LogID, head.Size); err != nil {
			return err
		}
	}
	if kept {
		var root scanner.Hash
		if e.Path, root, err = AuditPath(e.Index, head.Size, s.Store.LeafHashes(ctx, *log, 0, head.Size)); err != nil {
			return err
		}
		if root != head.Root {
			return unproved("the stored leaf hashes make the root %x, the tree head of %d entries says %x: the store is damaged, or the log contradicts itself", root, head.Size, head.Root)
		}
	} else if head, err = s.ask(ctx, e); err != nil {
		return err
	}
	return e.settle(head)
}

// settle takes the head when signature and path hold.
func (e *Entry) settle(head *scanner.TreeHead) error {
	if err := scanner.VerifyTreeHead(e.Source, *head); err != nil {
		return unproved("its tree head of %d entries: %w", head.Size, err)
	}
	if err := scanner.VerifyInclusion(e.Index, head.Size, e.LeafHash, e.Path, head.Root); err != nil {
		return unproved("its inclusion proof: %w", err)
	}
	e.Head = *head
	return nil
}

// log is the entry's log with its key: from the store, else from the configuration.
func (s Source) log(ctx context.Context, e store.LogEntry) (*scanner.Log, error) {
	log, err := s.Store.Log(ctx, e.LogID)
	if err != nil || log != nil {
		return log, err
	}
	for _, l := range s.Logs {
		if id := l.ID(); base64.StdEncoding.EncodeToString(id[:]) == e.LogID {
			return &l, nil
		}
	}
	return nil, unproved("the key of the log %s (id %s) isn't known: add that log, with its name, url and key, to logs in markwatch.yaml", e.Log, e.LogID)
}

// ask lets the log itself give the path to the largest tree head that it showed.
func (s Source) ask(ctx context.Context, e *Entry) (*scanner.TreeHead, error) {
	head, err := s.Store.HeadOver(ctx, e.LogID, e.Index, true)
	if err != nil {
		return nil, err
	}
	if head == nil {
		return nil, unproved("no stored tree head of %s covers it yet", e.Log)
	}
	path, err := s.Ask(ctx, e.Source, e.LeafHash, e.Index, head.Size)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, unproved("the store doesn't keep all leaf hashes up to a tree head of %s that covers it, and the log could not be asked for the proof: %w", e.Log, err)
	}
	e.Path = path
	return head, nil
}

// named is a watched thing in words.
func named(i *match.Item) string {
	if i.Kind == match.KindLogo {
		return "the logo with SHA-256 " + i.Value
	}
	return "the " + string(i.Kind) + " " + strings.TrimSpace(i.Register+" "+i.Value)
}
