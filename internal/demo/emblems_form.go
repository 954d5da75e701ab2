package demo

// The emblems of this file are abstract forms.

// cube is a box of three faces.
func cube(c *canvas) {
	c.fill(c.pal.accent, polygon(50, 6, 88, 28, 50, 50, 12, 28))
	c.fill(c.pal.ink, polygon(10, 32, 48, 54, 48, 96, 10, 74))
	c.fill(c.pal.second, polygon(90, 32, 52, 54, 52, 96, 90, 74))
}

// shutter is the blades of an aperture.
func shutter(c *canvas) {
	for i := range 6 {
		colour := c.pal.ink
		if i%2 == 1 {
			colour = c.pal.second
		}
		c.fill(colour, polygon(50, 8, 84, 27, 70, 48, 38, 30).on(turn(float64(i)*60, 50, 50)))
	}
}

// links is three interlaced rings.
func links(c *canvas) {
	at := func(i int) pt { return polar(50, 54, 20, float64(i)*120) }
	for i, colour := range []string{c.pal.ink, c.pal.second, c.pal.accent} {
		p := at(i)
		c.stroke(c.pal.paper, 13, circle(p.x, p.y, 23))
		c.stroke(colour, 8, circle(p.x, p.y, 23))
	}
	p := at(0)
	c.cut(c.pal.paper, 13, arc(p.x, p.y, 23, 95, 140))
	c.cut(c.pal.ink, 8, arc(p.x, p.y, 23, 85, 150))
}

// comb is seven cells of honeycomb.
func comb(c *canvas) {
	colours := []string{c.pal.ink, c.pal.second, c.pal.ink, c.pal.accent, c.pal.ink, c.pal.second}
	for i, colour := range colours {
		p := polar(50, 50, 29, float64(i)*60+30)
		c.fill(colour, ngon(6, p.x, p.y, 15.5, 0))
	}
	c.stroke(c.pal.ink, 4, ngon(6, 50, 50, 13.5, 0))
}

// signal is arcs that spread from a point.
func signal(c *canvas) {
	for i, r := range []float64{22, 42, 62} {
		colour := []string{c.pal.ink, c.pal.second, c.pal.accent}[i]
		c.cut(colour, 11, arc(18, 82, r, 0, 90))
	}
	c.dot(c.pal.ink, 22, 78, 9)
}

// helix is two strands that wind about each other.
func helix(c *canvas) {
	m := turn(62, 50, 50)
	for i := range 9 {
		x := 11 + 9.7*float64(i)
		c.stroke(c.pal.accent, 2.5, polyline(x, 42, x, 58).on(m))
	}
	c.stroke(c.pal.second, 6, wave(4, 96, 50, 17, 3).on(scale(1, -1).then(shift(0, 100))).on(m))
	c.stroke(c.pal.ink, 6, wave(4, 96, 50, 17, 3).on(m))
}

// heart is a heart of two strands.
func heart(c *canvas) {
	c.stroke(c.pal.ink, 11, d("M50 86C30 70 12 56 12 36C12 22 22 14 32 14C42 14 50 22 56 34"))
	c.stroke(c.pal.second, 11, d("M50 86C70 70 88 56 88 36C88 22 78 14 68 14C62 14 56 17 52 22"))
}

// chatter is two speech bubbles.
func chatter(c *canvas) {
	c.fill(c.pal.second, rounded(38, 10, 54, 42, 14), polygon(76, 46, 90, 66, 62, 46))
	c.fill(c.pal.paper, rounded(4, 30, 62, 50, 18))
	c.fill(c.pal.ink, rounded(8, 34, 54, 42, 14), polygon(14, 68, 38, 72, 14, 92))
	for i := range 3 {
		c.dot(c.pal.paper, 23+12*float64(i), 55, 4)
	}
}

// scales is a Japanese field of overlapping waves.
func scales(c *canvas) {
	for row := range 5 {
		y := 34 + 14*float64(row)
		for x := 10 - 14*float64(row%2); x <= 104; x += 28 {
			c.dot(c.pal.paper, x+4, y, 15)
			c.dot(c.pal.ink, x+4, y, 13.5)
			c.dot(c.pal.paper, x+4, y, 9.5)
			c.dot(c.pal.second, x+4, y, 7)
			c.dot(c.pal.accent, x+4, y, 3)
		}
	}
}

// mosaic is sixteen tiles of quarter circles.
func mosaic(c *canvas) {
	colours := []string{c.pal.ink, c.pal.second, c.pal.accent}
	for i := range 16 {
		x, y := 10+20*float64(i%4), 10+20*float64(i/4)
		quarter := wedge(x, y, 0, 20, 90, 180)
		c.fill(colours[(i*7+i/4)%3], quarter.on(turn(float64((i*5+i/4*3)%4)*90, x+10, y+10)))
	}
}

// vanes is a pinwheel.
func vanes(c *canvas) {
	for i := range 4 {
		m := turn(float64(i)*90, 50, 50)
		c.fill(c.pal.ink, polygon(50, 50, 50, 8, 84, 8).on(m))
		c.fill(c.pal.second, polygon(50, 50, 84, 8, 71, 29).on(m))
	}
	c.dot(c.pal.accent, 50, 50, 5)
}

// echelon is three chevrons in flight.
func echelon(c *canvas) {
	for i, colour := range []string{c.pal.accent, c.pal.second, c.pal.ink} {
		c.fill(colour, polygon(10, 44, 50, 8, 90, 44, 90, 62, 50, 26, 10, 62).on(shift(0, 15*float64(2-i))))
	}
}

// spiral is a nautilus of quarter turns.
func spiral(c *canvas) {
	cx, cy, r := 56.0, 54.0, 6.0
	for i := range 8 {
		from := float64(i)*90 - 90
		c.cut([]string{c.pal.ink, c.pal.second}[i%2], 3+r*0.28, arc(cx, cy, r, from, from+91))
		end := polar(cx, cy, r, from+90)
		r *= 1.33
		next := polar(0, 0, r, from+90)
		cx, cy = end.x-next.x, end.y-next.y
	}
	c.dot(c.pal.accent, 55, 54, 4.5)
}

// halftone is a globe of dots: a large file.
func halftone(c *canvas) {
	for row := -8; row <= 8; row++ {
		for col := -8; col <= 8; col++ {
			x, y := float64(col)*5, float64(row)*5
			far := (x*x + y*y) / (44 * 44)
			if far > 1 {
				continue
			}
			light := ((x-14)*(x-14) + (y+16)*(y+16)) / (58 * 58)
			colour := c.pal.ink
			if light < 0.12 {
				colour = c.pal.accent
			}
			c.dot(colour, 50+x, 50+y, 0.7+2.1*min(1, light))
		}
	}
}

// rosette is the guilloche of a state seal about a star: a large file.
func rosette(c *canvas) {
	for i := range 36 {
		c.stroke(c.pal.ink, 0.7, ellipse(50, 50, 44, 17).on(turn(float64(i)*5, 50, 50)))
	}
	c.dot(c.pal.paper, 50, 50, 20)
	c.stroke(c.pal.ink, 1.5, circle(50, 50, 45.5), circle(50, 50, 20))
	c.fill(c.pal.accent, star(8, 50, 50, 15, 7, 0))
	c.dot(c.pal.ink, 50, 50, 4)
}

// orbit is a body with two paths about it.
func orbit(c *canvas) {
	c.stroke(c.pal.ink, 4, ellipse(50, 50, 43, 17).on(turn(-35, 50, 50)))
	c.stroke(c.pal.second, 4, ellipse(50, 50, 43, 17).on(turn(35, 50, 50)))
	c.dot(c.pal.accent, 50, 50, 11)
	c.dot(c.pal.ink, 85, 25.5, 6)
}

// weave is over-and-under bands.
func weave(c *canvas) {
	for i := range 3 {
		at := 24 + 26*float64(i)
		c.cut(c.pal.ink, 15, polyline(at, 8, at, 92))
	}
	for row := range 3 {
		y := 24 + 26*float64(row)
		for col := range 3 {
			if (row+col)%2 == 0 {
				x := 24 + 26*float64(col)
				c.cut(c.pal.paper, 20, polyline(x-13, y, x+13, y))
				c.cut(c.pal.second, 15, polyline(x-13, y, x+13, y))
			} else {
				x := 24 + 26*float64(col)
				c.cut(c.pal.paper, 2.5, polyline(x-9, y-9, x-9, y+9), polyline(x+9, y-9, x+9, y+9))
			}
		}
	}
}

// sector is a ring cut in unequal parts.
func sector(c *canvas) {
	c.fill(c.pal.ink, wedge(50, 50, 20, 44, 8, 188))
	c.fill(c.pal.second, wedge(50, 50, 20, 44, 196, 276))
	c.fill(c.pal.accent, wedge(50, 50, 20, 44, 284, 360))
}
