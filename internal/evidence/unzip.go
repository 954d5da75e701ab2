package evidence

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"regexp"
)

// Bounds of a pack that is read: far more than Write makes.
const (
	maxPieces     = 2000
	maxPieceBytes = 64 << 20
	maxPackBytes  = 256 << 20
)

// unzipped is a pack as it was read.
type unzipped struct {
	data   map[string][]byte
	broken map[string]error // pieces that can't be read
}

// pieceName is what pieces are called: no name of it leads out of a folder.
func pieceName() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Za-z0-9_-]+(\.[A-Za-z0-9]+)?(/[A-Za-z0-9_-]+(\.[A-Za-z0-9]+)?){0,3}$`)
}

// unzip reads a pack into memory. An error is that of a file that is no pack.
func unzip(r io.ReaderAt, size int64) (*unzipped, error) {
	if size > maxPackBytes {
		return nil, fmt.Errorf("it has %d bytes: no pack has more than %d", size, maxPackBytes)
	}
	z, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // names are looked at below
		return nil, fmt.Errorf("it is no ZIP file: %w", err)
	}
	if len(z.File) > maxPieces {
		return nil, fmt.Errorf("it has %d files: no pack has more than %d", len(z.File), maxPieces)
	}
	u := &unzipped{map[string][]byte{}, map[string]error{}}
	names, left := pieceName(), uint64(maxPackBytes)
	for _, f := range z.File {
		if !names.MatchString(f.Name) || !f.Mode().IsRegular() {
			return nil, fmt.Errorf("it holds %q, which is no name of a piece", f.Name)
		}
		if _, twice := u.data[f.Name]; twice || u.broken[f.Name] != nil {
			return nil, fmt.Errorf("it holds %s twice", f.Name)
		}
		if f.UncompressedSize64 > min(left, maxPieceBytes) {
			return nil, fmt.Errorf("it holds %s, of %d bytes: more than a pack may have", f.Name, f.UncompressedSize64)
		}
		left -= f.UncompressedSize64
		if data, err := read(f); err != nil {
			u.broken[f.Name] = err
		} else {
			u.data[f.Name] = data
		}
	}
	return u, nil
}

// read reads a file of a ZIP, at most as long as its head says.
func read(f *zip.File) ([]byte, error) {
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return io.ReadAll(io.LimitReader(in, int64(f.UncompressedSize64)+1))
}
