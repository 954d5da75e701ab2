package raster

import "strings"

// styleOf is an element's style: its presentation attributes, then the rules
// of the style sheets, then its style attribute, then what is important.
func (r *renderer) styleOf(n *node, parent *style) *style {
	s := &style{inherited: parent.inherited, own: initialOwn()}
	if !r.budget.read(n.weight) {
		return s
	}
	rules := r.doc.sheet.match(n, r.budget)
	inline := n.attr("style")
	if len(rules) == 0 && inline == "" {
		s.first(n, parent)
		for i := range n.attrs {
			s.set(n.attrs[i].name, n.attrs[i].value, parent)
		}
		return s
	}
	list := make([]declaration, 0, len(n.attrs)+8)
	for _, a := range n.attrs {
		if s.field(a.name) != nil {
			list = append(list, declaration{name: a.name, value: a.value})
		}
	}
	for _, rule := range rules {
		if !r.budget.spend(steps, 8*len(rule.declarations)) || !r.budget.read(rule.weight) {
			return s
		}
		list = append(list, rule.declarations...)
	}
	list = append(list, parseDeclarations(inline)...)
	s.apply(list, parent, true)
	s.apply(list, parent, false)
	return s
}

// first sets the font size, which lengths may depend on.
func (s *style) first(n *node, parent *style) {
	if size := n.attr("font-size"); size != "" {
		s.set("font-size", size, parent)
	}
}

// apply sets declarations in order, the important ones last. What others
// depend on goes first.
func (s *style) apply(list []declaration, parent *style, first bool) {
	for _, important := range [...]bool{false, true} {
		for _, d := range list {
			leads := strings.HasPrefix(d.name, "--") || d.name == "font-size"
			if d.important == important && leads == first {
				s.set(d.name, d.value, parent)
			}
		}
	}
}

// treeStyle is the style of an element by its ancestors in the document, which
// is how the contents of masks, patterns and the like have theirs.
func (r *renderer) treeStyle(n *node) *style {
	if n == nil {
		initial := initialStyle()
		return &initial
	}
	if s, ok := r.styles[n]; ok {
		return s
	}
	s := r.styleOf(n, r.treeStyle(n.parent))
	r.styles[n] = s
	return s
}

// The bounds of what variables expand to.
const (
	maximalExpansion = 4096
	maximalVariables = 16
)

// substitute replaces var(--name, fallback) by the variable or the fallback.
func (s *style) substitute(value string) (string, bool) {
	for range maximalVariables {
		before, rest, found := strings.Cut(value, "var(")
		if !found {
			return value, true
		}
		inner, after := argument(rest)
		name, fallback, hasFallback := strings.Cut(inner, ",")
		replacement, ok := s.variable(strings.TrimSpace(name))
		if !ok {
			if !hasFallback {
				return "", false
			}
			replacement = strings.TrimSpace(fallback)
		}
		value = before + replacement + after
		if len(value) > maximalExpansion {
			return "", false
		}
	}
	return "", false
}

// variable is the value of a custom property.
func (s *style) variable(name string) (string, bool) {
	for v := s.vars; v != nil; v = v.next {
		if v.name == name {
			return v.value, true
		}
	}
	return "", false
}

// argument cuts at the bracket that closes.
func argument(s string) (inner, rest string) {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '(':
			depth++
		case ')':
			if depth == 0 {
				return s[:i], s[i+1:]
			}
			depth--
		}
	}
	return s, ""
}

// shorthand reads size and weight out of the font property.
func (s *style) shorthand(value string, parent *style) {
	for word := range strings.FieldsSeq(value) {
		size, _, _ := strings.Cut(word, "/")
		if _, ok := parseLength(size); ok && strings.IndexByte("0123456789.", size[0]) >= 0 && !isDigits(size) {
			s.set("font-size", size, parent)
			return
		}
		s.set("font-weight", word, parent)
		s.set("font-style", word, parent)
	}
}

// isDigits says whether a word is a plain number, as a weight is.
func isDigits(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}
