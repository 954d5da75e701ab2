package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"markwatch/match"
	"markwatch/match/domain"
	"markwatch/queries"
	"markwatch/store"
)

func explainAlertCommand(p *program) *cli.Command {
	return &cli.Command{
		Name:      "explain",
		Usage:     "explain each number behind a hit, and why similar certificates are none",
		ArgsUsage: "ID",
		Flags:     []cli.Flag{&cli.BoolFlag{Name: "json", Usage: "print JSON"}},
		Action:    p.explainAlert,
	}
}

// explained is what alerts explain prints of a hit.
type explained struct {
	ID        string            `json:"id"`
	Reason    string            `json:"reason"`
	Withdrawn string            `json:"withdrawn,omitempty"` // why
	Numbers   []explainedNumber `json:"numbers"`
	Others    int               `json:"other_hits"`
	Misses    []explainedMiss   `json:"near_misses"`
	Problem   string            `json:"problem,omitempty"`
}

type explainedNumber struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	Bar   string `json:"threshold,omitempty"`
}

type explainedMiss struct {
	Kind         match.MissKind `json:"kind"`
	Organisation string         `json:"organisation"`
	Domains      []string       `json:"domains"`
	NotBefore    time.Time      `json:"not_before"`
	TBSSHA256    string         `json:"tbs_sha256"`
	Score        float64        `json:"score"`
	Likeness     string         `json:"likeness"`
	Why          string         `json:"why_not"`
}

func (p *program) explainAlert(c *cli.Context) error {
	if c.NArg() != 1 {
		return usagef("alerts explain takes the id of one hit, as alerts list prints it")
	}
	prefix, err := hitPrefix("explain", c.Args().First())
	if err != nil {
		return err
	}
	return p.withStore(c, func(ctx context.Context, st *store.Store) error {
		id, err := oneHit(ctx, st, prefix)
		if err != nil {
			return err
		}
		x, err := explainHit(ctx, st, id)
		if err != nil {
			return err
		}
		if c.Bool("json") {
			return printJSONLines(p.out, []*explained{x})
		}
		return p.printExplained(x)
	})
}

// explainHit explains a hit by all that is stored.
func explainHit(ctx context.Context, st *store.Store, id string) (*explained, error) {
	told, err := st.Tell(ctx, []string{id})
	if err != nil {
		return nil, err
	}
	h := told[id]
	if h == nil {
		return nil, fmt.Errorf("there is no hit %s", id)
	}
	m, err := knownMatcher(ctx, st, id)
	if err != nil {
		return nil, err
	}
	authors, err := authorsOf(ctx, st)
	if err != nil {
		return nil, err
	}
	found := m.Explain(h.Hit)
	x := &explained{ID: id, Reason: h.Reason, Withdrawn: found.Refuted, Others: found.Others, Problem: found.Problem, Numbers: []explainedNumber{}, Misses: []explainedMiss{}}
	for _, n := range found.Numbers {
		x.Numbers = append(x.Numbers, explainedNumber(n))
	}
	for _, n := range found.Misses {
		why := n.Why
		if by := authors[n.Excuse]; by != "" {
			why += ", says " + by
		}
		x.Misses = append(x.Misses, explainedMiss{n.Kind, n.Organisation, n.Domains, n.NotBefore.UTC(), n.TBSSHA256, n.Score, n.Likeness, why})
	}
	return x, nil
}

// knownMatcher is a matcher of all that is stored, to be asked of a hit: nothing is written.
func knownMatcher(ctx context.Context, st *store.Store, hit string) (*match.Matcher, error) {
	m := match.New()
	logos, err := st.Logos(ctx, nil)
	if err != nil {
		return nil, err
	}
	similar, err := st.Similar(ctx)
	if err != nil {
		return nil, err
	}
	m.RestoreLogos(logos, similar)
	var state match.State
	if state.Issuances, err = st.Issuances(ctx); err != nil {
		return nil, err
	}
	items, err := st.Items(ctx)
	if err != nil {
		return nil, err
	}
	for _, i := range items {
		state.Items = append(state.Items, i.Item)
	}
	hits, err := st.HitsAgainst(ctx, hit)
	if err != nil {
		return nil, err
	}
	m.At(time.Now())
	m.Know(state, hits)
	return m, nil
}

// authorsOf says by whom the watch items in force are.
func authorsOf(ctx context.Context, st *store.Store) (map[string]string, error) {
	items, err := st.Items(ctx)
	if err != nil {
		return nil, err
	}
	authors := map[string]string{}
	for _, i := range items {
		authors[i.ID] = i.Author
	}
	return authors, nil
}

// printExplained prints the numbers as a list, and below it the near misses.
func (p *program) printExplained(x *explained) error {
	var b strings.Builder
	line := func(indent, text string) {
		fmt.Fprintln(&b, wrapped(queries.Printable(text), indent, p.width()))
	}
	line("", x.Reason)
	if x.Withdrawn != "" {
		b.WriteByte('\n')
		line("", "It is withdrawn: "+x.Withdrawn+".")
	}
	b.WriteString("\nWhat is behind it:\n")
	for _, n := range x.Numbers {
		line("  ", n.Name+": "+n.Value)
		if n.Bar != "" {
			line("      ", n.Bar)
		}
	}
	switch {
	case x.Problem != "":
		fmt.Fprintf(&b, "\nWhat came near can't be told: %s.\n", queries.Printable(x.Problem))
	case len(x.Misses) == 0:
		b.WriteString("\nNo other certificate came near and is no hit.\n")
	default:
		b.WriteString("\nWhat came near and is no hit:\n")
	}
	for _, n := range x.Misses {
		var domains []string
		for _, d := range n.Domains[:min(len(n.Domains), 3)] {
			domains = append(domains, domain.Parse(d).Unicode)
		}
		if more := len(n.Domains) - len(domains); more > 0 {
			domains = append(domains, fmt.Sprintf("%d more", more))
		}
		line("  ", fmt.Sprintf("%s: %s, %s, %s (%s)", n.Kind, n.Organisation, strings.Join(domains, ", "), n.NotBefore.Format(time.DateOnly), n.TBSSHA256[:12]))
		line("      ", n.Likeness)
		line("      ", "No hit: "+n.Why+".")
	}
	if x.Others > 0 {
		fmt.Fprintf(&b, "\n%s by its rules, on other certificates against the same: markwatch alerts list shows them.\n", counted(x.Others, "more hit"))
	}
	_, err := fmt.Fprint(p.out, b.String())
	return err
}
