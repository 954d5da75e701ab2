package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"text/tabwriter"

	"markwatch/internal/twist"
)

// The bar of the domain rules. domains fails under it.
const (
	domainShare = 0.98     // of each kind's variants found, with the right reason, taken over all
	domainFalse = 1. / 2e3 // of the ordinary names
)

func domains(_ context.Context, args []string) error {
	f := flag.NewFlagSet("domains", flag.ExitOnError)
	n := f.Int("ordinary", 100_000, "names that resemble nothing on purpose")
	examples := f.Int("examples", 0, "name this many of the misses of each kind and of the false finds")
	_ = f.Parse(args)
	ordinary, source := twist.Ordinary(*n)
	r := twist.Measure(twist.Names(), ordinary)
	t := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "kind\tvariants\tfound\twith the right reason\t")
	for _, row := range append(r.Rows, r.Total()) {
		fmt.Fprintf(t, "%s\t%d\t%.2f %%\t%.2f %%\t\n", row.Kind, row.Variants, percent(row.Found, row.Variants), percent(row.Right, row.Variants))
	}
	t.Flush()
	fmt.Printf("%d of %d ordinary names (%s) flagged against %d names: 1 in %s\n",
		r.Flagged, r.Ordinary, source, r.Names, oneIn(r.Flagged, r.Ordinary))
	for _, row := range r.Rows {
		for _, miss := range row.Missed[:min(*examples, len(row.Missed))] {
			fmt.Printf("missed, %s: %s\n", row.Kind, miss)
		}
	}
	for _, e := range r.Examples[:min(*examples, len(r.Examples))] {
		fmt.Printf("flagged: %s\n", e)
	}
	return judgeDomains(r)
}

// judgeDomains returns an error that names each part of the bar that isn't met.
func judgeDomains(r twist.Result) error {
	var under []error
	if total := r.Total(); float64(total.Right) < domainShare*float64(total.Variants) {
		under = append(under, fmt.Errorf("%.2f %% of the variants are found with the right reason, of which the bar is %.0f %%",
			percent(total.Right, total.Variants), 100*domainShare))
	}
	if float64(r.Flagged) > domainFalse*float64(r.Ordinary) {
		under = append(under, fmt.Errorf("1 in %s ordinary names is flagged, of which the bar is 1 in %.0f", oneIn(r.Flagged, r.Ordinary), 1/domainFalse))
	}
	return errors.Join(under...)
}
