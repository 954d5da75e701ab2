package main

import (
	"crypto/sha256"
	"encoding/base64"
	"io"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"

	"markwatch/match"
	"markwatch/match/domain"
	"markwatch/scanner"
)

func readDoc(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile("../../" + path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestConfigurationIsDocumented guards that each key, and its variable, has its row.
func TestConfigurationIsDocumented(t *testing.T) {
	doc := readDoc(t, "docs/configuration.md")
	for _, of := range []reflect.Type{reflect.TypeFor[Config](), reflect.TypeFor[LogConfig](), reflect.TypeFor[AlertConfig]()} {
		for i := range of.NumField() {
			key := of.Field(i).Tag.Get("yaml")
			if key == "" || strings.HasPrefix(key, ",") {
				continue
			}
			row := "\n| `" + key + "` |"
			if !strings.Contains(doc, row) {
				t.Errorf("docs/configuration.md has no row for %s", key)
			}
			if of.Name() == "AlertConfig" && !strings.Contains(doc, row+" `MARKWATCH_ALERT_"+strings.ToUpper(key)+"` |") {
				t.Errorf("docs/configuration.md has no variable for %s under alert", key)
			}
			if of.Name() == "Config" && key != "logs" && key != "alert" && !strings.Contains(doc, row+" `MARKWATCH_"+strings.ToUpper(key)+"` |") {
				t.Errorf("docs/configuration.md has no variable for %s", key)
			}
		}
	}
}

// TestEveryVariableIsRead guards that what the document says can be set by the environment is.
func TestEveryVariableIsRead(t *testing.T) {
	values := map[string]string{
		"MARKWATCH_STORE": "s", "MARKWATCH_CLUSTER": "c", "MARKWATCH_LISTEN": "l", "MARKWATCH_CONTACT": "a@b.example",
		"MARKWATCH_RATE": "3", "MARKWATCH_BANDWIDTH": "4", "MARKWATCH_POLL": "5s", "MARKWATCH_EVIDENCE": "e",
	}
	c, err := loadConfig("", func(name string) string { return values[name] })
	if err != nil {
		t.Fatal(err)
	}
	if c.Store != "s" || c.Cluster != "c" || c.Listen != "l" || c.Contact != "a@b.example" || c.Rate != 3 || c.Bandwidth != 4 || c.Poll.String() != "5s" || c.Evidence != "e" {
		t.Errorf("the environment set %+v", c)
	}
	secret := t.TempDir() + "/dsn"
	if err := os.WriteFile(secret, []byte("http://u:p@host/db\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err = loadConfig("", func(name string) string { return map[string]string{"MARKWATCH_STORE_FILE": secret}[name] })
	if err != nil || c.Store != "http://u:p@host/db" {
		t.Errorf("MARKWATCH_STORE_FILE: %q, %v", c.Store, err)
	}
}

// TestMetricsAreDocumented guards that operators can look up each metric.
func TestMetricsAreDocumented(t *testing.T) {
	m := newMetrics()
	for _, log := range []string{"l"} {
		m.treeSize.WithLabelValues(log)
		m.position.WithLabelValues(log)
		m.lag.WithLabelValues(log)
		m.verified.WithLabelValues(log)
		m.isStopped.WithLabelValues(log)
		m.entries.WithLabelValues(log)
		m.marks.WithLabelValues(log)
		m.malformed.WithLabelValues(log)
		m.requests.WithLabelValues(log, "get-sth", "200")
		m.errors.WithLabelValues(log, "network")
		m.bytes.WithLabelValues(log)
		m.suspects.WithLabelValues(log, "future")
		m.insert.WithLabelValues(log)
		m.insertErrors.WithLabelValues(log)
		m.hits.WithLabelValues("logo", "high")
	}
	families, err := m.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	doc := readDoc(t, "docs/operations.md")
	seen := 0
	for _, f := range families {
		if !strings.HasPrefix(f.GetName(), "markwatch_") {
			continue
		}
		seen++
		if !strings.Contains(doc, f.GetName()) {
			t.Errorf("docs/operations.md does not name %s", f.GetName())
		}
	}
	if seen < 15 {
		t.Errorf("only %d metrics are gathered", seen)
	}
}

// TestCommandsAreDocumented guards that the README names every command, that
// each has a usage, and each flag an explanation.
func TestCommandsAreDocumented(t *testing.T) {
	app := newApp(streams{strings.NewReader(""), io.Discard, io.Discard})
	readme := readDoc(t, "README.md")
	for _, c := range app.Commands {
		if !strings.Contains(readme, "| `"+c.Name) {
			t.Errorf("the README does not name the command %s", c.Name)
		}
		if !strings.Contains(c.Description, "xamples:") {
			t.Errorf("the help of %s has no examples", c.Name)
		}
	}
	for _, c := range allCommands(app.Commands) {
		if c.Usage == "" {
			t.Errorf("the command %s has no usage", c.Name)
		}
		for _, f := range c.Flags {
			if d, ok := f.(cli.DocGenerationFlag); !ok || d.GetUsage() == "" {
				t.Errorf("the flag %v of %s is not explained", f.Names(), c.Name)
			}
		}
	}
}

// TestBuiltinLogs guards the keys of the built-in logs by their published ids.
func TestBuiltinLogs(t *testing.T) {
	ids := map[string]string{
		"gorgon": "VVlTrjCWAIBs0utSCKbJnpMYKKwQVrRCHFU2FUxfdaw=",
		"dumbo":  "YaNdw5gGGypZW/40RomVGPD+rBSwG+Aqk78FIUY6nb0=",

		"garnet2026h2": "al8eeksEFIFGI1+zFI8gSFde1+y64fB8c5cbG7R4I18=",
		"garnet2027h1": "a2HRbaMFsDPkBfU4niLzK51wAFIYQpptTRiVUewRmZ8=",
		"garnet2027h2": "FbB0sWZA1ysUjTR5CyJm+QXxG5AyAF0p8732Cy03WMM=",

		// Computed from the keys, not seen published.
		"eszigno2026h2": "KNPGjqGDY293g5DLHjiKzpOgTpFpnQdXNunGFtEf4Gc=",
		"eszigno2027h1": "eBAmYgxXrnCeBgs/iwSfqrh6aXhhDP+YpDWqAgNwe9k=",
	}
	logs := builtinLogs()
	if len(logs) != len(ids) {
		t.Errorf("%d built-in logs, want %d", len(logs), len(ids))
	}
	doc := readDoc(t, "docs/configuration.md")
	for _, log := range logs {
		if err := log.Validate(); err != nil {
			t.Error(err)
		}
		id := sha256.Sum256(log.Key)
		if got := base64.StdEncoding.EncodeToString(id[:]); got != ids[log.Name] {
			t.Errorf("the id of %s is %s, want %s", log.Name, got, ids[log.Name])
		}
		if !strings.Contains(doc, "**"+log.Name+"**") {
			t.Errorf("docs/configuration.md does not name the built-in log %s", log.Name)
		}
	}
}

// TestRates guards the manners towards logs: a stranger's gets ten requests a
// second at most, unless the configuration says otherwise.
func TestRates(t *testing.T) {
	for _, c := range []struct {
		url  string
		rate float64
		want float64
	}{
		{"https://gorgon.ct.digicert.com/log", 0, 10},
		{"https://gorgon.ct.digicert.com/log", 3, 3},
		{"http://127.0.0.1:8080", 0, localRate},
		{"http://localhost/log", 0, localRate},
		{"http://[::1]:1/log", 0, localRate},
		{"http://localhost.example/log", 0, 10},
		{"http://10.0.0.1/log", 0, 10},
		{"http://127.0.0.1:8080", 5, 5},
	} {
		if got := (&Config{Rate: c.rate}).rateFor(scanner.Log{URL: c.url}); got != c.want {
			t.Errorf("rate %v for %s: got %v, want %v", c.rate, c.url, got, c.want)
		}
	}
}

// TestRulesAreDocumented guards that each rule and severity can be looked up.
func TestRulesAreDocumented(t *testing.T) {
	doc := readDoc(t, "docs/watching.md")
	rules := []string{string(match.RuleLogo), string(match.RulePriorUseLogo), string(match.RuleTrademark), string(match.RuleOrganisation), string(match.RulePriorUseDomain)}
	for _, r := range domain.Rules() {
		rules = append(rules, string(r))
	}
	for _, rule := range rules {
		if !strings.Contains(doc, "\n| `"+rule+"` |") {
			t.Errorf("docs/watching.md does not say what the rule %s is", rule)
		}
	}
	if columns := strings.Join(itemColumns[:], ","); !strings.Contains(doc, "`"+columns+"`") {
		t.Errorf("docs/watching.md does not have the columns %s", columns)
	}
}
