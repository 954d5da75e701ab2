package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/segmentio/asm/base64"
)

// profiled is a file that is put beside cmd/markwatch's own when it is built for
// its profile: main starts the profile and ends it.
const profiled = `package main

import (
	"os"
	"runtime/pprof"
)

func startProfile() func() {
	f, err := os.Create(os.Getenv("PEERS_PROFILE"))
	if err != nil {
		panic(err)
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		panic(err)
	}
	return func() { pprof.StopCPUProfile(); f.Close() }
}
`

// buildProfiled compiles markwatch with a CPU profile of its whole run.
func (b *bench) buildProfiled(ctx context.Context) (string, error) {
	folder, err := filepath.Abs(filepath.Join(b.root, "cmd/markwatch"))
	if err != nil {
		return "", err
	}
	source := filepath.Join(folder, "main.go")
	text, err := os.ReadFile(source)
	if err != nil {
		return "", err
	}
	changed := strings.Replace(string(text), "func main() {\n", "func main() {\n\tstop_ := startProfile()\n", 1)
	changed = strings.Replace(changed, "\tos.Exit(code)\n", "\tstop_()\n\tos.Exit(code)\n", 1)
	if strings.Count(changed, "stop_") != 2 {
		return "", errors.New("profiling markwatch: its main function isn't as it was: see profile.go")
	}
	files := map[string]string{source: changed, filepath.Join(folder, "peers_profile.go"): profiled}
	overlay := map[string]string{}
	for name, text := range files {
		overlay[name] = filepath.Join(b.dir, filepath.Base(name)+".txt")
		if err := os.WriteFile(overlay[name], []byte(text), 0o600); err != nil {
			return "", err
		}
	}
	instructions, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		return "", err
	}
	file, out := filepath.Join(b.dir, "overlay.json"), filepath.Join(b.dir, "markwatch-profiled")
	if err := os.WriteFile(file, instructions, 0o600); err != nil {
		return "", err
	}
	return out, goCommand(ctx, b.root, "build", "-overlay", file, "-o", out, "./cmd/markwatch")
}

// profile shows where markwatch's time goes at logs of both protocols, and what
// this machine can do at most.
func (b *bench) profile(ctx context.Context) error {
	program, err := b.buildProfiled(ctx)
	if err != nil {
		return err
	}
	for _, static := range []bool{false, true} {
		if err := b.profileOne(ctx, program, static); err != nil {
			return err
		}
	}
	return b.limits()
}

// profileOne profiles the reading of one log.
func (b *bench) profileOne(ctx context.Context, program string, static bool) error {
	l, err := memoryLog(b.world, b.entries, static)
	if err != nil {
		return err
	}
	defer l.close()
	file := filepath.Join(b.dir, "cpu.prof")
	r := readers()[0]
	run := r.run
	r.run = func(p programs, l *ctLog, dir string) (*exec.Cmd, func() bool, error) {
		p.markwatch = program
		cmd, done, err := run(p, l, dir)
		// The engine is looked for beside the program.
		cmd.Env = append(os.Environ(), "PEERS_PROFILE="+file)
		cmd.Dir = filepath.Dir(filepath.Dir(b.markwatch))
		return cmd, done, err
	}
	u, err := b.run(ctx, r, l)
	if err != nil {
		return err
	}
	top, err := exec.CommandContext(ctx, "go", "tool", "pprof", "-top", "-nodecount=16", program, file).Output()
	if err != nil {
		return fmt.Errorf("reading the profile: %w", err)
	}
	fmt.Fprintf(b.out, "\n## profile of markwatch, %s, %d entries; %.2f CPU s in all, %.1f µs an entry. The engine's own threads are not in it.\n\n%s",
		l.protocol(), l.entries, u.cpu.Seconds(), float64(u.cpu.Microseconds())/float64(l.entries), top)
	return b.printParts(ctx, program, file, u.cpu)
}

// limits prints how fast one core of this machine hashes, decodes and copies,
// and what of an entry's time that is at least.
func (b *bench) limits() error {
	i, err := b.world.tls(1)
	if err != nil {
		return err
	}
	leaf, extra := rawEntry(i, 1, false)
	pre, preExtra := rawEntry(i, 0, false)
	mean := float64(len(leaf)+len(pre)) / 2
	whole := (float64(base64.StdEncoding.EncodedLen(len(leaf)+len(pre))) + float64(base64.StdEncoding.EncodedLen(len(extra)+len(preExtra)))) / 2
	var node [65]byte
	encoded := []byte(base64.StdEncoding.EncodeToString(leaf))
	decoded := make([]byte, len(leaf)+64)
	from, to := make([]byte, 64<<20), make([]byte, 64<<20)
	hash := perSecond(len(leaf), func() { sha256.Sum256(leaf) })
	inner := perSecond(len(node), func() { sha256.Sum256(node[:]) })
	decode := perSecond(len(encoded), func() { _, _ = base64.StdEncoding.Decode(decoded, encoded) })
	move := perSecond(len(from), func() { copy(to, from) })
	micros := func(bytes, rate float64) float64 { return 1e6 * bytes / rate }
	_, err = fmt.Fprintf(b.out, `
## limits of this machine, one core

| what | GB a second | of an entry | µs an entry |
|---|---:|---|---:|
| SHA-256 of leaves | %.2f | %.0f bytes of leaf_input | %.2f |
| SHA-256 of nodes | %.2f | one node of 65 bytes | %.2f |
| base64 to bytes (SIMD) | %.2f | leaf_input in base64, %.0f bytes | %.2f |
| copying memory | %.2f | its JSON, %.0f bytes, once | %.2f |
`, hash/1e9, mean, micros(mean, hash), inner/1e9, micros(65, inner), decode/1e9, mean*4/3, micros(mean*4/3, decode), move/1e9, whole, micros(whole, move))
	return err
}

// perSecond is how many bytes f works on in a second of CPU, at best.
func perSecond(bytes int, f func()) float64 {
	var best float64
	for range 5 {
		before, n := cpuTime(), 0
		for begin := time.Now(); time.Since(begin) < 200*time.Millisecond; n += 16 {
			for range 16 {
				f()
			}
		}
		best = max(best, float64(bytes)*float64(n)/max(cpuTime()-before, time.Microsecond).Seconds())
	}
	return best
}

// cpuTime is what this process has taken.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
