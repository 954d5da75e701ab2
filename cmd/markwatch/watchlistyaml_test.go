package main

import (
	"strings"
	"testing"
)

// TestDeepYAML guards that YAML which nests without end is refused before the
// parser sees it, whose memory grows with the square of the depth.
func TestDeepYAML(t *testing.T) {
	const deep = 100_000
	for name, text := range map[string]string{
		"brackets":     "lists: " + strings.Repeat("[", deep),
		"braces":       "lists: " + strings.Repeat("{a: ", deep),
		"hyphens":      "lists:\n" + strings.Repeat("- ", deep) + "x",
		"questions":    strings.Repeat("? ", deep) + "x",
		"keys":         strings.Repeat("a: ", deep) + "x",
		"lines":        "lists:\n" + steps(500),
		"within lines": "lists:\n  - items: [" + strings.Repeat("[", deep),
	} {
		if _, err := readYAML(strings.NewReader(text), ""); err == nil || !strings.Contains(err.Error(), "nested more than 20 levels") {
			t.Errorf("%s: %.200v, want that it is nested too deep", name, err)
		}
	}
	if _, err := readYAML(strings.NewReader("lists: !a "+strings.Repeat("!a ", deep)), ""); err == nil || !strings.Contains(err.Error(), "tags are not taken") {
		t.Errorf("tags: %.200v", err)
	}
}

// steps are keys of which each stands deeper than the one before.
func steps(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

// TestManyYAMLWords guards that there is a bound to what the parser is given.
func TestManyYAMLWords(t *testing.T) {
	text := "lists: [" + strings.Repeat("a,", 500) + "]"
	if _, err := yamlTokens(text, 1000); err == nil || !strings.Contains(err.Error(), "more than 1000 words and marks: take it apart, or import the items as CSV") {
		t.Errorf("%.200v, want that it has too many words and marks", err)
	}
	if _, err := yamlTokens(text, 1100); err != nil {
		t.Error(err)
	}
}

// TestWideYAML guards that what lies side by side is not taken for deep.
func TestWideYAML(t *testing.T) {
	var b strings.Builder
	b.WriteString("lists:\n")
	for range 100 {
		b.WriteString("  - name: \"a b: c\"\n    channels: [a, b]\n    notes: |\n      one: two\n         three: four\n    items:\n    - {kind: domain, value: a.example}\n    - kind: domain\n      value: b.example\n")
	}
	if _, err := readYAML(strings.NewReader(b.String()), ""); err != nil {
		t.Error(err)
	}
}
