package scanner

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Timeouts of a request; its body has its own rules.
const (
	connectTimeout = 10 * time.Second
	headerTimeout  = 60 * time.Second
	maxRedirects   = 3
)

// client asks one log, politely and for as long as it takes. It is safe for
// concurrent use.
type client struct {
	cfg     Config
	base    string // what endpoints are below
	zipped  bool   // bodies come as gzip where the log likes, and are the caller's to undo
	limiter *limiter
	pace    *rate.Limiter // of body bytes; nil: no limit
	fresh   *http.Client  // uses no connection twice

	mu    sync.Mutex
	since time.Time // since when no request has succeeded; zero: the last one did
}

// request is one question to the log.
type request struct {
	endpoint string           // below the client's base
	query    string           // what follows it
	limit    int              // most bytes of the response
	fresh    bool             // on a new connection, past caches
	optional bool             // if the log doesn't have it, next is called at once for what else to ask
	hopeless func(error) bool // says that asking again is no use; nil: never
}

// manner says how hard to try.
type manner struct {
	tries int  // failures after which to give up; 0: never
	fresh bool // as in request
}

// permanent wraps an error for which asking again is no use.
type permanent struct{ error }

// newHTTPClient is what a scan uses when it is given no client.
func newHTTPClient() *http.Client {
	return &http.Client{CheckRedirect: stayOnHost, Transport: &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: connectTimeout, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   connectTimeout,
		ResponseHeaderTimeout: headerTimeout,
		ForceAttemptHTTP2:     true,
		MaxIdleConnsPerHost:   maxParallel,
		IdleConnTimeout:       90 * time.Second,
	}}
}

// stayOnHost follows a few redirects on the log's own host: a log must not send
// us to ask somebody else, such as a service of our own network.
func stayOnHost(r *http.Request, via []*http.Request) error {
	if r.URL.Host != via[0].URL.Host || len(via) > maxRedirects {
		return fmt.Errorf("redirect to %s is not followed", r.URL)
	}
	return nil
}

// newClient prepares to ask; it makes no request.
func newClient(cfg Config) *client {
	c := &client{cfg: cfg, base: strings.TrimRight(cfg.Log.URL, "/") + "/", limiter: cfg.Pace.of(cfg), fresh: cfg.HTTP}
	if c.zipped = cfg.Log.Type == Static; !c.zipped {
		c.base += "ct/v1/"
	}
	if cfg.Bandwidth > 0 {
		c.pace = rate.NewLimiter(rate.Limit(cfg.Bandwidth), readSize)
	}
	if t, ok := cfg.HTTP.Transport.(*http.Transport); ok && t != nil {
		t = t.Clone()
		t.DisableKeepAlives = true
		fresh := *cfg.HTTP
		fresh.Transport = t
		c.fresh = &fresh
	}
	return c
}

// ask makes a request until use accepts the body of its response. next is
// called before each try with why the last one came to nothing, so that a
// request can change between two of them. buf is reused for the bodies. Giving
// up returns an *UnreachableError.
func (c *client) ask(ctx context.Context, m manner, buf *[]byte, next func(last error) request, use func([]byte) error) error {
	var last error
	for failures, refusals := 1, 1; ; {
		req := next(last)
		f := c.try(ctx, req, buf, use)
		if f == nil {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		var p permanent
		if errors.As(f.err, &p) {
			return p.error
		}
		if req.hopeless != nil && req.hopeless(f.err) {
			return f.err
		}
		if last = f.err; req.optional && absent(last) {
			continue
		}
		n, most := &failures, m.tries
		if f.refused {
			n, most = &refusals, m.tries*onceRefusals/onceTries
		}
		if m.tries > 0 && *n >= most {
			return &UnreachableError{c.cfg.Log, req.endpoint + req.query, *n, f.err, c.cfg.Now()}
		}
		wait := f.wait
		if wait <= 0 {
			wait = backoff(*n)
		}
		if f.refused {
			c.limiter.refused(f.began, wait)
		}
		c.cfg.Observe(Retry{c.cfg.Log.Name, req.endpoint, f.reason, *n, wait, c.failing(f.began), f.err})
		*n++
		if err := sleep(ctx, wait); err != nil {
			return err
		}
	}
}

// treeHead asks an endpoint for the tree head that the log shows now, and
// verifies its signature.
func (c *client) treeHead(ctx context.Context, endpoint string, m manner, parse func(body []byte) (TreeHead, error)) (TreeHead, error) {
	var h TreeHead
	bad := 0
	next := func(error) request {
		return request{endpoint: endpoint, limit: maxHeadBytes, fresh: m.fresh || bad > 0}
	}
	err := c.ask(ctx, m, new([]byte), next, func(body []byte) error {
		shown, err := parse(body)
		if err != nil {
			return &formatError{err}
		}
		if err := VerifyTreeHead(c.cfg.Log, shown); err != nil {
			bad++
			c.cfg.Observe(HeadSuspect{c.cfg.Log.Name, shown, SuspectSignature, err.Error()})
			bogus := &SignatureError{c.cfg.Log, shown, bad, err, c.cfg.Now()}
			if bad >= badSignatureMost {
				return permanent{bogus}
			}
			return bogus
		}
		h = shown
		h.Raw = bytes.Clone(h.Raw) // the body's buffer is far larger
		return nil
	})
	return h, err
}

// failing notes that a request failed and returns since when all have.
func (c *client) failing(began time.Time) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.since.IsZero() {
		c.since = began
	}
	return c.since
}

// succeeded notes that a request was answered well.
func (c *client) succeeded() {
	c.limiter.succeeded()
	c.mu.Lock()
	since := c.since
	c.since = time.Time{}
	c.mu.Unlock()
	if !since.IsZero() {
		c.cfg.Observe(Recovered{c.cfg.Log.Name, since})
	}
}

// failure is a try that came to nothing.
type failure struct {
	reason  string // as in Retry
	began   time.Time
	refused bool          // the log asks for fewer requests
	wait    time.Duration // that it asked for; 0: it didn't say
	err     error
}

// try makes a request once, and returns nil when use took the body.
func (c *client) try(ctx context.Context, req request, buf *[]byte, use func([]byte) error) *failure {
	if err := c.limiter.wait(ctx); err != nil {
		return &failure{reason: "timeout", err: err}
	}
	f := &failure{began: time.Now()}
	done := RequestDone{Log: c.cfg.Log.Name, Endpoint: req.endpoint}
	resp, err := c.fetch(ctx, req, buf)
	done.Duration, done.Err = time.Since(f.began), err
	done.Status, done.Bytes = resp.status, int64(len(*buf))
	c.cfg.Observe(done)
	switch {
	case err != nil:
		f.err, f.reason = err, reasonOf(err)
		f.refused = resp.status == http.StatusTooManyRequests || resp.status == http.StatusServiceUnavailable
		f.wait, _ = parseRetryAfter(resp.retryAfter, resp.date, c.cfg.Now())
		if f.refused {
			f.reason = "throttled"
		}
		return f
	case use != nil:
		if err := use(*buf); err != nil {
			f.err, f.reason = err, reasonOf(err)
			return f
		}
	}
	c.succeeded()
	return nil
}

// reasonOf names the kind of an error for Retry.
func reasonOf(err error) string {
	var status *statusError
	var signature *SignatureError
	var parse *formatError
	var timeout interface{ Timeout() bool }
	switch {
	case errors.As(err, &status):
		return "status"
	case errors.As(err, &signature):
		return "signature"
	case errors.As(err, &parse):
		return "malformed"
	case errors.Is(err, errOversized):
		return "oversized"
	case errors.Is(err, errStalled), errors.Is(err, errNoHeader), errors.As(err, &timeout) && timeout.Timeout():
		return "timeout"
	}
	return "network"
}

// formatError is a response that doesn't say what it should.
type formatError struct{ err error }

// Error says what is wrong with it.
func (e *formatError) Error() string { return e.err.Error() }

// Unwrap returns what is wrong with it.
func (e *formatError) Unwrap() error { return e.err }

// response is what of a response's head matters.
type response struct {
	status           int
	retryAfter, date string
}

// fetch makes one HTTP request and reads its body into buf.
func (c *client) fetch(ctx context.Context, req request, buf *[]byte) (response, error) {
	*buf = (*buf)[:0]
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+req.endpoint+req.query, nil)
	if err != nil {
		return response{}, err
	}
	r.Header.Set("User-Agent", c.cfg.UserAgent)
	if c.zipped {
		r.Header.Set("Accept-Encoding", "gzip, identity")
	}
	h := c.cfg.HTTP
	if req.fresh {
		h = c.fresh
		r.Header.Set("Cache-Control", "no-cache")
	}
	slow := time.AfterFunc(headerTimeout, func() { cancel(errNoHeader) })
	resp, err := h.Do(r)
	slow.Stop()
	if err != nil {
		return response{}, because(ctx, err)
	}
	defer resp.Body.Close()
	out := response{resp.StatusCode, resp.Header.Get("Retry-After"), resp.Header.Get("Date")}
	if resp.StatusCode != http.StatusOK {
		detail := bodyReader{resp.Body, cancel, c.pace, maxDetail}
		text, _ := detail.read(ctx, nil) // cut off where it is long
		return out, &statusError{resp.StatusCode, strings.TrimSpace(string(text[:min(len(text), maxDetail)]))}
	}
	if resp.ContentLength > int64(req.limit) {
		return out, fmt.Errorf("%w: it announces %d bytes", errOversized, resp.ContentLength)
	}
	body := bodyReader{resp.Body, cancel, c.pace, req.limit}
	*buf, err = body.read(ctx, *buf)
	return out, because(ctx, err)
}

// because puts our own cause in place of the error that cutting a request
// short gave.
func because(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); err != nil && (cause == errNoHeader || cause == errStalled) {
		return cause
	}
	return err
}
