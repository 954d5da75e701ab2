package notice

import (
	"fmt"
	"html/template"
	"math"
	"regexp"
	"strconv"

	"markwatch/match"
)

// Palette is the client's one colour, as it can be read on light and on dark
// ground.
type Palette struct {
	Bar        template.CSS // as chosen
	Light      template.CSS // text on white
	Dark       template.CSS // text on the dark ground
	Button     template.CSS // ground of a button
	ButtonText template.CSS // text on it
}

// Tint is a severity's colours: text and ground on light paper and on dark.
type Tint struct{ Ink, Ground, DarkInk, DarkGround template.CSS }

// tintOf is a severity's tint. Each ink has a contrast of 4.5 or more to its ground.
func tintOf(s match.Severity) Tint {
	switch s {
	case match.Critical:
		return Tint{"#8f1414", "#fbe4e4", "#ffb4ab", "#4a1716"}
	case match.High:
		return Tint{"#8a3b00", "#fdebdc", "#ffb787", "#452410"}
	case match.Medium:
		return Tint{"#6b5200", "#faf1d0", "#ebcb6a", "#3a300c"}
	}
	return Tint{"#3f4a5a", "#e9edf2", "#c0cad8", "#2a323d"}
}

// house is the colour where none is chosen.
const house = "#1f4e79"

// darkGround is the paper of the dark mode.
const darkGround = "#1b1e23"

// readable is the contrast that WCAG 2.2 asks for of text (1.4.3), and a little
// for rounding to eight bits.
const readable = 4.55

var hexColour = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// newPalette makes the palette of a colour as #rrggbb.
func newPalette(colour string) Palette {
	if !hexColour.MatchString(colour) {
		colour = house
	}
	c := parseColour(colour)
	p := Palette{Bar: c.css(), Light: c.towards(rgb{}, rgb{1, 1, 1}).css(), Dark: c.towards(rgb{1, 1, 1}, parseColour(darkGround)).css()}
	button := c.towards(rgb{}, rgb{1, 1, 1})
	p.Button, p.ButtonText = button.css(), "#ffffff"
	return p
}

// rgb is a colour with channels from 0 to 1, as sRGB writes them.
type rgb [3]float64

func parseColour(s string) rgb {
	var c rgb
	for i := range c {
		n, err := strconv.ParseUint(s[1+2*i:3+2*i], 16, 8)
		if err != nil { // the pattern has been checked
			return rgb{}
		}
		c[i] = float64(n) / 255
	}
	return c
}

func (c rgb) css() template.CSS {
	return template.CSS(fmt.Sprintf("#%02x%02x%02x", int(math.Round(c[0]*255)), int(math.Round(c[1]*255)), int(math.Round(c[2]*255))))
}

// luminance is the relative luminance of WCAG 2.2.
func (c rgb) luminance() float64 {
	sum := 0.0
	for i, weight := range [3]float64{0.2126, 0.7152, 0.0722} {
		channel := c[i] / 12.92
		if c[i] > 0.04045 {
			channel = math.Pow((c[i]+0.055)/1.055, 2.4)
		}
		sum += weight * channel
	}
	return sum
}

// contrast is the contrast ratio of WCAG 2.2, from 1 to 21.
func (c rgb) contrast(other rgb) float64 {
	a, b := c.luminance(), other.luminance()
	return (max(a, b) + 0.05) / (min(a, b) + 0.05)
}

// towards mixes the colour with another until it can be read on the ground.
func (c rgb) towards(end, ground rgb) rgb {
	mixed := c
	for share := 0.0; share <= 1 && mixed.contrast(ground) < readable; share += 0.05 {
		for i := range mixed {
			mixed[i] = c[i]*(1-share) + end[i]*share
		}
	}
	return mixed
}
