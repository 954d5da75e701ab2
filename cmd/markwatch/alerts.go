package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/mattn/go-runewidth"
	"github.com/urfave/cli/v2"
	"golang.org/x/term"

	"markwatch/match"
	"markwatch/queries"
	"markwatch/store"
)

func alertsCommand(p *program) *cli.Command {
	return &cli.Command{
		Name:  "alerts",
		Usage: "list and show what resembles others' marks, or what is watched",
		Description: `Examples:
  markwatch alerts list
  markwatch alerts list --severity high --since 2026-01-01
  markwatch alerts list --list acme --format csv -o acme.csv
  markwatch alerts show 3f2a`,
		Subcommands: []*cli.Command{
			{
				Name:  "list",
				Usage: "list the hits, the gravest first",
				Flags: []cli.Flag{
					&cli.StringFlag{Name: "severity", Usage: "only hits of this `SEVERITY` or a greater one: low, medium, high, critical"},
					&cli.StringFlag{Name: "rule", Usage: "only hits of this `RULE`, such as logo, trademark or homoglyph"},
					&cli.StringFlag{Name: "organisation", Usage: "only hits on, or against, organisations whose name contains `TEXT`"},
					&cli.StringFlag{Name: "domain", Usage: "only hits on, or against, certificates for `DOMAIN` or one under it"},
					&cli.StringFlag{Name: "list", Usage: "only hits of this watch `LIST`; - is hits of no list"},
					&cli.StringFlag{Name: "since", Usage: "only certificates first logged on `DATE` or later, as 2026-11-30"},
					&cli.StringFlag{Name: "limit", Usage: "at most `N` hits"},
					&cli.StringFlag{Name: "format", Aliases: []string{"f"}, Value: textFormat, Usage: "print as `FORMAT`: text for reading, or " + formatNames()},
					&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write to `FILE` instead of standard output"},
					&cli.BoolFlag{Name: "json", Usage: "short for --format json"},
					failOnFlag(),
				},
				Action: p.listAlerts,
			},
			{
				Name:      "show",
				Usage:     "show a hit with every number behind it",
				ArgsUsage: "ID",
				Flags:     []cli.Flag{&cli.BoolFlag{Name: "json", Usage: "print JSON"}},
				Action:    p.showAlert,
			},
		},
		Action: func(c *cli.Context) error {
			if c.NArg() > 0 {
				return usagef("there is no command alerts %s; there are: list, show", c.Args().First())
			}
			return cli.ShowSubcommandHelp(c)
		},
	}
}

func formatNames() string {
	var names []string
	for _, f := range queries.Formats() {
		names = append(names, string(f))
	}
	return strings.Join(names, ", ")
}

// listAlerts is the published query hits, with its parameters as flags.
func (p *program) listAlerts(c *cli.Context) error {
	if c.NArg() > 0 {
		return usagef("alerts list takes no arguments, but there is %q; alerts show ID shows one", c.Args().First())
	}
	values := map[string]string{}
	for _, name := range []string{"severity", "rule", "organisation", "domain", "list", "since", "limit"} {
		if c.IsSet(name) {
			values[name] = c.String(name)
		}
	}
	if s, set := values["severity"]; set {
		if err := knownSeverity(s); err != nil {
			return usageError{err}
		}
	}
	failOn, err := failOnHits(c)
	if err != nil {
		return err
	}
	q, err := queries.Get("hits")
	if err != nil {
		return err
	}
	args, err := q.Bind(values)
	if err != nil {
		return usageError{err}
	}
	if err := p.printAlerts(c, q.SQL, args); err != nil || !failOn {
		return err
	}
	return p.failIfHits(c.Context, q.SQL, args)
}

// textFormat is how alerts list prints for a person: each hit's sentence, whole.
const textFormat = "text"

// printAlerts prints the hits as text, or as any of the formats of queries.
func (p *program) printAlerts(c *cli.Context, sql string, args []any) error {
	if c.String("format") == textFormat && !c.Bool("json") {
		if err := p.configure(c); err != nil {
			return err
		}
		return p.alertsText(c.Context, c.String("output"), sql, args)
	}
	format, err := queryFormat(c)
	if err != nil {
		return usageError{err}
	}
	if format.Binary() && c.String("output") == "" && isTerminal(p.out) {
		return usagef("%s is no text: name a file with -o, or send it elsewhere than to a terminal", format)
	}
	if err := p.configure(c); err != nil {
		return err
	}
	return p.answer(c.Context, c.String("output"), queries.Output{Format: format}, sql, args)
}

// alertsText prints two or more lines for each hit: what it is, and why.
func (p *program) alertsText(ctx context.Context, path, sql string, args []any) error {
	st, err := p.openKnownStore(ctx)
	if err != nil {
		return err
	}
	defer st.Close()
	rows, err := st.Conn().Query(ctx, "SELECT id, severity, rule, list, reason, first_seen FROM ("+sql+")", args...)
	if err != nil {
		return fmt.Errorf("reading the hits: %w", err)
	}
	defer rows.Close()
	w, done, err := p.createFile(path)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	n := 0
	for ; rows.Next() && err == nil; n++ {
		var id, severity, rule, list, reason string
		var seen time.Time
		if err = rows.Scan(&id, &severity, &rule, &list, &reason, &seen); err != nil {
			break
		}
		fmt.Fprintf(out, "%-8s %-16s %s  %s  %s\n", severity, rule, id[:12], seen.UTC().Format(time.DateOnly), queries.Printable(list))
		_, err = fmt.Fprintf(out, "%s\n\n", wrapped(queries.Printable(reason), "    ", p.width()))
	}
	if err == nil {
		err = rows.Err()
	}
	if err == nil {
		_, err = fmt.Fprintf(out, "%s; markwatch alerts show ID shows one whole\n", counted(n, "hit"))
	}
	return done(errors.Join(err, out.Flush()))
}

// counted is a number of things.
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// width is the terminal's; elsewhere that of a page.
func (p *program) width() int {
	if f, ok := p.out.(*os.File); ok {
		if columns, _, err := term.GetSize(int(f.Fd())); err == nil && columns >= 40 {
			return columns
		}
	}
	return 100
}

// wrapped breaks a text into lines of at most width columns, between words.
func wrapped(text, indent string, width int) string {
	var b strings.Builder
	column := 0
	for i, word := range strings.Fields(text) {
		wide := runewidth.StringWidth(word)
		switch {
		case i == 0:
			b.WriteString(indent)
			column = len(indent)
		case column+1+wide > width:
			b.WriteString("\n" + indent)
			column = len(indent)
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += wide
	}
	return b.String()
}

func knownSeverity(s string) error {
	var names []string
	for _, known := range match.Severities() {
		if strings.EqualFold(s, string(known)) {
			return nil
		}
		names = append(names, string(known))
	}
	return fmt.Errorf("there is no severity %q; there are: %s", s, strings.Join(names, ", "))
}

// failIfHits is errHits where the query finds anything.
func (p *program) failIfHits(ctx context.Context, sql string, args []any) error {
	st, err := p.openKnownStore(ctx)
	if err != nil {
		return err
	}
	defer st.Close()
	var n uint64
	if err := st.Conn().QueryRow(ctx, "SELECT count() FROM ("+sql+")", args...).Scan(&n); err != nil {
		return err
	}
	if n > 0 {
		return errHits
	}
	return nil
}

// shownHit is what alerts show prints of a hit.
type shownHit struct {
	ID                string          `json:"id"`
	Severity          string          `json:"severity"`
	Rule              string          `json:"rule"`
	List              string          `json:"list,omitempty"`
	Organisation      string          `json:"organisation"`
	Domains           []string        `json:"domains"`
	OtherOrganisation string          `json:"other_organisation,omitempty"`
	OtherDomains      []string        `json:"other_domains,omitempty"`
	Reason            string          `json:"reason"`
	Score             float64         `json:"score"`
	Evidence          json.RawMessage `json:"evidence"`
	TBSSHA256         string          `json:"tbs_sha256"`
	OtherTBSSHA256    string          `json:"other_tbs_sha256,omitempty"`
	FirstSeen         time.Time       `json:"first_seen"`
	FoundAt           time.Time       `json:"found_at"`
	Withdrawn         bool            `json:"withdrawn,omitempty"`
	Entries           []shownEntry    `json:"entries"`
}

// shownEntry is one log entry of the issuance.
type shownEntry struct {
	Log       string    `json:"log"`
	Index     uint64    `json:"index"`
	Type      string    `json:"type"`
	Timestamp time.Time `json:"timestamp"`
	SHA256    string    `json:"certificate_sha256"`
}

func (p *program) showAlert(c *cli.Context) error {
	id := strings.ToLower(c.Args().First())
	if c.NArg() != 1 || len(id) < 4 || strings.Trim(id, "0123456789abcdef") != "" {
		return usagef("alerts show takes the id of one hit, or its first letters, at least four, as alerts list prints them")
	}
	if err := p.configure(c); err != nil {
		return err
	}
	st, err := p.openKnownStore(c.Context)
	if err != nil {
		return err
	}
	defer st.Close()
	h, err := findHit(c.Context, st, id)
	if err != nil {
		return err
	}
	if c.Bool("json") {
		return printJSONLines(p.out, []*shownHit{h})
	}
	return p.printHit(h)
}

// findHit reads the hit whose id begins so, withdrawn ones too.
func findHit(ctx context.Context, st *store.Store, prefix string) (*shownHit, error) {
	rows, err := st.Conn().Query(ctx, `SELECT id, severity, rule, list, organisation, domains, other_organisation, other_domains, reason, score, evidence,
		tbs_sha256, other_tbs_sha256, first_seen, found_at, withdrawn FROM hits FINAL WHERE startsWith(id, {prefix:String}) ORDER BY id LIMIT 2`, clickhouse.Named("prefix", prefix))
	if err != nil {
		return nil, fmt.Errorf("reading the hit: %w", err)
	}
	defer rows.Close()
	var found []*shownHit
	for rows.Next() {
		h := &shownHit{}
		var evidence string
		err := rows.Scan(&h.ID, &h.Severity, &h.Rule, &h.List, &h.Organisation, &h.Domains, &h.OtherOrganisation, &h.OtherDomains, &h.Reason, &h.Score, &evidence,
			&h.TBSSHA256, &h.OtherTBSSHA256, &h.FirstSeen, &h.FoundAt, &h.Withdrawn)
		if err != nil {
			return nil, fmt.Errorf("reading the hit: %w", err)
		}
		h.Evidence = json.RawMessage(evidence)
		found = append(found, h)
	}
	switch {
	case rows.Err() != nil:
		return nil, fmt.Errorf("reading the hit: %w", rows.Err())
	case len(found) == 0:
		return nil, fmt.Errorf("there is no hit %s; markwatch alerts list shows those that there are", prefix)
	case len(found) > 1:
		return nil, fmt.Errorf("several hits begin with %s, among them %s and %s; give more of the id", prefix, found[0].ID, found[1].ID)
	}
	found[0].Entries, err = entriesOf(ctx, st, found[0].TBSSHA256)
	return found[0], err
}

func entriesOf(ctx context.Context, st *store.Store, tbs string) ([]shownEntry, error) {
	rows, err := st.Conn().Query(ctx, `SELECT log, leaf_index, entry_type, timestamp, certificate_sha256 FROM log_entries FINAL
		WHERE tbs_sha256 = {tbs:String} ORDER BY timestamp, log, leaf_index`, clickhouse.Named("tbs", tbs))
	if err != nil {
		return nil, fmt.Errorf("reading the log entries: %w", err)
	}
	defer rows.Close()
	var out []shownEntry
	for rows.Next() {
		var e shownEntry
		if err := rows.Scan(&e.Log, &e.Index, &e.Type, &e.Timestamp, &e.SHA256); err != nil {
			return nil, fmt.Errorf("reading the log entries: %w", err)
		}
		out = append(out, e)
	}
	return out, rows.Err()
}

func (p *program) printHit(h *shownHit) error {
	var b strings.Builder
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%-20s %s\n", name, queries.Printable(value))
		}
	}
	fmt.Fprintf(&b, "%s\n\n", queries.Printable(h.Reason))
	line("hit", h.ID)
	if h.Withdrawn {
		line("withdrawn", "later entries refute it")
	}
	line("severity", h.Severity)
	line("rule", h.Rule)
	line("watch list", h.List)
	line("organisation", h.Organisation)
	line("domains", strings.Join(h.Domains, ", "))
	line("other organisation", h.OtherOrganisation)
	line("other domains", strings.Join(h.OtherDomains, ", "))
	line("score", fmt.Sprintf("%.3f", h.Score))
	line("first logged", h.FirstSeen.UTC().Format(time.RFC3339))
	line("found", h.FoundAt.UTC().Format(time.RFC3339))
	line("issuance", h.TBSSHA256)
	line("other issuance", h.OtherTBSSHA256)
	for _, e := range h.Entries {
		line("log entry", fmt.Sprintf("%s, index %d, %s, %s", e.Log, e.Index, e.Type, e.Timestamp.UTC().Format(time.RFC3339)))
	}
	var evidence map[string]any
	if err := json.Unmarshal(h.Evidence, &evidence); err != nil {
		return fmt.Errorf("reading the evidence of hit %s: %w", h.ID, err)
	}
	b.WriteString("\nBehind it:\n")
	for _, name := range slices.Sorted(maps.Keys(evidence)) {
		line("  "+strings.ReplaceAll(name, "_", " "), fmt.Sprint(evidence[name]))
	}
	_, err := fmt.Fprint(p.out, b.String())
	return err
}

// errHits ends a command with exitHits.
var errHits = errors.New("there are hits")

func failOnFlag() cli.Flag {
	return &cli.StringFlag{Name: "fail-on", Usage: "exit with 3 when there are `hits`"}
}

// failOnHits reads --fail-on.
func failOnHits(c *cli.Context) (bool, error) {
	switch v := c.String("fail-on"); v {
	case "":
		return false, nil
	case "hits":
		return true, nil
	default:
		return false, usagef("--fail-on %q: it can be hits", v)
	}
}
