package faults

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// What the program is given.
const (
	maxRate     = 40 // requests per second
	sampleEvery = 50 * time.Millisecond
	stopSoon    = 30 * time.Second // for the program to end when it is asked to
	keptLines   = 40               // of what it said, for a person
)

// watch is a running markwatch watch.
type watch struct {
	cmd   *exec.Cmd
	ended chan struct{}

	mu     sync.Mutex
	seen   map[string]int // what it told of, by what told it
	stored uint64         // up to where it stored
	at     time.Time      // when it last stored something, was stopped, or raised an alarm
	over   bool           // the log is not read on
	lines  []string       // the last that it said
	memory int64          // most bytes of its own that it had (RssAnon)
}

// line is what of the program's log matters.
type line struct {
	Msg    string `json:"msg"`
	Asked  string `json:"asked"`
	Reason string `json:"reason"`
	Alarm  string `json:"alarm"`
	To     uint64 `json:"to"`
	Lag    uint64 `json:"lag"`
}

// configure writes a configuration for the log behind an address.
func (s *Suite) configure(dir, url string, l *Log) error {
	log, err := l.scanned()
	if err != nil {
		return err
	}
	text := fmt.Sprintf("contact: faults@faults.test\nrate: %d\npoll: 100ms\nlisten: \"\"\nlogs:\n  - {name: watched, url: %q, type: %s, key: %s}\n",
		maxRate, url, l.Type, base64.StdEncoding.EncodeToString(log.Key))
	if err := os.WriteFile(filepath.Join(dir, "markwatch.yaml"), []byte(text), 0o600); err != nil {
		return fmt.Errorf("writing the configuration: %w", err)
	}
	return nil
}

// command is the program with arguments, in a folder that has its configuration.
func (s *Suite) command(ctx context.Context, dir string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, s.Markwatch, append([]string{"--store", filepath.Join(dir, "store"), "--log-format", "json", "--log-level", "debug"}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "XDG_DATA_HOME="+filepath.Join(dir, "data"))
	if s.Library != "" {
		cmd.Env = append(cmd.Env, "MARKWATCH_LIBCHDB="+s.Library)
	}
	return cmd
}

// start runs the program.
func (s *Suite) start(ctx context.Context, dir string) (*watch, error) {
	w := &watch{cmd: s.command(ctx, dir, "watch"), ended: make(chan struct{}), seen: map[string]int{}}
	out, err := w.cmd.StderrPipe()
	if err == nil {
		err = w.cmd.Start()
	}
	if err != nil {
		return nil, fmt.Errorf("starting %s: %w", s.Markwatch, err)
	}
	go func() {
		defer close(w.ended)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			w.read(lines.Bytes())
		}
		_ = w.cmd.Wait() // ProcessState says how it ended
	}()
	return w, nil
}

// read takes a line of the program's log.
func (w *watch) read(text []byte) {
	var l line
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.lines = append(w.lines, string(text)); len(w.lines) > keptLines {
		w.lines = w.lines[1:]
	}
	// Which roots a log of tiles accepts is asked at the name in its checkpoints,
	// where there is nobody here; that is no part of reading it.
	if json.Unmarshal(text, &l) != nil || l.Asked == "get-roots" {
		return
	}
	switch {
	case l.Msg == "stored":
		if l.To > w.stored {
			w.stored, w.at = l.To, time.Now()
		}
	case l.Msg == "alarm":
		w.seen["alarm "+l.Alarm]++
		w.at = time.Now()
	case l.Msg == "a log is not read on":
		w.over, w.at = true, time.Now()
	case strings.HasPrefix(l.Msg, "a request to a log came to nothing"):
		w.seen[l.Reason]++
	case strings.HasPrefix(l.Msg, "a log shows a suspicious tree head"):
		w.seen["head "+l.Reason]++
	case strings.HasPrefix(l.Msg, "entries arrived damaged"):
		w.seen["damaged"]++
	case strings.HasPrefix(l.Msg, "entries are proved, and not as"):
		w.seen["entry "+l.Reason]++
	case strings.HasPrefix(l.Msg, "an entry claims to be a mark certificate"):
		w.seen["entry malformed"]++
	case strings.HasPrefix(l.Msg, "the store did not take a batch"):
		w.seen["store refused"]++
	}
}

// progress is what is known of a watch now.
type progress struct {
	stored uint64
	at     time.Time
	over   bool
	ended  bool
}

// look takes a sample of the program's memory and says how far it is.
func (w *watch) look() progress {
	memory := anonymous(w.cmd.Process.Pid)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.memory = max(w.memory, memory)
	p := progress{w.stored, w.at, w.over, false}
	select {
	case <-w.ended:
		p.ended = true
	default:
	}
	return p
}

// tellings is all that the program told of, in one line.
func (w *watch) tellings() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return tellings(w.seen)
}

// told says how often the program told of something.
func (w *watch) told(what string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.seen[what]
}

// said is the end of what it said.
func (w *watch) said() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Join(w.lines, "\n")
}

// stop ends the program as an operator does.
func (w *watch) stop() error {
	_ = w.cmd.Process.Signal(syscall.SIGTERM) // it may have ended
	select {
	case <-w.ended:
	case <-time.After(stopSoon):
		w.kill()
		return fmt.Errorf("it did not end within %s of SIGTERM", stopSoon)
	}
	return nil
}

// kill ends the program without a chance to say anything.
func (w *watch) kill() {
	_ = w.cmd.Process.Kill() // it may have ended
	<-w.ended
}

// anonymous is the memory of a process that no file backs, in bytes; 0 when it
// is gone.
func anonymous(pid int) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, rest, found := bytes.Cut(text, []byte("RssAnon:"))
	fields := bytes.Fields(rest)
	if !found || len(fields) == 0 {
		return 0
	}
	kb, err := strconv.ParseInt(string(fields[0]), 10, 64)
	if err != nil {
		return 0
	}
	return kb << 10
}

// errEnded says that the program ended by itself.
var errEnded = errors.New("the program ended by itself")

// await samples a watch until done says so. done is told of each sample.
func (w *watch) await(ctx context.Context, most time.Duration, done func(progress) bool) error {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	tick := time.NewTicker(sampleEvery)
	defer tick.Stop()
	for {
		p := w.look()
		if done(p) {
			return nil
		}
		if p.ended {
			return fmt.Errorf("%w:\n%s", errEnded, w.said())
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("nothing came of it within %s, stored up to %d:\n%s", most, p.stored, w.said())
		}
	}
}
