package export

import (
	"bufio"
	"context"
	_ "embed" // the page
	"errors"
	"fmt"
	"html/template"
	"image/png"
	"os"
	"runtime"
	"sync"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"golang.org/x/sync/errgroup"

	"markwatch/match/raster"
	"markwatch/queries"
)

// Pages to look at logos. Their rules:
//   - no script, and a policy that would stop one;
//   - an SVG is shown as an image alone, in which browsers run nothing and load
//     nothing; no link leads to one, for opened by itself it could do both;
//   - a certificate's words are text, with what would turn their direction escaped.

const (
	// pictureSize is the longer side of a PNG, in pixels.
	pictureSize = 256
	// pageLogos is how many logos a page shows: what a browser draws at once.
	pageLogos = 500
)

//go:embed page.html
var pageText string

// Gallery is what Logos has written.
type Gallery struct {
	Logos   int
	Pages   int
	Undrawn int // logos that have no PNG
}

// Logos writes each distinct logo that conn's store holds as SVG and PNG to the
// folder dir, which must not be there or be empty, with pages that show them by
// organisation, beginning with index.html. progress, if there is any, is called
// with how many are drawn.
func Logos(ctx context.Context, conn driver.Conn, dir string, progress func(done int)) (Gallery, error) {
	f, err := newFolder(dir)
	if err != nil {
		return Gallery{}, err
	}
	g := &gallery{folder: f, conn: conn, progress: progress, problems: map[string]string{}}
	err = g.write(ctx)
	if err = f.finish(err); err != nil {
		return Gallery{}, err
	}
	return Gallery{g.logos, g.pages, len(g.problems)}, nil
}

type gallery struct {
	folder   *folder
	conn     driver.Conn
	progress func(done int)

	mu       sync.Mutex
	logos    int               // drawn so far
	problems map[string]string // why a logo has no PNG, by SHA-256

	pages int
}

func (g *gallery) write(ctx context.Context) error {
	for _, name := range []string{"svg/x", "png/x"} {
		if _, err := g.folder.path(name); err != nil {
			return err
		}
	}
	if err := g.draw(ctx); err != nil {
		return err
	}
	return g.writePages(ctx)
}

// draw writes the SVG and the PNG of each logo.
func (g *gallery) draw(ctx context.Context) error {
	workers, ctx := errgroup.WithContext(ctx)
	todo := make(chan logo)
	workers.Go(func() error {
		defer close(todo)
		return eachLogo(ctx, g.conn, func(l logo) error {
			select {
			case todo <- l:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	})
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() error {
			for l := range todo {
				if err := g.drawOne(l); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return workers.Wait()
}

func (g *gallery) drawOne(l logo) error {
	svg, err := g.folder.path("svg/" + l.sha256 + ".svg")
	if err != nil {
		return err
	}
	if err := os.WriteFile(svg, l.svg, 0o666); err != nil {
		return err
	}
	picture, problem := raster.Render(l.svg, raster.Options{Size: pictureSize})
	if problem == nil {
		if err := g.writePNG(l.sha256, picture); err != nil {
			return err
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if problem != nil {
		g.problems[l.sha256] = problem.Error()
	}
	g.logos++
	if g.progress != nil {
		g.progress(g.logos)
	}
	return nil
}

func (g *gallery) writePNG(name string, picture *raster.Picture) error {
	path, err := g.folder.path("png/" + name + ".png")
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(f)
	return errors.Join(png.Encode(out, picture.Image), out.Flush(), f.Close())
}

// shown is a logo as a page shows it.
type shown struct {
	SHA256        string
	Organisations []string
	More          uint64 // organisations that are not listed
	Domains       []string
	Issuances     uint64
	First         string
	Bytes         uint32
	Test          bool
	Problem       string // why there is no PNG
}

const shownQuery = `
SELECT toString(l.svg_sha256), l.bytes, arraySlice(h.names, 1, 12), toUInt64(length(h.names) - least(length(h.names), 12)), h.domains, h.issuances,
       toString(toDate(h.first)), h.test
FROM (SELECT svg_sha256, bytes FROM logos) AS l
LEFT JOIN (
    SELECT svg_sha256, arraySort(n -> (lowerUTF8(n), n), groupUniqArray(organisation)) AS names, arraySlice(arraySort(groupUniqArrayArray(domains)), 1, 12) AS domains,
           count() AS issuances, min(first_logged) AS first, min(is_test) AS test
    FROM issuances GROUP BY svg_sha256
) AS h ON h.svg_sha256 = toString(l.svg_sha256)
ORDER BY lowerUTF8(names[1]), names[1], l.svg_sha256`

// writePages writes the pages from what the store says of each logo.
func (g *gallery) writePages(ctx context.Context) error {
	rows, err := g.conn.Query(ctx, shownQuery)
	if err != nil {
		return fmt.Errorf("reading whose the logos are: %w", err)
	}
	defer rows.Close()
	all := max(1, (g.logos+pageLogos-1)/pageLogos)
	var page []shown
	for rows.Next() {
		var s shown
		if err := rows.Scan(&s.SHA256, &s.Bytes, &s.Organisations, &s.More, &s.Domains, &s.Issuances, &s.First, &s.Test); err != nil {
			return fmt.Errorf("reading whose the logos are: %w", err)
		}
		if !isHash(s.SHA256) || !g.written(s.SHA256) {
			continue // stored since the pictures were drawn
		}
		s.Problem = g.problems[s.SHA256]
		if page = append(page, s); len(page) == pageLogos {
			if err := g.writePage(page, all); err != nil {
				return err
			}
			page = page[:0]
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("reading whose the logos are: %w", err)
	}
	if len(page) > 0 || g.pages == 0 {
		return g.writePage(page, all)
	}
	return nil
}

// written tells whether the logo's SVG is in the folder.
func (g *gallery) written(name string) bool {
	path, err := g.folder.path("svg/" + name + ".svg")
	if err != nil {
		return false
	}
	_, err = os.Stat(path)
	return err == nil
}

// pageName is the file of page n, from 1.
func pageName(n int) string {
	if n == 1 {
		return "index.html"
	}
	return fmt.Sprintf("page-%04d.html", n)
}

// writePage writes the next page.
func (g *gallery) writePage(logos []shown, all int) error {
	g.pages++
	t, err := template.New("page").Funcs(template.FuncMap{"plain": plain, "page": pageName}).Parse(pageText)
	if err != nil {
		return err
	}
	path, err := g.folder.path(pageName(g.pages))
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(f)
	err = t.Execute(out, map[string]any{
		"Logos": logos, "Total": g.logos, "Page": g.pages, "Pages": all, "First": (g.pages-1)*pageLogos + 1, "Last": (g.pages-1)*pageLogos + len(logos),
		"Previous": g.pages - 1, "Next": (g.pages + 1) % (all + 1), "Size": pictureSize,
	})
	return errors.Join(err, out.Flush(), f.Close())
}

// plain is a stranger's text without the characters that act.
func plain(s string) string {
	const long = 200
	if r := []rune(s); len(r) > long {
		s = string(r[:long]) + "…"
	}
	return queries.Printable(s)
}
