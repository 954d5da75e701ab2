package main

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestReaderGoesAway guards that a reader of standard output who has seen
// enough ends a command without a fault, and with its store closed.
func TestReaderGoesAway(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, format := range []string{"csv", "ndjson", "table", "markdown", "xlsx", "parquet"} {
		t.Run(format, func(t *testing.T) {
			out, in, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			defer out.Close()
			cmd := exec.CommandContext(t.Context(), "markwatch", "query", "--sql", "SELECT number, toString(number) FROM numbers(1000000)", "--format", format)
			var said strings.Builder
			cmd.Dir, cmd.Stdout, cmd.Stderr = r.dir, in, &said
			cmd.Env = append(os.Environ(), "MARKWATCH_LIBCHDB="+r.library, "XDG_DATA_HOME="+filepath.Join(r.dir, "data"))
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			in.Close()
			if _, err := bufio.NewReader(out).ReadByte(); err != nil {
				t.Error(err)
			}
			out.Close()
			if err := cmd.Wait(); err != nil || strings.Contains(said.String(), "pipe") {
				t.Errorf("%v: %s", err, said.String())
			}
		})
	}
}
