package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"markwatch/internal/alert"
	"markwatch/internal/alert/channel"
	"markwatch/internal/alert/notice"
	"markwatch/queries"
	"markwatch/store"
)

// deliveryCommands are the subcommands of alerts that have to do with telling people.
func deliveryCommands(p *program) []*cli.Command {
	return []*cli.Command{
		{
			Name: "test", Usage: "send a message through the whole path: to all channels, or those named", ArgsUsage: "[CHANNEL…]",
			Flags:  []cli.Flag{&cli.StringFlag{Name: "wait", Value: "30s", Usage: "how long a running watch has to send it"}},
			Action: p.testChannels,
		},
		{
			Name: "preview", Usage: "write what would be sent of a hit", ArgsUsage: "HIT",
			Flags: []cli.Flag{
				&cli.StringFlag{Name: "channel", Value: "email", Usage: "as this `CHANNEL` sends it, or: " + strings.Join(formNames(), ", ")},
				&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write to `FILE` instead of standard output"},
			},
			Action: p.previewHit,
		},
		{
			Name: "deliveries", Usage: "show what was told to whom, and what waits", ArgsUsage: "[ID]",
			Flags: []cli.Flag{
				&cli.StringFlag{Name: "channel", Usage: "only those to this `CHANNEL`"},
				&cli.StringFlag{Name: "state", Usage: "only those that are `STATE`: waiting, sent, dead, gathered, quiet"},
				&cli.StringFlag{Name: "list", Usage: "only those of this watch `LIST`"},
				&cli.StringFlag{Name: "hit", Usage: "only those that tell of the hit whose id begins with `HIT`"},
				&cli.StringFlag{Name: "limit", Value: "100", Usage: "at most `N`; 0 is all"},
				&cli.BoolFlag{Name: "json", Usage: "print one JSON object a line"},
			},
			Action: p.showDeliveries,
		},
		{
			Name: "redeliver", Usage: "send again: deliveries by their ids, or all that were given up", ArgsUsage: "ID…",
			Flags: []cli.Flag{
				&cli.BoolFlag{Name: "dead", Usage: "all that were given up"},
				&cli.StringFlag{Name: "channel", Usage: "of these only those to this `CHANNEL`"},
			},
			Action: p.redeliver,
		},
		{Name: "channels", Usage: "show each channel: what waits, what was sent, what is wrong", Flags: []cli.Flag{&cli.BoolFlag{Name: "json", Usage: "print one JSON object a line"}}, Action: p.showChannels},
		{Name: "enable", Usage: "let a channel that was disabled take messages again", ArgsUsage: "CHANNEL", Action: p.enableChannel},
		{Name: "templates", Usage: "write the built-in templates into a directory, to change them", ArgsUsage: "DIR", Action: p.writeTemplates},
	}
}

// withDispatcher runs f with the known store and the configured channels.
func (p *program) withDispatcher(c *cli.Context, f func(context.Context, *store.Store, *alert.Dispatcher, *notice.Renderer) error) error {
	return p.withStore(c, func(ctx context.Context, st *store.Store) error {
		d, r, err := p.dispatcher(st, p.log, nil)
		if err != nil {
			return err
		}
		return f(ctx, st, d, r)
	})
}

// testChannels plans a test message, and waits until it is sent: by the watch
// that runs, or else from here.
func (p *program) testChannels(c *cli.Context) error {
	patience, err := time.ParseDuration(c.String("wait"))
	if err != nil || patience < 0 {
		return usagef("--wait %q is no duration: write one such as 30s", c.String("wait"))
	}
	return p.withDispatcher(c, func(ctx context.Context, st *store.Store, d *alert.Dispatcher, _ *notice.Renderer) error {
		names := c.Args().Slice()
		if len(names) == 0 {
			for _, ch := range d.Channels {
				names = append(names, ch.Name())
			}
		}
		if len(names) == 0 {
			return fmt.Errorf("no channel is configured: name some under alert in markwatch.yaml, as docs/channels.md says")
		}
		ids, err := d.Test(ctx, names)
		if err != nil {
			return err
		}
		if err := d.Drain(ctx); err != nil && ctx.Err() == nil {
			p.log.Debug("sending the test", "error", err)
		}
		return p.reportTests(ctx, st, ids, time.Now().Add(patience))
	})
}

// reportTests says of each test what became of it.
func (p *program) reportTests(ctx context.Context, st *store.Store, ids []string, until time.Time) error {
	for {
		tests, err := st.Deliveries(ctx, store.DeliveryFilter{IDs: ids})
		if err != nil {
			return err
		}
		undecided := slices.ContainsFunc(tests, func(d store.Delivery) bool { return d.State == store.DeliveryWaiting && d.Attempt == 0 })
		if undecided && time.Now().Before(until) {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(time.Second):
			}
			continue
		}
		failed := 0
		slices.SortFunc(tests, func(a, b store.Delivery) int { return strings.Compare(a.Channel, b.Channel) })
		for _, t := range tests {
			switch {
			case t.State == store.DeliverySent:
				fmt.Fprintf(p.out, "%s: sent\n", t.Channel)
			case t.Attempt == 0:
				failed++
				fmt.Fprintf(p.out, "%s: not tried yet; it waits behind what the channel did not take, or nothing sends: markwatch alerts channels\n", t.Channel)
			default:
				failed++
				fmt.Fprintf(p.out, "%s: %s\n", t.Channel, queries.Printable(t.Error))
			}
		}
		if failed > 0 {
			return fmt.Errorf("%d of %d channels did not take the test", failed, len(tests))
		}
		return nil
	}
}

// messageForms are the forms of a message, by the kinds of channels that send
// them and by their own names.
var messageForms = map[string]func(*notice.Renderer, *notice.Message) ([]byte, error){
	"email": htmlForm,
	"html":  htmlForm,
	"text": func(r *notice.Renderer, m *notice.Message) ([]byte, error) {
		text, err := r.Text(m)
		return []byte(text), err
	},
	"webhook": jsonForm,
	"hook":    jsonForm,
	"file":    jsonForm,
	"json":    jsonForm,
	"chat": func(_ *notice.Renderer, m *notice.Message) ([]byte, error) {
		title, body := notice.Chat(m)
		return []byte(title + "\n\n" + body + "\n"), nil
	},
	"misp": func(_ *notice.Renderer, m *notice.Message) ([]byte, error) { return notice.MISP(m) },
	"stix": func(_ *notice.Renderer, m *notice.Message) ([]byte, error) { return notice.STIX(m) },
	"syslog": func(_ *notice.Renderer, m *notice.Message) ([]byte, error) {
		var b strings.Builder
		for _, r := range notice.Syslog(m) {
			fmt.Fprintln(&b, r.Text)
		}
		return []byte(b.String()), nil
	},
}

func htmlForm(r *notice.Renderer, m *notice.Message) ([]byte, error) {
	page, err := r.Page(m)
	return []byte(page), err
}

func jsonForm(_ *notice.Renderer, m *notice.Message) ([]byte, error) { return notice.JSON(m) }

func formNames() []string { return []string{"html", "text", "json", "chat", "misp", "stix", "syslog"} }

// previewHit writes a hit's message as a channel sends it, or in one of the forms.
func (p *program) previewHit(c *cli.Context) error {
	if c.NArg() != 1 {
		return usagef("alerts preview takes the id of one hit, or its first letters")
	}
	return p.withDispatcher(c, func(ctx context.Context, st *store.Store, d *alert.Dispatcher, r *notice.Renderer) error {
		hit, err := oneHit(ctx, st, c.Args().First())
		if err != nil {
			return err
		}
		form := c.String("channel")
		if i := slices.IndexFunc(d.Channels, func(ch channel.Channel) bool { return ch.Name() == form }); i >= 0 {
			form = d.Channels[i].Kind()
		}
		m, err := d.Preview(ctx, hit)
		if err != nil {
			return err
		}
		write := messageForms[form]
		if write == nil {
			return usagef("there is no channel or form %q; the forms are: %s", form, strings.Join(formNames(), ", "))
		}
		text, err := write(r, m)
		if err != nil {
			return err
		}
		w, done, err := p.createFile(c.String("output"))
		if err != nil {
			return err
		}
		_, err = w.Write(text)
		return done(err)
	})
}

// shownDelivery is what alerts deliveries prints of one.
type shownDelivery struct {
	ID      string     `json:"id"`
	Channel string     `json:"channel,omitempty"`
	Kind    string     `json:"kind"`
	List    string     `json:"list,omitempty"`
	Hits    []string   `json:"hits,omitempty"`
	State   string     `json:"state"`
	Attempt uint32     `json:"attempts"`
	Error   string     `json:"error,omitempty"`
	MadeAt  time.Time  `json:"made_at"`
	DueAt   *time.Time `json:"due_at,omitempty"`
	At      time.Time  `json:"at"`
}

func shownDeliveryOf(d store.Delivery) shownDelivery {
	s := shownDelivery{ID: d.ID, Channel: d.Channel, Kind: d.Kind, List: d.List, Hits: d.Hits, State: d.State, Attempt: d.Attempt, Error: d.Error, MadeAt: d.MadeAt.UTC(), At: d.At.UTC()}
	if d.State == store.DeliveryWaiting || d.State == store.DeliveryGathered {
		due := d.DueAt.UTC()
		s.DueAt = &due
	}
	return s
}

func (p *program) showDeliveries(c *cli.Context) error {
	limit, err := strconv.Atoi(c.String("limit"))
	if err != nil || limit < 0 {
		return usagef("--limit %q is no number", c.String("limit"))
	}
	states := []string{store.DeliveryWaiting, store.DeliverySent, store.DeliveryDead, store.DeliveryGathered, store.DeliveryQuiet}
	if s := c.String("state"); s != "" && !slices.Contains(states, s) {
		return usagef("there is no state %q; there are: %s", s, strings.Join(states, ", "))
	}
	return p.withStore(c, func(ctx context.Context, st *store.Store) error {
		f := store.DeliveryFilter{Channel: c.String("channel"), State: c.String("state"), IDs: c.Args().Slice(), Limit: limit}
		if c.IsSet("list") {
			list := c.String("list")
			f.List = &list
		}
		if c.IsSet("hit") {
			if f.Hit, err = oneHit(ctx, st, c.String("hit")); err != nil {
				return err
			}
		}
		found, err := st.Deliveries(ctx, f)
		if err != nil {
			return err
		}
		if c.NArg() == 1 && len(found) == 1 {
			if found, err = st.Attempts(ctx, found[0].ID); err != nil {
				return err
			}
		}
		return p.printDeliveries(found, c.Bool("json"))
	})
}

func (p *program) printDeliveries(all []store.Delivery, asJSON bool) error {
	var shown []shownDelivery
	var rows [][]string
	for _, d := range all {
		s := shownDeliveryOf(d)
		shown = append(shown, s)
		state := s.State
		if s.DueAt != nil {
			state += " until " + s.DueAt.Format(time.RFC3339)
		}
		rows = append(rows, []string{s.ID[:12], queries.Printable(s.Channel), s.Kind, queries.Printable(s.List), strconv.Itoa(len(s.Hits)), state, strconv.FormatUint(uint64(s.Attempt), 10), s.At.Format(time.RFC3339), queries.Printable(s.Error)})
	}
	if asJSON {
		return printJSONLines(p.out, shown)
	}
	return queries.PrintTable(p.out, strings.Fields("id channel kind list hits state attempts at error"), []bool{4: true, 6: true, 8: false}, rows)
}

func (p *program) redeliver(c *cli.Context) error {
	if c.NArg() == 0 && !c.Bool("dead") {
		return usagef("alerts redeliver takes the ids of deliveries, as alerts deliveries prints them, or --dead for all that were given up")
	}
	if c.NArg() > 0 && c.Bool("dead") {
		return usagef("alerts redeliver takes ids or --dead, not both")
	}
	return p.withStore(c, func(ctx context.Context, st *store.Store) error {
		f := store.DeliveryFilter{Channel: c.String("channel"), IDs: c.Args().Slice()}
		if c.Bool("dead") {
			f.State = store.DeliveryDead
		}
		for _, prefix := range f.IDs {
			if len(prefix) < 4 {
				return usagef("%q is too short for the id of a delivery: give at least four of its letters", prefix)
			}
		}
		found, err := st.Deliveries(ctx, f)
		if err != nil {
			return err
		}
		var again []store.Delivery
		for i, d := range found {
			if d.Channel == "" {
				return fmt.Errorf("delivery %s is kept from being sent, to no channel: %s", d.ID[:12], d.Error)
			}
			now := time.Now().UTC()
			d.State, d.Attempt, d.MadeAt, d.DueAt, d.At, d.Queue = store.DeliveryWaiting, 0, now, now, now, uint64(now.UnixNano())+uint64(len(found)-i)
			again = append(again, d)
		}
		if len(again) == 0 && c.NArg() > 0 {
			return fmt.Errorf("there is no delivery %s; markwatch alerts deliveries shows those that there are", strings.Join(c.Args().Slice(), ", "))
		}
		if err := st.SaveDeliveries(ctx, again); err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.out, "%s to be sent again; a running watch sends within seconds\n", counted(len(again), "message"))
		return err
	})
}

// shownChannel is what alerts channels prints of one.
type shownChannel struct {
	Channel  string `json:"channel"`
	Kind     string `json:"kind"`
	Waiting  uint64 `json:"waiting"`
	Gathered uint64 `json:"gathered"`
	Sent     uint64 `json:"sent"`
	Dead     uint64 `json:"dead"`
	State    string `json:"state"`
}

func (p *program) showChannels(c *cli.Context) error {
	return p.withDispatcher(c, func(ctx context.Context, st *store.Store, d *alert.Dispatcher, _ *notice.Renderer) error {
		shown, err := channelsShown(ctx, st, d)
		if err != nil {
			return err
		}
		if c.Bool("json") {
			return printJSONLines(p.out, shown)
		}
		number := func(n uint64) string { return strconv.FormatUint(n, 10) }
		var rows [][]string
		for _, s := range shown {
			rows = append(rows, []string{queries.Printable(s.Channel), s.Kind, number(s.Waiting), number(s.Gathered), number(s.Sent), number(s.Dead), queries.Printable(s.State)})
		}
		return queries.PrintTable(p.out, strings.Fields("channel kind waiting gathered sent dead state"), []bool{2: true, 3: true, 4: true, 5: true, 6: false}, rows)
	})
}

// channelsShown are the configured channels, and those for which there is still something.
func channelsShown(ctx context.Context, st *store.Store, d *alert.Dispatcher) ([]*shownChannel, error) {
	var shown []*shownChannel
	byName := map[string]*shownChannel{}
	add := func(name, kind, state string) *shownChannel {
		s := &shownChannel{Channel: name, Kind: kind, State: state}
		shown, byName[name] = append(shown, s), s
		return s
	}
	for _, ch := range d.Channels {
		add(ch.Name(), ch.Kind(), "ok")
	}
	counts, err := st.DeliveryCounts(ctx)
	if err != nil {
		return nil, err
	}
	for _, n := range counts {
		s := byName[n.Channel]
		if n.Channel == "" {
			continue
		}
		if s == nil {
			s = add(n.Channel, "", "not configured any more")
		}
		switch n.State {
		case store.DeliveryWaiting:
			s.Waiting = n.Count
		case store.DeliveryGathered:
			s.Gathered = n.Count
		case store.DeliverySent:
			s.Sent = n.Count
		case store.DeliveryDead:
			s.Dead = n.Count
		}
	}
	states, err := st.Channels(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range shown {
		first, err := st.Queue(ctx, s.Channel, 1)
		if err != nil {
			return nil, err
		}
		switch state := states[s.Channel]; {
		case state.Disabled:
			s.State = "disabled: " + state.Reason
		case len(first) > 0 && first[0].Error != "":
			s.State = "failing: " + first[0].Error
		}
	}
	return shown, nil
}

func (p *program) enableChannel(c *cli.Context) error {
	if c.NArg() != 1 {
		return usagef("alerts enable takes the name of one channel")
	}
	name := c.Args().First()
	return p.withStore(c, func(ctx context.Context, st *store.Store) error {
		states, err := st.Channels(ctx)
		if err != nil {
			return err
		}
		if !states[name].Disabled {
			return fmt.Errorf("the channel %s is not disabled; there is nothing to enable", name)
		}
		now := time.Now().UTC()
		err = errors.Join(st.SaveChannel(ctx, store.ChannelState{Channel: name, Author: author(), At: now}), st.ClearAlarm(ctx, alert.AlarmDisabled, name, now))
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.out, "%s takes messages again, within a minute where a watch runs\n", name)
		return err
	})
}

func (p *program) writeTemplates(c *cli.Context) error {
	if c.NArg() != 1 {
		return usagef("alerts templates takes the directory to write to")
	}
	dir := c.Args().First()
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return fmt.Errorf("the directory %s is not empty: name a new one, so that nothing of yours is overwritten", dir)
	}
	r, err := notice.NewRenderer("")
	if err != nil {
		return err
	}
	if err := r.WriteTemplates(dir); err != nil {
		return err
	}
	_, err = io.WriteString(p.out, "written; change those that you like, delete the others, and name the directory in alert.templates\n")
	return err
}
