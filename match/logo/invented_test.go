package logo

import (
	"image"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// simple is a plain shape.
func simple(d *dice) shape {
	switch d.upTo(9) {
	case 0:
		return ellipse(0, 0, 1, d.between(0.4, 1))
	case 1:
		h := d.between(0.3, 1)
		return box(0, 0, 1, h, h*d.between(0, 0.8))
	case 2:
		return polygon(3+d.upTo(6), 1)
	case 3:
		return polygon(3+d.upTo(7), d.between(0.3, 0.8))
	case 4:
		return minus(ellipse(0, 0, 1, 1), ellipse(d.between(-0.4, 0.4), d.between(-0.4, 0.4), d.between(0.3, 0.8), d.between(0.3, 0.8)))
	case 5:
		return arc(0, 0, 0.8, d.between(0, 6), d.between(1, 5.5), d.between(0.1, 0.35))
	case 6:
		return glyph(d.upTo(len(letters())), d.between(0.12, 0.4))
	case 7:
		t := d.between(0.1, 0.4)
		return union(box(0, 0, 1, t, 0), box(0, 0, t, 1, 0))
	}
	t := d.between(0.1, 0.3) // an arrow or an angle
	return union(line(-0.8, 0, 0.8, 0, t*float64(d.upTo(2))), line(0.1, -0.8, 0.8, 0, t), line(0.1, 0.8, 0.8, 0, t))
}

// loose is a plain shape somewhere.
func loose(d *dice, size float64) shape {
	s := simple(d)
	if d.upTo(3) == 0 {
		k := d.between(0.55, 0.9)
		s = minus(s, placed(s, 0, 0, k, k, 0))
	}
	angle := 0.0
	if d.upTo(2) == 0 {
		angle = float64(d.upTo(12)) * math.Pi / 6
	}
	return placed(s, d.between(-1, 1)*(1.2-size), d.between(-1, 1)*(1.2-size), size*d.between(0.5, 1), size*d.between(0.5, 1), angle)
}

// invented is a composition as logos are: a shape, a few together, one repeated about the middle, letters, strokes.
func invented(d *dice) shape {
	switch d.upTo(10) {
	case 0:
		return placed(simple(d), 0, 0, 1, 1, float64(d.upTo(24))*math.Pi/12)
	case 1, 2:
		return around(placed(loose(d, 0.6), d.between(0, 0.5), d.between(-0.5, 0.5), 0.7, 0.7, 0), 2+d.upTo(6))
	case 3:
		return mirrorOf(union(loose(d, 0.7), loose(d, 0.5)))
	case 4:
		return mirrorOf(minus(loose(d, 1), loose(d, 0.6)))
	case 5:
		t := d.between(0.1, 0.35)
		a, b := glyph(d.upTo(26), t), glyph(d.upTo(26), t)
		if d.upTo(2) == 0 {
			return union(placed(a, -0.6, 0, 0.45, 0.9, 0), placed(b, 0.6, 0, 0.45, 0.9, 0))
		}
		return union(placed(a, -0.8, 0, 0.3, 0.6, 0), placed(b, 0, 0, 0.3, 0.6, 0), placed(glyph(d.upTo(26), t), 0.8, 0, 0.3, 0.6, 0))
	case 6:
		var list []shape
		x, y, t := d.between(-1, 1), d.between(-1, 1), d.between(0.06, 0.25)
		for range 2 + d.upTo(4) {
			u, v := d.between(-1, 1), d.between(-1, 1)
			list = append(list, line(x, y, u, v, t))
			x, y = u, v
		}
		return union(list...)
	case 7:
		return either(loose(d, 1), loose(d, 0.8))
	case 8:
		return minus(loose(d, 1), union(loose(d, 0.6), loose(d, 0.4)))
	}
	return union(loose(d, 0.8), loose(d, 0.6), loose(d, 0.4))
}

// plain is a shape that nobody owns: a tile, a disc, a ring, a star, an arrow, a letter, part of one.
func plain(d *dice) shape {
	var s shape
	switch d.upTo(8) {
	case 0, 1:
		s = box(0, 0, 1, 1, d.between(0, 1))
	case 2:
		s = ellipse(0, 0, 1, 1)
	case 3:
		s = polygon(3+d.upTo(1+d.upTo(6)), 1)
		if d.upTo(3) == 0 {
			s = placed(s, 0, 0, 1, 1, math.Pi*float64(d.upTo(8))/8)
		}
	case 6: // a star, upright or not
		s = placed(polygon(4+d.upTo(3), d.between(0.35, 0.6)), 0, 0, 1, 1, d.between(-0.4, 0.4)*float64(d.upTo(2)))
	case 4:
		s = minus(box(0, 0, 1, 1, d.between(0, 1)), box(d.between(-0.5, 0.5), d.between(-0.5, 0.5), d.between(0.4, 1), d.between(0.4, 1), 0))
	case 5:
		s = minus(ellipse(0, 0, 1, 1), placed(box(0, 1, 2, 1, 0), 0, 0, 1, 1, math.Pi*float64(d.upTo(8))/4))
	default:
		s = simple(d)
	}
	switch d.upTo(5) {
	case 0:
		k := d.between(0.5, 0.95)
		s = minus(s, placed(s, 0, 0, k, k, 0))
	case 1:
		k := d.between(0.2, 0.7)
		s = minus(s, placed(simple(d), 0, 0, k, k, 0))
	}
	return s
}

// usual is a design that many logos share: dots in order, linked nodes, rings, wedges, stripes, a cube.
func usual(d *dice) shape {
	switch d.upTo(8) {
	case 6:
		return atom(d)
	case 7:
		return inPieces(d)
	case 0:
		var list []shape
		n, r := 4+d.upTo(5), d.between(0.2, 0.45)
		for ring := range 2 + d.upTo(3) {
			dot := ellipse(0, r*float64(ring), d.between(0.04, 0.16), d.between(0.04, 0.16))
			list = append(list, placed(around(dot, n), 0, 0, 1, 1, float64(d.upTo(2)*ring)*math.Pi/float64(n)))
		}
		return union(list...)
	case 1:
		return dotted(d)
	case 2:
		return linked(d)
	case 3:
		var list []shape
		r := d.between(0.3, 0.5)
		for i := range 2 + d.upTo(4) {
			list = append(list, arc(-0.8+0.45*float64(i), 0.35*float64(i%2*d.upTo(2)), r, 0, 7, d.between(0.04, 0.12)))
		}
		return union(list...)
	case 4:
		return wedged(d)
	}
	tilt, gap := d.between(-1, 1), d.between(0.15, 0.5)
	ground, share := loose(d, 1), d.between(0.4, 0.7)
	return func(x, y float64) bool {
		return ground(x, y) && math.Mod((y+tilt*x)/gap+100, 1) < share
	}
}

// atom is a few orbits about a core.
func atom(d *dice) shape {
	n, r, t := 2+d.upTo(3), d.between(0.3, 0.5), d.between(0.04, 0.12)
	orbit := minus(ellipse(0, 0, 1, r), ellipse(0, 0, 1-t, r-t))
	s := placed(orbit, 0, 0, 1, 1, float64(d.upTo(4))*math.Pi/6)
	for i := 1; i < n; i++ {
		s = union(s, placed(orbit, 0, 0, 1, 1, float64(i)*math.Pi/float64(n)))
	}
	core := d.between(0, 0.25)
	return union(s, ellipse(0, 0, core+0.01, core+0.01))
}

// inPieces is a ring or a polygon cut from its middle.
func inPieces(d *dice) shape {
	n, gap := 3+d.upTo(4), d.between(0.03, 0.12)
	outer, inner := polygon(n, 1), d.between(0.3, 0.7)
	if d.upTo(3) == 0 {
		outer = ellipse(0, 0, 1, 1)
	}
	s := minus(outer, placed(outer, 0, 0, inner, inner, 0))
	spoke := placed(box(0, -1, gap, 1, 0), 0, 0, 1, 1, math.Pi*float64(d.upTo(2))/float64(n))
	return placed(minus(s, around(spoke, n)), 0, 0, 1, 1, math.Pi*float64(d.upTo(2))/float64(n))
}

// triangle is one by its corners.
func triangle(x0, y0, x1, y1, x2, y2 float64) shape {
	side := func(ax, ay, bx, by, x, y float64) bool { return (bx-ax)*(y-ay)-(by-ay)*(x-ax) >= 0 }
	return func(x, y float64) bool {
		a, b, c := side(x0, y0, x1, y1, x, y), side(x1, y1, x2, y2, x, y), side(x2, y2, x0, y0, x, y)
		return a == b && b == c
	}
}

// sign is a pictogram that everyone uses: an arrow, a heart, a pin, a shield, a bubble, a gear, a house …
func sign(d *dice) shape {
	t, w := d.between(0.08, 0.3), d.between(0.5, 1)
	dot := ellipse(0, d.between(-0.4, 0), t+0.1, t+0.1)
	n := d.upTo(14)
	if n > 6 {
		return otherSign(d, n, t)
	}
	switch n {
	case 0, 1: // an arrow, perhaps with two heads
		neck := d.between(-0.3, 0.4)
		s := union(box(-0.5+neck/2, 0, 0.5+neck/2, t+0.05, 0), triangle(neck, -w, 1, 0, neck, w))
		if d.upTo(4) == 0 {
			s = mirrorOf(s)
		}
		return placed(s, 0, 0, 1, 1, math.Pi*float64(d.upTo(4))/2)
	case 2: // a heart
		return union(ellipse(-0.48, -0.3, 0.52, 0.5), ellipse(0.48, -0.3, 0.52, 0.5), triangle(-0.97, -0.1, 0.97, -0.1, 0, 1))
	case 3: // a pin or a drop
		s := union(ellipse(0, -0.35, 0.6, 0.6), triangle(-0.55, -0.1, 0.55, -0.1, 0, 1))
		return minus(s, ellipse(0, -0.35, t+0.1, t+0.1))
	case 4: // a shield
		return minus(union(box(0, -0.4, 0.8, 0.5, 0), placed(minus(ellipse(0, 0, 0.8, 1), box(0, -1, 1, 1, 0)), 0, 0.09, 1, 1, 0)), placed(dot, 0, 0, 1, 1, 0))
	case 5: // a speech bubble
		return minus(union(box(0, -0.2, 1, 0.65, d.between(0.1, 0.6)), triangle(-0.5, 0.3, 0.1, 0.3, -0.6, 1)), union(box(0, -0.4, 0.6, t/2, 0), box(0, 0, 0.6, t/2, 0)))
	}
	// A gear or a sun.
	return minus(union(ellipse(0, 0, 0.7, 0.7), around(box(0, -0.8, t, 0.2, 0), 6+d.upTo(5))), ellipse(0, 0, t+0.1, t+0.1))
}

// otherSign is one of the pictograms from the seventh on.
func otherSign(d *dice, n int, t float64) shape {
	switch n {
	case 7: // a house
		return minus(union(triangle(-1, 0, 0, -0.9, 1, 0), box(0, 0.4, 0.7, 0.5, 0)), box(0, 0.6, t, 0.35, 0))
	case 8: // a bolt
		return union(triangle(0.3, -1, -0.6, 0.2, 0.15, 0.2), triangle(-0.3, 1, 0.6, -0.2, -0.15, -0.2))
	case 9: // a tick
		return union(line(-0.8, 0.1, -0.2, 0.7, t), line(-0.2, 0.7, 0.8, -0.6, t))
	case 10: // a padlock
		return union(box(0, 0.4, 0.7, 0.5, 0.1), minus(arc(0, -0.15, 0.45, 0, 7, 0.14), box(0, 0.5, 1, 0.5, 0)))
	case 11: // a cloud
		return union(ellipse(-0.5, 0.2, 0.45, 0.4), ellipse(0, -0.1, 0.5, 0.55), ellipse(0.55, 0.2, 0.4, 0.4), box(0, 0.4, 0.6, 0.2, 0))
	case 12: // a lens
		return union(arc(-0.2, -0.2, 0.6, 0, 7, t/1.5), line(0.25, 0.25, 0.85, 0.85, t/1.2))
	}
	// Brackets with a stroke between them, as of code.
	return union(line(-0.5, -0.5, -1, 0, t/2), line(-1, 0, -0.5, 0.5, t/2), line(0.5, -0.5, 1, 0, t/2), line(1, 0, 0.5, 0.5, t/2), line(0.2, -0.6, -0.2, 0.6, t/2*float64(d.upTo(2))))
}

// dotted is a grid of dots, some of them left out.
func dotted(d *dice) shape {
	var list []shape
	n := 3 + d.upTo(4)
	r, square := d.between(0.3, 0.95)/float64(n), d.upTo(3) == 0
	seed := d.next()
	for i := range n * n {
		x, y := i%n, i/n
		if seed>>(min(x, n-1-x)*7+min(y, n-1-y))&3 == 0 && d.upTo(2) == 0 {
			continue
		}
		cx, cy := float64(2*x+1)/float64(n)-1, float64(2*y+1)/float64(n)-1
		if square {
			list = append(list, box(cx, cy, r, r, 0))
		} else {
			list = append(list, ellipse(cx, cy, r, r))
		}
	}
	return union(list...)
}

// linked is nodes about the middle, joined with their neighbours, the middle or across: a network, a cube, an atom.
func linked(d *dice) shape {
	n, t, node := 3+d.upTo(4), d.between(0.03, 0.14), d.between(0, 0.22)
	var list []shape
	at := func(i int) (float64, float64) {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		return sin, -cos
	}
	hop, spokes := 1+d.upTo(2), d.upTo(3)
	for i := range n {
		x, y := at(i)
		u, v := at(i + hop)
		list = append(list, line(x, y, u, v, t), ellipse(x, y, node+t, node+t))
		if u, v = at(i + 1); hop == 2 && d.upTo(2) == 0 {
			list = append(list, line(x, y, u, v, t))
		}
		if spokes > 0 && (spokes == 1 || i%2 == 0) {
			list = append(list, line(x, y, 0, 0, t))
		}
	}
	if d.upTo(3) == 0 {
		list = append(list, loose(d, 0.3))
	}
	return union(list...)
}

// wedged is a letter V, W, M, A or a chevron with sharp or cut ends, whole or in two pieces.
func wedged(d *dice) shape {
	t := d.between(0.3, 0.9)
	fall := func(x float64) float64 { return 2*math.Abs(x) - 1 }
	if d.upTo(3) == 0 {
		fall = func(x float64) float64 { return 2*math.Abs(2*math.Abs(x)-1) - 1 }
	}
	gap, turned := d.between(-0.2, 0.15), d.upTo(2) == 0
	second := d.upTo(3) == 0
	return func(x, y float64) bool {
		if turned {
			y = -y
		}
		if math.Abs(x) > 1 || math.Abs(x) < gap || math.Abs(y) > 1 {
			return false
		}
		e := -fall(x) - y
		return e > -t && e < t*0.6 && !(second && math.Abs(e) < 0.08)
	}
}

// inventedCodes describes n invented figures, two in five of them plain.
func inventedCodes(n int) []code {
	d := dice(1)
	types := newTypes()
	var list []code
	for len(list) < n {
		s := invented(&d)
		switch len(list) % 8 {
		case 0, 1:
			s = plain(&d)
		case 2:
			s = types.any(&d)
		case 3:
			s = badged(&d, types)
		case 4, 5:
			s = usual(&d)
		case 6:
			s = sign(&d)
			if d.upTo(3) == 0 {
				k := d.between(0.4, 0.65)
				s = minus(ellipse(0, 0, 1, 1), placed(s, 0, 0, k, k, 0))
			}
		}
		m := drawn(bent(s, &d), 96)
		box := m.box()
		if box.Dx() < 12 || box.Dy() < 12 {
			continue
		}
		list = append(list, codeOf(cut(m.pix, m.w, m.h, frameOf(box), 0)))
	}
	return list
}

// badged is a figure cut out of a disc or a tile.
func badged(d *dice, t types) shape {
	figure := invented(d)
	if d.upTo(3) == 0 {
		figure = t.any(d)
	}
	ground := ellipse(0, 0, 1, 1)
	if d.upTo(2) == 0 {
		ground = box(0, 0, 1, 1, d.between(0, 0.6))
	}
	k := d.between(0.35, 0.65)
	s := minus(ground, placed(figure, d.between(-0.08, 0.08), d.between(-0.08, 0.08), k, k, 0))
	if d.upTo(4) == 0 {
		k = d.between(0.85, 0.95)
		s = either(ground, placed(s, 0, 0, k, k, 0))
	}
	return s
}

// types are the masks of the letters and figures of a few typefaces: nobody owns one of those either.
type types []*mask

// newTypes draws them.
func newTypes() types {
	var t types
	for _, ttf := range [][]byte{goregular.TTF, gobold.TTF, goitalic.TTF, gomono.TTF} {
		f, err := opentype.Parse(ttf)
		if err != nil {
			panic(err) // the font is part of the program
		}
		face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: 80, DPI: 72})
		if err != nil {
			panic(err)
		}
		for _, r := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789&@#?!$%*+<>" {
			m := image.NewAlpha(image.Rect(0, 0, 128, 128))
			pen := font.Drawer{Dst: m, Src: image.Opaque, Face: face, Dot: fixed.P(24, 90)}
			pen.DrawString(string(r))
			t = append(t, &mask{w: 128, h: 128, pix: m.Pix})
		}
	}
	return t
}

// any is a letter, now and then two.
func (t types) any(d *dice) shape {
	s := t.shape(d.upTo(len(t)))
	if d.upTo(3) == 0 {
		return union(placed(s, -0.5, 0, 0.8, 0.8, 0), placed(t.shape(d.upTo(len(t))), 0.5, 0, 0.8, 0.8, 0))
	}
	return s
}

// shape makes a shape of a drawn letter.
func (t types) shape(n int) shape {
	m := t[n]
	return func(x, y float64) bool {
		u, v := int((x+1)*64), int((y+1)*64)
		return u >= 0 && v >= 0 && u < m.w && v < m.h && m.pix[v*m.w+u] >= in
	}
}
