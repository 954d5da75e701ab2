package logo

import "math"

// A Verdict says whether two logos are taken for one.
type Verdict uint8

const (
	None   Verdict = iota // nothing to tell
	Match                 // one wrong pair in 10,000 is expected
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
	View, Transform string // which views agreed, and how one is turned to lie on the other
	Distance        int    // of the agreeing views after the transform: bits of 64
}

// Compare tells how alike two logos are. It is symmetric in Score.
func Compare(a, b *Descriptor) Comparison {
	return expand(a).best(b).comparison()
}

// A pose is a view, perhaps seen in a mirror and turned by quarters.
type pose struct {
	view *view
	code code
	turn uint8 // 0 as it is; odd: mirrored …
}

// A probe is a descriptor with all poses of its whole views.
type probe []pose

// expand lists d's views in all poses.
func expand(d *Descriptor) probe {
	list := make(probe, 0, 4*len(d.views))
	for i := range d.views {
		v := &d.views[i]
		list = append(list, pose{view: v, code: v.code})
		if !v.whole() || v.degrees != 0 {
			continue
		}
		c := v.code
		for t := uint8(1); t < 8; t++ {
			if t%2 == 1 {
				c = c.mirrored()
			} else {
				c = c.transposed()
			}
			list = append(list, pose{view: v, code: c, turn: t})
		}
	}
	return list
}

// whole tells whether the view shows a whole figure; only those are turned.
func (v *view) whole() bool { return v.kind <= outline }

// pairs tells whether a pose may be compared with a view.
func (p *pose) pairs(v *view) bool {
	if p.view.degrees != 0 {
		return v.degrees == 0 && v.whole()
	}
	return v.degrees == 0 || p.turn == 0 && p.view.whole()
}

// An agreement is the best pair of views of two logos.
type agreement struct {
	raw      float64
	pose     *pose
	view     *view
	hog, dct int
}

// best finds the views that agree most.
func (p probe) best(d *Descriptor) agreement {
	best := agreement{raw: math.Inf(-1)}
	for i := range p {
		for j := range d.views {
			v := &d.views[j]
			if !p[i].pairs(v) {
				continue
			}
			hog, dct := p[i].code.distances(&v.code)
			if s := score(&p[i].view.norm, &v.norm, hog, dct); s > best.raw {
				best = agreement{s, &p[i], v, hog, dct}
			}
		}
	}
	return best
}

// score is how much nearer two views are to each other than each to what anyone could invent.
func score(a, b *norm, hog, dct int) float64 {
	h := float64(int(a.hog)-16*hog)/float64(a.hogSpread) + float64(int(b.hog)-16*hog)/float64(b.hogSpread)
	d := float64(int(a.dct)-16*dct)/float64(a.dctSpread) + float64(int(b.dct)-16*dct)/float64(b.dctSpread)
	return (h + d) / 2
}

const (
	rawMatch  = 2.6 // raw scores of the thresholds
	rawStrong = 4.0
)

// comparison puts an agreement into a score and words.
func (g agreement) comparison() Comparison {
	c := Comparison{Score: scale(g.raw)}
	switch {
	case c.Score >= StrongThreshold:
		c.Verdict = Strong
	case c.Score >= MatchThreshold:
		c.Verdict = Match
	}
	if g.pose == nil {
		return c
	}
	c.Distance = (g.hog + g.dct) * 64 * 2 / (hogBits + dctBits)
	c.View, c.Transform = g.viewWords(), g.turnWords()
	c.Reason = g.reason(c)
	return c
}

// scale maps a raw score to 0…1, its thresholds to round numbers.
func scale(raw float64) float64 {
	switch {
	case raw < rawMatch:
		return max(0, MatchThreshold*(1+(raw-rawMatch)/(rawMatch+2)))
	case raw < rawStrong:
		return MatchThreshold + (StrongThreshold-MatchThreshold)*(raw-rawMatch)/(rawStrong-rawMatch)
	}
	return min(1, StrongThreshold+(1-StrongThreshold)*(raw-rawStrong)/rawStrong)
}
