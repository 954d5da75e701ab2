package evidence

import (
	"archive/zip"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
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
	if err := onlyPieces(r, size, z); err != nil {
		return nil, err
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

// The records of a ZIP file (PKWARE's APPNOTE, sections 4.3.7, 4.3.9, 4.3.12 and 4.3.16), without what varies in length.
const (
	localHeader   = 30
	dataSignature = "PK\x07\x08"
	dataRecord    = 16 // with its signature
	listEntry     = 46
	listEnd       = 22
)

// onlyPieces checks that the pack is its pieces, one after the other, and the
// list of them, and nothing else: programs that unpack by the list, by the
// pieces, or from elsewhere in the file would else see different packs.
func onlyPieces(r io.ReaderAt, size int64, z *zip.Reader) error {
	byPlace := slices.Clone(z.File)
	places := map[*zip.File]int64{}
	list := int64(listEnd + len(z.Comment))
	for _, f := range byPlace {
		place, err := f.DataOffset()
		if err != nil {
			return fmt.Errorf("%s can't be found in it: %w", f.Name, err)
		}
		places[f] = place
		list += int64(listEntry + len(f.Name) + len(f.Extra) + len(f.Comment))
	}
	slices.SortFunc(byPlace, func(a, b *zip.File) int { return cmp.Compare(places[a], places[b]) })
	end := int64(0)
	for _, f := range byPlace {
		head := make([]byte, localHeader+len(f.Name))
		if _, err := r.ReadAt(head, end); err != nil {
			return fmt.Errorf("%s can't be read: %w", f.Name, err)
		}
		names, extra := binary.LittleEndian.Uint16(head[26:]), binary.LittleEndian.Uint16(head[28:])
		if string(head[localHeader:]) != f.Name || end+localHeader+int64(names)+int64(extra) != places[f] {
			return fmt.Errorf("before %s it holds something that its list of files doesn't name", f.Name)
		}
		end = places[f] + int64(f.CompressedSize64)
		record := make([]byte, dataRecord)
		if _, err := r.ReadAt(record, end); err == nil && string(record[:len(dataSignature)]) == dataSignature {
			end += dataRecord
		}
	}
	if end+list != size {
		return errors.New("after its files it holds something that its list of files doesn't name")
	}
	return nil
}
