package raster_test

import (
	"bytes"
	"errors"
	"fmt"
	"image/color"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"markwatch/match/raster"
)

// The colours of the tests.
var (
	none   = color.RGBA{}
	black  = color.RGBA{0, 0, 0, 255}
	red    = color.RGBA{255, 0, 0, 255}
	lime   = color.RGBA{0, 255, 0, 255}
	blue   = color.RGBA{0, 0, 255, 255}
	half   = color.RGBA{0, 0, 0, 128}
	purple = color.RGBA{128, 0, 128, 255}
)

// at is the colour wanted at a point of a drawing of 100 by 100 pixels.
type at struct {
	x, y int
	want color.RGBA
}

// drawing is a document of 100 by 100 units with colours at points.
type drawing struct {
	name string
	body string
	at   []at
}

// check renders at a pixel a unit and compares within a grey or two.
func (d drawing) check(t *testing.T) *raster.Picture {
	t.Helper()
	p, err := raster.Render(doc(d.body), raster.Options{Size: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range d.at {
		got := p.Image.RGBAAt(at.x, at.y)
		if !near(got, at.want) {
			t.Errorf("at %d,%d got %v, want %v", at.x, at.y, got, at.want)
		}
	}
	return p
}

func near(a, b color.RGBA) bool {
	diff := func(p, q uint8) bool { return max(p, q)-min(p, q) <= 2 }
	return diff(a.R, b.R) && diff(a.G, b.G) && diff(a.B, b.B) && diff(a.A, b.A)
}

func checkAll(t *testing.T, drawings []drawing) {
	t.Helper()
	for _, d := range drawings {
		t.Run(d.name, func(t *testing.T) {
			p := d.check(t)
			if len(p.Undrawn) > 0 {
				t.Errorf("undrawn %v, want nothing", p.Undrawn)
			}
		})
	}
}

func TestShapes(t *testing.T) {
	checkAll(t, []drawing{
		{"rect", `<rect x="10" y="20" width="30" height="40"/>`, []at{{10, 20, black}, {39, 59, black}, {9, 20, none}, {40, 59, none}, {39, 60, none}}},
		{"half a pixel", `<rect x="10.5" y="20" width="10" height="10.5"/>`, []at{{10, 25, half}, {11, 25, black}, {15, 30, half}, {10, 30, color.RGBA{0, 0, 0, 64}}}},
		{"rounded", `<rect x="10" y="10" width="40" height="40" rx="20"/>`, []at{{11, 11, none}, {30, 12, black}, {15, 30, black}, {48, 48, none}}},
		{"rx is held at half the width", `<rect width="40" height="20" rx="99" ry="5"/>`, []at{{0, 0, none}, {20, 0, black}, {2, 10, black}}},
		{"circle", `<circle cx="50" cy="50" r="30" fill="red"/>`, []at{{50, 50, red}, {50, 21, red}, {50, 18, none}, {27, 27, none}, {30, 30, red}}},
		{"percent", `<circle cx="50%" cy="50%" r="30%" fill="red"/><rect width="10%" height="5%"/>`, []at{{50, 21, red}, {50, 18, none}, {9, 4, black}, {10, 4, none}, {9, 5, none}}},
		{"ellipse with one radius", `<ellipse cx="50" cy="50" rx="30"/>`, []at{{50, 22, black}, {50, 18, none}}},
		{"polygon", `<polygon points="10,10 90,10 90,90 55"/>`, []at{{80, 20, black}, {20, 80, none}}},
		{"polyline is filled", `<polyline points="10 10 90 10 90 90" fill="lime"/>`, []at{{80, 20, lime}}},
		{"line has no inside", `<line x1="0" y1="0" x2="100" y2="100" fill="red" stroke="lime" stroke-width="4"/>`, []at{{50, 50, lime}, {60, 40, none}}},
		{"units", `<rect width="0.5in" height="3pc"/>`, []at{{47, 47, black}, {49, 47, none}, {47, 49, none}}},
		{"negative radius", `<circle r="-5" cx="50" cy="50"/><rect width="-1" height="9"/>`, []at{{50, 50, none}, {0, 0, none}}},
	})
}

func TestPaths(t *testing.T) {
	checkAll(t, []drawing{
		{"numbers run together", `<path d="M10.5.5l1e1-.5.0 20h-10z"/>`, []at{{15, 10, black}, {25, 10, none}}},
		{"implicit lines", `<path d="m10 10 20 0 0 20-20 0z"/>`, []at{{20, 20, black}, {35, 20, none}}},
		{"draw up to the error", `<path d="M0 0H20V20H0zM50 50h20v20h-20z L foo M80 80h20v20h-20z"/>`, []at{{10, 10, black}, {60, 60, black}, {90, 90, none}}},
		{"a digit behind the point", `<path d="M0 0H20V20H0zM50. 50h20v20h-20z"/>`, []at{{10, 10, black}, {60, 60, none}}},
		{"starts with a move", `<path d="L0 0H20V20H0z"/>`, []at{{10, 10, none}}},
		{"arc flags run together", `<path d="M20 50a30 30 0 1160 0z"/>`, []at{{50, 25, black}, {50, 60, none}}},
		{"arc that is too small grows", `<path d="M20 50A1 1 0 0 1 80 50z"/>`, []at{{50, 25, black}, {50, 15, none}}},
		{"large arc", `<path d="M50 50A25 25 0 1 0 75 75z"/>`, []at{{50, 75, black}, {70, 55, none}, {40, 90, black}}},
		{"smooth curves", `<path d="M0 50C0 20 30 20 30 50S60 80 60 50T90 50z"/>`, []at{{15, 40, black}, {45, 60, black}, {15, 60, none}}},
		{"even-odd", `<path fill-rule="evenodd" d="M0 0h90v90h-90zM30 30h30v30h-30z"/>`, []at{{10, 10, black}, {45, 45, none}}},
		{"nonzero", `<path d="M0 0h90v90h-90zM30 30h30v30h-30z"/>`, []at{{45, 45, black}}},
		{"nonzero hole", `<path d="M0 0h90v90h-90zM30 30v30h30v-30z"/>`, []at{{10, 10, black}, {45, 45, none}}},
		{"closing goes on at the start", `<path d="M10 10h20v20h-20zl60 60v-60z" fill="red"/>`, []at{{15, 25, red}, {65, 40, red}, {40, 60, none}}},
		{"what is left of the picture counts", `<path d="M-500 10L50 10L50 60L-900 60z"/>`, []at{{0, 30, black}, {49, 30, black}, {51, 30, none}}},
		{"what is beyond the picture does not", `<path d="M50 -900L9000 -900L9000 9000L50 9000z"/>`, []at{{49, 50, none}, {51, 50, black}, {99, 99, black}}},
	})
}

func TestStrokes(t *testing.T) {
	checkAll(t, []drawing{
		{"width", `<path d="M10 50h80" stroke="red" stroke-width="10"/>`, []at{{50, 45, red}, {50, 54, red}, {50, 44, none}, {9, 50, none}}},
		{"square cap", `<path d="M20 50h60" stroke="red" stroke-width="10" stroke-linecap="square"/>`, []at{{16, 46, red}, {14, 50, none}, {84, 53, red}}},
		{"round cap", `<path d="M20 50h60" stroke="red" stroke-width="10" stroke-linecap="round"/>`, []at{{16, 50, red}, {15, 45, none}}},
		{"miter", `<path d="M20 80V20H80" fill="none" stroke="red" stroke-width="20"/>`, []at{{11, 11, red}, {31, 31, none}}},
		{"miter beyond its limit", `<path d="M20 80V20H80" fill="none" stroke="red" stroke-width="20" stroke-miterlimit="1.1"/>`, []at{{11, 11, none}, {17, 17, red}}},
		{"bevel", `<path d="M20 80V20H80" fill="none" stroke="red" stroke-width="20" stroke-linejoin="bevel"/>`, []at{{11, 11, none}, {17, 17, red}}},
		{"round", `<path d="M20 80V20H80" fill="none" stroke="red" stroke-width="20" stroke-linejoin="round"/>`, []at{{11, 11, none}, {14, 14, red}}},
		{"dashes", `<path d="M0 50h100" stroke="red" stroke-width="10" stroke-dasharray="20 10"/>`, []at{{10, 50, red}, {25, 50, none}, {40, 50, red}, {55, 50, none}}},
		{"odd dashes and offset", `<path d="M0 50h100" stroke="red" stroke-width="10" stroke-dasharray="20" stroke-dashoffset="10"/>`, []at{{5, 50, red}, {15, 50, none}, {35, 50, red}}},
		{"pathLength", `<path d="M0 50h100" pathLength="10" stroke="red" stroke-width="10" stroke-dasharray="5"/>`, []at{{25, 50, red}, {75, 50, none}}},
		{"dashes around a corner", `<path d="M20 20h60v60h-60z" fill="none" stroke="red" stroke-width="10" stroke-dasharray="40 20" stroke-dashoffset="20"/>`, []at{{16, 16, red}, {50, 20, none}, {70, 20, red}}},
		{"a dot", `<path d="M50 50h0" stroke="red" stroke-width="20" stroke-linecap="round"/><path d="M10 10h0" stroke="red" stroke-width="20"/>`, []at{{42, 50, red}, {10, 10, none}}},
		{"a bend that is tighter than the stroke", `<path d="M45 50a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z" fill="none" stroke="red" stroke-width="12"/>`, []at{{50, 50, red}, {40, 50, red}, {58, 58, none}}},
		{"stretched", `<path transform="scale(1 4)" d="M10 10h80" stroke="red" stroke-width="5"/>`, []at{{50, 31, red}, {50, 48, red}, {50, 29, none}}},
		{"non-scaling", `<path transform="scale(1 4)" vector-effect="non-scaling-stroke" d="M10 10h80" stroke="red" stroke-width="6"/>`, []at{{50, 38, red}, {50, 31, none}}},
		{"stroke first", `<rect x="20" y="20" width="60" height="60" stroke="red" stroke-width="20" paint-order="stroke"/>`, []at{{22, 50, black}, {15, 50, red}}},
	})
}

func TestTransforms(t *testing.T) {
	checkAll(t, []drawing{
		{"list", `<rect transform="translate(50,50) rotate(45) scale(2)" x="-10" y="-10" width="20" height="20"/>`, []at{{50, 24, black}, {33, 33, none}}},
		{"about a point", `<rect transform="rotate(90 50 50)" x="50" y="0" width="10" height="50"/>`, []at{{75, 55, black}, {55, 25, none}}},
		{"matrix and skew", `<g transform="matrix(1 0 0 1 10 10) skewX(45)"><rect width="10" height="40"/></g>`, []at{{55, 49, black}, {12, 45, none}}},
		{"one mistake voids the list", `<rect transform="translate(50) spin(2)" width="10" height="10"/>`, []at{{5, 5, black}, {55, 5, none}}},
		{"not invertible", `<rect transform="scale(0 1)" width="10" height="10"/>`, []at{{0, 5, none}}},
		{"style with units and origin", `<rect style="transform: rotate(0.25turn); transform-origin: 50px 50px" x="50" y="0" width="10" height="50"/>`, []at{{75, 55, black}}},
		{"own box", `<rect style="transform: scale(.5); transform-box: fill-box; transform-origin: center" x="20" y="20" width="60" height="60"/>`, []at{{50, 50, black}, {30, 30, none}}},
	})
}

func TestStyles(t *testing.T) {
	square := func(attributes string) string { return `<rect width="50" height="50" ` + attributes + `/>` }
	checkAll(t, []drawing{
		{"attribute, rule, style", `<style>rect{fill:lime}</style>` + square(`fill="red"`) + `<rect x="50" width="50" height="50" style="fill:blue"/>`, []at{{10, 10, lime}, {60, 10, blue}}},
		{"specificity", `<style>#i{fill:lime}.c{fill:red}rect{fill:blue}</style>` + square(`id="i" class="c"`), []at{{10, 10, lime}}},
		{"important", `<style>.c{fill:lime !important}</style>` + square(`class="c" style="fill:red"`), []at{{10, 10, lime}}},
		{"the later of equals", `<style>.c{fill:red}.d{fill:lime}</style>` + square(`class="d c"`), []at{{10, 10, lime}}},
		{"child and descendant", `<style>g>rect{fill:lime}svg g g rect{fill:red}</style><g>` + square(``) + `</g>`, []at{{10, 10, lime}}},
		{"attribute selector", `<style>[data-k="v"]{fill:lime}[data-k^="w"]{fill:red}</style>` + square(`data-k="v"`), []at{{10, 10, lime}}},
		{"siblings and places", `<style>g + rect{fill:lime} rect:first-child{fill:red} rect:last-child{fill:blue}</style><g/>` + square(``) + `<rect x="50" width="50" height="50"/>`, []at{{10, 10, lime}, {60, 10, blue}}},
		{"CDATA and comments", `<style><![CDATA[/* rect{fill:red} */ rect /**/ {fill:lime}]]></style>` + square(``), []at{{10, 10, lime}}},
		{"dark windows", `<style>rect{fill:lime}@media (prefers-color-scheme: dark){rect{fill:red}}@media screen{rect{stroke:none}}</style>` + square(``), []at{{10, 10, lime}}},
		{"an unreadable selector voids its rule", `<style>rect{fill:lime}rect,rect:hover{fill:red}</style>` + square(``), []at{{10, 10, lime}}},
		{"variables", `<style>:root{--a:var(--b, red);--b:lime}</style><g style="--c:var(--a)">` + square(`fill="var(--b)"`) + `<rect x="50" width="50" height="50" style="fill:var(--none, blue)"/></g>`, []at{{10, 10, lime}, {60, 10, blue}}},
		{"inherit", `<g opacity=".5" fill="red">` + square(`fill="inherit"`) + `</g>`, []at{{10, 10, color.RGBA{128, 0, 0, 128}}}},
		{"any case", `<g fill="red">` + square(`fill="INHERIT" stroke="None"`) + `</g><rect x="50" width="50" height="50" fill="NONE"/>`, []at{{10, 10, red}, {60, 10, none}}},
		{"currentColor", `<g color="red" fill="currentColor"><g color="lime">` + square(``) + `</g></g>`, []at{{10, 10, lime}}},
		{"display and visibility", square(`display="none"`) + `<g visibility="hidden"><rect x="50" width="50" height="50" visibility="visible"/>` + square(``) + `</g>`, []at{{10, 10, none}, {60, 10, black}}},
		{"crisp", `<rect x="10.4" y="0" width="10.2" height="10" shape-rendering="crispEdges"/>`, []at{{10, 5, black}, {20, 5, black}, {9, 5, none}, {21, 5, none}}},
		{"overlap within one layer", `<g opacity=".5">` + square(``) + square(``) + `</g>`, []at{{10, 10, half}}},
		{"fill-opacity", square(`fill-opacity=".5"`) + `<rect x="50" width="50" height="50" fill-opacity="50%"/>`, []at{{10, 10, half}, {60, 10, half}}},
	})
}

func TestColours(t *testing.T) {
	for value, want := range map[string]color.RGBA{
		"#f00": red, "#ff0000": red, "#F00f": red, "#ff000080": {128, 0, 0, 128}, "#0f08": {0, 136, 0, 136},
		"rgb(255,0,0)": red, "rgb(100%, 0%, 0%)": red, "rgba(255,0,0,.5)": {128, 0, 0, 128}, "rgb(255 0 0 / 50%)": {128, 0, 0, 128},
		"rgb(300,-5,0)": red, "hsl(120,100%,50%)": lime, "hsla(240deg 100% 50% / 1)": blue, "hsl(-120 100% 50%)": blue,
		"Red": red, "RebeccaPurple": {102, 51, 153, 255}, "purple": purple, "none": none, "transparent": none,
		"#ggg": black, "#12345": black, "rgb(1,2)": black, "red blue": black, "url(#nothing) lime": lime, "url(#nothing)": none,
	} {
		t.Run(value, func(t *testing.T) {
			drawing{body: fmt.Sprintf(`<rect fill="black" width="50" height="50" style="fill:%s"/>`, value), at: []at{{10, 10, want}}}.check(t)
		})
	}
}

func TestGradients(t *testing.T) {
	stops := `<stop stop-color="red"/><stop offset="1" stop-color="blue"/>`
	fill := func(gradient string) string {
		return gradient + `<rect width="100" height="100" fill="url(#a)"/>`
	}
	mixed := func(k float64) color.RGBA { return color.RGBA{uint8(255*(1-k) + .5), 0, uint8(255*k + .5), 255} }
	checkAll(t, []drawing{
		{"linear", fill(`<linearGradient id="a">` + stops + `</linearGradient>`), []at{{0, 50, mixed(.005)}, {50, 9, mixed(.505)}, {99, 50, mixed(.995)}}},
		{"user space and transform", fill(`<linearGradient id="a" gradientUnits="userSpaceOnUse" x1="0" x2="50" gradientTransform="translate(25)">` + stops + `</linearGradient>`), []at{{10, 0, red}, {50, 0, mixed(.51)}, {90, 0, blue}}},
		{"repeat", fill(`<linearGradient id="a" x2=".5" spreadMethod="repeat">` + stops + `</linearGradient>`), []at{{25, 0, mixed(.51)}, {75, 0, mixed(.51)}, {51, 0, mixed(.03)}}},
		{"reflect", fill(`<linearGradient id="a" x2=".5" spreadMethod="reflect">` + stops + `</linearGradient>`), []at{{51, 0, mixed(.97)}, {99, 0, mixed(.01)}}},
		{"stops from another", fill(`<linearGradient id="b" x2="0" y2="1">` + stops + `</linearGradient><linearGradient id="a" xlink:href="#b" x2="0"/>`), []at{{0, 50, mixed(.505)}}},
		{"a hard edge", fill(`<linearGradient id="a"><stop offset=".5" stop-color="red"/><stop offset=".5" stop-color="blue"/></linearGradient>`), []at{{49, 0, red}, {50, 0, blue}}},
		{"offsets never go back", fill(`<linearGradient id="a"><stop offset=".5" stop-color="red"/><stop offset=".2" stop-color="blue"/></linearGradient>`), []at{{30, 0, red}, {51, 0, blue}}},
		{"stop-opacity", fill(`<linearGradient id="a"><stop stop-color="#000" stop-opacity=".5"/><stop offset="1" stop-opacity=".5"/></linearGradient>`), []at{{50, 0, half}}},
		{"one stop is a colour", fill(`<linearGradient id="a"><stop stop-color="red"/></linearGradient>`), []at{{50, 0, red}}},
		{"no stops are no paint", fill(`<linearGradient id="a"/>`), []at{{50, 0, none}}},
		{"no length is the last colour", fill(`<linearGradient id="a" x2="0">` + stops + `</linearGradient>`), []at{{50, 0, blue}}},
		{"radial", fill(`<radialGradient id="a">` + stops + `</radialGradient>`), []at{{50, 50, mixed(.014)}, {75, 50, mixed(.51)}, {0, 0, blue}}},
		{"focus", fill(`<radialGradient id="a" fx=".25">` + stops + `</radialGradient>`), []at{{25, 50, mixed(.02)}, {12, 50, mixed(.51)}, {62, 50, mixed(.5)}}},
		{"focal radius", fill(`<radialGradient id="a" fr=".25">` + stops + `</radialGradient>`), []at{{60, 50, red}, {88, 50, mixed(.54)}}},
		{"no box, no gradient", `<linearGradient id="a">` + stops + `</linearGradient><path d="M0 50h90" stroke-width="9" stroke="url(#a)"/>`, []at{{50, 50, none}}},
	})
}

func TestClipsAndMasks(t *testing.T) {
	whole := `<rect width="100" height="100" fill="red" %s/>`
	with := func(def, attribute string) string { return def + fmt.Sprintf(whole, attribute) }
	checkAll(t, []drawing{
		{"clip", with(`<clipPath id="c"><circle cx="50" cy="50" r="30"/><rect width="10" height="10"/></clipPath>`, `clip-path="url(#c)"`), []at{{50, 50, red}, {5, 5, red}, {20, 20, none}}},
		{"clip-rule", with(`<clipPath id="c"><path clip-rule="evenodd" d="M0 0h90v90h-90zM30 30h30v30h-30z"/></clipPath>`, `clip-path="url(#c)"`), []at{{10, 10, red}, {45, 45, none}}},
		{"clip in box units", `<clipPath id="c" clipPathUnits="objectBoundingBox"><rect width=".5" height="1"/></clipPath><rect x="50" width="50" height="50" clip-path="url(#c)"/>`, []at{{60, 10, black}, {80, 10, none}}},
		{"clip by use, on a clip", with(`<defs><circle id="d" r="30"/></defs><clipPath id="c" clip-path="url(#e)"><use href="#d" x="50" y="50"/></clipPath><clipPath id="e"><rect width="50" height="100"/></clipPath>`, `clip-path="url(#c)"`), []at{{40, 50, red}, {60, 50, none}, {10, 50, none}}},
		{"empty clip", with(`<clipPath id="c"/>`, `clip-path="url(#c)"`), []at{{50, 50, none}}},
		{"clip by nothing", with(``, `clip-path="url(#c)"`), []at{{50, 50, red}}},
		{"clipped edge", with(`<clipPath id="c"><rect width="50.5" height="100"/></clipPath>`, `clip-path="url(#c)"`), []at{{50, 50, color.RGBA{128, 0, 0, 128}}, {49, 50, red}}},
		{"luminance mask", with(`<mask id="m"><rect width="50" height="100" fill="#fff"/><rect x="50" width="50" height="100" fill="#0f0"/></mask>`, `mask="url(#m)"`), []at{{10, 10, red}, {60, 10, color.RGBA{182, 0, 0, 182}}}},
		{"alpha mask", with(`<mask id="m" mask-type="alpha"><rect width="50" height="100" fill-opacity=".5"/></mask>`, `mask="url(#m)"`), []at{{10, 10, color.RGBA{128, 0, 0, 128}}, {60, 10, none}}},
		{"mask in box units", `<mask id="m" maskContentUnits="objectBoundingBox"><rect width=".5" height="1" fill="#fff"/></mask><g mask="url(#m)"><rect x="50" width="50" height="50"/></g>`, []at{{60, 10, black}, {80, 10, none}}},
		{"mask region", with(`<mask id="m" x="0" y="0" width=".5" height="1"><rect width="100" height="100" fill="#fff"/></mask>`, `mask="url(#m)"`), []at{{40, 10, red}, {60, 10, none}}},
		{"mask of one's own style", `<g fill="none"><mask id="m"><rect width="100" height="100"/></mask></g>` + fmt.Sprintf(whole, `mask="url(#m)"`), []at{{50, 50, none}}},
	})
}

func TestStructure(t *testing.T) {
	checkAll(t, []drawing{
		{"use", `<defs><rect id="r" width="10" height="10"/></defs><use href="#r" x="20" y="30" fill="red"/><use xlink:href="#r"/>`, []at{{25, 35, red}, {5, 5, black}, {45, 45, none}}},
		{"symbol", `<symbol id="s" viewBox="0 0 10 10"><rect width="20" height="20"/></symbol><use href="#s" x="10" width="50" height="50"/>`, []at{{10, 0, black}, {59, 49, black}, {61, 10, none}, {20, 51, none}}},
		{"nested svg", `<svg x="50" y="50" width="50" height="20" viewBox="0 0 10 10" preserveAspectRatio="xMaxYMid"><rect width="10" height="10"/></svg>`, []at{{60, 60, none}, {90, 60, black}}},
		{"slice", `<svg width="50" height="20" viewBox="0 0 10 10" preserveAspectRatio="xMidYMid slice"><circle cx="5" cy="5" r="5"/></svg>`, []at{{25, 1, black}, {25, 21, none}}},
		{"switch", `<switch><rect systemLanguage="tlh" width="9" height="9" fill="red"/><rect systemLanguage="de, en-GB" width="9" height="9" fill="lime"/><rect width="99" height="99"/></switch>`, []at{{5, 5, lime}, {50, 50, none}}},
		{"an old editor's switch", `<switch><foreignObject requiredExtensions="&ns_ai;"/><g><rect width="50" height="50"/></g></switch>`, []at{{10, 10, black}}},
		{"marker", `<marker id="m" markerWidth="10" markerHeight="10" refX="5" refY="5" markerUnits="userSpaceOnUse" orient="auto"><rect width="10" height="5" fill="context-stroke"/></marker><path d="M20 20v60" stroke="red" marker-end="url(#m)"/>`, []at{{23, 80, red}, {17, 80, none}}},
		{"pattern", `<pattern id="p" width="20" height="20" patternUnits="userSpaceOnUse"><rect width="10" height="20" fill="red"/></pattern><rect width="100" height="100" fill="url(#p)"/>`, []at{{5, 5, red}, {15, 5, none}, {85, 85, red}}},
		{"filter", `<filter id="f" x="-1" y="-1" width="3" height="3"><feFlood flood-color="lime"/><feComposite in2="SourceAlpha" operator="in"/><feOffset dx="20"/></filter><rect x="10" y="10" width="20" height="20" filter="url(#f)"/>`, []at{{15, 15, none}, {35, 15, lime}, {49, 15, lime}, {51, 15, none}}},
		{"blur", `<filter id="f"><feGaussianBlur stdDeviation="5"/></filter><rect x="30" y="-200" width="40" height="500" filter="url(#f)"/>`, []at{{50, 50, black}, {30, 50, color.RGBA{0, 0, 0, 137}}, {20, 50, none}}},
		{"blend", `<rect width="100" height="100" fill="red"/><rect width="50" height="100" fill="blue" style="mix-blend-mode:multiply"/>`, []at{{10, 10, black}, {60, 10, red}}},
		{"picture", `<image width="50" height="50" href="` + pngOf(3, 3) + `"/><rect x="50" width="9" height="9"/>`, []at{{10, 10, none}, {55, 5, black}}},
		{"prefixed", `<x:rect xmlns:x="http://www.w3.org/2000/svg" width="50" height="50"/><y:rect xmlns:y="urn:other" x="50" width="50" height="50"/>`, []at{{10, 10, black}, {60, 10, none}}},
		{"hidden", `<title>a</title><metadata><rect width="9" height="9"/></metadata><defs><rect width="9" height="9"/></defs><unknown><rect width="9" height="9"/></unknown>`, []at{{5, 5, none}}},
	})
}

func TestViewports(t *testing.T) {
	tests := []struct {
		name, root    string
		x, y          int
		width, height float64
	}{
		{"viewBox", `viewBox="0 0 20 10"`, 100, 50, 20, 10},
		{"size", `width="30" height="60"`, 50, 100, 30, 60},
		{"size and viewBox", `width="30" height="60" viewBox="0 0 5 5"`, 50, 100, 5, 5},
		{"one side", `width="30" viewBox="0 0 5 10"`, 50, 100, 5, 10},
		{"percent", `width="100%" height="100%" viewBox="0 0 10 5"`, 100, 50, 10, 5},
		{"nothing", ``, 100, 50, 300, 150},
		{"thin", `viewBox="0 0 1 100000"`, 1, 100, 1, 100000},
		{"unreadable viewBox", `viewBox="0 0 0 5" width="4" height="4"`, 100, 100, 4, 4},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := raster.Render([]byte(`<svg xmlns="http://www.w3.org/2000/svg" `+tt.root+`/>`), raster.Options{Size: 100})
			if err != nil {
				t.Fatal(err)
			}
			size := p.Image.Bounds().Size()
			if size.X != tt.x || size.Y != tt.y || p.Width != tt.width || p.Height != tt.height {
				t.Errorf("got %v of %v by %v, want %dx%d of %v by %v", size, p.Width, p.Height, tt.x, tt.y, tt.width, tt.height)
			}
		})
	}
}

func TestUndrawn(t *testing.T) {
	tests := []struct {
		name, body string
		want       []string
		text       bool
	}{
		{"nothing", `<rect width="9" height="9"/>`, []string{}, false},
		{"foreign object, twice", `<foreignObject/><foreignObject/>`, []string{"foreignObject"}, false},
		{"outer pictures and files", `<image width="9" height="9" href="http://logo.example/a.png"/><use href="other.svg#a"/>`, []string{"external reference", "image"}, false},
		{"filter", `<filter id="f"><feTurbulence/></filter><rect width="9" height="9" filter="url(#f)"/>`, []string{"filter"}, false},
		{"filter that is nowhere", `<rect width="9" height="9" filter="url(#f)"/>`, []string{}, false},
		{"filter function", `<rect width="9" height="9" style="filter:blur(2px)"/>`, []string{"filter"}, false},
		{"script and animation", `<script>1</script><rect width="9" height="9"><animate/></rect><animate/>`, []string{"animation", "script"}, false},
		{"entity", `<text>&name;</text>`, []string{"entity"}, true},
		{"text", `<text x="9" y="20">Logo &amp; Co</text>`, []string{}, true},
		{"another script", `<text>\u4e00` + "\u4e00" + `</text>`, []string{"characters without a glyph"}, true},
		{"text on a path", `<text><textPath href="#a">a</textPath></text>`, []string{"textPath"}, true},
		{"blend mode", `<rect width="9" height="9" style="mix-blend-mode:hue"/>`, []string{"mix-blend-mode"}, false},
		{"clip shape", `<rect width="9" height="9" style="clip-path:circle(5px)"/>`, []string{"clip-path shape"}, false},
		{"at-rule", `<style>@import url(a.css);@strange x{rect{fill:red}}</style>`, []string{"style rule @strange"}, false},
		{"broken", `<rect width="9" height="9"/></g>`, []string{"malformed XML"}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := raster.Render(doc(tt.body), raster.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, p.Undrawn); diff != "" {
				t.Errorf("undrawn (-want +got):\n%s", diff)
			}
			if p.Text != tt.text {
				t.Errorf("text %v, want %v", p.Text, tt.text)
			}
		})
	}
}

func TestText(t *testing.T) {
	ink := func(body string, x0, x1 int) int {
		p, err := raster.Render(doc(body), raster.Options{Size: 100})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for y := range 100 {
			for x := x0; x < x1; x++ {
				n += int(p.Image.RGBAAt(x, y).A)
			}
		}
		return n
	}
	if left, right := ink(`<text x="50" y="50" font-size="20">mm</text>`, 0, 49), ink(`<text x="50" y="50" font-size="20">mm</text>`, 49, 100); left != 0 || right == 0 {
		t.Errorf("start: %d left and %d right of the place", left, right)
	}
	if left, right := ink(`<text x="50" y="50" font-size="20" text-anchor="end">mm</text>`, 0, 51), ink(`<text x="50" y="50" font-size="20" text-anchor="end">mm</text>`, 51, 100); left == 0 || right != 0 {
		t.Errorf("end: %d left and %d right of the place", left, right)
	}
	plain, bold := ink(`<text x="5" y="50" font-size="20">mm</text>`, 0, 100), ink(`<text x="5" y="50" font-size="20" font-weight="bold">mm</text>`, 0, 100)
	if bold <= plain {
		t.Errorf("bold has %d of ink, plain %d", bold, plain)
	}
	spaced := ink(`<text x="5 60" y="50" font-size="20">mm</text>`, 55, 100)
	if spaced == 0 {
		t.Error("the second character is not at the second x")
	}
}

func TestInputs(t *testing.T) {
	plain := string(doc(`<rect width="50" height="50" fill="red"/>`))
	for name, data := range map[string][]byte{
		"plain":           []byte(plain),
		"byte order mark": []byte("\ufeff" + plain),
		"gzip":            gzipped([]byte(plain)),
		"declaration":     []byte("<?xml version=\"1.0\"?>\n<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"x\" [<!ELEMENT a (b)> <!-- ] > -->]>\n" + plain),
		"no namespace":    []byte(strings.Replace(plain, ` xmlns="http://www.w3.org/2000/svg"`, "", 1)),
		"entity for the namespace": []byte(`<!DOCTYPE svg [<!ENTITY ns "http://www.w3.org/2000/svg">]>` +
			strings.Replace(plain, "http://www.w3.org/2000/svg", "&ns;", 1)),
		"cut off":       []byte(strings.TrimSuffix(plain, "</svg>")),
		"invalid UTF-8": []byte(strings.Replace(plain, "<rect", "<title>\xff\xfe</title><rect", 1)),
	} {
		t.Run(name, func(t *testing.T) {
			p, err := raster.Render(data, raster.Options{Size: 100})
			if err != nil {
				t.Fatal(err)
			}
			if got := p.Image.RGBAAt(10, 10); got != red {
				t.Errorf("got %v, want red", got)
			}
		})
	}
	for name, data := range map[string]string{
		"empty": "", "text": "no logo", "html": "<html><svg/></html>", "PNG": "\x89PNG\r\n", "gzip of nothing": "\x1f\x8b",
		"another namespace": `<svg xmlns="urn:other"/>`, "unfinished": "<svg",
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := raster.Render([]byte(data), raster.Options{}); !errors.Is(err, raster.ErrNotSVG) {
				t.Errorf("got %v, want ErrNotSVG", err)
			}
		})
	}
}

func TestOptions(t *testing.T) {
	for size, want := range map[int]int{0: 256, -1: 256, 7: 7, 5000: 4096} {
		p, err := raster.Render(doc(``), raster.Options{Size: size})
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Image.Bounds().Dx(); got != want {
			t.Errorf("size %d gives %d pixels, want %d", size, got, want)
		}
	}
}

func TestLimits(t *testing.T) {
	five := strings.Repeat(`<path d="M0 0h9v9z"/>`, 5)
	for name, tt := range map[string]struct {
		body   string
		limits raster.Limits
	}{
		"bytes":                    {five, raster.Limits{Bytes: 100}},
		"elements":                 {five, raster.Limits{Elements: 4}},
		"elements within elements": {`<g><g><g/></g></g>`, raster.Limits{Depth: 3}},
		"path segments":            {five, raster.Limits{Segments: 10}},
		"uses":                     {`<path id="a"/><use href="#a"/><use href="#a"/>`, raster.Limits{Uses: 1}},
		"gradient stops":           {`<linearGradient id="a"><stop/><stop/></linearGradient><path d="M0 0h9v9z" fill="url(#a)"/>`, raster.Limits{Stops: 2}},
		"dashes":                   {`<path d="M0 0h99" stroke="red" stroke-dasharray="1"/>`, raster.Limits{Dashes: 50}},
		"pixels of work":           {five, raster.Limits{Pixels: 20}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := raster.Render(doc(tt.body), raster.Options{Limits: tt.limits})
			var limit *raster.LimitError
			if !errors.As(err, &limit) || limit.Limit != name {
				t.Fatalf("got %v, want the limit of %s", err, name)
			}
			if want := fmt.Sprintf("more than %d %s", limit.Max, name); !strings.HasSuffix(err.Error(), want) {
				t.Errorf("got %q, want %q at its end", err, want)
			}
		})
	}
}

// TestSame guards that a picture does not depend on what was drawn before or
// beside it, nor on the order of a map.
func TestSame(t *testing.T) {
	svg := doc(typical)
	first, err := raster.Render(svg, raster.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		again, err := raster.Render(svg, raster.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first.Image.Pix, again.Image.Pix) {
			t.Fatal("the same document gives other pixels")
		}
	}
}
