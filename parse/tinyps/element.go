package tinyps

import (
	"strings"
)

// element judges an element that begins, and opens it.
func (c *checker) element(e open, ns string, at int) {
	parent := c.parent()
	root := parent == nil
	if root {
		c.roots, c.rootAt = 1, at
	} else {
		parent.inside++
	}
	switch {
	case root && (ns != nsSVG || e.local != "svg"):
		c.findf("svg-root", at, "the root is %s in %s", tagName(e.name), namespaceName(ns))
		e.skipped, c.notSVG = true, true
	case parent != nil && parent.skipped && ns != nsSVG:
		e.skipped = true // its stranger of a parent was told
	case ns != nsSVG:
		c.findf("svg-namespace", at, "the element %s is of %s", tagName(e.name), namespaceName(ns))
		e.skipped = true
	default:
		e.kind = lookupElement(e.local)
		c.place(&e, parent, at)
	}
	switch e.local {
	case "defs", "linearGradient", "radialGradient":
		e.defines = true
		c.inDefs++
	}
	e.moved = c.attr("transform") != nil
	if a := c.attr("fill"); a != nil {
		e.fill = strings.ToLower(strings.Trim(a.value, " "))
	}
	c.stack = append(c.stack, e)
	c.judgeAttributes(&e, ns, at)
	if e.kind != nil && e.kind.paints && c.inDefs == 0 {
		if c.drawn == 0 {
			c.background(&e, at)
		}
		c.drawn++
	}
}

// parent is the innermost open element; nil before the root.
func (c *checker) parent() *open {
	if len(c.stack) == 0 {
		return nil
	}
	return &c.stack[len(c.stack)-1]
}

// namespaceName writes a namespace in a detail.
func namespaceName(ns string) string {
	if ns == "" {
		return "no namespace"
	}
	return "the namespace " + quote(ns)
}

// place judges an element of the SVG namespace by what it is and where it stands.
func (c *checker) place(e, parent *open, at int) {
	switch {
	case e.kind == nil:
		rule, what := foreign(e.local)
		c.findf(rule, at, "%s%s", tagName(e.local), what)
	case parent == nil:
		c.root(at)
	case e.local == "svg":
		c.findf("svg-element-place", at, "an <svg> stands in another")
	case parent.kind != nil && parent.kind.content&e.kind.place == 0:
		c.findf("svg-element-place", at, "%s stands in %s", tagName(e.local), tagName(parent.local))
	case e.local == "title":
		c.titles++
		c.titleAt = at
		if c.titles > 1 {
			c.findf("svg-title", at, "it is title number %d", c.titles)
		} else if parent.inside > 1 {
			c.findf("svg-title", at, "another element stands before it")
		}
	}
	switch e.local {
	case "text", "textArea":
		c.findOnce("svg-font", 0, at, "the first text element is here")
	case "linearGradient", "radialGradient":
		c.findOnce("svg-gradient", 1, at, "the first gradient is here")
	}
}

// findOnce notes a finding of which one is enough.
func (c *checker) findOnce(rule string, bit uint, at int, detail string) {
	if c.once&(1<<bit) == 0 {
		c.once |= 1 << bit
		c.findf(rule, at, "%s", detail)
	}
}

// foreign gives the rule against an element of SVG that the profile doesn't have, and more words on it.
func foreign(name string) (rule, what string) {
	switch name {
	case "script", "handler", "listener":
		return "svg-script", ""
	case "animate", "animateColor", "animateMotion", "animateTransform", "set", "mpath", "discard":
		return "svg-animation", ""
	case "a":
		return "svg-link", ""
	case "image", "audio", "video", "animation", "feImage":
		return "svg-multimedia", ""
	case "style":
		return "svg-stylesheet", ""
	case "tspan", "tbreak", "textPath":
		return "svg-element", " in text"
	case "clipPath", "mask", "filter", "pattern", "symbol", "marker":
		return "svg-element", ", which SVG Tiny doesn't have"
	}
	return "svg-element", ""
}

// characters judges text, whose first character that is no white space is at the byte given.
func (c *checker) characters(value string, at int, blank bool) {
	top := &c.stack[len(c.stack)-1]
	if top.local == "title" && c.titles == 1 && len(c.title) < 4096 {
		c.title += value
	}
	if !blank && top.kind != nil && top.kind.content&text == 0 {
		c.findf("svg-text-place", at, "the text %s stands in %s", quote(strings.TrimSpace(value)), tagName(top.local))
	}
}

// finish judges what only the end of the text can tell.
func (c *checker) finish() {
	if c.roots > 0 && c.titles == 0 && !c.notSVG {
		c.findf("svg-title", c.rootAt, "it has no title")
	}
	for _, r := range c.refs {
		if !c.ids[r.id] {
			c.findf("svg-broken-reference", r.at, "no element has the id %s", quote(r.id))
		}
	}
}

// maxTitle is how many characters a title should have at most.
const maxTitle = 64

// judgeTitle judges the text of the title.
func (c *checker) judgeTitle() {
	title := strings.Join(strings.Fields(c.title), " ")
	switch n := len([]rune(title)); {
	case n == 0:
		c.findf("svg-title-text", c.titleAt, "it is empty")
	case n > maxTitle:
		c.findf("svg-title-text", c.titleAt, "it has %d characters, more than %d", n, maxTitle)
	}
}
