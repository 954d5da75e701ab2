package raster

import (
	"math"
	"strconv"
	"strings"

	"golang.org/x/image/colornames"
)

// colour is an sRGB colour that is not premultiplied, 0 to 1.
type colour struct{ r, g, b, a float64 }

// premultiplied is the colour in bytes, its alpha scaled by opacity.
func (c colour) premultiplied(opacity float64) solid {
	a := clamp01(c.a * opacity)
	return solid{byteOf(c.r * a), byteOf(c.g * a), byteOf(c.b * a), byteOf(a)}
}

// black is opaque.
func black() colour { return colour{a: 1} }

// parseColour reads a CSS colour; currentColor and the like are none.
func parseColour(s string) (colour, bool) {
	s = strings.TrimSpace(s)
	if hex, ok := strings.CutPrefix(s, "#"); ok {
		return hexColour(hex)
	}
	s = strings.ToLower(s)
	name, rest, isFunction := strings.Cut(s, "(")
	if isFunction {
		args, ok := strings.CutSuffix(strings.TrimSpace(rest), ")")
		if !ok {
			return colour{}, false
		}
		return colourFunction(strings.TrimSpace(name), args)
	}
	if s == "transparent" {
		return colour{}, true
	}
	if s == "rebeccapurple" {
		return colour{102.0 / 255, 51.0 / 255, 153.0 / 255, 1}, true
	}
	named, ok := colornames.Map[s]
	if !ok {
		return colour{}, false
	}
	return colour{float64(named.R) / 255, float64(named.G) / 255, float64(named.B) / 255, 1}, true
}

// hexColour reads 3, 4, 6 or 8 hexadecimal digits.
func hexColour(hex string) (colour, bool) {
	if len(hex) == 3 || len(hex) == 4 {
		var double [8]byte
		for i := range len(hex) {
			double[2*i], double[2*i+1] = hex[i], hex[i]
		}
		hex = string(double[:2*len(hex)])
	}
	if len(hex) == 6 {
		hex += "ff"
	}
	n, err := strconv.ParseUint(hex, 16, 32)
	if err != nil || len(hex) != 8 {
		return colour{}, false
	}
	part := func(shift uint) float64 { return float64(n>>shift&0xff) / 255 }
	return colour{part(24), part(16), part(8), part(0)}, true
}

// colourFunction reads the arguments of rgb(), rgba(), hsl() and hsla(), with
// commas or spaces.
func colourFunction(name, args string) (colour, bool) {
	if name != "rgb" && name != "rgba" && name != "hsl" && name != "hsla" {
		return colour{}, false
	}
	v, percents, ok := components(args)
	if !ok {
		return colour{}, false
	}
	if name[0] == 'h' {
		return hsl(v[0], clamp01(v[1]), clamp01(v[2]), clamp01(v[3])), true
	}
	for i := range 3 {
		if !percents[i] {
			v[i] = math.Round(v[i]) / 255
		}
		v[i] = clamp01(v[i])
	}
	return colour{v[0], v[1], v[2], clamp01(v[3])}, true
}

// components reads three or four numbers, percentages as fractions. The fourth
// is 1 where it is not given.
func components(args string) (v [4]float64, percents [4]bool, ok bool) {
	l := lexer{s: args}
	v[3] = 1
	n := 0
	for l.space(); !l.done(); n++ {
		if n > 0 {
			l.comma()
			l.take('/')
			l.space()
		}
		x, ok := l.number()
		if !ok || n == 4 {
			return v, percents, false
		}
		v[n] = x
		if percents[n] = l.take('%'); percents[n] {
			v[n] /= 100
		} else if strings.HasPrefix(l.s[l.i:], "deg") {
			l.i += len("deg")
		}
		l.space()
	}
	return v, percents, n >= 3
}

// hsl is the colour of a hue in degrees, a saturation and a lightness (CSS
// Color 4, 7).
func hsl(h, s, l, a float64) colour {
	h = math.Mod(h, 360)
	if h < 0 {
		h += 360
	}
	part := func(n float64) float64 {
		k := math.Mod(n+h/30, 12)
		return l - float64(s*min(l, 1-l)*max(-1, min(k-3, 9-k, 1)))
	}
	return colour{part(0), part(8), part(4), a}
}
