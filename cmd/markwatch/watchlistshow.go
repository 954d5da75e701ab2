package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"markwatch/match"
	"markwatch/queries"
	"markwatch/store"
)

// shownList is what is printed of a list. Its secret is shown to who asks for it.
type shownList struct {
	What       string        `json:"what,omitempty"`
	Name       string        `json:"name"`
	Client     string        `json:"client"`
	Notes      string        `json:"notes"`
	Colour     string        `json:"colour"`
	Channels   []string      `json:"channels"`
	Rhythm     store.Rhythm  `json:"rhythm"`
	DigestAt   string        `json:"digest_at"`
	DigestZone string        `json:"digest_zone"`
	FeedSecret string        `json:"feed_secret,omitempty"`
	Items      *itemCounts   `json:"items,omitempty"`
	Changes    []fieldChange `json:"changes,omitempty"`
	Removed    bool          `json:"removed,omitempty"`
	Author     string        `json:"author,omitempty"`
	ChangedAt  *time.Time    `json:"changed_at,omitempty"`
}

func showOf(l store.WatchList) shownList {
	return shownList{
		Name: l.Name, Client: l.Client, Notes: l.Notes, Colour: l.Colour, Channels: append([]string{}, l.Channels...), Rhythm: l.Rhythm,
		DigestAt: l.DigestAt, DigestZone: l.DigestZone, Removed: l.Removed, Author: l.Author, ChangedAt: whenSet(l.ChangedAt),
	}
}

// itemCounts is how much a list holds.
type itemCounts struct {
	Watch int `json:"watch"`
	Own   int `json:"own"`
	Allow int `json:"allow"`
}

// countItems counts the items of each list.
func countItems(ctx context.Context, st *store.Store) (map[string]*itemCounts, error) {
	counts := map[string]*itemCounts{}
	for i, err := range st.EachItem(ctx) {
		if err != nil {
			return nil, err
		}
		n := counts[i.List]
		if n == nil {
			n = &itemCounts{}
			counts[i.List] = n
		}
		switch i.Role {
		case match.Own:
			n.Own++
		case match.Allow:
			n.Allow++
		default:
			n.Watch++
		}
	}
	return counts, nil
}

func (p *program) showLists(c *cli.Context) error {
	if c.NArg() > 0 {
		return usagef("watchlist lists takes no arguments, but there is %q", c.Args().First())
	}
	return p.withStore(c, func(ctx context.Context, st *store.Store) error {
		if c.Bool("history") {
			return p.listHistory(ctx, st, "", c.Bool("json"))
		}
		lists, err := st.WatchLists(ctx)
		if err != nil {
			return err
		}
		counts, err := countItems(ctx, st)
		if err != nil {
			return err
		}
		var shown []shownList
		var rows [][]string
		for _, l := range lists {
			s := showOf(l)
			if s.Items = counts[l.Name]; s.Items == nil {
				s.Items = &itemCounts{}
			}
			shown = append(shown, s)
			rows = append(rows, []string{queries.Printable(l.Name), queries.Printable(l.Client), l.Colour, strings.Join(l.Channels, ", "), string(l.Rhythm),
				fmt.Sprint(s.Items.Watch), fmt.Sprint(s.Items.Own), fmt.Sprint(s.Items.Allow), queries.Printable(l.Notes)})
		}
		if c.Bool("json") {
			return printJSONLines(p.out, shown)
		}
		return queries.PrintTable(p.out, strings.Fields("list client colour channels rhythm watch own allow notes"), []bool{5: true, 6: true, 7: true, 8: false}, rows)
	})
}

// listHistory prints every version of what was set of a list, or of all for "".
func (p *program) listHistory(ctx context.Context, st *store.Store, name string, asJSON bool) error {
	history, err := st.WatchListHistory(ctx)
	if err != nil {
		return err
	}
	last := map[string]store.WatchList{}
	var rows [][]string
	var shown []shownList
	for _, l := range history {
		if name != "" && l.Name != name {
			continue
		}
		changes := listChanges(last[l.Name], l)
		last[l.Name] = l
		s := showOf(l)
		s.Changes = changes
		shown = append(shown, s)
		rows = append(rows, []string{queries.Printable(l.Name), lastChange(l.Removed, l.ChangedAt, l.Author), strings.TrimPrefix(becomes(changes), ": ")})
	}
	if asJSON {
		return printJSONLines(p.out, shown)
	}
	return queries.PrintTable(p.out, strings.Fields("list change what"), make([]bool, 3), rows)
}

func (p *program) showList(c *cli.Context) error {
	name, err := listName(c)
	if err != nil {
		return err
	}
	return p.withStore(c, func(ctx context.Context, st *store.Store) error {
		if c.Bool("history") {
			return p.listHistory(ctx, st, name, c.Bool("json"))
		}
		l, err := findList(ctx, st, name)
		if err != nil {
			return err
		}
		counts, err := countItems(ctx, st)
		if err != nil {
			return err
		}
		s := showOf(l)
		if s.Items = counts[l.Name]; s.Items == nil {
			s.Items = &itemCounts{}
		}
		if c.Bool("secrets") {
			s.FeedSecret = l.FeedSecret
		}
		if c.Bool("json") {
			return printJSONLines(p.out, []shownList{s})
		}
		return p.printWhole(s, l.Version > 0)
	})
}

// printWhole prints a list for a person.
func (p *program) printWhole(s shownList, set bool) error {
	lines := [][2]string{
		{"list", s.Name}, {"client", s.Client}, {"notes", s.Notes}, {"colour", s.Colour}, {"channels", strings.Join(s.Channels, ", ")}, {"rhythm", string(s.Rhythm)},
		{"digest-at", strings.TrimSpace(s.DigestAt + " " + s.DigestZone)}, {"feed secret", s.FeedSecret},
		{"items", fmt.Sprintf("%d watched, %d own, %d allowed", s.Items.Watch, s.Items.Own, s.Items.Allow)},
	}
	for _, line := range lines {
		if line[1] == "" {
			continue
		}
		if _, err := fmt.Fprintf(p.out, "%-12s %s\n", line[0], queries.Printable(line[1])); err != nil {
			return err
		}
	}
	if !set {
		return nil
	}
	_, err := fmt.Fprintf(p.out, "%-12s %s\n", "last", lastChange(false, *s.ChangedAt, s.Author))
	return err
}
