package logo

import "testing"

// TestComponents holds the pieces found by runs against those that a flood finds, on noise of every density.
func TestComponents(t *testing.T) {
	d := dice(7)
	for n := range 60 {
		m := newMask(40, 30)
		for i := range m.pix {
			if d.upTo(100) < 20+n {
				m.pix[i] = 255
			}
		}
		labels, pieces := m.components()
		area := make(map[int32]int)
		for _, p := range pieces {
			area[p.label] = p.area
		}
		seen := make([]bool, len(m.pix))
		found := 0
		for start, v := range m.pix {
			if v < in || seen[start] {
				continue
			}
			found++
			piece := flood(m, seen, start)
			for _, i := range piece {
				if labels[i] != labels[start] {
					t.Fatalf("noise %d: one piece has two labels", n)
				}
			}
			if area[labels[start]] != len(piece) {
				t.Fatalf("noise %d: a piece of %d pixels is said to have %d", n, len(piece), area[labels[start]])
			}
		}
		if found != len(pieces) {
			t.Fatalf("noise %d: %d pieces, want %d", n, len(pieces), found)
		}
	}
}

// flood lists the pixels of the piece at start.
func flood(m *mask, seen []bool, start int) []int {
	seen[start] = true
	piece := []int{start}
	for k := 0; k < len(piece); k++ {
		x, y := piece[k]%m.w, piece[k]/m.w
		for v := max(0, y-1); v <= min(m.h-1, y+1); v++ {
			for u := max(0, x-1); u <= min(m.w-1, x+1); u++ {
				if j := v*m.w + u; m.pix[j] >= in && !seen[j] {
					seen[j] = true
					piece = append(piece, j)
				}
			}
		}
	}
	return piece
}

// TestPosesOfCodes guards that mirroring and transposing a code is what mirroring and transposing its picture is.
func TestPosesOfCodes(t *testing.T) {
	d := dice(3)
	for n := range 20 {
		var p, mirror, turned patch
		s := invented(&d)
		for y := range patchSide {
			for x := range patchSide {
				if s(float64(2*x+1)/patchSide*1.2-1.2, float64(2*y+1)/patchSide*1.2-1.2) {
					p[y*patchSide+x], mirror[y*patchSide+patchSide-1-x], turned[x*patchSide+y] = 255, 255, 255
				}
			}
		}
		c, m, u := codeOf(&p), codeOf(&mirror), codeOf(&turned)
		c1, c2 := c.mirrored(), c.transposed()
		if hog, dct := c1.distances(&m); hog > 8 || dct > 8 {
			t.Errorf("figure %d mirrored: %d and %d bits differ", n, hog, dct)
		}
		if hog, dct := c2.distances(&u); hog > 8 || dct > 8 {
			t.Errorf("figure %d transposed: %d and %d bits differ", n, hog, dct)
		}
		if back := c1.mirrored(); back != c {
			t.Errorf("figure %d mirrored twice is another", n)
		}
	}
}
