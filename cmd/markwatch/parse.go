package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/urfave/cli/v2"

	"markwatch/parse"
	"markwatch/parse/lint"
)

func parseCommand(p *program) *cli.Command {
	return &cli.Command{
		Name:      "parse",
		Usage:     "say what the certificates in a file say",
		ArgsUsage: "FILE|-",
		Description: `The file holds certificates in PEM or DER, or a log's get-entries answer (JSON); - is standard input.
The exit code is 1 when it holds no mark certificate or one that can't be read.

Examples:
  markwatch parse vmc.pem
  markwatch parse vmc.pem --json | jq .organisation
  curl -s "https://gorgon.ct.digicert.com/log/ct/v1/get-entries?start=0&end=9" | markwatch parse - --svg-dir logos`,
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "json", Usage: "print one JSON object a line for each certificate"},
			&cli.StringFlag{Name: "svg-dir", Usage: "write each logo to `DIR`, named by its SHA-256"},
		},
		Action: p.parse,
	}
}

func (p *program) parse(c *cli.Context) error {
	if c.NArg() != 1 {
		return usagef("parse takes one file, or - for standard input")
	}
	in, source, err := p.openInput(c.Context, c.Args().First())
	if err != nil {
		return err
	}
	defer in.Close()
	show := showText
	if c.Bool("json") {
		show = showJSON
	}
	counts := map[string]int{}
	for doc, err := range parse.Documents(in) {
		if err != nil {
			return fmt.Errorf("reading %s: %w", source, err)
		}
		kind := kindOf(doc)
		counts[kind]++
		if kind == kindMark {
			judge(doc)
		}
		if err := show(p.out, kind, doc); err != nil {
			return err
		}
		if dir := c.String("svg-dir"); dir != "" && doc.Mark != nil {
			if err := writeLogos(dir, doc.Mark); err != nil {
				return err
			}
		}
		if c.Context.Err() != nil {
			return c.Context.Err()
		}
	}
	return parseResult(source, counts)
}

// judge adds where a mark certificate departs from its profile to its findings.
func judge(doc parse.Document) {
	if doc.Entry != nil {
		(&lint.Checker{}).Entry(doc.Entry)
		return
	}
	doc.Mark.Findings = append(doc.Mark.Findings, lint.Check(doc.Mark, time.Time{}, nil)...)
}

// The kinds of document that parse tells apart.
const (
	kindMark      = "mark certificate"
	kindOther     = "other certificate"
	kindMalformed = "malformed"
)

func kindOf(doc parse.Document) string {
	switch {
	case doc.Err == nil:
		return kindMark
	case errors.Is(doc.Err, parse.ErrNotMark):
		return kindOther
	}
	return kindMalformed
}

// parseResult is nil if the input held mark certificates and all could be read.
func parseResult(source string, counts map[string]int) error {
	switch {
	case counts[kindMalformed] > 0:
		return fmt.Errorf("%s: %d of %d can't be read; the reasons are above", source, counts[kindMalformed], counts[kindMark]+counts[kindOther]+counts[kindMalformed])
	case counts[kindMark] == 0 && counts[kindOther] > 0:
		return fmt.Errorf("%s holds no mark certificate", source)
	case counts[kindMark] == 0:
		return fmt.Errorf("%s is empty: it holds no certificate", source)
	}
	return nil
}

func (p *program) openInput(ctx context.Context, path string) (io.ReadCloser, string, error) {
	if path == "-" {
		return io.NopCloser(&interruptible{ctx: ctx, in: p.in}), "standard input", nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, "", err
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		f.Close()
		return nil, "", fmt.Errorf("%s is a directory: name a file in it", path)
	}
	return f, path, nil
}

// writeLogos writes the SVGs of a certificate; one that is there already is the same.
func writeLogos(dir string, m *parse.MarkCertificate) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("writing logos: %w", err)
	}
	for _, logo := range m.Logos {
		if logo.SVG == nil {
			continue
		}
		path := filepath.Join(dir, hex.EncodeToString(logo.SVGSHA256[:])+".svg")
		if err := os.WriteFile(path, logo.SVG, 0o644); err != nil {
			return fmt.Errorf("writing logos: %w", err)
		}
	}
	return nil
}

func showJSON(w io.Writer, kind string, doc parse.Document) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(newCertificateJSON(kind, doc))
}
