package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// usage is what one run of a process and its children took.
type usage struct {
	cpu, wall      time.Duration
	anonymous, rss uint64 // bytes resident at most: not of a file; all
	requests       uint64 // that the server answered
}

// patience is how long a run may take.
const patience = 10 * time.Minute

// measure runs a command and says what it took. Where done isn't nil the command
// is a daemon: it is told to end when done says so, and its wall time ends there.
func measure(ctx context.Context, cmd *exec.Cmd, done func() bool) (usage, error) {
	var said bytes.Buffer
	cmd.Stderr = &said
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		return usage{}, fmt.Errorf("starting %s: %w", cmd.Path, err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	u, err := watchProcess(ctx, cmd, ended, done, begin)
	if err != nil {
		return usage{}, fmt.Errorf("%s: %w: %s", cmd, err, bytes.TrimSpace(said.Bytes()[max(0, said.Len()-2000):]))
	}
	u.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return u, nil
}

// watchProcess looks at a process until it has ended.
func watchProcess(ctx context.Context, cmd *exec.Cmd, ended <-chan error, done func() bool, begin time.Time) (u usage, err error) {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-ended:
			if u.wall == 0 {
				u.wall = time.Since(begin)
			}
			if err == nil && done != nil && !done() {
				err = errors.New("it ended before it had read the log")
			}
			return u, err
		case <-ctx.Done():
			_ = cmd.Process.Kill()
			<-ended
			return u, ctx.Err()
		case <-tick.C:
			anonymous, rss := memory(cmd.Process.Pid)
			u.anonymous, u.rss = max(u.anonymous, anonymous), max(u.rss, rss)
			if done != nil && u.wall == 0 && done() {
				u.wall = time.Since(begin)
				_ = cmd.Process.Signal(syscall.SIGTERM) // it has done its part
			}
		}
	}
}

// memory is what is resident of a process: anonymous now, and all at most; 0
// where it is gone.
func memory(pid int) (anonymous, rss uint64) {
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	if err != nil {
		return 0, 0
	}
	return field(status, "RssAnon"), field(status, "VmHWM")
}

// field reads a line of /proc/PID/status, in bytes.
func field(status []byte, name string) uint64 {
	_, rest, _ := bytes.Cut(status, []byte("\n"+name+":"))
	line, _, _ := bytes.Cut(rest, []byte(" kB\n"))
	kb, err := strconv.ParseUint(string(bytes.TrimSpace(line)), 10, 64)
	if err != nil {
		return 0
	}
	return kb << 10
}
