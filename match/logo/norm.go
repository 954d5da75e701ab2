package logo

import (
	_ "embed" // the cohort
	"sync"
)

//go:generate go test -run ^TestCohortIsCurrent$ -update .

//go:embed cohort.bin
var cohortFile string

// cohort is the codes of invented figures that no logo has a claim to.
var cohort = sync.OnceValue(func() []code {
	const size = 8 * (len(code{}.hog) + len(code{}.dct))
	list := make([]code, len(cohortFile)/size)
	for i := range list {
		list[i].read([]byte(cohortFile[i*size : (i+1)*size]))
	}
	return list
})

// A norm says how near a view comes to invented figures: being near to a plain shape says nothing. Both are mean
// distances of the nearest, in sixteenths of a bit.
type norm struct{ hog, dct uint16 }

// nearestOf is how many of the cohort count as near.
const nearestOf = 20

// normOf measures a view against the cohort.
func normOf(c *code, cohort []code) norm {
	var hogs [hogBits + 1]uint16
	var dcts [dctBits + 1]uint16
	most, seen := hogBits, 0
	for i := range cohort {
		h := c.hogDistance(&cohort[i], most)
		hogs[h]++
		dcts[c.dctDistance(&cohort[i])]++
		if seen++; seen%256 == 0 { // what is further than the nearest so far need not be counted out
			most = farthest(hogs[:])
		}
	}
	return norm{hog: nearestMean(hogs[:]), dct: nearestMean(dcts[:])}
}

// farthest is the distance of the last of the nearest.
func farthest(count []uint16) int {
	left := nearestOf
	for d, n := range count {
		if left -= int(n); left <= 0 {
			return d
		}
	}
	return len(count)
}

// nearestMean reads a histogram of distances.
func nearestMean(count []uint16) uint16 {
	sum, left := 0, nearestOf
	for d, n := range count {
		k := min(left, int(n))
		sum += k * d
		if left -= k; left == 0 {
			break
		}
	}
	return uint16(sum * 16 / nearestOf)
}

// cohortSize is the number of invented figures.
const cohortSize = 7200
