package tinyps

import "strings"

// maxPathBox is the longest path data, in bytes, that is looked at for being a rectangle.
const maxPathBox = 120

// pathBox gives the rectangle that path data draws, where it draws one: lines
// alone, each upright or level.
func pathBox(d *attribute) (box, bool) {
	if d == nil || len(d.value) > maxPathBox {
		return box{}, false
	}
	p := pen{in: d.value}
	for p.step() {
	}
	return box{p.left, p.top, p.right - p.left, p.bottom - p.top}, p.rectangle && p.steps >= 4
}

// pen follows the lines of path data.
type pen struct {
	in                       string
	command                  byte
	x, y                     float64
	left, top, right, bottom float64
	steps                    int
	rectangle                bool
}

// step follows one command, and tells whether there may be more.
func (p *pen) step() bool {
	p.in = strings.TrimLeft(p.in, " \t\r\n,")
	if p.in == "" {
		return false
	}
	first := p.steps == 0
	if b := p.in[0]; strings.IndexByte("MmLlHhVvZz", b) >= 0 {
		p.command, p.in = b, p.in[1:]
	} else if first || p.command == 'Z' || p.command == 'z' {
		p.rectangle = false
		return false
	}
	x, y, ok := p.target()
	if first {
		p.left, p.right, p.top, p.bottom, p.rectangle = x, x, y, y, true
	}
	p.rectangle = p.rectangle && ok && (first || x == p.x || y == p.y) && p.steps < 8
	p.left, p.right, p.top, p.bottom = min(p.left, x), max(p.right, x), min(p.top, y), max(p.bottom, y)
	p.x, p.y, p.steps = x, y, p.steps+1
	return p.rectangle
}

// target reads where the command goes to; false where its numbers can't be read.
func (p *pen) target() (x, y float64, ok bool) {
	x, y, ok = p.x, p.y, true
	switch p.command {
	case 'M', 'L':
		ok = p.take(&x) && p.take(&y)
	case 'm', 'l':
		ok = p.shift(&x) && p.shift(&y)
	case 'H':
		ok = p.take(&x)
	case 'h':
		ok = p.shift(&x)
	case 'V':
		ok = p.take(&y)
	case 'v':
		ok = p.shift(&y)
	}
	return x, y, ok
}

// take reads one number.
func (p *pen) take(to *float64) bool {
	s := strings.TrimLeft(p.in, " \t\r\n,")
	end, dot := 0, false
	for end < len(s) {
		b := s[end]
		sign := (b == '-' || b == '+') && end == 0
		point := b == '.' && !dot
		if !sign && !point && (b < '0' || b > '9') {
			break
		}
		dot = dot || point
		end++
	}
	n, ok := number(s[:end])
	*to, p.in = n, s[end:]
	return ok
}

// shift reads one number and adds it.
func (p *pen) shift(to *float64) bool {
	var n float64
	ok := p.take(&n)
	*to += n
	return ok
}
