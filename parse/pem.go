package parse

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
)

// pem reads PEM blocks (RFC 7468). Unlike encoding/pem it reads a stream, and a block whose
// base64 is broken is an error of that block, not text to pass over.
func (d *documents) pem() error {
	for {
		label, err := d.begin()
		if errors.Is(err, io.EOF) {
			if d.next == 0 {
				return errors.New("reading certificates: the input is neither PEM, nor DER, nor JSON of log entries")
			}
			return nil
		}
		source := fmt.Sprintf("PEM block %d", d.next+1)
		if err != nil {
			return fmt.Errorf("reading %s: %w", source, err)
		}
		body, err := d.block()
		if err != nil {
			return fmt.Errorf("reading %s: %w", source, err)
		}
		doc := Document{Source: source}
		doc.Mark, doc.Err = pemCertificate(label, body)
		if doc.Err != nil && !errors.Is(doc.Err, ErrNotMark) {
			var bad *MalformedError
			if !errors.As(doc.Err, &bad) {
				doc.Err = fmt.Errorf("reading %s: %w", source, doc.Err)
			}
		}
		if err := d.emit(doc); err != nil {
			return err
		}
	}
}

// pemCertificate reads the content of one block.
func pemCertificate(label string, body []byte) (*MarkCertificate, error) {
	if !strings.HasSuffix(label, "CERTIFICATE") {
		return nil, notMark("the PEM block is of type " + quote(label))
	}
	der := make([]byte, base64.StdEncoding.DecodedLen(len(body)))
	n, err := base64.StdEncoding.Decode(der, body)
	if err != nil {
		return nil, fmt.Errorf("undoing its base64: %w", err)
	}
	return Certificate(der[:n])
}

// begin passes over everything up to the next "-----BEGIN label-----", and gives the label.
func (d *documents) begin() (label string, err error) {
	for {
		if _, err := d.until("-----BEGIN ", 0); err != nil {
			return "", err
		}
		head, err := d.in.Peek(128)
		if err != nil && !errors.Is(err, io.EOF) {
			return "", err
		}
		if text, _, ok := bytes.Cut(head, []byte("-----")); ok { // else those words began no block
			label = string(text)
			_, err := d.in.Discard(len(text) + 5)
			return label, err
		}
	}
}

// block reads the base64 up to the end of the block, without white space and header lines.
func (d *documents) block() ([]byte, error) {
	body, err := d.until("-----END ", maxDocument)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if err == nil {
		if _, err := d.until("-----", 128); err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
	}
	out := body[:0]
	for line := range bytes.Lines(body) {
		if bytes.IndexByte(line, ':') >= 0 { // a header of RFC 1421: base64 has no colon
			continue
		}
		for _, c := range line {
			if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
				out = append(out, c)
			}
		}
	}
	return out, nil
}

// until reads up to and over the mark, and gives what stood before it; with a limit of 0 it
// keeps nothing. It is io.EOF that the mark isn't there, with what was read.
func (d *documents) until(mark string, limit int) ([]byte, error) {
	var kept []byte
	last := mark[len(mark)-1]
	tail := make([]byte, 0, 2*len(mark))
	for {
		chunk, err := d.in.ReadSlice(last)
		if limit > 0 {
			if len(kept)+len(chunk) > limit+len(mark) {
				return nil, fmt.Errorf("%q doesn't follow within %d bytes", mark, limit)
			}
			kept = append(kept, chunk...)
		}
		tail = append(tail, chunk[max(0, len(chunk)-len(mark)):]...)
		tail = tail[max(0, len(tail)-len(mark)):]
		if string(tail) == mark {
			return kept[:max(0, len(kept)-len(mark))], nil
		}
		if err != nil && !isFull(err) {
			return kept, err
		}
	}
}
