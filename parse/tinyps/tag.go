package tinyps

import (
	"strings"
)

// The namespaces that a logo may have.
const (
	nsSVG   = "http://www.w3.org/2000/svg"
	nsXLink = "http://www.w3.org/1999/xlink"
	nsXML   = "http://www.w3.org/XML/1998/namespace"
	nsXMLNS = "http://www.w3.org/2000/xmlns/"
)

// attribute is one attribute of a start tag.
type attribute struct {
	name  string // as written
	local string // without prefix
	space string // namespace, "" for none
	value string // with references resolved and white space made spaces
	at    int    // where it begins
}

// key is the attribute's name as the tables of the profile write it.
func (a *attribute) key() string {
	switch a.space {
	case "":
		return a.local
	case nsXML:
		return "xml:" + a.local
	case nsXLink:
		return "xlink:" + a.local
	}
	return ""
}

// binding is a prefix that a namespace declaration binds.
type binding struct{ prefix, space string }

// tagName writes a name as its tag.
func tagName(name string) string { return "<" + shorten(name) + ">" }

// shorten cuts a name that is long.
func shorten(name string) string {
	if len(name) > 60 {
		return strings.ToValidUTF8(name[:60], "") + "…"
	}
	return name
}

// startTag reads a start tag and judges the element.
func (c *checker) startTag() {
	at := c.pos
	n := nameLength(c.src[at+1:])
	name := c.src[at+1 : at+1+n]
	c.pos += 1 + n
	switch {
	case n == 0:
		c.malformed(at, "< begins no tag; write &lt;")
		return
	case len(c.stack) == 0 && c.roots > 0:
		c.malformed(at, "%s is a second root", tagName(name))
		return
	case len(c.stack) >= maxDepth:
		c.tooComplex(at, "elements stand more than %d deep", maxDepth)
		return
	}
	spaces := len(c.spaces)
	if !c.attributes(name, at) || !c.bind() {
		return
	}
	closed := strings.HasPrefix(c.src[c.pos:], "/>")
	c.pos++
	if closed {
		c.pos++
	}
	prefix, local := split(name)
	ns, bound := c.space(prefix)
	if !bound || !c.unique() {
		if !bound {
			c.malformed(at, "the prefix of %s isn't declared", tagName(name))
		}
		return
	}
	c.element(open{name: name, local: local, spaces: spaces}, ns, at)
	if closed && !c.stopped {
		c.closeElement()
	}
}

// attributes reads the attributes of a start tag, up to its > or />.
func (c *checker) attributes(element string, at int) bool {
	c.attrs = c.attrs[:0]
	for {
		begin := c.pos
		for c.pos < len(c.src) && space(c.src[c.pos]) {
			c.pos++
		}
		rest := c.src[c.pos:]
		switch {
		case strings.HasPrefix(rest, ">"), strings.HasPrefix(rest, "/>"):
			return true
		case len(c.attrs) >= maxAttributes:
			c.tooComplex(at, "%s has more than %d attributes", tagName(element), maxAttributes)
			return false
		}
		n := nameLength(rest)
		if n == 0 || begin == c.pos {
			c.malformed(c.pos, "the tag %s isn't closed, or something that is no attribute stands in it", tagName(element))
			return false
		}
		a := attribute{name: rest[:n], at: c.pos}
		c.pos += n
		if !c.value(&a) {
			return false
		}
		c.attrs = append(c.attrs, a)
	}
}

// value reads ="…" behind an attribute's name.
func (c *checker) value(a *attribute) bool {
	rest := strings.TrimLeft(c.src[c.pos:], " \t\r\n")
	if !strings.HasPrefix(rest, "=") {
		c.malformed(a.at, "the attribute %s has no value", shorten(a.name))
		return false
	}
	rest = strings.TrimLeft(rest[1:], " \t\r\n")
	if rest == "" || rest[0] != '"' && rest[0] != '\'' {
		c.malformed(a.at, "the value of %s isn't in quotes", shorten(a.name))
		return false
	}
	at := len(c.src) - len(rest) + 1
	raw, _, ok := strings.Cut(rest[1:], rest[:1])
	if i := strings.IndexByte(raw, '<'); !ok || i >= 0 {
		c.malformed(a.at, "the value of %s isn't closed, or has < in it", shorten(a.name))
		return false
	}
	c.pos = at + len(raw) + 1
	plain := raw
	if strings.ContainsAny(raw, "\t\r\n") {
		plain = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\t", " ").Replace(raw)
	}
	if len(plain) == len(raw) {
		a.value = c.resolve(plain, at)
	} else {
		a.value = c.resolve(plain, a.at)
	}
	return !c.stopped
}

// bind takes in the namespace declarations among the attributes, and gives the others their namespace.
func (c *checker) bind() bool {
	for i := range c.attrs {
		a := &c.attrs[i]
		prefix, local := split(a.name)
		switch {
		case prefix == "xmlns":
			c.spaces = append(c.spaces, binding{local, a.value})
		case a.name == "xmlns":
			c.spaces = append(c.spaces, binding{"", a.value})
		default:
			continue
		}
		if len(c.spaces) > maxNamespaces {
			c.tooComplex(a.at, "more than %d namespaces are declared", maxNamespaces)
			return false
		}
		if prefix == "xmlns" && (local == "xmlns" || a.value == "" || (local == "xml") != (a.value == nsXML)) {
			c.malformed(a.at, "the namespace declaration %s is none", shorten(a.name))
			return false
		}
		a.space, a.local = nsXMLNS, local
	}
	for i := range c.attrs {
		a := &c.attrs[i]
		if a.space == nsXMLNS {
			continue
		}
		prefix, local := split(a.name)
		a.local = local
		if prefix == "" {
			continue
		}
		var bound bool
		if a.space, bound = c.space(prefix); !bound {
			c.malformed(a.at, "the prefix of %s isn't declared", shorten(a.name))
			return false
		}
	}
	return true
}

// unique checks that no attribute is there twice.
func (c *checker) unique() bool {
	for i := range c.attrs {
		for j := range i {
			if c.attrs[i].local == c.attrs[j].local && c.attrs[i].space == c.attrs[j].space {
				c.malformed(c.attrs[i].at, "the attribute %s is there twice", shorten(c.attrs[i].name))
				return false
			}
		}
	}
	return true
}

// split takes a name apart at its colon.
func split(name string) (prefix, local string) {
	if prefix, local, ok := strings.Cut(name, ":"); ok {
		return prefix, local
	}
	return "", name
}

// space is the namespace that a prefix is bound to.
func (c *checker) space(prefix string) (string, bool) {
	for i := len(c.spaces) - 1; i >= 0; i-- {
		if c.spaces[i].prefix == prefix {
			return c.spaces[i].space, true
		}
	}
	if prefix == "xml" {
		return nsXML, true
	}
	return "", prefix == ""
}

// endTag reads an end tag.
func (c *checker) endTag() {
	at := c.pos
	n := nameLength(c.src[at+2:])
	name := c.src[at+2 : at+2+n]
	rest := strings.TrimLeft(c.src[at+2+n:], " \t\r\n")
	switch {
	case n == 0 || !strings.HasPrefix(rest, ">"):
		c.malformed(at, "this end tag isn't one")
	case len(c.stack) == 0:
		c.malformed(at, "</%s> closes nothing", shorten(name))
	case c.stack[len(c.stack)-1].name != name:
		c.malformed(at, "</%s> closes %s", shorten(name), tagName(c.stack[len(c.stack)-1].name))
	default:
		c.pos = len(c.src) - len(rest) + 1
		c.closeElement()
	}
}

// closeElement ends the innermost element.
func (c *checker) closeElement() {
	top := c.stack[len(c.stack)-1]
	c.stack = c.stack[:len(c.stack)-1]
	c.spaces = c.spaces[:top.spaces]
	if top.defines {
		c.inDefs--
	}
	if top.local == "title" && c.titles == 1 && c.titleAt >= 0 {
		c.judgeTitle()
		c.titleAt = -1
	}
}
