// Command bench measures markwatch as docs/performance.md reads it: the whole
// program against logs served from memory by a process of their own, and
// parsing, inserting and querying by themselves. What it prints are CPU
// seconds and ratios on one machine in one run; wall time on a shared machine
// says little.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"time"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "serve" {
		exitOn(serve(os.Args[2:]))
		return
	}
	markwatch := flag.String("markwatch", "bin/markwatch", "the program to measure")
	general := flag.Int("general", 1_000_000, "entries of the general log")
	share := flag.Float64("share", 0.002, "share of marks among the entries of the general log, half as many of which have a logo of their own")
	late := flag.Duration("late", 200*time.Millisecond, "how late a log's answers come when ranges are measured")
	marks := flag.Int("marks", 40_000, "entries of the log of marks only")
	issuances := flag.String("issuances", "100000,1000000", "issuances that are inserted and queried; with commas, sizes that are compared")
	items := flag.Int("items", 100_000, "watched domains, of a thousand lists")
	waiting := flag.Int("waiting", 50_000, "messages that wait for a dead channel")
	only := flag.String("only", "", "measure only these, of: general,ranges,marks,parse,insert,start,export,alerts")
	dir := flag.String("dir", "", "keep the stores that are queried here, each under its size, or query those that are here")
	rows := flag.Uint64("rows", 1_000_000, "rows that are written in each format; in two formats ten times as many")
	names := flag.String("queries", "", "measure only these published queries, with commas")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	b := bench{markwatch: *markwatch, out: os.Stdout}
	wanted := func(name string) bool { return *only == "" || strings.Contains(","+*only+",", ","+name+",") }
	if wanted("general") {
		exitOn(b.scan(ctx, fmt.Sprintf("general log, %.3g %% marks", 100**share), *general, *share))
	}
	if wanted("ranges") {
		exitOn(b.ranges(ctx, *general, *late))
	}
	if wanted("marks") {
		exitOn(b.scan(ctx, "log of marks only", *marks, 1))
	}
	if wanted("parse") {
		exitOn(b.parse())
	}
	if wanted("insert") {
		sizes, err := parseSizes(*issuances)
		exitOn(err)
		exitOn(b.stores(ctx, sizes, *dir, *names))
	}
	if wanted("start") {
		exitOn(b.start(ctx))
	}
	if wanted("alerts") {
		exitOn(b.alerts(ctx, *items))
		exitOn(b.sending(ctx, *waiting))
		exitOn(b.deadChannel(ctx, *marks, *waiting))
	}
	if wanted("export") {
		exitOn(b.export(ctx, *rows))
	}
}

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// parseSizes reads whole numbers with commas between.
func parseSizes(text string) ([]int, error) {
	var sizes []int
	for _, word := range strings.Split(text, ",") {
		size, err := strconv.Atoi(strings.TrimSpace(word))
		if err != nil || size <= 0 {
			return nil, fmt.Errorf("-issuances %q: %q is not a number of issuances", text, word)
		}
		sizes = append(sizes, size)
	}
	return sizes, nil
}
