package parse_test

import (
	"sort"
	"strings"
	"testing"

	"markwatch/parse"
)

func TestTablesAreSorted(t *testing.T) {
	for name, table := range parse.Tables() {
		var keys []string
		seen := map[string]bool{}
		for _, line := range strings.Split(strings.Trim(table, "\n"), "\n") {
			key, value, ok := strings.Cut(line, "=")
			if !ok || value == "" || seen[key] {
				t.Errorf("%s: line %q", name, line)
			}
			seen[key] = true
			keys = append(keys, key)
		}
		if !sort.StringsAreSorted(keys) {
			t.Errorf("%s isn't sorted", name)
		}
	}
}

// A legal form in its canonical spelling is a legal form, so that folding a folded name again
// changes nothing.
func TestLegalFormsAreCanonical(t *testing.T) {
	for line := range strings.SplitSeq(strings.Trim(parse.Tables()["trailing forms"], "\n"), "\n") {
		_, form, _ := strings.Cut(line, "=")
		if base, got := parse.FoldOrganisation("elm " + form); base != "elm" || got != form {
			t.Errorf("%q: %q and %q", form, base, got)
		}
	}
}
