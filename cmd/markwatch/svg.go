package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"markwatch/parse/tinyps"
	"markwatch/queries"
)

// What svg prints: a line for each finding, FILE:LINE:COLUMN: SEVERITY RULE: DETAIL, as
// compilers do, so that editors can jump there, and below it how to mend it; of a logo
// without findings, that it conforms. With --json, one object a line for each file.

func svgCommand(p *program) *cli.Command {
	return &cli.Command{
		Name:      "svg",
		Usage:     "check logos against SVG Tiny PS, the profile of mark certificates",
		ArgsUsage: "FILE…|-",
		Description: `Each finding has its place, its severity, what was met and how to mend it; docs/lint.md lists the rules.
- is standard input. The exit code is 1 when a logo has an error, or can't be read; warnings and notices don't count.

Examples:
  markwatch svg logo.svg
  markwatch svg logos/*.svg --json | jq 'select(.conforms | not) | .file'
  markwatch svg --list`,
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "json", Usage: "print one JSON object a line for each file, or rule"},
			&cli.BoolFlag{Name: "list", Usage: "list the rules"},
		},
		Action: p.svg,
	}
}

func (p *program) svg(c *cli.Context) error {
	if c.Bool("list") {
		if c.NArg() > 0 {
			return usagef("--list takes no files")
		}
		return listSVGRules(p.out, c.Bool("json"))
	}
	if c.NArg() == 0 {
		return usagef("svg takes one file or more, or - for standard input")
	}
	show := showLogo
	if c.Bool("json") {
		show = showLogoJSON
	}
	faulty, unread := 0, 0
	for _, path := range c.Args().Slice() {
		svg, err := p.readSVG(c, path)
		if c.Context.Err() != nil {
			return c.Context.Err()
		}
		if err != nil {
			fmt.Fprintf(p.err, "markwatch: %v\n", err)
			unread++
			continue
		}
		findings := tinyps.Validate(svg)
		if err := show(p.out, path, findings); err != nil {
			return err
		}
		if !tinyps.Conforms(findings) {
			faulty++
		}
	}
	return svgResult(c.NArg(), faulty, unread)
}

// svgResult is nil where all logos could be read and conform.
func svgResult(all, faulty, unread int) error {
	var parts []string
	if faulty > 0 {
		parts = append(parts, fmt.Sprintf("%d of %d logos not SVG Tiny PS", faulty, all))
	}
	if unread > 0 {
		parts = append(parts, fmt.Sprintf("%d of %d could not be read", unread, all))
	}
	if len(parts) == 0 {
		return nil
	}
	return errors.New(strings.Join(parts, ", "))
}

// readSVG reads a file, but no more of one that is too large than tells so.
func (p *program) readSVG(c *cli.Context, path string) ([]byte, error) {
	in, source, err := p.openInput(c.Context, path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	svg, err := io.ReadAll(io.LimitReader(in, tinyps.MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", source, err)
	}
	return svg, nil
}

func showLogo(w io.Writer, path string, findings []tinyps.Finding) error {
	var b strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&b, "%s:%d:%d: %s %s: %s\n", path, f.Line, f.Column, f.Severity, f.Rule, queries.Printable(f.Detail))
		fmt.Fprintf(&b, "    to mend: %s (%s)\n", f.Mend, f.Citation)
	}
	if len(findings) == 0 {
		fmt.Fprintf(&b, "%s: conforms to SVG Tiny PS\n", path)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// logoJSON is what svg --json prints of a file.
type logoJSON struct {
	File     string           `json:"file"`
	Conforms bool             `json:"conforms"` // it has no finding of severity error
	Findings []svgFindingJSON `json:"findings"`
}

type svgFindingJSON struct {
	Rule     string `json:"rule"`
	Severity string `json:"severity"`
	Line     int    `json:"line"`   // from 1
	Column   int    `json:"column"` // from 1, in characters
	Detail   string `json:"detail"`
	Mend     string `json:"mend"`
	Citation string `json:"citation"`
}

func showLogoJSON(w io.Writer, path string, findings []tinyps.Finding) error {
	out := logoJSON{File: path, Conforms: tinyps.Conforms(findings), Findings: []svgFindingJSON{}}
	for _, f := range findings {
		out.Findings = append(out.Findings, svgFindingJSON(f))
	}
	return encodeLine(w, out)
}

// encodeLine writes one JSON object as a line.
func encodeLine(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// svgRuleJSON is what svg --list --json prints of a rule.
type svgRuleJSON struct {
	ID       string `json:"rule"`
	Severity string `json:"severity"`
	Summary  string `json:"summary"`
	Mend     string `json:"mend"`
	Citation string `json:"citation"`
}

// listSVGRules lists the rules.
func listSVGRules(w io.Writer, asJSON bool) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if !asJSON {
		fmt.Fprintln(table, "rule\tseverity\twhat it finds")
	}
	for _, r := range tinyps.Rules() {
		if !asJSON {
			fmt.Fprintf(table, "%s\t%s\t%s\n", r.ID, r.Severity, r.Summary)
			continue
		}
		if err := encodeLine(w, svgRuleJSON(r)); err != nil {
			return err
		}
	}
	return table.Flush()
}
