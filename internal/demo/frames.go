package demo

// A frame is what a logo stands on. It paints the background and draws the
// emblem inside with the palette that fits it.
type frame func(c *canvas, emblem func(*canvas))

// plain is the bare emblem on paper.
func plain(c *canvas, emblem func(*canvas)) {
	c.sheet(c.pal.paper)
	emblem(c)
}

// inverted swaps ink and paper while it draws.
func (c *canvas) inverted(draw func(*canvas)) {
	was := c.pal
	c.pal.ink, c.pal.paper = was.paper, was.ink
	draw(c)
	c.pal = was
}

// tile is the emblem in paper on a full sheet of ink.
func tile(c *canvas, emblem func(*canvas)) {
	c.sheet(c.pal.ink)
	c.inverted(func(c *canvas) { c.within(zoom(0.92, 50, 50), emblem) })
}

// glow is a tile whose ink runs into the second colour.
func glow(c *canvas, emblem func(*canvas)) {
	c.sheet(c.blend(0, 0, 100, 100, c.pal.ink, c.pal.second))
	was := c.pal
	c.pal = palette{ink: was.paper, second: was.paper, accent: was.accent, paper: was.ink}
	c.within(zoom(0.9, 50, 50), emblem)
	c.pal = was
}

// disc is the emblem in paper on a disc of ink.
func disc(c *canvas, emblem func(*canvas)) {
	c.sheet(c.pal.paper)
	c.dot(c.pal.ink, 50, 50, 46)
	c.inverted(func(c *canvas) { c.within(zoom(0.68, 50, 50), emblem) })
}

// ringed is the emblem in ink within a ring.
func ringed(c *canvas, emblem func(*canvas)) {
	c.sheet(c.pal.paper)
	c.stroke(c.pal.ink, 4, circle(50, 50, 44))
	c.within(zoom(0.66, 50, 50), emblem)
}

// pebble is the emblem in paper on a rounded square of ink.
func pebble(c *canvas, emblem func(*canvas)) {
	c.sheet(c.pal.paper)
	c.fill(c.pal.ink, rounded(6, 6, 88, 88, 22))
	c.inverted(func(c *canvas) { c.within(zoom(0.74, 50, 50), emblem) })
}

// crest is the emblem in paper on a shield of ink.
func crest(c *canvas, emblem func(*canvas)) {
	c.sheet(c.pal.paper)
	c.fill(c.pal.ink, d("M10 8L90 8L90 46C90 70 74 86 50 96C26 86 10 70 10 46Z"))
	c.inverted(func(c *canvas) { c.within(zoom(0.6, 50, 50).then(shift(0, -4)), emblem) })
}

// hive is the emblem in paper on a hexagon of ink.
func hive(c *canvas, emblem func(*canvas)) {
	c.sheet(c.pal.paper)
	c.fill(c.pal.ink, ngon(6, 50, 50, 48, 0))
	c.inverted(func(c *canvas) { c.within(zoom(0.64, 50, 50), emblem) })
}

// split is the emblem over a sheet of two colours.
func split(c *canvas, emblem func(*canvas)) {
	c.sheet(c.pal.ink)
	c.fill(c.pal.second, polygon(100, 0, 100, 100, 0, 100))
	c.inverted(func(c *canvas) { c.within(zoom(0.84, 50, 50), emblem) })
}

// bare is a large emblem shrunk to leave room round it.
func bare(c *canvas, emblem func(*canvas)) {
	c.sheet(c.pal.paper)
	c.within(zoom(0.84, 50, 50), emblem)
}
