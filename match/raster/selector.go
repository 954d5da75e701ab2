package raster

import "strings"

// selector is the compounds of a complex selector, the last one first.
type selector []compound

// compound is what one element has to be, and how it stands to the element of
// the compound before it in the list.
type compound struct {
	name, id   string
	classes    []string
	attributes []condition
	places     []string // pseudo-classes of place
	combinator byte     // ' ', '>', '+' or '~' to the next compound of the list
}

// condition is an attribute selector; without operator the attribute is given.
type condition struct {
	name, value string
	operator    byte
}

// parseSelector reads one complex selector (Selectors 3). Pseudo-elements and
// states that no picture has make it unreadable.
func parseSelector(s string) (selector, bool) {
	var sel selector
	s = strings.TrimSpace(s)
	combinator := byte(' ')
	for s != "" {
		c, rest, ok := parseCompound(s)
		if !ok {
			return nil, false
		}
		c.combinator = combinator
		sel = append(selector{c}, sel...)
		s = strings.TrimLeft(rest, " \t\r\n\f")
		combinator = ' '
		if s != "" && strings.IndexByte(">+~", s[0]) >= 0 {
			combinator = s[0]
			if s = strings.TrimLeft(s[1:], " \t\r\n\f"); s == "" {
				return nil, false
			}
		}
		if len(sel) > 16 {
			return nil, false
		}
	}
	return sel, len(sel) > 0
}

// parseCompound reads the simple selectors up to a combinator.
func parseCompound(s string) (c compound, rest string, ok bool) {
	if s[0] == '*' {
		s = s[1:]
		ok = true
	} else if c.name, s = cutName(s); c.name != "" {
		ok = true
	}
	for s != "" && strings.IndexByte(".#[:", s[0]) >= 0 {
		kind := s[0]
		var name string
		name, s = cutName(s[1:])
		switch kind {
		case '.':
			c.classes = append(c.classes, name)
		case '#':
			c.id = name
		case '[':
			var one condition
			if one, s, ok = parseCondition(name, s); !ok {
				return c, s, false
			}
			c.attributes = append(c.attributes, one)
		case ':':
			if name != "first-child" && name != "last-child" && name != "root" {
				return c, s, false
			}
			c.places = append(c.places, name)
		}
		if name == "" {
			return c, s, false
		}
		ok = true
	}
	return c, s, ok
}

// cutName cuts an identifier off; an escaped character stands for itself.
func cutName(s string) (name, rest string) {
	i := 0
	for i < len(s) {
		c := s[i]
		if c == '\\' && i+1 < len(s) {
			i += 2
			continue
		}
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c >= 0x80) {
			break
		}
		i++
	}
	return strings.ReplaceAll(s[:i], `\`, ""), s[i:]
}

// parseCondition reads an attribute selector behind the attribute's name.
func parseCondition(name, s string) (condition, string, bool) {
	inner, rest, ok := strings.Cut(s, "]")
	if !ok {
		return condition{}, s, false
	}
	operator, value, given := strings.Cut(inner, "=")
	if !given {
		return condition{name: name}, rest, strings.TrimSpace(inner) == ""
	}
	c := condition{name: name, operator: '=', value: strings.Trim(strings.TrimSpace(value), `"'`)}
	if operator = strings.TrimSpace(operator); operator != "" {
		c.operator = operator[0]
	}
	return c, rest, true
}

// specificity is Selectors 3, 9, in one number.
func (sel selector) specificity() int {
	n := 0
	for _, c := range sel {
		if c.id != "" {
			n += 1 << 20
		}
		n += (len(c.classes) + len(c.attributes) + len(c.places)) << 10
		if c.name != "" {
			n++
		}
	}
	return n
}

// matches says whether the selector is for an element.
func (sel selector) matches(n *node, b *budget) bool {
	if !sel[0].matches(n, b) {
		return false
	}
	if len(sel) == 1 {
		return true
	}
	rest := sel[1:]
	switch sel[0].combinator {
	case '>':
		return n.parent != nil && rest.matches(n.parent, b)
	case '+', '~':
		once := sel[0].combinator == '+'
		for s := n.previous(b); s != nil && b.spend(steps, 1); s = s.previous(b) {
			if rest.matches(s, b) {
				return true
			}
			if once {
				return false
			}
		}
		return false
	}
	for p := n.parent; p != nil && b.spend(steps, 1); p = p.parent {
		if rest.matches(p, b) {
			return true
		}
	}
	return false
}

// previous is the element before n in its parent.
func (n *node) previous(b *budget) *node {
	if n.parent == nil {
		return nil
	}
	for i := n.place - 2; i >= 0 && b.spend(steps, 1); i-- {
		if s := n.parent.children[i]; s.name != textNode {
			return s
		}
	}
	return nil
}

// matches says whether the compound is for an element.
func (c *compound) matches(n *node, b *budget) bool {
	if c.name != "" && c.name != n.name || c.id != "" && c.id != n.attr("id") {
		return false
	}
	for _, class := range c.classes {
		if list := n.attr("class"); !b.spend(steps, 1+len(list)/16) || !hasWord(list, class) {
			return false
		}
	}
	for _, a := range c.attributes {
		if !b.spend(steps, 1+len(n.attr(a.name))/16) || !a.holds(n) {
			return false
		}
	}
	for _, place := range c.places {
		if !n.stands(place) {
			return false
		}
	}
	return true
}

// hasWord says whether a list has a word.
func hasWord(list, word string) bool {
	for w := range strings.FieldsSeq(list) {
		if w == word {
			return true
		}
	}
	return false
}

// holds says whether an element's attribute is as the condition wants.
func (a condition) holds(n *node) bool {
	v := n.attr(a.name)
	switch a.operator {
	case 0:
		return n.has(a.name)
	case '=':
		return v == a.value && n.has(a.name)
	case '~':
		return hasWord(v, a.value)
	case '|':
		return v == a.value || strings.HasPrefix(v, a.value+"-")
	case '^':
		return a.value != "" && strings.HasPrefix(v, a.value)
	case '$':
		return a.value != "" && strings.HasSuffix(v, a.value)
	case '*':
		return a.value != "" && strings.Contains(v, a.value)
	}
	return false
}

// stands says whether an element has a place.
func (n *node) stands(place string) bool {
	if n.parent == nil {
		return place == "root"
	}
	switch place {
	case "first-child":
		return n.place == 1
	case "last-child":
		return n.place == len(n.parent.children)
	}
	return false
}
