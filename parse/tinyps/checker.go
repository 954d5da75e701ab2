package tinyps

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// checker checks one logo. It goes through the text once, from front to back.
type checker struct {
	src      string
	pos      int // next byte to read
	rules    []Rule
	findings []located
	stopped  bool // nothing after pos is to be read

	line, lineAt, counted int // line of byte counted, and where it begins

	stack  []open
	spaces []binding
	attrs  []attribute // of the element in hand

	roots, titles int
	rootAt        int
	notSVG        bool // the root is something else
	viewBox       box
	drawn         int    // graphics elements met outside defs
	inDefs        int    // defs and gradients that are open
	title         string // text of the first title
	titleAt       int
	ids           map[string]bool
	refs          []reference
	once          uint // rules that are told once, by bit
}

// located is a finding before it has a line.
type located struct {
	Finding
	at int
}

// open is an element that isn't closed yet.
type open struct {
	name    string // as written
	kind    *element
	local   string
	spaces  int // bindings before it
	inside  int // children met
	defines bool
	skipped bool // of another namespace: so may be what stands in it
	moved   bool // has a transform
	fill    string
}

// findf notes a finding at a byte of the text.
func (c *checker) findf(rule string, at int, format string, args ...any) {
	if len(c.findings) >= maxFindings {
		if len(c.findings) == maxFindings {
			c.add("svg-more", at, "from here on none is told")
		}
		return
	}
	c.add(rule, at, fmt.Sprintf(format, args...))
}

// add adds a finding.
func (c *checker) add(rule string, at int, detail string) {
	i := slices.IndexFunc(c.rules, func(r Rule) bool { return r.ID == rule })
	r := &c.rules[i]
	f := Finding{Rule: rule, Severity: r.Severity, Detail: detail, Mend: r.Mend, Citation: r.Citation, Line: 1, Column: 1}
	c.findings = append(c.findings, located{f, at})
}

// sorted gives the findings in the order of the text, each with its line.
func (c *checker) sorted() []Finding {
	slices.SortStableFunc(c.findings, func(a, b located) int { return cmp.Compare(a.at, b.at) })
	out := make([]Finding, len(c.findings))
	for i, f := range c.findings {
		f.Line, f.Column = c.position(f.at)
		out[i] = f.Finding
	}
	return out
}

// position gives the line and column of a byte that isn't before the last one asked for.
// A line ends with LF, CR, or both.
func (c *checker) position(at int) (line, column int) {
	at = min(at, len(c.src))
	for i := c.counted; i < at; i++ {
		if b := c.src[i]; b == '\n' || b == '\r' && (i+1 == len(c.src) || c.src[i+1] != '\n') {
			c.line++
			c.lineAt = i + 1
		}
	}
	c.counted = max(at, c.counted)
	return c.line, utf8.RuneCountInString(c.src[c.lineAt:at]) + 1
}

// malformed notes that the text isn't well-formed, and ends the reading.
func (c *checker) malformed(at int, format string, args ...any) {
	c.findf("svg-not-well-formed", at, format, args...)
	c.stopped = true
}

// tooComplex notes that a bound is passed, and ends the reading.
func (c *checker) tooComplex(at int, format string, args ...any) {
	c.findf("svg-too-complex", at, format, args...)
	c.stopped = true
}

// quote quotes a text for a detail, shortened where it is long.
func quote(s string) string {
	if len(s) > 80 {
		s = strings.ToValidUTF8(s[:80], "") + "…"
	}
	return fmt.Sprintf("%q", s)
}
