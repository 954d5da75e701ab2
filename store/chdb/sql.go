package chdb

import "strings"

// kind is what a token of SQL is, as far as this package must know.
type kind int

const (
	kindEnd    kind = iota
	kindWord        // a keyword, name or number
	kindQuoted      // a string, quoted name or heredoc
	kindOther       // one byte of punctuation
)

// token is the part [start, end) of a text; depth counts the brackets around it.
type token struct {
	kind       kind
	start, end int
	depth      int
}

// lexer cuts SQL into tokens as ClickHouse's own lexer does (src/Parsers/Lexer.cpp), skipping space and comments.
// It reads anything: an unterminated comment or string ends with the text.
type lexer struct {
	text  string
	pos   int
	depth int
}

// next is the next token; its kind is kindEnd at the end of the text, again and again.
func (l *lexer) next() token {
	l.skipSpace()
	if l.pos >= len(l.text) {
		return token{kind: kindEnd, start: len(l.text), end: len(l.text), depth: l.depth}
	}
	t := token{start: l.pos, depth: l.depth}
	switch c := l.text[l.pos]; {
	case c == '\'' || c == '"' || c == '`':
		t.kind, l.pos = kindQuoted, quotedEnd(l.text, l.pos)
	case c == '$' && heredocEnd(l.text, l.pos) > 0:
		t.kind, l.pos = kindQuoted, heredocEnd(l.text, l.pos)
	case isWordByte(c):
		t.kind = kindWord
		for l.pos < len(l.text) && isWordByte(l.text[l.pos]) {
			l.pos++
		}
	default:
		t.kind = kindOther
		l.pos++
		switch c {
		case '(', '[', '{':
			l.depth++
		case ')', ']', '}':
			l.depth--
			t.depth = l.depth
		}
	}
	t.end = l.pos
	return t
}

// skipSpace passes white space and the three kinds of comment.
func (l *lexer) skipSpace() {
	for l.pos < len(l.text) {
		rest := l.text[l.pos:]
		switch {
		case strings.IndexByte(" \t\n\r\f\v", rest[0]) >= 0:
			l.pos++
		case strings.HasPrefix(rest, "\u00a0"): // ClickHouse takes a no-break space for a space
			l.pos += len("\u00a0")
		case strings.HasPrefix(rest, "--"), strings.HasPrefix(rest, "#!"), strings.HasPrefix(rest, "# "):
			l.pos += through(rest, "\n")
		case strings.HasPrefix(rest, "/*"):
			l.pos += len("/*")
			l.pos += through(rest[len("/*"):], "*/")
		default:
			return
		}
	}
}

// through is the length of text up to and with its first mark, or all of it.
func through(text, mark string) int {
	if i := strings.Index(text, mark); i >= 0 {
		return i + len(mark)
	}
	return len(text)
}

// isWordByte says whether c belongs to a word: bytes of UTF-8 do, so that a name in any script is one token.
func isWordByte(c byte) bool {
	return c == '_' || c == '$' || c >= 0x80 || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// quotedEnd is where the string or quoted name that starts at start ends. A backslash escapes, a doubled quote is one.
func quotedEnd(text string, start int) int {
	quote := text[start]
	for i := start + 1; i < len(text); i++ {
		switch {
		case text[i] == '\\':
			i++
		case text[i] == quote && i+1 < len(text) && text[i+1] == quote:
			i++
		case text[i] == quote:
			return i + 1
		}
	}
	return len(text)
}

// heredocEnd is where the heredoc `$tag$…$tag$` that starts at start ends, or 0 if there is none.
func heredocEnd(text string, start int) int {
	i := start + 1
	for i < len(text) && text[i] != '$' && isWordByte(text[i]) {
		i++
	}
	if i >= len(text) || text[i] != '$' {
		return 0
	}
	tag := text[start : i+1]
	if n := strings.Index(text[i+1:], tag); n >= 0 {
		return i + 1 + n + len(tag)
	}
	return 0
}

// is says whether t is the word, in any case.
func (t token) is(text, word string) bool {
	return t.kind == kindWord && strings.EqualFold(text[t.start:t.end], word)
}

// isByte says whether t is the punctuation c.
func (t token) isByte(text string, c byte) bool { return t.kind == kindOther && text[t.start] == c }

// quote writes s as a ClickHouse string or, with a backtick, as a quoted name.
func quote(s string, mark byte) string {
	var b strings.Builder
	b.Grow(len(s) + 2)
	b.WriteByte(mark)
	for i := range len(s) {
		if s[i] == mark || s[i] == '\\' {
			b.WriteByte('\\')
		}
		b.WriteByte(s[i])
	}
	b.WriteByte(mark)
	return b.String()
}
