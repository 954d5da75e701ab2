package logoset

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
)

// A File is a drawing as a certificate or a web site would have it.
type File struct {
	Data []byte
	Ext  string // ".svg", ".png" or ".jpg"
}

// A kind is one way to change a logo. change returns no data where the mark
// can't be changed so.
type kind struct {
	name   string
	change func(m Mark, r *rand.Rand) (File, error)
}

// kinds returns every kind, sorted by family.
func kinds() []kind {
	return slices.Concat(colourKinds(), groundKinds(), addedKinds(), placeKinds(), redrawnKinds(), pixelKinds(), comboKinds())
}

// Kinds returns the names of the kinds of variants.
func Kinds() []string {
	var names []string
	for _, k := range kinds() {
		names = append(names, k.name)
	}
	return names
}

// Variant changes the mark in a way. ok is false where that can't be done to it.
func (m Mark) Variant(name string, seed uint64) (f File, ok bool, err error) {
	for _, k := range kinds() {
		if k.name == name {
			f, err := k.change(m, source(seed, m.Name, name))
			return f, len(f.Data) > 0, err
		}
	}
	return File{}, false, fmt.Errorf("no kind of variant is called %q", name)
}

// source is a generator of its own for each purpose, so that one more variant
// changes no other.
func source(seed uint64, purpose ...string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(strings.Join(purpose, "\x00")))
	return rand.New(rand.NewPCG(seed, h.Sum64()))
}

// drawn makes a kind of a change to the scene alone.
func drawn(name string, change func(m Mark, r *rand.Rand, s *scene)) kind {
	return kind{name, func(m Mark, r *rand.Rand) (File, error) {
		s := m.scene()
		change(m, r, &s)
		return File{m.svg(s), ".svg"}, nil
	}}
}

// within moves the mark into a box of the canvas given by its centre and the
// part of the canvas that its longer side takes there.
func (m Mark) within(x, y, part float64) matrix {
	b := m.box()
	cx, cy := b.centre()
	f := part * canvas / max(b.x1-b.x0, b.y1-b.y0)
	return translate(-cx, -cy).then(scale(f, f)).then(translate(x, y))
}

// smaller keeps the mark's place and leaves room around it.
func smaller(part float64) matrix { return about(scale(part, part), canvas/2, canvas/2) }

// placeKinds move, turn and cut the mark; the ground stays.
func placeKinds() []kind {
	turn := func(name string, degrees, part float64) kind {
		return drawn(name, func(m Mark, r *rand.Rand, s *scene) {
			by := degrees * float64(1-2*r.IntN(2))
			s.place = about(rotate(by).then(scale(part, part)), canvas/2, canvas/2)
		})
	}
	pad := func(name string, part float64) kind {
		return drawn(name, func(_ Mark, _ *rand.Rand, s *scene) { s.place = smaller(part) })
	}
	stretch := func(name string, by float64) kind {
		return drawn(name, func(_ Mark, r *rand.Rand, s *scene) {
			sx, sy := 1.0, 1/by
			if r.IntN(2) == 0 {
				sx, sy = sy, sx
			}
			s.place = about(scale(sx, sy), canvas/2, canvas/2)
		})
	}
	return []kind{
		pad("pad15", 0.85), pad("pad40", 0.6),
		turn("rot2", 2, 0.96), turn("rot5", 5, 0.92), turn("rot15", 15, 0.82), turn("rot90", 90, 1),
		stretch("stretch10", 1.1), stretch("stretch25", 1.25),
		drawn("mirror", func(_ Mark, _ *rand.Rand, s *scene) { s.place = about(scale(-1, 1), canvas/2, canvas/2) }),
		drawn("skew8", func(_ Mark, r *rand.Rand, s *scene) {
			t := math.Tan(8*math.Pi/180) * float64(1-2*r.IntN(2))
			s.place = about(matrix{1, 0, t, 1, 0, 0}.then(scale(0.9, 0.9)), canvas/2, canvas/2)
		}),
		drawn("shift", func(m Mark, r *rand.Rand, s *scene) {
			s.place = m.within(canvas*(0.35+0.3*r.Float64()), canvas*(0.35+0.3*r.Float64()), 0.55)
		}),
		drawn("crop5", func(m Mark, _ *rand.Rand, s *scene) { s.place = m.within(canvas/2, canvas/2, 1/0.9) }),
		drawn("crop_side", func(m Mark, r *rand.Rand, s *scene) {
			const part, off = 0.95, 0.15
			x, y := canvas/2.0, canvas/2.0
			d := canvas * ((1-part)/2 + off*part) * float64(1-2*r.IntN(2))
			if b := m.box(); b.x1-b.x0 > b.y1-b.y0 || r.IntN(2) == 0 && b.x1-b.x0 == b.y1-b.y0 {
				x += d
			} else {
				y += d
			}
			s.place = m.within(x, y, part)
		}),
	}
}

// comboKinds are several changes at once.
func comboKinds() []kind {
	return []kind{
		drawn("combo_recolor_badge", func(m Mark, r *rand.Rand, s *scene) {
			s.body = recoloured(s.body, r)
			m.badge(r, s, badgeShape(r.IntN(3)))
		}),
		drawn("combo_invert_stretch_dot", func(m Mark, r *rand.Rand, s *scene) {
			m.invert(s)
			s.place = about(scale(1, 1/1.15), canvas/2, canvas/2)
			addDot(r, s)
		}),
		{"combo_jitter_bg", func(m Mark, r *rand.Rand) (File, error) {
			s := m.scene()
			m.reground(s.body, vividOrPale(r), &s)
			s.place = s.place.then(smaller(0.8 + 0.2*r.Float64()))
			return traced(m.svg(s), traceOptions{size: 320, shades: 8, slack: 0.6, jitter: 1.2}, r)
		}},
		{"combo_pad_mono_warp", func(m Mark, r *rand.Rand) (File, error) {
			s := m.scene()
			m.flatten(r, &s)
			s.place = s.place.then(smaller(0.75))
			return warped(m.svg(s), r)
		}},
	}
}
