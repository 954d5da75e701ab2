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

// A rank counts how far codes of the cohort are from one view.
type rank struct {
	hogs [hogBits + 1]uint16
	dcts [dctBits + 1]uint16
	most int // what is further by gradients need not be counted out: there are nearer ones enough
}

// cohortBlock is how many codes are compared with one view after the other: they stay in the processor's cache meanwhile.
const cohortBlock = 256

// measure sets the norms of views.
func measure(views []view, cohort []code) {
	ranks := make([]rank, len(views))
	for i := range ranks {
		ranks[i].most = hogBits
	}
	for len(cohort) > 0 {
		block := cohort[:min(cohortBlock, len(cohort))]
		cohort = cohort[len(block):]
		for i := range views {
			ranks[i].count(&views[i].code, block)
		}
	}
	for i := range views {
		views[i].norm = norm{hog: nearestMean(ranks[i].hogs[:]), dct: nearestMean(ranks[i].dcts[:])}
	}
}

// count adds a block of the cohort.
func (r *rank) count(c *code, block []code) {
	for i := range block {
		r.hogs[c.hogDistance(&block[i], r.most)]++
		r.dcts[c.dctDistance(&block[i])]++
	}
	r.most = farthest(r.hogs[:])
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
