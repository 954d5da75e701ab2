package raster_test

import (
	"strings"
	"testing"

	"markwatch/match/raster"
)

// typical is a logo as they are: a few shapes, curves, a gradient, a clip.
const typical = `<defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop stop-color="#1b6"/><stop offset="1" stop-color="#036"/></linearGradient>
<clipPath id="c"><path d="M0 0h100v100H0z"/></clipPath></defs>
<g clip-path="url(#c)"><rect width="100" height="100" rx="18" fill="url(#g)"/>
<path fill="#fff" fill-rule="evenodd" d="M50 18c-17.7 0-32 14.3-32 32s14.3 32 32 32 32-14.3 32-32-14.3-32-32-32zm0 12a20 20 0 1 1 0 40 20 20 0 0 1 0-40z"/>
<path d="M38 44q6-8 12 0t12 0M38 56l6 6 18-4" fill="none" stroke="#fd4" stroke-width="4" stroke-linecap="round"/>
<g opacity=".6"><circle cx="76" cy="24" r="9" fill="#e24"/><circle cx="80" cy="28" r="9" fill="#e24"/></g></g>`

// detailed is a logo of many small curves, as tracing programs make them.
func detailed() string {
	return chain(400, `<path transform="translate($i) rotate($i)" fill="#$i" d="M2 2c3.1-1.2 5.5.4 6 3.3s-1.8 4.9-4.2 5.2-5.1-1.9-4.8-4.4 1-3.5 3-4.1z"/>`)
}

func BenchmarkRender(b *testing.B) {
	for name, body := range map[string]string{
		"plain":    `<path d="M12 0C5.4 0 0 5.4 0 12s5.4 12 12 12 12-5.4 12-12S18.6 0 12 0z" transform="scale(4)"/>`,
		"typical":  typical,
		"detailed": detailed(),
		"filtered": `<filter id="f"><feDropShadow dx="2" dy="2" stdDeviation="3"/></filter><g filter="url(#f)">` + typical + `</g>`,
		"styled":   `<style>` + chain(50, `.c$i{fill:#$i$i$i}`) + `</style>` + chain(50, `<rect class="c$i" x="$i" y="$i" width="20" height="20"/>`),
		"padded":   strings.Repeat(" ", 1<<20) + typical,
	} {
		b.Run(name, func(b *testing.B) {
			svg := doc(body)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := raster.Render(svg, raster.Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
