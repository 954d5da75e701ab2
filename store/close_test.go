package store_test

import (
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"markwatch/scanner"
	"markwatch/store"
)

// After Close no goroutine of a store's remains, owner's or client's, and no
// file is left open.
func TestCloseLeavesNothing(t *testing.T) {
	needEngine(t)
	dir := t.TempDir()
	l := newLog("larkspur")
	batches := read(t, l, scanner.Position{}, 0)
	var files []int
	for range 3 {
		owner, err := store.Open(t.Context(), store.Options{DSN: dir})
		if err != nil {
			t.Fatal(err)
		}
		client, err := store.Open(t.Context(), store.Options{DSN: dir})
		if err != nil {
			t.Fatal(err)
		}
		commit(t, owner, batches...)
		commit(t, client, batches...)
		for range client.LeafHashes(t.Context(), logOf(l), 0, l.Size()) {
			break // and leaves a result half read
		}
		if err := client.Close(); err != nil {
			t.Error(err)
		}
		if err := owner.Close(); err != nil {
			t.Error(err)
		}
		for left, deadline := ours(), time.Now().Add(5*time.Second); left != ""; left = ours() {
			if time.Now().After(deadline) {
				t.Fatalf("after Close there still runs:\n%s", left)
			}
			runtime.Gosched()
		}
		files = append(files, openFiles())
	}
	if files[2] > files[1] {
		t.Errorf("open files after each Close: %d", files)
	}
}

// openFiles counts them, but for those by which ClickHouse's threads, which it
// keeps, count their own work.
func openFiles() int {
	files, _ := os.ReadDir("/proc/self/fd") // none elsewhere than on Linux
	n := 0
	for _, f := range files {
		if target, err := os.Readlink("/proc/self/fd/" + f.Name()); err == nil && !strings.HasPrefix(target, "/proc/") {
			n++
		}
	}
	return n
}

// ours are the stacks of goroutines in code of the store, its driver and HTTP.
func ours() string {
	all := make([]byte, 1<<20)
	all = all[:runtime.Stack(all, true)]
	var out []string
	for i, stack := range strings.Split(string(all), "\n\n") {
		if i > 0 && (strings.Contains(stack, "markwatch/store.") || strings.Contains(stack, "markwatch/store/") || strings.Contains(stack, "clickhouse-go") || strings.Contains(stack, "net/http.")) && !strings.Contains(stack, "testing.tRunner") {
			out = append(out, stack)
		}
	}
	return strings.Join(out, "\n\n")
}
