package raster_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/png"
	"math/rand/v2"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"markwatch/match/raster"
)

// hostile is a document that wants to take all time and memory.
type hostile struct {
	name  string
	svg   []byte
	limit string // that the error has to name; "" where it renders
}

// doc is a document of 100 by 100 units.
func doc(body string) []byte {
	return []byte(`<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 100 100">` + body + `</svg>`)
}

// chain makes n elements, each told its number.
func chain(n int, format string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.NewReplacer("$i", fmt.Sprint(i), "$n", fmt.Sprint(i+1)).Replace(format))
	}
	return b.String()
}

// nest puts the middle into n layers.
func nest(n int, open, middle, end string) string {
	return strings.Repeat(open, n) + middle + strings.Repeat(end, n)
}

func gzipped(data []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(data); err != nil {
		panic(err)
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func utf16Of(s string, order binary.AppendByteOrder) []byte {
	out := order.AppendUint16(nil, 0xfeff)
	for _, u := range utf16.Encode([]rune(s)) {
		out = order.AppendUint16(out, u)
	}
	return out
}

func pngOf(width, height int) string {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, width, height))); err != nil {
		panic(err)
	}
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes())
}

// lyingPNG claims a size that it does not have.
func lyingPNG() string {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 1, 1))); err != nil {
		panic(err)
	}
	data := b.Bytes()
	binary.BigEndian.PutUint32(data[16:], 65000)
	binary.BigEndian.PutUint32(data[20:], 65000)
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(data)
}

// spikes is a polygon whose edges cross each other again and again.
func spikes(n int) string {
	random := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	for range n {
		fmt.Fprintf(&b, "%d %d ", random.IntN(100), random.IntN(2)*100)
	}
	return `<polygon points="` + b.String() + `" fill-rule="evenodd"/>`
}

// hostileFiles is documents, structure first.
func hostileFiles() []hostile {
	whole := `<rect width="100" height="100"/>`
	return []hostile{
		{"entity bomb", []byte(`<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>` + string(doc(`<text>&c;&c;&c;</text>`))), ""},
		{"external entity", []byte(`<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>` + string(doc(`<text>&x;</text>`))), ""},
		{"unclosed doctype", []byte(`<!DOCTYPE svg [` + strings.Repeat("<", 1<<20)), ""},
		{"comments in a doctype", []byte(`<!DOCTYPE svg [` + strings.Repeat("<!---->", 1<<17) + `]>` + string(doc(whole))), ""},
		{"unclosed comment", doc(`<!--` + strings.Repeat("-", 1<<20)), ""},
		{"many comments", doc(strings.Repeat("<!-- -->", 1<<19)), ""},
		{"100,000 nested groups", doc(nest(100_000, "<g>", whole, "</g>")), "elements within elements"},
		{"groups to the limit", doc(nest(240, `<g opacity=".99">`, whole, "</g>")), ""},
		{"100,000 nested svg", doc(nest(100_000, `<svg viewBox="0 0 9 9">`, whole, "</svg>")), "elements within elements"},
		{"200,000 elements", doc(strings.Repeat("<g/>", 200_000)), "elements"},
		{"300,000 attributes", doc(`<g ` + chain(300_000, `a$i="" `) + `/>`), ""},
		{"a thousand namespaces", doc(nest(200, `<g `+chain(50, `xmlns:p$i="x" `)+`>`, whole, "</g>")), ""},
		{"a name of a megabyte", doc("<" + strings.Repeat("a", 1<<20) + "/>"), ""},
		{"an id of a megabyte", doc(`<g id="` + strings.Repeat("a", 1<<20) + `"/>`), ""},
		{"character references", doc(`<text>` + strings.Repeat("&#x41;", 200_000) + `</text>`), "characters of text"},
		{"not closed anything", []byte(`<svg` + strings.Repeat(` a="`, 100_000)), ""},
		{"50 MB of white space", append(bytes.Repeat([]byte(" "), 50<<20), doc(whole)...), "bytes"},
		{"8 MB of white space", append(bytes.Repeat([]byte(" "), 8<<20-1000), doc(whole)...), ""},
		{"white space in a tag", doc(`<g` + strings.Repeat(" ", 7<<20) + `/>`), ""},
		{"gzip bomb", gzipped(bytes.Repeat([]byte(" "), 200<<20)), "bytes"},
		{"gzip in gzip", gzipped(gzipped(doc(whole))), ""},
		{"gzip of half", gzipped(doc(whole))[:40], ""},
		{"UTF-16 little", utf16Of(string(doc(whole)), binary.LittleEndian), ""},
		{"UTF-16 big and odd", append(utf16Of(string(doc(whole)), binary.BigEndian), 0), ""},
		{"UTF-16 lone surrogates", append([]byte{0xff, 0xfe}, bytes.Repeat([]byte{0x00, 0xd8}, 1<<20)...), ""},
		{"invalid UTF-8", doc(`<text>` + strings.Repeat("\xff\xc0a", 1000) + `</text>` + whole), ""},
		{"NUL bytes", doc(strings.Repeat("\x00", 1<<20) + whole), ""},
		{"empty", nil, ""},
	}
}

// hostileReferences is documents that refer to themselves.
func hostileReferences() []hostile {
	whole := `<rect width="100" height="100"/>`
	return []hostile{
		{"use of itself", doc(`<use id="a" href="#a"/><g id="b"><use href="#b"/></g>`), ""},
		{"use of the root", []byte(`<svg id="r" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><use href="#r"/></svg>`), ""},
		{"mutual use", doc(`<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>`), ""},
		{"exponential use", doc(`<g id="u0">` + whole + `</g>` + chain(30, `<g id="u$n"><use href="#u$i"/><use href="#u$i"/></g>`)), "uses|pixels of work"},
		{"use of much", doc(`<g id="a">` + strings.Repeat(`<path d="M0 0h1v1z"/>`, 10_000) + `</g>` + strings.Repeat(`<use href="#a"/>`, 10_000)), "elements drawn"},
		{"chain of use", doc(whole + chain(50_000, `<use id="u$n" href="#u$i"/>`)), "elements within elements|uses"},
		{"boxes of boxes", doc(nest(200, `<g clip-path="url(#c)">`, whole, `</g>`) + `<clipPath id="c" clipPathUnits="objectBoundingBox"><rect width="1" height="1"/></clipPath>`), ""},
		{"boxes of use", doc(`<g id="u0">` + whole + `</g>` + chain(24, `<g id="u$n"><use href="#u$i"/><use href="#u$i"/></g>`) + `<g mask="url(#m)"><use href="#u24"/></g><mask id="m"/>`), "uses|pixels of work|steps of resolving styles and references"},
		{"gradient chain", doc(chain(100_000, `<linearGradient id="g$i" href="#g$n"/>`) + `<rect width="9" height="9" fill="url(#g0)"/>`), "elements"},
		{"gradient chain to the limit", doc(chain(90_000, `<linearGradient id="g$i" href="#g$n"/>`) + `<rect width="9" height="9" fill="url(#g0)"/>`), "gradient stops"},
		{"gradient of itself", doc(`<linearGradient id="a" href="#a"/><radialGradient id="b" href="#c"/><radialGradient id="c" href="#b"/><rect width="9" height="9" fill="url(#a)" stroke="url(#b)"/>`), ""},
		{"gradient chains again and again", doc(chain(200, `<linearGradient id="g$i" href="#g$n"/>`) + chain(200, `<rect width="9" height="9" fill="url(#g$i)"/>`)), "gradient stops"},
		{"many stops", doc(`<linearGradient id="a">` + strings.Repeat(`<stop offset="1"/>`, 50_000) + `</linearGradient><rect width="9" height="9" fill="url(#a)"/>`), "gradient stops"},
		{"pattern of itself", doc(`<pattern id="a" width="1" height="1"><rect width="100" height="100" fill="url(#a)"/></pattern><rect width="100" height="100" fill="url(#a)"/>`), ""},
		{"patterns in patterns", doc(chain(30, `<pattern id="p$i" width="1" height="1"><rect width="100" height="100" fill="url(#p$n)"/><rect width="100" height="100" fill="url(#p$n)"/></pattern>`) + `<rect width="100" height="100" fill="url(#p0)"/>`), "pixels of work"},
		{"a tiny tile", doc(`<pattern id="p" width="1e-9" height="1e-9" patternUnits="userSpaceOnUse">` + whole + `</pattern><rect width="100" height="100" fill="url(#p)"/>`), ""},
		{"a vast tile", doc(`<pattern id="p" width="1e30" height="1e30" patternUnits="userSpaceOnUse">` + whole + `</pattern><rect width="100" height="100" fill="url(#p)"/>`), ""},
		{"mask of itself", doc(`<mask id="m"><rect width="100" height="100" fill="#fff" mask="url(#m)"/></mask><rect width="100" height="100" mask="url(#m)"/>`), ""},
		{"masks on masks", doc(chain(300, `<mask id="m$i" mask="url(#m$n)">`+whole+`</mask>`) + `<rect width="100" height="100" mask="url(#m0)"/>`), ""},
		{"masks in masks", doc(chain(40, `<mask id="m$i"><rect width="100" height="100" mask="url(#m$n)"/><rect width="100" height="100" mask="url(#m$n)"/></mask>`) + `<rect width="100" height="100" mask="url(#m0)"/>`), "pixels of work"},
		{"clips on clips", doc(chain(300, `<clipPath id="c$i" clip-path="url(#c$n)"><circle r="90"/></clipPath>`) + `<rect width="100" height="100" clip-path="url(#c0)"/>`), "elements within elements|pixels of work|bytes of layers at once"},
		{"clips in clips", doc(chain(40, `<clipPath id="c$i"><circle r="99" clip-path="url(#c$n)"/><circle r="98" clip-path="url(#c$n)"/></clipPath>`) + `<rect width="100" height="100" clip-path="url(#c0)"/>`), "pixels of work"},
		{"many clips", doc(`<clipPath id="c"><circle r="99"/></clipPath>` + strings.Repeat(`<rect width="100" height="100" clip-path="url(#c)"/>`, 20_000)), "pixels of work"},
		{"markers on markers", doc(`<marker id="m" overflow="visible"><path d="` + "M0 0" + strings.Repeat("l1 1", 300) + `" marker-mid="url(#n)"/></marker><marker id="n"><path d="M0 0` + strings.Repeat("l1 1", 300) + `" marker-mid="url(#m)"/></marker><path d="M0 0` + strings.Repeat("l1 1", 300) + `" marker-mid="url(#m)"/>`), "uses"},
	}
}

// hostileWork is documents that are much to paint.
func hostileWork() []hostile {
	whole := `<rect width="100" height="100"/>`
	again := func(body string) []byte {
		return doc(`<g id="a">` + body + `</g>` + strings.Repeat(`<use href="#a"/>`, 15_000))
	}
	heavy := strings.Repeat("rotate(1) ", 50_000)
	blur := `<feGaussianBlur stdDeviation="30"/>`
	return []hostile{
		{"a million segments", doc(`<path d="M0 0` + strings.Repeat("l1 1", 1_000_000) + `"/>`), "path segments"},
		{"a million curves", doc(`<path d="M0 0` + strings.Repeat("q9 9,1 1", 800_000) + `"/>`), "path segments|pixels of work"},
		{"large curves", doc(`<path d="M0 0` + strings.Repeat("C0 1e9 1e9 0 0 0", 100_000) + `"/>`), "pixels of work"},
		{"crossing edges", doc(spikes(100_000)), "pixels of work"},
		{"crossing edges to the limit", doc(spikes(4_000)), ""},
		{"dash bomb", doc(`<path d="M0 0h100" stroke="red" stroke-dasharray="1e-9"/>`), "dashes"},
		{"dashes of nothing", doc(`<path d="M0 0h1e30" stroke="red" stroke-dasharray="0 1e-30"/>`), "dashes"},
		{"round dashes beyond the picture", doc(`<path d="M0 0h1e5" stroke="red" stroke-width="1e7" stroke-dasharray="1 1" stroke-linecap="round"/>`), "pixels of work"},
		{"dashes that vanish", doc(`<path d="M1e30 0h1e30" stroke="red" stroke-dasharray="1 1"/>`), "dashes"},
		{"a wide stroke", doc(`<path d="M0 0` + strings.Repeat("l9 9l-9 0", 50_000) + `" stroke="red" stroke-width="1e30" stroke-linejoin="round" stroke-miterlimit="1e30"/>`), "points of a stroke"},
		{"round joins", doc(`<path d="M0 0` + strings.Repeat("l9 9l-9 0", 50_000) + `" fill="none" stroke="red" stroke-width="200" stroke-linejoin="round"/>`), "points of a stroke"},
		{"fill rate", doc(strings.Repeat(whole, 50_000)), "pixels of work"},
		{"gradient fill rate", doc(`<radialGradient id="a" fx=".3" spreadMethod="reflect" r=".01"><stop/><stop offset="1" stop-color="red"/></radialGradient>` + strings.Repeat(`<rect width="100" height="100" fill="url(#a)"/>`, 50_000)), "pixels of work"},
		{"groups with opacity", doc(strings.Repeat(`<g opacity=".5">`+whole+`</g>`, 40_000)), "pixels of work"},
		{"blends", doc(strings.Repeat(`<g style="mix-blend-mode:soft-light">`+whole+`</g>`, 40_000)), "pixels of work"},
		{"a thousand blurs", doc(`<filter id="f">` + strings.Repeat(blur, 1000) + `</filter><rect width="100" height="100" filter="url(#f)"/>`), "bytes of layers at once|pixels of work"},
		{"filters on filters", doc(`<filter id="f">` + strings.Repeat(blur, 10) + `</filter>` + nest(100, `<g filter="url(#f)">`, whole, `</g>`)), "bytes of layers at once|pixels of work"},
		{"a vast filter", doc(`<filter id="f" x="-1e9" y="-1e9" width="2e9" height="2e9"><feGaussianBlur stdDeviation="1e30"/><feMorphology radius="1e30" operator="dilate"/><feOffset dx="1e300" dy="-1e300"/><feDropShadow stdDeviation="1e9"/></filter><rect width="100" height="100" filter="url(#f)"/>`), "pixels of work"},
		{"morphology", doc(`<filter id="f">` + strings.Repeat(`<feMorphology radius="99" operator="dilate"/>`, 100) + `</filter><rect width="100" height="100" filter="url(#f)"/>`), "pixels of work|bytes of layers at once"},
		{"text of a million", doc(`<text>` + strings.Repeat("Wm", 500_000) + `</text>`), "characters of text"},
		{"text with lists", doc(`<text x="` + strings.Repeat("1 ", 300_000) + `">` + strings.Repeat(`<tspan>a</tspan>`, 1000) + `</text>`), ""},
		{"a picture that lies", doc(`<image width="9" height="9" href="` + lyingPNG() + `"/>`), ""},
		{"pictures", doc(chain(200, `<image x="$i" width="9" height="9" href="`+pngOf(2000, 2000)+`"/>`)), "pixels of work"},
		{"transforms", doc(`<g transform="` + strings.Repeat("scale(1e30) ", 200_000) + `">` + whole + `</g><g transform="` + strings.Repeat("rotate(1) ", 200_000) + `">` + whole + `</g>`), ""},
		{"numbers beyond", doc(`<path d="M1e308 -1e308L1e39 nanA1e38 1e38 1e38 1 1 1e38 1e-300"/><circle r="1e38" stroke="red"/><rect x="-1e38" width="1e38" height="1e38" rx="1e-40"/><ellipse rx="1e-300" ry="1e38"/>`), ""},
		{"arcs", doc(`<path d="M0 0A1e-30 1e-30 0 0 1 9 9A1e30 1e-30 45 1 0 5 5A0 0 0 0 0 1 1a9 9 1e30 1 1 1e-30 0` + strings.Repeat("a9 9 0 1 1 0 1", 10_000) + `" stroke="red"/>`), "points of a stroke"},
		{"a long transform again and again", again(`<g transform="` + heavy + `">` + whole + `</g>`), "steps of resolving styles and references"},
		{"a long style again and again", again(`<g style="` + strings.Repeat("fill:red;", 50_000) + `"/>`), "steps of resolving styles and references"},
		{"a long rule again and again", doc(`<style>g{transform:` + heavy + `}</style>` + strings.Repeat(`<g/>`, 20_000)), "steps of resolving styles and references"},
		{"a long gradient again and again", doc(`<linearGradient id="a" gradientTransform="` + heavy + `"><stop/><stop/></linearGradient>` + strings.Repeat(`<path d="M0 0h1v1z" fill="url(#a)"/>`, 20_000)), "steps of resolving styles and references"},
		{"a long picture again and again", again(`<image width="1" height="1" href="` + pngOf(1, 1) + strings.Repeat(" ", 4<<20) + `"/>`), "pixels of work"},
		{"a long list of positions again and again", again(`<text x="` + strings.Repeat("1 ", 1<<20) + `">a</text>`), "steps of resolving styles and references"},
		{"many dashes again and again", doc(`<g stroke="red" stroke-dasharray="` + strings.Repeat("1 ", 500_000) + `">` + strings.Repeat(`<path d="M0 0h1"/>`, 20_000) + `</g>`), "steps of resolving styles and references"},
		{"a long matrix again and again", doc(`<filter id="f" filterUnits="userSpaceOnUse" width="1" height="1"><feColorMatrix values="` + strings.Repeat("1 ", 1<<20) + `"/></filter>` + strings.Repeat(`<path d="M0 0h1v1z" filter="url(#f)"/>`, 20_000)), "steps of resolving styles and references"},
		{"a long way round again and again", doc(`<path id="p" d="M0 0` + strings.Repeat("l1 1", 100_000) + `"/>` + strings.Repeat(`<use href="#p" clip-path="url(#c)"/>`, 15_000) + `<clipPath id="c" clipPathUnits="objectBoundingBox"><rect width="1" height="1"/></clipPath>`), "path segments|steps of resolving styles and references"},
		{"huge viewBox", []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1e38 -1e38 3e38 3e38"><circle r="1e38"/><path d="M0 0h1" stroke="red"/></svg>`), ""},
		{"tiny viewBox", []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1e-38 1e-38"><circle r="1"/><path d="M0 0h1" stroke="red" stroke-dasharray="9"/></svg>`), ""},
		{"thin viewBox", []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1e30 1e-30"><circle r="1"/></svg>`), ""},
		{"odd viewBox", []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="nan -1 0 inf" width="-1" height="1e400"><circle r="1"/></svg>`), ""},
		{"no size", []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="0" height="0"><circle r="1"/></svg>`), ""},
	}
}

// hostileStyles is style sheets that are much to match.
func hostileStyles() []hostile {
	return []hostile{
		{"rules for all", doc(`<style>` + chain(5_000, `*{fill:#$i}`) + `</style>` + strings.Repeat(`<g/>`, 20_000)), "steps of resolving styles and references"},
		{"descendants", doc(`<style>` + chain(3_000, `g g g g g g g g g g .x$i g{fill:red}`) + `</style>` + nest(200, `<g>`, ``, `</g>`)), "steps of resolving styles and references"},
		{"siblings", doc(`<style>g ~ g ~ g ~ .x ~ g{fill:red}</style>` + strings.Repeat(`<g/>`, 20_000)), "steps of resolving styles and references"},
		{"classes", doc(`<style>` + chain(1_000, `.a.b$i{fill:red}`) + `</style>` + strings.Repeat(`<g class="`+strings.Repeat("a ", 3_000)+`"/>`, 1_000)), "steps of resolving styles and references"},
		{"rules without end", doc(`<style>` + strings.Repeat("a{", 1<<20) + `</style>`), ""},
		{"at-rules in at-rules", doc(`<style>` + strings.Repeat("@media all{", 1<<18) + `</style>`), ""},
		{"selectors", doc(`<style>` + strings.Repeat("a,", 1<<20) + `a{}</style>`), "steps of resolving styles and references|"},
		{"variables", doc(`<g style="` + chain(30, `--v$n:var(--v$i)var(--v$i);`) + `fill:var(--v29)"><rect width="9" height="9"/></g>`), ""},
		{"many variables", doc(`<g style="` + chain(20_000, `--v$i:red;`) + `">` + strings.Repeat(`<rect width="9" height="9" fill="var(--none)"/>`, 2_000) + `</g>`), "steps of resolving styles and references|"},
		{"declarations", doc(`<style>g{` + strings.Repeat("fill:red;", 50_000) + `}</style>` + strings.Repeat(`<g/>`, 20_000)), "steps of resolving styles and references"},
	}
}

// TestHostile guards that no document takes more than it may: each is drawn or
// refused with an error that names the limit, after a bounded amount of work.
func TestHostile(t *testing.T) {
	var all []hostile
	all = append(all, hostileFiles()...)
	all = append(all, hostileReferences()...)
	all = append(all, hostileWork()...)
	all = append(all, hostileStyles()...)
	if len(all) < 40 {
		t.Fatalf("%d hostile documents, want 40 at least", len(all))
	}
	for _, h := range all {
		t.Run(h.name, func(t *testing.T) { h.check(t) })
	}
}

// check renders one document.
func (h hostile) check(t *testing.T) {
	const (
		patience = 20 * time.Second // on a busy machine under the race detector; about half a second on an idle one
		room     = 200 << 20
	)
	runtime.GC()
	peak := peakMemory()
	start := time.Now()
	work, err := raster.Work(h.svg, raster.Options{})
	took := time.Since(start)
	memory := peak()
	t.Logf("%v, %d MB, %v, %v", took, memory>>20, work, err)
	if took > patience {
		t.Errorf("took %v", took)
	}
	if memory > room {
		t.Errorf("took %d MB", memory>>20)
	}
	// The piece that was too much is counted, though it was not done.
	if most := int64(400_000_000); work["pixels of work"] > most {
		t.Errorf("counted %d pixels of work, want %d at most", work["pixels of work"], most)
	}
	var limit *raster.LimitError
	switch {
	case errors.As(err, &limit):
		if h.limit == "" || !strings.Contains("|"+h.limit+"|", "|"+limit.Limit+"|") {
			t.Errorf("got %v, want a limit of %q", err, h.limit)
		}
	case err != nil && !errors.Is(err, raster.ErrNotSVG):
		t.Errorf("got %v, which is neither a limit nor ErrNotSVG", err)
	case h.limit != "" && !strings.HasSuffix(h.limit, "|"):
		t.Errorf("got %v, want a limit of %q", err, h.limit)
	}
}

// peakMemory watches the heap until the function that it gives is called, which
// says how far it grew.
func peakMemory() func() uint64 {
	read := func() uint64 {
		sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		metrics.Read(sample)
		return sample[0].Value.Uint64()
	}
	before := read()
	stop, done := make(chan struct{}), make(chan uint64)
	go func() {
		ticker := time.NewTicker(time.Millisecond)
		defer ticker.Stop()
		most := before
		for {
			select {
			case <-ticker.C:
				most = max(most, read())
			case <-stop:
				done <- max(most, read()) - before
				return
			}
		}
	}()
	return func() uint64 {
		close(stop)
		return <-done
	}
}
