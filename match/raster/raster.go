// Package raster draws the SVG of a Mark Representation as a browser shows it:
// SVG Tiny Portable/Secure (draft-svg-tiny-ps-abrotman) and what real
// certificates and reference logos carry beyond it of SVG 1.1 (W3C, 2011).
// The input comes from a log and is hostile: no reference leaves the document,
// nothing is run, and each kind of work is counted against a limit.
package raster

import (
	"image"
	"slices"
)

// Version is the version of the renderer. It goes up whenever the pixels of
// any drawing change, so it is stored beside every hash made of them.
const Version = 1

// The longer side of a picture, in pixels: where none is asked for, and at most.
const (
	defaultSize = 256
	maximalSize = 4096
)

// Options says how to draw.
type Options struct {
	// Size is the longer side of the viewport in pixels: 0 is 256, and more
	// than 4096 is 4096.
	Size int
	// Limits bounds the work; its zero values are the defaults.
	Limits Limits
}

// Picture is a drawn SVG.
type Picture struct {
	// Image has the viewport's aspect ratio, is premultiplied, starts at
	// (0, 0), and is transparent where nothing is drawn.
	Image *image.RGBA
	// Width and Height are the viewport's in user units.
	Width, Height float64
	// Text says that text was drawn, with a plain font instead of its own.
	Text bool
	// Undrawn names what could not be drawn or was drawn without its effect,
	// each once, sorted: "filter", "foreignObject", "image" and so on.
	Undrawn []string
}

// Render draws an SVG: plain or gzipped, UTF-8 or UTF-16 with a byte order
// mark. An error is ErrNotSVG, wrapped with what was met instead, or a
// *LimitError. A document that ends or breaks in the middle is drawn up to
// there, as browsers do, and has "malformed XML" in Undrawn.
func Render(svg []byte, opts Options) (*Picture, error) {
	size := opts.Size
	if size <= 0 {
		size = defaultSize
	}
	size = min(size, maximalSize)
	b := newBudget(opts.Limits, size)
	text, err := decode(svg, b.limits.Bytes)
	if err != nil {
		return nil, err
	}
	doc, err := readDocument(text, b)
	if err != nil {
		return nil, err
	}
	r := newRenderer(doc, b, size)
	r.drawRoot()
	if b.err != nil {
		return nil, b.err
	}
	return r.picture(), nil
}

// picture is what was drawn, and what was not.
func (r *renderer) picture() *Picture {
	undrawn := make([]string, 0, len(r.doc.undrawn))
	for what := range r.doc.undrawn {
		undrawn = append(undrawn, what)
	}
	slices.Sort(undrawn)
	return &Picture{
		Image:   &image.RGBA{Pix: r.base.pix, Stride: 4 * r.base.bounds.Dx(), Rect: r.base.bounds},
		Width:   r.view.width,
		Height:  r.view.height,
		Text:    r.text,
		Undrawn: undrawn,
	}
}
