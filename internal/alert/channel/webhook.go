package channel

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"markwatch/internal/alert/notice"
)

const (
	maxAnswer  = 64 << 10        // bytes of a receiver's answer that are read
	keepAnswer = 2 << 10         // bytes of it that an error may quote
	listenFor  = 2 * time.Second // how long the body of an answer is read, once its status is known
)

// webhook posts messages as Standard Webhooks ask.
type webhook struct {
	name    string
	url     string
	host    string // of url, to be shown
	keys    [][]byte
	auth    string // Authorization header; "" for none
	format  encoding
	timeout time.Duration
	client  *http.Client
}

// encoding is how a message is written for programs.
type encoding struct {
	mediaType string
	suffix    string // of a file
	encode    func(*notice.Message) ([]byte, error)
}

// formats are those that need no templates, by name.
func formats() map[string]encoding {
	return map[string]encoding{
		"json": {"application/json", ".json", notice.JSON},
		"misp": {"application/json", ".misp.json", notice.MISP},
		"stix": {"application/stix+json;version=2.1", ".stix.json", notice.STIX},
	}
}

// open checks the configuration.
func (c Webhook) open(name string) (Channel, error) {
	w := &webhook{name: name}
	var errs []error
	for _, check := range []func(Webhook, *webhook) error{Webhook.address, Webhook.proof, Webhook.form, Webhook.transport} {
		if err := check(c, w); err != nil {
			errs = append(errs, err)
		}
	}
	return w, errors.Join(errs...)
}

// address reads where to post.
func (c Webhook) address(w *webhook) error {
	text, err := readSecret("url", c.URL, c.URLFile)
	if err != nil {
		return err
	}
	u, err := url.Parse(string(text))
	switch {
	case text == "":
		return errors.New("url is missing: it begins with https://")
	case err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http":
		return errors.New("url can't be read: it must be one such as https://example.com/hooks/markwatch")
	case u.User != nil:
		return errors.New("url holds a user or password: use authorization or authorization_file")
	case u.Scheme == "http" && !c.AllowPrivate:
		return errors.New("url begins with http://, which is unencrypted: use https://, or allow_private: true for a receiver in a network of yours")
	}
	w.url, w.host = u.String(), u.Host
	return nil
}

// proof reads the secrets.
func (c Webhook) proof(w *webhook) error {
	secret, err := readSecret("secret", c.Secret, c.SecretFile)
	if err != nil {
		return err
	}
	previous, err := readSecret("previous_secret", c.PreviousSecret, c.PreviousSecretFile)
	if err != nil {
		return err
	}
	auth, err := readSecret("authorization", c.Authorization, c.AuthorizationFile)
	if err != nil {
		return err
	}
	w.auth = string(auth)
	if strings.ContainsFunc(w.auth, func(r rune) bool { return r < ' ' || r > '~' }) {
		return errors.New("authorization holds letters that no HTTP header can: write it as it is to be sent, such as Bearer …, on one line")
	}
	if secret == "" && previous != "" {
		return errors.New("previous_secret is set and secret is not: secret signs, previous_secret only beside it")
	}
	if secret == "" && auth == "" {
		return errors.New(`secret_file (or secret) is missing: make one with: echo "whsec_$(openssl rand -base64 32)"`)
	}
	for _, s := range []struct {
		key   string
		value Secret
	}{{"secret", secret}, {"previous_secret", previous}} {
		if s.value == "" {
			continue
		}
		key, err := signingKey(string(s.value))
		if err != nil {
			return fmt.Errorf("%s %w", s.key, err)
		}
		w.keys = append(w.keys, key)
	}
	return nil
}

// signingKey decodes a secret: base64 of 24 to 64 bytes after whsec_.
func signingKey(secret string) ([]byte, error) {
	text, ok := strings.CutPrefix(secret, "whsec_")
	key, err := base64.StdEncoding.DecodeString(text)
	if !ok || err != nil || len(key) < 24 || len(key) > 64 {
		return nil, errors.New(`must be whsec_ and base64 of 24 to 64 bytes: make one with: echo "whsec_$(openssl rand -base64 32)"`)
	}
	return key, nil
}

// form reads in which form messages are posted.
func (c Webhook) form(w *webhook) error {
	f, ok := formats()[c.Format]
	switch {
	case c.Format == "":
		f = formats()["json"]
	case !ok:
		return fmt.Errorf("format is %q: it can be json, misp or stix", oneLine(c.Format))
	}
	w.format = f
	return nil
}

// transport prepares the connections.
func (c Webhook) transport(w *webhook) error {
	var err error
	if w.timeout, err = timeout(c.Timeout, defaultTimeout); err != nil {
		return err
	}
	dialer := &net.Dialer{Timeout: w.timeout}
	if !c.AllowPrivate {
		dialer.Control = onlyPublic()
	}
	t := &http.Transport{
		DialContext: dialer.DialContext, TLSHandshakeTimeout: w.timeout, ForceAttemptHTTP2: true,
		MaxIdleConnsPerHost: 2, IdleConnTimeout: 30 * time.Second, MaxResponseHeaderBytes: maxAnswer, DisableCompression: true,
	}
	if t.TLSClientConfig, err = trust("", c.CAFile); err != nil {
		return err
	}
	if c.Proxy != "" {
		u, err := url.Parse(string(c.Proxy))
		switch {
		case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "socks5":
			return errors.New("proxy can't be read: it must be one such as http://proxy.example.com:3128")
		case !c.AllowPrivate:
			return errors.New("proxy is set: it looks names up itself, so that private addresses can't be kept away from; say that this is meant by allow_private: true")
		}
		t.Proxy = http.ProxyURL(u)
	}
	w.client = &http.Client{Transport: t, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return nil
}

func (w *webhook) Name() string { return w.name }

func (w *webhook) Kind() string { return "webhook" }

// Send posts the message.
func (w *webhook) Send(ctx context.Context, m *notice.Message) error {
	body, err := w.format.encode(m)
	if err != nil {
		return &RetryError{Err: fmt.Errorf("writing the message: %w", err)}
	}
	ctx, cancel := context.WithTimeoutCause(ctx, w.timeout, fmt.Errorf("no answer within %s", w.timeout))
	defer cancel()
	req, err := w.request(ctx, m.ID, body, time.Now())
	if err != nil {
		return &RefusedError{redact(err, w.url)}
	}
	resp, err := w.client.Do(req)
	if err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		if inner, ok := errors.AsType[*url.Error](err); ok { // the outer one quotes the address, which may be a secret
			err = inner.Err
		}
		return &RetryError{Err: fmt.Errorf("posting to %s: %w", w.host, err)}
	}
	defer time.AfterFunc(listenFor, cancel).Stop()
	return w.judge(resp, time.Now())
}

// request makes a signed request.
func (w *webhook) request(ctx context.Context, id string, body []byte, now time.Time) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", w.format.mediaType)
	req.Header.Set("User-Agent", "markwatch")
	if w.auth != "" {
		req.Header.Set("Authorization", w.auth)
	}
	id, stamp := idForm(id), strconv.FormatInt(now.Unix(), 10)
	var signatures []string
	for _, key := range w.keys {
		mac := hmac.New(sha256.New, key)
		fmt.Fprintf(mac, "%s.%s.%s", id, stamp, body)
		signatures = append(signatures, "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	}
	req.Header.Set("webhook-id", id)
	if len(signatures) > 0 {
		req.Header.Set("webhook-timestamp", stamp)
		req.Header.Set("webhook-signature", strings.Join(signatures, " "))
	}
	return req, nil
}

// judge turns an answer into what it means. The status alone decides: an answer
// whose body never ends was still given.
func (w *webhook) judge(resp *http.Response, now time.Time) error {
	defer resp.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if resp.StatusCode < 300 {
		return nil
	}
	text := fmt.Sprintf("%s answers %d %s", w.host, resp.StatusCode, http.StatusText(resp.StatusCode))
	if resp.StatusCode < 400 {
		text += ", which is not followed: set url to where it leads"
	}
	if said := oneLine(string(body[:min(len(body), keepAnswer)])); said != "" {
		text += ": " + said
	}
	return byStatus(resp.StatusCode, retryAfter(resp.Header.Get("Retry-After"), now), redact(errors.New(text), w.url, w.auth))
}
