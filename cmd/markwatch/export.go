package main

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/urfave/cli/v2"

	"markwatch/internal/export"
	"markwatch/match"
	"markwatch/parse"
	"markwatch/queries"
)

func exportCommand(p *program) *cli.Command {
	return &cli.Command{
		Name:      "export",
		Usage:     "write a snapshot to cite: tables, statistics, logos, and a manifest with the logs' signed tree heads; or check one",
		ArgsUsage: "DIR",
		Description: `The same store and the same --as-of give the same bytes.

Examples:
  markwatch export snapshot-2026-11
  markwatch export snapshot-2021 --as-of 2021-08-24
  markwatch export --verify snapshot-2021`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "as-of", Usage: "count what was logged up to the end of this day, or up to this `TIME` (UTC); default: the newest tree head"},
			&cli.BoolFlag{Name: "verify", Usage: "check the snapshot in DIR, with no store and no network"},
		},
		Action: p.export,
	}
}

func (p *program) export(c *cli.Context) error {
	if c.NArg() != 1 {
		return usagef("export takes one folder, and there are %d", c.NArg())
	}
	dir := c.Args().First()
	if c.Bool("verify") {
		if c.IsSet("as-of") {
			return usagef("--verify and --as-of are both given: keep one")
		}
		return p.verifyExport(dir)
	}
	options := export.Options{
		Markwatch: version,
		Rules:     map[string]uint32{"parse": parse.Version, "match": match.Version},
		Progress:  p.exporting,
	}
	if c.IsSet("as-of") {
		var err error
		if options.AsOf, err = queries.Moment(c.String("as-of"), time.Now()); err != nil {
			return usagef("--as-of: %w", err)
		}
	}
	if err := p.configure(c); err != nil {
		return err
	}
	st, err := p.openKnownStore(c.Context)
	if err != nil {
		return err
	}
	defer st.Close()
	manifest, sum, err := export.Write(c.Context, st, dir, options)
	p.exporting("")
	if err != nil {
		return err
	}
	p.warnOfGaps(manifest)
	return p.printExport(dir, manifest, sum)
}

// exporting tells a person who waits what is being written; "" is the end of it.
func (p *program) exporting(what string) {
	if !isTerminal(p.err) {
		return
	}
	const width = 50
	fmt.Fprintf(p.err, "\r%-*s", width, what)
	if what == "" {
		fmt.Fprint(p.err, "\r")
	}
}

// warnOfGaps says which logs are not read as far as the snapshot's time.
func (p *program) warnOfGaps(m *export.Manifest) {
	for _, l := range m.Logs {
		switch {
		case l.Head == nil:
			fmt.Fprintf(p.err, "markwatch: of %s no tree head has verified: the log vouches for nothing that is counted of it\n", l.Name)
		case l.Read < l.Head.Size:
			fmt.Fprintf(p.err, "markwatch: %s is read to %d of %d: what follows isn't counted\n", l.Name, l.Read, l.Head.Size)
		case late(l.Head.Timestamp, m.AsOf) > time.Duration(l.MMD*float64(time.Second)):
			fmt.Fprintf(p.err, "markwatch: %s is read up to its tree head of %s: what it logged after that isn't counted\n", l.Name, l.Head.Timestamp)
		}
	}
}

// late is how long before asOf a tree head was signed.
func late(signed, asOf string) time.Duration {
	from, err := time.Parse(time.RFC3339, signed)
	to, err2 := time.Parse(time.RFC3339, asOf)
	if err != nil || err2 != nil {
		return 0
	}
	return to.Sub(from)
}

func (p *program) printExport(dir string, m *export.Manifest, sum string) error {
	_, err := fmt.Fprintf(p.out, "%s: %s files as of %s\nSHA-256 of manifest.json, to cite: %s\n", dir, strconv.Itoa(len(m.Files)+1), m.AsOf, sum)
	return err
}

// verifyExport checks a snapshot, and names every piece that is wrong.
func (p *program) verifyExport(dir string) error {
	manifest, sum, err := export.Verify(dir)
	var tampered *export.TamperedError
	if errors.As(err, &tampered) {
		for _, problem := range tampered.Problems {
			fmt.Fprintln(p.err, "markwatch:", problem)
		}
		return fmt.Errorf("%s is not as it was written: %d pieces are wrong", dir, len(tampered.Problems))
	}
	if err != nil {
		return fmt.Errorf("checking %s: %w", dir, err)
	}
	p.warnOfGaps(manifest)
	heads := 0
	for _, l := range manifest.Logs {
		if l.Head != nil {
			heads++
		}
	}
	if _, err := fmt.Fprintf(p.out, "%d files are as they were written, and %d tree heads are signed by their logs.\n", len(manifest.Files), heads); err != nil {
		return err
	}
	return p.printExport(dir, manifest, sum)
}
