package notice_test

import (
	"bytes"
	"encoding/xml"
	"net/url"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"markwatch/internal/alert/notice"
)

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	IDs       []string   `xml:"id"`
	Titles    []string   `xml:"title"`
	Updated   []string   `xml:"updated"`
	Published []string   `xml:"published"`
	Links     []atomLink `xml:"link"`
	Authors   []struct{} `xml:"author"`
	Content   []struct {
		Type string `xml:"type,attr"`
		Text string `xml:",chardata"`
	} `xml:"content"`
}

type atomFeed struct {
	XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
	IDs     []string `xml:"id"`
	Titles  []string `xml:"title"`
	Updated []string `xml:"updated"`
	Authors []struct {
		Name []string `xml:"name"`
	} `xml:"author"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

// checkFeed reads a feed by the rules of RFC 4287, section 4.
func checkFeed(t *testing.T, text []byte) atomFeed {
	t.Helper()
	var f atomFeed
	if err := xml.Unmarshal(text, &f); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	if !single(f.IDs, f.Titles, f.Updated) || len(f.Authors) != 1 || !single(f.Authors[0].Name) { // 4.1.1: an author, since entries have none
		t.Fatalf("the feed is %+v", f)
	}
	seen := map[string]bool{}
	checkCommon(t, seen, f.IDs[0], f.Titles[0], f.Updated[0], f.Links)
	for _, e := range f.Entries {
		if !single(e.IDs, e.Titles, e.Updated, e.Published) || len(e.Content) != 1 || e.Content[0].Type != "html" {
			t.Fatalf("the entry is %+v", e)
		}
		checkCommon(t, seen, e.IDs[0], e.Titles[0], e.Updated[0], e.Links)
		if strings.Contains(e.Content[0].Text, "<html") || strings.Contains(e.Content[0].Text, "<style") { // 3.1.1.2: as within a DIV
			t.Errorf("the content of %s is a page", e.IDs[0])
		}
	}
	return f
}

// single tells whether each list has one.
func single(lists ...[]string) bool {
	return !slices.ContainsFunc(lists, func(l []string) bool { return len(l) != 1 })
}

// checkCommon checks what a feed and an entry both have. seen are the ids so far.
func checkCommon(t *testing.T, seen map[string]bool, id, title, updated string, links []atomLink) {
	t.Helper()
	if u, err := url.Parse(id); err != nil || u.Scheme != "urn" || seen[id] { // 4.2.6
		t.Errorf("the id %q: %v, or twice", id, err)
	}
	seen[id] = true
	if strings.TrimSpace(title) == "" {
		t.Errorf("%s has no title", id)
	}
	if _, err := time.Parse(time.RFC3339, updated); err != nil || strings.ContainsAny(updated, "tz") { // 3.3
		t.Errorf("%s was updated at %q: %v", id, updated, err)
	}
	alternates := map[string]bool{}
	for _, l := range links {
		if u, err := url.Parse(l.Href); err != nil || !u.IsAbs() {
			t.Errorf("%s links to %q: %v", id, l.Href, err)
		}
		if l.Rel == "alternate" && alternates[l.Type] { // 4.1.1
			t.Errorf("%s has two alternates of type %s", id, l.Type)
		}
		alternates[l.Type] = l.Rel == "alternate"
	}
}

// TestFeed guards a feed by the rules of its RFC, and that a new secret in its
// address makes nobody read it again.
func TestFeed(t *testing.T) {
	var entries []notice.Message
	for i, kind := range kinds() {
		m := *notice.Sample(kind)
		m.ID = strings.Repeat(string(rune('0'+i)), 64)
		entries = append(entries, m)
	}
	updated := time.Date(2026, 3, 5, 10, 30, 0, 0, time.FixedZone("CET", 3600))
	read := func(self, title string, entries []notice.Message) atomFeed {
		text, err := notice.Feed(self, title, updated, entries)
		if err != nil {
			t.Fatal(err)
		}
		return checkFeed(t, text)
	}
	f := read("https://markwatch.example/feeds/s3cret", "misavu", entries)
	if f.Updated[0] != "2026-03-05T09:30:00.000Z" || f.Titles[0] != "misavu" || len(f.Links) != 1 || f.Links[0].Rel != "self" || len(f.Entries) != len(entries) {
		t.Errorf("the feed is %+v", f)
	}
	first := f.Entries[0]
	if first.Titles[0] != "Misavu, Inc.: High: Sunrise Trading Ltd (GB), logo like Misavu, Inc.'s" || !strings.Contains(first.Content[0].Text, "misavu-secure.com") || first.Links[0].Href != "https://markwatch.example/hits/3f3f3f3f" {
		t.Errorf("the first entry is %+v", first)
	}
	if strings.Contains(f.IDs[0], "s3cret") || read("https://markwatch.example/feeds/other", "misavu", entries).IDs[0] != f.IDs[0] {
		t.Error("the id of the feed depends on the secret in its address")
	}
	if read("https://markwatch.example/feeds/s3cret", "other list", entries).IDs[0] == f.IDs[0] {
		t.Error("two lists' feeds have one id")
	}
	if again := read("https://markwatch.example/feeds/s3cret", "misavu", entries[:1]); again.Entries[0].IDs[0] != first.IDs[0] {
		t.Error("an entry's id depends on the others")
	}
	read("", "", nil)
	text, err := notice.Feed("https://markwatch.example/feeds/s3cret", "misavu", updated, entries)
	if err != nil {
		t.Fatal(err)
	}
	validate(t, text)
}

// TestFeedHostile guards the same of what strangers write, as a title too.
func TestFeedHostile(t *testing.T) {
	for _, attack := range attacks() {
		text, err := notice.Feed("https://markwatch.example/feeds/s3cret", attack, time.Time{}, []notice.Message{*poisoned(notice.KindHit, attack), *notice.Sample(notice.KindTest)})
		if err != nil {
			t.Fatal(err)
		}
		checkFeed(t, text)
	}
}

// validate asks a validator of others, where the machine has it, beside what
// checkFeed checks everywhere.
func validate(t *testing.T, feed []byte) {
	t.Helper()
	validator, err := exec.LookPath("xmllint")
	if err != nil {
		t.Logf("without xmllint (apt-get install libxml2-utils) the feed is not held against testdata/atom.rng: %v", err)
		return
	}
	cmd := exec.CommandContext(t.Context(), validator, "--noout", "--nonet", "--relaxng", "testdata/atom.rng", "-")
	cmd.Stdin = bytes.NewReader(feed)
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("xmllint: %v: %s", err, said)
	}
}

// TestFeedSize guards that pictures don't make a feed too large for a reader.
func TestFeedSize(t *testing.T) {
	first := notice.Sample(notice.KindHit)
	logo := *first.Hits[0].Logo
	logo.PNG = append(bytes.Clone(logo.PNG), make([]byte, 50<<10)...)
	first.Hits[0].Logo = &logo
	var entries []notice.Message
	for i := range 60 {
		m := *first
		m.ID = strings.Repeat(string(rune('a'+i%26)), 60) + string(rune('a'+i/26))
		entries = append(entries, m)
	}
	text, err := notice.Feed("https://markwatch.example/f", "misavu", entries[0].At, entries)
	if err != nil {
		t.Fatal(err)
	}
	if len(text) > 2<<20 {
		t.Errorf("the feed has %d bytes", len(text))
	}
}
