package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
)

// openAny reads a file, or for "-" standard input, until ctx ends: also a pipe
// that nobody writes to. done ends it.
func (p *program) openAny(ctx context.Context, path string) (in io.Reader, done func()) {
	if path == "-" {
		return &interruptible{ctx: ctx, in: p.in}, func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	return &interruptible{ctx: ctx, in: &file{path: path}}, cancel
}

// file opens its path with the first read, and closes it at the end of what it holds.
type file struct {
	path string
	f    *os.File
}

func (f *file) Read(p []byte) (n int, err error) {
	if f.f == nil {
		if f.f, err = os.Open(f.path); err != nil {
			return 0, err
		}
	}
	if n, err = f.f.Read(p); err != nil {
		f.f.Close()
	}
	return n, err
}

// withoutPath is an error without the path that the message around it names.
func withoutPath(err error) error {
	var file *fs.PathError
	if errors.As(err, &file) {
		return file.Err
	}
	return err
}

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
