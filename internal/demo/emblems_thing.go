package demo

// The emblems of this file are things that people make.

// cog is a gear wheel with a drop of a hub.
func cog(c *canvas) {
	tooth := polygon(42, 18, 45, 6, 55, 6, 58, 18)
	c.fill(c.pal.ink, around(tooth, 10, 50, 50), circle(50, 50, 34))
	c.dot(c.pal.paper, 50, 50, 22)
	c.fill(c.pal.accent, wedge(50, 50, 0, 15, -30, 210))
}

// rose is a compass rose of two tones.
func rose(c *canvas) {
	c.stroke(c.pal.second, 3, circle(50, 50, 30))
	c.fill(c.pal.second, star(4, 50, 50, 32, 9, 45))
	for i := range 4 {
		m := turn(float64(i)*90, 50, 50)
		c.fill(c.pal.ink, polygon(50, 50, 50, 6, 58, 42).on(m))
		c.fill(c.pal.accent, polygon(50, 50, 50, 6, 42, 42).on(m))
	}
}

// beacon is a lighthouse with its beams.
func beacon(c *canvas) {
	c.fill(c.pal.accent, both(polygon(42, 24, 6, 12, 6, 34), 50))
	c.fill(c.pal.ink, polygon(40, 36, 60, 36, 68, 92, 32, 92), rounded(36, 32, 28, 5, 1), box(42, 18, 16, 14), d("M40 18C40 10 60 10 60 18Z"))
	c.fill(c.pal.second, polygon(38, 50, 62, 50, 63.8, 63, 36.2, 63), polygon(34.5, 76, 65.5, 76, 67, 87, 33, 87))
	c.dot(c.pal.paper, 50, 25, 5)
}

// sails is a boat of two sails.
func sails(c *canvas) {
	c.fill(c.pal.ink, d("M48 8C50 28 50 50 48 70L12 70C28 54 42 34 48 8Z"))
	c.fill(c.pal.second, d("M54 20C70 34 82 52 86 70L54 70Z"))
	c.fill(c.pal.accent, d("M8 76L92 76C88 86 82 92 74 92L28 92C18 92 12 86 8 76Z"))
}

// anchor is a ship's anchor.
func anchor(c *canvas) {
	c.stroke(c.pal.ink, 7, polyline(50, 28, 50, 88), polyline(32, 40, 68, 40), d("M14 60C16 78 30 88 50 90C70 88 84 78 86 60"))
	c.stroke(c.pal.accent, 6, circle(50, 18, 9))
	c.fill(c.pal.ink, polygon(4, 66, 14, 50, 26, 64), polygon(96, 66, 86, 50, 74, 64))
}

// coronet is a crown.
func coronet(c *canvas) {
	c.fill(c.pal.ink, d("M10 30L30 52L50 18L70 52L90 30L82 76L18 76Z"))
	c.fill(c.pal.second, rounded(18, 80, 64, 10, 2))
	for _, p := range []pt{{10, 26}, {50, 14}, {90, 26}} {
		c.dot(c.pal.accent, p.x, p.y, 6)
	}
}

// rotor is a wind turbine.
func rotor(c *canvas) {
	c.fill(c.pal.second, polygon(48, 46, 52, 46, 55, 94, 45, 94))
	c.fill(c.pal.ink, around(d("M50 40C45 30 46 18 50 2C56 16 57 30 50 40Z"), 3, 50, 42))
	c.dot(c.pal.paper, 50, 42, 6)
	c.dot(c.pal.accent, 50, 42, 4)
}

// codex is an open book.
func codex(c *canvas) {
	c.fill(c.pal.ink, both(d("M48 30C38 20 22 18 6 22L6 78C22 74 38 76 48 86Z"), 50))
	c.stroke(c.pal.paper, 3, both(d("M16 36C25 34 33 36 39 40M16 49C25 47 33 49 39 53M16 62C25 60 33 62 39 66"), 50))
	c.fill(c.pal.accent, polygon(66, 12, 76, 12, 76, 34, 71, 29, 66, 34))
}

// lookout is an eye with a star for a pupil.
func lookout(c *canvas) {
	c.hollow(c.pal.ink, d("M4 50C20 24 36 16 50 16C64 16 80 24 96 50C80 76 64 84 50 84C36 84 20 76 4 50Z"), circle(50, 50, 24))
	c.dot(c.pal.second, 50, 50, 19)
	c.fill(c.pal.paper, star(4, 50, 50, 15, 5, 0))
}

// dart is a folded paper plane.
func dart(c *canvas) {
	c.fill(c.pal.ink, polygon(6, 46, 94, 10, 40, 62))
	c.fill(c.pal.second, polygon(94, 10, 40, 62, 76, 80))
	c.fill(c.pal.accent, polygon(40, 62, 44, 90, 56, 70))
}

// chime is a bell.
func chime(c *canvas) {
	c.dot(c.pal.accent, 50, 86, 9)
	c.fill(c.pal.ink, d("M50 8C55 8 57 12 57 16C72 20 78 34 78 50C78 66 84 70 90 78L10 78C16 70 22 66 22 50C22 34 28 20 43 16C43 12 45 8 50 8Z"))
	c.stroke(c.pal.paper, 3.5, arc(50, 48, 18, 285, 345))
}

// brilliant is a cut gem.
func brilliant(c *canvas) {
	c.fill(c.pal.ink, polygon(24, 16, 76, 16, 96, 40, 50, 92, 4, 40))
	c.fill(c.pal.second, polygon(24, 16, 34, 40, 4, 40), polygon(76, 16, 96, 40, 66, 40), polygon(34, 40, 66, 40, 50, 92))
	c.fill(c.pal.accent, polygon(50, 16, 66, 40, 34, 40))
}

// dial is a watch without numerals.
func dial(c *canvas) {
	c.stroke(c.pal.ink, 7, circle(50, 50, 38))
	c.cut(c.pal.second, 3, around(polyline(50, 18, 50, 25), 12, 50, 50))
	c.stroke(c.pal.ink, 6, polyline(50, 50, 50, 28))
	c.stroke(c.pal.accent, 6, polyline(50, 50, 66, 60))
	c.dot(c.pal.ink, 50, 50, 5)
}

// latch is a key.
func latch(c *canvas) {
	c.within(turn(45, 50, 50), func(c *canvas) {
		c.stroke(c.pal.ink, 9, circle(24, 50, 15))
		c.cut(c.pal.ink, 9, polyline(39, 50, 94, 50), polyline(89.5, 50, 89.5, 68), polyline(74, 50, 74, 64))
		c.dot(c.pal.accent, 24, 50, 5)
	})
}

// lyre is a stringed harp.
func lyre(c *canvas) {
	c.stroke(c.pal.ink, 7, d("M22 12C8 34 18 60 38 74L62 74C82 60 92 34 78 12"))
	c.stroke(c.pal.accent, 5, polyline(24, 26, 76, 26))
	c.cut(c.pal.second, 3, polyline(38, 26, 38, 72), polyline(46, 26, 46, 72), polyline(54, 26, 54, 72), polyline(62, 26, 62, 72))
	c.fill(c.pal.ink, rounded(34, 72, 32, 8, 3), rounded(28, 84, 44, 8, 3))
}

// kettle is a teapot with steam.
func kettle(c *canvas) {
	c.fill(c.pal.ink, d("M24 48L76 48C82 70 74 90 50 90C26 90 18 70 24 48Z"), d("M72 56L94 42L96 48L80 72Z"), rounded(30, 40, 40, 5, 2))
	c.stroke(c.pal.ink, 5, d("M23 56C8 52 8 78 28 76"))
	c.stroke(c.pal.accent, 4, d("M42 30C36 24 48 20 42 10"), d("M56 30C50 24 62 20 56 10"))
}
