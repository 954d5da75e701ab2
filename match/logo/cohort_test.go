package logo

import (
	"flag"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write cohort.bin anew")

// TestCohortIsCurrent guards that the embedded cohort is what its generator makes.
func TestCohortIsCurrent(t *testing.T) {
	if *update {
		var b []byte
		for _, c := range inventedCodes(cohortSize) {
			b = c.append(b)
		}
		if err := os.WriteFile("cohort.bin", b, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	have := cohort()
	if len(have) != cohortSize {
		t.Fatalf("the cohort has %d codes, not %d: run go generate", len(have), cohortSize)
	}
	for i, c := range inventedCodes(cohortSize / 50) {
		if c != have[i] {
			t.Fatalf("code %d of the cohort differs: run go generate", i)
		}
	}
}
