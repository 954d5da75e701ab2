package main

import (
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"markwatch/internal/alert"
	"markwatch/internal/ctlogtest"
	"markwatch/internal/marktest"
)

// desk is a webhook's receiver. It verifies signatures with the library of those
// who wrote the specification.
type desk struct {
	*httptest.Server
	verifier *standardwebhooks.Webhook
	secret   string

	mu      sync.Mutex
	refuse  func(n int) int // status of the answer to the n-th request; nil: 200
	asked   int
	wrong   []string
	domains map[string]bool            // of hits that were told
	ids     map[string]map[string]bool // of the messages that told of each hit, by its id
	alarms  []string
	news    chan struct{}
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{secret: "whsec_" + base64.StdEncoding.EncodeToString([]byte("thirty-two bytes for the tests..")), domains: map[string]bool{}, ids: map[string]map[string]bool{}, news: make(chan struct{}, 1)}
	var err error
	if d.verifier, err = standardwebhooks.NewWebhook(d.secret); err != nil {
		t.Fatal(err)
	}
	d.Server = httptest.NewServer(d)
	t.Cleanup(d.Close)
	return d
}

// config is the webhook's line in the configuration.
func (d *desk) config(name string) string {
	return fmt.Sprintf("{name: %s, url: %q, secret: %s, allow_private: true}", name, d.URL+"/hook", d.secret)
}

func (d *desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked++
	if d.refuse != nil {
		if status := d.refuse(d.asked); status != http.StatusOK {
			w.WriteHeader(status)
			return
		}
	}
	var message struct {
		ID    string `json:"id"`
		Alarm *struct {
			Kind string `json:"kind"`
			Log  string `json:"log"`
		} `json:"alarm"`
		Hits []struct {
			ID          string `json:"id"`
			Certificate struct {
				Domains []string `json:"domains"`
			} `json:"certificate"`
		} `json:"hits"`
	}
	for _, err := range []error{err, d.verifier.Verify(body, r.Header), json.Unmarshal(body, &message)} {
		if err != nil {
			d.wrong = append(d.wrong, err.Error())
		}
	}
	if message.ID != r.Header.Get("webhook-id") {
		d.wrong = append(d.wrong, "the id in the body is "+message.ID)
	}
	for _, h := range message.Hits {
		if d.ids[h.ID] == nil {
			d.ids[h.ID] = map[string]bool{}
		}
		d.ids[h.ID][message.ID] = true
		for _, domain := range h.Certificate.Domains {
			d.domains[domain] = true
		}
	}
	if message.Alarm != nil {
		d.alarms = append(d.alarms, message.Alarm.Kind+" "+message.Alarm.Log)
	}
	select {
	case d.news <- struct{}{}:
	default:
	}
}

// await returns when done is true of the desk.
func (d *desk) await(t *testing.T, what string, done func() bool) {
	t.Helper()
	late := time.After(2 * time.Minute)
	for {
		d.mu.Lock()
		ok := done()
		d.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-d.news:
		case <-late:
			t.Fatalf("not within two minutes: %s; heard of %v, %v", what, d.domains, d.alarms)
		}
	}
}

// impostor is a certificate for a domain that holds a watched one's name.
func impostor(l *ctlogtest.Log, ca *marktest.CA, n int) string {
	domain := fmt.Sprintf("quellory-%s.example", inventedName(n+50))
	domain = strings.ToLower(domain)
	spec := marktest.Registered("Impostor "+inventedName(n+50)+" Ltd", domain, uint64(70_000+n))
	addPair(l, ca, spec)
	l.Publish()
	return domain
}

// TestHitsAreTold follows hits from a log to a webhook that fails now and then,
// of a watch that is killed now and then: what was there before is not told, what
// comes is, under one id each.
func TestHitsAreTold(t *testing.T) {
	t.Parallel()
	r, desk := newRig(t), newDesk(t)
	r.config = "contact: test@example.test\nrate: 10000\npoll: 20ms\nlisten: \"\"\nalert:\n  storm: 1000\n  webhooks: [" + desk.config("desk") + "]\nlogs:\n"
	l, ca := ctlogtest.New(ctlogtest.Options{Name: "larkspur"}), marktest.NewCA("Alert Test CA")
	old := impostor(l, ca, 0)
	r.serve(l)
	r.run(exitDone, "markwatch", "watch", "--once")
	r.run(exitDone, "markwatch", "watchlist", "add", "domain", "quellory.example", "--list", "quellory")
	// What an item finds when it is added is shown and not sent, unless one asks for it.
	watch := r.start("markwatch", "watch")
	later := impostor(l, ca, 100)
	watch.waitFor("matched", 1)
	watch.kill()
	r.run(exitDone, "markwatch", "watchlist", "add", "domain", strings.TrimSuffix(later, ".example")+".test", "--list", "late")
	if quiet := r.run(exitDone, "markwatch", "alerts", "deliveries", "--state", "quiet").stdout.String(); !strings.Contains(quiet, alert.QuietAdded) {
		t.Errorf("what an item found when it was added is not shown as kept from being sent:\n%s", quiet)
	}
	desk.refuse = func(n int) int {
		if n%3 == 0 {
			return http.StatusServiceUnavailable
		}
		return http.StatusOK
	}
	want := map[string]bool{later: true}
	for n := range 4 {
		want[impostor(l, ca, 1+2*n)] = true
		watch := r.start("markwatch", "watch")
		want[impostor(l, ca, 2+2*n)] = true
		watch.waitFor("matched", 1)
		watch.kill()
	}
	watch = r.start("markwatch", "watch")
	desk.await(t, "every hit is told", func() bool {
		for domain := range want {
			if !desk.domains[domain] {
				return false
			}
		}
		return true
	})
	watch.kill()
	if len(desk.wrong) > 0 {
		t.Errorf("messages that are not as they should be: %q", desk.wrong)
	}
	if desk.domains[old] {
		t.Errorf("what was there before anyone watched was told: %s", old)
	}
	for hit, ids := range desk.ids {
		if len(ids) != 1 {
			t.Errorf("the hit %s was told under %d ids", hit, len(ids))
		}
	}
}

// TestAlarmsAreTold lets a log show two trees, and looks at what the operator
// and the reader of a feed get.
func TestAlarmsAreTold(t *testing.T) {
	t.Parallel()
	r, desk := newRig(t), newDesk(t)
	const secret = "feed-secret-of-the-tests"
	address := freeAddress(t)
	r.config = "contact: test@example.test\nrate: 10000\npoll: 20ms\nlisten: " + address + "\nalert:\n  feed_secret: " + secret + "\n  webhooks: [" + desk.config("desk") + "]\nlogs:\n"
	l := ctlogtest.New(ctlogtest.Options{Name: "larkspur"})
	fill(l, 1)
	shown := r.serve(l)
	watch := r.start("markwatch", "watch")
	watch.waitFor("matched", 1)
	feed := get(t, "http://"+address+"/feeds/"+secret, http.StatusOK)
	var atom struct {
		XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
		Entries []struct {
			ID string `xml:"id"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal(feed, &atom); err != nil || len(atom.Entries) == 0 {
		t.Errorf("the feed has %d entries, %v", len(atom.Entries), err)
	}
	get(t, "http://"+address+"/feeds/another-secret-than-that", http.StatusNotFound)
	var hit struct {
		ID string `json:"id"`
	}
	listed := r.run(exitDone, "markwatch", "alerts", "list", "--format", "ndjson", "--limit", "1").stdout.Bytes()
	if err := json.Unmarshal(listed, &hit); err != nil {
		t.Fatalf("%s: %v", listed, err)
	}
	if page := get(t, "http://"+address+"/feeds/"+secret+"/hit/"+hit.ID, http.StatusOK); !strings.Contains(string(page), hit.ID) || strings.Contains(string(page), "<script") {
		t.Errorf("the page of hit %s:\n%.500s", hit.ID, page)
	}
	get(t, "http://"+address+"/feeds/"+secret+"/hit/"+strings.Repeat("0", 64), http.StatusNotFound)

	fork := forked(l, l.Size()/2, 200)
	shown.show(fork)
	// A slow machine gives another alarm the time to come first: some entries are unreadable.
	told := func() (n int) {
		for _, alarm := range desk.alarms {
			if alarm == "fork larkspur" {
				n++
			}
		}
		return n
	}
	desk.await(t, "the operator hears of the fork", func() bool { return told() > 0 })
	watch.kill()
	shown.show(l)
	r.run(exitDone, "markwatch", "logs", "resume", "larkspur")
	watch = r.start("markwatch", "watch")
	desk.await(t, "the operator hears that it is over", func() bool { return told() > 1 })
	watch.kill()
	if len(desk.wrong) > 0 {
		t.Errorf("messages that are not as they should be: %q", desk.wrong)
	}
}

// freeAddress is one on this machine at which nobody listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	return server.Listener.Addr().String()
}

// get asks for a page and wants this status.
func get(t *testing.T, url string, status int) []byte {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != status {
		t.Fatalf("%s: %s, want %d; %v\n%.300s", url, answer.Status, status, err, body)
	}
	return body
}

// TestTemplatesAndPreview changes a template, and breaks one.
func TestTemplatesAndPreview(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.config = "contact: test@example.test\nrate: 10000\npoll: 20ms\nlisten: \"\"\nalert:\n  templates: templates\nlogs:\n"
	r.serve(ctlogtest.New(ctlogtest.Options{Name: "larkspur"}))
	r.run(exitDone, "markwatch", "alerts", "templates", "templates")
	r.run(exitFailed, "markwatch", "alerts", "templates", "templates")
	subject := filepath.Join(r.dir, "templates", "subject.txt")
	if err := os.WriteFile(subject, []byte("{{.Nothing}}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if broken := r.run(exitFailed, "markwatch", "alerts", "channels").said(); !strings.Contains(broken, "subject.txt:1") {
		t.Errorf("a template with a mistake: %s", broken)
	}
}
