package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/urfave/cli/v2"
	"golang.org/x/sync/errgroup"

	"markwatch/match"
	"markwatch/match/logo"
	"markwatch/queries"
	"markwatch/store"
)

func matchLogoCommand(p *program) *cli.Command {
	return &cli.Command{
		Name:      "logo",
		Usage:     "say which stored and watched logos a picture resembles",
		ArgsUsage: "FILE",
		Description: `FILE is an SVG, PNG, JPEG, WebP or GIF; a screenshot with a margin works too; - is standard input.
Without --threshold, those of the verdicts match and strong are printed.

Examples:
  markwatch match logo suspicious.png
  markwatch match logo brand.svg --limit 5 --threshold 0 --png nearest.png`,
		Flags: []cli.Flag{
			&cli.IntFlag{Name: "limit", Value: 10, Usage: "print at most `N` logos"},
			&cli.Float64Flag{Name: "threshold", Value: logo.MatchThreshold, Usage: "print logos of this `SCORE`, 0 to 1, or a greater one"},
			&cli.StringFlag{Name: "png", Usage: "write a contact sheet to `FILE`, side by side"},
			&cli.BoolFlag{Name: "json", Usage: "print one JSON object a line"},
			failOnFlag(),
		},
		Action: p.matchLogo,
	}
}

func matchLogosCommand(p *program) *cli.Command {
	return &cli.Command{
		Name:      "logos",
		Usage:     "compare every logo of a folder with every one of another",
		ArgsUsage: "REFDIR QUERYDIR",
		Description: `Prints a line, reference<TAB>query<TAB>score<TAB>verdict, for each pair whose verdict is
match or strong, so that anybody can measure the matcher on pictures of their own.
No store is needed. A picture that can't be compared is named on standard error.

Example:
  markwatch match logos our-logos/ their-logos/ > pairs.tsv`,
		Flags:  []cli.Flag{&cli.BoolFlag{Name: "all", Usage: "print every pair"}, failOnFlag()},
		Action: p.matchLogos,
	}
}

// nearLogo is one line of what match logo prints.
type nearLogo struct {
	Score        float64  `json:"score"`
	Verdict      string   `json:"verdict"`
	Reason       string   `json:"reason"`
	Distance     int      `json:"distance"`
	Organisation string   `json:"organisation,omitempty"`
	Mark         string   `json:"mark,omitempty"`
	RegisterURL  string   `json:"register_url,omitempty"`
	Domains      []string `json:"domains,omitempty"`
	List         string   `json:"list,omitempty"` // that watches it; empty for a stored one
	Notes        string   `json:"notes,omitempty"`
	SHA256       string   `json:"svg_sha256"`

	image []byte // of a watched one
}

func (p *program) matchLogo(c *cli.Context) error {
	if c.NArg() != 1 {
		return usagef("match logo takes one file")
	}
	if t := c.Float64("threshold"); !(t >= 0 && t <= 1) {
		return usagef("--threshold must be from 0 to 1")
	}
	picture, descriptor, err := p.readLogo(c.Context, c.Args().First())
	if err != nil {
		return err
	}
	return p.toMatch(c, func(ctx context.Context, st *store.Store) (bool, error) {
		near, err := p.nearestLogos(ctx, st, descriptor, c.Int("limit"), c.Float64("threshold"))
		if err != nil {
			return false, err
		}
		if path := c.String("png"); path != "" {
			if err := p.contactSheet(ctx, st, path, c.Args().First(), picture.Image, near); err != nil {
				return false, err
			}
		}
		return slices.ContainsFunc(near, func(n nearLogo) bool { return n.Verdict != "" }), p.printNear(near, c.Bool("json"))
	})
}

// maxLogoFile bounds the file of a logo; the decoder has further limits.
const maxLogoFile = 64 << 20

// readLogo reads and describes a picture; "-" is standard input.
func (p *program) readLogo(ctx context.Context, path string) (*logo.Picture, *logo.Descriptor, error) {
	text, err := p.readAtMost(ctx, path, maxLogoFile)
	if err != nil {
		return nil, nil, err
	}
	picture, err := logo.Decode(text)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	descriptor, err := logo.Describe(picture.Image)
	if err != nil {
		return nil, nil, fmt.Errorf("comparing the logo %s: %w", path, err)
	}
	if len(picture.Undrawn) > 0 {
		fmt.Fprintf(p.err, "markwatch: of %s not drawn, and so not compared: %s\n", path, strings.Join(picture.Undrawn, ", "))
	}
	return picture, descriptor, nil
}

// readAtMost reads a file, or for "-" standard input, up to max bytes.
func (p *program) readAtMost(ctx context.Context, path string, max int64) ([]byte, error) {
	in, done := p.openAny(ctx, path)
	defer done()
	text, err := io.ReadAll(io.LimitReader(in, max+1))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, withoutPath(err))
	}
	if int64(len(text)) > max {
		return nil, fmt.Errorf("%s has more than %d bytes: that is no logo", path, max)
	}
	return text, nil
}

// nearestLogos are the stored and watched logos of at least this score, nearest first.
func (p *program) nearestLogos(ctx context.Context, st *store.Store, d *logo.Descriptor, limit int, threshold float64) ([]nearLogo, error) {
	index := logo.NewIndex()
	g := &matching{store: st, log: p.log, matcher: match.New()}
	if err := g.loadLogos(ctx); err != nil {
		return nil, err
	}
	logos, err := st.Logos(ctx, nil)
	if err != nil {
		return nil, err
	}
	var near []nearLogo
	for _, l := range logos {
		if l.Descriptor != nil {
			index.Add(uint32(len(near)), l.Descriptor)
			near = append(near, nearLogo{SHA256: l.SHA256})
		}
	}
	items, err := st.Items(ctx)
	if err != nil {
		return nil, err
	}
	for _, i := range items {
		if i.Kind == match.KindLogo && i.Descriptor != nil {
			index.Add(uint32(len(near)), i.Descriptor)
			near = append(near, nearLogo{SHA256: i.Value, List: i.List, Notes: i.Notes, image: i.Image})
		}
	}
	var found []nearLogo
	for _, n := range index.Search(d, limit, threshold) {
		l := near[n.ID]
		l.Score, l.Verdict, l.Reason, l.Distance = n.Score, n.Verdict.String(), n.Reason, n.Distance
		if err := l.whose(ctx, st); err != nil {
			return nil, err
		}
		found = append(found, l)
	}
	return found, nil
}

// whose adds the mark that a stored logo belongs to: the latest one of several.
func (n *nearLogo) whose(ctx context.Context, st *store.Store) error {
	if n.List != "" {
		return nil
	}
	rows, err := st.Conn().Query(ctx, `SELECT organisation, register, number, register_url, mark_type, domains FROM mark_certificates FINAL
		WHERE svg_sha256 = {sha256:String} ORDER BY is_test, first_logged DESC, tbs_sha256 LIMIT 1`, clickhouse.Named("sha256", n.SHA256))
	if err != nil {
		return fmt.Errorf("reading whose a logo is: %w", err)
	}
	defer rows.Close()
	var register, number, kind string
	for rows.Next() {
		if err := rows.Scan(&n.Organisation, &register, &number, &n.RegisterURL, &kind, &n.Domains); err != nil {
			return fmt.Errorf("reading whose a logo is: %w", err)
		}
	}
	if n.Mark = strings.TrimSpace(register + " " + number); n.Mark == "" {
		n.Mark = kind
	}
	return rows.Err()
}

func (p *program) printNear(near []nearLogo, asJSON bool) error {
	if asJSON {
		return printJSONLines(p.out, near)
	}
	if len(near) == 0 {
		_, err := fmt.Fprintln(p.out, "no stored or watched logo resembles it; --threshold 0 shows the nearest ones all the same")
		return err
	}
	rows := make([][]string, len(near))
	for i, n := range near {
		whose := n.Organisation
		if n.List != "" {
			whose = strings.TrimSpace("watched by " + n.List + " " + n.Notes)
		}
		rows[i] = []string{fmt.Sprintf("%.3f", n.Score), n.Verdict, queries.Printable(n.Reason), queries.Printable(whose), queries.Printable(n.Mark), queries.Printable(strings.Join(n.Domains, ", ")), n.RegisterURL}
	}
	return queries.PrintTable(p.out, strings.Fields("score verdict reason organisation mark domains register"), []bool{0: true, 6: false}, rows)
}

// contactSheet writes the picture beside those that it resembles.
func (p *program) contactSheet(ctx context.Context, st *store.Store, path, name string, picture image.Image, near []nearLogo) error {
	var tiles []logo.Tile
	for _, n := range near {
		file := n.image
		if file == nil {
			var err error
			if file, err = st.SVG(ctx, n.SHA256); err != nil {
				return err
			}
		}
		drawn, err := logo.Decode(file)
		if err != nil {
			return fmt.Errorf("drawing the logo %s: %w", n.SHA256, err)
		}
		whose := n.Organisation
		if n.List != "" {
			whose = strings.TrimSpace(n.List + " " + n.Notes)
		}
		tiles = append(tiles, logo.Tile{Image: drawn.Image, Caption: []string{whose, n.Mark, strings.TrimSpace(fmt.Sprintf("%.3f %s", n.Score, n.Verdict)), n.Reason}})
	}
	var sheet bytes.Buffer
	if err := logo.ContactSheet(&sheet, logo.Tile{Image: picture, Caption: []string{filepath.Base(name)}}, tiles); err != nil {
		return fmt.Errorf("drawing the contact sheet: %w", err)
	}
	w, done, err := p.createFile(path)
	if err != nil {
		return err
	}
	_, err = w.Write(sheet.Bytes())
	return done(err)
}

// described is one picture of a folder.
type described struct {
	name       string
	descriptor *logo.Descriptor
}

func (p *program) matchLogos(c *cli.Context) error {
	if c.NArg() != 2 {
		return usagef("match logos takes two folders: references and queries")
	}
	failOn, err := failOnHits(c)
	if err != nil {
		return err
	}
	refs, err := p.describeFolder(c.Context, c.Args().Get(0))
	if err != nil {
		return err
	}
	asked, err := p.describeFolder(c.Context, c.Args().Get(1))
	if err != nil {
		return err
	}
	hits, err := p.comparePairs(c.Context, refs, asked, c.Bool("all"))
	if err == nil && hits && failOn {
		return errHits
	}
	return err
}

// comparePairs prints the pairs, reference by reference.
func (p *program) comparePairs(ctx context.Context, refs, asked []described, all bool) (hits bool, err error) {
	out := bufio.NewWriterSize(p.out, 1<<16)
	comparisons := make([]logo.Comparison, len(asked))
	workers := runtime.GOMAXPROCS(0)
	for _, ref := range refs {
		var group errgroup.Group
		for worker := range workers {
			group.Go(func() error {
				for i := worker; i < len(asked); i += workers {
					if ctx.Err() != nil {
						return ctx.Err()
					}
					comparisons[i] = logo.Compare(ref.descriptor, asked[i].descriptor)
				}
				return nil
			})
		}
		if err := group.Wait(); err != nil {
			return hits, err
		}
		for i, comparison := range comparisons {
			verdict := comparison.Verdict != logo.None
			hits = hits || verdict
			if !verdict && !all {
				continue
			}
			if _, err := fmt.Fprintf(out, "%s\t%s\t%.6f\t%s\n", queries.Printable(ref.name), queries.Printable(asked[i].name), math.Floor(comparison.Score*1e6)/1e6, comparison.Verdict); err != nil {
				return hits, err
			}
		}
	}
	return hits, out.Flush()
}

// describeFolder describes the pictures of a folder, by name. One that can't be
// compared is told and left out.
func (p *program) describeFolder(ctx context.Context, dir string) ([]described, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("reading the folder of logos: %w", err)
	}
	entries = slices.DeleteFunc(entries, func(e os.DirEntry) bool { return e.IsDir() || strings.HasPrefix(e.Name(), ".") })
	out, problems := make([]described, len(entries)), make([]error, len(entries))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, e := range entries {
		group.Go(func() error {
			out[i].name = e.Name()
			out[i].descriptor, problems[i] = describeFile(filepath.Join(dir, e.Name()))
			return ctx.Err()
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for i, problem := range problems {
		if problem != nil {
			fmt.Fprintf(p.err, "markwatch: %s is left out: %v\n", queries.Printable(filepath.Join(dir, entries[i].Name())), problem)
		}
	}
	out = slices.DeleteFunc(out, func(d described) bool { return d.descriptor == nil })
	if len(out) == 0 {
		return nil, fmt.Errorf("%s holds no picture that can be compared", dir)
	}
	return out, nil
}

func describeFile(path string) (*logo.Descriptor, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New("it is no file")
	case info.Size() > maxLogoFile:
		return nil, fmt.Errorf("it has %d bytes, more than %d", info.Size(), maxLogoFile)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	picture, err := logo.Decode(text)
	if err != nil {
		return nil, err
	}
	return logo.Describe(picture.Image)
}
