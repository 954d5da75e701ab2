package alert_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"markwatch/internal/alert"
	"markwatch/internal/alert/channel"
	"markwatch/internal/alert/notice"
	"markwatch/store"
)

var errBusy = errors.New("the server is busy")

// id is that of the n-th hit.
func id(n int) string { return fmt.Sprintf("%064x", n) }

// found is a hit of a list on what came after the baseline.
func found(n int, list string) store.Found {
	return store.Found{ID: id(n), List: list, Item: "item", Severity: "high", Rule: "logo", Fresh: true}
}

// start runs a dispatcher until the test is done with it, which it says by calling stop.
func start(t *testing.T, m *memory, o alert.Options) (stop func()) {
	t.Helper()
	d, err := alert.New(m, o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { d.Run(ctx); close(done) }()
	return func() { cancel(); <-done }
}

func TestEachHitIsToldOnceToItsChannels(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{
			lists: []store.WatchList{{Name: "misavu", Channels: []string{"counsel", "desk"}}, {Name: "plain"}, {Name: "lost", Channels: []string{"unheard-of"}}},
			items: map[string]store.ItemBegin{"told": {Notify: true}},
		}
		counsel, desk, free := &recorder{name: "counsel"}, &recorder{name: "desk"}, &recorder{name: "free"}
		for n, f := range []store.Found{
			{List: "misavu", Fresh: true}, {List: "plain", Fresh: true}, {List: "", Fresh: true}, {List: "lost", Fresh: true}, {List: "misavu"},
			{List: "misavu", Item: "told"}, {List: "misavu", Fresh: true, State: store.HitDismissed},
		} {
			f.ID = id(n)
			m.find(f)
		}
		stop := start(t, m, alert.Options{Channels: []channel.Channel{counsel, desk, free}, Default: []string{"free"}})
		time.Sleep(time.Minute)
		stop()
		for _, c := range []struct {
			*recorder
			want []string
		}{{counsel, []string{id(0), id(5)}}, {desk, []string{id(0), id(5)}}, {free, []string{id(1), id(2)}}} {
			if diff := cmp.Diff(c.want, slices.Sorted(slices.Values(c.hits()))); diff != "" {
				t.Errorf("hits told to %s (-want +got):\n%s", c.name, diff)
			}
		}
		quiet := map[string]string{}
		for _, d := range m.current() {
			if d.State == store.DeliveryQuiet {
				quiet[d.Hits[0]] = d.Error
			}
		}
		want := map[string]string{id(3): alert.QuietNobody + ": unheard-of", id(4): alert.QuietBaseline, id(6): alert.QuietDismissed}
		if diff := cmp.Diff(want, quiet); diff != "" {
			t.Errorf("hits that are shown and not sent (-want +got):\n%s", diff)
		}
	})
}

func TestTriesFollowTheSchedule(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dead := &recorder{name: "dead", answer: func(int, *notice.Message) error { return errBusy }}
		well := &recorder{name: "well"}
		m := &memory{}
		m.find(found(1, ""))
		stop := start(t, m, alert.Options{Channels: []channel.Channel{dead, well}, Default: []string{"dead", "well"}, Operator: []string{"well"}, Poll: 10 * time.Second})
		time.Sleep(100 * time.Hour)
		stop()
		waits := alert.Schedule()
		if len(dead.tried) != len(waits) {
			t.Fatalf("%d tries, want %d", len(dead.tried), len(waits))
		}
		for i, wait := range waits[1:] {
			got := dead.tried[i+1].Sub(dead.tried[i])
			if got < wait*9/10 || got > wait*11/10+2*time.Minute { // it looks once a minute
				t.Errorf("%s between try %d and the next, want %s give or take a tenth", got, i+1, wait)
			}
		}
		states := map[string]string{}
		for _, d := range m.current() {
			if d.Kind == "hit" {
				states[d.Channel] = d.State
			}
		}
		if diff := cmp.Diff(map[string]string{"dead": store.DeliveryDead, "well": store.DeliverySent}, states); diff != "" {
			t.Errorf("deliveries (-want +got):\n%s", diff)
		}
		var alarms []string
		for _, taken := range well.taken {
			if taken.Alarm != nil {
				alarms = append(alarms, taken.Alarm.Kind)
			}
		}
		if diff := cmp.Diff([]string{alert.AlarmFailing, alert.AlarmDead}, alarms); diff != "" {
			t.Errorf("alarms told to the operator (-want +got):\n%s", diff)
		}
		if wait := well.tried[0].Sub(dead.tried[0]).Abs(); wait > time.Minute {
			t.Errorf("a dead channel held up another for %s", wait)
		}
	})
}

func TestOrderOutlastsFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		seed := rand.Uint64()
		t.Logf("seed %d", seed)
		r, answers := rand.New(rand.NewPCG(seed, 0)), rand.New(rand.NewPCG(seed, 1))
		failed := 0
		flaky := &recorder{name: "flaky", answer: func(int, *notice.Message) error {
			if failed++; failed <= 3 && answers.IntN(3) == 0 { // more in a row would be waited for longer than the test lasts
				return &channel.RetryError{After: time.Second, Err: errBusy}
			}
			failed = 0
			return nil
		}}
		m := &memory{}
		stop := start(t, m, alert.Options{Channels: []channel.Channel{flaky}, Storm: 1000})
		var want []string
		for n := range 40 {
			m.find(found(n, ""))
			want = append(want, id(n))
			time.Sleep(time.Duration(r.IntN(20)) * time.Second)
		}
		time.Sleep(24 * time.Hour)
		stop()
		if diff := cmp.Diff(want, flaky.hits()); diff != "" {
			t.Errorf("hits in the order in which they were told (-want +got):\n%s", diff)
		}
	})
}

// TestClockPutBack guards that what a fast clock has put off isn't waited for once
// the clock is right again.
func TestClockPutBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &recorder{name: "c"}
		m := &memory{}
		ahead := time.Now().Add(12 * time.Hour)
		m.deliveries = []store.Delivery{{ID: id(1), Channel: "c", Kind: "test", State: store.DeliveryWaiting, Attempt: 1, Queue: 1, MadeAt: ahead, DueAt: ahead.Add(5 * time.Minute), At: ahead}}
		m.version = 1
		stop := start(t, m, alert.Options{Channels: []channel.Channel{c}})
		time.Sleep(10 * time.Second)
		stop()
		if len(c.taken) != 1 {
			t.Errorf("%d messages were sent, want the one", len(c.taken))
		}
	})
}

func TestRetryAfterIsHonoured(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &recorder{name: "c", answer: func(n int, _ *notice.Message) error {
			if n == 0 {
				return &channel.RetryError{After: time.Hour, Err: errBusy}
			}
			return nil
		}}
		m := &memory{}
		m.find(found(1, ""))
		stop := start(t, m, alert.Options{Channels: []channel.Channel{c}})
		time.Sleep(3 * time.Hour)
		stop()
		if len(c.tried) != 2 || c.tried[1].Sub(c.tried[0]) < time.Hour {
			t.Errorf("tried at %v; asked to wait for an hour", c.tried)
		}
	})
}

func TestRefusedMessageHoldsUpNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &recorder{name: "c", answer: func(_ int, m *notice.Message) error {
			if len(m.Hits) > 0 && m.Hits[0].ID == id(1) {
				return &channel.RefusedError{Err: errBusy}
			}
			return nil
		}}
		m := &memory{}
		m.find(found(1, ""))
		m.find(found(2, ""))
		stop := start(t, m, alert.Options{Channels: []channel.Channel{c}})
		time.Sleep(time.Minute)
		stop()
		if diff := cmp.Diff([]string{id(2)}, c.hits()); diff != "" {
			t.Errorf("hits taken (-want +got):\n%s", diff)
		}
		if d, _ := m.Deliveries(t.Context(), store.DeliveryFilter{State: store.DeliveryDead}); len(d) != 1 || d[0].Attempt != 1 || d[0].Error == "" {
			t.Errorf("the refused one: %+v", d)
		}
	})
}

func TestGoneChannelKeepsItsMessages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gone := &recorder{name: "gone", answer: func(n int, _ *notice.Message) error {
			if n == 0 {
				return &channel.GoneError{Err: errBusy}
			}
			return nil
		}}
		well := &recorder{name: "well"}
		m := &memory{}
		m.find(found(1, ""))
		stop := start(t, m, alert.Options{Channels: []channel.Channel{gone, well}, Default: []string{"gone"}, Operator: []string{"well"}})
		time.Sleep(48 * time.Hour)
		if len(gone.tried) != 1 || len(well.taken) != 1 || well.taken[0].Alarm == nil {
			t.Errorf("%d tries; the operator got %v", len(gone.tried), well.taken)
		}
		if err := m.SaveChannel(t.Context(), store.ChannelState{Channel: "gone"}); err != nil { // a person enables it
			t.Fatal(err)
		}
		time.Sleep(2 * time.Minute)
		stop()
		if diff := cmp.Diff([]string{id(1)}, gone.hits()); diff != "" {
			t.Errorf("hits taken after it was enabled (-want +got):\n%s", diff)
		}
	})
}

// TestNothingIsForgotten ends markwatch at random moments, and takes the store
// away: each hit is told at least once, under one id.
func TestNothingIsForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		seed := rand.Uint64()
		t.Logf("seed %d", seed)
		r, answers := rand.New(rand.NewPCG(seed, 0)), rand.New(rand.NewPCG(seed, 1))
		c := &recorder{name: "c", answer: func(int, *notice.Message) error {
			time.Sleep(time.Duration(answers.IntN(1500)) * time.Millisecond)
			return nil
		}}
		m := &memory{}
		const hits = 60
		for n := range hits {
			m.find(found(n, ""))
		}
		for range 30 {
			stop := start(t, m, alert.Options{Channels: []channel.Channel{c}, Storm: 1000})
			time.Sleep(time.Duration(r.IntN(5000)) * time.Millisecond)
			m.mu.Lock()
			m.away = r.IntN(2) == 0
			m.mu.Unlock()
			time.Sleep(time.Duration(r.IntN(5000)) * time.Millisecond)
			stop() // with the store away what was sent last is not written down, as after SIGKILL
			m.mu.Lock()
			m.away, m.holder = false, ""
			m.mu.Unlock()
		}
		stop := start(t, m, alert.Options{Channels: []channel.Channel{c}, Storm: 1000})
		time.Sleep(time.Hour)
		stop()
		ids := map[string]map[string]bool{}
		for _, sent := range c.taken {
			if ids[sent.Hits[0].ID] == nil {
				ids[sent.Hits[0].ID] = map[string]bool{}
			}
			ids[sent.Hits[0].ID][sent.ID] = true
		}
		for n := range hits {
			if len(ids[id(n)]) != 1 {
				t.Errorf("hit %d was told under %d ids", n, len(ids[id(n)]))
			}
		}
		t.Logf("%d messages for %d hits", len(c.taken), hits)
	})
}

func TestOneOfSeveralSends(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		a, b := &recorder{name: "c"}, &recorder{name: "c"}
		stopA := start(t, m, alert.Options{Channels: []channel.Channel{a}, Owner: "a"})
		synctest.Wait()
		stopB := start(t, m, alert.Options{Channels: []channel.Channel{b}, Owner: "b"})
		m.find(found(1, ""))
		time.Sleep(time.Minute)
		if len(a.hits()) != 1 || len(b.hits()) != 0 {
			t.Errorf("told by the first %v, by the second %v", a.hits(), b.hits())
		}
		stopA()
		m.find(found(2, ""))
		time.Sleep(time.Minute)
		stopB()
		if diff := cmp.Diff([]string{id(2)}, b.hits()); diff != "" {
			t.Errorf("told by the second after the first had ended (-want +got):\n%s", diff)
		}
	})
}

func TestDigests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // it is midnight UTC, Saturday 2000-01-01
		c := &recorder{name: "c"}
		m := &memory{lists: []store.WatchList{{Name: "daily", Version: 1, Rhythm: "daily", DigestAt: "08:30", DigestZone: "Europe/Berlin"}, {Name: "weekly", Version: 1, Rhythm: "weekly"}, {Name: "hourly", Version: 1, Rhythm: "hourly"}}}
		stop := start(t, m, alert.Options{Channels: []channel.Channel{c}, Poll: 10 * time.Second})
		for n := range 60 {
			m.find(found(n, []string{"daily", "weekly", "hourly"}[n%3]))
			time.Sleep(time.Hour)
		}
		time.Sleep(24 * time.Hour)
		stop()
		got := map[string][]string{}
		total := map[string]int{}
		for _, d := range c.taken {
			if d.Kind != notice.KindDigest {
				continue
			}
			got[d.List] = append(got[d.List], d.At.Format("Mon 15:04"))
			total[d.List] += d.Total
		}
		if diff := cmp.Diff(map[string]int{"daily": 20, "weekly": 19, "hourly": 20}, total); diff != "" {
			t.Errorf("hits in digests (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"Sat 07:30", "Sun 07:30", "Mon 07:30", "Tue 07:30"}, got["daily"]); diff != "" {
			t.Errorf("daily digests, UTC (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"Mon 08:00"}, got["weekly"]); diff != "" {
			t.Errorf("weekly digests (-want +got):\n%s", diff)
		}
		if len(got["hourly"]) != 20 {
			t.Errorf("%d hourly digests, want 20, one for each hour with a hit", len(got["hourly"]))
		}
	})
}

func TestStormIsToldTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &recorder{name: "c"}
		m := &memory{}
		stop := start(t, m, alert.Options{Channels: []channel.Channel{c}, Storm: 10})
		for n := range 8 {
			m.find(found(n, ""))
		}
		time.Sleep(time.Minute)
		for n := range 100 {
			m.find(found(100+n, ""))
		}
		time.Sleep(2 * time.Hour)
		m.find(found(1000, ""))
		time.Sleep(time.Hour)
		stop()
		kinds := map[notice.Kind]int{}
		hits := 0
		for _, taken := range c.taken {
			kinds[taken.Kind]++
			hits += taken.Total
			if taken.Kind == notice.KindStorm && (taken.Total != 100 || len(taken.Hits) >= 100 || !strings.Contains(taken.Command, taken.ID[:12])) {
				t.Errorf("the storm tells of %d hits, shows %d, and points to %q", taken.Total, len(taken.Hits), taken.Command)
			}
		}
		if diff := cmp.Diff(map[notice.Kind]int{notice.KindHit: 9, notice.KindStorm: 1}, kinds); diff != "" || hits != 109 {
			t.Errorf("%d hits told, by kind of message (-want +got):\n%s", hits, diff)
		}
	})
}

func TestWithdrawnBeforeItWasTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &recorder{name: "c"}
		m := &memory{}
		for n := range 3 {
			m.find(found(n, ""))
		}
		m.told[id(0)].Withdrawn = true
		m.told[id(1)].Triage.State = store.HitDismissed
		stop := start(t, m, alert.Options{Channels: []channel.Channel{c}})
		time.Sleep(time.Minute)
		stop()
		if diff := cmp.Diff([]string{id(2)}, c.hits()); diff != "" {
			t.Errorf("told (-want +got):\n%s", diff)
		}
	})
}

func TestWeeklySummary(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, c := &memory{}, &recorder{name: "c"}
		for range 2 { // restarts do not double it
			stop := start(t, m, alert.Options{Channels: []channel.Channel{c}, Poll: 20 * time.Second})
			time.Sleep(7 * 24 * time.Hour)
			stop()
		}
		var at []string
		for _, s := range c.taken {
			at = append(at, s.At.Format("2006-01-02 15:04"))
		}
		if diff := cmp.Diff([]string{"2000-01-03 08:00", "2000-01-10 08:00"}, at); diff != "" {
			t.Errorf("summaries (-want +got):\n%s", diff)
		}
	})
}

func TestUnknownChannelsAreRefused(t *testing.T) {
	for _, o := range []alert.Options{{Default: []string{"x"}}, {Operator: []string{"x"}}, {Rhythm: "yearly"}, {DigestAt: "25:00"}, {DigestZone: "Atlantis/City"}} {
		if _, err := alert.New(&memory{}, o); err == nil {
			t.Errorf("%+v is taken", o)
		}
	}
}
