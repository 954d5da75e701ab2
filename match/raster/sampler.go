package raster

import "math"

// sampler is a source that repeats or shows a picture.
type sampler struct {
	tile    *layer
	inverse matrix // from device to the tile's pixels
	wrap    bool   // the tile repeats
	opacity uint8
}

func (s *sampler) cost() int { return 14 }

// colours interpolates between the four nearest pixels.
func (s *sampler) colours(x, y int, out []uint8) {
	width, height := s.tile.bounds.Dx(), s.tile.bounds.Dy()
	for i := 0; i+3 < len(out); i += 4 {
		p := s.inverse.apply(point{float64(x+i/4) + 0.5, float64(y) + 0.5})
		left, top := math.Floor(p.x-0.5), math.Floor(p.y-0.5)
		fx, fy := p.x-0.5-left, p.y-0.5-top
		x0, x1 := s.place(left, width), s.place(left+1, width)
		y0, y1 := s.place(top, height), s.place(top+1, height)
		for ch := range 4 {
			at := func(x, y int) float64 { return float64(s.tile.pix[4*(y*width+x)+ch]) }
			upper := float64(at(x0, y0)*(1-fx)) + float64(at(x1, y0)*fx)
			lower := float64(at(x0, y1)*(1-fx)) + float64(at(x1, y1)*fx)
			v := float64(upper*(1-fy)) + float64(lower*fy)
			out[i+ch] = mul8(uint8(v+0.5), s.opacity)
		}
	}
}

// place is a pixel's place in the tile: wrapped around, or held at the edge.
func (s *sampler) place(v float64, n int) int {
	if s.wrap {
		v -= float64(math.Floor(v/float64(n)) * float64(n))
	}
	return int(max(0, min(float64(n-1), v)))
}
