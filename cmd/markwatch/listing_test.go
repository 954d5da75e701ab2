package main

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"markwatch/internal/ctlogtest"
	"markwatch/internal/marktest"
	"markwatch/parse"
	"markwatch/scanner"
	"markwatch/scanner/loglist"
	"markwatch/store"
)

// listEntry is a log of a list, as JSON has it.
func listEntry(l *ctlogtest.Log, url, state string) map[string]any {
	id := sha256.Sum256(l.PublicKey())
	return map[string]any{
		"description": "Larkspur '" + l.Name() + "' log", "key": l.PublicKey(), "log_id": id[:], "mmd": 86400, "url": url,
		"state": map[string]any{state: map[string]any{"timestamp": "2026-01-02T03:04:05Z"}},
	}
}

// listText is a list of one operator, published on a day of November.
func listText(t testing.TB, day int, logs ...map[string]any) []byte {
	t.Helper()
	text, err := json.Marshal(map[string]any{
		"version": fmt.Sprint(day), "log_list_timestamp": time.Date(2026, 11, day, 0, 0, 0, 0, time.UTC),
		"operators": []any{map[string]any{"name": "Larkspur", "logs": logs}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// namedLogs are logs of a list that exist only by name.
func namedLogs(names ...string) []map[string]any {
	var out []map[string]any
	for _, name := range names {
		out = append(out, listEntry(ctlogtest.New(ctlogtest.Options{Name: name}), "https://"+name+".larkspur.example/", "usable"))
	}
	return out
}

// listHost serves a list with its signature; gone where there is none.
type listHost struct {
	text []byte
	key  *ecdsa.PrivateKey
}

func (h *listHost) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case h.text == nil:
		w.WriteHeader(http.StatusBadGateway)
	case strings.HasSuffix(r.URL.Path, ".sig"):
		sum := sha256.Sum256(h.text)
		signature, _ := h.key.Sign(rand.Reader, sum[:], crypto.SHA256)
		w.Write(signature)
	default:
		http.ServeContent(w, r, "list.json", time.Time{}, bytes.NewReader(h.text))
	}
}

// memoryLists keeps lists in memory.
type memoryLists map[string]store.LogList

func (m memoryLists) LogList(_ context.Context, location string) (*store.LogList, error) {
	if l, ok := m[location]; ok {
		return &l, nil
	}
	return nil, nil
}

func (m memoryLists) SaveLogList(_ context.Context, l store.LogList) error {
	m[l.Location] = l
	return nil
}

// listNames are the short names of a list's logs.
func listNames(l *loglist.List) string {
	if l == nil {
		return "none"
	}
	var names []string
	for _, log := range l.Logs {
		names = append(names, log.Scan.Name)
	}
	return strings.Join(names, " ")
}

// TestListing guards which list is in force: the newest good one, not one that
// is broken, older, empty or by somebody else, and one that lost most of its
// logs only when it keeps saying so.
func TestListing(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	logs := namedLogs("anvil", "brook", "clay", "delta")
	host := &listHost{listText(t, 10, logs...), key}
	server := httptest.NewServer(host)
	defer server.Close()
	kept := memoryLists{}
	var said bytes.Buffer
	newListing := func() *listing {
		return &listing{location: server.URL + "/list.json", key: key.Public(), keeper: kept, log: slog.New(slog.NewTextHandler(&said, nil))}
	}
	l := newListing()
	const all = "anvil brook clay delta"
	bad := logs[0]
	for _, tt := range []struct {
		name  string
		text  []byte
		key   *ecdsa.PrivateKey
		want  string
		fault string
		gone  int
	}{
		{"the first", listText(t, 10, logs...), key, all, "", 0},
		{"the same", listText(t, 10, logs...), key, all, "", 0},
		{"not to be had", nil, key, all, "502", 0},
		{"signed by another", listText(t, 11, logs[:2]...), other, all, "signature", 0},
		{"no list", []byte("sorry"), key, all, "reading the log list", 0},
		{"older", listText(t, 9, logs...), key, all, "published", 0},
		{"empty", listText(t, 12), key, all, "no log in it", 0},
		{"one log less", listText(t, 12, logs[:3]...), key, "anvil brook clay", "", 1},
		{"shrunk", listText(t, 13, bad), key, "anvil brook clay", "2 of the 3 logs", 1},
		{"shrunk again", listText(t, 13, bad), key, "anvil brook clay", "next 1 times", 1},
		{"shrunk for good", listText(t, 13, bad), key, "anvil", "", 3},
		{"back again", listText(t, 14, logs...), key, all, "", 0},
	} {
		host.text, host.key = tt.text, tt.key
		got, err := l.refresh(t.Context())
		if listNames(got) != tt.want || (err == nil) != (tt.fault == "") || err != nil && !strings.Contains(err.Error(), tt.fault) {
			t.Errorf("%s: %s, %v; want %s, %q", tt.name, listNames(got), err, tt.want, tt.fault)
		}
		if len(l.gone()) != tt.gone {
			t.Errorf("%s: %d logs have left, want %d", tt.name, len(l.gone()), tt.gone)
		}
	}

	host.text = nil
	if got, err := newListing().refresh(t.Context()); err == nil || listNames(got) != all {
		t.Errorf("after a start without the list: %s, %v; want the kept copy", listNames(got), err)
	}
	host.text, host.key = listText(t, 15, logs[1:]...), key
	l = newListing()
	if got, err := l.refresh(t.Context()); err != nil || listNames(got) != "brook clay delta" || len(l.gone()) != 1 {
		t.Errorf("after a start with a list that lost one: %s, %v, left %v", listNames(got), err, l.gone())
	}
	if got, err := newListing().refresh(t.Context()); err != nil || listNames(got) != "brook clay delta" {
		t.Errorf("after another start: %s, %v", listNames(got), err)
	}
	l = newListing()
	if _, err := l.refresh(t.Context()); err != nil || len(l.gone()) != 1 || l.gone()[0].Scan.Name != "anvil" {
		t.Errorf("after another start the log that left is forgotten: %v, %v", l.gone(), err)
	}
	forged := kept[l.name()]
	forged.Signature = []byte("forged")
	kept[l.name()] = forged
	host.text = nil
	if got, err := newListing().refresh(t.Context()); err == nil || got != nil || !strings.Contains(said.String(), "kept copy of the log list is not used") {
		t.Errorf("a kept copy that isn't signed is used: %s, %v", listNames(got), err)
	}
}

// TestMembers guards which logs of a list are followed, how, and under which name.
func TestMembers(t *testing.T) {
	logs := namedLogs("anvil", "brook", "clay", "delta", "ember", "flint")
	logs[1]["state"] = map[string]any{"retired": map[string]any{}}
	logs[2]["log_type"] = "test"
	logs[3]["state"] = map[string]any{"readonly": map[string]any{"final_tree_head": map[string]any{"tree_size": 7, "sha256_root_hash": make([]byte, 32)}}}
	list, err := loglist.Parse(listText(t, 1, logs...))
	if err != nil {
		t.Fatal(err)
	}
	configured := []scanner.Log{
		{Name: "mine", URL: "https://mine.example", Key: list.Logs[4].Scan.Key, Marks: true}, // ember's key
		{Name: "flint", URL: "https://other.example", Key: []byte("another key")},
	}
	left, err := loglist.Parse(listText(t, 1, namedLogs("gone")...))
	if err != nil {
		t.Fatal(err)
	}
	show := func(members []member) []string {
		var out []string
		for _, m := range members {
			name, _, _ := strings.Cut(m.log.Name, "-")
			if name != m.log.Name {
				name += "-…"
			}
			s := fmt.Sprintf("%s listed=%t wanted=%t marks=%t", name, m.listed, m.wanted, m.log.Marks)
			if m.ending != "" {
				s += ": " + m.ending
			}
			if m.final != nil {
				s += fmt.Sprint(" at ", m.final.Size)
			}
			out = append(out, s)
		}
		return out
	}
	got := show((&Config{}).listChoice(nil).members(configured, list, left.Logs))
	want := []string{
		"mine listed=false wanted=true marks=true",
		"flint listed=false wanted=true marks=false",
		"anvil listed=true wanted=true marks=false",
		"brook listed=true wanted=false marks=false: the log list says it is retired",
		"clay listed=true wanted=false marks=false: the log list says it is of type test",
		"delta listed=true wanted=true marks=false: the log list says it is readonly at 7",
		"flint-… listed=true wanted=true marks=false",
		"gone listed=true wanted=false marks=false: the log list no longer has it",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("members (-want +got):\n%s", diff)
	}
	c := &Config{LogListStates: []string{"Retired", " readonly"}, LogListTypes: []string{"test", "prod"}, LogListMarks: true}
	if err := c.checkLogList(); err != nil {
		t.Fatal(err)
	}
	got = show(c.listChoice([]string{"brook", "clay"}).members(configured, list, nil))
	want = []string{
		"brook listed=true wanted=true marks=true: the log list says it is retired",
		"clay listed=true wanted=false marks=true: the log list says it is usable",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("members by another choice (-want +got):\n%s", diff)
	}
}

// TestLogListConfig guards that what can't be used is said before anything starts.
func TestLogListConfig(t *testing.T) {
	for want, c := range map[string]Config{
		"log_list_states":   {LogListStates: []string{"dreaming"}},
		"log_list_types":    {LogListTypes: []string{"toy"}},
		"is too often":      {LogListRefresh: Duration(time.Second)},
		"keep one":          {LogListKey: "a", LogListKeyFile: "b"},
		"log_list_key_file": {LogListKeyFile: "/nonexistent"},
		"want PEM":          {LogListKey: "AAAA"},
	} {
		if err := c.checkLogList(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// TestLogListVariables guards that each key of log lists, and roots, can be set by its variable.
func TestLogListVariables(t *testing.T) {
	roots := pemFile(t, "CERTIFICATE", marktest.NewCA("Anvil").Root())
	values := map[string]string{
		"MARKWATCH_LOG_LIST": "list.json", "MARKWATCH_LOG_LIST_REFRESH": "2h", "MARKWATCH_LOG_LIST_STATES": "usable,retired",
		"MARKWATCH_LOG_LIST_TYPES": "test", "MARKWATCH_LOG_LIST_MARKS": "true", "MARKWATCH_ROOTS": roots + "," + roots,
	}
	c, err := loadConfig("", func(name string) string { return values[name] })
	if err != nil {
		t.Fatal(err)
	}
	got := []any{c.LogList, c.LogListRefresh.String(), c.LogListStates, c.LogListTypes, c.LogListMarks, c.Roots}
	want := []any{"list.json", "2h0m0s", []string{"usable", "retired"}, []string{"test"}, true, []string{roots, roots}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the environment set (-want +got):\n%s", diff)
	}
	for name, value := range map[string]string{
		"MARKWATCH_ROOTS": "/nonexistent", "MARKWATCH_LOG_LIST_KEY": "nonsense", "MARKWATCH_LOG_LIST_KEY_FILE": "/nonexistent", "MARKWATCH_LOG_LIST_MARKS": "perhaps", "MARKWATCH_LOG_LIST_REFRESH": "daily",
	} {
		if _, err := loadConfig("", func(n string) string { return map[string]string{name: value}[n] }); err == nil {
			t.Errorf("%s=%s is taken", name, value)
		}
	}
}

// pemFile writes a file of one block.
func pemFile(t *testing.T, kind string, der []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file.pem")
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestMarkRoots guards that configured roots are known besides the built-in
// ones, and that what is none is refused.
func TestMarkRoots(t *testing.T) {
	root := marktest.NewCA("Anvil").Root()
	c := Config{Roots: []string{pemFile(t, "CERTIFICATE", root)}}
	got, err := c.markRoots()
	if err != nil || len(got) != len(parse.MarkRoots())+1 || got[len(got)-1].SHA256 != sha256.Sum256(root) || !strings.Contains(got[len(got)-1].Name, "Anvil") {
		t.Errorf("roots are %v, %v", got, err)
	}
	for want, path := range map[string]string{
		"only certificates": pemFile(t, "PRIVATE KEY", root), "certificate 1": pemFile(t, "CERTIFICATE", []byte("none")), "no such file": "/nonexistent",
	} {
		if _, err := (&Config{Roots: []string{path}}).markRoots(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
