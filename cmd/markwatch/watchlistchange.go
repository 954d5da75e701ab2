package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"markwatch/internal/alert"
	"markwatch/match"
	"markwatch/queries"
	"markwatch/store"
)

// The order of what a change of watch lists prints: a line for each item and
// what becomes of it, then what it found among what is stored. As JSON each line
// has a "what": added, changed, removed or unchanged, hit, and last done, with the
// numbers. Of very many only the first are printed as text.

// itemChange is a change of watch lists that is being made. It searches what is
// stored for what changes and no more: of the other items it knows those alone
// that the change concerns.
type itemChange struct {
	*program
	store   *store.Store
	g       *matching
	whole   map[string]bool // lists of which all items are known to the matcher
	notify  bool
	json    bool
	printed int
	done    changeDone
}

// changeDone counts what a change did.
type changeDone struct {
	What      string `json:"what"`
	Added     int    `json:"added"`
	Changed   int    `json:"changed"`
	Removed   int    `json:"removed"`
	Unchanged int    `json:"unchanged"`
	Lists     int    `json:"lists"` // set
	Hits      int    `json:"hits"`
	Withdrawn int    `json:"withdrawn"`
}

// searching loads what is stored. Changing what is own or allowed changes the
// hits of all items of its list: excusing names these lists.
func (x *itemChange) searching(ctx context.Context, excusing []string) error {
	x.whole = map[string]bool{}
	for _, list := range excusing {
		x.whole[list] = true
	}
	lists := slices.Compact(slices.Sorted(slices.Values(excusing)))
	x.g = newMatching(x.store, x.log, nil)
	known := map[string]bool{}
	items := func(ctx context.Context) ([]match.Item, []string, error) {
		items, err := x.store.ItemsToSearch(ctx, lists)
		for _, i := range items {
			known[i.ID] = true
		}
		return x.g.comparable(items), nil, err
	}
	// The hits of what is known are found before, so that only the change's are told.
	return x.g.start(ctx, items, func(h *match.Hit) bool { return h.Item == "" || x.whole[h.List] })
}

// excusingLists are the lists of those items that are own or allowed.
func excusingLists(items []match.Item) []string {
	var lists []string
	for _, i := range items {
		if i.Role != match.Watch {
			lists = append(lists, i.List)
		}
	}
	return lists
}

// know tells the matcher of items as they were, whose hits are stored.
func (x *itemChange) know(was []match.Item) {
	x.g.matcher.SetItems(slices.DeleteFunc(slices.Clone(was), func(i match.Item) bool { return i.Role != match.Watch || x.whole[i.List] }))
}

// set stores items that are new or others than they were, and what they find.
func (x *itemChange) set(ctx context.Context, was, items []match.Item) error {
	if len(items) == 0 {
		return nil
	}
	x.know(was)
	save := func() error { return x.store.SaveItems(ctx, items, false, author()) }
	if x.notify {
		save = func() error { return x.store.SaveNotifyingItems(ctx, items, author()) }
	}
	changes := x.g.matcher.SetItems(items)
	if err := x.quieten(ctx, changes.Hits); err != nil {
		return err
	}
	if err := save(); err != nil {
		return fmt.Errorf("storing the watch list: %w", err)
	}
	return x.found(ctx, changes)
}

// quieten keeps what a change finds among what is stored from being sent, unless
// that is asked for. It is written before the items, that a running watch, which
// takes these over, finds it.
func (x *itemChange) quieten(ctx context.Context, hits []match.Hit) error {
	if x.notify {
		return nil
	}
	var ids []string
	for _, h := range hits {
		if h.Item != "" {
			ids = append(ids, h.ID)
		}
	}
	if err := x.store.SaveDeliveries(ctx, alert.Quiet(ids, alert.QuietAdded, time.Now().UTC())); err != nil {
		return fmt.Errorf("storing that hits are not to be sent: %w", err)
	}
	return nil
}

// remove takes items away, and their hits.
func (x *itemChange) remove(ctx context.Context, items []match.Item) error {
	x.know(items)
	if err := x.store.SaveItems(ctx, items, true, author()); err != nil {
		return fmt.Errorf("storing the watch list: %w", err)
	}
	return x.found(ctx, x.forget(items))
}

// forget lets the matcher know nothing of items any more.
func (x *itemChange) forget(items []match.Item) match.Changes {
	ids := make([]string, len(items))
	for n, i := range items {
		ids[n] = i.ID
	}
	return x.g.matcher.RemoveItems(ids)
}

// found stores and prints what became of the hits.
func (x *itemChange) found(ctx context.Context, c match.Changes) error {
	if err := x.store.SaveHits(ctx, c); err != nil {
		return fmt.Errorf("storing hits: %w", err)
	}
	x.done.Withdrawn += len(c.Withdrawn)
	for _, h := range c.Hits {
		if h.Item == "" {
			continue
		}
		x.done.Hits++
		if err := x.printHit(h); err != nil {
			return err
		}
	}
	return nil
}

// maxShown bounds how many items, and how many hits, a change prints as text.
const maxShown = 20

// foundHit is what a change prints of a hit.
type foundHit struct {
	What         string         `json:"what"`
	ID           string         `json:"id"`
	Rule         match.Rule     `json:"rule"`
	Severity     match.Severity `json:"severity"`
	List         string         `json:"list"`
	Item         string         `json:"item"`
	TBSSHA256    string         `json:"tbs_sha256"`
	Organisation string         `json:"organisation"`
	Domains      []string       `json:"domains"`
	Score        float64        `json:"score"`
	Reason       string         `json:"reason"`
}

func (x *itemChange) printHit(h match.Hit) error {
	if x.json {
		return printJSONLines(x.out, []foundHit{{"hit", h.ID, h.Rule, h.Severity, h.List, h.Item, h.TBSSHA256, h.Organisation, h.Domains, h.Score, h.Reason}})
	}
	if x.done.Hits > maxShown {
		return nil
	}
	_, err := fmt.Fprintf(x.out, "  %s  %s  %s\n", h.ID[:12], h.Severity, queries.Printable(h.Reason))
	return err
}

// fieldChange is what becomes of one thing that is said of an item or a list.
type fieldChange struct {
	Field string `json:"field"`
	From  string `json:"from"`
	To    string `json:"to"`
}

// shownChange is what a change prints of an item or a list.
type shownChange struct {
	What string `json:"what"`
	shownItem
	Changes []fieldChange `json:"changes,omitempty"`
}

// printItem prints what becomes of an item, of which was is nil for a new one.
func (x *itemChange) printItem(what string, i match.Item, changes []fieldChange) error {
	if x.json {
		return printJSONLines(x.out, []shownChange{{what, showItem(store.WatchItem{Item: i}), changes}})
	}
	if x.printed++; x.printed > maxShown {
		return nil
	}
	_, err := fmt.Fprintf(x.out, "%s  %s  %s%s\n", i.ID[:12], what, named(i), becomes(changes))
	return err
}

// named is an item in words.
func named(i match.Item) string {
	return fmt.Sprintf("%s %s %s in the list %s", i.Role, i.Kind, queries.Printable(shownValue(i)), queries.Printable(i.List))
}

// becomes says what changes.
func becomes(changes []fieldChange) string {
	var all []string
	for _, c := range changes {
		all = append(all, c.Field+" "+orNone(c.From)+" → "+orNone(c.To))
	}
	if len(all) == 0 {
		return ""
	}
	return ": " + strings.Join(all, ", ")
}

func orNone(s string) string {
	if s == "" {
		return "(none)"
	}
	return queries.Printable(s)
}

// itemChanges are the differences between two versions of an item.
func itemChanges(a, b match.Item) []fieldChange {
	var all []fieldChange
	for _, c := range []fieldChange{
		{"severity", string(a.Severity), string(b.Severity)}, {"notes", a.Notes, b.Notes},
		{"starts", writtenTime(a.Starts), writtenTime(b.Starts)}, {"ends", writtenTime(a.Ends), writtenTime(b.Ends)},
	} {
		if c.From != c.To {
			all = append(all, c)
		}
	}
	return all
}

func writtenTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// finish says what the change came to.
func (x *itemChange) finish() error {
	if x.json {
		x.done.What = "done"
		return printJSONLines(x.out, []changeDone{x.done})
	}
	more := func(n int, what string) string {
		if n > maxShown {
			return fmt.Sprintf("and %s more%s\n", counted(n-maxShown, what), map[string]string{"hit": ": markwatch alerts list"}[what])
		}
		return ""
	}
	text := more(x.done.Hits, "hit") + more(x.printed, "item")
	switch {
	case x.done.Added == 0 && x.done.Hits > 0:
		text += counted(x.done.Hits, "hit") + " new or changed\n"
	case x.done.Added > 0:
		text += counted(x.done.Hits, "hit") + " among what is stored"
		if x.done.Hits > 0 && !x.notify {
			text += ", shown here and not sent (--notify sends them)"
		}
		text += "\n"
	}
	if x.done.Withdrawn > 0 || x.done.Removed > 0 {
		verb := " are withdrawn\n"
		if x.done.Withdrawn == 1 {
			verb = " is withdrawn\n"
		}
		text += counted(x.done.Withdrawn, "hit") + verb
	}
	_, err := fmt.Fprint(x.out, text)
	return err
}
