package domain

import (
	"strings"
	"unicode"
)

// changeWords says in words where two labels differ.
func changeWords(changes []Change) string {
	var parts []string
	for _, c := range changes {
		switch {
		case c.From == "":
			parts = append(parts, c.To+" put in")
		case c.To == "":
			parts = append(parts, c.From+" left out")
		default:
			parts = append(parts, c.To+" for "+c.From)
		}
	}
	return listed(parts)
}

// glyphReason says in words which letters stand for which, and of which script they are.
func glyphReason(changes []Change) string {
	var parts []string
	for _, c := range changes {
		from, to := scriptOf(c.From), scriptOf(c.To)
		switch {
		case c.From == "":
			parts = append(parts, c.To+" put in")
		case c.To == "":
			parts = append(parts, c.From+" left out")
		case from != to && from != "" && to != "":
			parts = append(parts, to+" "+c.To+" for "+from+" "+c.From)
		default:
			parts = append(parts, c.To+" for "+c.From)
		}
	}
	return listed(parts)
}

// glyphKind says of what kind look-alike letters are.
func glyphKind(changes []Change) string {
	for _, c := range changes {
		switch from, to := scriptOf(c.From), scriptOf(c.To); {
		case from != to && to != "" && from != "":
			return to + " letters"
		case len(c.From) != len(c.To) && isASCII(c.From+c.To):
			return "two letters that look like one"
		case strings.ContainsAny(c.To+c.From, "0123456789"):
			return "a digit for a letter"
		case !isASCII(c.From + c.To):
			return "letters with marks"
		}
	}
	return KindLookalike
}

// hyphenReason says where hyphens were put in or left out.
func hyphenReason(p pair) string {
	if strings.Count(p.c.Label, "-") > strings.Count(p.name.Label, "-") {
		return p.name.Unicode + " with hyphens put in"
	}
	if strings.Count(p.c.Label, "-") < strings.Count(p.name.Label, "-") {
		return p.name.Unicode + " without its hyphens"
	}
	return p.name.Unicode + " with its hyphens elsewhere"
}

// listed joins parts of a sentence.
func listed(parts []string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	return strings.Join(parts[:len(parts)-1], ", ") + " and " + parts[len(parts)-1]
}

// quoted lists words.
func quoted(words []string) string {
	q := make([]string, len(words))
	for i, w := range words {
		q[i] = "“" + w + "”"
	}
	return listed(q)
}

// scriptOf names the script of a text's first letter, "" if it has none.
func scriptOf(s string) string {
	for _, r := range s {
		for _, name := range [...]string{"Latin", "Cyrillic", "Greek", "Armenian", "Hebrew", "Arabic", "Cherokee", "Georgian", "Han", "Hiragana", "Katakana", "Hangul", "Thai", "Lao", "Devanagari"} {
			if unicode.Is(unicode.Scripts[name], r) {
				return name
			}
		}
		if unicode.IsLetter(r) {
			return "foreign"
		}
	}
	return ""
}

// scriptsOf names the scripts of a text, in order.
func scriptsOf(s string) string {
	var names []string
	for _, r := range s {
		name := scriptOf(string(r))
		if name != "" && (len(names) == 0 || names[len(names)-1] != name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, " ")
}

// foreign tells two labels whose letters are of different scripts throughout.
func foreign(a, b string) bool {
	sa, sb := scriptsOf(a), scriptsOf(b)
	return sa != sb && sa != "" && sb != "" && !strings.Contains(sa, " ") && !strings.Contains(sb, " ")
}
