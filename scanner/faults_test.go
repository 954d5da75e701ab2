package scanner_test

import (
	"errors"
	"io"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"markwatch/internal/ctlogtest"
	"markwatch/scanner"
)

// Each fault that a log gets over costs time and nothing else: every entry is
// delivered once, in order, proved.
func TestFaultsLoseNothing(t *testing.T) { both(t, checkFaultsLoseNothing) }

func checkFaultsLoseNothing(t *testing.T, p protocol) {
	entries := []string{"get-entries"}
	for _, tt := range []struct {
		name   string
		faults ctlogtest.Faults
		reason string // of the retries; empty: there are none
		struck string // the fault's name, if not the test's
	}{
		{"ShortReads", ctlogtest.Faults{ShortReads: 3}, "", ""},
		{"Status429", ctlogtest.Faults{Status429: 3}, "throttled", ""},
		{"Status429 with Retry-After", ctlogtest.Faults{Status429: 3, RetryAfter: "20"}, "throttled", "Status429"},
		{"Status5xx", ctlogtest.Faults{Status5xx: 3}, "status", ""},
		{"Status503", ctlogtest.Faults{Status5xx: 3, Status: 503}, "throttled", "Status5xx"},
		{"Status400", ctlogtest.Faults{Status400: 4}, "status", ""},
		{"TruncateJSON", ctlogtest.Faults{TruncateJSON: 3}, "malformed", ""},
		{"MalformedJSON", ctlogtest.Faults{MalformedJSON: 3}, "malformed", ""},
		{"Abort", ctlogtest.Faults{Abort: 3}, "network", ""},
		{"Spaces", ctlogtest.Faults{Spaces: 1}, "", ""},
		{"HangBody", ctlogtest.Faults{HangBody: 5}, "timeout", ""},
		{"SlowBody", ctlogtest.Faults{SlowBody: 20 * time.Second, Endpoints: entries, Limit: 2}, "timeout", ""},
		{"OversizedBody", ctlogtest.Faults{OversizedBody: 4, Limit: 2, Oversized: 65 << 20}, "oversized", ""},
		{"EmptyEntries", ctlogtest.Faults{EmptyEntries: 3}, "malformed", ""},
		{"ExtraEntries", ctlogtest.Faults{ExtraEntries: 3}, "malformed", ""},
		{"WrongSignature", ctlogtest.Faults{WrongSignature: 1, Limit: 2}, "signature", ""},
		{"WrongProof", ctlogtest.Faults{WrongProof: 1, Limit: 1}, "", ""},
		{"CorruptEntry", ctlogtest.Faults{CorruptEntry: 1, CorruptIndex: 123, Limit: 1}, "", ""},
		{"DuplicateEntry", ctlogtest.Faults{DuplicateEntry: 2, Limit: 1}, "", ""},
		{"ReorderEntries", ctlogtest.Faults{ReorderEntries: 2, Limit: 1}, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				size, reason := 400, tt.reason
				if p.static {
					size = 800 // of several tiles too
				}
				if p.static && tt.faults.ShortReads > 0 { // which a tile can't be
					tt.faults.Limit, reason = 2, "malformed"
				}
				l := p.newLog(size, ctlogtest.Options{MaxGetEntries: 32, AlignRanges: true})
				l.SetFaults(tt.faults)
				r := &recorder{}
				got, err := follow(t, config(l, r), func(b scanner.Batch) bool { return b.End < uint64(size) })
				if err != nil {
					t.Fatal(err)
				}
				checkBatches(t, l, got, 0, uint64(size))
				struck := tt.struck
				if struck == "" {
					struck = tt.name
				}
				if l.Injected()[struck] == 0 {
					t.Errorf("fault never struck: %v", l.Injected())
				}
				for _, e := range of[scanner.Retry](r, nil) {
					if e.Reason != reason {
						t.Errorf("retry for %q: %v, want %q", e.Reason, e.Err, reason)
					}
				}
				if reason != "" && len(of[scanner.Retry](r, nil)) == 0 {
					t.Error("no retry was told of")
				}
			})
		})
	}
}

func TestGarbledEntriesAreToldOf(t *testing.T) {
	bubble(t, func(t *testing.T, p protocol) {
		l := p.newLog(200, ctlogtest.Options{})
		l.SetFaults(ctlogtest.Faults{CorruptEntry: 1, CorruptIndex: 42, Limit: 1})
		r := &recorder{}
		got, err := scan(t, config(l, r), 0)
		if err != nil {
			t.Fatal(err)
		}
		checkBatches(t, l, got, 0, 200)
		want := []scanner.Garbled{{Log: "test", Start: 0, End: 100, Indexes: []uint64{42}}}
		if diff := cmp.Diff(want, of[scanner.Garbled](r, nil)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

func TestUnreachableLogIsGivenUpOnce(t *testing.T) { both(t, checkUnreachableLogIsGivenUpOnce) }

func checkUnreachableLogIsGivenUpOnce(t *testing.T, p protocol) {
	for name, f := range map[string]ctlogtest.Faults{
		"down":      {Status5xx: 1},
		"refusing":  {Status429: 1, RetryAfter: "60"},
		"entries":   {Status5xx: 1, Endpoints: []string{"get-entries"}},
		"proofs":    {Status400: 1, Endpoints: []string{"get-sth-consistency"}},
		"hanging":   {HangBody: 1},
		"nonsense":  {MalformedJSON: 1},
		"oversized": {OversizedBody: 1, Oversized: 1 << 20, Endpoints: []string{"get-sth"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := p.newLog(300, ctlogtest.Options{})
				l.SetFaults(f)
				start := time.Now()
				_, err := scan(t, config(l, &recorder{}), 0)
				var gone *scanner.UnreachableError
				if !errors.As(err, &gone) || gone.Tries < 5 || len(gone.Evidence()) == 0 {
					t.Errorf("error is %v", err)
				}
				if d := time.Since(start); d > time.Hour {
					t.Errorf("it took %s", d)
				}
			})
		})
	}
}

func TestOutageIsBoundedAndToldOf(t *testing.T) {
	bubble(t, func(t *testing.T, p protocol) {
		l := p.newLog(50, ctlogtest.Options{})
		l.SetFaults(ctlogtest.Faults{Status5xx: 1, Limit: 40})
		r := &recorder{}
		start := time.Now()
		got, err := follow(t, config(l, r), func(scanner.Batch) bool { return false })
		if err != nil {
			t.Fatal(err)
		}
		checkBatches(t, l, got, 0, 50)
		retries := of[scanner.Retry](r, nil)
		if len(retries) != 40 {
			t.Errorf("%d retries", len(retries))
		}
		for _, e := range retries {
			if e.Wait < time.Second/2 || e.Wait > 5*time.Minute || !e.Since.Equal(retries[0].Since) {
				t.Errorf("retry waits %s, failing since %s", e.Wait, e.Since)
			}
		}
		back := of[scanner.Recovered](r, nil)
		if len(back) != 1 || back[0].Since.Before(start) || time.Since(back[0].Since) < time.Hour {
			t.Errorf("recovered: %+v", back)
		}
	})
}

func TestRetryAfterIsObeyed(t *testing.T) { both(t, checkRetryAfterIsObeyed) }

func checkRetryAfterIsObeyed(t *testing.T, p protocol) {
	// The clock of a synctest bubble starts at midnight of this day.
	at := time.Date(2000, 1, 1, 0, 1, 30, 0, time.UTC)
	for _, tt := range []struct {
		name, value string
		least, most time.Duration
	}{
		{"seconds", "90", 90 * time.Second, 91 * time.Second},
		{"http date", at.Format(http.TimeFormat), 90 * time.Second, 91 * time.Second},
		{"date with UTC", at.Format(time.RFC1123), 90 * time.Second, 91 * time.Second},
		{"date with offset", at.In(time.FixedZone("", 3600)).Format(time.RFC1123Z), 90 * time.Second, 91 * time.Second},
		{"absurd", "31536000", 10 * time.Minute, 10*time.Minute + time.Second},
		{"absent", "", time.Second / 2, time.Second},
		{"junk", "soon", time.Second / 2, time.Second},
		{"zero", "0", time.Second / 2, time.Second},
		{"past", at.Add(-time.Hour).Format(http.TimeFormat), time.Second / 2, time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := p.newLog(5, ctlogtest.Options{})
				l.SetFaults(ctlogtest.Faults{Status429: 1, RetryAfter: tt.value, Limit: 1})
				began := time.Now()
				if _, err := scan(t, config(l, &recorder{}), 0); err != nil {
					t.Fatal(err)
				}
				if d := time.Since(began); d < tt.least || d > tt.most {
					t.Errorf("waited %s, want %s to %s", d, tt.least, tt.most)
				}
			})
		})
	}
}

// One refusal stops all the fetchers of a log.
func TestRefusalPausesEveryRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLog(1000, ctlogtest.Options{MaxGetEntries: 10})
		cfg := config(l, &recorder{})
		cfg.Position.Cap = 10
		l.SetFaults(ctlogtest.Faults{Status429: 20, RetryAfter: "60", Limit: 1, Endpoints: []string{"get-entries"}})
		var refused atomic.Pointer[time.Time]
		inner := l.Client().Transport
		cfg.HTTP = &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			began := time.Now()
			if at := refused.Load(); at != nil && began.After(at.Add(time.Second)) && began.Before(at.Add(time.Minute)) {
				t.Errorf("a request was made %s after the refusal", began.Sub(*at))
			}
			resp, err := inner.RoundTrip(r)
			if err == nil && resp.StatusCode == http.StatusTooManyRequests {
				refused.Store(&began)
			}
			return resp, err
		})}
		cfg.MaxRate = 2
		got, err := scan(t, cfg, 0)
		if err != nil || refused.Load() == nil {
			t.Fatal(err)
		}
		checkBatches(t, l, got, 0, 1000)
	})
}

// A refusal of what one asks of a log holds back all that share its pace.
func TestRefusalPausesWhoSharesThePace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLog(10, ctlogtest.Options{})
		cfg := config(l, &recorder{})
		cfg.Pace, cfg.Once = &scanner.Pace{}, true
		l.SetFaults(ctlogtest.Faults{Status429: 1, RetryAfter: "60", Limit: 1})
		s, err := scanner.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		audit, err := s.Auditor()
		if err != nil {
			t.Fatal(err)
		}
		audited := make(chan error)
		go func() {
			_, err := audit.TreeHead(t.Context())
			audited <- err
		}()
		synctest.Wait() // the audit is refused, and waits
		began := time.Now()
		got, err := scan(t, cfg, 0)
		if err != nil {
			t.Fatal(err)
		}
		checkBatches(t, l, got, 0, 10)
		if d := time.Since(began); d < time.Minute {
			t.Errorf("the scan began %s after the log asked for a minute", d)
		}
		if err := <-audited; err != nil {
			t.Error(err)
		}
	})
}

// Entries that a log gains while it is read are read without another wait.
func TestGrowthWhileReadingIsNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLog(400, ctlogtest.Options{MaxGetEntries: 10})
		r := &recorder{}
		cfg := config(l, r)
		cfg.MaxRate, cfg.PollInterval = 0.01, 2000*time.Second
		start, grown := time.Now(), false
		got, err := follow(t, cfg, func(b scanner.Batch) bool {
			if !grown {
				add(l, 20)
				grown = true
			}
			return b.End < 420
		})
		if err != nil {
			t.Fatal(err)
		}
		checkBatches(t, l, got, 0, 420)
		if most := time.Duration(len(of[scanner.RequestDone](r, nil))+1) * 100 * time.Second; time.Since(start) > most {
			t.Errorf("it took %s, the requests account for %s", time.Since(start), most)
		}
	})
}

func TestRateIsObeyedAndLearned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLog(1000, ctlogtest.Options{MaxGetEntries: 10})
		r := &recorder{}
		cfg := config(l, r)
		cfg.MaxRate, cfg.BatchEntries = 4, 1000
		start := time.Now()
		got, err := scan(t, cfg, 0)
		if err != nil {
			t.Fatal(err)
		}
		requests := len(of[scanner.RequestDone](r, nil))
		if least := time.Duration(requests-1) * time.Second / 4; time.Since(start) < least {
			t.Errorf("%d requests at 4 a second in %s", requests, time.Since(start))
		}
		if got[0].Position.Rate != 4 || got[0].Position.Cap != 10 {
			t.Errorf("learned rate %g, cap %d", got[0].Position.Rate, got[0].Position.Cap)
		}
		l.SetFaults(ctlogtest.Faults{Status429: 1, Limit: 2, Endpoints: []string{"get-sth"}})
		add(l, 1)
		cfg.Position = got[0].Position
		got, err = scan(t, cfg, 0)
		if err != nil {
			t.Fatal(err)
		}
		if rate := got[0].Position.Rate; rate < 1 || rate > 1.1 {
			t.Errorf("rate after two refusals is %g, want about 1", rate)
		}
		if n := len(of(r, func(e scanner.RateChanged) bool { return e.New < e.Old })); n != 2 {
			t.Errorf("%d cuts were told of", n)
		}
	})
}

func TestBandwidthIsObeyed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLog(2000, ctlogtest.Options{MaxGetEntries: 100})
		r := &recorder{}
		cfg := config(l, r)
		cfg.Bandwidth, cfg.Parallel = 1000, 8
		start := time.Now()
		if _, err := scan(t, cfg, 0); err != nil {
			t.Fatal(err)
		}
		total := int64(0)
		for _, e := range of[scanner.RequestDone](r, nil) {
			total += e.Bytes
		}
		const burst = 64 << 10
		if least := time.Duration(total-burst)*time.Second/1000 - time.Millisecond; time.Since(start) < least {
			t.Errorf("%d bytes in %s, want %s or more", total, time.Since(start), least)
		}
	})
}

func TestCapIsLearned(t *testing.T) {
	for _, tt := range []struct {
		name  string
		opts  ctlogtest.Options
		start uint64
		known int // from the position
		want  int
	}{
		{"plain", ctlogtest.Options{MaxGetEntries: 50}, 0, 0, 50},
		{"aligned", ctlogtest.Options{MaxGetEntries: 50, AlignRanges: true}, 0, 0, 50},
		{"plain from the middle", ctlogtest.Options{MaxGetEntries: 50}, 37, 0, 50},
		{"aligned from the middle", ctlogtest.Options{MaxGetEntries: 50, AlignRanges: true}, 37, 0, 50},
		{"aligned and known", ctlogtest.Options{MaxGetEntries: 50, AlignRanges: true}, 37, 50, 50},
		{"lowered since", ctlogtest.Options{MaxGetEntries: 50, AlignRanges: true}, 100, 100, 50},
		{"never met", ctlogtest.Options{MaxGetEntries: 1000}, 0, 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLog(900, tt.opts)
				r := &recorder{}
				cfg := config(l, r)
				if tt.start > 0 {
					first := cfg
					first.BatchEntries = int(tt.start)
					got, err := scan(t, first, 1)
					if err != nil {
						t.Fatal(err)
					}
					cfg.Position = got[0].Position
					cfg.Position.Cap = tt.known
					r.events = nil
				}
				got, err := scan(t, cfg, 0)
				if err != nil {
					t.Fatal(err)
				}
				checkBatches(t, l, got, tt.start, 900)
				if c := got[len(got)-1].Position.Cap; c != tt.want {
					t.Errorf("cap is %d, want %d", c, tt.want)
				}
				n := len(of(r, func(e scanner.RequestDone) bool { return e.Endpoint == "get-entries" }))
				if least := int(900-tt.start)/50 + 4; tt.want > 0 && n > least {
					t.Errorf("%d requests for entries, want at most %d", n, least)
				}
			})
		})
	}
}

// A log that gave little for a while is asked for more again.
func TestCapRecovers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLog(6000, ctlogtest.Options{MaxGetEntries: 50})
		l.SetFaults(ctlogtest.Faults{ShortReads: 10, Limit: 3})
		r := &recorder{}
		cfg := config(l, r)
		cfg.Position.Cap = 50
		got, err := scan(t, cfg, 0)
		if err != nil {
			t.Fatal(err)
		}
		checkBatches(t, l, got, 0, 6000)
		var caps []int
		for _, e := range of[scanner.CapLearned](r, nil) {
			caps = append(caps, e.Cap)
		}
		if diff := cmp.Diff([]int{10, 20, 40, 50}, caps); diff != "" {
			t.Errorf("learned caps (-want +got):\n%s", diff)
		}
	})
}

// What a slow log gave is delivered after a minute, not when a batch is full.
func TestSlowLogIsDeliveredInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLog(400, ctlogtest.Options{MaxGetEntries: 10})
		cfg := config(l, &recorder{})
		cfg.MaxRate, cfg.BatchEntries = 0.05, 100_000
		start := time.Now()
		got, err := scan(t, cfg, 0)
		if err != nil {
			t.Fatal(err)
		}
		checkBatches(t, l, got, 0, 400)
		if least := int(time.Since(start) / (3 * time.Minute)); len(got) < least {
			t.Errorf("%d batches in %s", len(got), time.Since(start))
		}
	})
}

// A consumer that doesn't ask for more stops the requests.
func TestSlowConsumerBoundsWhatIsInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLog(20000, ctlogtest.Options{MaxGetEntries: 10})
		var served atomic.Int64
		cfg := config(l, &recorder{})
		cfg.HTTP = &http.Client{Transport: counting{l.Client().Transport, &served}}
		cfg.Parallel, cfg.BatchEntries = 4, 10
		s, err := scanner.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		taken := 0
		for _, err := range s.Batches(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			taken++
			<-time.After(time.Hour) // of the bubble: until nothing else moves
			if ahead := int(served.Load()) - 2*taken; ahead > 4*4 {
				t.Fatalf("%d requests ahead of the consumer", ahead)
			}
			if taken == 50 {
				break
			}
		}
	})
}

// counting counts responses.
type counting struct {
	http.RoundTripper
	n *atomic.Int64
}

func (c counting) RoundTrip(r *http.Request) (*http.Response, error) {
	c.n.Add(1)
	return c.RoundTripper.RoundTrip(r)
}

func TestUserAgentNeedsContact(t *testing.T) {
	l := newLog(1, ctlogtest.Options{})
	cfg := config(l, &recorder{})
	cfg.UserAgent = "markwatch"
	if _, err := scanner.New(cfg); err == nil {
		t.Error("a user agent without contact was accepted")
	}
	cfg = config(l, &recorder{})
	var got atomic.Value
	cfg.HTTP = &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		got.Store(r.UserAgent())
		return nil, io.ErrUnexpectedEOF
	})}
	synctest.Test(t, func(t *testing.T) {
		if _, err := scan(t, cfg, 0); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("error is %v", err)
		}
	})
	if got.Load() != cfg.UserAgent {
		t.Errorf("user agent sent is %v", got.Load())
	}
}

// roundTripper is a RoundTripper of one function.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
