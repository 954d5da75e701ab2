package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"markwatch/internal/export"
)

// progressStep is after how many logos a person who waits is told.
const progressStep = 100

func logosCommand(p *program) *cli.Command {
	return &cli.Command{
		Name:      "logos",
		Usage:     "write the SVG and a PNG of every logo, with pages to look at them",
		ArgsUsage: "DIR",
		Description: `The pages hold no script, and show each SVG as an image alone, in which nothing runs.

Examples:
  markwatch logos pictures
  markwatch logos pictures && xdg-open pictures/index.html`,
		Action: p.logosDir,
	}
}

func (p *program) logosDir(c *cli.Context) error {
	if c.NArg() != 1 {
		return usagef("logos takes one folder, and there are %d", c.NArg())
	}
	dir := c.Args().First()
	if err := p.configure(c); err != nil {
		return err
	}
	st, err := p.openKnownStore(c.Context)
	if err != nil {
		return err
	}
	defer st.Close()
	gallery, err := export.Logos(c.Context, st.Conn(), dir, func(done int) {
		if done%progressStep == 0 {
			p.exporting(fmt.Sprintf("%d logos", done))
		}
	})
	p.exporting("")
	if err != nil {
		return err
	}
	note := ""
	if gallery.Undrawn > 0 {
		note = fmt.Sprintf(", of which %d can't be drawn", gallery.Undrawn)
	}
	_, err = fmt.Fprintf(p.out, "%s: %d logos%s, on %d pages from index.html\n", dir, gallery.Logos, note, gallery.Pages)
	return err
}
