package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
)

// silent is an input that never comes; it calls asked when somebody waits for it.
type silent struct{ asked func() }

func (s silent) Read([]byte) (int, error) {
	s.asked()
	select {}
}

// TestParseInterrupted guards that a parse which waits for its input can be ended.
func TestParseInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	var out, errs bytes.Buffer
	code := run(ctx, []string{"markwatch", "parse", "-"}, streams{silent{cancel}, &out, &errs})
	if code != exitFailed || errs.String() != "markwatch: interrupted\n" {
		t.Errorf("exit code %d, %q; want %d, interrupted", code, errs.String(), exitFailed)
	}
}

// TestInterruptible guards that nothing of an input is lost or doubled.
func TestInterruptible(t *testing.T) {
	text := strings.Repeat("0123456789abcdef", 1<<14)
	r := &interruptible{ctx: t.Context(), in: iotest.DataErrReader(strings.NewReader(text))}
	got, err := io.ReadAll(iotest.HalfReader(r))
	if err != nil || string(got) != text {
		t.Errorf("read %d bytes of %d, %v", len(got), len(text), err)
	}
	if n, err := r.Read(make([]byte, 1)); n != 0 || err != io.EOF {
		t.Errorf("after the end: %d, %v", n, err)
	}
}

// TestNamesIn guards that a list of names may be long, odd and slow.
func TestNamesIn(t *testing.T) {
	text := "# a comment\n\n one.example \r\n" + strings.Repeat("x", 1<<20) + "\na\x00b.example\ntwo.example"
	var got []string
	for name, err := range namesIn(t.Context(), strings.NewReader(text), func() error { return nil }) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, name[:min(len(name), 20)])
	}
	if want := []string{"one.example", strings.Repeat("x", 20), "a\x00b.example", "two.example"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestNamesInEnds guards that what was found is shown before names are waited
// for, and that the wait ends with the program.
func TestNamesInEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	in, out := io.Pipe()
	go func() { _, _ = out.Write([]byte("one.example\n")) }()
	waits := 0
	flush := func() error {
		if waits++; waits == 2 { // after the one name
			cancel()
		}
		return nil
	}
	for name, err := range namesIn(ctx, &interruptible{ctx: ctx, in: in}, flush) {
		switch {
		case waits == 1 && (err != nil || name != "one.example"):
			t.Errorf("got %q and %v first", name, err)
		case waits == 2 && !errors.Is(err, context.Canceled):
			t.Errorf("got %q and %v at the end", name, err)
		}
	}
	if waits != 2 {
		t.Errorf("what was found was shown %d times, want 2", waits)
	}
}

// TestOpenAnyEnds guards that a pipe which nobody writes to holds nobody up.
func TestOpenAnyEnds(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	in, done := new(program).openAny(ctx, path)
	defer done()
	cancel()
	if _, err := in.Read(make([]byte, 1)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	writer, err := os.OpenFile(path, os.O_RDWR, 0) // lets the other side go
	if err != nil {
		t.Fatal(err)
	}
	writer.Close()
}
