package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"markwatch/queries"
	"markwatch/store"
)

func showAlertCommand(p *program) *cli.Command {
	return &cli.Command{
		Name:      "show",
		Usage:     "show a hit with every number behind it, and its history",
		ArgsUsage: "ID",
		Flags:     []cli.Flag{&cli.BoolFlag{Name: "json", Usage: "print JSON"}},
		Action:    p.showAlert,
	}
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
	State             shownState      `json:"state"`
	History           []shownEvent    `json:"history"`
	Entries           []shownEntry    `json:"entries"`
}

// shownState is how the hit stands.
type shownState struct {
	State         string    `json:"state"`
	Reason        string    `json:"dismissal,omitempty"`
	Note          string    `json:"note,omitempty"`
	Assignee      string    `json:"assignee,omitempty"`
	Since         time.Time `json:"since"`
	Author        string    `json:"author,omitempty"`
	Inherited     string    `json:"inherited,omitempty"`
	InheritedFrom string    `json:"inherited_from,omitempty"`
	Earlier       string    `json:"earlier,omitempty"`
	Changed       string    `json:"changed,omitempty"`
}

// shownEvent is one change of the hit's triage.
type shownEvent struct {
	At       time.Time `json:"at"`
	Author   string    `json:"author"`
	Action   string    `json:"action"`
	State    string    `json:"state,omitempty"`
	Reason   string    `json:"dismissal,omitempty"`
	Assignee string    `json:"assignee,omitempty"`
	Note     string    `json:"note,omitempty"`
	Pair     bool      `json:"pair,omitempty"`
	Hit      string    `json:"hit"` // on which it was done: of a pair it may be another one
}

// shownEntry is one log entry of the issuance.
type shownEntry struct {
	Log       string    `json:"log"`
	Index     uint64    `json:"index"`
	Type      string    `json:"type"`
	Timestamp time.Time `json:"timestamp"`
	SHA256    string    `json:"certificate_sha256"`
}

// hitPrefix is the beginning of a hit's id, as a person gave it.
func hitPrefix(command, text string) (string, error) {
	id := strings.ToLower(text)
	if len(id) < 4 || len(id) > 64 || strings.Trim(id, "0123456789abcdef") != "" {
		return "", usagef("alerts %s takes the id of one hit, or its first letters, at least four, as alerts list prints them; %q is none", command, text)
	}
	return id, nil
}

// oneHit is the id that begins so.
func oneHit(ctx context.Context, st *store.Store, prefix string) (string, error) {
	hits, _, err := st.Find(ctx, prefix)
	switch {
	case err != nil:
		return "", err
	case len(hits) == 0:
		return "", fmt.Errorf("there is no hit %s; markwatch alerts list --state all shows those that there are", prefix)
	case len(hits) > 1:
		return "", fmt.Errorf("several hits begin with %s, among them %s and %s; give more of the id", prefix, hits[0], hits[1])
	}
	return hits[0], nil
}

func (p *program) showAlert(c *cli.Context) error {
	if c.NArg() != 1 {
		return usagef("alerts show takes the id of one hit, as alerts list prints it")
	}
	prefix, err := hitPrefix("show", c.Args().First())
	if err != nil {
		return err
	}
	return p.withStore(c, func(ctx context.Context, st *store.Store) error {
		id, err := oneHit(ctx, st, prefix)
		if err != nil {
			return err
		}
		h, err := readHit(ctx, st, id)
		if err != nil {
			return err
		}
		if c.Bool("json") {
			return printJSONLines(p.out, []*shownHit{h.shown()})
		}
		return p.printHit(h)
	})
}

// wholeHit is a hit with the log entries of its issuance.
type wholeHit struct {
	*store.StoredHit
	entries []store.LogEntry
}

func readHit(ctx context.Context, st *store.Store, id string) (*wholeHit, error) {
	h, err := st.Hit(ctx, id)
	if err != nil {
		return nil, err
	}
	if h == nil {
		return nil, fmt.Errorf("there is no hit %s", id)
	}
	entries, err := st.EntriesOf(ctx, h.TBSSHA256)
	return &wholeHit{h, entries}, err
}

// shown is the hit as JSON has it.
func (h *wholeHit) shown() *shownHit {
	s := h.State
	out := &shownHit{
		ID: h.ID, Severity: h.Severity, Rule: h.Rule, List: h.List, Organisation: h.Organisation, Domains: h.Domains, OtherOrganisation: h.OtherOrganisation,
		OtherDomains: h.OtherDomains, Reason: h.Reason, Score: h.Score, Evidence: json.RawMessage(h.Evidence), TBSSHA256: h.TBSSHA256,
		OtherTBSSHA256: h.OtherTBSSHA256, FirstSeen: h.FirstSeen, FoundAt: h.FoundAt, Withdrawn: h.Withdrawn,
		State:   shownState{s.State, s.Reason, s.Note, s.Assignee, s.Since, s.Author, s.Inherited, s.InheritedFrom, s.Earlier, s.Changed},
		History: []shownEvent{}, Entries: []shownEntry{},
	}
	for _, e := range h.History {
		out.History = append(out.History, shownEvent{e.At, e.Author, string(e.Action), e.State, e.Reason, e.Assignee, e.Note, e.Pair, e.HitID})
	}
	for _, e := range h.entries {
		out.Entries = append(out.Entries, shownEntry{e.Log, e.Index, e.Type, e.Timestamp.UTC(), e.SHA256})
	}
	return out
}

func (p *program) printHit(h *wholeHit) error {
	var b strings.Builder
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%-20s %s\n", name, queries.Printable(value))
		}
	}
	fmt.Fprintf(&b, "%s\n\n", queries.Printable(h.Reason))
	line("hit", h.ID)
	if h.Withdrawn {
		line("withdrawn", "later entries refute it, or it is excused by a watch list")
	}
	line("state", h.State.State)
	line("assignee", h.State.Assignee)
	for _, words := range decisionWords(&h.State) {
		line("", words)
	}
	line("severity", h.Severity)
	line("rule", h.Rule)
	line("watch list", h.List)
	line("organisation", h.Organisation)
	line("domains", strings.Join(h.Domains, ", "))
	line("other organisation", h.OtherOrganisation)
	line("other domains", strings.Join(h.OtherDomains, ", "))
	line("score", fmt.Sprintf("%.3f", h.Score))
	line("first logged", h.FirstSeen.Format(time.RFC3339))
	line("found", h.FoundAt.Format(time.RFC3339))
	line("issuance", h.TBSSHA256)
	line("other issuance", h.OtherTBSSHA256)
	for _, e := range h.entries {
		line("log entry", fmt.Sprintf("%s, index %d, %s, %s", e.Log, e.Index, e.Type, e.Timestamp.UTC().Format(time.RFC3339)))
	}
	var evidence map[string]any
	if err := json.Unmarshal([]byte(h.Evidence), &evidence); err != nil {
		return fmt.Errorf("reading the evidence of hit %s: %w", h.ID, err)
	}
	b.WriteString("\nBehind it:\n")
	for _, name := range slices.Sorted(maps.Keys(evidence)) {
		line("  "+strings.ReplaceAll(name, "_", " "), fmt.Sprint(evidence[name]))
	}
	if len(h.History) > 0 {
		b.WriteString("\nHistory:\n")
	}
	for _, e := range h.History {
		line("  "+e.At.Format("2006-01-02 15:04"), eventWords(&e, h.ID))
	}
	_, err := fmt.Fprint(p.out, b.String())
	return err
}

// eventWords say what somebody did to the hit of this id.
func eventWords(e *store.TriageEvent, hit string) string {
	words := e.Author + " "
	switch e.Action {
	case store.Acknowledge:
		words += "acknowledged it"
	case store.Escalate:
		words += "escalated it"
	case store.Resolve:
		words += "resolved it"
	case store.Dismiss:
		words += "dismissed " + itOrPair(e, hit) + " as " + e.Reason
	case store.Reopen:
		words += "reopened " + itOrPair(e, hit)
	case store.Assign:
		words += "assigned it to " + e.Assignee
		if e.Assignee == "" {
			words = e.Author + " took it from its assignee"
		}
	case store.Note:
		return words + "noted: " + oneLine(e.Note)
	}
	if e.Note != "" {
		words += ": " + oneLine(e.Note)
	}
	return words
}

func itOrPair(e *store.TriageEvent, hit string) string {
	switch {
	case !e.Pair:
		return "it"
	case e.HitID == hit:
		return "its pair"
	}
	return "its pair, on the hit " + e.HitID[:12] + ","
}
