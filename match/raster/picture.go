package raster

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/draw"
	_ "image/gif"  // one of the formats that browsers show
	_ "image/jpeg" // one of the formats that browsers show
	_ "image/png"  // one of the formats that browsers show
	"math"
	"strings"
)

// maximalPicture is the most pixels that an embedded picture may have.
const maximalPicture = 4 << 20

// rectangle is a rectangle from (0, 0).
func rectangle(width, height int) image.Rectangle { return image.Rect(0, 0, width, height) }

// drawImage draws a picture that is embedded as a data URL; any other is noted.
func (r *renderer) drawImage(n *node, c context) {
	if c.style.visibility != visible || c.clipping {
		return
	}
	if n.name == "foreignObject" {
		r.doc.miss(n.name)
		return
	}
	tile, ok := r.embedded(n)
	if !ok {
		r.doc.miss("image")
		return
	}
	width, height := float64(tile.bounds.Dx()), float64(tile.bounds.Dy())
	m := measure{n, c.view, float64(c.style.fontSize)}
	x, _ := m.get("x", horizontal)
	y, _ := m.get("y", vertical)
	w, givenWidth := m.get("width", horizontal)
	h, givenHeight := m.get("height", vertical)
	switch {
	case !givenWidth && !givenHeight:
		w, h = width, height
	case !givenWidth:
		w = h * width / height
	case !givenHeight:
		h = w * height / width
	}
	if !(w > 0 && h > 0) {
		return
	}
	own := fit(box{max: point{width, height}}, extent{w, h}, n.attr("preserveAspectRatio"))
	frame := &path{}
	frame.polygon(true, point{x, y}, point{x + w, y}, point{x + w, y + h}, point{x, y + h})
	r.clipTo(frame, &c)
	c.matrix = c.matrix.mul(translation(x, y)).mul(own)
	tile, halved := r.reduce(tile, c.matrix.scale())
	inverse, ok := c.matrix.mul(scaling(halved, halved)).invert()
	if !ok || c.clip.bounds.Empty() {
		return
	}
	whole := &path{}
	whole.polygon(true, point{}, point{width, 0}, point{width, height}, point{0, height})
	r.fillPath(whole, 0, &sampler{tile: tile, inverse: inverse, opacity: 255}, c)
}

// embedded decodes the picture in a data URL.
func (r *renderer) embedded(n *node) (*layer, bool) {
	ref := n.attr("href")
	if ref == "" {
		ref = n.attr("xlink:href")
	}
	if !r.budget.spend(pixels, len(ref)) {
		return nil, false
	}
	header, body, ok := strings.Cut(strings.TrimSpace(ref), ",")
	if !ok || !strings.HasPrefix(header, "data:image/") || !strings.HasSuffix(header, ";base64") {
		return nil, false
	}
	body = strings.Join(strings.Fields(body), "")
	data, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(body, "="))
	if err != nil {
		return nil, false
	}
	config, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || config.Width <= 0 || config.Height <= 0 || config.Width > maximalPicture/config.Height {
		return nil, false
	}
	if !r.budget.spend(pixels, 16*config.Width*config.Height) {
		return nil, false
	}
	decoded, _, err := image.Decode(bytes.NewReader(data))
	if err != nil || decoded.Bounds().Dx() != config.Width || decoded.Bounds().Dy() != config.Height {
		return nil, false
	}
	rgba := image.NewRGBA(rectangle(config.Width, config.Height))
	draw.Draw(rgba, rgba.Rect, decoded, decoded.Bounds().Min, draw.Src)
	return &layer{pix: rgba.Pix, bounds: rgba.Rect}, true
}

// reduce halves a picture until it is less than twice as large as it is shown,
// so that every pixel of it counts. It says how large its pixels are then.
func (r *renderer) reduce(l *layer, scale float64) (*layer, float64) {
	size := 1.0
	for scale*size <= 0.5 && min(l.bounds.Dx(), l.bounds.Dy()) > 1 && !math.IsNaN(scale) {
		l = l.half()
		size *= 2
	}
	return l, size
}

// half is the layer at half its size; an odd last row or column is left out.
func (l *layer) half() *layer {
	width, height := l.bounds.Dx()/2, l.bounds.Dy()/2
	out := newLayer(rectangle(width, height))
	stride := 4 * l.bounds.Dx()
	for y := range height {
		upper, lower := l.pix[2*y*stride:], l.pix[(2*y+1)*stride:]
		to := out.pix[4*y*width:]
		for x := range width {
			for ch := range 4 {
				i := 8*x + ch
				sum := int(upper[i]) + int(upper[i+4]) + int(lower[i]) + int(lower[i+4])
				to[4*x+ch] = uint8((sum + 2) / 4)
			}
		}
	}
	return out
}
