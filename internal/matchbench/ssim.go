package main

import (
	"errors"
	"image"
	"image/color"
	"image/draw"
	"math"
)

// ssim is the structural similarity of two pictures of one size: Wang, Bovik,
// Sheikh and Simoncelli, "Image quality assessment: from error visibility to
// structural similarity", 2004, with their constants: luminance, windows of
// 11×11 weighted by a Gaussian of σ 1.5, K₁ = 0.01, K₂ = 0.03, L = 255, the mean
// over every window that lies wholly inside. It is taken at full size, without
// the halving that their later script does. Sides under 11 pixels are filled up
// with white.
func ssim(a, b *image.RGBA) (float64, error) {
	if a.Bounds() != b.Bounds() {
		return 0, errors.New("pictures of two sizes")
	}
	x, y := luminance(a), luminance(b)
	mx, my := x.smooth(), y.smooth()
	xx, yy, xy := x.times(x).smooth(), y.times(y).smooth(), x.times(y).smooth()
	const c1, c2 = (0.01 * 255) * (0.01 * 255), (0.03 * 255) * (0.03 * 255)
	var sum float64
	for i, m := range mx.v {
		n := my.v[i]
		vx, vy, cov := xx.v[i]-m*m, yy.v[i]-n*n, xy.v[i]-m*n
		sum += (2*m*n + c1) * (2*cov + c2) / ((m*m + n*n + c1) * (vx + vy + c2))
	}
	return sum / float64(len(mx.v)), nil
}

// window is the side of SSIM's window in pixels.
const window = 11

// plane is one channel of a picture.
type plane struct {
	w, h int
	v    []float64
}

func newPlane(w, h int) plane { return plane{w, h, make([]float64, w*h)} }

// luminance is ITU-R BT.601's luma, which the paper's script takes.
func luminance(m *image.RGBA) plane {
	size := m.Bounds().Size()
	p := newPlane(max(size.X, window), max(size.Y, window))
	for i := range p.v {
		p.v[i] = 255
	}
	for y := range size.Y {
		for x := range size.X {
			c := m.Pix[m.PixOffset(m.Rect.Min.X+x, m.Rect.Min.Y+y):]
			p.v[y*p.w+x] = 0.299*float64(c[0]) + 0.587*float64(c[1]) + 0.114*float64(c[2])
		}
	}
	return p
}

func (p plane) times(q plane) plane {
	r := newPlane(p.w, p.h)
	for i := range r.v {
		r.v[i] = p.v[i] * q.v[i]
	}
	return r
}

// gaussian is the window's weights along one side; they sum to 1.
func gaussian() [window]float64 {
	var g [window]float64
	var sum float64
	for i := range g {
		d := float64(i - window/2)
		g[i] = math.Exp(-d * d / (2 * 1.5 * 1.5))
		sum += g[i]
	}
	for i := range g {
		g[i] /= sum
	}
	return g
}

// smooth weighs each whole window, so that the result is smaller by window-1.
func (p plane) smooth() plane {
	g := gaussian()
	rows := newPlane(p.w-window+1, p.h)
	for y := range rows.h {
		for x := range rows.w {
			var sum float64
			for i, k := range g {
				sum += k * p.v[y*p.w+x+i]
			}
			rows.v[y*rows.w+x] = sum
		}
	}
	out := newPlane(rows.w, p.h-window+1)
	for y := range out.h {
		for i, k := range g {
			row := rows.v[(y+i)*rows.w:][:rows.w]
			for x, v := range row {
				out.v[y*out.w+x] += k * v
			}
		}
	}
	return out
}

// meanError is the mean absolute difference over pixels and the three channels, of 255.
func meanError(a, b *image.RGBA) float64 {
	var sum float64
	size := a.Bounds().Size()
	for y := range size.Y {
		p, q := a.Pix[y*a.Stride:][:4*size.X], b.Pix[y*b.Stride:][:4*size.X]
		for i := range p {
			if i%4 != 3 {
				sum += math.Abs(float64(p[i]) - float64(q[i]))
			}
		}
	}
	return sum / float64(3*size.X*size.Y)
}

// onWhite lays a picture on white, with its corner at the origin.
func onWhite(m image.Image) *image.RGBA {
	out := image.NewRGBA(image.Rectangle{Max: m.Bounds().Size()})
	draw.Draw(out, out.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(out, out.Bounds(), m, m.Bounds().Min, draw.Over)
	return out
}
