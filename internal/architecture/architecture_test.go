// Package architecture_test holds the code to what docs/ARCHITECTURE.md and
// the other documents say of it.
package architecture_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const root = "../.."

// tableRow is a line of the import table: | `folder` | what it does | `imports` |.
var tableRow = regexp.MustCompile("(?m)^\\| `([a-z/]+)` \\| .* \\|([^|]*)\\|$")

// allowed reads the import table.
func allowed(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "docs/ARCHITECTURE.md"))
	if err != nil {
		t.Fatal(err)
	}
	table := map[string][]string{}
	for _, row := range tableRow.FindAllStringSubmatch(string(text), -1) {
		table[row[1]] = strings.Fields(strings.ReplaceAll(row[2], "`", ""))
	}
	if len(table) < 8 {
		t.Fatalf("the import table has %d rows: it can't be read any more", len(table))
	}
	return table
}

// goFiles calls f with each Go file of the module, by its folder.
func goFiles(t *testing.T, f func(folder, path string)) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == "reallog" || strings.HasPrefix(d.Name(), ".") && d.Name() != ".." || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if strings.HasSuffix(path, ".go") {
			folder, err := filepath.Rel(root, filepath.Dir(path))
			if err != nil {
				return err
			}
			f(folder, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestImports guards the import table: layers import one way.
func TestImports(t *testing.T) {
	table := allowed(t)
	seen := map[string]bool{}
	goFiles(t, func(folder, path string) {
		if strings.HasSuffix(path, "_test.go") {
			return
		}
		seen[folder] = true
		may, known := table[folder]
		if !known {
			t.Errorf("%s is not in the import table of docs/ARCHITECTURE.md", folder)
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range file.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			ours, isOurs := strings.CutPrefix(name, "markwatch/")
			if isOurs && !slices.Contains(may, ours) && !slices.Equal(may, []string{"all", "of", "them"}) {
				t.Errorf("%s imports %s, which the import table does not allow %s", path, ours, folder)
			}
		}
	})
	for folder := range table {
		if !seen[folder] {
			t.Errorf("the import table names %s, which has no code", folder)
		}
	}
}

// TestPackageComments guards that each package says what it is, once.
func TestPackageComments(t *testing.T) {
	comments := map[string][]string{}
	goFiles(t, func(folder, path string) {
		if strings.HasSuffix(path, "_test.go") {
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := comments[folder]; !ok {
			comments[folder] = nil
		}
		if file.Doc != nil {
			comments[folder] = append(comments[folder], path)
		}
	})
	for folder, where := range comments {
		if len(where) != 1 {
			t.Errorf("%s has %d package comments (%v), want one", folder, len(where), where)
		}
	}
}

// TestNoInit guards that nothing happens because a package was imported.
func TestNoInit(t *testing.T) {
	initFunc := regexp.MustCompile(`(?m)^func init\(\)`)
	goFiles(t, func(_, path string) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if initFunc.Match(text) {
			t.Errorf("%s has an init function", path)
		}
	})
}

// link is a Markdown link to a file of ours.
var link = regexp.MustCompile(`\]\(([^):#]+)(#[^)]*)?\)`)

// TestLinks guards that the documents' links lead somewhere.
func TestLinks(t *testing.T) {
	docs, err := filepath.Glob(filepath.Join(root, "docs/*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, doc := range append(docs, filepath.Join(root, "README.md"), filepath.Join(root, "CHANGELOG.md")) {
		text, err := os.ReadFile(doc)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(doc), m[1])); err != nil {
				t.Errorf("%s links to %s, which is not there", doc, m[1])
			}
		}
	}
}

// TestMakeTargets guards that the README's commands exist.
func TestMakeTargets(t *testing.T) {
	makefile, err := os.ReadFile(filepath.Join(root, "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile("(?m)(?:^|`)make ([a-z]+(?: [a-z]+)*)").FindAllStringSubmatch(string(readme), -1) {
		for _, target := range strings.Fields(m[1]) {
			if !strings.Contains(string(makefile), "\n"+target+":") {
				t.Errorf("the README says make %s, which the Makefile does not have", target)
			}
		}
	}
}
