package channel

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"markwatch/internal/alert/notice"
)

const (
	exitTempFail = 75              // EX_TEMPFAIL of sysexits.h
	maxOutput    = 4 << 10         // bytes of a hook's output that are kept
	lingerFor    = 2 * time.Second // how long a hook's children may hold its output open
)

// hook runs an executable.
type hook struct {
	name    string
	command []string // its path and arguments
	timeout time.Duration
}

// open checks the configuration.
func (c Hook) open(name string) (Channel, error) {
	if len(c.Command) == 0 || c.Command[0] == "" {
		return nil, errors.New("command is missing: write it as [/path/to/executable, argument, …]")
	}
	if strings.ContainsRune(strings.Join(c.Command, ""), 0) {
		return nil, errors.New("command holds a NUL: an argument can't")
	}
	path, err := exec.LookPath(c.Command[0])
	if err == nil {
		path, err = filepath.Abs(path)
	}
	if err != nil {
		return nil, fmt.Errorf("command can't be run: %w: give the path of an executable, and its arguments one by one, since no shell reads them", err)
	}
	limit, err := timeout(c.Timeout, defaultHookTimeout)
	return &hook{name, append([]string{path}, c.Command[1:]...), limit}, err
}

func (h *hook) Name() string { return h.name }

func (h *hook) Kind() string { return "hook" }

// Send runs the executable once.
func (h *hook) Send(ctx context.Context, m *notice.Message) error {
	input, err := notice.JSON(m)
	if err != nil {
		return &RetryError{Err: fmt.Errorf("writing the message: %w", err)}
	}
	ctx, cancel := context.WithTimeoutCause(ctx, h.timeout, fmt.Errorf("not done within %s", h.timeout))
	defer cancel()
	var out output
	cmd := exec.CommandContext(ctx, h.command[0], h.command[1:]...)
	cmd.Env = environment(m)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(input), &out, &out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) } // the children too
	cmd.WaitDelay = lingerFor
	err = cmd.Run()
	return h.judge(ctx, err, cmd.ProcessState, &out)
}

// judge turns the end of an executable into what it means.
func (h *hook) judge(ctx context.Context, err error, state *os.ProcessState, out *output) error {
	said := oneLine(string(out.start))
	if said != "" {
		said = ": " + said
	}
	name := filepath.Base(h.command[0])
	switch {
	case state != nil && state.Success(): // what its children do is theirs
		return nil
	case ctx.Err() != nil:
		return &RetryError{Err: fmt.Errorf("running %s: %w%s", name, context.Cause(ctx), said)}
	case state == nil:
		return &RetryError{Err: fmt.Errorf("running %s: %w", name, err)}
	case state.ExitCode() < 0 || state.ExitCode() == exitTempFail:
		return &RetryError{Err: fmt.Errorf("running %s: %s%s", name, state, said)}
	}
	return &RefusedError{fmt.Errorf("running %s: %s (exit with %d where trying again would help)%s", name, state, exitTempFail, said)}
}

// environment is what the executable finds: ours, without markwatch's own
// variables, which may hold passwords, and what the message is.
func environment(m *notice.Message) []string {
	var env []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "MARKWATCH_") {
			env = append(env, v)
		}
	}
	for _, v := range [][2]string{{"DELIVERY_ID", m.ID}, {"KIND", string(m.Kind)}, {"LIST", m.List}} {
		env = append(env, "MARKWATCH_"+v[0]+"="+strings.ReplaceAll(v[1], "\x00", ""))
	}
	return env
}

// output keeps the start of what a program writes. It has Write alone: by a
// ReadFrom, io.Copy would read everything into memory.
type output struct{ start []byte }

// Write takes everything and keeps what fits.
func (o *output) Write(p []byte) (int, error) {
	o.start = append(o.start, p[:min(len(p), maxOutput-len(o.start))]...)
	return len(p), nil
}
