package scanner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"golang.org/x/time/rate"
)

// What a response body must keep to. A log that sends one byte now and then
// would hold a fetcher for ever.
const (
	progressWindow = 30 * time.Second // time spent reading, waits for our own limit not counted
	progressBytes  = 16 << 10         // that must come in each window
	readSize       = 64 << 10         // most read at once while bandwidth is limited
	firstBuffer    = 64 << 10
	maxDetail      = 200 // bytes of an error's body that are shown
)

// Causes for which a request is cut short.
var (
	errNoHeader  = errors.New("no response header in time")
	errStalled   = errors.New("body came too slowly")
	errOversized = errors.New("response is larger than any sound one")
)

// bodyReader reads one response body under a cap, with a demand of progress.
type bodyReader struct {
	body   io.Reader
	cancel context.CancelCauseFunc // of the request
	pace   *rate.Limiter           // nil: no limit
	limit  int                     // bytes
}

// read appends the body to buf[:0]. The result is valid until buf is used again.
func (r *bodyReader) read(ctx context.Context, buf []byte) ([]byte, error) {
	left, mark := progressWindow, 0
	stall := time.AfterFunc(left, func() { r.cancel(errStalled) })
	defer stall.Stop()
	buf = buf[:0]
	for {
		buf = grow(buf, r.limit+1)
		room := buf[len(buf):cap(buf)]
		if r.pace != nil {
			room = room[:min(len(room), readSize)]
		}
		began := time.Now()
		stall.Reset(left) // at once when nothing is left
		n, err := r.body.Read(room)
		stall.Stop()
		buf = buf[:len(buf)+n]
		left -= time.Since(began)
		switch {
		case len(buf) > r.limit:
			return buf, errOversized
		case err == io.EOF:
			return buf, nil
		case err != nil:
			return buf, err
		case len(buf)-mark >= progressBytes:
			left, mark = progressWindow, len(buf)
		}
		if r.pace != nil && n > 0 {
			if err := r.pace.WaitN(ctx, n); err != nil {
				return buf, err
			}
		}
	}
}

// grow makes room in buf, doubling it up to most bytes.
func grow(buf []byte, most int) []byte {
	if len(buf) < cap(buf) {
		return buf
	}
	n := min(max(2*cap(buf), firstBuffer), most)
	if n <= cap(buf) {
		n = cap(buf) + 1
	}
	return append(make([]byte, 0, n), buf...)
}

// statusError is a response other than 200.
type statusError struct {
	status int
	detail string
}

// Error shows the status and the beginning of what the log said.
func (e *statusError) Error() string {
	if e.detail == "" {
		return fmt.Sprintf("status %d %s", e.status, http.StatusText(e.status))
	}
	return fmt.Sprintf("status %d %s: %q", e.status, http.StatusText(e.status), e.detail)
}
