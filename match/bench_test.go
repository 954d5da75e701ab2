package match_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"markwatch/match"
)

// invent gives n issuances of a fifth as many organisations, with names of
// invented syllables; one organisation in a hundred is a letter off another.
func invent(n int) []match.Issuance {
	word := func(k int) string {
		sum := sha256.Sum256(fmt.Appendf(nil, "%d", k))
		var w []byte
		for _, b := range sum[:4] {
			w = append(w, "bcdfghklmnprstvwz"[b%17], "aeiou"[b/17%5])
		}
		return string(append(w, "bcdfghklmnprstvwz"[sum[5]%17]))
	}
	all := make([]match.Issuance, n)
	for i := range all {
		k := i / 5
		name := word(k)
		if k%100 == 99 {
			name = word(k-1) + "a"
		}
		all[i] = certificate(1, name+" Ltd", fmt.Sprintf("%08d", k), fmt.Sprintf("GB UK%011d", k), name+".com", name+".co.uk")
		all[i].NotBefore = all[i].NotBefore.Add(time.Duration(i) * time.Minute)
		sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", name, i))
		all[i].TBSSHA256 = hex.EncodeToString(sum[:])
	}
	return all
}

// BenchmarkRestore is what a start costs beside reading the store and the
// descriptors of logos.
func BenchmarkRestore(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		issuances := invent(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				m := match.New()
				c := m.Restore(match.State{Issuances: issuances})
				var memory runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&memory)
				b.ReportMetric(float64(len(c.Hits)), "hits")
				b.ReportMetric(float64(memory.HeapInuse)/1e6, "MB")
				runtime.KeepAlive(m)
			}
		})
	}
}

// BenchmarkExplain is what explaining one hit costs beside reading the store.
func BenchmarkExplain(b *testing.B) {
	issuances := invent(100_000)
	hits := match.New().Restore(match.State{Issuances: issuances}).Hits
	for b.Loop() {
		m := match.New()
		m.Know(match.State{Issuances: issuances}, nil)
		m.Explain(hits[len(hits)/2])
	}
}

// BenchmarkAdd is a new certificate among 100,000.
func BenchmarkAdd(b *testing.B) {
	issuances := invent(100_000 + 20_000)
	m := match.New()
	m.Restore(match.State{Issuances: issuances[:100_000]})
	next := 100_000
	for b.Loop() {
		m.Add(issuances[next : next+1])
		if next++; next == len(issuances) {
			b.Fatal("more issuances are needed")
		}
	}
}

// TestAtOnceAndOneByOne guards that a start finds the hits that a running
// matcher has.
func TestAtOnceAndOneByOne(t *testing.T) {
	issuances := invent(6000)
	for i := range issuances { // some hold another's name in theirs, which comes later
		if i%50 == 7 {
			issuances[i].Domains = append(issuances[i].Domains, "secure-"+issuances[(i+3000)%len(issuances)].Domains[0])
		}
	}
	hits, gradually := ledger{}, ledger{}
	hits.apply(t, match.New().Restore(match.State{Issuances: slices.Clone(issuances)}))
	m := match.New()
	for batch := range slices.Chunk(issuances, 100) {
		gradually.apply(t, m.Add(batch))
	}
	if diff := cmp.Diff(hits.lines(), gradually.lines()); diff != "" || len(hits) < 200 {
		t.Errorf("%d hits; at once and one by one:\n%s", len(hits), diff)
	}
}
