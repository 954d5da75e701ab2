package tinyps

import "strings"

// reference is an id that something refers to.
type reference struct {
	id string
	at int
}

// referring judges what an attribute refers to, and tells whether it was told of.
func (c *checker) referring(e *open, a *attribute, key string) bool {
	switch key {
	case "xlink:href", "href", "src":
		if !c.target(strings.Trim(a.value, " "), a) {
			return true
		}
		if key == "href" && e.local == "use" {
			c.findf("svg-href", a.at, "renderers of SVG Tiny read xlink:href alone")
		}
		return false
	case "xml:base":
		if strings.Trim(a.value, " ") != "" {
			c.findf("svg-external-reference", a.at, "xml:base is %s", quote(a.value))
			return true
		}
		return false
	}
	told := false
	for rest := a.value; ; {
		before, after, ok := strings.Cut(rest, "(")
		if !ok {
			return told
		}
		if len(before) >= 3 && strings.EqualFold(before[len(before)-3:], "url") {
			var inside string
			inside, after, _ = strings.Cut(after, ")")
			told = !c.target(strings.Trim(inside, ` '"`), a) || told
		}
		rest = after
	}
}

// target judges one address; false where it is told of as an error.
func (c *checker) target(address string, a *attribute) bool {
	scheme, _, _ := strings.Cut(address, ":")
	switch {
	case strings.HasPrefix(address, "#"):
		if len(c.refs) < maxFindings {
			c.refs = append(c.refs, reference{address[1:], a.at})
		}
		return true
	case strings.EqualFold(scheme, "data"):
		c.findf("svg-data-reference", a.at, "%s is %s", shorten(a.name), quote(address))
	case strings.EqualFold(scheme, "javascript"):
		c.findf("svg-script", a.at, "%s is %s", shorten(a.name), quote(address))
	default:
		c.findf("svg-external-reference", a.at, "%s refers to %s", shorten(a.name), quote(address))
	}
	return false
}
