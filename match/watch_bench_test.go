package match_test

import (
	"fmt"
	"runtime"
	"testing"

	"markwatch/match"
)

// lists gives n items over a hundredth as many lists: domains, names and
// registrations, and of each list something of its own.
func lists(b *testing.B, n int) []match.Item {
	b.Helper()
	items := make([]match.Item, n)
	for i := range items {
		role, kind, value := match.Watch, match.KindDomain, fmt.Sprintf("%s.com", watchedWord(i))
		switch i % 10 {
		case 0:
			role, kind, value = match.Own, match.KindNumber, fmt.Sprintf("GB %08d", i)
		case 1:
			role, kind, value = match.Allow, match.KindOrganisation, watchedWord(i)+" Ltd"
		case 2, 3:
			kind, value = match.KindTrademark, fmt.Sprintf("GB UK%011d", i)
		case 4:
			kind, value = match.KindOrganisation, watchedWord(i)+" Ltd"
		}
		var err error
		if items[i], err = match.NewItem(fmt.Sprintf("list-%d", i/100), role, kind, value, nil); err != nil {
			b.Fatal(err)
		}
	}
	return items
}

func watchedWord(n int) string {
	word := ""
	for n += 7_000_000; n > 0; n /= 85 {
		word += string("bcdfghklmnprstvwz"[n%17]) + string("aeiou"[n/17%5])
	}
	return word
}

// BenchmarkWatching is 100,000 items over 1,000 lists among 10,000 certificates:
// what a start takes with them, another item, another certificate, and the end
// of an allowance.
func BenchmarkWatching(b *testing.B) {
	items := lists(b, 100_000)
	issuances := invent(12_000)
	state := match.State{Issuances: issuances[:10_000], Items: items}
	b.Run("start", func(b *testing.B) {
		for b.Loop() {
			m := match.New()
			c := m.Restore(state)
			var memory runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&memory)
			b.ReportMetric(float64(len(c.Hits)), "hits")
			b.ReportMetric(float64(memory.HeapInuse)/1e6, "MB")
			runtime.KeepAlive(m)
		}
	})
	m := match.New()
	m.Restore(state)
	b.Run("certificate", func(b *testing.B) {
		for n := 0; b.Loop(); n++ {
			m.Add(issuances[10_000+n%2000:][:1])
		}
	})
	for _, role := range []match.Role{match.Watch, match.Allow} {
		b.Run("item to "+string(role), func(b *testing.B) {
			for n := 0; b.Loop(); n++ {
				item, err := match.NewItem("list-1", role, match.KindDomain, fmt.Sprintf("%s-%d.com", watchedWord(n), n), nil)
				if err != nil {
					b.Fatal(err)
				}
				m.SetItems([]match.Item{item})
			}
		})
	}
}
