package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"markwatch/internal/logoset"
	"markwatch/match/raster"
)

// The bar of the rasteriser. fidelity fails under it.
const (
	likeSSIM   = 0.95  // a logo is drawn as Chromium draws it from here on
	likeShare  = 0.999 // of the logos
	likeError  = 0.5   // of 255, the mean of all logos
	likeMedian = 5 * time.Millisecond
)

// drawn is how one logo came out beside Chromium's picture of it.
type drawn struct {
	name, pkg  string
	ssim, diff float64
	took       time.Duration
	undrawn    []string
	err        error
}

func fidelity(_ context.Context, args []string) error {
	var w where
	f := flag.NewFlagSet("fidelity", flag.ExitOnError)
	w.flags(f)
	every := f.Int("every", 1, "measure each n-th logo only")
	sheets := f.String("worst", "", "folder for pictures of the worst 20: ours, Chromium's, the difference")
	_ = f.Parse(args)
	pictures, err := filepath.Glob(filepath.Join(w.pictures(), "*.png"))
	if err != nil {
		return err
	}
	if len(pictures) == 0 {
		return fmt.Errorf("no pictures in %s: run matchbench icons first", w.pictures())
	}
	var all []drawn
	for i := 0; i < len(pictures); i += *every {
		d, err := w.compare(strings.TrimSuffix(filepath.Base(pictures[i]), ".png"))
		if err != nil {
			return err
		}
		all = append(all, d)
	}
	slices.SortStableFunc(all, func(a, b drawn) int { return cmp.Compare(a.ssim, b.ssim) })
	fidelityTable(os.Stdout, all)
	worst(os.Stdout, all)
	if *sheets != "" {
		if err := w.sideBySide(*sheets, all[:min(20, len(all))]); err != nil {
			return err
		}
	}
	return judge(all)
}

// compare draws one logo. What can't be drawn counts as an SSIM of 0.
func (w *where) compare(name string) (drawn, error) {
	d := drawn{name: name, diff: 255}
	for _, p := range logoset.Packages() {
		if strings.HasPrefix(name, p.Name+"-") {
			d.pkg = p.Name
		}
	}
	want, ours, err := w.both(name, &d)
	if err != nil || d.err != nil {
		return d, err
	}
	d.diff = meanError(want, ours)
	d.ssim, err = ssim(want, ours)
	return d, err
}

// both returns Chromium's and our picture; d.err is set where we have none of that size.
func (w *where) both(name string, d *drawn) (want, ours *image.RGBA, err error) {
	svg, err := os.ReadFile(filepath.Join(w.svg(), name+".svg"))
	if err != nil {
		return nil, nil, err
	}
	if want, err = readOnWhite(filepath.Join(w.pictures(), name+".png")); err != nil {
		return nil, nil, err
	}
	start := time.Now()
	p, err := raster.Render(svg, raster.Options{Size: logoset.Longer})
	d.took = time.Since(start)
	if err != nil {
		d.err = err
		return want, nil, nil
	}
	d.undrawn = p.Undrawn
	ours = onWhite(p.Image)
	if ours.Bounds() != want.Bounds() {
		d.err = fmt.Errorf("drawn as %v, not %v", ours.Bounds().Max, want.Bounds().Max)
	}
	return want, ours, nil
}

func readOnWhite(file string) (*image.RGBA, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	m, err := png.Decode(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return onWhite(m), nil
}

// summary is what a group of logos comes to.
type summary struct {
	n, like                      int
	ssim, diff, median, p99, max float64 // times in milliseconds
}

func summarise(group []drawn) summary {
	s := summary{n: len(group)}
	times := make([]float64, 0, len(group))
	for _, d := range group {
		if d.ssim >= likeSSIM {
			s.like++
		}
		s.ssim += d.ssim / float64(len(group))
		s.diff += d.diff / float64(len(group))
		times = append(times, d.took.Seconds()*1000)
	}
	slices.Sort(times)
	s.median, s.p99, s.max = quantile(times, 0.5), quantile(times, 0.99), quantile(times, 1)
	return s
}

// quantile returns the smallest of the sorted values that q of them don't exceed.
func quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[max(0, min(len(sorted)-1, int(math.Ceil(q*float64(len(sorted))))-1))]
}

func fidelityTable(out io.Writer, all []drawn) {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "logos of\tlogos\tSSIM ≥ %.2f\tmean SSIM\tmean error of 255\tmedian ms\tp99 ms\tmax ms\t\n", likeSSIM)
	row := func(name string, group []drawn) {
		s := summarise(group)
		fmt.Fprintf(t, "%s\t%d\t%.3f %%\t%.5f\t%.3f\t%.2f\t%.2f\t%.2f\t\n",
			name, s.n, percent(s.like, s.n), s.ssim, s.diff, s.median, s.p99, s.max)
	}
	for _, p := range logoset.Packages() {
		row(p.Name, filter(all, func(d drawn) bool { return d.pkg == p.Name }))
	}
	row("all", all)
	row("all drawn whole", filter(all, func(d drawn) bool { return d.err == nil && len(d.undrawn) == 0 }))
	t.Flush()
}

func percent(n, of int) float64 {
	if of == 0 {
		return 0
	}
	return 100 * float64(n) / float64(of)
}

func filter[T any](all []T, keep func(T) bool) []T {
	var out []T
	for _, v := range all {
		if keep(v) {
			out = append(out, v)
		}
	}
	return out
}

func worst(out io.Writer, sorted []drawn) {
	fmt.Fprintln(out, "\nthe 20 least alike:")
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, d := range sorted[:min(20, len(sorted))] {
		note := "not drawn: " + strings.Join(d.undrawn, ", ")
		switch {
		case d.err != nil:
			note = d.err.Error()
		case len(d.undrawn) == 0:
			note = ""
		}
		fmt.Fprintf(t, "SSIM %.4f\terror %.3f\t%s\t%s\n", d.ssim, d.diff, d.name, note)
	}
	t.Flush()
}

// judge returns an error that names each part of the bar that isn't met.
func judge(all []drawn) error {
	s := summarise(all)
	var under []error
	if share := float64(s.like) / float64(s.n); share < likeShare {
		under = append(under, fmt.Errorf("%.3f %% of the logos have an SSIM of %.2f, of which the bar is %.1f %%", 100*share, likeSSIM, 100*likeShare))
	}
	if s.diff >= likeError {
		under = append(under, fmt.Errorf("the mean error is %.3f of 255, of which the bar is %.1f", s.diff, likeError))
	}
	if s.median >= likeMedian.Seconds()*1000 {
		under = append(under, fmt.Errorf("the median is %.2f ms, of which the bar is %v", s.median, likeMedian))
	}
	return errors.Join(under...)
}

// sideBySide writes, for each logo, Chromium's picture, ours, and where they differ.
func (w *where) sideBySide(dir string, group []drawn) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for i, d := range group {
		want, ours, err := w.both(d.name, &drawn{})
		if err != nil {
			return err
		}
		size := want.Bounds().Size()
		strip := image.NewRGBA(image.Rect(0, 0, 3*size.X, size.Y))
		draw.Draw(strip, want.Bounds(), want, image.Point{}, draw.Src)
		if ours != nil && ours.Bounds() == want.Bounds() {
			draw.Draw(strip, want.Bounds().Add(image.Pt(size.X, 0)), ours, image.Point{}, draw.Src)
			draw.Draw(strip, want.Bounds().Add(image.Pt(2*size.X, 0)), difference(want, ours), image.Point{}, draw.Src)
		}
		f, err := os.Create(filepath.Join(dir, fmt.Sprintf("%02d-%s.png", i, d.name)))
		if err != nil {
			return err
		}
		if err := errors.Join(png.Encode(f, strip), f.Close()); err != nil {
			return err
		}
	}
	return nil
}

// difference is white where two pictures agree, darker the more they differ.
func difference(a, b *image.RGBA) *image.RGBA {
	out := image.NewRGBA(a.Bounds())
	for i := range out.Pix {
		out.Pix[i] = 255
		if i%4 != 3 {
			out.Pix[i] -= max(a.Pix[i], b.Pix[i]) - min(a.Pix[i], b.Pix[i])
		}
	}
	return out
}
