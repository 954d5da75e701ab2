package notice_test

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"markwatch/internal/alert/notice"
	"markwatch/match"
)

// attacks are what strangers write into certificates.
func attacks() []string {
	return []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onmouseover='alert(1)`, `</style><h1>`, `<!--`, `]]>`, `&lt;b&gt;`, `{{.Client}}`,
		"Acme\r\nBcc: all@victim.example\r\n\r\nhello", "a\nb\x00c\x1b[31mred", "safe\u202egnp.exe\u202c", "zero\u200bwidth\u2066x\u2069", "\u2028line\u2029",
		`<!channel> <!here> <@U123> <#C1> <https://evil.example|misavu.com>`, `@everyone @here`, `*bold* _it_ ~no~ [misavu.com](https://evil.example) ||hidden||`,
		"`code` ```block``` # title :warning: \\*", `x" evil="y] [other@1 a="b`, `javascript:alert(1)`, `https://evil.example/login`, `https://markwatch.example/a"b<c>d`,
		"\xff\xfe broken \xc3", strings.Repeat("Z\u0301\u0302\u0303\u0304\u0305\u0306", 40), strings.Repeat("long ", 500), strings.Repeat("x", 2_500), `'; [url:value = 'x']`, "",
	}
}

// eachAttack calls f with messages full of each attack: a hit, and the other
// kinds in turn.
func eachAttack(f func(name string, m *notice.Message)) {
	for i, attack := range attacks() {
		for _, kind := range []notice.Kind{notice.KindHit, kinds()[1+i%5]} {
			f(fmt.Sprintf("%d/%s", i, kind), poisoned(kind, attack))
		}
	}
}

// poisoned is a message in which every text is the attack.
func poisoned(kind notice.Kind, attack string) *notice.Message {
	m := notice.Sample(kind)
	poison(reflect.ValueOf(m).Elem(), attack)
	m.Kind = kind
	for i := range m.Hits {
		m.Hits[i].Severity, m.Hits[i].Rule = match.High, match.RulePriorUseLogo
	}
	return m
}

func poison(v reflect.Value, attack string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(attack)
	case reflect.Slice:
		for i := range v.Len() {
			if v.Type().Elem().Kind() != reflect.Uint8 {
				poison(v.Index(i), attack)
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			poison(v.Elem(), attack)
		}
	case reflect.Struct:
		if v.Type() != reflect.TypeFor[time.Time]() {
			for i := range v.NumField() {
				poison(v.Field(i), attack)
			}
		}
	}
}

// TestHostile guards that no text of a message steers any form of it.
func TestHostile(t *testing.T) {
	r := renderer(t)
	eachAttack(func(name string, m *notice.Message) {
		t.Run(name, func(t *testing.T) { harmless(t, r, m) })
	})
}

// FuzzMessage guards the same for texts that nobody thought of.
func FuzzMessage(f *testing.F) {
	for i, attack := range attacks()[:8] {
		f.Add(attack, uint8(i))
	}
	r := renderer(f)
	f.Fuzz(func(t *testing.T, attack string, kind uint8) {
		harmless(t, r, poisoned(kinds()[int(kind)%len(kinds())], attack))
	})
}

// harmless checks all forms of a message.
func harmless(t *testing.T, r *notice.Renderer, m *notice.Message) {
	t.Helper()
	all := forms(t, r, m)
	for name, text := range all {
		if !utf8.ValidString(text) {
			t.Errorf("%s is not UTF-8", name)
		}
		if name == "json" {
			continue // texts as they were logged, escaped
		}
		if i := strings.IndexFunc(text, steers); i >= 0 && name != "syslog" {
			t.Errorf("%s has a character that steers: %q", name, text[i:min(len(text), i+20)])
		}
	}
	if strings.ContainsAny(all["subject"], "\r\n") || utf8.RuneCountInString(all["subject"]) > 150 {
		t.Errorf("the subject is no header's: %q", all["subject"])
	}
	harmlessHTML(t, all["html"])
	harmlessHTML(t, all["page"])
	harmlessChat(t, m)
	harmlessSyslog(t, m)
	for _, name := range []string{"json", "misp", "stix"} {
		if !json.Valid([]byte(all[name])) {
			t.Errorf("%s is no JSON", name)
		}
	}
	var feed struct {
		Entries []struct {
			Content string `xml:"content"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal([]byte(all["feed"]), &feed); err != nil || len(feed.Entries) != 1 {
		t.Fatalf("the feed has %d entries, %v", len(feed.Entries), err)
	}
	harmlessHTML(t, feed.Entries[0].Content)
}

// steers tells characters that control a terminal or a reader's eye.
func steers(r rune) bool {
	return r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029')
}

// elements are those that the HTML may have, with their attributes beside style and class.
func elements() map[string][]string {
	return map[string][]string{
		"html": {"lang"}, "head": nil, "body": nil, "meta": {"charset", "name", "content"}, "title": nil, "style": nil, "div": nil, "span": nil, "p": nil, "br": nil,
		"h1": nil, "h2": nil, "h3": nil, "code": nil, "table": {"role", "width", "cellpadding", "cellspacing", "border"}, "tbody": nil, "tr": nil,
		"td": {"width", "height", "align", "valign", "colspan"}, "a": {"href"}, "img": {"src", "width", "height", "alt"},
	}
}

// remote is what would load something from elsewhere out of a style.
var remote = regexp.MustCompile(`(?i)url\s*\(|@import|expression\s*\(|-moz-binding`)

// harmlessHTML checks that only elements of ours are there, and that nothing runs or is loaded.
func harmlessHTML(t *testing.T, text string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Errorf("the HTML can't be parsed: %v", err)
		return
	}
	known := elements()
	for n := range doc.Descendants() {
		if n.Type == html.CommentNode {
			t.Errorf("a comment: %q", n.Data)
		}
		if n.Type != html.ElementNode {
			continue
		}
		allowed, ok := known[n.Data]
		if !ok {
			t.Errorf("an element <%s>", n.Data)
		}
		if n.Data == "style" && remote.MatchString(n.FirstChild.Data) {
			t.Errorf("a style that loads: %s", n.FirstChild.Data)
		}
		for _, a := range n.Attr {
			if a.Key != "style" && a.Key != "class" && !slices.Contains(allowed, a.Key) {
				t.Errorf("an attribute %s of <%s>", a.Key, n.Data)
			}
			harmlessValue(t, a)
		}
	}
}

func harmlessValue(t *testing.T, a html.Attribute) {
	t.Helper()
	begins := func(schemes ...string) bool {
		return slices.ContainsFunc(schemes, func(s string) bool { return strings.HasPrefix(a.Val, s) })
	}
	switch {
	case a.Key == "style" && remote.MatchString(a.Val):
		t.Errorf("a style that loads: %s", a.Val)
	case a.Key == "src" && !begins("cid:", "data:image/png;base64,"):
		t.Errorf("a picture from %q", a.Val)
	case a.Key == "href" && !begins("https://", "http://", "mailto:"):
		t.Errorf("a link to %q", a.Val)
	}
}

// harmlessChat checks that a chat finds no markup in a stranger's texts. Lines
// that are an address of ours stand for themselves.
func harmlessChat(t *testing.T, m *notice.Message) {
	t.Helper()
	title, body := notice.Chat(m)
	if n := utf8.RuneCountInString(title + body); n >= 1_500 || title == "" || strings.Contains(title, "\n") {
		t.Errorf("title and body have %d characters, the title is %q", n, title)
	}
	for line := range strings.Lines(title + "\n" + body) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "http") && !strings.Contains(line, " ") {
			continue
		}
		for i, outside := range strings.Split(line, "`") {
			if i%2 == 0 && strings.ContainsAny(outside, "<>@*~[]|#\\") {
				t.Errorf("markup: %q", outside)
			}
			if i%2 == 0 && (strings.Contains(outside, "://") || regexp.MustCompile(`\pL\.\pL{2}`).MatchString(outside)) {
				t.Errorf("what is linked: %q", outside)
			}
		}
		if strings.Count(line, "`")%2 != 0 {
			t.Errorf("an open backtick: %q", line)
		}
	}
}

// TestSkeleton guards that a stranger's text adds no element or attribute: the
// HTML has the same skeleton whatever the text says.
func TestSkeleton(t *testing.T) {
	r := renderer(t)
	want := skeleton(t, r, "plain")
	for _, attack := range attacks() {
		if attack == "" {
			continue // what says nothing has no line
		}
		if diff := cmp.Diff(want, skeleton(t, r, attack)); diff != "" {
			t.Errorf("%.60q: %s", attack, diff)
		}
	}
}

// skeleton is the elements with their attributes, but for what stands around domains and dates.
func skeleton(t *testing.T, r *notice.Renderer, text string) []string {
	t.Helper()
	m := notice.Sample(notice.KindHit)
	h := &m.Hits[0]
	for _, s := range []*string{&m.Client, &m.Notes, &h.Organisation, &h.Sentence, &h.MarkType, &h.Issuer, &h.Serial, &h.OtherOrganisation, &h.Assignee, &h.Changed, &h.Logo.Alt} {
		*s = text
	}
	h.Domains, h.OtherDomains = []string{text}, []string{text}
	page, err := r.Page(m)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode || n.Data == "br" {
			continue
		}
		line := n.Data
		for _, a := range n.Attr {
			line += " " + a.Key
		}
		if line != "a style" && line != "span style" {
			all = append(all, line)
		}
	}
	return all
}

// TestManyDomains guards that ten thousand domains and a megabyte of name are
// cut in every form, quickly.
func TestManyDomains(t *testing.T) {
	m := notice.Sample(notice.KindHit)
	h := &m.Hits[0]
	h.Domains = nil
	for i := range 10_000 {
		h.Domains = append(h.Domains, fmt.Sprintf("host-%d.misavu.example", i))
	}
	h.Organisation, h.Reason, h.Sentence = strings.Repeat("a\u0301b ", 1<<18), strings.Repeat("why ", 1<<18), ""
	bounds := map[string]int{"subject": 600, "text": 8_000, "html": 40_000, "page": 70_000, "json": 2_000_000, "misp": 300_000, "stix": 600_000, "feed": 40_000, "chat": 6_000, "syslog": 1_900}
	for name, text := range forms(t, renderer(t), m) {
		if len(text) > bounds[name] {
			t.Errorf("%s has %d bytes, want at most %d", name, len(text), bounds[name])
		}
		if (name == "text" || name == "chat") && !strings.Contains(text, "and 9,997 more") && !strings.Contains(text, "and\n9,997 more") && !strings.Contains(text, "more") {
			t.Errorf("%s does not say how many domains there are more:\n%s", name, text)
		}
	}
}

// TestOddities guards messages that nobody should make.
func TestOddities(t *testing.T) {
	r := renderer(t)
	odd := map[string]*notice.Message{
		"nothing":          {},
		"no hit":           {ID: "a", Kind: notice.KindHit},
		"no alarm":         {ID: "a", Kind: notice.KindAlarm},
		"no summary":       {ID: "a", Kind: notice.KindSummary},
		"unknown kind":     {ID: "a", Kind: "rumour"},
		"unknown severity": {ID: "a", Kind: notice.KindHit, Hits: []notice.Hit{{Hit: match.Hit{ID: "b", Severity: "dire"}}}},
		"no number":        {ID: "a", Kind: notice.KindHit, Hits: []notice.Hit{{Hit: match.Hit{Score: math.NaN(), Evidence: match.Evidence{Closeness: math.Inf(1)}}}}},
		"negative":         {ID: "a", Kind: notice.KindDigest, Total: -5, Counts: map[match.Severity]int{match.Low: -1}},
		"far future":       {ID: "a", Kind: notice.KindDigest, At: time.Date(99999, 1, 1, 0, 0, 0, 0, time.UTC)},
	}
	for name, m := range odd {
		t.Run(name, func(t *testing.T) {
			for form, text := range forms(t, r, m) {
				if text == "" {
					t.Errorf("%s is empty", form)
				}
			}
		})
	}
}
