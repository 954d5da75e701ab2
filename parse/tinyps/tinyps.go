// Package tinyps checks a logo against SVG Tiny Portable/Secure, the profile of
// SVG Tiny 1.2 that mark certificates demand (draft-svg-tiny-ps-abrotman, and
// the RELAX NG schema that its authors publish with it). The schema's rules
// stand here as tables of elements and attributes; beside them are the rules of
// the draft's text, of XML 1.0 and of the BIMI Group's guidance, which no
// schema can say. docs/lint.md tells where the two depart from each other.
//
// A logo is a stranger's. No entity is expanded, nothing is fetched, and time
// and memory are bounded by the size of what is given.
package tinyps

// Version numbers the rules of this package. It rises with each change of what
// some logo is told.
const Version = 1

// MaxSize is the largest logo, in bytes, that is read. One that is larger gets
// that finding and no other.
const MaxSize = 1 << 20

// PracticalSize is the size, in bytes, up to which mail providers take a logo.
// No standard gives one; the BIMI Group advises 32 KB.
const PracticalSize = 32 << 10

// Bounds of what one logo may hold before the reading of it ends.
const (
	maxDepth      = 128
	maxAttributes = 256 // of one element
	maxNamespaces = 64  // declared at once
	maxFindings   = 500
)

// Severity of a Finding.
const (
	SeverityError   = "error"   // it isn't SVG Tiny PS, or isn't safe
	SeverityWarning = "warning" // it is advised against, or will be drawn otherwise than meant
	SeverityNotice  = "notice"  // worth knowing
)

// Finding is one departure from the profile.
type Finding struct {
	Rule     string // id of a Rule
	Severity string // that of the rule
	Line     int    // from 1
	Column   int    // from 1, in characters
	Detail   string // what was met
	Mend     string // what to do about it
	Citation string // the rule's source
}

// Validate checks an SVG, which isn't compressed, and gives its departures in
// the order of the text; none means that it conforms. Where it isn't
// well-formed XML the findings end there.
func Validate(svg []byte) []Finding {
	c := &checker{rules: Rules(), line: 1}
	if len(svg) > MaxSize {
		c.findf("svg-too-large", 0, "it has more than %d bytes, and isn't read", MaxSize)
		return c.sorted()
	}
	c.src = string(svg)
	c.document()
	return c.sorted()
}

// Conforms tells whether none of the findings is an error.
func Conforms(findings []Finding) bool {
	for i := range findings {
		if findings[i].Severity == SeverityError {
			return false
		}
	}
	return true
}
