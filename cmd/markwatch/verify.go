package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"markwatch/queries"
	"markwatch/scanner"
	"markwatch/store"
)

// verify prints a table of checks: how often each was made and how often it
// failed; below it each failure, and where the evidence is. With --json it is
// one object. Exit 0 when nothing failed, 1 when something did.

const (
	defaultSample = 256
	defaultMarks  = 50_000
	maxSample     = 1_000_000
)

func verifyCommand(p *program) *cli.Command {
	return &cli.Command{
		Name:      "verify",
		Usage:     "read entries of a log again, and hold them against what is stored",
		ArgsUsage: "LOG",
		Description: `Entries picked at random and all mark certificates are asked for again, twice each: their bytes must be
those that are stored, and they must be under the stored tree head. The log's tree head must be of one tree with
that. What isn't so goes into a file of evidence.

Examples:
  markwatch verify gorgon
  markwatch verify gorgon --sample 5000
  markwatch verify gorgon --seed 7 --json    the same entries each time`,
		Flags: []cli.Flag{
			&cli.Uint64Flag{Name: "sample", Value: defaultSample, Usage: "read `N` entries picked at random"},
			&cli.Uint64Flag{Name: "marks", Value: defaultMarks, Usage: "read `N` mark certificates at most"},
			&cli.Uint64Flag{Name: "seed", Usage: "pick them by this `NUMBER` (default: another one each time)"},
			&cli.BoolFlag{Name: "json", Usage: "print JSON"},
		},
		Action: p.verifyLog,
	}
}

// auditReport is what verify found.
type auditReport struct {
	Log       string            `json:"log"`
	ID        string            `json:"log_id"`
	At        time.Time         `json:"at"`
	OK        bool              `json:"ok"`
	Seed      uint64            `json:"seed"`
	Read      uint64            `json:"read"` // entries of the log
	Sample    uint64            `json:"sample"`
	Marks     uint64            `json:"marks"`     // that were read again
	AllMarks  uint64            `json:"all_marks"` // that are stored
	Held      scanner.TreeHead  `json:"held_tree_head"`
	Shown     *scanner.TreeHead `json:"shown_tree_head,omitempty"`
	Checks    []auditCount      `json:"checks"`
	Problems  []auditFault      `json:"problems,omitempty"`
	Unlisted  int               `json:"problems_not_listed,omitempty"`
	Abandoned string            `json:"abandoned,omitempty"` // why not all entries were asked for
	Evidence  string            `json:"evidence,omitempty"`
}

func (p *program) verifyLog(c *cli.Context) error {
	sample, marks := c.Uint64("sample"), c.Uint64("marks")
	switch {
	case c.NArg() != 1:
		return usagef("verify takes the name of one log; markwatch logs lists them")
	case sample > maxSample || marks > maxSample:
		return usagef("--sample and --marks are at most %d", maxSample)
	}
	seed := rand.Uint64() >> 32 // short enough to be typed
	if c.IsSet("seed") {
		seed = c.Uint64("seed")
	}
	return p.withStore(c, func(ctx context.Context, st *store.Store) error {
		log, err := p.knownLog(ctx, st, c.Args().First())
		if err != nil {
			return err
		}
		report, err := p.auditLog(ctx, st, log, auditReport{Seed: seed, Sample: sample, Marks: marks})
		if err != nil {
			return err
		}
		if err := p.printAudit(report, c.Bool("json")); err != nil {
			return err
		}
		if !report.OK {
			return errReported
		}
		return nil
	})
}

// auditLog audits a log. wanted says how many entries of which kind.
func (p *program) auditLog(ctx context.Context, st *store.Store, log scanner.Log, wanted auditReport) (*auditReport, error) {
	a, err := p.newAudit(ctx, st, log)
	if err != nil {
		return nil, err
	}
	r := wanted
	id := log.ID()
	r.Log, r.ID, r.At, r.Held, r.Read = log.Name, base64.StdEncoding.EncodeToString(id[:]), time.Now().UTC(), a.held, a.read
	marks, all, err := st.MarkIndexes(ctx, log, a.read, wanted.Marks, wanted.Seed)
	if err != nil {
		return nil, err
	}
	picked := sampleOf(a.read, wanted.Sample, wanted.Seed)
	r.Sample, r.Marks, r.AllMarks = uint64(len(picked)), uint64(len(marks)), all
	indexes := append(picked, marks...)
	slices.Sort(indexes)
	if err := a.run(ctx, slices.Compact(indexes)); err != nil {
		return nil, fmt.Errorf("verifying %s: %w", log.Name, err)
	}
	r.Shown, r.Problems, r.Unlisted, r.OK = a.shown, a.faults, a.more, len(a.faults) == 0
	if a.aborted != nil {
		r.Abandoned = a.aborted.Error()
	}
	for _, check := range auditChecks() {
		if n := a.counts[check]; n != nil {
			r.Checks = append(r.Checks, *n)
		}
	}
	if !r.OK {
		if r.Evidence, err = p.writeAuditEvidence(st, a, &r); err != nil {
			return nil, fmt.Errorf("writing the evidence against %s: %w", log.Name, err)
		}
	}
	return &r, nil
}

// newAudit prepares to audit what is stored of a log.
func (p *program) newAudit(ctx context.Context, st *store.Store, log scanner.Log) (*audit, error) {
	position, err := st.Position(ctx, log)
	if err != nil {
		return nil, err
	}
	held, err := st.ReadHead(ctx, log)
	if err != nil {
		return nil, err
	}
	if held == nil && !position.Head.IsZero() { // it is still read for the first time
		held = &position.Head
	}
	if held == nil || min(position.Next, held.Size) == 0 {
		return nil, fmt.Errorf("the store has nothing of %s that could be verified: markwatch watch reads it", log.Name)
	}
	kept, lost, err := st.LeavesOf(ctx, log, held.Size)
	if err != nil {
		return nil, err
	}
	scan, err := scanner.New(scanner.Config{
		Log: log, Position: position, Once: true, UserAgent: p.config.userAgent(), MaxRate: p.config.rateFor(log), Bandwidth: p.config.Bandwidth,
	})
	if err != nil {
		return nil, err
	}
	ask, err := scan.Auditor()
	if err != nil {
		return nil, err
	}
	return &audit{log: log, store: st, ask: ask, held: *held, read: min(position.Next, held.Size), leaves: kept == held.Size, lost: lost}, nil
}

// auditEvidence is what the file of evidence holds. Hashes and bytes are base64.
type auditEvidence struct {
	Finding string          `json:"finding"`
	Kind    string          `json:"kind"`
	URL     string          `json:"url"`
	Type    scanner.Type    `json:"type"`
	Key     []byte          `json:"key"`
	Report  *auditReport    `json:"report"`
	Entries []badEntry      `json:"entries,omitempty"`
	Head    json.RawMessage `json:"tree_head_evidence,omitempty"`
	How     []string        `json:"how_to_verify"`
}

// writeAuditEvidence keeps what an audit found.
func (p *program) writeAuditEvidence(st *store.Store, a *audit, r *auditReport) (string, error) {
	e := auditEvidence{
		Finding: fmt.Sprintf("log %s: %s", a.log.Name, r.Problems[0].Detail), Kind: "reread", URL: a.log.URL, Type: a.log.Type, Key: a.log.Key,
		Report: r, Entries: a.bad,
		How: []string{
			"Bytes and hashes are base64. report.log_id is the SHA-256 of key; the key is published with the log.",
			"held_tree_head.raw is what the log signed when the entries were read. Each of entries has what was stored then, " +
				"and what the log served when it was asked twice, at report.at.",
			"A leaf's hash is the SHA-256 of a zero byte and leaf_input (RFC 6962, section 2.1). Two leaves of one index can't " +
				"both be under one tree head: ask the log for the audit path of each (get-entry-and-proof, or hash tiles).",
			"extra_data is under no signature: that it differs is no proof, but no log should change it.",
		},
	}
	if a.fork != nil {
		e.Head = a.fork.Evidence()
	}
	text, err := json.MarshalIndent(e, "", "  ")
	if err != nil {
		return "", err
	}
	return writeEvidenceFile(p.config.evidenceDir(st.Dir()), "verify-"+fileName(a.log.Name), append(text, '\n'))
}

// writeEvidenceFile keeps evidence in a directory, under a name to which the
// time is added.
func writeEvidenceFile(dir, name string, evidence []byte) (string, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	path := filepath.Join(dir, fmt.Sprintf("%s-%s.json", name, time.Now().UTC().Format("20060102T150405.000Z")))
	return path, os.WriteFile(path, evidence, 0o600)
}

// printAudit prints the report.
func (p *program) printAudit(r *auditReport, asJSON bool) error {
	if asJSON {
		enc := json.NewEncoder(p.out)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(r)
	}
	fmt.Fprintf(p.out, "%s: %d of %d entries were read again, and %d of %d mark certificates (seed %d)\n\n",
		r.Log, r.Sample, r.Read, r.Marks, r.AllMarks, r.Seed)
	rows := make([][]string, len(r.Checks))
	for i, c := range r.Checks {
		rows[i] = []string{c.Check, fmt.Sprint(c.Checked), fmt.Sprint(c.Wrong)}
	}
	if err := queries.PrintTable(p.out, []string{"check", "checked", "wrong"}, []bool{false, true, true}, rows); err != nil {
		return err
	}
	fmt.Fprintf(p.out, "\nheld tree head: %d entries, signed %s\n", r.Held.Size, r.Held.Timestamp.UTC().Format(time.RFC3339))
	if r.Shown != nil {
		fmt.Fprintf(p.out, "new tree head:  %d entries, signed %s\n", r.Shown.Size, r.Shown.Timestamp.UTC().Format(time.RFC3339))
	}
	for _, f := range r.Problems {
		where := ""
		if f.Index != nil {
			where = fmt.Sprintf("entry %d: ", *f.Index)
		}
		fmt.Fprintf(p.out, "WRONG %s%s\n", where, f.Detail)
	}
	if r.Unlisted > 0 {
		fmt.Fprintf(p.out, "and %d more\n", r.Unlisted)
	}
	if r.Abandoned != "" {
		fmt.Fprintf(p.out, "the other entries were not asked for: %s\n", r.Abandoned)
	}
	if r.Evidence != "" {
		fmt.Fprintf(p.out, "evidence: %s\n", r.Evidence)
	}
	return nil
}
