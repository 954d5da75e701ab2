package queries

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// bufferSize is how much of a result is read, and written, at once.
const bufferSize = 1 << 16

// binaryRows reads the rows of RowBinaryWithNamesAndTypes, which costs the
// engine least to write: the one form from which every text that is made here
// is made, but for types that only the engine can print.
type binaryRows struct {
	rows
	in     input
	codecs []codec
	cells  []cell
	text   []byte // of the row's cells, one after the other
	ends   []int  // of each in text
}

// errForeignType says that a result has a column of a type that isn't read here.
var errForeignType = errors.New("reading the result: a type that only the engine prints")

// newBinaryRows reads the header: how many columns there are, their names, their types.
func newBinaryRows(r io.Reader) (*rows, error) {
	b := &binaryRows{in: input{from: r, buffer: make([]byte, bufferSize)}}
	b.read = b.row
	if b.in.ended() {
		return &b.rows, b.in.failure() // a statement without a result has not even names
	}
	columns := b.in.length()
	names, types := b.in.texts(columns), b.in.texts(columns)
	if err := b.in.failure(); err != nil {
		return &b.rows, err
	}
	if columns == 0 {
		return &b.rows, errBrokenOff
	}
	for _, t := range types {
		c, ok := codecOf(t)
		if !ok {
			return &b.rows, fmt.Errorf("%w: %s", errForeignType, t)
		}
		b.codecs = append(b.codecs, c)
	}
	b.names = names
	b.describe(types)
	b.cells, b.ends = make([]cell, columns), make([]int, columns)
	return &b.rows, nil
}

// row reads a row.
func (b *binaryRows) row() ([]cell, error) {
	if b.codecs == nil || b.in.ended() {
		return nil, b.in.failure()
	}
	b.text = b.text[:0]
	for i, read := range b.codecs {
		b.text, b.cells[i].kind = read(b.text, &b.in)
		b.ends[i] = len(b.text)
	}
	if err := b.in.failure(); err != nil {
		return nil, err
	}
	start := 0
	for i, end := range b.ends { // only now: text may have moved as it grew
		b.cells[i].text, start = b.text[start:end:end], end
	}
	return b.cells, nil
}

// input is what is read of a result, with the first error of that. What is
// read after an error is zeros, and of lists and texts nothing.
type input struct {
	from       io.Reader
	buffer     []byte
	start, end int // what is read and not yet used
	err        error
	zeros      [32]byte
}

// fill reads more, after what is there already.
func (in *input) fill() {
	copy(in.buffer, in.buffer[in.start:in.end])
	in.start, in.end = 0, in.end-in.start
	for n := 0; n == 0 && in.err == nil; {
		n, in.err = in.from.Read(in.buffer[in.end:])
		if in.end += n; n > 0 && errors.Is(in.err, io.EOF) {
			in.err = nil // it will be said again
		}
	}
}

// ended tells whether nothing more comes: rightly so if there is no failure.
func (in *input) ended() bool {
	if in.start < in.end {
		return false
	}
	in.fill()
	if in.start == in.end && errors.Is(in.err, io.EOF) {
		in.err = nil
		return true
	}
	return in.err != nil
}

// failure is what is wrong with what was read.
func (in *input) failure() error {
	switch {
	case in.err == nil:
		return nil
	case errors.Is(in.err, io.EOF), errors.Is(in.err, errBrokenOff):
		return errBrokenOff
	}
	return fmt.Errorf("reading the result: %w", in.err)
}

// take reads n bytes, 32 at most, good until more is read.
func (in *input) take(n int) []byte {
	for in.end-in.start < n {
		if in.err != nil {
			return in.zeros[:n]
		}
		in.fill()
	}
	in.start += n
	return in.buffer[in.start-n : in.start]
}

// length reads a number of bytes or values.
func (in *input) length() uint64 {
	var n uint64
	for shift := 0; shift < 64; shift += 7 {
		b := in.take(1)[0]
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			break
		}
	}
	if in.err != nil {
		return 0
	}
	return n
}

// appendBytes reads n bytes to the end of dst, which grows only with what is there.
func (in *input) appendBytes(dst []byte, n uint64) []byte {
	for n > 0 {
		if in.start == in.end {
			if in.fill(); in.start == in.end {
				return dst
			}
		}
		piece := in.buffer[in.start:in.end]
		if uint64(len(piece)) > n {
			piece = piece[:n]
		}
		dst = append(dst, piece...)
		in.start += len(piece)
		n -= uint64(len(piece))
	}
	return dst
}

// texts reads n texts.
func (in *input) texts(n uint64) []string {
	var all []string
	for range n {
		if in.err != nil {
			break
		}
		all = append(all, string(validFrom(in.appendBytes(nil, in.length()), 0)))
	}
	return all
}

// uint reads a number of so many bytes, 8 at most.
func (in *input) uint(size int) uint64 {
	b := in.take(size)
	switch size {
	case 1:
		return uint64(b[0])
	case 2:
		return uint64(binary.LittleEndian.Uint16(b))
	case 4:
		return uint64(binary.LittleEndian.Uint32(b))
	}
	return binary.LittleEndian.Uint64(b)
}
