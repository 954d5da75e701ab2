package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	xdraw "golang.org/x/image/draw"

	"markwatch/internal/demo"
	"markwatch/internal/logoset"
	"markwatch/match/logo"
)

// two is a pair of logos as docs/matching.md shows it.
type two struct {
	name        string // of the owner and the kind of change, or of the other
	kind        string
	left, right *image.RGBA
	got         logo.Comparison
}

// pictures draws what docs/matching.md shows: the demo's invented logos and
// variants of them, those that are found and those that are missed.
func pictures(_ context.Context, args []string) error {
	f := flag.NewFlagSet("pictures", flag.ExitOnError)
	dir := f.String("o", "docs", "folder of the pictures")
	seed := f.Uint64("seed", 1, "of every choice")
	_ = f.Parse(args)
	marks, err := inventedMarks()
	if err != nil {
		return err
	}
	found, missed, wrong, err := inventedPairs(marks, *seed)
	if err != nil {
		return err
	}
	return errors.Join(
		writeSheet(filepath.Join(*dir, "matching-found.png"), found),
		writeSheet(filepath.Join(*dir, "matching-missed.png"), missed),
		writeSheet(filepath.Join(*dir, "matching-unrelated.png"), wrong))
}

// inventedMarks are the first logos of the demo's honest organisations.
func inventedMarks() ([]logoset.Mark, error) {
	var marks []logoset.Mark
	for _, o := range demo.NewWorld(1).Organisations {
		if o.Impostor || len(o.Marks) == 0 {
			continue
		}
		m, err := logoset.NewMark(o.Key, o.Marks[0].Logo)
		if err != nil {
			return nil, err
		}
		marks = append(marks, m)
	}
	return marks, nil
}

// inventedPairs compares each mark with its variants and with the others, and
// takes some of each kind of outcome: of the found the closest of a kind, of the
// missed the farthest, of the unrelated the closest.
func inventedPairs(marks []logoset.Mark, seed uint64) (found, missed, wrong []two, err error) {
	var owned []described
	for _, m := range marks {
		d, err := describeSVG(m.Name, m.Reference())
		if err != nil {
			return nil, nil, nil, err
		}
		owned = append(owned, d)
	}
	for i, m := range marks {
		for _, kind := range logoset.Kinds() {
			p, ok, err := changed(m, owned[i], kind, seed)
			if err != nil {
				return nil, nil, nil, err
			}
			switch {
			case !ok:
			case p.got.Verdict == logo.None:
				missed = append(missed, p)
			default:
				found = append(found, p)
			}
		}
		for j, other := range marks[:i] {
			if owned[i].descriptor != nil && owned[j].descriptor != nil {
				got := logo.Compare(owned[i].descriptor, owned[j].descriptor)
				wrong = append(wrong, two{m.Name, other.Name, draws(m.Reference()), draws(other.Reference()), got})
			}
		}
	}
	byScore := func(a, b two) int {
		return cmp.Or(cmp.Compare(b.got.Score, a.got.Score), cmp.Compare(a.name+a.kind, b.name+b.kind))
	}
	slices.SortFunc(wrong, byScore)
	slices.SortFunc(found, byScore)
	slices.SortFunc(missed, func(a, b two) int { return -byScore(a, b) })
	return various(found, 16), various(missed, 16), wrong[:min(8, len(wrong))], nil
}

// changed compares a mark with a variant of it.
func changed(m logoset.Mark, owner described, kind string, seed uint64) (two, bool, error) {
	f, ok, err := m.Variant(kind, seed)
	if err != nil || !ok || owner.descriptor == nil {
		return two{}, false, err
	}
	p, err := logo.Decode(f.Data)
	if err != nil {
		return two{}, false, fmt.Errorf("%s of %s: %w", kind, m.Name, err)
	}
	d, err := logo.Describe(p.Image)
	var plain *logo.PlainError
	if errors.As(err, &plain) {
		return two{}, false, nil
	} else if err != nil {
		return two{}, false, fmt.Errorf("%s of %s: %w", kind, m.Name, err)
	}
	return two{m.Name, kind, draws(m.Reference()), onWhite(p.Image), logo.Compare(owner.descriptor, d)}, true, nil
}

// various takes up to n pairs in order, one of each kind, and each logo at most twice.
func various(all []two, n int) []two {
	var out []two
	kinds, names := map[string]bool{}, map[string]int{}
	for _, p := range all {
		if len(out) < n && !kinds[p.kind] && names[p.name] < 2 {
			kinds[p.kind] = true
			names[p.name]++
			out = append(out, p)
		}
	}
	return out
}

func describeSVG(name string, svg []byte) (described, error) {
	p, err := logo.Decode(svg)
	if err != nil {
		return described{}, fmt.Errorf("%s: %w", name, err)
	}
	d, err := logo.Describe(p.Image)
	var plain *logo.PlainError
	if err != nil && !errors.As(err, &plain) {
		return described{}, fmt.Errorf("%s: %w", name, err)
	}
	return described{descriptor: d}, nil
}

// draws renders an SVG on white; what was described before can be drawn.
func draws(svg []byte) *image.RGBA {
	p, err := logo.Decode(svg)
	if err != nil {
		return image.NewRGBA(image.Rect(0, 0, 1, 1))
	}
	return onWhite(p.Image)
}

// The sheet's measures in pixels.
const (
	side     = 96
	gap      = 12
	line     = 14
	perRow   = 4
	pairWide = 2*side + 4
)

// writeSheet writes pairs side by side with their captions.
func writeSheet(file string, pairs []two) error {
	font, err := opentype.Parse(goregular.TTF)
	if err != nil {
		return err
	}
	face, err := opentype.NewFace(font, &opentype.FaceOptions{Size: 11, DPI: 72})
	if err != nil {
		return err
	}
	rows := (len(pairs) + perRow - 1) / perRow
	const high = side + 2*line + gap
	sheet := image.NewRGBA(image.Rect(0, 0, perRow*(pairWide+gap)+gap, rows*high+gap))
	draw.Draw(sheet, sheet.Rect, image.White, image.Point{}, draw.Src)
	for i, p := range pairs {
		x, y := gap+i%perRow*(pairWide+gap), gap+i/perRow*high
		for j, m := range []*image.RGBA{p.left, p.right} {
			frame := image.Rect(0, 0, side, side).Add(image.Pt(x+j*(side+4), y))
			draw.Draw(sheet, frame.Inset(-1), image.NewUniform(color.Gray{0xcc}), image.Point{}, draw.Src)
			xdraw.CatmullRom.Scale(sheet, frame, m, m.Rect, draw.Over, nil)
		}
		write(sheet, face, x, y+side+line-2, p.kind)
		write(sheet, face, x, y+side+2*line-3, fmt.Sprintf("%.2f %v", p.got.Score, p.got.Verdict))
	}
	var b bytes.Buffer
	if err := png.Encode(&b, sheet); err != nil {
		return err
	}
	return os.WriteFile(file, b.Bytes(), 0o644)
}

func write(on draw.Image, face font.Face, x, y int, text string) {
	d := font.Drawer{Dst: on, Src: image.Black, Face: face, Dot: fixed.P(x, y)}
	d.DrawString(text)
}
