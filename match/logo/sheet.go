package logo

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// A Tile is a logo on a contact sheet with its caption, a line each.
type Tile struct {
	Image   image.Image
	Caption []string
}

const (
	tileSide  = 160
	tileGap   = 16
	lineSkip  = 16
	maxTiles  = 200
	perRow    = 5
	typeSize  = 12
	dotsAnEm  = 72
	lineLimit = 28 // characters
)

// ContactSheet writes a PNG: the query at the left, the nearest to its right with their captions.
func ContactSheet(w io.Writer, query Tile, nearest []Tile) error {
	nearest = nearest[:min(len(nearest), maxTiles)]
	face, err := captionFace()
	if err != nil {
		return err
	}
	lines := len(query.Caption)
	for _, t := range nearest {
		lines = max(lines, len(t.Caption))
	}
	rows := max(1, (len(nearest)+perRow-1)/perRow)
	columns := 1 + min(perRow, len(nearest))
	high := tileSide + lineSkip*lines + 2*tileGap
	sheet := image.NewRGBA(image.Rect(0, 0, columns*(tileSide+tileGap)+tileGap, rows*high+tileGap))
	draw.Draw(sheet, sheet.Rect, image.White, image.Point{}, draw.Src)
	query.put(sheet, face, tileGap, tileGap)
	for i, t := range nearest {
		t.put(sheet, face, tileGap+(1+i%perRow)*(tileSide+tileGap), tileGap+i/perRow*high)
	}
	if err := png.Encode(w, sheet); err != nil {
		return fmt.Errorf("writing the contact sheet: %w", err)
	}
	return nil
}

// captionFace is the type of captions.
func captionFace() (font.Face, error) {
	f, err := opentype.Parse(goregular.TTF)
	if err != nil {
		return nil, fmt.Errorf("reading the captions' font: %w", err)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: typeSize, DPI: dotsAnEm})
	if err != nil {
		return nil, fmt.Errorf("reading the captions' font: %w", err)
	}
	return face, nil
}

// put draws a tile with its upper left corner at (x, y).
func (t Tile) put(sheet *image.RGBA, face font.Face, x, y int) {
	border := image.Rect(x-1, y-1, x+tileSide+1, y+tileSide+1)
	draw.Draw(sheet, border, image.NewUniform(color.Gray{0xd0}), image.Point{}, draw.Src)
	inner := border.Inset(1)
	draw.Draw(sheet, inner, image.White, image.Point{}, draw.Src)
	if t.Image != nil && !t.Image.Bounds().Empty() {
		m := scaleTo(asRGBA(t.Image), tileSide)
		at := image.Pt(x+(tileSide-m.Rect.Dx())/2, y+(tileSide-m.Rect.Dy())/2)
		draw.Draw(sheet, m.Rect.Add(at), m, image.Point{}, draw.Over)
	}
	for n, line := range t.Caption {
		if r := []rune(line); len(r) > lineLimit {
			line = string(r[:lineLimit-1]) + "…"
		}
		pen := font.Drawer{Dst: sheet, Src: image.Black, Face: face, Dot: fixed.P(x, y+tileSide+(n+1)*lineSkip)}
		pen.DrawString(line)
	}
}
