package export_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"markwatch/internal/ctlogtest"
	"markwatch/internal/export"
	"markwatch/internal/marktest"
	"markwatch/parse"
	"markwatch/queries"
	"markwatch/scanner"
	"markwatch/store"
	"markwatch/store/chdb"
)

// world is a log whose clock a test sets, and the store that reads it.
type world struct {
	t   *testing.T
	st  *store.Store
	log *ctlogtest.Log
	ca  *marktest.CA
	now time.Time
	at  scanner.Position
}

// formula is an organisation whose name a spreadsheet would run.
const formula = `=HYPERLINK("http://evil.example")`

func newWorld(t *testing.T) *world {
	t.Helper()
	if _, err := chdb.FindLibrary(); err != nil {
		if os.Getenv("MARKWATCH_TEST_ENGINE") == "required" {
			t.Fatal(err)
		}
		t.Skipf("the embedded engine is needed: %v", err)
	}
	w := &world{t: t, ca: marktest.NewCA("Export Test CA")}
	var err error
	if w.st, err = store.Open(t.Context(), store.Options{DSN: t.TempDir()}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.st.Close(); err != nil {
			t.Error(err)
		}
	})
	w.log = ctlogtest.New(ctlogtest.Options{Name: "exports", Now: func() time.Time { return w.now }})
	return w
}

// add logs certificates at a time, and stores what the log then holds.
func (w *world) add(at time.Time, specs ...marktest.Spec) {
	w.t.Helper()
	w.now = at
	for _, spec := range specs {
		issued := w.ca.Issue(spec)
		w.log.AddChain(append([][]byte{issued.Certificate}, issued.Chain...)...)
	}
	w.log.Publish()
	s, err := scanner.New(scanner.Config{
		Log:      scanner.Log{Name: "exports", URL: "http://exports.test", Type: scanner.RFC6962, Key: w.log.PublicKey(), Marks: true, MMD: 24 * time.Hour},
		Position: w.at, HTTP: w.log.Client(), UserAgent: "markwatch-test (test@example.test)", Once: true, MaxRate: 10000,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	for scanned, err := range s.Batches(w.t.Context()) {
		if err != nil {
			w.t.Fatal(err)
		}
		w.commit(scanned)
	}
}

func (w *world) commit(scanned scanner.Batch) {
	w.t.Helper()
	b := store.Batch{Scan: scanned}
	for _, raw := range scanned.Entries {
		entry, err := parse.Leaf(raw.LeafInput, raw.ExtraData)
		var malformed *parse.MalformedError
		switch {
		case err == nil:
			b.Marks = append(b.Marks, store.Mark{Raw: raw, Entry: entry})
		case errors.As(err, &malformed):
			b.Malformed = append(b.Malformed, store.Malformed{Raw: raw, Err: malformed})
		}
	}
	if err := w.st.Commit(w.t.Context(), b); err != nil {
		w.t.Fatal(err)
	}
	w.at = scanned.Position
}

// write exports to a new folder, as of a time; the zero time is the newest tree head.
func (w *world) write(asOf time.Time) (dir string, m *export.Manifest) {
	w.t.Helper()
	dir = filepath.Join(w.t.TempDir(), "snapshot")
	m, _, err := export.Write(w.t.Context(), w.st, dir, export.Options{AsOf: asOf, Markwatch: "test", Rules: map[string]uint32{"parse": 1}})
	if err != nil {
		w.t.Fatal(err)
	}
	return dir, m
}

// content is every file of a folder by its name.
func content(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			text, readErr := os.ReadFile(filepath.Join(dir, path))
			out[path], err = string(text), readErr
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func differences(a, b map[string]string) []string {
	var out []string
	for name := range a {
		if a[name] != b[name] {
			out = append(out, name)
		}
	}
	for name := range b {
		if _, ok := a[name]; !ok {
			out = append(out, name)
		}
	}
	return out
}

var (
	june   = time.Date(2023, 6, 1, 0, 0, 0, 0, time.UTC)
	august = june.AddDate(0, 2, 0)
)

// TestSnapshot guards the snapshot as a whole. Its parts share a store and a
// snapshot, since each takes seconds to make.
func TestSnapshot(t *testing.T) {
	w := newWorld(t)
	var specs []marktest.Spec
	for _, kind := range append(marktest.Kinds(), marktest.Malformations()...) {
		specs = append(specs, kind.Spec)
	}
	w.add(june, append(specs, marktest.Registered("Ash Ltd", "ash.example", 76), marktest.Registered(formula, "evil.example", 77))...)
	newest, m := w.write(time.Time{})
	before := content(t, newest)

	t.Run("rows", func(t *testing.T) { w.checkRows(newest, m, before) })
	t.Run("dictionary", func(t *testing.T) { checkDictionary(t, before["dictionary.json"]) })
	t.Run("logos", func(t *testing.T) {
		svgs, err := filepath.Glob(filepath.Join(newest, "svg", "*.svg"))
		if err != nil || len(svgs) == 0 || len(svgs) != strings.Count(before["tables/logos.csv"], "\n")-1 {
			t.Errorf("%d logos, %v; the table has %d lines", len(svgs), err, strings.Count(before["tables/logos.csv"], "\n"))
		}
	})
	t.Run("verify", func(t *testing.T) { checkVerify(t, newest) })
	t.Run("interrupted", func(t *testing.T) { w.checkInterrupted() })
	t.Run("pages", func(t *testing.T) { w.checkPages() })
	t.Run("same bytes whatever comes later", func(t *testing.T) {
		w.add(august, marktest.Registered("Latecomer Ltd", "latecomer.example", 99))
		again, _ := w.write(june)
		if diff := differences(before, content(t, again)); len(diff) > 0 {
			t.Errorf("they differ: %v", diff)
		}
	})
}

// checkRows guards that CSV and Parquet hold the rows that the manifest says, and the same.
func (w *world) checkRows(dir string, m *export.Manifest, files map[string]string) {
	seen := 0
	for _, f := range m.Files {
		if f.Rows == nil || !strings.HasSuffix(f.Path, ".csv") {
			continue
		}
		seen++
		rows, err := csv.NewReader(strings.NewReader(files[f.Path])).ReadAll()
		if err != nil || uint64(len(rows)-1) != *f.Rows {
			w.t.Errorf("%s: %d rows, %v; the manifest says %d", f.Path, len(rows)-1, err, *f.Rows)
		}
		var out strings.Builder
		parquet := filepath.Join(dir, strings.TrimSuffix(f.Path, ".csv")+".parquet")
		if err := queries.Write(w.t.Context(), w.st.Conn(), &out, queries.CSV, "SELECT * FROM file('"+parquet+"')"); err != nil {
			w.t.Errorf("%s: %v", parquet, err)
			continue
		}
		back, err := csv.NewReader(strings.NewReader(out.String())).ReadAll()
		if err != nil || len(rows) != len(back) || len(rows) > 0 && strings.Join(rows[0], ",") != strings.Join(back[0], ",") {
			w.t.Errorf("%s: as Parquet it has %d rows, as CSV %d, %v", f.Path, len(back), len(rows), err)
		}
	}
	if want := 4 + len(export.Statistics()); seen != want {
		w.t.Errorf("%d tables and statistics, want %d", seen, want)
	}
	if !strings.Contains(files["tables/certificates.csv"], `"=HYPERLINK(""http://evil.example"")"`) {
		w.t.Error("the table doesn't say what the certificate says")
	}
}

func checkDictionary(t *testing.T, text string) {
	var entries []struct {
		Name    string
		Columns []struct{ Name, Type, Help string }
	}
	if err := json.Unmarshal([]byte(text), &entries); err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if len(e.Columns) == 0 {
			t.Errorf("%s has no columns", e.Name)
		}
		for _, c := range e.Columns {
			if c.Help == "" || c.Type == "" {
				t.Errorf("%s: the column %s is not explained", e.Name, c.Name)
			}
			if strings.HasPrefix(c.Type, "DateTime") && !strings.HasPrefix(c.Type, "DateTime64") {
				t.Errorf("%s: the column %s is a DateTime, which Arrow has as a number", e.Name, c.Name)
			}
		}
	}
}

// checkInterrupted guards that what is not whole isn't there.
func (w *world) checkInterrupted() {
	ctx, cancel := context.WithCancel(w.t.Context())
	parent := w.t.TempDir()
	_, _, err := export.Write(ctx, w.st, filepath.Join(parent, "s"), export.Options{Progress: func(what string) {
		if what == "tables/marks" {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) {
		w.t.Errorf("got %v", err)
	}
	if left, err := os.ReadDir(parent); err != nil || len(left) > 0 {
		w.t.Errorf("left behind: %v, %v", left, err)
	}
	var open uint64
	if err := w.st.Conn().QueryRow(w.t.Context(), "SELECT count() FROM system.databases WHERE name LIKE '%snapshot%'").Scan(&open); err != nil || open > 0 {
		w.t.Errorf("%d snapshots are left in the store, %v", open, err)
	}
}

// TestOccupied guards that no folder with anything in it is touched.
func TestOccupied(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "mine"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, place := range []string{dir, filepath.Join(dir, "mine")} {
		if _, _, err := export.Write(t.Context(), nil, place, export.Options{}); err == nil {
			t.Errorf("%s is taken", place)
		}
	}
	if got := content(t, dir); len(got) != 1 {
		t.Errorf("the folder now holds %v", got)
	}
}

// TestNoClock guards that no statistic asks what time it is but by as_of, which
// the snapshot gives.
func TestNoClock(t *testing.T) {
	for _, q := range export.Statistics() {
		lower := strings.ToLower(strings.ReplaceAll(q.SQL, "least({as_of:DateTime64(3, 'UTC')}, now64(3, 'UTC'))", ""))
		for _, clock := range []string{"now(", "now64(", "today(", "yesterday(", "rand(", "generateuuid"} {
			if strings.Contains(lower, clock) {
				t.Errorf("%s asks %s…)", q.Name, clock)
			}
		}
		for _, p := range q.Params {
			if strings.Contains(p.Default, "now") && p.Name != "as_of" {
				t.Errorf("%s: the default of %s is the time of the question", q.Name, p.Name)
			}
		}
	}
}

// tampering is a way to change a snapshot.
type tampering struct {
	name  string
	do    func(dir string) error
	piece string // named by the problem; "" for an error of the manifest
	want  string
}

// inManifest changes the manifest.
func inManifest(change func(*export.Manifest)) func(string) error {
	return func(dir string) error {
		text, err := os.ReadFile(filepath.Join(dir, export.ManifestName))
		if err != nil {
			return err
		}
		var m export.Manifest
		if err := json.Unmarshal(text, &m); err != nil {
			return err
		}
		change(&m)
		if text, err = json.Marshal(m); err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, export.ManifestName), text, 0o600)
	}
}

// replace changes a text of a file.
func replace(name, old, new string) func(string) error {
	return func(dir string) error {
		path := filepath.Join(dir, name)
		text, err := os.ReadFile(path)
		if err == nil && !strings.Contains(string(text), old) {
			err = fmt.Errorf("%s has no %s", name, old)
		}
		if err != nil {
			return err
		}
		return os.WriteFile(path, []byte(strings.Replace(string(text), old, new, 1)), 0o600)
	}
}

// tamperings are the ways that are tried; svg is the name of a logo's file.
func tamperings(svg string) []tampering {
	return []tampering{
		{"changed, as long", replace("tables/certificates.csv", "Ash Ltd", "Oak Ltd"), "tables/certificates.csv", "its SHA-256 is"},
		{"changed, longer", replace(svg, "<svg", "<svg "), svg, "bytes"},
		{"missing", func(dir string) error { return os.Remove(filepath.Join(dir, "statistics/totals.parquet")) }, "statistics/totals.parquet", "missing"},
		{"added", func(dir string) error { return os.WriteFile(filepath.Join(dir, "svg/more.svg"), nil, 0o600) }, "svg/more.svg", "added"},
		{"a link", func(dir string) error {
			path := filepath.Join(dir, "CITATION.cff")
			return errors.Join(os.Rename(path, path+".old"), os.Symlink(path+".old", path))
		}, "CITATION.cff", "no plain file"},
		{"tree head larger", inManifest(func(m *export.Manifest) { m.Logs[0].Head.Size++ }), "tree head of exports", "not what the log's answer says"},
		{"tree head forged", inManifest(func(m *export.Manifest) {
			h := m.Logs[0].Head
			h.Raw = strings.Replace(h.Raw, fmt.Sprintf(`"tree_size":%d`, h.Size), fmt.Sprintf(`"tree_size":%d`, h.Size+1), 1)
			h.Size++
		}), "tree head of exports", "signature"},
		{"another key", inManifest(func(m *export.Manifest) { m.Logs[0].Key = "AAAA" }), "tree head of exports", "SHA-256 of its key"},
		{"more read than there is", inManifest(func(m *export.Manifest) { m.Logs[0].Read = 1000 }), "tree head of exports", "1000 are said to be read"},
		{"outside", inManifest(func(m *export.Manifest) { m.Files[0].Path = "../secret" }), "../secret", "outside"},
		{"twice", inManifest(func(m *export.Manifest) { m.Files[1].Path = m.Files[0].Path }), "CITATION.cff", "twice"},
		{"no files", inManifest(func(m *export.Manifest) { m.Files = nil }), export.ManifestName, "names no files"},
		{"a field twice", replace(export.ManifestName, ` "format": 1,`, ` "format": 1, "format": 1,`), export.ManifestName, "not written as"},
		{"a field by another name", replace(export.ManifestName, `"files"`, `"Files"`), export.ManifestName, "not written as"},
		{"another format", inManifest(func(m *export.Manifest) { m.Format = 2 }), "", "format 2"},
		{"no manifest", func(dir string) error { return os.Remove(filepath.Join(dir, export.ManifestName)) }, "", "can't be read"},
		{"manifest a link", func(dir string) error {
			path := filepath.Join(dir, export.ManifestName)
			return errors.Join(os.Rename(path, path+".old"), os.Symlink(path+".old", path))
		}, "", "no plain file"},
		{"manifest a pipe", func(dir string) error {
			path := filepath.Join(dir, export.ManifestName)
			return errors.Join(os.Remove(path), syscall.Mkfifo(path, 0o600))
		}, "", "no plain file"},
		{"no JSON", replace(export.ManifestName, "{", "["), "", "no manifest of a snapshot"},
	}
}

// checkVerify guards that every way of tampering is named by its piece.
func checkVerify(t *testing.T, whole string) {
	svgs, err := filepath.Glob(filepath.Join(whole, "svg", "*.svg"))
	if err != nil || len(svgs) == 0 {
		t.Fatal(svgs, err)
	}
	svg := "svg/" + filepath.Base(svgs[0])
	for _, c := range tamperings(svg) {
		t.Run(c.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "copy")
			if err := os.CopyFS(dir, os.DirFS(whole)); err != nil {
				t.Fatal(err)
			}
			if err := c.do(dir); err != nil {
				t.Fatal(err)
			}
			_, _, err := export.Verify(dir)
			var tampered *export.TamperedError
			switch {
			case err == nil:
				t.Error("it isn't noticed")
			case c.piece == "" && !strings.Contains(err.Error(), c.want):
				t.Errorf("got %v, want %q", err, c.want)
			case c.piece != "" && !errors.As(err, &tampered):
				t.Errorf("got %v", err)
			case c.piece != "" && !contains(tampered.Problems, c.piece, c.want):
				t.Errorf("got %q, want %s: %s", tampered.Problems, c.piece, c.want)
			}
		})
	}
	m, sum, err := export.Verify(whole)
	if err != nil || len(sum) != 64 || m.Logs[0].Head == nil {
		t.Errorf("untouched: %v", err)
	}
	if diff := cmp.Diff(map[string]uint32{"parse": 1}, m.Rules); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
}

// checkPages guards that the pages show each logo, run nothing, and take no
// stranger's words for markup.
func (w *world) checkPages() {
	if err := w.st.Conn().Exec(w.t.Context(), `INSERT INTO logos (svg_sha256, bytes, svg) SELECT lower(hex(SHA256(svg))) AS svg_sha256, length(svg) AS bytes, svg
		FROM (SELECT concat('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="', toString(number), '"/></svg>') AS svg FROM numbers(500))`); err != nil {
		w.t.Fatal(err)
	}
	dir := filepath.Join(w.t.TempDir(), "logos")
	g, err := export.Logos(w.t.Context(), w.st.Conn(), dir, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	files := content(w.t, dir)
	page := files["index.html"] + files["page-0002.html"]
	pngs := 0
	for name, text := range files {
		hash, isSVG := strings.CutSuffix(strings.TrimPrefix(name, "svg/"), ".svg")
		if strings.HasPrefix(name, "png/") && strings.HasPrefix(text, "\x89PNG") {
			pngs++
		}
		if isSVG && !strings.Contains(page, `<img src="svg/`+hash+`.svg"`) {
			w.t.Errorf("%s is not shown", name)
		}
	}
	if g.Logos <= 500 || g.Pages != 2 || len(files) != g.Logos+pngs+g.Pages || pngs != g.Logos-g.Undrawn {
		w.t.Errorf("%d files, of which %d pictures, for %+v", len(files), pngs, g)
	}
	if !strings.Contains(files["index.html"], `<a href="page-0002.html" rel="next">`) || !strings.Contains(files["page-0002.html"], `<a href="index.html" rel="prev">`) {
		w.t.Error("the pages don't lead to each other")
	}
	if !strings.Contains(page, `=HYPERLINK(&#34;http://evil.example&#34;)`) {
		w.t.Error("an organisation isn't named, or not as text")
	}
	for _, bad := range []string{"<script", "href=\"svg/", "javascript:", "onload"} {
		if strings.Contains(page, bad) {
			w.t.Errorf("the page has %s", bad)
		}
	}
}

func contains(problems []string, piece, want string) bool {
	for _, p := range problems {
		if strings.Contains(p, piece) && strings.Contains(p, want) {
			return true
		}
	}
	return false
}

// FuzzVerify guards the reading of a manifest against any bytes.
func FuzzVerify(f *testing.F) {
	f.Add(`{"format":1,"as_of":"2023-06-01T00:00:00.000Z","logs":[{"name":"l","log_id":"","key":"","tree_head":{"tree_size":1,"timestamp":"2023-06-01T00:00:00.000Z","sha256_root_hash":"","tree_head_signature":"","raw":"{}"}}],"files":[{"path":"a","bytes":1,"sha256":""}]}`)
	f.Add(`{"format":1,"files":[{"path":"../a"},{"path":""},{"path":"."}]}`)
	f.Add(`[`)
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text string) {
		if err := os.WriteFile(filepath.Join(dir, export.ManifestName), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, _, _ = export.Verify(dir)
	})
}
