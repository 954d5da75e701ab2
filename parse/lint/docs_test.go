package lint_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"markwatch/parse/lint"
	"markwatch/parse/tinyps"
)

// TestDocumented guards that docs/lint.md has a row for each rule, as the code has it, and for no other.
func TestDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/lint.md")
	if err != nil {
		t.Fatal(err)
	}
	doc := string(text)
	known := map[string]bool{}
	row := func(id string, cells ...string) {
		known[id] = true
		if want := "\n| `" + id + "` | " + strings.Join(cells, " | ") + " |\n"; !strings.Contains(doc, want) {
			t.Errorf("docs/lint.md has no row%s", want)
		}
	}
	for _, r := range lint.Rules() {
		from := "always"
		if !r.From.IsZero() {
			from = r.From.Format(time.DateOnly)
		}
		row(r.ID, r.Severity, r.Summary, from, r.Citation)
	}
	for _, r := range tinyps.Rules() {
		row(r.ID, r.Severity, r.Summary, r.Mend, r.Citation)
	}
	for _, id := range readingRules(t) {
		known[id] = true
		if !strings.Contains(doc, "\n| `"+id+"` | ") {
			t.Errorf("docs/lint.md has no row for %s, which parse finds", id)
		}
	}
	rules := doc[strings.Index(doc, "## Certificates"):strings.Index(doc, "### Compared")]
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z0-9-]+)` \\|").FindAllStringSubmatch(rules, -1) {
		if !known[m[1]] {
			t.Errorf("docs/lint.md has a row for %s, which isn't a rule", m[1])
		}
	}
}

// readingRules are the rules of the findings that parse makes, by its source.
func readingRules(t *testing.T) []string {
	files, err := filepath.Glob("../*.go")
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`\.find\("([a-z0-9-]+)"`).FindAllStringSubmatch(string(source), -1) {
			ids = append(ids, m[1])
		}
	}
	if len(ids) < 20 {
		t.Fatalf("parse finds %d things: its source can't be read any more", len(ids))
	}
	return ids
}
