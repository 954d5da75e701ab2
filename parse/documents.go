package parse

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
)

// maxDocument is the largest document, in bytes of input, that Documents holds in memory: a
// log entry in base64 with its precertificate and chain.
const maxDocument = 8 << 20

// Document is one certificate or log entry of an input that Documents reads.
type Document struct {
	Position int              // ordinal in the input, from 0
	Source   string           // "PEM block 2", "entry 17", "DER certificate 1"
	Mark     *MarkCertificate // nil if Err says that there is none; the partial one of a MalformedError
	Entry    *Entry           // of get-entries JSON
	Err      error            // ErrNotMark, a *MalformedError, or an error in decoding this document alone
}

// Documents reads the certificates and log entries of an input, whose form it finds out: PEM,
// any number of blocks with anything between them; DER, one certificate after the other; or
// JSON, either what a log answers to get-entries or a bare array of such entries. It holds one
// document in memory at a time, so the input may be of any length.
//
// A document that can't be decoded is yielded with its Err, and the next one follows. An error
// of the whole input, such as one that is in none of these forms, is the last thing yielded.
func Documents(r io.Reader) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) {
		in := bufio.NewReaderSize(r, 64<<10)
		head, err := in.Peek(4 << 10)
		if err != nil && !errors.Is(err, io.EOF) {
			yield(Document{}, fmt.Errorf("reading certificates: %w", err))
			return
		}
		d := &documents{in: in, yield: yield}
		switch sniff(head) {
		case formDER:
			err = d.der()
		case formJSON:
			err = d.json()
		default:
			err = d.pem()
		}
		if err != nil && !errors.Is(err, errStop) {
			yield(Document{}, err)
		}
	}
}

// form is a form of input.
type form uint8

const (
	formPEM form = iota
	formDER
	formJSON
)

// errStop is for a consumer that wants no more.
var errStop = errors.New("stopped")

// sniff finds out the form of an input by how it begins. PEM is what is nothing else, for
// anything may stand before its first block.
func sniff(head []byte) form {
	if len(head) > 1 && head[0] == 0x30 && head[1] >= 0x80 && head[1] <= 0x84 {
		return formDER
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	if len(text) == 0 {
		return formPEM
	}
	next := bytes.TrimLeft(text[1:], " \t\r\n")
	if text[0] == '{' && (len(next) == 0 || next[0] == '"' || next[0] == '}') ||
		text[0] == '[' && (len(next) == 0 || next[0] == '{' || next[0] == ']') {
		return formJSON
	}
	return formPEM
}

// documents reads one input.
type documents struct {
	in    *bufio.Reader
	yield func(Document, error) bool
	next  int // position of the next document
}

// emit yields one document.
func (d *documents) emit(doc Document) error {
	doc.Position = d.next
	d.next++
	var bad *MalformedError
	if errors.As(doc.Err, &bad) && doc.Mark == nil {
		doc.Mark = bad.Partial
	}
	if !d.yield(doc, nil) {
		return errStop
	}
	return nil
}

// der reads DER certificates that follow one another.
func (d *documents) der() error {
	for {
		head, err := d.in.Peek(6)
		if len(head) == 0 {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return fmt.Errorf("reading DER: %w", err)
		}
		source := fmt.Sprintf("DER certificate %d", d.next+1)
		size, err := elementSize(head)
		if err != nil {
			return fmt.Errorf("reading %s: %w", source, err)
		}
		der, err := io.ReadAll(io.LimitReader(d.in, int64(size)))
		if err != nil {
			return fmt.Errorf("reading %s: %w", source, err)
		}
		mark, err := Certificate(der)
		if err := d.emit(Document{Source: source, Mark: mark, Err: err}); err != nil {
			return err
		}
	}
}

// elementSize is the size of the DER element that begins so.
func elementSize(head []byte) (int, error) {
	if len(head) < 2 || head[0] != 0x30 {
		return 0, errors.New("no DER SEQUENCE begins here")
	}
	if head[1] < 0x80 {
		return 2 + int(head[1]), nil
	}
	width := int(head[1] & 0x7f)
	if width == 0 || width > 4 || len(head) < 2+width {
		return 0, errors.New("its DER length can't be read")
	}
	size := 0
	for _, b := range head[2 : 2+width] {
		size = size<<8 | int(b)
	}
	if size > maxDocument {
		return 0, fmt.Errorf("%d bytes are more than %d", size, maxDocument)
	}
	return 2 + width + size, nil
}
