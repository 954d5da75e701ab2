package raster

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// ErrNotSVG says that a file is no SVG at all. It comes wrapped with what was met.
var ErrNotSVG = errors.New("not an SVG")

// decode makes the text of a document: gunzipped, out of UTF-16, with what is
// no UTF-8 replaced.
func decode(data []byte, most int) (string, error) {
	tooMany := &LimitError{Limit: "bytes", Max: int64(most)}
	if len(data) > most {
		return "", tooMany
	}
	if bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		var err error
		if data, err = gunzip(data, most); err != nil {
			return "", fmt.Errorf("%w: gzip that can't be read: %w", ErrNotSVG, err)
		}
		if len(data) > most {
			return "", tooMany
		}
	}
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		return fromUTF16(data[2:], binary.LittleEndian), nil
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return fromUTF16(data[2:], binary.BigEndian), nil
	}
	text := string(bytes.TrimPrefix(data, []byte{0xef, 0xbb, 0xbf}))
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, "\uFFFD")
	}
	return text, nil
}

// gunzip reads at most one byte more than allowed. What was read before an
// error in the stream counts, as in a browser.
func gunzip(data []byte, most int) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	plain, err := io.ReadAll(io.LimitReader(z, int64(most)+1))
	if len(plain) == 0 && err != nil {
		return nil, err
	}
	return plain, nil
}

// fromUTF16 decodes UTF-16; an odd last byte is dropped.
func fromUTF16(data []byte, order binary.ByteOrder) string {
	var text strings.Builder
	text.Grow(len(data) / 2)
	for len(data) >= 2 {
		r := rune(order.Uint16(data))
		data = data[2:]
		if utf16.IsSurrogate(r) {
			low := rune(0)
			if len(data) >= 2 {
				low = rune(order.Uint16(data))
			}
			if r = utf16.DecodeRune(r, low); r != utf8.RuneError {
				data = data[2:]
			}
		}
		text.WriteRune(r)
	}
	return text.String()
}
