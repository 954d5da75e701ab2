package logo

import "slices"

// A Verdict says whether two logos are taken for one.
type Verdict uint8

const (
	None   Verdict = iota // nothing to tell
	Match                 // among unrelated logos, one pair in 10,000 comes so near
	Strong                // one in 100,000
)

// String is "", "match" or "strong".
func (v Verdict) String() string {
	switch v {
	case Match:
		return "match"
	case Strong:
		return "strong"
	}
	return ""
}

const (
	// MatchThreshold is the score from which the verdict is Match.
	MatchThreshold = 0.5
	// StrongThreshold is the score from which the verdict is Strong.
	StrongThreshold = 0.75
)

// A Comparison says how alike two logos are, and why.
type Comparison struct {
	Score           float64 // 0 to 1, greater is closer
	Verdict         Verdict
	Reason          string // in words
	View, Transform string // which views agreed most, and how one is turned to lie on the other; "" as it is
	Distance        int    // of those views after the transform, 0 to 64: signs of their low frequencies that differ
}

// Compare tells how alike two logos are. Its Score is the same whichever is first.
func Compare(a, b *Descriptor) Comparison {
	agreed := expand(a).best(b)
	return agreed.comparison()
}

// The raw score of a pair of views counts in 32nds of a bit: how much nearer they are to each other than they are to
// invented figures, less what their classes are wont to reach by chance, and less for a view of a part alone. That
// of two logos is the sum over their three best pairs of different views, the second and the third of which cost
// little at worst. The classes' biases and the thresholds were chosen on development logos; doc.go says how.
const (
	bit       = 32
	forTurn   = 10 * bit // what a mirrored or turned pair must make good
	forPart   = 80 * bit // what a pair must make good for a view that shows nearly nothing of its figure
	forParts  = 30 * bit // what a pair of two parts must make good besides
	nearlyAll = 215      // share of a figure, in 255ths, that is more than a part
	worst     = -30 * bit
	evidence  = 3
	rawMatch  = 40 * bit
	rawStrong = 164 * bit
	rawZero   = -250 * bit
	rawOne    = 600 * bit
)

// A class sorts views by what they show, for the biases.
type class uint8

const (
	figures class = iota // whole figures
	inner                // with the edges of their colours
	outlines
	posedFigures
	parts
	pieces
	withouts
	onlys
	classes
)

// classOf sorts a view.
func (v *view) classOf() class {
	switch {
	case !v.whole():
		return parts + class(v.kind-part)
	case v.kind == outline:
		return outlines
	case v.edges:
		return inner
	case v.posed():
		return posedFigures
	}
	return figures
}

// biasOf is, in bits, what pairs of two classes reach by chance. The table is symmetric.
func biasOf(a, b class) int {
	table := [classes][classes]uint8{
		{61, 18, 88, 29, 27, 33, 17, 57},
		{18, 88, 9, 5, 0, 0, 0, 20},
		{88, 9, 97, 34, 6, 35, 1, 31},
		{29, 5, 34, 0, 0, 0, 0, 0},
		{27, 0, 6, 0, 37, 7, 0, 20},
		{33, 0, 35, 0, 7, 50, 0, 14},
		{17, 0, 1, 0, 0, 0, 27, 14},
		{57, 20, 31, 0, 20, 14, 14, 4},
	}
	return int(table[a][b])
}

// A pose is a view, perhaps seen in a mirror and turned by quarters.
type pose struct {
	view  *view
	index int
	code  code
	turn  uint8 // 0 as it is; see turnWords
}

// A probe is a descriptor with all poses of its whole views.
type probe struct {
	of    *Descriptor
	poses []pose
}

// expand lists d's views in all poses.
func expand(d *Descriptor) *probe {
	p := &probe{of: d, poses: make([]pose, 0, 4*len(d.views))}
	for i := range d.views {
		v := &d.views[i]
		c := v.code
		p.poses = append(p.poses, pose{view: v, index: i, code: c})
		if !v.whole() || v.posed() {
			continue
		}
		for t := uint8(1); t < 8; t++ {
			if t%2 == 1 {
				c = c.mirrored()
			} else {
				c = c.transposed()
			}
			p.poses = append(p.poses, pose{view: v, index: i, code: c, turn: t})
		}
	}
	return p
}

// whole tells whether the view shows a whole figure; only those are turned.
func (v *view) whole() bool { return v.kind <= outline }

// posed tells whether the view is of a figure turned or cropped.
func (v *view) posed() bool { return v.degrees != 0 || v.crop != 0 }

// pairs tells whether a pose may be compared with a view: one of a posed figure with that of a figure as it is, and
// one of a cropped figure with one that may be cropped. Parts are not turned. That is the same whichever logo is posed.
func (p *pose) pairs(v *view) bool {
	a := p.view
	if a.posed() {
		return !v.posed() && v.whole() && (a.crop == 0 || v.cut)
	}
	if v.posed() {
		return p.turn == 0 && a.whole() && (v.crop == 0 || a.cut)
	}
	return p.turn == 0 || v.whole()
}

// A pair is a pose of one logo's view and a view of another's.
type pair struct {
	raw      int
	pose     *pose
	view     *view
	other    int // the view's index
	hog, dct int
}

// An agreement is the best pairs of views of two logos, each view in one pair at most.
type agreement struct {
	raw   int
	pairs [evidence]pair
	n     int
	same  bool // the descriptors are equal
}

// best finds the views that agree most. For each pair of views only the best pose counts.
func (p *probe) best(d *Descriptor) agreement {
	var grid [maxViews * maxViews]pair
	n := len(d.views)
	for i := range p.poses {
		q := &p.poses[i]
		for j := range d.views {
			v := &d.views[j]
			if !q.pairs(v) {
				continue
			}
			at := &grid[q.index*n+j]
			least := 2*worst + 1
			if at.pose != nil {
				least = at.raw + 1
			}
			if s, ok := q.against(v, least); ok {
				s.other = j
				*at = s
			}
		}
	}
	a := agreement{same: p.of.equal(d)}
	swapped := p.of.after(d)
	for a.n < evidence {
		top := -1
		for k := range grid[:len(p.of.views)*n] {
			if grid[k].pose != nil && !a.uses(&grid[k]) && (top < 0 || grid[k].before(&grid[top], swapped)) {
				top = k
			}
		}
		if top < 0 {
			break
		}
		a.pairs[a.n] = grid[top]
		a.n++
	}
	a.sum()
	return a
}

// sum is the raw score of an agreement.
func (a *agreement) sum() {
	if a.n == 0 {
		a.raw = rawZero
		return
	}
	a.raw = a.pairs[0].raw
	for k := 1; k < evidence; k++ {
		if k < a.n {
			a.raw += max(worst, a.pairs[k].raw)
		} else {
			a.raw += worst
		}
	}
}

// against scores a pose and a view, or says that the score is less than least.
func (p *pose) against(v *view, least int) (pair, bool) {
	x := p.view
	raw := int(x.norm.hog) + int(v.norm.hog) + int(x.norm.dct) + int(v.norm.dct)
	raw -= bit*biasOf(x.classOf(), v.classOf()) + forPart*(510-int(x.share)-int(v.share))/255
	if p.turn != 0 {
		raw -= forTurn
	}
	if !x.whole() && !v.whole() && max(x.share, v.share) < nearlyAll {
		raw -= forParts
	}
	dct := p.code.dctDistance(&v.code)
	if raw -= bit * dct; raw < least {
		return pair{}, false
	}
	hog := p.code.hogDistance(&v.code, (raw-least)/bit)
	if raw -= bit * hog; raw < least {
		return pair{}, false
	}
	return pair{raw: raw, pose: p, view: v, hog: hog, dct: dct}, true
}

// uses tells whether one of a pair's views is in a pair of the agreement.
func (a *agreement) uses(p *pair) bool {
	for _, q := range a.pairs[:a.n] {
		if q.pose.index == p.pose.index || q.other == p.other {
			return true
		}
	}
	return false
}

// before orders pairs by score, and equal ones by their views in an order that doesn't depend on which logo is first.
func (p *pair) before(q *pair, swapped bool) bool {
	if p.raw != q.raw {
		return p.raw > q.raw
	}
	if swapped {
		return p.other < q.other || p.other == q.other && p.pose.index < q.pose.index
	}
	return p.pose.index < q.pose.index || p.pose.index == q.pose.index && p.other < q.other
}

// after orders descriptors, in any way that depends on them alone.
func (d *Descriptor) after(o *Descriptor) bool {
	if len(d.views) != len(o.views) {
		return len(d.views) > len(o.views)
	}
	for i := range d.views {
		if x, y := &d.views[i].code, &o.views[i].code; *x != *y {
			for k := range x.hog {
				if x.hog[k] != y.hog[k] {
					return x.hog[k] > y.hog[k]
				}
			}
			return x.dct[0] > y.dct[0]
		}
	}
	return false
}

// equal tells whether two descriptors are one.
func (d *Descriptor) equal(o *Descriptor) bool { return slices.Equal(d.views, o.views) }

// score is an agreement's score.
func (a *agreement) score() float64 {
	if a.copied() {
		return 1
	}
	return scale(a.raw)
}

// copied tells whether two logos are equal and so distinctive that hardly anyone drew the second without the first. A
// bold letter or an arrow is not: a copy of it counts for what any pair as near counts.
func (a *agreement) copied() bool { return a.same && a.raw >= rawStrong }

// scale maps a raw score to 0…1, its thresholds to round numbers.
func scale(raw int) float64 {
	between := func(low, high int, from, to float64) float64 {
		return from + float64((to-from)*float64(raw-low))/float64(high-low)
	}
	switch {
	case raw < rawZero:
		return 0
	case raw < rawMatch:
		return between(rawZero, rawMatch, 0, MatchThreshold)
	case raw < rawStrong:
		return between(rawMatch, rawStrong, MatchThreshold, StrongThreshold)
	}
	return min(1, between(rawStrong, rawOne, StrongThreshold, 1))
}
