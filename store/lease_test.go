package store_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"markwatch/internal/marktest"
	"markwatch/scanner"
	"markwatch/store"
)

// dirOfSnapshot names, in a process that a test starts, the store of which it
// makes a snapshot to be killed with.
const dirOfSnapshot = "MARKWATCH_TEST_SNAPSHOT_OF"

// snapshots are the databases of snapshots that the store has.
func snapshots(t testing.TB, s *store.Store) []string {
	t.Helper()
	return cells(t, s, "SELECT name FROM system.databases WHERE name LIKE 'markwatch_snapshot_%' ORDER BY name")
}

// TestSnapshotOfTheKilled guards that what a killed process leaves of a snapshot
// is removed by the next snapshot, or the next process that opens the store, and
// that a snapshot in use isn't, whoever uses it.
func TestSnapshotOfTheKilled(t *testing.T) {
	if dir := os.Getenv(dirOfSnapshot); dir != "" {
		holdSnapshot(t, dir)
		return
	}
	dir := t.TempDir()
	s := open(t, dir)
	l := newClockedLog("killed")
	l.addAt("2021-08-01T00:00:00Z", marktest.Registered("Ash Ltd", "ash.example", 1))
	commit(t, s, read(t, l.Log, scanner.Position{}, 0)...)

	kill := startHolder(t, dir) // a client of this process
	its := snapshots(t, s)
	if len(its) != 1 {
		t.Fatalf("another process has the snapshots %v, want one", its)
	}
	mine := snapshot(t, s, "2021-08-02T00:00:00Z")
	if got := snapshots(t, s); len(got) != 2 {
		t.Fatalf("with two in use there are %v", got)
	}
	kill()
	snapshot(t, s, "2021-08-02T00:00:00Z")
	if got := snapshots(t, s); len(got) != 2 || got[0] == its[0] || got[1] == its[0] {
		t.Errorf("after the kill there are %v, want two and none of them %s", got, its[0])
	}
	var rows uint64
	if err := mine.Conn().QueryRow(t.Context(), "SELECT count() FROM mark_certificates").Scan(&rows); err != nil || rows != 1 {
		t.Errorf("the snapshot in use has %d rows: %v", rows, err)
	}
}

// TestSnapshotOfTheKilledOwner guards the same where the killed process had the
// store to itself: opening it is enough.
func TestSnapshotOfTheKilledOwner(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	l := newClockedLog("killed")
	l.addAt("2021-08-01T00:00:00Z", marktest.Registered("Ash Ltd", "ash.example", 1))
	commit(t, s, read(t, l.Log, scanner.Position{}, 0)...)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	startHolder(t, dir)()
	s = open(t, dir)
	if got := snapshots(t, s); len(got) > 0 {
		t.Errorf("left behind: %v", got)
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if len(f.Name()) > len("markwatch_snapshot_") && f.Name()[:len("markwatch_snapshot_")] == "markwatch_snapshot_" {
			t.Errorf("left behind: %s", f.Name())
		}
	}
}

// startHolder starts a process that makes a snapshot and keeps it, and gives
// what kills it.
func startHolder(t *testing.T, dir string) (kill func()) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "-test.run=^TestSnapshotOfTheKilled$")
	cmd.Env = append(os.Environ(), dirOfSnapshot+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill = func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // says that it was killed
	}
	t.Cleanup(kill)
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "held\n" {
		t.Fatalf("the process that holds a snapshot says %q: %v", line, err)
	}
	return kill
}

// holdSnapshot makes a snapshot, says so, and waits for its end.
func holdSnapshot(t *testing.T, dir string) {
	s, err := store.Open(t.Context(), store.Options{DSN: dir})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Snapshot(t.Context(), time.Date(2021, 8, 2, 0, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	fmt.Println("held")
	select {}
}

// TestLeaseOnServer guards which snapshots on a server count as left behind:
// those whose lease wasn't renewed for long.
func TestLeaseOnServer(t *testing.T) {
	s := open(t, t.TempDir())
	l := newClockedLog("leased")
	l.addAt("2021-08-01T00:00:00Z", marktest.Registered("Ash Ltd", "ash.example", 1))
	commit(t, s, read(t, l.Log, scanner.Position{}, 0)...)
	sn := snapshot(t, s, "2021-08-02T00:00:00Z")
	var name string
	if err := sn.Conn().QueryRow(t.Context(), "SELECT currentDatabase()").Scan(&name); err != nil {
		t.Fatal(err)
	}
	for life, want := range map[time.Duration][]string{time.Hour: {}, -time.Hour: {name}} {
		got, err := store.RunOut(s, t.Context(), life)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("not renewed for %v (-want +got):\n%s", life, diff)
		}
	}
	if err := store.Renew(sn, t.Context()); err != nil {
		t.Errorf("renewing: %v", err)
	}
}
