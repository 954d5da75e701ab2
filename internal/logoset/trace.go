package logoset

import (
	"cmp"
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
)

// traceOptions say how a picture is made into shapes again.
type traceOptions struct {
	size   int     // pixels of the picture that is traced
	shades int     // colours at most
	slack  float64 // pixels that an edge may stray
	jitter float64 // pixels that each corner is moved by, as standard deviation
}

// traced draws a mark's picture anew, each colour's regions as polygons.
func traced(svg []byte, opts traceOptions, r *rand.Rand) (File, error) {
	p, err := onWhite(svg, opts.size)
	if err != nil {
		return File{}, err
	}
	w, h := p.Rect.Dx(), p.Rect.Dy()
	palette := shades(p, opts.shades)
	// What is in the corner lies beneath all.
	corner := nearest(p, palette)[0]
	palette[0], palette[corner] = palette[corner], palette[0]
	near := nearest(p, palette)
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny-ps" viewBox="0 0 %d %d"><title>logo</title><rect width="%[1]d" height="%[2]d" fill="%v"/>`, w, h, palette[0])
	for i, c := range palette[1:] {
		fmt.Fprintf(&b, `<path fill="%v" fill-rule="evenodd" stroke="%[1]v" stroke-width=".7" d="`, c)
		for _, loop := range loops(near, w, h, i+1) {
			b.WriteString(polygon(simplify(loop, opts.slack), func(p [2]float64) [2]float64 {
				if p[0] < 1 || p[1] < 1 || p[0] > float64(w-1) || p[1] > float64(h-1) {
					return p // the canvas's edge stays
				}
				return [2]float64{p[0] + opts.jitter*r.NormFloat64(), p[1] + opts.jitter*r.NormFloat64()}
			}))
		}
		b.WriteString(`"/>`)
	}
	b.WriteString("</svg>")
	return File{[]byte(b.String()), ".svg"}, nil
}

// polygon is a loop as path data, each corner moved.
func polygon(loop [][2]float64, move func([2]float64) [2]float64) string {
	if len(loop) < 3 {
		return ""
	}
	var b strings.Builder
	for i, p := range loop {
		p = move(p)
		fmt.Fprintf(&b, "%c%.1f %.1f", "ML"[min(i, 1)], p[0], p[1])
	}
	return b.String() + "Z"
}

// shades returns a picture's most frequent colours that are apart from one
// another, the most frequent first.
func shades(p *image.RGBA, n int) []rgb {
	count := map[[3]uint8]int{}
	for i := 0; i < len(p.Pix); i += 4 {
		// 17 levels a channel, so that black and white are themselves.
		step := func(v uint8) uint8 { return uint8((int(v) + 8) / 16) }
		count[[3]uint8{step(p.Pix[i]), step(p.Pix[i+1]), step(p.Pix[i+2])}]++
	}
	type bin struct {
		key [3]uint8
		n   int
	}
	var bins []bin
	for k, c := range count {
		bins = append(bins, bin{k, c})
	}
	slices.SortFunc(bins, func(a, b bin) int { return cmp.Or(cmp.Compare(b.n, a.n), slices.Compare(a.key[:], b.key[:])) })
	var out []rgb
	for _, b := range bins {
		c := rgb{float64(b.key[0]) / 16, float64(b.key[1]) / 16, float64(b.key[2]) / 16}
		if len(out) < n && !slices.ContainsFunc(out, func(o rgb) bool { return o.apart(c) < 0.14 }) {
			out = append(out, c)
		}
	}
	return out
}

// nearest gives each pixel the number of its colour.
func nearest(p *image.RGBA, palette []rgb) []int {
	out := make([]int, len(p.Pix)/4)
	for i := range out {
		best := math.Inf(1)
		for j, c := range palette {
			if d := at(p.Pix, 4*i).apart(c); d < best {
				best, out[i] = d, j
			}
		}
	}
	return out
}

// loops returns the borders of the pixels of one colour, as the middles of the
// pixel edges that they follow, the inside always on the same hand.
func loops(near []int, w, h, colour int) [][][2]float64 {
	in := func(x, y int) bool { return x >= 0 && y >= 0 && x < w && y < h && near[y*w+x] == colour }
	next := map[image.Point][]image.Point{}
	var starts []image.Point
	edge := func(x0, y0, x1, y1 int) {
		from := image.Pt(x0, y0)
		next[from] = append(next[from], image.Pt(x1, y1))
		starts = append(starts, from)
	}
	for y := range h {
		for x := range w {
			if !in(x, y) {
				continue
			}
			if !in(x, y-1) {
				edge(x, y, x+1, y)
			}
			if !in(x+1, y) {
				edge(x+1, y, x+1, y+1)
			}
			if !in(x, y+1) {
				edge(x+1, y+1, x, y+1)
			}
			if !in(x-1, y) {
				edge(x, y+1, x, y)
			}
		}
	}
	var out [][][2]float64
	for _, start := range starts {
		if loop := follow(next, start); len(loop) > 4 {
			out = append(out, loop)
		}
	}
	return out
}

// follow takes edges off next until there is none to go on by.
func follow(next map[image.Point][]image.Point, at image.Point) [][2]float64 {
	var loop [][2]float64
	for len(next[at]) > 0 {
		to := next[at][0]
		next[at] = next[at][1:]
		loop = append(loop, [2]float64{float64(at.X+to.X) / 2, float64(at.Y+to.Y) / 2})
		at = to
	}
	return loop
}

// simplify leaves out points of a loop that stray less than slack from the line
// between those that stay (Ramer 1972; Douglas and Peucker 1973).
func simplify(loop [][2]float64, slack float64) [][2]float64 {
	half := len(loop) / 2
	first := thinLine(loop[:half+1], slack)
	second := thinLine(append(slices.Clone(loop[half:]), loop[0]), slack)
	return append(first[:len(first)-1:len(first)-1], second[:len(second)-1]...)
}

func thinLine(line [][2]float64, slack float64) [][2]float64 {
	a, b := line[0], line[len(line)-1]
	far, at := slack, 0
	for i := 1; i < len(line)-1; i++ {
		if d := offLine(line[i], a, b); d > far {
			far, at = d, i
		}
	}
	if at == 0 {
		return [][2]float64{a, b}
	}
	left := thinLine(line[:at+1], slack)
	return append(left[:len(left)-1:len(left)-1], thinLine(line[at:], slack)...)
}

// offLine is the distance of p from the line through a and b.
func offLine(p, a, b [2]float64) float64 {
	dx, dy := b[0]-a[0], b[1]-a[1]
	if dx == 0 && dy == 0 {
		return math.Hypot(p[0]-a[0], p[1]-a[1])
	}
	return math.Abs(dy*(p[0]-a[0])-dx*(p[1]-a[1])) / math.Hypot(dx, dy)
}
