package match_test

import (
	"strings"
	"testing"

	"markwatch/match"
)

// TestListNames guards that no two lists have names that look the same because
// one holds what can't be seen: a client's items would go to another's channels.
func TestListNames(t *testing.T) {
	for name, want := range map[string]string{
		"acme": "acme", " acme ": "acme", "": "default", "Käthe & Söhne": "Käthe & Söhne",
		"acme\u200b": "", "ac\u00adme": "", "\ufeffacme": "", "acme\u202e": "", "acme\x1b[31m": "", "a\x00": "", "-": "", "\xff": "", "acme\ue000": "",
	} {
		got, err := match.ListName(name)
		if (err != nil) != (want == "") || err == nil && got != want {
			t.Errorf("%q: got %q, %v, want %q", name, got, err, want)
		}
	}
}

// TestItemTexts guards that an item has no control characters, which CSV and
// terminals take for something else, and no notes without end.
func TestItemTexts(t *testing.T) {
	if _, err := match.NewItem("acme", match.Watch, match.KindOrganisation, "Ac\x00me\x1b[2J Ltd", nil); err == nil || !strings.Contains(err.Error(), "control characters") {
		t.Errorf("got %v", err)
	}
	i, err := match.NewItem("acme", match.Watch, match.KindOrganisation, "Acme\r\n\tLtd", nil)
	if err != nil || i.Value != "Acme Ltd" {
		t.Errorf("got %q, %v", i.Value, err)
	}
	i.Notes = strings.Repeat("x", 100_000)
	if err := i.CheckNotes(); err != nil {
		t.Error(err)
	}
	i.Notes += "x"
	if err := i.CheckNotes(); err == nil {
		t.Error("notes without end are taken")
	}
}
