package ctlogtest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
)

// Client returns an HTTP client whose requests the log answers in process,
// without a network: any URL reaches it. It keeps to the bubble of
// testing/synctest that it is used in.
func (l *Log) Client() *http.Client { return &http.Client{Transport: Transport{l.Handler()}} }

// Transport answers requests by a handler in process. Bodies are streamed, and
// end when the request's context does.
type Transport struct{ Handler http.Handler }

// RoundTrip runs the handler until it has written its header, and on.
func (t Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancel(r.Context())
	pr, pw := io.Pipe()
	w := &pipeWriter{header: http.Header{}, body: pw, started: make(chan struct{})}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer w.finish()
		in := r.Clone(ctx)
		if in.Body == nil {
			in.Body = http.NoBody
		}
		in.RequestURI = r.URL.RequestURI()
		t.Handler.ServeHTTP(w, in)
	}()
	go func() { // a body ends with its request
		select {
		case <-ctx.Done():
			pr.CloseWithError(ctx.Err())
		case <-done:
		}
	}()
	select {
	case <-w.started:
	case <-ctx.Done():
		cancel()
		return nil, ctx.Err()
	}
	return &http.Response{
		Status: fmt.Sprintf("%d %s", w.status, http.StatusText(w.status)), StatusCode: w.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.sent, Body: body{pr, cancel}, ContentLength: -1, Request: r,
	}, nil
}

// body is a response's body; who closes it has left.
type body struct {
	*io.PipeReader
	cancel context.CancelFunc
}

// Close ends the handler's request too.
func (b body) Close() error {
	b.cancel()
	return b.PipeReader.Close()
}

// pipeWriter is a ResponseWriter into a pipe.
type pipeWriter struct {
	header  http.Header
	body    *io.PipeWriter
	once    sync.Once
	started chan struct{} // closed when status and sent are set
	status  int
	sent    http.Header
}

// Header returns the header to be sent.
func (w *pipeWriter) Header() http.Header { return w.header }

// WriteHeader sends the header, once.
func (w *pipeWriter) WriteHeader(status int) {
	w.once.Do(func() {
		w.status, w.sent = status, w.header.Clone()
		close(w.started)
	})
}

// Write waits until the reader has read b.
func (w *pipeWriter) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(b)
}

// finish ends the response: broken off if the handler said so by its panic.
func (w *pipeWriter) finish() {
	switch p := recover(); p {
	case nil:
		w.WriteHeader(http.StatusOK)
		w.body.Close()
	case http.ErrAbortHandler:
		w.WriteHeader(http.StatusOK)
		w.body.CloseWithError(io.ErrUnexpectedEOF)
	default:
		panic(p)
	}
}
