package main

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"iter"
	"runtime/debug"
	"slices"

	"github.com/urfave/cli/v2"

	"markwatch/match"
	"markwatch/store"
)

// An import reads its file twice. The first time it only looks for faults: with
// one, nothing is changed. The second time it takes the items a few thousand at a
// time, so that a million need little memory. What is own or allowed comes before
// what is watched, because it says what of that is no hit.

// changeAtOnce is how many items are stored and searched for at once.
const changeAtOnce = 5000

// fileCommands import and export.
func (p *program) fileCommands() []*cli.Command {
	return []*cli.Command{
		{
			Name: "import", Usage: "add the items of a CSV file, or the lists and items of a YAML file, as export writes them; all or, where something is wrong, none", ArgsUsage: "FILE",
			Flags: []cli.Flag{
				&cli.StringFlag{Name: "format", Usage: "read it as `FORMAT`: csv or yaml (default: as its name ends)"},
				&cli.BoolFlag{Name: "dry-run", Usage: "say what would change, and change nothing"},
				notifyFlag(), jsonFlag(),
			},
			Action: p.importItems,
		},
		{
			Name: "export", Usage: "write the items as CSV, or the lists with their items as YAML",
			Flags: []cli.Flag{
				&cli.StringFlag{Name: "list", Usage: "only those of this `LIST`"},
				&cli.StringFlag{Name: "format", Usage: "write `FORMAT`: csv or yaml (default: as the file's name ends)"},
				&cli.BoolFlag{Name: "secrets", Usage: "with YAML: write the secrets in the addresses of feeds, too"},
				&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write to `FILE` instead of standard output"},
			},
			Action: p.exportItems,
		},
	}
}

func (p *program) exportItems(c *cli.Context) error {
	if c.NArg() > 0 {
		return usagef("watchlist export takes no arguments, but there is %q; name a file with -o", c.Args().First())
	}
	format, err := itemFormat(c.String("format"), c.String("output"))
	if err != nil {
		return err
	}
	return p.withStore(c, func(ctx context.Context, st *store.Store) error {
		lists, err := st.WatchLists(ctx)
		if err != nil {
			return err
		}
		items, err := st.Items(ctx)
		if err != nil {
			return err
		}
		if name := c.String("list"); c.IsSet("list") {
			l, err := findList(ctx, st, name)
			if err != nil {
				return err
			}
			lists = []store.WatchList{l}
			items = slices.DeleteFunc(items, func(i store.WatchItem) bool { return i.List != name })
		}
		w, done, err := p.createFile(c.String("output"))
		if err != nil {
			return err
		}
		if format == "yaml" {
			return done(writeYAML(w, lists, itemsOf(items), c.Bool("secrets")))
		}
		return done(writeCSV(w, itemsOf(items)))
	})
}

func (p *program) importItems(c *cli.Context) error {
	if c.NArg() != 1 {
		return usagef("watchlist import takes one CSV or YAML file, or - for standard input")
	}
	path := c.Args().First()
	format, err := itemFormat(c.String("format"), path)
	if err != nil {
		return err
	}
	fault := func(err error) error {
		return fmt.Errorf("reading the watch list %s: %w; nothing was changed", path, err)
	}
	file, err := p.openItems(c.Context, path, format)
	if err != nil {
		return fault(err)
	}
	known, err := checkItems(file)
	if err != nil {
		return errors.Join(fault(err), file.close())
	}
	if known.items > changeAtOnce {
		debug.FreeOSMemory() // what looking for repetitions took is more than the rest needs
	}
	return errors.Join(p.withStore(c, func(ctx context.Context, st *store.Store) error {
		x := &importing{itemChange: itemChange{program: p, store: st, notify: c.Bool("notify"), json: c.Bool("json")}, dry: c.Bool("dry-run"), fault: fault}
		return x.run(ctx, file, known)
	}), file.close())
}

// importing is an import that is under way.
type importing struct {
	itemChange
	dry    bool
	fault  func(error) error // says of which file something is wrong
	seed   maphash.Seed
	stored map[idKey]itemSketch
}

func (x *importing) run(ctx context.Context, file *itemFile, known *checkedItems) error {
	lists, err := x.listsToSet(ctx, file.lists)
	if err != nil {
		return err
	}
	x.seed, x.stored = maphash.MakeSeed(), map[idKey]itemSketch{}
	for i, err := range x.store.EachItem(ctx) {
		if err != nil {
			return err
		}
		x.stored[keyOf(i.ID)] = sketchOf(x.seed, i.Item)
	}
	parts := func() []iter.Seq2[writtenItem, error] {
		return []iter.Seq2[writtenItem, error]{written(known.first), written(known.logos), watched(file.items(true))}
	}
	if known.halfTimed {
		if err := x.checkTimes(parts()); err != nil {
			return x.fault(err)
		}
	}
	if err := x.setLists(ctx, lists); err != nil {
		return err
	}
	for _, part := range parts() {
		if err := x.take(ctx, part, known.items > changeAtOnce); err != nil {
			return err
		}
	}
	if known.items+len(file.lists) == 0 {
		fmt.Fprintln(x.err, "markwatch: it names no items")
	}
	return x.finishImport()
}

// checkTimes looks, before anything is changed, for items that with what is
// stored of them would end before they start.
func (x *importing) checkTimes(parts []iter.Seq2[writtenItem, error]) error {
	var faults []error
	for _, part := range parts {
		for w, err := range part {
			if err != nil {
				return err
			}
			old, known := x.stored[keyOf(w.ID)]
			if !known || w.starts == w.ends || len(faults) == maxFaults {
				continue
			}
			i, column := w.Item, "starts"
			if w.ends {
				i.Starts, column = old.starts.time(), "ends"
			} else {
				i.Ends = old.ends.time()
			}
			if err := i.CheckTimes(); err != nil {
				faults = append(faults, &placeError{line: w.line, err: fmt.Errorf("with its %s and what is stored of the %s, %w", column, named(i), err)})
			}
		}
	}
	return errors.Join(faults...)
}

func written(items []writtenItem) iter.Seq2[writtenItem, error] {
	return func(yield func(writtenItem, error) bool) {
		for _, i := range items {
			if !yield(i, nil) {
				return
			}
		}
	}
}

// watched leaves out what is own or allowed.
func watched(items iter.Seq2[writtenItem, error]) iter.Seq2[writtenItem, error] {
	return func(yield func(writtenItem, error) bool) {
		for i, err := range items {
			if (err != nil || i.Role == match.Watch) && !yield(i, err) {
				return
			}
		}
	}
}

// take takes over items, a few thousand at a time. Of many, the matcher forgets
// what is done.
func (x *importing) take(ctx context.Context, items iter.Seq2[writtenItem, error], many bool) error {
	var part []writtenItem
	flush := func() error {
		taken, err := x.takePart(ctx, part)
		if many && x.g != nil {
			x.forget(slices.DeleteFunc(taken, func(i match.Item) bool { return i.Role != match.Watch || x.whole[i.List] }))
		}
		part = part[:0]
		return err
	}
	for w, err := range items {
		if err != nil {
			return err
		}
		old, known := x.stored[keyOf(w.ID)]
		if known && w.says(old, sketchOf(x.seed, w.Item)) {
			x.done.Unchanged++
			continue
		}
		if part = append(part, w); len(part) == changeAtOnce {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

// takePart takes over some items, which are new or others than they are stored.
func (x *importing) takePart(ctx context.Context, part []writtenItem) ([]match.Item, error) {
	var ids []string
	for _, w := range part {
		if _, known := x.stored[keyOf(w.ID)]; known {
			ids = append(ids, w.ID)
		}
	}
	stored, err := x.store.ItemsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	was := map[string]match.Item{}
	for _, i := range stored {
		was[i.ID] = i.Item
	}
	items := make([]match.Item, 0, len(part))
	for _, w := range part {
		old, known := was[w.ID]
		item, what := w.Item, "added"
		var changes []fieldChange
		if known {
			item, what = w.of(old), "changed"
			changes = itemChanges(old, item)
			x.done.Changed++
		} else {
			x.done.Added++
		}
		if err := item.CheckTimes(); err != nil {
			return nil, fmt.Errorf("line %d: %w", w.line, err)
		}
		if err := x.printItem(what, item, changes); err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	if x.dry || len(items) == 0 {
		return nil, nil
	}
	if err := x.search(ctx, items); err != nil {
		return nil, err
	}
	return items, x.set(ctx, before(stored), items)
}

// search makes ready to search, with what the first items say.
func (x *importing) search(ctx context.Context, items []match.Item) error {
	if x.g != nil {
		return nil
	}
	return x.searching(ctx, excusingLists(items))
}

// printItem prints all of what would change, and of what does the first.
func (x *importing) printItem(what string, i match.Item, changes []fieldChange) error {
	if !x.dry || x.json {
		return x.itemChange.printItem(what, i, changes)
	}
	_, err := fmt.Fprintf(x.out, "%s  %s  %s%s\n", i.ID[:12], what, named(i), becomes(changes))
	return err
}

// finishImport says what the import came to, or would come to.
func (x *importing) finishImport() error {
	if x.json {
		return x.finish()
	}
	would := map[bool]string{true: "would be ", false: ""}[x.dry]
	if _, err := fmt.Fprintf(x.out, "%s %sadded, %d %schanged, %d are so already\n", counted(x.done.Added, "item"), would, x.done.Changed, would, x.done.Unchanged); err != nil {
		return err
	}
	if x.done.Lists > 0 {
		if _, err := fmt.Fprintf(x.out, "%s %sset\n", counted(x.done.Lists, "list"), would); err != nil {
			return err
		}
	}
	if x.dry {
		return nil
	}
	return x.finish()
}
