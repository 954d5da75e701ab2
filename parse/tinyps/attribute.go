package tinyps

import (
	"strings"
)

// judgeAttributes judges the attributes of an element that begins.
func (c *checker) judgeAttributes(e *open, ns string, at int) {
	var id, xmlID string
	for i := range c.attrs {
		a := &c.attrs[i]
		if a.space == nsXMLNS {
			c.declaration(a)
			continue
		}
		key := a.key()
		switch key {
		case "id":
			id = a.value
			c.identify(a)
		case "xml:id":
			xmlID = a.value
			c.identify(a)
		}
		c.judgeAttribute(e, ns, a, key)
	}
	if id != "" && xmlID != "" {
		c.findf("svg-attribute", at, "%s has both id and xml:id", tagName(e.local))
	}
}

// judgeAttribute judges one attribute. Each is told once, by the gravest rule.
func (c *checker) judgeAttribute(e *open, ns string, a *attribute, key string) {
	switch {
	case key == "":
		c.findf("svg-namespace", a.at, "the attribute %s is of %s", shorten(a.name), namespaceName(a.space))
		return
	case ns != nsSVG:
		return
	case len(key) > 2 && strings.EqualFold(key[:2], "on"):
		c.findf("svg-event-handler", a.at, "the attribute %s", shorten(a.name))
		return
	case key == "style":
		c.findf("svg-stylesheet", a.at, "the attribute style=%s", quote(a.value))
		return
	case c.referring(e, a, key):
		return
	case e.kind == nil:
		return
	case !e.kind.allows(key):
		c.refuse(e, a, key)
	case e.local == "svg" && len(c.stack) == 1 && (key == "baseProfile" || key == "version"):
		// root judges these two
	case !takes(key, a.value):
		c.refuseValue(a, key)
	case key == "d":
		c.pathData(a)
	}
}

// refuseValue tells that an attribute doesn't take a value.
func (c *checker) refuseValue(a *attribute, key string) {
	if words := wordsOf(key); words != "" {
		c.findf("svg-attribute-value", a.at, "%s is %s, not one of: %s", key, quote(a.value), words)
		return
	}
	c.findf("svg-attribute-value", a.at, "%s is %s", key, quote(a.value))
}

// refuse tells that an element doesn't have an attribute.
func (c *checker) refuse(e *open, a *attribute, key string) {
	switch {
	case e.local == "svg" && len(c.stack) == 1 && (key == "x" || key == "y"):
		c.findf("svg-root-position", a.at, "the root has %s=%s", key, quote(a.value))
	default:
		c.findf("svg-attribute", a.at, "%s has no attribute %s", tagName(e.local), shorten(a.name))
	}
}

// declaration judges a namespace declaration.
func (c *checker) declaration(a *attribute) {
	switch a.value {
	case nsSVG, nsXLink, nsXML, "":
	default:
		c.findf("svg-namespace-declared", a.at, "%s is %s", shorten(a.name), quote(a.value))
	}
}

// identify takes in an element's id.
func (c *checker) identify(a *attribute) {
	if c.ids == nil {
		c.ids = map[string]bool{}
	}
	id := strings.Trim(a.value, " ")
	if c.ids[id] && id != "" {
		c.findf("svg-id-twice", a.at, "the id %s is that of another element too", quote(id))
	}
	c.ids[id] = true
}

// pathData judges the characters of path data, and no more than them: what
// follows a fault is left out by every renderer alike.
func (c *checker) pathData(a *attribute) {
	for i, r := range a.value {
		switch {
		case r == 'A', r == 'a':
			c.findOnce("svg-path-data", 2, a.at, "it draws arcs (A), which SVG Tiny 1.2 doesn't have")
			return
		case r >= '0' && r <= '9', strings.ContainsRune("MmZzLlHhVvCcSsQqTt+-.,eE \t\r\n", r):
		default:
			c.findf("svg-path-data", a.at, "character %d of its path data is %s", i+1, quote(string(r)))
			return
		}
	}
}
