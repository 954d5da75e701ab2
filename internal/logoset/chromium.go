package logoset

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A sheet is a page of many icons, because Chromium takes a second to start.
// Cells stand apart by a gap, so that none bleeds into another.
const (
	sheetColumns = 16
	sheetRows    = 12
	cell         = Longer + 8
	// Chromium's new headless mode takes its window's frame off the page's height.
	slack = 200
)

// Chromium draws SVG files with the browser prog on white, the longer side
// Longer pixels, and writes ID.png for each ID.svg to dir. A file that the
// browser refuses gets no picture, and is named in refused.
func Chromium(ctx context.Context, prog string, svgs []string, dir string) (refused []string, err error) {
	if _, err := exec.LookPath(prog); err != nil {
		return nil, fmt.Errorf("looking for Chromium (apt-get install chromium): %w", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("drawing with Chromium: %w", err)
	}
	tmp, err := os.MkdirTemp("", "logoset")
	if err != nil {
		return nil, fmt.Errorf("drawing with Chromium: %w", err)
	}
	defer os.RemoveAll(tmp)
	for len(svgs) > 0 {
		n := min(len(svgs), sheetColumns*sheetRows)
		sheet, err := screenshot(ctx, prog, tmp, svgs[:n])
		if err != nil {
			return nil, fmt.Errorf("drawing with Chromium: %w", err)
		}
		bad, err := cut(sheet, svgs[:n], dir)
		if err != nil {
			return nil, fmt.Errorf("drawing with Chromium: %w", err)
		}
		refused = append(refused, bad...)
		svgs = svgs[n:]
	}
	return refused, nil
}

// cellAt returns where the i-th icon of a sheet stands.
func cellAt(i int) image.Point {
	return image.Pt(i%sheetColumns*cell, i/sheetColumns*cell)
}

func screenshot(ctx context.Context, prog, tmp string, svgs []string) (image.Image, error) {
	var page strings.Builder
	page.WriteString("<!doctype html><meta charset=utf-8><style>body{margin:0;background:#fff}img{position:absolute;display:block}</style>\n")
	for i, svg := range svgs {
		abs, err := filepath.Abs(svg)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&page, "<img src=\"file://%s\" decoding=sync style=\"left:%dpx;top:%dpx\" onerror=\"this.style.cssText+=';width:%dpx;height:%dpx;background:#fe01fd'\">\n",
			abs, cellAt(i).X, cellAt(i).Y, Longer, Longer)
	}
	html, shot := filepath.Join(tmp, "sheet.html"), filepath.Join(tmp, "sheet.png")
	if err := os.WriteFile(html, []byte(page.String()), 0o644); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, prog, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
		"--force-device-scale-factor=1", "--force-color-profile=srgb", "--no-first-run", "--disable-sync",
		"--disable-background-networking", "--disable-component-update", "--user-data-dir="+filepath.Join(tmp, "profile"),
		fmt.Sprintf("--window-size=%d,%d", sheetColumns*cell, sheetRows*cell+slack), "--screenshot="+shot, "file://"+html)
	if said, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, bytes.TrimSpace(said))
	}
	return readPNG(shot)
}

// cut takes a sheet apart into one picture an icon.
func cut(sheet image.Image, svgs []string, dir string) (refused []string, err error) {
	for i, svg := range svgs {
		size, err := rootSize(svg)
		if err != nil {
			return nil, err
		}
		r := image.Rectangle{Min: cellAt(i), Max: cellAt(i).Add(size)}
		if !r.In(sheet.Bounds()) {
			return nil, errors.New("the screenshot is smaller than its page")
		}
		picture := image.NewRGBA(image.Rectangle{Max: size})
		draw.Draw(picture, picture.Bounds(), sheet, r.Min, draw.Src)
		failed := color.RGBA{0xfe, 0x01, 0xfd, 0xff} // the page's mark of a file that can't be shown
		if picture.RGBAAt(size.X/2, size.Y/2) == failed && picture.RGBAAt(size.X-2, size.Y-2) == failed {
			refused = append(refused, svg)
			continue
		}
		name := strings.TrimSuffix(filepath.Base(svg), ".svg") + ".png"
		if err := writePNG(filepath.Join(dir, name), picture); err != nil {
			return nil, err
		}
	}
	return refused, nil
}

// rootSize reads the size that document gave an icon.
func rootSize(svg string) (image.Point, error) {
	data, err := os.ReadFile(svg)
	if err != nil {
		return image.Point{}, err
	}
	var size image.Point
	for name, side := range map[string]*int{` width="`: &size.X, ` height="`: &size.Y} {
		_, rest, _ := bytes.Cut(data, []byte(name))
		if _, err := fmt.Sscanf(string(rest[:min(len(rest), 8)]), "%d\"", side); err != nil || *side < 1 || *side > Longer {
			return size, fmt.Errorf("%s: its root gives no size in pixels up to %d", svg, Longer)
		}
	}
	return size, nil
}

func readPNG(file string) (image.Image, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return png.Decode(f)
}

func writePNG(file string, m image.Image) error {
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		return err
	}
	return os.WriteFile(file, b.Bytes(), 0o644)
}
