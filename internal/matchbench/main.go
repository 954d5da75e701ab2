// Command matchbench says how good the matcher is, in the open: the rasteriser
// against Chromium, the logo matcher against variants of logos that anyone can
// have, the domain rules against their permutations, and how fast all are.
// docs/matching.md reads what it prints.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"

	"markwatch/internal/logoset"
)

//go:generate go run . pictures -o ../../docs

// A command is one measurement; it prints figures to stdout.
type command struct {
	name, does string
	run        func(ctx context.Context, args []string) error
}

func commands() []command {
	return []command{
		{"icons", "write the npm packages' icons and Chromium's pictures of them", icons},
		{"fidelity", "compare the rasteriser with Chromium's pictures", fidelity},
		{"variants", "build the set of logos and their variants, in two halves", variants},
		{"logos", "recall of the logo matcher by kind of variant, on both halves or on a set of one's own", logos},
		{"domains", "how many of the usual permutations of a domain are found, and how many ordinary names", domains},
		{"pictures", "draw the pictures of docs/matching.md, of invented logos", pictures},
		{"speed", "time and memory of the matchers, on one core", speed},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "matchbench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) > 0 {
		for _, c := range commands() {
			if c.name == args[0] {
				return c.run(ctx, args[1:])
			}
		}
	}
	usage := "usage: matchbench COMMAND [flags]"
	for _, c := range commands() {
		usage += fmt.Sprintf("\n  %-10s %s", c.name, c.does)
	}
	return fmt.Errorf("%s", usage)
}

// where holds the flags that name what is measured with.
type where struct {
	packages, work, chromium string
}

func (w *where) flags(f *flag.FlagSet) {
	f.StringVar(&w.packages, "packages", "internal/logoset/node_modules", "where npm installed the icon packages")
	f.StringVar(&w.work, "work", "build/logoset", "folder for what is made on the way")
	f.StringVar(&w.chromium, "chromium", "chromium", "the Chromium to compare with")
}

func (w *where) svg() string      { return filepath.Join(w.work, "svg") }
func (w *where) pictures() string { return filepath.Join(w.work, "chromium") }

func icons(ctx context.Context, args []string) error {
	var w where
	f := flag.NewFlagSet("icons", flag.ExitOnError)
	w.flags(f)
	_ = f.Parse(args)
	all, err := logoset.Icons(w.packages, logoset.Packages())
	if err != nil {
		return err
	}
	if err := logoset.Write(w.svg(), all); err != nil {
		return err
	}
	var missing []string
	for _, i := range all {
		svg := filepath.Join(w.svg(), i.ID()+".svg")
		if !newer(filepath.Join(w.pictures(), i.ID()+".png"), svg) {
			missing = append(missing, svg)
		}
	}
	refused, err := logoset.Chromium(ctx, w.chromium, missing, w.pictures())
	if err != nil {
		return err
	}
	fmt.Printf("%d icons in %s, %d drawn by Chromium now, %d refused by it %v\n", len(all), w.svg(), len(missing)-len(refused), len(refused), refused)
	return nil
}

// newer says whether made is there and not older than what it was made from.
func newer(made, from string) bool {
	m, err := os.Stat(made)
	if err != nil {
		return false
	}
	f, err := os.Stat(from)
	return err == nil && !m.ModTime().Before(f.ModTime())
}

func variants(ctx context.Context, args []string) error {
	var w where
	f := flag.NewFlagSet("variants", flag.ExitOnError)
	w.flags(f)
	var opts logoset.Options
	f.IntVar(&opts.Brands, "brands", 120, "references in each half that are looked up by their variants")
	f.IntVar(&opts.Bystanders, "bystanders", 0, "references in each half that nothing is a variant of; 0 is 2 a brand")
	f.IntVar(&opts.Strangers, "strangers", 0, "brands in each half that have no reference; 0 is 2 a brand")
	f.Uint64Var(&opts.Seed, "seed", 1, "of every choice")
	_ = f.Parse(args)
	all, err := logoset.Icons(w.packages, logoset.Packages())
	if err != nil {
		return err
	}
	return logoset.Build(ctx, filepath.Join(w.work, "set"), all, opts)
}
