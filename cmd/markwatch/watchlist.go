package main

import (
	"context"
	"fmt"
	"os"
	"os/user"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"markwatch/match"
	"markwatch/match/domain"
	"markwatch/queries"
	"markwatch/store"
)

func watchlistCommand(p *program) *cli.Command {
	return &cli.Command{
		Name:  "watchlist",
		Usage: "say what to watch, what is one's own, and what is allowed",
		Description: `An item is a domain, an organisation, a trademark ("US 5,817,930") or a logo (a file). What
resembles it is a hit, of what is stored already too. Certificates of what is --own, or
--allow (a licensee, say), are no hits of their list; these may also be an lei, or the
registration number of an organisation ("GB 01234567").

Examples:
  markwatch watchlist add domain misavu.com misavu.net --list misavu
  markwatch watchlist add logo misavu.svg --list misavu --severity high
  markwatch watchlist add organisation "Misavu, Inc." --list misavu --own
  markwatch watchlist import items.csv
  markwatch watchlist list
  markwatch watchlist rm domain misavu.net --list misavu`,
		Subcommands: []*cli.Command{
			{
				Name: "add", Usage: "add items of one kind: domain, organisation, trademark, logo", ArgsUsage: "KIND VALUE…",
				Flags: append(itemFlags(),
					&cli.StringFlag{Name: "severity", Usage: "raise its hits to at least `SEVERITY`: low, medium, high, critical"},
					&cli.StringFlag{Name: "notes", Usage: "keep `TEXT` with it"},
					&cli.StringFlag{Name: "starts", Usage: "leave out certificates first logged before `DATE`"},
					&cli.StringFlag{Name: "ends", Usage: "leave out certificates first logged on `DATE` or later"}),
				Action: p.addItems,
			},
			{Name: "rm", Usage: "remove items, by kind and value or by the first letters of their ids", ArgsUsage: "KIND VALUE… | ID…", Flags: itemFlags(), Action: p.removeItems},
			{
				Name: "list", Usage: "show the items",
				Flags: []cli.Flag{
					&cli.StringFlag{Name: "list", Usage: "only those of this `LIST`"},
					&cli.BoolFlag{Name: "history", Usage: "show every change, with who and when"},
					&cli.BoolFlag{Name: "json", Usage: "print one JSON object a line"},
				},
				Action: p.listItems,
			},
			{
				Name: "import", Usage: "add the items of a CSV file, as export writes it; all of them or, where a row is wrong, none", ArgsUsage: "FILE",
				Flags:  []cli.Flag{&cli.BoolFlag{Name: "dry-run", Usage: "say what would change, and change nothing"}},
				Action: p.importItems,
			},
			{
				Name: "export", Usage: "write the items as CSV",
				Flags: []cli.Flag{
					&cli.StringFlag{Name: "list", Usage: "only those of this `LIST`"},
					&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write to `FILE` instead of standard output"},
				},
				Action: p.exportItems,
			},
		},
		Action: func(c *cli.Context) error {
			if c.NArg() > 0 {
				return usagef("there is no command watchlist %s; there are: add, rm, list, import, export", c.Args().First())
			}
			return cli.ShowSubcommandHelp(c)
		},
	}
}

func itemFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "list", Value: "default", Usage: "of this `LIST`"},
		&cli.BoolFlag{Name: "own", Usage: "it is the client's own"},
		&cli.BoolFlag{Name: "allow", Usage: "it is somebody else's who may"},
	}
}

// itemRole reads --own and --allow.
func itemRole(c *cli.Context) (match.Role, error) {
	switch own, allow := c.Bool("own"), c.Bool("allow"); {
	case own && allow:
		return "", usagef("--own and --allow are both given: keep one")
	case own:
		return match.Own, nil
	case allow:
		return match.Allow, nil
	}
	return match.Watch, nil
}

func (p *program) addItems(c *cli.Context) error {
	if c.NArg() < 2 {
		return usagef("watchlist add takes a kind (domain, organisation, trademark, logo) and what to watch")
	}
	items, err := p.itemsOf(c)
	if err != nil {
		return err
	}
	if err := p.configure(c); err != nil {
		return err
	}
	st, err := p.openKnownStore(c.Context)
	if err != nil {
		return err
	}
	defer st.Close()
	return p.watchItems(c.Context, st, items)
}

// itemsOf are the items that the arguments name.
func (p *program) itemsOf(c *cli.Context) ([]match.Item, error) {
	role, err := itemRole(c)
	if err != nil {
		return nil, err
	}
	if s := c.String("severity"); s != "" {
		if err := knownSeverity(s); err != nil {
			return nil, usageError{err}
		}
	}
	var starts, ends time.Time
	if starts, err = dateFlag(c, "starts"); err != nil {
		return nil, err
	}
	if ends, err = dateFlag(c, "ends"); err != nil {
		return nil, err
	}
	var items []match.Item
	for _, value := range c.Args().Slice()[1:] {
		item, err := p.newItem(c.Context, c.String("list"), role, match.Kind(c.Args().First()), value)
		if err != nil {
			return nil, err
		}
		item.Severity, item.Starts, item.Ends = match.Severity(strings.ToLower(c.String("severity"))), starts, ends
		if c.IsSet("notes") {
			item.Notes = match.CleanNotes(c.String("notes"))
		}
		if err := item.CheckTimes(); err != nil {
			return nil, usageError{err}
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

// newItem makes an item; the value of a logo is a file.
func (p *program) newItem(ctx context.Context, list string, role match.Role, kind match.Kind, value string) (match.Item, error) {
	if kind != match.KindLogo {
		item, err := match.NewItem(list, role, kind, value, nil)
		if err != nil {
			err = usageError{err}
		}
		return item, err
	}
	image, err := p.readAtMost(ctx, value, maxItemImage)
	if err != nil {
		return match.Item{}, err
	}
	return match.NewItem(list, role, kind, value, image)
}

// maxItemImage bounds the file of a watched logo, which the store keeps.
const maxItemImage = 4 << 20

func dateFlag(c *cli.Context, name string) (time.Time, error) {
	if !c.IsSet(name) {
		return time.Time{}, nil
	}
	t, err := parseDate(c.String(name))
	if err != nil {
		return t, usagef("--%s %w", name, err)
	}
	return t, nil
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

// watchItems stores items and says what of the stored they find.
func (p *program) watchItems(ctx context.Context, st *store.Store, items []match.Item) error {
	// The hits of what is stored already are found before, so that only the items' are told.
	g, err := startMatching(ctx, st, p.log, nil)
	if err != nil {
		return err
	}
	if err := st.SaveItems(ctx, items, false, author()); err != nil {
		return fmt.Errorf("storing the watch list: %w", err)
	}
	changes := g.matcher.SetItems(items)
	if err := st.SaveHits(ctx, changes); err != nil {
		return fmt.Errorf("storing hits: %w", err)
	}
	for _, i := range items {
		fmt.Fprintf(p.out, "%s  %s %s %s in the list %s\n", i.ID[:12], i.Role, i.Kind, queries.Printable(shownValue(i)), queries.Printable(i.List))
	}
	var found []match.Hit
	for _, h := range changes.Hits {
		if h.Item != "" {
			found = append(found, h)
		}
	}
	return p.printFound(found, len(changes.Withdrawn))
}

// maxFound bounds how many hits adding an item prints.
const maxFound = 20

func (p *program) printFound(found []match.Hit, withdrawn int) error {
	fmt.Fprintf(p.out, "%d hits among what is stored", len(found))
	if withdrawn > 0 {
		fmt.Fprintf(p.out, ", %d withdrawn", withdrawn)
	}
	fmt.Fprintln(p.out)
	for i, h := range found {
		if i == maxFound {
			_, err := fmt.Fprintf(p.out, "and %d more: markwatch alerts list\n", len(found)-maxFound)
			return err
		}
		if _, err := fmt.Fprintf(p.out, "  %s  %s  %s\n", h.ID[:12], h.Severity, queries.Printable(h.Reason)); err != nil {
			return err
		}
	}
	return nil
}

// shownValue is an item for a person: a logo by its notes, which name its file.
func shownValue(i match.Item) string {
	if i.Kind == match.KindLogo && i.Notes != "" {
		return i.Notes
	}
	return i.Value
}

// author names who changes a watch list.
func author() string {
	if name := os.Getenv("MARKWATCH_AUTHOR"); name != "" {
		return name
	}
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return "unknown"
}

func (p *program) removeItems(c *cli.Context) error {
	if c.NArg() == 0 {
		return usagef("watchlist rm takes a kind and values, or ids, as watchlist list prints them")
	}
	role, err := itemRole(c)
	if err != nil {
		return err
	}
	if err := p.configure(c); err != nil {
		return err
	}
	st, err := p.openKnownStore(c.Context)
	if err != nil {
		return err
	}
	defer st.Close()
	all, err := st.Items(c.Context)
	if err != nil {
		return err
	}
	items, err := p.itemsToRemove(c, all, role)
	if err != nil {
		return err
	}
	g, err := startMatching(c.Context, st, p.log, nil)
	if err != nil {
		return err
	}
	if err := st.SaveItems(c.Context, items, true, author()); err != nil {
		return fmt.Errorf("storing the watch list: %w", err)
	}
	ids := make([]string, len(items))
	for n, i := range items {
		ids[n] = i.ID
		fmt.Fprintf(p.out, "%s  %s %s %s is removed from the list %s\n", i.ID[:12], i.Role, i.Kind, queries.Printable(shownValue(i)), queries.Printable(i.List))
	}
	changes := g.matcher.RemoveItems(ids)
	if err := st.SaveHits(c.Context, changes); err != nil {
		return fmt.Errorf("storing hits: %w", err)
	}
	_, err = fmt.Fprintf(p.out, "%d hits are withdrawn\n", len(changes.Withdrawn))
	return err
}

// itemsToRemove finds the items that the arguments name.
func (p *program) itemsToRemove(c *cli.Context, all []store.WatchItem, role match.Role) ([]match.Item, error) {
	byID := map[string]match.Item{}
	for _, i := range all {
		byID[i.ID] = i.Item
	}
	var items []match.Item
	switch kind := match.Kind(c.Args().First()); kind {
	case match.KindDomain, match.KindOrganisation, match.KindTrademark, match.KindLogo, match.KindLEI, match.KindNumber:
		for _, value := range c.Args().Slice()[1:] {
			named, err := p.newItem(c.Context, c.String("list"), role, kind, value)
			if err != nil {
				return nil, err
			}
			item, known := byID[named.ID]
			if !known {
				return nil, fmt.Errorf("the list %s has no %s %s %s; markwatch watchlist list shows what it has", named.List, role, kind, value)
			}
			items = appendItem(items, item)
		}
		if len(items) == 0 {
			return nil, usagef("watchlist rm %s: say which", kind)
		}
	default:
		for _, prefix := range c.Args().Slice() {
			item, err := itemByPrefix(all, strings.ToLower(prefix))
			if err != nil {
				return nil, err
			}
			items = appendItem(items, item)
		}
	}
	return items, nil
}

func itemByPrefix(all []store.WatchItem, prefix string) (match.Item, error) {
	if len(prefix) < 4 {
		return match.Item{}, usagef("%q is too short for the id of a watch item: give at least four of its letters", prefix)
	}
	var found []match.Item
	for _, i := range all {
		if strings.HasPrefix(i.ID, prefix) {
			found = append(found, i.Item)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return match.Item{}, fmt.Errorf("there is no watch item %s; markwatch watchlist list shows those that there are", prefix)
	}
	return match.Item{}, fmt.Errorf("%d watch items begin with %s; give more of the id", len(found), prefix)
}

// shownItem is what watchlist list prints of an item.
type shownItem struct {
	ID        string     `json:"id"`
	List      string     `json:"list"`
	Role      match.Role `json:"role"`
	Kind      match.Kind `json:"kind"`
	Value     string     `json:"value"`
	Severity  string     `json:"severity,omitempty"`
	Notes     string     `json:"notes,omitempty"`
	Starts    *time.Time `json:"starts,omitempty"`
	Ends      *time.Time `json:"ends,omitempty"`
	Removed   bool       `json:"removed,omitempty"`
	Author    string     `json:"author"`
	ChangedAt time.Time  `json:"changed_at"`
}

func (p *program) listItems(c *cli.Context) error {
	if c.NArg() > 0 {
		return usagef("watchlist list takes no arguments, but there is %q", c.Args().First())
	}
	if err := p.configure(c); err != nil {
		return err
	}
	st, err := p.openKnownStore(c.Context)
	if err != nil {
		return err
	}
	defer st.Close()
	read := st.Items
	if c.Bool("history") {
		read = st.ItemHistory
	}
	items, err := read(c.Context)
	if err != nil {
		return err
	}
	var shown []shownItem
	var rows [][]string
	for _, i := range items {
		if c.IsSet("list") && i.List != c.String("list") {
			continue
		}
		s := shownItem{i.ID, i.List, i.Role, i.Kind, i.Value, string(i.Severity), i.Notes, whenSet(i.Starts), whenSet(i.Ends), i.Removed, i.Author, i.ChangedAt}
		shown = append(shown, s)
		state := "changed"
		if s.Removed {
			state = "removed"
		}
		rows = append(rows, []string{s.ID[:12], queries.Printable(s.List), string(s.Role), string(s.Kind), queries.Printable(s.Value), s.Severity, queries.Printable(s.Notes), day(s.Starts), day(s.Ends), state + " " + s.ChangedAt.UTC().Format(time.RFC3339) + " by " + queries.Printable(s.Author)})
	}
	if c.Bool("json") {
		return printJSONLines(p.out, shown)
	}
	return queries.PrintTable(p.out, strings.Fields("id list role kind value severity notes starts ends last"), make([]bool, 10), rows)
}

func whenSet(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func day(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
