package main

import (
	"bytes"
	"context"
	"io"
	"strings"
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
