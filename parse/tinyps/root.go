package tinyps

import (
	"math"
	"strconv"
	"strings"
)

// box is a rectangle; empty where it has no size.
type box struct{ x, y, width, height float64 }

// root judges the attributes of the root that the profile asks for.
func (c *checker) root(at int) {
	c.required("svg-base-profile", "baseProfile", at)
	c.required("svg-version", "version", at)
	for _, key := range []string{"width", "height"} {
		if a := c.attr(key); a != nil {
			if _, ok := length(a.value); !ok {
				c.findf("svg-relative-size", a.at, "%s is %s", key, quote(a.value))
			}
		}
	}
	a := c.attr("viewBox")
	if a == nil {
		c.findf("svg-view-box-absent", at, "the root has none")
		return
	}
	b, ok := readBox(a.value)
	if !ok {
		c.findf("svg-view-box", a.at, "it is %s, not four numbers of which the last two are more than 0", quote(a.value))
		return
	}
	c.viewBox = b
	if math.Abs(b.width-b.height) > 1e-6*max(b.width, b.height) {
		c.findf("svg-not-square", a.at, "the viewBox is %g wide and %g high", b.width, b.height)
	}
}

// required judges an attribute of the root that must have the one value it takes.
func (c *checker) required(rule, key string, at int) {
	switch a := c.attr(key); {
	case a == nil:
		c.findf(rule, at, "the root has no %s", key)
	case !takes(key, a.value):
		c.findf(rule, a.at, "it is %s", quote(a.value))
	}
}

// attr finds an attribute without namespace of the element in hand; nil where it is absent.
func (c *checker) attr(key string) *attribute {
	for i := range c.attrs {
		if c.attrs[i].space == "" && c.attrs[i].local == key {
			return &c.attrs[i]
		}
	}
	return nil
}

// readBox reads a viewBox.
func readBox(s string) (box, bool) {
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' })
	if len(parts) != 4 {
		return box{}, false
	}
	var n [4]float64
	for i, part := range parts {
		var ok bool
		if n[i], ok = number(part); !ok {
			return box{}, false
		}
	}
	return box{n[0], n[1], n[2], n[3]}, n[2] > 0 && n[3] > 0
}

// number reads a number as SVG writes it.
func number(s string) (float64, bool) {
	if strings.Trim(s, "0123456789+-.eE") != "" {
		return 0, false
	}
	n, err := strconv.ParseFloat(s, 64)
	return n, err == nil && !math.IsInf(n, 0)
}

// length reads an absolute length, whose unit may be absent.
func length(s string) (float64, bool) {
	s = strings.Trim(s, " ")
	for _, unit := range []string{"px", "pt", "pc", "mm", "cm", "in"} {
		if rest, ok := strings.CutSuffix(s, unit); ok {
			s = rest
			break
		}
	}
	return number(s)
}
