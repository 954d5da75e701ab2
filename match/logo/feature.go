package logo

import (
	"math"
	"math/bits"
	"sync"
)

const (
	patchSide = 64 // pixels a side of the square that a view is brought to
	margin    = 3  // of them left empty around the figure
	cells     = 8  // cells of gradients along a side
	bins      = 8  // directions of an edge, 22.5 degrees each, without sign
	levels    = 3  // thresholds of a gradient's strength
	waves     = 16 // frequencies of the cosine transform in each direction
)

// A patch is a view brought to one size: a figure, or one channel of a picture.
type patch [patchSide * patchSide]uint8

// A code is what is compared of a view. Differences are counted in bits (Hamming), so that a sum of absolute
// differences costs a few instructions, and every machine finds the same.
type code struct {
	// hog holds oriented gradients: of each level a word for each row of cells, a byte for each cell, a bit for each
	// direction whose strength is above the level.
	hog [levels * cells]uint64
	// dct holds the signs of a cosine transform, 16 bits a row: first those clearly above zero, then those clearly below.
	dct [2 * waves * waves / 64]uint64
}

const (
	hogBits = levels * cells * cells * bins
	dctBits = 2 * waves * waves
)

// distances counts the bits in which two codes differ.
func (c *code) distances(o *code) (hog, dct int) {
	return c.hogDistance(o, hogBits), c.dctDistance(o)
}

// dctDistance counts the signs that differ.
func (c *code) dctDistance(o *code) int {
	x, y := &c.dct, &o.dct
	return bits.OnesCount64(x[0]^y[0]) + bits.OnesCount64(x[1]^y[1]) + bits.OnesCount64(x[2]^y[2]) + bits.OnesCount64(x[3]^y[3]) +
		bits.OnesCount64(x[4]^y[4]) + bits.OnesCount64(x[5]^y[5]) + bits.OnesCount64(x[6]^y[6]) + bits.OnesCount64(x[7]^y[7])
}

// hogDistance counts the levels of gradients that differ; it may stop counting beyond most.
func (c *code) hogDistance(o *code, most int) int {
	n := 0
	for l := 0; l < len(c.hog) && n <= most; l += cells {
		x, y := (*[cells]uint64)(c.hog[l:]), (*[cells]uint64)(o.hog[l:])
		n += bits.OnesCount64(x[0]^y[0]) + bits.OnesCount64(x[1]^y[1]) + bits.OnesCount64(x[2]^y[2]) + bits.OnesCount64(x[3]^y[3]) +
			bits.OnesCount64(x[4]^y[4]) + bits.OnesCount64(x[5]^y[5]) + bits.OnesCount64(x[6]^y[6]) + bits.OnesCount64(x[7]^y[7])
	}
	return n
}

// mirrored is the code of the view seen in a mirror, left and right exchanged.
func (c *code) mirrored() code {
	var out code
	for i, w := range c.hog {
		// An edge of direction b has direction -b in the mirror: bit 0 stays, the others change ends.
		const first = 0x0101010101010101
		rest := bits.Reverse64(w) // turns the bytes' order and the bits' in each
		out.hog[i] = rest<<1&^uint64(first) | rest>>7&first
	}
	const odd = 0xaaaaaaaaaaaaaaaa // columns of odd frequency change their sign
	half := len(c.dct) / 2
	for i := range half {
		p, n := c.dct[i], c.dct[half+i]
		out.dct[i], out.dct[half+i] = p&^odd|n&odd, n&^odd|p&odd
	}
	return out
}

// transposed is the code of the view with rows and columns exchanged.
func (c *code) transposed() code {
	var out code
	for l := range levels {
		for y := range cells {
			w := bits.ReverseBytes64(bits.Reverse64(c.hog[l*cells+y])) // the bits of each byte in turned order
			// Direction b becomes 4-b: each byte's bits, turned, are rotated by five.
			const low = 0x1f1f1f1f1f1f1f1f
			w = w<<5&^uint64(low) | w>>3&low
			for x := range cells {
				out.hog[l*cells+x] |= w >> (8 * x) & 0xff << (8 * y)
			}
		}
	}
	half := len(c.dct) / 2
	for k, w := range c.dct {
		for ; w != 0; w &= w - 1 {
			i := k%half*64 + bits.TrailingZeros64(w)
			j := i%waves*waves + i/waves
			out.dct[k/half*half+j/64] |= 1 << (j % 64)
		}
	}
	return out
}

// codeOf describes a view by the edges of its figure, or where given by those of its colours, and by the figure's waves.
func codeOf(figure *patch, channels ...*patch) code {
	var c code
	if len(channels) == 0 {
		channels = []*patch{figure}
	}
	c.hog = gradients(channels)
	c.dct = cosines(figure)
	return c
}

// gradients are histograms of oriented gradients: each pixel votes by the direction and strength of its edge for the
// cells and directions nearest to it, and each cell is weighed by the strength of those around it.
func gradients(channels []*patch) [levels * cells]uint64 {
	var hist [cells][cells][bins]int
	for y := range patchSide {
		for x := range patchSide {
			gx, gy, strongest := 0, 0, 0
			for _, p := range channels {
				u, v := p.slope(x, y)
				if s := abs(u) + abs(v); s > strongest {
					gx, gy, strongest = u, v, s
				}
			}
			if strongest >= 8 {
				vote(&hist, x, y, gx, gy)
			}
		}
	}
	return levelled(&hist)
}

// slope is the change of lightness at a pixel; outside of the patch there is nothing.
func (p *patch) slope(x, y int) (gx, gy int) {
	at := func(x, y int) int {
		if x < 0 || y < 0 || x >= patchSide || y >= patchSide {
			return 0
		}
		return int(p[y*patchSide+x])
	}
	if x > 0 && y > 0 && x < patchSide-1 && y < patchSide-1 {
		i := y*patchSide + x
		return int(p[i+1]) - int(p[i-1]), int(p[i+patchSide]) - int(p[i-patchSide])
	}
	return at(x+1, y) - at(x-1, y), at(x, y+1) - at(x, y-1)
}

// vote adds an edge to the cells around it, in shares of sixteenths, and to the two directions nearest to it.
func vote(hist *[cells][cells][bins]int, x, y, gx, gy int) {
	strength := int(math.Sqrt(float64(gx*gx + gy*gy)))
	turn := direction(gx, gy) // 32 to a bin
	b, over := turn/32%bins, turn%32
	const wide = patchSide / cells
	// Twice the distance to the middle of the cell at or before this pixel, plus one.
	fx, fy := 2*x+1-wide, 2*y+1-wide
	cx, cy := fx>>4, fy>>4
	for j := range 2 {
		wy := 2*wide - (fy - cy*2*wide)
		if j == 1 {
			wy = 2*wide - wy
		}
		for i := range 2 {
			wx := 2*wide - (fx - cx*2*wide)
			if i == 1 {
				wx = 2*wide - wx
			}
			u, v := cx+i, cy+j
			if u < 0 || v < 0 || u >= cells || v >= cells {
				continue
			}
			share := strength * wx * wy
			hist[v][u][b] += share * (32 - over)
			hist[v][u][(b+1)%bins] += share * over
		}
	}
}

// direction is the angle of an edge without sign: 0 to 255 for half a turn.
func direction(gx, gy int) int {
	if gy < 0 || gy == 0 && gx < 0 {
		gx, gy = -gx, -gy
	}
	small, large := abs(gx), gy
	if small > large {
		small, large = large, small
	}
	turn := arcs()[small*64/max(1, large)] // within an eighth of a turn: 0 to 64
	if abs(gx) < gy {
		turn = 128 - turn
	}
	if gx < 0 {
		turn = 256 - turn
	}
	return turn & 255
}

// arcs is the angle whose tangent is n/64, with 256 to half a turn.
var arcs = sync.OnceValue(func() [65]int {
	var t [65]int
	for n := range t {
		t[n] = int(math.Round(math.Atan(float64(n)/64) * 256 / math.Pi))
	}
	return t
})

// levelled weighs each cell by its surroundings and says for each direction which levels it passes.
func levelled(hist *[cells][cells][bins]int) [levels * cells]uint64 {
	var energy [cells][cells]float64
	top := 0.0
	for y := range cells {
		for x := range cells {
			for b := range bins {
				hist[y][x][b] >>= 8
				v := float64(hist[y][x][b])
				energy[y][x] += float64(v * v)
			}
			top = max(top, energy[y][x])
		}
	}
	thresholds := [levels]int{14, 36, 72} // where 256 is all the strength around a cell
	var out [levels * cells]uint64
	for y := range cells {
		for x := range cells {
			around := top / 16
			for v := max(0, y-1); v <= min(cells-1, y+1); v++ {
				for u := max(0, x-1); u <= min(cells-1, x+1); u++ {
					around += energy[v][u]
				}
			}
			norm := max(1, int(math.Sqrt(around)))
			for b := range bins {
				v := hist[y][x][b] * 256 / norm
				for l, t := range thresholds {
					if v > t {
						out[l*cells+y] |= 1 << (8*x + b)
					}
				}
			}
		}
	}
	return out
}

// cosines are the signs of the low frequencies of a figure; one that is weak for its ring of frequencies has none.
func cosines(p *patch) [2 * waves * waves / 64]uint64 {
	const n = patchSide / 2
	table := cosineTable()
	var rows [n][waves]int
	for y := range n {
		var line [n]int
		for x := range n {
			i := 2*y*patchSide + 2*x
			line[x] = int(p[i]) + int(p[i+1]) + int(p[i+patchSide]) + int(p[i+patchSide+1])
		}
		for u := range waves {
			sum := 0
			for x, v := range line {
				sum += v * table[u][x]
			}
			rows[y][u] = sum >> 6
		}
	}
	var freq [waves][waves]int
	for v := range waves {
		for u := range waves {
			sum := 0
			for y := range n {
				sum += rows[y][u] * table[v][y]
			}
			freq[v][u] = sum >> 10
		}
	}
	return signs(&freq)
}

// signs packs the frequencies' signs.
func signs(freq *[waves][waves]int) [2 * waves * waves / 64]uint64 {
	var sum, count [2 * waves]int
	for v := range waves {
		for u := range waves {
			sum[u+v] += abs(freq[v][u])
			count[u+v]++
		}
	}
	var out [2 * waves * waves / 64]uint64
	for i := 1; i < waves*waves; i++ {
		v, u := i/waves, i%waves
		t := max(weakest, sum[u+v]*weakShare/(100*count[u+v]))
		if freq[v][u] > t {
			out[i/64] |= 1 << (i % 64)
		} else if freq[v][u] < -t {
			out[(waves*waves+i)/64] |= 1 << (i % 64)
		}
	}
	return out
}

// weakShare is the percentage of a ring's mean under which a frequency counts as none.
const weakShare = 40

// weakest is the least that counts of a frequency: 1/256 of a patch that is all figure.
const weakest = 1 << 16

// cosineTable holds cos(pi (2x+1) u / 64), times 1024.
var cosineTable = sync.OnceValue(func() [waves][patchSide / 2]int {
	var t [waves][patchSide / 2]int
	for u := range t {
		for x := range t[u] {
			t[u][x] = int(math.Round(1024 * math.Cos(math.Pi*float64((2*x+1)*u)/patchSide)))
		}
	}
	return t
})
