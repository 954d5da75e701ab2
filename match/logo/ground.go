package logo

import "math"

// A plane is a colour that may change evenly over the canvas: a ground of one colour, or a gradient.
type plane struct {
	c, dx, dy [3]float64 // value at the canvas's middle and change for each pixel
	cx, cy    int
}

// at is the plane's colour at a pixel.
func (p *plane) at(x, y, k int) float64 {
	return p.c[k] + float64(p.dx[k]*float64(x-p.cx)) + float64(p.dy[k]*float64(y-p.cy))
}

// miss is how far a pixel of c is from the plane: the greatest difference of a channel, 0 to 255.
func (p *plane) miss(c *canvas, x, y int) int {
	i := 3 * (y*c.w + x)
	worst := 0
	for k := range 3 {
		worst = max(worst, abs(int(c.pix[i+k])-min(255, max(0, int(p.at(x, y, k))))))
	}
	return worst
}

// row is the plane's colour along [x0, x1) of a row, in whole numbers.
func (p *plane) row(x0, x1, y, k int) []int {
	out := make([]int, x1-x0)
	start, step := int(256*p.at(x0, y, k)), int(256*p.dx[k])
	for i := range out {
		out[i] = min(255, max(0, (start+i*step)>>8))
	}
	return out
}

const (
	inlier = 14 // a pixel within this of the plane belongs to the ground
	rounds = 4  // of fitting a plane and leaving out what is off it
)

// fitGround finds the colour that most of the given pixels have: one colour, or where that leaves many out a plane.
// It returns the share of pixels that agree.
func fitGround(c *canvas, at []int32) (*plane, float64) {
	flat := &plane{cx: c.w / 2, cy: c.h / 2}
	flat.c = commonest(c, at)
	flatShare := flat.share(c, at)
	if flatShare > 0.9 {
		return flat, flatShare
	}
	slope := &plane{cx: c.w / 2, cy: c.h / 2}
	reach := 255
	for n := range rounds {
		if !slope.fit(c, at, n > 0, reach) {
			return flat, flatShare
		}
		reach = max(inlier, 64>>n)
	}
	if share := slope.share(c, at); share > flatShare+0.08 {
		return slope, share
	}
	return flat, flatShare
}

// commonest is the mean of the most frequent colour among the pixels, told apart by 5 bits a channel.
func commonest(c *canvas, at []int32) [3]float64 {
	count := make([]int32, 1<<15)
	best := 0
	key := func(i int32) int {
		p := c.pix[3*i:]
		return int(p[0]>>3)<<10 | int(p[1]>>3)<<5 | int(p[2]>>3)
	}
	for _, i := range at {
		k := key(i)
		count[k]++
		if count[k] > count[best] {
			best = k
		}
	}
	var sum [3]int
	n := 0
	for _, i := range at {
		if key(i) == best {
			n++
			for k := range 3 {
				sum[k] += int(c.pix[3*int(i)+k])
			}
		}
	}
	var mean [3]float64
	for k := range 3 {
		mean[k] = float64(sum[k]) / float64(max(1, n))
	}
	return mean
}

// share is the part of the pixels that lie on the plane.
func (p *plane) share(c *canvas, at []int32) float64 {
	n := 0
	for _, i := range at {
		if p.miss(c, int(i)%c.w, int(i)/c.w) <= inlier {
			n++
		}
	}
	return float64(n) / float64(max(1, len(at)))
}

// fit lays the plane through the pixels by least squares; when refining, only through those within reach of it.
func (p *plane) fit(c *canvas, at []int32, refine bool, reach int) bool {
	var n, sx, sy, sxx, sxy, syy int64
	var sv, sxv, syv [3]int64
	for _, i := range at {
		x, y := int(i)%c.w, int(i)/c.w
		if refine && p.miss(c, x, y) > reach {
			continue
		}
		u, v := int64(x-p.cx), int64(y-p.cy)
		n, sx, sy = n+1, sx+u, sy+v
		sxx, sxy, syy = sxx+u*u, sxy+u*v, syy+v*v
		for k := range 3 {
			q := int64(c.pix[3*int(i)+k])
			sv[k], sxv[k], syv[k] = sv[k]+q, sxv[k]+u*q, syv[k]+v*q
		}
	}
	if n < 16 {
		return false
	}
	// Moments about the mean, times n; whole numbers, so that every machine finds the same plane.
	mxx, mxy, myy := float64(n*sxx-sx*sx), float64(n*sxy-sx*sy), float64(n*syy-sy*sy)
	det := float64(mxx*myy) - float64(mxy*mxy)
	if det <= 0 {
		return false
	}
	for k := range 3 {
		mxv, myv := float64(n*sxv[k]-sx*sv[k]), float64(n*syv[k]-sy*sv[k])
		p.dx[k] = (float64(mxv*myy) - float64(myv*mxy)) / det
		p.dy[k] = (float64(myv*mxx) - float64(mxv*mxy)) / det
		p.c[k] = (float64(sv[k]) - float64(p.dx[k]*float64(sx)) - float64(p.dy[k]*float64(sy))) / float64(n)
	}
	return true
}

// corners is the colour of all four corners, nil if they differ.
func (c *canvas) corners() *plane {
	p := &plane{cx: c.w / 2, cy: c.h / 2}
	for n, at := range [4]int{0, c.w - 1, (c.h - 1) * c.w, c.h*c.w - 1} {
		for k := range 3 {
			v := float64(c.pix[3*at+k])
			if n > 0 && math.Abs(v-p.c[k]) > inlier {
				return nil
			}
			if n == 0 {
				p.c[k] = v
			}
		}
	}
	return p
}

// off tells whether a plane lies elsewhere than this colour in all the corners.
func (p *plane) off(c *canvas, ground *plane) bool {
	for _, at := range [4]int{0, c.w - 1, (c.h - 1) * c.w, c.h*c.w - 1} {
		if ground.miss(c, at%c.w, at/c.w) <= 2*inlier {
			return false
		}
	}
	return true
}

// frame lists the pixels within n of the canvas's edge.
func (c *canvas) frame(n int) []int32 {
	var at []int32
	for y := range c.h {
		for x := range c.w {
			if x < n || y < n || x >= c.w-n || y >= c.h-n {
				at = append(at, int32(y*c.w+x))
			}
		}
	}
	return at
}

// figure is what stands out from the ground among the pixels where inside holds (nil: all of them). Its second
// result is the contrast, 0 to 255: nearly the greatest difference from the ground.
func (c *canvas) figure(p *plane, inside *mask) (*mask, int) {
	m := newMask(c.w, c.h)
	var histogram [256]int
	total := 0
	var ground [3][]int
	for y := range c.h {
		for k := range ground {
			if y == 0 || p.dx[k] != 0 || p.dy[k] != 0 {
				ground[k] = p.row(0, c.w, y, k)
			}
		}
		for x := range c.w {
			i := y*c.w + x
			if inside != nil && inside.pix[i] < in {
				continue
			}
			q := c.pix[3*i : 3*i+3]
			d := max(abs(int(q[0])-ground[0][x]), abs(int(q[1])-ground[1][x]), abs(int(q[2])-ground[2][x]))
			m.pix[i] = uint8(d)
			histogram[d]++
			total++
		}
	}
	contrast, rest := 255, total/200
	for ; contrast > 0 && rest >= histogram[contrast]; contrast-- {
		rest -= histogram[contrast]
	}
	low, high := 20, 60
	if contrast < 80 { // a pale logo, or a blurred one
		low, high = contrast/4, contrast*3/4
	}
	var ramp [256]uint8
	for d := range ramp {
		ramp[d] = uint8(255 * min(max(0, d-low), high-low) / max(1, high-low))
	}
	for i, v := range m.pix {
		m.pix[i] = ramp[v]
	}
	return m, contrast
}
