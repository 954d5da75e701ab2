package loglist_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"markwatch/scanner"
	"markwatch/scanner/loglist"
)

// object is a JSON object of a list.
type object = map[string]any

// newKey is a new log's key and id.
func newKey(t testing.TB) (key, id string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(&private.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(der)
	return base64.StdEncoding.EncodeToString(der), base64.StdEncoding.EncodeToString(sum[:])
}

// plainLog is a sound log of RFC 6962.
func plainLog(t testing.TB, name string) object {
	key, id := newKey(t)
	return object{
		"description": "Larkspur '" + name + "' log", "key": key, "log_id": id, "mmd": 86400,
		"url":   "https://" + strings.ToLower(name) + ".larkspur.example/log/",
		"state": object{"usable": object{"timestamp": "2026-01-02T03:04:05Z"}},
	}
}

// tiledLog is a sound log of static-ct-api.
func tiledLog(t testing.TB, name string) object {
	o := plainLog(t, name)
	delete(o, "url")
	host := strings.ToLower(name) + ".larkspur.example/"
	o["submission_url"], o["monitoring_url"], o["mmd"] = "https://sub."+host+"2027/", "https://mon."+host, 60
	return o
}

// listOf is a list of one operator.
func listOf(t testing.TB, logs, tiled []object) []byte {
	t.Helper()
	text, err := json.Marshal(object{
		"version": "7.3", "log_list_timestamp": "2026-11-20T10:00:00Z", "more": []int{1},
		"operators": []object{{"name": "Larkspur", "email": []string{"logs@larkspur.example"}, "logs": logs, "tiled_logs": tiled}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func parse(t testing.TB, text []byte) *loglist.List {
	t.Helper()
	list, err := loglist.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestParse guards that all of a sound list is read.
func TestParse(t *testing.T) {
	plain, tiled := plainLog(t, "Anvil2027"), tiledLog(t, "Brook2027")
	plain["temporal_interval"] = object{"start_inclusive": "2027-01-01T00:00:00Z", "end_exclusive": "2027-07-01T00:00:00Z"}
	plain["log_type"] = "monitoring_only"
	root := [32]byte{1, 2, 3}
	tiled["state"] = object{"readonly": object{"timestamp": "2026-10-01T00:00:00Z", "final_tree_head": object{"tree_size": 77, "sha256_root_hash": root[:]}}}
	list := parse(t, listOf(t, []object{plain}, []object{tiled}))
	if len(list.Problems) > 0 || len(list.Logs) != 2 || list.Version != "7.3" || !list.Published.Equal(time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)) {
		t.Fatalf("the list is %+v", list)
	}
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
	keyOf := func(o object) []byte {
		key, _ := base64.StdEncoding.DecodeString(o["key"].(string))
		return key
	}
	want := []loglist.Log{{
		Scan:        scanner.Log{Name: "anvil2027", URL: "https://anvil2027.larkspur.example/log/", Type: scanner.RFC6962, Key: keyOf(plain), MMD: 24 * time.Hour},
		Description: "Larkspur 'Anvil2027' log", Operator: "Larkspur", Submission: "https://anvil2027.larkspur.example/log/",
		Type: loglist.MonitoringOnly, State: loglist.Usable, Since: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		Interval: &loglist.Interval{Start: day(2027, 1, 1), End: day(2027, 7, 1)},
	}, {
		Scan: scanner.Log{Name: "brook2027", URL: "https://mon.brook2027.larkspur.example/", Type: scanner.Static, Key: keyOf(tiled), MMD: time.Minute,
			Origin: "sub.brook2027.larkspur.example/2027"},
		Description: "Larkspur 'Brook2027' log", Operator: "Larkspur", Submission: "https://sub.brook2027.larkspur.example/2027/",
		Type: loglist.Production, State: loglist.ReadOnly, Since: day(2026, 10, 1), Final: &loglist.Final{Size: 77, Root: root},
	}}
	if diff := cmp.Diff(want, list.Logs); diff != "" {
		t.Errorf("logs (-want +got):\n%s", diff)
	}
}

// badLogs are the ways in which one log of a list can't be used, and a part of
// what must be said of it.
func badLogs() map[string]func(o object) string {
	set := func(field string, value any, want string) func(object) string {
		return func(o object) string { o[field] = value; return want }
	}
	return map[string]func(object) string{
		"key of another log":     set("log_id", base64.StdEncoding.EncodeToString(make([]byte, 32)), "but its key's is"),
		"short id":               set("log_id", "AAAA", "log_id is not base64 of 32 bytes"),
		"no key":                 set("key", "", "key is not base64"),
		"key that is none":       set("key", "AAAA", "log_id is"),
		"unknown state":          set("state", object{"dreaming": object{}}, `state "dreaming" is none of`),
		"two states":             set("state", object{"usable": object{}, "retired": object{}}, "2 states at once"),
		"state that is a number": set("state", object{"usable": 3}, "reading its state"),
		"unknown type":           set("log_type", "toy", `log_type "toy" is none of`),
		"no address":             set("url", "", "must be http:// or https://"),
		"address of a file":      set("url", "file:///etc/passwd", "must be http:// or https://"),
		"address with a query":   set("url", "https://a.example/?x=1", "without query"),
		"negative mmd":           set("mmd", -1, "its mmd is -1"),
		"endless mmd":            set("mmd", int64(1)<<60, "its mmd is"),
		"mmd of a text":          set("mmd", "a day", "reading it"),
		"interval backwards":     set("temporal_interval", object{"start_inclusive": "2027-01-01T00:00:00Z", "end_exclusive": "2026-01-01T00:00:00Z"}, "not after it begins"),
		"interval of no time":    set("temporal_interval", object{"start_inclusive": "soon"}, "reading it"),
		"final head of no hash":  set("state", object{"readonly": object{"final_tree_head": object{"tree_size": 1, "sha256_root_hash": "AA"}}}, "final_tree_head"),
		"final head of no size":  set("state", object{"readonly": object{"final_tree_head": object{"tree_size": -1, "sha256_root_hash": make([]byte, 32)}}}, "final_tree_head"),
	}
}

// TestBadLogs guards that a log that can't be used is named, with why, and
// loses no other.
func TestBadLogs(t *testing.T) {
	for name, spoil := range badLogs() {
		t.Run(name, func(t *testing.T) {
			bad := plainLog(t, "Bad2027")
			want := spoil(bad)
			list := parse(t, listOf(t, []object{plainLog(t, "First"), bad, plainLog(t, "Last")}, []object{tiledLog(t, "Tiled")}))
			var names []string
			for _, l := range list.Logs {
				names = append(names, l.Scan.Name)
			}
			if diff := cmp.Diff([]string{"first", "last", "tiled"}, names); diff != "" {
				t.Errorf("logs that are left (-want +got):\n%s", diff)
			}
			if len(list.Problems) != 1 || !list.Problems[0].LeftOut || !strings.Contains(list.Problems[0].Error(), want) ||
				!strings.Contains(list.Problems[0].Error(), "Bad2027") {
				t.Errorf("problems are %v, want one that says %q of Bad2027", list.Problems, want)
			}
		})
	}
}

// TestDuplicates guards that of two logs with one id or address the first is
// kept and both are named, and that two of one name are told apart.
func TestDuplicates(t *testing.T) {
	a := plainLog(t, "Anvil")
	sameID, sameURL, sameName := plainLog(t, "Twin"), plainLog(t, "Squatter"), plainLog(t, "Anvil")
	sameID["key"], sameID["log_id"] = a["key"], a["log_id"]
	sameURL["url"] = "HTTPS://ANVIL.larkspur.example/log"
	sameName["url"] = "https://other.larkspur.example/"
	list := parse(t, listOf(t, []object{a, sameID, sameURL, sameName}, nil))
	if len(list.Logs) != 2 || list.Logs[0].Scan.Name != "anvil" || !strings.HasPrefix(list.Logs[1].Scan.Name, "anvil-") {
		t.Errorf("logs are %+v", list.Logs)
	}
	var said []string
	for _, p := range list.Problems {
		said = append(said, p.Error())
	}
	for i, want := range [][]string{{"'Twin'", "'Anvil'", "log_id", "left out"}, {"'Squatter'", "'Anvil'", "address", "left out"}, {"'Anvil'", "longer"}} {
		if len(said) <= i || slices.ContainsFunc(want, func(w string) bool { return !strings.Contains(said[i], w) }) {
			t.Errorf("problem %d of %q should say %q", i, said, want)
		}
	}
}

// TestUnusable guards that what is no list at all is refused as a whole.
func TestUnusable(t *testing.T) {
	many := slices.Repeat([]object{{}}, 5000)
	for name, text := range map[string][]byte{
		"empty": nil, "no JSON": []byte("<html>"), "a list": []byte("[]"), "version 1": []byte(`{"logs": []}`),
		"null": []byte("null"), "cut short": listOf(t, []object{plainLog(t, "A")}, nil)[:200],
		"two lists":      append(listOf(t, nil, nil), '{', '}'),
		"operators text": []byte(`{"operators": "all"}`),
		"too many logs":  listOf(t, many, nil),
		"too long":       append(listOf(t, nil, nil), make([]byte, loglist.MaxBytes)...),
		"deep":           []byte(`{"operators":` + strings.Repeat("[", 100_000)),
	} {
		if list, err := loglist.Parse(text); err == nil {
			t.Errorf("%s: read as %+v", name, list)
		}
	}
}

// TestOddOperators guards that an operator that can't be read loses no other,
// and that problems are not endless.
func TestOddOperators(t *testing.T) {
	sound, err := json.Marshal(plainLog(t, "Anvil"))
	if err != nil {
		t.Fatal(err)
	}
	list := parse(t, fmt.Appendf(nil, `{"operators": [7, {"logs": [%s]}, {"name": "a", "logs": 3}%s]}`, sound, strings.Repeat(`,[]`, 3000)))
	if len(list.Logs) != 1 || list.Logs[0].Operator != "operator 2" {
		t.Errorf("logs are %+v", list.Logs)
	}
	if n := len(list.Problems); n != 1000 || !strings.Contains(list.Problems[0].Error(), "operator 1") {
		t.Errorf("%d problems, the first %v", n, list.Problems[0])
	}
}

// TestShortName guards names by which people call logs.
func TestShortName(t *testing.T) {
	for description, want := range map[string]string{
		"Larkspur 'Argon2026h1' log":       "argon2026h1",
		"Let's Anvil 'Oak2027'":            "oak2027",
		"Let's Anvil Oak":                  "let-s-anvil-oak",
		"Quince \t Log  2":                 "quince-log-2",
		"'../../etc'":                      "etc",
		"":                                 "log",
		"日本":                               "log",
		strings.Repeat("long ", 1000):      "long-long-long-long-long-long-long-long",
		"'\x1b[31mred\x1b[0m' log":         "31mred-0m",
		"Larkspur 'Brook.2027' (\u202exx)": "brook.2027",
	} {
		if got := loglist.ShortName(description); got != want {
			t.Errorf("%q is called %q, want %q", description, got, want)
		}
	}
}

// TestTextsAreHarmless guards that a list can't write to a terminal what it likes.
func TestTextsAreHarmless(t *testing.T) {
	o := plainLog(t, "Anvil")
	o["description"] = "a\x1b[2J\u202eb\n" + strings.Repeat("x", 10_000)
	list := parse(t, listOf(t, []object{o}, nil))
	if got := list.Logs[0].Description; strings.ContainsAny(got, "\x1b\u202e\n") || len(got) > 600 {
		t.Errorf("the description is shown as %q", got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(listOf(f, []object{plainLog(f, "Anvil")}, []object{tiledLog(f, "Brook")}))
	for _, spoil := range badLogs() {
		o := plainLog(f, "Bad")
		spoil(o)
		f.Add(listOf(f, []object{o}, nil))
	}
	f.Add([]byte(`{"operators":[{"logs":[{"state":{"":null}}]}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		list, err := loglist.Parse(text)
		if err != nil {
			return
		}
		names, ids := map[string]bool{}, map[scanner.Hash]bool{}
		for _, l := range list.Logs {
			if err := l.Scan.Validate(); err != nil {
				t.Errorf("a log that can't be read is in the list: %v", err)
			}
			if names[l.Scan.Name] || ids[l.Scan.ID()] {
				t.Errorf("%s is there twice", l.Scan.Name)
			}
			names[l.Scan.Name], ids[l.Scan.ID()] = true, true
			if l.State != loglist.Unstated && !slices.Contains(loglist.States(), l.State) || !slices.Contains(loglist.Types(), l.Type) {
				t.Errorf("state %q, type %q", l.State, l.Type)
			}
		}
		for _, p := range list.Problems {
			if strings.ContainsAny(p.Log, "\x1b\n\u202e") || p.Log == "" {
				t.Errorf("a problem names %q", p.Log)
			}
		}
	})
}
