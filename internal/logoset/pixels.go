package logoset

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"

	"markwatch/match/raster"
)

// pixelKinds change the mark's picture.
func pixelKinds() []kind {
	return []kind{
		{"warp", func(m Mark, r *rand.Rand) (File, error) { return warped(m.Reference(), r) }},
		{"blur", func(m Mark, r *rand.Rand) (File, error) {
			p, err := onWhite(m.Reference(), Longer)
			if err != nil {
				return File{}, err
			}
			return asPNG(blurred(p, 2+r.IntN(2)))
		}},
		{"rerender", func(m Mark, r *rand.Rand) (File, error) {
			s := m.scene()
			s.place = about(scale(0.97, 0.97), canvas/2, canvas/2).then(translate(20*(r.Float64()-0.5), 20*(r.Float64()-0.5)))
			p, err := onWhite(m.svg(s), 150+r.IntN(80))
			if err != nil {
				return File{}, err
			}
			var b bytes.Buffer
			if err := jpeg.Encode(&b, p, &jpeg.Options{Quality: 60}); err != nil {
				return File{}, fmt.Errorf("encoding a JPEG: %w", err)
			}
			return File{b.Bytes(), ".jpg"}, nil
		}},
	}
}

// onWhite renders SVG on white.
func onWhite(svg []byte, size int) (*image.RGBA, error) {
	p, err := raster.Render(svg, raster.Options{Size: size})
	if err != nil {
		return nil, err
	}
	out := image.NewRGBA(image.Rectangle{Max: p.Image.Rect.Size()})
	draw.Draw(out, out.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(out, out.Rect, p.Image, p.Image.Rect.Min, draw.Over)
	return out, nil
}

func asPNG(p *image.RGBA) (File, error) {
	var b bytes.Buffer
	if err := png.Encode(&b, p); err != nil {
		return File{}, fmt.Errorf("encoding a PNG: %w", err)
	}
	return File{b.Bytes(), ".png"}, nil
}

// warped bends a mark's picture by slow waves of some 2 % of its side.
func warped(svg []byte, r *rand.Rand) (File, error) {
	p, err := onWhite(svg, 2*Longer)
	if err != nil {
		return File{}, err
	}
	side := float64(p.Rect.Dx())
	wave := func() func(x, y float64) float64 {
		amplitude, phase := side*(0.015+0.015*r.Float64()), 2*math.Pi*r.Float64()
		angle, waves := 2*math.Pi*r.Float64(), 1+r.Float64()
		s, c := math.Sincos(angle)
		return func(x, y float64) float64 {
			return amplitude * math.Sin(phase+2*math.Pi*waves*(x*c+y*s)/side)
		}
	}
	dx, dy := wave(), wave()
	out := image.NewRGBA(image.Rect(0, 0, Longer, Longer))
	for y := range Longer {
		for x := range Longer {
			u, v := 2*float64(x)+0.5, 2*float64(y)+0.5
			copy(out.Pix[out.PixOffset(x, y):][:4], sample(p, u+dx(u, v), v+dy(u, v)))
		}
	}
	return asPNG(out)
}

// sample reads the mean of the 2×2 pixels around a place; beyond the edge is the edge.
func sample(p *image.RGBA, x, y float64) []uint8 {
	size := p.Rect.Size()
	var sum [4]float64
	x0, y0 := math.Floor(x), math.Floor(y)
	for i := range 4 {
		px, py := x0+float64(i%2), y0+float64(i/2)
		weight := (1 - math.Abs(x-px)) * (1 - math.Abs(y-py))
		cx, cy := min(max(int(px), 0), size.X-1), min(max(int(py), 0), size.Y-1)
		for c, v := range p.Pix[p.PixOffset(cx, cy):][:4] {
			sum[c] += weight * float64(v)
		}
	}
	return []uint8{uint8(sum[0] + 0.5), uint8(sum[1] + 0.5), uint8(sum[2] + 0.5), uint8(sum[3] + 0.5)}
}

// blurred is three box blurs of a radius, which are nearly a Gaussian one.
func blurred(p *image.RGBA, radius int) *image.RGBA {
	for range 3 {
		p = boxed(boxed(p, radius, 4, p.Stride, p.Rect.Dx(), p.Rect.Dy()), radius, p.Stride, 4, p.Rect.Dy(), p.Rect.Dx())
	}
	return p
}

// boxed averages along one direction: along is the step there in bytes and n
// how many there are, across and lines those of the other.
func boxed(p *image.RGBA, radius, along, across, n, lines int) *image.RGBA {
	out := image.NewRGBA(p.Rect)
	for line := range lines {
		for c := range 4 {
			base := line*across + c
			get := func(i int) int { return int(p.Pix[base+min(max(i, 0), n-1)*along]) }
			sum := 0
			for i := -radius; i <= radius; i++ {
				sum += get(i)
			}
			for i := range n {
				out.Pix[base+i*along] = uint8((sum + radius) / (2*radius + 1))
				sum += get(i+radius+1) - get(i-radius)
			}
		}
	}
	return out
}
