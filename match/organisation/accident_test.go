package organisation_test

import (
	"testing"

	"markwatch/match/organisation"
)

// TestAccidents looks for names that resemble one another among 20,000 that have nothing to do
// with each other.
func TestAccidents(t *testing.T) {
	names := invented(20000)
	x := organisation.NewIndex(nil)
	for i, n := range names {
		x.Add(uint32(i), organisation.Party{Name: n})
	}
	hit := 0
	for i, n := range names {
		for _, m := range x.Match(organisation.Party{Name: n}, 3) {
			if int(m.ID) != i {
				hit++
				t.Logf("%s, %s: %s %.2f %s", n, names[m.ID], m.Relation, m.Score, m.Reason)
				break
			}
		}
	}
	if hit > len(names)/2000 {
		t.Errorf("%d of %d names resemble another by accident, want at most one in 2000", hit, len(names))
	}
}
