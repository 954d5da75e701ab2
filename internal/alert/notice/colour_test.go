package notice_test

import (
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"markwatch/internal/alert/notice"
	"markwatch/match"
)

// TestPalette guards that whatever colour a client has can be read, by WCAG 2.2.
func TestPalette(t *testing.T) {
	if got := notice.Contrast("#000000", "#ffffff"); math.Abs(got-21) > 0.01 {
		t.Fatalf("black on white has a contrast of %.2f, want 21", got)
	}
	colours := []string{"", "red", "#12345", "#GGGGGG", "url(x)"}
	for r := 0; r <= 255; r += 51 {
		for g := 0; g <= 255; g += 51 {
			for b := 0; b <= 255; b += 51 {
				colours = append(colours, fmt.Sprintf("#%02x%02X%02x", r, g, b))
			}
		}
	}
	for _, colour := range colours {
		p := notice.NewPalette(colour)
		for name, pair := range map[string][2]string{
			"text on white": {string(p.Light), "#ffffff"}, "text on dark": {string(p.Dark), "#1b1e23"}, "button": {string(p.ButtonText), string(p.Button)},
		} {
			if got := notice.Contrast(pair[0], pair[1]); got < 4.5 {
				t.Errorf("%q: %s has a contrast of %.2f", colour, name, got)
			}
		}
	}
	for _, s := range append(match.Severities(), "dire") {
		tint := notice.TintOf(s)
		light, dark := notice.Contrast(string(tint.Ink), string(tint.Ground)), notice.Contrast(string(tint.DarkInk), string(tint.DarkGround))
		if light < 4.5 || dark < 4.5 {
			t.Errorf("%s has contrasts of %.2f and %.2f", s, light, dark)
		}
	}
}

// TestColours guards that the client's colour is the page's, and that no text of
// a watch list gets into the style.
func TestColours(t *testing.T) {
	m := notice.Sample(notice.KindHit)
	r := renderer(t)
	if page, err := r.Page(m); err != nil || !strings.Contains(page, "background:#0b6e6e") {
		t.Errorf("the client's colour is not to be seen: %v", err)
	}
	m.Colour = "red;background:url(https://evil.example)"
	if page, err := r.Page(m); err != nil || strings.Contains(page, "evil") {
		t.Errorf("a colour that is none is written: %v", err)
	}
}

// TestDocs guards that docs/messages.md names what there is.
func TestDocs(t *testing.T) {
	text, err := os.ReadFile("../../../docs/messages.md")
	if err != nil {
		t.Fatal(err)
	}
	names := renderer(t).TemplateNames()
	for _, kind := range kinds() {
		names = append(names, string(kind))
		for _, r := range notice.Syslog(notice.Sample(kind)) {
			names = append(names, r.MsgID)
			for _, p := range r.Data {
				names = append(names, p.Name)
			}
		}
	}
	for _, name := range names {
		if !strings.Contains(string(text), "`"+name+"`") {
			t.Errorf("docs/messages.md does not name `%s`", name)
		}
	}
}
