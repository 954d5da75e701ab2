// Package export writes what can be handed on: the citable snapshot, a folder
// of tables and statistics with a manifest that says by which tree heads
// (RFC 6962, section 3.5) and by which rules they came about, and its check; and
// the pictures of all logos with pages to look at them.
package export

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// folder is one that is being written: under another name beside its place
// until it is whole.
type folder struct {
	place string   // where it will be
	part  string   // where it is written
	lock  *os.File // part, locked as long as this process writes it
}

// newFolder begins a folder. What stands at its place must be nothing, or an
// empty folder.
func newFolder(place string) (*folder, error) {
	place, err := filepath.Abs(place)
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(place)
	switch {
	case err == nil && len(entries) > 0:
		return nil, fmt.Errorf("%s is there and isn't empty: name a folder that isn't there yet", place)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s can't be made: %w", place, reason(err))
	}
	sweep(filepath.Dir(place))
	f := &folder{place: place}
	for f.lock == nil {
		if err := f.begin(); err != nil {
			return nil, fmt.Errorf("%s can't be made: %w", place, reason(err))
		}
	}
	return f, nil
}

// partMark is in the name of a folder that is being written, before eight
// hexadecimal digits. A name with it is nobody else's.
const partMark = ".markwatch-part-"

// begin makes the folder that is written and locks it; the kernel ends the lock
// with the process. Where another process took it for one that was left behind
// before it was locked, there is none yet.
func (f *folder) begin() error {
	f.part = filepath.Join(filepath.Dir(f.place), fmt.Sprintf(".%s%s%08x", filepath.Base(f.place), partMark, rand.Uint32()))
	if err := os.Mkdir(f.part, 0o777); err != nil {
		return err
	}
	lock, err := os.Open(f.part)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	// A file system without locks has none that sweep could take either.
	_ = syscall.Flock(int(lock.Fd()), syscall.LOCK_EX)
	ours, err := lock.Stat()
	if err != nil {
		return errors.Join(err, lock.Close())
	}
	if there, err := os.Stat(f.part); err != nil || !os.SameFile(ours, there) {
		return lock.Close()
	}
	f.lock = lock
	return nil
}

// sweep removes from dir what processes left there that were killed while they
// wrote a folder. What can't be removed is left: it is in nobody's way.
func sweep(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		before, digits, found := strings.Cut(e.Name(), partMark)
		if !found || !strings.HasPrefix(before, ".") || len(digits) != 8 || strings.Trim(digits, "0123456789abcdef") != "" || !e.IsDir() {
			continue
		}
		path := filepath.Join(dir, e.Name())
		left, err := os.Open(path)
		if err != nil {
			continue
		}
		if syscall.Flock(int(left.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			_ = os.RemoveAll(path)
		}
		_ = left.Close()
	}
}

// finish puts the folder in its place, or away if the writing went wrong.
func (f *folder) finish(err error) error {
	if err == nil {
		if rm := os.Remove(f.place); rm != nil && !errors.Is(rm, fs.ErrNotExist) { // one that is no longer empty stays
			err = fmt.Errorf("putting the folder in its place: %w", rm)
		}
	}
	if err == nil {
		err = os.Rename(f.part, f.place)
	}
	if err != nil {
		err = errors.Join(f.named(err), os.RemoveAll(f.part))
	}
	return errors.Join(err, f.lock.Close())
}

// named says what is wrong by the name that the caller knows, and not by that of
// the part-written folder.
func (f *folder) named(err error) error {
	var file *fs.PathError
	if errors.As(err, &file) {
		if rel, relErr := filepath.Rel(f.part, file.Path); relErr == nil && filepath.IsLocal(rel) {
			return fmt.Errorf("writing %s: %w", filepath.Join(f.place, rel), file.Err)
		}
	}
	return err
}

// path is where a file of the folder is written; its folder is made as needed.
func (f *folder) path(name string) (string, error) {
	path := filepath.Join(f.part, filepath.FromSlash(name))
	return path, os.MkdirAll(filepath.Dir(path), 0o777)
}

// reason is what an error of the file system says without the path.
func reason(err error) error {
	var file *fs.PathError
	if errors.As(err, &file) {
		return file.Err
	}
	return err
}
