package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"markwatch/match"
	"markwatch/queries"
	"markwatch/store"
)

func alertsCommand(p *program) *cli.Command {
	commands := slices.Concat([]*cli.Command{listAlertsCommand(p), showAlertCommand(p), explainAlertCommand(p)}, triageCommands(p), deliveryCommands(p))
	return &cli.Command{
		Name:  "alerts",
		Usage: "list what resembles others' marks, or what is watched; decide on it; see to whom it was told",
		Description: `Examples:
  markwatch alerts list
  markwatch alerts list --severity high --since 2026-01-01
  markwatch alerts list --list acme --state all --format csv -o acme.csv
  markwatch alerts show 3f2a
  markwatch alerts explain 3f2a
  markwatch alerts ack 3f2a
  markwatch alerts assign 3f2a --to Ines
  markwatch alerts dismiss 3f2a --reason licensed --note "by the contract of 2026-03-01"
  markwatch alerts dismiss --list acme --rule contains --reason unrelated --yes
  markwatch alerts dismiss --pair 3f2a --reason own`,
		Subcommands: commands,
		Action: func(c *cli.Context) error {
			if c.NArg() > 0 {
				var names []string
				for _, known := range commands {
					names = append(names, known.Name)
				}
				return usagef("there is no command alerts %s; there are: %s", c.Args().First(), strings.Join(names, ", "))
			}
			return cli.ShowSubcommandHelp(c)
		},
	}
}

func listAlertsCommand(p *program) *cli.Command {
	return &cli.Command{
		Name:  "list",
		Usage: "list the hits, the gravest first",
		Flags: append(hitFilterFlags(store.StatesOpen),
			&cli.StringFlag{Name: "limit", Usage: "at most `N` hits"},
			&cli.StringFlag{Name: "format", Aliases: []string{"f"}, Value: textFormat, Usage: "print as `FORMAT`: text for reading, or " + formatNames()},
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write to `FILE` instead of standard output"},
			&cli.BoolFlag{Name: "json", Usage: "short for --format json"},
			failOnFlag(),
		),
		Action: p.listAlerts,
	}
}

// hitFilterFlags say which hits are meant; state is what --state is without it.
func hitFilterFlags(state string) []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "severity", Usage: "only hits of this `SEVERITY` or a greater one: low, medium, high, critical"},
		&cli.StringFlag{Name: "rule", Usage: "only hits of this `RULE`, such as logo, trademark or homoglyph"},
		&cli.StringFlag{Name: "organisation", Usage: "only hits on, or against, organisations whose name contains `TEXT`"},
		&cli.StringFlag{Name: "domain", Usage: "only hits on, or against, certificates for `DOMAIN` or one under it"},
		&cli.StringFlag{Name: "list", Usage: "only hits of this watch `LIST`; - is hits of no list"},
		&cli.StringFlag{Name: "state", Value: state, Usage: "only hits of this `STATE`: " + strings.Join(stateChoices(), ", ")},
		&cli.StringFlag{Name: "assignee", Usage: "only hits assigned to `NAME`; - is hits assigned to nobody"},
		&cli.StringFlag{Name: "delivery", Usage: "only hits that the delivery of this `ID` told of"},
		&cli.StringFlag{Name: "since", Usage: "only certificates first logged on `DATE` or later, as 2026-11-30"},
	}
}

// stateChoices are what --state can be.
func stateChoices() []string {
	return append([]string{store.StatesAll, store.StatesOpen, store.StatesClosed}, store.HitStateNames()...)
}

// hitFilters are the parameters of the query hits that the flags mean.
func hitFilters(c *cli.Context) (map[string]string, error) {
	values := map[string]string{"state": strings.ToLower(c.String("state"))}
	for _, name := range []string{"severity", "rule", "organisation", "domain", "list", "assignee", "delivery", "since", "limit"} {
		if c.IsSet(name) {
			values[name] = c.String(name)
		}
	}
	if !slices.Contains(stateChoices(), values["state"]) {
		return nil, usagef("there is no state %q; there are: %s", c.String("state"), strings.Join(stateChoices(), ", "))
	}
	if s, set := values["severity"]; set {
		if err := knownSeverity(s); err != nil {
			return nil, usageError{err}
		}
	}
	if rule, set := values["rule"]; set && !slices.Contains(match.Rules(), match.Rule(rule)) {
		return nil, usagef("there is no rule %q; there are: %s", rule, joinRules())
	}
	return values, nil
}

// knownList tells of a --list that there isn't: that it has no hits would be read
// as good news.
func knownList(ctx context.Context, st *store.Store, values map[string]string) error {
	name, set := values["list"]
	if !set || name == "" || name == "-" {
		return nil
	}
	_, err := findList(ctx, st, name)
	return err
}

func joinRules() string {
	var names []string
	for _, r := range match.Rules() {
		names = append(names, string(r))
	}
	return strings.Join(names, ", ")
}

func formatNames() string {
	var names []string
	for _, f := range queries.Formats() {
		names = append(names, string(f))
	}
	return strings.Join(names, ", ")
}

// chosenHits is the query hits with these parameters.
func chosenHits(values map[string]string) (sql string, args []any, err error) {
	q, err := queries.Get("hits")
	if err != nil {
		return "", nil, err
	}
	if args, err = q.Bind(values); err != nil {
		return "", nil, usageError{err}
	}
	return q.SQL, args, nil
}

// listAlerts is the published query hits, with its parameters as flags.
func (p *program) listAlerts(c *cli.Context) error {
	if c.NArg() > 0 {
		return usagef("alerts list takes no arguments, but there is %q; alerts show ID shows one", c.Args().First())
	}
	values, err := hitFilters(c)
	if err != nil {
		return err
	}
	failOn, err := failOnHits(c)
	if err != nil {
		return err
	}
	sql, args, err := chosenHits(values)
	if err != nil {
		return err
	}
	asText := c.String("format") == textFormat && !c.Bool("json")
	format := queries.Table
	if !asText {
		if format, err = queryFormat(c); err != nil {
			return usageError{err}
		}
		if format.Binary() && c.String("output") == "" && isTerminal(p.out) {
			return usagef("%s is no text: name a file with -o, or send it elsewhere than to a terminal", format)
		}
	}
	return p.withStore(c, func(ctx context.Context, st *store.Store) error {
		if err := knownList(ctx, st, values); err != nil {
			return err
		}
		if asText {
			err = p.alertsText(ctx, st, c.String("output"), sql, args)
		} else {
			err = p.writeAnswer(ctx, st, c.String("output"), queries.Output{Format: format}, sql, args)
		}
		if err != nil || !failOn {
			return err
		}
		return failIfHits(ctx, st, sql, args)
	})
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
func failIfHits(ctx context.Context, st *store.Store, sql string, args []any) error {
	var n uint64
	if err := st.Conn().QueryRow(ctx, "SELECT count() FROM ("+sql+")", args...).Scan(&n); err != nil {
		return err
	}
	if n > 0 {
		return errHits
	}
	return nil
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
