package notice

import (
	"fmt"
	"html/template"
	"strings"

	"markwatch/match"
)

// View is what the templates see: the message with every text clean, and what
// they would else have to work out.
type View struct {
	Message
	Subject string
	Heading string // what happened, in a line
	Count   string // "3 hits"
	Counted string // "1 critical, 2 low"
	Span    string // the time that a digest or a summary covers
	Groups  []Group
	More    int // hits that are not shown, over all groups
	Palette Palette
	Facts   []Fact // of an alarm or a summary
}

// Group is the hits of one severity.
type Group struct {
	Severity match.Severity
	Total    int
	Hits     []HitView
	More     int // hits of it that are not shown
}

// HitView is a hit and what is said of it.
type HitView struct {
	Hit
	Number  int    // among those shown, from 1
	Against string // in a few words: "logo like Misavu, Inc.'s"
	Short   string // the domains, a few of them
	Facts   []Fact
	Buttons []Button
	Tint    Tint
	Picture Picture // of the logo
	Beside  Picture // of the other's
}

// Picture is a logo as HTML shows it; without an address there is none.
type Picture struct {
	Address template.URL
	Alt     string
}

// Fact is a line of a table.
type Fact struct {
	Name, Value string
	Link        string // where the value leads; "" for most
	Mono        bool   // hashes and the like
}

// Button is a link that looks like one.
type Button struct{ Name, Link string }

// maxShown bounds the hits of a digest that a mail shows: mailboxes clip a mail
// of more than 100 KB.
const maxShown = 25

// maxDomains bounds the domains that a table names.
const maxDomains = 8

// newView prepares a message for the templates. picture gives a logo's address;
// nil for forms without pictures.
func newView(m *Message, picture func(*Logo) template.URL) *View {
	c := cleanMessage(m)
	v := &View{
		Message: c, Count: counted(total(&c), "hit"), Counted: countWords(&c), Span: span(&c), Palette: newPalette(c.Colour),
	}
	v.Link, v.Unsubscribe = webAddress(c.Link), unsubscribeAddress(c.Unsubscribe)
	v.Heading = heading(v)
	shown := 0
	n := counts(&c)
	for _, s := range v.severities() {
		g := Group{Severity: s}
		for i := range c.Hits {
			if c.Hits[i].Severity == s && shown < maxShown {
				shown++
				g.Hits = append(g.Hits, newHitView(&m.Hits[i], &c.Hits[i], shown, picture))
			}
		}
		g.Total = n[s]
		g.More = g.Total - len(g.Hits)
		if g.Total > 0 {
			v.Groups = append(v.Groups, g)
		}
	}
	v.More = total(&c) - shown
	switch {
	case c.Alarm != nil:
		v.Facts = alarmFacts(c.Alarm)
	case c.Summary != nil:
		v.Facts = summaryFacts(&c)
	}
	return v
}

// severities are those that the message has, known ones first.
func (v *View) severities() []match.Severity {
	all := severities()
	known := map[match.Severity]bool{}
	for _, s := range all {
		known[s] = true
	}
	for i := range v.Message.Hits {
		if s := v.Message.Hits[i].Severity; !known[s] {
			known[s] = true
			all = append(all, s)
		}
	}
	return all
}

// Shown are the hits that are shown, the gravest first.
func (v *View) Shown() []HitView {
	var all []HitView
	for _, g := range v.Groups {
		all = append(all, g.Hits...)
	}
	return all
}

// Where says where all of it can be seen without following a link.
func (v *View) Where() string {
	switch {
	case v.Link != "":
		return v.Link
	case v.Command != "":
		return v.Command
	}
	return "markwatch alerts list"
}

// Who is whose the message is: the client, else the watch list; "" for hits of no
// list and for the operator's messages.
func (v *View) Who() string {
	if v.Client != "" {
		return v.Client
	}
	return v.List
}

// Product is Who, or markwatch itself.
func (v *View) Product() string {
	if who := v.Who(); who != "" {
		return who
	}
	return "markwatch"
}

// What is an alarm in a line, without the word.
func (v *View) What() string {
	switch {
	case v.Alarm == nil:
		return v.Heading
	case v.Alarm.Log != "": // whose name it begins with
		return alarmWords(v.Alarm)
	}
	return capital(alarmWords(v.Alarm))
}

// For says for whom the message is, "" for the operator's.
func (v *View) For() string {
	switch {
	case v.Client != "" && v.List != "" && v.List != v.Client:
		return v.Client + ", watch list " + v.List
	case v.Client != "":
		return v.Client
	case v.List != "":
		return "watch list " + v.List
	}
	return ""
}

func newHitView(raw, h *Hit, n int, picture func(*Logo) template.URL) HitView {
	hv := HitView{Hit: *h, Number: n, Against: against(raw), Short: shownDomains(raw.Domains, maxNamed), Tint: tintOf(h.Severity)}
	hv.Sentence, hv.Changed = sentenceOf(raw), strings.TrimSuffix(h.Changed, ".")
	hv.Link = webAddress(h.Link)
	hv.Facts, hv.Buttons = hitFacts(raw, h), hitButtons(h)
	if picture != nil {
		hv.Picture = Picture{picture(raw.Logo), altOf(h.Logo, "the logo in this certificate")}
		hv.Beside = Picture{picture(raw.OtherLogo), altOf(h.OtherLogo, "the logo that it is compared with")}
	}
	return hv
}

// altOf says in words what a picture shows.
func altOf(l *Logo, otherwise string) string {
	if l == nil || l.Alt == "" {
		return otherwise
	}
	return short(l.Alt, maxName)
}

// Name is the organisation with its country.
func (h HitView) Name() string { return organisationWords(h.Organisation, h.Country) }

// hitFacts are what a table says of a hit; raw is the hit with texts as they
// came, which shownDomains wants.
func hitFacts(raw, h *Hit) []Fact {
	var facts []Fact
	add := func(name, value string) {
		if value != "" {
			facts = append(facts, Fact{Name: name, Value: value})
		}
	}
	add("Certificate", certificateWords(h.Class, h.MarkType))
	add("Issued by", h.Issuer)
	if !h.From.IsZero() {
		add("Valid", day(h.From)+" to "+day(h.To))
	}
	add("Domains", shownDomains(raw.Domains, maxDomains))
	add("Compared with", besideWords(raw))
	add("Likeness", likenessWords(h))
	if h.Evidence.Registration != "" {
		facts = append(facts, Fact{Name: "Registration", Value: groupNumbers(h.Evidence.Registration), Link: webAddress(h.Evidence.RegisterURL)})
	}
	for i := range h.Entries {
		if e := &h.Entries[i]; i < 3 {
			facts = append(facts, Fact{Name: "Logged", Value: entryWords(e), Link: webAddress(e.URL)})
		}
	}
	if more := len(h.Entries) - 3; more > 0 {
		add("", "and in "+number(more)+" more entries")
	}
	add("State", stateWords(h))
	add("Watch list", h.List)
	if h.Serial != "" {
		facts = append(facts, Fact{Name: "Serial", Value: h.Serial, Mono: true})
	}
	return append(facts, Fact{Name: "Hit", Value: h.ID, Mono: true})
}

func entryWords(e *Entry) string {
	words := fmt.Sprintf("%s, entry %s", e.Log, number(e.Index))
	if !e.Timestamp.IsZero() {
		words = moment(e.Timestamp) + ", " + words
	}
	return words
}

// besideWords name the other party and its domains.
func besideWords(raw *Hit) string {
	other := clean(raw.OtherOrganisation, maxName)
	domains := shownDomains(raw.OtherDomains, maxNamed)
	if other != "" && domains != "" {
		return other + " (" + strings.ReplaceAll(strings.ReplaceAll(domains, " (", ", "), ")", "") + ")"
	}
	return other + domains
}

// likenessWords are the numbers behind a hit.
func likenessWords(h *Hit) string {
	e := &h.Evidence
	var parts []string
	switch {
	case e.Verdict == "copied":
		parts = append(parts, "the same file")
	case e.LogoDistance != nil:
		parts = append(parts, fmt.Sprintf("logos at distance %d of 64, score %.2f (%s)", *e.LogoDistance, e.LogoScore, e.Verdict))
	}
	if e.OtherDomain != "" {
		words := strings.TrimSpace(e.DomainRule + " " + shownDomain(e.OtherDomain))
		if e.DomainKind != "" {
			words += ", " + e.DomainKind
		}
		parts = append(parts, words)
	}
	if e.Closeness > 0 {
		parts = append(parts, fmt.Sprintf("closeness %.2f of 1", e.Closeness))
	}
	if e.NumbersDiffer {
		parts = append(parts, "the organisations' numbers differ")
	}
	return strings.Join(parts, "; ")
}

// stateWords say how far the hit is decided on.
func stateWords(h *Hit) string {
	state := h.State
	if h.Assignee != "" {
		state = strings.TrimPrefix(state+", with "+h.Assignee, ", ")
	}
	return state
}

// hitButtons are the links of a hit.
func hitButtons(h *Hit) []Button {
	var all []Button
	add := func(name, link string) {
		if link = webAddress(link); link != "" {
			all = append(all, Button{name, link})
		}
	}
	add("Open the hit", h.Link)
	add("Register record", h.Evidence.RegisterURL)
	if len(h.Entries) > 0 {
		add("Log entry", h.Entries[0].URL)
	}
	return all
}
