package main

import (
	"context"
	"fmt"
	"os"
	"os/user"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"markwatch/match"
	"markwatch/queries"
	"markwatch/store"
)

func watchlistCommand(p *program) *cli.Command {
	return &cli.Command{
		Name:  "watchlist",
		Usage: "say what to watch, what is one's own, and what is allowed",
		Description: `An item is a domain, an organisation, a trademark ("US 5,817,930") or a logo (a file, or that of a
stored certificate). What resembles it is a hit, of what is stored already too. Certificates of
what is --own, or --allow (a licensee, say), are no hits of their list; these may also be an lei,
or the registration number of an organisation ("GB 01234567"). A list is a client's: it has a
colour, channels and a rhythm.

Examples:
  markwatch watchlist suggest misavu.com --list misavu --add
  markwatch watchlist add domain misavu.com misavu.net --list misavu
  markwatch watchlist add logo misavu.svg --list misavu --severity high --notify
  markwatch watchlist add organisation "Misavu, Inc." --list misavu --own
  markwatch watchlist add domain shop.example --list misavu --allow --reason licence --until 2027-12-31
  markwatch watchlist edit domain misavu.net --list misavu --severity low
  markwatch watchlist set misavu --client "Misavu, Inc." --channel counsel --rhythm daily
  markwatch watchlist export -o lists.yaml
  markwatch watchlist import lists.yaml --dry-run`,
		Subcommands: slices.Concat(p.itemCommands(), p.listCommands(), p.fileCommands()),
		Action: func(c *cli.Context) error {
			if c.NArg() == 0 {
				return cli.ShowSubcommandHelp(c)
			}
			var names []string
			for _, command := range c.Command.Subcommands {
				names = append(names, command.Name)
			}
			return usagef("there is no command watchlist %s; there are: %s", c.Args().First(), strings.Join(names, ", "))
		},
	}
}

// itemCommands add, change, remove and show items.
func (p *program) itemCommands() []*cli.Command {
	return []*cli.Command{
		{
			Name: "add", Usage: "add items of one kind: domain, organisation, trademark, logo; one that is there keeps what is not named", ArgsUsage: "KIND VALUE…",
			Flags:  slices.Concat(itemFlags(), detailFlags(), []cli.Flag{notifyFlag(), jsonFlag()}),
			Action: p.addItems,
		},
		{
			Name: "edit", Usage: "change of items what is named; \"\" takes it away", ArgsUsage: "KIND VALUE… | ID…",
			Flags:  slices.Concat(itemFlags(), detailFlags(), []cli.Flag{jsonFlag()}),
			Action: p.editItems,
		},
		{
			Name: "rm", Usage: "remove items, by kind and value or by the first letters of their ids", ArgsUsage: "KIND VALUE… | ID…",
			Flags: append(itemFlags(), jsonFlag()), Action: p.removeItems,
		},
		{
			Name: "list", Usage: "show the items",
			Flags: []cli.Flag{
				&cli.StringFlag{Name: "list", Usage: "only those of this `LIST`"},
				&cli.BoolFlag{Name: "history", Usage: "show every change, with who and when"},
				jsonFlag(),
			},
			Action: p.listItems,
		},
		{
			Name: "suggest", Usage: "propose items from the certificates of whoever has one for a domain", ArgsUsage: "DOMAIN",
			Flags: []cli.Flag{
				&cli.StringFlag{Name: "list", Value: "default", Usage: "for this `LIST`"},
				&cli.StringFlag{Name: "organisation", Usage: "of several organisations only the one of this `NAME`"},
				&cli.BoolFlag{Name: "add", Usage: "add those that the list hasn't got"},
				notifyFlag(),
				&cli.StringFlag{Name: "format", Value: "table", Usage: "print as `FORMAT`: table, csv, yaml (both as import takes them), json"},
				jsonFlag(),
			},
			Action: p.suggestItems,
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

// detailFlags are what can be said of an item.
func detailFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "severity", Usage: "raise its hits to at least `SEVERITY`: low, medium, high, critical"},
		&cli.StringFlag{Name: "notes", Usage: "keep `TEXT` with it"},
		&cli.StringFlag{Name: "reason", Usage: "with --allow: `WHY` it is allowed; kept as its notes"},
		&cli.StringFlag{Name: "starts", Usage: "leave out certificates first logged before `DATE`"},
		&cli.StringFlag{Name: "ends", Usage: "leave out certificates first logged on `DATE` or later; what is allowed is so until DATE begins"},
		&cli.StringFlag{Name: "until", Usage: "with --allow: until `DATE` ends; from then on what was excused hits"},
	}
}

func notifyFlag() cli.Flag {
	return &cli.BoolFlag{Name: "notify", Usage: "send also the hits on what is stored already"}
}

func jsonFlag() cli.Flag {
	return &cli.BoolFlag{Name: "json", Usage: "print one JSON object a line"}
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

// findList is the list of a name; for one that there isn't, it says which there are.
func findList(ctx context.Context, st *store.Store, name string) (store.WatchList, error) {
	lists, err := st.WatchLists(ctx)
	if err != nil {
		return store.WatchList{}, err
	}
	var names []string
	for _, l := range lists {
		if l.Name == name {
			return l, nil
		}
		names = append(names, queries.Printable(l.Name))
	}
	const most = 20
	switch more := len(names) - most; {
	case len(names) == 0:
		return store.WatchList{}, fmt.Errorf("there is no watch list %s, nor any other: watchlist add makes one", queries.Printable(name))
	case more > 0:
		names = append(names[:most], fmt.Sprintf("and %d more", more))
	}
	return store.WatchList{}, fmt.Errorf("there is no watch list %s; there are: %s", queries.Printable(name), strings.Join(names, ", "))
}
