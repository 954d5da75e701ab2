package logoset

import (
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/image/colornames"
)

// rgb is a colour with channels from 0 to 1.
type rgb struct{ r, g, b float64 }

// level is a grey from 0, black, to 1, white.
func level(l float64) rgb { return rgb{l, l, l} }

func (c rgb) String() string {
	v := func(f float64) int { return int(math.Round(255 * min(1, max(0, f)))) }
	return fmt.Sprintf("#%02x%02x%02x", v(c.r), v(c.g), v(c.b))
}

// luma is ITU-R BT.601's.
func (c rgb) luma() float64 { return 0.299*c.r + 0.587*c.g + 0.114*c.b }

// apart is how far two colours are from one another: 0 alike, 1 black and white.
func (c rgb) apart(d rgb) float64 {
	return math.Sqrt(((c.r-d.r)*(c.r-d.r) + (c.g-d.g)*(c.g-d.g) + (c.b-d.b)*(c.b-d.b)) / 3)
}

// hsl returns the hue from 0 to 6, saturation and lightness from 0 to 1 (CSS Color 4, 7).
func (c rgb) hsl() (h, s, l float64) {
	hi, lo := max(c.r, c.g, c.b), min(c.r, c.g, c.b)
	l = (hi + lo) / 2
	if hi == lo {
		return 0, 0, l
	}
	d := hi - lo
	s = d / (1 - math.Abs(2*l-1))
	switch hi {
	case c.r:
		h = math.Mod((c.g-c.b)/d+6, 6)
	case c.g:
		h = (c.b-c.r)/d + 2
	default:
		h = (c.r-c.g)/d + 4
	}
	return h, s, l
}

func hsl(h, s, l float64) rgb {
	f := func(n float64) float64 {
		k := math.Mod(n+2*h, 12)
		return l - s*min(l, 1-l)*max(-1, min(k-3, 9-k, 1))
	}
	return rgb{f(0), f(8), f(4)}
}

// vivid draws a saturated colour of a lightness between lo and hi.
func vivid(r *rand.Rand, lo, hi float64) rgb {
	return hsl(6*r.Float64(), 0.6+0.4*r.Float64(), lo+(hi-lo)*r.Float64())
}

// paints finds colours where SVG has them: presentation attributes and style properties.
func paints() *regexp.Regexp {
	return regexp.MustCompile(`((?:fill|stroke|stop-color|flood-color|[^-]color)\s*(?:=\s*["']|:)\s*)(#[0-9a-fA-F]{3,8}\b|rgb\([^)]*\)|[a-zA-Z]+\b)`)
}

// repaint maps each colour of SVG text by f. What names no colour (none, url) stays.
func repaint(body string, f func(rgb) rgb) string {
	re := paints()
	return re.ReplaceAllStringFunc(body, func(s string) string {
		m := re.FindStringSubmatch(s)
		c, ok := parseColour(m[2])
		if !ok {
			return s
		}
		return m[1] + f(c).String()
	})
}

// colours returns each colour of SVG text, in order of appearance.
func colours(body string) []rgb {
	var all []rgb
	seen := map[rgb]bool{}
	repaint(body, func(c rgb) rgb {
		if !seen[c] {
			seen[c] = true
			all = append(all, c)
		}
		return c
	})
	return all
}

func parseColour(s string) (rgb, bool) {
	s = strings.ToLower(s)
	if hex, ok := strings.CutPrefix(s, "#"); ok {
		return parseHex(hex)
	}
	if args, ok := strings.CutPrefix(s, "rgb("); ok {
		var c [3]float64
		fields := strings.Fields(strings.NewReplacer(",", " ", ")", "").Replace(args))
		for i := range min(3, len(fields)) {
			v, err := strconv.ParseFloat(fields[i], 64)
			if err != nil {
				return rgb{}, false
			}
			c[i] = v / 255
		}
		return rgb{c[0], c[1], c[2]}, len(fields) == 3
	}
	c, ok := colornames.Map[s]
	return rgb{float64(c.R) / 255, float64(c.G) / 255, float64(c.B) / 255}, ok
}

// parseHex reads 3, 4, 6 or 8 digits; alpha is left out.
func parseHex(hex string) (rgb, bool) {
	if len(hex) == 3 || len(hex) == 4 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	if len(hex) < 6 {
		return rgb{}, false
	}
	v, err := strconv.ParseUint(hex[:6], 16, 32)
	return rgb{float64(v>>16) / 255, float64(v>>8&255) / 255, float64(v&255) / 255}, err == nil
}
