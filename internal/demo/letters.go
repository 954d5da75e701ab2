package demo

// A glyph is one letter of the demo's own alphabet: the centre line of its
// strokes in a box whose base line is y = 100, x-height 40 and cap height 0.
type glyph struct {
	width float64
	lines string // path data; see d
}

// bowl is the round part of a, b, d, g, o, p and q.
const bowl = "M30 40C46.6 40 60 53.4 60 70C60 86.6 46.6 100 30 100C13.4 100 0 86.6 0 70C0 53.4 13.4 40 30 40Z"

// arch is the shoulder of h and n.
const arch = "M0 70C0 52 11 40 28 40C44 40 54 50 54 67L54 100"

// lower returns a small letter.
func lower(r rune) (glyph, bool) {
	switch r {
	case 'a':
		return glyph{60, bowl + "M60 40L60 100"}, true
	case 'b':
		return glyph{60, bowl + "M0 0L0 100"}, true
	case 'c':
		return glyph{52, "M52 50C46 43.5 38.5 40 30 40C13.4 40 0 53.4 0 70C0 86.6 13.4 100 30 100C38.5 100 46 96.5 52 90"}, true
	case 'd':
		return glyph{60, bowl + "M60 0L60 100"}, true
	case 'e':
		return glyph{60, "M0 70L60 70C60 53.4 46.6 40 30 40C13.4 40 0 53.4 0 70C0 86.6 13.4 100 30 100C40 100 49 96 54.5 89"}, true
	case 'f':
		return glyph{36, "M38 3C23 1 15 9 15 25L15 100M0 40L34 40"}, true
	case 'g':
		return glyph{60, bowl + "M60 40L60 104C60 121 47 130 30 130C20 130 11 126 5 120"}, true
	case 'h':
		return glyph{54, "M0 0L0 100" + arch}, true
	case 'i':
		return glyph{0, "M0 40L0 100M0 12L0 17"}, true
	case 'j':
		return glyph{8, "M8 40L8 112C8 124 1 130 -10 129M8 12L8 17"}, true
	case 'k':
		return glyph{48, "M0 0L0 100M45 40L2 76M17 63L48 100"}, true
	case 'l':
		return glyph{0, "M0 0L0 100"}, true
	case 'm':
		return glyph{88, "M0 40L0 100M0 64C0 49 9 40 22 40C35 40 44 48 44 62L44 100M44 64C44 49 53 40 66 40C79 40 88 48 88 62L88 100"}, true
	case 'n':
		return glyph{54, "M0 40L0 100" + arch}, true
	case 'o':
		return glyph{60, bowl}, true
	}
	return lowerRest(r)
}

// lowerRest is lower's second half of the alphabet, and the letters with marks.
func lowerRest(r rune) (glyph, bool) {
	switch r {
	case 'p':
		return glyph{60, bowl + "M0 40L0 132"}, true
	case 'q':
		return glyph{60, bowl + "M60 40L60 132"}, true
	case 'r':
		return glyph{30, "M0 40L0 100M0 70C0 51 12 39 30 41"}, true
	case 's':
		return glyph{44, "M42 49C37 43 31 40 23 40C11 40 3 46 3 55C3 65 12 68 23 70C35 72 44 76 44 85C44 94 35 100 23 100C14 100 6 97 0 91"}, true
	case 't':
		return glyph{34, "M14 16L14 80C14 95 21 101 34 98M0 40L33 40"}, true
	case 'u':
		return glyph{54, "M0 40L0 73C0 90 10 100 26 100C43 100 54 88 54 70M54 40L54 100"}, true
	case 'v':
		return glyph{52, "M0 40L26 100L52 40"}, true
	case 'w':
		return glyph{84, "M0 40L21 100L42 42L63 100L84 40"}, true
	case 'x':
		return glyph{48, "M0 40L48 100M48 40L0 100"}, true
	case 'y':
		return glyph{52, "M0 40L26 99M52 40L22 114C17 126 10 131 -2 129"}, true
	case 'z':
		return glyph{46, "M0 40L45 40L0 100L47 100"}, true
	case 'ü':
		g, _ := lower('u')
		return glyph{g.width, g.lines + "M15 13L15 17M39 13L39 17"}, true
	case 'ö':
		g, _ := lower('o')
		return glyph{g.width, g.lines + "M18 13L18 17M42 13L42 17"}, true
	case 'ø':
		g, _ := lower('o')
		return glyph{g.width, g.lines + "M6 106L54 34"}, true
	case ' ':
		return glyph{20, ""}, true
	}
	return glyph{}, false
}

// capital returns a capital letter.
func capital(r rune) (glyph, bool) {
	switch r {
	case 'A':
		return glyph{84, "M0 100L42 0L84 100M15 66L69 66"}, true
	case 'B':
		return glyph{60, "M0 0L0 100L34 100C50 100 60 89 60 74C60 59 50 48 34 48L0 48M0 0L31 0C46 0 55 10 55 24C55 38 46 48 31 48"}, true
	case 'C':
		return glyph{82, "M82 20C73 7 62 0 48 0C20 0 0 21 0 50C0 79 20 100 48 100C62 100 73 93 82 80"}, true
	case 'D':
		return glyph{76, "M0 0L0 100L28 100C57 100 76 80 76 50C76 20 57 0 28 0Z"}, true
	case 'E':
		return glyph{54, "M54 0L0 0L0 100L54 100M0 49L47 49"}, true
	case 'F':
		return glyph{52, "M52 0L0 0L0 100M0 50L44 50"}, true
	case 'G':
		return glyph{86, "M80 18C71 6 61 0 48 0C20 0 0 21 0 50C0 79 20 100 48 100C71 100 86 84 86 56L50 56"}, true
	case 'H':
		return glyph{70, "M0 0L0 100M70 0L70 100M0 49L70 49"}, true
	case 'I':
		return glyph{0, "M0 0L0 100"}, true
	case 'J':
		return glyph{40, "M40 0L40 72C40 90 31 100 17 100C9 100 3 97 -2 90"}, true
	case 'K':
		return glyph{62, "M0 0L0 100M60 0L2 62M22 41L62 100"}, true
	case 'L':
		return glyph{50, "M0 0L0 100L50 100"}, true
	case 'M':
		return glyph{88, "M0 100L0 0L44 68L88 0L88 100"}, true
	}
	return capitalRest(r)
}

// capitalRest is capital's second half of the alphabet.
func capitalRest(r rune) (glyph, bool) {
	switch r {
	case 'N':
		return glyph{72, "M0 100L0 0L72 100L72 0"}, true
	case 'O':
		return glyph{100, "M50 0C77.6 0 100 22.4 100 50C100 77.6 77.6 100 50 100C22.4 100 0 77.6 0 50C0 22.4 22.4 0 50 0Z"}, true
	case 'P':
		return glyph{60, "M0 100L0 0L32 0C49 0 60 12 60 28C60 44 49 56 32 56L0 56"}, true
	case 'Q':
		return glyph{100, "M50 0C77.6 0 100 22.4 100 50C100 77.6 77.6 100 50 100C22.4 100 0 77.6 0 50C0 22.4 22.4 0 50 0ZM62 66L98 104"}, true
	case 'R':
		return glyph{62, "M0 100L0 0L32 0C49 0 59 11 59 27C59 43 49 54 32 54L0 54M30 54L62 100"}, true
	case 'S':
		return glyph{60, "M56 14C49 5 40 0 30 0C14 0 3 10 3 25C3 41 15 45 31 50C48 55 60 60 60 75C60 90 48 100 30 100C17 100 7 95 0 85"}, true
	case 'T':
		return glyph{70, "M0 0L70 0M35 0L35 100"}, true
	case 'U':
		return glyph{70, "M0 0L0 64C0 87 14 100 35 100C56 100 70 87 70 64L70 0"}, true
	case 'V':
		return glyph{80, "M0 0L40 100L80 0"}, true
	case 'W':
		return glyph{120, "M0 0L30 100L60 6L90 100L120 0"}, true
	case 'X':
		return glyph{72, "M0 0L72 100M72 0L0 100"}, true
	case 'Y':
		return glyph{76, "M0 0L38 52L76 0M38 52L38 100"}, true
	case 'Z':
		return glyph{70, "M0 0L68 0L0 100L70 100"}, true
	}
	return glyph{}, false
}

// letters sets text as one path from the origin and says how wide it is.
// A rune that the alphabet lacks is a mistake in the world's data, and panics.
func letters(text string, spacing float64) (path, float64) {
	var out path
	x := 0.0
	for i, r := range []rune(text) {
		g, ok := lower(r)
		if !ok {
			g, ok = capital(r)
		}
		if !ok {
			panic("drawing: no letter " + string(r))
		}
		if i > 0 {
			x += spacing
		}
		out = append(out, d(g.lines).on(shift(x, 0))...)
		x += g.width
	}
	return out, x
}

// A hand is how a wordmark is written.
type hand struct {
	weight float64 // of the strokes, in the alphabet's units; 12 is light, 26 heavy
	space  float64 // between letters
	slant  float64 // 0 upright, 0.2 italic
	tall   float64 // height by width; 0 means 1, more is condensed
	cut    bool    // straight ends and sharp corners instead of round ones
}

// word writes text centred on (cx, base line y) to the given width.
func (c *canvas) word(colour, text string, cx, y, width float64, h hand) {
	p, w := letters(text, h.space+h.weight)
	k := width / (w + h.weight)
	tall := h.tall
	if tall == 0 {
		tall = 1
	}
	m := shift(0, -100).then(scale(k, k*tall)).then(shear(h.slant)).then(shift(cx-k*w/2, y))
	draw := c.stroke
	if h.cut {
		draw = c.cut
	}
	draw(colour, h.weight*k, p.on(m))
}
