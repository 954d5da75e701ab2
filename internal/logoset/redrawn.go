package logoset

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
)

// redrawnKinds draw the mark's shapes anew.
func redrawnKinds() []kind {
	retrace := func(name string, opts traceOptions) kind {
		return kind{name, func(m Mark, r *rand.Rand) (File, error) { return traced(m.Reference(), opts, r) }}
	}
	return []kind{
		retrace("jitter1", traceOptions{size: 320, shades: 12, slack: 0.6, jitter: 0.8}),
		retrace("jitter2", traceOptions{size: 320, shades: 12, slack: 1, jitter: 1.6}),
		retrace("trace", traceOptions{size: 160, shades: 6, slack: 1}),
		{"outline", stroked(func(m Mark, c string, w float64) string {
			return fmt.Sprintf(`fill="none" stroke="%s" stroke-width="%.4g"`, c, w)
		}, 14)},
		{"bold", stroked(func(m Mark, c string, w float64) string {
			return fmt.Sprintf(`fill="%s" stroke="%[1]s" stroke-width="%.4g" stroke-linejoin="round"`, c, w)
		}, 22)},
		{"thin", thin},
		{"drop_element", dropElement},
	}
}

// filled finds a fill that a stroke can take over.
func filled() *regexp.Regexp {
	return regexp.MustCompile(`\bfill="(#[0-9a-fA-F]{3,8}|url\([^)]*\)|[a-zA-Z]+)"`)
}

// stroked rewrites each fill; width is in units of the canvas. Marks that clip,
// mask, use styles or have strokes of their own are left out: a stroke there
// means something else.
func stroked(rewrite func(m Mark, colour string, width float64) string, width float64) func(Mark, *rand.Rand) (File, error) {
	return func(m Mark, _ *rand.Rand) (File, error) {
		for _, word := range []string{"clip", "mask", "stroke", "style", "<use"} {
			if strings.Contains(m.body, word) {
				return File{}, nil
			}
		}
		re, s := filled(), m.scene()
		s.body = re.ReplaceAllStringFunc(m.body, func(attr string) string {
			colour := re.FindStringSubmatch(attr)[1]
			if colour == "none" {
				return attr
			}
			return rewrite(m, colour, width/m.fit.a)
		})
		if s.body == m.body {
			return File{}, nil
		}
		return File{m.svg(s), ".svg"}, nil
	}
}

// thin eats into the edge of a mark of one colour.
func thin(m Mark, r *rand.Rand) (File, error) {
	if len(colours(m.body)) != 1 {
		return File{}, nil
	}
	return stroked(func(m Mark, c string, w float64) string {
		return fmt.Sprintf(`fill="%s" stroke="%v" stroke-width="%.4g"`, c, m.ground, w)
	}, 16)(m, r)
}

// repaintAs puts a paint that is no colour in the place of every colour but white.
func repaintAs(body, paint string) string {
	re := filled()
	return re.ReplaceAllStringFunc(body, func(attr string) string {
		if c, ok := parseColour(re.FindStringSubmatch(attr)[1]); ok && c.luma() < 0.93 {
			return `fill="` + paint + `"`
		}
		return attr
	})
}

// dropElement takes one shape out: an element, or a part of a single path. It
// must be seen, and be none of the larger half: a ring without its figure is
// nobody's mark.
func dropElement(m Mark, r *rand.Rand) (File, error) {
	before, err := onWhite(m.Reference(), 128)
	if err != nil {
		return File{}, err
	}
	all := parts(m.body)
	if len(all) < 4 {
		return File{}, nil
	}
	type without struct {
		svg   []byte
		share float64
	}
	var tries []without
	for _, p := range all[:min(len(all), 24)] {
		s := m.scene()
		s.body = m.body[:p[0]] + m.body[p[1]:]
		svg := m.svg(s)
		after, err := onWhite(svg, 128)
		if err != nil {
			continue
		}
		tries = append(tries, without{svg, changed(before.Pix, after.Pix) / m.covers(before.Pix)})
	}
	slices.SortStableFunc(tries, func(a, b without) int { return cmp.Compare(a.share, b.share) })
	tries = slices.DeleteFunc(tries[:len(tries)/2], func(w without) bool { return w.share < 0.03 })
	if len(tries) == 0 {
		return File{}, nil
	}
	return File{tries[r.IntN(len(tries))].svg, ".svg"}, nil
}

// parts returns the [start, end) of what can be taken out of a body: elements
// that stand outside of definitions, or a lone path's subpaths that begin at a
// place of their own.
func parts(body string) [][2]int {
	defs := regexp.MustCompile(`(?s)<(defs|clipPath|mask|linearGradient|radialGradient|filter|symbol|pattern)\b.*?</(?:defs|clipPath|mask|linearGradient|radialGradient|filter|symbol|pattern)>`).FindAllStringIndex(body, -1)
	var out [][2]int
	for _, at := range regexp.MustCompile(`<(?:path|rect|circle|ellipse|polygon)\b[^>]*/>`).FindAllStringIndex(body, -1) {
		hidden := false
		for _, d := range defs {
			hidden = hidden || at[0] >= d[0] && at[0] < d[1]
		}
		if !hidden {
			out = append(out, [2]int{at[0], at[1]})
		}
	}
	if len(out) != 1 {
		return out
	}
	d := regexp.MustCompile(`\sd="([^"]*)"`).FindStringSubmatchIndex(body)
	if d == nil {
		return nil
	}
	out = nil
	starts := regexp.MustCompile(`M`).FindAllStringIndex(body[d[2]:d[3]], -1)
	for i, s := range starts {
		end := d[3]
		if i+1 < len(starts) {
			end = d[2] + starts[i+1][0]
		}
		out = append(out, [2]int{d[2] + s[0], end})
	}
	return out
}

// changed counts the pixels that differ clearly.
func changed(a, b []uint8) float64 {
	n := 0.0
	for i := 0; i < len(a); i += 4 {
		if at(a, i).apart(at(b, i)) > 0.1 {
			n++
		}
	}
	return n
}

// covers counts the pixels of a picture that are not the ground.
func (m Mark) covers(a []uint8) float64 {
	n := 1.0
	for i := 0; i < len(a); i += 4 {
		if at(a, i).apart(m.ground) > 0.1 {
			n++
		}
	}
	return n
}

// at reads the pixel at a byte offset.
func at(pix []uint8, i int) rgb {
	return rgb{float64(pix[i]) / 255, float64(pix[i+1]) / 255, float64(pix[i+2]) / 255}
}
