package notice

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"markwatch/match"
)

// MISP's core format (draft-dulaunoy-misp-core-format), as much of it as says a
// message. Numbers are strings there.
type (
	mispEvent struct {
		UUID          string          `json:"uuid"`
		Info          string          `json:"info"`
		Date          string          `json:"date"`
		Timestamp     string          `json:"timestamp"`
		Published     bool            `json:"published"`
		ThreatLevelID string          `json:"threat_level_id"` // 1 high … 3 low, 4 undefined
		Analysis      string          `json:"analysis"`        // 0: begun
		Distribution  string          `json:"distribution"`    // 0: this organisation only
		Tag           []mispTag       `json:"Tag"`
		Attribute     []mispAttribute `json:"Attribute"`
		Object        []mispObject    `json:"Object"`
	}
	mispTag struct {
		Name string `json:"name"`
	}
	mispAttribute struct {
		UUID               string `json:"uuid"`
		Type               string `json:"type"`
		Category           string `json:"category"`
		ObjectRelation     string `json:"object_relation,omitempty"`
		Value              string `json:"value"`
		Comment            string `json:"comment"`
		ToIDs              bool   `json:"to_ids"`
		Timestamp          string `json:"timestamp"`
		Distribution       string `json:"distribution"` // 5: as the event's
		DisableCorrelation bool   `json:"disable_correlation"`
	}
	mispObject struct {
		UUID            string          `json:"uuid"`
		Name            string          `json:"name"`
		MetaCategory    string          `json:"meta-category"`
		Description     string          `json:"description"`
		TemplateUUID    string          `json:"template_uuid"`
		TemplateVersion string          `json:"template_version"`
		Comment         string          `json:"comment"`
		Timestamp       string          `json:"timestamp"`
		Distribution    string          `json:"distribution"`
		Attribute       []mispAttribute `json:"Attribute"`
	}
)

// The x509 object template of misp-objects.
const (
	x509Template        = "d1ab756a-26b5-4349-9f43-765630f0911c"
	x509TemplateVersion = "4"
)

// maxIndicators bounds the domains of one hit that a threat platform is told.
const maxIndicators = 100

// mispKindTag says what an event is about.
const mispKindTag = "markwatch:kind="

// MISP is the message as a MISP event. Of each hit it holds the certificate as an
// x509 object and its domains as attributes; domains of a hit of high severity or
// more are marked for detection (to_ids). UUIDs are of the ids of delivery and
// hits, so that the same message twice is one event. It is for this organisation
// only (distribution 0, tlp:amber) until somebody decides otherwise.
func MISP(m *Message) ([]byte, error) {
	v := newView(m, nil)
	at := strconv.FormatInt(m.At.Unix(), 10)
	e := mispEvent{
		UUID: uuidOf("event", m.ID), Info: v.line(), Date: m.At.UTC().Format(time.DateOnly), Timestamp: at,
		ThreatLevelID: mispThreat(m), Analysis: "0", Distribution: "0",
		Tag: []mispTag{{"tlp:amber"}, {mispKindTag + strconv.Quote(string(v.Kind))}}, Attribute: []mispAttribute{}, Object: []mispObject{},
	}
	if v.Client != "" {
		e.Tag = append(e.Tag, mispTag{"markwatch:client=" + strconv.Quote(v.Client)})
	}
	if v.List != "" {
		e.Tag = append(e.Tag, mispTag{"markwatch:list=" + strconv.Quote(v.List)})
	}
	known := map[string]bool{}
	for i := range m.Hits {
		e.hit(&m.Hits[i], at, known)
	}
	if len(m.Hits) == 0 {
		e.Attribute = append(e.Attribute, mispText(m.ID, "comment", "Other", operatorText(v), at))
	} else if more := total(m) - len(m.Hits); more > 0 {
		e.Attribute = append(e.Attribute, mispText(m.ID, "comment", "Other", fmt.Sprintf("and %s more. All of them: %s", counted(more, "hit"), v.Where()), at))
	}
	out, err := json.Marshal(map[string]mispEvent{"Event": e})
	if err != nil {
		return nil, fmt.Errorf("writing message %.16s as a MISP event: %w", m.ID, err)
	}
	return out, nil
}

// operatorText is what a message without hits says.
func operatorText(v *View) string {
	text := v.Heading
	if v.Alarm != nil {
		text += ". " + v.Alarm.Text
	}
	if v.Summary != nil {
		text = summaryLine(v, v.Summary)
	}
	for _, f := range v.Facts {
		text += "; " + strings.ToLower(f.Name) + ": " + f.Value
	}
	return short(text, maxText)
}

// mispThreat is the event's threat level: of its gravest hit.
func mispThreat(m *Message) string {
	n := counts(m)
	switch {
	case m.Kind == KindSummary:
		return "4"
	case n[match.Critical] > 0, n[match.High] > 0:
		return "1"
	case n[match.Medium] > 0:
		return "2"
	case n[match.Low] > 0:
		return "3"
	}
	return "4"
}

func mispText(of, kind, category, value, at string) mispAttribute {
	return mispAttribute{
		UUID: uuidOf("attribute", of, kind, category, value), Type: kind, Category: category, Value: value, Timestamp: at, Distribution: "5", DisableCorrelation: true,
	}
}

// hit adds a hit. known are the domains that the event has: MISP takes a value once.
func (e *mispEvent) hit(h *Hit, at string, known map[string]bool) {
	sentence := sentenceOf(h)
	grave := h.Severity == match.High || h.Severity == match.Critical
	for i, d := range h.Domains {
		if i == maxIndicators {
			break
		}
		if d = strings.ToLower(clean(d, 253)); d == "" || known[d] {
			continue
		}
		known[d] = true
		a := mispText(h.ID, "domain", "Network activity", d, at)
		a.Comment, a.ToIDs, a.DisableCorrelation = sentence, grave, false
		e.Attribute = append(e.Attribute, a)
	}
	if link := webAddress(h.Link); link != "" {
		a := mispText(h.ID, "link", "Internal reference", link, at)
		a.Comment = "the hit " + clean(h.ID, 64)
		e.Attribute = append(e.Attribute, a)
	}
	if link := webAddress(h.Evidence.RegisterURL); link != "" {
		a := mispText(h.ID, "link", "External analysis", link, at)
		a.Comment = "register record of " + groupNumbers(clean(h.Evidence.Registration, 60))
		e.Attribute = append(e.Attribute, a)
	}
	e.Object = append(e.Object, mispCertificate(h, sentence, at))
}

// mispCertificate is the certificate of a hit. Its fingerprint isn't known where
// only the precertificate was logged, so what is told is the issuance.
func mispCertificate(h *Hit, sentence, at string) mispObject {
	o := mispObject{
		UUID: uuidOf("object", h.ID), Name: "x509", MetaCategory: "network", Description: "x509 object describing a X.509 certificate",
		TemplateUUID: x509Template, TemplateVersion: x509TemplateVersion, Comment: sentence, Timestamp: at, Distribution: "5",
		Attribute: []mispAttribute{},
	}
	add := func(relation, kind, value string) {
		if value == "" {
			return
		}
		a := mispText(h.ID, kind, "Other", value, at)
		a.UUID, a.ObjectRelation = uuidOf("attribute", h.ID, relation), relation
		a.DisableCorrelation = relation != "serial-number"
		o.Attribute = append(o.Attribute, a)
	}
	add("subject", "text", clean(organisationWords(h.Organisation, h.Country), maxText))
	add("issuer", "text", clean(h.Issuer, maxText))
	add("serial-number", "text", clean(h.Serial, 100))
	add("validity-not-before", "datetime", stampMillis(h.From))
	add("validity-not-after", "datetime", stampMillis(h.To))
	text := certificateWords(h.Class, h.MarkType) + "; issuance (SHA-256 of the TBSCertificate) " + clean(h.TBSSHA256, 64)
	for i, entry := range h.Entries {
		if i < maxChatHits {
			text += "; " + clean(entryWords(&entry), 200)
		}
	}
	add("text", "text", text)
	return o
}
