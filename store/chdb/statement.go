package chdb

import "strings"

const (
	formatNative = "Native"
	formatValues = "Values"
)

// statement is what the handler must know of one SQL statement to run it. It decides only which of the library's calls is
// right; whether the statement is good SQL is for ClickHouse to say.
type statement struct {
	// text is the statement without the comments and semicolons after it. Of an INSERT with data and of a SELECT it
	// lacks the FORMAT clause, which is format.
	text string
	// format is the named format, "" if none: of the data of an INSERT, of the result of a SELECT.
	format string
	// insert: an INSERT whose data follows, at data in the text it was parsed from.
	insert bool
	data   int
	// selects: the statement's result may be streamed.
	selects bool
}

// parseStatement reads text, which must be one statement.
func parseStatement(text string) (statement, *exception) {
	if st, ok := parseInsert(text); ok {
		return st, nil
	}
	l := lexer{text: text}
	first := l.next()
	if first.kind == kindEnd || first.isByte(text, ';') {
		return statement{}, refusal(codeSyntaxError, "SYNTAX_ERROR", "Empty query")
	}
	scan := outputScan{text: text}
	for t := first; t.kind != kindEnd; t = l.next() {
		if refused := scan.token(t); refused != nil {
			return statement{}, refused
		}
	}
	st := statement{text: text[:scan.end], selects: scan.selects()}
	if st.selects && scan.format.kind != kindEnd {
		st.format = unquoteName(text[scan.format.start:scan.format.end])
		st.text = text[:scan.formatStart] + text[scan.format.end:scan.end]
	}
	return st, nil
}

// outputScan walks a statement that is no INSERT with data and finds its end and its FORMAT clause.
type outputScan struct {
	text        string
	first       token // of the statement
	verb        token // SELECT or INSERT, whichever comes first outside brackets
	prev        token
	end         int   // of the last token that is no semicolon
	closed      bool  // a semicolon came
	formatStart int   // where the FORMAT clause begins
	format      token // its name
	settings    bool  // SETTINGS came after it
}

// token takes the next token. It refuses what ClickHouse's HTTP interface does not allow but the library would do.
func (s *outputScan) token(t token) *exception {
	if s.first.kind == kindEnd {
		s.first = t
	}
	if t.depth <= 0 && t.isByte(s.text, ';') {
		s.closed = true
		return nil
	}
	if s.closed {
		return refusal(codeSyntaxError, "SYNTAX_ERROR", "Multi-statements are not allowed")
	}
	if t.depth == 0 {
		if s.prev.is(s.text, "INTO") && t.is(s.text, "OUTFILE") || s.prev.is(s.text, "FROM") && t.is(s.text, "INFILE") {
			return refusal(codeNotImplemented, "NOT_IMPLEMENTED", "INTO OUTFILE and FROM INFILE are not allowed: the client reads and writes files")
		}
		s.clause(t)
	}
	s.prev, s.end = t, t.end
	return nil
}

// clause follows the FORMAT clause, which only SETTINGS may follow: a column named format has something else behind it.
func (s *outputScan) clause(t token) {
	if s.verb.kind == kindEnd && (t.is(s.text, "SELECT") || t.is(s.text, "INSERT")) {
		s.verb = t
	}
	switch {
	case s.settings:
	case s.prev.is(s.text, "FORMAT") && s.prev.depth == 0 && s.prev.start != s.first.start && (t.kind == kindWord || t.kind == kindQuoted):
		s.formatStart, s.format = s.prev.start, t
	case s.format.kind != kindEnd && t.is(s.text, "SETTINGS"):
		s.settings = true
	default:
		s.format = token{}
	}
}

// selects says whether the statement is a query whose result can be streamed.
func (s *outputScan) selects() bool {
	switch {
	case s.first.is(s.text, "SELECT"), s.first.is(s.text, "FROM"), s.first.isByte(s.text, '('):
		return true
	case s.first.is(s.text, "WITH"):
		return s.verb.is(s.text, "SELECT")
	}
	return false
}

// parseInsert reads `INSERT INTO table (columns) SETTINGS … FORMAT name data` and `… VALUES data`; false if text is
// anything else, also an INSERT … SELECT.
func parseInsert(text string) (statement, bool) {
	l := lexer{text: text}
	if !l.next().is(text, "INSERT") {
		return statement{}, false
	}
	t := l.next()
	for t.is(text, "INTO") || t.is(text, "TABLE") || t.is(text, "FUNCTION") {
		t = l.next()
	}
	// The table's name may be any word, also one of those looked for below.
	for t = l.next(); t.isByte(text, '.'); t = l.next() {
		l.next()
	}
	for ; t.kind != kindEnd; t = l.next() {
		switch {
		case t.depth != 0:
		case t.is(text, "SELECT"), t.is(text, "WITH"), t.is(text, "INFILE"), t.isByte(text, ';'):
			return statement{}, false
		case t.is(text, "VALUES"):
			return statement{insert: true, text: text[:t.start], format: formatValues, data: t.end}, true
		case t.is(text, "FORMAT"):
			name := l.next()
			if name.kind != kindWord {
				return statement{}, false
			}
			return statement{insert: true, text: text[:t.start], format: text[name.start:name.end], data: dataStart(text, name.end)}, true
		}
	}
	return statement{}, false
}

// dataStart is where the data after a FORMAT clause begins: after the spaces and at most one line end.
func dataStart(text string, i int) int {
	for i < len(text) && (text[i] == ' ' || text[i] == '\t' || text[i] == '\f') {
		i++
	}
	if i < len(text) && text[i] == '\r' {
		i++
	}
	if i < len(text) && text[i] == '\n' {
		i++
	}
	return i
}

// unquoteName takes the quotes off a quoted name without escapes, which is all that a format's name can be.
func unquoteName(name string) string { return strings.Trim(name, "`\"") }
