package demo_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"

	"markwatch/internal/demo"
)

// logos are all logos of a world, by whose they are.
func logos(w *demo.World) map[string][][]byte {
	out := map[string][][]byte{}
	for _, o := range w.Organisations {
		for _, m := range o.Marks {
			out[o.Key] = append(out[o.Key], m.Logo)
			if m.EarlierLogo != nil {
				out[o.Key] = append(out[o.Key], m.EarlierLogo)
			}
		}
	}
	return out
}

func TestLogosAreTinyPS(t *testing.T) {
	least, most := 1<<20, 0
	for key, list := range logos(demo.NewWorld(1)) {
		for _, svg := range list {
			least, most = min(least, len(svg)), max(most, len(svg))
			if err := tinyPS(svg); err != nil {
				t.Errorf("%s: %v\n%s", key, err, svg)
			}
		}
	}
	if least > 500 || most < 10_000 || most > 32_000 {
		t.Errorf("sizes go from %d to %d bytes, want small and large ones up to 32,000", least, most)
	}
}

// tinyPS checks what the profile asks of a logo.
func tinyPS(svg []byte) error {
	dec := xml.NewDecoder(bytes.NewReader(svg))
	title, drawn := "", 0
	for {
		tok, err := dec.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		e, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		switch e.Name.Local {
		case "svg":
			if err := root(e); err != nil {
				return err
			}
		case "title":
			if err := dec.DecodeElement(&title, &e); err != nil {
				return err
			}
		case "path", "circle", "rect":
			drawn++
			if err := finite(e); err != nil {
				return err
			}
		case "defs", "linearGradient", "stop":
		default:
			return errors.New("element " + e.Name.Local + " isn't of the profile")
		}
	}
	if title == "" || len(title) > 64 {
		return errors.New("title: " + title)
	}
	if drawn < 2 {
		return errors.New("nothing is drawn")
	}
	return nil
}

// root checks the attributes of the svg element.
func root(e xml.StartElement) error {
	got := map[string]string{}
	for _, a := range e.Attr {
		got[a.Name.Local] = a.Value
	}
	box := strings.Fields(got["viewBox"])
	if got["baseProfile"] != "tiny-ps" || got["version"] != "1.2" || len(box) != 4 || box[2] != box[3] || got["x"]+got["y"] != "" {
		return errors.New("root element isn't of the profile")
	}
	return nil
}

// finite checks that path data are the commands and numbers of SVG Tiny.
func finite(e xml.StartElement) error {
	data := regexp.MustCompile(`^([MLQC]-?[\d.]+( -?[\d.]+)+|Z)+$`)
	for _, a := range e.Attr {
		if a.Name.Local == "d" && !data.MatchString(a.Value) {
			return errors.New("path data: " + a.Value)
		}
		if strings.Contains(a.Value, "NaN") || strings.Contains(a.Value, "Inf") {
			return errors.New(a.Name.Local + "=" + a.Value)
		}
	}
	return nil
}

func TestLogosAreUnique(t *testing.T) {
	w := demo.NewWorld(1)
	title := regexp.MustCompile(`<title>.*</title>`)
	owners := map[string]string{}
	for _, o := range w.Organisations {
		for _, m := range o.Marks {
			for _, svg := range [][]byte{m.Logo, m.EarlierLogo} {
				if svg == nil {
					continue
				}
				drawing := string(title.ReplaceAll(svg, nil))
				other, ok := owners[drawing]
				if ok && other != o.Key && !(other == "voltmarsch" && o.Key == "voltmarschnetz") && !(other == "zirbelton" && o.Key == "vastipolk") {
					t.Errorf("%s has the logo of %s", o.Key, other)
				}
				owners[drawing] = o.Key
			}
		}
	}
	if len(owners) < 80 {
		t.Errorf("got %d different drawings, want 80 or more", len(owners))
	}
}
