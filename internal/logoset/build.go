package logoset

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"
)

// Options say how large a set is.
type Options struct {
	Brands     int    // references in each half that are looked up by their variants; 0 is 120
	Bystanders int    // references in each half that nothing is a variant of; 0 is 2 a brand
	Strangers  int    // brands in each half that have no reference; 0 is 2 a brand
	Seed       uint64 // of every choice
}

// Half is a part of a set. Nothing may be chosen by what the test half shows.
type Half int

// The halves.
const (
	Development Half = iota
	Test
)

// String returns the name of the half's folder.
func (h Half) String() string { return [...]string{"development", "test"}[h] }

// HalfOf says which half a brand is in, by a hash of its name alone: it stays
// there whatever else is in the set.
func HalfOf(brand string) Half { return Half(hashOf("half "+brand) >> 40 & 1) }

// strangers are the kinds of variants that are made of brands without a
// reference, so that badges, grounds and borders alone are known to match nothing.
func strangers() []string {
	return []string{"add_border", "add_check", "badge_circle", "badge_ring", "badge_rsquare", "bg_gradient",
		"bg_solid", "invert_dark", "mono_flat", "recolor_hue", "word_below"}
}

// Set is one half, made.
type Set struct {
	References []Picture
	Queries    []Picture
}

// Picture is a file of a set.
type Picture struct {
	ID        string
	Reference string // of a query: the reference that it was made of, or ""
	Kind      string // of a query; neg_ before it where it has no reference
	Mark      Mark
	File      File
}

// Build makes both halves of a set in dir: dir/development and dir/test, each
// with refs/, queries/, labels.tsv (query, reference or -, kind, brand) and
// brands.tsv (brand, icon). The same icons and options give the same files.
func Build(ctx context.Context, dir string, icons []Icon, opts Options) error {
	for _, half := range []Half{Development, Test} {
		set, err := build(ctx, half, icons, opts)
		if err != nil {
			return fmt.Errorf("building the %v half: %w", half, err)
		}
		if err := set.write(filepath.Join(dir, half.String())); err != nil {
			return fmt.Errorf("building the %v half: %w", half, err)
		}
	}
	return nil
}

func build(ctx context.Context, half Half, icons []Icon, opts Options) (Set, error) {
	opts.Brands = cmp.Or(opts.Brands, 120)
	opts.Bystanders = cmp.Or(opts.Bystanders, 2*opts.Brands)
	opts.Strangers = cmp.Or(opts.Strangers, 2*opts.Brands)
	refs := opts.Brands + opts.Bystanders
	marks, err := pick(half, icons, refs+opts.Strangers, opts.Seed)
	if err != nil {
		return Set{}, err
	}
	if len(marks) < refs+opts.Strangers {
		return Set{}, fmt.Errorf("there are %d brands to choose from, not %d", len(marks), refs+opts.Strangers)
	}
	queries := make([][]Picture, len(marks))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, m := range marks {
		g.Go(func() error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			var err error
			switch {
			case i < opts.Brands:
				queries[i], err = variantsOf(m, brandID(i), opts.Seed)
			case i >= refs:
				queries[i], err = dressed(m, opts.Seed)
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return Set{}, err
	}
	var s Set
	for i, m := range marks[:refs] {
		s.References = append(s.References, Picture{ID: brandID(i), Mark: m, File: File{m.Reference(), ".svg"}})
	}
	for i, q := range slices.Concat(queries...) {
		q.ID = fmt.Sprintf("q%06d", i)
		s.Queries = append(s.Queries, q)
	}
	return s, nil
}

func brandID(i int) string { return fmt.Sprintf("b%04d", i) }

// dressed makes queries of a mark that has no reference: itself and two kinds.
func dressed(m Mark, seed uint64) ([]Picture, error) {
	out := []Picture{{Kind: "neg_base", Mark: m, File: File{m.Reference(), ".svg"}}}
	names, r := strangers(), source(seed, m.Name, "stranger")
	for range 2 {
		name := names[r.IntN(len(names))]
		f, ok, err := m.Variant(name, seed)
		if err != nil {
			return nil, fmt.Errorf("%s of %s: %w", name, m.Name, err)
		}
		if ok {
			out = append(out, Picture{Kind: "neg_" + name, Mark: m, File: f})
		}
	}
	return out, nil
}

// variantsOf makes every kind that can be made of a mark.
func variantsOf(m Mark, id string, seed uint64) ([]Picture, error) {
	var out []Picture
	for _, name := range Kinds() {
		f, ok, err := m.Variant(name, seed)
		if err != nil {
			return nil, fmt.Errorf("%s of %s: %w", name, m.Name, err)
		}
		if ok {
			out = append(out, Picture{Reference: id, Kind: name, Mark: m, File: f})
		}
	}
	return out, nil
}

// pick lays out up to n icons of a half, one of each brand, in an order by hash,
// and leaves out what looks like one that was picked already: the same logo
// under two names.
func pick(half Half, icons []Icon, n int, seed uint64) ([]Mark, error) {
	icons = slices.Clone(icons)
	order := func(i Icon) uint64 { return hashOf(fmt.Sprint(seed, i.ID())) }
	slices.SortFunc(icons, func(a, b Icon) int {
		return cmp.Or(cmp.Compare(order(a), order(b)), strings.Compare(a.ID(), b.ID()))
	})
	var marks []Mark
	var looks [][]float64
	seen := map[string]bool{}
	for _, i := range icons {
		if len(marks) == n {
			break
		}
		if HalfOf(i.Brand()) != half || seen[i.Brand()] {
			continue
		}
		m, err := newMark(i, seed)
		if errors.Is(err, errUnfit) {
			continue
		} else if err != nil {
			return nil, err
		}
		look, err := m.look()
		if err != nil || slices.ContainsFunc(looks, func(l []float64) bool { return math.Abs(dot(l, look)) > 0.97 }) {
			continue
		}
		seen[i.Brand()] = true
		marks, looks = append(marks, m), append(looks, look)
	}
	return marks, nil
}

// look is the mark's picture as 16×16 luma values of length 1 and mean 0.
func (m Mark) look() ([]float64, error) {
	s := m.scene()
	s.place = m.within(canvas/2, canvas/2, 1)
	p, err := onWhite(m.svg(s), 64)
	if err != nil {
		return nil, err
	}
	v := make([]float64, 256)
	var mean float64
	for i := 0; i < len(p.Pix); i += 4 {
		x, y := i/4%64/4, i/4/64/4
		v[16*y+x] += at(p.Pix, i).luma()
		mean += at(p.Pix, i).luma() / 256
	}
	for i := range v {
		v[i] -= mean
	}
	length := math.Sqrt(dot(v, v))
	for i := range v {
		v[i] /= max(length, 1e-9)
	}
	return v, nil
}

func dot(a, b []float64) float64 {
	var sum float64
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}

// write replaces what was in dir.
func (s Set) write(dir string) error {
	for _, sub := range []string{"refs", "queries"} {
		if err := os.RemoveAll(filepath.Join(dir, sub)); err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil {
			return err
		}
	}
	var brands, labels strings.Builder
	for _, p := range s.References {
		fmt.Fprintf(&brands, "%s\t%s\n", p.ID, p.Mark.Name)
		if err := os.WriteFile(filepath.Join(dir, "refs", p.ID+p.File.Ext), p.File.Data, 0o644); err != nil {
			return err
		}
	}
	for _, q := range s.Queries {
		fmt.Fprintf(&labels, "%s\t%s\t%s\t%s\n", q.ID, cmp.Or(q.Reference, "-"), q.Kind, q.Mark.Name)
		if err := os.WriteFile(filepath.Join(dir, "queries", q.ID+q.File.Ext), q.File.Data, 0o644); err != nil {
			return err
		}
	}
	return errors.Join(
		os.WriteFile(filepath.Join(dir, "brands.tsv"), []byte(brands.String()), 0o644),
		os.WriteFile(filepath.Join(dir, "labels.tsv"), []byte(labels.String()), 0o644))
}
