package notice

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"html/template"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// Atom (RFC 4287), as much of it as a feed of alerts needs.
type (
	atomFeed struct {
		XMLName   xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		Lang      string      `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
		ID        string      `xml:"id"`
		Title     string      `xml:"title"`
		Updated   string      `xml:"updated"`
		Author    atomPerson  `xml:"author"`
		Generator string      `xml:"generator"`
		Links     []atomLink  `xml:"link"`
		Entries   []atomEntry `xml:"entry"`
	}
	atomPerson struct {
		Name string `xml:"name"`
	}
	atomLink struct {
		Rel  string `xml:"rel,attr"`
		Type string `xml:"type,attr,omitempty"`
		Href string `xml:"href,attr"`
	}
	atomEntry struct {
		ID         string         `xml:"id"`
		Title      string         `xml:"title"`
		Updated    string         `xml:"updated"`
		Published  string         `xml:"published"`
		Links      []atomLink     `xml:"link"`
		Categories []atomCategory `xml:"category"`
		Content    atomContent    `xml:"content"`
	}
	atomCategory struct {
		Term string `xml:"term,attr"`
	}
	atomContent struct {
		Type string `xml:"type,attr"`
		Text string `xml:",chardata"`
	}
)

// maxFeedLogos bounds the bytes of pictures in a feed.
const maxFeedLogos = 1 << 20

// Feed is an Atom feed (RFC 4287) of messages, the latest first as they are
// given. self is the feed's own address; its ids rest on the host and the title,
// and on the ids of deliveries, so that a new secret in the address makes nobody
// read all of it again. updated is when the feed changed last.
func Feed(self, title string, updated time.Time, entries []Message) ([]byte, error) {
	parts, err := template.New("").Funcs(template.FuncMap(functions())).ParseFS(files, "entry.html")
	if err != nil {
		return nil, fmt.Errorf("reading the template of feeds: %w", err)
	}
	host := self
	if u, err := url.Parse(self); err == nil && u.Host != "" {
		host = u.Scheme + "://" + u.Host
	}
	if title = clean(title, maxSubject); title == "" {
		title = "markwatch"
	}
	f := atomFeed{
		Lang: "en", ID: "urn:uuid:" + uuidOf("feed", host, title), Title: title, Updated: stampMillis(atomTime(updated)), Author: atomPerson{"markwatch"},
		Generator: "markwatch",
	}
	if link := webAddress(self); link != "" {
		f.Links = []atomLink{{"self", "application/atom+xml", link}}
	}
	room := maxFeedLogos
	for i := range entries {
		e, err := feedEntry(parts, &entries[i], &room)
		if err != nil {
			return nil, err
		}
		f.Entries = append(f.Entries, e)
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	enc := xml.NewEncoder(&b)
	enc.Indent("", " ")
	if err := enc.Encode(f); err != nil {
		return nil, fmt.Errorf("writing the feed %s: %w", title, err)
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// atomTime stands in for a time that isn't known: an entry must have one.
func atomTime(t time.Time) time.Time {
	if t.IsZero() {
		return time.Unix(0, 0)
	}
	return t
}

// emptyLines are what templates leave behind.
var emptyLines = regexp.MustCompile(`\n\s*\n`)

// feedEntry is one message. room is how many bytes of pictures may still come.
func feedEntry(parts *template.Template, m *Message, room *int) (atomEntry, error) {
	v := newView(m, func(l *Logo) template.URL {
		if !l.drawn() || len(l.PNG) > *room {
			return ""
		}
		*room -= len(l.PNG)
		return logoAddress(l, nil)
	})
	var b bounded
	if err := parts.ExecuteTemplate(&b, "entry.html", v); err != nil {
		return atomEntry{}, fmt.Errorf("writing message %.16s for the feed: %w", m.ID, err)
	}
	at := stampMillis(atomTime(m.At))
	e := atomEntry{
		ID: "urn:uuid:" + uuidOf("entry", m.ID), Title: v.line(), Updated: at, Published: at,
		Categories: []atomCategory{{string(v.Kind)}}, Content: atomContent{"html", strings.TrimSpace(emptyLines.ReplaceAllString(b.String(), "\n"))},
	}
	if v.Kind == "" {
		e.Categories = nil
	}
	for _, g := range v.Groups {
		if g.Severity != "" {
			e.Categories = append(e.Categories, atomCategory{string(g.Severity)})
		}
	}
	link := v.Link
	if len(v.Message.Hits) == 1 && v.Kind == KindHit {
		if own := webAddress(v.Message.Hits[0].Link); own != "" {
			link = own
		}
	}
	if link != "" {
		e.Links = []atomLink{{"alternate", "text/html", link}}
	}
	return e, nil
}
