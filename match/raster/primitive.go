package raster

import (
	"image"
	"math"
	"strings"
)

// primitive evaluates one filter primitive into an empty result.
func (f *filter) primitive(n *node, s *style, out *layer) {
	switch n.name {
	case "feFlood":
		f.flood(s, out)
		return
	case "feMerge":
		f.merge(n, out)
		return
	case "feDropShadow":
		f.dropShadow(n, s, out)
		return
	}
	in := f.input(n.attr("in"))
	switch n.name {
	case "feGaussianBlur":
		copy(out.pix, in.pix)
		f.blur(n, out)
	case "feOffset":
		out.shifted(in, f.shift(n))
	case "feMorphology":
		f.morphology(n, in, out)
	case "feColorMatrix":
		m := colourMatrix(n)
		f.inLinear(out, in, func(p *[4]float64) { m.apply(p) })
	case "feComponentTransfer":
		f.transfer(n, in, out)
	case "feComposite":
		f.composite(n, in, f.input(n.attr("in2")), out)
	case "feBlend":
		copy(out.pix, f.input(n.attr("in2")).pix)
		var mode keyword
		setKeyword(&mode, "mix-blend-mode", n.attr("mode"))
		if !drawable(mode) {
			f.unknown = true
			return
		}
		for i := 0; i+3 < len(out.pix); i += 4 {
			blend(mode, out.pix[i:i+4:i+4], in.pix[i:i+4:i+4], 255)
		}
	}
}

// floodColour is the colour of feFlood and feDropShadow.
func floodColour(s *style) solid {
	c := s.floodColour.colour
	if s.floodColour.kind == currentPaint {
		c = s.colour
	}
	return c.premultiplied(float64(s.floodOpacity))
}

// flood fills with a colour.
func (f *filter) flood(s *style, out *layer) {
	floodColour(s).colours(0, 0, out.pix)
}

// merge lays results over each other.
func (f *filter) merge(n *node, out *layer) {
	for _, child := range n.children {
		if child.name != "feMergeNode" || !f.r.budget.spend(pixels, len(out.pix)/4) {
			continue
		}
		in := f.input(child.attr("in"))
		for i := 0; i+3 < len(out.pix); i += 4 {
			over(out.pix[i:i+4:i+4], in.pix[i:i+4:i+4], 255)
		}
	}
}

// dropShadow lays the input over its blurred shadow.
func (f *filter) dropShadow(n *node, s *style, out *layer) {
	in := f.input(n.attr("in"))
	out.shifted(in, f.shift(n))
	for i := range out.pix {
		if i%4 != 3 {
			out.pix[i] = 0 // only the alpha casts a shadow
		}
	}
	f.blur(n, out)
	colour := floodColour(s)
	for i := 0; i+3 < len(out.pix); i += 4 {
		a := out.pix[i+3]
		for j := range 4 {
			out.pix[i+j] = mul8(colour[j], a)
		}
		over(out.pix[i:i+4:i+4], in.pix[i:i+4:i+4], 255)
	}
}

// shifted copies a layer, moved to the nearest whole pixel.
func (l *layer) shifted(from *layer, by point) {
	by = by.near()
	dx, dy := int(math.Round(by.x)), int(math.Round(by.y))
	part := l.bounds.Intersect(l.bounds.Add(image.Pt(dx, dy)))
	for y := part.Min.Y; y < part.Max.Y; y++ {
		copy(l.row(part.Min.X, y)[:4*part.Dx()], from.row(part.Min.X-dx, y-dy))
	}
}

// unpremultiply is a pixel as fractions.
func unpremultiply(p []uint8) [4]float64 {
	a := float64(p[3])
	if a == 0 {
		return [4]float64{}
	}
	return [4]float64{float64(p[0]) / a, float64(p[1]) / a, float64(p[2]) / a, a / 255}
}

// composite combines two layers by an operator of Porter and Duff, or by four
// factors.
func (f *filter) composite(n *node, a, b, out *layer) {
	var k [4]float64
	for i, name := range [...]string{"k1", "k2", "k3", "k4"} {
		k[i], _ = fraction(n.attr(name))
	}
	operator := n.attr("operator")
	for i := 0; i+3 < len(out.pix); i += 4 {
		p, q, to := a.pix[i:i+4:i+4], b.pix[i:i+4:i+4], out.pix[i:i+4:i+4]
		ours, theirs := uint8(255), 255-p[3] // over
		switch operator {
		case "in":
			ours, theirs = q[3], 0
		case "out":
			ours, theirs = 255-q[3], 0
		case "atop":
			ours = q[3]
		case "xor":
			ours = 255 - q[3]
		case "lighter":
			theirs = 255
		case "arithmetic":
			arithmetic(k, p, q, to)
			continue
		}
		for j := range 4 {
			to[j] = blend8(p[j], ours, q[j], theirs)
		}
	}
}

// arithmetic is k1·p·q + k2·p + k3·q + k4, no channel more than the alpha.
func arithmetic(k [4]float64, p, q, to []uint8) {
	for j := 3; j >= 0; j-- {
		s, d := float64(p[j])/255, float64(q[j])/255
		v := float64(k[0]*s*d) + float64(k[1]*s) + float64(k[2]*d) + k[3]
		to[j] = byteOf(clamp01(v))
		if j < 3 {
			to[j] = min(to[j], to[3])
		}
	}
}

// matrix45 is the matrix of feColorMatrix, by rows.
type matrix45 [20]float64

// colourMatrix reads a feColorMatrix.
func colourMatrix(n *node) matrix45 {
	same := matrix45{0: 1, 6: 1, 12: 1, 18: 1}
	v := numbers(n.attr("values"))
	one := 1.0
	if len(v) > 0 {
		one = v[0]
	}
	switch n.attr("type") {
	case "saturate":
		return weighted(one, 0)
	case "hueRotate":
		if len(v) == 0 {
			return same
		}
		sin, cos := math.Sincos(one * math.Pi / 180)
		return weighted(cos, sin)
	case "luminanceToAlpha":
		return matrix45{15: 0.2125, 16: 0.7154, 17: 0.0721}
	}
	if len(v) != 20 {
		return same
	}
	return matrix45(v)
}

// weighted is the matrix of saturate, and with a sine that of hueRotate.
func weighted(s, sin float64) matrix45 {
	r, g, b := 0.213, 0.715, 0.072
	return matrix45{
		sum(r, s, 1-r, -r, sin), sum(g, s, -g, -g, sin), sum(b, s, -b, 1-b, sin), 0, 0,
		sum(r, s, -r, 0.143, sin), sum(g, s, 1-g, 0.140, sin), sum(b, s, -b, -0.283, sin), 0, 0,
		sum(r, s, -r, r-1, sin), sum(g, s, -g, g, sin), sum(b, s, 1-b, b, sin), 0, 0,
		0, 0, 0, 1, 0,
	}
}

// sum is base + s·p + sin·q.
func sum(base, s, p, q, sin float64) float64 {
	return base + float64(s*p) + float64(sin*q)
}

// apply maps one unpremultiplied pixel.
func (m *matrix45) apply(p *[4]float64) {
	in := *p
	for i := range p {
		row := m[5*i : 5*i+5]
		p[i] = float64(row[0]*in[0]) + float64(row[1]*in[1]) + float64(row[2]*in[2]) + float64(row[3]*in[3]) + row[4]
	}
}

// transfer evaluates feComponentTransfer.
func (f *filter) transfer(n *node, in, out *layer) {
	var functions [4]func(float64) float64
	for _, child := range n.children {
		if !f.r.budget.read(child.weight) {
			return
		}
		if i := strings.Index("RGBA", strings.TrimPrefix(child.name, "feFunc")); i >= 0 && len(child.name) == len("feFuncR") {
			functions[i] = transferFunction(child)
		}
	}
	f.inLinear(out, in, func(p *[4]float64) {
		for i, function := range functions {
			if function != nil {
				p[i] = clamp01(function(p[i]))
			}
		}
	})
}

// transferFunction reads a feFuncR and its like; nil changes nothing.
func transferFunction(n *node) func(float64) float64 {
	read := func(name string, otherwise float64) float64 {
		if v, ok := fraction(n.attr(name)); ok {
			return v
		}
		return otherwise
	}
	table := numbers(n.attr("tableValues"))
	last := len(table) - 1
	switch n.attr("type") {
	case "linear":
		slope, intercept := read("slope", 1), read("intercept", 0)
		return func(v float64) float64 { return float64(slope*v) + intercept }
	case "gamma":
		amplitude, exponent, offset := read("amplitude", 1), read("exponent", 1), read("offset", 0)
		return func(v float64) float64 { return float64(amplitude*math.Pow(v, exponent)) + offset }
	case "table":
		if last < 0 {
			return nil
		}
		return func(v float64) float64 {
			at := min(last, int(v*float64(last)))
			next := min(last, at+1)
			return table[at] + float64((float64(v*float64(last))-float64(at))*(table[next]-table[at]))
		}
	case "discrete":
		if last < 0 {
			return nil
		}
		return func(v float64) float64 { return table[min(last, int(v*float64(last+1)))] }
	}
	return nil
}
