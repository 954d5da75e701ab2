package logo

import (
	"fmt"
	"image"
	"math/bits"

	"github.com/corona10/goimagehash"
)

// Hashes are the perceptual hashes of the whole picture on white, by goimagehash: for queries by Hamming distance.
// They are blind to mirrors, padding and added words; a verdict is Compare's.
type Hashes struct {
	Average, Difference, Perception uint64
	Extended                        [4]uint64 // a perception hash of 16 by 16 bits
}

// HashesOf computes a picture's hashes.
func HashesOf(p image.Image) (Hashes, error) {
	if p.Bounds().Empty() {
		return Hashes{}, &PlainError{Why: "no pixels"}
	}
	m := onWhite(p)
	average, err := goimagehash.AverageHash(m)
	if err != nil {
		return Hashes{}, fmt.Errorf("computing the average hash: %w", err)
	}
	difference, err := goimagehash.DifferenceHash(m)
	if err != nil {
		return Hashes{}, fmt.Errorf("computing the difference hash: %w", err)
	}
	perception, err := goimagehash.PerceptionHash(m)
	if err != nil {
		return Hashes{}, fmt.Errorf("computing the perception hash: %w", err)
	}
	extended, err := extendedHash(m)
	if err != nil {
		return Hashes{}, err
	}
	return Hashes{Average: average.GetHash(), Difference: difference.GetHash(), Perception: perception.GetHash(), Extended: extended}, nil
}

// onWhite flattens a picture.
func onWhite(p image.Image) *image.RGBA {
	c := compose(asRGBA(p), 255)
	m := image.NewRGBA(image.Rect(0, 0, c.w, c.h))
	for i := range c.w * c.h {
		from, to := c.pix[3*i:3*i+3:3*i+3], m.Pix[4*i:4*i+4:4*i+4]
		to[0], to[1], to[2], to[3] = from[0], from[1], from[2], 255
	}
	return m
}

// Distance is the number of bits in which two 64-bit hashes differ.
func Distance(a, b uint64) int { return bits.OnesCount64(a ^ b) }
