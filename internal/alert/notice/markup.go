package notice

import (
	"html"
	"html/template"
	"regexp"
	"strings"
)

// nameLike is what a mail program would take for a domain or an address, and
// make a link of: a reader of a warning must not land at its subject.
var nameLike = regexp.MustCompile(`[\pL\pM\pN_-]+(?:\.[\pL\pM\pN_-]+)+`)

// hasLetter tells a domain from a number.
var hasLetter = regexp.MustCompile(`\.[0-9_-]*\pL`)

// date is what should not be broken at the end of a line.
var date = regexp.MustCompile(`\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b`)

// eachName calls name with each part of a text that is like a domain, and
// between with all that stands between them.
func eachName(s string, name, between func(string)) {
	at := 0
	for _, found := range nameLike.FindAllStringIndex(s, -1) {
		word := s[found[0]:found[1]]
		if hasLetter.MatchString(word) {
			between(s[at:found[0]])
			name(word)
			at = found[1]
		}
	}
	between(s[at:])
}

// inert is a text as HTML in which no program finds something to link: what is
// like a domain stands in an anchor without an address.
func inert(s string) template.HTML {
	var b strings.Builder
	eachName(s, func(name string) {
		b.WriteString(`<a style="color:inherit;text-decoration:none">` + html.EscapeString(name) + `</a>`)
	}, func(text string) {
		b.WriteString(date.ReplaceAllString(html.EscapeString(text), `<span style="white-space:nowrap">$0</span>`))
	})
	return template.HTML(b.String())
}

// breaks is a text of several lines as HTML.
func breaks(s string) template.HTML {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = string(inert(line))
	}
	return template.HTML(strings.Join(lines, "<br>\n"))
}
