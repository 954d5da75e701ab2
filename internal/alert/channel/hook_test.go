package channel_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"markwatch/internal/alert/channel"
	"markwatch/internal/alert/notice"
)

// hookOf opens a hook that runs a shell script.
func hookOf(t *testing.T, script string, timeout time.Duration, args ...string) channel.Channel {
	t.Helper()
	return one(t, channel.Config{Hooks: []channel.Hook{{Command: append([]string{"/bin/sh", write(t, "hook.sh", script)}, args...), Timeout: timeout}}})
}

// TestHook guards what an executable is given.
func TestHook(t *testing.T) {
	t.Setenv("MARKWATCH_STORE", "https://user:password@store.example.com")
	dir := t.TempDir()
	m := message("a1")
	m.List = "misavu $(id)"
	ch := hookOf(t, `cat >"$1/input"; printf '%s\n' "$2" "$MARKWATCH_DELIVERY_ID" "$MARKWATCH_KIND" "$MARKWATCH_LIST" "$MARKWATCH_STORE" "$PATH" >"$1/environment"`, time.Minute, dir, "a b;c $HOME")
	if err := ch.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	want, err := notice.JSON(m)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"input": string(want), "environment": strings.Join([]string{"a b;c $HOME", m.ID, "hit", m.List, "", os.Getenv("PATH"), ""}, "\n"),
	} {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || string(got) != want {
			t.Errorf("%s (%v): got %q, want %q", name, err, got, want)
		}
	}
}

// TestHookEnds guards what each end of an executable means.
func TestHookEnds(t *testing.T) {
	for _, c := range []struct{ name, script, want, words string }{
		{"done", "exit 0", "", ""},
		{"done without reading", "exec <&-; exit 0", "", ""},
		{"temporary", "echo try later >&2; exit 75", "retry", "exit status 75: try later"},
		{"refused", "echo no; echo never >&2; exit 1", "refused", "exit status 1 (exit with 75 where trying again would help): no never"},
		{"signal", "kill -TERM $$", "retry", "terminated"},
		{"much output", "head -c 1000000 /dev/zero | tr '\\0' x; exit 1", "refused", "xxxx…"},
		{"a child that stays", "sleep 4 & exit 0", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			checkError(t, hookOf(t, c.script, time.Minute).Send(t.Context(), message("a")), c.want, c.words)
		})
	}
}

// TestHookOutput guards that what an executable prints isn't held in memory.
func TestHookOutput(t *testing.T) {
	ch := hookOf(t, "head -c 64000000 /dev/zero; exit 1", time.Minute)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	checkError(t, ch.Send(t.Context(), message("a")), "refused", "exit status 1")
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 16<<20 {
		t.Errorf("%d bytes were allocated", grown)
	}
}

// TestHookTimeout guards that an executable which doesn't end is killed with its
// children, and one whose caller gives up too.
func TestHookTimeout(t *testing.T) {
	dir := t.TempDir()
	ch := hookOf(t, `sleep 1000 & echo $! >"$1/child"; echo busy; wait`, 500*time.Millisecond, dir)
	checkError(t, ch.Send(t.Context(), message("a")), "retry", "not done within 500ms")
	if text, err := os.ReadFile(filepath.Join(dir, "child")); err == nil { // else it was killed before it started one
		pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
		if err != nil {
			t.Fatal(err)
		}
		for began := time.Now(); !dead(pid); runtime.Gosched() { // the kernel takes a moment
			if time.Since(began) > 20*time.Second {
				t.Fatalf("the child %d lives on", pid)
			}
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := hookOf(t, "sleep 1000", time.Minute).Send(ctx, message("a"))
	if checkError(t, err, "retry", "canceled"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// dead tells whether a process has ended; nobody may have waited for it yet.
func dead(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return true
	}
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err != nil || strings.Contains(string(stat), ") Z ")
}
