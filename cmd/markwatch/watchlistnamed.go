package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/urfave/cli/v2"

	"markwatch/match"
	"markwatch/queries"
	"markwatch/store"
)

// newItem makes an item. The value of a logo is a file, or a stored one: tbs: and
// the hash of a certificate that has it, or svg: and its own, of which the first
// letters will do.
func (p *program) newItem(ctx context.Context, st *store.Store, list string, role match.Role, kind match.Kind, value string) (match.Item, error) {
	if kind != match.KindLogo {
		item, err := match.NewItem(list, role, kind, value, nil)
		if err != nil {
			err = usageError{err}
		}
		return item, err
	}
	if column, prefix, stored := storedLogo(value); stored {
		image, whose, err := findLogo(ctx, st, column, prefix)
		if err != nil {
			return match.Item{}, fmt.Errorf("the logo %s: %w", queries.Printable(value), err)
		}
		return match.NewItem(list, role, kind, whose, image)
	}
	image, err := p.readAtMost(ctx, value, maxItemImage)
	if err != nil {
		return match.Item{}, err
	}
	return match.NewItem(list, role, kind, value, image)
}

// maxItemImage bounds the file of a watched logo, which the store keeps.
const maxItemImage = 4 << 20

// storedLogo tells by which column of mark_certificates, and by which beginning
// of its value, a stored logo is named.
func storedLogo(value string) (column, prefix string, ok bool) {
	by, hash, _ := strings.Cut(value, ":")
	column, ok = map[string]string{"tbs": "tbs_sha256", "svg": "svg_sha256"}[by]
	return column, strings.ToLower(strings.TrimSpace(hash)), ok
}

// findLogo reads a stored logo, and says whose it is.
func findLogo(ctx context.Context, st *store.Store, column, prefix string) (svg []byte, whose string, err error) {
	if len(prefix) < 8 || len(prefix) > 64 || strings.Trim(prefix, "0123456789abcdef") != "" {
		return nil, "", errors.New("that is no hash: give at least eight of its hexadecimal digits")
	}
	rows, err := st.Conn().Query(ctx, "SELECT toString("+column+`) AS hash, argMin(svg_sha256, (is_test, not_before)), argMin(organisation, (is_test, not_before))
		FROM mark_certificates FINAL WHERE startsWith(hash, {prefix:String}) AND svg_sha256 != '' GROUP BY hash ORDER BY hash LIMIT 2`, clickhouse.Named("prefix", prefix))
	if err != nil {
		return nil, "", err
	}
	defer rows.Close()
	var hash, logo string
	found := 0
	for rows.Next() {
		if err := rows.Scan(&hash, &logo, &whose); err != nil {
			return nil, "", err
		}
		found++
	}
	switch err := rows.Err(); {
	case err != nil:
		return nil, "", err
	case found == 0:
		return nil, "", errors.New("no stored certificate has it")
	case found > 1:
		return nil, "", errors.New("several begin so; give more of the hash")
	}
	svg, err = st.SVG(ctx, logo)
	return svg, "logo of " + whose, err
}

// storedItems finds the items that the arguments name.
func (p *program) storedItems(ctx context.Context, st *store.Store, c *cli.Context, role match.Role) ([]match.Item, error) {
	args := c.Args().Slice()
	switch kind := match.Kind(args[0]); kind {
	case match.KindDomain, match.KindOrganisation, match.KindTrademark, match.KindLogo, match.KindLEI, match.KindNumber:
		if len(args) == 1 {
			return nil, usagef("watchlist %s %s: say which", c.Command.Name, kind)
		}
		named, err := p.namedItems(ctx, st, c.String("list"), role, args)
		if err != nil {
			return nil, err
		}
		return itemsLike(ctx, st, named, args[1:])
	}
	versions, err := st.ItemVersions(ctx)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, prefix := range args {
		id, err := itemByPrefix(versions, strings.ToLower(prefix))
		if err != nil {
			return nil, err
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return wholeItems(ctx, st, ids)
}

// itemsLike are the stored items of the same list, role, kind and value.
func itemsLike(ctx context.Context, st *store.Store, named []match.Item, written []string) ([]match.Item, error) {
	ids := make([]string, len(named))
	for n, i := range named {
		ids[n] = i.ID
	}
	stored, err := wholeItems(ctx, st, ids)
	if err != nil {
		return nil, err
	}
	for _, i := range named {
		if slices.ContainsFunc(stored, func(s match.Item) bool { return s.ID == i.ID }) {
			continue
		}
		if _, err := findList(ctx, st, i.List); err != nil {
			return nil, err
		}
		value := i.Value
		if i.Kind == match.KindLogo {
			value = strings.Join(written, ", ")
		}
		return nil, fmt.Errorf("the list %s has no %s %s %s; markwatch watchlist list shows what it has", queries.Printable(i.List), i.Role, i.Kind, queries.Printable(value))
	}
	return stored, nil
}

// wholeItems reads items with their files, which each version of an item keeps.
func wholeItems(ctx context.Context, st *store.Store, ids []string) ([]match.Item, error) {
	stored, err := st.ItemsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	items := before(stored)
	for n := range items {
		if items[n].Kind != match.KindLogo || len(items[n].Image) > 0 {
			continue
		}
		if items[n].Image, err = st.ItemImage(ctx, items[n].ID); err != nil {
			return nil, err
		}
	}
	return items, nil
}

func itemByPrefix(versions map[string]uint64, prefix string) (string, error) {
	if len(prefix) < 4 {
		return "", usagef("%q is too short for the id of a watch item: give at least four of its letters", prefix)
	}
	var found []string
	for id := range versions {
		if strings.HasPrefix(id, prefix) {
			found = append(found, id)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return "", fmt.Errorf("there is no watch item %s; markwatch watchlist list shows those that there are", queries.Printable(prefix))
	}
	return "", fmt.Errorf("%d watch items begin with %s; give more of the id", len(found), prefix)
}

// shownValue is an item for a person: a logo by its notes, which name its file.
func shownValue(i match.Item) string {
	if i.Kind == match.KindLogo && i.Notes != "" {
		return i.Notes
	}
	return i.Value
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
	Notify    bool       `json:"notify,omitempty"`
	Removed   bool       `json:"removed,omitempty"`
	Author    string     `json:"author,omitempty"`
	ChangedAt *time.Time `json:"changed_at,omitempty"`
}

func showItem(i store.WatchItem) shownItem {
	return shownItem{
		i.ID, i.List, i.Role, i.Kind, i.Value, string(i.Severity), i.Notes, whenSet(i.Starts), whenSet(i.Ends), i.Notify, i.Removed, i.Author, whenSet(i.ChangedAt),
	}
}

func (p *program) listItems(c *cli.Context) error {
	if c.NArg() > 0 {
		return usagef("watchlist list takes no arguments, but there is %q", c.Args().First())
	}
	return p.withStore(c, func(ctx context.Context, st *store.Store) error {
		read := st.Items
		if c.Bool("history") {
			read = st.ItemHistory
		}
		items, err := read(ctx)
		if err != nil {
			return err
		}
		if c.IsSet("list") {
			items = slices.DeleteFunc(items, func(i store.WatchItem) bool { return i.List != c.String("list") })
		}
		if c.IsSet("list") && len(items) == 0 {
			if _, err := findList(ctx, st, c.String("list")); err != nil {
				return err
			}
		}
		return p.printItems(items, c.Bool("json"))
	})
}

func (p *program) printItems(items []store.WatchItem, asJSON bool) error {
	var shown []shownItem
	var rows [][]string
	for _, i := range items {
		s := showItem(i)
		shown = append(shown, s)
		rows = append(rows, []string{s.ID[:12], queries.Printable(s.List), string(s.Role), string(s.Kind), queries.Printable(s.Value), s.Severity, queries.Printable(s.Notes), day(s.Starts), day(s.Ends), lastChange(i.Removed, i.ChangedAt, i.Author)})
	}
	if asJSON {
		return printJSONLines(p.out, shown)
	}
	return queries.PrintTable(p.out, strings.Fields("id list role kind value severity notes starts ends last"), make([]bool, 10), rows)
}

// lastChange says what was done last, and when and by whom.
func lastChange(removed bool, at time.Time, author string) string {
	state := "changed"
	if removed {
		state = "removed"
	}
	return state + " " + at.UTC().Format(time.RFC3339) + " by " + queries.Printable(author)
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
