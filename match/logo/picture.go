package logo

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	_ "image/gif"  // decoders, by content
	_ "image/jpeg" // …
	_ "image/png"  // …

	_ "golang.org/x/image/webp" // …

	"markwatch/match/raster"
)

// maxPixels bounds a picture by what its header says, before it is decoded.
const maxPixels = 40 << 20

// A Picture is a logo's file brought to pixels.
type Picture struct {
	Image   *image.RGBA // the longer side is 256; transparent where nothing is drawn
	Text    bool        // an SVG has text elements, drawn with a plain font
	Undrawn []string    // what of an SVG could not be drawn, in words
	Format  string      // svg, png, jpeg, gif, webp
}

// Decode reads a logo's file by its content: SVG, plain or gzipped, PNG, JPEG, WebP, or a GIF's first frame.
func Decode(data []byte) (*Picture, error) {
	head, format, err := image.DecodeConfig(bytes.NewReader(data))
	if errors.Is(err, image.ErrFormat) {
		return decodeSVG(data)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the picture's header: %w", err)
	}
	if head.Width <= 0 || head.Height <= 0 {
		return nil, fmt.Errorf("reading a %s picture: it has no pixels", format)
	}
	if int64(head.Width)*int64(head.Height) > maxPixels {
		return nil, fmt.Errorf("reading a %s picture: %d by %d pixels are more than %d", format, head.Width, head.Height, maxPixels)
	}
	m, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("reading a %s picture: %w", format, err)
	}
	return &Picture{Image: scaleTo(asRGBA(m), side), Format: format}, nil
}

// decodeSVG draws a vector logo.
func decodeSVG(data []byte) (*Picture, error) {
	p, err := raster.Render(data, raster.Options{Size: side})
	if errors.Is(err, raster.ErrNotSVG) {
		return nil, fmt.Errorf("no PNG, JPEG, WebP or GIF, and %w", err)
	}
	if err != nil {
		return nil, err // it says what there is too much of
	}
	return &Picture{Image: p.Image, Text: p.Text, Undrawn: p.Undrawn, Format: "svg"}, nil
}
