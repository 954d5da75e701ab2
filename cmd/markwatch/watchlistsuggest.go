package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"markwatch/match"
	"markwatch/match/domain"
	"markwatch/queries"
	"markwatch/store"
)

// suggestion is one item that a list might have, and why.
type suggestion struct {
	match.Item
	organisation string // whose certificates say so
	count        int    // of these certificates
	first, last  time.Time
	problem      string // why it can't be watched; "" for what can
	known        bool   // the list has it
}

func (p *program) suggestItems(c *cli.Context) error {
	if c.NArg() != 1 {
		return usagef("watchlist suggest takes one domain")
	}
	format := c.String("format")
	if c.Bool("json") {
		format = "json"
	}
	if !slices.Contains([]string{"table", "csv", "yaml", "json"}, format) {
		return usagef("--format %q: use table, csv, yaml or json", format)
	}
	list, err := match.ListName(c.String("list"))
	if err != nil {
		return usageError{err}
	}
	name := domain.Parse(c.Args().First())
	if name.Registrable == "" {
		return usagef("%q is no domain that an organisation can have", c.Args().First())
	}
	return p.withStore(c, func(ctx context.Context, st *store.Store) error {
		held, err := st.Held(ctx, name.Registrable)
		if err != nil {
			return err
		}
		if held, err = ofOrganisation(held, name.Registrable, c.String("organisation")); err != nil {
			return err
		}
		s := &suggesting{program: p, store: st, list: list, items: map[string]*suggestion{}, logos: map[string]*suggestion{}}
		if err := s.suggest(ctx, held); err != nil {
			return err
		}
		if c.Bool("add") {
			return s.add(ctx, held, &itemChange{program: p, store: st, notify: c.Bool("notify"), json: format == "json"})
		}
		return s.print(ctx, format)
	})
}

// ofOrganisation are the issuances of those organisations whose name has part in it.
func ofOrganisation(held []match.Issuance, name, part string) ([]match.Issuance, error) {
	if len(held) == 0 {
		return nil, fmt.Errorf("no stored mark certificate is for %s or a domain under it, so that there is nothing to suggest", name)
	}
	all := organisations(held)
	held = slices.DeleteFunc(held, func(i match.Issuance) bool {
		return !strings.Contains(strings.ToLower(i.Party.Name), strings.ToLower(part))
	})
	if len(held) == 0 {
		return nil, fmt.Errorf("of the organisations with certificates for %s none is called %s; there are: %s", name, queries.Printable(part), strings.Join(all, ", "))
	}
	return held, nil
}

// organisations are the names of whose issuances these are, one for each.
func organisations(held []match.Issuance) []string {
	names := map[string]string{}
	for _, i := range held {
		names[i.OrganisationKey] = queries.Printable(i.Party.Name)
	}
	return slices.Compact(slices.Sorted(maps.Values(names)))
}

// suggesting collects suggestions.
type suggesting struct {
	*program
	store *store.Store
	list  string
	items map[string]*suggestion // by id, or what they are where they can't be watched
	logos map[string]*suggestion // by the SVG's hash, so that each is looked at once
}

// suggest collects what the issuances say of their organisations. What tells
// whose a certificate is, its registration number and LEI, becomes the client's
// own, and its name where there is neither; the rest is watched.
func (s *suggesting) suggest(ctx context.Context, held []match.Issuance) error {
	numbered := map[string]bool{}
	for i := range held {
		numbered[held[i].OrganisationKey] = numbered[held[i].OrganisationKey] || held[i].Party.RegistrationNumber != "" && held[i].Party.Country != "" || held[i].Party.LEI != ""
	}
	for i := range held {
		if err := s.of(ctx, &held[i], numbered[held[i].OrganisationKey]); err != nil {
			return err
		}
	}
	var ids []string
	for id, item := range s.items {
		if item.problem == "" {
			ids = append(ids, id)
		}
	}
	known, err := s.store.ItemsOf(ctx, ids)
	for _, i := range known {
		s.items[i.ID].known = true
	}
	return err
}

// of collects what one issuance says.
func (s *suggesting) of(ctx context.Context, i *match.Issuance, numbered bool) error {
	for _, d := range i.Domains {
		if registrable := domain.Parse(d).Registrable; registrable != "" {
			d = registrable
		}
		s.propose(i, match.Watch, match.KindDomain, d, nil)
	}
	s.propose(i, match.Watch, match.KindOrganisation, i.Party.Name, nil)
	if i.Register != "" && i.Number != "" {
		s.propose(i, match.Watch, match.KindTrademark, i.Register+" "+i.Number, nil)
	}
	if i.Party.RegistrationNumber != "" && i.Party.Country != "" {
		s.propose(i, match.Own, match.KindNumber, i.Party.Country+" "+i.Party.RegistrationNumber, nil)
	}
	if i.Party.LEI != "" {
		s.propose(i, match.Own, match.KindLEI, i.Party.LEI, nil)
	}
	if !numbered {
		s.propose(i, match.Own, match.KindOrganisation, i.Party.Name, nil)
	}
	if i.Logo == "" {
		return nil
	}
	if same := s.logos[i.Logo]; same != nil {
		same.seen(i)
		return nil
	}
	svg, err := s.store.SVG(ctx, i.Logo)
	if err != nil {
		return err
	}
	s.logos[i.Logo] = s.propose(i, match.Watch, match.KindLogo, "logo of "+i.Party.Name, svg)
	return nil
}

// propose takes note of an item that an issuance says.
func (s *suggesting) propose(i *match.Issuance, role match.Role, kind match.Kind, value string, image []byte) *suggestion {
	item, err := match.NewItem(s.list, role, kind, value, image)
	key, problem := item.ID, ""
	if err != nil {
		key, problem = strings.Join([]string{string(kind), value, i.Logo}, " "), err.Error()
		item.Value = value
	}
	found := s.items[key]
	if found == nil {
		found = &suggestion{Item: item, organisation: i.Party.Name, problem: problem, first: i.FirstLogged, last: i.FirstLogged}
		s.items[key] = found
	}
	found.seen(i)
	return found
}

// seen takes note of an issuance that says it.
func (g *suggestion) seen(i *match.Issuance) {
	g.count++
	if i.FirstLogged.Before(g.first) {
		g.first = i.FirstLogged
	}
	if i.FirstLogged.After(g.last) {
		g.last = i.FirstLogged
	}
}

// why is where the suggestion comes from, in words.
func (g *suggestion) why() string {
	text := counted(g.count, "certificate") + " of " + queries.Printable(g.organisation) + ", "
	if first, last := g.first.Format(time.DateOnly), g.last.Format(time.DateOnly); first != last {
		return text + first + " to " + last
	}
	return text + g.first.Format(time.DateOnly)
}

// sorted are the suggestions in the order of what a person looks for.
func (s *suggesting) sorted() []*suggestion {
	kinds := []match.Kind{match.KindDomain, match.KindTrademark, match.KindLogo, match.KindOrganisation, match.KindNumber, match.KindLEI}
	roles := []match.Role{match.Watch, match.Own}
	return slices.SortedFunc(maps.Values(s.items), func(a, b *suggestion) int {
		return cmp.Or(cmp.Compare(slices.Index(roles, a.Role), slices.Index(roles, b.Role)), cmp.Compare(slices.Index(kinds, a.Kind), slices.Index(kinds, b.Kind)), cmp.Compare(a.Value, b.Value))
	})
}

// usable are the suggestions that can be items.
func (s *suggesting) usable() []match.Item {
	var items []match.Item
	for _, g := range s.sorted() {
		if g.problem == "" {
			items = append(items, g.Item)
		}
	}
	return items
}

// shownSuggestion is a suggestion as JSON.
type shownSuggestion struct {
	shownItem
	Organisation string    `json:"organisation"`
	Certificates int       `json:"certificates"`
	First        time.Time `json:"first"`
	Last         time.Time `json:"last"`
	Known        bool      `json:"known"`
	Problem      string    `json:"problem,omitempty"`
}

func (s *suggesting) print(ctx context.Context, format string) error {
	items := slices.Values(s.usable())
	switch format {
	case "csv":
		return writeCSV(s.out, items)
	case "yaml":
		stored, err := s.store.WatchLists(ctx)
		if err != nil {
			return err
		}
		l := store.WatchList{Name: s.list}
		for _, known := range stored {
			if known.Name == s.list {
				l = known
			}
		}
		return writeYAML(s.out, []store.WatchList{l}, items, false)
	}
	var shown []shownSuggestion
	var rows [][]string
	for _, g := range s.sorted() {
		shown = append(shown, shownSuggestion{showItem(store.WatchItem{Item: g.Item}), g.organisation, g.count, g.first.UTC(), g.last.UTC(), g.known, g.problem})
		state := map[bool]string{true: "in the list", false: ""}[g.known]
		if g.problem != "" {
			state = "can't be: " + g.problem
		}
		value := g.Value
		if g.Kind == match.KindLogo && g.problem == "" {
			value = "svg:" + value[:16]
		}
		rows = append(rows, []string{string(g.Role), string(g.Kind), queries.Printable(value), g.why(), queries.Printable(state)})
	}
	if format == "json" {
		return printJSONLines(s.out, shown)
	}
	return queries.PrintTable(s.out, strings.Fields("role kind value seen state"), make([]bool, 5), rows)
}

// add adds what the list hasn't got. Of two organisations under one domain a
// person has to say which is the client.
func (s *suggesting) add(ctx context.Context, held []match.Issuance, x *itemChange) error {
	if all := organisations(held); len(all) > 1 {
		return fmt.Errorf("there are certificates of several organisations: say whose items are to be added, with --organisation: %s", strings.Join(all, ", "))
	}
	for _, g := range s.sorted() {
		if g.problem != "" {
			fmt.Fprintf(s.err, "markwatch: %s %s is left out: %s\n", g.Kind, queries.Printable(g.Value), queries.Printable(g.problem))
		}
	}
	return x.add(ctx, s.usable(), func(i match.Item) (match.Item, error) { return i, nil })
}
