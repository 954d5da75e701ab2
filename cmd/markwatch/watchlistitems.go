package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"markwatch/match"
	"markwatch/match/domain"
	"markwatch/queries"
	"markwatch/store"
)

// details are what is said of an item beside what it is; nil is not said.
type details struct {
	severity     *match.Severity
	notes        *string
	starts, ends *time.Time
	allowOnly    string // a flag that is for what is allowed alone
}

// itemDetails reads detailFlags. An empty value takes away what was said.
func itemDetails(c *cli.Context) (d details, err error) {
	for _, pair := range [][2]string{{"notes", "reason"}, {"ends", "until"}} {
		if c.IsSet(pair[0]) && c.IsSet(pair[1]) {
			return d, usagef("--%s and --%s are both given: keep one", pair[0], pair[1])
		}
	}
	if c.IsSet("severity") {
		s := strings.ToLower(c.String("severity"))
		if err := knownSeverity(s); s != "" && err != nil {
			return d, usageError{err}
		}
		d.severity = (*match.Severity)(&s)
	}
	for _, name := range []string{"notes", "reason"} {
		if c.IsSet(name) {
			notes := match.CleanNotes(c.String(name))
			d.notes = &notes
		}
	}
	if d.starts, err = dateFlag(c, "starts"); err != nil {
		return d, err
	}
	if d.ends, err = dateFlag(c, "ends"); err != nil {
		return d, err
	}
	if c.IsSet("until") {
		if d.ends, err = dateFlag(c, "until"); err != nil {
			return d, err
		}
		if _, notDay := time.Parse(time.DateOnly, c.String("until")); notDay == nil {
			*d.ends = d.ends.AddDate(0, 0, 1) // the whole day
		}
	}
	for _, name := range []string{"reason", "until"} {
		if c.IsSet(name) {
			d.allowOnly = name
		}
	}
	return d, nil
}

// dateFlag reads a date; nil without one, and no time for "".
func dateFlag(c *cli.Context, name string) (*time.Time, error) {
	switch {
	case !c.IsSet(name):
		return nil, nil
	case c.String(name) == "":
		return new(time.Time), nil
	}
	t, err := parseDate(c.String(name))
	if err != nil {
		return nil, usagef("--%s %w", name, err)
	}
	return &t, nil
}

// parseDate reads a day, or an instant, in UTC.
func parseDate(s string) (time.Time, error) {
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no date: write one such as 2026-11-30, or 2026-11-30T12:00:00Z", s)
}

// of is the item with what is said of it.
func (d details) of(i match.Item) (match.Item, error) {
	if d.allowOnly != "" && i.Role != match.Allow {
		return i, usagef("--%s is for what is allowed; %s is not: use --notes and --ends", d.allowOnly, named(i))
	}
	if d.severity != nil {
		i.Severity = *d.severity
	}
	if d.notes != nil {
		i.Notes = *d.notes
	}
	if d.starts != nil {
		i.Starts = *d.starts
	}
	if d.ends != nil {
		i.Ends = *d.ends
	}
	if err := cmp.Or(i.CheckTimes(), i.CheckNotes()); err != nil {
		return i, usageError{err}
	}
	return i, nil
}

// asBefore gives a new version of an item what was said of it before.
func asBefore(i, was match.Item) match.Item {
	i.Severity, i.Notes, i.Starts, i.Ends = was.Severity, was.Notes, was.Starts, was.Ends
	return i
}

func (p *program) addItems(c *cli.Context) error {
	if c.NArg() < 2 {
		return usagef("watchlist add takes a kind (domain, organisation, trademark, logo) and what to watch")
	}
	d, err := itemDetails(c)
	if err != nil {
		return err
	}
	role, err := itemRole(c)
	if err != nil {
		return err
	}
	return p.withStore(c, func(ctx context.Context, st *store.Store) error {
		items, err := p.namedItems(ctx, st, c.String("list"), role, c.Args().Slice())
		if err != nil {
			return err
		}
		x := &itemChange{program: p, store: st, notify: c.Bool("notify"), json: c.Bool("json")}
		return x.add(ctx, items, d.of)
	})
}

// namedItems makes the items of a kind and values.
func (p *program) namedItems(ctx context.Context, st *store.Store, list string, role match.Role, args []string) ([]match.Item, error) {
	var items []match.Item
	for _, value := range args[1:] {
		item, err := p.newItem(ctx, st, list, role, match.Kind(args[0]), value)
		if err != nil {
			return nil, err
		}
		if name := domain.Parse(value); item.Kind == match.KindDomain && name.Problem != "" {
			fmt.Fprintf(p.err, "markwatch: %s: %s; it is matched as written\n", queries.Printable(value), name.Problem)
		}
		items = appendItem(items, item)
	}
	return items, nil
}

// appendItem appends an item that isn't there yet.
func appendItem(items []match.Item, item match.Item) []match.Item {
	if slices.ContainsFunc(items, func(i match.Item) bool { return i.ID == item.ID }) {
		return items
	}
	return append(items, item)
}

// add stores items, of which those that are there keep what details don't say,
// and tells what they find.
func (x *itemChange) add(ctx context.Context, items []match.Item, details func(match.Item) (match.Item, error)) error {
	ids := make([]string, len(items))
	for n, i := range items {
		ids[n] = i.ID
	}
	stored, err := x.store.ItemsOf(ctx, ids)
	if err != nil {
		return err
	}
	was := map[string]match.Item{}
	for _, i := range stored {
		was[i.ID] = i.Item
	}
	var changed []match.Item
	for _, item := range items {
		old, known := was[item.ID]
		if known {
			item = asBefore(item, old)
		}
		if item, err = details(item); err != nil {
			return err
		}
		changes := itemChanges(old, item)
		what := "changed"
		switch {
		case !known:
			what, changes = "added", nil
			x.done.Added++
		case len(changes) > 0 || x.notify:
			x.done.Changed++
		default:
			what = "unchanged"
			x.done.Unchanged++
		}
		if err := x.printItem(what, item, changes); err != nil {
			return err
		}
		if what != "unchanged" {
			changed = append(changed, item)
		}
	}
	if len(changed) > 0 {
		if err := x.searching(ctx, excusingLists(changed)); err != nil {
			return err
		}
		if err := x.set(ctx, before(stored), changed); err != nil {
			return err
		}
	}
	return x.finish()
}

// before are items as they are stored.
func before(stored []store.WatchItem) []match.Item {
	items := make([]match.Item, len(stored))
	for n, i := range stored {
		items[n] = i.Item
	}
	return items
}

func (p *program) editItems(c *cli.Context) error {
	d, err := itemDetails(c)
	if err != nil {
		return err
	}
	if d == (details{}) {
		return usagef("watchlist edit: say what changes: --severity, --notes, --starts, --ends; for what is allowed --reason, --until")
	}
	return p.withNamed(c, func(ctx context.Context, x *itemChange, stored []match.Item) error {
		return x.edit(ctx, stored, d)
	})
}

// edit changes stored items.
func (x *itemChange) edit(ctx context.Context, stored []match.Item, d details) error {
	var changed, was []match.Item
	for _, old := range stored {
		item, err := d.of(old)
		if err != nil {
			return err
		}
		changes := itemChanges(old, item)
		if len(changes) == 0 {
			x.done.Unchanged++
			if err := x.printItem("unchanged", item, nil); err != nil {
				return err
			}
			continue
		}
		x.done.Changed++
		if err := x.printItem("changed", item, changes); err != nil {
			return err
		}
		was, changed = append(was, old), append(changed, item)
	}
	if len(changed) > 0 {
		if err := x.searching(ctx, excusingLists(changed)); err != nil {
			return err
		}
		if err := x.set(ctx, was, changed); err != nil {
			return err
		}
	}
	return x.finish()
}

func (p *program) removeItems(c *cli.Context) error {
	return p.withNamed(c, func(ctx context.Context, x *itemChange, stored []match.Item) error {
		if err := x.searching(ctx, excusingLists(stored)); err != nil {
			return err
		}
		for _, i := range stored {
			x.done.Removed++
			if err := x.printItem("removed", i, nil); err != nil {
				return err
			}
		}
		if err := x.remove(ctx, stored); err != nil {
			return err
		}
		return x.finish()
	})
}

// withNamed is the course of a command on the stored items that its arguments name.
func (p *program) withNamed(c *cli.Context, f func(context.Context, *itemChange, []match.Item) error) error {
	if c.NArg() == 0 {
		return usagef("watchlist %s takes a kind and values, or ids, as watchlist list prints them", c.Command.Name)
	}
	role, err := itemRole(c)
	if err != nil {
		return err
	}
	return p.withStore(c, func(ctx context.Context, st *store.Store) error {
		items, err := p.storedItems(ctx, st, c, role)
		if err != nil {
			return err
		}
		return f(ctx, &itemChange{program: p, store: st, json: c.Bool("json")}, items)
	})
}
