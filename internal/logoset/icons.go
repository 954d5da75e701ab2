// Package logoset makes sets of logos to measure the matcher with: the icons of
// npm packages that anyone can have (package.json beside this file), Chromium's
// pictures of them, and variants of them as impersonators make them. The icons
// are in the Iconify JSON format (IconifyJSON of @iconify/types); nothing of
// them is part of markwatch.
package logoset

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Longer is the longer side of an icon in pixels, wherever one is drawn here.
const Longer = 256

// Package names an icon package and how many of its icons are taken.
type Package struct {
	Name string // below @iconify-json
	Take int    // at most this many, chosen by a hash of their names; 0 is all
}

// Packages returns the packages of package.json. Single-colour icons drawn on one
// grid are much alike to a rasteriser, so that a part of them is enough.
func Packages() []Package {
	return []Package{{"devicon", 0}, {"logos", 0}, {"skill-icons", 0}, {"simple-icons", 1000}, {"token-branded", 534}}
}

// Icon is one logo of a package.
type Icon struct {
	Package, Name string
	SVG           []byte
}

// ID names the icon among all packages, and is fit for a file's name.
func (i Icon) ID() string { return i.Package + "-" + i.Name }

// Brand is the first word of the icon's name: icons that share it are of one
// owner (or of one product in several dresses), so that finding one for another
// is no fault.
func (i Icon) Brand() string {
	brand, _, _ := strings.Cut(strings.ToLower(i.Name), "-")
	return strings.TrimRight(brand, "0123456789")
}

// collection is what is read of an IconifyJSON file.
type collection struct {
	Width, Height float64
	Icons         map[string]struct {
		Body                     string
		Width, Height, Left, Top float64
	}
}

// Icons reads the icons of the packages installed in nodeModules, sorted by ID.
// Icons with the same drawing are taken once.
func Icons(nodeModules string, packages []Package) ([]Icon, error) {
	var all []Icon
	seen := map[string]bool{}
	for _, p := range packages {
		icons, err := readPackage(nodeModules, p)
		if err != nil {
			return nil, err
		}
		for _, icon := range icons {
			if !seen[string(icon.SVG)] {
				seen[string(icon.SVG)] = true
				all = append(all, icon)
			}
		}
	}
	slices.SortFunc(all, func(a, b Icon) int { return strings.Compare(a.ID(), b.ID()) })
	return all, nil
}

func readPackage(nodeModules string, p Package) ([]Icon, error) {
	file := filepath.Join(nodeModules, "@iconify-json", p.Name, "icons.json")
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading the icons of %s (run npm install in internal/logoset first): %w", p.Name, err)
	}
	var c collection
	if err := json.Unmarshal(data, &c); err != nil {
		return nil, fmt.Errorf("reading %s: %w", file, err)
	}
	var icons []Icon
	for _, name := range choose(slices.Collect(maps.Keys(c.Icons)), p.Take) {
		i := c.Icons[name]
		// IconifyJSON's defaults: the collection's size, else 16.
		w := cmp.Or(i.Width, c.Width, 16)
		h := cmp.Or(i.Height, c.Height, 16)
		icons = append(icons, Icon{Package: p.Name, Name: name, SVG: document(i.Body, i.Left, i.Top, w, h)})
	}
	return icons, nil
}

// choose returns take of the names by a hash of each, so that a new release of
// a package changes few of them.
func choose(names []string, take int) []string {
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(hashOf(a), hashOf(b)), strings.Compare(a, b))
	})
	if take > 0 && take < len(names) {
		names = names[:take]
	}
	return names
}

func hashOf(s string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s))
	// FNV's high bits hardly depend on the last letters: mix them.
	x := h.Sum64()
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	return x
}

// document wraps an icon's body in a root of whole pixels, so that every
// renderer agrees about its size: the longer side is Longer, the other rounded.
func document(body string, left, top, w, h float64) []byte {
	scale := Longer / max(w, h)
	pw, ph := max(1, math.Round(w*scale)), max(1, math.Round(h*scale))
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="%g" height="%g" viewBox="%g %g %g %g">%s</svg>`,
		pw, ph, left, top, w, h, body)
}

// Write writes each icon to dir as ID.svg. Files that are so already are left
// alone, so that what was made of them can be told to be newer.
func Write(dir string, icons []Icon) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("writing icons: %w", err)
	}
	for _, i := range icons {
		file := filepath.Join(dir, i.ID()+".svg")
		if there, err := os.ReadFile(file); err == nil && bytes.Equal(there, i.SVG) {
			continue
		}
		if err := os.WriteFile(file, i.SVG, 0o644); err != nil {
			return fmt.Errorf("writing icons: %w", err)
		}
	}
	return nil
}
