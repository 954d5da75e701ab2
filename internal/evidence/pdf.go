package evidence

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
)

// Measures of the report's pages, in millimetres and points.
const (
	margin     = 20.0
	textWidth  = 170.0
	nameWidth  = 38.0
	lineHeight = 4.6
	logoWidth  = 80.0
	textSize   = 9.5
	monoSize   = 8.0
)

// What of a certificate is printed: report.txt has the rest.
const (
	maxRunes = 2000 // of a value
	maxRows  = 150  // of a table
)

// pagesMark is where the number of pages goes, when it is known: what no name
// holds as it is printed.
const pagesMark = "\x01\x02"

// printer prints a report as PDF.
type printer struct {
	pdf    *fpdf.Fpdf
	faces  []*sfnt.Font // all that are printed with: a character must be in each
	buffer sfnt.Buffer
	widths map[int]bool // of the pictures so far: the library sorts by them, and by nothing else
	missed bool         // a character was written as its code point for want of a glyph
}

// pdf prints the report. The same report gives the same bytes.
func (r *report) pdf(c *Case, at time.Time) ([]byte, error) {
	p, err := newPrinter(at)
	if err != nil {
		return nil, err
	}
	p.running("Evidence: issuance "+c.Found.TBSSHA256, p.shown(c.Program)+", as of "+moment(at))
	p.pdf.AddPage()
	p.pdf.SetFont("go", "B", 15)
	p.pdf.MultiCell(textWidth, 7, r.title, "", "L", false)
	p.paragraph(r.subtitle)
	if r.beyond(p) {
		p.paragraph("Characters that steer text or that the font of this report doesn't have are written as a backslash, the letter u and their code point; a backslash is written twice. The file report.txt of the same pack has those of other scripts as they are.")
	}
	for _, s := range r.sections {
		p.heading(s.heading)
		for _, b := range s.blocks {
			p.block(r, b)
		}
	}
	var out bytes.Buffer
	if err := p.pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("printing the report: %w", err)
	}
	return out.Bytes(), nil
}

// newPrinter makes an empty document, dated.
func newPrinter(at time.Time) (*printer, error) {
	p := &printer{pdf: fpdf.New("P", "mm", "A4", ""), widths: map[int]bool{}}
	for _, f := range []struct {
		family, style string
		ttf           []byte
	}{{"go", "", goregular.TTF}, {"go", "B", gobold.TTF}, {"mono", "", gomono.TTF}} {
		p.pdf.AddUTF8FontFromBytes(f.family, f.style, bytes.Clone(f.ttf)) // the library writes into it
		face, err := sfnt.Parse(f.ttf)
		if err != nil {
			return nil, fmt.Errorf("reading the report's font: %w", err)
		}
		p.faces = append(p.faces, face)
	}
	p.pdf.SetMargins(margin, margin, margin)
	p.pdf.SetAutoPageBreak(true, margin)
	p.pdf.SetCatalogSort(true)
	p.pdf.SetCreationDate(clamp(at))
	p.pdf.SetModificationDate(clamp(at))
	p.pdf.SetTitle("Evidence of a mark certificate in a Certificate Transparency log", true)
	p.pdf.SetCreator("markwatch", true)
	p.pdf.SetLang("en")
	p.pdf.AliasNbPages(pagesMark)
	return p, nil
}

// running sets what stands at the head and foot of each page.
func (p *printer) running(head, foot string) {
	line := func(y float64, left, right string) {
		p.pdf.SetXY(margin, y)
		p.pdf.SetFont("go", "", 7.5)
		p.pdf.CellFormat(textWidth-25, 4, left, "", 0, "L", false, 0, "")
		p.pdf.CellFormat(25, 4, right, "", 0, "R", false, 0, "")
	}
	p.pdf.SetHeaderFuncMode(func() { line(10, head, "") }, true)
	p.pdf.SetFooterFunc(func() { line(-13, foot, fmt.Sprintf("page %d of %s", p.pdf.PageNo(), pagesMark)) })
}

// shown writes a text with the characters that the fonts have.
func (p *printer) shown(s string) string {
	return escaped(s, func(r rune) bool {
		if r > 0xffff || r < ' ' {
			return false
		}
		for _, f := range p.faces {
			if i, err := f.GlyphIndex(&p.buffer, r); err != nil || i == 0 {
				p.missed = true
				return false
			}
		}
		return printable(string(r)) == string(r)
	})
}

// beyond tells whether the report has characters that the fonts don't have.
func (r *report) beyond(p *printer) bool {
	p.shown(r.captions[0] + r.captions[1])
	for _, s := range r.sections {
		for _, b := range s.blocks {
			p.value(b.text)
			for _, row := range b.rows {
				p.value(row.value)
			}
		}
	}
	return p.missed
}

// value is a text as it is printed, cut off where it is long.
func (p *printer) value(s string) string {
	if len(s) <= maxRunes {
		return p.shown(s)
	}
	all := []rune(s)
	if len(all) <= maxRunes {
		return p.shown(s)
	}
	return p.shown(string(all[:maxRunes])) + fmt.Sprintf(" … (cut off: %d characters in all; whole in report.txt)", len(all))
}

func (p *printer) heading(text string) {
	if _, height := p.pdf.GetPageSize(); p.pdf.GetY() > height-2*margin-10 {
		p.pdf.AddPage()
	}
	p.pdf.Ln(4)
	p.pdf.SetFont("go", "B", 11)
	p.pdf.MultiCell(textWidth, 5.5, p.shown(text), "B", "L", false)
	p.pdf.Ln(1.5)
}

func (p *printer) paragraph(text string) {
	p.pdf.SetFont("go", "", textSize)
	for _, line := range p.pdf.SplitText(p.value(text), textWidth) {
		p.pdf.CellFormat(textWidth, lineHeight+0.2, line, "", 1, "L", false, 0, "")
	}
	p.pdf.Ln(1.5)
}

func (p *printer) block(r *report, b block) {
	if b.text != "" {
		p.paragraph(b.text)
	}
	if b.logos {
		p.logos(r)
	}
	for n, row := range b.rows {
		if n == maxRows {
			p.paragraph(fmt.Sprintf("… and %d more lines, which are in report.txt.", len(b.rows)-maxRows))
			break
		}
		p.row(row)
	}
	p.pdf.Ln(1)
}

// row prints a line of a table; a long value goes on below itself.
func (p *printer) row(r row) {
	if r.value == "" {
		return
	}
	family, size, link := "go", textSize, ""
	if r.mono {
		family, size = "mono", monoSize
	}
	if r.link {
		link = r.value
	}
	p.pdf.SetFont(family, "", size)
	lines := p.pdf.SplitText(p.value(r.value), textWidth-nameWidth)
	name := p.shown(r.name)
	for _, line := range lines {
		p.pdf.SetFont("go", "", 8.5)
		p.pdf.CellFormat(nameWidth, lineHeight, name, "", 0, "L", false, 0, "")
		p.pdf.SetFont(family, "", size)
		p.pdf.CellFormat(textWidth-nameWidth, lineHeight, line, "", 1, "L", false, 0, link)
		name = ""
	}
}

// logos prints the logos side by side at the same size: on white, and where one
// has transparent parts once more on grey.
func (p *printer) logos(r *report) {
	p.logoRow(r.pictures, color.White, logoWidth)
	p.pdf.SetFont("go", "", 8.5)
	for n, drawn := range [2]picture{r.pictures.found, r.pictures.other} {
		if drawn.sha256 != "" {
			side := [2]string{"Left: ", "Right: "}[n]
			p.paragraph(side + r.captions[n])
		}
	}
	if transparent(r.pictures.found.image) || transparent(r.pictures.other.image) {
		p.paragraph("The same on grey, where transparent parts show:")
		p.logoRow(r.pictures, color.Gray{0x90}, logoWidth/2)
	}
}

// logoRow prints both logos in frames of this size.
func (p *printer) logoRow(both *pictures, ground color.Color, size float64) {
	p.keep(size + 4*lineHeight)
	y := p.pdf.GetY() + 1
	for n, drawn := range [2]picture{both.found, both.other} {
		if drawn.sha256 == "" {
			continue
		}
		x := margin + float64(n)*(size+textWidth-2*logoWidth)
		r, g, b, _ := ground.RGBA()
		p.pdf.SetFillColor(int(r>>8), int(g>>8), int(b>>8))
		p.pdf.Rect(x, y, size, size, "F")
		if drawn.image == nil {
			p.pdf.SetXY(x, y+size/2)
			p.pdf.SetFont("go", "", textSize)
			p.pdf.CellFormat(size, lineHeight, "not drawn", "", 0, "C", false, 0, "")
		} else {
			p.picture(drawn.image, ground, x, y, size)
		}
		p.pdf.SetDrawColor(0x80, 0x80, 0x80)
		p.pdf.Rect(x, y, size, size, "D")
	}
	p.pdf.SetXY(margin, y+size+2)
}

// picture prints a picture as large as fits into a square of its ground.
func (p *printer) picture(m image.Image, ground color.Color, x, y, size float64) {
	width, height := m.Bounds().Dx(), m.Bounds().Dy()
	for p.widths[width] {
		width++
	}
	p.widths[width] = true
	name, options := fmt.Sprint("picture of width ", width), fpdf.ImageOptions{ImageType: "PNG"}
	p.pdf.RegisterImageOptionsReader(name, options, bytes.NewReader(flat(m, width, ground)))
	scale := size / float64(max(width, height))
	w, h := float64(width)*scale, float64(height)*scale
	p.pdf.ImageOptions(name, x+(size-w)/2, y+(size-h)/2, w, h, false, options, 0, "")
}

// keep begins a page where less than so much height is left.
func (p *printer) keep(height float64) {
	if _, page := p.pdf.GetPageSize(); p.pdf.GetY()+height > page-margin {
		p.pdf.AddPage()
	}
}

func transparent(m image.Image) bool {
	if m == nil {
		return false
	}
	o, ok := m.(interface{ Opaque() bool })
	return ok && !o.Opaque()
}

// flat is a picture on a ground of this width, as PNG.
func flat(m image.Image, width int, ground color.Color) []byte {
	b := m.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, width, b.Dy()))
	draw.Draw(out, out.Bounds(), image.NewUniform(ground), image.Point{}, draw.Src)
	draw.Draw(out, image.Rect(0, 0, b.Dx(), b.Dy()), m, b.Min, draw.Over)
	var data bytes.Buffer
	if err := png.Encode(&data, out); err != nil { // a picture with pixels, into memory
		return nil
	}
	return data.Bytes()
}
