package demo

// The emblems of this file are animals.

// fox is a fox's face in facets.
func fox(c *canvas) {
	c.fill(c.pal.ink, both(polygon(12, 10, 42, 34, 50, 40, 50, 92, 34, 74, 10, 54), 50))
	c.fill(c.pal.second, both(polygon(10, 54, 34, 60, 46, 84, 50, 92, 34, 74), 50))
	c.fill(c.pal.paper, both(polygon(18, 22, 34, 35, 20, 42), 50))
	c.fill(c.pal.paper, both(polygon(28, 52, 42, 57, 38, 61, 31, 58), 50))
	c.fill(c.pal.accent, polygon(43, 80, 57, 80, 50, 92))
}

// owl is an owl on a branch.
func owl(c *canvas) {
	c.fill(c.pal.ink, d("M18 10C28 18 38 19 50 19C62 19 72 18 82 10C84 24 84 36 84 48C84 72 70 88 50 88C30 88 16 72 16 48C16 36 16 24 18 10Z"))
	c.dot(c.pal.paper, 34, 42, 15)
	c.dot(c.pal.paper, 66, 42, 15)
	c.dot(c.pal.ink, 36, 42, 7)
	c.dot(c.pal.ink, 64, 42, 7)
	c.fill(c.pal.accent, polygon(44, 52, 56, 52, 50, 64))
	c.stroke(c.pal.second, 3.5, d("M36 72C39 76 42 76 44 72C47 76 53 76 56 72C58 76 61 76 64 72"))
}

// stag is a stag's head with antlers.
func stag(c *canvas) {
	c.stroke(c.pal.ink, 5, both(d("M43 50C26 46 16 32 18 10M24 36C30 34 36 28 36 18M18 24C13 24 9 20 8 14"), 50))
	c.fill(c.pal.ink, both(d("M50 46C44 46 40 50 38 54L24 52C26 60 31 63 38 63C39 76 44 86 50 94Z"), 50))
	c.fill(c.pal.accent, d("M45 84L55 84L50 93Z"))
}

// crane is a flying crane, long-necked.
func crane(c *canvas) {
	c.fill(c.pal.ink, d("M12 88C24 66 34 54 46 48C30 42 18 30 14 12C34 22 50 32 60 44C70 36 78 26 82 16C84 22 84 30 80 38L94 44C84 45 76 48 70 54C56 62 34 70 12 88Z"))
	c.fill(c.pal.second, d("M14 12C18 30 30 42 46 48C52 45 56 44 60 44C50 32 34 22 14 12Z"))
	c.dot(c.pal.accent, 81, 37, 4.5)
}

// fluke is a whale's tail over the sea.
func fluke(c *canvas) {
	c.fill(c.pal.ink, d("M50 36C42 22 26 14 6 18C10 34 22 46 40 46C45 54 44 68 36 78L64 78C56 68 55 54 60 46C78 46 90 34 94 18C74 14 58 22 50 36Z"))
	c.stroke(c.pal.second, 5, wave(8, 92, 86, 4, 6))
}

// salmon is a fish in a ring of water.
func salmon(c *canvas) {
	c.fill(c.pal.ink, d("M8 50C24 28 52 26 72 46L92 30C88 42 88 58 92 70L72 54C52 74 24 72 8 50Z"))
	c.dot(c.pal.paper, 26, 46, 4)
	c.stroke(c.pal.paper, 3, arc(24, 50, 16, 50, 130), arc(36, 50, 16, 55, 125), arc(48, 50, 14, 60, 120))
	c.stroke(c.pal.second, 4.5, wave(16, 84, 84, 3.5, 4), wave(16, 84, 16, 3.5, 4))
}

// toucan is a bird of large beak.
func toucan(c *canvas) {
	c.fill(c.pal.ink, d("M16 92C14 64 14 34 24 22C34 10 52 10 60 22C64 28 64 36 60 44C54 56 52 74 30 92Z"))
	c.fill(c.pal.accent, d("M56 18C74 14 90 26 92 50C84 42 74 40 62 42C64 32 62 24 56 18Z"))
	c.fill(c.pal.second, d("M62 42C74 40 84 42 92 50C80 52 70 50 61 46Z"))
	c.fill(c.pal.paper, d("M36 24C46 20 54 26 54 36C54 46 44 52 36 48C28 44 28 28 36 24Z"))
	c.dot(c.pal.ink, 46, 32, 4.5)
}

// terrier is a dog's head in profile.
func terrier(c *canvas) {
	c.fill(c.pal.ink, d("M22 92C22 66 24 44 34 30L26 12L50 22C62 24 68 32 72 40L90 46C92 58 86 66 74 66L60 66C58 76 60 84 64 92Z"))
	c.fill(c.pal.second, d("M34 30L26 12L50 22C46 32 42 38 36 40Z"))
	c.dot(c.pal.paper, 58, 40, 4)
	c.stroke(c.pal.accent, 6, d("M23 78C34 84 48 84 61 79"))
}

// bee is a bee from above.
func bee(c *canvas) {
	c.fill(c.pal.second, both(lens(48, 42, 8, 24, 14, 6), 50), both(lens(48, 46, 14, 58, 3, 10), 50))
	c.fill(c.pal.ink, d("M50 30C64 30 70 44 68 58C66 74 56 86 50 94C44 86 34 74 32 58C30 44 36 30 50 30Z"))
	c.cut(c.pal.accent, 7, polyline(33, 52, 67, 52), polyline(34, 68, 66, 68))
	c.dot(c.pal.ink, 50, 24, 10)
	c.stroke(c.pal.ink, 3, both(d("M46 16C44 10 40 7 35 7"), 50))
}

// turtle is a turtle from above, its shell of hexagons.
func turtle(c *canvas) {
	c.fill(c.pal.second, both(lens(40, 34, 12, 18, 8, 8), 50), both(lens(40, 70, 16, 88, 8, 8), 50))
	c.fill(c.pal.second, ellipse(50, 16, 9, 11))
	c.fill(c.pal.ink, ellipse(50, 54, 29, 33))
	c.stroke(c.pal.paper, 3, ngon(6, 50, 54, 15, 0))
	c.stroke(c.pal.paper, 3, around(polyline(50, 39, 50, 21), 6, 50, 54))
	c.fill(c.pal.accent, ngon(6, 50, 54, 8, 0))
}
