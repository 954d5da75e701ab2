package raster

import (
	"fmt"
	"time"
)

// Limits bounds the work and the memory of one rendering. A zero value is the
// default. The defaults leave a logo of the profile (32 KB) a factor of a
// hundred, and keep the worst document under a second and 200 MB at 256 pixels.
type Limits struct {
	Bytes    int           // of the document, after gunzip: 8 MiB
	Elements int           // read, and again drawn, with the repeats that use, markers and patterns make: 100,000
	Depth    int           // of elements in elements, the references followed included: 256
	Segments int           // of paths as drawn, repeats included: 500,000
	Uses     int           // of use elements followed: 20,000
	Stops    int           // of gradients, and the gradients they inherit from: 20,000
	Dashes   int           // of dashed strokes: 100,000
	Pixels   int64         // touched by fills, layers and edges: 100,000,000, or 64 times the picture's if that is more
	Time     time.Duration // a last resort that counted work should never let come true: 10 s
}

// LimitError says which limit of Limits a document went beyond.
type LimitError struct {
	Limit string // what there was too much of: "path segments"
	Max   int64  // how much was allowed
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("the SVG has more than %d %s", e.Max, e.Limit)
}

// counter is a kind of work.
type counter int

const (
	elementsRead counter = iota
	elementsDrawn
	segments
	uses
	stops
	dashes
	characters
	steps // of matching style rules and resolving references: cheap, but countless in a hostile sheet
	pixels
	counters
)

func (c counter) String() string {
	return [...]string{
		"elements", "elements drawn", "path segments", "uses", "gradient stops", "dashes", "characters of text",
		"steps of resolving styles and references", "pixels of work",
	}[c]
}

// What Limits does not name.
const (
	maximalSteps      = 10_000_000
	maximalCharacters = 100_000
	maximalEdges      = 1 << 19 // of one outline, and points of one stroke
)

// budget counts the work of one rendering. Its first error stays, and stops
// every loop that spends.
type budget struct {
	limits Limits
	spent  [counters]int64
	most   [counters]int64
	err    error
	ticks  int64
	end    time.Time
}

// newBudget fills in the defaults.
func newBudget(l Limits, size int) *budget {
	l.Bytes = orDefault(l.Bytes, 8<<20)
	l.Elements = orDefault(l.Elements, 100_000)
	l.Depth = orDefault(l.Depth, 256)
	l.Segments = orDefault(l.Segments, 500_000)
	l.Uses = orDefault(l.Uses, 20_000)
	l.Stops = orDefault(l.Stops, 20_000)
	l.Dashes = orDefault(l.Dashes, 100_000)
	l.Pixels = orDefault(l.Pixels, max(100_000_000, 64*int64(size)*int64(size)))
	l.Time = orDefault(l.Time, 10*time.Second)
	return &budget{
		limits: l,
		end:    time.Now().Add(l.Time),
		most: [counters]int64{
			elementsRead: int64(l.Elements), elementsDrawn: int64(l.Elements), segments: int64(l.Segments),
			uses: int64(l.Uses), stops: int64(l.Stops), dashes: int64(l.Dashes),
			characters: maximalCharacters, steps: maximalSteps, pixels: l.Pixels,
		},
	}
}

// orDefault is v, or d where v is not given.
func orDefault[T int | int64 | time.Duration](v, d T) T {
	if v <= 0 {
		return d
	}
	return v
}

// spend counts n of a kind of work and says whether to go on.
func (b *budget) spend(c counter, n int) bool {
	b.spent[c] += int64(n)
	if b.spent[c] > b.most[c] {
		b.fail(c.String(), b.most[c])
	}
	b.ticks += int64(n)
	if b.ticks > 1<<20 {
		b.ticks = 0
		if time.Now().After(b.end) {
			b.fail("milliseconds", b.limits.Time.Milliseconds())
		}
	}
	return b.err == nil
}

// read counts reading so many bytes of a document once more.
func (b *budget) read(bytes int) bool { return b.spend(steps, bytes) }

// fail keeps the first limit that was met.
func (b *budget) fail(limit string, most int64) {
	if b.err == nil {
		b.err = &LimitError{Limit: limit, Max: most}
	}
}

// over says that a limit was met and nothing more shall be done.
func (b *budget) over() bool { return b.err != nil }
