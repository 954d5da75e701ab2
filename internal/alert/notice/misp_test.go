package notice_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"markwatch/internal/alert/notice"
	"markwatch/match"
)

type mispAttribute struct {
	UUID, Type, Category, Value, Comment, Timestamp, Distribution string
	ToIDs                                                         bool   `json:"to_ids"`
	ObjectRelation                                                string `json:"object_relation"`
}

type mispEvent struct {
	UUID, Info, Date, Timestamp, Analysis, Distribution string
	ThreatLevelID                                       string `json:"threat_level_id"`
	Published                                           *bool
	Tag                                                 []struct{ Name string }
	Attribute                                           []mispAttribute
	Object                                              []struct {
		UUID, Name      string
		MetaCategory    string `json:"meta-category"`
		TemplateUUID    string `json:"template_uuid"`
		TemplateVersion string `json:"template_version"`
		Attribute       []mispAttribute
	}
}

// checkMISP reads an event by the core format's rules: numbers as texts, UUIDs
// once, types and categories that go together, no value twice.
func checkMISP(t *testing.T, m *notice.Message) mispEvent {
	t.Helper()
	text, err := notice.MISP(m)
	if err != nil {
		t.Fatal(err)
	}
	var whole struct{ Event mispEvent }
	if err := json.Unmarshal(text, &whole); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	e := whole.Event
	seen := map[string]bool{}
	once := func(id string) {
		if _, err := uuid.Parse(id); err != nil || seen[id] {
			t.Errorf("the UUID %q: %v, or twice", id, err)
		}
		seen[id] = true
	}
	once(e.UUID)
	if e.Info == "" || len(e.Date) != 10 || e.Published == nil || *e.Published || e.Distribution != "0" || !slices.Contains([]string{"1", "2", "3", "4"}, e.ThreatLevelID) {
		t.Errorf("the event is %+v", e)
	}
	categories := map[string][]string{
		"domain": {"Network activity"}, "comment": {"Other"}, "text": {"Other"}, "datetime": {"Other"}, "link": {"Internal reference", "External analysis"},
	}
	values := map[string]bool{}
	check := func(a mispAttribute) {
		once(a.UUID)
		if !slices.Contains(categories[a.Type], a.Category) || a.Value == "" || a.Timestamp == "" {
			t.Errorf("the attribute is %+v", a)
		}
	}
	for _, a := range e.Attribute {
		check(a)
		if a.Type == "domain" && values[a.Value] {
			t.Errorf("the domain %s is there twice", a.Value)
		}
		values[a.Value] = true
	}
	for _, o := range e.Object {
		once(o.UUID)
		if o.Name != "x509" || o.MetaCategory != "network" || o.TemplateUUID == "" || o.TemplateVersion == "" {
			t.Errorf("the object is %+v", o)
		}
		for _, a := range o.Attribute {
			check(a)
			if a.ObjectRelation == "" {
				t.Errorf("%+v is of no relation", a)
			}
		}
	}
	return e
}

// TestMISP guards events of every kind, and what one says.
func TestMISP(t *testing.T) {
	for _, kind := range kinds() {
		checkMISP(t, notice.Sample(kind))
		for _, attack := range attacks() {
			checkMISP(t, poisoned(kind, attack))
		}
	}
	e := checkMISP(t, notice.Sample(notice.KindHit))
	if e.ThreatLevelID != "1" || e.Tag[0].Name != "tlp:amber" || len(e.Object) != 1 {
		t.Errorf("the event is %+v", e)
	}
	a := e.Attribute[0]
	if a.Type != "domain" || a.Value != "misavu-secure.com" || !a.ToIDs || !strings.HasPrefix(a.Comment, "Sunrise Trading Ltd (GB) got") {
		t.Errorf("the first attribute is %+v", a)
	}
	got := map[string]string{}
	for _, a := range e.Object[0].Attribute {
		got[a.ObjectRelation] = a.Value
	}
	for relation, want := range map[string]string{"issuer": "Arbor Trust", "serial-number": "0a1b2c3d4e5f60718293a4b5c6d7e8f9", "validity-not-before": "2026-03-04T00:00:00.000Z"} {
		if got[relation] != want {
			t.Errorf("%s is %q, want %q", relation, got[relation], want)
		}
	}
	low := notice.Sample(notice.KindHit)
	low.Hits[0].Severity, low.Counts = match.Low, nil
	if e := checkMISP(t, low); e.ThreatLevelID != "3" || e.Attribute[0].ToIDs {
		t.Errorf("a hit of low severity is %+v", e)
	}
	digest := checkMISP(t, many(notice.KindDigest, 500))
	last := digest.Attribute[len(digest.Attribute)-1]
	if len(digest.Object) != 40 || last.Type != "comment" || last.Value != "and 460 hits more. All of them: https://markwatch.example/hits" {
		t.Errorf("a digest has %d objects and ends with %q", len(digest.Object), fmt.Sprint(last))
	}
}
