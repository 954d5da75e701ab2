package chdb

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
)

// peekSize is how much of a result is held back until more comes: an error within it is still a status.
const peekSize = 1 << 16

// output is the answer to one request. Its status is decided when more than peekSize bytes have come or the query has ended.
type output struct {
	w      http.ResponseWriter
	cancel func() // stops the query
	format string
	held   []byte
	begun  bool   // the status is sent
	tag    string // marks this answer's exception block; result data can't contain it by chance
	broken error  // the client went away
}

// errClient says that the result could not be sent.
var errClient = errors.New("sending the result")

// write takes a piece of the result.
func (o *output) write(p []byte) error {
	if !o.begun {
		if len(o.held)+len(p) <= peekSize {
			o.held = append(o.held, p...)
			return nil
		}
		if err := o.begin(); err != nil {
			return err
		}
	}
	return o.send(p)
}

// begin sends the status and what was held back.
func (o *output) begin() error {
	o.begun = true
	o.tag = rand.Text()[:16]
	header := o.w.Header()
	header.Set("Content-Type", "application/octet-stream")
	if o.format != "" {
		header.Set("X-ClickHouse-Format", o.format)
	}
	header.Set("X-ClickHouse-Exception-Tag", o.tag)
	if len(o.held) == 0 {
		return nil
	}
	return o.send(o.held)
}

func (o *output) send(p []byte) error {
	if o.broken != nil {
		return o.broken
	}
	if _, err := o.w.Write(p); err != nil {
		o.broken = fmt.Errorf("%w: %w", errClient, err)
		return o.broken
	}
	return nil
}

// finish ends the answer: with the rest of the result, with an error's status, or, where the result has begun, with an
// exception block and a broken body, by which a client knows that the result is not all.
func (o *output) finish(err error) {
	if err == nil {
		if !o.begun {
			_ = o.begin()
		}
		return
	}
	e := exceptionOf(err)
	if !o.begun {
		e.header(o.w.Header())
		o.w.WriteHeader(statusOf(err))
		_ = o.send([]byte(e.text + "\n"))
		return
	}
	if o.format == formatNative {
		// Of a Native stream the rest is read as a block. As one whose first name is longer than any exception it fails at the
		// end of the body; otherwise clickhouse-go fails somewhere within the text and shows the rest of it twice.
		_ = o.send([]byte{1, 0, 0xff, 0xff, 0x7f})
	}
	const marker = "__exception__"
	_ = o.send(fmt.Appendf(nil, "\r\n%s\r\n%s\r\n%s\n%d %s\r\n%s\r\n", marker, o.tag, e.text, len(e.text)+1, o.tag, marker))
	_ = http.NewResponseController(o.w).Flush() // what net/http's server still holds back would be lost
	panic(http.ErrAbortHandler)
}
