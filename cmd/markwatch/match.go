package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"markwatch/match"
	"markwatch/match/domain"
	"markwatch/match/organisation"
	"markwatch/queries"
	"markwatch/store"
)

func matchCommand(p *program) *cli.Command {
	limit := &cli.IntFlag{Name: "limit", Value: 10, Usage: "print at most `N` lines"}
	asJSON := &cli.BoolFlag{Name: "json", Usage: "print one JSON object a line"}
	return &cli.Command{
		Name:  "match",
		Usage: "say what a logo, a domain or an organisation resembles among stored and watched ones",
		Description: `Examples:
  markwatch match logo suspicious.png
  markwatch match logo screenshot.webp --png nearest.png
  markwatch match domain misavu-secure.com
  markwatch match organisation "Misavu Trading Ltd" --country GB --number 01234567
  markwatch match logos our-logos/ their-logos/`,
		Subcommands: []*cli.Command{
			matchLogoCommand(p), matchLogosCommand(p),
			{
				Name:      "domain",
				Usage:     "say which stored and watched domains a name imitates, and which imitate it",
				ArgsUsage: "NAME",
				Flags:     []cli.Flag{limit, asJSON, failOnFlag()},
				Action:    p.matchDomain,
			},
			{
				Name:      "organisation",
				Usage:     "say which stored and watched organisations a name resembles",
				ArgsUsage: "NAME",
				Flags: []cli.Flag{
					&cli.StringFlag{Name: "country", Usage: "of the organisation's register, as an ISO 3166 `CODE`"},
					&cli.StringFlag{Name: "number", Usage: "its registration `NUMBER` there"},
					&cli.StringFlag{Name: "lei", Usage: "its `LEI`"},
					limit, asJSON, failOnFlag(),
				},
				Action: p.matchOrganisation,
			},
		},
		Action: func(c *cli.Context) error {
			if c.NArg() > 0 {
				return usagef("there is no command match %s; there are: logo, logos, domain, organisation", c.Args().First())
			}
			return cli.ShowSubcommandHelp(c)
		},
	}
}

func untwistCommand(p *program) *cli.Command {
	return &cli.Command{
		Name:      "untwist",
		Usage:     "say of a list of domains what each imitates among stored and watched ones",
		ArgsUsage: "[NAME…]",
		Description: `Without names, untwist reads one a line from standard input.

Examples:
  markwatch untwist misavu-secure.com rnisavu.com
  zcat new-domains.gz | markwatch untwist --json`,
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "json", Usage: "print one JSON object a line"},
			&cli.BoolFlag{Name: "all", Usage: "also print names that imitate nothing"},
			failOnFlag(),
		},
		Action: p.untwist,
	}
}

// resembled is one line of what match domain and untwist print.
type resembled struct {
	Domain        string          `json:"domain"`
	Resembles     string          `json:"resembles"`
	Rule          domain.Rule     `json:"rule"`
	Kind          string          `json:"kind,omitempty"`
	Closeness     float64         `json:"closeness"`
	Edits         int             `json:"edits,omitempty"`
	Reason        string          `json:"reason"`
	Organisations []string        `json:"organisations,omitempty"` // who holds certificates for the stored one
	Lists         []string        `json:"lists,omitempty"`         // that watch it
	Evidence      domain.Evidence `json:"evidence"`
}

// knownDomains are the stored and watched domains, with whose they are.
type knownDomains struct {
	*domain.Index
	organisations, lists map[string][]string // by A-labels
}

// loadDomains reads them.
func loadDomains(ctx context.Context, st *store.Store) (*knownDomains, error) {
	k := &knownDomains{domain.NewIndex(), map[string][]string{}, map[string][]string{}}
	rows, err := st.Conn().Query(ctx, `SELECT domain, arraySlice(arraySort(groupUniqArray(organisation)), 1, 5) FROM
		(SELECT arrayJoin(domains) AS domain, organisation FROM mark_certificates FINAL WHERE NOT is_test) GROUP BY domain ORDER BY domain`)
	if err != nil {
		return nil, fmt.Errorf("reading the stored domains: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		var organisations []string
		if err := rows.Scan(&name, &organisations); err != nil {
			return nil, fmt.Errorf("reading the stored domains: %w", err)
		}
		parsed := domain.Parse(name)
		if k.organisations[parsed.ASCII] == nil {
			k.add(parsed)
		}
		k.organisations[parsed.ASCII] = appendNew(k.organisations[parsed.ASCII], organisations)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("reading the stored domains: %w", err)
	}
	items, err := st.Items(ctx)
	if err != nil {
		return nil, err
	}
	for _, i := range items {
		if i.Kind != match.KindDomain || i.Role != match.Watch {
			continue
		}
		if k.organisations[i.Value] == nil && k.lists[i.Value] == nil {
			k.add(domain.Parse(i.Value))
		}
		k.lists[i.Value] = append(k.lists[i.Value], i.List)
	}
	return k, nil
}

func (k *knownDomains) add(name domain.Name) { k.Add(uint32(k.Len()), name) }

// line says what one match is; other is the known domain of the two.
func (k *knownDomains) line(m domain.Match, other string) resembled {
	return resembled{
		Domain: m.Domain, Resembles: m.Watched, Rule: m.Rule, Kind: m.Kind, Closeness: m.Closeness, Edits: m.Edits, Reason: m.Reason,
		Organisations: k.organisations[other], Lists: k.lists[other], Evidence: m.Evidence,
	}
}

func (r resembled) row() []string {
	whose := strings.Join(r.Organisations, ", ")
	if len(r.Lists) > 0 {
		whose = strings.TrimPrefix(whose+"; watched by "+strings.Join(r.Lists, ", "), "; ")
	}
	return []string{queries.Printable(domain.Parse(r.Domain).Unicode), queries.Printable(domain.Parse(r.Resembles).Unicode), string(r.Rule), fmt.Sprintf("%.2f", r.Closeness), queries.Printable(r.Reason), queries.Printable(whose)}
}

func (p *program) matchDomain(c *cli.Context) error {
	if c.NArg() != 1 {
		return usagef("match domain takes one name; markwatch untwist takes many")
	}
	name := domain.Parse(c.Args().First())
	if name.ASCII == "" {
		return usagef("%q is no domain", c.Args().First())
	}
	return p.toMatch(c, func(ctx context.Context, st *store.Store) (bool, error) {
		known, err := loadDomains(ctx, st)
		if err != nil {
			return false, err
		}
		return p.printLike(c, known, name)
	})
}

// printLike prints which known domains a name imitates, and which imitate it.
func (p *program) printLike(c *cli.Context, known *knownDomains, name domain.Name) (bool, error) {
	var lines []resembled
	seen := map[string]bool{}
	for _, m := range known.Match(name) {
		seen[m.Watched] = true
		lines = append(lines, known.line(m, m.Watched))
	}
	for _, m := range known.Imitators(name) {
		if !seen[m.Domain] {
			lines = append(lines, known.line(m, m.Domain))
		}
	}
	if name.Problem != "" {
		fmt.Fprintf(p.err, "markwatch: %s: %s; it is matched as written\n", queries.Printable(name.Raw), name.Problem)
	}
	return len(lines) > 0, p.printResembled(c, lines, "no stored or watched domain resembles "+queries.Printable(name.Unicode))
}

// toMatch reads --fail-on and opens the store for f, which tells whether it
// found anything.
func (p *program) toMatch(c *cli.Context, f func(ctx context.Context, st *store.Store) (hits bool, err error)) error {
	failOn, err := failOnHits(c)
	if err != nil {
		return err
	}
	if c.IsSet("limit") && c.Int("limit") < 1 {
		return usagef("--limit must be at least 1")
	}
	return p.withStore(c, func(ctx context.Context, st *store.Store) error {
		hits, err := f(ctx, st)
		if err == nil && hits && failOn {
			return errHits
		}
		return err
	})
}

// printResembled prints at most --limit lines, or none of what there is.
func (p *program) printResembled(c *cli.Context, lines []resembled, none string) error {
	if limit := c.Int("limit"); len(lines) > limit {
		fmt.Fprintf(p.err, "markwatch: %d of %d are shown; --limit shows more\n", limit, len(lines))
		lines = lines[:limit]
	}
	switch {
	case c.Bool("json"):
		return printJSONLines(p.out, lines)
	case len(lines) == 0:
		_, err := fmt.Fprintln(p.out, none)
		return err
	}
	rows := make([][]string, len(lines))
	for i, l := range lines {
		rows[i] = l.row()
	}
	return queries.PrintTable(p.out, strings.Fields("domain resembles rule closeness reason whose"), []bool{3: true, 5: false}, rows)
}

// untwist prints what each name imitates as it is read, so that a list may be
// as long as it likes.
func (p *program) untwist(c *cli.Context) error {
	return p.toMatch(c, func(ctx context.Context, st *store.Store) (bool, error) {
		known, err := loadDomains(ctx, st)
		if err != nil {
			return false, err
		}
		return p.untwistAll(c, known)
	})
}

// untwistAll tells whether any of the names imitates something.
func (p *program) untwistAll(c *cli.Context, known *knownDomains) (hits bool, err error) {
	var names io.Reader = strings.NewReader(strings.Join(c.Args().Slice(), "\n"))
	if c.NArg() == 0 {
		names = &interruptible{ctx: c.Context, in: p.in}
	}
	out := bufio.NewWriter(p.out)
	defer out.Flush()
	for text, err := range namesIn(c.Context, names, out.Flush) {
		if err != nil {
			return hits, fmt.Errorf("reading the names: %w", err)
		}
		name := domain.Parse(text)
		found := known.Match(name)
		hits = hits || len(found) > 0
		if err := printUntwisted(out, c, known, name, found); err != nil {
			return hits, err
		}
	}
	return hits, out.Flush()
}

// namesIn are the lines that are not blank or comments, until ctx ends. Of one
// that is longer than any name the beginning counts. Before it waits for more it
// calls flush, so that who sends names one by one sees what each is.
func namesIn(ctx context.Context, in io.Reader, flush func() error) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		lines := bufio.NewReaderSize(in, 1<<16)
		for whole := true; ; {
			if lines.Buffered() == 0 {
				if err := flush(); err != nil {
					yield("", err)
					return
				}
			}
			line, more, err := lines.ReadLine()
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				if !errors.Is(err, io.EOF) {
					yield("", err)
				}
				return
			}
			begins := whole
			whole = !more
			text := strings.TrimSpace(string(line))
			if begins && text != "" && text[0] != '#' && !yield(text, nil) {
				return
			}
		}
	}
}

// printUntwisted prints one line for each domain that name imitates.
func printUntwisted(w io.Writer, c *cli.Context, known *knownDomains, name domain.Name, found []domain.Match) error {
	if len(found) == 0 && c.Bool("all") {
		if c.Bool("json") {
			return printJSONLines(w, []resembled{{Domain: name.ASCII}})
		}
		_, err := fmt.Fprintln(w, queries.Printable(name.Unicode))
		return err
	}
	for _, m := range found {
		l := known.line(m, m.Watched)
		if c.Bool("json") {
			if err := printJSONLines(w, []resembled{l}); err != nil {
				return err
			}
			continue
		}
		if _, err := fmt.Fprintln(w, strings.Join(l.row(), "\t")); err != nil {
			return err
		}
	}
	return nil
}

// namesake is one line of what match organisation prints.
type namesake struct {
	Organisation       string   `json:"organisation"`
	Country            string   `json:"country,omitempty"`
	RegistrationNumber string   `json:"registration_number,omitempty"`
	Relation           string   `json:"relation"`
	Score              float64  `json:"score"`
	Reason             string   `json:"reason"`
	Domains            []string `json:"domains,omitempty"`
	List               string   `json:"list,omitempty"` // that watches it; empty for a stored one
}

func (p *program) matchOrganisation(c *cli.Context) error {
	if c.NArg() != 1 || strings.TrimSpace(c.Args().First()) == "" {
		return usagef("match organisation takes one name; quote it: match organisation \"Misavu Trading Ltd\"")
	}
	asked := organisation.Party{Name: c.Args().First(), Country: c.String("country"), RegistrationNumber: c.String("number"), LEI: c.String("lei")}
	return p.toMatch(c, func(ctx context.Context, st *store.Store) (bool, error) {
		found, err := namesakes(ctx, st, asked, c.Int("limit"))
		if err != nil {
			return false, err
		}
		return len(found) > 0, p.printNamesakes(c, asked.Name, found)
	})
}

func (p *program) printNamesakes(c *cli.Context, asked string, found []namesake) error {
	switch {
	case c.Bool("json"):
		return printJSONLines(p.out, found)
	case len(found) == 0:
		_, err := fmt.Fprintf(p.out, "no stored or watched organisation resembles %s\n", queries.Printable(asked))
		return err
	}
	rows := make([][]string, len(found))
	for i, n := range found {
		list := n.List
		if list == "" {
			list = strings.Join(n.Domains, ", ")
		} else {
			list = "watched by " + list
		}
		rows[i] = []string{queries.Printable(n.Organisation), n.Country, queries.Printable(n.RegistrationNumber), n.Relation, strconv.FormatFloat(n.Score, 'f', 2, 64), queries.Printable(n.Reason), queries.Printable(list)}
	}
	return queries.PrintTable(p.out, strings.Fields("organisation country number relation score reason where"), []bool{4: true, 6: false}, rows)
}

// namesakes are the stored and watched organisations that resemble one.
func namesakes(ctx context.Context, st *store.Store, asked organisation.Party, limit int) ([]namesake, error) {
	weights := organisation.NewWeights()
	index := organisation.NewIndex(weights)
	var all []namesake
	add := func(n namesake, p organisation.Party) {
		weights.Learn(p.Name)
		index.Add(uint32(len(all)), p)
		all = append(all, n)
	}
	issuances, err := st.Issuances(ctx)
	if err != nil {
		return nil, err
	}
	known := map[string]int{}
	for _, i := range issuances {
		if at, seen := known[i.OrganisationKey]; seen {
			all[at].Domains = appendNew(all[at].Domains, i.Domains)
			continue
		}
		if i.Test {
			continue
		}
		known[i.OrganisationKey] = len(all)
		add(namesake{Organisation: i.Party.Name, Country: i.Party.Country, RegistrationNumber: i.Party.RegistrationNumber, Domains: i.Domains}, i.Party)
	}
	items, err := st.Items(ctx)
	if err != nil {
		return nil, err
	}
	for _, i := range items {
		if i.Kind == match.KindOrganisation && i.Role == match.Watch {
			add(namesake{Organisation: i.Value, List: i.List}, organisation.Party{Name: i.Value})
		}
	}
	var found []namesake
	for _, m := range index.Match(asked, limit) {
		n := all[m.ID]
		n.Relation, n.Score, n.Reason = m.Relation.String(), m.Score, m.Reason
		found = append(found, n)
	}
	return found, nil
}

// appendNew appends those that are not in the list.
func appendNew(list, more []string) []string {
	for _, s := range more {
		if !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}
