package logo

import "math/bits"

// A sheaf holds the lowest frequencies of 64 sketches crosswise: a word for each bit of them, and in it a bit for each
// sketch. So the distances of all 64 from a sketch are counted at once by a few logical operations a bit, which takes less
// time than 64 single counts.
type sheaf struct {
	low  [lowBits]uint64
	ease [4]uint64 // mostEase less the sketch's ease, binary
}

const (
	lowBits  = 64
	mostEase = 15
)

// low is a sketch's lowest frequencies, those whose row and column add up to six and half of those with seven: the
// signs above zero where they stand, those below zero at the other end.
func (s *sketch) low() uint64 {
	const lowest = 0x000103071f3f7fff
	return s.plus&lowest | bits.Reverse64(s.minus&lowest)
}

// ease is a sketch's norm in bits of its lowest frequencies.
func (s *sketch) ease() int { return min(mostEase, int(s.norm/bitOfLow)) }

// set puts a sketch in its place, which was empty.
func (f *sheaf) set(n int, s sketch) {
	for w := s.low(); w != 0; w &= w - 1 {
		f.low[bits.TrailingZeros64(w)] |= 1 << n
	}
	for k := range f.ease {
		f.ease[k] |= uint64(mostEase-s.ease()) >> k & 1 << n
	}
}

// A seeker looks through sheaves for what is near to a sketch.
type seeker struct {
	low  [lowBits]uint64 // each bit of the sketch, 64 times
	less [7]uint64       // the bits of the number that a distance must be less than, 64 times each
}

// seek makes a seeker of what is nearer than reach, where norms are taken off.
func seek(q *sketch, reach int) seeker {
	var s seeker
	w, less := q.low(), uint64(min(127, max(0, reach+q.ease()+mostEase)))
	for i := range s.low {
		s.low[i] = -(w >> i & 1)
	}
	for i := range s.less {
		s.less[i] = -(less >> i & 1)
	}
	return s
}

// near has a bit for each of the sketches in a sheaf that are near. It adds up 64 columns of bits at once by
// full adders (Harley and Seal's count).
func (s *seeker) near(f *sheaf) uint64 {
	ones, twos, fours, eights := f.ease[0], f.ease[1], f.ease[2], f.ease[3]
	var sixteens, thirtytwos, sixtyfours uint64
	for i := 0; i < len(f.low); i += 8 {
		x, y := f.low[i:i+8:i+8], s.low[i:i+8:i+8]
		var a, b, c, d uint64
		ones, a = adder(ones, x[0]^y[0], x[1]^y[1])
		ones, b = adder(ones, x[2]^y[2], x[3]^y[3])
		twos, c = adder(twos, a, b)
		ones, a = adder(ones, x[4]^y[4], x[5]^y[5])
		ones, b = adder(ones, x[6]^y[6], x[7]^y[7])
		twos, d = adder(twos, a, b)
		fours, a = adder(fours, c, d)
		eights, a = eights^a, eights&a
		sixteens, a = sixteens^a, sixteens&a
		thirtytwos, a = thirtytwos^a, thirtytwos&a
		sixtyfours |= a
	}
	less := uint64(0)
	for i, c := range [7]uint64{ones, twos, fours, eights, sixteens, thirtytwos, sixtyfours} {
		less = s.less[i]&^c | less&^(s.less[i]^c) // the highest bit that differs decides
	}
	return less
}

// adder adds three bits, in each of 64 columns.
func adder(a, b, c uint64) (sum, carry uint64) {
	u := a ^ b
	return u ^ c, a&b | u&c
}
