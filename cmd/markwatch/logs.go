package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"markwatch/queries"
	"markwatch/scanner"
	"markwatch/store"
)

func logsCommand(p *program) *cli.Command {
	return &cli.Command{
		Name:  "logs",
		Usage: "show each log: kind, size, position, lag, last verified tree head, state",
		Description: `Examples:
  markwatch logs
  markwatch logs --json
  markwatch logs --available --log-list https://www.gstatic.com/ct/log_list/v3/log_list.json
  markwatch logs --available --roots    asks each log which roots it accepts
  markwatch logs resume gorgon    after a person has looked at why it was stopped`,
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "json", Usage: "print one JSON object a line"},
			&cli.BoolFlag{Name: "available", Usage: "show the logs that there are to follow, by the log list or the configuration"},
			&cli.BoolFlag{Name: "roots", Usage: "with --available, ask each log which roots it accepts"},
			logListFlag(),
		},
		Action: p.logs,
		Subcommands: []*cli.Command{{
			Name:      "resume",
			Usage:     "read a stopped log on",
			ArgsUsage: "NAME",
			Action:    p.resumeLog,
		}},
	}
}

// logLine is what logs shows of one log.
type logLine struct {
	Log      string     `json:"log"`
	Kind     string     `json:"kind"`
	URL      string     `json:"url"`
	Size     uint64     `json:"tree_size"`
	Position uint64     `json:"position"`
	Lag      uint64     `json:"lag"`
	Marks    uint64     `json:"mark_certificates"`
	Broken   uint64     `json:"malformed"`
	Head     *time.Time `json:"tree_head"`
	Verified *time.Time `json:"verified"`
	State    string     `json:"state"`
	Detail   string     `json:"detail,omitempty"`
	Alarms   []logAlarm `json:"alarms,omitempty"`
}

// logAlarm is an alarm that lasts.
type logAlarm struct {
	Kind  string    `json:"kind"`
	Since time.Time `json:"since"`
	Text  string    `json:"text"`
}

// stateNew is the state of a log that was never read.
const stateNew = "not read yet"

func (p *program) logs(c *cli.Context) error {
	if c.NArg() > 0 {
		return usagef("logs takes no arguments but resume NAME, and there is %q", c.Args().First())
	}
	if c.Bool("available") {
		return p.availableLogs(c)
	}
	if c.Bool("roots") {
		return usagef("--roots goes with --available")
	}
	return p.withStore(c, func(ctx context.Context, st *store.Store) error {
		states, err := st.Logs(ctx)
		if err != nil {
			return err
		}
		alarms, err := st.Alarms(ctx, time.Now())
		if err != nil {
			return err
		}
		return p.printLogs(c, states, lastingOf(alarms))
	})
}

// printLogs prints the logs that are configured, and those that the store knows.
func (p *program) printLogs(c *cli.Context, states []store.LogState, alarms map[string][]logAlarm) error {
	configured, err := p.config.logs()
	if err != nil {
		return err
	}
	if len(p.config.Logs) == 0 && noneOf(configured, states) {
		configured = nil // the store is of other logs than the built-in ones, such as the demo's
	}
	lines := logLines(configured, states)
	for i := range lines {
		lines[i].Alarms = alarms[lines[i].Log]
	}
	if c.Bool("json") {
		return printJSONLines(p.out, lines)
	}
	rows := make([][]string, len(lines))
	for i, l := range lines {
		rows[i] = l.row()
	}
	names := strings.Fields("log kind size position lag marks malformed tree_head verified state")
	return queries.PrintTable(p.out, names, []bool{2: true, 3: true, 4: true, 5: true, 6: true, 9: false}, rows)
}

// lastingOf are the alarms that last, by what they are of.
func lastingOf(alarms []store.Alarm) map[string][]logAlarm {
	out := map[string][]logAlarm{}
	for _, a := range alarms {
		if a.Cleared.IsZero() {
			out[a.Subject] = append(out[a.Subject], logAlarm{a.Kind, a.Since, a.Text})
		}
	}
	return out
}

// noneOf tells whether the store knows logs, and none of these.
func noneOf(logs []scanner.Log, states []store.LogState) bool {
	return len(states) > 0 && !slices.ContainsFunc(states, func(s store.LogState) bool {
		return slices.ContainsFunc(logs, func(l scanner.Log) bool { return l.Name == s.Name })
	})
}

// logLines are the configured logs and those that the store knows besides.
func logLines(configured []scanner.Log, states []store.LogState) []logLine {
	var lines []logLine
	known := map[string]bool{}
	for _, s := range states {
		known[s.Name] = true
		lines = append(lines, logLine{
			Log: s.Name, Kind: s.Kind, URL: s.URL, Size: s.Size, Position: s.Next, Lag: s.Size - min(s.Next, s.Size), Marks: s.Marks, Broken: s.Broken,
			Head: timeOrNil(s.Head), Verified: timeOrNil(s.Verified), State: s.State, Detail: s.Detail,
		})
	}
	for _, log := range configured {
		if !known[log.Name] {
			lines = append(lines, logLine{Log: log.Name, Kind: string(log.Type), URL: log.URL, State: stateNew})
		}
	}
	return lines
}

func (l logLine) row() []string {
	number := func(n uint64) string { return strconv.FormatUint(n, 10) }
	state := l.State
	if l.Detail != "" {
		state += ": " + l.Detail
	}
	for _, a := range l.Alarms {
		if l.State != store.StateStopped { // its detail says it
			state += fmt.Sprintf("; alarm %s since %s", a.Kind, showTime(&a.Since))
		}
	}
	return []string{l.Log, l.Kind, number(l.Size), number(l.Position), number(l.Lag), number(l.Marks), number(l.Broken), showTime(l.Head), showTime(l.Verified), state}
}

// timeOrNil is nil for the epoch, with which the store writes that there is no time.
func timeOrNil(t time.Time) *time.Time {
	if t.Unix() == 0 {
		return nil
	}
	return &t
}

func showTime(t *time.Time) string {
	if t == nil {
		return "never"
	}
	return t.UTC().Format(time.RFC3339)
}

func (p *program) resumeLog(c *cli.Context) error {
	if c.NArg() != 1 {
		return usagef("logs resume takes the name of one log")
	}
	if err := p.configure(c); err != nil {
		return err
	}
	st, err := p.openStore(c.Context)
	if err != nil {
		return err
	}
	defer st.Close()
	log, err := p.knownLog(c.Context, st, c.Args().First())
	if err != nil {
		return err
	}
	state, err := st.LogState(c.Context, log)
	if err != nil {
		return err
	}
	if state == nil || state.State != store.StateStopped {
		return fmt.Errorf("the log %s is not stopped; there is nothing to resume", log.Name)
	}
	for _, kind := range []string{alarmFork, alarmSignature} {
		if err := st.ClearAlarm(c.Context, kind, log.Name, time.Now().UTC()); err != nil {
			return err
		}
	}
	if err := st.ResumeLog(c.Context, log); err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.out, "%s will be read on from %d when watch starts next. It had been stopped: %s\n", state.Name, state.Next, state.Detail)
	return err
}

// knownLog is the log of a name that is configured, or that was once read: logs
// of a log list are known by the store.
func (p *program) knownLog(ctx context.Context, st *store.Store, name string) (scanner.Log, error) {
	configured, err := p.config.logs()
	if err != nil {
		return scanner.Log{}, err
	}
	var known []string
	for _, log := range configured {
		if log.Name == name {
			return log, nil
		}
		known = append(known, log.Name)
	}
	states, err := st.Logs(ctx)
	if err != nil {
		return scanner.Log{}, err
	}
	for _, state := range states {
		if state.Name != name {
			if !slices.Contains(known, state.Name) {
				known = append(known, state.Name)
			}
			continue
		}
		log, err := st.Log(ctx, state.ID)
		switch {
		case err != nil:
			return scanner.Log{}, err
		case log == nil:
			return scanner.Log{}, fmt.Errorf("the store has no key of the log %s; name it in the configuration", name)
		}
		return *log, nil
	}
	return scanner.Log{}, usagef("there is no log %q; there are: %v", name, known)
}

// printJSONLines prints one JSON object a line.
func printJSONLines[T any](w interface{ Write([]byte) (int, error) }, values []T) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, v := range values {
		if err := enc.Encode(v); err != nil {
			return err
		}
	}
	return nil
}
