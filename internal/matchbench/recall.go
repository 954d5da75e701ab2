package main

import (
	"math"
	"slices"
	"strings"
)

// results are the scores that one method gave: of each query with its own
// reference, by kind of change, and of each pair of a query and a reference that
// do not belong together.
type results struct {
	right map[string][]float64
	wrong []float64 // sorted by rank, the greatest first
}

// rank sorts the wrong pairs; the other methods want it done.
func (r *results) rank() {
	slices.SortFunc(r.wrong, func(a, b float64) int {
		switch {
		case a > b:
			return -1
		case a < b:
			return 1
		}
		return 0
	})
}

// threshold returns the score that must be exceeded so that at most the rate of
// the wrong pairs is taken for right. Ties are never split: they are all out.
func (r *results) threshold(rate float64) float64 {
	// A hair, so that 1e-4 of 10,000 pairs is one of them.
	allowed := int(rate*float64(len(r.wrong)) + 1e-9)
	if allowed >= len(r.wrong) {
		return math.Inf(-1)
	}
	return r.wrong[allowed]
}

// recall is the part of a kind's queries whose score is over a threshold.
func (r *results) recall(kind string, over float64) float64 {
	return share(r.right[kind], func(s float64) bool { return s > over })
}

// reaching is the part of a kind's queries whose score is a threshold or more:
// how verdicts count.
func (r *results) reaching(kind string, threshold float64) float64 {
	return share(r.right[kind], func(s float64) bool { return s >= threshold })
}

// wrongReaching counts the wrong pairs whose score is a threshold or more.
func (r *results) wrongReaching(threshold float64) int {
	n, _ := slices.BinarySearchFunc(r.wrong, threshold, func(s, t float64) int {
		if s >= t {
			return -1
		}
		return 1
	})
	return n
}

// kinds are those of the right pairs, sorted.
func (r *results) kinds() []string {
	var out []string
	for k := range r.right {
		out = append(out, k)
	}
	slices.SortFunc(out, strings.Compare)
	return out
}

// over returns f's mean and least over the kinds: each kind counts alike,
// whatever the number of its queries.
func (r *results) over(f func(kind string) float64) (mean, least float64) {
	least = math.Inf(1)
	for _, k := range r.kinds() {
		mean += f(k) / float64(len(r.right))
		least = min(least, f(k))
	}
	return mean, least
}

func share(scores []float64, take func(float64) bool) float64 {
	n := 0
	for _, s := range scores {
		if take(s) {
			n++
		}
	}
	return float64(n) / float64(max(1, len(scores)))
}
