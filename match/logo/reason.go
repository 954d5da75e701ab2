package logo

import "fmt"

// viewWords names the pair of views.
func (g agreement) viewWords() string { return g.pose.view.words() + " and " + g.view.words() }

// words names a view.
func (v *view) words() string {
	name := [kinds]string{"figure", "outline", "part", "largest piece", "all but one colour", "one colour"}[v.kind]
	if v.edges {
		name = "inner edges"
	}
	if v.layer > 0 {
		name += " on the badge"
	}
	return name
}

// turnWords names the transform.
func (g agreement) turnWords() string {
	name := [8]string{"", "mirrored", "mirrored and turned by 90°", "turned by 90°", "turned by 180°", "upside down in a mirror", "", ""}[g.pose.turn]
	if d := int(g.pose.view.degrees) - int(g.view.degrees); d != 0 {
		name = fmt.Sprintf("turned by %d°", d)
	}
	return name
}

// reason says it in a sentence.
func (g agreement) reason(c Comparison) string {
	s := "same " + g.viewWords()
	if c.Transform != "" {
		s += ", " + c.Transform
	}
	return s
}
