package main

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// tens holds wrong pairs of 0.000, 0.001 … 0.999, and right ones to count.
func tens() *results {
	r := &results{right: map[string][]float64{
		"easy": {0.9995, 0.9985, 1},
		"hard": {0.9995, 0.998, 0.5, 0.1},
	}}
	for i := range 1000 {
		r.wrong = append(r.wrong, float64(i*7919%1000)/1000)
	}
	r.rank()
	return r
}

func TestRecall(t *testing.T) {
	r := tens()
	for _, test := range []struct{ rate, threshold, easy, hard float64 }{
		{1e-3, 0.998, 1, 0.25},      // one wrong pair may pass: 0.999
		{1e-4, 0.999, 2. / 3, 0.25}, // none may
		{2e-3, 0.997, 1, 0.5},
		{0.5, 0.499, 1, 0.75},
		{1, math.Inf(-1), 1, 1},
	} {
		over := r.threshold(test.rate)
		if over != test.threshold {
			t.Errorf("threshold(%v) = %v, want %v", test.rate, over, test.threshold)
		}
		got := []float64{r.recall("easy", over), r.recall("hard", over)}
		if diff := cmp.Diff([]float64{test.easy, test.hard}, got, cmpopts.EquateApprox(0, 1e-12)); diff != "" {
			t.Errorf("recall at %v (-want +got):\n%s", test.rate, diff)
		}
	}
}

// TestTies guards that pairs of one score are never split, in whose favour ever.
func TestTies(t *testing.T) {
	r := &results{right: map[string][]float64{"all": {60, 60, 61}}}
	for i := range 100 {
		r.wrong = append(r.wrong, []float64{60, 10}[min(i/10, 1)])
	}
	r.rank()
	if got := r.recall("all", r.threshold(0.05)); math.Abs(got-1./3) > 1e-12 {
		t.Errorf("recall at 5 of 100, where ten tie = %v, want 1/3", got)
	}
	if got := r.recall("all", r.threshold(0.1)); got != 1 {
		t.Errorf("recall at 10 of 100, where ten tie = %v, want 1", got)
	}
}

func TestVerdictCounts(t *testing.T) {
	r := tens()
	for threshold, want := range map[float64]int{0.999: 1, 0.9991: 0, 0.5: 500, 0: 1000, 2: 0} {
		if got := r.wrongReaching(threshold); got != want {
			t.Errorf("wrongReaching(%v) = %d, want %d", threshold, got, want)
		}
	}
	if got := r.reaching("hard", 0.5); got != 0.75 {
		t.Errorf("reaching(hard, 0.5) = %v, want 0.75: the threshold itself counts", got)
	}
	mean, least := r.over(func(k string) float64 { return r.reaching(k, 0.5) })
	if mean != 0.875 || least != 0.75 {
		t.Errorf("over = %v, %v, want 0.875, 0.75: kinds count alike", mean, least)
	}
}

func TestReadSet(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"refs/b1.svg": "", "refs/b2.png": "", "queries/q1.svg": "", "queries/q2.jpg": "", "queries/q3.svg": "",
		"labels.tsv": "q1\tb1\tmirror\tanything\nq2\tb2\tmirror\nq3\t-\tneg_base\n",
		"wrong.tsv":  "q1\tb9\tmirror\n", "lost.tsv": "q9\tb1\tmirror\n", "short.tsv": "q1 b1 mirror\n",
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	read := func(labels string, every int) (*set, error) {
		return readSet("x", filepath.Join(dir, "refs"), filepath.Join(dir, "queries"), filepath.Join(dir, labels), every)
	}
	s, err := read("labels.tsv", 1)
	if err != nil {
		t.Fatal(err)
	}
	q := func(name string) string { return filepath.Join(dir, "queries", name) }
	want := []sample{{"q1", q("q1.svg"), "b1", "mirror", "anything"}, {"q2", q("q2.jpg"), "b2", "mirror", "q2"}, {"q3", q("q3.svg"), "", "neg_base", "q3"}}
	if diff := cmp.Diff(want, s.queries, cmp.AllowUnexported(sample{})); diff != "" {
		t.Errorf("queries (-want +got):\n%s", diff)
	}
	if s, err := read("labels.tsv", 2); err != nil || len(s.queries) != 2 || len(s.references) != 2 {
		t.Errorf("each second of each kind: %+v, %v, want one mirror and one neg_base, and both references", s, err)
	}
	for _, bad := range []string{"wrong.tsv", "lost.tsv", "short.tsv"} {
		if _, err := read(bad, 1); err == nil {
			t.Errorf("%s is read without an error", bad)
		}
	}
}
