package tinyps

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// markup reads one piece of the text: a tag, a comment, an instruction, or text.
func (c *checker) markup() {
	rest := c.src[c.pos:]
	switch {
	case rest[0] != '<':
		c.text()
	case strings.HasPrefix(rest, "<!--"):
		c.comment()
	case strings.HasPrefix(rest, "<![CDATA["):
		c.cdata()
	case strings.HasPrefix(rest, "<!DOCTYPE"):
		c.doctype()
	case strings.HasPrefix(rest, "<?"):
		c.instruction()
	case strings.HasPrefix(rest, "</"):
		c.endTag()
	default:
		c.startTag()
	}
}

// text reads up to the next markup.
func (c *checker) text() {
	at := c.pos
	raw := c.src[at:]
	if i := strings.IndexByte(raw, '<'); i >= 0 {
		raw = raw[:i]
	}
	c.pos += len(raw)
	blank := strings.Trim(raw, " \t\r\n") == ""
	if len(c.stack) == 0 {
		if !blank {
			c.malformed(at+leading(raw), "text stands outside the root")
		}
		return
	}
	if i := strings.Index(raw, "]]>"); i >= 0 {
		c.malformed(at+i, "]]> stands in text")
		return
	}
	value := c.resolve(raw, at)
	c.characters(value, at+leading(raw), strings.Trim(value, " \t\r\n") == "")
}

// leading counts the bytes of white space that s begins with.
func leading(s string) int { return len(s) - len(strings.TrimLeft(s, " \t\r\n")) }

// cdata reads a CDATA section, which is text.
func (c *checker) cdata() {
	at := c.pos
	body, _, ok := strings.Cut(c.src[at+len("<![CDATA["):], "]]>")
	if !ok || len(c.stack) == 0 {
		c.malformed(at, "a CDATA section isn't closed, or stands outside the root")
		return
	}
	c.pos += len("<![CDATA[") + len(body) + len("]]>")
	c.characters(body, at, strings.Trim(body, " \t\r\n") == "")
}

// comment passes over a comment.
func (c *checker) comment() {
	at := c.pos
	body, _, ok := strings.Cut(c.src[at+4:], "--")
	end := at + 4 + len(body) + 2
	if !ok || !strings.HasPrefix(c.src[end:], ">") {
		c.malformed(at, "a comment isn't closed, or has -- in it")
		return
	}
	c.pos = end + 1
}

// instruction reads a processing instruction.
func (c *checker) instruction() {
	at := c.pos
	body, _, ok := strings.Cut(c.src[at+2:], "?>")
	if !ok {
		c.malformed(at, "a processing instruction isn't closed")
		return
	}
	c.pos += 2 + len(body) + 2
	target := body[:nameLength(body)]
	switch {
	case target == "" || len(target) < len(body) && !space(body[len(target)]):
		c.malformed(at, "a processing instruction has no name")
	case strings.EqualFold(target, "xml"):
		c.malformed(at, "the XML declaration doesn't stand first")
	case target == "xml-stylesheet":
		c.findf("svg-stylesheet", at, "a stylesheet is named by an instruction")
	default:
		c.findf("svg-processing-instruction", at, "the instruction %s", quote(target))
	}
}

// doctype passes over a document type declaration with its internal subset. No
// entity that it declares is ever expanded.
func (c *checker) doctype() {
	at := c.pos
	if c.roots > 0 {
		c.malformed(at, "a document type declaration stands after the root began")
		return
	}
	c.findf("svg-doctype", at, "it declares a document type")
	depth := 0
	for i := at + len("<!DOCTYPE"); i < len(c.src); i++ {
		switch b := c.src[i]; b {
		case '<':
			if comment, ok := strings.CutPrefix(c.src[i:], "<!--"); ok {
				inside, _, _ := strings.Cut(comment, "-->")
				i += len("<!--") + len(inside) + len("->")
			}
		case '"', '\'':
			end := strings.IndexByte(c.src[i+1:], b)
			if end < 0 {
				c.malformed(at, "the document type declaration isn't closed")
				return
			}
			i += end + 1
		case '[':
			depth++
		case ']':
			depth--
		case '>':
			if depth <= 0 {
				c.pos = i + 1
				return
			}
		}
	}
	c.malformed(at, "the document type declaration isn't closed")
}

// resolve replaces the references in text by what they stand for (XML 1.0
// section 4.1). One to an entity that XML itself doesn't define is told and left.
func (c *checker) resolve(raw string, at int) string {
	i := strings.IndexByte(raw, '&')
	if i < 0 {
		return raw
	}
	var b strings.Builder
	last := 0
	for ; i >= 0; i = indexFrom(raw, '&', last) {
		b.WriteString(raw[last:i])
		end := strings.IndexByte(raw[i:], ';')
		if end < 0 {
			c.malformed(at+i, "an ampersand begins no reference; write &amp;")
			return raw
		}
		name := raw[i+1 : i+end]
		value, ok := c.reference(name, at+i)
		if !ok {
			return raw
		}
		b.WriteString(value)
		last = i + end + 1
	}
	b.WriteString(raw[last:])
	return b.String()
}

// indexFrom is the place of a byte in s, from a place on; -1 where there is none.
func indexFrom(s string, b byte, from int) int {
	if i := strings.IndexByte(s[from:], b); i >= 0 {
		return from + i
	}
	return -1
}

// reference gives what a reference stands for; false where it is none.
func (c *checker) reference(name string, at int) (string, bool) {
	switch name {
	case "lt":
		return "<", true
	case "gt":
		return ">", true
	case "amp":
		return "&", true
	case "quot":
		return `"`, true
	case "apos":
		return "'", true
	}
	if digits, ok := strings.CutPrefix(name, "#"); ok {
		base := 10
		if hex, ok := strings.CutPrefix(digits, "x"); ok {
			digits, base = hex, 16
		}
		n, err := strconv.ParseUint(digits, base, 31)
		if err != nil || !xmlChar(rune(n)) {
			c.malformed(at, "&%s; is no character of XML", strings.ToValidUTF8(name[:min(len(name), 20)], ""))
			return "", false
		}
		return string(rune(n)), true
	}
	if name == "" || nameLength(name) != len(name) {
		c.malformed(at, "an ampersand begins no reference; write &amp;")
		return "", false
	}
	c.findf("svg-entity", at, "the entity %s is not expanded", quote(name))
	return "", true
}

// nameLength is the length of the XML name that s begins with, 0 if with none.
func nameLength(s string) int {
	for i := 0; i < len(s); {
		b := s[i]
		switch {
		case b >= 'a' && b <= 'z', b >= 'A' && b <= 'Z', b == '_', b == ':':
		case i > 0 && (b >= '0' && b <= '9' || b == '-' || b == '.'):
		case b >= utf8.RuneSelf:
			r, width := utf8.DecodeRuneInString(s[i:])
			if !nameRune(r, i == 0) {
				return i
			}
			i += width - 1
		default:
			return i
		}
		i++
	}
	return len(s)
}

// nameRune tells whether a character beyond ASCII may stand in a name (XML 1.0 section 2.3).
func nameRune(r rune, first bool) bool {
	switch {
	case r == 0xB7, r >= 0x300 && r <= 0x36F, r >= 0x203F && r <= 0x2040:
		return !first
	case r < 0xC0, r == 0xD7, r == 0xF7, r == 0x37E:
		return false
	case r < 0x2000, r == 0x200C, r == 0x200D, r >= 0x2070 && r <= 0x218F, r >= 0x2C00 && r <= 0x2FEF,
		r >= 0x3001 && r <= 0xD7FF, r >= 0xF900 && r <= 0xFDCF, r >= 0xFDF0 && r <= 0xFFFD, r >= 0x10000 && r <= 0xEFFFF:
		return true
	}
	return false
}
