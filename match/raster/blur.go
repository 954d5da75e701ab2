package raster

import "math"

// blur evaluates feGaussianBlur in place.
func (f *filter) blur(n *node, out *layer) {
	x, y := f.lengths(n.attr("stdDeviation"))
	if n.name == "feDropShadow" && !n.has("stdDeviation") {
		x, y = f.lengths("2")
	}
	if x < 0 || y < 0 {
		return
	}
	if f.linearRGB {
		to, from := f.r.linear.curves()
		out.recolour(to)
		defer out.recolour(from)
	}
	width, height := out.bounds.Dx(), out.bounds.Dy()
	f.lines(out, x, width, height, 4, 4*width)
	f.lines(out, y, height, width, 4*width, 4)
}

// lines blurs the lines of one direction: count of them, each of n pixels.
func (f *filter) lines(out *layer, deviation float64, n, count, step, next int) {
	k := kernelOf(deviation)
	if k.none || !f.r.budget.spend(pixels, n*count*(4+len(k.weights))) {
		return
	}
	line, other := make([]float32, n), make([]float32, n)
	for i := range count {
		for ch := range 4 {
			pix := out.pix[i*next+ch:]
			most := uint8(0)
			for j := range n {
				v := pix[j*step]
				line[j] = float32(v)
				most = max(most, v)
			}
			if most == 0 { // as most lines of a shadow are
				continue
			}
			for j, v := range k.apply(line, other) {
				pix[j*step] = uint8(min(255, v+0.5))
			}
		}
	}
}

// kernel is how to blur in one direction: by weights where the deviation is
// small, else by three boxes that come close (SVG 1.1, 15.17).
type kernel struct {
	none    bool
	weights []float32 // from the middle outwards
	box     int
}

// kernelOf is the kernel of a standard deviation in pixels.
func kernelOf(deviation float64) kernel {
	const least, fewest, most = 0.03, 2, 4096
	switch {
	case !(deviation > least):
		return kernel{none: true}
	case deviation >= fewest:
		deviation = min(deviation, most)
		return kernel{box: int(math.Floor(float64(deviation*3*math.Sqrt(2*math.Pi)/4) + 0.5))}
	}
	k := kernel{}
	sum := 0.0
	for i := 0; i <= int(math.Ceil(3*deviation)); i++ {
		w := math.Exp(-float64(i*i) / (2 * deviation * deviation))
		k.weights = append(k.weights, float32(w))
		sum += w
		if i > 0 {
			sum += w
		}
	}
	for i := range k.weights {
		k.weights[i] /= float32(sum)
	}
	return k
}

// apply blurs a line and gives the buffer that has the result.
func (k *kernel) apply(line, other []float32) []float32 {
	if k.box == 0 {
		k.weigh(line, other)
		return other
	}
	d := k.box
	if d%2 == 1 {
		boxBlur(line, other, d/2, d/2)
		boxBlur(other, line, d/2, d/2)
		boxBlur(line, other, d/2, d/2)
		return other
	}
	boxBlur(line, other, d/2, d/2-1)
	boxBlur(other, line, d/2-1, d/2)
	boxBlur(line, other, d/2, d/2)
	return other
}

// weigh convolves a line with the weights.
func (k *kernel) weigh(line, out []float32) {
	for i := range line {
		v := float32(line[i] * k.weights[0])
		for j := 1; j < len(k.weights); j++ {
			if i >= j {
				v += float32(line[i-j] * k.weights[j])
			}
			if i+j < len(line) {
				v += float32(line[i+j] * k.weights[j])
			}
		}
		out[i] = v
	}
}

// boxBlur averages over left values before and right behind.
func boxBlur(line, out []float32, left, right int) {
	n := len(line)
	scale := 1 / float64(left+right+1)
	sum := 0.0
	for _, v := range line[:min(right, n)] {
		sum += float64(v)
	}
	for j := range n {
		if j+right < n {
			sum += float64(line[j+right])
		}
		if j-left-1 >= 0 {
			sum -= float64(line[j-left-1])
		}
		out[j] = float32(float64(max(0, sum) * scale))
	}
}

// morphology evaluates feMorphology: the greatest or least of each channel
// within a rectangle.
func (f *filter) morphology(n *node, in, out *layer) {
	x, y := f.lengths(n.attr("radius"))
	width, height := out.bounds.Dx(), out.bounds.Dy()
	rx, ry := int(min(x, float64(width))), int(min(y, float64(height)))
	if !(x > 0 || y > 0) {
		copy(out.pix, in.pix)
		return
	}
	grow := n.attr("operator") == "dilate"
	between := f.layer()
	if between == nil || !f.r.budget.spend(pixels, 2*width*height*(rx+ry+2)) {
		return
	}
	extreme(in.pix, between.pix, rx, width, height, 4, 4*width, grow)
	extreme(between.pix, out.pix, ry, height, width, 4*width, 4, grow)
}

// extreme is the greatest or least over radius pixels on both sides, on lines
// of n pixels. Beyond the ends is nothing.
func extreme(in, out []uint8, radius, n, count, step, next int, grow bool) {
	for i := range count {
		for j := range n {
			to := out[i*next+j*step:]
			for ch := range 4 {
				v := in[i*next+j*step+ch]
				if !grow && (j < radius || j+radius >= n) {
					v = 0
				}
				for k := max(0, j-radius); k <= min(n-1, j+radius); k++ {
					if p := in[i*next+k*step+ch]; grow == (p > v) {
						v = p
					}
				}
				to[ch] = v
			}
		}
	}
}
