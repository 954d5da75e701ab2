package logo

import (
	"image"
	"image/draw"
)

// side is the longer side, in pixels, of the picture that views are cut from.
const side = 256

// A canvas is an opaque picture of at most side pixels a side: three planes of 8 bits.
type canvas struct {
	w, h int
	pix  []uint8 // r, g, b, row by row
}

// newCanvas puts p on a ground that it can be seen on, and scales it to side.
func newCanvas(p image.Image) *canvas {
	rgba := asRGBA(p)
	if max(rgba.Rect.Dx(), rgba.Rect.Dy()) != side {
		rgba = scaleTo(rgba, side)
	}
	c := compose(rgba, 255)
	if seenOn(rgba, 255) < seenOn(rgba, 0)/16 { // white on nothing: a ground of white would hide it
		c = compose(rgba, 0)
	}
	return c
}

// asRGBA returns p with premultiplied colours and its upper left corner at the origin.
func asRGBA(p image.Image) *image.RGBA {
	b := p.Bounds()
	if m, ok := p.(*image.RGBA); ok && b.Min == (image.Point{}) {
		return m
	}
	m := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(m, m.Rect, p, b.Min, draw.Src)
	return m
}

// compose flattens m onto a grey ground.
func compose(m *image.RGBA, ground int) *canvas {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	c := &canvas{w: w, h: h, pix: make([]uint8, 3*w*h)}
	for y := range h {
		row := m.Pix[y*m.Stride : y*m.Stride+4*w]
		out := c.pix[3*y*w : 3*(y+1)*w]
		for x := range w {
			from, to := row[4*x:4*x+4:4*x+4], out[3*x:3*x+3:3*x+3]
			if from[3] == 255 { // as most are
				to[0], to[1], to[2] = from[0], from[1], from[2]
				continue
			}
			under := ground * (255 - int(from[3])) / 255
			for k := range to {
				to[k] = uint8(min(255, int(from[k])+under))
			}
		}
	}
	return c
}

// seenOn is how much of m stands out from a grey ground: the sum of the differences in lightness.
func seenOn(m *image.RGBA, ground int) int {
	sum := 0
	for y := range m.Rect.Dy() {
		row := m.Pix[y*m.Stride : y*m.Stride+4*m.Rect.Dx()]
		for x := 0; x < len(row); x += 4 {
			alpha := int(row[x+3])
			light := (2*int(row[x]) + 5*int(row[x+1]) + int(row[x+2])) / 8
			sum += abs(light - ground*alpha/255)
		}
	}
	return sum
}

// scaleTo scales m so that its longer side has n pixels, each the mean of what it covers.
func scaleTo(m *image.RGBA, n int) *image.RGBA {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	long := max(w, h)
	dw, dh := max(1, (w*n+long/2)/long), max(1, (h*n+long/2)/long)
	out := image.NewRGBA(image.Rect(0, 0, dw, dh))
	for k := range 4 {
		for y := range dh {
			y0, y1 := y*h/dh, max(y*h/dh+1, (y+1)*h/dh)
			for x := range dw {
				x0, x1 := x*w/dw, max(x*w/dw+1, (x+1)*w/dw)
				sum := 0
				for v := y0; v < y1; v++ {
					for u := x0; u < x1; u++ {
						sum += int(m.Pix[v*m.Stride+4*u+k])
					}
				}
				area := (y1 - y0) * (x1 - x0)
				out.Pix[y*out.Stride+4*x+k] = uint8((sum + area/2) / area)
			}
		}
	}
	return out
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
