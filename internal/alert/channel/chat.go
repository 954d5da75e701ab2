package channel

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nicholas-fedor/shoutrrr/pkg/format"
	"github.com/nicholas-fedor/shoutrrr/pkg/router"
	"github.com/nicholas-fedor/shoutrrr/pkg/services/chat/discord"
	"github.com/nicholas-fedor/shoutrrr/pkg/services/chat/mattermost"
	"github.com/nicholas-fedor/shoutrrr/pkg/services/push/ntfy"
	"github.com/nicholas-fedor/shoutrrr/pkg/types"
	"github.com/nicholas-fedor/shoutrrr/pkg/util/jsonclient"

	"markwatch/internal/alert/notice"
)

// maxStuck bounds the messages that wait for a service which never answers: many
// services of shoutrrr can't be interrupted.
const maxStuck = 4

// chat sends to a chat service.
type chat struct {
	name    string
	url     string
	send    sender
	timeout time.Duration
	stuck   chan struct{} // a token for each message on its way
	base    http.RoundTripper
}

// sender hands a text to a service; w makes the requests of those that let it,
// and then knows more than the error.
type sender func(w *watcher, title, body string) error

// open checks the configuration.
func (c Chat) open(name string) (Channel, error) {
	text, err := readSecret("url", c.URL, c.URLFile)
	if err != nil {
		return nil, err
	}
	if text == "" {
		return nil, errors.New("url is missing: it is an address such as slack://…, discord://… or ntfy://ntfy.sh/topic; docs/channels.md lists them")
	}
	limit, err := timeout(c.Timeout, defaultTimeout)
	if err != nil {
		return nil, err
	}
	t := &http.Transport{
		Proxy: http.ProxyFromEnvironment, TLSHandshakeTimeout: limit, ForceAttemptHTTP2: true,
		MaxIdleConnsPerHost: 2, IdleConnTimeout: 30 * time.Second, MaxResponseHeaderBytes: maxAnswer,
	}
	ch := &chat{name: name, url: string(text), timeout: limit, stuck: make(chan struct{}, maxStuck), base: t}
	ch.send, err = senderFor(ch.url)
	return ch, err
}

// senderFor chooses how to send to an address, which it checks.
func senderFor(address string) (sender, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme == "" {
		return nil, errors.New("url can't be read: it must be an address such as slack://… or ntfy://ntfy.sh/topic")
	}
	scheme, _, _ := strings.Cut(u.Scheme, "+")
	switch {
	case scheme == "smtp" || scheme == "logger":
		return nil, fmt.Errorf("url begins with %s://, which is no chat: mail goes under alert.email", scheme)
	case scheme == "telegram":
		return telegramSender(u)
	case u.Scheme == "teams+https" && !strings.HasSuffix(u.Hostname(), ".webhook.office.com"):
		return workflowSender(u)
	}
	known := (&router.ServiceRouter{}).ListServices()
	if !slices.Contains(known, scheme) {
		slices.Sort(known)
		return nil, fmt.Errorf("url begins with %s://, which is no service: it can be %s", oneLine(scheme), strings.Join(known, ", "))
	}
	if _, err := service(address, false); err != nil {
		return nil, fmt.Errorf("url isn't one of the service %s: %w", scheme, conceal(err, address))
	}
	return func(w *watcher, title, body string) error { return shout(address, w, title, body) }, nil
}

// service makes the service of an address, which is good for one message: some
// keep headers of the last one. Some log in when they start; they don't where
// start is false.
func service(address string, start bool) (types.Service, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	scheme, custom, _ := strings.Cut(u.Scheme, "+")
	s, err := (&router.ServiceRouter{}).NewService(scheme)
	if err != nil {
		return nil, err
	}
	if custom != "" {
		c, ok := s.(types.CustomURLService)
		if !ok {
			return nil, fmt.Errorf("it takes no address that begins with %s", u.Scheme)
		}
		if u, err = c.GetConfigURLFromCustom(u); err != nil {
			return nil, err
		}
	}
	if scheme == "matrix" && !start {
		return s, format.GetServiceConfig(s).SetURL(u)
	}
	return s, s.Initialize(u, nil)
}

// shout sends by shoutrrr.
func shout(address string, w *watcher, title, body string) error {
	s, err := service(address, true)
	if err != nil {
		return err
	}
	client := &http.Client{Transport: w, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	switch s := s.(type) {
	case *discord.Service: // its own would try again and sleep in between
		s.HTTPClient, s.Sleeper = once{client}, sleepless{}
	case *ntfy.Service:
		s.SetHTTPClient(client)
	case *mattermost.Service:
		s.GetHTTPClient().Transport = w
	}
	switch s.GetID() {
	case "slack", "teams": // each line is an attachment or section of its own
		body = strings.ReplaceAll(body, "\n\n", "\n")
	}
	params := types.Params{}
	if takesTitle(s) {
		params.SetTitle(title)
	} else {
		body = title + "\n" + body
	}
	return s.Send(body, &params)
}

// takesTitle tells whether a service shows a title apart from the text.
func takesTitle(s types.Service) bool {
	if s.GetID() == mattermost.Scheme { // it has the key and shows nothing
		return false
	}
	return slices.Contains(format.GetConfigQueryResolver(format.GetServiceConfig(s)).QueryFields(), "title")
}

// once makes one request for a service that would make several.
type once struct{ client *http.Client }

var errAnswered = errors.New("answered")

// Do makes the request; what came of it is the watcher's to tell.
func (o once) Do(req *http.Request) (*http.Response, error) {
	resp, err := o.client.Do(req)
	if err == nil && resp.StatusCode < 300 {
		return resp, nil
	}
	if err == nil {
		resp.Body.Close()
	}
	return nil, errAnswered
}

// sleepless doesn't sleep.
type sleepless struct{}

func (sleepless) Sleep(time.Duration) {}

func (c *chat) Name() string { return c.name }

func (c *chat) Kind() string { return "chat" }

// Send sends the message as a short text.
func (c *chat) Send(ctx context.Context, m *notice.Message) error {
	title, body := notice.Chat(m)
	title = oneLine(title)
	ctx, cancel := context.WithTimeoutCause(ctx, c.timeout, fmt.Errorf("no answer within %s", c.timeout))
	defer cancel()
	select {
	case c.stuck <- struct{}{}:
	default:
		return &RetryError{Err: fmt.Errorf("the service has not answered %d messages before this one", maxStuck)}
	}
	w := &watcher{ctx: ctx, base: c.base}
	done := make(chan error, 1)
	go func() {
		defer func() { <-c.stuck }()
		defer func() {
			if p := recover(); p != nil {
				done <- fmt.Errorf("the service's code broke: %v", p)
			}
		}()
		done <- c.send(w, title, body)
	}()
	select {
	case err := <-done:
		return c.judge(w, err)
	case <-ctx.Done():
		return &RetryError{Err: context.Cause(ctx)}
	}
}

// judge turns what a service said into what it means.
func (c *chat) judge(w *watcher, err error) error {
	switch { // the watcher knows more, and some services take a failure for success
	case w.err != nil:
		return &RetryError{Err: conceal(w.err, c.url)}
	case w.status != 0:
		return byStatus(w.status, w.after, conceal(fmt.Errorf("the service answers %d %s: %s", w.status, http.StatusText(w.status), w.body), c.url))
	}
	if err == nil {
		return nil
	}
	shown := conceal(err, c.url)
	if status := statusOf(err); status != 0 { // 2xx with a body that the service's code can't read is taken all the same
		return byStatus(status, 0, shown)
	}
	return &RetryError{Err: shown}
}

// written finds the status in the words of an error.
var written = regexp.MustCompile(`(?i)status[^0-9]{0,40}\b([345][0-9]{2})\b`)

// statusOf is the HTTP status behind an error, 0 if there is none.
func statusOf(err error) int {
	if answer, ok := errors.AsType[jsonclient.Error](err); ok {
		return answer.StatusCode
	}
	text := err.Error()
	if found := written.FindStringSubmatch(text); found != nil {
		status, _ := strconv.Atoi(found[1])
		return status
	}
	for word, status := range slackWords() {
		if strings.Contains(text, word) {
			return status
		}
	}
	return 0
}

// slackWords are what Slack says where shoutrrr drops the status, as
// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks and
// the errors of chat.postMessage list them.
func slackWords() map[string]int {
	return map[string]int{
		"invalid_payload": 400, "no_text": 400, "too_many_attachments": 400, "user_not_found": 400, "msg_too_long": 400,
		"invalid_token": 403, "action_prohibited": 403, "invalid_auth": 403, "not_authed": 403, "token_revoked": 403, "account_inactive": 403, "not_in_channel": 403, "posting_to_general_channel_denied": 403,
		"channel_not_found": 404, "no_service": 404, "no_active_hooks": 404, "no_team": 404,
		"channel_is_archived": 410, "is_archived": 410, "team_disabled": 410,
		"rate_limited": 429, "ratelimited": 429,
	}
}

// addresses are the URLs in an error's text.
var addresses = regexp.MustCompile(`([A-Za-z][A-Za-z0-9+.-]*://)(?:[^\s/"'@]*@)?([^\s/"'?]*)[^\s"']*`)

// conceal takes out of an error what is secret: an address leads to a chat for
// whoever has it.
func conceal(err error, address string) error {
	text := addresses.ReplaceAllString(err.Error(), "$1$2/[hidden]")
	secrets := []string{address}
	if u, err := url.Parse(address); err == nil {
		password, _ := u.User.Password()
		secrets = append(secrets, u.User.Username()+":"+password, password, u.User.Username())
		secrets = append(secrets, strings.Split(u.Path, "/")...)
		for _, values := range u.Query() {
			secrets = append(secrets, values...)
		}
	}
	return redact(errors.New(text), secrets...)
}
