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

// smalls are the letters from a to z.
func smalls() [26]glyph {
	return [26]glyph{
		{60, bowl + "M60 40L60 100"}, // a
		{60, bowl + "M0 0L0 100"},    // b
		{52, "M52 50C46 43.5 38.5 40 30 40C13.4 40 0 53.4 0 70C0 86.6 13.4 100 30 100C38.5 100 46 96.5 52 90"}, // c
		{60, bowl + "M60 0L60 100"}, // d
		{60, "M0 70L60 70C60 53.4 46.6 40 30 40C13.4 40 0 53.4 0 70C0 86.6 13.4 100 30 100C40 100 49 96 54.5 89"}, // e
		{36, "M38 3C23 1 15 9 15 25L15 100M0 40L34 40"},                                                           // f
		{60, bowl + "M60 40L60 104C60 121 47 130 30 130C20 130 11 126 5 120"},                                     // g
		{54, "M0 0L0 100" + arch},                        // h
		{0, "M0 40L0 100M0 12L0 17"},                     // i
		{8, "M8 40L8 112C8 124 1 130 -10 129M8 12L8 17"}, // j
		{48, "M0 0L0 100M45 40L2 76M17 63L48 100"},       // k
		{0, "M0 0L0 100"},                                // l
		{88, "M0 40L0 100M0 64C0 49 9 40 22 40C35 40 44 48 44 62L44 100M44 64C44 49 53 40 66 40C79 40 88 48 88 62L88 100"}, // m
		{54, "M0 40L0 100" + arch},                // n
		{60, bowl},                                // o
		{60, bowl + "M0 40L0 132"},                // p
		{60, bowl + "M60 40L60 132"},              // q
		{30, "M0 40L0 100M0 70C0 51 12 39 30 41"}, // r
		{44, "M42 49C37 43 31 40 23 40C11 40 3 46 3 55C3 65 12 68 23 70C35 72 44 76 44 85C44 94 35 100 23 100C14 100 6 97 0 91"}, // s
		{34, "M14 16L14 80C14 95 21 101 34 98M0 40L33 40"},                                                                       // t
		{54, "M0 40L0 73C0 90 10 100 26 100C43 100 54 88 54 70M54 40L54 100"},                                                    // u
		{52, "M0 40L26 100L52 40"},                            // v
		{84, "M0 40L21 100L42 42L63 100L84 40"},               // w
		{48, "M0 40L48 100M48 40L0 100"},                      // x
		{52, "M0 40L26 99M52 40L22 114C17 126 10 131 -2 129"}, // y
		{46, "M0 40L45 40L0 100L47 100"},                      // z
	}
}

// capitals are the letters from A to Z.
func capitals() [26]glyph {
	return [26]glyph{
		{84, "M0 100L42 0L84 100M15 66L69 66"}, // A
		{60, "M0 0L0 100L34 100C50 100 60 89 60 74C60 59 50 48 34 48L0 48M0 0L31 0C46 0 55 10 55 24C55 38 46 48 31 48"}, // B
		{82, "M82 20C73 7 62 0 48 0C20 0 0 21 0 50C0 79 20 100 48 100C62 100 73 93 82 80"},                              // C
		{76, "M0 0L0 100L28 100C57 100 76 80 76 50C76 20 57 0 28 0Z"},                                                   // D
		{54, "M54 0L0 0L0 100L54 100M0 49L47 49"},                                                                       // E
		{52, "M52 0L0 0L0 100M0 50L44 50"},                                                                              // F
		{86, "M80 18C71 6 61 0 48 0C20 0 0 21 0 50C0 79 20 100 48 100C71 100 86 84 86 56L50 56"},                        // G
		{70, "M0 0L0 100M70 0L70 100M0 49L70 49"},                                                                       // H
		{0, "M0 0L0 100"}, // I
		{40, "M40 0L40 72C40 90 31 100 17 100C9 100 3 97 -2 90"}, // J
		{62, "M0 0L0 100M60 0L2 62M22 41L62 100"},                // K
		{50, "M0 0L0 100L50 100"},                                // L
		{88, "M0 100L0 0L44 68L88 0L88 100"},                     // M
		{72, "M0 100L0 0L72 100L72 0"},                           // N
		{100, "M50 0C77.6 0 100 22.4 100 50C100 77.6 77.6 100 50 100C22.4 100 0 77.6 0 50C0 22.4 22.4 0 50 0Z"},              // O
		{60, "M0 100L0 0L32 0C49 0 60 12 60 28C60 44 49 56 32 56L0 56"},                                                      // P
		{100, "M50 0C77.6 0 100 22.4 100 50C100 77.6 77.6 100 50 100C22.4 100 0 77.6 0 50C0 22.4 22.4 0 50 0ZM62 66L98 104"}, // Q
		{62, "M0 100L0 0L32 0C49 0 59 11 59 27C59 43 49 54 32 54L0 54M30 54L62 100"},                                         // R
		{60, "M56 14C49 5 40 0 30 0C14 0 3 10 3 25C3 41 15 45 31 50C48 55 60 60 60 75C60 90 48 100 30 100C17 100 7 95 0 85"}, // S
		{70, "M0 0L70 0M35 0L35 100"},                                // T
		{70, "M0 0L0 64C0 87 14 100 35 100C56 100 70 87 70 64L70 0"}, // U
		{80, "M0 0L40 100L80 0"},                                     // V
		{120, "M0 0L30 100L60 6L90 100L120 0"},                       // W
		{72, "M0 0L72 100M72 0L0 100"},                               // X
		{76, "M0 0L38 52L76 0M38 52L38 100"},                         // Y
		{70, "M0 0L68 0L0 100L70 100"},                               // Z
	}
}

// letter returns the glyph of a rune, and whether the alphabet has it.
func letter(r rune) (glyph, bool) {
	switch {
	case r >= 'a' && r <= 'z':
		return smalls()[r-'a'], true
	case r >= 'A' && r <= 'Z':
		return capitals()[r-'A'], true
	case r == 'ü':
		return glyph{54, smalls()['u'-'a'].lines + "M15 13L15 17M39 13L39 17"}, true
	case r == 'ö':
		return glyph{60, bowl + "M18 13L18 17M42 13L42 17"}, true
	case r == 'ø':
		return glyph{60, bowl + "M6 106L54 34"}, true
	}
	return glyph{}, false
}

// letters sets text as one path from the origin and says how wide it is.
// A rune that the alphabet lacks is a mistake in the world's data, and panics.
func letters(text string, spacing float64) (path, float64) {
	var out path
	x := 0.0
	for i, r := range []rune(text) {
		g, ok := letter(r)
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
