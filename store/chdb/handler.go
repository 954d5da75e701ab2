package chdb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"time"
)

// ServeHTTP answers as ClickHouse's HTTP interface does: a query in the parameter `query`, the body or both; settings, `database`,
// `default_format` and `param_name` as parameters; errors as status 500 with the code in X-ClickHouse-Exception-Code; an error after
// the result has begun as an exception block at its end, after which the body breaks off.
func (h *host) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := h.begin(); err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	defer h.end()
	switch {
	case r.Method == http.MethodGet && r.URL.Path == "/ping":
		_, _ = io.WriteString(w, "Ok.\n")
		return
	case r.Method != http.MethodPost:
		http.Error(w, "queries are sent by POST", http.StatusMethodNotAllowed)
		return
	}
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer h.haltable(w, cancel)()
	out := &output{w: w, cancel: cancel}
	out.finish(h.answer(ctx, out, r.WithContext(ctx)))
}

// haltable makes halting the host end a request, whatever it waits for: its query, its body, or the reader of its result.
func (h *host) haltable(w http.ResponseWriter, cancel func()) (done func()) {
	ended := make(chan struct{})
	go func() {
		select {
		case <-h.halted:
			cancel()
			control := http.NewResponseController(w)
			_ = errors.Join(control.SetReadDeadline(time.Now()), control.SetWriteDeadline(time.Now()))
		case <-ended:
		}
	}()
	return func() { close(ended) }
}

// answer runs one request and writes its result.
func (h *host) answer(ctx context.Context, out *output, r *http.Request) error {
	req, err := parseRequest(r)
	if err != nil {
		return err
	}
	out.format = req.outputFormat()
	return onOneThread(func() error { return h.run(ctx, out, req) })
}

// onOneThread calls f, all of it on one thread of the system. The engine keeps the state of a query on the thread that runs it and
// looks for it there until the session ends; Go would move the calls of one session from thread to thread. The thread must live on:
// the library does not survive the end of one that it has used.
func onOneThread(f func() error) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	return f()
}

// run opens a session for the request and runs it.
func (h *host) run(ctx context.Context, out *output, req *request) error {
	c, stop, err := h.session(ctx, req)
	if err != nil {
		return err
	}
	defer stop()
	switch {
	case req.hello:
		answer, err := c.hello()
		if err != nil {
			return err
		}
		return out.write(answer)
	case req.insert:
		return req.insertBody(c)
	case req.selects && !req.complete && out.format == formatNative:
		return req.orWhole(c, out, c.stream(req.text, req.params, out.write))
	case req.selects && !req.complete:
		return req.orWhole(c, out, c.pipe(req, out))
	}
	return req.whole(c, out)
}

// maxDrain is how much of a refused insert's body is read for nothing.
const maxDrain = 1 << 30

// insertBody stores the body. A client that is still sending it would not read the refusal, but only see its connection break: the
// rest is read first.
func (req *request) insertBody(c *conn) error {
	err := c.insert(req.text, req.statement.format, req.params, req.body)
	if err != nil && !errors.Is(err, errBody) {
		_, _ = io.CopyN(io.Discard, req.body, maxDrain)
	}
	return err
}

// whole runs the statement as it came and then sends its whole result.
func (req *request) whole(c *conn, out *output) error {
	return c.query(req.original, req.format, req.params, out.write)
}

// orWhole runs the statement in one go if streaming it was refused before anything ran: ClickHouse streams no statement but a
// SELECT, and what was added to its text may have made a syntax error, or have spoilt the text of one.
func (req *request) orWhole(c *conn, out *output, err error) error {
	var refused *exception
	if out.begun || len(out.held) > 0 || !errors.As(err, &refused) || refused.code != codeSyntaxError && !refused.notStreamed() {
		return err
	}
	return req.whole(c, out)
}

// pipe runs a SELECT whose result is one document that ClickHouse's streaming calls would begin anew with each block, such as
// Parquet, JSON or CSV with a header: ClickHouse writes it to a pipe, and it is passed on as it comes.
func (c *conn) pipe(req *request, out *output) error {
	reader, writer, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("making a pipe for the result: %w", err)
	}
	defer reader.Close()
	text := fmt.Sprintf("%s\nINTO OUTFILE '/dev/fd/%d' APPEND COMPRESSION 'none' FORMAT %s", req.text, writer.Fd(), quote(out.format, '`'))
	passed := make(chan error, 1)
	go func() {
		_, err := io.CopyBuffer(writerFunc(out.write), reader, make([]byte, 1<<18))
		if err != nil {
			// ClickHouse must never write to a pipe without a reader, which would be a SIGPIPE: stop it and read on until it has.
			out.cancel()
			_, _ = io.Copy(io.Discard, reader)
		}
		passed <- err
	}()
	err = c.query(text, formatNative, req.params, nil)
	runtime.KeepAlive(writer)
	err = errors.Join(err, writer.Close())
	if copied := <-passed; copied != nil {
		return copied
	}
	return err
}

// writerFunc is a writer of only a function, so that io.Copy takes no shortcut around it.
type writerFunc func([]byte) error

func (f writerFunc) Write(p []byte) (int, error) {
	if err := f(p); err != nil {
		return 0, err
	}
	return len(p), nil
}

// statusOf is the HTTP status of an error before the result has begun.
func statusOf(err error) int {
	switch {
	case errors.Is(err, errBody):
		return http.StatusBadRequest
	default:
		return http.StatusInternalServerError
	}
}

// exceptionOf is err in ClickHouse's words.
func exceptionOf(err error) *exception {
	var e *exception
	if errors.As(err, &e) {
		return e
	}
	if errors.Is(err, errBody) {
		return refusal(codeCannotReadAll, "CANNOT_READ_ALL_DATA", "%v", err)
	}
	return refusal(codeUnknownFailure, "UNKNOWN_EXCEPTION", "%v", err)
}

// header writes the code of an exception where clients look for it.
func (e *exception) header(h http.Header) {
	h.Set("X-ClickHouse-Exception-Code", strconv.Itoa(e.code))
	h.Set("Content-Type", "text/plain; charset=UTF-8")
}
