package export

import (
	"bufio"
	"cmp"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"markwatch/queries"
	"markwatch/store"
)

// Options say what a snapshot is of.
type Options struct {
	AsOf      time.Time         // what was logged up to then is in it; the zero time is the newest tree head
	Markwatch string            // version of the program
	Rules     map[string]uint32 // versions of the rules
	// Progress, if there is any, is called with what is being written.
	Progress func(what string)
}

//go:embed tables/*.sql
var tableFiles embed.FS

// tables are the queries of the snapshot's own tables.
func tables() ([]queries.Query, error) {
	var out []queries.Query
	for _, name := range []string{"certificates", "marks", "organisations", "logos"} {
		text, err := tableFiles.ReadFile("tables/" + name + ".sql")
		if err != nil {
			return nil, err
		}
		q, err := queries.Parse(name, string(text))
		if err != nil {
			return nil, err
		}
		out = append(out, q)
	}
	return out, nil
}

// Statistics are the published queries that a snapshot answers. What was found
// about somebody, and what somebody watches, is not for publishing; a search
// without a term is no statistic.
func Statistics() []queries.Query {
	return slices.DeleteFunc(queries.All(), func(q queries.Query) bool { return q.Group == "Alerts" || q.Name == "search" })
}

// Write writes a snapshot of the store to the folder dir, which must not be
// there or be empty, and is there when the snapshot is whole. It returns the
// manifest and its SHA-256.
func Write(ctx context.Context, st *store.Store, dir string, o Options) (*Manifest, string, error) {
	f, err := newFolder(dir)
	if err != nil {
		return nil, "", err
	}
	w := &writer{folder: f, opts: o, manifest: &Manifest{Format: formatVersion, Markwatch: o.Markwatch, Rules: o.Rules}}
	sum, err := w.write(ctx, st)
	if err = f.finish(err); err != nil {
		return nil, "", err
	}
	return w.manifest, sum, nil
}

// writer writes one snapshot.
type writer struct {
	folder   *folder
	opts     Options
	snap     *store.Snapshot
	manifest *Manifest
	words    []dictionaryEntry
}

func (w *writer) write(ctx context.Context, st *store.Store) (sum string, err error) {
	if w.opts.AsOf.IsZero() {
		if w.opts.AsOf, err = st.LastHead(ctx); err != nil {
			return "", err
		}
	}
	w.say("snapshot")
	if w.snap, err = st.Snapshot(ctx, w.opts.AsOf); err != nil {
		return "", err
	}
	defer func() {
		if closeErr := w.snap.Close(); err == nil {
			err = closeErr
		}
	}()
	w.manifest.AsOf = w.snap.AsOf.Format(isoTime)
	for _, l := range w.snap.Logs {
		w.manifest.Logs = append(w.manifest.Logs, newLog(l))
	}
	if err := w.writeData(ctx); err != nil {
		return "", err
	}
	if err := w.writeLogos(ctx); err != nil {
		return "", err
	}
	if err := w.writePapers(); err != nil {
		return "", err
	}
	return w.writeManifest()
}

func (w *writer) say(what string) {
	if w.opts.Progress != nil {
		w.opts.Progress(what)
	}
}

// writeData writes the tables and the statistics.
func (w *writer) writeData(ctx context.Context) error {
	own, err := tables()
	if err != nil {
		return err
	}
	for _, q := range own {
		if err := w.writeQuery(ctx, "tables", q); err != nil {
			return err
		}
	}
	for _, q := range Statistics() {
		if err := w.writeQuery(ctx, "statistics", q); err != nil {
			return err
		}
	}
	return nil
}

// writeQuery writes the answer to a query as CSV and Parquet.
func (w *writer) writeQuery(ctx context.Context, folder string, q queries.Query) error {
	w.say(folder + "/" + q.Name)
	params := w.paramsOf(q)
	args, err := q.Bind(params)
	if err != nil {
		return err
	}
	told := &queries.Told{}
	for _, format := range []queries.Format{queries.CSV, queries.Parquet} {
		out := queries.Output{Format: format, Settings: oneOrder(), Told: told}
		file, err := w.create(path.Join(folder, q.Name+"."+string(format)), func(f io.Writer) error {
			return out.Write(ctx, w.snap.Conn(), f, q.SQL, args...)
		})
		if err != nil {
			return fmt.Errorf("query %s: %w", q.Name, err)
		}
		file.Rows, file.Query, file.Params = &told.Rows, q.Name, params
	}
	w.words = append(w.words, newDictionaryEntry(folder, q, params, told))
	return nil
}

// paramsOf are the parameters that tie a query to the snapshot's time.
func (w *writer) paramsOf(q queries.Query) map[string]string {
	for _, p := range q.Params {
		switch {
		case p.Name == "as_of" && p.Type == "Date":
			return map[string]string{"as_of": w.snap.AsOf.Format(time.DateOnly)}
		case p.Name == "as_of":
			return map[string]string{"as_of": w.snap.AsOf.Format(isoTime)}
		}
	}
	return nil
}

// oneOrder are the settings under which the same rows are the same bytes.
func oneOrder() clickhouse.Settings {
	return clickhouse.Settings{
		"max_threads":                              1,
		"output_format_parallel_formatting":        0,
		"output_format_parquet_parallel_encoding":  0,
		"max_bytes_before_external_group_by":       256 << 20,
		"max_bytes_before_external_sort":           256 << 20,
		"max_bytes_ratio_before_external_group_by": 0,
		"max_bytes_ratio_before_external_sort":     0,
	}
}

// create writes a file and notes it in the manifest.
func (w *writer) create(name string, write func(io.Writer) error) (*File, error) {
	place, err := w.folder.path(name)
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(place, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return nil, err
	}
	hash := sha256.New()
	size := &counter{}
	buffered := bufio.NewWriterSize(io.MultiWriter(f, hash, size), 1<<16)
	err = write(buffered)
	if flushErr := buffered.Flush(); err == nil {
		err = flushErr
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return nil, err
	}
	w.manifest.Files = append(w.manifest.Files, File{Path: name, Bytes: size.n, SHA256: hex.EncodeToString(hash.Sum(nil))})
	return &w.manifest.Files[len(w.manifest.Files)-1], nil
}

// counter counts the bytes that are written to it.
type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}

// writeLogos writes each logo as the SVG that it is, under the name of its hash.
func (w *writer) writeLogos(ctx context.Context) error {
	w.say("svg")
	return eachLogo(ctx, w.snap.Conn(), func(l logo) error {
		_, err := w.create("svg/"+l.sha256+".svg", func(f io.Writer) error {
			_, err := f.Write(l.svg)
			return err
		})
		return err
	})
}

// writeManifest writes the manifest, last, and gives its SHA-256.
func (w *writer) writeManifest() (string, error) {
	slices.SortFunc(w.manifest.Files, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	text, err := w.manifest.encode()
	if err != nil {
		return "", err
	}
	place, err := w.folder.path(ManifestName)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), os.WriteFile(place, text, 0o666)
}

// isHash tells whether s is a SHA-256 in lower-case hexadecimal, as a file's name may hold.
func isHash(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}
