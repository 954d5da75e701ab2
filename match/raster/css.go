package raster

import (
	"slices"
	"strings"
)

// declaration is a property with its value.
type declaration struct {
	name, value string
	important   bool
}

// rule is a selector with its declarations.
type rule struct {
	selector     selector
	declarations []declaration
	order        int
	weight       int // bytes of the declarations
}

// sheet is the style sheets of a document, indexed by the strongest simple
// selector of what a rule is for.
type sheet struct {
	byID, byClass, byName map[string][]*rule
	universal             []*rule
	rules                 int
}

// parseSheet reads style sheets (CSS 2.1, 4). Of what can't be read it skips as
// much as CSS says.
func parseSheet(css string, doc *document, b *budget) sheet {
	s := sheet{byID: map[string][]*rule{}, byClass: map[string][]*rule{}, byName: map[string][]*rule{}}
	if css != "" {
		s.parse(withoutComments(css), doc, b, 0)
	}
	return s
}

// withoutComments replaces comments with a space.
func withoutComments(css string) string {
	if !strings.Contains(css, "/*") {
		return css
	}
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(css, "/*")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		out.WriteByte(' ')
		_, css, _ = strings.Cut(rest, "*/")
	}
}

// maximalNesting bounds at-rules within at-rules.
const maximalNesting = 8

// parse reads the rules of a sheet or of a block within an at-rule.
func (s *sheet) parse(css string, doc *document, b *budget, depth int) {
	for b.spend(steps, 1) {
		css = strings.TrimLeft(css, " \t\r\n\f;")
		css = strings.TrimPrefix(strings.TrimPrefix(css, "<!--"), "-->")
		i := strings.IndexAny(css, "{;")
		if i < 0 {
			return
		}
		prelude := strings.TrimSpace(css[:i])
		if css[i] == ';' && strings.HasPrefix(prelude, "@") {
			css = css[i+1:]
			continue
		}
		if i = strings.IndexByte(css, '{'); i < 0 {
			return
		}
		prelude = strings.TrimSpace(css[:i])
		body, rest := block(css[i+1:])
		css = rest
		if !strings.HasPrefix(prelude, "@") {
			s.add(prelude, body, b)
			continue
		}
		switch holds, known := atRule(prelude); {
		case !known:
			doc.miss("style rule " + firstWord(prelude))
		case holds && depth < maximalNesting:
			s.parse(body, doc, b, depth+1)
		}
	}
}

// firstWord is the name of an at-rule, held short.
func firstWord(prelude string) string {
	word, _, _ := strings.Cut(prelude, " ")
	return word[:min(len(word), 24)]
}

// atRule says whether the rules in an at-rule hold in a light window on a
// screen, and whether it is known at all.
func atRule(prelude string) (holds, known bool) {
	name, condition, _ := strings.Cut(prelude, " ")
	condition = strings.TrimSpace(strings.ToLower(condition))
	switch strings.ToLower(name) {
	case "@media":
		return !strings.Contains(condition, "dark") && !strings.Contains(condition, "print") &&
			!strings.Contains(condition, "max-") && !strings.Contains(condition, "contrast: more"), true
	case "@supports", "@layer":
		return true, true
	case "@font-face", "@charset", "@namespace", "@page", "@property":
		return false, true
	case "@keyframes", "@-webkit-keyframes":
		return false, true
	}
	return false, false
}

// block cuts a block off at its closing brace.
func block(css string) (body, rest string) {
	depth := 0
	for i := 0; i < len(css); i++ {
		switch c := css[i]; c {
		case '"', '\'':
			if end := strings.IndexByte(css[i+1:], c); end >= 0 {
				i += end + 1
			}
		case '{':
			depth++
		case '}':
			if depth == 0 {
				return css[:i], css[i+1:]
			}
			depth--
		}
	}
	return css, ""
}

// add indexes a rule under each of its selectors. One selector that can't be
// read makes the rule void.
func (s *sheet) add(prelude, body string, b *budget) {
	var selectors []selector
	for one := range strings.SplitSeq(prelude, ",") {
		sel, ok := parseSelector(one)
		if !ok || !b.spend(steps, 50) {
			return
		}
		selectors = append(selectors, sel)
	}
	declarations := parseDeclarations(body)
	for _, sel := range selectors {
		s.rules++
		r := &rule{sel, declarations, s.rules, len(body)}
		switch last := sel[0]; {
		case last.id != "":
			s.byID[last.id] = append(s.byID[last.id], r)
		case len(last.classes) > 0:
			s.byClass[last.classes[0]] = append(s.byClass[last.classes[0]], r)
		case last.name != "":
			s.byName[last.name] = append(s.byName[last.name], r)
		default:
			s.universal = append(s.universal, r)
		}
	}
}

// maximalClasses is how many classes of an element count.
const maximalClasses = 64

// match is the rules for an element, the strongest last.
func (s *sheet) match(n *node, b *budget) []*rule {
	if s.rules == 0 {
		return nil
	}
	var found []*rule
	try := func(rules []*rule) {
		for _, r := range rules {
			if !b.spend(steps, 1) {
				return
			}
			if r.selector.matches(n, b) {
				found = append(found, r)
			}
		}
	}
	try(s.universal)
	try(s.byName[n.name])
	tried := 0
	for class := range strings.FieldsSeq(n.attr("class")) {
		if tried++; tried > maximalClasses || !b.spend(steps, 1) {
			break
		}
		try(s.byClass[class])
	}
	if id := n.attr("id"); id != "" {
		try(s.byID[id])
	}
	b.spend(steps, 4*len(found))
	slices.SortStableFunc(found, func(p, q *rule) int {
		if by := p.selector.specificity() - q.selector.specificity(); by != 0 {
			return by
		}
		return p.order - q.order
	})
	return found
}

// parseDeclarations reads the declarations of a block or a style attribute.
func parseDeclarations(css string) []declaration {
	var list []declaration
	for css != "" {
		var one string
		one, css = cutDeclaration(css)
		name, value, ok := strings.Cut(one, ":")
		if !ok {
			continue
		}
		value = strings.TrimSpace(value)
		plain, important := value, false
		if i := strings.LastIndexByte(value, '!'); i >= 0 && strings.EqualFold(strings.TrimSpace(value[i+1:]), "important") {
			plain, important = strings.TrimSpace(value[:i]), true
		}
		name = strings.TrimSpace(name)
		if !strings.HasPrefix(name, "--") {
			name = strings.ToLower(name)
		}
		list = append(list, declaration{name, plain, important})
	}
	return list
}

// cutDeclaration cuts at the next semicolon outside of quotes and brackets.
func cutDeclaration(css string) (one, rest string) {
	depth := 0
	for i := 0; i < len(css); i++ {
		switch c := css[i]; c {
		case '"', '\'':
			if end := strings.IndexByte(css[i+1:], c); end >= 0 {
				i += end + 1
			}
		case '(':
			depth++
		case ')':
			depth--
		case ';':
			if depth <= 0 {
				return css[:i], css[i+1:]
			}
		}
	}
	return css, ""
}
