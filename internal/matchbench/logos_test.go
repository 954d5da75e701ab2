package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"markwatch/internal/twist"
)

// TestCollect guards which pairs are right: a query and its own reference, and
// no other; a query without a reference has wrong ones alone.
func TestCollect(t *testing.T) {
	sampleOf := func(id, reference, kind string) described {
		return described{sample: sample{id: id, reference: reference, kind: kind}}
	}
	refs := []described{sampleOf("b1", "", ""), sampleOf("b2", "", "")}
	queries := []described{sampleOf("q1", "b1", "mirror"), sampleOf("q2", "b2", "mirror"), sampleOf("q3", "", "neg_base")}
	pairs := [][]pair{{{hash: 60}, {hash: 30}}, {{hash: 61}, {hash: 59}}, {{hash: 20}, {hash: 62}}}
	got := collect(queries, refs, pairs, func(p pair) float64 { return p.hash })
	want := &results{right: map[string][]float64{"mirror": {60, 59}}, wrong: []float64{62, 61, 30, 20}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(results{})); diff != "" {
		t.Errorf("collect (-want +got):\n%s", diff)
	}
	var out bytes.Buffer
	recallTable(&out, got, got)
	// At no wrong pair allowed nothing passes 62.
	if row := strings.Fields(strings.Split(out.String(), "\n")[1]); row[0] != "mirror" || row[1] != "2" || row[2] != "0.000" {
		t.Errorf("table row %v, want 2 mirrored, recall 0", row)
	}
}

func TestJudgeDomains(t *testing.T) {
	row := func(variants, right int) []twist.Row {
		return []twist.Row{{Kind: "omission", Variants: variants, Right: right}}
	}
	for _, test := range []struct {
		name string
		r    twist.Result
		ok   bool
	}{
		{"on the bar", twist.Result{Rows: row(100, 98), Ordinary: 2000, Flagged: 1}, true},
		{"too few found", twist.Result{Rows: row(100, 97), Ordinary: 2000}, false},
		{"too many flagged", twist.Result{Rows: row(100, 100), Ordinary: 2000, Flagged: 2}, false},
	} {
		if err := judgeDomains(test.r); (err == nil) != test.ok {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

func TestVarious(t *testing.T) {
	all := []two{{name: "a", kind: "blur"}, {name: "b", kind: "blur"}, {name: "a", kind: "warp"}, {name: "a", kind: "trace"}, {name: "c", kind: "rot5"}}
	var got []string
	for _, p := range various(all, 3) {
		got = append(got, p.name+" "+p.kind)
	}
	if diff := cmp.Diff([]string{"a blur", "a warp", "c rot5"}, got); diff != "" {
		t.Errorf("various (-want +got):\n%s", diff)
	}
}

// TestCommands guards that what the documents call is there.
func TestCommands(t *testing.T) {
	err := run(t.Context(), []string{"nothing"})
	if err == nil {
		t.Fatal("an unknown command gives no error")
	}
	for _, name := range strings.Fields("icons fidelity variants logos domains pictures speed") {
		if !strings.Contains(err.Error(), "\n  "+name+" ") {
			t.Errorf("the usage doesn't name %s:\n%v", name, err)
		}
	}
}
