package reallog

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// Build compiles commands of this module's dependencies into a folder. It runs
// the go command in the working directory, which must be in this module.
func Build(ctx context.Context, dir string, packages ...string) error {
	cmd := exec.CommandContext(ctx, "go", append([]string{"build", "-o", dir + string(filepath.Separator)}, packages...)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("building %v: %w: %s", packages, err, out)
	}
	return nil
}

// process is a log's program while it runs.
type process struct {
	cmd  *exec.Cmd
	out  tail
	done chan struct{} // closed when it has ended
}

// run starts a program in a folder. What it writes is kept for errors.
func run(dir, program string, args ...string) (*process, error) {
	p := &process{cmd: exec.Command(program, args...), done: make(chan struct{})}
	p.cmd.Dir, p.cmd.Stdout, p.cmd.Stderr = dir, &p.out, &p.out
	p.cmd.Env = append(os.Environ(), "TZ=UTC")
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting %s: %w", program, err)
	}
	go func() {
		defer close(p.done)
		_ = p.cmd.Wait() // whoever waits for the log says how it ended
	}()
	return p, nil
}

// stop ends the program and waits until it has.
func (p *process) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(2 * time.Second):
		_ = p.cmd.Process.Kill()
		<-p.done
	}
}

// wait returns when ready does without an error.
func (p *process) wait(ctx context.Context, ready func() error) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		err := ready()
		if err == nil {
			return nil
		}
		select {
		case <-tick.C:
		case <-p.done:
			return fmt.Errorf("%s has ended: %s", p.cmd.Path, p.out.String())
		case <-ctx.Done():
			return fmt.Errorf("waiting for %s: %w: %w: %s", p.cmd.Path, ctx.Err(), err, p.out.String())
		}
	}
}

// tail keeps the end of what is written.
type tail struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// tailBytes is how much of it.
const tailBytes = 4 << 10

// Write keeps the end.
func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.b.Write(b)
	t.b.Next(max(0, t.b.Len()-tailBytes))
	return len(b), nil
}

// String returns what was kept.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.b.String()
}

// freeAddress is an address on this host at which nobody listens now.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("finding a free port: %w", err)
	}
	return l.Addr().String(), l.Close()
}

// reaching is a client for which hosts of names alone are at addresses.
func reaching(addresses map[string]string) *http.Client {
	var d net.Dialer
	return &http.Client{Transport: &http.Transport{
		MaxIdleConnsPerHost: 64,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			if at, ok := addresses[address]; ok {
				address = at
			}
			return d.DialContext(ctx, network, address)
		},
	}}
}
