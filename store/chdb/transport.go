package chdb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime/debug"
	"sync"
	"time"
)

// transport is the RoundTripper of an engine, whoever owns its directory at the time.
type transport struct{ engine *Engine }

// RoundTrip asks the owner. Where it is gone, its place is taken; the request is then sent again, for nobody has seen it, if its
// body can be had again.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	at, closed := t.engine.now()
	if closed && at.host == nil { // an owner's host says so itself
		if r.Body != nil {
			_ = r.Body.Close()
		}
		return nil, errClosed
	}
	response, err := at.roundTrip(r)
	var dial *net.OpError
	if err == nil || at.host != nil || !errors.As(err, &dial) || dial.Op != "dial" || r.Context().Err() != nil {
		return response, err
	}
	if failure := t.engine.succeed(r.Context(), at); failure != nil {
		return nil, errors.Join(err, failure)
	}
	again := r.Clone(r.Context())
	if r.Body != nil && r.Body != http.NoBody {
		if r.GetBody == nil {
			return nil, err
		}
		if again.Body, err = r.GetBody(); err != nil {
			return nil, err
		}
	}
	at, _ = t.engine.now()
	return at.roundTrip(again)
}

// roundTrip asks the owner, which may be this process.
func (s seat) roundTrip(r *http.Request) (*http.Response, error) {
	if s.host != nil {
		return local{handler: s.host}.RoundTrip(r)
	}
	return s.remote.RoundTrip(r)
}

// local is the RoundTripper that calls the handler in this process. Both bodies stream: nothing is held but what one side has
// written and the other not yet read.
type local struct{ handler http.Handler }

// RoundTrip runs the handler until its status is known; the response's body is the rest of it. Closing that body stops the query.
func (t local) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancel(r.Context())
	reader, writer := io.Pipe()
	request := r.Clone(ctx)
	if request.Body == nil {
		request.Body = http.NoBody
	}
	request.RequestURI = r.URL.RequestURI()
	closeBody := sync.OnceFunc(func() { _ = request.Body.Close() })
	answer := &localResponse{header: http.Header{}, ready: make(chan struct{}), body: writer, closeRequest: closeBody}
	context.AfterFunc(ctx, func() { _ = writer.CloseWithError(context.Cause(ctx)) })
	go answer.run(t.handler, request)
	select {
	case <-answer.ready:
	case <-ctx.Done():
		cancel()
		closeBody() // a handler that waits for the rest of it goes on
		return nil, ctx.Err()
	}
	return &http.Response{
		Status:        fmt.Sprintf("%d %s", answer.status, http.StatusText(answer.status)),
		StatusCode:    answer.status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        answer.sent,
		Body:          &localBody{PipeReader: reader, cancel: cancel},
		ContentLength: answer.length,
		Request:       r,
	}, nil
}

// localBody is a response's body; to close it is to want no more of it.
type localBody struct {
	*io.PipeReader
	cancel context.CancelFunc
}

// Close ends the request, which stops a query that still runs.
func (b *localBody) Close() error {
	b.cancel()
	return b.PipeReader.Close()
}

// localResponse is the handler's side of a response. Only the handler's goroutine uses it until ready is closed, after which
// header and status are the client's.
type localResponse struct {
	header       http.Header
	body         *io.PipeWriter
	closeRequest func() // ends reading the request's body

	ready  chan struct{}
	sent   http.Header
	status int   // 0 until it is sent
	length int64 // of the body: 0 for none, -1 for unknown
}

// run calls the handler and ends the body: cleanly, or broken off where the handler panicked, as net/http's server does.
func (a *localResponse) run(handler http.Handler, r *http.Request) {
	defer func() {
		failure := recover()
		a.closeRequest() // before the client sees the end, so that its body is its own again
		if failure == nil {
			a.sendHeader(http.StatusOK, 0)
			_ = a.body.Close()
			return
		}
		cause := io.ErrUnexpectedEOF
		if failure != http.ErrAbortHandler {
			cause = fmt.Errorf("the embedded engine's handler: %v\n%s", failure, debug.Stack())
		}
		a.sendHeader(http.StatusInternalServerError, -1)
		_ = a.body.CloseWithError(cause)
	}()
	handler.ServeHTTP(a, r)
}

// sendHeader fixes status and header, once.
func (a *localResponse) sendHeader(status int, length int64) {
	if a.status != 0 {
		return
	}
	a.status, a.length, a.sent = status, length, a.header.Clone()
	close(a.ready)
}

// Header is the header to be sent.
func (a *localResponse) Header() http.Header { return a.header }

// WriteHeader sends the header.
func (a *localResponse) WriteHeader(status int) { a.sendHeader(status, -1) }

// Write waits until p is read.
func (a *localResponse) Write(p []byte) (int, error) {
	a.sendHeader(http.StatusOK, -1)
	return a.body.Write(p)
}

// SetWriteDeadline breaks the body off: the only deadline that the handler sets is now.
func (a *localResponse) SetWriteDeadline(time.Time) error {
	return a.body.CloseWithError(fmt.Errorf("sending the result: %w", errClosed))
}

// SetReadDeadline ends reading the request's body, now as well.
func (a *localResponse) SetReadDeadline(time.Time) error {
	a.closeRequest()
	return nil
}
