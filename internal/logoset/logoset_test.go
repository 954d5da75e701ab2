package logoset_test

import (
	"encoding/json"
	"fmt"
	"image/png"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"markwatch/internal/logoset"
	"markwatch/match/raster"
)

// invented draws n icons that belong to nobody: a star of i+3 points, a bar,
// and for some three discs beside them.
func invented(n int) map[string]any {
	icons := map[string]any{}
	for i := range n {
		var d strings.Builder
		points := 2 * (i + 3)
		for p := range points {
			s, c := math.Sincos(2*math.Pi*float64(p)/float64(points) + float64(i))
			radius := []float64{9, 3 + float64(i%5)}[p%2]
			fmt.Fprintf(&d, "%c%.2f %.2f", "ML"[min(p, 1)], 12+radius*c, 12+radius*s)
		}
		fmt.Fprintf(&d, "ZM%d 1h3v%dh-3Z", i%18, 4+i%7)
		body := fmt.Sprintf(`<path fill="currentColor" d="%s"/>`, &d)
		if i%3 == 0 {
			for c := range 3 {
				body += fmt.Sprintf(`<circle cx="%d" cy="20" r="3" fill="#%02xa040"/>`, 4+8*c, 40*(i%6))
			}
		}
		icons[fmt.Sprintf("star%c%c-icon", 'a'+i/26, 'a'+i%26)] = map[string]any{"body": body}
	}
	return icons
}

// installed makes a node_modules folder of one package of invented icons.
func installed(t *testing.T, icons map[string]any) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "node_modules")
	data, err := json.Marshal(map[string]any{"prefix": "stars", "icons": icons, "width": 24, "height": 24})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "@iconify-json", "stars"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "@iconify-json", "stars", "icons.json"), data, 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

func stars(t *testing.T, n int) []logoset.Icon {
	t.Helper()
	icons, err := logoset.Icons(installed(t, invented(n)), []logoset.Package{{Name: "stars"}})
	if err != nil {
		t.Fatal(err)
	}
	return icons
}

func TestIcons(t *testing.T) {
	dir := installed(t, map[string]any{
		"plain": map[string]any{"body": "<path/>"},
		"twin":  map[string]any{"body": "<path/>"},
		"wide":  map[string]any{"body": "<g/>", "width": 100, "height": 30, "left": -2, "top": 1.5},
	})
	icons, err := logoset.Icons(dir, []logoset.Package{{Name: "stars"}})
	if err != nil {
		t.Fatal(err)
	}
	const root = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" `
	got := map[string]string{}
	for _, i := range icons {
		got[strings.Replace(i.ID(), "twin", "plain", 1)] = string(i.SVG)
	}
	want := map[string]string{
		"stars-plain": root + `width="256" height="256" viewBox="0 0 24 24"><path/></svg>`,
		"stars-wide":  root + `width="256" height="77" viewBox="-2 1.5 100 30"><g/></svg>`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("icons (-want +got):\n%s", diff)
	}
	if _, err := logoset.Icons(t.TempDir(), logoset.Packages()); err == nil || !strings.Contains(err.Error(), "npm install") {
		t.Errorf("without the packages: %v, want what to do", err)
	}
}

// TestTake guards that a part of a package is the same part whatever order its
// names come in, and stays when icons are added.
func TestTake(t *testing.T) {
	take := func(n int) []string {
		icons, err := logoset.Icons(installed(t, invented(n)), []logoset.Package{{Name: "stars", Take: 10}})
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, i := range icons {
			ids = append(ids, i.ID())
		}
		return ids
	}
	few, more := take(20), take(22)
	if len(few) != 10 || cmp.Diff(few, take(20)) != "" {
		t.Errorf("took %v, not ten, or other ones the second time", few)
	}
	kept := 0
	for _, id := range few {
		if slices.Contains(more, id) {
			kept++
		}
	}
	if kept < 8 {
		t.Errorf("two icons more changed %d of 10", 10-kept)
	}
}

func TestHalves(t *testing.T) {
	var n [2]int
	for i := range 2000 {
		brand := fmt.Sprint("brand", i)
		n[logoset.HalfOf(brand)]++
	}
	if n[logoset.Development] < 900 || n[logoset.Test] < 900 {
		t.Errorf("halves of %v, want about 1,000 each", n)
	}
	a, b := logoset.Icon{Name: "rosette-icon"}, logoset.Icon{Name: "rosette2-dark"}
	if a.Brand() != b.Brand() {
		t.Errorf("%q and %q are of two brands", a.Brand(), b.Brand())
	}
}

// files reads a folder's files, by their paths below it.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		out[filepath.ToSlash(name)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestBuild guards the set's layout, that it is the same each time, and that no
// brand is in both halves.
func TestBuild(t *testing.T) {
	icons := stars(t, 30)
	build := func(seed uint64) map[string]string {
		dir := t.TempDir()
		if err := logoset.Build(t.Context(), dir, icons, logoset.Options{Brands: 1, Bystanders: 1, Strangers: 3, Seed: seed}); err != nil {
			t.Fatal(err)
		}
		return files(t, dir)
	}
	set := build(7)
	if diff := cmp.Diff(set, build(7)); diff != "" {
		t.Errorf("the same seed gave another set:\n%.600s", diff)
	}
	if cmp.Equal(set, build(8)) {
		t.Error("another seed gave the same set")
	}
	half := map[string]string{}
	for _, h := range []string{"development", "test"} {
		lines := strings.Split(strings.TrimSpace(set[h+"/labels.tsv"]), "\n")
		kinds := map[string]int{}
		for _, line := range lines {
			field := strings.Split(line, "\t")
			kinds[field[2]]++
			if other := half[field[3]]; other != "" && other != h {
				t.Errorf("%s is in both halves", field[3])
			}
			half[field[3]] = h
			if field[1] != "-" && set[h+"/refs/"+field[1]+".svg"] == "" {
				t.Errorf("%s: no reference %s", h, field[1])
			}
			if strings.HasPrefix(field[2], "neg_") != (field[1] == "-") {
				t.Errorf("%s: kind and reference disagree: %s", h, line)
			}
		}
		if kinds["mirror"] != 1 || kinds["neg_base"] != 3 {
			t.Errorf("%s: %d mirrored and %d unrelated logos, want 1 and 3", h, kinds["mirror"], kinds["neg_base"])
		}
	}
}

// TestKinds guards that each kind can be made of some logo, that what is made
// can be drawn, and that it differs from the reference.
func TestKinds(t *testing.T) {
	dir := t.TempDir()
	if err := logoset.Build(t.Context(), dir, stars(t, 60), logoset.Options{Brands: 6, Bystanders: 1, Strangers: 1, Seed: 3}); err != nil {
		t.Fatal(err)
	}
	set := files(t, filepath.Join(dir, "development"))
	made := map[string]int{}
	for _, line := range strings.Split(strings.TrimSpace(set["labels.tsv"]), "\n") {
		field := strings.Split(line, "\t")
		svg, ok := set["queries/"+field[0]+".svg"]
		if !ok || field[1] == "-" {
			made[field[2]]++
			continue
		}
		p, err := raster.Render([]byte(svg), raster.Options{Size: 64})
		if err != nil {
			t.Errorf("%s: %v", field[2], err)
			continue
		}
		if p.Width != p.Height || len(p.Undrawn) > 0 {
			t.Errorf("%s: %g×%g, not drawn: %v, want a square drawn whole", field[2], p.Width, p.Height, p.Undrawn)
		}
		if svg != set["refs/"+field[1]+".svg"] {
			made[field[2]]++
		}
	}
	for _, kind := range logoset.Kinds() {
		if made[kind] == 0 {
			t.Errorf("no logo was changed as %s", kind)
		}
	}
}

// TestChromium guards that a sheet is cut where its icons stand. It needs the browser.
func TestChromium(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	dir := t.TempDir()
	icons := []logoset.Icon{
		{Package: "x", Name: "left", SVG: []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="256" height="128" viewBox="0 0 2 1"><path fill="#f00" d="M0 0h1v1H0z"/></svg>`)},
		{Package: "x", Name: "broken", SVG: []byte(`<svg width="256" height="256"`)},
		{Package: "x", Name: "right", SVG: []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="200" height="256" viewBox="0 0 2 2"><path fill="#00f" d="M1 0h1v2H1z"/></svg>`)},
	}
	if err := logoset.Write(dir, icons); err != nil {
		t.Fatal(err)
	}
	var svgs []string
	for _, i := range icons {
		svgs = append(svgs, filepath.Join(dir, i.ID()+".svg"))
	}
	refused, err := logoset.Chromium(t.Context(), "chromium", svgs, dir)
	if err != nil && strings.Contains(err.Error(), "apt-get install chromium") {
		t.Skip(err)
	} else if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{svgs[1]}, refused); diff != "" {
		t.Errorf("refused (-want +got):\n%s", diff)
	}
	for name, want := range map[string][3]int{"x-left": {256, 128, 0xff0000}, "x-right": {200, 256, 0xffffff}} {
		f, err := os.Open(filepath.Join(dir, name+".png"))
		if err != nil {
			t.Fatal(err)
		}
		m, err := png.Decode(f)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		r, g, b, _ := m.At(20, 60).RGBA()
		got := [3]int{m.Bounds().Dx(), m.Bounds().Dy(), int(r>>8<<16 | g>>8<<8 | b>>8)}
		if got != want {
			t.Errorf("%s: width, height and the colour on the left = %x, want %x", name, got, want)
		}
	}
}
