package logo

import (
	"fmt"
	"strings"
)

// comparison puts an agreement into a score and words.
func (a *agreement) comparison() Comparison {
	c := Comparison{Score: a.score()}
	switch {
	case c.Score >= StrongThreshold:
		c.Verdict = Strong
	case c.Score >= MatchThreshold:
		c.Verdict = Match
	}
	if a.n == 0 {
		return c
	}
	first := &a.pairs[0]
	c.View, c.Transform, c.Distance = first.viewWords(), first.turnWords(), first.bitsOf64()
	c.Reason = a.reason()
	return c
}

// bitsOf64 scales the difference of the low frequencies to 64 bits.
func (p *pair) bitsOf64() int { return min(64, p.dct*64/(dctBits/2)) }

// viewWords names the pair of views.
func (p *pair) viewWords() string {
	x, y := p.pose.view.words(), p.view.words()
	if x == y {
		return x
	}
	return x + " against " + y
}

// words names a view, as a noun without an article.
func (v *view) words() string {
	name := [kinds]string{"figure", "outline", "part", "largest piece", "figure without one of its colours", "shape of one colour"}[v.kind]
	if v.edges {
		name = "inner edges"
	}
	if v.layer > 0 {
		name += " within the badge"
	}
	return name
}

// turnWords names the transform.
func (p *pair) turnWords() string {
	var list []string
	if t := [8]string{"", "mirrored", "turned by 90° anticlockwise", "mirrored and turned by 90°", "turned by 180°",
		"mirrored top to bottom", "turned by 90° clockwise", "mirrored and turned by 90°"}[p.pose.turn]; t != "" {
		list = append(list, t)
	}
	if d := abs(int(p.pose.view.degrees) - int(p.view.degrees)); d != 0 {
		list = append(list, fmt.Sprintf("turned by about %d°", d))
	}
	if p.pose.view.crop != 0 || p.view.crop != 0 {
		list = append(list, "cropped")
	}
	if abs(int(p.pose.view.aspect)-int(p.view.aspect)) >= stretched && p.pose.turn&2 == 0 {
		list = append(list, "stretched")
	}
	return strings.Join(list, ", ")
}

const (
	stretched = 4  // sixteenths of a doubling
	recolored = 48 // difference of a channel
)

// reason says in words what agrees, how nearly, and what was changed.
func (a *agreement) reason() string {
	first := &a.pairs[0]
	s := first.agreement()
	if t := first.turnWords(); t != "" {
		s += ", " + t
	}
	x, y := first.pose.view, first.view
	for k := range 3 {
		if abs(int(x.colour[k])-int(y.colour[k])) > recolored {
			s += ", recoloured"
			break
		}
	}
	if x.badge%4 != y.badge%4 {
		for _, b := range []badge{x.badge, y.badge} {
			if w := b.words(); w != "" {
				s += ", on " + w
				break
			}
		}
	}
	s += fmt.Sprintf(" (%d of 64 bits differ)", first.bitsOf64())
	for _, p := range a.pairs[1:a.n] {
		if p.raw > worst {
			s += fmt.Sprintf("; %s (%d)", p.agreement(), p.bitsOf64())
		}
	}
	return s
}

// agreement says in what two logos agree and how nearly: "nearly the same figure", or where views of two sorts agree
// "the figure within the badge, similar to the other's outline".
func (p *pair) agreement() string {
	x, y := p.pose.view.words(), p.view.words()
	like := p.nearness()
	if x != y {
		return fmt.Sprintf("the %s, %s the other's %s", x, [...]string{"the same as", "nearly the same as", "similar to", "roughly similar to"}[like], y)
	}
	article := "a "
	if p.view.edges {
		article = "" // they are many
	}
	return [...]string{"the same ", "nearly the same ", article + "similar ", article + "roughly similar "}[like] + x
}

// nearness ranks a distance: 0 the same, 1 nearly, 2 similar, 3 roughly so.
func (p *pair) nearness() int {
	switch share := p.hog * 100 / hogBits; {
	case share == 0:
		return 0
	case share < 4:
		return 1
	case share < 9:
		return 2
	}
	return 3
}
