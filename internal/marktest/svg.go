package marktest

import (
	"encoding/xml"
	"fmt"
	"math/rand/v2"
	"strings"
)

// SVG draws a small logo in SVG Tiny PS: what a seed draws is always the same, and unlike what
// other seeds draw.
func SVG(title string, seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 0x6d61726b))
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny-ps" viewBox="0 0 512 512">` + "\n<title>")
	if len(title) > 64 {
		title = strings.ToValidUTF8(title[:64], "")
	}
	if err := xml.EscapeText(&b, []byte(title)); err != nil {
		panic("marktest: title: " + err.Error())
	}
	fmt.Fprintf(&b, "</title>\n<rect width=\"512\" height=\"512\" fill=\"%s\"/>\n", colour(r))
	for range 4 + r.IntN(4) {
		shape(&b, r)
	}
	b.WriteString("</svg>\n")
	return []byte(b.String())
}

// shape draws one of the shapes that SVG Tiny has.
func shape(b *strings.Builder, r *rand.Rand) {
	at := func() int { return 40 + r.IntN(432) }
	switch r.IntN(4) {
	case 0:
		fmt.Fprintf(b, "<circle cx=\"%d\" cy=\"%d\" r=\"%d\" fill=\"%s\"/>\n", at(), at(), 30+r.IntN(140), colour(r))
	case 1:
		fmt.Fprintf(b, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>\n", at(), at(), 40+r.IntN(240), 40+r.IntN(240), colour(r))
	case 2:
		fmt.Fprintf(b, "<polygon points=\"%d,%d %d,%d %d,%d\" fill=\"%s\"/>\n", at(), at(), at(), at(), at(), at(), colour(r))
	default:
		fmt.Fprintf(b, "<path d=\"M%d %dC%d %d %d %d %d %dZ\" fill=\"%s\"/>\n", at(), at(), at(), at(), at(), at(), at(), at(), colour(r))
	}
}

// colour is any colour.
func colour(r *rand.Rand) string { return fmt.Sprintf("#%06x", r.IntN(1<<24)) }
