package tinyps

import (
	"strings"
)

// background looks at the first thing that is drawn: where it isn't an opaque
// shape over the whole viewBox, what lies behind the logo seems to show.
func (c *checker) background(e *open, at int) {
	if c.viewBox.width == 0 {
		return
	}
	if why := c.uncovered(e); why != "" {
		c.findf("svg-background", at, "the first thing drawn, %s, %s", tagName(e.local), why)
	}
}

// uncovered says why a shape doesn't cover the viewBox; "" where it does, as far as can be told.
func (c *checker) uncovered(e *open) string {
	if fill := c.inheritedFill(); fill == "none" || fill == "transparent" {
		return "isn't filled"
	}
	if a := c.attr("fill-opacity"); a != nil {
		if n, ok := number(strings.Trim(a.value, " ")); ok && n < 1 {
			return "is transparent"
		}
	}
	if !c.covers(e.local) {
		return "doesn't cover the viewBox"
	}
	return ""
}

// inheritedFill is the fill of the element in hand, its own or that of an open group.
func (c *checker) inheritedFill() string {
	for i := len(c.stack) - 1; i >= 0; i-- {
		if fill := c.stack[i].fill; fill != "" && fill != "inherit" {
			return fill
		}
	}
	return ""
}

// covers tells whether the shape in hand reaches over the whole viewBox. A shape
// that is moved by a transform, its own or that of a group, is taken to do so.
func (c *checker) covers(shape string) bool {
	if c.attr("transform") != nil || c.movedGroup() {
		return true
	}
	v := c.viewBox
	slack := 0.01 * max(v.width, v.height)
	var b box
	switch shape {
	case "rect":
		b = box{c.coordinate("x", v.width), c.coordinate("y", v.height), c.coordinate("width", v.width), c.coordinate("height", v.height)}
	case "circle", "ellipse":
		rx, ry := c.coordinate("rx", v.width), c.coordinate("ry", v.height)
		if shape == "circle" {
			rx = c.coordinate("r", v.width)
			ry = rx
		}
		rx, ry = rx*0.7072, ry*0.7072 // the square within
		b = box{c.coordinate("cx", v.width) - rx, c.coordinate("cy", v.height) - ry, 2 * rx, 2 * ry}
	case "path":
		var ok bool
		if b, ok = pathBox(c.attr("d")); !ok {
			return false
		}
	default:
		return false
	}
	return b.x <= v.x+slack && b.y <= v.y+slack && b.x+b.width >= v.x+v.width-slack && b.y+b.height >= v.y+v.height-slack
}

// movedGroup tells whether a group that is open has a transform, which isn't followed.
func (c *checker) movedGroup() bool {
	for i := range c.stack {
		if c.stack[i].moved {
			return true
		}
	}
	return false
}

// coordinate reads a coordinate of the element in hand, a part of whole where it is a percentage.
func (c *checker) coordinate(key string, whole float64) float64 {
	a := c.attr(key)
	if a == nil {
		return 0
	}
	if percent, ok := strings.CutSuffix(strings.Trim(a.value, " "), "%"); ok {
		n, _ := number(percent)
		return n / 100 * whole
	}
	n, _ := length(a.value)
	return n
}
