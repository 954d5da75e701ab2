package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// createFile makes the file for -o; "" is standard output. A file is written
// beside its place and renamed when it is whole, so that what was there stays
// until then; a pipe or a device is written to, never replaced.
func (p *program) createFile(path string) (io.Writer, func(error) error, error) {
	if path == "" || path == "-" {
		return p.out, func(err error) error { return err }, nil
	}
	f, finish, err := openOutput(path)
	if err != nil {
		return nil, nil, writeError(path, err)
	}
	return f, func(err error) error { return writeError(path, finish(err)) }, nil
}

// openOutput opens what is written in place of path, and gives what ends that.
func openOutput(path string) (*os.File, func(error) error, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, nil, err
	case err == nil && info.IsDir():
		return nil, nil, &fs.PathError{Op: "open", Path: path, Err: errors.New("it is a directory: name a file in it")}
	case err == nil && !info.Mode().IsRegular():
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		return f, func(err error) error { return errors.Join(err, f.Close()) }, err
	case err == nil:
		if path, err = filepath.EvalSymlinks(path); err != nil {
			return nil, nil, err
		}
	}
	part := filepath.Join(filepath.Dir(path), fmt.Sprintf(".%s.%08x", filepath.Base(path), rand.Uint32()))
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return nil, nil, err
	}
	return f, func(err error) error { return replace(f, path, info, err) }, nil
}

// replace puts the written file in the place of path, which had this info, or
// away if the writing went wrong.
func replace(f *os.File, path string, was fs.FileInfo, err error) error {
	if err == nil && was != nil {
		err = f.Chmod(was.Mode().Perm())
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

// writeError says what is wrong with path, and not with the part-written file,
// whose name means nothing to who named another. An error of what was to be
// written stays what it is.
func writeError(path string, err error) error {
	var file *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &file):
		err = file.Err
	case errors.As(err, &link):
		err = link.Err
	default:
		return err
	}
	return fmt.Errorf("writing %s: %w", path, err)
}
