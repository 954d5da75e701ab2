package domain

import (
	"strconv"
	"strings"
	"unicode"
)

// changeWords says in words where two labels differ.
func changeWords(changes []Change) string {
	return inWords(changes, func(c Change) string { return c.To + " for " + c.From })
}

// glyphWords says in words which letters stand for which, and of which scripts they are where
// that isn't the same.
func glyphWords(changes []Change) string {
	return inWords(changes, func(c Change) string {
		from, to := scriptOf(c.From), scriptOf(c.To)
		if from != to && from != "" && to != "" {
			return to + " " + c.To + " for " + from + " " + c.From
		}
		return c.To + " for " + c.From
	})
}

// inWords lists changes, the same one once.
func inWords(changes []Change, replaced func(Change) string) string {
	var parts []string
	times := map[string]int{}
	for _, c := range changes {
		text := ""
		switch {
		case c.From == "":
			text = c.To + " put in"
		case c.To == "":
			text = c.From + " left out"
		case isSwap(c):
			text = c.From + " turned to " + c.To
		default:
			text = replaced(c)
		}
		if times[text]++; times[text] == 1 {
			parts = append(parts, text)
		}
	}
	for i, text := range parts {
		switch n := times[text]; {
		case n == 2:
			parts[i] += " twice"
		case n > 2:
			parts[i] += " " + strconv.Itoa(n) + " times"
		}
	}
	return listed(parts)
}

// isSwap tells two letters that changed places.
func isSwap(c Change) bool {
	from, to := []rune(c.From), []rune(c.To)
	return len(from) == 2 && len(to) == 2 && from[0] == to[1] && from[1] == to[0]
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
