package tinyps

import (
	"strings"
	"unicode/utf8"
)

// document checks the file as a whole, and then goes through its markup.
func (c *checker) document() {
	if len(c.src) > PracticalSize {
		c.findf("svg-size", 0, "it has %d bytes, more than %d", len(c.src), PracticalSize)
	}
	if !c.encoding() {
		return
	}
	if i := strings.IndexByte(c.src, '\r'); i >= 0 {
		c.findf("svg-line-ends", i, "%d carriage returns", strings.Count(c.src, "\r"))
	}
	c.xmlDeclaration()
	for !c.stopped && c.pos < len(c.src) {
		c.markup()
	}
	if !c.stopped && len(c.stack) > 0 {
		c.malformed(len(c.src), "%s isn't closed", tagName(c.stack[len(c.stack)-1].name))
	}
	if c.roots == 0 && !c.stopped {
		c.findf("svg-root", 0, "it holds no element")
	}
	if !c.stopped {
		c.finish()
	}
}

// encoding checks that the bytes are UTF-8 and characters of XML, and passes over a byte order mark.
func (c *checker) encoding() bool {
	if strings.HasPrefix(c.src, "\xfe\xff") || strings.HasPrefix(c.src, "\xff\xfe") {
		c.findf("svg-encoding", 0, "it is UTF-16")
		return false
	}
	if strings.HasPrefix(c.src, "\x1f\x8b") {
		c.findf("svg-encoding", 0, "it is compressed with gzip; unpack it first")
		return false
	}
	if rest, ok := strings.CutPrefix(c.src, "\ufeff"); ok {
		c.findf("svg-byte-order-mark", 0, "it begins with the bytes EF BB BF")
		c.pos = len(c.src) - len(rest)
	}
	for i := c.pos; i < len(c.src); i++ {
		b := c.src[i]
		if b >= ' ' && b < utf8.RuneSelf || b == '\n' || b == '\t' || b == '\r' {
			continue
		}
		r, width := utf8.DecodeRuneInString(c.src[i:])
		if r == utf8.RuneError && width <= 1 {
			c.findf("svg-encoding", i, "the byte %#02x isn't UTF-8", b)
			return false
		}
		if !xmlChar(r) {
			c.malformed(i, "the character U+%04X may not stand in XML", r)
			return false
		}
		i += width - 1
	}
	return true
}

// xmlChar tells whether a character may stand in XML 1.0 (section 2.2).
func xmlChar(r rune) bool {
	switch {
	case r == '\t', r == '\n', r == '\r':
		return true
	case r < ' ', r == 0xFFFE, r == 0xFFFF, r >= 0xD800 && r < 0xE000:
		return false
	}
	return r <= utf8.MaxRune
}

// xmlDeclaration reads <?xml …?> where the text begins with it.
func (c *checker) xmlDeclaration() {
	start := c.pos
	rest := c.src[start:]
	if !strings.HasPrefix(rest, "<?xml") || len(rest) > 5 && !space(rest[5]) && rest[5] != '?' {
		return
	}
	end := strings.Index(rest, "?>")
	if end < 0 {
		c.malformed(start, "the XML declaration isn't closed")
		return
	}
	c.pos += end + 2
	names := []string{"version", "encoding", "standalone"}
	body := rest[5:end]
	for strings.TrimSpace(body) != "" {
		name, value, after, ok := pseudoAttribute(body)
		for ok && len(names) > 0 && names[0] != name {
			ok = names[0] != "version"
			names = names[1:]
		}
		if !ok || len(names) == 0 {
			c.malformed(start, "the XML declaration isn't one: %s", quote(rest[:end+2]))
			return
		}
		names, body = names[1:], after
		c.declared(start, name, value)
	}
	if len(names) == 3 {
		c.malformed(start, "the XML declaration has no version")
	}
}

// declared judges one part of the XML declaration.
func (c *checker) declared(at int, name, value string) {
	switch name {
	case "version":
		if value != "1.0" {
			c.findf("svg-xml-declaration", at, "XML version is %s", quote(value))
		}
	case "encoding":
		if !strings.EqualFold(value, "UTF-8") {
			c.findf("svg-xml-declaration", at, "the encoding is declared as %s, and is UTF-8", quote(value))
		}
	case "standalone":
		if value != "yes" && value != "no" {
			c.malformed(at, "standalone is %s, neither yes nor no", quote(value))
		}
	}
}

// pseudoAttribute takes one name="value" off the front of an XML declaration.
func pseudoAttribute(s string) (name, value, rest string, ok bool) {
	trimmed := strings.TrimLeft(s, " \t\r\n")
	if len(trimmed) == len(s) {
		return "", "", "", false
	}
	name, rest, ok = strings.Cut(trimmed, "=")
	rest = strings.TrimLeft(rest, " \t\r\n")
	if !ok || rest == "" || rest[0] != '"' && rest[0] != '\'' {
		return "", "", "", false
	}
	value, rest, ok = strings.Cut(rest[1:], rest[:1])
	return strings.TrimRight(name, " \t\r\n"), value, rest, ok
}

// space tells whether a byte is white space of XML.
func space(b byte) bool { return b == ' ' || b == '\n' || b == '\t' || b == '\r' }
