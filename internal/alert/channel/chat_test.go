package channel_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"markwatch/internal/alert/channel"
	"markwatch/internal/alert/notice"
)

// service is a chat service in process.
type service struct {
	*httptest.Server
	answer http.HandlerFunc // nil: 200

	mu   sync.Mutex
	asks []ask
}

// ask is a request that a service got.
type ask struct {
	url    string // as the client meant it
	header http.Header
	body   string
}

func newService(t *testing.T, answer http.HandlerFunc) *service {
	s := &service{answer: answer}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		s.asks = append(s.asks, ask{r.Header.Get("X-Meant"), r.Header, string(body)})
		s.mu.Unlock()
		if s.answer != nil {
			s.answer(w, r)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

// RoundTrip brings a request for any host to the service.
func (s *service) RoundTrip(r *http.Request) (*http.Response, error) {
	to, err := url.Parse(s.URL)
	if err != nil {
		return nil, err
	}
	r2 := r.Clone(r.Context())
	r2.Header.Set("X-Meant", r.URL.String())
	r2.URL.Scheme, r2.URL.Host, r2.Host = to.Scheme, to.Host, to.Host
	return s.Client().Transport.RoundTrip(r2)
}

// all are the requests so far.
func (s *service) all() []ask {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]ask(nil), s.asks...)
}

// chatTo opens a chat whose requests, and those of the default transport, which
// some services can't be kept from, go to s.
func chatTo(t *testing.T, s http.RoundTripper, address string, timeout time.Duration) channel.Channel {
	t.Helper()
	before := http.DefaultTransport
	http.DefaultTransport = s
	t.Cleanup(func() { http.DefaultTransport = before })
	ch := one(t, channel.Config{Chats: []channel.Chat{{URL: channel.Secret(address), Timeout: timeout}}})
	channel.SetTransport(ch, s)
	return ch
}

// Addresses of each service, with what is secret in it.
const (
	secretPart  = "T0PSECRETT0PSECRETT0PSEC"
	slackURL    = "slack://hook:T00000000-B00000000-" + secretPart + "@webhook"
	discordURL  = "discord://" + secretPart + "@123456789"
	teamsURL    = "teams://11111111-4444-4444-8444-cccccccccccc@22222222-4444-4444-8444-cccccccccccc/33333333012222222222333333333344/44444444-4444-4444-8444-cccccccccccc/" + secretPart + "?host=example.webhook.office.com"
	workflowURL = "teams+https://prod-1.example.com:443/workflows/1/triggers/manual/paths/invoke?sig=" + secretPart
	ntfyURL     = "ntfy://reader:" + secretPart + "@ntfy.example.com/marks?priority=high"
	mattermost  = "mattermost://watch@chat.example.com/" + secretPart + "/alerts"
	telegramURL = "telegram://123456789:AAAAAAAAAAA" + secretPart + "@telegram?chats=@marks,-100:7"
)

// TestChats guards the JSON that services get.
func TestChats(t *testing.T) {
	m := message("a1")
	title, body := notice.Chat(m)
	type object = map[string]any
	lines := strings.Split(strings.ReplaceAll(body, "\n\n", "\n"), "\n")
	each := func(f func(line string) object) (all []any) {
		for _, line := range lines {
			all = append(all, f(line))
		}
		return all
	}
	for _, c := range []struct {
		name, address, ok, to string
		want                  any
	}{
		{"slack", slackURL, "ok", "https://hooks.slack.com/services/T00000000/B00000000/" + secretPart, object{"text": title, "attachments": each(func(l string) object { return object{"text": l} })}},
		{"teams", teamsURL, "1", "https://example.webhook.office.com/webhookb2/", object{
			"@type": "MessageCard", "@context": "http://schema.org/extensions", "markdown": true, "title": title, "summary": title, "sections": each(func(l string) object { return object{"text": l} }),
		}},
		{"workflow", workflowURL, "", "https://prod-1.example.com:443/workflows/1/triggers/manual/paths/invoke?sig=" + secretPart, object{"type": "message", "attachments": []any{object{
			"contentType": "application/vnd.microsoft.card.adaptive", "content": object{
				"$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard", "version": "1.4",
				"body": append([]any{object{"type": "TextBlock", "text": title, "weight": "bolder", "size": "medium", "wrap": true}}, each(func(l string) object {
					return object{"type": "TextBlock", "text": l, "wrap": true, "spacing": "small"}
				})...),
			},
		}}}},
		{"mattermost", mattermost, "ok", "https://chat.example.com/hooks/" + secretPart, object{"text": title + "\n" + body, "username": "watch", "channel": "alerts"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newService(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, c.ok) })
			if err := chatTo(t, s, c.address, time.Minute).Send(t.Context(), m); err != nil {
				t.Fatal(err)
			}
			got := s.all()
			if len(got) == 0 || !strings.HasPrefix(got[0].url, c.to) {
				t.Fatalf("got %+v, want one to %s", got, c.to)
			}
			var payload object
			if err := json.Unmarshal([]byte(got[0].body), &payload); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, any(payload)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestTelegram guards what each chat of an address gets.
func TestTelegram(t *testing.T) {
	s := newService(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"ok":true,"result":{}}`) })
	m := message("a1")
	if err := chatTo(t, s, telegramURL, time.Minute).Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	title, body := notice.Chat(m)
	escape := strings.NewReplacer("'", "&#39;", "`misavu-secure.com`", "<code>misavu-secure.com</code>").Replace
	type object = map[string]any
	want := object{
		"chat_id": "@marks", "text": "<b>" + escape(title) + "</b>\n" + escape(body), "parse_mode": "HTML",
		"disable_web_page_preview": false, "disable_notification": false, "reply_to_message_id": 0.0,
	}
	second := maps.Clone(want)
	second["chat_id"], second["message_thread_id"] = "-100", 7.0
	var got []object
	for _, ask := range s.all() {
		if ask.url != "https://api.telegram.org/bot123456789:AAAAAAAAAAA"+secretPart+"/sendMessage" {
			t.Errorf("sent to %s", ask.url)
		}
		var payload object
		if err := json.Unmarshal([]byte(ask.body), &payload); err != nil {
			t.Fatal(err)
		}
		got = append(got, payload)
	}
	if diff := cmp.Diff([]object{want, second}, got); diff != "" {
		t.Error(diff)
	}
}

// TestNtfy guards the text and headers that ntfy gets, and that a second message
// has its own title: a service that is used again keeps the first one's.
func TestNtfy(t *testing.T) {
	s := newService(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "{}") })
	ch := chatTo(t, s, ntfyURL, time.Minute)
	for i, kind := range []notice.Kind{notice.KindHit, notice.KindAlarm} {
		if err := ch.Send(t.Context(), notice.Sample(kind)); err != nil {
			t.Fatal(err)
		}
		title, body := notice.Chat(notice.Sample(kind))
		got := s.all()[i]
		if got.url != "https://ntfy.example.com/marks" || got.body != body || got.header.Get("Title") != title || got.header.Get("Priority") != "High" {
			t.Errorf("got %+v", got)
		}
	}
}

// TestDiscord guards the embed that Discord gets.
func TestDiscord(t *testing.T) {
	s := newService(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	m := message("a1")
	if err := chatTo(t, s, discordURL, time.Minute).Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	title, body := notice.Chat(m)
	var payload struct {
		Embeds []struct{ Title, Description string }
	}
	got := s.all()
	if len(got) != 1 || got[0].url != "https://discord.com/api/webhooks/123456789/"+secretPart || json.Unmarshal([]byte(got[0].body), &payload) != nil {
		t.Fatalf("got %+v", got)
	}
	var texts []string
	for _, e := range payload.Embeds {
		texts = append(texts, e.Description)
	}
	if payload.Embeds[0].Title != title || strings.Join(texts, "\n") != body {
		t.Errorf("got %s", got[0].body)
	}
}

// TestChatAnswers guards what each service's refusals mean, and that no error
// tells the address, which is all that one needs to write into the chat.
func TestChatAnswers(t *testing.T) {
	status := func(code int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(code)
			fmt.Fprint(w, body)
		}
	}
	for _, c := range []struct {
		name, address string
		answer        http.HandlerFunc
		want          string
		after         time.Duration
	}{
		{"slack archived", slackURL, status(410, "channel_is_archived"), "gone", 0},
		{"slack unknown hook", slackURL, status(404, "no_service"), "refused", 0},
		{"slack bad payload", slackURL, status(400, "invalid_payload"), "refused", 0},
		{"slack busy", slackURL, status(429, "rate_limited"), "retry", 0},
		{"slack down", slackURL, status(503, ""), "retry", 0},
		{"slack gone without words", slackURL, status(410, ""), "gone", 0},
		{"teams unknown", teamsURL, status(404, ""), "refused", 0},
		{"teams down", teamsURL, status(502, "<html>"), "retry", 0},
		{"workflow gone", workflowURL, status(410, ""), "gone", 0},
		{"workflow redirect", workflowURL, status(302, ""), "retry", 7 * time.Second},
		{"discord busy", discordURL, status(429, `{"retry_after":7}`), "retry", 7 * time.Second},
		{"discord unknown", discordURL, status(404, `{"code":10015}`), "refused", 0},
		{"discord down", discordURL, status(500, ""), "retry", 7 * time.Second},
		{"ntfy taken, not JSON", ntfyURL, status(200, "<html>"), "", 0},
		{"ntfy busy", ntfyURL, status(429, `{"code":42901,"http":429,"error":"limit reached"}`), "retry", 7 * time.Second},
		{"ntfy forbidden", ntfyURL, status(403, `{"code":40301,"http":403,"error":"forbidden"}`), "refused", 0},
		{"ntfy down", ntfyURL, status(502, "<html>"), "retry", 7 * time.Second},
		{"mattermost unknown", mattermost, status(404, "{}"), "refused", 0},
		{"mattermost down", mattermost, status(503, "{}"), "retry", 7 * time.Second},
		{"telegram blocked", telegramURL, status(403, `{"ok":false,"error_code":403,"description":"bot was blocked"}`), "refused", 0},
		{"telegram busy", telegramURL, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(429)
			fmt.Fprint(w, `{"ok":false,"error_code":429,"parameters":{"retry_after":31}}`)
		}, "retry", 31 * time.Second},
		{"telegram down, not JSON", telegramURL, status(502, "<html>"), "retry", 7 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newService(t, c.answer)
			err := chatTo(t, s, c.address, time.Minute).Send(t.Context(), message("a1"))
			checkError(t, err, c.want, "")
			if err != nil && strings.Contains(err.Error(), secretPart) {
				t.Errorf("the error tells the secret: %v", err)
			}
			var retry *channel.RetryError
			if errors.As(err, &retry) && retry.After != c.after {
				t.Errorf("after %s, want %s: %v", retry.After, c.after, err)
			}
			if n := len(s.all()); n != 1 {
				t.Errorf("%d requests, want 1", n)
			}
		})
	}
}

// broken is a network that is down.
type broken struct{}

func (broken) RoundTrip(r *http.Request) (*http.Response, error) {
	return nil, &url.Error{Op: "Post", URL: r.URL.String(), Err: errors.New("network is unreachable")}
}

// TestChatDown guards that a network that is down is no success, and that the
// error says so without the address.
func TestChatDown(t *testing.T) {
	for _, address := range []string{slackURL, teamsURL, workflowURL, discordURL, ntfyURL, mattermost, telegramURL, "rocketchat://chat.example.com/" + secretPart + "/b", "gotify://chat.example.com/A" + secretPart[:14], "generic://chat.example.com/" + secretPart, "generic+https://chat.example.com/" + secretPart, "matrix://bot:" + secretPart + "@chat.example.com/"} {
		err := chatTo(t, broken{}, address, time.Minute).Send(t.Context(), message("a1"))
		checkError(t, err, "retry", "")
		if err != nil && strings.Contains(err.Error(), secretPart[:14]) {
			t.Errorf("%.8s: the error tells the secret: %v", address, err)
		}
	}
}

// TestChatHangs guards that a service which never answers holds up one message no
// longer than its timeout, and holds no more than a few.
func TestChatHangs(t *testing.T) {
	arrived := make(chan struct{})
	s := newService(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case arrived <- struct{}{}:
			<-r.Context().Done()
		case <-r.Context().Done():
		}
	})
	ch := chatTo(t, s, slackURL, 100*time.Millisecond)
	for range 4 {
		checkError(t, ch.Send(t.Context(), message("a")), "retry", "no answer within 100ms")
		<-arrived
	}
	checkError(t, ch.Send(t.Context(), message("a")), "retry", "has not answered 4 messages")
	s.CloseClientConnections()
}

// TestChatLong guards that a long digest is no longer than what services take.
func TestChatLong(t *testing.T) {
	s := newService(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "{}") })
	m := notice.Sample(notice.KindDigest)
	for range 500 {
		m.Hits = append(m.Hits, m.Hits[0])
	}
	m.Total = 501
	if err := chatTo(t, s, telegramURL, time.Minute).Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	var payload struct{ Text string }
	if err := json.Unmarshal([]byte(s.all()[0].body), &payload); err != nil || len(payload.Text) > 4096 {
		t.Errorf("%v, %d bytes", err, len(payload.Text))
	}
}
