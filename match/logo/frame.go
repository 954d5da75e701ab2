package logo

import "image"

// A frame places a view in its canvas: the patch's middle is at (x, y), and its sides are w and h long, turned by
// degrees; all lengths are in 1/256 of a pixel.
type frame struct {
	x, y, w, h int
	degrees    int
}

// frameOf puts a box into a frame, stretched to the square unless it is narrower than a third.
func frameOf(b image.Rectangle) frame {
	w, h := b.Dx(), b.Dy()
	f := frame{x: 128 * (b.Min.X + b.Max.X), y: 128 * (b.Min.Y + b.Max.Y)}
	w, h = max(w, h/narrowest), max(h, w/narrowest)
	f.w, f.h = 256*w*patchSide/(patchSide-2*margin), 256*h*patchSide/(patchSide-2*margin)
	return f
}

// narrowest is the proportion up to which a view is stretched to a square.
const narrowest = 3

// turn is the sine and the cosine of a pose's angle, times 65536.
func turn(degrees int) (sin, cos int) {
	switch degrees {
	case 8:
		return 9121, 64898
	case -8:
		return -9121, 64898
	case 15:
		return 16962, 63303
	case -15:
		return -16962, 63303
	}
	return 0, 65536
}

// sub is the number of samples of a patch's pixel in each direction.
const sub = 2

// cut samples a plane of a canvas in a frame; what lies outside is ground.
func cut(pix []uint8, w, h int, f frame, ground uint8) *patch {
	if f.degrees == 0 {
		return cutUpright(pix, w, h, f, ground)
	}
	p := new(patch)
	sin, cos := turn(f.degrees)
	const n = patchSide * sub
	var sums [patchSide]int
	for v := range n {
		dy := (2*v + 1 - n) * f.h / (2 * n)
		x0, y0 := f.x-(dy*sin)>>16-128, f.y+(dy*cos)>>16-128
		for u := range n {
			dx := (2*u + 1 - n) * f.w / (2 * n)
			sx, sy := x0+(dx*cos)>>16, y0+(dx*sin)>>16
			x, y := sx>>8, sy>>8
			if uint(x) >= uint(w-1) || uint(y) >= uint(h-1) {
				sums[u/sub] += sampleAt(pix, w, h, sx, sy, ground)
				continue
			}
			i := y*w + x
			upper, lower := pix[i:i+2], pix[i+w:i+w+2]
			fx, fy := sx&255, sy&255
			a := int(upper[0])<<8 + (int(upper[1])-int(upper[0]))*fx
			b := int(lower[0])<<8 + (int(lower[1])-int(lower[0]))*fx
			sums[u/sub] += (a<<8 + (b-a)*fy) >> 16
		}
		if v%sub == sub-1 {
			for x := range sums {
				p[v/sub*patchSide+x] = uint8(sums[x] / (sub * sub))
				sums[x] = 0
			}
		}
	}
	return p
}

// cutUpright is cut of a frame that isn't turned, as most aren't: a column of samples has the same place in every row.
func cutUpright(pix []uint8, w, h int, f frame, ground uint8) *patch {
	p := new(patch)
	const n = patchSide * sub
	var at [n]int
	for u := range at {
		at[u] = f.x - 128 + (2*u+1-n)*f.w/(2*n)
	}
	var sums [patchSide]int
	for v := range n {
		sy := f.y - 128 + (2*v+1-n)*f.h/(2*n)
		y, fy := sy>>8, sy&255
		var upper, lower []uint8 // none where the row lies on the edge or beyond
		if uint(y) < uint(h-1) {
			upper, lower = pix[y*w:y*w+w], pix[y*w+w:y*w+2*w]
		}
		for u, sx := range at {
			x := sx >> 8
			if uint(x+1) >= uint(len(upper)) || x < 0 {
				sums[u/sub] += sampleAt(pix, w, h, sx, sy, ground)
				continue
			}
			u0, l0, fx := int(upper[x]), int(lower[x]), sx&255
			a := u0<<8 + (int(upper[x+1])-u0)*fx
			b := l0<<8 + (int(lower[x+1])-l0)*fx
			sums[u/sub] += (a<<8 + (b-a)*fy) >> 16
		}
		if v%sub == sub-1 {
			for x := range sums {
				p[v/sub*patchSide+x] = uint8(sums[x] / (sub * sub))
				sums[x] = 0
			}
		}
	}
	return p
}

// sampleAt reads between pixels at the canvas's edge; sx and sy are in 1/256 of a pixel.
func sampleAt(pix []uint8, w, h, sx, sy int, ground uint8) int {
	x, y := sx>>8, sy>>8
	if x < -1 || y < -1 || x >= w || y >= h {
		return int(ground)
	}
	fx, fy := sx&255, sy&255
	at := func(x, y int) int {
		if x < 0 || y < 0 || x >= w || y >= h {
			return int(ground)
		}
		return int(pix[y*w+x])
	}
	upper := at(x, y)*(256-fx) + at(x+1, y)*fx
	lower := at(x, y+1)*(256-fx) + at(x+1, y+1)*fx
	return (upper*(256-fy) + lower*fy) >> 16
}
