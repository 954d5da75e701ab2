package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"
)

// bench prints what it measures.
type bench struct {
	markwatch string
	out       io.Writer
}

// usage is what a process took.
type usage struct {
	cpu, wall time.Duration
	anonymous uint64 // bytes resident and not of a file, at most
}

// scan measures the whole of markwatch backfilling a log, beside a bare reader
// that only downloads the same entries.
func (b bench) scan(ctx context.Context, what string, entries int, share float64) error {
	log, end, err := startLog(ctx, entries, share)
	if err != nil {
		return err
	}
	defer end()
	dir, err := os.MkdirTemp("", "markwatch-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	config := filepath.Join(dir, "markwatch.yaml")
	text := fmt.Sprintf("store: %s\ncontact: bench@example.test\nrate: 100000\nlogs:\n  - {name: bench, url: %q, key: %s, marks: %t}\n", filepath.Join(dir, "store"), log.URL, log.Key, share == 1)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		return err
	}
	used, err := measure(exec.CommandContext(ctx, b.markwatch, "--config", config, "--log-level", "warn", "watch", "--once"))
	if err != nil {
		return err
	}
	bare, err := bareReader(ctx, log)
	if err != nil {
		return err
	}
	fmt.Fprintf(b.out, "\n%s: %d entries, %d of them marks\n", what, log.Entries, log.Marks)
	fmt.Fprintf(b.out, "  markwatch, whole      %8.0f entries per CPU second  (%.2f CPU s, %.2f s)\n", perSecond(log.Entries, used.cpu), used.cpu.Seconds(), used.wall.Seconds())
	fmt.Fprintf(b.out, "  only downloading      %8.0f entries per CPU second: markwatch takes %.1f times its CPU\n", perSecond(log.Entries, bare), used.cpu.Seconds()/bare.Seconds())
	fmt.Fprintf(b.out, "  anonymous memory      %8.0f MB at most, engine included\n", float64(used.anonymous)/1e6)
	return nil
}

func perSecond(n uint64, d time.Duration) float64 { return float64(n) / d.Seconds() }

// startLog runs a log in a process of its own, so that its work isn't counted.
// more are further arguments of serve.
func startLog(ctx context.Context, entries int, share float64, more ...string) (served, func(), error) {
	self, err := os.Executable()
	if err != nil {
		return served{}, nil, err
	}
	args := append([]string{"serve", "-entries", strconv.Itoa(entries), "-marks", fmt.Sprint(share)}, more...)
	cmd := exec.CommandContext(ctx, self, args...)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return served{}, nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return served{}, nil, err
	}
	if err := cmd.Start(); err != nil {
		return served{}, nil, err
	}
	end := func() {
		stdin.Close()
		_ = cmd.Wait() // its exit is of no interest any more
	}
	var about served
	if err := json.NewDecoder(stdout).Decode(&about); err != nil {
		end()
		return served{}, nil, fmt.Errorf("starting the log: %w", err)
	}
	return about, end, nil
}

// measure runs a command and says what it took.
func measure(cmd *exec.Cmd) (usage, error) {
	cmd.Stderr = os.Stderr
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return usage{}, err
	}
	done := make(chan struct{})
	var peak atomic.Uint64
	go func() {
		for {
			select {
			case <-done:
				return
			case <-time.After(20 * time.Millisecond):
				peak.Store(max(peak.Load(), anonymous(cmd.Process.Pid)))
			}
		}
	}()
	err := cmd.Wait()
	close(done)
	if err != nil {
		return usage{}, fmt.Errorf("%s: %w", cmd, err)
	}
	state := cmd.ProcessState
	return usage{state.UserTime() + state.SystemTime(), time.Since(start), peak.Load()}, nil
}

var rssAnon = regexp.MustCompile(`RssAnon:\s+(\d+) kB`)

// anonymous is the anonymous resident memory of a process, 0 where it is gone.
func anonymous(pid int) uint64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	m := rssAnon.FindSubmatch(status)
	if m == nil {
		return 0
	}
	kb, err := strconv.ParseUint(string(m[1]), 10, 64)
	if err != nil {
		return 0
	}
	return kb << 10
}

// bareReader downloads all entries and throws them away, and says how much CPU
// this process took for it: the least that any reader takes.
func bareReader(ctx context.Context, log served) (time.Duration, error) {
	before := ownCPU()
	buffer := bufio.NewReaderSize(nil, 1<<16)
	for start := uint64(0); start < log.Entries; start += 1000 {
		end := min(start+1000, log.Entries) - 1
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("%s/ct/v1/get-entries?start=%d&end=%d", log.URL, start, end), nil)
		if err != nil {
			return 0, err
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return 0, err
		}
		buffer.Reset(resp.Body)
		_, err = io.Copy(io.Discard, buffer)
		resp.Body.Close()
		if err != nil {
			return 0, err
		}
	}
	return ownCPU() - before, nil
}

func ownCPU() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
