package main

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"markwatch/scanner"
	"markwatch/scanner/loglist"
)

// defaultListRefresh is how often a log list is looked at.
const defaultListRefresh = 24 * time.Hour

// logListFlag is --log-list.
func logListFlag() cli.Flag {
	return &cli.StringFlag{Name: "log-list", Usage: "the logs of this list, a `URL|FILE` in format v3, as configured by log_list"}
}

// logListVariables are the environment variables of the keys of log lists.
func (c *Config) logListVariables() map[string]func(string) error {
	set := func(to *string) func(string) error { return func(v string) error { *to = v; return nil } }
	list := func(to *[]string) func(string) error {
		return func(v string) error { *to = strings.Split(v, ","); return nil }
	}
	return map[string]func(string) error{
		"LOG_LIST": set(&c.LogList), "LOG_LIST_KEY": set(&c.LogListKey), "LOG_LIST_KEY_FILE": set(&c.LogListKeyFile),
		"LOG_LIST_STATES": list(&c.LogListStates), "LOG_LIST_TYPES": list(&c.LogListTypes),
		"LOG_LIST_REFRESH": func(v string) error { return c.LogListRefresh.UnmarshalYAML([]byte(v)) },
		"LOG_LIST_MARKS": func(v string) error {
			if v != "true" && v != "false" {
				return fmt.Errorf("%q is neither true nor false", v)
			}
			c.LogListMarks = v == "true"
			return nil
		},
	}
}

// checkLogList says what of the keys of log lists can't be used.
func (c *Config) checkLogList() error {
	if c.LogListKey != "" && c.LogListKeyFile != "" {
		return errors.New("log_list_key and log_list_key_file are both set: keep one")
	}
	if c.LogListRefresh != 0 && c.LogListRefresh < Duration(time.Minute) {
		return fmt.Errorf("log_list_refresh %s is too often: a list changes once a day, so let it be a minute or more", c.LogListRefresh)
	}
	if _, err := c.listKey(); err != nil {
		return err
	}
	if _, err := wordsOf("log_list_states", c.LogListStates, loglist.States()); err != nil {
		return err
	}
	_, err := wordsOf("log_list_types", c.LogListTypes, loglist.Types())
	return err
}

// wordsOf reads a list of words of which each must be one that is known.
func wordsOf[T ~string](key string, words []string, known []T) ([]T, error) {
	var out []T
	for _, w := range words {
		v := T(strings.ToLower(strings.TrimSpace(w)))
		if !slices.Contains(known, v) {
			return nil, fmt.Errorf("%s: %q is none of %v", key, w, known)
		}
		out = append(out, v)
	}
	return out, nil
}

// listKey is the key by which the log list must be signed; nil for none.
func (c *Config) listKey() (crypto.PublicKey, error) {
	text := []byte(c.LogListKey)
	if c.LogListKeyFile != "" {
		var err error
		if text, err = os.ReadFile(c.LogListKeyFile); err != nil {
			return nil, fmt.Errorf("reading log_list_key_file: %w", err)
		}
	}
	if len(text) == 0 && c.LogListKeyFile == "" {
		return nil, nil
	}
	return loglist.ParseKey(text)
}

// listRefresh is how often the log list is looked at.
func (c *Config) listRefresh() time.Duration {
	if c.LogListRefresh > 0 {
		return time.Duration(c.LogListRefresh)
	}
	return defaultListRefresh
}

// choice says which logs of a list are followed.
type choice struct {
	states []loglist.State
	types  []loglist.Type
	marks  bool
	names  []string // of --log; none: all
}

// listChoice is what the configuration chooses.
func (c *Config) listChoice(names []string) choice {
	states, _ := wordsOf("", c.LogListStates, loglist.States()) // checked when it was read
	types, _ := wordsOf("", c.LogListTypes, loglist.Types())
	if len(states) == 0 {
		states = []loglist.State{loglist.Pending, loglist.Qualified, loglist.Usable, loglist.ReadOnly}
	}
	if len(types) == 0 {
		types = []loglist.Type{loglist.Production, loglist.MonitoringOnly}
	}
	return choice{states, types, c.LogListMarks, names}
}

// member is one log that is to be followed, and how.
type member struct {
	log    scanner.Log
	listed bool // by the log list, not the configuration
	// ending says why the log is read to its head and then no longer; "" for
	// one that goes on. wanted says that it is read also if it never was.
	ending string
	wanted bool
	final  *loglist.Final // where the list says that it ends; nil: it doesn't
}

// members are the logs to be followed: the configured ones, those of a list,
// which may be nil, and to their end those that have left it. Of one log the
// configuration's description counts.
func (ch choice) members(configured []scanner.Log, list *loglist.List, left []loglist.Log) []member {
	var out []member
	ids, names := map[scanner.Hash]bool{}, map[string]bool{}
	for _, log := range configured {
		ids[log.ID()], names[log.Name] = true, true
		if ch.named(log.Name) {
			out = append(out, member{log: log, wanted: true})
		}
	}
	add := func(m member) {
		id := m.log.ID()
		if ids[id] {
			return
		}
		if names[m.log.Name] {
			m.log.Name = fmt.Sprintf("%s-%x", m.log.Name, id[:4])
		}
		names[m.log.Name] = true
		if ch.named(m.log.Name) {
			out = append(out, m)
		}
	}
	if list != nil {
		for _, l := range list.Logs {
			add(ch.member(l))
		}
	}
	for _, l := range left {
		m := ch.member(l)
		m.ending, m.wanted, m.final = "the log list no longer has it", false, nil
		add(m)
	}
	return out
}

// named tells whether --log lets a log be followed.
func (ch choice) named(name string) bool {
	return len(ch.names) == 0 || slices.Contains(ch.names, name)
}

// member is how a log of the list is followed.
func (ch choice) member(l loglist.Log) member {
	m := member{log: l.Scan, listed: true, wanted: true, final: l.Final}
	m.log.Marks = ch.marks
	chosen := l.State == loglist.Unstated || slices.Contains(ch.states, l.State)
	switch {
	case !slices.Contains(ch.types, l.Type):
		m.ending, m.wanted = fmt.Sprintf("the log list says it is of type %s", l.Type), false
	case !chosen:
		m.ending, m.wanted = "the log list says it is "+string(l.State), false
	case l.State == loglist.ReadOnly || l.State == loglist.Retired || l.State == loglist.Rejected:
		m.ending = "the log list says it is " + string(l.State)
	}
	return m
}

// checkLogList fetches the configured log list for doctor; nothing where there is none.
func (p *program) checkLogList(ctx context.Context) []checkup {
	listing, err := p.newListing(nil)
	if err != nil || listing == nil {
		return nil // what is wrong with the configuration was said
	}
	ctx, cancel := context.WithTimeout(ctx, doctorPatience)
	defer cancel()
	list, err := listing.refresh(ctx)
	if err != nil {
		return []checkup{{"log list", false, err.Error(), "see whether this machine reaches it, and whether log_list_key is its publisher's"}}
	}
	followed := 0
	for _, m := range p.config.listChoice(nil).members(nil, list, nil) {
		if m.wanted {
			followed++
		}
	}
	return []checkup{{"log list", true, fmt.Sprintf("%s, version %s: %d logs, %d of them to be followed, %d problems",
		listing.name(), list.Version, len(list.Logs), followed, len(list.Problems)), ""}}
}
