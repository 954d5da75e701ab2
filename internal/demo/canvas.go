package demo

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"strconv"
)

// A palette is the colours of one logo, as SVG writes them.
type palette struct {
	ink    string // the main colour
	second string // beside it
	accent string // for the small parts
	paper  string // what is behind the drawing
}

// A canvas collects a drawing made in a square of 100 by 100.
type canvas struct {
	pal    palette
	m      affine  // from the drawing's square to the view box
	size   float64 // of the view box
	digits int     // decimals written
	wobble float64 // how far points are moved, in view box units: a logo drawn again by another hand
	step   int     // counts the points moved
	defs   bytes.Buffer
	body   bytes.Buffer
	grads  int
}

// newCanvas makes a canvas whose view box has the given size.
func newCanvas(pal palette, size float64, digits int) *canvas {
	return &canvas{pal: pal, m: scale(size/100, size/100), size: size, digits: digits}
}

// within draws with m applied first and puts the canvas back as it was.
func (c *canvas) within(m affine, draw func(*canvas)) {
	was := c.m
	c.m = m.then(was)
	draw(c)
	c.m = was
}

// fill paints paths in one colour.
func (c *canvas) fill(colour string, ps ...path) {
	fmt.Fprintf(&c.body, `<path fill="%s" d="%s"/>`, colour, c.data(ps))
	c.body.WriteByte('\n')
}

// hollow paints paths in one colour; where they overlap stays unpainted.
func (c *canvas) hollow(colour string, ps ...path) {
	fmt.Fprintf(&c.body, `<path fill="%s" fill-rule="evenodd" d="%s"/>`, colour, c.data(ps))
	c.body.WriteByte('\n')
}

// stroke draws lines with round ends and joins.
func (c *canvas) stroke(colour string, width float64, ps ...path) {
	c.line(colour, width, "round", "round", ps)
}

// cut draws lines with straight ends and sharp joins.
func (c *canvas) cut(colour string, width float64, ps ...path) {
	c.line(colour, width, "butt", "miter", ps)
}

func (c *canvas) line(colour string, width float64, ends, joins string, ps []path) {
	fmt.Fprintf(&c.body, `<path fill="none" stroke="%s" stroke-width="%s" stroke-linecap="%s" stroke-linejoin="%s" d="%s"/>`,
		colour, c.num(width*c.m.magnitude()), ends, joins, c.data(ps))
	c.body.WriteByte('\n')
}

// dot paints a circle.
func (c *canvas) dot(colour string, cx, cy, r float64) {
	at := c.m.apply(pt{cx, cy})
	fmt.Fprintf(&c.body, `<circle cx="%s" cy="%s" r="%s" fill="%s"/>`, c.num(at.x), c.num(at.y), c.num(r*c.m.magnitude()), colour)
	c.body.WriteByte('\n')
}

// sheet paints the whole view box.
func (c *canvas) sheet(colour string) {
	fmt.Fprintf(&c.body, `<rect width="%s" height="%[1]s" fill="%s"/>`, c.num(c.size), colour)
	c.body.WriteByte('\n')
}

// blend defines a gradient between two points and returns the paint that refers to it.
func (c *canvas) blend(x0, y0, x1, y1 float64, from, to string) string {
	c.grads++
	a, b := c.m.apply(pt{x0, y0}), c.m.apply(pt{x1, y1})
	fmt.Fprintf(&c.defs, `<linearGradient id="g%d" gradientUnits="userSpaceOnUse" x1="%s" y1="%s" x2="%s" y2="%s">`+
		`<stop offset="0" stop-color="%s"/><stop offset="1" stop-color="%s"/></linearGradient>`,
		c.grads, c.num(a.x), c.num(a.y), c.num(b.x), c.num(b.y), from, to)
	return fmt.Sprintf("url(#g%d)", c.grads)
}

// data writes paths as one path data attribute.
func (c *canvas) data(ps []path) string {
	var b []byte
	for _, p := range ps {
		for _, s := range p {
			b = append(b, s.op)
			for k := range operands(s.op) {
				q := c.shaken(c.m.apply(s.p[k]))
				if k > 0 {
					b = append(b, ' ')
				}
				b = append(append(append(b, c.num(q.x)...), ' '), c.num(q.y)...)
			}
		}
	}
	return string(b)
}

// shaken moves a point by at most the wobble, each point to another side.
func (c *canvas) shaken(p pt) pt {
	if c.wobble == 0 {
		return p
	}
	c.step++
	sin, cos := math.Sincos(float64(c.step) * 2.399963) // the golden angle never repeats a direction
	return pt{p.x + c.wobble*cos, p.y + c.wobble*sin}
}

// num writes a coordinate with the canvas's decimals and no trailing zeros.
func (c *canvas) num(f float64) string {
	pow := math.Pow(10, float64(c.digits))
	f = math.Round(f*pow) / pow
	if f == 0 {
		f = 0 // no negative zero
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// svg returns the drawing as an SVG Tiny PS document (draft-svg-tiny-ps-abrotman).
func (c *canvas) svg(title string) []byte {
	var out bytes.Buffer
	size := c.num(c.size)
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny-ps" viewBox="0 0 %s %s">`, size, size)
	out.WriteString("\n<title>")
	_ = xml.EscapeText(&out, []byte(title)) // a bytes.Buffer takes every write
	out.WriteString("</title>\n")
	if c.defs.Len() > 0 {
		out.WriteString("<defs>" + c.defs.String() + "</defs>\n")
	}
	out.Write(c.body.Bytes())
	out.WriteString("</svg>\n")
	return out.Bytes()
}
