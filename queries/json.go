package queries

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf8"
)

// JSON. Its rules, which are the engine's:
//   - an object a row, a name for each column, also where two are alike;
//   - quotes, backslashes and what lies below a space are escaped, and the line
//     ends that JavaScript doesn't take in a string;
//   - text is valid UTF-8: of bytes that aren't, those in a row are one U+FFFD;
//   - what is no number is its name in quotes: "nan", "inf", "-inf".

// writeJSON writes an object a line; with array, as one array.
func writeJSON(w io.Writer, r *rows, array bool) error {
	out := page{to: w}
	if array {
		out.text = append(out.text, "[\n"...)
	}
	var keys [][]byte
	for i, name := range r.names {
		key := appendQuoted([]byte{"{,"[min(i, 1)]}, []byte(name))
		keys = append(keys, append(key, ':'))
	}
	for {
		cells, err := r.next()
		switch {
		case err != nil || cells == nil && !array:
			return errors.Join(err, out.flush())
		case cells == nil:
			out.text = append(out.text, "\n]\n"...)
			return out.flush()
		case array && r.count > 1:
			out.text = append(out.text, ",\n"...)
		}
		for i, c := range cells {
			out.text = c.appendJSON(append(out.text, keys[i]...))
		}
		out.text = append(out.text, '}')
		if !array {
			out.text = append(out.text, '\n')
		}
		if err := out.turn(); err != nil {
			return err
		}
	}
}

// appendJSON appends the cell as JSON.
func (c cell) appendJSON(dst []byte) []byte {
	switch c.kind {
	case nothing:
		return append(dst, "null"...)
	case text:
		return appendQuoted(dst, c.text)
	}
	return append(dst, c.text...)
}

// page is text on its way to a writer.
type page struct {
	to   io.Writer
	text []byte
}

// turn writes what is there once it is enough.
func (p *page) turn() error {
	if len(p.text) < bufferSize {
		return nil
	}
	return p.flush()
}

// flush writes what is there.
func (p *page) flush() error {
	_, err := p.to.Write(p.text)
	p.text = p.text[:0]
	return err
}

// quoteFrom makes what dst has from begin on, which is valid UTF-8, a JSON string.
func quoteFrom(dst []byte, begin int) []byte {
	if !plain(dst[begin:]) {
		return appendQuoted(dst[:begin], bytes.Clone(dst[begin:]))
	}
	dst = append(dst, 0, '"')
	copy(dst[begin+1:len(dst)-1], dst[begin:])
	dst[begin] = '"'
	return dst
}

// appendQuoted appends s, which is valid UTF-8, as a JSON string.
func appendQuoted(dst, s []byte) []byte {
	dst = append(dst, '"')
	if plain(s) {
		return append(append(dst, s...), '"')
	}
	for len(s) > 0 {
		size := 1
		if isLineEnd(s) {
			size = 3
		}
		dst = appendEscaped(dst, s)
		s = s[size:]
	}
	return append(dst, '"')
}

// plain tells whether a text needs no escapes, eight bytes at a time: it may be wrong
// in saying no.
func plain(s []byte) bool {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	zero := func(w uint64) uint64 { return (w - ones) &^ w & tops } // not 0 where w has a byte 0
	for ; len(s) >= 8; s = s[8:] {
		w := binary.LittleEndian.Uint64(s)
		below := (w - ones*' ') &^ w & tops
		if below|zero(w^ones*'"')|zero(w^ones*'\\')|zero(w^ones*0xe2) != 0 {
			return false
		}
	}
	for _, c := range s {
		if c < ' ' || c == '"' || c == '\\' || c == 0xe2 {
			return false
		}
	}
	return true
}

// isLineEnd tells whether s begins with U+2028 or U+2029.
func isLineEnd(s []byte) bool {
	return len(s) > 2 && s[0] == 0xe2 && s[1] == 0x80 && (s[2] == 0xa8 || s[2] == 0xa9)
}

// appendEscaped appends the byte that s begins with, or for all of a line end its escape.
func appendEscaped(dst, s []byte) []byte {
	const hex = "0123456789ABCDEF"
	switch c := s[0]; {
	case c == '"' || c == '\\':
		return append(dst, '\\', c)
	case c == '\b':
		return append(dst, `\b`...)
	case c == '\f':
		return append(dst, `\f`...)
	case c == '\n':
		return append(dst, `\n`...)
	case c == '\r':
		return append(dst, `\r`...)
	case c == '\t':
		return append(dst, `\t`...)
	case c < ' ':
		return append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
	case isLineEnd(s):
		return append(dst, '\\', 'u', '2', '0', '2', hex[s[2]&15])
	default:
		return append(dst, c)
	}
}

// validFrom makes what dst has from begin on valid UTF-8: bytes in a row that
// aren't become one U+FFFD.
func validFrom(dst []byte, begin int) []byte {
	if utf8.Valid(dst[begin:]) {
		return dst
	}
	raw := bytes.Clone(dst[begin:])
	dst = dst[:begin]
	replaced := false
	for len(raw) > 0 {
		r, size := utf8.DecodeRune(raw)
		switch broken := r == utf8.RuneError && size == 1; {
		case !broken:
			dst = append(dst, raw[:size]...)
			replaced = false
		case !replaced:
			dst = utf8.AppendRune(dst, utf8.RuneError)
			replaced = true
		}
		raw = raw[size:]
	}
	return dst
}
