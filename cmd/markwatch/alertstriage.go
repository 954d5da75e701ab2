package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"markwatch/match"
	"markwatch/queries"
	"markwatch/store"
)

// triageCommands change how hits stand.
func triageCommands(p *program) []*cli.Command {
	reason := &cli.StringFlag{Name: "reason", Usage: "why, as `REASON`: " + strings.Join(store.DismissalReasons(), ", ")}
	to := &cli.StringFlag{Name: "to", Usage: "the `NAME` of who is to look at it; - is nobody"}
	pair := func(usage string) cli.Flag { return &cli.BoolFlag{Name: "pair", Usage: usage} }
	return []*cli.Command{
		p.triageCommand(triageWords{name: "ack", action: store.Acknowledge, usage: "say that somebody looks at hits", done: "acknowledged"}),
		p.triageCommand(triageWords{name: "escalate", action: store.Escalate, usage: "say that something is being done about hits", done: "escalated"}),
		p.triageCommand(triageWords{name: "dismiss", action: store.Dismiss, usage: "say that there is nothing to do about hits, and why", done: "dismissed"},
			reason, pair("dismiss all hits of the pair of organisation and watch item, or other organisation, those still to come too")),
		p.triageCommand(triageWords{name: "resolve", action: store.Resolve, usage: "say that something was done about hits", done: "resolved"}),
		p.triageCommand(triageWords{name: "reopen", action: store.Reopen, usage: "take back what was decided on hits", done: "reopened", state: store.StatesClosed},
			pair("take back that the pair is dismissed; what was decided on its hits one by one stands again")),
		p.triageCommand(triageWords{name: "assign", action: store.Assign, usage: "give hits to somebody to look at", done: "assigned"}, to),
		p.triageCommand(triageWords{name: "note", action: store.Note, usage: "add a note to hits", done: "noted"}),
	}
}

// triageWords are what tells one command from another.
type triageWords struct {
	name, usage, done string
	action            store.Action
	state             string // of the hits that filters mean; "": open ones
}

func (p *program) triageCommand(w triageWords, more ...cli.Flag) *cli.Command {
	if w.state == "" {
		w.state = store.StatesOpen
	}
	flags := append(more,
		&cli.StringFlag{Name: "note", Aliases: []string{"m"}, Usage: "say more, as `TEXT`"},
		&cli.BoolFlag{Name: "yes", Usage: "do it to all hits that the filters mean; without it they are only counted"},
		&cli.BoolFlag{Name: "json", Usage: "print one JSON object for each hit"},
	)
	return &cli.Command{
		Name:      w.name,
		Usage:     w.usage,
		ArgsUsage: "ID… | --list LIST --rule RULE … --yes",
		Flags:     append(flags, hitFilterFlags(w.state)...),
		Action:    func(c *cli.Context) error { return p.triage(c, w) },
	}
}

// triaged is one hit to which something is done.
type triaged struct {
	ID       string         `json:"id"`
	Severity match.Severity `json:"-"`
	Rule     string         `json:"-"`
	Reason   string         `json:"-"`
	Action   store.Action   `json:"action"`
	From     string         `json:"from"`
	State    string         `json:"state"`
	Pair     bool           `json:"pair,omitempty"`
	Done     bool           `json:"done"` // else it was counted only, or stood so already

	before store.HitState
}

func (p *program) triage(c *cli.Context, w triageWords) error {
	event, err := triageEvent(c, w)
	if err != nil {
		return err
	}
	choose, filtered, err := triageTargets(c, w)
	if err != nil {
		return err
	}
	return p.withStore(c, func(ctx context.Context, st *store.Store) error {
		hits, err := choose(ctx, st)
		if err != nil {
			return err
		}
		doIt := !filtered || c.Bool("yes")
		heirs, err := change(ctx, st, hits, event, doIt)
		if err != nil {
			return err
		}
		if c.Bool("json") {
			return printJSONLines(p.out, hits)
		}
		return p.printTriaged(hits, w, event, doIt, heirs)
	})
}

// triageTargets says how the hits are found that are meant, and whether by filters.
func triageTargets(c *cli.Context, w triageWords) (choose func(context.Context, *store.Store) ([]*triaged, error), filtered bool, err error) {
	prefixes := make([]string, c.NArg())
	for i, arg := range c.Args().Slice() {
		if prefixes[i], err = hitPrefix(w.name, arg); err != nil {
			return nil, false, err
		}
	}
	values, err := hitFilters(c)
	if err != nil {
		return nil, false, err
	}
	filtered = len(values) > 1 || c.IsSet("state")
	switch {
	case len(prefixes) == 0 && !filtered:
		return nil, false, usagef("alerts %s takes ids of hits, as alerts list prints them, or filters such as --list and --rule", w.name)
	case len(prefixes) > 0 && filtered:
		return nil, false, usagef("alerts %s takes ids of hits, or filters, and not both", w.name)
	case !filtered:
		return func(ctx context.Context, st *store.Store) ([]*triaged, error) { return namedHits(ctx, st, prefixes) }, false, nil
	}
	sql, args, err := chosenHits(values)
	return func(ctx context.Context, st *store.Store) ([]*triaged, error) {
		if err := knownList(ctx, st, values); err != nil {
			return nil, err
		}
		return filteredHits(ctx, st, sql, args)
	}, true, err
}

// triageEvent is what the flags say is to be done, to a hit that is still to be named.
func triageEvent(c *cli.Context, w triageWords) (store.TriageEvent, error) {
	e := store.TriageEvent{Action: w.action, Author: author(), Reason: c.String("reason"), Assignee: strings.TrimSpace(c.String("to")), Note: strings.TrimSpace(match.CleanNotes(c.String("note"))), Pair: c.Bool("pair")}
	if w.action == store.Assign {
		if e.Assignee == "" {
			return e, usagef("alerts assign needs --to NAME, or --to - to take hits from their assignee")
		}
		e.Assignee = strings.TrimPrefix(e.Assignee, "-")
	}
	if w.action == store.Dismiss && e.Reason == "" {
		return e, usagef("alerts dismiss needs --reason: %s", strings.Join(store.DismissalReasons(), ", "))
	}
	if w.action == store.Note && e.Note == "" {
		return e, usagef("alerts note needs --note TEXT")
	}
	if err := store.CheckTriage(e); err != nil {
		return e, usageError{err}
	}
	return e, nil
}

// filteredHits are those that the query hits finds.
func filteredHits(ctx context.Context, st *store.Store, sql string, args []any) ([]*triaged, error) {
	rows, err := st.Conn().Query(ctx, "SELECT "+listedColumns+" FROM ("+sql+")", args...)
	if err != nil {
		return nil, fmt.Errorf("reading the hits: %w", err)
	}
	defer rows.Close()
	var out []*triaged
	for rows.Next() {
		var h listedHit
		if err := h.scan(rows); err != nil {
			return nil, fmt.Errorf("reading the hits: %w", err)
		}
		out = append(out, &triaged{ID: h.id, Severity: match.Severity(h.severity), Rule: h.rule, Reason: h.reason, From: h.state.State, before: h.state})
	}
	return out, rows.Err()
}

// namedHits are those whose ids begin so: all of them, or an error.
func namedHits(ctx context.Context, st *store.Store, prefixes []string) ([]*triaged, error) {
	var out []*triaged
	for _, prefix := range prefixes {
		id, err := oneHit(ctx, st, prefix)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(out, func(t *triaged) bool { return t.ID == id }) {
			continue
		}
		h, err := st.Hit(ctx, id)
		if err != nil {
			return nil, err
		}
		out = append(out, &triaged{ID: id, Severity: match.Severity(h.Severity), Rule: h.Rule, Reason: h.Reason, From: h.State.State, before: h.State})
	}
	return out, nil
}

// change does the event to the hits that don't stand so already, and counts those
// that follow them.
func change(ctx context.Context, st *store.Store, hits []*triaged, event store.TriageEvent, doIt bool) (heirs uint64, err error) {
	var events []store.TriageEvent
	var ids []string
	for _, h := range hits {
		h.Action, h.State, h.Pair = event.Action, h.From, event.Pair
		if !changes(&h.before, &event) {
			continue
		}
		h.Done = doIt
		if state := event.Action.State(); state != "" {
			h.State = state
		}
		event.HitID = h.ID
		events, ids = append(events, event), append(ids, h.ID)
	}
	if !doIt || len(events) == 0 {
		return 0, nil
	}
	if err := st.SaveTriage(ctx, events); err != nil {
		return 0, err
	}
	states, err := st.HitStates(ctx, ids)
	if err != nil {
		return 0, err
	}
	for _, h := range hits {
		if now, known := states[h.ID]; known {
			h.State = now.State
		}
	}
	if event.Action != store.Dismiss {
		return 0, nil
	}
	return st.Heirs(ctx, ids)
}

// changes tells whether the event would say anything new of a hit that stands so.
func changes(s *store.HitState, e *store.TriageEvent) bool {
	switch {
	case e.Action == store.Note, e.Note != "":
		return true
	case e.Action == store.Assign:
		return s.Assignee != e.Assignee
	case e.Pair && e.Action == store.Reopen:
		return s.Inherited == store.ByPair
	case e.Pair:
		return s.Inherited != store.ByPair || s.Reason != e.Reason
	}
	return s.State != e.Action.State() || s.Reason != e.Reason || s.Inherited != ""
}

// printTriaged says what was done, or would be.
func (p *program) printTriaged(hits []*triaged, w triageWords, e store.TriageEvent, doIt bool, heirs uint64) error {
	var b strings.Builder
	counts := map[match.Severity]int{}
	done := 0
	for _, h := range hits {
		if !changes(&h.before, &e) {
			continue
		}
		done++
		counts[h.Severity]++
		if len(hits) <= maxPrinted {
			fmt.Fprintf(&b, "%s  %-8s %-16s %s → %s\n%s\n", h.ID[:12], h.Severity, h.Rule, h.From, h.State, wrapped(queries.Printable(h.Reason), "    ", p.width()))
		}
	}
	fmt.Fprintf(&b, "%s %s %s%s\n", counted(done, "hit"), verb(done, doIt), doneWords(w, &e), bySeverity(counts))
	if same := len(hits) - done; same > 0 {
		fmt.Fprintf(&b, "%s stood so already, or had nothing to take back\n", counted(same, "hit"))
	}
	if heirs > 0 {
		fmt.Fprintf(&b, "%s %s dismissed because of them: of the same pairs, or on unchanged renewals\n", counted(int(heirs), "more hit"), verb(int(heirs), doIt))
	}
	if !doIt && done > 0 {
		b.WriteString("nothing is changed; --yes does it\n")
	}
	_, err := fmt.Fprint(p.out, b.String())
	return err
}

// verb is that of a number of things to which something is done, or would be.
func verb(n int, doIt bool) string {
	switch {
	case !doIt:
		return "would be"
	case n == 1:
		return "is"
	}
	return "are"
}

// doneWords say what is done to hits.
func doneWords(w triageWords, e *store.TriageEvent) string {
	switch {
	case e.Action == store.Assign && e.Assignee == "":
		return "taken from their assignees"
	case e.Action == store.Assign:
		return w.done + " to " + queries.Printable(e.Assignee)
	}
	words := w.done
	if e.Reason != "" {
		words += " as " + e.Reason
	}
	if e.Pair {
		words += ", with their pairs"
	}
	return words
}

// maxPrinted bounds how many hits are printed one by one.
const maxPrinted = 20

// bySeverity lists counts, the gravest first: ": 2 high, 1 low".
func bySeverity(counts map[match.Severity]int) string {
	var parts []string
	for _, s := range slices.Backward(match.Severities()) {
		if counts[s] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[s], s))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return ": " + strings.Join(parts, ", ")
}
