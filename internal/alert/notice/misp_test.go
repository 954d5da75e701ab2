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
	checkUUID(t, seen, e.UUID)
	if e.Info == "" || len(e.Date) != 10 || e.Published == nil || *e.Published || e.Distribution != "0" || !strings.Contains("1234", e.ThreatLevelID) {
		t.Errorf("the event is %+v", e)
	}
	values := map[string]bool{}
	for _, a := range e.Attribute {
		checkAttribute(t, seen, a)
		if a.Type == "domain" && values[a.Value] {
			t.Errorf("the domain %s is there twice", a.Value)
		}
		values[a.Value] = true
	}
	checkObjects(t, seen, e)
	return e
}

func checkObjects(t *testing.T, seen map[string]bool, e mispEvent) {
	t.Helper()
	for _, o := range e.Object {
		checkUUID(t, seen, o.UUID)
		if o.Name != "x509" || o.MetaCategory != "network" || o.TemplateUUID == "" || o.TemplateVersion == "" {
			t.Errorf("the object is %+v", o)
		}
		for _, a := range o.Attribute {
			checkAttribute(t, seen, a)
			if a.ObjectRelation == "" {
				t.Errorf("%+v is of no relation", a)
			}
		}
	}
}

func checkUUID(t *testing.T, seen map[string]bool, id string) {
	t.Helper()
	if _, err := uuid.Parse(id); err != nil || seen[id] {
		t.Errorf("the UUID %q: %v, or twice", id, err)
	}
	seen[id] = true
}

func checkAttribute(t *testing.T, seen map[string]bool, a mispAttribute) {
	t.Helper()
	checkUUID(t, seen, a.UUID)
	categories := map[string][]string{
		"domain": {"Network activity"}, "comment": {"Other"}, "text": {"Other"}, "datetime": {"Other"}, "link": {"Internal reference", "External analysis"},
	}
	if !slices.Contains(categories[a.Type], a.Category) || a.Value == "" || a.Timestamp == "" {
		t.Errorf("the attribute is %+v", a)
	}
}

// TestMISPKinds guards events of every kind.
func TestMISPKinds(t *testing.T) {
	for _, kind := range kinds() {
		checkMISP(t, notice.Sample(kind))
	}
	eachAttack(func(_ string, m *notice.Message) { checkMISP(t, m) })
}

// TestMISP guards what an event says.
func TestMISP(t *testing.T) {
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
}

// TestMISPDigest guards that what a digest doesn't hold is counted.
func TestMISPDigest(t *testing.T) {
	e := checkMISP(t, many(notice.KindDigest, 500))
	last := e.Attribute[len(e.Attribute)-1]
	if len(e.Object) != 40 || last.Type != "comment" || last.Value != "and 460 hits more. All of them: https://markwatch.example/hits" {
		t.Errorf("a digest has %d objects and ends with %q", len(e.Object), fmt.Sprint(last))
	}
}
