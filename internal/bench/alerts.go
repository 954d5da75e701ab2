package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"markwatch/internal/ctlogtest"
	"markwatch/internal/marktest"
	"markwatch/store"
)

const (
	alertLists   = 1000
	alertsTimed  = 200 // hits whose way from merge to arrival is timed
	alertPatient = 5 * time.Minute
)

// alerts measures how long a hit takes from its merge in a log to the webhook,
// among 100,000 watched domains of 1,000 lists.
func (b bench) alerts(ctx context.Context, items int) error {
	dir, err := os.MkdirTemp("", "markwatch-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	log := ctlogtest.New(ctlogtest.Options{Name: "bench", MaxGetEntries: 256})
	ca := marktest.NewCA("Bench CA")
	for n := range uint64(500) {
		addPair(log, ca, n)
	}
	log.Publish()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	receiver := newReceiver()
	mux := http.NewServeMux()
	mux.Handle("/", log.Handler())
	mux.Handle("POST /hook", receiver)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}
	defer server.Close()
	go func() { _ = server.Serve(listener) }() // it ends with the measurement
	url := "http://" + listener.Addr().String()
	config := filepath.Join(dir, "markwatch.yaml")
	text := fmt.Sprintf(`store: %s
contact: bench@example.test
listen: ""
logs:
  - {name: bench, url: %q, key: %s}
alert:
  storm: 1000000
  webhooks: [{name: hook, url: %q, secret: whsec_%s, allow_private: true}]
`, filepath.Join(dir, "store"), url, base64.StdEncoding.EncodeToString(log.PublicKey()), url+"/hook", base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 32)))
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		return err
	}
	list := filepath.Join(dir, "items.csv")
	if err := os.WriteFile(list, []byte(watchedDomains(items)), 0o600); err != nil {
		return err
	}
	used, err := measure(exec.CommandContext(ctx, b.markwatch, "--config", config, "--log-level", "error", "watchlist", "import", list))
	if err != nil {
		return err
	}
	fmt.Fprintf(b.out, "\nalerts: %d watched domains of %d lists, imported in %.1f CPU s, %.0f MB\n", items, alertLists, used.cpu.Seconds(), float64(used.anonymous)/1e6)
	// What is there before is the baseline, and not told.
	if _, err := measure(exec.CommandContext(ctx, b.markwatch, "--config", config, "--log-level", "error", "watch", "--once")); err != nil {
		return err
	}
	for _, poll := range []string{"1s", "30s"} {
		delays, err := b.delays(ctx, config, poll, log, ca, receiver)
		if err != nil {
			return err
		}
		fmt.Fprintf(b.out, "  --poll %-4s from merge to webhook: p50 %5.2f s, p99 %5.2f s, of %d hits\n", poll, percentile(delays, 50).Seconds(), percentile(delays, 99).Seconds(), len(delays))
	}
	return nil
}

// watchedDomains is a CSV of items, spread over the lists.
func watchedDomains(items int) string {
	var text strings.Builder
	text.WriteString("list,role,kind,value\n")
	for n := range items {
		fmt.Fprintf(&text, "list-%d,watch,domain,%s\n", n%alertLists, watchedDomain(n))
	}
	return text.String()
}

// watchedDomain is the n-th of many names that don't resemble each other.
func watchedDomain(n int) string {
	sum := sha256.Sum256([]byte(strconv.Itoa(n)))
	var name [12]byte
	for i := range name {
		name[i] = 'a' + sum[i]%26
	}
	return string(name[:]) + ".example"
}

// delays adds hits to the log one after another and times each.
func (b bench) delays(ctx context.Context, config, poll string, log *ctlogtest.Log, ca *marktest.CA, receiver *receiver) ([]time.Duration, error) {
	watch := exec.CommandContext(ctx, b.markwatch, "--config", config, "--log-level", "warn", "watch", "--poll", poll)
	watch.Stderr = os.Stderr
	if err := watch.Start(); err != nil {
		return nil, err
	}
	defer func() {
		_ = watch.Process.Signal(syscall.SIGTERM) // it has done its part
		_ = watch.Wait()
	}()
	every := 250 * time.Millisecond
	first := len(receiver.seen())
	merged := map[string]time.Time{}
	// The first hit tells when everything is up; it isn't counted.
	for n := -1; n < alertsTimed; n++ {
		domain := watchedDomain(1 + n + first)
		spec := mark(uint64(100_000 + n))
		spec.Domains = []string{domain}
		spec.Nonce = uint64(time.Now().UnixNano())
		issued := ca.Issue(spec)
		log.AddPreChain(issued.Precertificate, issued.TBS, issued.IssuerKeyHash, issued.Chain...)
		log.Publish()
		if n < 0 {
			if err := receiver.await(ctx, []string{domain}); err != nil {
				return nil, err
			}
			continue
		}
		merged[domain] = time.Now()
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(every):
		}
	}
	var domains []string
	for domain := range merged {
		domains = append(domains, domain)
	}
	if err := receiver.await(ctx, domains); err != nil {
		return nil, err
	}
	var delays []time.Duration
	for domain, at := range merged {
		delays = append(delays, receiver.seen()[domain].Sub(at))
	}
	slices.Sort(delays)
	return delays, nil
}

func percentile(sorted []time.Duration, p int) time.Duration {
	return sorted[min(len(sorted)*p/100, len(sorted)-1)]
}

// receiver is a webhook that notes when it first heard of each domain.
type receiver struct {
	mu      sync.Mutex
	arrived map[string]time.Time
	news    chan struct{}
}

func newReceiver() *receiver {
	return &receiver{arrived: map[string]time.Time{}, news: make(chan struct{}, 1)}
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	var message struct {
		Hits []struct {
			Certificate struct {
				Domains []string `json:"domains"`
			} `json:"certificate"`
		} `json:"hits"`
	}
	if err := json.Unmarshal(body, &message); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	r.mu.Lock()
	for _, h := range message.Hits {
		for _, domain := range h.Certificate.Domains {
			if _, known := r.arrived[domain]; !known {
				r.arrived[domain] = time.Now()
			}
		}
	}
	r.mu.Unlock()
	select {
	case r.news <- struct{}{}:
	default:
	}
}

// seen copies what has arrived, by domain.
func (r *receiver) seen() map[string]time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := map[string]time.Time{}
	for domain, at := range r.arrived {
		all[domain] = at
	}
	return all
}

// await returns when all these domains have arrived.
func (r *receiver) await(ctx context.Context, domains []string) error {
	late := time.After(alertPatient)
	for {
		seen := r.seen()
		missing := 0
		for _, domain := range domains {
			if _, there := seen[domain]; !there {
				missing++
			}
		}
		if missing == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-late:
			return errors.New("hits did not arrive at the webhook")
		case <-r.news:
		}
	}
}

// deadChannel measures whether a mail server that answers nothing, with 50,000
// messages waiting for it, costs scanning anything.
func (b bench) deadChannel(ctx context.Context, entries, waiting int) error {
	var took [2]usage
	for i, n := range []int{0, waiting} {
		var err error
		if took[i], err = b.scanBeside(ctx, entries, n); err != nil {
			return err
		}
	}
	fmt.Fprintf(b.out, "\nscanning %d entries, marks all, beside a dead mail server\n", entries)
	fmt.Fprintf(b.out, "  nothing waiting       %8.0f entries per CPU second  (%.1f CPU s, %.1f s)\n", perSecond(uint64(entries), took[0].cpu), took[0].cpu.Seconds(), took[0].wall.Seconds())
	fmt.Fprintf(b.out, "  %6d waiting        %8.0f entries per CPU second  (%.1f CPU s, %.1f s): %+.1f %%\n", waiting, perSecond(uint64(entries), took[1].cpu), took[1].cpu.Seconds(), took[1].wall.Seconds(),
		100*(took[0].cpu.Seconds()/took[1].cpu.Seconds()-1))
	return nil
}

// scanBeside follows a log until it is read, with so many messages waiting.
func (b bench) scanBeside(ctx context.Context, entries, waiting int) (usage, error) {
	log, end, err := startLog(ctx, entries, 1)
	if err != nil {
		return usage{}, err
	}
	defer end()
	dir, err := os.MkdirTemp("", "markwatch-bench")
	if err != nil {
		return usage{}, err
	}
	defer os.RemoveAll(dir)
	if err := fillOutbox(ctx, filepath.Join(dir, "store"), waiting); err != nil {
		return usage{}, err
	}
	dead, err := net.Listen("tcp", "127.0.0.1:0") // it takes connections and says nothing
	if err != nil {
		return usage{}, err
	}
	defer dead.Close()
	health, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return usage{}, err
	}
	address := health.Addr().String()
	health.Close()
	config := filepath.Join(dir, "markwatch.yaml")
	text := fmt.Sprintf("store: %s\ncontact: bench@example.test\nrate: 100000\nlisten: %s\nlogs:\n  - {name: bench, url: %q, key: %s}\nalert:\n  email: {name: dead, smtp: %q, tls: none, from: a@example.test, to: [b@example.test]}\n",
		filepath.Join(dir, "store"), address, log.URL, log.Key, "smtp://"+dead.Addr().String())
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		return usage{}, err
	}
	watch := exec.CommandContext(ctx, b.markwatch, "--config", config, "--log-level", "error", "watch")
	go func() {
		for ctx.Err() == nil && !readWhole(address, log.Entries) {
			time.Sleep(100 * time.Millisecond)
		}
		_ = watch.Process.Signal(syscall.SIGTERM) // it has done its part
	}()
	return measure(watch)
}

// readWhole tells whether a running watch has stored so many entries.
func readWhole(address string, entries uint64) bool {
	answer, err := http.Get("http://" + address + "/healthz")
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	var health struct {
		Logs []struct {
			Position uint64 `json:"position"`
		} `json:"logs"`
	}
	return json.NewDecoder(answer.Body).Decode(&health) == nil && len(health.Logs) == 1 && health.Logs[0].Position >= entries
}

// fillOutbox writes messages that wait for the channel called dead.
func fillOutbox(ctx context.Context, dir string, n int) error {
	st, err := store.Open(ctx, store.Options{DSN: dir})
	if err != nil {
		return err
	}
	now := time.Now().UTC()
	var all []store.Delivery
	for i := range n {
		all = append(all, store.Delivery{
			ID: fmt.Sprintf("%064x", i+1), Channel: "dead", Kind: "test", State: store.DeliveryWaiting, Queue: uint64(i + 1), From: now, To: now, MadeAt: now, DueAt: now, At: now,
		})
	}
	return errors.Join(st.SaveDeliveries(ctx, all), st.Close())
}

// sending measures how many messages a second reach a webhook that takes all.
func (b bench) sending(ctx context.Context, messages int) error {
	dir, err := os.MkdirTemp("", "markwatch-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := fillOutbox(ctx, filepath.Join(dir, "store"), messages); err != nil {
		return err
	}
	log, end, err := startLog(ctx, 10, 1)
	if err != nil {
		return err
	}
	defer end()
	taken := make(chan struct{}, messages)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { taken <- struct{}{} })}
	defer server.Close()
	go func() { _ = server.Serve(listener) }() // it ends with the measurement
	config := filepath.Join(dir, "markwatch.yaml")
	text := fmt.Sprintf("store: %s\ncontact: bench@example.test\nlogs:\n  - {name: bench, url: %q, key: %s}\nalert:\n  webhooks: [{name: dead, url: %q, secret: whsec_%s, allow_private: true}]\n",
		filepath.Join(dir, "store"), log.URL, log.Key, "http://"+listener.Addr().String(), base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 32)))
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		return err
	}
	used, err := measure(exec.CommandContext(ctx, b.markwatch, "--config", config, "--log-level", "error", "watch", "--once"))
	if err != nil {
		return err
	}
	fmt.Fprintf(b.out, "\nsending: %d of %d messages taken by a webhook in %.1f s, %.1f CPU s: %.0f a second\n", len(taken), messages, used.wall.Seconds(), used.cpu.Seconds(), float64(len(taken))/used.wall.Seconds())
	return nil
}
