package notice

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"

	"markwatch/match"
)

// SchemaVersion is that of the JSON form. Fields may be added within a version.
const SchemaVersion = 1

//go:embed schema.json
var schema []byte

// Schema is the JSON Schema (draft 2020-12) of what JSON writes.
func Schema() []byte { return append([]byte(nil), schema...) }

const (
	maxJSONDomains = 1_000     // of a hit
	maxJSONText    = 10_000    // characters of any text
	maxJSONLogo    = 64 << 10  // bytes of a picture that the JSON holds
	maxJSONLogos   = 512 << 10 // of all of them
)

// The JSON form. Texts are as they were logged, only made valid UTF-8: programs
// compare them. Sentences alone are safe to show.
type (
	jsonMessage struct {
		Version     int                    `json:"version"`
		ID          string                 `json:"id"`
		Kind        Kind                   `json:"kind"`
		At          string                 `json:"at"`
		Subject     string                 `json:"subject"`
		List        string                 `json:"list,omitempty"`
		Client      string                 `json:"client,omitempty"`
		Notes       string                 `json:"notes,omitempty"`
		Colour      string                 `json:"colour,omitempty"`
		Thread      string                 `json:"thread,omitempty"`
		Link        string                 `json:"link,omitempty"`
		Command     string                 `json:"command,omitempty"`
		Unsubscribe string                 `json:"unsubscribe,omitempty"`
		Period      *jsonPeriod            `json:"period,omitempty"`
		Total       int                    `json:"total"`
		Counts      map[match.Severity]int `json:"counts"`
		Hits        []jsonHit              `json:"hits"`
		Logos       map[string]jsonLogo    `json:"logos"`
		Alarm       *jsonAlarm             `json:"alarm,omitempty"`
		Summary     *jsonSummary           `json:"summary,omitempty"`
	}
	jsonPeriod struct {
		From   string `json:"from"`
		To     string `json:"to"`
		Rhythm string `json:"rhythm,omitempty"`
	}
	jsonHit struct {
		ID          string          `json:"id"`
		Rule        string          `json:"rule"`
		Severity    match.Severity  `json:"severity"`
		Score       float64         `json:"score"`
		Sentence    string          `json:"sentence"`
		Reason      string          `json:"reason"`
		List        string          `json:"list,omitempty"`
		Item        string          `json:"item,omitempty"`
		Certificate jsonCertificate `json:"certificate"`
		Other       *jsonOther      `json:"other,omitempty"`
		Evidence    match.Evidence  `json:"evidence"`
		FirstSeen   string          `json:"first_seen,omitempty"`
		FoundAt     string          `json:"found_at,omitempty"`
		Entries     []jsonEntry     `json:"entries"`
		State       string          `json:"state,omitempty"`
		Assignee    string          `json:"assignee,omitempty"`
		Earlier     string          `json:"earlier,omitempty"`
		Changed     string          `json:"changed,omitempty"`
		Link        string          `json:"link,omitempty"`
		Pack        string          `json:"pack,omitempty"`
	}
	jsonCertificate struct {
		TBSSHA256       string   `json:"tbs_sha256"`
		Organisation    string   `json:"organisation"`
		OrganisationKey string   `json:"organisation_key,omitempty"`
		Country         string   `json:"country,omitempty"`
		Domains         []string `json:"domains"`
		DomainCount     int      `json:"domain_count"`
		Class           string   `json:"class,omitempty"`
		MarkType        string   `json:"mark_type,omitempty"`
		Issuer          string   `json:"issuer,omitempty"`
		Serial          string   `json:"serial,omitempty"`
		NotBefore       string   `json:"not_before,omitempty"`
		NotAfter        string   `json:"not_after,omitempty"`
		Logo            string   `json:"logo,omitempty"`
	}
	jsonOther struct {
		TBSSHA256       string   `json:"tbs_sha256,omitempty"`
		Organisation    string   `json:"organisation,omitempty"`
		OrganisationKey string   `json:"organisation_key,omitempty"`
		Domains         []string `json:"domains"`
		DomainCount     int      `json:"domain_count"`
		Logo            string   `json:"logo,omitempty"`
	}
	jsonEntry struct {
		Log       string `json:"log"`
		Index     uint64 `json:"index"`
		Timestamp string `json:"timestamp,omitempty"`
		URL       string `json:"url,omitempty"`
	}
	jsonLogo struct {
		Alt string `json:"alt,omitempty"`
		PNG []byte `json:"png,omitempty"`
	}
	jsonAlarm struct {
		Kind     string `json:"kind"`
		Log      string `json:"log,omitempty"`
		Since    string `json:"since,omitempty"`
		Cleared  string `json:"cleared,omitempty"`
		Text     string `json:"text"`
		Evidence string `json:"evidence,omitempty"`
	}
	jsonSummary struct {
		Certificates uint64         `json:"certificates"`
		Lists        uint64         `json:"lists"`
		Items        uint64         `json:"items"`
		Open         uint64         `json:"open"`
		Dead         uint64         `json:"dead"`
		Logs         []jsonLogState `json:"logs"`
	}
	jsonLogState struct {
		Name     string `json:"name"`
		Size     uint64 `json:"size"`
		Read     uint64 `json:"read"`
		Verified string `json:"verified,omitempty"`
		State    string `json:"state"`
	}
)

// JSON is the message for a program, as Schema says. Pictures of logos are in it
// where they are small, the gravest hits' first; their hashes always are.
func JSON(whole *Message) ([]byte, error) {
	subject := newView(whole, nil).line()
	bounded := mapTexts(*whole, func(s string) string { return short(strings.ToValidUTF8(s, "\ufffd"), maxJSONText) })
	m := &bounded
	j := jsonMessage{
		Version: SchemaVersion, ID: m.ID, Kind: m.Kind, At: m.At.UTC().Format(time.RFC3339Nano), Subject: subject, List: m.List, Client: m.Client,
		Notes: m.Notes, Colour: m.Colour, Thread: m.Thread, Link: m.Link, Command: m.Command, Unsubscribe: m.Unsubscribe,
		Total: total(m), Counts: map[match.Severity]int{}, Hits: []jsonHit{}, Logos: map[string]jsonLogo{},
	}
	n := counts(m)
	for _, s := range severities() {
		j.Counts[s] = n[s]
	}
	if !m.From.IsZero() && !m.To.IsZero() {
		j.Period = &jsonPeriod{stamp(m.From), stamp(m.To), m.Rhythm}
	}
	room := maxJSONLogos
	for i := range m.Hits {
		h := &m.Hits[i]
		j.Hits = append(j.Hits, toJSON(h))
		room = j.logo(h.Logo, room)
		room = j.logo(h.OtherLogo, room)
	}
	if a := m.Alarm; a != nil {
		j.Alarm = &jsonAlarm{a.Kind, a.Log, stamp(a.Since), stamp(a.Cleared), a.Text, a.Evidence}
	}
	if s := m.Summary; s != nil {
		j.Summary = &jsonSummary{s.Certificates, s.Lists, s.Items, s.Open, s.Dead, []jsonLogState{}}
		for _, l := range s.Logs {
			j.Summary.Logs = append(j.Summary.Logs, jsonLogState{l.Name, l.Size, l.Read, stamp(l.Verified), l.State})
		}
	}
	out, err := json.Marshal(&j)
	if err != nil {
		return nil, fmt.Errorf("writing message %.16s as JSON: %w", m.ID, err)
	}
	return out, nil
}

// logo adds a logo, with its picture if there is room, and tells what room is left.
func (j *jsonMessage) logo(l *Logo, room int) int {
	if l == nil || l.SHA256 == "" {
		return room
	}
	if old, known := j.Logos[l.SHA256]; known && old.PNG != nil {
		return room
	}
	entry := jsonLogo{Alt: l.Alt}
	if l.drawn() && len(l.PNG) <= min(maxJSONLogo, room) {
		entry.PNG = l.PNG
		room -= len(l.PNG)
	}
	j.Logos[l.SHA256] = entry
	return room
}

func toJSON(h *Hit) jsonHit {
	j := jsonHit{
		ID: h.ID, Rule: string(h.Rule), Severity: h.Severity, Score: finite(h.Score), Sentence: sentenceOf(h), Reason: h.Reason, List: h.List, Item: h.Item,
		Certificate: jsonCertificate{
			TBSSHA256: h.TBSSHA256, Organisation: h.Organisation, OrganisationKey: h.OrganisationKey, Country: h.Country,
			Domains: firstDomains(h.Domains), DomainCount: len(h.Domains), Class: h.Class, MarkType: h.MarkType, Issuer: h.Issuer, Serial: h.Serial,
			NotBefore: stamp(h.From), NotAfter: stamp(h.To), Logo: h.Evidence.Logo,
		},
		Evidence: finiteEvidence(h.Evidence), FirstSeen: stamp(h.FirstSeen), FoundAt: stamp(h.FoundAt), Entries: []jsonEntry{},
		State: h.State, Assignee: h.Assignee, Earlier: h.Earlier, Changed: h.Changed, Link: h.Link, Pack: h.Pack,
	}
	if h.Logo != nil {
		j.Certificate.Logo = h.Logo.SHA256
	}
	other := jsonOther{
		TBSSHA256: h.OtherTBSSHA256, Organisation: h.OtherOrganisation, OrganisationKey: h.OtherOrganisationKey,
		Domains: firstDomains(h.OtherDomains), DomainCount: len(h.OtherDomains), Logo: h.Evidence.OtherLogo,
	}
	if h.OtherLogo != nil {
		other.Logo = h.OtherLogo.SHA256
	}
	if other.Organisation+other.TBSSHA256+other.OrganisationKey+other.Logo != "" || other.DomainCount > 0 {
		j.Other = &other
	}
	for _, e := range h.Entries {
		j.Entries = append(j.Entries, jsonEntry{e.Log, e.Index, stampMillis(e.Timestamp), e.URL})
	}
	return j
}

// finite is a number that JSON can write.
func finite(f float64) float64 {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return 0
	}
	return f
}

func finiteEvidence(e match.Evidence) match.Evidence {
	e.LogoScore, e.Closeness = finite(e.LogoScore), finite(e.Closeness)
	return e
}

// sentenceOf is the hit's sentence, safe to show.
func sentenceOf(h *Hit) string {
	if h.Sentence == "" || h.Sentence == h.Reason {
		return Sentence(*h)
	}
	return clean(h.Sentence, maxSentence)
}

// firstDomains are the domains, a thousand at most, never nil.
func firstDomains(domains []string) []string {
	return append([]string{}, domains[:min(len(domains), maxJSONDomains)]...)
}

// stampMillis is a time to the millisecond, as logs count and as STIX asks.
func stampMillis(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}
