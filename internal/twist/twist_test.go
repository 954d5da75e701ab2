package twist_test

import (
	"testing"

	"markwatch/internal/twist"
)

// TestMeasure guards the promise: of all variants of 200 names at least 98 in 100 are found for
// the right reason, and at most one in 2,000 ordinary names is taken for one of them.
func TestMeasure(t *testing.T) {
	names := twist.Names()
	if len(names) != 200 {
		t.Errorf("%d names, want 200", len(names))
	}
	ordinary, source := twist.Ordinary(100_000)
	result := twist.Measure(names, ordinary)
	for _, row := range append(result.Rows, result.Total()) {
		t.Logf("%-14s %7d variants, found %.2f %%, for the right reason %.2f %%", row.Kind, row.Variants, percent(row.Found, row.Variants), percent(row.Right, row.Variants))
		t.Logf("%q", row.Missed)
		if row.Variants == 0 || percent(row.Right, row.Variants) < 98 {
			t.Errorf("%s: %.2f %% for the right reason, want 98: %q", row.Kind, percent(row.Right, row.Variants), row.Missed)
		}
	}
	t.Logf("%d of %d ordinary names (%s) flagged: %q", result.Flagged, result.Ordinary, source, result.Examples)
	if 2000*result.Flagged > result.Ordinary {
		t.Errorf("%d of %d ordinary names flagged, want at most one in 2,000: %q", result.Flagged, result.Ordinary, result.Examples)
	}
}

func percent(part, whole int) float64 { return 100 * float64(part) / float64(whole) }
