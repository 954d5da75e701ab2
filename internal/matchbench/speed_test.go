package main

import (
	"bytes"
	"image"
	"image/color"
	"math/rand/v2"
	"testing"

	"markwatch/match/logo"
)

// TestMixedLogosCanBeRead holds the mixing of views against the form in which descriptors are stored.
func TestMixedLogosCanBeRead(t *testing.T) {
	var all []described
	for n := range 3 {
		p := image.NewGray(image.Rect(0, 0, 96, 96))
		for y := range 96 {
			for x := range 96 {
				if (x-48)*(x-48)/(n+1)+(y-40)*(y-40) > 900 && x*(n+2)%71 > 9 {
					p.SetGray(x, y, color.Gray{Y: 255})
				}
			}
		}
		d, err := logo.Describe(p)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, described{descriptor: d})
	}
	stored, err := marshalled(all)
	if err != nil {
		t.Fatal(err)
	}
	random, again := rand.New(rand.NewPCG(3, 4)), rand.New(rand.NewPCG(3, 4))
	for range 20 {
		b := mixed(random, stored)
		if err := new(logo.Descriptor).UnmarshalBinary(b); err != nil {
			t.Fatal(err)
		}
		for i, s := range stored {
			if bytes.Equal(b, s) {
				t.Errorf("it is a copy of number %d", i)
			}
		}
		if !bytes.Equal(b, mixed(again, stored)) {
			t.Error("the same seed mixes another logo")
		}
	}
}
