package channel_test

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"markwatch/internal/alert/channel"
	"markwatch/internal/alert/notice"
)

// secretOf makes a secret of one letter.
func secretOf(letter string) channel.Secret {
	return channel.Secret("whsec_" + base64.StdEncoding.EncodeToString([]byte(strings.Repeat(letter, 32))))
}

// hookTo opens a webhook to a server of the test.
func hookTo(t testing.TB, url string, c channel.Webhook) channel.Channel {
	t.Helper()
	c.URL, c.AllowPrivate = channel.Secret(url), true
	if c.Secret == "" && c.Authorization == "" {
		c.Secret = secretOf("a")
	}
	if c.Timeout == 0 {
		c.Timeout = 20 * time.Second
	}
	return one(t, channel.Config{Webhooks: []channel.Webhook{c}})
}

// TestWebhook guards that the verifier of Standard Webhooks accepts what is
// posted, by the secret and by the one before, and by no other.
func TestWebhook(t *testing.T) {
	m := message("a1")
	wants := map[string]func(*notice.Message) ([]byte, error){"": notice.JSON, "json": notice.JSON, "misp": notice.MISP, "stix": notice.STIX}
	for format, encode := range wants {
		var (
			header http.Header
			body   []byte
		)
		server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			header = r.Header
			body, _ = io.ReadAll(r.Body)
			if r.Method != http.MethodPost || r.URL.RequestURI() != "/hooks?key=1" {
				t.Errorf("%s %s", r.Method, r.URL)
			}
			w.WriteHeader(http.StatusAccepted)
		}))
		defer server.Close()
		ch := hookTo(t, server.URL+"/hooks?key=1", channel.Webhook{Format: format, PreviousSecret: secretOf("b"), CAFile: caFile(t, server.Certificate())})
		if err := ch.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		want, err := encode(m)
		if err != nil || !cmp.Equal(body, want) {
			t.Errorf("%s: the body differs from what was to be sent (%v): %s", format, err, body)
		}
		for letter, good := range map[string]bool{"a": true, "b": true, "c": false} {
			wh, err := standardwebhooks.NewWebhook(string(secretOf(letter)))
			if err != nil {
				t.Fatal(err)
			}
			if err := wh.Verify(body, header); (err == nil) != good {
				t.Errorf("%s: the secret of %s verifies: %v, want %v", format, letter, err, good)
			}
		}
		if header.Get("webhook-id") != m.ID {
			t.Errorf("webhook-id %q, want %q", header.Get("webhook-id"), m.ID)
		}
		if mediaType := map[string]string{"stix": "application/stix+json;version=2.1"}[format]; mediaType != "" && header.Get("Content-Type") != mediaType {
			t.Errorf("%s: content type %q", format, header.Get("Content-Type"))
		}
	}
}

// TestWebhookAuthorization guards that a receiver which wants a header gets it,
// and no signature that it didn't ask for.
func TestWebhookAuthorization(t *testing.T) {
	var header http.Header
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { header = r.Header }))
	defer server.Close()
	ch := hookTo(t, server.URL, channel.Webhook{Authorization: "Bearer abcdefgh"})
	if err := ch.Send(t.Context(), message("a1")); err != nil {
		t.Fatal(err)
	}
	if header.Get("Authorization") != "Bearer abcdefgh" || header.Get("webhook-signature") != "" {
		t.Errorf("got %v", header)
	}
}

// TestWebhookAnswers guards what each answer means.
func TestWebhookAnswers(t *testing.T) {
	for _, c := range []struct {
		status     int
		retryAfter string
		want       string
		after      time.Duration
	}{
		{200, "", "", 0}, {204, "", "", 0}, {299, "", "", 0},
		{301, "", "retry", 0}, {308, "", "retry", 0},
		{400, "", "refused", 0}, {401, "", "refused", 0}, {404, "", "refused", 0}, {422, "9", "refused", 0},
		{408, "", "retry", 0}, {410, "", "gone", 0}, {425, "", "retry", 0}, {429, "120", "retry", 2 * time.Minute},
		{500, "", "retry", 0}, {503, "3", "retry", 3 * time.Second}, {503, "soon", "retry", 0}, {503, "99999999", "retry", 24 * time.Hour},
	} {
		t.Run(fmt.Sprint(c.status, c.retryAfter), func(t *testing.T) {
			asked := 0
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				asked++
				w.Header().Set("Location", "/elsewhere")
				w.Header().Set("Retry-After", c.retryAfter)
				w.WriteHeader(c.status)
				if c.status > 204 {
					fmt.Fprint(w, "because\nof \x1b[31mthis")
				}
			}))
			defer server.Close()
			err := hookTo(t, server.URL+"/T0PSECRET", channel.Webhook{}).Send(t.Context(), message("a1"))
			checkError(t, err, c.want, "because of [31mthis")
			if asked != 1 {
				t.Errorf("asked %d times", asked)
			}
			var retry *channel.RetryError
			if errors.As(err, &retry) && retry.After != c.after {
				t.Errorf("after %s, want %s", retry.After, c.after)
			}
			if err != nil && strings.Contains(err.Error(), "T0PSECRET") {
				t.Errorf("the address is in the error: %v", err)
			}
		})
	}
}

// TestWebhookHostile guards that endless, slow and huge answers end.
func TestWebhookHostile(t *testing.T) {
	for _, c := range []struct {
		name   string
		handle func(w http.ResponseWriter, r *http.Request)
		want   string
		words  string
	}{
		{"endless body", func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write(make([]byte, 1<<16)); err != nil {
					return
				}
			}
		}, "", ""},
		{"body that stops", func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusServiceUnavailable)
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}, "retry", "503"},
		{"no answer", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "retry", "no answer within 300ms"},
		{"huge headers", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Huge", strings.Repeat("x", 1<<20))
			w.WriteHeader(http.StatusOK)
		}, "retry", "header"},
		{"hangs up", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "retry", "EOF"},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body) // then the server sees the client leave
				c.handle(w, r)
			}))
			defer server.Close()
			limit := 20 * time.Second
			if strings.Contains(c.words, "300ms") {
				limit = 300 * time.Millisecond
			}
			checkError(t, hookTo(t, server.URL, channel.Webhook{Timeout: limit}).Send(t.Context(), message("a1")), c.want, c.words)
		})
	}
}

// TestWebhookTLS guards that old TLS and unknown authorities are not taken.
func TestWebhookTLS(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	server.TLS = &tls.Config{MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	checkError(t, hookTo(t, server.URL, channel.Webhook{CAFile: caFile(t, server.Certificate())}).Send(t.Context(), message("a")), "retry", "version")
	good := httptest.NewUnstartedServer(server.Config.Handler)
	good.Config.ErrorLog = server.Config.ErrorLog
	good.StartTLS()
	defer good.Close()
	checkError(t, hookTo(t, good.URL, channel.Webhook{}).Send(t.Context(), message("a")), "retry", "certificate")
}

// TestWebhookCancelled guards that a caller who gives up is obeyed.
func TestWebhookCancelled(t *testing.T) {
	began := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		close(began)
		<-r.Context().Done()
	}))
	defer server.Close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-began
		cancel()
	}()
	err := hookTo(t, server.URL, channel.Webhook{}).Send(ctx, message("a"))
	if checkError(t, err, "retry", "canceled"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestWebhookPrivate guards that a webhook reaches nothing of this machine or its
// networks, also by a name that resolves there, nor a proxy of the environment.
func TestWebhookPrivate(t *testing.T) {
	asked := false
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer server.Close()
	_, port, _ := strings.Cut(strings.TrimPrefix(server.URL, "https://"), ":")
	t.Setenv("HTTPS_PROXY", "http://127.0.0.1:"+port)
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]", "0.0.0.0", "169.254.169.254", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]"} {
		ch := one(t, channel.Config{Webhooks: []channel.Webhook{{URL: channel.Secret("https://" + host + ":" + port), Secret: secretOf("a"), Timeout: 5 * time.Second}}})
		checkError(t, ch.Send(t.Context(), message("a")), "retry", "private network")
	}
	if asked {
		t.Error("it was reached")
	}
}

// TestPublic guards which addresses are on the Internet.
func TestPublic(t *testing.T) {
	for address, want := range map[string]bool{
		"9.9.9.9": true, "93.184.216.34": true, "2606:2800:220:1::1": true, "172.15.0.1": true, "100.128.0.1": true,
		"127.0.0.1": false, "10.1.2.3": false, "172.31.0.1": false, "192.168.0.1": false, "169.254.169.254": false, "100.100.100.200": false, "0.1.2.3": false, "0.0.0.0": false,
		"255.255.255.255": false, "224.0.0.1": false, "198.19.0.1": false, "240.0.0.1": false, "192.0.2.7": false,
		"::": false, "::1": false, "::127.0.0.1": false, "fe80::1": false, "fe80::1%eth0": false, "fd00:ec2::254": false, "fec0::1": false, "ff02::1": false, "2002:7f00:1::": false, "2001:db8::1": false,
		"::ffff:10.0.0.1": false, "::ffff:9.9.9.9": true, "64:ff9b::a00:1": false,
	} {
		if got := channel.Public(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: %v, want %v", address, got, want)
		}
	}
}

// TestWebhookConnection guards that messages share a connection.
func TestWebhookConnection(t *testing.T) {
	peers := map[string]bool{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		peers[r.RemoteAddr] = true
		fmt.Fprint(w, "thank you")
	}))
	defer server.Close()
	ch := hookTo(t, server.URL, channel.Webhook{})
	for range 5 {
		if err := ch.Send(t.Context(), message("a")); err != nil {
			t.Fatal(err)
		}
	}
	if len(peers) != 1 {
		t.Errorf("%d connections, want 1", len(peers))
	}
}

// TestRetryAfter guards the forms in which servers ask to wait.
func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 3, 5, 9, 30, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"": 0, "0": 0, " 7 ": 7 * time.Second, "-7": 0, "1.5": 0, "soon": 0, "86401": 24 * time.Hour, "99999999999999999999": 0,
		"Thu, 05 Mar 2026 09:31:00 GMT": time.Minute, "Thu, 05 Mar 2026 09:31:00 UTC": time.Minute, "Thu, 05 Mar 2026 09:29:00 GMT": 0, "Fri, 05 Mar 2027 09:29:00 GMT": 24 * time.Hour,
	} {
		if got := channel.RetryAfter(value, now); got != want {
			t.Errorf("%q: %s, want %s", value, got, want)
		}
	}
}

// FuzzAnswer guards what is quoted of an answer: one line, valid, not long, and
// nothing of the address.
func FuzzAnswer(f *testing.F) {
	f.Add("ok", "5")
	f.Add("a\r\nb\x00\x1b[2J\u202e\xff", "Thu, 05 Mar 2026 09:31:00 UTC")
	f.Add(`Post "https://hooks.example.com/T0PSECRET?x=1": refused`, "9999999999")
	f.Fuzz(func(t *testing.T, said, after string) {
		if d := channel.RetryAfter(after, time.Now()); d < 0 || d > 24*time.Hour {
			t.Errorf("to wait %s", d)
		}
		for _, got := range []string{channel.OneLine(said), channel.Conceal(said, "slack://hook:T0PSECRET@webhook")} {
			if len(got) > 310 || strings.ToValidUTF8(got, "") != got || strings.ContainsFunc(got, func(r rune) bool { return r < ' ' || r == 0x7f || r == 0x202e }) {
				t.Errorf("%q", got)
			}
		}
		if got := channel.Conceal(said, "slack://hook:T0PSECRET@webhook"); strings.Contains(got, "T0PSECRET") {
			t.Errorf("%q", got)
		}
	})
}
