package tinyps

import "strings"

// group is a set of attributes that elements have in common, as bits.
type group uint8

const (
	core        group = 1 << iota // identity, language, RDFa
	properties                    // how it is painted, and fonts
	conditional                   // requiredFonts, systemLanguage
	transform
	media // display and rendering, which the schema gives to desc and title alone
)

// content is what may stand in an element, as bits.
type content uint8

const (
	text      content = 1 << iota
	graphics          // shapes, text, gradients, groups
	documents         // what the root alone has: title, desc, metadata
	stops             // stop elements
)

// element is what the schema says of one element.
type element struct {
	groups  group
	own     string // attributes of its own, each between spaces
	content content
	place   content // the kind of content that it is
	paints  bool    // it is drawn where it stands
}

// lookupElement gives the schema's rules of an element of the SVG namespace; nil where it has none.
func lookupElement(name string) *element {
	const shape = core | properties | conditional | transform
	switch name {
	case "svg":
		return &element{core | properties, rootAttributes, graphics | documents, 0, false}
	case "title", "desc":
		return &element{core | conditional | media, "", text, documents, false}
	case "metadata":
		return &element{0, "", text, documents, false}
	case "g":
		return &element{shape, "", graphics, graphics, false}
	case "defs":
		return &element{core | properties, "", graphics, graphics, false}
	case "use":
		return &element{shape, " xlink:href href x y ", 0, graphics, true}
	case "text":
		return &element{shape, " editable x y rotate ", text, graphics, true}
	case "textArea":
		return &element{shape, " x y width height ", text, graphics, true}
	case "solidColor":
		return &element{core | properties, "", 0, graphics, false}
	case "linearGradient":
		return &element{core | properties, " gradientUnits x1 y1 x2 y2 ", stops, graphics, false}
	case "radialGradient":
		return &element{core | properties, " gradientUnits cx cy r ", stops, graphics, false}
	case "stop":
		return &element{core | properties, " offset ", 0, stops, false}
	}
	if own := shapeAttributes(name); own != "" {
		return &element{shape, own, 0, graphics, true}
	}
	return nil
}

// rootAttributes are the root's own. The schema has neither x nor y among them.
const rootAttributes = " width height viewBox baseProfile version contentScriptType externalResourcesRequired" +
	" focusable playbackOrder preserveAspectRatio snapshotTime timelineBegin zoomAndPan "

// shapeAttributes are a basic shape's own attributes; "" for what is none.
func shapeAttributes(name string) string {
	switch name {
	case "path":
		return " d pathLength "
	case "rect":
		return " x y width height rx ry "
	case "circle":
		return " cx cy r "
	case "ellipse":
		return " cx cy rx ry "
	case "line":
		return " x1 y1 x2 y2 "
	case "polyline", "polygon":
		return " points "
	}
	return ""
}

// allows tells whether the element has the attribute.
func (e *element) allows(key string) bool {
	return e.groups&groupOf(key) != 0 || strings.Contains(e.own, " "+key+" ")
}

// groupOf is the group of an attribute; 0 for those that elements have of their own.
func groupOf(key string) group {
	switch key {
	case "id", "xml:id", "xml:base", "xml:lang", "xml:space", "class", "role", "rel", "rev",
		"typeof", "content", "datatype", "resource", "about", "property":
		return core
	case "fill", "fill-opacity", "fill-rule", "stroke", "stroke-opacity", "stroke-dasharray", "stroke-dashoffset",
		"stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-width", "color", "color-rendering",
		"vector-effect", "direction", "unicode-bidi", "solid-color", "solid-opacity", "display-align",
		"line-increment", "stop-color", "stop-opacity", "font-family", "font-size", "font-style", "font-variant",
		"font-weight", "text-anchor", "text-align":
		return properties
	case "requiredFonts", "systemLanguage":
		return conditional
	case "transform":
		return transform
	case "display", "visibility", "image-rendering", "shape-rendering", "text-rendering", "buffered-rendering",
		"viewport-fill", "viewport-fill-opacity":
		return media
	}
	return 0
}

// values are the attributes that take one of some words, sorted: name=words.
// Those of any text aren't here.
const values = `
baseProfile=tiny-ps
buffered-rendering=auto dynamic static inherit
color-rendering=auto optimizeSpeed optimizeQuality inherit
direction=ltr rtl inherit
display=inline block list-item run-in compact marker table inline-table table-row-group table-header-group table-footer-group table-row table-column-group table-column table-cell table-caption none inherit
display-align=auto before center after inherit
editable=none
externalResourcesRequired=false
fill-rule=nonzero evenodd inherit
focusable=false
font-style=normal italic oblique inherit
font-variant=normal small-caps inherit
font-weight=normal bold bolder lighter inherit
gradientUnits=userSpaceOnUse objectBoundingBox
image-rendering=auto optimizeSpeed optimizeQuality inherit
playbackOrder=all
preserveAspectRatio=none xMidYMid nonemeet xMidYMidmeet
shape-rendering=auto optimizeSpeed crispEdges geometricPrecision inherit
snapshotTime=none
stroke-linecap=butt round square inherit
stroke-linejoin=miter round bevel inherit
text-align=start center end inherit
text-anchor=start middle end inherit
text-rendering=auto optimizeSpeed optimizeLegibility geometricPrecision inherit
timelineBegin=onLoad
unicode-bidi=normal embed bidi-override inherit
vector-effect=none non-scaling-stroke inherit
version=1.2
visibility=visible hidden collapse inherit
xml:space=default preserve
zoomAndPan=disable
`

// wordsOf gives the words that an attribute takes, "" where it takes any text.
func wordsOf(key string) string {
	for table := values; table != ""; {
		start := strings.LastIndexByte(table[:len(table)/2], '\n') + 1
		line, rest, _ := strings.Cut(table[start:], "\n")
		name, words, _ := strings.Cut(line, "=")
		switch {
		case name == key:
			return words
		case name > key:
			table = table[:start]
		default:
			table = rest
		}
	}
	return ""
}

// takes tells whether an attribute takes a value. White space around and
// between its words doesn't count.
func takes(key, value string) bool {
	switch key { // the many, which take any text
	case "d", "fill", "transform", "x", "y", "width", "height", "cx", "cy", "r", "points", "stroke", "stroke-width", "offset", "stop-color":
		return true
	}
	words := wordsOf(key)
	switch key {
	case "preserveAspectRatio":
		value = strings.Join(strings.Fields(value), "")
	case "id", "xml:id":
		value = strings.Trim(value, " ")
		return value != "" && nameLength(value) == len(value) && !strings.Contains(value, ":")
	case "xml:lang":
		return language(strings.Trim(value, " "))
	case "class":
		return strings.Trim(value, " ") != "" && nameTokens(value)
	default:
		if words == "" {
			return true
		}
		value = strings.Join(strings.Fields(value), " ")
	}
	return value != "" && strings.Contains(" "+words+" ", " "+value+" ")
}

// language tells whether s has the form of a language tag, or is empty (xs:language).
func language(s string) bool {
	for i, part := range strings.Split(s, "-") {
		if len(part) > 8 || part == "" && s != "" {
			return false
		}
		for _, b := range []byte(part) {
			letter := b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
			if !letter && (i == 0 || b < '0' || b > '9') {
				return false
			}
		}
	}
	return true
}

// nameTokens tells whether s is a list of name tokens (xs:NMTOKENS).
func nameTokens(s string) bool {
	for _, token := range strings.Fields(s) {
		if nameLength("_"+token) != len(token)+1 {
			return false
		}
	}
	return true
}
