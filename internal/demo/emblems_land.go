package demo

// The emblems of this file are of land, water, sky and what grows there. Each
// fills about a square of 80 by 80 in the middle of the canvas.

// peaks is a mountain range with snow under a sun.
func peaks(c *canvas) {
	c.dot(c.pal.accent, 74, 26, 9)
	c.fill(c.pal.second, polygon(40, 82, 68, 40, 96, 82))
	c.fill(c.pal.ink, polygon(4, 82, 24, 47, 33, 54, 40, 46, 47, 54, 56, 47, 76, 82))
	c.fill(c.pal.ink, polygon(40, 19, 53, 41.5, 46.5, 47, 40, 39, 33.5, 47, 27, 41.5))
}

// breakers is three rolling bands of water.
func breakers(c *canvas) {
	c.stroke(c.pal.ink, 9, wave(10, 90, 30, 8, 4))
	c.stroke(c.pal.second, 9, wave(10, 90, 50, 8, 4))
	c.stroke(c.pal.accent, 9, wave(10, 90, 70, 8, 4))
}

// fir is a tree of three storeys.
func fir(c *canvas) {
	c.fill(c.pal.second, rounded(46, 74, 8, 18, 1))
	c.fill(c.pal.ink, polygon(50, 8, 68, 34, 60, 34, 76, 56, 66, 56, 84, 80, 16, 80, 34, 56, 24, 56, 40, 34, 32, 34))
	c.fill(c.pal.paper, polygon(50, 30, 51.5, 30, 51.5, 74, 48.5, 74, 48.5, 30))
}

// daybreak is half a sun with rays over a horizon.
func daybreak(c *canvas) {
	for i := range 7 {
		a := -75 + 25*float64(i)
		p, q := polar(50, 66, 34, a), polar(50, 66, 46, a)
		c.stroke(c.pal.accent, 5, polyline(p.x, p.y, q.x, q.y))
	}
	c.fill(c.pal.ink, wedge(50, 66, 0, 26, -90, 90))
	c.stroke(c.pal.ink, 5, polyline(10, 76, 90, 76))
	c.stroke(c.pal.second, 5, polyline(26, 87, 74, 87))
}

// moon is a crescent with a star in its mouth.
func moon(c *canvas) {
	c.fill(c.pal.ink, d("M58 10C34 10 14 28 14 51C14 74 33 91 56 91C69 91 80 86 87 77C63 80 43 67 42 46C41 29 49 17 58 10Z"))
	c.fill(c.pal.accent, star(5, 70, 40, 15, 6, 12))
}

// bloom is eight petals of two colours about a heart.
func bloom(c *canvas) {
	c.fill(c.pal.second, around(lens(50, 46, 50, 8, 9, 9), 8, 50, 50).on(turn(22.5, 50, 50)))
	c.fill(c.pal.ink, around(lens(50, 48, 50, 8, 10, 10), 8, 50, 50))
	c.dot(c.pal.paper, 50, 50, 10)
	c.dot(c.pal.accent, 50, 50, 7)
}

// lotus is a water lily from the side.
func lotus(c *canvas) {
	c.fill(c.pal.second, both(lens(48, 80, 8, 42, 0, 15), 50))
	c.fill(c.pal.ink, both(lens(49, 80, 24, 22, 6, 13), 50))
	c.fill(c.pal.paper, lens(50, 84, 50, 8, 19, 19))
	c.fill(c.pal.accent, lens(50, 82, 50, 14, 15, 15))
	c.stroke(c.pal.ink, 3.5, d("M18 91C36 86 64 86 82 91"))
}

// droplet is a drop with light in it.
func droplet(c *canvas) {
	c.fill(c.pal.ink, d("M50 6C60 24 80 42 80 62C80 80 66 92 50 92C34 92 20 80 20 62C20 42 40 24 50 6Z"))
	c.fill(c.pal.second, d("M20 60C34 50 44 72 58 64C67 59 73 56 80 60C81 80 66 92 50 92C34 92 20 80 20 60Z"))
	c.stroke(c.pal.paper, 4, arc(50, 62, 21, 195, 255))
}

// blaze is a flame within a flame.
func blaze(c *canvas) {
	c.fill(c.pal.ink, d("M56 6C60 26 82 38 82 62C82 81 68 94 50 94C31 94 18 80 18 63C18 48 28 40 32 28C37 33 40 38 41 44C50 34 56 22 56 6Z"))
	c.fill(c.pal.accent, d("M53 44C55 56 68 60 68 74C68 85 60 91 50 91C40 91 32 84 32 74C32 66 37 62 39 56C42 58 44 61 45 64C50 58 53 52 53 44Z"))
}

// barley is an ear of grain.
func barley(c *canvas) {
	c.stroke(c.pal.second, 3, d("M50 94L50 34"))
	for i := range 4 {
		y := 74 - 15*float64(i)
		c.fill(c.pal.ink, both(lens(51.5, y, 74-2*float64(i), y-22, 5, 6), 50))
	}
	c.fill(c.pal.accent, lens(50, 32, 50, 6, 6, 6))
}

// sprig is a stem with pairs of leaves that grow smaller.
func sprig(c *canvas) {
	c.stroke(c.pal.ink, 3.5, d("M24 92C38 70 52 46 74 12"))
	for i := range 4 {
		t := float64(i)
		x, y, l := 34+10*t, 76-16*t, 27-4*t
		c.fill(c.pal.ink, lens(x, y, x-l*0.72, y-l*0.9, 7, 4))
		c.fill(c.pal.second, lens(x+2, y-2, x+l*1.15, y-l*0.12, 7, 4))
	}
}

// oakNut is an acorn.
func oakNut(c *canvas) {
	c.stroke(c.pal.second, 6, d("M50 24C50 16 54 11 60 9"))
	c.fill(c.pal.ink, d("M22 46L78 46C78 70 64 82 50 94C36 82 22 70 22 46Z"))
	c.fill(c.pal.second, d("M14 44C14 30 30 22 50 22C70 22 86 30 86 44C86 49 82 51 78 51L22 51C18 51 14 49 14 44Z"))
	c.stroke(c.pal.paper, 2.5, polyline(24, 37, 76, 37))
	c.stroke(c.pal.accent, 4, d("M34 58C35 67 39 74 44 80"))
}

// crystal is a flake of snow.
func crystal(c *canvas) {
	arm := polyline(50, 50, 50, 8)
	twigs := append(polyline(38, 12, 50, 24, 62, 12), polyline(41, 27, 50, 36, 59, 27)...)
	c.stroke(c.pal.ink, 5, around(append(arm, twigs...), 6, 50, 50))
	c.fill(c.pal.accent, ngon(6, 50, 50, 8, 0))
}

// islet is a palm-less island: three hills mirrored in water.
func islet(c *canvas) {
	c.fill(c.pal.ink, d("M8 52C20 52 24 26 38 26C48 26 50 40 58 40C66 40 70 34 76 34C86 34 88 52 94 52Z"))
	c.stroke(c.pal.second, 5, polyline(16, 63, 86, 63), polyline(28, 74, 74, 74), polyline(40, 85, 62, 85))
	c.dot(c.pal.accent, 62, 20, 8)
}

// plume is a feather with its quill.
func plume(c *canvas) {
	c.fill(c.pal.ink, d("M84 8C52 10 26 34 26 66C26 70 27 74 28 77C60 74 84 46 84 8Z"))
	c.fill(c.pal.second, d("M84 8C84 46 60 74 28 77C46 58 66 34 84 8Z"))
	c.stroke(c.pal.paper, 3, d("M72 24C54 44 40 60 30 75"), d("M50 49L34 46"), d("M50 49L54 64"))
	c.stroke(c.pal.ink, 4, d("M30 75L14 94"))
}

// shell is a scallop.
func shell(c *canvas) {
	c.fill(c.pal.ink, d("M50 88L40 88L36 80C20 70 8 56 8 42C16 22 32 12 50 12C68 12 84 22 92 42C92 56 80 70 64 80L60 88Z"))
	for _, a := range []float64{-44, -22, 0, 22, 44} {
		p, q := polar(50, 88, 16, a*0.8), polar(50, 88, 70-0.3*max(a, -a), a)
		c.stroke(c.pal.paper, 3, polyline(p.x, p.y, q.x, q.y))
	}
	c.fill(c.pal.accent, rounded(38, 84, 24, 7, 3))
}
