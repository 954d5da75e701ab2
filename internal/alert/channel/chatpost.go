package channel

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/nicholas-fedor/shoutrrr/pkg/services/chat/telegram"
)

// watcher makes the requests of one message, one after the other, and remembers
// the first that failed. It is its sender's until that returns.
type watcher struct {
	ctx  context.Context // services of shoutrrr take none
	base http.RoundTripper

	err    error         // why there was no answer
	status int           // of an answer that is none of success; 0: none was
	after  time.Duration // that it asks to wait
	body   []byte        // the start of it
}

// failed tells whether a request failed.
func (w *watcher) failed() bool { return w.err != nil || w.status != 0 }

// RoundTrip makes a request that ends with the message's context.
func (w *watcher) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := w.base.RoundTrip(req.WithContext(w.ctx))
	if err != nil {
		if w.ctx.Err() != nil {
			err = context.Cause(w.ctx)
		}
		if !w.failed() {
			w.err = err
		}
		return nil, err
	}
	if resp.StatusCode >= 300 && !w.failed() {
		w.status, w.after = resp.StatusCode, retryAfter(resp.Header.Get("Retry-After"), time.Now())
		w.body, _ = io.ReadAll(io.LimitReader(resp.Body, keepAnswer))
	}
	resp.Body = limited{io.LimitReader(resp.Body, maxAnswer), resp.Body}
	return resp, nil
}

// limited is a body that ends.
type limited struct {
	io.Reader
	io.Closer
}

// post sends JSON; the watcher knows what came of it.
func (w *watcher) post(address string, payload any) error {
	text, err := json.Marshal(payload)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(w.ctx, http.MethodPost, address, bytes.NewReader(text))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "markwatch")
	resp, err := w.RoundTrip(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body) // so that the connection can be used again
	if w.failed() {
		return errAnswered
	}
	return nil
}

// telegramSender sends to Telegram with shoutrrr's address and payload, but not
// by its client, which takes a network that is down, and an answer that isn't
// JSON, for success.
func telegramSender(u *url.URL) (sender, error) {
	var s telegram.Service
	if err := s.Initialize(u, nil); err != nil {
		return nil, fmt.Errorf("url isn't one of the service telegram: %w", conceal(err, u.String()))
	}
	c := s.GetConfig()
	address := "https://api.telegram.org/bot" + c.Token + "/sendMessage"
	return func(w *watcher, title, body string) error {
		for _, chat := range c.Chats {
			payload := telegram.SendMessagePayload{
				Text: "<b>" + telegramHTML(title) + "</b>\n" + telegramHTML(body), ParseMode: "HTML",
				DisablePreview: !c.Preview, DisableNotification: !c.Notification,
			}
			var thread string
			payload.ID, thread, _ = strings.Cut(chat, ":")
			if n, err := strconv.Atoi(thread); err == nil {
				payload.MessageThreadID = &n
			}
			if err := w.post(address, payload); err != nil {
				w.heed()
				return err
			}
		}
		return nil
	}, nil
}

// code is what a text shows as a program's.
var code = regexp.MustCompile("`([^`\n]+)`")

// telegramHTML writes a text as Telegram's HTML.
func telegramHTML(s string) string {
	return code.ReplaceAllString(html.EscapeString(s), "<code>$1</code>")
}

// heed reads how long Telegram wants to be left alone: it says so in the body.
func (w *watcher) heed() {
	var answer struct {
		Parameters struct {
			RetryAfter uint16 `json:"retry_after"`
		} `json:"parameters"`
	}
	if json.Unmarshal(w.body, &answer) == nil && w.after == 0 {
		w.after = time.Duration(answer.Parameters.RetryAfter) * time.Second
	}
}

// workflowSender sends to a workflow of Teams, which took the place of its
// connectors: teams+https:// and the address that the workflow shows. shoutrrr
// knows the connectors alone.
func workflowSender(u *url.URL) (sender, error) {
	if u.Hostname() == "" || u.User != nil {
		return nil, errors.New("url isn't one of a workflow of Teams: it must be teams+https:// and the address that the workflow shows, after its https://")
	}
	to := *u
	to.Scheme = "https"
	return func(w *watcher, title, body string) error { return w.post(to.String(), workflowCard(title, body)) }, nil
}

// workflowCard is an Adaptive Card as a workflow takes it.
func workflowCard(title, body string) any {
	type object = map[string]any
	blocks := []object{{"type": "TextBlock", "text": title, "weight": "bolder", "size": "medium", "wrap": true}}
	for line := range strings.Lines(body) {
		if line = strings.TrimSpace(line); line != "" {
			blocks = append(blocks, object{"type": "TextBlock", "text": line, "wrap": true, "spacing": "small"})
		}
	}
	return object{"type": "message", "attachments": []object{{
		"contentType": "application/vnd.microsoft.card.adaptive",
		"content": object{
			"$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard", "version": "1.4", "body": blocks,
		},
	}}}
}
