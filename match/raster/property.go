package raster

import "strings"

// keywords are the values of a keyword property, the initial one first.
func keywords(name string) string {
	switch name {
	case "fill-rule", "clip-rule":
		return "nonzero evenodd"
	case "stroke-linecap":
		return "butt round square"
	case "stroke-linejoin":
		return "miter round bevel miter-clip arcs"
	case "display":
		return "inline none block inline-block flex grid contents table"
	case "visibility":
		return "visible hidden collapse"
	case "shape-rendering":
		return "auto crispEdges optimizeSpeed geometricPrecision"
	case "text-anchor":
		return "start middle end"
	case "overflow":
		return "hidden scroll visible auto"
	case "mask-type":
		return "luminance alpha"
	case "vector-effect":
		return "none non-scaling-stroke"
	case "transform-box":
		return "view-box fill-box border-box stroke-box content-box"
	}
	return textKeywords(name)
}

// textKeywords are those of text and of composition.
func textKeywords(name string) string {
	switch name {
	case "font-weight":
		return "normal bold bolder 600 700 800 900 100 200 300 400 500 lighter"
	case "font-style":
		return "normal italic oblique"
	case "dominant-baseline":
		return "auto middle central hanging text-before-edge"
	case "mix-blend-mode":
		return "normal multiply screen overlay darken lighten color-dodge color-burn hard-light soft-light difference exclusion hue saturation color luminosity plus-lighter"
	case "paint-order":
		return "normal stroke"
	case "color-interpolation-filters":
		return "linearRGB sRGB auto"
	}
	return ""
}

// field is where a property is kept, or nil for one that is not known.
func (s *style) field(name string) any {
	switch name {
	case "fill":
		return &s.fill
	case "stroke":
		return &s.stroke
	case "opacity":
		return &s.opacity
	case "fill-opacity":
		return &s.fillOpacity
	case "stroke-opacity":
		return &s.strokeOpacity
	case "fill-rule":
		return &s.fillRule
	case "clip-rule":
		return &s.clipRule
	case "color":
		return &s.colour
	case "display":
		return &s.display
	case "visibility":
		return &s.visibility
	case "stop-color":
		return &s.stopColour
	case "stop-opacity":
		return &s.stopOpacity
	}
	if strings.HasPrefix(name, "stroke-") {
		return s.strokeField(name)
	}
	if f := s.effectField(name); f != nil {
		return f
	}
	return s.textField(name)
}

// strokeField is where a property of strokes is kept.
func (s *style) strokeField(name string) any {
	switch name {
	case "stroke-width":
		return &s.strokeWidth
	case "stroke-linecap":
		return &s.lineCap
	case "stroke-linejoin":
		return &s.lineJoin
	case "stroke-miterlimit":
		return &s.miterLimit
	case "stroke-dasharray":
		return &s.dashes
	case "stroke-dashoffset":
		return &s.dashOffset
	}
	return nil
}

// effectField is where a property of an effect is kept.
func (s *style) effectField(name string) any {
	switch name {
	case "clip-path":
		return &s.clipPath
	case "mask":
		return &s.mask
	case "filter":
		return &s.filter
	case "overflow":
		return &s.overflow
	case "mask-type":
		return &s.maskType
	case "vector-effect":
		return &s.vectorEffect
	case "mix-blend-mode":
		return &s.blend
	case "transform":
		return &s.transform
	case "transform-origin":
		return &s.transformOrigin
	case "transform-box":
		return &s.transformBox
	case "flood-color":
		return &s.floodColour
	case "flood-opacity":
		return &s.floodOpacity
	case "shape-rendering":
		return &s.shapeRendering
	case "paint-order":
		return &s.paintOrder
	}
	return nil
}

// textField is where a property of text or a marker is kept.
func (s *style) textField(name string) any {
	switch name {
	case "font-size":
		return &s.fontSize
	case "font-weight":
		return &s.fontWeight
	case "font-style":
		return &s.fontStyle
	case "text-anchor":
		return &s.anchor
	case "dominant-baseline":
		return &s.baseline
	case "letter-spacing":
		return &s.letterSpacing
	case "marker-start":
		return &s.markerStart
	case "marker-mid":
		return &s.markerMid
	case "marker-end":
		return &s.markerEnd
	case "color-interpolation-filters":
		return &s.filterColours
	}
	return nil
}
