package raster

import (
	"math"
	"strings"
)

// initialFontSize is CSS's medium, in pixels.
const initialFontSize = 16

// style is the value of each property of an element.
type style struct {
	inherited
	own
}

// inherited are the properties that an element has from its parent.
type inherited struct {
	colour                                  colour
	fill, stroke                            paint
	fillOpacity, strokeOpacity              opacity
	fillRule, clipRule                      keyword
	strokeWidth, dashOffset                 length
	lineCap, lineJoin                       keyword
	miterLimit                              float64
	dashes                                  []length
	visibility, shapeRendering, paintOrder  keyword
	fontSize                                fontSize
	fontWeight, fontStyle, anchor, baseline keyword
	letterSpacing                           length
	filterColours                           keyword
	markerStart, markerMid, markerEnd       reference
	vars                                    *variables
}

// own are the properties that an element has for itself.
type own struct {
	display                            keyword
	opacity, stopOpacity, floodOpacity opacity
	stopColour, floodColour            paint
	clipPath, mask, filter             reference
	overflow, maskType                 keyword
	vectorEffect, blend                keyword
	transform, transformOrigin         text
	transformBox                       keyword
}

// The types of property values, each of which says how a value is read.
type (
	opacity   float64 // 0 to 1
	keyword   uint8   // place among the property's keywords
	reference string  // the id of url(#id); "" is none
	fontSize  float64 // user units
	text      string  // read where it is used
)

// paint is the value of fill and stroke.
type paint struct {
	kind     paintKind
	colour   colour
	ref      string    // the id of a paint server
	fallback paintKind // where the paint server is none: no paint, the colour, currentColor
}

// paintKind is what a paint is.
type paintKind uint8

const (
	noPaint paintKind = iota
	colourPaint
	currentPaint
	serverPaint
	contextFill
	contextStroke
)

// variables are the custom properties in scope.
type variables struct {
	name, value string
	next        *variables
	count       int
}

// with adds a variable. More than anyone needs are left out: each look-up goes
// through all of them.
func (v *variables) with(name, value string) *variables {
	const most = 256
	count := 1
	if v != nil {
		count = v.count + 1
	}
	if count > most {
		return v
	}
	return &variables{name, value, v, count}
}

// The keywords that are asked for by place.
const (
	evenOdd        = keyword(1)
	displayNone    = keyword(1)
	visible        = keyword(0)
	crispEdges     = keyword(1)
	strokeFirst    = keyword(1)
	alphaMask      = keyword(1)
	overflowShows  = keyword(2) // visible and auto
	nonScaling     = keyword(1)
	boxFill        = keyword(1)
	capRound       = keyword(1)
	capSquare      = keyword(2)
	joinRound      = keyword(1)
	joinBevel      = keyword(2)
	anchorMiddle   = keyword(1)
	anchorEnd      = keyword(2)
	blendNormal    = keyword(0)
	linearRGB      = keyword(0)
	weightBoldFrom = keyword(1)
	weightBoldTo   = keyword(6)
)

// initialStyle is the style of the root's parent.
func initialStyle() style {
	return style{
		inherited: inherited{
			colour: black(),
			fill:   paint{kind: colourPaint, colour: black()}, fillOpacity: 1, strokeOpacity: 1,
			strokeWidth: length{v: 1}, miterLimit: 4, fontSize: initialFontSize,
		},
		own: initialOwn(),
	}
}

// initialOwn is what is not inherited.
func initialOwn() own {
	return own{
		opacity: 1, stopOpacity: 1, floodOpacity: 1,
		stopColour:  paint{kind: colourPaint, colour: black()},
		floodColour: paint{kind: colourPaint, colour: black()},
	}
}

// set gives a property the value as it is written. What can't be read leaves
// it as it was.
func (s *style) set(name, value string, parent *style) {
	if strings.HasPrefix(name, "--") {
		s.vars = s.vars.with(name, value)
		return
	}
	if strings.Contains(value, "var(") {
		var ok bool
		if value, ok = s.substitute(value); !ok {
			return
		}
	}
	switch name {
	case "marker":
		for _, one := range []string{"marker-start", "marker-mid", "marker-end"} {
			s.set(one, value, parent)
		}
		return
	case "font":
		s.shorthand(value, parent)
		return
	}
	field := s.field(name)
	if field == nil {
		return
	}
	value = strings.TrimSpace(value)
	switch {
	case strings.EqualFold(value, "inherit"):
		assign(field, parent.field(name))
	case strings.EqualFold(value, "initial"):
		initial := initialStyle()
		assign(field, initial.field(name))
	case strings.EqualFold(value, "unset"), strings.EqualFold(value, "revert"):
	default:
		s.parse(name, field, value, parent)
	}
}

// assign copies a property's value.
func assign(to, from any) {
	switch to := to.(type) {
	case *paint:
		*to = *from.(*paint)
	case *colour:
		*to = *from.(*colour)
	case *opacity:
		*to = *from.(*opacity)
	case *keyword:
		*to = *from.(*keyword)
	case *length:
		*to = *from.(*length)
	case *[]length:
		*to = *from.(*[]length)
	case *reference:
		*to = *from.(*reference)
	case *fontSize:
		*to = *from.(*fontSize)
	case *text:
		*to = *from.(*text)
	case *float64:
		*to = *from.(*float64)
	}
}

// parse reads a value by the type of its property.
func (s *style) parse(name string, field any, value string, parent *style) {
	switch f := field.(type) {
	case *paint:
		keep(f, value, parsePaint)
	case *colour:
		keep(f, value, parseColour)
	case *opacity:
		keep(f, value, parseOpacity)
	case *keyword:
		setKeyword(f, name, value)
	case *length:
		setLength(f, name, value)
	case *[]length:
		keep(f, value, parseDashes)
	case *reference:
		s.setReference(f, name, value)
	case *fontSize:
		if l, ok := parseLength(value); ok && l.v >= 0 {
			size := float64(parent.fontSize)
			*f = fontSize(l.resolve(horizontal, extent{width: size}, size))
		}
	case *text:
		*f = text(value)
	case *float64:
		keep(f, value, parseMiter)
	}
}

// setLength reads a length; a stroke's width is not negative.
func setLength(f *length, name, value string) {
	if l, ok := parseLength(value); ok && !(l.v < 0 && name == "stroke-width") {
		*f = l
	}
}

// keep sets a property to what is read of a value, if it can be read.
func keep[T any](f *T, value string, parse func(string) (T, bool)) {
	if v, ok := parse(value); ok {
		*f = v
	}
}

// parseOpacity reads an opacity and holds it within 0 and 1.
func parseOpacity(value string) (opacity, bool) {
	v, ok := fraction(value)
	return opacity(clamp01(v)), ok
}

// parseMiter reads a miter limit, which is no less than 1.
func parseMiter(value string) (float64, bool) {
	v, ok := fraction(value)
	return v, ok && v >= 1 && !math.IsInf(v, 0)
}

// setKeyword reads a keyword.
func setKeyword(f *keyword, name, value string) {
	if name == "paint-order" {
		value, _, _ = strings.Cut(value, " ")
	}
	place := keyword(0)
	for rest := keywords(name); rest != ""; place++ {
		var one string
		one, rest, _ = strings.Cut(rest, " ")
		if strings.EqualFold(one, value) {
			*f = place
			return
		}
	}
}

// setReference reads url(#id) or none.
func (s *style) setReference(f *reference, name, value string) {
	if strings.EqualFold(value, "none") {
		*f = ""
		return
	}
	if id, _, ok := parseURL(value); ok {
		*f = reference(id)
		return
	}
	if name == "filter" || name == "clip-path" {
		*f = "\x00" // a function: something, but nothing that can be looked up
	}
}

// parseURL reads url(#id) and gives what follows it. The id of what is not in
// the document is one that nothing has.
func parseURL(value string) (id, rest string, ok bool) {
	inner, ok := strings.CutPrefix(value, "url(")
	if !ok {
		return "", "", false
	}
	inner, rest, ok = strings.Cut(inner, ")")
	if !ok {
		return "", "", false
	}
	inner = strings.Trim(inner, " \t\r\n\"'")
	if id, ok = strings.CutPrefix(inner, "#"); !ok || id == "" {
		return "\x00", strings.TrimSpace(rest), true
	}
	return id, strings.TrimSpace(rest), true
}

// parsePaint reads the value of fill, stroke or a stop's colour.
func parsePaint(value string) (paint, bool) {
	switch {
	case strings.EqualFold(value, "none"):
		return paint{}, true
	case strings.EqualFold(value, "currentcolor"):
		return paint{kind: currentPaint}, true
	case value == "context-fill":
		return paint{kind: contextFill}, true
	case value == "context-stroke":
		return paint{kind: contextStroke}, true
	}
	if id, rest, ok := parseURL(value); ok {
		p := paint{kind: serverPaint, ref: id}
		if rest != "" {
			other, ok := parsePaint(rest)
			if !ok || other.kind > currentPaint {
				return paint{}, false
			}
			p.fallback, p.colour = other.kind, other.colour
		}
		return p, true
	}
	c, ok := parseColour(value)
	return paint{kind: colourPaint, colour: c}, ok
}

// parseDashes reads a list of lengths, none of them negative; all zero is none.
func parseDashes(value string) ([]length, bool) {
	if strings.EqualFold(value, "none") {
		return nil, true
	}
	var list []length
	sum := 0.0
	for _, one := range strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r < 128 && isSpace(byte(r)) }) {
		l, ok := parseLength(one)
		if !ok || l.v < 0 {
			return nil, false
		}
		sum += l.v
		list = append(list, l)
	}
	if sum == 0 {
		return nil, true
	}
	return list, true
}
