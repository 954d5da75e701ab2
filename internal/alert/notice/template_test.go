package notice_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"markwatch/internal/alert/notice"
)

// folder is a folder of templates.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestOverride guards that one's own file takes the place of the built-in one,
// and of no other.
func TestOverride(t *testing.T) {
	r, err := notice.NewRenderer(folder(t, map[string]string{"hit.txt": "For the partner in charge: {{range .Shown}}{{.Sentence}}{{end}}", "README.md": "ours"}))
	if err != nil {
		t.Fatal(err)
	}
	m := notice.Sample(notice.KindHit)
	if text, err := r.Text(m); err != nil || !strings.HasPrefix(text, "For the partner in charge: Sunrise Trading Ltd (GB) got") {
		t.Errorf("one's own template is not used: %v\n%s", err, text)
	}
	want, _ := renderer(t).HTML(m, nil)
	if got, err := r.HTML(m, nil); err != nil || got != want {
		t.Errorf("the HTML is another one with one's own hit.txt: %v", err)
	}
}

// TestMistakes guards that a template with a mistake is refused at the start, by
// file, line and what is wrong.
func TestMistakes(t *testing.T) {
	for name, test := range map[string]struct {
		file, text string
		want       []string
	}{
		"unclosed":           {"hit.txt", "one\n{{range .Shown}}\n", []string{"hit.txt:", "unexpected EOF"}},
		"unknown function":   {"alarm.html", "one\ntwo {{shout .Heading}}", []string{"alarm.html:2", `"shout"`}},
		"unknown field":      {"digest.txt", "one\n\n{{.Client.Name}}", []string{"digest.txt:3", "Name"}},
		"unknown in a range": {"digest.html", "<tr><td>{{range .Groups}}{{range .Hits}}\n{{.Colour}}{{end}}{{end}}</td></tr>", []string{"digest.html:2", "Colour"}},
		"another's template": {"test.txt", "{{template \"tset.txt\" .}}", []string{"test.txt", `"tset.txt"`}},
		"broken HTML":        {"summary.html", "<a href=\"{{.Link}}", []string{"summary.html", "ends in a non-text context"}},
		"empty subject":      {"subject.txt", "{{/* nothing */}}", []string{"subject.txt", "empty subject"}},
		"endless":            {"test.txt", "{{define \"again\"}}{{template \"again\" .}}{{end}}{{template \"again\" .}}", []string{"test.txt", "again"}},
		"huge":               {"test.txt", strings.Repeat(`{{printf "%1000000d" 1}}`, 9), []string{"bytes"}},
		"misspelt name":      {"hits.txt", "x", []string{"hits.txt is no template; there are: alarm.html, "}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := folder(t, map[string]string{test.file: test.text})
			_, err := notice.NewRenderer(dir)
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range append(test.want, dir) {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the error does not say %q: %v", want, err)
				}
			}
		})
	}
	if _, err := notice.NewRenderer(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a folder that isn't there is no error")
	}
	dir := folder(t, map[string]string{"hit.txt": strings.Repeat("x", 2<<20)})
	if _, err := notice.NewRenderer(dir); err == nil || !strings.Contains(err.Error(), "2097152 bytes") {
		t.Errorf("a template of 2 MiB: %v", err)
	}
}

// TestFallback guards that nothing is lost by a template that fails on one
// message alone: the built-in one speaks, and the error is told.
func TestFallback(t *testing.T) {
	const trap = `{{if eq .Client "Trap"}}{{index .Groups 99}}{{end}}`
	r, err := notice.NewRenderer(folder(t, map[string]string{"subject.txt": "x" + trap, "hit.txt": "x" + trap, "hit.html": "x" + trap}))
	if err != nil {
		t.Fatal(err)
	}
	m := notice.Sample(notice.KindHit)
	m.Client = "Trap"
	builtIn := renderer(t)
	for name, render := range map[string]func(*notice.Renderer) (string, error){
		"subject.txt": func(r *notice.Renderer) (string, error) { return r.Subject(m) },
		"hit.txt":     func(r *notice.Renderer) (string, error) { return r.Text(m) },
		"hit.html":    func(r *notice.Renderer) (string, error) { return r.Page(m) },
	} {
		want, err := render(builtIn)
		if err != nil {
			t.Fatal(err)
		}
		got, err := render(r)
		if err == nil || !strings.Contains(err.Error(), name+":1") {
			t.Errorf("%s: the error is %v", name, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestWriteTemplates guards that the written templates are the built-in ones,
// and that nobody's own are overwritten.
func TestWriteTemplates(t *testing.T) {
	r := renderer(t)
	dir := filepath.Join(t.TempDir(), "templates")
	if err := r.WriteTemplates(dir); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if diff := cmp.Diff(r.TemplateNames(), names); diff != "" || !slices.Contains(names, "hit.html") {
		t.Errorf("names and files: %s", diff)
	}
	own, err := notice.NewRenderer(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range kinds() {
		m := notice.Sample(kind)
		if diff := cmp.Diff(forms(t, r, m), forms(t, own, m)); diff != "" {
			t.Errorf("%s by the written templates: %s", kind, diff)
		}
	}
	if err := r.WriteTemplates(dir); err == nil {
		t.Error("templates that are there were overwritten")
	}
}
