package raster

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// startTag reads a start tag or an empty element.
func (rd *reader) startTag() bool {
	rd.at++
	name := rd.name()
	if name == "" {
		return false
	}
	rd.depth++
	attrs, empty, ok := rd.attributes()
	if !ok || rd.budget.over() {
		return false
	}
	n := rd.newNode("")
	n.attrs = attrs
	for _, a := range attrs {
		if !readOnce(a.name) {
			n.weight += len(a.value)
		}
	}
	n.tag = name
	n.name = rd.elementName(name)
	rd.open(n)
	if empty && rd.top != nil {
		rd.close()
	}
	return true
}

// readOnce says whether an attribute's value is read but once, or hardly.
func readOnce(name string) bool {
	switch name {
	case "d", "points", "id", "class", "href", "xlink:href":
		return true
	}
	return false
}

// open hangs an element into the tree. Of several roots the first counts, and
// one that is no svg element is none.
func (rd *reader) open(n *node) {
	if rd.depth > rd.budget.limits.Depth {
		rd.budget.fail("elements within elements", int64(rd.budget.limits.Depth))
		return
	}
	if rd.top == nil {
		if n.name != "svg" || rd.doc.root != nil {
			n.name = ""
		} else {
			rd.doc.root = n
		}
	} else {
		rd.top.children = append(rd.top.children, n)
		n.place = len(rd.top.children)
	}
	rd.top = n
	if id := n.attr("id"); id != "" && rd.doc.ids[id] == nil && n.name != "" {
		rd.doc.ids[id] = n
	}
}

// name reads a name.
func (rd *reader) name() string {
	start := rd.at
	for rd.at < len(rd.text) && !endsName(rd.text[rd.at]) {
		rd.at++
	}
	return rd.text[start:rd.at]
}

// endsName says whether a byte can't be in a name.
func endsName(c byte) bool {
	switch c {
	case '>', '/', '=', '"', '\'', '<', '&', 0:
		return true
	}
	return isSpace(c)
}

// space skips white space.
func (rd *reader) space() {
	for rd.at < len(rd.text) && isSpace(rd.text[rd.at]) {
		rd.at++
	}
}

// isSpace says whether a byte is white space.
func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f'
}

// attributes reads the attributes and the end of a tag, and says whether the
// element is empty and whether the tag was well formed.
func (rd *reader) attributes() (attrs []attr, empty, ok bool) {
	for {
		rd.space()
		if rd.at >= len(rd.text) {
			return attrs, false, false
		}
		switch rd.text[rd.at] {
		case '>':
			rd.at++
			return attrs, false, true
		case '/':
			rd.at++
			if !strings.HasPrefix(rd.text[rd.at:], ">") {
				return attrs, false, false
			}
			rd.at++
			return attrs, true, true
		}
		name, value, ok := rd.attribute()
		if !ok {
			return attrs, false, false
		}
		if strings.HasPrefix(name, "xmlns") {
			rd.bind(name, value)
			continue
		}
		if name = rd.attributeName(name); name != "" {
			if name != "requiredExtensions" { // whose entity, in an old editor's files, is not missed
				value = rd.unescape(value)
			}
			attrs = append(attrs, attr{name, value})
		}
	}
}

// attribute reads one attribute as it is written.
func (rd *reader) attribute() (name, value string, ok bool) {
	name = rd.name()
	rd.space()
	if name == "" || !strings.HasPrefix(rd.text[rd.at:], "=") {
		return "", "", false
	}
	rd.at++
	rd.space()
	if rd.at >= len(rd.text) {
		return "", "", false
	}
	quote := rd.text[rd.at]
	if quote != '"' && quote != '\'' {
		return "", "", false
	}
	rd.at++
	end := strings.IndexByte(rd.text[rd.at:], quote)
	if end < 0 {
		return "", "", false
	}
	value = rd.text[rd.at : rd.at+end]
	rd.at += end + 1
	return name, value, true
}

// bind notes a namespace declaration.
func (rd *reader) bind(name, uri string) {
	prefix := strings.TrimPrefix(strings.TrimPrefix(name, "xmlns"), ":")
	if strings.HasPrefix(uri, "&") && strings.Count(uri, ";") == 1 {
		uri = "" // an old editor's entity for the usual name
	}
	if len(rd.bindings) < maximalBindings {
		rd.bindings = append(rd.bindings, binding{prefix, uri, rd.depth})
	}
}

// namespace is what a prefix stands for, and whether it was declared.
func (rd *reader) namespace(prefix string) (string, bool) {
	for i := len(rd.bindings) - 1; i >= 0; i-- {
		if rd.bindings[i].prefix == prefix {
			return rd.bindings[i].uri, true
		}
	}
	return "", false
}

// elementName is the local name of an SVG element and "" of any other. Where
// no namespace is declared, the element is taken for SVG.
func (rd *reader) elementName(qualified string) string {
	prefix, local, prefixed := strings.Cut(qualified, ":")
	if !prefixed {
		prefix, local = "", qualified
	}
	uri, declared := rd.namespace(prefix)
	if uri == svgNamespace || uri == "" && (declared || !prefixed) || !declared && prefix == "svg" {
		return local
	}
	return ""
}

// attributeName is an attribute's name in attr's terms, or "".
func (rd *reader) attributeName(qualified string) string {
	prefix, local, prefixed := strings.Cut(qualified, ":")
	if !prefixed {
		return qualified
	}
	if prefix == "xml" {
		return qualified
	}
	if uri, _ := rd.namespace(prefix); local == "href" && (prefix == "xlink" || uri == xlinkNamespace) {
		return "xlink:href"
	}
	return ""
}

// unescape resolves character references and the five entities of XML. Any
// other entity is dropped and noted.
func (rd *reader) unescape(s string) string {
	amp := strings.IndexByte(s, '&')
	if amp < 0 {
		return s
	}
	var out strings.Builder
	for amp >= 0 {
		out.WriteString(s[:amp])
		s = s[amp+1:]
		end := strings.IndexByte(s, ';')
		if end < 0 || end > 64 {
			rd.doc.miss("entity")
			break
		}
		if r, ok := character(s[:end]); ok {
			out.WriteRune(r)
		} else {
			rd.doc.miss("entity")
		}
		s = s[end+1:]
		amp = strings.IndexByte(s, '&')
	}
	out.WriteString(s)
	return out.String()
}

// character is what a character reference stands for.
func character(name string) (rune, bool) {
	switch name {
	case "amp":
		return '&', true
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	digits, isNumber := strings.CutPrefix(name, "#")
	if !isNumber {
		return 0, false
	}
	base := 10
	if hex, isHex := strings.CutPrefix(digits, "x"); isHex {
		base, digits = 16, hex
	}
	n, err := strconv.ParseUint(digits, base, 21)
	if err != nil || !utf8.ValidRune(rune(n)) {
		return 0, false
	}
	return rune(n), true
}
