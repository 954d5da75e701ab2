package main

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"markwatch/internal/alert/channel"
	"markwatch/internal/alert/notice"
	"markwatch/match"
	"markwatch/queries"
	"markwatch/store"
)

// listCommands set, show and delete whole lists.
func (p *program) listCommands() []*cli.Command {
	return []*cli.Command{
		{
			Name: "set", Usage: "say whose a list is, and how its hits are told; what is not named stays, \"\" takes it away", ArgsUsage: "LIST",
			Flags: []cli.Flag{
				&cli.StringFlag{Name: "client", Usage: "it is `NAME`'s"},
				&cli.StringFlag{Name: "notes", Usage: "keep `TEXT` with it"},
				&cli.StringFlag{Name: "colour", Usage: "show it in this `#RRGGBB`"},
				&cli.StringSliceFlag{Name: "channel", Usage: "tell its hits by the configured channel of this `NAME`; may be repeated, and replaces those that were set"},
				&cli.StringFlag{Name: "rhythm", Usage: "tell its hits `HOW-OFTEN`: at-once, hourly, daily, weekly (default: as configured)"},
				&cli.StringFlag{Name: "digest-at", Usage: "make daily and weekly digests at this `TIME`, such as 08:00 or, weekly, \"fri 08:00\""},
				&cli.StringFlag{Name: "digest-zone", Usage: "in this time `ZONE`, such as Europe/London (default: UTC)"},
				&cli.BoolFlag{Name: "new-feed-address", Usage: "give its feed another address; the old one ends"},
				jsonFlag(),
			},
			Action: p.setList,
		},
		{
			Name: "show", Usage: "show a list: what is set of it, and what it holds", ArgsUsage: "LIST",
			Flags: []cli.Flag{
				&cli.BoolFlag{Name: "history", Usage: "show every change of what is set, with who and when"},
				&cli.BoolFlag{Name: "secrets", Usage: "show the secret in the address of its feed"},
				jsonFlag(),
			},
			Action: p.showList,
		},
		{
			Name: "delete", Usage: "remove a list with all its items; without --yes it says what there is", ArgsUsage: "LIST",
			Flags:  []cli.Flag{&cli.BoolFlag{Name: "yes", Usage: "do it"}, jsonFlag()},
			Action: p.deleteList,
		},
		{
			Name: "lists", Usage: "show the lists",
			Flags:  []cli.Flag{&cli.BoolFlag{Name: "history", Usage: "show every change of what was set, with who and when"}, jsonFlag()},
			Action: p.showLists,
		},
	}
}

// listName is the list that a command is about.
func listName(c *cli.Context) (string, error) {
	if c.NArg() != 1 {
		return "", usagef("watchlist %s takes the name of one list", c.Command.Name)
	}
	name, err := match.ListName(c.Args().First())
	if err != nil {
		return "", usageError{err}
	}
	return name, nil
}

func (p *program) setList(c *cli.Context) error {
	name, err := listName(c)
	if err != nil {
		return err
	}
	if c.NumFlags() == 0 || c.NumFlags() == 1 && c.Bool("json") {
		return usagef("watchlist set: say what: --client, --notes, --colour, --channel, --rhythm, --digest-at, --digest-zone, --new-feed-address")
	}
	return p.withStore(c, func(ctx context.Context, st *store.Store) error {
		lists, err := st.WatchLists(ctx)
		if err != nil {
			return err
		}
		old := store.WatchList{Name: name}
		known := slices.IndexFunc(lists, func(l store.WatchList) bool { return l.Name == name })
		if known >= 0 {
			old = lists[known]
		}
		l := listWith(c, old)
		if err := checkList(&l); err != nil {
			return usageError{err}
		}
		p.warnOfChannels(l)
		changes := listChanges(old, l)
		what := "changed"
		switch {
		case known < 0:
			what = "added"
		case len(changes) == 0:
			what = "unchanged"
		}
		if what != "unchanged" {
			if err := st.SaveWatchLists(ctx, []store.WatchList{l}, author()); err != nil {
				return fmt.Errorf("storing the watch list: %w", err)
			}
		}
		return p.printList(c.Bool("json"), what, l, changes)
	})
}

// listWith is a list with what the flags say of it.
func listWith(c *cli.Context, l store.WatchList) store.WatchList {
	for name, field := range map[string]*string{
		"client": &l.Client, "notes": &l.Notes, "colour": &l.Colour, "rhythm": (*string)(&l.Rhythm), "digest-at": &l.DigestAt, "digest-zone": &l.DigestZone,
	} {
		if c.IsSet(name) {
			*field = c.String(name)
		}
	}
	if c.IsSet("channel") {
		l.Channels = slices.DeleteFunc(slices.Clone(c.StringSlice("channel")), func(name string) bool { return name == "" })
	}
	if c.Bool("new-feed-address") {
		l.FeedSecret = store.NewFeedSecret()
	}
	return l
}

// checkList is Check for a list that may leave its rhythm to the configuration.
func checkList(l *store.WatchList) error {
	l.Rhythm = store.Rhythm(strings.ToLower(strings.TrimSpace(string(l.Rhythm))))
	unset := l.Rhythm == ""
	err := l.Check()
	if unset {
		l.Rhythm = ""
	}
	return err
}

// warnOfChannels says which of a list's channels are not configured. They are
// kept: the configuration may be another's, or come later.
func (p *program) warnOfChannels(l store.WatchList) {
	if p.config.path == "" || len(l.Channels) == 0 {
		return
	}
	renderer, err := notice.NewRenderer("")
	if err != nil {
		return
	}
	channels, err := p.config.Alert.Open(renderer, slog.New(slog.DiscardHandler))
	if err != nil { // watch and doctor say so
		return
	}
	for _, name := range l.Channels {
		if !slices.ContainsFunc(channels, func(c channel.Channel) bool { return c.Name() == name }) {
			fmt.Fprintf(p.err, "markwatch: no channel %s is configured in %s; the list %s keeps it all the same\n", name, p.config.path, queries.Printable(l.Name))
		}
	}
}

// listChanges are the differences between two versions of what is set of a list.
func listChanges(a, b store.WatchList) []fieldChange {
	var all []fieldChange
	for _, c := range []fieldChange{
		{"client", a.Client, b.Client}, {"notes", a.Notes, b.Notes}, {"colour", a.Colour, b.Colour},
		{"channels", strings.Join(a.Channels, ", "), strings.Join(b.Channels, ", ")}, {"rhythm", string(a.Rhythm), string(b.Rhythm)},
		{"digest-at", a.DigestAt, b.DigestAt}, {"digest-zone", a.DigestZone, b.DigestZone},
	} {
		if c.From != c.To {
			all = append(all, c)
		}
	}
	if a.FeedSecret != "" && a.FeedSecret != b.FeedSecret {
		all = append(all, fieldChange{"feed address", "the old", "a new one"})
	}
	return all
}

func (p *program) printList(asJSON bool, what string, l store.WatchList, changes []fieldChange) error {
	if asJSON {
		s := showOf(l)
		s.What, s.Changes, s.Author, s.ChangedAt = what, changes, "", nil
		return printJSONLines(p.out, []shownList{s})
	}
	_, err := fmt.Fprintf(p.out, "the list %s is %s%s\n", queries.Printable(l.Name), what, becomes(changes))
	return err
}

func (p *program) deleteList(c *cli.Context) error {
	name, err := listName(c)
	if err != nil {
		return err
	}
	return p.withStore(c, func(ctx context.Context, st *store.Store) error {
		l, err := findList(ctx, st, name)
		if err != nil {
			return err
		}
		var ids []string
		for i, err := range st.EachItem(ctx) {
			if err != nil {
				return err
			}
			if i.List == name {
				ids = append(ids, i.ID)
			}
		}
		if !c.Bool("yes") {
			return fmt.Errorf("the list %s has %s: with --yes it is deleted with them, and their hits are withdrawn; nothing was changed", queries.Printable(name), counted(len(ids), "item"))
		}
		x := &itemChange{program: p, store: st, json: c.Bool("json")}
		if err := x.removeList(ctx, name, ids); err != nil {
			return err
		}
		l.Removed = true
		if err := st.SaveWatchLists(ctx, []store.WatchList{l}, author()); err != nil {
			return fmt.Errorf("storing the watch list: %w", err)
		}
		x.done.Lists++
		if !x.json {
			fmt.Fprintf(p.out, "the list %s is deleted, with %s\n", queries.Printable(name), counted(len(ids), "item"))
		}
		return x.finish()
	})
}

// removeList removes all items of a list.
func (x *itemChange) removeList(ctx context.Context, name string, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	if err := x.searching(ctx, []string{name}); err != nil {
		return err
	}
	for some := range slices.Chunk(ids, changeAtOnce) {
		items, err := wholeItems(ctx, x.store, some)
		if err != nil {
			return err
		}
		x.done.Removed += len(items)
		if err := x.remove(ctx, items); err != nil {
			return err
		}
	}
	return nil
}
