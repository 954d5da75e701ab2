package notice_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"markwatch/internal/alert/notice"
	"markwatch/match"
)

// schema compiles the published schema; formats are checked too.
func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(notice.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	c.AssertContent()
	if err := c.AddResource("message.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("message.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestSchema guards that what is written is what the schema promises, and that
// the schema promises something.
func TestSchema(t *testing.T) {
	s := schema(t)
	messages := map[string]*notice.Message{"big digest": many(notice.KindDigest, 5_000), "bare": {ID: "a", Kind: notice.KindHit, Hits: []notice.Hit{{Hit: match.Hit{ID: "b", Severity: match.Low}}}}}
	for _, kind := range kinds() {
		messages[string(kind)] = notice.Sample(kind)
		messages["hostile "+string(kind)] = poisoned(kind, "\"\x00</script>\u202e\xff")
	}
	for name, m := range messages {
		text, err := notice.JSON(m)
		if err != nil {
			t.Fatal(err)
		}
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(v); err != nil {
			t.Errorf("%s: %v\n%s", name, err, text)
		}
	}
	for name, change := range map[string]func(map[string]any){
		"no id":           func(v map[string]any) { delete(v, "id") },
		"unknown kind":    func(v map[string]any) { v["kind"] = "rumour" },
		"local time":      func(v map[string]any) { v["at"] = "2026-03-05T09:30:00+01:00" },
		"another field":   func(v map[string]any) { v["surprise"] = true },
		"negative":        func(v map[string]any) { v["total"] = -1 },
		"another version": func(v map[string]any) { v["version"] = 2 },
		"alarm without":   func(v map[string]any) { v["kind"] = "alarm" },
	} {
		v := decoded(t, notice.Sample(notice.KindHit))
		change(v)
		if err := s.Validate(v); err == nil {
			t.Errorf("the schema takes a message with %s", name)
		}
	}
}

// decoded is a message's JSON as a program sees it.
func decoded(t *testing.T, m *notice.Message) map[string]any {
	t.Helper()
	text, err := notice.JSON(m)
	if err != nil {
		t.Fatal(err)
	}
	var v map[string]any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// TestJSON guards that a program finds what was logged, to the letter.
func TestJSON(t *testing.T) {
	m := notice.Sample(notice.KindHit)
	m.Hits[0].Organisation = "Acme <b>\u202e"
	v := decoded(t, m)
	hit, _ := v["hits"].([]any)[0].(map[string]any)
	certificate, _ := hit["certificate"].(map[string]any)
	got := map[string]any{
		"organisation": certificate["organisation"], "not_before": certificate["not_before"], "at": v["at"], "kind": v["kind"], "logo": certificate["logo"],
		"domains": certificate["domains"], "other": hit["other"].(map[string]any)["organisation"], "version": v["version"],
	}
	want := map[string]any{
		"organisation": "Acme <b>\u202e", "not_before": "2026-03-04T00:00:00Z", "at": "2026-03-05T09:30:00Z", "kind": "hit", "logo": m.Hits[0].Logo.SHA256,
		"domains": []any{"misavu-secure.com"}, "other": "Misavu, Inc.", "version": json.Number("1"),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if sentence, _ := hit["sentence"].(string); strings.ContainsRune(sentence, '\u202e') {
		t.Errorf("the sentence turns the direction of text: %q", sentence)
	}
}

// TestJSONLogos guards that pictures are in the JSON where they are small, and
// that their hashes always are.
func TestJSONLogos(t *testing.T) {
	m := notice.Sample(notice.KindDigest)
	first := m.Hits[0]
	png := append(bytes.Clone(first.Logo.PNG), make([]byte, 40<<10)...)
	m.Hits = nil
	for i := range 40 {
		h := first
		h.OtherLogo = nil
		h.Logo = &notice.Logo{SHA256: strings.Repeat(string(rune('a'+i)), 64), PNG: png}
		m.Hits = append(m.Hits, h)
	}
	m.Hits[1].Logo.PNG = append(bytes.Clone(png), make([]byte, 64<<10)...)
	logos, _ := decoded(t, m)["logos"].(map[string]any)
	held := 0
	for _, l := range logos {
		if text, ok := l.(map[string]any)["png"].(string); ok {
			held++
			if got, err := base64.StdEncoding.DecodeString(text); err != nil || !bytes.Equal(got, png) {
				t.Errorf("a picture reads back as %d bytes, %v", len(got), err)
			}
		}
	}
	if len(logos) != 40 || held < 5 || held > 12 {
		t.Errorf("%d logos, %d with a picture", len(logos), held)
	}
}
