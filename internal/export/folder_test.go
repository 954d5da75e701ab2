package export_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"markwatch/internal/export"
)

// placeOfFolder names, in a process that a test starts, the folder that it
// begins to be killed with.
const placeOfFolder = "MARKWATCH_TEST_FOLDER_AT"

// names are those of what is in a folder.
func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

// TestFolderOfTheKilled guards that a folder that a killed process was writing
// is removed by the next that is begun beside it, and nothing else: neither one
// that is being written, nor what only looks like one.
func TestFolderOfTheKilled(t *testing.T) {
	if place := os.Getenv(placeOfFolder); place != "" {
		holdFolder(t, place)
		return
	}
	dir := t.TempDir()
	for _, mine := range []string{".mine.markwatch-part-0123456", ".mine.markwatch-part-0123456g", "mine.markwatch-part-01234567", ".mine.01234567"} {
		if err := os.Mkdir(filepath.Join(dir, mine), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	mine := names(t, dir)
	kill := startFolder(t, filepath.Join(dir, "killed"))
	begin := func(name string) func(error) error {
		part, finish, err := export.NewFolder(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(part, "file"), []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
		return finish
	}
	one, other := begin("one"), begin("other")
	if got := names(t, dir); len(got) != len(mine)+3 {
		t.Fatalf("three are written beside %v: %v", mine, got)
	}
	kill()
	if err := begin("third")(errors.New("given up")); err == nil {
		t.Error("a folder that is given up is finished")
	}
	if got := names(t, dir); len(got) != len(mine)+2 {
		t.Errorf("two are written beside %v: %v", mine, got)
	}
	if err := errors.Join(one(nil), other(nil)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(append(mine, "one", "other"), names(t, dir)); diff != "" {
		t.Errorf("at the end (-want +got):\n%s", diff)
	}
}

// startFolder starts a process that begins a folder, and gives what kills it.
func startFolder(t *testing.T, place string) (kill func()) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "-test.run=^TestFolderOfTheKilled$")
	cmd.Env = append(os.Environ(), placeOfFolder+"="+place)
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
		t.Fatalf("the process that writes a folder says %q: %v", line, err)
	}
	return kill
}

// holdFolder begins a folder, says so, and waits for its end.
func holdFolder(t *testing.T, place string) {
	part, _, err := export.NewFolder(place)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(part, "half"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	fmt.Println("held")
	select {}
}
