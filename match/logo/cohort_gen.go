package logo

import "math"

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
		return glyph(d.upTo(len(letters)), d.between(0.12, 0.4))
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

// inventedCodes describes n invented figures.
func inventedCodes(n int) []code {
	d := dice(1)
	var list []code
	for len(list) < n {
		m := draw2(invented(&d), 128)
		box := m.box()
		if box.Dx() < 12 || box.Dy() < 12 {
			continue
		}
		list = append(list, codeOf(cut(m.pix, m.w, m.h, 1, frameOf(box), 0)))
	}
	return list
}
