package raster

import (
	"fmt"
	"strconv"
	"strings"
)

// The namespaces that matter.
const (
	svgNamespace   = "http://www.w3.org/2000/svg"
	xlinkNamespace = "http://www.w3.org/1999/xlink"
)

// textNode is the name of a node that is character data.
const textNode = "#text"

// node is an element, or a piece of text in an element that shows text.
type node struct {
	name     string // the local name; "" outside of the SVG namespace
	tag      string // the name as written
	text     string // of a text node
	attrs    []attr
	weight   int // bytes of the attributes that are read each time the element is drawn
	parent   *node
	children []*node
	place    int // among its parent's children elements, from 1
}

// attr is an attribute by its local name; xlink:href and xml:space keep their
// prefix, and other prefixed ones are dropped.
type attr struct{ name, value string }

// attr is the value of an attribute, or "".
func (n *node) attr(name string) string {
	for i := range n.attrs {
		if n.attrs[i].name == name {
			return n.attrs[i].value
		}
	}
	return ""
}

// has says whether the attribute is given.
func (n *node) has(name string) bool {
	for i := range n.attrs {
		if n.attrs[i].name == name {
			return true
		}
	}
	return false
}

// href is the id that the element refers to within the document, or "".
func (n *node) href() string {
	ref := n.attr("href")
	if ref == "" {
		ref = n.attr("xlink:href")
	}
	id, _ := strings.CutPrefix(strings.TrimSpace(ref), "#")
	if id == strings.TrimSpace(ref) {
		return ""
	}
	return id
}

// document is a parsed SVG.
type document struct {
	root    *node
	ids     map[string]*node
	sheet   sheet
	undrawn map[string]bool
}

// miss notes what is not drawn.
func (d *document) miss(what string) { d.undrawn[what] = true }

// binding is a namespace prefix in scope from an element of some depth on.
type binding struct {
	prefix, uri string
	depth       int
}

// maximalBindings bounds the namespace declarations in scope.
const maximalBindings = 64

// reader builds the tree in one pass over the text.
type reader struct {
	text     string
	at       int
	doc      *document
	top      *node // the element that is open
	depth    int
	bindings []binding
	styles   []string
	nodes    []node // a block to allocate from
	budget   *budget
}

// readDocument parses the text into a tree.
func readDocument(text string, b *budget) (*document, error) {
	doc := &document{ids: map[string]*node{}, undrawn: map[string]bool{}}
	rd := &reader{text: text, doc: doc, budget: b}
	whole := rd.read()
	if b.over() {
		return nil, b.err
	}
	if doc.root == nil {
		return nil, fmt.Errorf("%w: no svg element in %s", ErrNotSVG, opening(text))
	}
	if !whole {
		doc.miss("malformed XML")
	}
	doc.sheet = parseSheet(strings.Join(rd.styles, "\n"), doc, b)
	return doc, b.err
}

// opening is the start of a text, fit for an error.
func opening(text string) string {
	text = strings.TrimSpace(text)
	if text == "" {
		return "an empty file"
	}
	const length = 40
	if len(text) > length {
		text = text[:length]
	}
	return strconv.QuoteToASCII(text)
}

// read reads to the end of the root element and says whether all was well.
func (rd *reader) read() bool {
	for !rd.budget.over() {
		open := strings.IndexByte(rd.text[rd.at:], '<')
		if open < 0 {
			return false
		}
		rd.characters(rd.text[rd.at : rd.at+open])
		rd.at += open
		rest := rd.text[rd.at:]
		ok := true
		switch {
		case strings.HasPrefix(rest, "<!--"):
			ok = rd.skip("-->")
		case strings.HasPrefix(rest, "<![CDATA["):
			ok = rd.cdata()
		case strings.HasPrefix(rest, "<!"):
			ok = rd.doctype()
		case strings.HasPrefix(rest, "<?"):
			ok = rd.skip("?>")
		case strings.HasPrefix(rest, "</"):
			ok = rd.endTag()
			if ok && rd.top == nil {
				return true
			}
		default:
			ok = rd.startTag()
			if ok && rd.top == nil {
				return true
			}
		}
		if !ok {
			return false
		}
	}
	return false
}

// skip goes on behind the next end.
func (rd *reader) skip(end string) bool {
	i := strings.Index(rd.text[rd.at:], end)
	if i < 0 {
		return false
	}
	rd.at += i + len(end)
	return true
}

// cdata keeps a CDATA section where text counts.
func (rd *reader) cdata() bool {
	start := rd.at + len("<![CDATA[")
	if !rd.skip("]]>") {
		return false
	}
	rd.keep(rd.text[start : rd.at-len("]]>")])
	return true
}

// doctype skips a document type with its internal subset. The entities that it
// declares are never resolved.
func (rd *reader) doctype() bool {
	nested := 0
	for i := rd.at + 2; i < len(rd.text); i++ {
		switch c := rd.text[i]; c {
		case '"', '\'':
			end := strings.IndexByte(rd.text[i+1:], c)
			if end < 0 {
				return false
			}
			i += 1 + end
		case '[', '<':
			if strings.HasPrefix(rd.text[i:], "<!--") {
				end := strings.Index(rd.text[i:], "-->")
				if end < 0 {
					return false
				}
				i += end + 2
				continue
			}
			nested++
		case ']':
			nested--
		case '>':
			if nested <= 0 {
				rd.at = i + 1
				return true
			}
			nested--
		}
	}
	return false
}

// characters keeps character data where text counts.
func (rd *reader) characters(s string) {
	if s == "" || rd.top == nil || !showsText(rd.top) {
		return
	}
	rd.keep(rd.unescape(s))
}

// keep adds text to the open element.
func (rd *reader) keep(s string) {
	if rd.top == nil || !showsText(rd.top) {
		return
	}
	if rd.top.name == "style" {
		rd.styles = append(rd.styles, s)
		return
	}
	n := rd.newNode(textNode)
	n.text = s
	rd.top.children = append(rd.top.children, n)
}

// showsText says whether the text in an element matters.
func showsText(n *node) bool {
	switch n.name {
	case "style":
		kind := n.attr("type")
		return kind == "" || strings.EqualFold(kind, "text/css")
	case "text", "tspan", "textPath":
		return true
	case "a", "switch":
		return n.parent != nil && showsText(n.parent)
	}
	return false
}

// newNode is a new child of the open element.
func (rd *reader) newNode(name string) *node {
	if len(rd.nodes) == 0 {
		rd.nodes = make([]node, 32)
	}
	n := &rd.nodes[0]
	rd.nodes = rd.nodes[1:]
	n.name = name
	n.parent = rd.top
	rd.budget.spend(elementsRead, 1)
	return n
}

// endTag closes the open element, whose name the tag must have.
func (rd *reader) endTag() bool {
	start := rd.at + 2
	if !rd.skip(">") || rd.top == nil {
		return false
	}
	if strings.TrimRight(rd.text[start:rd.at-1], " \t\r\n") != rd.top.tag {
		return false
	}
	rd.close()
	return true
}

// close makes the parent of the open element the open one.
func (rd *reader) close() {
	for len(rd.bindings) > 0 && rd.bindings[len(rd.bindings)-1].depth == rd.depth {
		rd.bindings = rd.bindings[:len(rd.bindings)-1]
	}
	rd.top = rd.top.parent
	rd.depth--
}
