package main

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"
	"golang.org/x/sync/errgroup"

	"markwatch/queries"
	"markwatch/scanner"
	"markwatch/store"
)

// logs --available prints a row for each log that there is to follow, of the
// log list or else of the configuration; with --roots how many roots each
// accepts, and which of them are roots of marks. What of a list can't be used
// goes to standard error. A log that can't be asked has no numbers, and why
// stands in JSON and on standard error; the exit code is 0 all the same.

// offer is what is said of a log that there is to follow.
type offer struct {
	Log         string      `json:"log"`
	Description string      `json:"description,omitempty"`
	Operator    string      `json:"operator,omitempty"`
	Kind        string      `json:"kind"`
	Type        string      `json:"type,omitempty"`
	State       string      `json:"state"`
	Start       *time.Time  `json:"interval_start,omitempty"`
	End         *time.Time  `json:"interval_end,omitempty"`
	URL         string      `json:"url"`
	Submission  string      `json:"submission_url,omitempty"`
	MMD         float64     `json:"mmd_seconds"`
	ID          string      `json:"log_id"`
	Followed    bool        `json:"followed"`
	Roots       []offerRoot `json:"roots,omitempty"`
	RootsError  string      `json:"roots_error,omitempty"`

	scan     scanner.Log
	interval string
	asked    bool
}

// offerRoot is a root that a log accepts.
type offerRoot struct {
	SHA256  string `json:"sha256"`
	Subject string `json:"subject,omitempty"`
	Mark    bool   `json:"mark_root"`
}

// Of asking logs for their roots.
const (
	offerPatience = time.Minute
	offerParallel = 8
)

func (p *program) availableLogs(c *cli.Context) error {
	if err := p.configure(c); err != nil {
		return err
	}
	offers, err := p.offers(c.Context)
	if err != nil {
		return err
	}
	if c.Bool("roots") {
		if err := p.askAllRoots(c.Context, offers); err != nil {
			return err
		}
	}
	if c.Bool("json") {
		return printJSONLines(p.out, offers)
	}
	return p.printOffers(offers, c.Bool("roots"))
}

// offers are the logs of the configured log list, else of the configuration.
func (p *program) offers(ctx context.Context) ([]*offer, error) {
	var out []*offer
	listing, err := p.newListing(nil)
	if err != nil {
		return nil, err
	}
	if listing == nil {
		logs, err := p.config.logs()
		if err != nil {
			return nil, err
		}
		state := "configured"
		if len(p.config.Logs) == 0 {
			state = "built in"
		}
		for _, log := range logs {
			o := newOffer(log)
			o.State, o.Followed = state, true
			out = append(out, o)
		}
		return out, nil
	}
	list, err := listing.refresh(ctx)
	if err != nil {
		return nil, err
	}
	choice := p.config.listChoice(nil)
	for _, l := range list.Logs {
		m := choice.member(l)
		o := newOffer(m.log)
		o.Description, o.Operator, o.Type, o.State, o.Submission, o.Followed = l.Description, l.Operator, string(l.Type), string(l.State), l.Submission, m.wanted
		if l.Interval != nil {
			o.Start, o.End, o.interval = &l.Interval.Start, &l.Interval.End, l.Interval.String()
		}
		out = append(out, o)
	}
	return out, nil
}

// newOffer says what any description of a log says.
func newOffer(log scanner.Log) *offer {
	id := log.ID()
	mmd := log.MMD
	if mmd == 0 {
		mmd = 24 * time.Hour
	}
	return &offer{Log: log.Name, Kind: string(log.Type), URL: log.URL, MMD: mmd.Seconds(), ID: base64.StdEncoding.EncodeToString(id[:]), scan: log}
}

// askAllRoots asks each log which roots it accepts.
func (p *program) askAllRoots(ctx context.Context, offers []*offer) error {
	known, err := p.config.markRoots()
	if err != nil {
		return err
	}
	marks := map[string]bool{}
	for _, root := range known {
		marks[hex.EncodeToString(root.SHA256[:])] = true
	}
	var group errgroup.Group
	group.SetLimit(offerParallel)
	for _, o := range offers {
		group.Go(func() error {
			ctx, cancel := context.WithTimeout(ctx, offerPatience)
			defer cancel()
			ders, err := askRoots(ctx, scanner.Config{Log: o.scan, UserAgent: p.config.userAgent(), MaxRate: p.config.rateFor(o.scan), Once: true})
			if err != nil {
				o.RootsError = err.Error()
				return nil
			}
			o.asked = true
			for _, der := range ders {
				sum := sha256.Sum256(der)
				id := hex.EncodeToString(sum[:])
				o.Roots = append(o.Roots, offerRoot{id, store.SubjectOf(der), marks[id]})
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, o := range offers {
		if o.RootsError != "" {
			fmt.Fprintf(p.err, "markwatch: the roots of %s are not known: %s\n", o.Log, o.RootsError)
		}
	}
	return nil
}

// printOffers prints the table.
func (p *program) printOffers(offers []*offer, roots bool) error {
	names := strings.Fields("log operator kind type state interval mmd followed url")
	right := []bool{6: true, 8: false}
	if roots {
		names = append(names, "roots", "mark_roots")
		right = append(right, true, true)
	}
	rows := make([][]string, len(offers))
	for i, o := range offers {
		rows[i] = []string{o.Log, o.Operator, o.Kind, o.Type, o.State, o.interval, (time.Duration(o.MMD) * time.Second).String(), yesNo(o.Followed), o.URL}
		if roots {
			rows[i] = append(rows[i], o.rootCounts()...)
		}
	}
	return queries.PrintTable(p.out, names, right, rows)
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// rootCounts are how many roots a log accepts, and how many of them are of marks.
func (o *offer) rootCounts() []string {
	if !o.asked {
		return []string{"unknown", ""}
	}
	marks := 0
	for _, r := range o.Roots {
		if r.Mark {
			marks++
		}
	}
	return []string{strconv.Itoa(len(o.Roots)), strconv.Itoa(marks)}
}
