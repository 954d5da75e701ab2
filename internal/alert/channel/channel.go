// Package channel brings messages to people and programs: by e-mail (RFC 5321,
// 5322), webhook (Standard Webhooks), chat, executable, file and syslog (RFC
// 5424). A channel tries once and says what came of it: whether to try again,
// and when, is its caller's to decide.
package channel

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"markwatch/internal/alert/notice"
)

// Channel is one way out.
type Channel interface {
	// Name is unique among the channels of a configuration.
	Name() string
	// Kind is the key of the configuration that the channel stands under, in
	// the singular: email, webhook, chat, hook, file or syslog.
	Kind() string
	// Send delivers m and returns when somebody else has taken responsibility
	// for it, or with an error: *RefusedError and *GoneError are final, any
	// other one is temporary, *RetryError may say when to try again. A message
	// that is sent again carries the same id. It is safe for concurrent use,
	// ends soon after ctx does, and at the latest after the channel's timeout.
	Send(ctx context.Context, m *notice.Message) error
}

// RetryError says that sending again later may help.
type RetryError struct {
	After time.Duration // how long the receiver asks to wait; 0 if it doesn't say
	Err   error
}

// Error says what went wrong.
func (e *RetryError) Error() string { return e.Err.Error() }

// Unwrap returns what went wrong.
func (e *RetryError) Unwrap() error { return e.Err }

// RefusedError says that this message will never be taken.
type RefusedError struct{ Err error }

// Error says why.
func (e *RefusedError) Error() string { return e.Err.Error() }

// Unwrap returns why.
func (e *RefusedError) Unwrap() error { return e.Err }

// GoneError says that the receiver wants no message any more.
type GoneError struct{ Err error }

// Error says who is gone.
func (e *GoneError) Error() string { return e.Err.Error() }

// Unwrap returns who is gone.
func (e *GoneError) Unwrap() error { return e.Err }

// maxRetryAfter bounds what a receiver can ask for.
const maxRetryAfter = 24 * time.Hour

// byStatus turns the status of an HTTP response into an error; err says whose
// response it was.
func byStatus(status int, after time.Duration, err error) error {
	switch {
	case status < 300:
		return nil
	case status == http.StatusGone:
		return &GoneError{err}
	case status == http.StatusRequestTimeout, status == http.StatusTooEarly, status == http.StatusTooManyRequests:
		return &RetryError{after, err}
	case status >= 400 && status < 500:
		return &RefusedError{err}
	}
	return &RetryError{after, err}
}

// retryAfter reads a Retry-After header: seconds, or a date in any of the forms
// that are met. What can't be read is 0.
func retryAfter(value string, now time.Time) time.Duration {
	value = strings.TrimSpace(value)
	var wait time.Duration
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		wait = time.Duration(seconds) * time.Second
	} else if at, err := http.ParseTime(value); err == nil {
		wait = at.Sub(now)
	} else if at, err := time.Parse(time.RFC1123, value); err == nil {
		wait = at.Sub(now)
	}
	return min(max(wait, 0), maxRetryAfter)
}

// oneLine cuts what a receiver says to what fits into an error: no control
// characters, not too long.
func oneLine(s string) string {
	const most = 300
	s = strings.ToValidUTF8(s, "�")
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f && r <= 0xa0 || unprintable(r) }), " ")
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

// unprintable are the letters that turn the direction of a line or can't be seen.
func unprintable(r rune) bool {
	return r >= 0x200b && r <= 0x200f || r >= 0x2028 && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0xfeff
}
