package main

import (
	"bytes"
	"os/exec"
	"testing"

	"markwatch/internal/faults"
	"markwatch/internal/marktest"
	"markwatch/scanner"
)

// A few of what `make faults` runs, against logs in this process.
func TestFaultSuite(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	program, err := exec.LookPath("markwatch") // this test binary
	if err != nil {
		t.Fatal(err)
	}
	ca := marktest.NewCA("Faults CA")
	only, kinds := "", map[string]scanner.Type{"rfc6962": scanner.RFC6962, "tiles": scanner.Static}
	if testing.Short() {
		only = "fork as it grows"
		delete(kinds, "rfc6962")
	}
	var out bytes.Buffer
	s := faults.Suite{Markwatch: program, Library: r.library, Out: &out, Quick: true, Only: only, Parallel: 2, Dir: t.TempDir(),
		Memory: 4 << 30, // most of it the race detector's
	}
	for name, kind := range kinds {
		l, err := faults.InProcess(t.Context(), name, kind)
		if err == nil {
			err = l.Grow(t.Context(), ca)
		}
		if err != nil {
			t.Fatal(err)
		}
		s.Logs = append(s.Logs, l)
	}
	if failed, err := s.Run(t.Context()); err != nil || failed > 0 {
		t.Errorf("%d lines fail: %v\n%s", failed, err, out.String())
	}
}
