package notice

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"markwatch/match"
)

// SyslogRecord is what one syslog message says (RFC 5424); its header is the
// channel's to write.
type SyslogRecord struct {
	Severity int // of RFC 5424, table 2: 1 alert … 6 informational
	MsgID    string
	Data     []SyslogParam // of the element SyslogID, in order
	Text     string        // of the MSG part, UTF-8 on one line
}

// SyslogParam is one PARAM-NAME with its value, not yet escaped.
type SyslogParam struct{ Name, Value string }

// SyslogID is the SD-ID of what markwatch says. The number after the @ is the one
// that RFC 5612 sets aside for those who have none of their own.
const SyslogID = "markwatch@32473"

// maxSyslog bounds STRUCTURED-DATA and MSG together, in bytes: with its header a
// record fits the 2,048 that RFC 5424, section 6.1, asks receivers to take.
const maxSyslog = 1_800

// String is the STRUCTURED-DATA and MSG parts, after a header and a blank.
func (r SyslogRecord) String() string {
	return r.StructuredData() + " \ufeff" + r.Text
}

// syslogEscape is what RFC 5424, section 6.3.3, asks for.
func syslogEscape() *strings.Replacer {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, `]`, `\]`)
}

// StructuredData is the data as RFC 5424 writes them.
func (r SyslogRecord) StructuredData() string {
	escape := syslogEscape()
	var b strings.Builder
	b.WriteString("[" + SyslogID)
	for _, p := range r.Data {
		b.WriteString(" " + p.Name + `="` + escape.Replace(p.Value) + `"`)
	}
	return b.String() + "]"
}

// add gives the record a parameter that says something.
func (r *SyslogRecord) add(name, value string, most int) {
	if value = clean(value, most); value != "" {
		r.Data = append(r.Data, SyslogParam{name, value})
	}
}

// bounded cuts the text, and then the longest values, until the record fits.
func (r SyslogRecord) bounded(text string) SyslogRecord {
	r.Text = clean(text, maxSentence)
	for len(r.String()) > maxSyslog {
		longest := &r.Text
		for i := range r.Data {
			if v := &r.Data[i].Value; len(*v) > len(*longest) {
				longest = v
			}
		}
		*longest = short(*longest, utf8.RuneCountInString(*longest)*3/4)
	}
	return r
}

// Syslog is a record for each hit; for what has none, one record.
func Syslog(m *Message) []SyslogRecord {
	var all []SyslogRecord
	for i := range m.Hits {
		all = append(all, syslogHit(m, &m.Hits[i]))
	}
	v := newView(m, nil)
	r := SyslogRecord{Severity: 6, MsgID: strings.ToUpper(string(m.Kind))}
	switch m.Kind {
	case KindAlarm:
		r.Severity = 1
		if m.Alarm != nil && !m.Alarm.Cleared.IsZero() {
			r.Severity = 5
		}
	case KindHit, KindDigest, KindStorm:
		if more := total(m) - len(m.Hits); more > 0 {
			r.MsgID = "MORE"
			r.Severity = 4
			r.envelope(m)
			r.add("more", fmt.Sprint(more), 20)
			return append(all, r.bounded(fmt.Sprintf("and %s more. All of them: %s", counted(more, "hit"), v.Where())))
		}
		if len(all) > 0 {
			return all
		}
	}
	r.envelope(m)
	text := v.Heading
	if a := m.Alarm; a != nil {
		r.add("alarm", a.Kind, 60)
		r.add("log", a.Log, 100)
		r.add("since", stamp(a.Since), 40)
		r.add("cleared", stamp(a.Cleared), 40)
		r.add("evidence", a.Evidence, 300)
		text += ". " + a.Text
	}
	if s := m.Summary; s != nil {
		r.add("certificates", fmt.Sprint(s.Certificates), 20)
		r.add("items", fmt.Sprint(s.Items), 20)
		r.add("open", fmt.Sprint(s.Open), 20)
		r.add("dead", fmt.Sprint(s.Dead), 20)
		text = summaryLine(v, s)
	}
	return []SyslogRecord{r.bounded(text)}
}

// summaryLine is a summary in one line.
func summaryLine(v *View, s *Summary) string {
	line := v.Heading + ": " + counted(len(s.Logs), "log") + ", " + v.Count + " new, " + number(s.Open) + " open"
	for i, l := range s.Logs {
		if i == maxChatHits {
			break
		}
		line += fmt.Sprintf("; %s %d of %d, %s", clean(l.Name, 40), l.Read, l.Size, clean(l.State, 60))
	}
	return line
}

// envelope adds what all records of a message say.
func (r *SyslogRecord) envelope(m *Message) {
	r.add("delivery", m.ID, 64)
	r.add("kind", string(m.Kind), 20)
	r.add("list", m.List, 100)
	r.add("client", m.Client, 100)
}

func syslogHit(m *Message, h *Hit) SyslogRecord {
	r := SyslogRecord{Severity: syslogSeverity(h.Severity), MsgID: "HIT"}
	r.envelope(m)
	e := &h.Evidence
	for _, p := range []SyslogParam{
		{"hit", h.ID}, {"rule", string(h.Rule)}, {"severity", string(h.Severity)}, {"score", fmt.Sprintf("%.3f", h.Score)},
		{"organisation", h.Organisation}, {"country", h.Country}, {"domains", strings.Join(h.Domains[:min(len(h.Domains), 20)], " ")},
		{"domainCount", fmt.Sprint(len(h.Domains))}, {"otherOrganisation", h.OtherOrganisation}, {"otherDomain", e.OtherDomain},
		{"registration", e.Registration}, {"tbsSha256", h.TBSSHA256}, {"class", h.Class}, {"markType", h.MarkType}, {"issuer", h.Issuer},
		{"serial", h.Serial}, {"notBefore", stamp(h.From)}, {"notAfter", stamp(h.To)}, {"firstSeen", stamp(h.FirstSeen)},
		{"state", h.State}, {"link", webAddress(h.Link)},
	} {
		r.add(p.Name, p.Value, 300)
	}
	return r.bounded(sentenceOf(h))
}

// syslogSeverity is a hit's severity as RFC 5424 counts: the alert is the alarms'.
func syslogSeverity(s match.Severity) int {
	switch s {
	case match.Critical:
		return 2
	case match.High:
		return 3
	case match.Medium:
		return 4
	}
	return 5
}

// stamp is a time as RFC 3339, in UTC; "" for none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
