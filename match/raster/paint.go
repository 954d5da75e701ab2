package raster

import (
	"encoding/binary"
	"image"
)

// layer is a premultiplied picture of a part of the canvas.
type layer struct {
	pix    []uint8
	bounds image.Rectangle
	dirty  image.Rectangle // where anything was painted
}

// newLayer is an empty layer.
func newLayer(bounds image.Rectangle) *layer {
	return &layer{pix: make([]uint8, 4*bounds.Dx()*bounds.Dy()), bounds: bounds}
}

// row is the pixels of a row from x to the layer's end.
func (l *layer) row(x, y int) []uint8 {
	width := 4 * l.bounds.Dx()
	start := (y - l.bounds.Min.Y) * width
	return l.pix[start+4*(x-l.bounds.Min.X) : start+width]
}

// soil notes that pixels of a row were painted.
func (l *layer) soil(x, y, n int) {
	l.dirty = l.dirty.Union(image.Rect(x, y, x+n, y+1))
}

// source is what a shape is painted with.
type source interface {
	// colours sets the premultiplied colours of a row of pixels from (x, y).
	colours(x, y int, out []uint8)
	// cost is the work of a pixel, next to that of a plain one.
	cost() int
}

// solid is one premultiplied colour.
type solid [4]uint8

func (s solid) colours(_, _ int, out []uint8) {
	for i := 0; i+3 < len(out); i += 4 {
		copy(out[i:i+4], s[:])
	}
}

func (s solid) cost() int { return 1 }

// mul8 is a·b/255, rounded.
func mul8(a, b uint8) uint8 {
	t := uint32(a)*uint32(b) + 128
	return uint8((t + t>>8) >> 8)
}

// paintRow blends a row of a source into the layer, through its coverage.
func (l *layer) paintRow(x, y int, cover []uint8, src source, buffer []uint8) {
	l.soil(x, y, len(cover))
	dst := l.row(x, y)
	if colour, ok := src.(solid); ok {
		paintSolid(dst, cover, colour)
		return
	}
	buffer = buffer[:4*len(cover)]
	src.colours(x, y, buffer)
	for i, c := range cover {
		if c != 0 {
			over(dst[4*i:4*i+4:4*i+4], buffer[4*i:4*i+4:4*i+4], c)
		}
	}
}

// paintSolid blends one colour. Most pixels are in long runs that it covers.
func paintSolid(dst, cover []uint8, colour solid) {
	opaque := colour[3] == 255
	whole := binary.LittleEndian.Uint32(colour[:])
	for i := 0; i < len(cover); i++ {
		switch c := cover[i]; {
		case c == 0:
		case c == 255 && opaque:
			binary.LittleEndian.PutUint32(dst[4*i:], whole)
		default:
			over(dst[4*i:4*i+4:4*i+4], colour[:], c)
		}
	}
}

// over composes a colour, scaled by coverage, over a pixel.
func over(dst, src []uint8, cover uint8) {
	_, _ = dst[3], src[3]
	rest := 255 - mul8(src[3], cover)
	dst[0] = blend8(src[0], cover, dst[0], rest)
	dst[1] = blend8(src[1], cover, dst[1], rest)
	dst[2] = blend8(src[2], cover, dst[2], rest)
	dst[3] = blend8(src[3], cover, dst[3], rest)
}

// blend8 is s·c/255 + d·r/255, rounded once.
func blend8(s, c, d, r uint8) uint8 {
	t := uint32(s)*uint32(c) + uint32(d)*uint32(r) + 128
	return uint8(min(255, (t+t>>8)>>8))
}

// compose paints a layer over this one, scaled by opacity and through a clip.
func (l *layer) compose(from *layer, opacity uint8, through *clip, mode blendMode) {
	part := from.dirty.Intersect(l.bounds).Intersect(through.bounds)
	if part.Empty() {
		return
	}
	l.dirty = l.dirty.Union(part)
	for y := part.Min.Y; y < part.Max.Y; y++ {
		src, dst := from.row(part.Min.X, y), l.row(part.Min.X, y)
		var alpha []uint8
		if through.alpha != nil {
			alpha = through.at(part.Min.X, y)
		}
		for i := range part.Dx() {
			cover := opacity
			if alpha != nil {
				cover = mul8(cover, alpha[i])
			}
			if p := src[4*i : 4*i+4 : 4*i+4]; p[3] != 0 && cover != 0 {
				blend(mode, dst[4*i:4*i+4:4*i+4], p, cover)
			}
		}
	}
}

// luminance makes the layer's alpha its luminance (CSS Masking, 7.10.1).
func (l *layer) luminance() {
	for i := 0; i+3 < len(l.pix); i += 4 {
		p := l.pix[i : i+4 : i+4]
		if p[3] != 0 {
			p[3] = uint8((2126*uint32(p[0]) + 7152*uint32(p[1]) + 722*uint32(p[2]) + 5000) / 10000)
		}
	}
}
