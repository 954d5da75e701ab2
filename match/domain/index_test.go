package domain_test

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"markwatch/match/domain"
)

// syllables makes the i-th of many names that are plausible and all different.
func syllables(i int) string {
	heads := strings.Fields("b br c ch d dr f fl g gr h j k kl l m n p pl qu r s sch st t tr v w z")
	tails := strings.Fields("a an ar e el en er i ic in o on or u um us au ei")
	var b strings.Builder
	k := uint32(i)*2654435761 ^ uint32(i)>>7
	for range 3 + i%2 {
		b.WriteString(heads[k%uint32(len(heads))])
		k /= uint32(len(heads))
		b.WriteString(tails[k%uint32(len(tails))])
		k = k/uint32(len(tails)) ^ uint32(i)*40503
	}
	return b.String()
}

// watchNames gives n names to watch.
func watchNames(n int) []domain.Name {
	suffixes := strings.Fields("com net de co.uk fr org shop")
	names := make([]domain.Name, n)
	for i := range names {
		names[i] = domain.Parse(fmt.Sprintf("%s.%s", syllables(i), suffixes[i%len(suffixes)]))
	}
	return names
}

// incoming gives names as they come from logs: most resemble nothing, some have hosts, hyphens, typos.
func incoming(n int) []domain.Name {
	names := make([]domain.Name, n)
	for i := range names {
		label := syllables(i*7 + 3_000_000)
		switch i % 8 {
		case 1:
			label = "www." + label
		case 2:
			label += "-" + syllables(i*3+9_000_000)
		case 3:
			label = "mail.login." + label + "shop"
		case 4:
			own := syllables(i)
			label = own[:3] + own[4:]
		}
		names[i] = domain.Parse(label + ".com")
	}
	return names
}

func BenchmarkBuild100k(b *testing.B) {
	names := watchNames(100_000)
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		x := domain.NewIndex()
		for i, n := range names {
			x.Add(uint32(i), n)
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "MB")
		runtime.KeepAlive(x)
	}
}

func BenchmarkMatch100k(b *testing.B) {
	x := domain.NewIndex()
	for i, n := range watchNames(100_000) {
		x.Add(uint32(i), n)
	}
	names := incoming(10_000)
	i, found := 0, 0
	for b.Loop() {
		found += len(x.Match(names[i%len(names)]))
		i++
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "names/s")
	b.ReportMetric(float64(found)/float64(i), "hits/name")
}

func BenchmarkImitators100k(b *testing.B) {
	x := domain.NewIndex()
	for i, n := range incoming(100_000) {
		x.Add(uint32(i), n)
	}
	names := watchNames(1000)
	i := 0
	for b.Loop() {
		x.Imitators(names[i%len(names)])
		i++
	}
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		domain.Parse("www.xn--mhlenquast-9db.co.uk")
	}
}

// pairwise is what an index shall give, by Compare.
func pairwise(watched []domain.Name, n domain.Name) []string {
	var want []string
	for id, w := range watched {
		if m, ok := domain.Compare(w, n); ok {
			want = append(want, fmt.Sprintf("%d %s %s %s", id, m.Rule, m.Kind, m.Reason))
		}
	}
	return want
}

// inOrder lists matches in the order of ids.
func inOrder(matches []domain.Match) []string {
	slices.SortFunc(matches, func(a, b domain.Match) int { return int(a.ID) - int(b.ID) })
	var got []string
	for _, m := range matches {
		got = append(got, fmt.Sprintf("%d %s %s %s", m.ID, m.Rule, m.Kind, m.Reason))
	}
	return got
}

// TestIndexAgrees guards that the index finds what Compare finds, pair by pair, from either side.
func TestIndexAgrees(t *testing.T) {
	watched := slices.Concat(watchNames(100), parseAll("mühlenquast.de", "netz.voltmarsch.de", "192.0.2.7", "foo_bar.example", "a.b", "orlaverne", "apple.com", "mail.com"))
	x := domain.NewIndex()
	for id, w := range watched {
		x.Add(uint32(id), w)
	}
	found := 0
	y := domain.NewIndex()
	var candidates []domain.Name
	for i, w := range watched {
		other := watched[(i*31+7)%len(watched)].Label
		for _, s := range []string{
			w.Raw, "www." + w.Raw, w.Label + ".example", w.Label + "-login.com", "secure" + w.Label + ".com", w.Raw + ".evil.example", w.Label + "." + other + ".com",
			w.Label[min(1, len(w.Label)):] + ".com", w.Label + "s.com", w.Label + "es.net", strings.ReplaceAll(w.Label, "e", "c") + ".com", strings.ReplaceAll(w.Label, "o", "0") + ".com",
			strings.ReplaceAll(w.Label, "a", "а") + ".com", other + w.Label + ".com", strings.ReplaceAll(w.Raw, ".", "-") + ".evil.example", w.Label[:len(w.Label)/2] + "." + w.Label[len(w.Label)/2:] + ".com",
			w.Label[:len(w.Label)/2] + "x" + w.Label[len(w.Label)/2:] + "-pay.com",
		} {
			n := domain.Parse(s)
			y.Add(uint32(len(candidates)), n)
			candidates = append(candidates, n)
			want := pairwise(watched, n)
			found += len(want)
			if diff := cmp.Diff(want, inOrder(x.Match(n))); diff != "" {
				t.Errorf("%s: by pairs (-), by the index (+):\n%s", s, diff)
			}
		}
	}
	for _, w := range watched {
		var want []string
		for id, n := range candidates {
			if m, ok := domain.Compare(w, n); ok {
				want = append(want, fmt.Sprintf("%d %s %s %s", id, m.Rule, m.Kind, m.Reason))
			}
		}
		if diff := cmp.Diff(want, inOrder(y.Imitators(w))); diff != "" {
			t.Errorf("%s: by pairs (-), by the index (+):\n%s", w.Raw, diff)
		}
	}
	if found < 10*len(watched) {
		t.Errorf("%d matches: the names resemble too little to show anything", found)
	}
}

func parseAll(names ...string) []domain.Name {
	var parsed []domain.Name
	for _, n := range names {
		parsed = append(parsed, domain.Parse(n))
	}
	return parsed
}

// TestIndexChanges guards that adding and removing leave no trace: several ids of one name,
// several names of one id, and removing most.
func TestIndexChanges(t *testing.T) {
	x := domain.NewIndex()
	one, two := domain.Parse("orlaverne.fr"), domain.Parse("orlaverne.com")
	x.Add(1, one)
	x.Add(2, one)
	x.Add(2, one)
	x.Add(2, two)
	if x.Len() != 3 {
		t.Errorf("%d names, want 3", x.Len())
	}
	if got := ids(x.Match(domain.Parse("orlavern.fr"))); !slices.Equal(got, []uint32{1, 2, 2}) {
		t.Errorf("ids %d, want 1, 2, 2, the same suffix first", got)
	}
	x.Remove(2)
	x.Remove(2)
	if got := ids(x.Match(domain.Parse("orlavern.fr"))); !slices.Equal(got, []uint32{1}) || x.Len() != 1 {
		t.Errorf("ids %d of %d names, want 1 of 1", got, x.Len())
	}
	names := watchNames(3000)
	for i, n := range names {
		x.Add(uint32(i+10), n)
	}
	for i := range names[:2500] {
		x.Remove(uint32(i + 10))
	}
	if x.Len() != 501 {
		t.Errorf("%d names, want 501", x.Len())
	}
	for i, n := range names {
		found := slices.Contains(ids(x.Match(n)), uint32(i+10))
		if found != (i >= 2500) {
			t.Fatalf("name %d found: %t", i, found)
		}
	}
	x.Remove(1)
	x.Add(1, one)
	if got := ids(x.Match(one)); !slices.Equal(got, []uint32{1}) {
		t.Errorf("ids %d, want 1 again", got)
	}
}

func ids(matches []domain.Match) []uint32 {
	var ids []uint32
	for _, m := range matches {
		ids = append(ids, m.ID)
	}
	return ids
}

// TestIndexConcurrent guards that an index that grows can be asked at the same time.
func TestIndexConcurrent(t *testing.T) {
	x := domain.NewIndex()
	names := watchNames(2000)
	var wg sync.WaitGroup
	for worker := range 4 {
		wg.Go(func() {
			for i := worker; i < len(names); i += 4 {
				x.Add(uint32(i), names[i])
				if !slices.Contains(ids(x.Match(names[i])), uint32(i)) {
					t.Errorf("%s isn't found right after it was added", names[i].ASCII)
				}
				if i%3 == 0 {
					x.Remove(uint32(i))
				}
			}
		})
	}
	wg.Wait()
	if want := 2000 - 667; x.Len() != want {
		t.Errorf("%d names, want %d", x.Len(), want)
	}
}

// TestIndexOthers guards that what is left out is of one registrable domain, and nothing else.
func TestIndexOthers(t *testing.T) {
	x := domain.NewIndex()
	for id, name := range []string{"misavu.com", "mail.misavu.com", "shop.misavu.com", "misavu.net", "misavu-secure.com", "com"} {
		x.Add(uint32(id), domain.Parse(name))
	}
	for name, want := range map[string][]string{"mail.misavu.com": {"misavu.net"}, "misavu.com": {"misavu.net"}, "misavu-login.net": {"mail.misavu.com", "misavu.com", "misavu.net", "shop.misavu.com"}, "com": {"com"}} {
		var got []string
		for _, m := range x.OtherMatches(domain.Parse(name)) {
			got = append(got, m.Watched)
		}
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("%s resembles %v, want %v", name, got, want)
		}
	}
	var got []string
	for _, m := range x.OtherImitators(domain.Parse("mail.misavu.com")) {
		got = append(got, m.Domain)
	}
	if slices.Sort(got); !slices.Equal(got, []string{"misavu-secure.com", "misavu.net"}) {
		t.Errorf("mail.misavu.com is imitated by %v", got)
	}
}

// TestUntwist guards that a list comes back in order, with what each of its names resembles.
func TestUntwist(t *testing.T) {
	x := domain.NewIndex()
	x.Add(1, domain.Parse("orlaverne.fr"))
	x.Add(2, domain.Parse("felsenrath.de"))
	var got []string
	for n, matches := range x.Untwist(slices.Values([]string{"orlavern.fr", "quellmoor.com", "felsenrath-login.com"})) {
		line := n.ASCII
		for _, m := range matches {
			line += " " + m.Watched + " " + string(m.Rule)
		}
		got = append(got, line)
	}
	want := []string{"orlavern.fr orlaverne.fr one-edit", "quellmoor.com", "felsenrath-login.com felsenrath.de combosquat"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want (-), got (+):\n%s", diff)
	}
}
