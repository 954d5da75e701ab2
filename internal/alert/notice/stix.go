package notice

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/google/uuid"
)

// stixNamespace is that of the ids of cyber observables (STIX 2.1, section 2.9).
func stixNamespace() uuid.UUID { return uuid.MustParse("00abedb4-aa42-466c-9c01-fed23315a9b7") }

// tlpAmber is the marking that STIX 2.1 (section 7.2.1.4) gives: for the
// organisation and its clients.
const (
	tlpAmber        = "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"
	tlpAmberCreated = "2017-01-20T00:00:00.000Z"
)

// stixObject is an object of a bundle. The properties are few and differ by
// type; a map writes them in order of their names, the same each time.
type stixObject map[string]any

// stixBundle collects objects, each id once.
type stixBundle struct {
	objects  []stixObject
	known    map[string]bool
	identity string
	created  string // of what has no time of its own
}

// STIX is the message as a STIX 2.1 bundle: for each hit an indicator for each of
// its domains, the observed certificate and domains, and a note that says the
// sentence; a report holds all of a message. Ids are made from those of delivery
// and hits, so that the same message twice is one. All of it is marked TLP:AMBER.
func STIX(m *Message) ([]byte, error) {
	v := newView(m, nil)
	b := &stixBundle{known: map[string]bool{}, created: stixTime(m.At)}
	b.identity = "identity--" + uuidOf("identity", v.Client)
	b.add(stixObject{
		"type": "marking-definition", "spec_version": "2.1", "id": tlpAmber, "created": tlpAmberCreated,
		"definition_type": "tlp", "name": "TLP:AMBER", "definition": map[string]string{"tlp": "amber"},
	})
	name := "markwatch"
	if v.Client != "" {
		name = "markwatch for " + v.Client
	}
	b.add(stixObject{
		"type": "identity", "spec_version": "2.1", "id": b.identity, "created": tlpAmberCreated, "modified": tlpAmberCreated,
		"name": name, "identity_class": "system", "description": "watches Certificate Transparency logs for mark certificates",
		"object_marking_refs": []string{tlpAmber},
	})
	var told []string
	for i := range m.Hits {
		told = append(told, b.hit(&m.Hits[i])...)
	}
	b.message(m, v, told)
	out, err := json.Marshal(map[string]any{"type": "bundle", "id": "bundle--" + uuidOf("bundle", m.ID), "objects": b.objects})
	if err != nil {
		return nil, fmt.Errorf("writing message %.16s as a STIX bundle: %w", m.ID, err)
	}
	return out, nil
}

// stixTime is a time as STIX writes it; a message without one is of no time.
func stixTime(t time.Time) string {
	if t.IsZero() {
		t = time.Unix(0, 0)
	}
	return stampMillis(t)
}

// add puts an object into the bundle unless it is there, and tells its id.
func (b *stixBundle) add(o stixObject) string {
	id, _ := o["id"].(string)
	if !b.known[id] {
		b.known[id] = true
		b.objects = append(b.objects, o)
	}
	return id
}

// own adds an object that markwatch says, with what all such have.
func (b *stixBundle) own(kind, created string, key []string, o stixObject) string {
	o["type"], o["spec_version"], o["id"] = kind, "2.1", kind+"--"+uuidOf(kind, key...)
	o["created"], o["modified"], o["created_by_ref"] = created, created, b.identity
	o["object_marking_refs"] = []string{tlpAmber}
	return b.add(o)
}

// observable adds a cyber observable. Its id is made of those properties that
// the standard says contribute to it, as canonical JSON (RFC 8785).
func (b *stixBundle) observable(kind string, contributing map[string]string, o stixObject) string {
	o["type"], o["spec_version"] = kind, "2.1"
	o["id"] = kind + "--" + uuid.NewSHA1(stixNamespace(), canonical(contributing)).String()
	o["object_marking_refs"] = []string{tlpAmber}
	for name, value := range contributing {
		o[name] = value
	}
	return b.add(o)
}

// canonical is an object of texts by RFC 8785: keys in order, and nothing
// escaped that needn't be. Texts are clean, so they hold no control character.
func canonical(texts map[string]string) []byte {
	var w strings.Builder
	e := json.NewEncoder(&w)
	e.SetEscapeHTML(false)
	if err := e.Encode(texts); err != nil { // texts alone: it can't be
		return nil
	}
	return []byte(strings.TrimSuffix(w.String(), "\n"))
}

// hit adds what a hit says, and tells the ids that a report should name.
func (b *stixBundle) hit(h *Hit) []string {
	found := h.FoundAt
	if found.IsZero() {
		found = h.FirstSeen
	}
	created := stixTime(found)
	if found.IsZero() {
		created = b.created
	}
	seen := created
	if !h.FirstSeen.IsZero() {
		seen = stixTime(h.FirstSeen)
	}
	sentence := sentenceOf(h)
	var observed, told []string
	var indicators []string
	for i, d := range h.Domains {
		if i == maxIndicators {
			break
		}
		if d = strings.ToLower(clean(d, 253)); d == "" {
			continue
		}
		observed = append(observed, b.observable("domain-name", map[string]string{"value": d}, stixObject{}))
		indicators = append(indicators, b.own("indicator", created, []string{h.ID, d}, stixObject{
			"name": d, "description": sentence, "indicator_types": []string{"anomalous-activity"}, "pattern_type": "stix",
			"pattern": "[domain-name:value = '" + stixQuote(d) + "']", "valid_from": seen, "confidence": confidence(h.Score),
			"labels": []string{"mark-certificate", "rule-" + clean(string(h.Rule), 40), "severity-" + clean(string(h.Severity), 20)},
		}))
	}
	if certificate := b.certificate(h); certificate != "" {
		observed = append(observed, certificate)
	}
	told = append(told, indicators...)
	if len(observed) > 0 {
		o := b.own("observed-data", created, []string{h.ID}, stixObject{
			"first_observed": seen, "last_observed": later(seen, created), "number_observed": 1, "object_refs": observed,
		})
		told = append(told, o)
		for _, i := range indicators {
			told = append(told, b.own("relationship", created, []string{i, o}, stixObject{"relationship_type": "based-on", "source_ref": i, "target_ref": o}))
		}
	}
	return append(told, b.note(h, created, sentence, append(observed, indicators...)))
}

// certificate adds the certificate of a hit; "" where too little of it is known.
func (b *stixBundle) certificate(h *Hit) string {
	serial := clean(h.Serial, 100)
	if serial == "" {
		return ""
	}
	o := stixObject{"subject": clean(organisationWords(h.Organisation, h.Country), maxText)}
	if issuer := clean(h.Issuer, maxText); issuer != "" {
		o["issuer"] = issuer
	}
	if !h.From.IsZero() && !h.To.IsZero() {
		o["validity_not_before"], o["validity_not_after"] = stixTime(h.From), stixTime(h.To)
	}
	return b.observable("x509-certificate", map[string]string{"serial_number": serial}, o)
}

// note adds what a person is told of a hit.
func (b *stixBundle) note(h *Hit, created, sentence string, about []string) string {
	if len(about) == 0 {
		about = []string{b.identity}
	}
	o := stixObject{
		"abstract": capital(clean(string(h.Severity), 20)) + ": " + against(h), "content": sentence, "object_refs": about,
		"labels": []string{"severity-" + clean(string(h.Severity), 20)},
	}
	references := []map[string]any{{"source_name": "markwatch", "external_id": clean(h.ID, 64)}}
	if link := webAddress(h.Link); link != "" {
		references[0]["url"] = link
	}
	if link := webAddress(h.Evidence.RegisterURL); link != "" {
		references = append(references, map[string]any{"source_name": "trademark register", "external_id": clean(h.Evidence.Registration, 60), "url": link})
	}
	for i, e := range h.Entries {
		if link := webAddress(e.URL); link != "" && i < maxChatHits {
			references = append(references, map[string]any{"source_name": "Certificate Transparency log", "description": clean(entryWords(&e), 200), "url": link})
		}
	}
	o["external_references"] = references
	return b.own("note", created, []string{h.ID}, o)
}

// message adds what holds the rest together: a report of the hits, or for a
// message without hits a note.
func (b *stixBundle) message(m *Message, v *View, told []string) {
	if len(told) == 0 {
		b.own("note", b.created, []string{m.ID, "message"}, stixObject{
			"abstract": v.line(), "content": operatorText(v), "object_refs": []string{b.identity}, "labels": []string{"kind-" + clean(string(m.Kind), 20)},
		})
		return
	}
	o := stixObject{"name": v.line(), "published": b.created, "report_types": []string{"indicator"}, "object_refs": told}
	if more := total(m) - len(m.Hits); more > 0 {
		o["description"] = fmt.Sprintf("and %s more. All of them: %s", counted(more, "hit"), v.Where())
	}
	b.own("report", b.created, []string{m.ID}, o)
}

// stixQuote writes a text within the quotes of a pattern (section 9.5).
func stixQuote(s string) string {
	return strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s)
}

// confidence is a score as STIX counts (section 3.2): 0 to 100.
func confidence(score float64) int {
	if !(score >= 0) {
		return 0
	}
	return int(math.Round(100 * min(score, 1)))
}

// later is the later of two times in their written form.
func later(a, b string) string { return max(a, b) }
