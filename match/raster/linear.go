package raster

import "math"

// curve is a transfer function by its values at even steps from 0 to 1; between
// them it is straight, which is off by less than a tenth of a grey.
type curve [1025]float64

// curveOf tabulates a function.
func curveOf(f func(float64) float64) *curve {
	var c curve
	for i := range c {
		c[i] = f(float64(i) / float64(len(c)-1))
	}
	return &c
}

// at is the value at v, which is held within 0 and 1.
func (c *curve) at(v float64) float64 {
	v = clamp01(v) * float64(len(c)-1)
	i := min(int(v), len(c)-2)
	return c[i] + float64((v-float64(i))*(c[i+1]-c[i]))
}

// toLinear is sRGB's transfer function.
func toLinear(v float64) float64 {
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

// fromLinear is its inverse.
func fromLinear(v float64) float64 {
	if v <= 0.0031308 {
		return v * 12.92
	}
	return float64(1.055*math.Pow(v, 1/2.4)) - 0.055
}

// linear are sRGB's transfer functions, tabulated when they are first needed.
type linear struct{ to, from *curve }

// curves are the tables.
func (l *linear) curves() (to, from *curve) {
	if l.to == nil {
		l.to, l.from = curveOf(toLinear), curveOf(fromLinear)
	}
	return l.to, l.from
}

// inLinear maps the pixels of a layer: unpremultiplied, 0 to 1, in the colour
// space that the primitive works in.
func (f *filter) inLinear(out, in *layer, each func(*[4]float64)) {
	var p [4]float64
	to, from := f.r.linear.curves()
	for i := 0; i+3 < len(in.pix); i += 4 {
		p = unpremultiply(in.pix[i : i+4 : i+4])
		if f.linearRGB {
			for j := range 3 {
				p[j] = to.at(p[j])
			}
		}
		each(&p)
		a := clamp01(p[3])
		for j := range 3 {
			v := clamp01(p[j])
			if f.linearRGB {
				v = from.at(v)
			}
			out.pix[i+j] = byteOf(v * a)
		}
		out.pix[i+3] = byteOf(a)
	}
}

// recolour maps the channels of each pixel's colour. Black stays black.
func (l *layer) recolour(c *curve) {
	for i := 0; i+3 < len(l.pix); i += 4 {
		q := l.pix[i : i+4 : i+4]
		if q[0]|q[1]|q[2] == 0 {
			continue
		}
		p := unpremultiply(q)
		for j := range 3 {
			q[j] = byteOf(c.at(p[j]) * p[3])
		}
	}
}
