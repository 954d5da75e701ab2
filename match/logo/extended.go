package logo

import (
	"fmt"
	"image"
	"math"
	"sync"

	"github.com/corona10/goimagehash"
	"github.com/corona10/goimagehash/etcs"
)

const (
	extendedSide = 16                          // bits of an extended hash along a side
	extendedBits = extendedSide * extendedSide // also the pixels a side of what is transformed
)

// extendedHash is goimagehash's perception hash of 16 by 16 bits, bit for bit. Of a square picture, as a logo mostly is, it is
// computed here: goimagehash transforms all rows and columns where the hash is of sixteen, and asks for each cosine again, which
// took half of all that a logo took.
func extendedHash(m *image.RGBA) ([4]uint64, error) {
	var out [4]uint64
	if m.Rect.Dx() != extendedBits || m.Rect.Dy() != extendedBits {
		h, err := goimagehash.ExtPerceptionHash(m, extendedSide, extendedSide)
		if err != nil {
			return out, fmt.Errorf("computing the extended perception hash: %w", err)
		}
		copy(out[:], h.GetHash())
		return out, nil
	}
	low := lowWaves(m)
	median := etcs.MedianOfPixels(low[:])
	for i, v := range low {
		if v > median {
			out[i/64] |= 1 << (63 - i%64)
		}
	}
	return out, nil
}

// lowWaves are the sixteen lowest frequencies in each direction of a picture's lightness, row by row.
func lowWaves(m *image.RGBA) (low [extendedBits]float64) {
	var columns [extendedSide][extendedBits]float64
	var line, spare [extendedBits]float64
	table := divisors()
	for y := range extendedBits {
		row := m.Pix[y*m.Stride : y*m.Stride+4*extendedBits]
		for x := range line {
			line[x] = 0.299*float64(row[4*x]) + 0.587*float64(row[4*x+1]) + 0.114*float64(row[4*x+2])
		}
		cosineTransform(line[:], spare[:], table)
		for x := range columns {
			columns[x][y] = line[x]
		}
	}
	for x := range columns {
		cosineTransform(columns[x][:], spare[:], table)
		for y := range extendedSide {
			low[extendedSide*y+x] = columns[x][y]
		}
	}
	return low
}

// divisors is 2 cos((i + 1/2) pi / n) at n/2+i, for the powers of two up to extendedBits.
var divisors = sync.OnceValue(func() *[extendedBits]float64 {
	t := new([extendedBits]float64)
	for n := 2; n <= extendedBits; n *= 2 {
		for i := range n / 2 {
			t[n/2+i] = math.Cos((float64(i)+0.5)*math.Pi/float64(n)) * 2
		}
	}
	return t
})

// cosineTransform is the cosine transform of type II in place (B. G. Lee, "A new algorithm to compute the discrete cosine
// transform", 1984), unscaled; the order of its sums is goimagehash's, so that they are rounded alike. Both slices are as long as
// a power of two.
func cosineTransform(v, spare []float64, table *[extendedBits]float64) {
	n := len(v)
	half := n / 2
	if half == 0 {
		return
	}
	sums, rests, by := spare[:half], spare[half:n], table[half:n]
	for i := range half {
		x, y := v[i], v[n-1-i]
		sums[i], rests[i] = x+y, (x-y)/by[i]
	}
	if half > 1 {
		cosineTransform(sums, v[:half], table)
		cosineTransform(rests, v[:half], table)
	}
	for i := range half - 1 {
		v[2*i], v[2*i+1] = sums[i], rests[i]+rests[i+1]
	}
	v[n-2], v[n-1] = sums[half-1], rests[half-1]
}
