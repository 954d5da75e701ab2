package channel

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/mail"
	"os"
	"path/filepath"

	"markwatch/internal/alert/notice"
)

// file writes each message to a file of its own.
type file struct {
	name, dir string
	format    encoding
}

// open checks the configuration.
func (c File) open(name string, r *notice.Renderer, log *slog.Logger) (Channel, error) {
	all := formats()
	all["eml"] = encoding{"message/rfc822", ".eml", func(m *notice.Message) ([]byte, error) {
		return letter{from: &mail.Address{Name: "markwatch", Address: "markwatch@" + helo()}}.write(m, r, log.With("channel", name))
	}}
	all["html"] = encoding{"text/html", ".html", func(m *notice.Message) ([]byte, error) {
		page, err := usable(log.With("channel", name), m, "page")(r.Page(m))
		return []byte(page), err
	}}
	f, ok := all[c.Format]
	switch {
	case !ok:
		return nil, fmt.Errorf("format is %q: it can be misp, stix, json, eml or html", oneLine(c.Format))
	case c.Dir == "":
		return nil, errors.New("dir is missing: it is the directory for the files")
	}
	info, err := os.Stat(c.Dir)
	switch {
	case err == nil && !info.IsDir():
		return nil, fmt.Errorf("dir %s is no directory: name another one", c.Dir)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("dir: %w", err)
	}
	return &file{name, c.Dir, f}, nil
}

func (f *file) Name() string { return f.name }

func (f *file) Kind() string { return "file" }

// Send writes the file, whole or not at all; a message that is sent again
// replaces its own.
func (f *file) Send(ctx context.Context, m *notice.Message) error {
	if err := ctx.Err(); err != nil {
		return &RetryError{Err: err}
	}
	text, err := f.format.encode(m)
	if err != nil {
		return &RetryError{Err: fmt.Errorf("writing the message: %w", err)}
	}
	if err := f.write(idForm(m.ID)+f.format.suffix, text); err != nil {
		return &RetryError{Err: fmt.Errorf("writing the file: %w", err)}
	}
	return nil
}

// write makes sure that the file outlives a crash before it has its name.
func (f *file) write(name string, text []byte) error {
	if err := os.MkdirAll(f.dir, 0o750); err != nil {
		return err
	}
	path, unfinished := filepath.Join(f.dir, name), filepath.Join(f.dir, "."+name+".part")
	w, err := os.OpenFile(unfinished, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o640)
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	err = errors.Join(err, w.Sync(), w.Close())
	if err == nil {
		err = os.Rename(unfinished, path)
	}
	if err != nil {
		_ = os.Remove(unfinished)
		return err
	}
	return syncDir(f.dir)
}

// syncDir makes the names in a directory outlive a crash.
func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
