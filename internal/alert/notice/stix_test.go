package notice_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"markwatch/internal/alert/notice"
)

// required are the properties that STIX 2.1 asks of the types that are used,
// beside type and id (sections 3.2, 4, 5, 6 and 7).
func required() map[string][]string {
	own := []string{"spec_version", "created", "modified", "created_by_ref", "object_marking_refs"}
	return map[string][]string{
		"marking-definition": {"spec_version", "created", "definition_type", "definition"},
		"identity":           {"spec_version", "created", "modified", "name", "identity_class"},
		"indicator":          append([]string{"pattern", "pattern_type", "valid_from", "indicator_types"}, own...),
		"observed-data":      append([]string{"first_observed", "last_observed", "number_observed", "object_refs"}, own...),
		"relationship":       append([]string{"relationship_type", "source_ref", "target_ref"}, own...),
		"note":               append([]string{"content", "object_refs"}, own...),
		"report":             append([]string{"name", "published", "object_refs"}, own...),
		"domain-name":        {"spec_version", "value"},
		"x509-certificate":   {"spec_version", "serial_number"},
	}
}

var (
	stixID      = regexp.MustCompile(`^([a-z0-9-]+)--([0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})$`)
	stixTime    = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$`)
	stixPattern = regexp.MustCompile(`^\[domain-name:value = '(?:[^'\\]|\\['\\])*'\]$`)
)

// checkSTIX checks a bundle by the rules of STIX 2.1 and gives its objects by type.
func checkSTIX(t *testing.T, text []byte) map[string][]map[string]any {
	t.Helper()
	var bundle struct {
		Type, ID string
		Objects  []map[string]any
	}
	if err := json.Unmarshal(text, &bundle); err != nil {
		t.Fatal(err)
	}
	if bundle.Type != "bundle" || !stixID.MatchString(bundle.ID) || !strings.HasPrefix(bundle.ID, "bundle--") {
		t.Errorf("the bundle is %q %q", bundle.Type, bundle.ID)
	}
	ids, uuids := map[string]bool{}, map[string]string{}
	byType := map[string][]map[string]any{}
	for _, o := range bundle.Objects {
		kind, id := fmt.Sprint(o["type"]), fmt.Sprint(o["id"])
		byType[kind] = append(byType[kind], o)
		parts := stixID.FindStringSubmatch(id)
		if parts == nil || parts[1] != kind {
			t.Errorf("%s has the id %q", kind, id)
			continue
		}
		if ids[id] {
			t.Errorf("%s is there twice", id)
		}
		if other := uuids[parts[2]]; other != "" {
			t.Errorf("the UUID of %s is that of %s", id, other)
		}
		ids[id], uuids[parts[2]] = true, id
	}
	for _, o := range bundle.Objects {
		checkObject(t, o, ids)
	}
	return byType
}

func checkObject(t *testing.T, o map[string]any, ids map[string]bool) {
	t.Helper()
	kind := fmt.Sprint(o["type"])
	want, known := required()[kind]
	if !known || o["spec_version"] != "2.1" {
		t.Errorf("an object of type %q, specification %v", kind, o["spec_version"])
	}
	for _, name := range want {
		if o[name] == nil || o[name] == "" {
			t.Errorf("%v has no %s", o["id"], name)
		}
	}
	for name, value := range o {
		checkProperty(t, o, name, value, ids)
	}
	if p, ok := o["pattern"].(string); ok && !stixPattern.MatchString(p) {
		t.Errorf("the pattern is %q", p)
	}
	if first, ok := o["first_observed"].(string); ok && first > o["last_observed"].(string) {
		t.Errorf("%v was observed last before it was first", o["id"])
	}
}

func checkProperty(t *testing.T, o map[string]any, name string, value any, ids map[string]bool) {
	t.Helper()
	switch {
	case slices.Contains([]string{"created", "modified", "valid_from", "first_observed", "last_observed", "published", "validity_not_before", "validity_not_after"}, name):
		if s, _ := value.(string); !stixTime.MatchString(s) {
			t.Errorf("%v: %s is %q", o["id"], name, s)
		}
	case strings.HasSuffix(name, "_ref"):
		if !ids[fmt.Sprint(value)] {
			t.Errorf("%v: %s is %v, which is not in the bundle", o["id"], name, value)
		}
	case strings.HasSuffix(name, "_refs"):
		list, _ := value.([]any)
		if len(list) == 0 {
			t.Errorf("%v: %s is empty", o["id"], name)
		}
		for _, id := range list {
			if !ids[fmt.Sprint(id)] {
				t.Errorf("%v: %s names %v, which is not in the bundle", o["id"], name, id)
			}
		}
	}
	if list, ok := value.([]any); ok && len(list) == 0 {
		t.Errorf("%v: %s is an empty list (section 2.10)", o["id"], name)
	}
}

// TestSTIX guards bundles of every kind, and what one says.
func TestSTIX(t *testing.T) {
	messages := []*notice.Message{many(notice.KindDigest, 5_000), {ID: "a", Kind: notice.KindHit, Hits: []notice.Hit{{}}}, {}}
	for _, kind := range kinds() {
		messages = append(messages, notice.Sample(kind))
	}
	eachAttack(func(_ string, m *notice.Message) { messages = append(messages, m) })
	for _, m := range messages {
		text, err := notice.STIX(m)
		if err != nil {
			t.Fatal(err)
		}
		checkSTIX(t, text)
	}
	text, err := notice.STIX(notice.Sample(notice.KindHit))
	if err != nil {
		t.Fatal(err)
	}
	byType := checkSTIX(t, text)
	for kind, n := range map[string]int{"indicator": 1, "domain-name": 1, "x509-certificate": 1, "observed-data": 1, "relationship": 1, "note": 1, "report": 1, "identity": 1, "marking-definition": 1} {
		if len(byType[kind]) != n {
			t.Errorf("%d objects of type %s, want %d", len(byType[kind]), kind, n)
		}
	}
	if got := byType["indicator"][0]["pattern"]; got != "[domain-name:value = 'misavu-secure.com']" {
		t.Errorf("the pattern is %v", got)
	}
	if got := byType["note"][0]["content"]; got != notice.Sample(notice.KindHit).Hits[0].Sentence {
		t.Errorf("the note says %v", got)
	}
}

// TestSTIXIDs guards that observables have the ids that the standard gives them,
// so that others' bundles of the same domain agree with ours, and that the same
// hit is the same object in whichever message it comes.
func TestSTIXIDs(t *testing.T) {
	read := func(m *notice.Message) map[string][]map[string]any {
		text, err := notice.STIX(m)
		if err != nil {
			t.Fatal(err)
		}
		return checkSTIX(t, text)
	}
	m := notice.Sample(notice.KindHit)
	m.Hits[0].Domains = []string{"example.com"}
	one := read(m)
	// The example of STIX 2.1, section 2.9: UUIDv5 of {"value":"example.com"}.
	space := uuid.MustParse("00abedb4-aa42-466c-9c01-fed23315a9b7")
	if got, want := one["domain-name"][0]["id"], "domain-name--"+uuid.NewSHA1(space, []byte(`{"value":"example.com"}`)).String(); got != want {
		t.Errorf("the id of example.com is %v, want %s", got, want)
	}
	m.ID, m.Kind, m.At = strings.Repeat("9", 64), notice.KindDigest, m.At.Add(time.Hour)
	other := read(m)
	for _, kind := range []string{"indicator", "observed-data", "note", "x509-certificate"} {
		if one[kind][0]["id"] != other[kind][0]["id"] {
			t.Errorf("the %s of one hit has two ids in two messages", kind)
		}
	}
	if one["report"][0]["id"] == other["report"][0]["id"] {
		t.Error("two messages are one report")
	}
}
