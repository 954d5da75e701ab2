package raster_test

import (
	"errors"
	"testing"

	"markwatch/match/raster"
)

// FuzzRender guards that no document makes the renderer panic or go beyond its
// limits, and that a picture is premultiplied.
func FuzzRender(f *testing.F) {
	for _, body := range []string{
		typical,
		`<style>.a>b{fill:red !important}</style><text x="1 2">a<tspan dy="1em">b</tspan></text>`,
		`<pattern id="p" width=".1" height=".1"><path d="M0 0a1 1 0 1 1 1 1"/></pattern><use href="#p"/><path fill="url(#p)" stroke="url(#p)" stroke-dasharray="1 2" d="M0 0T9 9S1 2 3 4"/>`,
		`<filter id="f"><feGaussianBlur stdDeviation="1 2"/><feColorMatrix type="saturate" values=".5"/><feMorphology radius="1"/><feMerge><feMergeNode/></feMerge></filter><g filter="url(#f)" transform="rotate(9)"><rect width="9" height="9"/></g>`,
		`<mask id="m"><circle r="50" fill="#fff"/></mask><svg mask="url(#m)" width="50%" viewBox="0 0 1 1"><ellipse rx="1" ry="2"/></svg>`,
		`<marker id="m" orient="auto"><path d="M0 0h1v1z"/></marker><polyline points="1,2 3 4-5.6.7" marker-mid="url(#m)"/>`,
		`<image width="9" height="9" href="` + pngOf(2, 3) + `"/>`,
	} {
		f.Add(doc(body))
	}
	f.Add([]byte("\xff\xfe<\x00s\x00v\x00g\x00/\x00>\x00"))
	f.Add(gzipped(doc(typical)))
	limits := raster.Limits{Elements: 2000, Segments: 20_000, Pixels: 5_000_000, Uses: 200, Dashes: 5000}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := raster.Render(data, raster.Options{Size: 64, Limits: limits})
		var limit *raster.LimitError
		if err != nil {
			if !errors.As(err, &limit) && !errors.Is(err, raster.ErrNotSVG) {
				t.Errorf("got %v, which is neither a limit nor ErrNotSVG", err)
			}
			return
		}
		if size := p.Image.Bounds().Size(); max(size.X, size.Y) != 64 {
			t.Fatalf("got %v, want 64 pixels on the longer side", size)
		}
		for i := 0; i < len(p.Image.Pix); i += 4 {
			if px := p.Image.Pix[i : i+4]; max(px[0], px[1], px[2]) > px[3] {
				t.Fatalf("pixel %d is %v, which is not premultiplied", i/4, px)
			}
		}
	})
}
