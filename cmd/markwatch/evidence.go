package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"markwatch/internal/evidence"
	"markwatch/queries"
	"markwatch/scanner"
)

func evidenceCommand(p *program) *cli.Command {
	return &cli.Command{
		Name:      "evidence",
		Usage:     "pack what proves a certificate or a hit, for counsel; check such a pack",
		ArgsUsage: "HIT|TBS",
		Description: `The pack is a ZIP file: a report in PDF, the certificates, the logos, the log's bytes, the
inclusion proof to a signed tree head with the log's key, and how to check all of it without markwatch.
HIT is the id of a hit, TBS the tbs_sha256 of an issuance, or the first letters of one, at least four.
Most is in the store. A log whose leaf hashes aren't kept is asked for its proof.

Examples:
  markwatch evidence 3f2a -o case.zip
  markwatch evidence --verify case.zip`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write the pack to `FILE`; - is standard output"},
			&cli.StringFlag{Name: "verify", Usage: "check the pack `FILE`, with no network and no store"},
			&cli.BoolFlag{Name: "json", Usage: "print JSON"},
		},
		Action: p.evidence,
	}
}

func (p *program) evidence(c *cli.Context) error {
	if c.IsSet("verify") {
		if c.NArg() > 0 || c.IsSet("output") {
			return usagef("evidence --verify FILE takes nothing else")
		}
		return p.verifyEvidence(c)
	}
	id := strings.ToLower(c.Args().First())
	switch {
	case c.NArg() != 1 || len(id) < 4 || strings.Trim(id, "0123456789abcdef") != "":
		return usagef("evidence takes the id of one hit, as alerts list prints it, or the tbs_sha256 of an issuance, or the first letters of one, at least four")
	case c.String("output") == "":
		return usagef("evidence writes a ZIP file: name it with -o FILE.zip")
	case c.String("output") == "-" && isTerminal(p.out):
		return usagef("a ZIP file is no text: name a file with -o, or send it elsewhere than to a terminal")
	}
	if err := p.configure(c); err != nil {
		return err
	}
	gathered, err := p.gatherEvidence(c.Context, id)
	if err != nil {
		return err
	}
	return p.writePack(gathered, c.String("output"), c.Bool("json"))
}

// gatherEvidence collects the case from the store, and where it must from a log.
func (p *program) gatherEvidence(ctx context.Context, id string) (*evidence.Case, error) {
	logs, err := p.config.logs()
	if err != nil {
		return nil, err
	}
	st, err := p.openKnownStore(ctx)
	if err != nil {
		return nil, err
	}
	defer st.Close()
	return evidence.Source{Store: st, Logs: logs, Ask: p.askForProof, Program: "markwatch " + version}.Gather(ctx, id)
}

// askForProof asks a log for an inclusion proof, with the same manners as watch.
func (p *program) askForProof(ctx context.Context, log scanner.Log, leaf scanner.Hash, index, size uint64) ([]scanner.Hash, error) {
	fmt.Fprintf(p.err, "markwatch: asking the log %s for an inclusion proof\n", log.Name)
	s, err := scanner.New(scanner.Config{Log: log, UserAgent: p.config.userAgent(), MaxRate: p.config.rateFor(log)})
	if err != nil {
		return nil, err
	}
	return s.InclusionAt(ctx, leaf, index, size)
}

// packed is what evidence prints of a pack that it wrote.
type packed struct {
	File     string   `json:"file"`
	SHA256   string   `json:"sha256"`
	About    string   `json:"about"`
	TBS      string   `json:"tbs_sha256"`
	Hit      string   `json:"hit,omitempty"`
	Proved   []string `json:"proved"`
	Unproved []string `json:"unproved,omitempty"`
}

// writePack writes the pack, and says what is in it on standard output, or on
// standard error where the pack goes to that.
func (p *program) writePack(gathered *evidence.Case, path string, asJSON bool) error {
	out, finish, err := p.createFile(path)
	if err != nil {
		return err
	}
	sum := sha256.New()
	if err := finish(evidence.Write(io.MultiWriter(out, sum), gathered)); err != nil {
		return err
	}
	w := p.out
	if path == "-" {
		w = p.err
	}
	said := describePack(gathered, path, sum)
	if asJSON {
		return printJSONLines(w, []packed{said})
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n", said.File, queries.Printable(said.About))
	for _, line := range said.Proved {
		fmt.Fprintf(&b, "proved       %s\n", queries.Printable(line))
	}
	for _, line := range said.Unproved {
		fmt.Fprintf(&b, "NOT PROVED   %s\n", queries.Printable(line))
	}
	fmt.Fprintf(&b, "SHA-256      %s\n\nState this SHA-256 in writing when you hand the pack over. It is checked with:\n  markwatch evidence --verify %s\n", said.SHA256, shellWord(said.File))
	_, err = io.WriteString(w, b.String())
	return err
}

func describePack(gathered *evidence.Case, path string, sum hash.Hash) packed {
	said := packed{File: path, SHA256: fmt.Sprintf("%x", sum.Sum(nil)), TBS: gathered.Found.TBSSHA256, Proved: []string{}}
	said.About = "certificate of " + gathered.Found.Mark.Organisation.Name
	if gathered.Hit != nil {
		said.Hit, said.About = gathered.Hit.ID, gathered.Hit.Reason
	}
	for _, i := range []*evidence.Issuance{gathered.Found, gathered.Other} {
		if i == nil {
			continue
		}
		for _, e := range i.Entries {
			line := fmt.Sprintf("%s: entry %d of %s", i.Mark.Organisation.Name, e.Index, e.Log)
			if e.Unproved == "" {
				said.Proved = append(said.Proved, fmt.Sprintf("%s, to the tree head of %d entries", line, e.Head.Size))
			} else {
				said.Unproved = append(said.Unproved, line+": "+e.Unproved)
			}
		}
	}
	return said
}

// verified is what evidence --verify prints.
type verified struct {
	File     string          `json:"file"`
	Verified bool            `json:"verified"`
	About    string          `json:"about"`
	AsOf     string          `json:"as_of"`
	Manifest string          `json:"manifest_sha256"`
	Problems []verifiedCheck `json:"problems"`
	Notes    []verifiedCheck `json:"notes"`
	Checks   int             `json:"checks"`
}

// verifiedCheck is one thing that doesn't hold, or that one should know.
type verifiedCheck struct {
	Piece string `json:"piece"`
	Claim string `json:"claim"`
	Says  string `json:"says"`
}

func (p *program) verifyEvidence(c *cli.Context) error {
	if err := p.configure(c); err != nil {
		return err
	}
	logs, err := p.config.logs()
	if err != nil {
		return err
	}
	path := c.String("verify")
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() { // to open a pipe waits for who writes to it
		return fmt.Errorf("opening the pack: %s is no file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("opening the pack: %w", err)
	}
	defer f.Close()
	result, err := evidence.Verify(f, info.Size(), logs)
	if err != nil {
		return fmt.Errorf("%s is NOT VERIFIED: %w", path, err)
	}
	said := describeResult(path, result)
	if c.Bool("json") {
		err = printJSONLines(p.out, []verified{said})
	} else {
		_, err = io.WriteString(p.out, said.text())
	}
	if err == nil && !said.Verified {
		fmt.Fprintf(p.err, "markwatch: %s is NOT VERIFIED: see %s\n", path, said.Problems[0].Piece)
		return errReported
	}
	return err
}

func describeResult(path string, r *evidence.Result) verified {
	said := verified{
		File: path, About: r.About, AsOf: r.AsOf.UTC().Format("2006-01-02T15:04:05Z"), Manifest: r.Manifest,
		Problems: []verifiedCheck{}, Notes: []verifiedCheck{},
	}
	for _, c := range r.Checks {
		switch {
		case c.Problem != "":
			said.Problems = append(said.Problems, verifiedCheck{c.Piece, c.Claim, c.Problem})
		case c.Note != "":
			said.Notes = append(said.Notes, verifiedCheck{c.Piece, c.Claim, c.Note})
		default:
			said.Checks++
		}
	}
	said.Verified = len(said.Problems) == 0
	return said
}

// text says for people what was found.
func (v *verified) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\nas of %s\n\n", v.File, queries.Printable(v.About), v.AsOf)
	for _, c := range v.Problems {
		fmt.Fprintf(&b, "WRONG  %s\n       should be: %s\n       but: %s\n", queries.Printable(c.Piece), queries.Printable(c.Claim), queries.Printable(c.Says))
	}
	for _, c := range v.Notes {
		fmt.Fprintf(&b, "note   %s\n       %s: %s\n", queries.Printable(c.Piece), queries.Printable(c.Claim), queries.Printable(c.Says))
	}
	if len(v.Problems)+len(v.Notes) > 0 {
		b.WriteByte('\n')
	}
	if v.Verified {
		fmt.Fprintf(&b, "VERIFIED: %d checks hold.\n", v.Checks)
	} else {
		fmt.Fprintf(&b, "NOT VERIFIED: %d of %d checks don't hold.\n", len(v.Problems), v.Checks+len(v.Problems))
	}
	fmt.Fprintf(&b, "SHA-256 of manifest.json: %s\nWho handed the pack over can say whether it is theirs.\n", v.Manifest)
	return b.String()
}
