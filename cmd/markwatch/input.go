package main

import (
	"context"
	"io"
)

// interruptible reads what may never come, such as from a terminal or a pipe,
// until ctx ends. It is for one goroutine.
type interruptible struct {
	ctx    context.Context
	in     io.Reader
	chunks chan chunk // nil before the first read
	rest   chunk
}

// chunk is what one read gave.
type chunk struct {
	bytes []byte
	err   error
}

func (r *interruptible) Read(p []byte) (int, error) {
	if r.chunks == nil {
		r.chunks = make(chan chunk)
		go r.pump()
	}
	if len(r.rest.bytes) == 0 && r.rest.err == nil {
		select {
		case r.rest = <-r.chunks:
		case <-r.ctx.Done():
			return 0, r.ctx.Err()
		}
	}
	n := copy(p, r.rest.bytes)
	if r.rest.bytes = r.rest.bytes[n:]; len(r.rest.bytes) > 0 {
		return n, nil
	}
	return n, r.rest.err
}

// pump reads on its own, so that a read that hangs holds nobody up.
func (r *interruptible) pump() {
	for {
		buf := make([]byte, 1<<16)
		n, err := r.in.Read(buf)
		select {
		case r.chunks <- chunk{buf[:n], err}:
		case <-r.ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}
