package raster

import (
	"math"
	"strconv"
	"strings"
)

// lexer reads the numbers and names of attribute values, by the grammar that
// browsers follow.
type lexer struct {
	s string
	i int
}

// space skips white space.
func (l *lexer) space() {
	for l.i < len(l.s) && isSpace(l.s[l.i]) {
		l.i++
	}
}

// comma skips white space with at most one comma in it.
func (l *lexer) comma() {
	l.space()
	if l.i < len(l.s) && l.s[l.i] == ',' {
		l.i++
		l.space()
	}
}

// done says whether everything is read.
func (l *lexer) done() bool { return l.i >= len(l.s) }

// peek is the next byte, 0 at the end.
func (l *lexer) peek() byte {
	if l.i < len(l.s) {
		return l.s[l.i]
	}
	return 0
}

// take skips a byte where it is next.
func (l *lexer) take(c byte) bool {
	if l.peek() != c || l.done() {
		return false
	}
	l.i++
	return true
}

// digits skips decimal digits and counts them.
func (l *lexer) digits() int {
	start := l.i
	for l.i < len(l.s) && l.s[l.i]-'0' <= 9 {
		l.i++
	}
	return l.i - start
}

// number reads a number. Like browsers it wants a digit behind a point, and
// refuses what single precision can't hold.
func (l *lexer) number() (float64, bool) {
	start := l.i
	if c := l.peek(); c == '+' || c == '-' {
		l.i++
	}
	whole := l.digits()
	fraction := 0
	if l.peek() == '.' {
		l.i++
		if fraction = l.digits(); fraction == 0 {
			return 0, false
		}
	}
	if whole+fraction == 0 {
		return 0, false
	}
	if !l.exponent() {
		return l.short(start, fraction), true
	}
	v, err := strconv.ParseFloat(l.s[start:l.i], 64)
	if math.Abs(v) > math.MaxFloat32 || err != nil && math.IsInf(v, 0) {
		return 0, false
	}
	return v, true
}

// exponent skips an exponent. The e of em and ex is none.
func (l *lexer) exponent() bool {
	start := l.i
	if l.peek()|0x20 != 'e' {
		return false
	}
	l.i++
	if c := l.peek(); c == '+' || c == '-' {
		l.i++
	}
	if l.digits() == 0 {
		l.i = start
		return false
	}
	return true
}

// short evaluates a number without exponent. Up to 15 digits are exact in an
// integer, and one division rounds correctly: the fast way for nearly all.
func (l *lexer) short(start, fraction int) float64 {
	s := l.s[start:l.i]
	if len(s) > 16 {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil || math.Abs(v) > math.MaxFloat32 {
			return math.Copysign(math.MaxFloat32, v)
		}
		return v
	}
	var n int64
	for i := 0; i < len(s); i++ {
		if c := s[i] - '0'; c <= 9 {
			n = 10*n + int64(c)
		}
	}
	v := float64(n)
	if fraction > 0 {
		v /= powerOfTen(fraction)
	}
	if s[0] == '-' {
		v = -v
	}
	return v
}

// powerOfTen is ten to the n, exact up to 22.
func powerOfTen(n int) float64 {
	v := 1.0
	for ; n > 0; n-- {
		v *= 10
	}
	return v
}

// numbers reads as many numbers as the text starts with.
func numbers(s string) []float64 {
	l := lexer{s: s}
	var list []float64
	for l.space(); !l.done(); l.comma() {
		v, ok := l.number()
		if !ok {
			break
		}
		list = append(list, v)
	}
	return list
}

// axis says what a percentage is of.
type axis int

const (
	horizontal axis = iota // the viewport's width
	vertical               // its height
	diagonal               // sqrt((w²+h²)/2)
)

// length is a number with a unit.
type length struct {
	v    float64
	unit unit
}

// unit is how a length resolves.
type unit uint8

const (
	userUnit unit = iota
	percent
	emUnit
	exUnit
	remUnit
)

// parseLength reads a length; absolute units are resolved at 96 to the inch.
func parseLength(s string) (length, bool) {
	l := lexer{s: s}
	l.space()
	v, ok := l.number()
	if !ok {
		return length{}, false
	}
	switch strings.ToLower(strings.TrimRight(l.s[l.i:], " \t\r\n")) {
	case "", "px":
		return length{v, userUnit}, true
	case "%":
		return length{v / 100, percent}, true
	case "em":
		return length{v, emUnit}, true
	case "ex", "ch":
		return length{v, exUnit}, true
	case "rem":
		return length{v, remUnit}, true
	case "pt":
		return length{v * 4 / 3, userUnit}, true
	case "pc":
		return length{v * 16, userUnit}, true
	case "in":
		return length{v * 96, userUnit}, true
	case "cm":
		return length{v * 96 / 2.54, userUnit}, true
	case "mm":
		return length{v * 96 / 25.4, userUnit}, true
	case "q":
		return length{v * 96 / 101.6, userUnit}, true
	}
	return length{}, false
}

// extent is the viewport that percentages are of.
type extent struct{ width, height float64 }

// along is the viewport's measure on an axis.
func (e extent) along(a axis) float64 {
	switch a {
	case horizontal:
		return e.width
	case vertical:
		return e.height
	}
	return math.Sqrt((float64(e.width*e.width) + float64(e.height*e.height)) / 2)
}

// resolve is a length in user units.
func (l length) resolve(a axis, view extent, fontSize float64) float64 {
	switch l.unit {
	case percent:
		return l.v * view.along(a)
	case emUnit:
		return l.v * fontSize
	case exUnit:
		return l.v * fontSize / 2
	case remUnit:
		return l.v * initialFontSize
	}
	return l.v
}

// fraction reads a number or percentage, such as an opacity or an offset.
func fraction(s string) (float64, bool) {
	l := lexer{s: s}
	l.space()
	v, ok := l.number()
	if !ok {
		return 0, false
	}
	if l.take('%') {
		v /= 100
	}
	l.space()
	return v, l.done()
}

// clamp01 holds v within 0 and 1.
func clamp01(v float64) float64 { return max(0, min(1, v)) }
